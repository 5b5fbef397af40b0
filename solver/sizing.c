/* The sizing problem of a rate demand, read from the model: what may be held, at what price, under which limits. */
#include "solver/sizing.h"
#include "solver/billing.h"
#include "solver/fleet_use.h"
#include "solver/formulate.h"
#include "solver/options.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Different sets of limits over time that are looked at one by one. */
enum { MOST_REGIMES = 64 };

/* Whether the option may be held: its datasets lie at its site. */
static bool lies_there(const struct sizing *z, const struct option *o,
                       const struct sizing_view *view)
{
    if (view->site != NONE) return o->site == view->site;
    return option_lies(z->f, z->v, o, view->x);
}

/* More machines than this of one option never help: they carry the peak alone, or the smallest number asked for. */
static long most_of(const struct sizing *z, size_t o)
{
    const struct service *s = z->v->service;
    const struct rate_table *t = &z->v->pools[z->v->pool_of[o]].tables[0];
    long most = (long)t->n;
    if (s->min_machines > most) most = s->min_machines;
    if (s->on_demand_base > most) most = s->on_demand_base;
    return s->max_machines > 0 && s->max_machines < most ? s->max_machines : most;
}

static bool is_shared_purchase(const struct model *m, const struct option *o)
{
    if (served_direct(m, o)) return false;
    for (size_t i = 0; i < o->n_limits; i++)
        if (m->limits[o->limits[i].limit].buys) return true;
    return false;
}

/* Paid hours of a start: the cold start, and what the run is rounded up by when it is billed. */
static double start_h(const struct sizing *z, const struct offer *offer)
{
    const int64_t cold_us = llround(z->v->service->cold_start_h * (double)US_PER_H);
    const int64_t run_us = cold_us + z->m->scenario->step_us;
    if (offer->billing_step_us == 0 || z->m->scenario->step_us % offer->billing_step_us != 0)
        return z->v->service->cold_start_h; /* runs of different lengths are rounded differently */
    const int64_t billed_us = billed_time_us(offer->billing_step_us, 0, run_us);
    return (double)(cold_us + billed_us - run_us) / (double)US_PER_H;
}

static void read_option(struct sizing *z, size_t o, const struct sizing_view *view)
{
    const struct option *option = &z->v->group.options[o];
    const struct offer *offer = &z->m->offers[option->offer];
    const bool direct = served_direct(z->m, option);
    const size_t col = z->f->services[z->service].held[o * z->T];
    z->most[o] = most_of(z, o);
    z->part[o] = direct || !served_follows(z->m, option) ? SIZING_FIXED : SIZING_HOURLY;
    if (col == NONE || z->most[o] <= 0 || served_rate(z->v, z->v->pool_of[o], 0, 1 << 20) <= 0 ||
        !lies_there(z, option, view))
        z->part[o] = SIZING_OUT;
    z->price[o] = option->cost_per_h + (direct ? offer->price : 0);
    z->boots[o] = offer->market->id == MARKET_AUTOSCALED || offer->market->id == MARKET_SPOT;
    z->start[o] = z->boots[o] ? option->cost_per_h * start_h(z, offer) : 0;
}

static double units_of(const struct sizing *z, size_t o, size_t l)
{
    const struct option *x = &z->v->group.options[o];
    const struct offer *offer = &z->m->offers[x->offer];
    if (z->part[o] == SIZING_OUT) return 0;
    if (!served_direct(z->m, x)) return option_limit_units(x, l);
    if (!subscription_counts(&z->m->limits[l], z->m, offer)) return 0;
    return z->m->limits[l].in_gpus ? book_type(z->m->book, offer->type)->gpus : 1;
}

static double left_at(const struct sizing *z, const struct sizing_view *view, size_t l, size_t t)
{
    const struct capacity *c = &z->m->limits[l];
    const double all = c->buys ? view->bought[l]
                               : capacity_at(c, z->m->grid.from_us[t], z->m->grid.from_us[t + 1]);
    return all - view->use[l * z->T + t];
}

/* Limits that the options together could pass. */
static void find_tight(struct sizing *z, const struct sizing_view *view)
{
    for (size_t l = 0; l < z->m->n_limits; l++) {
        double wanted = 0, least = INFINITY;
        for (size_t o = 0; o < z->n; o++) wanted += units_of(z, o, l) * (double)z->most[o];
        for (size_t t = 0; wanted > 0 && t < z->T; t++) least = fmin(least, left_at(z, view, l, t));
        if (wanted > least) *ARENA_PUSH(z->arena, z->tight, z->n_tight) = l;
    }
    z->units = ARENA_NEW(z->arena, double, z->n * z->n_tight + 1);
    for (size_t o = 0; o < z->n; o++)
        for (size_t k = 0; k < z->n_tight; k++)
            z->units[o * z->n_tight + k] = units_of(z, o, z->tight[k]);
}

