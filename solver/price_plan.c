/* From average flows to a plan that keeps every limit. Purchases and machines are the averages, cut where limits are passed; then
 * every bus gets what its load needs, cheapest first, and load for which nothing is left goes to other buses in the same period,
 * so that no job leaves its window. */
#include "solver/price_internal.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct dispatch {
    const struct crowd *c;
    struct crowd_flow *out;
    double *units; /* [arcs][periods], as in demand_side */
    const size_t *first_arc;
    double *load;       /* [buses][periods] */
    double *used;       /* [limits][periods] */
    double *share;      /* [suppliers] */
    uint32_t *by_price; /* suppliers of each bus, cheapest first */
};

/* Machines (running at a time) of a supplier for which its limits have room. */
static double room_for(const struct dispatch *d, size_t s, size_t t)
{
    const struct crowd *c = d->c;
    const struct supplier *o = &c->suppliers[s];
    double room = INFINITY;
    for (size_t i = 0; i < o->n_limits; i++) {
        const size_t l = o->limits[i].limit;
        const double amount =
            c->model->limits[l].buys ? d->out->bought[l] : c->amount[l * c->n_periods + t];
        room = fmin(room, (amount - d->used[l * c->n_periods + t]) / o->limits[i].units);
    }
    return fmax(0, room);
}

/* More machines of a supplier in t, or fewer. */
static void change(struct dispatch *d, size_t s, size_t t, double by)
{
    const struct crowd *c = d->c;
    const struct supplier *o = &c->suppliers[s];
    double *n = &d->out->machines[s * c->n_periods + t];
    *n = fmax(0, *n + by);
    for (size_t i = 0; i < o->n_limits; i++)
        d->used[o->limits[i].limit * c->n_periods + t] += o->limits[i].units * by;
}

static int by_price(const void *x, const void *y, void *context)
{
    const struct crowd *c = context;
    const struct supplier *a = &c->suppliers[*(const uint32_t *)x];
    const struct supplier *b = &c->suppliers[*(const uint32_t *)y];
    if (a->price * b->size < b->price * a->size) return -1;
    return a->price * b->size > b->price * a->size;
}

static void order_suppliers(struct dispatch *d, struct arena *a)
{
    const struct crowd *c = d->c;
    d->by_price = ARENA_NEW(a, uint32_t, c->n_suppliers + 1);
    for (size_t s = 0; s < c->n_suppliers; s++) d->by_price[s] = (uint32_t)s;
    for (size_t b = 0; b < c->n_buses; b++)
        qsort_r(d->by_price + c->first_supplier[b], c->first_supplier[b + 1] - c->first_supplier[b],
                sizeof *d->by_price, by_price, (void *)c);
}

/* What the fullest of its limits allows of a supplier's machines. */
static double share_allowed(const struct dispatch *d, size_t s, size_t t)
{
    const struct crowd *c = d->c;
    const struct supplier *o = &c->suppliers[s];
    double share = 1;
    for (size_t i = 0; o->bought == NONE && i < o->n_limits; i++) {
        const size_t l = o->limits[i].limit, at = l * c->n_periods + t;
        const double amount = c->model->limits[l].buys ? d->out->bought[l] : c->amount[at];
        if (d->used[at] > amount) share = fmin(share, fmax(0, amount / d->used[at]));
    }
    return share;
}

/* Average machines of a period, cut where they pass a limit together. */
static void start_period(struct dispatch *d, const double *average, double scale, size_t t)
{
    const struct crowd *c = d->c;
    const size_t T = c->n_periods;
    for (size_t s = 0; s < c->n_suppliers; s++)
        if (c->suppliers[s].bought == NONE) change(d, s, t, average[s * T + t] * scale);
    for (size_t s = 0; s < c->n_suppliers; s++) d->share[s] = share_allowed(d, s, t);
    for (size_t s = 0; s < c->n_suppliers; s++)
        if (d->share[s] < 1) change(d, s, t, (d->share[s] - 1) * d->out->machines[s * T + t]);
}

/* Units per hour that a bus needs beside subscribed machines. */
static double needed(const struct dispatch *d, size_t b, size_t t)
{
    const struct crowd *c = d->c;
    double need = d->load[b * c->n_periods + t] / c->hours[t];
    for (size_t s = c->first_supplier[b]; s < c->first_supplier[b + 1]; s++)
        if (c->suppliers[s].bought != NONE)
            need -= c->suppliers[s].size * d->out->bought[c->suppliers[s].bought];
    return fmax(0, need);
}

