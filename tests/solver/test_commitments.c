/* S23 through plans: a machine carries one request a second, so the number to subscribe is the newsvendor's F^-1(1 - r/o) of the
 * load, and the cost r q + o E(D - q)^+. And what the plan says of it: break-even, use, what one more would do. */
#include "solver/newsvendor.h"
#include "solver/plan.h"
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define SCENARIO "tests/solver/data/commitments/load.yaml"

enum { MOST_SETTINGS = 8, MOST_STEPS = 40, HOURS = 720 };
static const double ON_DEMAND = 10.37;

struct planned {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct plan plan;
    bool works;
};

static void planned_make(struct planned *p, const char *const *set,
                         const struct curve_request *curve)
{
    *p = (struct planned){.arena = arena_new()};
    p->diag.arena = p->arena;
    struct price_book *book = NULL;
    size_t n = 0;
    while (n < MOST_SETTINGS && set[n]) n++;
    const struct scenario_options options = {.n_set = n, .set = set};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.curve = curve;
    moment_t today = 0;
    moment_parse(&today, "2026-11-22");
    enum err e = scenario_load(&p->scenario, SCENARIO, &options, p->arena, &p->diag);
    if (e == OK) e = price_book_load(&book, &p->scenario.catalog, today, -1, p->arena, &p->diag);
    if (e == OK) e = plan_solve(&p->plan, &p->scenario, book, &settings, p->arena, &p->diag);
    if (e != OK) diag_print(&p->diag, DIAG_TEXT, stderr);
    p->works = e == OK && p->plan.status == PLAN_OPTIMAL;
    gsl_test(!p->works, "there is a plan");
}

/* The only commitment of this kind; count 0 and NAN where there is none. */
static struct commitment_outcome commitment_of(const struct plan *p, bool savings_plan)
{
    struct commitment_outcome found = {.break_even_frac = NAN, .level = -1};
    size_t n = 0;
    for (size_t i = 0; i < p->n_commitments; i++)
        if ((p->commitments[i].offer == SIZE_MAX) == savings_plan) {
            found = p->commitments[i];
            n++;
        }
    gsl_test_int((int)n, 1, "one commitment of the kind");
    return found;
}

/* A random load of whole machines in steps of whole hours; written as a CSV curve. */
static void make_load(double *load, double *hours, size_t n, gsl_rng *rng, const char *path)
{
    FILE *out = fopen(path, "w");
    gsl_test(!out, "%s can be written", path);
    if (!out) return;
    fputs("time,rate_per_s\n", out);
    double at = 0;
    for (size_t i = 0; i < n; i++) {
        const double left = HOURS - at - (double)(n - i - 1);
        load[i] = (double)gsl_rng_uniform_int(rng, 12);
        hours[i] = i + 1 == n ? left : 1 + floor(gsl_rng_uniform(rng) * left / 4);
        fprintf(out, "%gmin,%g\n", 60 * at, load[i]);
        at += hours[i];
    }
    fclose(out);
}

static double share_above(const double *load, const double *hours, size_t n, double level)
{
    double above = 0;
    for (size_t i = 0; i < n; i++) above += load[i] > level ? hours[i] : 0;
    return above / HOURS;
}

/* Every point of the curve is the newsvendor's cost of that number. */
static void check_curve(const struct plan *p, const struct step_load *steps, double ratio, double q)
{
    gsl_test_int((int)p->n_curves, 1, "one curve");
    if (p->n_curves != 1) return;
    const struct commitment_curve *c = &p->curves[0];
    for (size_t i = 0; i < c->n; i++) {
        gsl_test_abs(c->points[i].count, (double)i, 0, "curve: point %zu", i);
        gsl_test_rel(c->points[i].cost,
                     ON_DEMAND * newsvendor_cost(steps, c->points[i].count, ratio), 1e-8,
                     "curve: %zu machines at %g", i, ratio);
        if (i > 1)
            gsl_test(c->points[i - 2].cost + c->points[i].cost < 2 * c->points[i - 1].cost - 1e-5,
                     "curve: convex at %zu", i);
    }
    gsl_test_abs(c->points[c->least].count, q, 0, "curve: least at %g", ratio);
    gsl_test_abs(c->chosen, q, 1e-9, "curve: what the plan has at %g", ratio);
    gsl_test_abs(c->free, q, 1e-6, "curve: what the program takes at %g", ratio);
}

