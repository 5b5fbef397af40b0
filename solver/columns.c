/* Columns of the plain formulation (model.md 4) with their coefficients. Only columns that can be non-zero are made. */
#include "common/text.h"
#include "solver/formulate.h"
#include <math.h>
#include <string.h>

/* Options of a demand that are looked at first; the rest come in when their reduced cost asks for them. */
enum { EAGER_OPTIONS = 3 };
/* A capacity nobody would reach: what a pool without a largest throughput may grow to, GiB (a pebibyte). */
#define MOST_EXTRA_GIB 1048576.0

void column_add(struct formulation *f, struct column c, double hi, double cost)
{
    const bool integer =
        (c.kind == COLUMN_SUBSCRIPTION && f->model->limits[c.a].kind == LIMIT_SUBSCRIPTION) ||
        c.kind == COLUMN_FIXED || (c.kind == COLUMN_HOME && !f->model->stores[c.a].split);
    const bool real =
        f->elastic == ELASTIC_NONE || c.kind == COLUMN_MISSING || c.kind == COLUMN_SLACK;
    const double lo = c.kind == COLUMN_CONSTANT ? 1 : 0;
    const size_t n_before = lp_add_col(&f->builder, lo, hi, real ? cost : 0, integer, c.lazy);
    size_t n = n_before;
    *ARENA_PUSH(f->model->arena, f->columns, n) = c;
}

void value_put(struct formulation *f, size_t row, double value)
{
    if (row != NONE && value != 0) lp_add_value(&f->builder, row, value);
}

static bool owned(const char *budget_owner, const char *owner)
{
    return !budget_owner || (owner && strcmp(budget_owner, owner) == 0);
}

/* `all` enters budgets for everybody, `own` those of the owner. */
void budgets_put(struct formulation *f, const char *owner, int month, double all, double own)
{
    for (size_t i = 0; i < f->n_budgets; i++) {
        const struct budget *b = &f->budgets[i];
        if ((b->month < 0 || b->month == month) && owned(b->owner, owner))
            value_put(f, b->row, b->owner ? own : all);
    }
}

/* What the owner is charged for an hour of a commitment in use, although it costs nothing more. */
double option_booked_per_h(const struct model *m, const struct option *o)
{
    const struct offer *offer = &m->offers[o->offer];
    double rate = 0;
    if (offer->market->id == MARKET_SUBSCRIPTION) rate = offer->price;
    for (size_t i = 0; i < o->n_limits; i++)
        if (m->limits[o->limits[i].limit].kind == LIMIT_SAVINGS_PLAN) rate = o->limits[i].units;
    return o->cost_per_h + rate;
}

/* Work in a late period costs as if the job ended with the period; merged periods as if with their first step. */
static double late_per_work(const struct formulation *f, size_t demand, size_t t, size_t after)
{
    const struct model *m = f->model;
    const struct demand *d = &m->demands->items[demand];
    if (!is_late(m, d, t)) return 0;
    int64_t end = m->grid.from_us[after];
    if (m->coarse_late && step_end(m, m->grid.from_us[t]) < end)
        end = step_end(m, m->grid.from_us[t]);
    const double late_h = (double)(end - d->due_us) / (double)US_PER_H;
    return f->classes[demand].late_per_work * late_h;
}

/* Limits are left to their rows, whose duals are results; only what a limit of nothing rules out is not made. */
static double work_bound(const struct formulation *f, size_t demand, const struct option *o,
                         size_t t, double open)
{
    const struct model *m = f->model;
    const struct demand *d = &m->demands->items[demand];
    double hi = f->classes[demand].work / o->work_per_h;
    if (d->shape->workers) hi = fmin(hi, open / o->clock_per_h);
    const double gpus = max_gpus(d);
    if (isfinite(gpus) && f->next_alike[demand] == NONE) hi = fmin(hi, gpus * open / o->gpus_per_h);
    for (size_t i = 0; f->elastic == ELASTIC_NONE && !m->open_limits && i < o->n_limits; i++) {
        const struct capacity *c = &m->limits[o->limits[i].limit];
        if (!c->buys && capacity_at(c, m->grid.from_us[t], m->grid.from_us[t + 1]) <= 0)
            return 0; /* the same in all periods of a block */
    }
    return hi;
}

/* All of the work may be done in one of the periods. */
static double shortest_open(const struct model *m, const struct demand *d, size_t t, size_t after)
{
    double least = open_h(m, d, t, t + 1);
    for (; t < after; t++) least = fmin(least, open_h(m, d, t, t + 1));
    return least;
}

