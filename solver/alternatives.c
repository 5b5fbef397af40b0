#include "solver/alternatives.h"
#include "common/text.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Plans that have less than this share of their machine-hours on other machines are the same to their owner. */
#define DIFFERENT 0.2

/* Machine-hours of one way to buy: a type by a market in a region. */
struct use_of {
    const struct offer *offer;
    double hours;
};
struct uses_of {
    size_t n;
    struct use_of *items;
    double total;
};

static bool same_way(const struct offer *a, const struct offer *b)
{
    return a->type == b->type && a->market == b->market && strcmp(a->region, b->region) == 0;
}

static void use_add(struct uses_of *u, const struct offer *o, double hours, struct arena *a)
{
    size_t i = 0;
    while (i < u->n && !same_way(u->items[i].offer, o)) i++;
    if (i == u->n) *ARENA_PUSH(a, u->items, u->n) = (struct use_of){.offer = o};
    u->items[i].hours += hours;
    u->total += hours;
}

static struct uses_of uses_of(const struct plan *p, struct arena *a)
{
    struct uses_of u = {0};
    for (size_t i = 0; i < p->n_stretches; i++)
        use_add(&u, &p->offers[p->stretches[i].offer],
                (double)p->stretches[i].paid_us / (double)US_PER_H, a);
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        use_add(&u, &p->offers[h->offer],
                (double)h->machines * (double)(h->to_us - h->from_us) / (double)US_PER_H, a);
    }
    return u;
}

/* Share of the hours of u that are not among those of v. */
static double moved(const struct uses_of *u, const struct uses_of *v)
{
    double same = 0;
    for (size_t i = 0; i < u->n; i++)
        for (size_t k = 0; k < v->n; k++)
            if (same_way(u->items[i].offer, v->items[k].offer))
                same += fmin(u->items[i].hours, v->items[k].hours);
    return u->total > 0 ? 1 - same / u->total : 0;
}

/* --- what each does without --- */

struct without {
    struct offer_rule rule;
    enum alternative_kind kind;
    const char *place;
    size_t n_types;
    const size_t *types; /* kept */
};

static bool allows(const struct offer_rule *rule, const struct workload *w, const struct offer *o)
{
    const struct without *x = rule->context;
    (void)w;
    switch (x->kind) {
    case ALTERNATIVE_NO_SPOT:
        return !o->market->interruptible;
    case ALTERNATIVE_ELSEWHERE:
        return strcmp(o->region, x->place) != 0;
    case ALTERNATIVE_UNCOMMITTED:
        return !o->market->prepaid;
    default:
        for (size_t i = 0; i < x->n_types; i++)
            if (x->types[i] == o->type) return true;
        return false;
    }
}

static const char *most_used_region(const struct uses_of *u)
{
    const char *best = NULL;
    double most = 0;
    for (size_t i = 0; i < u->n; i++) {
        double hours = 0;
        for (size_t k = 0; k < u->n; k++)
            if (strcmp(u->items[k].offer->region, u->items[i].offer->region) == 0)
                hours += u->items[k].hours;
        if (hours <= most) continue;
        most = hours;
        best = u->items[i].offer->region;
    }
    return best;
}

static int by_hours(const void *x, const void *y)
{
    const struct use_of *a = x, *b = y;
    if (a->hours != b->hours) return a->hours > b->hours ? -1 : 1;
    return (a->offer->type > b->offer->type) - (a->offer->type < b->offer->type);
}

/* The instance types of most machine-hours, half of them. */
static size_t *half_of_types(size_t *n, const struct uses_of *u, struct arena *a)
{
    struct use_of *types = NULL;
    size_t n_types = 0;
    for (size_t i = 0; i < u->n; i++) {
        size_t k = 0;
        while (k < n_types && types[k].offer->type != u->items[i].offer->type) k++;
        if (k == n_types)
            *ARENA_PUSH(a, types, n_types) = (struct use_of){.offer = u->items[i].offer};
        types[k].hours += u->items[i].hours;
    }
    if (n_types) qsort(types, n_types, sizeof *types, by_hours);
    *n = n_types > 1 ? (n_types + 1) / 2 : 0;
    size_t *list = ARENA_NEW(a, size_t, *n + 1);
    for (size_t i = 0; i < *n; i++) list[i] = types[i].offer->type;
    return list;
}

