/* What a policy prepares is made once for like jobs, for terms that cover theirs, whatever the threads. */
#include "tests/sim/oracle_work.h"

#include <gsl/gsl_errno.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* 96 shots, all of different length, due on five days; of two of them the spot price differs. */
#define SCENARIO "scenarios/library/06-render-farm.yaml"

static void test_rounding(void)
{
    static const struct {
        double work, deadline, rounded_work, rounded_deadline;
    } cases[] = {
        {4096, 8192, 4096, 8192},  /* as they are */
        {4097, 8194, 5120, 10240}, /* up, both */
        {5121, 5121, 6144, 6144},  /* no slack stays none */
        {7168, 6168, 7168, 6168},  /* nor what cannot be done */
        {7169, 7269, 8192, 8304},  /* 100 s of slack: 112 */
        {0.3, 0.8, 0.3125, 0.8125},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct policy_terms t = {60, cases[i].work, cases[i].deadline, 7, 3, 2, false};
        const struct policy_terms r = policy_terms_rounded(&t);
        gsl_test_rel(r.work_s, cases[i].rounded_work, 1e-15, "%g s of work", cases[i].work);
        gsl_test_rel(r.deadline_s, cases[i].rounded_deadline, 1e-15, "due after %g s",
                     cases[i].deadline);
        gsl_test(r.step_s != 60 || r.restart_s != 7 || r.on_demand_price_per_h != 3 ||
                     r.spot_price_per_h != 2,
                 "the rest stays");
        const struct policy_terms again = policy_terms_rounded(&r);
        gsl_test_rel(again.work_s, r.work_s, 1e-15, "rounded once");
    }
}

/* A policy that prepares a copy of the terms. */
static const void *terms_copy(const struct policy_terms *terms, struct arena *a)
{
    struct policy_terms *copy = ARENA_NEW(a, struct policy_terms, 1);
    *copy = *terms;
    return copy;
}

static enum machine always_spot(const void *prepared, void *memory, const struct policy_view *view)
{
    (void)prepared;
    (void)memory;
    (void)view;
    return MACHINE_SPOT;
}

static bool is_up(double to, double from)
{
    return to >= from * (1 - 1e-15) && to < 1.25 * from;
}

static void check_job(const struct work_play *play, size_t i)
{
    const char *name = play->jobs[i].d->name;
    const struct policy_terms *own = &play->policy_terms[i], *made = play->prepared[i];
    gsl_test(!made, "%s: prepared", name);
    if (!made) return;
    gsl_test(!is_up(made->work_s, own->work_s), "%s: covers the work", name);
    gsl_test(!is_up(made->deadline_s - made->work_s, own->deadline_s - own->work_s),
             "%s: covers the slack", name);
    gsl_test(made->spot_price_per_h != own->spot_price_per_h ||
                 made->on_demand_price_per_h != own->on_demand_price_per_h ||
                 made->restart_s != own->restart_s || made->step_s != own->step_s,
             "%s: same prices, restart and step", name);
    for (size_t j = 0; j < i; j++) {
        const struct policy_terms *other = play->prepared[j];
        const bool same = other->work_s == made->work_s && other->deadline_s == made->deadline_s &&
                          other->restart_s == made->restart_s &&
                          other->spot_price_per_h == made->spot_price_per_h &&
                          other->on_demand_price_per_h == made->on_demand_price_per_h;
        gsl_test((other == made) != same, "%s and %s share what they have in common", name,
                 play->jobs[j].d->name);
    }
}

static size_t count_shares(const struct work_play *play)
{
    size_t n = 0;
    for (size_t i = 0; i < play->n_jobs; i++) {
        bool first = true;
        for (size_t j = 0; j < i; j++) first = first && play->prepared[j] != play->prepared[i];
        n += first;
    }
    return n;
}

static void test_sharing(void)
{
    static const struct policy copies = {
        .name = "copies", .label = "", .prepare = terms_copy, .choose = always_spot};
    const struct world_settings luck = {.seed = 1};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, &copies);
    gsl_test_int((int)s.play.n_jobs, 96, "jobs");
    for (size_t i = 0; i < s.play.n_jobs; i++) check_job(&s.play, i);
    const size_t shares = count_shares(&s.play);
    gsl_test(shares < 5 || shares > s.play.n_jobs / 2, "%zu preparations for 96 jobs", shares);
    struct work_play wide = s.play;
    wide.prepared = ARENA_NEW(s.arena, const void *, s.play.n_jobs);
    work_share(&wide, 7, s.arena);
    for (size_t i = 0; i < wide.n_jobs; i++) {
        check_job(&wide, i);
        const struct policy_terms *x = s.play.prepared[i], *y = wide.prepared[i];
        gsl_test(x->work_s != y->work_s || x->deadline_s != y->deadline_s,
                 "%s: whatever the threads", wide.jobs[i].d->name);
    }
    stage_close(&s);
}

/* Work that may only run on-demand has nothing to choose. */
static void test_no_choice(void)
{
    struct stage s;
    stage_open(&s, SCENARIO, &(struct world_settings){.seed = 1}, &policy_greedy_safety);
    for (size_t i = 0; i < s.play.n_jobs; i++) {
        gsl_test(s.play.prepared[i] != NULL, "greedy_safety prepares nothing");
        s.play.jobs[i].on_spot = SIZE_MAX;
    }
    s.play.policy = &policy_hedge;
    work_share(&s.play, 1, s.arena);
    for (size_t i = 0; i < s.play.n_jobs; i++)
        gsl_test(s.play.prepared[i] != NULL, "nothing to choose, nothing prepared");
    stage_close(&s);
}

int main(void)
{
    gsl_set_error_handler_off();
    test_rounding();
    test_sharing();
    test_no_choice();
    return gsl_test_summary();
}
