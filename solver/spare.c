#include "solver/spare.h"
#include "common/text.h"
#include "solver/ledger.h"
#include "solver/openings.h"
#include <math.h>
#include <string.h>

static double least_left(const struct planner *p, const char *key)
{
    double least = INFINITY;
    for (size_t l = 0; l < p->m->n_limits; l++)
        if (p->m->limits[l].key && strcmp(p->m->limits[l].key, key) == 0)
            least = fmin(least, openings_left(&p->schedule, l, p->m->horizon_us));
    for (size_t i = 0; i < p->f->n_budgets; i++) {
        const struct budget *b = &p->f->budgets[i];
        if (strcmp(b->key, key) == 0)
            least = fmin(least, b->limit - (double)ledger_budget(p->plan, b) / 1e6);
    }
    return least;
}

static double width_left(const struct planner *p, const struct workload *w)
{
    double least = INFINITY;
    for (size_t i = 0; i < p->m->demands->n; i++) {
        const struct demand *d = &p->m->demands->items[i];
        const struct profile *own = &p->schedule.own[i];
        double most = 0;
        if (d->shape->workload != w || d->shape->workers || !isfinite(max_gpus(d))) continue;
        for (size_t k = 0; k < own->n; k++) most = fmax(most, own->used[k]);
        const double asked = (double)d->shape->max_workers;
        const double widest = d->items > 0 ? fmin(asked, d->items) : asked;
        least = fmin(least, asked - widest * most / max_gpus(d));
    }
    return least;
}

/* NAN: not known, of services. */
static double share_left(const struct planner *p, const struct workload *w)
{
    double least = INFINITY;
    for (size_t i = 0; i < p->m->n_served; i++)
        if (p->m->served[i].service->shape->workload == w) return (double)NAN;
    for (size_t i = 0; i < p->m->demands->n; i++) {
        const struct demand_outcome *o = &p->plan->outcomes[i];
        const struct shape *s = p->m->demands->items[i].shape;
        if (s->workload == w && o->useful > 0)
            least = fmin(least, 100 * (s->spot_max_frac - o->on_spot / o->useful));
    }
    return least;
}

/* Of limits that a workload states; INFINITY: the key is not one of them. NAN: not known. */
static double least_own(const struct planner *p, const char *key)
{
    const struct scenario *s = p->m->scenario;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        if (strcmp(key, arena_printf(p->arena, "workloads.%s.resources.max_workers", w->name)) == 0)
            return width_left(p, w);
        if (strcmp(key, arena_printf(p->arena, "workloads.%s.spot_max_share", w->name)) == 0)
            return share_left(p, w);
    }
    return INFINITY;
}

void spare_tell(const struct planner *p)
{
    for (size_t i = 0; i < p->plan->n_shadows && !p->decision.relaxed; i++) {
        struct shadow *s = &p->plan->shadows[i];
        if (s->saves > 0 || s->costs > 0 || !(s->down_to > 0)) continue;
        const double own = least_own(p, s->what), left = fmin(least_left(p, s->what), own);
        if (isnan(own)) s->down_to = (double)NAN;
        if (!(left < s->down_to)) continue;
        s->down_to = fmax(0, left);
        if (left <= UNIT_SLACK) s->note = _("only whole machines reach it");
    }
}
