/* S20 and MR34 at the level of plans: what machines are billed for their runs, with steps of a second, a minute and an hour. One
 * machine costs 10.37 an hour on demand and 3.11 on spot; the type has 8 vCPU, so its own grain is the second. */
#include "solver/plan.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FOLDER       "tests/solver/data/billing/"
#define PRICES(step) "catalog.prices=[" FOLDER "prices-" step ".csv]"
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST_SETTINGS = 8 };
static const double PRICE = 10.37;

/* What a plan comes to; NAN where there is none. */
struct costs {
    double cost, bound;
};

static struct costs plan_costs(const char *path, const char *const *set, double gap)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct scenario s = {0};
    struct price_book *book = NULL;
    struct plan plan = {0};
    struct costs out = {NAN, NAN};
    size_t n = 0;
    while (n < MOST_SETTINGS && set[n]) n++;
    const struct scenario_options options = {.n_set = n, .set = set};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.gap = gap;
    moment_t today = 0;
    moment_parse(&today, "2026-11-22");
    enum err e = scenario_load(&s, path, &options, a, &d);
    if (e == OK) e = price_book_load(&book, &s.catalog, today, -1, a, &d);
    if (e == OK) e = plan_solve(&plan, &s, book, &settings, a, &d);
    if (e != OK) diag_print(&d, DIAG_TEXT, stderr);
    micro_t sum = 0;
    for (size_t i = 0; i < plan.n_ledger; i++) sum += plan.ledger[i].amount;
    gsl_test(sum != plan.cost, "%s: the bill adds up to the micro-unit", path);
    if (e == OK && plan.status == PLAN_OPTIMAL)
        out = (struct costs){(double)plan.cost / 1e6, plan.bound};
    gsl_test(!(out.bound <= out.cost + 1e-6), "%s: %g is at least its bound %g", path, out.cost,
             out.bound);
    arena_free(a);
    return out;
}

static const struct by_hand {
    const char *what, *file;
    const char *set[MOST_SETTINGS];
    double billed_h, bound_h; /* machine-hours at PRICE; bound_h NAN: not checked */
} cases[] = {
    {"a run of 4 h 21 min 54.036 s by the second",
     "work.yaml",
     {PRICES("1s"), "workloads.job.work.gpu_hours=4.36501"},
     4 + 1315.0 / 3600,
     4.36501},
    {"the type's own grain is the second",
     "work.yaml",
     {PRICES("type"), "workloads.job.work.gpu_hours=4.36501"},
     4 + 1315.0 / 3600,
     4.36501},
    {"the same by the minute",
     "work.yaml",
     {PRICES("60s"), "workloads.job.work.gpu_hours=4.36501"},
     4 + 22.0 / 60,
     4.36501},
    {"the same by the hour",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=4.36501"},
     5,
     4.36501},
    {"whole hours stay what they are", "work.yaml", {PRICES("1h")}, 5, 5},
    {"eighteen seconds are billed for a minute",
     "work.yaml",
     {PRICES("1s"), "workloads.job.work.gpu_hours=0.005"},
     1.0 / 60,
     0.005},
    {"the start belongs to the run: 4 h 51 min and 12 min",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=4.85",
      "workloads.job.interruption.restart=12min"},
     6,
     4.85},
    {"a pause at night makes two runs",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=9", "workloads.job.window.hours=\"08:00-12:30\"",
      "workloads.job.resources.max_workers=1"},
     10,
     9},
    {"the end of a month is no end of a run",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=3", "horizon.start=2026-11-30T22:30"},
     3,
     3},
    {"a gang of three rounds each machine",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=7.2", "workloads.job.resources.workers=3"},
     9,
     7.2},
    {"divisible work is packed: one machine alone is not full",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=23.1", "workloads.job.window.deadline=5h"},
     24,
     23.1},
    {"a subscription that exists is billed by its term",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=4.36501",
      "commitments=[{subscription: t.one, region: cn-hand, count: 1}]",
      "workloads.job.purchase=[subscription]"},
     24,
     24},
    {"two seats of 9.5 h and 3 min to boot, by the second",
     "seats.yaml",
     {PRICES("1s")},
     19.1,
     NAN},
    {"the same by the hour", "seats.yaml", {PRICES("1h")}, 20, NAN},
    {"the relaxation bills parts of a second",
     "work.yaml",
     {PRICES("1h"), "workloads.job.work.gpu_hours=4.36501", "integrality=none"},
     4.36501,
     4.36501},
};

