/* Jobs into classes, by hashing: equal part, window and share of their own limit. */
#include "solver/crowd_internal.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Classes seen so far, open addressing; a power of two. */
struct table {
    size_t n_slots;
    uint32_t *slots; /* class + 1; 0: free */
    struct arena *scratch;
};

/* Own limit per unit of work: jobs of one class are the same but for their size. */
static uint64_t share_bits(const struct job_class *k)
{
    return isfinite(k->limit) ? crowd_bits(k->limit / k->work) : 0;
}

static bool same_class(const struct job_class *a, const struct job_class *b)
{
    return a->part == b->part && a->first == b->first && a->after == b->after &&
           share_bits(a) == share_bits(b);
}

static uint64_t class_hash(const struct job_class *k)
{
    uint64_t hash = crowd_mix(k->part, (uint64_t)k->first << 32 | k->after);
    return crowd_mix(hash, share_bits(k));
}

static uint32_t *class_slot(const struct crowd *c, const struct table *t, const struct job_class *k)
{
    size_t i = (size_t)class_hash(k) & (t->n_slots - 1);
    while (t->slots[i] && !same_class(&c->classes[t->slots[i] - 1], k))
        i = (i + 1) & (t->n_slots - 1);
    return &t->slots[i];
}

static void table_grow(struct table *t, const struct crowd *c)
{
    if (t->n_slots > 2 * c->n_classes) return;
    struct arena *before = t->scratch;
    t->n_slots = t->n_slots ? 2 * t->n_slots : 1024;
    t->scratch = arena_new();
    t->slots = ARENA_NEW(t->scratch, uint32_t, t->n_slots);
    for (size_t i = 0; i < c->n_classes; i++) *class_slot(c, t, &c->classes[i]) = (uint32_t)i + 1;
    arena_free(before);
}

static uint32_t class_add(struct crowd *c, struct table *t, const struct job_class *k)
{
    table_grow(t, c);
    uint32_t *slot = class_slot(c, t, k);
    if (*slot == 0) {
        *ARENA_PUSH_ALONE(c->model->arena, c->classes, c->n_classes) = *k;
        *slot = (uint32_t)c->n_classes;
        return *slot - 1;
    }
    struct job_class *known = &c->classes[*slot - 1];
    known->work += k->work;
    if (isfinite(k->limit)) known->limit += k->limit;
    return *slot - 1;
}

/* Periods in which a window is open; NULL: in all of them. */
static bool *open_make(const struct crowd *c, const struct window *w)
{
    const struct model *m = c->model;
    bool *open = ARENA_NEW(m->arena, bool, c->n_periods + 1), all = true;
    size_t t = 0;
    for (size_t i = 0; i < w->n; i++) {
        while (t < c->n_periods && m->grid.from_us[t + 1] <= w->spans[i].from_us) t++;
        for (; t < c->n_periods && m->grid.from_us[t] < w->spans[i].to_us; t++) open[t] = true;
    }
    for (t = 0; t < c->n_periods; t++) all = all && open[t];
    return all ? NULL : open;
}

/* Whether the own limit could bind in any period. */
static double own_limit(const struct crowd *c, const struct demand *d, const struct part *p,
                        const struct job_class *k)
{
    const double limit = d->shape->workers ? 1 : max_gpus(d);
    double shortest = INFINITY, most = 0;
    for (size_t t = k->first; t < k->after; t++) shortest = fmin(shortest, c->hours[t]);
    for (size_t i = 0; i < p->n_arcs; i++) most = fmax(most, p->arcs[i].clock / p->arcs[i].work);
    return most * k->work <= limit * shortest ? (double)INFINITY : limit;
}

/* Jobs of a workload share their window, and come one after the other. */
struct windows {
    const struct window *last;
    const bool *open;
    uint32_t (
        *part_of)[2]; /* [groups] with the window; UINT32_MAX: not looked at, or there is none */
};

static void window_find(struct crowd *c, struct windows *w, const struct window *window)
{
    if (w->last == window) return;
    w->last = window;
    bool *open = open_make(c, window);
    w->open = open;
    if (!open) return;
    for (size_t i = 0; i < c->n_windows; i++)
        if (!memcmp(open, c->open[i], c->n_periods)) {
            w->open = c->open[i];
            return;
        }
    *ARENA_PUSH(c->model->arena, c->open, c->n_windows) = open;
}

