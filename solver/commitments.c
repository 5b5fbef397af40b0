/* Break-even: a prepaid machine at r an hour costs as much as one on demand at o an hour when it works in r/o of its hours. For
 * the use D(t) that the plan makes of a type in a region the cheapest number is the newsvendor's F^-1(1 - r/o)
 * (newsvendor.h); one machine more works while D(t) is above what is held. */
#include "solver/commitments.h"
#include "solver/formulate.h"
#include "solver/newsvendor.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double horizon_h(const struct planner *p)
{
    return (double)p->m->horizon_us / (double)US_PER_H;
}

static bool is_prepaid(const struct offer *o)
{
    return o->market->id == MARKET_SUBSCRIPTION || o->market->id == MARKET_SAVINGS_PLAN;
}

/* Cheapest price on demand of the type in the region; NAN: none. */
static double on_demand_price(const struct planner *p, const struct offer *like)
{
    double least = (double)NAN;
    for (size_t i = 0; i < p->m->quoted.n; i++) {
        const struct offer *o = &p->m->offers[i];
        if (o->market->id == MARKET_ON_DEMAND && o->type == like->type &&
            strcmp(o->region, like->region) == 0)
            least = fmin(least, o->price);
    }
    return least;
}

/* So many machines of an offer work for a workload from .. to. */
struct use_piece {
    size_t offer, workload;
    double machines, hours; /* hours: machine-hours */
    int64_t from_us, to_us;
};

struct teller {
    struct planner *p;
    size_t n, joined;         /* joined: pieces that were left when they were added up last */
    struct use_piece *pieces; /* of the whole plan, without spot */
};

static void add_piece(struct teller *k, struct use_piece x)
{
    const double length_h = (double)(x.to_us - x.from_us) / (double)US_PER_H;
    if (!(x.machines > 0) || length_h <= 0 || k->p->m->offers[x.offer].market->interruptible)
        return;
    x.hours = x.machines * length_h;
    *ARENA_PUSH_ALONE(k->p->arena, k->pieces, k->n) = x;
}

static int by_use(const void *x, const void *y)
{
    const struct use_piece *a = x, *b = y;
    if (a->workload != b->workload) return a->workload < b->workload ? -1 : 1;
    if (a->offer != b->offer) return a->offer < b->offer ? -1 : 1;
    if (a->from_us != b->from_us) return a->from_us < b->from_us ? -1 : 1;
    return (a->to_us > b->to_us) - (a->to_us < b->to_us);
}

/* Very many pieces are of the same hours: a workload's machines of one offer are added up. */
static void join_pieces(struct teller *k)
{
    enum { MANY_PIECES = 100000 };
    size_t kept = 0;
    if (k->n < MANY_PIECES + 2 * k->joined) return;
    qsort(k->pieces, k->n, sizeof *k->pieces, by_use);
    for (size_t i = 1; i < k->n; i++) {
        if (by_use(&k->pieces[kept], &k->pieces[i]) != 0) {
            k->pieces[++kept] = k->pieces[i];
            continue;
        }
        k->pieces[kept].machines += k->pieces[i].machines;
        k->pieces[kept].hours += k->pieces[i].hours;
    }
    k->n = k->joined = kept + 1;
}

static void add_stretches(struct teller *k)
{
    const struct model *m = k->p->m;
    for (size_t i = 0; i < k->p->plan->n_stretches; i++) {
        const struct stretch *s = &k->p->plan->stretches[i];
        const double length_us = (double)(s->to_us - s->from_us);
        add_piece(k, (struct use_piece){.offer = s->offer,
                                        .workload = m->groups[m->group_of[s->demand]].workload,
                                        .machines = (double)s->paid_us / length_us,
                                        .from_us = s->from_us,
                                        .to_us = s->to_us});
        join_pieces(k);
    }
}

/* Machines of a pool that alone would carry the load of period t. */
static double pool_needed(const struct served *v, size_t pool, double load)
{
    double sum = 0;
    for (size_t c = 0; c < v->service->n_classes; c++) {
        const struct rate_table *table = &v->pools[pool].tables[c];
        const double part = load * v->service->class_share[c];
        const double cap = part > 0 ? rate_table_cap(table, part) : 1;
        if (cap <= 0) return (double)INFINITY;
        const long n = served_single(v) ? rate_table_machines(table, part) : -1;
        sum += n >= 0 ? (double)n : part / cap;
    }
    return sum;
}

/* Share of the prepaid machines of a service that work in period t: those that its load needs. All of them, where machines
 * paid as one goes are held beside them. */
