#include "report/export_groups.h"
#include "common/money.h"
#include "common/quantity.h"
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

bool is_spot_market(const char *market)
{
    return market && strncmp(market, "spot", 4) == 0;
}

static bool same_offer(const struct saved_offer *a, const struct saved_offer *b)
{
    return same(a->type, b->type) && same(a->market, b->market) && same(a->region, b->region) &&
           same(a->zone, b->zone);
}

/* ---- names ---- */

/* The letters and digits of a text, in small; "" when it has none. */
static const char *plain_name(const char *text, size_t most, struct arena *a)
{
    char *out = ARENA_NEW(a, char, strlen(text) + 1), *to = out;
    for (; *text && (size_t)(to - out) < most; text++) {
        const unsigned char c = (unsigned char)*text;
        if (isalnum(c) && c < 0x80)
            *to++ = (char)tolower(c);
        else if (to > out && to[-1] != '-')
            *to++ = '-';
    }
    while (to > out && to[-1] == '-') to--;
    *to = '\0';
    return out;
}

struct slugs {
    const char **items;
    size_t n;
    struct arena *arena;
};

/* A name of its own for two texts: names in Chinese have no letters of ours, and two may differ in signs only. */
static const char *slug_make(struct slugs *s, const char *first, const char *second)
{
    enum { MOST_FIRST = 20, MOST_SECOND = 16 };
    struct arena *a = s->arena;
    const char *one = plain_name(first, MOST_FIRST, a), *two = plain_name(second, MOST_SECOND, a);
    if (!*one || !isalpha((unsigned char)*one))
        one = arena_printf(a, "w%s%s", *one ? "-" : "", one);
    const char *base = *two ? arena_printf(a, "%s-%s", one, two) : one, *slug = base;
    for (size_t i = 0, again = 2; i < s->n; i++) {
        if (strcmp(s->items[i], slug) != 0) continue;
        slug = arena_printf(a, "%s-%zu", base, again++);
        i = (size_t)-1; /* from the start: the new name may be taken too */
    }
    *ARENA_PUSH(a, s->items, s->n) = slug;
    return slug;
}

/* ---- machines over time ---- */

struct event {
    double at_h;
    const char *at;
    long change, spot_change;
};

static int by_time(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    if (a->at_h != b->at_h) return a->at_h < b->at_h ? -1 : 1;
    return (a->change > b->change) - (a->change < b->change); /* ends before begins */
}

struct counted {
    long least, most, spot_at_most;
    size_t n_steps;
    struct export_step *steps;
};

/* What lies between two moments that are one by the clock of doubles. */
static const double SAME_TIME_H = 1e-9;

static struct counted count_machines(struct event *events, size_t n, struct arena *a)
{
    struct counted c = {0};
    if (n == 0) return c;
    qsort(events, n, sizeof *events, by_time);
    long machines = 0, spot = 0;
    for (size_t i = 0; i < n;) {
        const struct event *first = &events[i];
        for (; i < n && events[i].at_h - first->at_h < SAME_TIME_H; i++) {
            machines += events[i].change;
            spot += events[i].spot_change;
        }
        if (machines > c.most) {
            c.most = machines;
            c.spot_at_most = spot;
        }
        const long last = c.n_steps ? c.steps[c.n_steps - 1].machines : 0;
        if (machines != last)
            *ARENA_PUSH(a, c.steps, c.n_steps) = (struct export_step){first->at, machines};
    }
    return c;
}

/* Begins and ends of the machines of one workload in a region, or of one of its offers. */
static struct event *events_of(size_t *n, const struct saved_run *r, const struct export_group *g,
                               const struct saved_offer *only, struct arena *a)
{
    struct event *events = NULL;
    *n = 0;
    for (size_t i = 0; i < r->n_stretches; i++) {
        const struct saved_stretch *s = &r->stretches[i];
        if (!same(s->workload, g->workload) || !same(s->offer.region, g->region)) continue;
        if (only && !same_offer(only, &s->offer)) continue;
        const long spot = is_spot_market(s->offer.market) ? s->machines : 0;
        *ARENA_PUSH(a, events, *n) = (struct event){s->from_h, s->from, s->machines, spot};
        *ARENA_PUSH(a, events, *n) = (struct event){s->to_h, s->to, -s->machines, -spot};
    }
    return events;
}