static double supplied(const struct dispatch *d, size_t b, size_t t)
{
    const struct crowd *c = d->c;
    double sum = 0;
    for (size_t s = c->first_supplier[b]; s < c->first_supplier[b + 1]; s++)
        sum += c->suppliers[s].size * d->out->machines[s * c->n_periods + t];
    return sum;
}

/* Gives back what is too much, dearest first. */
static void trim(struct dispatch *d, size_t b, size_t t)
{
    const struct crowd *c = d->c;
    double over = supplied(d, b, t) - needed(d, b, t);
    for (size_t i = c->first_supplier[b + 1]; i-- > c->first_supplier[b] && over > 0;) {
        const size_t s = d->by_price[i];
        const double size = c->suppliers[s].size;
        const double less = fmin(over / size, d->out->machines[s * c->n_periods + t]);
        if (less <= 0) continue;
        change(d, s, t, -less);
        over -= less * size;
    }
}

/* Adds what is missing, cheapest first; returns the units for which there is nothing. */
static double fill(struct dispatch *d, size_t b, size_t t)
{
    const struct crowd *c = d->c;
    const double need = needed(d, b, t);
    double missing = need - supplied(d, b, t);
    for (size_t i = c->first_supplier[b]; i < c->first_supplier[b + 1] && missing > 0; i++) {
        const size_t s = d->by_price[i];
        if (c->suppliers[s].bought != NONE) continue;
        const double more = fmin(missing / c->suppliers[s].size, room_for(d, s, t));
        if (more <= 0) continue;
        change(d, s, t, more);
        missing -= more * c->suppliers[s].size;
    }
    return missing > 1e-12 * need ? missing : 0;
}

/* Cheaper machines with room take the place of dearer ones. */
static void improve(struct dispatch *d, size_t b, size_t t)
{
    const struct crowd *c = d->c;
    size_t last = c->first_supplier[b + 1];
    for (size_t i = c->first_supplier[b]; i < last; i++) {
        const size_t s = d->by_price[i];
        if (c->suppliers[s].bought != NONE) continue;
        while (last > i + 1) {
            const size_t dear = d->by_price[last - 1];
            const double there = d->out->machines[dear * c->n_periods + t];
            const bool cheaper = c->suppliers[s].price * c->suppliers[dear].size <
                                 c->suppliers[dear].price * c->suppliers[s].size;
            if (!cheaper) break;
            if (there > 0) {
                change(d, dear, t, -there); /* room for both is counted without it */
                const double units = there * c->suppliers[dear].size;
                const double take = fmin(units / c->suppliers[s].size, room_for(d, s, t));
                if (take > 0) change(d, s, t, take);
                const double rest = (units - take * c->suppliers[s].size) / c->suppliers[dear].size;
                change(d, dear, t, fmax(0, rest));
                if (rest > 0) break;
            }
            last--;
        }
    }
}

/* Units of a bus that can still be had in t. */
static double spare_units(const struct dispatch *d, size_t b, size_t t)
{
    const struct crowd *c = d->c;
    double sum = 0;
    for (size_t s = c->first_supplier[b]; s < c->first_supplier[b + 1]; s++)
        if (c->suppliers[s].bought == NONE) sum += room_for(d, s, t) * c->suppliers[s].size;
    return sum + fmax(0, supplied(d, b, t) - needed(d, b, t));
}

/* The cheapest other bus of a part with something left; NONE: there is none. */
static size_t other_arc(const struct dispatch *d, const struct part *p, const double *bus_price,
                        size_t from, size_t t, double *left)
{
    size_t best = NONE;
    double least = INFINITY;
    for (size_t i = 0; i < p->n_arcs; i++) {
        const struct arc *a = &p->arcs[i];
        const double price = (bus_price[a->bus * d->c->n_periods + t] + a->extra) / a->work;
        if (a->bus == from || !(price < least)) continue;
        const double spare = spare_units(d, a->bus, t);
        if (spare <= 1e-9 * (1 + d->load[a->bus * d->c->n_periods + t])) continue;
        best = i;
        least = price;
        *left = spare;
    }
    return best;
}

