/* Datasets: where they may lie, what that costs, and which of them share a class (docs/model.md 3.3, 4). */
#include "proof/model.h"
#include <math.h>
#include <string.h>

static size_t dataset_find(const struct scenario *s, const char *name)
{
    for (size_t i = 0; i < s->n_datasets; i++)
        if (proof_same(s->datasets[i].name, name)) return i;
    return NOWHERE;
}

size_t proof_store_find(const struct proof *p, const char *dataset)
{
    const size_t i = dataset_find(p->in.scenario, dataset);
    return i == NOWHERE ? NOWHERE : p->store_of[i];
}

/* Stored from the earliest start to the latest end of its users, at the largest size and throughput any of them states. */
static void add_use(struct proof *p, struct proof_store *s, size_t workload,
                    const struct dataset_use *u)
{
    const struct workload *w = &p->in.scenario->workloads[workload];
    const moment_t start = p->in.scenario->start;
    const int64_t from = w->has_start && w->start > start ? w->start - start : 0;
    const int64_t end =
        isnan(u->keep_h) ? p->horizon_us : from + (int64_t)llround(u->keep_h * (double)US_PER_H);
    const int64_t before = s->n_users ? s->from_us + s->keep_us : end;
    if (s->n_users == 0 || from < s->from_us) s->from_us = from;
    s->keep_us = (end > before ? end : before) - s->from_us;
    s->size_gib = fmax(s->size_gib, u->size_gib);
    s->floor_mbps = fmax(s->floor_mbps, u->throughput_mbps);
    s->egress_gib += u->egress_gib;
    for (size_t i = 0; i < p->in.demands->n; i++)
        if (p->in.demands->items[i].shape->workload == w) s->read_gib += u->reads * u->size_gib;
    *ARENA_PUSH(p->arena, s->users, s->n_users) = workload;
}

static bool wanted(const struct dataset *d, const char *class_)
{
    for (size_t i = 0; i < d->classes.n; i++)
        if (proof_same(d->classes.items[i], class_) || proof_same(d->classes.items[i], "any"))
            return true;
    return d->classes.n == 0;
}

static bool set_prices(struct proof_home *h, const struct dataset *d, const struct offer_request *r)
{
    const struct storage_tariff *t = &h->tariff;
    struct ratio month;
    const bool priced =
        d->price.given
            ? price_convert(&month, d->price.money.amount, d->price.money.currency, r) &&
                  ratio_div(&h->price_gib_h, month, (struct ratio){HOURS_PER_MONTH, 1})
            : t->has_price && price_convert(&h->price_gib_h, t->price_gib_h, t->currency, r);
    return priced && price_convert(&h->egress_gib, t->egress_gib, t->currency, r) &&
           price_convert(&h->retrieval_gib, t->retrieval_gib, t->currency, r);
}

static void add_home(struct proof *p, struct proof_store *s, size_t class_, const char *region)
{
    const struct dataset *d = &p->in.scenario->datasets[s->dataset];
    struct proof_home h = {.class_ = book_storage_class(p->in.book, class_),
                           .region = region,
                           .tariff = book_storage(p->in.book, class_, region),
                           .pool = NOWHERE};
    h.tariff.min_size_gib = fmax(h.tariff.min_size_gib, d->min_size_gib);
    if (h.tariff.max_size_gib > 0 && h.tariff.max_size_gib < s->size_gib) return;
    h.keep_h = fmax((double)s->keep_us / (double)US_PER_H, 24 * h.tariff.min_days);
    if (set_prices(&h, d, p->in.request)) *ARENA_PUSH(p->arena, s->homes, s->n_homes) = h;
}

/* First offer of each region. */
static bool new_region(const struct proof *p, size_t offer)
{
    for (size_t i = 0; i < offer; i++)
        if (proof_same(p->offers[i].region, p->offers[offer].region)) return false;
    return true;
}

static void add_homes(struct proof *p, struct proof_store *s)
{
    const struct dataset *d = &p->in.scenario->datasets[s->dataset];
    for (size_t o = 0; o < p->in.n_offers; o++) {
        const char *region = p->offers[o].region;
        if (!new_region(p, o) || (d->region && !proof_same(d->region, region))) continue;
        for (size_t c = 0; c < book_storage_class_count(p->in.book); c++)
            if (wanted(d, book_storage_class(p->in.book, c)->name)) add_home(p, s, c, region);
    }
}

