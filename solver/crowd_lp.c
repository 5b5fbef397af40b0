#include "solver/crowd_lp.h"
#include <math.h>
#include <stdlib.h>

/* ---- what could be needed at most ---------------------------------------------------------------- */

/* Unit-hours of every bus and period if all work that could went there: finite bounds that no optimum reaches. */
static double *most_units(const struct crowd *c)
{
    const size_t T = c->n_periods;
    double *most = ARENA_NEW(c->model->arena, double, c->n_buses *T + 1);
    for (size_t i = 0; i < c->n_classes; i++) {
        const struct job_class *k = &c->classes[i];
        const struct part *p = &c->parts[k->part];
        for (size_t a = 0; a < p->n_arcs; a++)
            for (size_t t = k->first; t < k->after; t++)
                if (crowd_is_open(c, k, t))
                    most[p->arcs[a].bus * T + t] += k->work / p->arcs[a].work;
    }
    return most;
}

/* ---- rows ---------------------------------------------------------------------------------------- */

static size_t *rows_new(const struct crowd *c, size_t n)
{
    size_t *rows = ARENA_NEW(c->model->arena, size_t, n + 1);
    for (size_t i = 0; i < n; i++) rows[i] = NONE;
    return rows;
}

static bool is_direct(const struct crowd *c, size_t limit)
{
    for (size_t s = 0; s < c->n_suppliers; s++)
        if (c->suppliers[s].bought == limit) return true;
    return false;
}

static void rows_add(struct crowd_lp *f, struct lp_builder *b, const double *most)
{
    const struct crowd *c = f->crowd;
    const struct model *m = c->model;
    const size_t T = c->n_periods;
    f->class_row = rows_new(c, c->n_classes);
    f->bus_row = rows_new(c, c->n_buses * T);
    f->limit_row = rows_new(c, m->n_limits * T);
    for (size_t i = 0; i < c->n_classes; i++)
        f->class_row[i] = lp_add_row(b, c->classes[i].work, INFINITY);
    for (size_t i = 0; i < c->n_buses * T; i++)
        if (most[i] > 0) f->bus_row[i] = lp_add_row(b, -INFINITY, 0);
    for (size_t i = 0; i < m->n_limits * T; i++) {
        const struct capacity *l = &m->limits[i / T];
        if (!c->used[i / T] || !isfinite(c->amount[i]) || is_direct(c, i / T)) continue;
        f->limit_row[i] = lp_add_row(b, -INFINITY, l->buys ? 0 : c->amount[i]);
    }
}

/* ---- columns ------------------------------------------------------------------------------------- */

static void value_put(struct lp_builder *b, size_t row, double value)
{
    if (row != NONE && value != 0) lp_add_value(b, row, value);
}

/* Columns of one class by price; the cheapest are in from the start. */
struct offered {
    double price;
    uint32_t arc, t;
};

static int by_price(const void *x, const void *y)
{
    const struct offered *a = x, *b = y;
    if (a->price != b->price) return a->price < b->price ? -1 : 1;
    if (a->t != b->t) return a->t < b->t ? -1 : 1;
    return a->arc < b->arc ? -1 : a->arc > b->arc;
}

/* Cheapest supplier of each bus where nothing is scarce. */
static double *list_prices(const struct crowd *c)
{
    const size_t T = c->n_periods;
    double *beta = ARENA_NEW(c->model->arena, double, c->n_buses *T + 1);
    for (size_t b = 0; b < c->n_buses; b++) {
        double least = INFINITY;
        for (size_t s = c->first_supplier[b]; s < c->first_supplier[b + 1]; s++)
            least = fmin(least, c->suppliers[s].price / c->suppliers[s].size);
        for (size_t t = 0; t < T; t++) beta[b * T + t] = least;
    }
    return beta;
}

