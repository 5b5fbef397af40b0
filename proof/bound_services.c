/* What services add to the bound (docs/model.md 4): load and smallest numbers of machines at their prices, less what machines, shares
 * of the load and load left out gain. A subscription whose limit has no price of its own gets the one that services would pay. */
#include "proof/bound.h"
#include "proof/services.h"
#include <math.h>

/* Prices of the rows of one service, [periods], per hour; NULL: 0. */
struct served_prices {
    double **serve, **steady; /* [classes] */
    double **carry;           /* [2 pools]: without spot, spot; several classes */
    double *least, *most, *base;
    double **at; /* [choices] of where its datasets lie, or NULL */
};

struct server {
    struct bounder *b;
    const struct proof *p;
    const struct proof_service *v;
    struct served_prices y;
};

static double hours(const struct proof *p, size_t t)
{
    return (double)(p->times.from_us[t + 1] - p->times.from_us[t]) / (double)US_PER_H;
}

static double *find(const struct bounder *b, enum proof_row kind, const char *name)
{
    return bound_by_period(b->p, proof_prices_find(b->prices, kind, name));
}

static bool single(const struct proof_service *v)
{
    return v->service->n_classes == 1;
}

static double at(const double *prices, size_t t)
{
    return prices ? prices[t] : 0;
}

static void lower_prices(const struct server *s);
static void imply_carry(struct server *s, size_t lane);
static void lower_shares(struct server *s);
static void raise_most(struct server *s);

static void find_homes(struct server *s)
{
    const struct proof_group *g = &s->v->group;
    const struct workload *w = g->shape->workload;
    const struct proof *p = s->p;
    if (s->b->prices->tables[PRICE_AT].n == 0) return;
    s->y.at = ARENA_NEW(p->arena, double *, g->n_choices + 1);
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct proof_store *store = &p->stores[proof_store_find(p, w->uses[j].use)];
        for (size_t h = 0; store->n_homes > 1 && h < store->n_homes; h++) {
            const char *key =
                bound_home_key(s->b, s->v->service->name, store->name, &store->homes[h]);
            const double *price = find(s->b, PRICE_AT, key);
            for (size_t i = 0; price && i < g->n_choices; i++) {
                if (g->sites[g->choices[i].site].home[j] != h) continue;
                if (!s->y.at[i]) s->y.at[i] = ARENA_NEW(p->arena, double, p->times.n);
                for (size_t t = 0; t < p->times.n; t++) s->y.at[i][t] += price[t];
            }
        }
    }
}

static struct server server_of(struct bounder *b, size_t i)
{
    const struct proof_service *v = &b->p->services[i];
    const struct service *x = v->service;
    struct server s = {.b = b, .p = b->p, .v = v};
    s.y.serve = ARENA_NEW(b->p->arena, double *, x->n_classes);
    s.y.steady = ARENA_NEW(b->p->arena, double *, x->n_classes);
    for (size_t c = 0; c < x->n_classes; c++) {
        const char *key =
            single(v) ? x->name : arena_printf(b->p->arena, "%s %s", x->name, x->class_names[c]);
        s.y.serve[c] = find(b, PRICE_SERVE, key);
        s.y.steady[c] = find(b, PRICE_STEADY, key);
    }
    s.y.carry = ARENA_NEW(b->p->arena, double *, 2 * v->n_pools + 1);
    for (size_t k = 0; !single(v) && k < v->n_pools; k++) {
        const char *key = arena_printf(b->p->arena, "%s %s", x->name,
                                       book_type(b->p->in.book, v->pools[k].type)->name);
        s.y.carry[2 * k] = find(b, PRICE_CARRY, key);
        s.y.carry[2 * k + 1] = find(b, PRICE_CARRY, arena_printf(b->p->arena, "%s spot", key));
    }
    s.y.least = find(b, PRICE_MIN, x->name);
    s.y.most = x->max_machines > 0 ? find(b, PRICE_MAX, x->name) : NULL;
    s.y.base = find(b, PRICE_BASE, x->name);
    find_homes(&s);
    if (single(v) && !b->as_stated) lower_prices(&s);
    if (!single(v)) lower_shares(&s);
    if (b->as_stated) raise_most(&s);
    return s;
}

/* What an hour of a machine in period t costs, less what it is worth; its own limit left out where that has no price, and its
 * purchase where it is bought for this service alone. */