static void check_load(const struct step_load *steps, int percent, const char *path)
{
    char load[128], price[128];
    const double ratio = percent / 100.0;
    snprintf(load, sizeof load, "workloads.served.load={shape: csv, csv: %s}", path);
    snprintf(price, sizeof price, "catalog.overrides={\"t.one/subscription\": ¥%.6f/month}",
             ratio * ON_DEMAND * 720);
    struct planned p;
    static const struct curve_request request = {.type = "t.one"};
    planned_make(&p, (const char *const[MOST_SETTINGS]){load, price}, &request);
    const double q = newsvendor_level(steps, ratio, p.arena);
    const double cost = ON_DEMAND * newsvendor_cost(steps, q, ratio);
    gsl_test_abs((double)p.plan.cost / 1e6, cost, 1e-6 * (double)(p.plan.n_ledger + 1),
                 "S23: cost at %g", ratio);
    gsl_test_rel(p.plan.bound, cost, 1e-8, "S23: bound at %g", ratio);
    check_curve(&p.plan, steps, ratio, q);
    const double above = share_above(steps->load, steps->hours, steps->n, q);
    if (q > 0 || above > 0) {
        const struct commitment_outcome c = commitment_of(&p.plan, false);
        gsl_test_abs(c.count, q, 1e-9, "S23: number at %g", ratio);
        gsl_test_abs((double)c.level, q, 0, "S23: what is said to be cheapest at %g", ratio);
        gsl_test_rel(c.break_even_frac, ratio, 1e-9, "S23: break-even is r/o");
        gsl_test_rel(c.next_frac, above, 1e-9, "S23: one more would be used at %g", ratio);
        gsl_test(!(c.next_frac <= c.break_even_frac), "S23: and that does not pay");
        if (q > 0) {
            double used = 0;
            for (size_t i = 0; i < steps->n; i++) used += fmin(q, steps->load[i]) * steps->hours[i];
            gsl_test_rel(c.used_frac, used / (q * HOURS), 1e-9, "S23: use at %g", ratio);
        }
    }
    arena_free(p.arena);
}

static void test_newsvendor(void)
{
    char path[] = "/tmp/gpumix-load-XXXXXX.csv";
    const int file = mkstemps(path, 4);
    gsl_test(file < 0, "a file for the load");
    if (file < 0) return;
    close(file);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 23);
    double load[MOST_STEPS], hours[MOST_STEPS];
    for (int trial = 0; trial < 40; trial++) {
        const size_t n = 2 + gsl_rng_uniform_int(rng, MOST_STEPS - 2);
        make_load(load, hours, n, rng, path);
        /* Odd percents of whole hours of a month: no tie between two levels. */
        const int percent = 3 + 2 * (int)gsl_rng_uniform_int(rng, 48);
        check_load(&(struct step_load){n, load, hours}, percent, path);
    }
    gsl_rng_free(rng);
    unlink(path);
}

/* By hand: three machines all the time. */
static void test_by_hand(void)
{
    struct planned p;
    planned_make(&p, (const char *const[MOST_SETTINGS]){NULL}, NULL);
    struct commitment_outcome c = commitment_of(&p.plan, false);
    gsl_test(c.existing || c.term_h != 720, "bought by the month");
    gsl_test_abs(c.count, 3, 0, "three machines");
    gsl_test_rel(c.break_even_frac, 0.5, 1e-12, "half the price on demand");
    gsl_test_abs(c.used_frac, 1, 0, "used all the time");
    gsl_test_abs(c.next_frac, 0, 0, "a fourth never");
    arena_free(p.arena);

    /* Two exist until half of the month: they are used fully; later three are paid as one goes, and none may be bought. */
    planned_make(&p,
                 (const char *const[MOST_SETTINGS]){
                     "commitments=[{subscription: t.one, region: cn-hand, count: 2, until: "
                     "2026-12-16}]",
                     "workloads.served.purchase=[autoscaled]"},
                 NULL);
    c = commitment_of(&p.plan, false);
    gsl_test(!c.existing, "it exists");
    gsl_test_abs(c.count, 2, 0, "two machines");
    gsl_test_abs(c.used_frac, 1, 0, "of what is paid all is used");
    gsl_test_abs(c.next_frac, 1, 0, "one more would be used all the time");
    gsl_test_abs((double)c.level, 3, 0, "three would be cheapest");
    arena_free(p.arena);

    /* A discount on list prices holds for both: the same break-even. */
    planned_make(&p, (const char *const[MOST_SETTINGS]){"catalog.discount=8%"}, NULL);
    gsl_test_rel(commitment_of(&p.plan, false).break_even_frac, 0.5, 1e-12, "with a discount");
    arena_free(p.arena);
}

