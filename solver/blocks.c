/* Blocks: periods that are one to batch work. Between the periods of a block only the load of rate demands changes, so the
 * work of a demand in a block is one column per option, y[d,o,block], instead of one per period.
 *
 * Exact because: (1) a limit that only such work uses changes nowhere within a block: one row stands for all periods, and the
 * work may be spread evenly. (2) Limits that rate demands use too keep a row per period. Options with the same amounts of all
 * of them form a bus: sum of y over the bus <= sum over the block's periods of z, and z[bus,t] stands in the rows of t. Given z,
 * each y is split in the proportion of z, which meets every row by period; given a plan by period, z is its sum. (3) Work with
 * a limit of its own per hour (gangs, parallel limits) keeps its columns by period where one of its options uses such a limit,
 * because the split might pass its own. (4) What work reads of shared storage is a limit like those of (1), unless some that reads needs (3), draws
 * from a bus, or a dataset comes or goes within a block: then all work that reads keeps its columns by period. */
#include "solver/formulate.h"
#include "solver/options.h"
#include <math.h>

bool demand_reads(const struct demand *d)
{
    const struct workload *w = d->shape->workload;
    for (size_t j = 0; j < w->n_uses; j++)
        if (w->uses[j].reads > 0) return true;
    return false;
}

/* A gang's hour, or a parallel limit that the whole work done at once would pass in some period. */
bool limits_itself(const struct model *m, size_t demand)
{
    const struct demand *d = &m->demands->items[demand];
    if (d->shape->workers) return true;
    const double most = most_gpu_hours(&m->groups[m->group_of[demand]], d->work);
    for (size_t t = 0; isfinite(max_gpus(d)) && t < m->grid.n; t++) {
        const double open = open_h(m, d, t, t + 1);
        if (open > 0 && most > max_gpus(d) * open) return true;
    }
    return false;
}

static bool any_by_period(const struct blocks *b, const struct option *o)
{
    for (size_t i = 0; i < o->n_limits; i++)
        if (b->limit_by_period[o->limits[i].limit]) return true;
    return false;
}

/* True when one of the option's limits was not known to go by period. */
static bool spread(struct blocks *b, const struct option *o)
{
    bool changed = false;
    for (size_t i = 0; i < o->n_limits; i++) {
        bool *by_period = &b->limit_by_period[o->limits[i].limit];
        changed = changed || !*by_period;
        *by_period = true;
    }
    return changed;
}

static bool spread_group(struct blocks *b, const struct group *g)
{
    bool changed = false;
    for (size_t o = 0; o < g->n_options; o++) changed = spread(b, &g->options[o]) || changed;
    return changed;
}

static bool group_by_period(const struct blocks *b, const struct group *g)
{
    for (size_t o = 0; o < g->n_options; o++)
        if (any_by_period(b, &g->options[o])) return true;
    return false;
}

/* A dataset comes or goes within a block, and what its class gives with it. */
static bool stores_change(const struct model *m)
{
    const struct grid *g = &m->grid;
    for (size_t s = 0; s < m->n_stores; s++)
        for (int end = 0; end < 2; end++) {
            const struct store *x = &m->stores[s];
            const int64_t at = x->from_us + (end ? x->keep_us : 0);
            if (at <= 0 || at >= m->horizon_us) continue;
            const size_t t = grid_find(g, at);
            if (g->first[t] != t || g->from_us[t] != at) return true;
        }
    return false;
}

/* Work that goes by period; of work that reads, all does as soon as some does: it shares what classes give. */
static bool goes_by_period(const struct blocks *b, const struct model *m, size_t demand)
{
    const bool reads = demand_reads(&m->demands->items[demand]);
    if (reads && b->reads_by_period) return true;
    return group_by_period(b, &m->groups[m->group_of[demand]]) &&
           (reads || limits_itself(m, demand));
}

/* The rules above until nothing changes. */
static void find_by_period(struct blocks *b, const struct model *m)
{
    b->reads_by_period = stores_change(m);
    for (size_t v = 0; v < m->n_served; v++) spread_group(b, &m->served[v].group);
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < m->demands->n; i++) {
            if (b->demand_by_period[i] || !goes_by_period(b, m, i)) continue;
            b->demand_by_period[i] = true;
            b->reads_by_period |= demand_reads(&m->demands->items[i]);
            spread_group(b, &m->groups[m->group_of[i]]);
            changed = true;
        }
        for (size_t g = 0; g < m->n_groups; g++)
            for (size_t o = 0; o < m->groups[g].n_options; o++)
                if (any_by_period(b, &m->groups[g].options[o]))
                    changed = spread(b, &m->groups[g].options[o]) || changed;
    }
}

