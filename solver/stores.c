/* Where datasets may lie: a home is a class in one region, a site one home for each dataset of a workload. */
#include "common/text.h"
#include "solver/model.h"
#include <assert.h>
#include <math.h>
#include <string.h>

enum { MAX_SITES = 4096 };

static double later(double a, double b)
{
    return a > b ? a : b;
}

static void add_use(struct model *m, struct store *s, size_t workload, const struct dataset_use *u)
{
    const struct scenario *sc = m->scenario;
    const struct workload *w = &sc->workloads[workload];
    const int64_t from = w->has_start && w->start > sc->start ? w->start - sc->start : 0;
    const int64_t keep =
        isnan(u->keep_h) ? m->horizon_us - from : (int64_t)llround(u->keep_h * (double)US_PER_H);
    if (s->n_users == 0 || from < s->from_us) {
        const int64_t end = s->n_users ? s->from_us + s->keep_us : 0;
        s->from_us = from;
        s->keep_us = end - from;
    }
    if (from + keep > s->from_us + s->keep_us) s->keep_us = from + keep - s->from_us;
    s->size_gib = later(s->size_gib, u->size_gib);
    s->floor_mbps = later(s->floor_mbps, u->throughput_mbps);
    s->egress_gib += u->egress_gib;
    for (size_t i = 0; i < m->demands->n; i++)
        if (m->demands->items[i].shape->workload == w) s->read_gib += u->reads * u->size_gib;
    *ARENA_PUSH(m->arena, s->users, s->n_users) = workload;
}

static bool wanted_class(const struct dataset *d, const char *name)
{
    for (size_t i = 0; i < d->classes.n; i++)
        if (!strcmp(d->classes.items[i], name) || !strcmp(d->classes.items[i], "any")) return true;
    return d->classes.n == 0;
}

/* Prices of a home in the run's currency; false when it cannot be bought. */
static bool price_home(struct home *h, const struct dataset *d, const struct offer_request *r)
{
    const struct storage_tariff *t = &h->tariff;
    struct ratio month;
    if (d->price.given) {
        if (!price_convert(&month, d->price.money.amount, d->price.money.currency, r)) return false;
        if (!ratio_div(&h->price_gib_h, month, (struct ratio){HOURS_PER_MONTH, 1})) return false;
        h->estimated = false;
    } else {
        if (!t->has_price || !price_convert(&h->price_gib_h, t->price_gib_h, t->currency, r))
            return false;
        h->estimated = confidence_is_estimate(t->origin.confidence);
    }
    return price_convert(&h->egress_gib, t->egress_gib, t->currency, r) &&
           price_convert(&h->retrieval_gib, t->retrieval_gib, t->currency, r);
}

static void add_home(struct model *m, struct store *s, size_t class_index, const char *region)
{
    const struct dataset *d = &m->scenario->datasets[s->dataset];
    struct home h = {.dataset = s->dataset,
                     .storage_class = class_index,
                     .class_ = book_storage_class(m->book, class_index),
                     .region = region,
                     .tariff = book_storage(m->book, class_index, region)};
    if (h.tariff.min_size_gib < s->min_size_gib) h.tariff.min_size_gib = s->min_size_gib;
    if (h.tariff.max_size_gib > 0 && h.tariff.max_size_gib < s->size_gib) return;
    if (price_home(&h, d, &m->request)) *ARENA_PUSH(m->arena, s->homes, s->n_homes) = h;
}

static bool seen_region(const struct model *m, size_t offer)
{
    for (size_t i = 0; i < offer; i++)
        if (!strcmp(m->offers[i].region, m->offers[offer].region)) return true;
    return false;
}

static enum err no_home(const struct model *m, const struct dataset *d)
{
    const enum err code = diag_error(
        m->diag, ERR_STORAGE, d->at,
        _("dataset \"%s\" has no storage class with a price in a region that may be used"),
        d->name);
    diag_fix(m->diag, _("name another class, or give storage.%s.price, for example ¥0.28/GB-month"),
             d->name);
    return code;
}

static enum err check_classes(const struct model *m, const struct dataset *d)
{
    for (size_t i = 0; i < d->classes.n; i++) {
        const char *name = d->classes.items[i];
        if (!strcmp(name, "any") || book_storage_find(m->book, name) != NONE) continue;
        const size_t n = book_storage_class_count(m->book);
        const char **names = ARENA_NEW(m->arena, const char *, n + 1);
        for (size_t j = 0; j < n; j++) names[j] = book_storage_class(m->book, j)->name;
        const enum err code =
            diag_error(m->diag, ERR_STORAGE, d->classes.places ? d->classes.places[i] : d->at,
                       _("no storage class is called \"%s\""), name);
        const char *near = nearest_name(name, names, n);
        if (near) diag_fix(m->diag, _("did you mean \"%s\"?"), near);
        return code;
    }
    return OK;
}

static enum err find_homes(struct model *m, struct store *s)
{
    const struct dataset *d = &m->scenario->datasets[s->dataset];
    TRY(check_classes(m, d));
    for (size_t o = 0; o < m->quoted.n; o++) {
        if (seen_region(m, o)) continue;
        const char *region = m->offers[o].region;
        if (d->region && strcmp(d->region, region) != 0) continue;
        for (size_t c = 0; c < book_storage_class_count(m->book); c++)
            if (wanted_class(d, book_storage_class(m->book, c)->name)) add_home(m, s, c, region);
    }
    order_homes(s->homes, s->n_homes);
    return s->n_homes ? OK : no_home(m, d);
}