static void test_savings_by_hand(void)
{
    struct planned p;
    struct commitment_outcome c;
    /* A savings plan at 7.259 of 10.37 an hour for the three. */
    planned_make(
        &p,
        (const char *const[MOST_SETTINGS]){"workloads.served.purchase=[savings_plan, autoscaled]"},
        NULL);
    c = commitment_of(&p.plan, true);
    gsl_test_rel(c.count, 3 * 7.259, 1e-9, "money per hour");
    gsl_test_rel(c.break_even_frac, 0.7, 1e-9, "seventy percent");
    gsl_test_rel(c.used_frac, 1, 1e-9, "all of it");
    gsl_test_abs(c.next_frac, 0, 0, "nothing is left to pay as one goes");
    arena_free(p.arena);

    /* One that exists: 10.37 an hour at half price pays two machines, the third is left. */
    planned_make(
        &p,
        (const char *const[MOST_SETTINGS]){"commitments=[{savings_plan: ¥10.37/h, discount: 50%}]",
                                           "workloads.served.purchase=[autoscaled]"},
        NULL);
    c = commitment_of(&p.plan, true);
    gsl_test(!c.existing || c.offer != SIZE_MAX, "it exists");
    gsl_test_rel(c.break_even_frac, 0.5, 1e-9, "the discount");
    gsl_test_rel(c.used_frac, 1, 1e-9, "used up");
    gsl_test_abs(c.next_frac, 1, 0, "a machine beside it all the time");
    arena_free(p.arena);

    /* Nobody may buy: nothing is said. */
    planned_make(&p, (const char *const[MOST_SETTINGS]){"workloads.served.purchase=[autoscaled]"},
                 NULL);
    gsl_test_int((int)p.plan.n_commitments, 0, "no commitment comes into question");
    arena_free(p.arena);
}

/* Money of a savings plan: 21.777 an hour for the three machines, each unit of it saves 10.37/7.259 - 1. */
static void test_savings_curve(void)
{
    static const struct curve_request request = {.type = "savings_plan"};
    struct planned p;
    planned_make(
        &p,
        (const char *const[MOST_SETTINGS]){"workloads.served.purchase=[savings_plan, autoscaled]"},
        &request);
    gsl_test_int((int)p.plan.n_curves, 1, "one curve");
    if (p.plan.n_curves != 1) return;
    const struct commitment_curve *c = &p.plan.curves[0];
    gsl_test(c->offer != SIZE_MAX || c->n < 10, "a curve of money");
    for (size_t i = 0; i < c->n; i++) {
        const double k = c->points[i].count, used = fmin(k, 3 * 7.259);
        gsl_test_rel(c->points[i].cost, HOURS * (k + ON_DEMAND * (3 - used / 7.259)), 1e-8,
                     "savings plan of %g an hour", k);
    }
    gsl_test_rel(c->points[c->least].count, 3 * 7.259, 1e-9, "least where all is covered");
    arena_free(p.arena);
}