/* Every shared class in a region in which something may lie. */
static void add_to_pool(struct proof *p, size_t store, size_t home)
{
    struct proof_home *h = &p->stores[store].homes[home];
    if (h->class_->per_machine) return;
    size_t i = 0;
    while (i < p->n_pools &&
           (p->pools[i].class_ != h->class_ || !proof_same(p->pools[i].region, h->region)))
        i++;
    if (i == p->n_pools)
        *ARENA_PUSH(p->arena, p->pools, p->n_pools) =
            (struct proof_pool){.class_ = h->class_, .region = h->region, .tariff = h->tariff};
    struct proof_pool *pool = &p->pools[i];
    *ARENA_PUSH(p->arena, pool->members, pool->n) = (struct proof_member){store, home};
    pool->always = pool->always || p->stores[store].n_homes == 1;
    pool->tariff.min_size_gib = fmax(pool->tariff.min_size_gib, h->tariff.min_size_gib);
    h->pool = i;
}

static bool has_demand(const struct proof *p, const struct workload *w)
{
    for (size_t i = 0; i < p->in.demands->n_shapes; i++)
        if (p->in.demands->shapes[i].workload == w) return true;
    for (size_t i = 0; i < p->in.services->n; i++)
        if (p->in.services->items[i].shape->workload == w) return true;
    return false;
}

void proof_stores_make(struct proof *p)
{
    const struct scenario *s = p->in.scenario;
    p->store_of = ARENA_NEW(p->arena, size_t, s->n_datasets + 1);
    p->stores = ARENA_NEW(p->arena, struct proof_store, s->n_datasets + 1);
    for (size_t i = 0; i < s->n_datasets; i++) p->store_of[i] = NOWHERE;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        for (size_t j = 0; has_demand(p, w) && j < w->n_uses; j++) {
            const size_t d = dataset_find(s, w->uses[j].use);
            if (d == NOWHERE) continue;
            if (p->store_of[d] == NOWHERE) {
                p->store_of[d] = p->n_stores;
                p->stores[p->n_stores++] =
                    (struct proof_store){.dataset = d,
                                         .name = s->datasets[d].name,
                                         .floor_mbps = s->datasets[d].throughput_mbps,
                                         .split = s->datasets[d].split};
            }
            add_use(p, &p->stores[p->store_of[d]], i, &w->uses[j]);
        }
    }
    for (size_t i = 0; i < p->n_stores; i++) add_homes(p, &p->stores[i]);
    for (size_t i = 0; i < p->n_stores; i++)
        for (size_t h = 0; h < p->stores[i].n_homes; h++) add_to_pool(p, i, h);
}

/* The next home of the region after `home`; n_homes: none. */
static size_t home_in(const struct proof_store *s, const char *region, size_t home)
{
    while (home < s->n_homes && !proof_same(s->homes[home].region, region)) home++;
    return home;
}

static void sites_of_region(struct proof *p, struct proof_group *g, const char *region)
{
    const struct workload *w = g->shape->workload;
    size_t *home = ARENA_NEW(p->arena, size_t, w->n_uses);
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct proof_store *s = &p->stores[proof_store_find(p, w->uses[j].use)];
        home[j] = home_in(s, region, 0);
        if (home[j] == s->n_homes) return;
    }
    for (size_t j = 0; j < w->n_uses;) {
        size_t *copy = ARENA_NEW(p->arena, size_t, w->n_uses);
        memcpy(copy, home, w->n_uses * sizeof *home);
        *ARENA_PUSH(p->arena, g->sites, g->n_sites) = (struct proof_site){region, copy};
        for (j = 0; j < w->n_uses; j++) { /* count up; past the last one j is n_uses */
            const struct proof_store *s = &p->stores[proof_store_find(p, w->uses[j].use)];
            home[j] = home_in(s, region, home[j] + 1);
            if (home[j] < s->n_homes) break;
            home[j] = home_in(s, region, 0);
        }
    }
}

void proof_sites_make(struct proof *p, struct proof_group *g)
{
    if (g->shape->workload->n_uses == 0) {
        g->sites = ARENA_NEW(p->arena, struct proof_site, 1);
        g->n_sites = 1;
        return;
    }
    for (size_t o = 0; o < p->in.n_offers; o++)
        if (new_region(p, o)) sites_of_region(p, g, p->offers[o].region);
}
