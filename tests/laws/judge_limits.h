/* The judge's look at limits: quota, stock, commitments and storage throughput at every moment of change. */
#ifndef TESTS_LAWS_JUDGE_LIMITS_H
#define TESTS_LAWS_JUDGE_LIMITS_H

#include "tests/laws/judge_work.h"

/* --- limits, at every moment at which anything changes --- */

/* Minute from which a subscription is there no more; past the horizon when it stays. */
static inline int end_of(const struct judge *j, const struct subscription_choice *c)
{
    for (int i = 0; c->existing && i < j->p->n_commitments; i++) {
        const struct commitment_problem *k = &j->p->commitments[i];
        if (k->type == type_of(j, c->offer) && k->until_min >= 0) return k->until_min;
    }
    return j->p->length_min;
}

/* Does the limit hold for machines of this offer? */
static inline bool is_limited(const struct judge *j, const struct limit_problem *l, size_t offer)
{
    const int type = type_of(j, offer);
    if (l->gpu >= 0 ? j->p->types[type].gpu != l->gpu : type != l->type) return false;
    if (l->region >= 0 && region_of(j, offer) != l->region) return false;
    return l->zone < 0 || zone_of(j, offer) == l->zone;
}

static inline double units_of(const struct judge *j, const struct limit_problem *l, size_t offer)
{
    return l->gpu >= 0 ? j->p->types[type_of(j, offer)].gpus : 1;
}

/* Subscribed machines are held, used or not, so they take their part of everybody's quota. */
static inline double held_units(const struct judge *j, const struct limit_problem *l, int64_t us)
{
    double held = 0;
    for (size_t i = 0; i < j->plan->n_subscriptions; i++) {
        const struct subscription_choice *c = &j->plan->subscriptions[i];
        if (us < end_of(j, c) * US_PER_MIN && is_limited(j, l, c->offer))
            held += (j->s->scenario->relaxed ? c->relaxed : (double)c->count) *
                    units_of(j, l, c->offer);
    }
    return l->is_stock || l->owner >= 0 ? 0 : held;
}

static inline void judge_limit(struct judge *j, const struct limit_problem *l, int64_t us)
{
    double used = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        if (us < x->from_us || us >= x->to_us || !is_limited(j, l, x->offer)) continue;
        if (j->plan->offers[x->offer].market->id == MARKET_SUBSCRIPTION) continue;
        if (l->owner >= 0 && j->asked[x->demand].w->owner != l->owner) continue;
        used += running(j, x) * units_of(j, l, x->offer);
    }
    if (used > 0 && !is_within(j, used + held_units(j, l, us), l->count))
        complain(j, "limit %d: %g of %d at %lld us", (int)(l - j->p->limits), used, l->count,
                 (long long)us);
}

/* What a list of stock has at a moment; -1: it does not say. */
static inline int stock_at(const struct judge *j, int type, int64_t us)
{
    int available = -1, from = -1;
    for (int i = 0; i < j->p->n_steps; i++) {
        const struct step_problem *s = &j->p->steps[i];
        if (s->type != type || s->start_min * US_PER_MIN > us || s->start_min < from) continue;
        available = s->available;
        from = s->start_min;
    }
    return available;
}

static inline void judge_steps(struct judge *j, int64_t us)
{
    for (int type = 0; type < j->p->n_types; type++) {
        const int available = stock_at(j, type, us);
        double used = 0;
        for (size_t i = 0; available >= 0 && i < j->plan->n_stretches; i++) {
            const struct stretch *x = &j->plan->stretches[i];
            const bool here = type_of(j, x->offer) == type && region_of(j, x->offer) == 0;
            if (here && x->from_us <= us && us < x->to_us &&
                j->plan->offers[x->offer].market->id != MARKET_SUBSCRIPTION)
                used += running(j, x);
        }
        if (available >= 0 && !is_within(j, used, available))
            complain(j, "stock of %s: %g of %d", j->p->types[type].name, used, available);
    }
}

static inline double list_price(const struct judge *j, size_t offer, enum way way)
{
    double price = NAN;
    for (int i = 0; i < j->p->n_prices; i++) {
        const struct price *r = &j->p->prices[i];
        if (r->way == way && r->type == type_of(j, offer) && r->region == region_of(j, offer) &&
            (r->zone == zone_of(j, offer) || (r->zone < 0 && isnan(price))))
            price = decimal_value(r->amount);
    }
    return way == WAY_MONTH ? price / 720 : price;
}

static inline double in_use(const struct judge *j, size_t offer, int64_t us)
{
    double used = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        if (x->offer == offer && x->from_us <= us && us < x->to_us) used += running(j, x);
    }
    return used;
}