static void work_column(struct crowd_lp *f, struct lp_builder *b, struct crowd_column k, bool lazy,
                        const size_t *hour_row)
{
    const struct crowd *c = f->crowd;
    const struct job_class *j = &c->classes[k.class_];
    const struct arc *a = &c->parts[j->part].arcs[k.arc];
    double hi = j->work / a->work;
    if (isfinite(j->limit) && a->clock > 0) hi = fmin(hi, j->limit * c->hours[k.t] / a->clock);
    const size_t col = lp_add_col(b, 0, hi, a->extra, false, lazy);
    value_put(b, f->class_row[k.class_], a->work);
    value_put(b, f->bus_row[a->bus * c->n_periods + k.t], 1);
    if (hour_row) value_put(b, hour_row[k.t], a->clock);
    size_t n = col;
    *ARENA_PUSH(c->model->arena, f->columns, n) = k;
    f->n_work = col + 1;
}

static void class_columns(struct crowd_lp *f, struct lp_builder *b, uint32_t i,
                          const struct crowd_start *start, struct offered *room,
                          const size_t *hour_row)
{
    const struct crowd *c = f->crowd;
    const struct job_class *k = &c->classes[i];
    const struct part *p = &c->parts[k->part];
    size_t n = 0;
    for (uint32_t t = k->first; t < k->after; t++)
        for (uint32_t a = 0; crowd_is_open(c, k, t) && a < p->n_arcs; a++) {
            const struct arc *arc = &p->arcs[a];
            const double beta = start->beta[arc->bus * c->n_periods + t];
            room[n++] = (struct offered){(beta + arc->extra) / arc->work, a, t};
        }
    if (n > 1) qsort(room, n, sizeof *room, by_price);
    const double near = room[0].price * (1 + start->near_frac);
    for (size_t j = 0; j < n; j++)
        work_column(f, b, (struct crowd_column){i, room[j].arc, room[j].t},
                    j >= start->most || room[j].price > near, hour_row);
}

static void work_columns(struct crowd_lp *f, struct lp_builder *b, const struct crowd_start *start,
                         size_t *const *hour_rows)
{
    const struct crowd *c = f->crowd;
    size_t most = 0;
    for (size_t p = 0; p < c->n_parts; p++)
        if (c->parts[p].n_arcs > most) most = c->parts[p].n_arcs;
    struct offered *room = ARENA_NEW(c->model->arena, struct offered, most * c->n_periods + 1);
    struct crowd_start own = *start;
    if (!own.beta) own.beta = list_prices(c);
    for (size_t i = 0; i < c->n_classes; i++)
        class_columns(f, b, (uint32_t)i, &own, room, hour_rows[i]);
}

static void machine_columns(struct crowd_lp *f, struct lp_builder *b, const double *most,
                            double *bound)
{
    const struct crowd *c = f->crowd;
    const size_t T = c->n_periods;
    f->machines = arena_alloc(c->model->arena, c->n_suppliers * T + 1, sizeof *f->machines);
    for (size_t s = 0; s < c->n_suppliers; s++)
        for (size_t t = 0; t < T; t++) {
            const struct supplier *o = &c->suppliers[s];
            const double hi = most[o->bus * T + t] / o->size;
            if (!(hi > 0)) continue;
            if (o->bought != NONE) {
                bound[o->bought] = fmax(bound[o->bought], hi / c->hours[t]);
                continue;
            }
            lp_add_col(b, 0, hi, o->price, false, false);
            value_put(b, f->bus_row[o->bus * T + t], -o->size);
            for (size_t i = 0; i < o->n_limits; i++) {
                const size_t l = o->limits[i].limit;
                value_put(b, f->limit_row[l * T + t], o->limits[i].units / c->hours[t]);
                bound[l] = fmax(bound[l], o->limits[i].units * hi / c->hours[t]);
            }
            f->machines[f->n_machines][0] = (uint32_t)s;
            f->machines[f->n_machines++][1] = (uint32_t)t;
        }
}

/* Rows of machines that are used whenever they are there. */
static void put_bought(struct crowd_lp *f, struct lp_builder *b, size_t limit)
{
    const struct crowd *c = f->crowd;
    const size_t T = c->n_periods;
    for (size_t s = 0; s < c->n_suppliers; s++) {
        const struct supplier *o = &c->suppliers[s];
        for (size_t t = 0; o->bought == limit && t < T; t++)
            value_put(b, f->bus_row[o->bus * T + t], -o->size * c->hours[t]);
    }
}

