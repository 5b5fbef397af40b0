/* window.confidence: how much of spot counts so that a deadline holds, and whether it then does, on worlds that had no say in it. */
#include "cli/promises.h"
#include "sim/run.h"
#include "sim/stats.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES  "tests/sim/data/jobs/promise.yaml"
#define SCRATCH "tests/sim/data/jobs/scratch.yaml"
enum { MOST_SETTINGS = 8 };

struct trial {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    struct result result;
    enum err code;
};

static void trial_open(struct trial *t, const char *path, const char *const *set)
{
    static const volatile sig_atomic_t stop;
    *t = (struct trial){.arena = arena_new()};
    t->diag.arena = t->arena;
    struct scenario_options options = {.set = set};
    while (options.n_set < MOST_SETTINGS && set[options.n_set]) options.n_set++;
    moment_t today = 0;
    enum err e = moment_parse(&today, "2026-11-22")
                     ? scenario_load(&t->scenario, path, &options, t->arena, &t->diag)
                     : ERR_INTERNAL;
    if (e == OK) e = price_book_load(&t->book, &t->scenario.catalog, today, -1, t->arena, &t->diag);
    if (e != OK) diag_print(&t->diag, DIAG_TEXT, stderr);
    if (e != OK) exit(1);
    struct cli cli = {.arena = t->arena, .diag = &t->diag, .stop = &stop};
    const struct promise_request request = {&t->scenario, t->book, &PLAN_SETTINGS};
    t->code = promises_keep(&t->result, &t->plan, &request, &cli, &t->diag);
}

static void trial_close(struct trial *t)
{
    arena_free(t->arena);
}

/* Worlds in which the plan's first workload is in time. */
static struct proportion in_time(const struct trial *t, const struct plan *plan, long first,
                                 long runs)
{
    const struct run_settings settings = {
        .runs = runs, .first_world = first, .worlds = {.seed = (uint64_t)t->scenario.seed}};
    struct diag quiet = {.arena = t->arena};
    struct outcomes o;
    size_t hits = 0;
    if (run_worlds(&o, plan, &settings, t->arena, &quiet) != OK) exit(1);
    for (size_t w = 0; w < o.n; w++) hits += !o.workloads[w * o.n_workloads].missed;
    return proportion_of(hits, o.n, 0.95);
}

static double spot_hours(const struct plan *p)
{
    double hours = 0;
    for (size_t i = 0; i < p->n_stretches; i++)
        if (p->offers[p->stretches[i].offer].market->interruptible)
            hours += (double)p->stretches[i].paid_us / (double)US_PER_H;
    return hours;
}

/* The plan with gamma as given. */
static struct plan plan_at(const struct trial *t, double gamma)
{
    struct plan_settings settings = PLAN_SETTINGS;
    struct diag quiet = {.arena = t->arena};
    double *gammas = ARENA_NEW(t->arena, double, t->scenario.n_workloads);
    for (size_t i = 0; i < t->scenario.n_workloads; i++) gammas[i] = gamma;
    settings.spot_gamma = gammas;
    struct plan plan;
    if (plan_solve(&plan, &t->scenario, t->book, &settings, t->arena, &quiet) != OK) exit(1);
    return plan;
}

/* What holds of every promise that is kept. Worlds: 0 - 999 chose gamma, 1,000,000 - 1,001,999 counted; those from 5,000,000 on are
 * new to both. */
static void check_kept(const struct trial *t, const char *what)
{
    const struct promise *p = &t->result.promises[0];
    gsl_test(t->code != OK || t->result.n_promises != 1, "%s: one promise", what);
    if (t->code != OK || t->result.n_promises != 1) return;
    const struct proportion chosen = in_time(t, &t->plan, 0, 1000),
                            counted = in_time(t, &t->plan, 1000000, 2000),
                            fresh = in_time(t, &t->plan, 5000000, 4000);
    gsl_test(chosen.estimate < p->asked, "%s: kept on the worlds it was chosen by: %g of %g", what,
             chosen.estimate, p->asked);
    gsl_test(p->n_kept != counted.hits || p->n_worlds != 2000 || p->kept != counted.estimate ||
                 p->kept_low != counted.interval.low || p->kept_high != counted.interval.high,
             "%s: what is told is counted on other worlds: %zu of %zu, %zu", what, p->n_kept,
             p->n_worlds, counted.hits);
    const double sd = sqrt(fresh.estimate * (1 - fresh.estimate) * (1.0 / 4000 + 1.0 / 2000));
    gsl_test(!(fabs(fresh.estimate - p->kept) <= 4.5 * sd + 1e-9),
             "%s: worlds that are new to both agree: %g and %g", what, fresh.estimate, p->kept);
}

