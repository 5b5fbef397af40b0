/* One service, planned and prepared: worlds of it are played one by one. */
#ifndef TESTS_SIM_SERVICE_STAGE_H
#define TESTS_SIM_SERVICE_STAGE_H

#include "scenarios/scenario.h"
#include "sim/service_play.h"

#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define CHAT         "tests/sim/data/service/service.yaml"
#define SHARED       "tests/sim/data/service/shared.yaml"
#define SESSIONS     "tests/sim/data/service/sessions.yaml"
enum { MOST_SETTINGS = 8 };

/* One service, planned and prepared. */
struct stage {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    struct world_model model;
    struct world *world;
    struct service_play *play;
    void *scratch;
};

static const struct world_settings everything = {.seed = 20261201};
static const struct world_settings nothing = {
    .seed = 20261201, .price_model = "fixed", .steady_amounts = true, .no_reclaims = true};
static const struct world_settings own_reclaims = {
    .seed = 20261201, .price_model = "fixed", .steady_amounts = true, .own_reclaims_only = true};

static inline enum err stage_try(struct stage *s, const char *path, const char *const *set,
                                 const struct world_settings *worlds)
{
    size_t n = 0;
    while (n < MOST_SETTINGS && set[n]) n++;
    moment_t today;
    if (!moment_parse(&today, "2026-11-22")) return ERR_INTERNAL;
    const struct scenario_options options = {.n_set = n, .set = set};
    TRY(scenario_load(&s->scenario, path, &options, s->arena, &s->diag));
    TRY(price_book_load(&s->book, &s->scenario.catalog, today, -1, s->arena, &s->diag));
    TRY(plan_solve(&s->plan, &s->scenario, s->book, &PLAN_SETTINGS, s->arena, &s->diag));
    if (s->plan.status != PLAN_OPTIMAL && s->plan.status != PLAN_FEASIBLE) return ERR_INTERNAL;
    TRY(world_model_make(&s->model, &s->plan, worlds, s->arena, &s->diag));
    s->world = world_new(&s->model, s->arena);
    TRY(service_prepare(&s->play, &s->model, 0, s->arena, &s->diag));
    s->scratch = arena_alloc(s->arena, service_scratch_bytes(s->play), 1);
    return OK;
}

static inline struct stage *stage_new(const char *path, const char *const set[MOST_SETTINGS],
                                      const struct world_settings *worlds)
{
    struct arena *a = arena_new();
    struct stage *s = ARENA_NEW(a, struct stage, 1);
    s->arena = s->diag.arena = a;
    const enum err e = stage_try(s, path, set, worlds);
    if (e != OK) diag_print(&s->diag, DIAG_TEXT, stderr);
    gsl_test(e != OK, "%s with %s: planned", path, set[0] ? set[0] : "nothing set");
    if (e != OK) exit(gsl_test_summary());
    return s;
}

/* What came of one world; sums over all holdings. */
struct result {
    struct service_luck luck;
    int64_t more_us, start_us;
    double unserved;
};

static inline struct result world_play(struct stage *s, uint64_t index)
{
    const size_t n = s->plan.n_holdings, months = s->plan.n_months;
    struct arena *a = arena_new();
    struct result r = {.luck = {.more_us = ARENA_NEW(a, int64_t, n + 1),
                                .more_start_us = ARENA_NEW(a, int64_t, n + 1),
                                .unserved = ARENA_NEW(a, double, months + 1)}};
    world_start(s->world, index);
    memset(s->scratch, (int)(index % 251) + 1,
           service_scratch_bytes(s->play)); /* whatever is there */
    service_world(&r.luck, s->play, s->world, s->scratch);
    for (size_t i = 0; i < n; i++) {
        r.more_us += r.luck.more_us[i];
        r.start_us += r.luck.more_start_us[i];
    }
    for (size_t m = 0; m < months; m++) r.unserved += r.luck.unserved[m];
    arena_free(a);
    return r;
}

#endif
