/* Laws of whole runs: without luck a world costs the plan; worlds depend on their number only; nothing depends on threads. */
#include "report/simulation.h"
#include "sim/run.h"
#include "tests/sim/oracle.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIXED        "tests/sim/data/jobs/mixed.yaml"
#define GANG         "tests/sim/data/jobs/gang.yaml"
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST_SETTINGS = 6 };

struct trial {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    struct outcomes outcomes;
    enum err code;
};

static void trial_open(struct trial *t, const char *path, const char *const *set,
                       const struct run_settings *settings)
{
    *t = (struct trial){.arena = arena_new()};
    t->diag.arena = t->arena;
    struct scenario_options options = {.set = set};
    while (set && options.n_set < MOST_SETTINGS && set[options.n_set]) options.n_set++;
    moment_t today = 0;
    enum err e = moment_parse(&today, "2026-11-22")
                     ? scenario_load(&t->scenario, path, &options, t->arena, &t->diag)
                     : ERR_INTERNAL;
    if (e == OK) e = price_book_load(&t->book, &t->scenario.catalog, today, -1, t->arena, &t->diag);
    if (e == OK)
        e = plan_solve(&t->plan, &t->scenario, t->book, &PLAN_SETTINGS, t->arena, &t->diag);
    if (e != OK || t->plan.status != PLAN_OPTIMAL) {
        diag_print(&t->diag, DIAG_TEXT, stderr);
        gsl_test(1, "%s: there is a plan", path);
        exit(gsl_test_summary());
    }
    t->code = run_worlds(&t->outcomes, &t->plan, settings, t->arena, &t->diag);
    if (t->code != OK && t->code != ERR_RELAXED && t->code != ERR_RUN_SIZE &&
        t->code != ERR_NOT_FOUND)
        diag_print(&t->diag, DIAG_TEXT, stderr);
}

static void trial_close(struct trial *t)
{
    arena_free(t->arena);
}

/* MR24 */
static void test_no_luck(void)
{
    static const char *const files[] = {MIXED,
                                        GANG,
                                        "scenarios/library/01-train-llm-spot.yaml",
                                        "scenarios/library/02-finetune-lora.yaml",
                                        "scenarios/library/04-inference-batch.yaml",
                                        "scenarios/library/06-render-farm.yaml",
                                        "scenarios/library/09-etl-cpu.yaml"};
    const char *const set[] = {"simulate.interruptions_per_day=0", NULL};
    const struct run_settings settings = {
        .runs = 5, .worlds = {.price_model = "fixed", .steady_amounts = true, .no_reclaims = true}};
    for (size_t i = 0; i < COUNT(files); i++) {
        struct trial t;
        const char *const own[] = {"workloads.job.spot.hazard_per_h=0", NULL};
        trial_open(&t, files[i], strcmp(files[i], GANG) ? set : own, &settings);
        gsl_test(t.code != OK || t.outcomes.n != 5, "%s: five worlds", files[i]);
        for (size_t w = 0; w < t.outcomes.n; w++)
            gsl_test(t.outcomes.total[w] != t.plan.cost,
                     "MR24: %s: world %zu costs %lld, the plan %lld", files[i], w,
                     (long long)t.outcomes.total[w], (long long)t.plan.cost);
        for (size_t k = 0; k < t.outcomes.n_workloads; k++) {
            const struct workload_outcome *o = &t.outcomes.workloads[k];
            gsl_test(o->interruptions != 0, "MR24: %s: no interruptions", files[i]);
            gsl_test(o->n_unfinished != 0, "MR24: %s: all is done", files[i]);
        }
        trial_close(&t);
    }
}

static bool same_outcomes(const struct outcomes *a, const struct outcomes *b, size_t n)
{
    return memcmp(a->workloads, b->workloads, n * a->n_workloads * sizeof *a->workloads) == 0 &&
           memcmp(a->total, b->total, n * sizeof *a->total) == 0 &&
           memcmp(a->nobody, b->nobody, n * sizeof *a->nobody) == 0 &&
           memcmp(a->by_owner, b->by_owner, n * a->n_owners * a->n_months * sizeof *a->by_owner) ==
               0;
}

