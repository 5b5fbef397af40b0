/* Shared capacities: quota, stock, owner quota, commitments that exist, subscriptions that may be bought. */
#include "common/text.h"
#include "solver/model.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct capacity *add(struct model *m, struct capacity c)
{
    struct capacity *new = ARENA_PUSH(m->arena, m->limits, m->n_limits);
    *new = c;
    return new;
}

/* Fills who is counted: a GPU model (in GPUs) or an instance type (in machines), somewhere or anywhere. */
static enum err resolve(struct capacity *c, const struct model *m, const char *name,
                        const char *place)
{
    const struct price_book *b = m->book;
    c->gpu = book_gpu_find(b, name);
    c->type = c->gpu == NONE ? book_type_find(b, name) : NONE;
    c->in_gpus = c->gpu != NONE;
    if (c->gpu == NONE && c->type == NONE) {
        const char *near = book_gpu_nearest(b, name);
        if (!near) near = book_type_nearest(b, name);
        const enum err code = diag_error(
            m->diag, ERR_LIMIT_NAME, c->at,
            _("\"%s\" is neither a GPU model nor an instance type of the price book"), name);
        if (near) diag_fix(m->diag, _("did you mean \"%s\"?"), near);
        return code;
    }
    if (!place || !*place) return OK;
    const size_t region = book_region_find(b, place);
    if (region == SIZE_MAX) {
        const char *near = book_place_nearest(b, place);
        const enum err code = diag_error(m->diag, ERR_PLACE_UNKNOWN, c->at,
                                         _("no region or zone is called \"%s\""), place);
        if (near) diag_fix(m->diag, _("did you mean \"%s\"?"), near);
        return code;
    }
    c->region = book_region(b, region)->name;
    c->zone = strcmp(c->region, place) ? place : NULL;
    return OK;
}

static const char *key_of(struct model *m, const char *block, const struct limit *l)
{
    const bool has_place = l->place_name && *l->place_name;
    return arena_printf(m->arena, "%s%s%s.%s%s%s", block, l->owner ? "_by." : "",
                        l->owner ? l->owner : "", l->name, has_place ? "@" : "",
                        has_place ? l->place_name : "");
}

static enum err add_limits(struct model *m, enum limit_kind kind, const struct limit *l, size_t n)
{
    enum err first = OK;
    for (size_t i = 0; i < n; i++) {
        struct capacity *c = add(
            m, (struct capacity){.kind = kind,
                                 .key = key_of(m, kind == LIMIT_QUOTA ? "quota" : "stock", &l[i]),
                                 .owner = l[i].owner,
                                 .offer = NONE,
                                 .amount = (double)l[i].count,
                                 .until_us = INT64_MAX,
                                 .at = l[i].at});
        const enum err e = resolve(c, m, l[i].name, l[i].place_name);
        if (first == OK) first = e;
    }
    return first;
}

static int by_start(const void *x, const void *y)
{
    const struct stock_step *a = *(const struct stock_step *const *)x;
    const struct stock_step *b = *(const struct stock_step *const *)y;
    return (a->start_us > b->start_us) - (a->start_us < b->start_us);
}

static bool same_text(const char *a, const char *b)
{
    return (!a && !b) || (a && b && strcmp(a, b) == 0);
}

/* Steps of one (name, place) become one capacity that changes over time. */
static enum err add_steps(struct model *m)
{
    const struct scenario *s = m->scenario;
    bool *done = ARENA_NEW(m->arena, bool, s->n_stock_steps + 1);
    for (size_t i = 0; i < s->n_stock_steps; i++) {
        if (done[i]) continue;
        const struct stock_step *one = &s->stock_steps[i];
        const struct stock_step **list = NULL;
        size_t n = 0;
        for (size_t j = i; j < s->n_stock_steps; j++) {
            const struct stock_step *other = &s->stock_steps[j];
            if (!same_text(one->name, other->name) ||
                !same_text(one->place_name, other->place_name))
                continue;
            done[j] = true;
            *ARENA_PUSH(m->arena, list, n) = other; /* NOLINT(bugprone-sizeof-expression) */
        }
        if (list) qsort(list, n, sizeof(void *), by_start);
        const struct limit as_limit = {.name = one->name, .place_name = one->place_name};
        struct capacity *c = add(m, (struct capacity){.kind = LIMIT_STOCK,
                                                      .key = key_of(m, "stock", &as_limit),
                                                      .offer = NONE,
                                                      .amount = INFINITY,
                                                      .n_steps = n,
                                                      .steps = list,
                                                      .until_us = INT64_MAX,
                                                      .at = one->at});
        TRY(resolve(c, m, one->name, one->place_name));
    }
    return OK;
}