static bool any_use(const struct uses_of *u, bool spot)
{
    for (size_t i = 0; i < u->n; i++)
        if (spot ? u->items[i].offer->market->interruptible : u->items[i].offer->market->prepaid)
            return true;
    return false;
}

/* False: the plan does without it already. */
static bool without_make(struct without *x, enum alternative_kind kind, const struct scenario *s,
                         const struct uses_of *u, struct arena *a)
{
    *x = (struct without){.kind = kind};
    x->rule = (struct offer_rule){.allows = allows,
                                  .reason = "", /* told nowhere */
                                  .context = x,
                                  .priced = SIZE_MAX};
    if (kind == ALTERNATIVE_NO_SPOT) return any_use(u, true);
    /* What exists is paid in any case. */
    if (kind == ALTERNATIVE_UNCOMMITTED) return s->n_commitments == 0 && any_use(u, false);
    if (kind == ALTERNATIVE_ELSEWHERE) return (x->place = most_used_region(u)) != NULL;
    x->types = half_of_types(&x->n_types, u, a);
    return x->n_types > 0;
}

/* --- planning --- */

static enum err plan_without(struct plan *out, const struct plan *plan,
                             const struct plan_settings *settings, const struct without *x,
                             struct arena *a)
{
    struct diag *quiet = ARENA_NEW(a, struct diag, 1);
    struct plan_settings own = *settings;
    quiet->arena = a;
    own.rule = &x->rule;
    own.brief = true;
    own.ranges = own.entries = false;
    own.curve = NULL;
    const enum err e = plan_solve(out, plan->scenario, plan->book, &own, a, quiet);
    if (e != OK) out->status = PLAN_NONE; /* a way that leads nowhere */
    return settings->lp.stop && *settings->lp.stop ? e : OK;
}

static int by_cost(const void *x, const void *y)
{
    const struct alternative *a = x, *b = y;
    if (a->cost != b->cost) return a->cost < b->cost ? -1 : 1;
    return (int)a->kind - (int)b->kind;
}

/* Of those within reach, cheapest first, the ones that differ from all before. */
static size_t choose(struct alternative list[MOST_ALTERNATIVES], const struct alternative *found,
                     size_t n_found, const struct uses_of *base, struct arena *a)
{
    struct uses_of taken[MOST_ALTERNATIVES + 1] = {*base};
    size_t n = 0;
    for (size_t i = 0; i < n_found && n < MOST_ALTERNATIVES; i++) {
        const struct uses_of own = uses_of(found[i].plan, a);
        bool different = true;
        for (size_t k = 0; k <= n; k++)
            different = different && moved(&own, &taken[k]) >= DIFFERENT;
        if (!different) continue;
        list[n] = found[i];
        list[n].moved_frac = moved(&own, base);
        taken[++n] = own;
    }
    return n;
}

enum err alternatives_find(struct alternative list[MOST_ALTERNATIVES], size_t *n,
                           const struct plan *plan, const struct plan_settings *settings,
                           double within, struct arena *a)
{
    struct alternative found[N_ALTERNATIVES];
    size_t n_found = 0;
    const struct uses_of base = uses_of(plan, a);
    const double cost = (double)plan->cost / 1e6;
    *n = 0;
    for (int kind = 0; kind < N_ALTERNATIVES; kind++) {
        struct without *x = ARENA_NEW(a, struct without, 1);
        struct plan *p = ARENA_NEW(a, struct plan, 1);
        if (!without_make(x, (enum alternative_kind)kind, plan->scenario, &base, a)) continue;
        TRY(plan_without(p, plan, settings, x, a));
        const double own = (double)p->cost / 1e6;
        if ((p->status != PLAN_OPTIMAL && p->status != PLAN_FEASIBLE) || own > cost * (1 + within))
            continue;
        found[n_found++] = (struct alternative){.kind = x->kind,
                                                .place = x->place,
                                                .plan = p,
                                                .cost = own,
                                                .more = cost > 0 ? own / cost - 1 : 0};
    }
    qsort(found, n_found, sizeof *found, by_cost);
    *n = choose(list, found, n_found, &base, a);
    return OK;
}