/* Moves `missing` units per hour of a bus in t to other buses; returns what found no place. */
static double move_load(struct dispatch *d, const double *bus_price, size_t b, size_t t,
                        double missing)
{
    const struct crowd *c = d->c;
    const size_t T = c->n_periods;
    for (size_t p = 0; p < c->n_parts && missing > 0; p++) {
        const struct part *part = &c->parts[p];
        for (size_t i = 0; i < part->n_arcs; i++) {
            double *from = d->units + (d->first_arc[p] + i) * T + t, left = 0;
            if (part->arcs[i].bus != b) continue;
            for (size_t round = 0; round<part->n_arcs && * from> 0 && missing > 0; round++) {
                const size_t to = other_arc(d, part, bus_price, b, t, &left);
                if (to == NONE) break;
                const double ratio = part->arcs[i].work / part->arcs[to].work;
                const double move = fmin(fmin(*from, missing * c->hours[t]),
                                         left * c->hours[t] / ratio * (1 + 1e-12));
                *from -= move;
                d->load[b * T + t] -= move;
                d->units[(d->first_arc[p] + to) * T + t] += move * ratio;
                d->load[part->arcs[to].bus * T + t] += move * ratio;
                missing -= move / c->hours[t];
                (void)fill(d, part->arcs[to].bus, t);
            }
        }
    }
    return missing;
}

static bool settle_period(struct dispatch *d, const double *bus_price, size_t t)
{
    const struct crowd *c = d->c;
    double missing = 0;
    bool placed = true;
    for (size_t b = 0; b < c->n_buses; b++) trim(d, b, t);
    for (int round = 0; round < 2; round++)
        for (size_t b = 0; b < c->n_buses; b++) {
            missing = fill(d, b, t);
            improve(d, b, t);
            if (missing > 0 && round) missing = move_load(d, bus_price, b, t, missing);
            if (round) placed = placed && missing <= 1e-9 * (needed(d, b, t) + 1);
        }
    for (size_t b = 0; b < c->n_buses; b++) trim(d, b, t);
    return placed;
}

static double cost_of(const struct dispatch *d)
{
    const struct crowd *c = d->c;
    const size_t T = c->n_periods;
    double cost = c->constant;
    for (size_t s = 0; s < c->n_suppliers; s++)
        for (size_t t = 0; c->suppliers[s].bought == NONE && t < T; t++)
            cost += d->out->machines[s * T + t] * c->hours[t] * c->suppliers[s].price;
    for (size_t l = 0; l < c->model->n_limits; l++)
        if (d->out->bought[l] > 0) cost += d->out->bought[l] * crowd_purchase(c, l);
    for (size_t p = 0; p < c->n_parts; p++)
        for (size_t i = 0; i < c->parts[p].n_arcs; i++)
            for (size_t t = 0; c->parts[p].arcs[i].extra > 0 && t < T; t++)
                cost += d->units[(d->first_arc[p] + i) * T + t] * c->parts[p].arcs[i].extra;
    return cost;
}

double price_plan(struct part_flow *out, const struct demand_side *demand,
                  const struct supply_side *s, const struct prices *prices, struct arena *a)
{
    const struct crowd *c = demand->c;
    const size_t T = c->n_periods, L = c->model->n_limits, arcs = demand->first_arc[c->n_parts];
    struct dispatch d = {.c = c,
                         .out = &out->flow,
                         .units = out->units,
                         .first_arc = demand->first_arc,
                         .load = ARENA_NEW(a, double, c->n_buses *T + 1),
                         .used = ARENA_NEW(a, double, L *T + 1),
                         .share = ARENA_NEW(a, double, c->n_suppliers + 1)};
    const double scale = 1 / demand->weight;
    memset(out->flow.machines, 0, c->n_suppliers * T * sizeof(double));
    for (size_t i = 0; i < arcs * T; i++) out->units[i] = demand->sum[i] * scale;
    for (size_t p = 0; p < c->n_parts; p++)
        for (size_t i = 0; i < c->parts[p].n_arcs; i++)
            for (size_t t = 0; t < T; t++)
                d.load[c->parts[p].arcs[i].bus * T + t] += out->units[(d.first_arc[p] + i) * T + t];
    for (size_t l = 0; l < L; l++) out->flow.bought[l] = s->bought_sum[l] * scale;
    for (size_t l = 0; l < L; l++)
        for (size_t k = 0; k < L; k++)
            for (size_t t = 0; out->flow.bought[k] > 0 && t < T; t++)
                d.used[l * T + t] += crowd_taken(c, l, k) * out->flow.bought[k];
    order_suppliers(&d, a);
    bool placed = true;
    for (size_t t = 0; t < T; t++) {
        start_period(&d, s->machine_sum, scale, t);
        placed = settle_period(&d, prices->bus, t) && placed;
    }
    return placed ? cost_of(&d) : (double)INFINITY;
}
