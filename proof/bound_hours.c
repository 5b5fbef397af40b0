/* What an hour of the choices of a job costs at the prices of limits, budgets, links and reads; the cheapest unit of its work. */
#include "proof/bound_jobs.h"
#include <math.h>

/* Jobs from which it pays to have the cheapest of any window at hand. */
enum { MANY_JOBS = 64 };

/* MB/s that a running machine reads of a pool's class, times the price. */
static double reads_cost(const struct bounder *b, const struct proof_group *g,
                         const struct proof_choice *c, size_t t)
{
    const struct workload *w = g->shape->workload;
    double sum = 0;
    for (size_t j = 0; j < w->n_uses; j++) {
        if (w->uses[j].reads <= 0) continue;
        const struct proof_store *s = &b->p->stores[proof_store_find(b->p, w->uses[j].use)];
        const size_t pool = s->homes[g->sites[c->site].home[j]].pool;
        if (pool == NOWHERE || !b->reads_price[pool]) continue;
        sum += b->reads_price[pool][t] * c->work / c->u * w->uses[j].reads * w->uses[j].size_gib *
               1024 / 3600 / g->work;
    }
    return sum;
}

/* Cost of a machine-hour in period t, `crowd` times the price of what running machines take: h / open. */
double bound_hour_cost(const struct bounder *b, const struct proof_group *g,
                       const struct proof_choice *c, size_t t, double crowd)
{
    const int month = b->p->times.month[t];
    double shared = reads_cost(b, g, c, t);
    for (size_t i = 0; i < c->n_uses; i++) {
        const size_t l = c->uses[i].limit;
        if (b->closed[l] && b->closed[l][t]) return INFINITY;
        if (b->implying && bound_is_implied(b, l)) return INFINITY;
        shared += c->uses[i].units * bound_price_of_limit(b, l, t);
    }
    return c->cost * bound_all(b, month) + c->booked * bound_own(b, g->owner, month) +
           crowd * shared;
}

/* Costs of all choices in the spell of t. */
static const double *spell_costs(const struct bounder *b, struct kept *k, size_t t)
{
    const size_t spell = b->spell_of[t];
    double *cost = &k->cost[spell * k->n], *least = &k->least[2 * spell];
    if (k->priced[spell]) return cost;
    k->priced[spell] = true;
    least[0] = least[1] = INFINITY;
    for (size_t i = 0; i < k->n; i++) {
        const struct proof_choice *c = k->choices[i];
        cost[i] = bound_hour_cost(b, k->group, c, t, 1);
        least[c->spot] = fmin(least[c->spot], cost[i] / c->work);
    }
    return cost;
}

/* Money for lateness per unit of work done in period t. */
static double late_cost(const struct pricing *x, size_t t)
{
    const struct proof *p = x->b->p;
    const struct demand *d = x->d;
    if (!d->late_priced || p->times.from_us[t] < d->due_us) return 0;
    const int month = p->times.month[proof_times_find(&p->times, d->due_us)];
    const double late_h = (double)(p->times.from_us[t + 1] - d->due_us) / (double)US_PER_H;
    return ratio_value(d->late_cost_per_h) * late_h / d->work *
           (bound_all(x->b, month) + bound_own(x->b, x->owner, month));
}

/* Money per unit of work of choice i, a cost given. */
double bound_unit_cost(const struct pricing *x, size_t i, double cost, double late)
{
    const struct proof_choice *c = x->k->choices[i];
    if (x->links) cost += x->links[i];
    const double all = cost / c->work + (c->spot ? x->share : 0) + late;
    return all - MARGIN * fabs(all);
}

static int64_t open_us(const struct pricing *x, size_t t)
{
    const struct proof *p = x->b->p;
    return demand_open_us(x->d, p->times.from_us[t], p->times.from_us[t + 1], x->d->late_priced,
                          p->horizon_us);
}

/* Costs in period t: those of its spell, or its own where the job may run in a part of it only. */
static const double *costs_at(const struct pricing *x, size_t t, int64_t open)
{
    const struct proof *p = x->b->p;
    const int64_t length = p->times.from_us[t + 1] - p->times.from_us[t];
    if (open == length) return spell_costs(x->b, x->k, t);
    for (size_t i = 0; i < x->k->n; i++)
        x->own[i] =
            bound_hour_cost(x->b, x->k->group, x->k->choices[i], t, (double)length / (double)open);
    return x->own;
}

