/* What datasets add to the bound: the columns x (share of a dataset in a home), extra capacity, and classes in use. */
#include "proof/bound.h"
#include <math.h>

/* Where no throughput says how much capacity could ever be of use. */
#define MOST_GIB 1048576.0

static bool kept_at(const struct proof_store *s, int64_t us)
{
    return s->from_us <= us && us < s->from_us + s->keep_us;
}

/* What one unit of money per hour, and one unit once, of a dataset cost with the budgets that count them. */
static void put_paid(const struct bounder *b, struct tally *sum, const struct proof_store *s,
                     double keep_h, double per_h, double once)
{
    const struct proof *p = b->p;
    const int64_t end = s->from_us + (int64_t)(keep_h * (double)US_PER_H);
    tally_add(sum, b->money, per_h * keep_h + once);
    for (size_t i = 0; i < b->n_budgets; i++) {
        const struct priced_budget *q = &b->budgets[i];
        double users = 0;
        for (size_t u = 0; u < s->n_users; u++)
            users +=
                !q->owner || proof_same(q->owner, p->in.scenario->workloads[s->users[u]].owner);
        const bool here =
            q->month < 0 || q->month == p->times.month[proof_times_find(&p->times, s->from_us)];
        const double hours = q->month < 0 ? keep_h : proof_month_h(p, s->from_us, end, q->month);
        tally_add(sum, q->price * users / (double)s->n_users, per_h * hours + (here ? once : 0));
    }
}

/* Prices of the rows of a member at a moment: 2 k is when member k begins, 2 k + 1 when it ends. */
struct moment_row {
    int64_t at_us;
    double size, floor;
};

static struct moment_row moment_row(const struct bounder *b, const struct proof_pool *pool,
                                    size_t member, size_t moment)
{
    const struct proof *p = b->p;
    const struct proof_store *mine = &p->stores[pool->members[member].store],
                             *other = &p->stores[pool->members[moment / 2].store];
    const char *key = arena_printf(p->arena, "%s %s@%s %s%s", mine->name, pool->class_->name,
                                   pool->region, other->name, moment % 2 ? " end" : "");
    return (struct moment_row){.at_us = other->from_us + (moment % 2 ? other->keep_us : 0),
                               .size = proof_price(b->prices, PRICE_SIZE, key),
                               .floor = proof_price(b->prices, PRICE_FLOOR, key)};
}

/* Rows of the pool in which gib GiB of the store count. */
static void put_size(const struct bounder *b, struct tally *sum, const struct proof_pool *pool,
                     const struct proof_store *s, double gib)
{
    const struct proof *p = b->p;
    const struct storage_tariff *t = &pool->tariff;
    for (size_t i = 0; i < 2 * pool->n * pool->n; i++) {
        const struct moment_row r = moment_row(b, pool, i / (2 * pool->n), i % (2 * pool->n));
        if (pool->n == 1 || !kept_at(s, r.at_us)) continue;
        tally_add(sum, -r.size, gib);
        tally_add(sum, -r.floor * t->slope_mbps_per_gib, gib);
    }
    const char *key = arena_printf(p->arena, "%s@%s", pool->class_->name, pool->region);
    if (t->max_size_gib > 0 && isfinite(t->max_size_gib))
        tally_add(sum, proof_price(b->prices, PRICE_MOST, key), gib);
    if (!pool->reads || t->slope_mbps_per_gib <= 0) return;
    const struct proof_times *times = &p->times;
    for (size_t i = 0; i < times->n; i++)
        if (s->from_us <= times->from_us[i] && times->from_us[i + 1] <= s->from_us + s->keep_us)
            tally_add(sum,
                      -proof_series_sum(pool->reads, times->from_us[i], times->from_us[i + 1]) *
                          t->slope_mbps_per_gib,
                      gib);
}

/* What a class gives without any capacity, and its cap. */
static double class_worth(const struct proof *p, const struct proof_pool *pool)
{
    double sum = proof_series_sum(pool->reads, 0, p->horizon_us) * pool->tariff.base_mbps;
    if (pool->reads_most)
        sum += proof_series_sum(pool->reads_most, 0, p->horizon_us) * pool->tariff.max_mbps;
    return sum;
}

/* Rows in which a member of the pool counts by being there: smallest size and throughput asked for. */
static void put_member(const struct bounder *b, struct tally *sum, const struct proof_pool *pool,
                       const struct proof_store *s)
{
    const struct proof *p = b->p;
    const struct storage_tariff *t = &pool->tariff;
    const double floor = fmin(s->floor_mbps, t->max_mbps);
    size_t member = 0;
    while (&p->stores[pool->members[member].store] != s) member++;
    for (size_t k = 0; pool->n > 1 && k < 2 * pool->n; k++) {
        const struct moment_row r = moment_row(b, pool, member, k);
        if (k != 2 * member && (!kept_at(s, r.at_us) || r.at_us == s->from_us)) continue;
        if (t->min_size_gib > 0) tally_add(sum, r.size, t->min_size_gib);
        if (floor > t->base_mbps) tally_add(sum, r.floor, floor - t->base_mbps);
    }
    const char *key = arena_printf(p->arena, "%s@%s", pool->class_->name, pool->region);
    if (!pool->always && pool->n > 1) tally_add(sum, -proof_price(b->prices, PRICE_CLASS, key), 1);
    if (!pool->always && pool->n == 1) tally_add(sum, -class_worth(p, pool), 1);
}

