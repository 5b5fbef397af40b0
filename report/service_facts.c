#include "report/service_facts.h"
#include "report/wording.h"
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

size_t service_workload(const struct plan *p, size_t service)
{
    return (size_t)(p->services->items[service].shape->workload - p->scenario->workloads);
}

const char *service_rule_word(const struct service *s)
{
    switch (s->rule) {
    case RULE_PROFILE:
        return "profile";
    case RULE_WAIT:
        return "wait";
    case RULE_BLOCKING:
        break;
    }
    return "blocking";
}

const char *service_load_unit(const struct service *s)
{
    return s->rule == RULE_BLOCKING ? N_("erlang") : N_("requests/h");
}

static int64_t shown_us(const struct holding *h)
{
    return h->machines * (h->to_us - h->from_us);
}

const double *paid_shares(const struct plan *p, struct arena *a)
{
    const size_t n = p->services ? p->services->n : 0;
    double *all_us = ARENA_NEW(a, double, n + 1);
    for (size_t i = 0; i < p->n_holdings; i++)
        all_us[p->holdings[i].service] += (double)shown_us(&p->holdings[i]);
    for (size_t i = 0; i < n; i++) {
        const double held_us = p->service_outcomes[i].held_h * (double)US_PER_H;
        const bool whole = fabs(all_us[i] - held_us) <= 1e-9 * all_us[i];
        all_us[i] = whole ? 1 : held_us / all_us[i];
    }
    return all_us;
}

int64_t holding_paid_us(const struct holding *h, const double *shares)
{
    const double share = shares[h->service];
    return share < 1 || share > 1 ? llround((double)shown_us(h) * share) : shown_us(h);
}

int64_t holding_start_us(const struct plan *p, const struct holding *h)
{
    const struct service *s = &p->services->items[h->service];
    return llround((double)h->starts * s->cold_start_h * (double)US_PER_H);
}

/* Machines now, while time goes from the first change to the last. */
struct sweep {
    const struct plan *plan;
    const struct service *service;
    struct service_facts *out;
    long *now; /* [pools] */
    struct group {
        long machines, outside; /* outside spot */
        long most_outside;      /* when most machines are held */
    } * groups;                 /* [regions] */
    double highest;             /* sizing load of a period so far */
};

struct change {
    int64_t at_us;
    size_t pool;
    long machines;
};

static int change_cmp(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    if (a->at_us != b->at_us) return a->at_us < b->at_us ? -1 : 1;
    return (a->pool > b->pool) - (a->pool < b->pool);
}

static bool same_place(const struct offer *a, const struct offer *b)
{
    return a->type == b->type && strcmp(a->region, b->region) == 0 &&
           strcmp(a->zone ? a->zone : "", b->zone ? b->zone : "") == 0;
}

static size_t pool_of(struct service_facts *out, const struct plan *p, size_t offer,
                      struct arena *a)
{
    const struct offer *o = &p->offers[offer];
    for (size_t i = 0; i < out->n_pools; i++) {
        const struct offer *known = &p->offers[out->pools[i].offer];
        if (same_place(known, o) && strcmp(offer_market_word(known), offer_market_word(o)) == 0)
            return i;
    }
    *ARENA_PUSH(a, out->pools, out->n_pools) =
        (struct pool_fact){.offer = offer, .least = LONG_MAX};
    return out->n_pools - 1;
}

static size_t region_of(const struct service_facts *out, const char *region)
{
    size_t i = 0;
    while (i < out->n_regions && strcmp(out->regions[i].region, region) != 0) i++;
    return i;
}

static struct change *changes_make(size_t *n, struct service_facts *out, const struct plan *p,
                                   size_t service, struct arena *a)
{
    struct change *changes = ARENA_NEW(a, struct change, 2 * p->n_holdings + 1);
    const double *shares = paid_shares(p, a);
    *n = 0;
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        if (h->service != service) continue;
        const size_t pool = pool_of(out, p, h->offer, a);
        out->pools[pool].held_us += holding_paid_us(h, shares);
        out->pools[pool].starts += h->starts;
        changes[(*n)++] = (struct change){h->from_us, pool, h->machines};
        changes[(*n)++] = (struct change){h->to_us, pool, -h->machines};
    }
    qsort(changes, *n, sizeof *changes, change_cmp);
    return changes;
}

