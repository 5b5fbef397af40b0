/* Columns of rate demands (model.md 4): machines held, starts, shares of the load, load left out. */
#include "solver/formulate.h"
#include <math.h>
#include <string.h>

struct writer {
    struct formulation *f;
    const struct model *m;
    const struct served *v;
    struct service_formulation *r;
    size_t i, T;
    const char *owner;
    double *load; /* [T] */
};

static double class_load(const struct writer *w, size_t c, size_t t)
{
    return w->load[t] * w->v->service->class_share[c];
}

/* Machines of this option that could carry the whole load of t. */
static double machines_for(const struct writer *w, size_t o, size_t t)
{
    double sum = 0;
    for (size_t c = 0; c < w->v->service->n_classes; c++) {
        const double load = class_load(w, c, t);
        if (load <= 0) continue;
        const double cap = served_cap(w->v, o, c, load);
        if (cap > 0) sum += load / cap;
    }
    return sum;
}

/* Held machines never pay beyond what the highest load, the smallest number and the base ask for. */
static double most_machines(const struct writer *w, size_t o)
{
    const struct service *s = w->v->service;
    double most = fmax((double)s->min_machines, (double)s->on_demand_base);
    for (size_t t = 0; t < w->T; t++) most = fmax(most, machines_for(w, o, t));
    return s->max_machines > 0 ? fmin(most, (double)s->max_machines) : most;
}

/* What one machine of option o does in the rows of period t. */
static void put_machine(const struct writer *w, size_t o, size_t t)
{
    const struct option *x = &w->v->group.options[o];
    struct formulation *f = w->f;
    const size_t lane = 2 * w->v->pool_of[o] + x->spot;
    if (served_single(w->v)) {
        const double cap = w->load[t] > 0 ? served_cap(w->v, o, 0, w->load[t]) : 0;
        value_put(f, w->r->serve[t], cap);
        if (!x->spot) value_put(f, w->r->steady[t], cap);
    } else {
        value_put(f, w->r->carry[lane * w->T + t], x->useful.u);
    }
    value_put(f, w->r->range[t], 1);
    if (!x->spot) value_put(f, w->r->base[t], 1);
    for (size_t i = 0; i < x->n_limits; i++)
        value_put(f, f->limit_row[x->limits[i].limit * w->T + t], x->limits[i].units);
    for (size_t s = 0; s < w->m->n_stores; s++) {
        if (!w->r->at[s]) continue;
        const struct workload *work = w->v->service->shape->workload;
        for (size_t j = 0; j < work->n_uses; j++)
            if (store_find(w->m, work->uses[j].use) == s)
                value_put(f, w->r->at[s][w->v->group.sites[x->site].home[j] * w->T + t], 1);
    }
}

static void note_commitments(const struct writer *w, size_t o, double machines)
{
    const struct option *x = &w->v->group.options[o];
    for (size_t i = 0; i < x->n_limits; i++)
        bound_commitment(w->f, x->limits[i].limit, machines * x->limits[i].units);
}

static size_t own_limit(const struct model *m, const struct option *x)
{
    for (size_t i = 0; i < x->n_limits; i++)
        if (m->limits[x->limits[i].limit].kind == LIMIT_SUBSCRIPTION) return x->limits[i].limit;
    return NONE;
}

/* A fixed fleet, or a subscription that is bought for this demand alone: one column for all periods. */
static void fixed_column(const struct writer *w, size_t o, double most, bool direct)
{
    const struct option *x = &w->v->group.options[o];
    const struct offer *offer = &w->m->offers[x->offer];
    const double price = x->cost_per_h + (direct ? offer->price : 0);
    const double hours = (double)w->m->horizon_us / (double)US_PER_H;
    const size_t col = w->f->builder.lp.n_cols, l = direct ? own_limit(w->m, x) : NONE;
    const struct column as_fixed = {COLUMN_FIXED, false, w->i, o, 0},
                        as_bought = {COLUMN_SUBSCRIPTION, false, l, x->site, 0};
    column_add(w->f, direct ? as_bought : as_fixed, ceil(most), price * hours);
    if (direct) w->f->subscription_column[l] = col;
    for (size_t t = 0; t < w->T; t++) {
        w->r->held[o * w->T + t] = col;
        put_machine(w, o, t);
        const double h = period_h(&w->m->grid, t);
        budgets_put(w->f, w->owner, w->m->grid.month[t], price * h,
                    option_booked_per_h(w->m, x) * h);
        for (size_t k = 0; direct && k < w->m->n_limits; k++)
            if (subscription_counts(&w->m->limits[k], w->m, offer))
                value_put(w->f, w->f->limit_row[k * w->T + t],
                          w->m->limits[k].in_gpus ? book_type(w->m->book, offer->type)->gpus : 1);
    }
}

/* With several request classes whole machines are chosen by branch and bound, where that is small enough. */
enum { MOST_WHOLE_COLUMNS = 400 };

bool uses_bought(const struct model *m, const struct option *x)
{
    for (size_t i = 0; i < x->n_limits; i++)
        if (m->limits[x->limits[i].limit].buys) return true;
    return false;
}

