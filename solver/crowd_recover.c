#include "solver/crowd_recover.h"
#include <math.h>

struct recovery {
    const struct crowd *c;
    const struct crowd_flow *flow;
    struct work_cells *out;
    size_t *first_member; /* [classes + 1] */
    uint32_t *members;    /* demands by class */
    size_t *at;           /* [buses][periods] supplier that is being used up */
    double *left;         /* [buses][periods] unit-hours of it that are left */
    uint32_t **option_of; /* [groups] NULL, or [suppliers] */
};

/* Once, where both parts of a job are of one class. */
static bool is_member(const struct crowd *c, size_t demand, int spot)
{
    const uint32_t *of = c->class_of[demand];
    return of[spot] != UINT32_MAX && !(spot && of[0] == of[1]);
}

static void members_make(struct recovery *r)
{
    const struct crowd *c = r->c;
    const size_t n = c->model->demands->n;
    size_t *first = ARENA_NEW(c->model->arena, size_t, c->n_classes + 2);
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < 2; s++)
            if (is_member(c, i, s)) first[c->class_of[i][s] + 2]++;
    for (size_t k = 2; k <= c->n_classes + 1; k++) first[k] += first[k - 1];
    r->members = ARENA_NEW(c->model->arena, uint32_t, first[c->n_classes + 1] + 1);
    for (size_t i = 0; i < n; i++)
        for (int s = 0; s < 2; s++)
            if (is_member(c, i, s)) r->members[first[c->class_of[i][s] + 1]++] = (uint32_t)i;
    r->first_member = first;
}

static uint32_t option_find(struct recovery *r, size_t group, size_t supplier)
{
    const struct crowd *c = r->c;
    if (!r->option_of[group]) {
        uint32_t *of = ARENA_NEW(c->model->arena, uint32_t, c->n_suppliers + 1);
        for (uint32_t o = 0; o < c->model->groups[group].n_options; o++)
            if (c->supplier_of[group][o] != NONE) of[c->supplier_of[group][o]] = o;
        r->option_of[group] = of;
    }
    return r->option_of[group][supplier];
}

/* The supplier of a bus with something left in t; the last one takes what rounding leaves. */
static size_t supplier_next(struct recovery *r, size_t bus, size_t t, double *left)
{
    const struct crowd *c = r->c;
    const size_t i = bus * c->n_periods + t, last = c->first_supplier[bus + 1] - 1;
    while (r->left[i] <= 0 && r->at[i] < last) {
        const size_t s = ++r->at[i];
        r->left[i] = r->flow->machines[s * c->n_periods + t] * c->suppliers[s].size;
    }
    *left = r->left[i] > 0 ? r->left[i] : (double)INFINITY;
    return r->at[i];
}

/* `units` of a bus in t go to one job. */
static void give(struct recovery *r, uint32_t demand, size_t bus, size_t t, double units)
{
    const struct crowd *c = r->c;
    const size_t group = c->model->group_of[demand];
    while (units > 0) {
        double left;
        const size_t s = supplier_next(r, bus, t, &left);
        const double part = fmin(left, units);
        r->left[bus * c->n_periods + t] -= part;
        units -= part;
        if (part / c->suppliers[s].size * (double)US_PER_H < 1) continue; /* under a microsecond */
        *ARENA_PUSH_ALONE(c->model->arena, r->out->items, r->out->n) = (struct work_cell){
            demand, option_find(r, group, s), (uint32_t)t, part / c->suppliers[s].size};
    }
}

static double work_in(const struct recovery *r, uint32_t demand, size_t class_)
{
    const struct demand *d = &r->c->model->demands->items[demand];
    const double share = d->shape->spot_max_frac;
    double work = 0;
    for (int s = 0; s < 2; s++)
        if (r->c->class_of[demand][s] == class_) work += (s ? share : 1 - share) * d->work;
    return work;
}

/* Jobs with a limit of their own have the same share of every cell. */
static void share_out(struct recovery *r, size_t class_, size_t first, size_t after)
{
    const struct crowd *c = r->c;
    const struct job_class *k = &c->classes[class_];
    for (size_t m = r->first_member[class_]; m < r->first_member[class_ + 1]; m++) {
        const double share = work_in(r, r->members[m], class_) / k->work;
        for (size_t i = first; i < after; i++) {
            const struct flow_cell *f = &r->flow->cells[i];
            give(r, r->members[m], c->parts[k->part].arcs[f->arc].bus, f->t, f->units * share);
        }
    }
}

/* Others take one cell after the other; what is over at the end, by rounding, is the last one's. */
static void pour_out(struct recovery *r, size_t class_, size_t first, size_t after)
{
    const struct crowd *c = r->c;
    const struct job_class *k = &c->classes[class_];
    const struct arc *arcs = c->parts[k->part].arcs;
    size_t i = first;
    double left = i < after ? r->flow->cells[i].units : 0;
    for (size_t m = r->first_member[class_]; m < r->first_member[class_ + 1]; m++) {
        double need = work_in(r, r->members[m], class_);
        while (need > 0 && i < after) {
            const struct flow_cell *f = &r->flow->cells[i];
            const struct arc *a = &arcs[f->arc];
            const bool last = i + 1 == after;
            const double take = last ? need / a->work : fmin(left, need / a->work);
            give(r, r->members[m], a->bus, f->t, take);
            need -= take * a->work;
            left -= take;
            if (need <= 1e-13 * k->work) need = 0;
            if (!last && left <= 0) left = r->flow->cells[++i].units;
        }
    }
}

/* What microseconds and last bits took from a job is spread over its cells. */
static void complete(struct work_cells *cells, const struct model *m)
{
    struct arena *scratch = arena_new();
    double *done = ARENA_NEW(scratch, double, m->demands->n + 1);
    for (size_t i = 0; i < cells->n; i++) {
        const struct work_cell *k = &cells->items[i];
        done[k->demand] +=
            k->paid_h * m->groups[m->group_of[k->demand]].options[k->option].work_per_h;
    }
    for (size_t i = 0; i < cells->n; i++)
        cells->items[i].paid_h *=
            m->demands->items[cells->items[i].demand].work / done[cells->items[i].demand];
    arena_free(scratch);
}

void crowd_recover(struct work_cells *out, const struct crowd *c, const struct crowd_flow *flow)
{
    struct arena *a = c->model->arena;
    const size_t T = c->n_periods;
    *out = (struct work_cells){0};
    struct recovery r = {.c = c,
                         .flow = flow,
                         .out = out,
                         .at = ARENA_NEW(a, size_t, c->n_buses * T + 1),
                         .left = ARENA_NEW(a, double, c->n_buses *T + 1),
                         .option_of = ARENA_NEW(a, uint32_t *, c->model->n_groups + 1)};
    for (size_t i = 0; i < c->n_buses * T; i++) {
        r.at[i] = c->first_supplier[i / T];
        r.left[i] = flow->machines[r.at[i] * T + i % T] * c->suppliers[r.at[i]].size;
    }
    members_make(&r);
    for (size_t first = 0, after; first < flow->n; first = after) {
        const size_t class_ = flow->cells[first].class_;
        for (after = first; after < flow->n && flow->cells[after].class_ == class_;) after++;
        if (isfinite(c->classes[class_].limit))
            share_out(&r, class_, first, after);
        else
            pour_out(&r, class_, first, after);
    }
    complete(out, c->model);
}