static void test_by_hand(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        char path[256];
        snprintf(path, sizeof path, FOLDER "%s", cases[i].file);
        const struct costs got = plan_costs(path, cases[i].set, PLAN_SETTINGS.gap);
        gsl_test_abs(got.cost, cases[i].billed_h * PRICE, 3e-6, "%s: cost", cases[i].what);
        if (!isnan(cases[i].bound_h))
            gsl_test_rel(got.bound, cases[i].bound_h * PRICE, 1e-9, "%s: bound", cases[i].what);
    }
}

/* Spot is billed by the second whatever a step for on-demand says. */
static void test_spot(void)
{
    const char *const set[MOST_SETTINGS] = {PRICES("1h"), "workloads.job.work.gpu_hours=4.36501",
                                            "workloads.job.purchase=[spot]",
                                            "workloads.job.spot.protection=hour"};
    gsl_test_abs(plan_costs(FOLDER "work.yaml", set, PLAN_SETTINGS.gap).cost,
                 (4 + 1315.0 / 3600) * 3.11, 3e-6, "spot by the second");
}

enum { JOBS = 300 };

/* Jobs whose lengths are the (i - 1/2) / n quantiles of an exponential with this mean. */
static void write_jobs(const char *path, double mean_h)
{
    FILE *out = fopen(path, "w");
    gsl_test(!out, "%s can be written", path);
    if (!out) return;
    fprintf(out, "id,gpu_hours\n");
    for (int i = 0; i < JOBS; i++)
        fprintf(out, "j%d,%.9f\n", i, -mean_h * log1p(-(i + 0.5) / JOBS));
    fclose(out);
}

/* S20: mean billed time d / (1 - exp(-d / mean)). The share of quantiles beyond a step differs from the exponential's by half a
 * job at most, over as many steps as the longest job has. */
static void test_exponential(void)
{
    static const struct {
        const char *prices;
        double step_h;
    } steps[] = {{PRICES("60s"), 1.0 / 60}, {PRICES("1h"), 1}};
    const double mean_h = 2.385;
    char path[] = "/tmp/gpumix-jobs-XXXXXX.csv", from[64];
    const int file = mkstemps(path, 4);
    gsl_test(file < 0, "a file for jobs");
    if (file < 0) return;
    close(file);
    write_jobs(path, mean_h);
    snprintf(from, sizeof from, "workloads.job.work={from_csv: %s}", path);
    for (size_t i = 0; i < COUNT(steps); i++) {
        const char *const set[MOST_SETTINGS] = {steps[i].prices, from};
        const double d = steps[i].step_h, longest = mean_h * log(2.0 * JOBS);
        const double billed = plan_costs(FOLDER "work.yaml", set, 1e-12).cost / PRICE / JOBS;
        gsl_test_abs(billed, d / -expm1(-d / mean_h), d * (longest / d + 1) / (2 * JOBS),
                     "S20: steps of %g h", d);
        if (d > 0.5) gsl_test(!(billed > mean_h + 0.4 * d), "S20: half a step is paid in the mean");
    }
    unlink(path);
}

/* MR34 on random work: cost never falls with the step, and the bound does not know it. The search for a cheaper timeline is not
 * cut short (gap 0), so that each step sees the same ones. */
static void test_order(void)
{
    static const char *const prices[] = {PRICES("1s"), PRICES("60s"), PRICES("1h")};
    static const char *const files[] = {FOLDER "work.yaml", FOLDER "seats.yaml"};
    srand(34);
    for (int trial = 0; trial < 24; trial++) {
        char hours[64], seats[64];
        const bool desks = trial % 4 == 3;
        snprintf(hours, sizeof hours, "workloads.job.work.gpu_hours=%.4f",
                 0.1 + 0.01 * (rand() % 3000));
        snprintf(seats, sizeof seats, "workloads.desks.work.hours_per_day=%.1f", 0.5 + rand() % 9);
        struct costs before = {0, 0};
        for (size_t i = 0; i < COUNT(prices); i++) {
            const char *const work[MOST_SETTINGS] = {prices[i], hours,
                                                     "workloads.job.interruption.restart=7min"};
            const char *const desk[MOST_SETTINGS] = {prices[i], seats};
            const struct costs now = plan_costs(files[desks], desks ? desk : work, 1e-12);
            gsl_test(!(now.cost >= before.cost), "MR34 %d: %g with step %zu, %g before", trial,
                     now.cost, i, before.cost);
            if (i) gsl_test_rel(now.bound, before.bound, 1e-12, "MR34 %d: bound", trial);
            before = now;
        }
    }
}

int main(void)
{
    test_by_hand();
    test_spot();
    test_exponential();
    test_order();
    return gsl_test_summary();
}