static void put_reads(struct formulation *f, const struct demand *d, const struct group *g,
                      const struct option *o, size_t t, double open)
{
    const struct model *m = f->model;
    const struct workload *w = d->shape->workload;
    for (size_t j = 0; j < w->n_uses; j++) {
        if (w->uses[j].reads <= 0) continue;
        const size_t pool =
            f->pool_of[f->first_home[store_find(m, w->uses[j].use)] + g->sites[o->site].home[j]];
        if (pool == NONE || !f->pools[pool].read_row) continue;
        const double mbps = o->work_per_h / o->useful.u * w->uses[j].reads * w->uses[j].size_gib *
                            1024 / 3600 / d->work;
        value_put(f, f->pools[pool].read_row[t], mbps / open);
        value_put(f, f->pools[pool].most_row[t], mbps / open);
    }
}

/* Machines running: y/open, directly or by way of a bus. */
static void put_limits(struct formulation *f, size_t demand, size_t option, size_t t, double hi)
{
    const struct model *m = f->model;
    const struct demand *d = &m->demands->items[demand];
    const struct option *o = &m->groups[m->group_of[demand]].options[option];
    const size_t after = work_after(f, demand, t);
    struct bus *bus = bus_find(f, demand, option, t);
    if (bus) {
        value_put(f, bus->row[t], 1);
        bus->most[t] += hi;
    }
    for (size_t i = 0; i < o->n_limits; i++) {
        const size_t l = o->limits[i].limit;
        if (!bus)
            value_put(f, f->limit_row[l * m->grid.n + t],
                      o->limits[i].units / open_h(m, d, t, after));
        bound_commitment(f, l, o->limits[i].units * hi / shortest_open(m, d, t, after));
    }
}

static void work_column(struct formulation *f, size_t demand, size_t option, size_t t, bool eager)
{
    const struct model *m = f->model;
    const struct demand *d = &m->demands->items[demand];
    const struct group *g = &m->groups[m->group_of[demand]];
    const struct option *o = &g->options[option];
    const size_t after = work_after(f, demand, t);
    const double open = open_h(m, d, t, after);
    const double late = late_per_work(f, demand, t, after) * o->work_per_h;
    const double hi = work_bound(f, demand, o, t, open);
    if (hi <= 0) return;
    column_add(f, (struct column){COLUMN_WORK, !eager || late > 0, demand, option, t}, hi,
               o->cost_per_h + late);
    value_put(f, f->work_row[demand], o->work_per_h);
    if (o->spot) value_put(f, f->share_row[demand], o->work_per_h);
    if (f->hour_row[demand])
        value_put(f, f->hour_row[demand][t], d->shape->workers ? o->clock_per_h : o->gpus_per_h);
    put_limits(f, demand, option, t, hi);
    const char *owner = d->shape->workload->owner;
    budgets_put(f, owner, m->grid.month[t], o->cost_per_h, option_booked_per_h(m, o));
    if (late > 0) /* booked in the month of the deadline, as the ledger does */
        budgets_put(f, owner, m->grid.month[grid_find(&m->grid, d->due_us)], late, late);
    for (size_t j = 0; j < d->shape->workload->n_uses; j++) {
        const size_t s = store_find(m, d->shape->workload->uses[j].use);
        value_put(f, f->link_row[demand][f->first_home[s] + g->sites[o->site].home[j]],
                  o->work_per_h);
    }
    put_reads(f, d, g, o, t, open);
}

/* Rank of an option by cost per unit of useful work. */
static bool is_eager(const struct formulation *f, const struct group *g, size_t option)
{
    size_t better = 0;
    if (f->many_rows && uses_bought(f->model, &g->options[option])) return false;
    const struct option *o = &g->options[option];
    for (size_t i = 0; i < g->n_options; i++) {
        const struct option *p = &g->options[i];
        if (option_replaced(f, p)) continue;
        const double mine = o->cost_per_h * p->work_per_h, theirs = p->cost_per_h * o->work_per_h;
        if (f->many_rows && uses_bought(f->model, p)) continue;
        better += theirs < mine || (theirs == mine && i < option);
    }
    return better < EAGER_OPTIONS;
}

static void demand_columns(struct formulation *f, size_t demand)
{
    const struct model *m = f->model;
    const struct demand *d = &m->demands->items[demand];
    const struct group *g = &m->groups[m->group_of[demand]];
    const size_t first = grid_find(&m->grid, d->release_us);
    if (d->work <= 0 || !stands_for_itself(f, demand)) return;
    double *before = ARENA_NEW(m->arena, double, m->n_limits + 1);
    memcpy(before, f->subscription_bound, m->n_limits * sizeof *before);
    memset(f->subscription_bound, 0, m->n_limits * sizeof *before);
    for (size_t o = 0; o < g->n_options; o++) {
        const bool eager = is_eager(f, g, o);
        if (option_replaced(f, &g->options[o])) continue;
        for (size_t t = first, after; t < m->grid.n; t = after) {
            after = work_after(f, demand, t);
            if (!d->late_priced && m->grid.from_us[t] >= d->due_us) break;
            if (open_h(m, d, t, after) > 0) work_column(f, demand, o, t, eager);
        }
    }
    for (size_t l = 0; l < m->n_limits; l++) f->subscription_bound[l] += before[l];
}

