/* Periods of the model. A boundary is kept only where some data change: the edges of steps in which a window opens or
 * closes, a release, a deadline, a step of stock, the end of a commitment, a month; and every step while late work is
 * priced, because its price grows step by step. Merging the rest never changes the optimum (model.md 1). */
#include "common/text.h"
#include "solver/model.h"
#include <stdlib.h>

struct marks {
    struct arena *arena;
    int64_t *at;
    size_t n;
    int64_t horizon_us, step_us;
    bool *marked; /* [steps] whose begin is a mark already: of many jobs most are; NULL: not kept */
};

static void mark(struct marks *k, int64_t us)
{
    if (us <= 0 || us >= k->horizon_us) return;
    if (k->marked && us % k->step_us == 0) {
        bool *marked = &k->marked[us / k->step_us];
        if (*marked) return;
        *marked = true;
    }
    *ARENA_PUSH(k->arena, k->at, k->n) = us;
}

/* An edge of a window: inside a step both ends of the step stay boundaries, so that the step keeps its `open`. */
static void mark_step(struct marks *k, int64_t us)
{
    const int64_t down = us / k->step_us * k->step_us;
    mark(k, down);
    if (down != us) mark(k, down + k->step_us);
}

static int order(const void *x, const void *y)
{
    const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static void mark_months(struct marks *k, const struct scenario *s)
{
    for (moment_t at = next_month_start(s->start); at < s->start + k->horizon_us;
         at = next_month_start(at))
        mark(k, at - s->start);
}

static void mark_demands(struct marks *k, const struct demand_list *demands, bool coarse)
{
    int64_t first_late_us = INT64_MAX;
    const struct window *seen = NULL;
    for (size_t i = 0; i < demands->n; i++) {
        const struct demand *d = &demands->items[i];
        mark_step(k, d->release_us);
        if (d->late_priced) {
            mark(k, d->due_us); /* a period holding a priced deadline is cut there */
            if (d->due_us < first_late_us) first_late_us = d->due_us;
        }
        mark_step(k, d->due_us);
        if (d->window == seen) continue;
        seen = d->window;
        for (size_t j = 0; j < seen->n; j++) {
            mark_step(k, seen->spans[j].from_us);
            mark_step(k, seen->spans[j].to_us);
        }
    }
    if (coarse || first_late_us == INT64_MAX) return;
    const int64_t from = first_late_us / k->step_us * k->step_us;
    for (int64_t us = from; us < k->horizon_us; us += k->step_us) mark(k, us);
}

/* A rate demand needs a boundary wherever its sizing load changes. */
static void mark_services(struct marks *k, const struct model *m)
{
    for (size_t i = 0; i < m->n_served; i++) {
        double before = -1;
        for (int64_t us = 0; us < k->horizon_us; us += k->step_us) {
            const int64_t end = us + k->step_us < k->horizon_us ? us + k->step_us : k->horizon_us;
            const double load = service_sizing_load(m->served[i].service, us, end);
            if (load != before) mark(k, us);
            before = load;
        }
    }
}

static void mark_limits(struct marks *k, const struct model *m)
{
    for (size_t i = 0; i < m->n_limits; i++) {
        const struct capacity *c = &m->limits[i];
        for (size_t j = 0; j < c->n_steps; j++) mark(k, c->steps[j]->start_us);
        if (c->until_us != INT64_MAX) mark(k, c->until_us);
    }
}

/* Capacity is there from the beginning of what it holds to its end. */
static void mark_stores(struct marks *k, const struct model *m)
{
    for (size_t i = 0; i < m->n_stores; i++) {
        mark(k, m->stores[i].from_us);
        mark(k, m->stores[i].from_us + m->stores[i].keep_us);
    }
}

/* Sorted and each once. */
static void tidy(struct marks *k)
{
    if (k->n) qsort(k->at, k->n, sizeof *k->at, order);
    size_t kept = 0;
    for (size_t i = 0; i < k->n; i++)
        if (kept == 0 || k->at[i] > k->at[kept - 1]) k->at[kept++] = k->at[i];
    k->n = kept;
}

static void find_periods(struct grid *g, const struct marks *k)
{
    g->n = k->n + 1;
    g->from_us = ARENA_NEW(k->arena, int64_t, k->n + 2);
    for (size_t i = 0; i < k->n; i++) g->from_us[i + 1] = k->at[i];
    g->from_us[g->n] = k->horizon_us;
}

/* A block begins wherever something other than the load of a rate demand changes. */
static void find_blocks(struct grid *g, const struct marks *changes)
{
    g->first = ARENA_NEW(changes->arena, size_t, g->n);
    g->after = ARENA_NEW(changes->arena, size_t, g->n);
    size_t change = 0;
    for (size_t t = 1; t < g->n; t++) {
        while (change < changes->n && changes->at[change] < g->from_us[t]) change++;
        const bool begins = change < changes->n && changes->at[change] == g->from_us[t];
        g->first[t] = begins ? t : g->first[t - 1];
    }
    for (size_t t = g->n; t-- > 0;)
        g->after[t] = t + 1 < g->n && g->first[t + 1] == g->first[t] ? g->after[t + 1] : t + 1;
}

enum err grid_make(struct grid *g, const struct model *m)
{
    const struct scenario *s = m->scenario;
    struct arena *scratch = arena_new();
    struct marks changes = {.arena = m->arena,
                            .horizon_us = m->horizon_us,
                            .step_us = s->step_us,
                            .marked =
                                ARENA_NEW(scratch, bool, (size_t)(m->horizon_us / s->step_us) + 1)};
    mark_months(&changes, s);
    mark_stores(&changes, m);
    mark_demands(&changes, m->demands, m->coarse_late);
    for (size_t i = 0; i < m->n_late_cuts; i++) mark(&changes, m->late_cuts[i]);
    mark_limits(&changes, m);
    arena_free(scratch);
    changes.marked = NULL;
    struct marks all = {.arena = m->arena, .horizon_us = m->horizon_us, .step_us = s->step_us};
    for (size_t i = 0; i < changes.n; i++) mark(&all, changes.at[i]);
    mark_services(&all, m);
    tidy(&changes);
    tidy(&all);
    find_periods(g, &all);
    find_blocks(g, s->relaxed || m->plain ? &all
                                          : &changes); /* the LP's own plan is shown by period */
    g->month = ARENA_NEW(m->arena, int, g->n);
    int month = 0;
    moment_t next = next_month_start(s->start);
    for (size_t t = 0; t < g->n; t++) {
        while (s->start + g->from_us[t] >= next) {
            month++;
            next = next_month_start(next);
        }
        g->month[t] = month;
    }
    g->n_months = month + 1;
    return OK;
}

int64_t step_end(const struct model *m, int64_t us)
{
    const struct scenario *s = m->scenario;
    int64_t end = (us / s->step_us + 1) * s->step_us;
    const int64_t month = next_month_start(s->start + us) - s->start;
    if (month < end) end = month;
    return end < m->horizon_us ? end : m->horizon_us;
}

double period_h(const struct grid *g, size_t t)
{
    return (double)(g->from_us[t + 1] - g->from_us[t]) / (double)US_PER_H;
}

size_t grid_find(const struct grid *g, int64_t us)
{
    size_t low = 0, high = g->n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (g->from_us[middle] <= us)
            low = middle;
        else
            high = middle;
    }
    return low;
}