static inline void judge_subscriptions(struct judge *j, int64_t us)
{
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const size_t offer = j->plan->stretches[i].offer;
        const double used = in_use(j, offer, us);
        if (j->plan->offers[offer].market->id != MARKET_SUBSCRIPTION || used <= 0) continue;
        double count = 0;
        for (size_t k = 0; k < j->plan->n_subscriptions; k++) {
            const struct subscription_choice *c = &j->plan->subscriptions[k];
            if (c->offer == offer && us < end_of(j, c) * US_PER_MIN)
                count += j->s->scenario->relaxed ? c->relaxed : (double)c->count;
        }
        if (!is_within(j, used, count))
            complain(j, "%g machines of %g subscribed ones", used, count);
    }
}

static inline void judge_savings_plan(struct judge *j, int64_t us)
{
    double money = 0, committed = 0;
    for (int k = 0; k < j->p->n_commitments; k++) {
        const struct commitment_problem *c = &j->p->commitments[k];
        const bool over = c->until_min >= 0 && us >= c->until_min * US_PER_MIN;
        if (c->type >= 0) continue;
        committed = over ? 0 : decimal_value(c->spend_per_h);
        for (size_t i = 0; i < j->plan->n_stretches; i++) {
            const struct stretch *x = &j->plan->stretches[i];
            if (us < x->from_us || us >= x->to_us) continue;
            if (j->plan->offers[x->offer].market->id == MARKET_SAVINGS_PLAN)
                money += list_price(j, x->offer, WAY_ON_DEMAND) *
                         (1 - c->discount_percent / 100.0) * running(j, x);
        }
    }
    if (money > 0 && !is_within(j, money, committed))
        complain(j, "the savings plan is passed: %.12g of %.12g", money, committed);
}

/* MB/s that the machines of a stretch read of a use while they run. */
static inline double read_at(const struct judge *j, const struct stretch *x, const struct use *u)
{
    const struct asked *a = &j->asked[x->demand];
    const struct seats seat = seats_of(j, a, type_of(j, x->offer));
    const double useful = useful_most(j, a, x->offer, &seat, checkpoint_mbps_most(j, a->w));
    const double work_rate = x->useful / ((double)x->paid_us / 3.6e9) / useful;
    return wanted_mbps(a, u, work_rate) * running(j, x);
}

/* GiB bought of a class in a region. */
static inline double bought_gib(const struct judge *j, const struct tariff *t, const char *region)
{
    double size = 0;
    for (size_t i = 0; i < j->plan->n_datasets; i++) {
        const struct dataset_choice *c = &j->plan->datasets[i];
        if (tariff_of(j, c) == t && !strcmp(c->region, region)) size += c->size_gib + c->extra_gib;
    }
    return size;
}

/* MB/s that a stretch reads of a class in a region. */
static inline double read_of(const struct judge *j, const struct stretch *x, const struct tariff *t,
                             const char *region)
{
    const struct workload_problem *w = j->asked[x->demand].w;
    double read = 0;
    for (int i = 0; i < w->n_uses; i++) {
        const struct dataset_choice *c = home_of(j, w->uses[i].dataset);
        if (tariff_of(j, c) == t && !strcmp(c->region, region)) read += read_at(j, x, &w->uses[i]);
    }
    return read;
}

/* Data read at a time against what the class can give with what was bought. */
static inline void judge_pool(struct judge *j, const struct tariff *t, const char *region,
                              int64_t us)
{
    double read = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        if (x->from_us <= us && us < x->to_us) read += read_of(j, x, t, region);
    }
    const double sloped = t->slope_mbps_per_tib / 1024.0 * bought_gib(j, t, region);
    const double gives = fmin(t->base_mbps + sloped, t->max_mbps);
    if (!is_within(j, read, gives))
        complain(j, "%s is read at %g of %g MB/s", t->name, read, gives);
}

static inline void judge_reads(struct judge *j, int64_t us)
{
    for (int k = 0; k < j->p->n_tariffs && !is_split(j); k++)
        for (int r = 0; !j->p->tariffs[k].per_machine && r < j->p->n_regions; r++)
            judge_pool(j, &j->p->tariffs[k], j->p->regions[r], us);
}

static inline void judge_limits(struct judge *j)
{
    for (size_t i = 0; i < j->plan->n_stretches && !j->bad; i++)
        for (int k = 0; k < 2 + j->p->n_steps && !j->bad; k++) {
            const struct stretch *x = &j->plan->stretches[i];
            int64_t us = k == 0 ? x->from_us : x->to_us - 1;
            if (k >= 2) us = j->p->steps[k - 2].start_min * US_PER_MIN;
            for (int l = 0; l < j->p->n_limits; l++) judge_limit(j, &j->p->limits[l], us);
            judge_steps(j, us);
            judge_subscriptions(j, us);
            judge_savings_plan(j, us);
            judge_reads(j, us);
        }
}

#endif