static double prepaid_share(const struct teller *k, size_t served, size_t t)
{
    const struct model *m = k->p->m;
    const struct served *v = &m->served[served];
    const struct fleet *f = &k->p->fleets[served];
    const double load = served_load(m, v, t) * (1 - f->unserved[t]);
    double carried = 0; /* of the load, by all pools */
    for (size_t pool = 0; pool < v->n_pools; pool++) {
        double n = 0;
        for (size_t o = 0; o < v->group.n_options; o++) {
            if (v->pool_of[o] != pool || f->machines[o * m->grid.n + t] == 0) continue;
            if (!is_prepaid(&m->offers[v->group.options[o].offer])) return 1;
            n += (double)f->machines[o * m->grid.n + t];
        }
        if (n > 0) carried += n / pool_needed(v, pool, load);
    }
    return carried > 1 ? 1 / carried : 1;
}

static void add_services(struct teller *k)
{
    const struct model *m = k->p->m;
    const size_t T = m->grid.n;
    for (size_t i = 0; i < m->n_served; i++)
        for (size_t t = 0; t < T; t++) {
            const struct group *g = &m->served[i].group;
            const double share = prepaid_share(k, i, t);
            const double length_us = (double)(m->grid.from_us[t + 1] - m->grid.from_us[t]);
            for (size_t o = 0; o < g->n_options; o++) {
                const size_t offer = g->options[o].offer;
                const double held = (double)k->p->fleets[i].held_us[o * T + t] / length_us;
                add_piece(k, (struct use_piece){
                                 .offer = offer,
                                 .workload = g->workload,
                                 .machines = is_prepaid(&m->offers[offer]) ? share * held : held,
                                 .from_us = m->grid.from_us[t],
                                 .to_us = m->grid.from_us[t + 1]});
            }
        }
}

/* Whether a workload may use a commitment (options.c): one that exists serves whoever may pay as he goes. */
static bool may_use(const struct teller *k, const struct use_piece *x, const struct capacity *c)
{
    const unsigned bit =
        1u << (c->kind == LIMIT_SUBSCRIPTION ? MARKET_SUBSCRIPTION : MARKET_SAVINGS_PLAN);
    const unsigned payg = 1u << MARKET_ON_DEMAND | 1u << MARKET_AUTOSCALED;
    const unsigned allowed = k->p->m->scenario->workloads[x->workload].markets;
    return allowed & (c->buys ? bit : bit | payg);
}

/* Machines over time that the commitment behind c could carry, of the type and in the region of `like` (NULL: of any); spot is
 * not among the pieces. `payg`: only those that are paid as one goes. */
static struct profile use_of(const struct teller *k, const struct capacity *c,
                             const struct offer *like, bool payg)
{
    struct profile use;
    profile_init(&use, k->p->arena);
    for (size_t i = 0; i < k->n; i++) {
        const struct use_piece *x = &k->pieces[i];
        const struct offer *o = &k->p->m->offers[x->offer];
        if ((payg && is_prepaid(o)) || !may_use(k, x, c)) continue;
        if (like && (o->type != like->type || strcmp(o->region, like->region) != 0)) continue;
        profile_add(&use, x->from_us, x->to_us, x->machines);
    }
    return use;
}

/* Steps of a use over the horizon, times without any included. */
static struct step_load steps_of(const struct planner *p, const struct profile *use)
{
    double *load = ARENA_NEW(p->arena, double, use->n + 2);
    double *hours = ARENA_NEW(p->arena, double, use->n + 2);
    struct step_load steps = {0, load, hours};
    int64_t at = 0;
    for (size_t i = 0; i <= use->n; i++) {
        int64_t until = i < use->n ? use->at[i] : p->m->horizon_us;
        if (until > p->m->horizon_us) until = p->m->horizon_us;
        if (until <= at) continue;
        load[steps.n] = i > 0 ? use->used[i - 1] : 0;
        hours[steps.n++] = (double)(until - at) / (double)US_PER_H;
        at = until;
    }
    return steps;
}

/* Share of the horizon in which the use is above `level` by a tenth of a machine at least (paid hours are rounded). */
static double share_above(const struct planner *p, const struct step_load *steps, double level)
{
    double above = 0;
    for (size_t i = 0; i < steps->n; i++)
        if (steps->load[i] > level + 0.1) above += steps->hours[i];
    return above / horizon_h(p);
}

/* Machines of the type in the region that are subscribed, by any term, existing or bought. */
static double held_of(const struct planner *p, const struct offer *like)
{
    double held = 0;
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const struct capacity *c = &p->m->limits[l];
        if (c->kind != LIMIT_SUBSCRIPTION) continue;
        const struct offer *o = &p->m->offers[c->offer];
        if (o->type == like->type && strcmp(o->region, like->region) == 0)
            held += c->buys ? p->bought[l] : c->amount;
    }
    return held;
}