/* Notes the machines held now in their pools and regions. */
static void note_machines(struct sweep *w)
{
    struct service_facts *out = w->out;
    for (size_t i = 0; i < out->n_regions; i++) w->groups[i].machines = w->groups[i].outside = 0;
    for (size_t i = 0; i < out->n_pools; i++) {
        struct pool_fact *pool = &out->pools[i];
        const struct offer *o = &w->plan->offers[pool->offer];
        struct group *g = &w->groups[region_of(out, o->region)];
        if (w->now[i] < pool->least) pool->least = w->now[i];
        if (w->now[i] > pool->most) pool->most = w->now[i];
        g->machines += w->now[i];
        if (!o->market->interruptible) g->outside += w->now[i];
    }
    for (size_t i = 0; i < out->n_regions; i++) {
        struct scaling_fact *r = &out->regions[i];
        struct group *g = &w->groups[i];
        if (g->machines < r->least) r->least = g->machines;
        if (g->outside < r->base) r->base = g->outside;
        if (g->machines > r->most || (g->machines == r->most && g->outside > g->most_outside)) {
            r->most = g->machines;
            g->most_outside = g->outside;
        }
    }
}

/* Notes the load of one machine in the step of the highest sizing load; of equal ones that with most machines. */
static void note_load(struct sweep *w, int64_t from_us, int64_t to_us)
{
    const struct scenario *s = w->plan->scenario;
    long machines = 0;
    for (size_t i = 0; i < w->out->n_pools; i++) machines += w->now[i];
    const int64_t step_us = s->step_us > 0 ? s->step_us : to_us - from_us;
    for (int64_t at = from_us, end; at < to_us; at = end) {
        end = (at / step_us + 1) * step_us;
        if (end > to_us) end = to_us;
        const double load = service_sizing_load(w->service, at, end);
        if (load < w->highest || load <= 0) continue;
        const double each =
            machines ? service_mean_load(w->service, at, end) / (double)machines : (double)NAN;
        if (load > w->highest || !isfinite(w->out->target_load) || each < w->out->target_load)
            w->out->target_load = each;
        w->highest = load;
    }
}

static void sweep_run(struct sweep *w, const struct change *changes, size_t n)
{
    const int64_t length_us = w->plan->scenario->length_us;
    for (int64_t at = 0, end; at < length_us; at = end) {
        while (n && changes->at_us <= at) {
            w->now[changes->pool] += changes->machines;
            changes++;
            n--;
        }
        end = n && changes->at_us < length_us ? changes->at_us : length_us;
        note_machines(w);
        note_load(w, at, end);
    }
}

static void regions_make(struct service_facts *out, const struct plan *p, struct arena *a)
{
    for (size_t i = 0; i < out->n_pools; i++) {
        const char *region = p->offers[out->pools[i].offer].region;
        if (region_of(out, region) < out->n_regions) continue;
        *ARENA_PUSH(a, out->regions, out->n_regions) =
            (struct scaling_fact){.region = region, .least = LONG_MAX, .base = LONG_MAX};
    }
}

/* Spot with and without the protected hour is one place to look for machines. */
static void count_spot(struct scaling_fact *r, const struct service_facts *f, const struct plan *p)
{
    for (size_t i = 0; i < f->n_pools; i++) {
        const struct offer *o = &p->offers[f->pools[i].offer];
        if (!o->market->interruptible || strcmp(o->region, r->region) != 0) continue;
        bool known = false;
        for (size_t j = 0; j < i; j++) {
            const struct offer *before = &p->offers[f->pools[j].offer];
            known = known || (before->market->interruptible && same_place(before, o));
        }
        r->n_spot_places += !known;
    }
}

