/* How many machines a service holds for a load: the plan's, with those added that are missing and those released that are not
 * needed. */
#include "sim/service_play.h"
#include <math.h>

/* Load counts as carried when no more than this share is missing, as in the plan. */
#define ENOUGH 1e-9

static long total(const struct service_play *p, const long *n, bool with_spot)
{
    long sum = 0;
    for (size_t o = 0; o < p->n_options; o++)
        if (with_spot || !p->options[o].spot) sum += n[o];
    return sum;
}

static bool enough(const struct service_play *p, const long *n, double target)
{
    const struct service *s = p->service;
    const double slack = ENOUGH * target;
    if (total(p, n, true) < s->min_machines || total(p, n, false) < s->on_demand_base) return false;
    if (pools_carry(p, n, true) < target - slack) return false;
    return s->spot_max_frac >= 1 ||
           pools_carry(p, n, false) >= (1 - s->spot_max_frac) * target - slack;
}

/* Least number of machines of option o in [low, high] that is enough with the others as they are; high where none is. */
static long least(const struct service_play *p, long *n, size_t o, long high, double target)
{
    long low = n[o] < high ? n[o] : 0;
    const long before = n[o];
    while (low < high) {
        n[o] = low + (high - low) / 2;
        if (enough(p, n, target))
            high = n[o];
        else
            low = n[o] + 1;
    }
    n[o] = before;
    return high;
}

/* Machines of option o that quotas and stock leave beside those of the others. */
static long most_allowed(const struct service_play *p, size_t slot, const long *n, size_t o)
{
    double most = (double)p->options[o].most;
    for (size_t i = 0; i < p->n_caps; i++) {
        const struct play_cap *c = &p->caps[i];
        if (c->units[o] <= 0) continue;
        double left = c->left[slot];
        for (size_t k = 0; k < p->n_options; k++)
            if (k != o) left -= (double)n[k] * c->units[k];
        most = fmin(most, floor(left / c->units[o] + ENOUGH));
    }
    return (long)fmax(0, most);
}

/* Machines of option o that may be held; never fewer than are. */
static long most_of(const struct service_play *p, size_t slot, const long *n, size_t o)
{
    const long most = p->service->max_machines, others = total(p, n, true) - n[o];
    long left = most_allowed(p, slot, n, o);
    if (most > 0 && most - others < left) left = most - others;
    return left > n[o] ? left : n[o];
}

static void release(const struct service_play *p, double target, long *n)
{
    for (size_t i = 0; i < p->n_scaling; i++) {
        const size_t o = p->by_price[i];
        const long held = n[o];
        if (held == 0) continue;
        n[o] = 0;
        if (enough(p, n, target)) continue;
        n[o] = least(p, n, o, held, target);
    }
}

/* On demand first: what is missing now must not be taken away again; the cheapest first among equals. */
static void add(const struct service_play *p, size_t slot, double target, long *n)
{
    for (int spot = 0; spot <= 1; spot++)
        for (size_t i = p->n_scaling; i-- > 0;) {
            const size_t o = p->by_price[i];
            if (p->options[o].spot != (spot == 1)) continue;
            n[o] = least(p, n, o, most_of(p, slot, n, o), target);
            if (enough(p, n, target)) return;
        }
}

void machines_for(const struct service_play *p, size_t slot, double target, long *n)
{
    for (size_t o = 0; o < p->n_options; o++) n[o] = p->options[o].planned[slot];
    if (enough(p, n, target))
        release(p, target, n);
    else
        add(p, slot, target, n);
}
