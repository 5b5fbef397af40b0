/* A lower bound from any prices: what all classes would pay at them, less what limits would earn. */
#include "solver/price_search.h"
#include <math.h>
#include <string.h>

/* Indirect purchases (savings plans) must not earn more than they cost: their prices are scaled down to that. */
static void scale_purchases(struct prices *p, const struct crowd *c)
{
    const size_t T = c->n_periods;
    for (size_t l = 0; l < c->model->n_limits; l++) {
        if (!c->model->limits[l].buys || !c->used[l]) continue;
        double earned = 0;
        for (size_t t = 0; t < T; t++) earned += p->limit[l * T + t] * c->hours[t];
        const double cost = crowd_purchase(c, l);
        if (earned > cost)
            for (size_t t = 0; t < T; t++) p->limit[l * T + t] *= cost / earned;
    }
}

/* What a machine-hour of a supplier costs with the prices of its limits. */
static double full_price(const struct prices *p, const struct crowd *c, size_t s, size_t t)
{
    const struct supplier *o = &c->suppliers[s];
    double price = o->price;
    for (size_t i = 0; i < o->n_limits; i++)
        price += o->limits[i].units * p->limit[o->limits[i].limit * c->n_periods + t];
    return price;
}

/* A limit of a number that could take what the supplier would gain; NONE: it has none. The scarcest one earns least. */
static size_t taking_limit(const struct crowd *c, const struct supplier *o, size_t t, double *units)
{
    size_t best = NONE;
    double least = INFINITY;
    for (size_t i = 0; i < o->n_limits; i++) {
        const size_t l = o->limits[i].limit;
        const double machines = c->amount[l * c->n_periods + t] / o->limits[i].units;
        if (c->model->limits[l].buys || !(machines < least)) continue;
        least = machines;
        best = l;
        *units = o->limits[i].units;
    }
    return best;
}

/* Subscribed machines earn the price of their bus all the time: not more than they cost. */
static void scale_bought(struct prices *p, const struct crowd *c, size_t s)
{
    const struct supplier *o = &c->suppliers[s];
    const size_t T = c->n_periods;
    double *bus = p->bus + o->bus * T;
    double earned = 0, cost = crowd_purchase(c, o->bought);
    for (size_t t = 0; t < T; t++) earned += o->size * bus[t] * c->hours[t];
    for (size_t k = 0; k < c->model->n_limits; k++) {
        const double taken = crowd_taken(c, k, o->bought);
        for (size_t t = 0; taken > 0 && t < T; t++)
            cost += taken * p->limit[k * T + t] * c->hours[t];
    }
    if (earned > cost)
        for (size_t t = 0; t < T; t++) bus[t] *= cost / earned;
}

/* No supplier gains: the price of its limit rises by what it would, or that of the bus falls. */
static void close_gains(struct prices *p, const struct crowd *c)
{
    const size_t T = c->n_periods;
    double units = 1;
    for (size_t s = 0; s < c->n_suppliers; s++) {
        const struct supplier *o = &c->suppliers[s];
        double *bus = p->bus + o->bus * T;
        for (size_t t = 0; o->bought == NONE && t < T; t++)
            if (taking_limit(c, o, t, &units) == NONE)
                bus[t] = fmin(bus[t], full_price(p, c, s, t) / o->size);
    }
    for (size_t s = 0; s < c->n_suppliers; s++)
        if (c->suppliers[s].bought != NONE) scale_bought(p, c, s);
    for (size_t s = 0; s < c->n_suppliers; s++) {
        const struct supplier *o = &c->suppliers[s];
        for (size_t t = 0; o->bought == NONE && t < T; t++) {
            const double gain = o->size * p->bus[o->bus * T + t] - full_price(p, c, s, t);
            const size_t l = gain > 0 ? taking_limit(c, o, t, &units) : NONE;
            if (l != NONE) p->limit[l * T + t] += gain / units;
        }
    }
}

/* Limits with one supplier follow from the price of the bus: what the search has for them is not needed. */
static void drop_needless(struct prices *p, const struct crowd *c)
{
    const size_t T = c->n_periods;
    double units = 1;
    for (size_t s = 0; s < c->n_suppliers; s++)
        for (size_t t = 0; c->suppliers[s].bought == NONE && t < T; t++) {
            const size_t l = taking_limit(c, &c->suppliers[s], t, &units);
            if (l != NONE) p->limit[l * T + t] = 0;
        }
}

static double least_in(const double *cost, const struct job_class *k)
{
    double least = cost[k->first];
    for (size_t t = k->first + 1; t < k->after; t++) least = cost[t] < least ? cost[t] : least;
    return least;
}

/* Money per work of a part in every period. */
static void part_cost(double *cost, const struct prices *p, const struct crowd *c, size_t part)
{
    const struct part *q = &c->parts[part];
    const size_t T = c->n_periods;
    for (size_t t = 0; t < T; t++) cost[t] = INFINITY;
    for (size_t a = 0; a < q->n_arcs; a++) {
        const double *bus = p->bus + q->arcs[a].bus * T;
        for (size_t t = 0; t < T; t++) {
            const double x = (bus[t] + q->arcs[a].extra) / q->arcs[a].work;
            cost[t] = x < cost[t] ? x : cost[t];
        }
    }
    for (size_t t = 0; q->open && t < T; t++)
        if (!q->open[t]) cost[t] = INFINITY;
}

/* What all classes pay when each takes the cheapest hour of its window; price[classes] of each where it is given. */
static double classes_pay(double *price, const struct prices *p, const struct crowd *c)
{
    struct arena *scratch = arena_new();
    double *cost = ARENA_NEW(scratch, double, c->n_periods + 1), sum = 0;
    for (size_t i = 0, part = SIZE_MAX; i < c->n_classes; i++) {
        const struct job_class *k = &c->classes[i];
        if (k->part != part) part_cost(cost, p, c, part = k->part);
        const double least = least_in(cost, k);
        if (price) price[i] = least;
        sum += k->work * least;
    }
    arena_free(scratch);
    return sum;
}

double *price_of_classes(const struct prices *p, const struct crowd *c)
{
    double *price = ARENA_NEW(c->model->arena, double, c->n_classes + 1);
    (void)classes_pay(price, p, c);
    return price;
}

double price_bound(struct prices *p, const struct crowd *c)
{
    const size_t T = c->n_periods;
    drop_needless(p, c);
    scale_purchases(p, c);
    close_gains(p, c);
    double bound = c->constant + classes_pay(NULL, p, c);
    for (size_t i = 0; i < c->model->n_limits * T; i++)
        if (p->limit[i] > 0 && !c->model->limits[i / T].buys && isfinite(c->amount[i]))
            bound -= p->limit[i] * c->amount[i] * c->hours[i % T];
    return bound;
}