/* Instance types of a region, cheapest machine-hour first; equal ones by name. */
static void sort_types(struct scaling_fact *r, const struct service_facts *f, const struct plan *p,
                       struct arena *a)
{
    size_t *types = ARENA_NEW(a, size_t, f->n_pools + 1);
    for (;;) {
        const struct offer *best = NULL;
        for (size_t i = 0; i < f->n_pools; i++) {
            const struct offer *o = &p->offers[f->pools[i].offer];
            bool taken = strcmp(o->region, r->region) != 0;
            for (size_t j = 0; j < r->n_types; j++) taken = taken || types[j] == o->type;
            if (taken) continue;
            if (!best || o->price < best->price ||
                (o->price <= best->price && strcmp(book_type(p->book, o->type)->name,
                                                   book_type(p->book, best->type)->name) < 0))
                best = o;
        }
        if (!best) break;
        types[r->n_types++] = best->type;
    }
    r->types = types;
}

static int percent_outside(const struct scaling_fact *r, const struct group *g)
{
    const long above = r->most - r->base;
    if (above <= 0) return 100;
    return (int)((100 * (g->most_outside - r->base) + above - 1) / above);
}

static double peak_load(const struct plan *p, const struct service *s)
{
    const int64_t length_us = p->scenario->length_us;
    const int64_t step_us = p->scenario->step_us > 0 ? p->scenario->step_us : length_us;
    double peak = 0;
    for (int64_t at = 0; at < length_us; at += step_us)
        peak = fmax(
            peak, service_sizing_load(s, at, at + step_us < length_us ? at + step_us : length_us));
    return peak;
}

struct service_facts service_facts(const struct plan *p, size_t service, struct arena *a)
{
    const struct service *s = &p->services->items[service];
    struct service_facts out = {
        .workload = service_workload(p, service), .peak_load = peak_load(p, s), .target_load = NAN};
    size_t n;
    const struct change *changes = changes_make(&n, &out, p, service, a);
    regions_make(&out, p, a);
    struct sweep w = {.plan = p,
                      .service = s,
                      .out = &out,
                      .now = ARENA_NEW(a, long, out.n_pools + 1),
                      .groups = ARENA_NEW(a, struct group, out.n_regions + 1)};
    sweep_run(&w, changes, n);
    for (size_t i = 0; i < out.n_regions; i++) {
        struct scaling_fact *r = &out.regions[i];
        r->on_demand_percent = percent_outside(r, &w.groups[i]);
        count_spot(r, &out, p);
        sort_types(r, &out, p, a);
    }
    if (p->service_outcomes[service].unserved_frac > 0) out.target_load = NAN;
    return out;
}

static const struct service_outcome *outcome_of(const struct plan *p, size_t workload)
{
    for (size_t i = 0; p->services && i < p->services->n; i++)
        if (service_workload(p, i) == workload) return &p->service_outcomes[i];
    return NULL;
}

static const char *hours_text(struct arena *a, double h)
{
    return number_text(a, h, h < 100 ? 1 : 0);
}

const char *service_text(const struct plan *p, size_t workload, struct arena *a)
{
    const struct service_outcome *o = outcome_of(p, workload);
    if (!o) return NULL;
    return arena_printf(
        a, _("machines: %ld at the peak, %ld at least; %s of %s machine-hours idle"),
        o->peak_machines, o->least_machines, hours_text(a, o->idle_h), hours_text(a, o->held_h));
}

const char *perfect_text(const struct plan *p, size_t workload, struct arena *a)
{
    const struct service_outcome *o = outcome_of(p, workload);
    if (!o) return NULL;
    return arena_printf(a,
                        _("a perfect autoscaler of the strongest type held would hold %s "
                          "machine-hours"),
                        hours_text(a, o->perfect_h));
}

const char *unserved_text(const struct plan *p, size_t workload, struct arena *a)
{
    const struct service_outcome *o = outcome_of(p, workload);
    if (!o || !(o->unserved_frac > 0)) return NULL;
    return arena_printf(a, _("%s of the load is left unserved"),
                        percent_text(a, o->unserved_frac, 2));
}