static void held_columns(const struct writer *w, size_t o, double most)
{
    const bool lazy = w->f->many_rows && uses_bought(w->m, &w->v->group.options[o]);
    const struct option *x = &w->v->group.options[o];
    const bool whole = !served_single(w->v) && w->T * w->v->group.n_options <= MOST_WHOLE_COLUMNS;
    for (size_t t = 0; t < w->T; t++) {
        const double h = period_h(&w->m->grid, t);
        w->r->held[o * w->T + t] = w->f->builder.lp.n_cols;
        column_add(w->f, (struct column){COLUMN_HELD, lazy, w->i, o, t}, whole ? ceil(most) : most,
                   x->cost_per_h * h);
        w->f->builder.lp.integer[w->f->builder.lp.n_cols - 1] = whole;
        put_machine(w, o, t);
        budgets_put(w->f, w->owner, w->m->grid.month[t], x->cost_per_h * h,
                    option_booked_per_h(w->m, x) * h);
    }
}

/* Shares of the load by class and lane. */
static void part_columns(const struct writer *w)
{
    for (size_t c = 0; c < w->v->service->n_classes; c++)
        for (size_t lane = 0; lane < w->r->n_lanes; lane++) {
            size_t option = NONE;
            for (size_t o = 0; o < w->v->group.n_options; o++)
                if (2 * w->v->pool_of[o] + w->v->group.options[o].spot == lane) option = o;
            if (option == NONE) continue;
            const double u = w->v->group.options[option].useful.u;
            for (size_t t = 0; t < w->T; t++) {
                const double load = class_load(w, c, t);
                const double cap = load > 0 ? served_cap(w->v, option, c, load) / u : 0;
                if (cap <= 0) continue;
                column_add(w->f,
                           (struct column){COLUMN_PART, false, w->i, c * w->r->n_lanes + lane, t},
                           1, 0);
                value_put(w->f, w->r->serve[c * w->T + t], 1);
                value_put(w->f, w->r->carry[lane * w->T + t], -load / cap);
                if (lane % 2) value_put(w->f, w->r->steady[c * w->T + t], 1);
            }
        }
}

static void put_unserved(const struct writer *w, size_t c, size_t t)
{
    const double need = served_single(w->v) ? class_load(w, c, t) : 1;
    const double steady = (1 - w->v->service->spot_max_frac) * need;
    value_put(w->f, w->r->serve[c * w->T + t], need);
    if (served_single(w->v)) value_put(w->f, w->r->steady[c * w->T + t], steady > 0 ? need : 0);
}

static void unserved_columns(const struct writer *w)
{
    const struct service *s = w->v->service;
    if (!s->unserved_priced) return;
    for (size_t c = 0; c < s->n_classes; c++)
        for (size_t t = 0; t < w->T; t++) {
            if (w->r->serve[c * w->T + t] == NONE) continue;
            const double load_h =
                service_mean_load(s, w->m->grid.from_us[t], w->m->grid.from_us[t + 1]) *
                s->class_share[c] * period_h(&w->m->grid, t);
            const double price = ratio_value(s->unserved_cost) * service_units(s, load_h);
            w->r->unserved[c * w->T + t] = w->f->builder.lp.n_cols;
            column_add(w->f, (struct column){COLUMN_UNSERVED, false, w->i, c, t}, 1, price);
            put_unserved(w, c, t);
            budgets_put(w->f, w->owner, w->m->grid.month[t], price, price);
        }
}

static struct writer writer_of(struct formulation *f, size_t i)
{
    const struct model *m = f->model;
    struct writer w = {.f = f,
                       .m = m,
                       .v = &m->served[i],
                       .r = &f->services[i],
                       .i = i,
                       .T = m->grid.n,
                       .owner = m->scenario->workloads[m->served[i].group.workload].owner,
                       .load = ARENA_NEW(m->arena, double, m->grid.n)};
    for (size_t t = 0; t < w.T; t++) w.load[t] = served_load(m, w.v, t);
    return w;
}

void service_columns(struct formulation *f)
{
    const struct model *m = f->model;
    double *before = ARENA_NEW(m->arena, double, m->n_limits + 1);
    for (size_t i = 0; i < m->n_served; i++) {
        const struct writer w = writer_of(f, i);
        memcpy(before, f->subscription_bound, m->n_limits * sizeof *before);
        memset(f->subscription_bound, 0, m->n_limits * sizeof *before);
        for (size_t o = 0; o < w.v->group.n_options; o++) {
            const double most = most_machines(&w, o);
            if (most <= 0 || option_replaced(f, &w.v->group.options[o])) continue;
            w.r->most += ceil(most);
            note_commitments(&w, o, ceil(most));
            const bool direct = served_direct(m, &w.v->group.options[o]);
            if (served_follows(m, &w.v->group.options[o]) && !direct)
                held_columns(&w, o, most);
            else
                fixed_column(&w, o, most, direct);
        }
        if (!served_single(w.v)) part_columns(&w);
        unserved_columns(&w);
        /* All users of a commitment together, as demand_columns does. */
        for (size_t l = 0; l < m->n_limits; l++) f->subscription_bound[l] += before[l];
    }
}

void service_missing(struct formulation *f)
{
    const struct model *m = f->model;
    for (size_t i = 0; i < m->n_served; i++) {
        const struct writer w = writer_of(f, i);
        if (w.v->service->unserved_priced) continue;
        for (size_t c = 0; c < w.v->service->n_classes; c++)
            for (size_t t = 0; t < w.T; t++) {
                if (w.r->serve[c * w.T + t] == NONE) continue;
                column_add(f, (struct column){COLUMN_MISSING, false, m->demands->n + i, c, t}, 1,
                           1 / (double)w.T);
                put_unserved(&w, c, t);
            }
    }
}