/* Links of jobs to this home. */
static void put_links(const struct bounder *b, struct tally *sum, size_t store, size_t home)
{
    const struct proof *p = b->p;
    const struct proof_store *s = &p->stores[store];
    for (size_t i = 0; s->n_homes > 1 && i < p->in.demands->n; i++) {
        const struct demand *d = &p->in.demands->items[i];
        for (size_t j = 0; b->links[i] && j < d->shape->workload->n_uses; j++)
            if (proof_same(d->shape->workload->uses[j].use, s->name))
                tally_add(sum, -b->links[i][j * b->most_homes + home], d->work);
    }
}

/* GiB beyond the size that could ever be of use. */
static double most_extra(const struct storage_tariff *t)
{
    double most = t->min_size_gib;
    if (t->slope_mbps_per_gib > 0)
        most =
            fmax(most, isfinite(t->max_mbps) ? (t->max_mbps - t->base_mbps) / t->slope_mbps_per_gib
                                             : MOST_GIB);
    return most;
}

/* A class that holds nothing else: the dataset buys what its smallest size and its throughput ask for, at `each` a GiB. */
static void put_own_extra(struct tally *sum, const struct proof_pool *pool,
                          const struct proof_store *s, double each)
{
    const struct storage_tariff *t = &pool->tariff;
    const double most = most_extra(t), floor = fmin(s->floor_mbps, t->max_mbps);
    double need = t->min_size_gib - s->size_gib;
    if (floor > t->base_mbps && t->slope_mbps_per_gib > 0)
        need = fmax(need, (floor - t->base_mbps) / t->slope_mbps_per_gib - s->size_gib);
    tally_add(sum, each, each < 0 ? most : fmax(0, fmin(need, most)) * (1 - 1e-15));
}

/* What it costs that all of the dataset lies in this home, a safe bit below. */
static double home_cost(struct bounder *b, size_t store, size_t home)
{
    const struct proof_store *s = &b->p->stores[store];
    const struct proof_home *h = &s->homes[home];
    const double price = h->class_->per_machine ? 0 : ratio_value(h->price_gib_h);
    const double once =
        ratio_value(h->egress_gib) * s->egress_gib + ratio_value(h->retrieval_gib) * s->read_gib;
    struct tally x = {0}, extra = {0};
    put_paid(b, &x, s, h->keep_h, price * s->size_gib, once);
    put_links(b, &x, store, home);
    tally_add(&x, -bound_service_homes(b, store, home), 1);
    if (h->pool != NOWHERE) {
        const struct proof_pool *pool = &b->p->pools[h->pool];
        put_member(b, &x, pool, s);
        put_size(b, &x, pool, s, s->size_gib);
        put_paid(b, &extra, s, h->keep_h, price, 0);
        put_size(b, &extra, pool, s, 1);
        if (pool->n == 1)
            put_own_extra(&x, pool, s, tally_low(&extra));
        else
            bound_column(b, &extra, most_extra(&pool->tariff));
    }
    return tally_low(&x);
}

static void bound_pool(struct bounder *b, const struct proof_pool *pool)
{
    const char *key = arena_printf(b->p->arena, "%s@%s", pool->class_->name, pool->region);
    const struct storage_tariff *t = &pool->tariff;
    const double worth = class_worth(b->p, pool);
    if (t->max_size_gib > 0 && isfinite(t->max_size_gib))
        exact_add(&b->sum, -proof_price(b->prices, PRICE_MOST, key), t->max_size_gib);
    if (pool->always) {
        exact_add(&b->sum, -worth * (1 + 1e-12), 1);
        return;
    }
    if (pool->n == 1) return;
    struct tally used = {0};
    tally_add(&used, proof_price(b->prices, PRICE_CLASS, key), 1);
    tally_add(&used, -worth, 1 + 1e-12);
    bound_column(b, &used, 1);
}

/* A dataset lies somewhere: it pays the cheapest of its homes. */
void bound_stores(struct bounder *b)
{
    const struct proof *p = b->p;
    for (size_t s = 0; s < p->n_stores; s++) {
        double least = INFINITY;
        for (size_t h = 0; h < p->stores[s].n_homes; h++) least = fmin(least, home_cost(b, s, h));
        if (isfinite(least)) exact_add(&b->sum, least, 1);
    }
    for (size_t i = 0; i < p->n_pools; i++) bound_pool(b, &p->pools[i]);
}
