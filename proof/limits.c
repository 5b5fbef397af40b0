/* Limits that running machines share: quota, stock, commitments that exist or may be bought (docs/model.md 2 and 4). */
#include "proof/model.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool proof_same(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

static struct proof_limit *add(struct proof *p, struct proof_limit l)
{
    struct proof_limit *new = ARENA_PUSH(p->arena, p->limits, p->n_limits);
    *new = l;
    return new;
}

/* What is counted: a GPU model in GPUs, or an instance type in machines; somewhere or anywhere. */
static void set_scope(struct proof *p, struct proof_limit *l, const char *name, const char *place)
{
    const struct price_book *b = p->in.book;
    l->gpu = book_gpu_find(b, name);
    l->type = l->gpu == NO_GPU ? book_type_find(b, name) : NOWHERE;
    l->in_gpus = l->gpu != NO_GPU;
    if (l->gpu == NO_GPU) l->gpu = NOWHERE;
    if (!place || !*place) return;
    const size_t region = book_region_find(b, place);
    if (region == NOWHERE) return;
    l->region = book_region(b, region)->name;
    l->zone = proof_same(l->region, place) ? NULL : place;
}

/* "quota.A10-24GB@cn-shanghai", "quota_by.team.A10-24GB": as the user wrote it. */
static void add_named(struct proof *p, enum proof_limit_kind kind, const struct limit *from)
{
    const bool placed = from->place_name && *from->place_name;
    const char *key =
        arena_printf(p->arena, "%s%s%s.%s%s%s", kind == PROOF_QUOTA ? "quota" : "stock",
                     from->owner ? "_by." : "", from->owner ? from->owner : "", from->name,
                     placed ? "@" : "", placed ? from->place_name : "");
    struct proof_limit *l = add(p, (struct proof_limit){.kind = kind,
                                                        .key = key,
                                                        .owner = from->owner,
                                                        .offer = NOWHERE,
                                                        .amount = (double)from->count,
                                                        .until_us = INT64_MAX});
    set_scope(p, l, from->name, from->place_name);
}

static int by_start(const void *x, const void *y)
{
    const struct stock_step *a = *(const struct stock_step *const *)x;
    const struct stock_step *b = *(const struct stock_step *const *)y;
    return (a->start_us > b->start_us) - (a->start_us < b->start_us);
}

/* Rows of a stock list for one name and place become one limit that changes over time; without limit before the first. */
static void add_stock_list(struct proof *p, size_t first)
{
    const struct scenario *s = p->in.scenario;
    const struct stock_step *one = &s->stock_steps[first];
    for (size_t i = 0; i < first; i++)
        if (proof_same(s->stock_steps[i].name, one->name) &&
            proof_same(s->stock_steps[i].place_name, one->place_name))
            return;
    add_named(p, PROOF_STOCK, &(struct limit){.name = one->name, .place_name = one->place_name});
    struct proof_limit *l = &p->limits[p->n_limits - 1];
    l->key = arena_printf(p->arena, "%s list", l->key);
    l->amount = INFINITY;
    for (size_t i = first; i < s->n_stock_steps; i++)
        if (proof_same(s->stock_steps[i].name, one->name) &&
            proof_same(s->stock_steps[i].place_name, one->place_name)) {
            l->steps = arena_grow(p->arena, l->steps, l->n_steps, sizeof(void *));
            l->steps[l->n_steps++] = &s->stock_steps[i];
        }
    qsort(l->steps, l->n_steps, sizeof(void *), by_start);
}

static size_t add_offer(struct proof *p, size_t like, enum market_id market)
{
    p->offers = arena_grow(p->arena, p->offers, p->n_offers, sizeof *p->offers);
    p->offers[p->n_offers] = p->offers[like];
    p->offers[p->n_offers].market = market_by_id(market);
    return p->n_offers++;
}

/* The rate of machines that are subscribed already: the shortest term that is sold. */
static size_t subscribed_rate(const struct proof *p, const struct commitment *c, size_t type)
{
    size_t best = NOWHERE;
    for (size_t i = 0; i < p->in.n_offers; i++) {
        const struct offer *o = &p->offers[i];
        if (o->type != type || o->market->id != MARKET_SUBSCRIPTION ||
            (c->region && !proof_same(c->region, o->region)))
            continue;
        if (best == NOWHERE || o->term_h < p->offers[best].term_h) best = i;
    }
    return best;
}

static void add_commitment(struct proof *p, size_t index)
{
    const struct scenario *s = p->in.scenario;
    const struct commitment *c = &s->commitments[index];
    struct proof_limit l = {.gpu = NOWHERE,
                            .type = NOWHERE,
                            .offer = NOWHERE,
                            .until_us = c->has_until ? c->until - s->start : INT64_MAX};
    if (c->savings_plan.given) {
        struct ratio rate;
        if (!price_convert(&rate, c->savings_plan.money.amount, c->savings_plan.money.currency,
                           p->in.request))
            return;
        l.kind = PROOF_SAVINGS;
        l.key = arena_printf(p->arena, "commitments[%zu].savings_plan", index);
        l.amount = ratio_value(rate);
        l.discount = c->discount;
        add(p, l);
        for (size_t i = 0; i < p->in.n_offers; i++)
            if (p->offers[i].market->id == MARKET_ON_DEMAND) add_offer(p, i, MARKET_SAVINGS_PLAN);
        return;
    }
    const size_t rate = subscribed_rate(p, c, book_type_find(p->in.book, c->subscription));
    if (rate == NOWHERE) return;
    l.kind = PROOF_SUBSCRIPTION;
    l.key = arena_printf(p->arena, "commitments[%zu].%s", index, c->subscription);
    l.amount = (double)c->count;
    l.offer = add_offer(p, rate, MARKET_SUBSCRIPTION);
    add(p, l);
}