/* Lateness that is priced: the curve is of the plain program, whose optimum the bound is, and R free lies on it. */
static void test_late_curve(void)
{
    static const struct curve_request request = {.type = "t.one", .place = "cn-hand-a"};
    struct planned p;
    planned_make(&p,
                 (const char *const[MOST_SETTINGS]){
                     "workloads={job: {kind: inference_batch, work: {gpu_hours: 2000, measured_on: "
                     "A10-24GB}, speed: {A10-24GB: 1.0}, resources: {gpu: [A10-24GB], "
                     "gpus_per_worker: 1, gpu_memory: 20GB, max_workers: 4}, window: {deadline: "
                     "400h}, late_cost: ¥3/h, purchase: [on_demand, subscription], interruption: "
                     "{tolerant: true, lost_per_hit: 0s, restart: 0s}}}",
                     "catalog.overrides={\"t.one/subscription\": ¥4000/month}"},
                 &request);
    gsl_test_int((int)p.plan.n_curves, 1, "one curve");
    if (p.plan.n_curves != 1) return;
    const struct commitment_curve *c = &p.plan.curves[0];
    gsl_test_int((int)c->n, 8, "at most seven machines work");
    gsl_test(!(c->points[c->least].cost >= p.plan.bound * (1 - 1e-9)), "at least the bound");
    gsl_test(!(c->points[c->least].cost <= (double)p.plan.cost / 1e6 + 1e-6), "at most the plan");
    /* Without any: four machines from the start, 2,000 h on demand, late for the last 100 of 500 hours: mean lateness of each
     * late hour, as the program counts it. */
    double late = 0;
    for (int h = 1; h <= 100; h++) late += 4.0 / 2000 * h * 3;
    gsl_test_rel(c->points[0].cost, (2000 + 3 * HOURS) * ON_DEMAND + late, 1e-9, "none subscribed");
    arena_free(p.arena);
}

/* Two services and a job share what is subscribed: nine machines, all month, by subscription or by savings plan. */
static void test_shared(void)
{
    static const char shared[] =
        "workloads={job: {kind: inference_batch, work: {gpu_hours: 2880, measured_on: A10-24GB}, "
        "speed: {A10-24GB: 1.0}, resources: {gpu: [A10-24GB], gpus_per_worker: 1, gpu_memory: "
        "20GB, "
        "max_workers: 4}, purchase: [on_demand, %s], interruption: {tolerant: true, lost_per_hit: "
        "0s, restart: 0s}}, second: {kind: inference_online, load: {shape: constant, base: 2/s}, "
        "service: {profile: tests/solver/data/commitments/profile.csv}, resources: {gpu: "
        "[A10-24GB], "
        "gpus_per_worker: 1}, autoscale: {cold_start: 0s, cooldown: 0s}, purchase: [%s, "
        "autoscaled]}}";
    static const struct {
        const char *market, *served;
        double price;
    } cases[] = {{"subscription", "workloads.served.purchase=[subscription, autoscaled]", 5.185},
                 {"savings_plan", "workloads.served.purchase=[savings_plan, autoscaled]", 7.259}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[1024];
        struct planned p;
        snprintf(text, sizeof text, shared, cases[i].market, cases[i].market);
        planned_make(&p, (const char *const[MOST_SETTINGS]){text, cases[i].served}, NULL);
        gsl_test_abs((double)p.plan.cost / 1e6, 9 * HOURS * cases[i].price, 1e-4, "%s: cost",
                     cases[i].market);
        gsl_test_rel(p.plan.bound, 9 * HOURS * cases[i].price, 1e-9, "%s: bound", cases[i].market);
        arena_free(p.arena);
    }
}

/* A year at 3.65 an hour is cheaper than months at 5.185; where no term may outlast a month there is neither it nor a savings
 * plan. */
static void test_longest_term(void)
{
    static const char year[] = "catalog.overrides={\"t.one/subscription\": ¥31974/year}";
    static const char *const sets[][MOST_SETTINGS] = {
        {year},
        {year, "catalog.max_term=1month"},
        {year, "catalog.max_term=719h"},
        {year, "catalog.max_term=1month", "workloads.served.purchase=[savings_plan, autoscaled]"},
    };
    static const double prices[] = {3.65, 5.185, 10.37, 10.37};
    for (size_t i = 0; i < sizeof prices / sizeof *prices; i++) {
        struct planned p;
        planned_make(&p, sets[i], NULL);
        gsl_test_abs((double)p.plan.cost / 1e6, 3 * HOURS * prices[i], 1e-5, "longest term %zu", i);
        arena_free(p.arena);
    }
}

int main(void)
{
    test_longest_term();
    test_shared();
    test_savings_curve();
    test_late_curve();
    test_by_hand();
    test_savings_by_hand();
    test_newsvendor();
    return gsl_test_summary();
}
