/* A plan of one job to play with: tests set the job's terms by hand and ask what luck makes of it. */
#ifndef TESTS_SIM_ORACLE_WORK_H
#define TESTS_SIM_ORACLE_WORK_H

#include "sim/work.h"
#include "tests/sim/oracle.h"

#include <stdio.h>
#include <stdlib.h>

struct stage {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    struct world_model model;
    struct work_play play;
    struct stretch stretch; /* of the job as played: all the time there is */
    struct played played;
    struct work_job job; /* as prepared */
    struct world *world;
    struct work_scratch *scratch;
};

static inline void stage_open(struct stage *s, const char *path, const struct world_settings *luck,
                              const struct policy *policy)
{
    *s = (struct stage){.arena = arena_new()};
    s->diag.arena = s->arena;
    const struct scenario_options options = {0};
    moment_t today = 0;
    enum err e = moment_parse(&today, "2026-11-22")
                     ? scenario_load(&s->scenario, path, &options, s->arena, &s->diag)
                     : ERR_INTERNAL;
    if (e == OK) e = price_book_load(&s->book, &s->scenario.catalog, today, -1, s->arena, &s->diag);
    if (e == OK)
        e = plan_solve(&s->plan, &s->scenario, s->book, &PLAN_SETTINGS, s->arena, &s->diag);
    if (e == OK) e = world_model_make(&s->model, &s->plan, luck, s->arena, &s->diag);
    if (e == OK) e = work_prepare(&s->play, &s->model, policy, 1, s->arena, &s->diag);
    if (e != OK) diag_print(&s->diag, DIAG_TEXT, stderr);
    if (e != OK || s->play.n_jobs == 0) exit(1);
    s->job = s->play.jobs[0];
    s->world = world_new(&s->model, s->arena);
    s->scratch = work_scratch_new(&s->play, s->world, s->arena);
}

static inline void stage_close(struct stage *s)
{
    arena_free(s->arena);
}

/* What the closed forms speak of. Hours; kind as in solver/interruption.h. */
struct life {
    double hazard, work, tau, ck, rs, dn;
    enum progress_kind kind;
    long machines;
};

static inline int64_t us_of(double hours)
{
    return llround(hours * (double)US_PER_H);
}

/* The stage's job under these terms, on spot until it is done. `demand` is the copy that holds the work. */
static inline struct work_job *job_under(struct stage *s, const struct life *l,
                                         struct demand *demand)
{
    s->play.jobs[0] = s->job;
    struct work_job *job = &s->play.jobs[0];
    struct terms *t = &job->terms[job->on_spot];
    *demand = *job->d;
    demand->work = l->work * (double)l->machines;
    s->scenario.workloads[0].hazard_per_h.base = l->hazard;
    t->machines = l->machines;
    t->rate = 1;
    t->in = (struct interruption){
        .kind = l->kind, .lambda = l->hazard, .n = l->machines, .ck_h = l->ck};
    t->tau_h = l->tau;
    t->kept_frac = isfinite(l->tau) && l->tau > 0 ? l->tau / (l->tau + l->ck) : 1;
    t->rs_us = us_of(l->rs);
    t->dn_us = us_of(l->dn);
    t->notice_us = 0;
    s->stretch = *job->stretches[0].stretch;
    s->stretch.machines = l->machines;
    s->stretch.from_us = 0;
    s->stretch.to_us = s->scenario.length_us;
    s->stretch.start_us = 0;
    s->stretch.useful = demand->work;
    s->played = (struct played){
        .stretch = &s->stretch, .terms = job->on_spot, .last_end_us = s->stretch.to_us};
    job->d = demand;
    job->stretches = &s->played;
    job->n_stretches = 1;
    return job;
}

/* Sums of a figure over worlds. */
struct sums {
    double n, x, xx;
};
static inline void sums_add(struct sums *s, double x)
{
    s->n++;
    s->x += x;
    s->xx += x * x;
}
static inline struct estimate sums_estimate(const struct sums *s)
{
    return plain_estimate(s->x, s->xx, s->n);
}

#endif