static bool find_regimes(struct sizing *z, const struct sizing_view *view)
{
    const size_t width = z->n_tight;
    z->left = ARENA_NEW(z->arena, double, MOST_REGIMES *width + width + 1);
    for (size_t t = 0; t < z->T; t++) {
        double *mine = &z->left[z->n_regimes * width];
        for (size_t k = 0; k < width; k++) mine[k] = left_at(z, view, z->tight[k], t);
        size_t r = 0;
        while (r < z->n_regimes && memcmp(&z->left[r * width], mine, width * sizeof *mine) != 0)
            r++;
        if (r == MOST_REGIMES) return false;
        if (r == z->n_regimes) z->n_regimes++;
        z->regime_of[t] = r;
    }
    return true;
}

static int by_load(const void *left, const void *right)
{
    const struct sizing_group *a = left, *b = right;
    if (a->regime != b->regime) return a->regime < b->regime ? -1 : 1;
    return (a->load > b->load) - (a->load < b->load);
}

static void group_periods(struct sizing *z)
{
    z->groups = ARENA_NEW(z->arena, struct sizing_group, z->T + 1);
    for (size_t t = 0; t < z->T; t++)
        z->groups[t] =
            (struct sizing_group){z->regime_of[t], z->load[t], period_h(&z->m->grid, t), 0};
    qsort(z->groups, z->T, sizeof *z->groups, by_load);
    for (size_t t = 0; t < z->T; t++) {
        struct sizing_group *last = &z->groups[z->n_groups - (z->n_groups > 0)];
        if (z->n_groups > 0 && by_load(last, &z->groups[t]) == 0)
            last->hours += z->groups[t].hours;
        else
            z->groups[z->n_groups++] = z->groups[t];
    }
    for (size_t g = 0; g < z->n_groups; g++) {
        const bool same = g > 0 && z->groups[g - 1].regime == z->groups[g].regime;
        z->groups[g].hours_so_far = (same ? z->groups[g - 1].hours_so_far : 0) + z->groups[g].hours;
    }
}

/* A fixed fleet that costs no less than machines that could be held as long, but need not be. */
static bool is_pointless(const struct sizing *z, size_t a)
{
    const struct option *x = &z->v->group.options[a];
    for (size_t b = 0; b < z->n; b++) {
        const struct option *y = &z->v->group.options[b];
        bool more = false;
        if (z->part[b] != SIZING_HOURLY || !z->boots[b] || y->spot || y->site != x->site ||
            z->v->pool_of[a] != z->v->pool_of[b] || z->price[b] > z->price[a] ||
            y->useful.u < x->useful.u || z->most[b] < z->most[a])
            continue;
        for (size_t k = 0; k < z->n_tight; k++)
            more |= z->units[b * z->n_tight + k] > z->units[a * z->n_tight + k];
        if (!more) return true;
    }
    return false;
}

static void read_loads(struct sizing *z, const struct sizing_view *view)
{
    for (size_t t = 0; t < z->T; t++) {
        const size_t col = z->f->services[z->service].unserved[t];
        const double left_out = col == NONE ? 0 : fmin(1, fmax(0, view->x[col]));
        z->load[t] = served_load(z->m, z->v, t) * (1 - left_out);
        z->peak = fmax(z->peak, z->load[t]);
    }
}

bool sizing_make(struct sizing *z, const struct formulation *f, size_t service,
                 const struct sizing_view *view, struct arena *a)
{
    const struct model *m = f->model;
    const struct served *v = &m->served[service];
    *z = (struct sizing){.arena = a,
                         .m = m,
                         .f = f,
                         .v = v,
                         .service = service,
                         .T = m->grid.n,
                         .n = v->group.n_options,
                         .steady = 1 - v->service->spot_max_frac,
                         .hours = (double)m->horizon_us / (double)US_PER_H};
    if (!served_single(v) || z->n == 0) return false;
    if (view->open_commitments && v->service->unserved_priced) return false;
    z->part = ARENA_NEW(a, enum sizing_part, z->n);
    z->boots = ARENA_NEW(a, bool, z->n);
    z->price = ARENA_NEW(a, double, z->n);
    z->start = ARENA_NEW(a, double, z->n);
    z->most = ARENA_NEW(a, long, z->n);
    z->load = ARENA_NEW(a, double, z->T);
    z->regime_of = ARENA_NEW(a, size_t, z->T);
    for (size_t o = 0; o < z->n; o++) {
        if (view->open_commitments && is_shared_purchase(m, &v->group.options[o])) return false;
        read_option(z, o, view);
    }
    read_loads(z, view);
    find_tight(z, view);
    if (!find_regimes(z, view)) return false;
    group_periods(z);
    if (!view->open_commitments) return true;
    for (size_t o = 0; o < z->n; o++)
        if (z->part[o] == SIZING_FIXED && is_pointless(z, o)) z->most[o] = 0;
    return true;
}