static bool same_limits(const struct bus *bus, const struct option *o)
{
    if (bus->n_limits != o->n_limits) return false;
    for (size_t i = 0; i < o->n_limits; i++) /* both in the order of limits */
        if (bus->limits[i].limit != o->limits[i].limit ||
            bus->limits[i].units != o->limits[i].units)
            return false;
    return true;
}

static size_t find_bus(struct blocks *b, const struct model *m, const struct option *o)
{
    for (size_t i = 0; i < b->n_buses; i++)
        if (same_limits(&b->buses[i], o)) return i;
    struct bus *bus = ARENA_PUSH(m->arena, b->buses, b->n_buses);
    *bus = (struct bus){.n_limits = o->n_limits,
                        .limits = o->limits,
                        .row = ARENA_NEW(m->arena, size_t, m->grid.n + 1),
                        .most = ARENA_NEW(m->arena, double, m->grid.n + 1)};
    for (size_t t = 0; t < m->grid.n; t++) bus->row[t] = NONE;
    return b->n_buses - 1;
}

/* One bus for every set of limits by period. */
static void make_buses(struct blocks *b, const struct model *m)
{
    b->bus_of = ARENA_NEW(m->arena, size_t *, m->n_groups + 1);
    for (size_t g = 0; g < m->n_groups; g++) {
        const struct group *group = &m->groups[g];
        b->bus_of[g] = ARENA_NEW(m->arena, size_t, group->n_options + 1);
        for (size_t o = 0; o < group->n_options; o++) {
            const struct option *option = &group->options[o];
            b->bus_of[g][o] = any_by_period(b, option) ? find_bus(b, m, option) : NONE;
        }
    }
}

/* Rows only where some demand may draw from the bus. */
static void bus_rows(struct formulation *f, size_t demand)
{
    const struct model *m = f->model;
    const struct demand *d = &m->demands->items[demand];
    const struct group *g = &m->groups[m->group_of[demand]];
    for (size_t t = 0, after; t < m->grid.n; t = after) {
        after = work_after(f, demand, t);
        if (after == t + 1 || open_h(m, d, t, after) <= 0) continue;
        for (size_t o = 0; o < g->n_options; o++) {
            const size_t bus = f->blocks.bus_of[m->group_of[demand]][o];
            if (bus == NONE || option_replaced(f, &g->options[o]) ||
                f->blocks.buses[bus].row[t] != NONE)
                continue;
            f->blocks.buses[bus].row[t] =
                row_add(f, (struct row){ROW_BUS, bus, 0, t}, -INFINITY, 0);
        }
    }
}

void blocks_make(struct formulation *f)
{
    const struct model *m = f->model;
    struct blocks *b = &f->blocks;
    b->limit_by_period = ARENA_NEW(m->arena, bool, m->n_limits + 1);
    b->demand_by_period = ARENA_NEW(m->arena, bool, m->demands->n + 1);
    find_by_period(b, m);
    make_buses(b, m);
    for (size_t i = 0; i < m->demands->n; i++)
        if (stands_for_itself(f, i)) bus_rows(f, i);
}

size_t work_after(const struct formulation *f, size_t demand, size_t t)
{
    const struct grid *g = &f->model->grid;
    return f->blocks.demand_by_period[demand] ? t + 1 : g->after[t];
}

struct bus *bus_find(const struct formulation *f, size_t demand, size_t option, size_t t)
{
    const size_t bus = f->blocks.bus_of[f->model->group_of[demand]][option];
    if (bus == NONE || work_after(f, demand, t) == t + 1) return NULL;
    return &f->blocks.buses[bus];
}

/* z never needs more than all columns of its bus in the block. */
void bus_columns(struct formulation *f)
{
    const struct model *m = f->model;
    for (size_t i = 0; i < f->blocks.n_buses; i++) {
        const struct bus *bus = &f->blocks.buses[i];
        bool lazy = false;
        for (size_t k = 0; f->many_rows && k < bus->n_limits; k++)
            lazy = lazy || m->limits[bus->limits[k].limit].buys;
        for (size_t t = 0; t < m->grid.n; t++) {
            const size_t row = bus->row[m->grid.first[t]];
            const double most = bus->most[m->grid.first[t]];
            if (row == NONE || most <= 0) continue;
            column_add(f, (struct column){COLUMN_BUS, lazy, i, 0, t}, most, 0);
            value_put(f, row, -1);
            for (size_t k = 0; k < bus->n_limits; k++)
                value_put(f, f->limit_row[bus->limits[k].limit * m->grid.n + t],
                          bus->limits[k].units / period_h(&m->grid, t));
        }
    }
}
