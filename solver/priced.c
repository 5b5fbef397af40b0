#include "solver/priced.h"
#include "common/text.h"
#include "solver/formulate.h"
#include "solver/options.h"
#include <math.h>
#include <string.h>

struct maker {
    const struct formulation *f;
    const struct model *m;
    const double *x;
    struct arena *arena;
    struct priced_limit *list;
    size_t n;
};

static struct priced_limit *add(struct maker *k, const char *what, struct place at,
                                const char *unit)
{
    struct priced_limit *new = ARENA_PUSH(k->arena, k->list, k->n);
    *new = (struct priced_limit){.what = what, .unit = unit, .at = at, .most = INFINITY};
    new->fewest = -INFINITY;
    return new;
}

static void put(const struct maker *k, struct priced_limit *l, size_t row, double value)
{
    if (row != NONE && value != 0)
        *ARENA_PUSH(k->arena, l->values, l->n) = (struct priced_value){row, value};
}

/* Not below `fewest` fewer. */
static void keep_above(struct priced_limit *l, double fewest)
{
    l->fewest = fmax(l->fewest, fewest);
}

static void keep_below(struct priced_limit *l, double most)
{
    l->most = fmin(l->most, most);
}

/* --- quotas and stock --- */

/* A gang that needs more at a time than the limit ever allows is out: with enough more it comes in, and one that is in goes out
 * with too few. */
static void note_gangs(const struct maker *k, struct priced_limit *l, const struct capacity *c)
{
    const struct model *m = k->m;
    for (size_t i = 0; i < m->n_candidates; i++) {
        const struct candidate *x = &m->candidates[i];
        if (!x->fit.ok || x->shape == NONE || !m->demands->shapes[x->shape].workers) continue;
        const struct offer *o = &m->offers[x->offer];
        const bool held = o->market->id == MARKET_SUBSCRIPTION && x->offer < m->quoted.n &&
                          subscription_counts(c, m, o);
        const struct workload *w = &m->scenario->workloads[x->workload];
        if (!held && !capacity_covers(c, m, o, w->owner)) continue;
        const double units = (double)x->fit.machines * limit_units(c, m, o);
        const double lacks = units - capacity_most(c);
        if (lacks > 0 && !x->usable) keep_below(l, lacks * (1 - 1e-6));
        if (lacks <= 0 && x->usable) keep_above(l, lacks);
    }
}

static void add_capacity(struct maker *k, size_t limit)
{
    const struct model *m = k->m;
    const struct capacity *c = &m->limits[limit];
    struct priced_limit *l = add(k, c->key, c->at, c->in_gpus ? _("GPU") : _("machine"));
    l->hidden = capacity_most(c) <= 0 && !m->open_limits;
    for (size_t t = 0; t < m->grid.n; t++) {
        const size_t row = k->f->limit_row[limit * m->grid.n + t];
        if (row == NONE) continue;
        const double room = k->f->builder.lp.row_hi[row];
        const double amount = capacity_at(c, m->grid.from_us[t], m->grid.from_us[t + 1]);
        l->hidden = l->hidden || (room <= 0 && amount > 0); /* subscribed machines take it all */
        put(k, l, row, -1);
        keep_above(l, -room);
    }
    note_gangs(k, l, c);
}

/* --- money --- */

static void add_budgets(struct maker *k)
{
    const struct formulation *f = k->f;
    for (size_t i = 0; i < f->n_budgets; i++) {
        const struct budget *b = &f->budgets[i];
        size_t first = 0;
        while (strcmp(f->budgets[first].key, b->key) != 0) first++;
        struct priced_limit *l = NULL;
        for (size_t j = 0; j < k->n && first != i; j++)
            if (strcmp(k->list[j].what, b->key) == 0) l = &k->list[j];
        if (!l) l = add(k, b->key, b->at, _("unit of money"));
        put(k, l, b->row, -1);
        keep_above(l, -b->limit);
    }
}

/* --- shares of spot --- */

static double steady_need(const struct maker *k, size_t row)
{
    const struct row r = k->f->rows[row];
    return k->f->builder.lp.row_lo[row] / (1 - k->m->served[r.a].service->spot_max_frac);
}

static void put_share(const struct maker *k, struct priced_limit *l, size_t row, double frac)
{
    const struct row r = k->f->rows[row];
    const bool single = r.kind == ROW_STEADY && isfinite(k->f->builder.lp.row_lo[row]);
    const double work = r.kind == ROW_SHARE ? k->m->demands->items[r.a].work : 1;
    put(k, l, row, single ? steady_need(k, row) / 100 : -work / 100);
    keep_above(l, -100 * frac);
    keep_below(l, 100 * (1 - frac));
}

