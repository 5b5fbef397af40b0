/* The flow of parts into classes, earliest deadline first: exact, because jobs of a part differ only in their windows. */
#include "solver/price_internal.h"
#include <math.h>
#include <string.h>

/* Work of a class that rounding may leave over. */
#define LEFT_SHARE 1e-7

struct pouring {
    const struct crowd *c;
    size_t n_due;
    uint32_t *due; /* classes with work left, a heap: the first to end on top */
    double *left;  /* [classes] */
    size_t *last;  /* [classes] their last cell */
    struct flow_cell *cells;
    size_t n_cells;
    struct arena *scratch;
    bool failed;
};

static bool ends_before(const struct pouring *p, uint32_t a, uint32_t b)
{
    const struct job_class *x = &p->c->classes[a], *y = &p->c->classes[b];
    return x->after != y->after ? x->after < y->after : a < b;
}

static void heap_push(struct pouring *p, uint32_t class_)
{
    size_t i = ++p->n_due;
    for (; i > 1 && ends_before(p, class_, p->due[i / 2]); i /= 2) p->due[i] = p->due[i / 2];
    p->due[i] = class_;
}

static void heap_pop(struct pouring *p)
{
    const uint32_t class_ = p->due[p->n_due--];
    size_t i = 1;
    for (size_t k; (k = 2 * i) <= p->n_due; i = k) {
        if (k < p->n_due && ends_before(p, p->due[k + 1], p->due[k])) k++;
        if (!ends_before(p, p->due[k], class_)) break;
        p->due[i] = p->due[k];
    }
    p->due[i] = class_;
}

/* What rounding left of a class joins its last cell. */
static void close_class(struct pouring *p, uint32_t class_)
{
    const struct job_class *k = &p->c->classes[class_];
    const double left = p->left[class_];
    if (left <= 0) return;
    if (p->last[class_] == NONE || left > LEFT_SHARE * k->work) {
        p->failed = true;
        return;
    }
    struct flow_cell *cell = &p->cells[p->last[class_]];
    cell->units += left / p->c->parts[k->part].arcs[cell->arc].work;
}

static void pour_arc(struct pouring *p, uint32_t part, uint32_t arc, uint32_t t, double units)
{
    const double per_unit = p->c->parts[part].arcs[arc].work;
    double work = units * per_unit;
    while (work > 0 && p->n_due > 0) {
        const uint32_t class_ = p->due[1];
        double *left = &p->left[class_];
        const double take = fmin(work, *left);
        p->last[class_] = p->n_cells;
        *ARENA_PUSH_ALONE(p->scratch, p->cells, p->n_cells) =
            (struct flow_cell){class_, arc, t, take / per_unit};
        *left -= take;
        work -= take;
        if (*left <= 1e-13 * p->c->classes[class_].work) {
            close_class(p, class_);
            heap_pop(p);
        }
    }
}

static void pour_part(struct pouring *p, uint32_t part, const double *units, size_t first,
                      size_t after)
{
    const size_t T = p->c->n_periods;
    size_t next = first;
    p->n_due = 0;
    for (uint32_t t = 0; t < T; t++) {
        for (; next < after && p->c->classes[next].first == t; next++) heap_push(p, (uint32_t)next);
        for (uint32_t i = 0; i < p->c->parts[part].n_arcs; i++)
            pour_arc(p, part, i, t, units[i * T + t]);
        while (p->n_due > 0 && p->c->classes[p->due[1]].after <= t + 1) {
            close_class(p, p->due[1]);
            heap_pop(p);
        }
    }
}

/* By class, each in the order of time. */
static void sort_cells(struct crowd_flow *out, const struct pouring *p, struct arena *a)
{
    const struct crowd *c = p->c;
    size_t *at = ARENA_NEW(p->scratch, size_t, c->n_classes + 2);
    out->n = p->n_cells;
    out->cells = ARENA_NEW(a, struct flow_cell, p->n_cells + 1);
    for (size_t i = 0; i < p->n_cells; i++) at[p->cells[i].class_ + 1]++;
    for (size_t k = 0; k < c->n_classes; k++) at[k + 1] += at[k];
    for (size_t i = 0; i < p->n_cells; i++) out->cells[at[p->cells[i].class_]++] = p->cells[i];
}

bool price_recover(struct crowd_flow *out, const struct crowd *c, const struct part_flow *flow,
                   const struct demand_side *d, struct arena *cells)
{
    struct arena *scratch = arena_new();
    struct pouring p = {.c = c,
                        .scratch = scratch,
                        .due = ARENA_NEW(scratch, uint32_t, c->n_classes + 2),
                        .left = ARENA_NEW(scratch, double, c->n_classes + 1),
                        .last = ARENA_NEW(scratch, size_t, c->n_classes + 1)};
    for (size_t i = 0; i < c->n_classes; i++) {
        p.left[i] = c->classes[i].work;
        p.last[i] = NONE;
    }
    for (uint32_t part = 0; part < c->n_parts; part++)
        pour_part(&p, part, flow->units + d->first_arc[part] * c->n_periods, d->first_class[part],
                  d->first_class[part + 1]);
    sort_cells(out, &p, cells);
    arena_free(scratch);
    const size_t T = c->n_periods;
    out->machines = ARENA_NEW(c->model->arena, double, c->n_suppliers *T + 1);
    out->bought = ARENA_NEW(c->model->arena, double, c->model->n_limits + 1);
    memcpy(out->bought, flow->flow.bought, c->model->n_limits * sizeof *out->bought);
    for (size_t s = 0; s < c->n_suppliers; s++)
        for (size_t t = 0; t < T; t++) {
            const size_t l = c->suppliers[s].bought;
            out->machines[s * T + t] =
                c->hours[t] * (l == NONE ? flow->flow.machines[s * T + t] : out->bought[l]);
        }
    return !p.failed;
}