static size_t dataset_find(const struct scenario *s, const char *name)
{
    for (size_t i = 0; i < s->n_datasets; i++)
        if (!strcmp(s->datasets[i].name, name)) return i;
    return NONE;
}

static bool has_demand(const struct model *m, const struct workload *w)
{
    for (size_t i = 0; i < m->demands->n_shapes; i++)
        if (m->demands->shapes[i].workload == w) return true;
    for (size_t i = 0; i < m->services->n; i++)
        if (m->services->items[i].shape->workload == w) return true;
    return false;
}

enum err stores_make(struct model *m)
{
    const struct scenario *s = m->scenario;
    m->store_of = ARENA_NEW(m->arena, size_t, s->n_datasets + 1);
    for (size_t i = 0; i < s->n_datasets; i++) m->store_of[i] = NONE;
    m->stores = ARENA_NEW(m->arena, struct store, s->n_datasets + 1);
    const size_t *order = order_workloads(s, m->arena);
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[order[i]];
        if (!has_demand(m, w)) continue;
        for (size_t j = 0; j < w->n_uses; j++) {
            const size_t dataset = dataset_find(s, w->uses[j].use);
            assert(dataset != NONE); /* the scenario was refused otherwise */
            if (m->store_of[dataset] == NONE) {
                m->store_of[dataset] = m->n_stores;
                m->stores[m->n_stores++] =
                    (struct store){.dataset = dataset,
                                   .min_size_gib = s->datasets[dataset].min_size_gib,
                                   .floor_mbps = s->datasets[dataset].throughput_mbps,
                                   .split = s->datasets[dataset].split};
            }
            add_use(m, &m->stores[m->store_of[dataset]], order[i], &w->uses[j]);
        }
    }
    enum err first = OK;
    for (size_t i = 0; i < m->n_stores; i++) {
        const enum err e = find_homes(m, &m->stores[i]);
        if (first == OK) first = e;
    }
    return first;
}

size_t store_find(const struct model *m, const char *dataset_name)
{
    const size_t dataset = dataset_find(m->scenario, dataset_name);
    return dataset == NONE ? NONE : m->store_of[dataset];
}

double home_keep_h(const struct store *s, const struct home *h)
{
    return fmax((double)s->keep_us / (double)US_PER_H, 24 * h->tariff.min_days);
}

/* Counts up the mixed-radix number site->home; false after the last. */
static bool next_site(const struct model *m, const struct workload *w, const char *region,
                      size_t *home)
{
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct store *s = &m->stores[store_find(m, w->uses[j].use)];
        for (home[j]++; home[j] < s->n_homes; home[j]++)
            if (!strcmp(s->homes[home[j]].region, region)) return true;
        for (home[j] = 0; strcmp(s->homes[home[j]].region, region) != 0; home[j]++) continue;
    }
    return false;
}

/* First home of every use in `region`; false when a dataset cannot lie there. */
static bool first_site(const struct model *m, const struct workload *w, const char *region,
                       size_t *home)
{
    for (size_t j = 0; j < w->n_uses; j++) {
        const struct store *s = &m->stores[store_find(m, w->uses[j].use)];
        for (home[j] = 0; home[j] < s->n_homes; home[j]++)
            if (!strcmp(s->homes[home[j]].region, region)) break;
        if (home[j] == s->n_homes) return false;
    }
    return true;
}

static enum err add_sites(struct group *g, const struct model *m, const char *region)
{
    const struct workload *w = g->shape->workload;
    size_t *home = ARENA_NEW(m->arena, size_t, w->n_uses);
    if (!first_site(m, w, region, home)) return OK;
    struct site *sites = (struct site *)g->sites;
    do {
        if (g->n_sites == MAX_SITES) {
            const enum err code =
                diag_error(m->diag, ERR_TOO_MANY_SITES, w->at,
                           _("workload \"%s\" has more than %d ways to place its datasets"),
                           w->name, MAX_SITES);
            diag_fix(m->diag, _("fix the class or the region of some of them under storage"));
            return code;
        }
        struct site *s = ARENA_PUSH(m->arena, sites, g->n_sites);
        s->region = region;
        s->home = ARENA_NEW(m->arena, size_t, w->n_uses);
        memcpy(s->home, home, w->n_uses * sizeof *home);
        g->sites = sites;
    } while (next_site(m, w, region, home));
    return OK;
}

enum err sites_make(struct group *g, const struct model *m)
{
    const struct workload *w = g->shape->workload;
    g->sites = NULL;
    g->n_sites = 0;
    if (w->n_uses == 0) {
        g->sites = ARENA_NEW(m->arena, struct site, 1);
        g->n_sites = 1;
        return OK;
    }
    for (size_t o = 0; o < m->quoted.n; o++)
        if (!seen_region(m, o)) TRY(add_sites(g, m, m->offers[o].region));
    if (g->n_sites) return OK;
    const enum err code =
        diag_error(m->diag, ERR_STORAGE, w->at,
                   _("the datasets of workload \"%s\" cannot lie together in one region"), w->name);
    diag_fix(m->diag, _("give them the same storage.NAME.region, or leave the regions open"));
    return code;
}