static void add_share(struct maker *k, size_t workload)
{
    const struct model *m = k->m;
    const struct workload *w = &m->scenario->workloads[workload];
    struct priced_limit *l = NULL;
    for (size_t i = 0; i < k->f->builder.lp.n_rows; i++) {
        const struct row r = k->f->rows[i];
        if (r.kind != ROW_SHARE && r.kind != ROW_STEADY) continue;
        const struct shape *s =
            r.kind == ROW_SHARE ? m->demands->items[r.a].shape : m->served[r.a].service->shape;
        if (s->workload != w) continue;
        const struct place at = scenario_place(m->scenario, "workloads.%s.spot_max_share", w->name);
        if (!l)
            l = add(k, arena_printf(k->arena, "workloads.%s.spot_max_share", w->name),
                    at.source ? at : w->at, _("percent"));
        put_share(k, l, i, s->spot_max_frac);
    }
}

/* --- workers side by side --- */

static double worker_size(const struct shape *s)
{
    if (s->cpu) return (double)(s->workload->vcpu > 0 ? s->workload->vcpu : 1);
    return s->gpu_share > 0 ? s->gpu_share : (double)s->gpus_per_worker;
}

/* Most workers that one machine holds, of those that would do. */
static long most_per_machine(const struct model *m, const struct shape *s)
{
    long most = 0;
    for (size_t i = 0; i < m->n_candidates; i++) {
        const struct candidate *c = &m->candidates[i];
        const bool own = c->shape != NONE && &m->demands->shapes[c->shape] == s && c->fit.ok;
        if (own && c->fit.workers > most) most = c->fit.workers;
    }
    return most;
}

static void put_width(const struct maker *k, struct priced_limit *l, size_t demand)
{
    const struct model *m = k->m;
    const struct demand *d = &m->demands->items[demand];
    const double size = worker_size(d->shape), limit = max_gpus(d);
    const double most = most_gpu_hours(&m->groups[m->group_of[demand]], d->work);
    for (size_t t = 0; t < m->grid.n; t = work_after(k->f, demand, t)) {
        const size_t row = k->f->hour_row[demand][t];
        const double open = open_h(m, d, t, work_after(k->f, demand, t));
        if (open <= 0) continue;
        put(k, l, row, -size * open);
        keep_above(l, row == NONE ? (most / open - limit) / size : -limit / size);
    }
    if (d->items > 0) keep_below(l, d->items - (double)d->shape->max_workers);
}

static void add_width(struct maker *k, size_t workload)
{
    const struct model *m = k->m;
    const struct workload *w = &m->scenario->workloads[workload];
    struct priced_limit *l = NULL;
    for (size_t i = 0; i < m->demands->n; i++) {
        const struct demand *d = &m->demands->items[i];
        const long most = d->shape->max_workers;
        if (d->shape->workload != w || !k->f->hour_row[i] || most <= 0) continue;
        if (d->items > 0 && d->items <= (double)most) continue; /* they are the limit */
        const struct place at =
            scenario_place(m->scenario, "workloads.%s.resources.max_workers", w->name);
        if (!l)
            l = add(k, arena_printf(k->arena, "workloads.%s.resources.max_workers", w->name),
                    at.source ? at : w->at, _("worker"));
        /* A machine that holds as many as the limit allows might hold more with more, and would hold fewer with fewer. */
        const long held = most_per_machine(m, d->shape);
        l->hidden = l->hidden || held >= most;
        keep_above(l, (double)(held - most));
        put_width(k, l, i);
        for (size_t j = 0; j < k->f->builder.lp.n_cols; j++)
            if (k->f->columns[j].kind == COLUMN_WORK && k->f->columns[j].a == i)
                *ARENA_PUSH(k->arena, l->lifted, l->n_lifted) = j;
    }
}

/* --- throughput --- */

static bool in_use(const struct maker *k, const struct pool *p, size_t member)
{
    const size_t at = k->f->first_home[p->members[member].store] + p->members[member].home;
    return k->x[k->f->home_column[at]] > 0.5;
}

/* What a class gives to all that lie in it together. */
static void add_most(struct maker *k, const struct pool *p)
{
    bool used = false;
    for (size_t i = 0; i < p->n; i++) used = used || in_use(k, p, i);
    if (!used || !p->most_row) return;
    struct priced_limit *l = add(
        k, arena_printf(k->arena, _("largest throughput of %s in %s"), p->class_->name, p->region),
        (struct place){0}, _("MB/s"));
    for (size_t t = 0; t < k->m->grid.n; t++) put(k, l, p->most_row[t], -1);
    keep_above(l, -p->tariff->max_mbps);
}