static bool may_buy(const struct scenario *s, enum market_id market)
{
    for (size_t i = 0; i < s->n_workloads; i++)
        if (s->workloads[i].markets & 1u << market) return true;
    return false;
}

static const char *subscription_key(const struct proof *p, const struct offer *o)
{
    return arena_printf(p->arena, "subscription %s@%s%s%s %.0fh",
                        book_type(p->in.book, o->type)->name, o->region, *o->zone ? "/" : "",
                        o->zone, o->term_h);
}

static void add_purchases(struct proof *p)
{
    bool plan = may_buy(p->in.scenario, MARKET_SAVINGS_PLAN);
    for (size_t i = 0; i < p->in.n_offers; i++) {
        const struct offer *o = &p->offers[i];
        struct proof_limit l = {
            .gpu = NOWHERE, .type = NOWHERE, .offer = NOWHERE, .buys = true, .until_us = INT64_MAX};
        if (o->market->id == MARKET_SUBSCRIPTION && may_buy(p->in.scenario, MARKET_SUBSCRIPTION)) {
            l.kind = PROOF_SUBSCRIPTION;
            l.key = subscription_key(p, o);
            l.offer = i;
            add(p, l);
        } else if (o->market->id == MARKET_SAVINGS_PLAN && plan) {
            plan = false;
            l.kind = PROOF_SAVINGS;
            l.key = "savings plan";
            add(p, l);
        }
    }
}

void proof_limits_make(struct proof *p)
{
    const struct scenario *s = p->in.scenario;
    for (size_t i = 0; i < p->in.n_offers; i++)
        *ARENA_PUSH(p->arena, p->offers, p->n_offers) = p->in.offers[i];
    for (size_t i = 0; i < s->n_limits; i++) add_named(p, PROOF_QUOTA, &s->quota[i]);
    for (size_t i = 0; i < s->n_stock; i++) add_named(p, PROOF_STOCK, &s->stock[i]);
    for (size_t i = 0; i < s->n_stock_steps; i++) add_stock_list(p, i);
    add_purchases(p);
    for (size_t i = 0; i < s->n_commitments; i++) add_commitment(p, i);
}

double proof_amount(const struct proof_limit *l, int64_t from_us, int64_t to_us)
{
    double least = l->amount;
    if (from_us >= l->until_us) return 0;
    for (size_t i = 0; i < l->n_steps && l->steps[i]->start_us < to_us; i++)
        least = l->steps[i]->start_us <= from_us ? l->steps[i]->available
                                                 : fmin(least, l->steps[i]->available);
    return least;
}

double proof_amount_most(const struct proof_limit *l)
{
    double most = l->n_steps && l->steps[0]->start_us <= 0 ? 0 : l->amount;
    for (size_t i = 0; i < l->n_steps; i++) most = fmax(most, l->steps[i]->available);
    return most;
}

/* Whether a machine of this offer lies within the scope of a quota or stock. */
static bool in_scope(const struct proof *p, const struct proof_limit *l, const struct offer *o)
{
    return (l->gpu == NOWHERE || book_type(p->in.book, o->type)->gpu == l->gpu) &&
           (l->type == NOWHERE || l->type == o->type) &&
           (!l->region || proof_same(l->region, o->region)) &&
           (!l->zone || proof_same(l->zone, o->zone));
}

bool proof_covers(const struct proof *p, const struct proof_limit *l, size_t offer,
                  const char *owner)
{
    const struct offer *o = &p->offers[offer];
    if (l->kind == PROOF_SUBSCRIPTION) return l->offer == offer;
    if (l->kind == PROOF_SAVINGS)
        return o->market->id == MARKET_SAVINGS_PLAN && l->buys == (offer < p->in.n_offers);
    if (o->market->id == MARKET_SUBSCRIPTION) return false;
    return (!l->owner || proof_same(l->owner, owner)) && in_scope(p, l, o);
}

bool proof_holds(const struct proof *p, const struct proof_limit *quota, size_t offer)
{
    return quota->kind == PROOF_QUOTA && !quota->owner && in_scope(p, quota, &p->offers[offer]);
}

double proof_units(const struct proof *p, const struct proof_limit *quota, size_t offer)
{
    return quota->in_gpus ? book_type(p->in.book, p->offers[offer].type)->gpus : 1;
}

double proof_held(const struct proof *p, const struct proof_limit *quota, int64_t at_us)
{
    double held = 0;
    for (size_t i = 0; i < p->n_limits; i++) {
        const struct proof_limit *l = &p->limits[i];
        if (l->kind == PROOF_SUBSCRIPTION && !l->buys && at_us < l->until_us &&
            proof_holds(p, quota, l->offer))
            held += l->amount * proof_units(p, quota, l->offer);
    }
    return held;
}

const char *proof_market_word(const struct offer *o)
{
    return o->market->interruptible && o->protected_h <= 0 ? "spot_unprotected" : o->market->name;
}

const char *proof_commitment_of(const struct proof *p, size_t offer)
{
    const enum market_id market = p->offers[offer].market->id;
    if (market != MARKET_SUBSCRIPTION && market != MARKET_SAVINGS_PLAN) return NULL;
    const bool exists = offer >= p->in.n_offers;
    for (size_t l = 0; l < p->n_limits; l++) {
        const struct proof_limit *x = &p->limits[l];
        if (x->kind == PROOF_SUBSCRIPTION && x->offer == offer) return x->key;
        if (x->kind == PROOF_SAVINGS && exists && !x->buys && market == MARKET_SAVINGS_PLAN)
            return x->key;
    }
    return NULL;
}
