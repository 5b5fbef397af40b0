#include "solver/fleet_classes.h"
#include "solver/fleet_use.h"
#include "solver/options.h"
#include <math.h>
#include <string.h>

/* Pivots of one small tree; counted work, so that the same input gives the same plan. */
enum { CREW_PIVOTS = 20000 };
/* Rounding of sums of units, and the share of a class that solving leaves open. */
#define UNIT_SLACK 1e-9
#define SHARE_OPEN 1e-7

struct crew {
    const struct crew_room *room;
    const struct model *m;
    const struct served *v;
    struct lp_builder builder;
    double load;
    bool elastic;
    size_t serve, steady, carry, limit, range, base; /* first row of each kind */
};

bool option_stays(const struct model *m, const struct option *o)
{
    return !served_follows(m, o) || served_direct(m, o);
}

static void add_rows(struct crew *w)
{
    const struct service *s = w->v->service;
    struct lp_builder *b = &w->builder;
    const double most = s->max_machines > 0 ? (double)s->max_machines : (double)INFINITY;
    const size_t C = s->n_classes, lanes = 2 * w->v->n_pools, L = w->m->n_limits;
    w->serve = 0;
    w->steady = C;
    w->carry = 2 * C;
    w->limit = w->carry + lanes;
    w->range = w->limit + L;
    w->base = w->range + 1;
    for (size_t c = 0; c < C; c++) lp_add_row(b, w->room->need[c], INFINITY);
    for (size_t c = 0; c < C; c++) lp_add_row(b, -INFINITY, s->spot_max_frac);
    for (size_t lane = 0; lane < lanes; lane++) lp_add_row(b, 0, INFINITY);
    for (size_t l = 0; l < L; l++) lp_add_row(b, -INFINITY, w->room->left[l] + UNIT_SLACK);
    lp_add_row(b, (double)s->min_machines, most);
    lp_add_row(b, (double)s->on_demand_base, INFINITY);
}

/* Machines of this option that carry all classes alone: more never help beyond the least numbers asked for. */
static double most_machines(const struct crew *w, size_t o)
{
    const struct service *s = w->v->service;
    double sum = 0;
    for (size_t c = 0; c < s->n_classes; c++) {
        const double load = w->load * s->class_share[c];
        const double cap = load > 0 ? served_cap(w->v, o, c, load) : 0;
        if (cap > 0) sum += load / cap;
    }
    sum = ceil(fmax(sum, (double)(s->min_machines + s->on_demand_base)));
    return s->max_machines > 0 ? fmin(sum, (double)s->max_machines) : sum;
}

static void add_machines(struct crew *w, size_t o, long fixed)
{
    const struct option *x = &w->v->group.options[o];
    struct lp_builder *b = &w->builder;
    const bool held = option_stays(w->m, x);
    const size_t column =
        w->room->f->services[w->room->service].held[o * w->m->grid.n + w->room->t];
    const bool open = column != NONE && option_lies(w->room->f, w->v, x, w->room->x);
    const double most = held ? (double)fixed : open ? most_machines(w, o) : 0;
    lp_add_col(b, held ? most : 0, most, w->elastic ? 0 : x->cost_per_h, true, false);
    if (x->useful.u > 0) lp_add_value(b, w->carry + 2 * w->v->pool_of[o] + x->spot, x->useful.u);
    /* What fixed machines take of limits is taken off what is left. */
    for (size_t i = 0; !held && i < x->n_limits; i++)
        if (x->limits[i].units != 0)
            lp_add_value(b, w->limit + x->limits[i].limit, x->limits[i].units);
    lp_add_value(b, w->range, 1);
    if (!x->spot) lp_add_value(b, w->base, 1);
}

/* Shares of the load by class and lane, as in the LP. */
static void add_parts(struct crew *w, size_t c, size_t lane)
{
    size_t option = NONE;
    for (size_t o = 0; o < w->v->group.n_options; o++)
        if (2 * w->v->pool_of[o] + w->v->group.options[o].spot == lane) option = o;
    if (option == NONE) return;
    const double load = w->load * w->v->service->class_share[c];
    const double u = w->v->group.options[option].useful.u;
    const double cap = load > 0 ? served_cap(w->v, option, c, load) / u : 0;
    if (!(cap > 0)) return;
    lp_add_col(&w->builder, 0, 1, 0, false, false);
    lp_add_value(&w->builder, w->serve + c, 1);
    lp_add_value(&w->builder, w->carry + lane, -load / cap);
    if (lane % 2) lp_add_value(&w->builder, w->steady + c, 1);
}

/* One program: machines at least cost, or, elastic, with as little of the load missing as possible. */
static bool crew_solve(struct lp_result *out, const struct crew_room *room, const long *machines,
                       bool elastic, struct arena *a)
{
    const struct model *m = room->f->model;
    const struct served *v = &m->served[room->service];
    struct crew w = {.room = room,
                     .m = m,
                     .v = v,
                     .builder = {.arena = a},
                     .load = served_load(m, v, room->t),
                     .elastic = elastic};
    const size_t C = v->service->n_classes;
    add_rows(&w);
    for (size_t o = 0; o < v->group.n_options; o++) add_machines(&w, o, machines[o]);
    for (size_t c = 0; c < C; c++)
        for (size_t lane = 0; lane < 2 * v->n_pools; lane++) add_parts(&w, c, lane);
    for (size_t c = 0; elastic && c < C; c++) {
        lp_add_col(&w.builder, 0, 1, v->service->class_share[c], false, false);
        lp_add_value(&w.builder, w.serve + c, 1);
    }
    struct lp_settings settings = LP_SETTINGS;
    settings.mip_gap = elastic ? 1e-9 : 1e-6;
    settings.iteration_limit = CREW_PIVOTS;
    struct diag *quiet = ARENA_NEW(a, struct diag, 1);
    quiet->arena = a;
    if (lp_solve_mip(out, lp_finish(&w.builder), &settings, a, quiet) != OK) return false;
    return out->status == LP_OPTIMAL || out->status == LP_FEASIBLE;
}

double crew_choose(long *machines, const struct crew_room *room)
{
    const struct model *m = room->f->model;
    const struct group *g = &m->served[room->service].group;
    struct arena *scratch = arena_new();
    struct lp_result r;
    double missing = 0;
    bool found = crew_solve(&r, room, machines, false, scratch);
    if (!found) {
        found = crew_solve(&r, room, machines, true, scratch);
        missing = !found ? 1 : r.objective > SHARE_OPEN ? r.objective : 0;
    }
    for (size_t o = 0; o < g->n_options; o++)
        if (!option_stays(m, &g->options[o])) machines[o] = found ? lround(r.x[o]) : 0;
    arena_free(scratch);
    return missing;
}
