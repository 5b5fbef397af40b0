/* Periods of the plain formulation: a boundary wherever a datum changes (docs/model.md 1). */
#include "proof/model.h"
#include <stdlib.h>

/* Moments that were cut not long ago are known: many jobs share few. */
enum { KNOWN = 4096 };

struct cuts {
    struct arena *arena;
    int64_t *at, horizon_us, step_us;
    size_t n;
    int64_t known[KNOWN];
};

static void cut(struct cuts *c, int64_t us)
{
    if (us <= 0 || us >= c->horizon_us) return;
    int64_t *known = &c->known[(uint64_t)us / (US_PER_H / 60) % KNOWN];
    if (*known == us) return;
    *known = us;
    *ARENA_PUSH(c->arena, c->at, c->n) = us;
}

/* Both ends of the step in which something opens or closes. */
static void cut_step(struct cuts *c, int64_t us)
{
    cut(c, us - us % c->step_us);
    if (us % c->step_us) cut(c, us - us % c->step_us + c->step_us);
}

static void cut_jobs(struct cuts *c, const struct demand_list *jobs)
{
    int64_t first_late = INT64_MAX;
    const struct window *seen = NULL;
    for (size_t i = 0; i < jobs->n; i++) {
        const struct demand *d = &jobs->items[i];
        cut_step(c, d->release_us);
        cut_step(c, d->due_us);
        if (d->late_priced) cut(c, d->due_us);
        if (d->late_priced && d->due_us < first_late) first_late = d->due_us;
        for (size_t j = 0; d->window != seen && j < d->window->n; j++) {
            cut_step(c, d->window->spans[j].from_us);
            cut_step(c, d->window->spans[j].to_us);
        }
        seen = d->window;
    }
    if (first_late == INT64_MAX) return;
    for (int64_t us = first_late - first_late % c->step_us; us < c->horizon_us; us += c->step_us)
        cut(c, us);
}

static void cut_services(struct cuts *c, const struct service_list *services)
{
    for (size_t i = 0; i < services->n; i++) {
        double before = 0;
        for (int64_t us = 0; us < c->horizon_us; us += c->step_us) {
            const int64_t end = us + c->step_us < c->horizon_us ? us + c->step_us : c->horizon_us;
            const double load = service_sizing_load(&services->items[i], us, end);
            if (load < before || load > before) cut(c, us);
            before = load;
        }
    }
}

static int ascending(const void *x, const void *y)
{
    const int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

void proof_times_make(struct proof *p)
{
    const struct scenario *s = p->in.scenario;
    struct cuts c = {.arena = p->arena, .horizon_us = p->horizon_us, .step_us = s->step_us};
    cut_jobs(&c, p->in.demands);
    cut_services(&c, p->in.services);
    for (size_t i = 0; i < p->n_limits; i++) {
        for (size_t k = 0; k < p->limits[i].n_steps; k++) cut(&c, p->limits[i].steps[k]->start_us);
        if (p->limits[i].until_us != INT64_MAX) cut(&c, p->limits[i].until_us);
    }
    for (size_t i = 0; i < p->n_stores; i++) {
        cut(&c, p->stores[i].from_us);
        cut(&c, p->stores[i].from_us + p->stores[i].keep_us);
    }
    for (moment_t m = next_month_start(s->start); m < s->start + p->horizon_us;
         m = next_month_start(m))
        cut(&c, m - s->start);
    if (c.n) qsort(c.at, c.n, sizeof *c.at, ascending);
    struct proof_times *t = &p->times;
    t->from_us = ARENA_NEW(p->arena, int64_t, c.n + 2);
    t->month = ARENA_NEW(p->arena, int, c.n + 2);
    for (size_t i = 0; i < c.n; i++)
        if (c.at[i] > t->from_us[t->n]) t->from_us[++t->n] = c.at[i];
    t->from_us[++t->n] = p->horizon_us;
    moment_t next = next_month_start(s->start);
    for (size_t i = 0; i < t->n; i++) {
        for (; s->start + t->from_us[i] >= next; next = next_month_start(next)) t->n_months++;
        t->month[i] = t->n_months;
    }
    t->n_months++;
}

size_t proof_times_find(const struct proof_times *t, int64_t us)
{
    size_t low = 0, high = t->n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(t->from_us[middle] <= us ? &low : &high) = middle;
    }
    return low;
}

int64_t proof_step_end(const struct proof *p, int64_t us)
{
    const struct scenario *s = p->in.scenario;
    int64_t end = us - us % s->step_us + s->step_us;
    const int64_t month = next_month_start(s->start + us) - s->start;
    if (month < end) end = month;
    return end < p->horizon_us ? end : p->horizon_us;
}

double proof_month_h(const struct proof *p, int64_t from_us, int64_t to_us, int month)
{
    moment_t begin = month_start(p->in.scenario->start);
    for (int i = 0; i < month; i++) begin = next_month_start(begin);
    const int64_t first = begin - p->in.scenario->start,
                  end = next_month_start(begin) - p->in.scenario->start;
    const int64_t a = from_us > first ? from_us : first, b = to_us < end ? to_us : end;
    return b > a ? (double)(b - a) / (double)US_PER_H : 0;
}