/* A copy of an offer under another market, whose use costs nothing. */
static size_t add_offer(struct model *m, const struct offer *like, enum market_id market)
{
    m->offers = arena_grow(m->arena, m->offers, m->n_offers, sizeof *m->offers);
    struct offer *o = &m->offers[m->n_offers];
    *o = *like;
    o->market = market_by_id(market);
    return m->n_offers++;
}

static const struct offer *rate_of(const struct model *m, const struct commitment *c, size_t type)
{
    const struct offer *best = NULL;
    for (size_t i = 0; i < m->quoted.n; i++) {
        const struct offer *o = &m->quoted.items[i];
        if (o->type != type || (c->region && strcmp(c->region, o->region) != 0)) continue;
        if (o->market->id == MARKET_SUBSCRIPTION &&
            (!best || best->market->id != MARKET_SUBSCRIPTION || o->term_h < best->term_h))
            best = o;
        if (o->market->id == MARKET_ON_DEMAND && !best) best = o;
    }
    return best;
}

static int64_t until_of(const struct model *m, const struct commitment *c)
{
    return c->has_until ? c->until - m->scenario->start : INT64_MAX;
}

static enum err add_subscription(struct model *m, const struct commitment *c, size_t index)
{
    const size_t type = book_type_find(m->book, c->subscription);
    if (type == NONE) {
        const char *near = book_type_nearest(m->book, c->subscription);
        const enum err code =
            diag_error(m->diag, ERR_LIMIT_NAME, c->at,
                       _("\"%s\" is not an instance type of the price book"), c->subscription);
        if (near) diag_fix(m->diag, _("did you mean \"%s\"?"), near);
        return code;
    }
    const struct offer *rate = rate_of(m, c, type);
    if (!rate || rate->market->id != MARKET_SUBSCRIPTION) {
        const enum err code =
            diag_error(m->diag, ERR_COMMITMENT, c->at,
                       _("the price book has no subscription price for \"%s\" in %s"),
                       c->subscription, c->region ? c->region : _("the allowed regions"));
        diag_fix(m->diag,
                 _("name the region, or give its price: catalog.overrides "
                   "{\"%s/subscription\": ¥.../month}"),
                 c->subscription);
        return code;
    }
    const size_t offer = add_offer(m, rate, MARKET_SUBSCRIPTION);
    add(m, (struct capacity){
               .kind = LIMIT_SUBSCRIPTION,
               .key = arena_printf(m->arena, "commitments[%zu].%s", index, c->subscription),
               .gpu = NONE,
               .type = NONE,
               .offer = offer,
               .amount = (double)c->count,
               .until_us = until_of(m, c),
               .at = c->at});
    return OK;
}

/* Every pay-as-you-go offer may also be paid from the plan; the offers share one capacity, money per hour. */
static void add_savings_plan(struct model *m, const struct commitment *c, size_t index)
{
    struct ratio rate;
    if (!price_convert(&rate, c->savings_plan.money.amount, c->savings_plan.money.currency,
                       &m->request))
        return;
    add(m, (struct capacity){.kind = LIMIT_SAVINGS_PLAN,
                             .key = arena_printf(m->arena, "commitments[%zu].savings_plan", index),
                             .gpu = NONE,
                             .type = NONE,
                             .offer = NONE,
                             .amount = ratio_value(rate),
                             .discount = c->discount,
                             .until_us = until_of(m, c),
                             .at = c->at});
    for (size_t i = 0; i < m->quoted.n; i++)
        if (m->quoted.items[i].market->id == MARKET_ON_DEMAND)
            add_offer(m, &m->quoted.items[i], MARKET_SAVINGS_PLAN);
}