static void put_store_budgets(struct formulation *f, const struct store *s, double keep_h,
                              double per_h, double once)
{
    const struct model *m = f->model;
    for (size_t i = 0; i < f->n_budgets; i++) {
        const struct budget *b = &f->budgets[i];
        size_t users = 0;
        for (size_t j = 0; j < s->n_users; j++)
            users += owned(b->owner, m->scenario->workloads[s->users[j]].owner);
        const double share = (double)users / (double)s->n_users;
        const double hours = b->month < 0 ? keep_h : kept_in_month_h(m, s, keep_h, b->month);
        const double in_month =
            b->month < 0 || b->month == m->grid.month[grid_find(&m->grid, s->from_us)] ? once : 0;
        value_put(f, b->row, share * (per_h * hours + in_month));
    }
}

/* Rows of the pool in which gib GiB of a member count, kept as the store says. */
static void put_size(struct formulation *f, const struct pool *p, size_t store, double gib)
{
    const struct store *s = &f->model->stores[store];
    for (size_t i = 0; i < p->n_links; i++) {
        const struct pool_link *l = &p->links[i];
        if (l->all || (s->from_us <= l->at_us && l->at_us < s->from_us + s->keep_us))
            value_put(f, l->row, -l->slope * gib);
    }
    if (!p->read_row || p->tariff->slope_mbps_per_gib <= 0) return;
    const struct grid *g = &f->model->grid;
    for (size_t t = 0; t < g->n; t++)
        if (p->read_row[t] != NONE && s->from_us <= g->from_us[t] &&
            g->from_us[f->blocks.reads_by_period ? t + 1 : g->after[t]] <= s->from_us + s->keep_us)
            value_put(f, p->read_row[t], -p->tariff->slope_mbps_per_gib * gib);
}

/* The class is used: what it gives without any capacity, and its cap. */
static void put_class(struct formulation *f, const struct pool *p)
{
    for (size_t t = 0; p->read_row && t < f->model->grid.n; t++) {
        value_put(f, p->read_row[t], -p->tariff->base_mbps);
        value_put(f, p->most_row[t], -p->tariff->max_mbps);
    }
}

static void home_column(struct formulation *f, size_t store, size_t home)
{
    const struct model *m = f->model;
    const struct store *s = &m->stores[store];
    const struct home *h = &s->homes[home];
    const double keep_h = home_keep_h(s, h),
                 per_h = h->class_->per_machine ? 0 : ratio_value(h->price_gib_h) * s->size_gib;
    const double once =
        ratio_value(h->egress_gib) * s->egress_gib + ratio_value(h->retrieval_gib) * s->read_gib;
    f->home_column[f->first_home[store] + home] = f->builder.lp.n_cols;
    column_add(f, (struct column){COLUMN_HOME, false, store, home, 0}, 1, per_h * keep_h + once);
    if (s->n_homes == 1) f->builder.lp.col_lo[f->builder.lp.n_cols - 1] = 1;
    value_put(f, f->place_row[store], 1);
    put_store_budgets(f, s, keep_h, per_h, once);
    for (size_t i = 0; i < m->demands->n; i++)
        if (f->link_row[i]) {
            const struct workload *w = m->demands->items[i].shape->workload;
            for (size_t j = 0; j < w->n_uses; j++)
                if (store_find(m, w->uses[j].use) == store)
                    value_put(f, f->link_row[i][f->first_home[store] + home], -f->classes[i].work);
        }
    for (size_t i = 0; i < m->n_served; i++)
        for (size_t t = 0; f->services[i].at[store] && t < m->grid.n; t++)
            value_put(f, f->services[i].at[store][home * m->grid.n + t], -f->services[i].most);
    const size_t pool = f->pool_of[f->first_home[store] + home];
    if (pool == NONE) return;
    const struct pool *p = &f->pools[pool];
    for (size_t i = 0; i < p->n_links; i++) {
        const struct pool_link *l = &p->links[i];
        if (l->member != NONE && p->members[l->member].store == store &&
            p->members[l->member].home == home)
            value_put(f, l->row, l->base);
        if (l->of_class) value_put(f, l->row, -1);
    }
    put_size(f, p, store, s->size_gib);
    if (!p->always && p->n == 1) put_class(f, p);
}