/* ---- groups ---- */

static struct export_group *group_find(struct export_plan *e, const char *workload,
                                       const char *region, struct slugs *slugs)
{
    for (size_t i = 0; i < e->n_groups; i++)
        if (same(e->groups[i].workload, workload) && same(e->groups[i].region, region))
            return &e->groups[i];
    struct export_group *g = ARENA_PUSH(slugs->arena, e->groups, e->n_groups);
    *g = (struct export_group){.workload = workload,
                               .region = region,
                               .slug = slug_make(slugs, workload, region),
                               .target_load = (double)NAN};
    return g;
}

static void pool_add(struct export_group *g, const struct saved_stretch *s, struct slugs *slugs)
{
    struct arena *a = slugs->arena;
    g->machine_h += s->machine_h;
    for (size_t i = 0; i < g->n_pools; i++) {
        if (!same_offer(&g->pools[i].offer, &s->offer)) continue;
        g->pools[i].machine_h += s->machine_h;
        return;
    }
    *ARENA_PUSH(a, g->pools, g->n_pools) = (struct export_pool){
        .offer = s->offer,
        .slug = slug_make(slugs, g->slug, s->offer.market ? s->offer.market : ""),
        .machine_h = s->machine_h};
    g->unprotected = g->unprotected || same(s->offer.market, "spot_unprotected");
    g->spot_places += is_spot_market(s->offer.market);
    for (size_t i = 0; i < g->n_types; i++)
        if (same(g->types[i], s->offer.type)) return;
    *ARENA_PUSH(a, g->types, g->n_types) = s->offer.type;
}

static long whole_value(const struct saved_run *r, const char *workload, const char *key,
                        long fallback, struct arena *a)
{
    const char *text = saved_value(r, arena_printf(a, "workloads.%s.resources.%s", workload, key));
    char *end;
    if (!text) return fallback;
    const long value = strtol(text, &end, 10);
    return end != text && *end == '\0' && value > 0 ? value : fallback;
}

/* The highest price a spot machine may have, where the scenario gives one in the currency of the run. */
static double price_limit(const struct saved_run *r, const char *workload, struct arena *a)
{
    const char *text = saved_value(r, arena_printf(a, "workloads.%s.spot.max_price", workload));
    struct money m;
    if (!text || !money_parse(&m, text)) return 0;
    if (m.currency == CURRENCY_USD || !same(r->currency, "CNY")) return 0;
    return ratio_value(m.amount);
}

static void asked_fill(struct export_group *g, const struct saved_run *r, struct arena *a)
{
    const struct saved_type *t = g->n_types ? export_type(r, g->types[0]) : NULL;
    const bool gpu = !t || t->gpus > 0;
    g->owner = saved_value(r, arena_printf(a, "workloads.%s.owner", g->workload));
    g->workers = whole_value(r, g->workload, "workers", 0, a);
    g->gpus_per_worker = gpu ? whole_value(r, g->workload, "gpus_per_worker", 1, a) : 0;
    g->vcpu = whole_value(r, g->workload, "vcpu", 0, a);
    g->max_price = price_limit(r, g->workload, a);
}

static void cost_fill(struct export_group *g, const struct saved_run *r)
{
    for (size_t i = 0; i < r->n_lines; i++) {
        const struct saved_line *l = &r->lines[i];
        if (l->offer.type && same(l->workload, g->workload) && same(l->offer.region, g->region))
            g->cost += l->cost;
    }
}

/* What a service's own figures say beats what is counted: they know the load behind it. */
static void scaling_fill(struct export_group *g, const struct saved_run *r)
{
    for (size_t i = 0; i < r->n_services; i++) {
        const struct saved_service *s = &r->services[i];
        if (!same(s->workload, g->workload)) continue;
        g->service = true;
        g->load_unit = s->load_unit;
        for (size_t j = 0; j < s->n_scaling; j++) {
            const struct saved_scaling *x = &s->scaling[j];
            if (!same(x->region, g->region)) continue;
            g->least = x->min_size;
            g->most = x->max_size;
            g->base = x->base;
            g->on_demand_percent = (int)x->on_demand_percent;
            g->spot_places = x->spot_pools;
            g->cooldown_s = x->cooldown_s;
            g->warm_up_s = x->warm_up_s;
            g->target_load = x->target_load;
            g->types = (const char **)x->types;
            g->n_types = x->n_types;
        }
    }
}