/* Hours for which a commitment is paid within the horizon. */
static double paid_h(const struct planner *p, const struct capacity *c)
{
    const int64_t until = c->until_us < p->m->horizon_us ? c->until_us : p->m->horizon_us;
    return until > 0 ? (double)until / (double)US_PER_H : 0;
}

static double offer_hours(const struct teller *k, size_t offer)
{
    double hours = 0;
    for (size_t i = 0; i < k->n; i++)
        if (k->pieces[i].offer == offer) hours += k->pieces[i].hours;
    return hours;
}

static void add(struct planner *p, struct commitment_outcome c)
{
    *ARENA_PUSH(p->arena, p->plan->commitments, p->plan->n_commitments) = c;
}

static void tell_subscription(const struct teller *k, size_t l)
{
    struct planner *p = k->p;
    const struct capacity *c = &p->m->limits[l];
    const struct offer *o = &p->m->offers[c->offer];
    const double count = c->buys ? p->bought[l] : c->amount;
    if (c->buys && p->f->subscription_column[l] == NONE) return;
    const struct profile payg = use_of(k, c, o, true), all = use_of(k, c, o, false);
    if (c->buys && count <= 0 && payg.n == 0) return; /* the bill has the smallest part of one */
    const struct step_load steps = steps_of(p, &all);
    const double break_even = o->price / on_demand_price(p, o);
    const double held_h = count * paid_h(p, c);
    const bool leveled = isfinite(break_even) && steps.n > 0;
    add(p, (struct commitment_outcome){
               .offer = c->offer,
               .existing = !c->buys,
               .count = count,
               .term_h = o->term_h,
               .break_even_frac = break_even,
               .used_frac = held_h > 0 ? fmin(1, offer_hours(k, c->offer) / held_h) : (double)NAN,
               .next_frac = share_above(p, &steps, held_of(p, o)),
               .level = leveled ? lround(ceil(newsvendor_level(&steps, break_even, p->arena) - 0.1))
                                : -1});
}

/* Rate under the savings plan behind limit c per machine-hour of an offer, and the price on demand; false: not of this plan. */
static bool plan_prices(const struct planner *p, const struct capacity *c, size_t offer,
                        double *rate, double *price)
{
    const struct offer *o = &p->m->offers[offer];
    const bool quoted = offer < p->m->quoted.n;
    if (o->market->id != MARKET_SAVINGS_PLAN || quoted != c->buys) return false;
    *rate = quoted ? o->price : (1 - c->discount) * ratio_value(o->list_per_h);
    *price = on_demand_price(p, o);
    return isfinite(*price);
}

/* One savings plan for all types: its break-even is that of the use it carries, else of the use it could carry. */
static void tell_savings_plan(const struct teller *k, size_t l)
{
    struct planner *p = k->p;
    const struct capacity *c = &p->m->limits[l];
    if (c->buys && p->f->subscription_column[l] == NONE) return;
    const double amount = c->buys ? p->bought[l] : c->amount;
    double rates = 0, prices = 0, could_rates = 0, could_prices = 0;
    for (size_t i = 0; i < p->m->n_offers; i++) {
        double rate, price;
        if (!plan_prices(p, c, i, &rate, &price)) continue;
        const double hours = offer_hours(k, i);
        const bool could = hours <= 0 && use_of(k, c, &p->m->offers[i], true).n > 0;
        rates += rate * hours;
        prices += price * hours;
        could_rates += could ? rate : 0;
        could_prices += could ? price : 0;
    }
    if (amount <= 0 && could_prices <= 0) return;
    const struct profile payg = use_of(k, c, NULL, true);
    const struct step_load steps = steps_of(p, &payg);
    const double held = amount * paid_h(p, c);
    add(p, (struct commitment_outcome){.offer = NONE,
                                       .existing = !c->buys,
                                       .count = amount,
                                       .term_h = c->buys ? HOURS_PER_YEAR : 0,
                                       .break_even_frac =
                                           prices > 0 ? rates / prices : could_rates / could_prices,
                                       .used_frac = held > 0 ? fmin(1, rates / held) : (double)NAN,
                                       .next_frac = steps.n ? share_above(p, &steps, 0) : 0,
                                       .level = -1});
}

void commitments_tell(struct planner *p)
{
    struct teller k = {.p = p};
    add_stretches(&k);
    add_services(&k);
    for (size_t l = 0; l < p->m->n_limits; l++) {
        if (p->m->limits[l].kind == LIMIT_SUBSCRIPTION) tell_subscription(&k, l);
        if (p->m->limits[l].kind == LIMIT_SAVINGS_PLAN) tell_savings_plan(&k, l);
    }
}
