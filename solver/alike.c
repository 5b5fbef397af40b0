/* Jobs that differ in nothing but how much work they are: one of them stands for all in the program, with the work of all.
 *
 * Exact: with the same machine choices, window and no limit of their own per hour, columns y[i,o,t] of such jobs have the same
 * coefficients everywhere but in the rows of their own work. A solution for their sum, split in proportion to the work, keeps
 * every row of the plain program and costs the same; the sum of a plain solution keeps every row of this one. The price of the
 * sum's work is the price of each job's, and so are those of its datasets. Late work costs each job something else per unit of
 * work; it is priced as that of the cheapest, and where an optimum is late such jobs are told apart again. */
#include "solver/formulate.h"
#include <math.h>
#include <stdlib.h>

static double late_per_work(const struct demand *d)
{
    return d->late_priced ? ratio_value(d->late_cost_per_h) / d->work : 0;
}

static bool may_join(const struct formulation *f, size_t demand)
{
    const struct demand *d = &f->model->demands->items[demand];
    return d->work > 0 && !d->shape->workers && d->shape->max_workers == 0 &&
           d->shape->spot_max_frac >= 1 && !demand_reads(d) && !limits_itself(f->model, demand);
}

static bool alike(const struct model *m, size_t i, size_t k)
{
    const struct demand *a = &m->demands->items[i], *b = &m->demands->items[k];
    return a->shape == b->shape && m->group_of[i] == m->group_of[k] && a->window == b->window &&
           a->release_us == b->release_us && a->due_us == b->due_us &&
           a->late_priced == b->late_priced;
}

/* Of the jobs that stand for others, that of job i; i itself where there is none. */
static size_t first_like(const struct formulation *f, const size_t *firsts, size_t n, size_t i)
{
    for (size_t k = 0; k < n; k++)
        if (alike(f->model, firsts[k], i)) return firsts[k];
    return i;
}

static void join(struct formulation *f, size_t first, size_t demand)
{
    const struct demand *d = &f->model->demands->items[demand];
    struct joined_jobs *c = &f->classes[first];
    size_t last = first;
    while (f->next_alike[last] != NONE) last = f->next_alike[last];
    f->next_alike[last] = demand;
    f->classes[demand].first = first;
    c->work += d->work;
    c->late_differs = c->late_differs || late_per_work(d) != c->late_per_work;
    c->late_per_work = fmin(c->late_per_work, late_per_work(d));
    f->joined = true;
}

void alike_make(struct formulation *f)
{
    const struct model *m = f->model;
    const size_t n = m->demands->n;
    f->classes = ARENA_NEW(m->arena, struct joined_jobs, n + 1);
    f->next_alike = ARENA_NEW(m->arena, size_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct demand *d = &m->demands->items[i];
        f->classes[i] = (struct joined_jobs){i, d->work, late_per_work(d), false};
        f->next_alike[i] = NONE;
    }
    if (f->elastic != ELASTIC_NONE || m->plain || m->apart || m->scenario->relaxed ||
        formulation_columns(m) < m->join_columns)
        return;
    size_t *firsts = ARENA_NEW(m->arena, size_t, n + 1), n_firsts = 0;
    for (size_t i = 0; i < n; i++) {
        if (!may_join(f, i)) continue;
        const size_t first = first_like(f, firsts, n_firsts, i);
        if (first == i)
            firsts[n_firsts++] = i;
        else
            join(f, first, i);
    }
}

bool alike_part(struct model *m, const struct formulation *f, const double *x)
{
    for (size_t j = 0; f->joined && j < f->lp->n_cols; j++) {
        const struct column c = f->columns[j];
        if (c.kind != COLUMN_WORK || !(x[j] > 0) || !f->classes[c.a].late_differs) continue;
        if (is_late(m, &m->demands->items[c.a], c.t)) m->apart = true;
    }
    return m->apart && f->joined;
}

size_t columns_apart(const struct formulation *f)
{
    size_t n = f->lp->n_cols;
    for (size_t j = 0; f->joined && j < f->lp->n_cols; j++)
        for (size_t i = f->columns[j].a;
             f->columns[j].kind == COLUMN_WORK && f->next_alike[i] != NONE; i = f->next_alike[i])
            n++;
    return n;
}