/* What a dataset is asked to give, bought as capacity: "more" is a MB/s that is not asked for. */
static void add_floor(struct maker *k, const struct pool *p, size_t member)
{
    const struct store *s = &k->m->stores[p->members[member].store];
    const struct storage_tariff *t = p->tariff;
    if (!in_use(k, p, member) || s->split || s->floor_mbps > t->max_mbps ||
        s->floor_mbps <= t->base_mbps)
        return;
    const struct dataset *x = &k->m->scenario->datasets[s->dataset];
    struct priced_limit *l =
        add(k, arena_printf(k->arena, _("less throughput asked of %s"), x->name), x->at, _("MB/s"));
    for (size_t i = 0; i < p->n_links; i++) {
        const struct row r = k->f->rows[p->links[i].row];
        if (r.kind == ROW_FLOOR && r.b == member) put(k, l, p->links[i].row, -1);
    }
    keep_above(l, s->floor_mbps - t->max_mbps);
    keep_below(l, s->floor_mbps - t->base_mbps);
}

/* --- commitments that exist --- */

/* Machines that are subscribed take their part of quotas. */
static void put_held(const struct maker *k, struct priced_limit *l, const struct capacity *c)
{
    const struct model *m = k->m;
    const struct offer *o = &m->offers[c->offer];
    for (size_t q = 0; q < m->n_limits; q++) {
        if (!subscription_counts(&m->limits[q], m, o)) continue;
        const double units = m->limits[q].in_gpus ? (double)book_type(m->book, o->type)->gpus : 1;
        for (size_t t = 0; t < m->grid.n; t++) {
            const size_t row = k->f->limit_row[q * m->grid.n + t];
            if (row == NONE || m->grid.from_us[t] >= c->until_us) continue;
            put(k, l, row, units);
            keep_below(l, k->f->builder.lp.row_hi[row] / units);
        }
    }
}

static void put_sunk(const struct maker *k, struct priced_limit *l, const struct capacity *c,
                     double per_h)
{
    const struct grid *g = &k->m->grid;
    for (size_t i = 0; i < k->f->n_budgets; i++) {
        const struct budget *b = &k->f->budgets[i];
        double hours = 0;
        for (size_t t = 0; t < g->n && !b->owner; t++)
            if (g->from_us[t] < c->until_us && (b->month < 0 || b->month == g->month[t]))
                hours += period_h(g, t);
        put(k, l, b->row, per_h * hours);
    }
}

static void add_commitment(struct maker *k, size_t limit)
{
    const struct model *m = k->m;
    const struct capacity *c = &m->limits[limit];
    const bool machines = c->kind == LIMIT_SUBSCRIPTION;
    struct priced_limit *l =
        add(k, c->key, c->at, machines ? _("machine") : _("unit of money per hour"));
    for (size_t t = 0; t < m->grid.n; t++) {
        const size_t row = k->f->limit_row[limit * m->grid.n + t];
        if (row == NONE || m->grid.from_us[t] >= c->until_us) continue;
        put(k, l, row, -1);
        keep_above(l, -k->f->builder.lp.row_hi[row]);
    }
    if (machines) put_held(k, l, c);
    note_gangs(k, l, c);
    put_sunk(k, l, c, machines ? m->offers[c->offer].price : 1);
}

static void add_capacities(struct maker *k)
{
    for (size_t l = 0; l < k->m->n_limits; l++)
        if (k->m->limits[l].kind <= LIMIT_STOCK) add_capacity(k, l);
}

static void add_commitments(struct maker *k)
{
    for (size_t l = 0; l < k->m->n_limits; l++)
        if (k->m->limits[l].kind > LIMIT_STOCK && !k->m->limits[l].buys) add_commitment(k, l);
}

struct priced_limit *priced_capacities(size_t *n, const struct formulation *f)
{
    struct maker k = {.f = f, .m = f->model, .arena = f->model->arena};
    add_capacities(&k);
    add_commitments(&k);
    *n = k.n;
    return k.list;
}

struct priced_limit *priced_limits(size_t *n, const struct formulation *f, const double *x)
{
    const struct model *m = f->model;
    struct maker k = {.f = f, .m = m, .x = x, .arena = m->arena};
    add_capacities(&k);
    add_budgets(&k);
    for (size_t w = 0; w < m->scenario->n_workloads; w++) {
        add_share(&k, w);
        add_width(&k, w);
    }
    for (size_t i = 0; i < f->n_pools; i++) {
        const struct pool *p = &f->pools[i];
        add_most(&k, p);
        for (size_t member = 0; member < p->n; member++) add_floor(&k, p, member);
    }
    add_commitments(&k);
    *n = k.n;
    return k.list;
}