static void group_count(struct export_group *g, const struct saved_run *r, struct arena *a)
{
    size_t n;
    struct event *events = events_of(&n, r, g, NULL, a);
    const struct counted all = count_machines(events, n, a);
    g->most = all.most;
    g->n_steps = all.n_steps;
    g->steps = all.steps;
    const long paid_as_one_goes = all.most - all.spot_at_most;
    if (all.most > 0)
        g->on_demand_percent = (int)((100 * paid_as_one_goes + all.most - 1) / all.most);
    for (size_t i = 0; i < g->n_pools; i++) {
        events = events_of(&n, r, g, &g->pools[i].offer, a);
        g->pools[i].most = count_machines(events, n, a).most;
    }
}

/* Services say what they always hold; jobs hold nothing before and after. */
static void pools_least(struct export_group *g, const struct saved_run *r)
{
    for (size_t i = 0; i < r->n_services; i++)
        for (size_t j = 0; j < r->services[i].n_pools; j++)
            for (size_t k = 0; k < g->n_pools; k++)
                if (same(r->services[i].workload, g->workload) &&
                    same_offer(&r->services[i].pools[j].offer, &g->pools[k].offer))
                    g->pools[k].least = r->services[i].pools[j].least;
}

/* ---- subscriptions ---- */

/* "gn7i-c8g1.2xlarge" */
static const char *type_name(const char *type)
{
    if (!type) return "";
    return strncmp(type, "ecs.", 4) == 0 ? type + 4 : type;
}

static void subscriptions_fill(struct export_plan *e, struct slugs *slugs)
{
    const struct saved_run *r = e->run;
    for (size_t i = 0; i < r->n_commitments; i++) {
        const struct saved_commitment *c = &r->commitments[i];
        if (c->existing || !same(c->kind, "subscription") || !(c->count > 0)) continue;
        const double months = isfinite(c->term_h) ? c->term_h / 730 : 1; /* 720 h or 8,760 h */
        *ARENA_PUSH(slugs->arena, e->subscriptions, e->n_subscriptions) =
            (struct export_subscription){
                .offer = c->offer,
                .slug = slug_make(slugs, "subscription", type_name(c->offer.type)),
                .count = lround(c->count),
                .months = months < 1 ? 1 : lround(months)};
    }
}

static void region_add(struct export_plan *e, const char *region, struct arena *a)
{
    for (size_t i = 0; i < e->n_regions; i++)
        if (same(e->regions[i], region)) return;
    *ARENA_PUSH(a, e->regions, e->n_regions) = region;
}

void export_plan_make(struct export_plan *e, const struct saved_run *run, struct arena *a)
{
    struct slugs slugs = {.arena = a};
    *e = (struct export_plan){.run = run};
    for (size_t i = 0; i < run->n_stretches; i++) {
        const struct saved_stretch *s = &run->stretches[i];
        if (!s->offer.type || !s->offer.region) continue;
        pool_add(group_find(e, s->workload, s->offer.region, &slugs), s, &slugs);
    }
    for (size_t i = 0; i < e->n_groups; i++) {
        struct export_group *g = &e->groups[i];
        group_count(g, run, a);
        scaling_fill(g, run);
        pools_least(g, run);
        asked_fill(g, run, a);
        cost_fill(g, run);
        region_add(e, g->region, a);
    }
    subscriptions_fill(e, &slugs);
    for (size_t i = 0; i < e->n_subscriptions; i++)
        region_add(e, e->subscriptions[i].offer.region, a);
}

const struct saved_type *export_type(const struct saved_run *run, const char *name)
{
    for (size_t i = 0; i < run->n_types; i++)
        if (same(run->types[i].type, name)) return &run->types[i];
    return NULL;
}

long export_workers_per_machine(const struct export_plan *e, const struct export_group *g)
{
    const struct saved_type *t = g->n_types ? export_type(e->run, g->types[0]) : NULL;
    if (!t) return 1;
    const long whole = t->gpus >= 1 ? (long)t->gpus : 1; /* a slice carries one worker */
    const long fits = g->gpus_per_worker > 0 ? whole / g->gpus_per_worker
                      : g->vcpu > 0          ? t->vcpus / g->vcpu
                                             : 1;
    return fits > 0 ? fits : 1;
}