static void extra_column(struct formulation *f, size_t store, size_t home)
{
    const struct model *m = f->model;
    const struct store *s = &m->stores[store];
    const struct home *h = &s->homes[home];
    f->extra_column[f->first_home[store] + home] = NONE;
    const size_t pool = f->pool_of[f->first_home[store] + home];
    if (pool == NONE) return;
    const struct storage_tariff *t = f->pools[pool].tariff;
    double most = t->min_size_gib;
    if (t->slope_mbps_per_gib > 0)
        most =
            fmax(most, isfinite(t->max_mbps) ? (t->max_mbps - t->base_mbps) / t->slope_mbps_per_gib
                                             : MOST_EXTRA_GIB);
    if (most <= 0) return;
    const double keep_h = home_keep_h(s, h), price = ratio_value(h->price_gib_h);
    f->extra_column[f->first_home[store] + home] = f->builder.lp.n_cols;
    column_add(f, (struct column){COLUMN_EXTRA, false, store, home, 0}, most, price * keep_h);
    put_store_budgets(f, s, keep_h, price, 0);
    put_size(f, &f->pools[pool], store, 1);
}

static void store_columns(struct formulation *f)
{
    const struct model *m = f->model;
    f->home_column = ARENA_NEW(m->arena, size_t, f->first_home[m->n_stores] + 1);
    f->extra_column = ARENA_NEW(m->arena, size_t, f->first_home[m->n_stores] + 1);
    for (size_t s = 0; s < m->n_stores; s++)
        for (size_t h = 0; h < m->stores[s].n_homes; h++) {
            home_column(f, s, h);
            extra_column(f, s, h);
        }
    for (size_t i = 0; i < f->n_pools; i++) {
        struct pool *p = &f->pools[i];
        if (p->always || p->n == 1) continue;
        p->class_column = f->builder.lp.n_cols;
        column_add(f, (struct column){COLUMN_CLASS, false, i, 0, 0}, 1, 0);
        for (size_t k = 0; k < p->n_links; k++)
            if (p->links[k].of_class) value_put(f, p->links[k].row, 1);
        put_class(f, p);
    }
}

/* A class that is there in any case: its throughput is a constant, moved to the right-hand side. */
static void fixed_classes(struct formulation *f)
{
    for (size_t i = 0; i < f->n_pools; i++) {
        const struct pool *p = &f->pools[i];
        for (size_t t = 0; p->always && p->read_row && t < f->model->grid.n; t++) {
            if (p->read_row[t] != NONE) f->builder.lp.row_hi[p->read_row[t]] = p->tariff->base_mbps;
            if (p->most_row[t] != NONE) f->builder.lp.row_hi[p->most_row[t]] = p->tariff->max_mbps;
        }
    }
}

static void elastic_columns(struct formulation *f)
{
    const struct model *m = f->model;
    for (size_t i = 0; f->elastic == ELASTIC_WORK && i < m->demands->n; i++) {
        const double work = m->demands->items[i].work;
        column_add(f, (struct column){COLUMN_MISSING, false, i, 0, 0}, work, 1 / work);
        value_put(f, f->work_row[i], 1);
    }
    if (f->elastic == ELASTIC_WORK) service_missing(f);
    if (f->elastic != ELASTIC_ONE_LIMIT) return;
    column_add(f, (struct column){COLUMN_SLACK, false, f->which, 0, 0}, 1e9, 1);
    if (f->which >= m->n_limits) { /* every month of the same budget */
        const char *key = f->budgets[f->which - m->n_limits].key;
        for (size_t i = 0; i < f->n_budgets; i++)
            if (strcmp(f->budgets[i].key, key) == 0) value_put(f, f->budgets[i].row, -1);
        return;
    }
    for (size_t t = 0; t < m->grid.n; t++) value_put(f, f->limit_row[f->which * m->grid.n + t], -1);
}

void columns_make(struct formulation *f)
{
    const struct model *m = f->model;
    f->subscription_bound = ARENA_NEW(m->arena, double, m->n_limits + 1);
    f->subscription_column = ARENA_NEW(m->arena, size_t, m->n_limits + 1);
    for (size_t l = 0; l < m->n_limits; l++) f->subscription_column[l] = NONE;
    for (size_t i = 0; i < m->demands->n; i++) demand_columns(f, i);
    bus_columns(f);
    service_columns(f);
    store_columns(f);
    commitment_columns(f);
    fixed_classes(f);
    elastic_columns(f);
}
