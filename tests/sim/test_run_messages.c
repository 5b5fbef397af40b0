/* What a run says when it cannot be told as money, and when a plan is not what it was made from. */
#include "sim/run.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>

enum { MOST_SETTINGS = 8 };

struct trial {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    struct outcomes outcomes;
};

static void trial_plan(struct trial *t, const char *const *set)
{
    *t = (struct trial){.arena = arena_new()};
    t->diag.arena = t->arena;
    struct scenario_options options = {.set = set};
    while (options.n_set < MOST_SETTINGS && set[options.n_set]) options.n_set++;
    moment_t today = 0;
    moment_parse(&today, "2026-11-22");
    enum err e = scenario_load(&t->scenario, "tests/solver/data/hand/base.yaml", &options, t->arena,
                               &t->diag);
    if (e == OK) e = price_book_load(&t->book, &t->scenario.catalog, today, -1, t->arena, &t->diag);
    if (e == OK)
        e = plan_solve(&t->plan, &t->scenario, t->book, &PLAN_SETTINGS, t->arena, &t->diag);
    gsl_test(e != OK || t->plan.status != PLAN_OPTIMAL, "there is a plan: %s",
             findings_text(&t->diag));
}

/* Runs the plan and expects this finding as the last one. */
static void expect_refused(struct trial *t, enum err code, const char *what)
{
    const struct run_settings settings = {.runs = 64, .worlds.seed = 1};
    gsl_test_int((int)run_worlds(&t->outcomes, &t->plan, &settings, t->arena, &t->diag), (int)code,
                 "code");
    gsl_test_str(t->diag.last ? t->diag.last->what : "", what, "what is said");
    arena_free(t->arena);
}

/* 100 hours of 9e10 yuan are just below 2^63 millionths; hours lost to reclaims pass it in some world. */
static void test_amount(void)
{
    static const char *const set[] = {"catalog.overrides={t.one/spot: ¥90000000000/h}",
                                      "workloads.job.spot.hazard_per_h=0.1",
                                      "workloads.job.purchase=[spot]",
                                      "workloads.job.spot.protection=hour",
                                      "workloads.job.interruption.lost_per_hit=10min",
                                      NULL};
    struct trial t;
    trial_plan(&t, set);
    expect_refused(&t, ERR_AMOUNT, "the cost of a simulated world does not fit into 64 bits");
}

/* A stretch is moved to spot machines, which its work does not buy. */
static void test_no_option(void)
{
    static const char *const set[] = {NULL};
    struct trial t;
    trial_plan(&t, set);
    size_t spot = 0;
    while (spot < t.plan.n_offers && !t.plan.offers[spot].market->interruptible) spot++;
    for (size_t i = 0; i < t.plan.n_stretches; i++) t.plan.stretches[i].offer = spot;
    expect_refused(&t, ERR_INTERNAL, "a stretch of job runs on a machine that is no option");
}

int main(void)
{
    test_amount();
    test_no_option();
    return gsl_test_summary();
}