/* The part of a group's work in its window; all jobs of a group are of one workload, which has one. */
static uint32_t part_find(struct crowd *c, struct windows *w, size_t group, int spot, size_t part)
{
    uint32_t *of = &w->part_of[group][spot];
    if (*of != UINT32_MAX || part == NONE) return *of;
    for (size_t i = 0; i < c->n_parts && *of == UINT32_MAX; i++)
        if (c->parts[i].arcs == c->parts[part].arcs && c->parts[i].open == w->open)
            *of = (uint32_t)i;
    if (*of != UINT32_MAX) return *of;
    struct part p = c->parts[part];
    p.open = w->open;
    *ARENA_PUSH(c->model->arena, c->parts, c->n_parts) = p;
    return *of = (uint32_t)c->n_parts - 1;
}

static int by_part(const void *x, const void *y, void *context)
{
    const struct crowd *c = context;
    const struct job_class *a = &c->classes[*(const uint32_t *)x];
    const struct job_class *b = &c->classes[*(const uint32_t *)y];
    if (a->part != b->part) return a->part < b->part ? -1 : 1;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    if (a->after != b->after) return a->after < b->after ? -1 : 1;
    return *(const uint32_t *)x < *(const uint32_t *)y ? -1 : 1;
}

/* By part and time: what is used together lies together. */
static void sort_classes(struct crowd *c)
{
    struct arena *scratch = arena_new();
    const size_t n = c->n_classes;
    uint32_t *order = ARENA_NEW(scratch, uint32_t, n + 1),
             *to = ARENA_NEW(scratch, uint32_t, n + 1);
    struct job_class *before = ARENA_NEW(scratch, struct job_class, n + 1);
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    qsort_r(order, n, sizeof *order, by_part, c);
    if (n) memcpy(before, c->classes, n * sizeof *before);
    for (size_t i = 0; i < n; i++) {
        c->classes[i] = before[order[i]];
        to[order[i]] = (uint32_t)i;
    }
    for (size_t d = 0; d < c->model->demands->n; d++)
        for (int s = 0; s < 2; s++)
            if (c->class_of[d][s] != UINT32_MAX) c->class_of[d][s] = to[c->class_of[d][s]];
    arena_free(scratch);
}

bool classes_make(struct crowd *c, const size_t (*part_of)[2])
{
    const struct model *m = c->model;
    struct table table = {0};
    struct windows windows = {0};
    bool fits = true;
    windows.part_of = arena_alloc(m->arena, m->n_groups + 1, sizeof *windows.part_of);
    memset(windows.part_of, 0xff, (m->n_groups + 1) * sizeof *windows.part_of);
    c->class_of = arena_alloc(m->arena, m->demands->n + 1, sizeof *c->class_of);
    for (size_t i = 0; i < m->demands->n; i++) {
        const struct demand *d = &m->demands->items[i];
        const double share = d->shape->spot_max_frac;
        struct job_class k = {.first = (uint32_t)grid_find(&m->grid, d->release_us),
                              .after = (uint32_t)grid_find(&m->grid, d->due_us - 1) + 1};
        window_find(c, &windows, d->window);
        for (int spot = 0; spot < 2; spot++) {
            const double part = spot ? share : 1 - share;
            c->class_of[i][spot] = UINT32_MAX;
            if (part <= 0 || d->work <= 0) continue;
            const size_t group = m->group_of[i];
            k.part = part_find(c, &windows, group, spot, part_of[group][spot]);
            fits = fits && k.part != UINT32_MAX;
            if (!fits) continue;
            k.work = part * d->work;
            k.limit = own_limit(c, d, &c->parts[k.part], &k);
            c->class_of[i][spot] = class_add(c, &table, &k);
        }
    }
    arena_free(table.scratch);
    if (fits) sort_classes(c);
    return fits;
}

bool crowd_is_open(const struct crowd *c, const struct job_class *k, size_t t)
{
    return !c->parts[k->part].open || c->parts[k->part].open[t];
}

size_t crowd_columns(const struct crowd *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_classes; i++)
        n += (c->classes[i].after - c->classes[i].first) * c->parts[c->classes[i].part].n_arcs;
    return n;
}