/* MR25, MR27 */
static void test_worlds_by_number(void)
{
    static const int threads[] = {2, 3, 7};
    struct run_settings settings = {.runs = 200, .worlds = {.seed = 5}, .threads = 1};
    struct trial one, other;
    trial_open(&one, MIXED, NULL, &settings);
    for (size_t i = 0; i < COUNT(threads); i++) {
        settings.threads = threads[i];
        trial_open(&other, MIXED, NULL, &settings);
        gsl_test(!same_outcomes(&one.outcomes, &other.outcomes, 200),
                 "MR27: %d threads give the same bytes", threads[i]);
        trial_close(&other);
    }
    settings.runs = 400;
    trial_open(&other, MIXED, NULL, &settings);
    gsl_test(!same_outcomes(&one.outcomes, &other.outcomes, 200),
             "MR25: the first of twice as many");
    settings.runs = 100;
    settings.first_world = 100;
    struct trial later;
    trial_open(&later, MIXED, NULL, &settings);
    gsl_test(memcmp(later.outcomes.total, &one.outcomes.total[100], 100 * sizeof(micro_t)) != 0,
             "worlds have numbers: those from 100 on are the same alone");
    settings.worlds.seed = 6;
    trial_close(&later);
    trial_open(&later, MIXED, NULL, &settings);
    gsl_test(memcmp(later.outcomes.total, &one.outcomes.total[100], 100 * sizeof(micro_t)) == 0,
             "another seed gives other worlds");
    trial_close(&later);
    trial_close(&other);
    trial_close(&one);
}

/* MR26: an offer that nobody takes changes no world. */
static void test_null_change(void)
{
    const struct run_settings settings = {.runs = 200, .worlds = {.seed = 5}};
    const char *const dear[] = {"catalog.instances=[tests/sim/data/jobs/instances-two.csv]",
                                "catalog.prices=[tests/sim/data/jobs/prices-two.csv]", NULL};
    struct trial one, other;
    trial_open(&one, MIXED, NULL, &settings);
    trial_open(&other, MIXED, dear, &settings);
    gsl_test(!same_outcomes(&one.outcomes, &other.outcomes, 200),
             "MR26: a machine that is never used makes no difference");
    trial_close(&one);
    trial_close(&other);
}

/* Worlds that differ in the rounding of sums only: some 1e-13 of each part. */
static void check_still(const struct outcomes *a, const struct outcomes *b, const char *file,
                        const char *process)
{
    long interruptions = 0;
    gsl_test(a->n != b->n, "MR35: %s, %s: as many worlds", file, process);
    for (size_t i = 0; i < a->n * a->n_workloads; i++) {
        const struct workload_outcome *x = &a->workloads[i], *y = &b->workloads[i];
        interruptions += x->interruptions;
        if (x->interruptions != y->interruptions || x->finish_us != y->finish_us ||
            x->missed != y->missed)
            gsl_test(1, "MR35: %s, %s: row %zu: not the same events", file, process, i);
        for (int k = 0; k < N_COST_PARTS; k++)
            if (llabs(x->part[k] - y->part[k]) > 2 + x->part[k] / 1000000000000)
                gsl_test(1, "MR35: %s, %s: row %zu: %s costs %lld and %lld", file, process, i,
                         cost_part_name(k), (long long)x->part[k], (long long)y->part[k]);
    }
    gsl_test(interruptions == 0, "MR35: %s, %s: machines are taken", file, process);
}

/* MR35: a price process that does not move gives what constant prices give, though it is drawn and added up hour by hour: every
 * event at its microsecond, and the same money but for the rounding of sums of hours. */
static void test_still_prices(void)
{
    static const struct price_noise still = {.revert_per_h = 0.006};
    static const struct {
        const char *name, *set;
        struct world_settings worlds;
    } processes[] = {
        {"variances of 0", NULL, {.seed = 5, .price_model = "model", .noise = &still}},
        {"a history of one price",
         "catalog.spot_history=[tests/sim/data/jobs/history-flat.csv]",
         {.seed = 5, .price_model = "history"}},
    };
    static const char *const files[] = {MIXED, GANG};
    for (size_t f = 0; f < COUNT(files); f++) {
        struct run_settings settings = {.runs = 300, .worlds = {.seed = 5, .price_model = "fixed"}};
        struct trial fixed, moving;
        trial_open(&fixed, files[f], NULL, &settings);
        for (size_t i = 0; i < COUNT(processes); i++) {
            const char *const set[] = {processes[i].set, NULL};
            settings.worlds = processes[i].worlds;
            trial_open(&moving, files[f], set, &settings);
            check_still(&fixed.outcomes, &moving.outcomes, files[f], processes[i].name);
            trial_close(&moving);
        }
        settings.worlds = (struct world_settings){.seed = 5, .price_model = "model"};
        trial_open(&moving, files[f], NULL, &settings);
        gsl_test(memcmp(fixed.outcomes.total, moving.outcomes.total, 300 * sizeof(micro_t)) == 0,
                 "MR35: %s: prices that move make a difference", files[f]);
        trial_close(&moving);
        trial_close(&fixed);
    }
}

