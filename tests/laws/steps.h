/* Problems that can be solved with like jobs put together, and their loading. */
#ifndef TESTS_LAWS_STEPS_H
#define TESTS_LAWS_STEPS_H

#include "tests/laws/law.h"

static inline int whole_steps(int minutes, int step)
{
    return minutes < 0 ? minutes : minutes / step * step;
}

/* Windows that begin and end with steps: others are solved plain. */
static inline void settle_windows(struct problem *p)
{
    p->step_min = 60;
    p->start_clock_min = 0;
    p->length_min = whole_steps(p->length_min, 60);
    for (int i = 0; i < p->n_workloads; i++) {
        struct workload_problem *w = &p->workloads[i];
        w->start_min = whole_steps(w->start_min, 60);
        w->due_min = w->due_min < 0 ? -1 : whole_steps(w->due_min + 59, 60);
        w->hours_from = whole_steps(w->hours_from, 60);
        w->hours_to = whole_steps(w->hours_to, 60);
        for (int j = 0; j < w->n_jobs; j++) {
            w->jobs[j].start_min = whole_steps(w->jobs[j].start_min, 60);
            w->jobs[j].due_min =
                w->jobs[j].due_min < 0 ? -1 : whole_steps(w->jobs[j].due_min + 59, 60);
        }
    }
}

/* False: the files were not accepted. Job lists are read when a plan is made, so they stay in the folder until then. */
static inline bool problem_load(struct solved *s, const struct problem *p, struct text *folder)
{
    moment_t today = 0;
    *s = (struct solved){.arena = arena_new()};
    s->diag.arena = s->arena;
    s->scenario = ARENA_NEW(s->arena, struct scenario, 1);
    *folder = folder_make();
    const struct text path = problem_write(p, &(const struct style){0}, folder->at);
    return moment_parse(&today, "2026-11-22") &&
           scenario_load(s->scenario, path.at, &(const struct scenario_options){0}, s->arena,
                         &s->diag) == OK &&
           price_book_load(&s->book, &s->scenario->catalog, today, -1, s->arena, &s->diag) == OK;
}

#endif