/* Several suppliers of one limit add up. */
static void bought_columns(struct crowd_lp *f, struct lp_builder *b, const double *bound)
{
    const struct crowd *c = f->crowd;
    const struct model *m = c->model;
    const size_t T = c->n_periods;
    f->bought = rows_new(c, m->n_limits);
    for (size_t l = 0; l < m->n_limits; l++) {
        if (!m->limits[l].buys || !(bound[l] > 0)) continue;
        const bool whole = m->limits[l].kind == LIMIT_SUBSCRIPTION;
        const double hi = bound[l] * (double)c->n_suppliers;
        f->bought[l] = lp_add_col(b, 0, whole ? ceil(hi) : hi, crowd_purchase(c, l), whole, false);
        put_bought(f, b, l);
        for (size_t t = 0; t < T; t++) {
            value_put(b, f->limit_row[l * T + t], -1);
            for (size_t k = 0; k < m->n_limits; k++)
                value_put(b, f->limit_row[k * T + t], crowd_taken(c, k, l));
        }
    }
}

/* Rows of a class with a limit of its own, one per period. */
static size_t **hour_rows_add(const struct crowd *c, struct lp_builder *b)
{
    size_t **rows = ARENA_NEW(c->model->arena, size_t *, c->n_classes + 1);
    for (size_t i = 0; i < c->n_classes; i++) {
        const struct job_class *k = &c->classes[i];
        if (!isfinite(k->limit)) continue;
        rows[i] = rows_new(c, c->n_periods);
        for (size_t t = k->first; t < k->after; t++)
            if (crowd_is_open(c, k, t))
                rows[i][t] = lp_add_row(b, -INFINITY, k->limit * c->hours[t]);
    }
    return rows;
}

void crowd_lp_make(struct crowd_lp *out, const struct crowd *c, const struct crowd_start *start)
{
    struct lp_builder b = {.arena = c->model->arena};
    *out = (struct crowd_lp){.crowd = c};
    const double *most = most_units(c);
    double *bound = ARENA_NEW(c->model->arena, double, c->model->n_limits + 1);
    rows_add(out, &b, most);
    size_t *const *hour_rows = hour_rows_add(c, &b);
    work_columns(out, &b, start, hour_rows);
    machine_columns(out, &b, most, bound);
    bought_columns(out, &b, bound);
    b.lp.constant = c->constant;
    out->lp = lp_finish(&b);
}

static int by_class(const void *x, const void *y)
{
    const struct flow_cell *a = x, *b = y;
    if (a->class_ != b->class_) return a->class_ < b->class_ ? -1 : 1;
    return a->t != b->t ? a->t < b->t ? -1 : 1 : a->arc < b->arc ? -1 : a->arc > b->arc;
}

void crowd_lp_read(struct crowd_flow *out, const struct crowd_lp *f, const double *x)
{
    const struct crowd *c = f->crowd;
    struct arena *a = c->model->arena;
    *out = (struct crowd_flow){.machines = ARENA_NEW(a, double, c->n_suppliers * c->n_periods + 1),
                               .bought = ARENA_NEW(a, double, c->model->n_limits + 1)};
    for (size_t j = 0; j < f->n_work; j++) {
        const struct crowd_column k = f->columns[j];
        if (!(x[j] > 0)) continue;
        *ARENA_PUSH(a, out->cells, out->n) = (struct flow_cell){k.class_, k.arc, k.t, x[j]};
    }
    if (out->n) qsort(out->cells, out->n, sizeof *out->cells, by_class);
    for (size_t j = 0; j < f->n_machines; j++)
        out->machines[f->machines[j][0] * c->n_periods + f->machines[j][1]] = x[f->n_work + j];
    for (size_t l = 0; l < c->model->n_limits; l++)
        if (f->bought[l] != NONE) out->bought[l] = x[f->bought[l]];
    for (size_t s = 0; s < c->n_suppliers; s++)
        for (size_t t = 0; c->suppliers[s].bought != NONE && t < c->n_periods; t++)
            out->machines[s * c->n_periods + t] = out->bought[c->suppliers[s].bought] * c->hours[t];
}