/* Work spread over spot machines only: with all of spot counted it is late in almost half of the worlds, so more machines are bought, as
 * few as will do. */
static void test_derated(void)
{
    static const char *const asked[] = {"50%", "95%", "99%"};
    double gamma = INFINITY, hours = 0;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        char confidence[80];
        struct trial t;
        snprintf(confidence, sizeof confidence, "workloads.frames.window.confidence=%s", asked[i]);
        trial_open(&t, FRAMES, (const char *const[]){confidence, NULL});
        check_kept(&t, confidence);
        const double g = t.result.promises[0].spot_gamma;
        gsl_test(!(g <= gamma && spot_hours(&t.plan) >= hours), "%s: spot counted at %g, after %g",
                 confidence, g, gamma);
        if (i > 0) {
            gsl_test(!(g > 0 && g < 1), "%s: some of spot counts: %g", confidence, g);
            const struct plan more = plan_at(&t, fmin(1, g + 1.0 / 64));
            gsl_test(!(in_time(&t, &more, 0, 1000).estimate < t.result.promises[0].asked),
                     "%s: %g is the largest share, to 1/64", confidence, g);
        } else {
            gsl_test(g != 1, "%s: all of spot counts: %g", confidence, g);
        }
        gamma = g;
        hours = spot_hours(&t.plan);
        trial_close(&t);
    }
}

/* A job that loses everything, on spot that costs next to nothing, with two hours to spare: no spot at all. */
static void test_no_spot(void)
{
    static const char *const set[] = {
        "workloads.job.window.deadline=22h", "workloads.job.window.confidence=99.5%",
        "workloads.job.spot.hazard_per_h=0.08", "catalog.overrides={t.one/spot: ¥0.001/h}", NULL};
    struct trial t;
    trial_open(&t, SCRATCH, set);
    check_kept(&t, "nothing of spot");
    gsl_test(t.result.n_promises == 1 && t.result.promises[0].spot_gamma != 0,
             "spot counts for nothing: %g", t.result.promises[0].spot_gamma);
    gsl_test(spot_hours(&t.plan) != 0, "no hour of spot: %g", spot_hours(&t.plan));
    const struct plan all = plan_at(&t, 1), least = plan_at(&t, 1.0 / 64);
    gsl_test(!(spot_hours(&all) > 0 && spot_hours(&least) > 0), "else there would be some");
    gsl_test(!(in_time(&t, &least, 0, 1000).estimate < 0.995), "and it would be late");
    trial_close(&t);
}

/* Nothing but spot, and late whatever is bought. */
static void test_never_kept(void)
{
    static const char *const set[] = {
        "workloads.job.window.deadline=36h", "workloads.job.window.confidence=99%",
        "workloads.job.spot.hazard_per_h=0.05", "workloads.job.purchase=[spot]", NULL};
    struct trial t;
    trial_open(&t, SCRATCH, set);
    gsl_test(t.code != ERR_CONFIDENCE, "a gang on spot only cannot keep it: %d", (int)t.code);
    gsl_test(!t.diag.last ||
                 strcmp(t.diag.last->what, "'job' is late in more than 1% of the worlds, whatever "
                                           "it buys") != 0,
             "it is told: %s", t.diag.last ? t.diag.last->what : "");
    trial_close(&t);
}

/* Spot on which the work would never finish is no choice, and the reason is kept. */
static void test_never_finishes(void)
{
    static const char *const set[] = {"workloads.job.spot.hazard_per_h=0.3",
                                      "workloads.job.window.confidence=95%", NULL};
    struct trial t;
    trial_open(&t, SCRATCH, set);
    size_t refused = 0;
    for (size_t i = 0; i < t.plan.n_candidates; i++) {
        const struct candidate *c = &t.plan.candidates[i];
        if (!t.plan.offers[c->offer].market->interruptible) continue;
        refused += !c->usable && c->reason && strstr(c->reason, "would in effect never finish");
    }
    gsl_test(refused == 0, "spot is refused with the reason");
    gsl_test(spot_hours(&t.plan) != 0, "and not bought");
    check_kept(&t, "spot refused");
    trial_close(&t);
}

int main(void)
{
    test_derated();
    test_no_spot();
    test_never_kept();
    test_never_finishes();
    return gsl_test_summary();
}