/* --- back to single jobs --- */

struct pouring {
    const struct formulation *f;
    struct work_cells *out;
    size_t n, *jobs; /* of the class; those that are dearest when late first */
    double *left;    /* [n] work */
};

/* What is late comes last. */
static int by_moment(const void *x, const void *y, void *context)
{
    const struct formulation *f = context;
    const struct column *a = &f->columns[*(const size_t *)x], *b = &f->columns[*(const size_t *)y];
    const struct demand *d = &f->model->demands->items[a->a];
    const bool late_a = is_late(f->model, d, a->t), late_b = is_late(f->model, d, b->t);
    if (late_a != late_b) return late_a ? 1 : -1;
    if (a->b != b->b) return a->b < b->b ? -1 : 1;
    return a->t < b->t ? -1 : a->t > b->t;
}

static int by_late(const void *x, const void *y, void *context)
{
    const struct formulation *f = context;
    const size_t i = *(const size_t *)x, k = *(const size_t *)y;
    const double a = late_per_work(&f->model->demands->items[i]),
                 b = late_per_work(&f->model->demands->items[k]);
    if (a < b || a > b) return a > b ? -1 : 1;
    return i < k ? -1 : i > k;
}

static void cell_add(struct pouring *p, const struct column *c, size_t demand, double paid_h)
{
    *ARENA_PUSH(p->f->model->arena, p->out->items, p->out->n) =
        (struct work_cell){(uint32_t)demand, (uint32_t)c->b, (uint32_t)c->t, paid_h};
}

/* One cell after the other into one job after the other; the last takes what rounding leaves. */
static void pour(struct pouring *p, const size_t *cells, size_t n, const double *x)
{
    const struct formulation *f = p->f;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const struct column *c = &f->columns[cells[i]];
        const double per_h = f->model->groups[f->model->group_of[c->a]].options[c->b].work_per_h;
        double work = x[cells[i]] * per_h;
        while (work > 0) {
            const bool last = at + 1 == p->n;
            const double part = last ? work : fmin(work, p->left[at]);
            if (part > 0) cell_add(p, c, p->jobs[at], part / per_h);
            work -= part;
            p->left[at] -= part;
            if (!last && p->left[at] <= 0) at++;
        }
    }
}

static void pour_class(const struct formulation *f, struct work_cells *out, size_t first,
                       size_t *cells, size_t n, const double *x)
{
    const struct model *m = f->model;
    struct pouring p = {.f = f, .out = out};
    double done = 0;
    for (size_t i = first; i != NONE; i = f->next_alike[i]) *ARENA_PUSH(m->arena, p.jobs, p.n) = i;
    if (p.n == 0) return;
    qsort_r(p.jobs, p.n, sizeof *p.jobs, by_late, (void *)f);
    qsort_r(cells, n, sizeof *cells, by_moment, (void *)f);
    for (size_t i = 0; i < n; i++)
        done +=
            x[cells[i]] * m->groups[m->group_of[first]].options[f->columns[cells[i]].b].work_per_h;
    p.left = ARENA_NEW(m->arena, double, p.n);
    for (size_t i = 0; i < p.n; i++)
        p.left[i] = done * m->demands->items[p.jobs[i]].work / f->classes[first].work;
    pour(&p, cells, n, x);
}

void alike_pour(struct formulation *f, const double *x)
{
    const struct model *m = f->model;
    if (!f->joined) return;
    struct work_cells *out = ARENA_NEW(m->arena, struct work_cells, 1);
    struct arena *scratch = arena_new();
    size_t *cells = ARENA_NEW(scratch, size_t, f->lp->n_cols + 1);
    for (size_t j = 0, after; j < f->lp->n_cols; j = after) {
        const struct column c = f->columns[j];
        size_t n = 0;
        for (after = j; after < f->lp->n_cols && f->columns[after].kind == c.kind &&
                        f->columns[after].a == c.a;
             after++)
            if (c.kind == COLUMN_WORK && x[after] > 0) cells[n++] = after;
        if (n) pour_class(f, out, c.a, cells, n, x);
    }
    arena_free(scratch);
    f->cells = out;
}