/* MR28: with the same plan a later deadline is missed in no world in which the earlier one is kept. */
static void test_deadlines(void)
{
    static const char *const deadlines[] = {"workloads.job.window.deadline=24h",
                                            "workloads.job.window.deadline=25h",
                                            "workloads.job.window.deadline=29h"};
    const struct run_settings settings = {.runs = 1000, .worlds = {.seed = 5}};
    struct trial t[3];
    size_t missed[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        const char *const set[] = {"workloads.job.purchase=[spot]", deadlines[i], NULL};
        trial_open(&t[i], GANG, set, &settings);
        for (size_t w = 0; w < t[i].outcomes.n; w++) {
            missed[i] += t[i].outcomes.workloads[w].missed;
            if (i > 0 && t[i].outcomes.workloads[w].missed &&
                !t[i - 1].outcomes.workloads[w].missed)
                gsl_test(1, "MR28: world %zu misses %s, and not the earlier one", w, deadlines[i]);
        }
    }
    gsl_test(!(missed[0] > missed[1] && missed[1] > missed[2] && missed[2] > 0),
             "MR28: deadlines missed in %zu, %zu, %zu worlds", missed[0], missed[1], missed[2]);
    for (size_t i = 0; i < 3; i++) trial_close(&t[i]);
}

/* MR29, and what every summary must say. */
static void test_summary(void)
{
    const struct run_settings settings = {.runs = 1000, .worlds = {.seed = 8}};
    struct trial t;
    trial_open(&t, MIXED, NULL, &settings);
    struct simulation s;
    simulation_make(&s, &t.outcomes, t.arena);
    const struct spread *c = &s.cost;
    gsl_test(!(c->least <= c->p10 && c->p10 <= c->p50 && c->p50 <= c->p90 && c->p90 <= c->p95 &&
               c->p95 <= c->p99 && c->p99 <= c->most),
             "MR29: quantiles rise");
    gsl_test(!(c->p95 <= c->cvar95 && c->cvar95 <= c->most), "MR29: CVaR lies beyond the quantile");
    gsl_test(!(c->mean_interval.low < c->mean && c->mean < c->mean_interval.high),
             "MR29: the interval holds the mean");
    double parts = 0, workloads = s.nobody.mean;
    for (size_t i = 0; i < s.n_workloads; i++) {
        workloads += s.workloads[i].cost.mean;
        for (int k = 0; k < N_COST_PARTS; k++) parts += s.workloads[i].part[k].mean;
    }
    gsl_test_rel(workloads, c->mean, 1e-12, "workloads add up");
    gsl_test_rel(parts + s.nobody.mean, c->mean, 1e-12, "parts add up");
    gsl_test(s.over_budget.hits != 0 ||
                 strncmp(proportion_text(&s.over_budget, t.arena), "below", 5) != 0,
             "a budget that no world passes is not said to be passed in 0 %%");
    for (size_t w = 0; w < t.outcomes.n; w++) {
        micro_t sum = 0;
        for (size_t k = 0; k < t.outcomes.n_owners * t.outcomes.n_months; k++)
            sum += t.outcomes.by_owner[w * t.outcomes.n_owners * t.outcomes.n_months + k];
        if (sum != t.outcomes.total[w]) gsl_test(1, "owners and months add up in world %zu", w);
    }
    gsl_test(t.outcomes.n_owners != 3 || t.outcomes.owners[2] != NULL, "two owners and nobody");
    trial_close(&t);
}

/* MR34: on one trace coarser billing never costs less. */
static void test_billing_steps(void)
{
    static const char *const steps[] = {"1s", "60s", "1h"};
    const struct run_settings settings = {.runs = 200, .worlds = {.seed = 4}};
    struct trial t[3];
    for (size_t i = 0; i < 3; i++) {
        char prices[100];
        snprintf(prices, sizeof prices, "catalog.prices=[tests/solver/data/billing/prices-%s.csv]",
                 steps[i]);
        const char *const set[] = {
            prices, "workloads.job.work.gpu_hours={low: 4, base: 5.3, high: 9}", NULL};
        trial_open(&t[i], "tests/solver/data/billing/work.yaml", set, &settings);
        for (size_t w = 0; i > 0 && w < t[i].outcomes.n; w++)
            if (t[i].outcomes.total[w] < t[i - 1].outcomes.total[w])
                gsl_test(1, "MR34: world %zu is cheaper by %s than by %s", w, steps[i],
                         steps[i - 1]);
    }
    gsl_test(!(t[2].outcomes.total[0] > t[0].outcomes.total[0]),
             "MR34: hours cost more than seconds");
    for (size_t i = 0; i < 3; i++) trial_close(&t[i]);
}