struct hour bound_first_hour(const struct pricing *x)
{
    return (struct hour){.t = proof_times_find(&x->b->p->times, x->d->release_us) - 1,
                         .spell = NOWHERE};
}

bool bound_next_hour(const struct pricing *x, struct hour *h)
{
    const struct proof_times *times = &x->b->p->times;
    while (++h->t < times->n) {
        const bool late = x->d->late_priced && times->from_us[h->t] >= x->d->due_us;
        if (!late && times->from_us[h->t] >= x->d->due_us) return false;
        h->open = open_us(x, h->t);
        if (h->open <= 0) continue;
        const bool plain = !late && h->open == times->from_us[h->t + 1] - times->from_us[h->t];
        const size_t spell = plain ? x->b->spell_of[h->t] : NOWHERE;
        h->again = plain && h->cost && spell == h->spell;
        h->spell = spell;
        if (h->again) return true;
        h->cost = costs_at(x, h->t, h->open);
        h->late = late_cost(x, h->t);
        return true;
    }
    return false;
}

static void note_cheapest(struct cheapest *least, const struct pricing *x, const struct hour *h)
{
    if (!x->links && h->spell != NOWHERE) {
        const double *of = &x->k->least[2 * h->spell];
        least->other = fmin(least->other, of[0] - 2 * MARGIN * fabs(of[0]));
        least->spot = fmin(least->spot, of[1] - 2 * MARGIN * fabs(of[1]));
        return;
    }
    for (size_t i = 0; i < x->k->n; i++) {
        double *of = x->k->choices[i]->spot ? &least->spot : &least->other;
        if (isfinite(h->cost[i])) *of = fmin(*of, bound_unit_cost(x, i, h->cost[i], h->late));
    }
}

/* Of all spells at once. */
static void know_all_spells(const struct bounder *b, struct kept *k)
{
    const size_t n = b->n_spells;
    double *of[2] = {ARENA_NEW(b->p->arena, double, n), ARENA_NEW(b->p->arena, double, n)};
    for (size_t t = 0; t < b->p->times.n; t++) {
        (void)spell_costs(b, k, t);
        for (int i = 0; i < 2; i++)
            of[i][b->spell_of[t]] = k->least[2 * b->spell_of[t] + (size_t)i];
    }
    for (int i = 0; i < 2; i++) k->by_spell[i] = least_make(of[i], n, b->p->arena);
}

/* A period of which the job may have a part. */
static void note_part(struct cheapest *least, const struct pricing *x, size_t t)
{
    struct hour h = {.t = t - 1, .spell = NOWHERE};
    if (open_us(x, t) > 0 && bound_next_hour(x, &h)) note_cheapest(least, x, &h);
}

/* Of a window without gaps, where many jobs see the same choices. */
static bool cheapest_at_once(struct cheapest *least, struct pricing *x)
{
    const struct bounder *b = x->b;
    size_t first, after;
    if (x->links || x->k->n_jobs < MANY_JOBS || !bound_open_periods(b->p, x->d, &first, &after))
        return false;
    if (first > 0) note_part(least, x, first - 1);
    if (after < b->p->times.n) note_part(least, x, after);
    if (first >= after) return true;
    if (x->k->by_spell[0].n == 0) know_all_spells(b, x->k);
    const size_t from = b->spell_of[first], to = b->spell_of[after - 1] + 1;
    const double other = least_in(&x->k->by_spell[0], from, to),
                 spot = least_in(&x->k->by_spell[1], from, to);
    least->other = fmin(least->other, other - 2 * MARGIN * fabs(other));
    least->spot = fmin(least->spot, spot - 2 * MARGIN * fabs(spot));
    return true;
}

struct cheapest bound_cheapest(struct pricing *x)
{
    struct cheapest least = {INFINITY, INFINITY};
    if (cheapest_at_once(&least, x)) return least;
    for (struct hour h = bound_first_hour(x); bound_next_hour(x, &h);)
        if (!h.again) note_cheapest(&least, x, &h);
    return least;
}
