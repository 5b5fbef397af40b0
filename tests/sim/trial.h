/* A scenario planned and played: what tests of whole runs begin with. */
#ifndef TESTS_SIM_TRIAL_H
#define TESTS_SIM_TRIAL_H

#include "sim/run.h"

#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIXED        "tests/sim/data/jobs/mixed.yaml"
#define GANG         "tests/sim/data/jobs/gang.yaml"
#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MOST_SETTINGS = 12 };

struct trial {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    struct outcomes outcomes;
    enum err code;
};

static inline void trial_open(struct trial *t, const char *path, const char *const *set,
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

static inline void trial_close(struct trial *t)
{
    arena_free(t->arena);
}

/* The first n worlds are the same, to the byte. */
static inline bool same_outcomes(const struct outcomes *a, const struct outcomes *b, size_t n)
{
    return memcmp(a->workloads, b->workloads, n * a->n_workloads * sizeof *a->workloads) == 0 &&
           memcmp(a->total, b->total, n * sizeof *a->total) == 0 &&
           memcmp(a->nobody, b->nobody, n * sizeof *a->nobody) == 0 &&
           memcmp(a->by_owner, b->by_owner, n * a->n_owners * a->n_months * sizeof *a->by_owner) ==
               0;
}

#endif