static void put_machine(const struct server *s, struct tally *sum, size_t choice, size_t t,
                        double h)
{
    const struct proof_choice *c = &s->v->group.choices[choice];
    const size_t pool = s->v->pool_of[choice];
    const int month = s->p->times.month[t];
    tally_add(sum, c->cost * bound_all(s->b, month), h);
    tally_add(sum, c->booked * bound_own(s->b, s->v->group.owner, month), h);
    for (size_t i = 0; i < c->n_uses; i++)
        if (!s->p->limits[c->uses[i].limit].alone)
            tally_add(sum, bound_price_of_limit(s->b, c->uses[i].limit, t) * c->uses[i].units, h);
    if (single(s->v)) {
        const double worth = at(s->y.serve[0], t) + (c->spot ? 0 : at(s->y.steady[0], t));
        if (s->v->load[t] > 0) tally_add(sum, -worth * proof_counts(s->p, s->v, choice, 0, t), h);
    } else {
        tally_add(sum, -at(s->y.carry[2 * pool + c->spot], t) * c->u, h);
    }
    tally_add(sum, at(s->y.most, t) - at(s->y.least, t), h);
    if (!c->spot) tally_add(sum, -at(s->y.base, t), h);
    if (s->y.at && s->y.at[choice]) tally_add(sum, s->y.at[choice][t], h);
}

/* The cheapest load of an hour of t that machines by the hour offer, spot or not; a safe bit below. */
static double cheapest_load(const struct server *s, size_t t, bool spot)
{
    double least = INFINITY;
    for (size_t i = 0; i < s->v->group.n_choices; i++) {
        const struct proof_choice *c = &s->v->group.choices[i];
        const enum market_id market = s->p->offers[c->offer].market->id;
        const double cap = proof_counts(s->p, s->v, i, 0, t);
        if (c->needless || c->spot != spot || c->lasting || cap <= 0) continue;
        if (market == MARKET_SUBSCRIPTION && !s->p->limits[c->uses[0].limit].price) continue;
        struct tally cost = {0};
        put_machine(s, &cost, i, t, 1);
        const double own = cap * (at(s->y.serve[0], t) + (spot ? 0 : at(s->y.steady[0], t)));
        tally_add(&cost, own, 1);
        least = fmin(least, tally_low(&cost) / cap * (1 - 1e-15));
    }
    return fmax(0, least);
}

/* Load is never worth more than the cheapest machine by the hour asks for it: where it is stated higher, every machine would
 * gain. */
static void lower_prices(const struct server *s)
{
    double *serve = s->y.serve[0], *steady = s->y.steady[0];
    for (size_t t = 0; t < s->p->times.n; t++) {
        if (s->v->load[t] <= 0 || at(serve, t) + at(steady, t) <= 0) continue;
        const double spot = cheapest_load(s, t, true), other = cheapest_load(s, t, false);
        if (serve) serve[t] = fmin(serve[t], fmin(spot, other));
        if (steady) steady[t] = fmax(0, fmin(steady[t], other - at(serve, t)));
    }
}

/* What an hour of a serving machine is worth to the class that gains most from it. */
static double worth_of_lane(const struct server *s, size_t lane, size_t t)
{
    double most = 0;
    for (size_t c = 0; c < s->v->service->n_classes; c++) {
        const double load = s->v->load[t] * s->v->service->class_share[c];
        const double cap = s->v->pools[lane / 2].cap[c * s->p->times.n + t];
        const double worth = at(s->y.serve[c], t) - (lane % 2 ? at(s->y.steady[c], t) : 0);
        if (load > 0) most = fmax(most, worth * (1 + 1e-14) * cap / load);
    }
    return most;
}

/* The time of machines that have no price is worth what the cheapest of them by the hour costs, or what it is worth. */
static void imply_carry(struct server *s, size_t lane)
{
    double *price = ARENA_NEW(s->p->arena, double, s->p->times.n);
    for (size_t t = 0; t < s->p->times.n; t++) {
        double least = INFINITY;
        for (size_t i = 0; i < s->v->group.n_choices; i++) {
            const struct proof_choice *c = &s->v->group.choices[i];
            const enum market_id market = s->p->offers[c->offer].market->id;
            if (c->needless || 2 * s->v->pool_of[i] + c->spot != lane) continue;
            if (c->lasting || market == MARKET_SUBSCRIPTION) continue;
            struct tally cost = {0};
            put_machine(s, &cost, i, t, 1);
            least = fmin(least, tally_low(&cost) / c->u * (1 - 1e-15));
        }
        price[t] = fmax(0, fmin(least, worth_of_lane(s, lane, t)));
    }
    s->y.carry[lane] = price;
}

static bool lane_used(const struct server *s, size_t lane)
{
    for (size_t i = 0; i < s->v->group.n_choices; i++)
        if (!s->v->group.choices[i].needless &&
            2 * s->v->pool_of[i] + s->v->group.choices[i].spot == lane)
            return true;
    return false;
}