static bool may_buy(const struct scenario *s, enum market_id market)
{
    for (size_t i = 0; i < s->n_workloads; i++)
        if (s->workloads[i].markets & 1u << market) return true;
    return false;
}

/* What may be bought: each subscription offer, and one savings plan for all pay-as-you-go use at its rates. */
static void add_purchasable(struct model *m)
{
    bool plan = may_buy(m->scenario, MARKET_SAVINGS_PLAN);
    for (size_t i = 0; i < m->quoted.n; i++) {
        const struct offer *o = &m->quoted.items[i];
        if (o->market->id == MARKET_SUBSCRIPTION && may_buy(m->scenario, MARKET_SUBSCRIPTION))
            add(m,
                (struct capacity){.kind = LIMIT_SUBSCRIPTION,
                                  .key = arena_printf(m->arena, "subscription of %s in %s",
                                                      book_type(m->book, o->type)->name, o->region),
                                  .gpu = NONE,
                                  .type = NONE,
                                  .offer = i,
                                  .buys = true,
                                  .until_us = INT64_MAX});
        if (o->market->id != MARKET_SAVINGS_PLAN || !plan) continue;
        plan = false;
        add(m, (struct capacity){.kind = LIMIT_SAVINGS_PLAN,
                                 .key = "savings plan",
                                 .gpu = NONE,
                                 .type = NONE,
                                 .offer = NONE,
                                 .buys = true,
                                 .until_us = INT64_MAX});
    }
}

static size_t count_savings_plans(const struct scenario *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_commitments; i++) n += s->commitments[i].savings_plan.given;
    return n;
}

enum err limits_make(struct model *m)
{
    const struct scenario *s = m->scenario;
    if (count_savings_plans(s) > 1) {
        diag_error(m->diag, ERR_COMMITMENT, s->commitments[0].at,
                   _("more than one savings plan is committed"));
        diag_fix(m->diag, _("add them up in one entry: the spend per hour, and the mean discount"));
        return ERR_COMMITMENT;
    }
    TRY(add_limits(m, LIMIT_QUOTA, s->quota, s->n_limits));
    TRY(add_limits(m, LIMIT_STOCK, s->stock, s->n_stock));
    TRY(add_steps(m));
    order_limits(m->limits, m->n_limits);
    add_purchasable(m);
    for (size_t i = 0; i < s->n_commitments; i++) {
        const struct commitment *c = &s->commitments[i];
        if (c->savings_plan.given)
            add_savings_plan(m, c, i);
        else
            TRY(add_subscription(m, c, i));
    }
    return OK;
}

double capacity_most(const struct capacity *c)
{
    double most = c->n_steps && c->steps[0]->start_us <= 0 ? 0 : c->amount;
    for (size_t i = 0; i < c->n_steps; i++) most = fmax(most, c->steps[i]->available);
    return most + c->more;
}

double capacity_at(const struct capacity *c, int64_t from_us, int64_t to_us)
{
    if (from_us >= c->until_us) return 0;
    double least = c->amount;
    for (size_t i = 0; i < c->n_steps && c->steps[i]->start_us < to_us; i++) {
        const double value = c->steps[i]->available;
        least = c->steps[i]->start_us <= from_us || value < least ? value : least;
    }
    return least + c->more;
}

bool capacity_covers(const struct capacity *c, const struct model *m, const struct offer *o,
                     const char *owner)
{
    const enum market_id market = o->market->id;
    if (c->kind == LIMIT_SUBSCRIPTION) return &m->offers[c->offer] == o;
    if (c->kind == LIMIT_SAVINGS_PLAN)
        return market == MARKET_SAVINGS_PLAN && c->buys == ((size_t)(o - m->offers) < m->quoted.n);
    if (market == MARKET_SUBSCRIPTION)
        return false; /* held all the time: counted with the column that buys it */
    if (c->owner && (!owner || strcmp(c->owner, owner) != 0)) return false;
    if (c->gpu != NONE && book_type(m->book, o->type)->gpu != c->gpu) return false;
    if (c->type != NONE && o->type != c->type) return false;
    if (c->region && strcmp(c->region, o->region) != 0) return false;
    return !c->zone || strcmp(c->zone, o->zone) == 0;
}