static void test_stops(void)
{
    const volatile sig_atomic_t raised = 15;
    struct trial t;
    trial_open(&t, MIXED, NULL, &(struct run_settings){.runs = 100, .stop = &raised});
    gsl_test(t.code != OK || t.outcomes.n != 0 || !t.outcomes.interrupted,
             "a run that is stopped at once has no worlds");
    trial_close(&t);
    trial_open(&t, MIXED, NULL, &(struct run_settings){.runs = 20000, .precision = 0.01});
    gsl_test(!t.outcomes.converged || t.outcomes.n >= 20000 || t.outcomes.n < 1000,
             "a mean known to 1%% needs %zu worlds", t.outcomes.n);
    trial_close(&t);
}

/* What cannot be run is refused in so many words. */
static void test_refusals(void)
{
    static const struct {
        const char *what, *set, *text;
        long runs;
    } cases[] = {
        {"fractional machines", "integrality=none",
         "a plan of fractional machines (integrality: none) cannot be executed", 10},
        {"too many worlds", "simulate.seed=1",
         "100000000 worlds of 3 workloads would need 59 GB of memory", 100000000},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const set[] = {cases[i].set, NULL};
        struct trial t;
        trial_open(&t, MIXED, set, &(struct run_settings){.runs = cases[i].runs});
        const struct finding *f = t.diag.last;
        gsl_test(t.code == OK || !f, "%s: refused", cases[i].what);
        if (f) gsl_test(strcmp(f->what, cases[i].text) != 0, "%s: %s", cases[i].what, f->what);
        trial_close(&t);
    }
}

static void text_test(const char *got, const char *wanted, const char *what)
{
    gsl_test(strcmp(got, wanted) != 0, "%s: \"%s\", expected \"%s\"", what, got, wanted);
}

static void test_words(void)
{
    static const char *const labels[N_COST_PARTS] = {
        "on-demand machines", "spot machines", "autoscaled machines",  "use of commitments",
        "lost to reclaims",   "starts",        "commitments not used", "storage",
        "licences",           "late work",     "load left out"};
    for (int i = 0; i < N_COST_PARTS; i++)
        text_test(cost_part_label(i), labels[i], cost_part_name(i));
    text_test(price_fixed.label, "as planned, all the time", "fixed prices");
    text_test(price_mean_reverting.label, "mean-reverting with jumps, as planned on average",
              "modelled prices");
    text_test(price_history.label, "days of the imported history, hour of the week kept",
              "prices of the past");
    text_test(life_exponential.label, "exponential lives: a reclaim is as likely in every hour",
              "exponential lives");
    text_test(life_weibull.label, "Weibull lives: most reclaims come early", "Weibull lives");
}

/* A run that was stopped says so, and a policy that does not exist is refused. */
static void test_stopped(void)
{
    struct trial t;
    trial_open(&t, GANG, NULL, &(struct run_settings){.runs = 40});
    struct simulation s;
    t.outcomes.interrupted = true;
    simulation_make(&s, &t.outcomes, t.arena);
    const struct sheet sheet = simulation_sheet(&s, "gang", "base", t.arena);
    const char *last = sheet.notes[sheet.n_notes - 1];
    gsl_test(strncmp(last, "40 worlds (stopped), seed 0", 27) != 0,
             "\"%s\" says that it was stopped", last);
    trial_close(&t);
    trial_open(&t, GANG, NULL, &(struct run_settings){.runs = 40, .policy = "best"});
    text_test(t.diag.last ? t.diag.last->what : "", "there is no policy \"best\"",
              "a policy that does not exist");
    trial_close(&t);
}

int main(void)
{
    test_no_luck();
    test_worlds_by_number();
    test_null_change();
    test_still_prices();
    test_deadlines();
    test_summary();
    test_billing_steps();
    test_stops();
    test_refusals();
    test_words();
    test_stopped();
    return gsl_test_summary();
}