/* A class is worth no more than what the cheapest time of machines asks for all of it: all its shares together are one. */
static void lower_serve(const struct server *s, size_t c)
{
    double *price = s->y.serve[c];
    for (size_t t = 0; price && t < s->p->times.n; t++)
        for (size_t lane = 0; lane < 2 * s->v->n_pools; lane++) {
            const double load = s->v->load[t] * s->v->service->class_share[c];
            const double cap = s->v->pools[lane / 2].cap[c * s->p->times.n + t];
            if (!s->y.carry[lane] || load <= 0 || cap <= 0 || !lane_used(s, lane)) continue;
            const double asked = s->y.carry[lane][t] * (load / cap) * (1 - 1e-15) +
                                 (lane % 2 ? at(s->y.steady[c], t) : 0);
            price[t] = fmin(price[t], asked);
        }
}

/* Time of machines is worth no more than what load gains from it: where it is stated higher, machines that the prices do not
 * know of would gain. */
static void limit_carry(const struct server *s, size_t lane)
{
    double *price = s->y.carry[lane];
    for (size_t t = 0; t < s->p->times.n; t++)
        if (price[t] > 0) price[t] = fmin(price[t], worth_of_lane(s, lane, t));
}

/* Several classes: prices of load and of the time of machines, brought down to each other. */
static void lower_shares(struct server *s)
{
    for (int round = 0; round < 2; round++) {
        for (size_t c = 0; c < s->v->service->n_classes; c++) lower_serve(s, c);
        for (size_t lane = 0; lane < 2 * s->v->n_pools; lane++)
            s->y.carry[lane] ? limit_carry(s, lane) : imply_carry(s, lane);
    }
}

/* Where several kinds of machines gain, the largest number of them all together has a price: what the best of them gains. */
static void raise_most(struct server *s)
{
    if (s->v->service->max_machines <= 0) return;
    if (!s->y.most) s->y.most = ARENA_NEW(s->p->arena, double, s->p->times.n);
    double *price = s->y.most;
    for (size_t t = 0; t < s->p->times.n; t++) {
        double best = 0, sum = 0;
        for (size_t i = 0; i < s->v->group.n_choices; i++) {
            struct tally cost = {0};
            if (s->v->group.choices[i].needless) continue;
            put_machine(s, &cost, i, t, 1);
            best = fmax(best, -tally_low(&cost));
            sum += fmax(0, -tally_low(&cost)) * s->v->highest[i];
        }
        if (best * (double)s->v->service->max_machines < sum) price[t] += best * (1 + 1e-14);
    }
}

static void bound_machines(const struct server *s, size_t choice)
{
    const struct proof_choice *c = &s->v->group.choices[choice];
    struct tally all = {0};
    for (size_t i = 0; i < c->n_uses; i++)
        if (s->p->limits[c->uses[i].limit].alone) bound_add_purchase(s->b, &all, c->uses[i].limit);
    for (size_t t = 0; t < s->p->times.n; t++) {
        struct tally one = {0};
        put_machine(s, c->lasting ? &all : &one, choice, t, hours(s->p, t));
        if (!c->lasting) bound_column(s->b, &one, s->v->highest[choice]);
    }
    if (c->lasting) bound_column(s->b, &all, s->v->highest[choice]);
}

/* Right-hand sides. */
static void put_rows(const struct server *s, size_t t)
{
    const struct service *x = s->v->service;
    const double us = (double)(s->p->times.from_us[t + 1] - s->p->times.from_us[t]);
    for (size_t c = 0; c < x->n_classes; c++) {
        const double load = s->v->load[t] * x->class_share[c];
        const double serve = at(s->y.serve[c], t), steady = at(s->y.steady[c], t);
        if (load <= 0) continue;
        exact_add3(&s->b->sum_us, serve, single(s->v) ? load : 1, us);
        exact_add3(&s->b->sum_us, single(s->v) ? steady * (1 - x->spot_max_frac) : -steady,
                   single(s->v) ? load * (1 - 1e-15) : x->spot_max_frac, us);
    }
    exact_add3(&s->b->sum_us, at(s->y.least, t), (double)x->min_machines, us);
    exact_add3(&s->b->sum_us, -at(s->y.most, t), (double)x->max_machines, us);
    exact_add3(&s->b->sum_us, at(s->y.base, t), (double)x->on_demand_base, us);
}

/* Load left out, where that has a price. */
static void bound_unserved(const struct server *s, size_t t)
{
    const struct service *x = s->v->service;
    const int month = s->p->times.month[t];
    const double h = hours(s->p, t);
    if (!x->unserved_priced) return;
    for (size_t c = 0; c < x->n_classes; c++) {
        const double load = s->v->load[t] * x->class_share[c];
        const double mean =
            service_mean_load(x, s->p->times.from_us[t], s->p->times.from_us[t + 1]);
        struct tally left = {0};
        if (load <= 0) continue;
        tally_add(&left,
                  ratio_value(x->unserved_cost) * service_units(x, mean * x->class_share[c] * h),
                  bound_all(s->b, month) + bound_own(s->b, s->v->group.owner, month));
        tally_add(&left, -at(s->y.serve[c], t) * (single(s->v) ? load : 1), h);
        if (single(s->v)) tally_add(&left, -at(s->y.steady[c], t) * load, h);
        bound_column(s->b, &left, 1);
    }
}

/* Shares of classes that machine types carry; several classes only. */
static void bound_shares(const struct server *s, size_t t)
{
    const struct service *x = s->v->service;
    const double h = hours(s->p, t);
    for (size_t lane = 0; !single(s->v) && lane < 2 * s->v->n_pools; lane++) {
        const bool used = lane_used(s, lane);
        for (size_t c = 0; used && c < x->n_classes; c++) {
            const double load = s->v->load[t] * x->class_share[c];
            const double cap = s->v->pools[lane / 2].cap[c * s->p->times.n + t];
            struct tally share = {0};
            if (load <= 0 || cap <= 0) continue;
            tally_add(&share, -at(s->y.serve[c], t), h);
            tally_add(&share, at(s->y.carry[lane], t) * (load / cap), h);
            if (lane % 2) tally_add(&share, at(s->y.steady[c], t), h);
            bound_column(s->b, &share, 1);
        }
    }
}

void bound_services(struct bounder *b)
{
    for (size_t i = 0; i < b->p->in.services->n; i++) {
        const struct server s = server_of(b, i);
        for (size_t c = 0; c < s.v->group.n_choices; c++)
            if (!s.v->group.choices[c].needless) bound_machines(&s, c);
        for (size_t t = 0; t < b->p->times.n; t++) {
            put_rows(&s, t);
            bound_shares(&s, t);
            bound_unserved(&s, t);
        }
    }
}

/* A machine bought is worth as much as it is to whom it is worth most. */
static void imply(struct bounder *b, const struct server *s, size_t choice, struct proof_use use,
                  double *price)
{
    for (size_t t = 0; t < b->p->times.n; t++) {
        struct tally worth = {0};
        put_machine(s, &worth, choice, t, 1);
        price[t] = fmax(price[t], -tally_low(&worth) / use.units);
    }
}

void bound_imply_services(struct bounder *b)
{
    const struct proof *p = b->p;
    for (size_t i = 0; i < p->in.services->n; i++) {
        const struct server s = server_of(b, i);
        for (size_t k = 0; k < s.v->group.n_choices; k++) {
            const struct proof_choice *c = &s.v->group.choices[k];
            for (size_t u = 0; !c->needless && u < c->n_uses; u++) {
                double **price = &b->implied[c->uses[u].limit];
                if (!bound_is_implied(b, c->uses[u].limit)) continue;
                if (!*price) *price = ARENA_NEW(p->arena, double, p->times.n);
                imply(b, &s, k, c->uses[u], *price);
            }
        }
    }
}

/* What a home gains from the rows that keep machines where the datasets lie. */
double bound_service_homes(const struct bounder *b, size_t store, size_t home)
{
    const struct proof *p = b->p;
    const struct proof_store *s = &p->stores[store];
    double sum = 0;
    if (s->n_homes == 1 || b->prices->tables[PRICE_AT].n == 0) return 0;
    for (size_t i = 0; i < p->in.services->n; i++) {
        const struct proof_service *v = &p->services[i];
        const struct workload *w = v->group.shape->workload;
        for (size_t j = 0; j < w->n_uses; j++)
            if (proof_same(w->uses[j].use, s->name))
                sum += v->all *
                       proof_series_sum(proof_prices_find(b->prices, PRICE_AT,
                                                          bound_home_key(b, v->service->name,
                                                                         s->name, &s->homes[home])),
                                        0, p->horizon_us);
    }
    return sum * (1 + 1e-12);
}

/* Units that all services together could ever use of a limit. */
double bound_service_units(const struct bounder *b, size_t limit)
{
    const struct proof *p = b->p;
    double sum = 0;
    for (size_t i = 0; i < p->in.services->n; i++) {
        const struct proof_service *v = &p->services[i];
        double most = 0;
        for (size_t k = 0; k < v->group.n_choices; k++)
            for (size_t u = 0; !v->group.choices[k].needless && u < v->group.choices[k].n_uses; u++)
                if (v->group.choices[k].uses[u].limit == limit)
                    most = fmax(most, v->highest[k] * v->group.choices[k].uses[u].units);
        sum += most;
    }
    return sum;
}
