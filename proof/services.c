#include "proof/services.h"
#include <math.h>
#include <stdlib.h>

/* Beyond this many machines of a type a service would need a share of a whole region. */
enum { MOST_MACHINES = 100000 };

long proof_most_machines(const struct service *s)
{
    return s->max_machines > 0 ? s->max_machines : MOST_MACHINES;
}

static double measured(const struct service *s, size_t gpu, size_t class_)
{
    for (size_t i = 0; i < s->n_rates; i++)
        if (s->rates[i].gpu == gpu && s->rates[i].class_ == class_) return s->rates[i].per_h;
    return 0;
}

static void make_queues(const struct proof *p, const struct service *s, struct proof_type *pool)
{
    const long places = pool->fit.workers * s->concurrency;
    pool->queues = ARENA_NEW(p->arena, struct proof_queue, s->n_classes);
    for (size_t c = 0; c < s->n_classes; c++)
        pool->queues[c] = (struct proof_queue){
            .service = s,
            .rate_per_machine =
                (double)pool->fit.workers * measured(s, book_type(p->in.book, pool->type)->gpu, c),
            .time_h = s->time_h / pool->fit.speed,
            .places = s->rule == RULE_WAIT ? places * s->batch : places};
    for (size_t c = 0; s->rule == RULE_WAIT && c < s->n_classes; c++)
        proof_queue_alone(&pool->queues[c], ARENA_NEW(p->arena, double, s->n_limits + 1));
}

/* One machine carries something as soon as any number does, or as many as there are seats. */
static bool carries_anything(const struct proof_type *pool, const struct service *s)
{
    for (size_t c = 0; c < s->n_classes; c++)
        if (proof_rate(&pool->queues[c], 1) > 0 ||
            (s->rule == RULE_BLOCKING && s->seats > 0 && pool->queues[c].places > 0))
            return true;
    return false;
}

static size_t pool_of(const struct proof *p, struct proof_service *v, const struct proof_choice *c)
{
    size_t i = 0;
    while (i < v->n_pools && v->pools[i].type != p->offers[c->offer].type) i++;
    if (i == v->n_pools) {
        struct proof_type *pool = ARENA_PUSH(p->arena, v->pools, v->n_pools);
        *pool = (struct proof_type){.type = p->offers[c->offer].type, .fit = c->fit, .least_u = 1};
        make_queues(p, v->service, pool);
    }
    v->pools[i].least_u = fmin(v->pools[i].least_u, c->u);
    return i;
}

static double units_of(const struct proof_choice *c, size_t limit)
{
    for (size_t i = 0; i < c->n_uses; i++)
        if (c->uses[i].limit == limit) return c->uses[i].units;
    return 0;
}

/* Twice the machines that carry the highest load are allowed: the largest number never binds. */
static bool many_allowed(const struct proof *p, const struct proof_service *v,
                         const struct proof_type *pool)
{
    const struct service *s = v->service;
    double peak = 0, machines = 0;
    if (s->max_machines == 0) return true;
    for (size_t t = 0; t < p->times.n; t++) peak = fmax(peak, v->load[t]);
    for (size_t c = 0; c < s->n_classes; c++) {
        const double load = peak * s->class_share[c];
        struct proof_search search = {0};
        const double cap =
            proof_cap(&pool->queues[c], load / pool->least_u, s->max_machines, &search);
        if (cap > 0) machines += load / (cap * pool->least_u);
    }
    return 2 * machines <= (double)s->max_machines;
}

static bool has_offer(const struct proof_group *g, size_t offer)
{
    for (size_t i = 0; i < g->n_choices; i++)
        if (g->choices[i].offer == offer) return true;
    return false;
}

/* Only one service could use this offer, and no job. */
static bool sole_user(const struct proof *p, size_t offer)
{
    size_t users = 0;
    if (offer >= p->in.n_offers) return false;
    for (size_t g = 0; g < p->n_groups; g++)
        if (has_offer(&p->groups[g], offer)) return false;
    for (size_t i = 0; i < p->in.services->n; i++) users += has_offer(&p->services[i].group, offer);
    return users == 1;
}

/* k machines subscribed of x cost no more than one of y, and take no more of any quota. */
static bool subscribed_no_worse(const struct proof *p, size_t x, size_t y, double k)
{
    if (!sole_user(p, x) || !sole_user(p, y) || k * p->offers[x].price > p->offers[y].price)
        return false;
    for (size_t l = 0; l < p->n_limits; l++) {
        const struct proof_limit *q = &p->limits[l];
        if (proof_holds(p, q, x) &&
            (!proof_holds(p, q, y) || k * proof_units(p, q, x) > proof_units(p, q, y)))
            return false;
    }
    return true;
}

/* k machines of a are just what one of b is, to the queue as well, for no more money and no more of any limit: in every plan
 * they may stand in for it. Without them the program would take a part of a large machine for a well-filled pool. */
static bool stands_in(const struct proof *p, const struct proof_choice *a,
                      const struct proof_choice *b, bool many)
{
    const struct offer *x = &p->offers[a->offer], *y = &p->offers[b->offer];
    const struct instance_type *s = book_type(p->in.book, x->type),
                               *t = book_type(p->in.book, y->type);
    if (a->site != b->site || x->market != y->market || x->market->id == MARKET_SAVINGS_PLAN ||
        s->gpu == NO_GPU || s->gpu != t->gpu || a->fit.workers <= 0 ||
        b->fit.workers % a->fit.workers || a->fit.speed < b->fit.speed ||
        a->fit.speed > b->fit.speed || a->u < b->u)
        return false;
    const long times = b->fit.workers / a->fit.workers;
    const double k = (double)times;
    if (k * a->cost > b->cost || (k > 1 && !many)) return false;
    if (x->market->id == MARKET_SUBSCRIPTION) return subscribed_no_worse(p, a->offer, b->offer, k);
    for (size_t i = 0; i < a->n_uses; i++)
        if (k * a->uses[i].units > units_of(b, a->uses[i].limit)) return false;
    return true;
}

static void drop_multiples(const struct proof *p, struct proof_service *v)
{
    struct proof_group *g = &v->group;
    bool *many = ARENA_NEW(p->arena, bool, v->n_pools + 1);
    for (size_t i = 0; i < v->n_pools; i++) many[i] = many_allowed(p, v, &v->pools[i]);
    for (size_t i = 0; i < g->n_choices; i++)
        for (size_t k = 0; k < g->n_choices && !g->choices[i].needless; k++) {
            struct proof_choice *a = &g->choices[k], *b = &g->choices[i];
            b->needless = a != b && !a->needless && stands_in(p, a, b, many[v->pool_of[k]]) &&
                          (k < i || !stands_in(p, b, a, many[v->pool_of[i]]));
        }
}

/* Choices whose card keeps the limits with nobody waiting, and whose type carries something. */
static void make_choices(struct proof *p, struct proof_service *v)
{
    size_t kept = 0;
    proof_choices_fill(p, &v->group);
    v->pool_of = ARENA_NEW(p->arena, size_t, v->group.n_choices + 1);
    for (size_t i = 0; i < v->group.n_choices; i++) {
        struct proof_choice *c = &v->group.choices[i];
        const char *reason;
        if (!service_fits_latency(v->service, c->fit.speed, &reason)) continue;
        const size_t pool = pool_of(p, v, c);
        if (!carries_anything(&v->pools[pool], v->service)) continue;
        c->restart_h = v->service->cold_start_h;
        v->pool_of[kept] = pool;
        v->group.choices[kept++] = *c;
    }
    v->group.n_choices = kept;
}

/* The same machines to the queue: as many places, as fast, as much of their time serving. */
static bool same_queue(const struct service *s, const struct proof_type *a,
                       const struct proof_type *b)
{
    if (a->least_u < b->least_u || a->least_u > b->least_u) return false;
    for (size_t c = 0; c < s->n_classes; c++) {
        const struct proof_queue *x = &a->queues[c], *y = &b->queues[c];
        if (x->places != y->places || x->time_h < y->time_h || x->time_h > y->time_h ||
            x->rate_per_machine < y->rate_per_machine || x->rate_per_machine > y->rate_per_machine)
            return false;
    }
    return true;
}

/* What one machine counts for at the load of each period; equal loads are computed once. */
static void make_caps(const struct proof *p, struct proof_service *v, struct proof_type *pool)
{
    const struct service *s = v->service;
    const size_t T = p->times.n;
    for (struct proof_type *other = v->pools; other < pool; other++)
        if (same_queue(s, other, pool)) {
            pool->cap = other->cap;
            return;
        }
    pool->cap = ARENA_NEW(p->arena, double, s->n_classes *T + 1);
    for (size_t c = 0; c < s->n_classes; c++) {
        double *cap = &pool->cap[c * T];
        struct proof_search search = {0};
        for (size_t t = 0; t < T; t++) {
            const double load = v->load[t] * s->class_share[c] / pool->least_u;
            const size_t same = v->like[t];
            cap[t] = same < t ? cap[same]
                              : proof_cap(&pool->queues[c], load, proof_most_machines(s), &search);
        }
    }
}

double proof_counts(const struct proof *p, const struct proof_service *v, size_t choice, size_t c,
                    size_t t)
{
    return v->pools[v->pool_of[choice]].cap[c * p->times.n + t] * v->group.choices[choice].u;
}

/* No plan gains from more machines of one choice than carry the load alone, or than must be there. */
static void make_most(struct proof *p, struct proof_service *v)
{
    const struct service *s = v->service;
    v->highest = ARENA_NEW(p->arena, double, v->group.n_choices + 1);
    for (size_t i = 0; i < v->group.n_choices; i++) {
        double most = fmax((double)s->min_machines, (double)s->on_demand_base);
        for (size_t t = 0; t < p->times.n; t++) {
            double need = 0;
            for (size_t c = 0; c < s->n_classes; c++) {
                const double load = v->load[t] * s->class_share[c];
                const double cap = load > 0 ? proof_counts(p, v, i, c, t) : 0;
                if (cap > 0) need += load / cap;
            }
            most = fmax(most, need);
        }
        if (s->max_machines > 0) most = fmin(most, (double)s->max_machines);
        v->highest[i] = ceil(most);
        if (!v->group.choices[i].needless) v->all += v->highest[i];
    }
}

static int by_load(const void *x, const void *y, void *context)
{
    const double *load = context;
    const size_t a = *(const size_t *)x, b = *(const size_t *)y;
    return load[a] < load[b] ? -1 : load[a] > load[b] ? 1 : a < b ? -1 : a > b;
}

/* For each period the first one of the same load. */
static void find_like(const struct proof *p, struct proof_service *v)
{
    const size_t T = p->times.n;
    size_t *order = ARENA_NEW(p->arena, size_t, T);
    v->like = ARENA_NEW(p->arena, size_t, T);
    for (size_t t = 0; t < T; t++) order[t] = t;
    qsort_r(order, T, sizeof *order, by_load, v->load);
    for (size_t i = 0; i < T; i++) {
        const bool same = i > 0 && v->load[order[i]] <= v->load[order[i - 1]];
        v->like[order[i]] = same ? v->like[order[i - 1]] : order[i];
    }
}

/* A fixed fleet, or subscribed for this service alone where its largest number of machines counts those as well: they may not
 * stand still to let others in. */
static void find_lasting(struct proof *p, struct proof_service *v)
{
    for (size_t i = 0; i < v->group.n_choices; i++) {
        struct proof_choice *c = &v->group.choices[i];
        const enum market_id market = p->offers[c->offer].market->id;
        const bool alone =
            market == MARKET_SUBSCRIPTION && v->service->max_machines > 0 && sole_user(p, c->offer);
        c->lasting = market == MARKET_ON_DEMAND || alone;
        for (size_t k = 0; alone && k < c->n_uses; k++)
            p->limits[c->uses[k].limit].alone |= p->limits[c->uses[k].limit].buys;
    }
}

void proof_services_make(struct proof *p)
{
    const struct service_list *list = p->in.services;
    p->services = ARENA_NEW(p->arena, struct proof_service, list->n + 1);
    for (size_t i = 0; i < list->n; i++) {
        struct proof_service *v = &p->services[i];
        const struct workload *w = list->items[i].shape->workload;
        v->service = &list->items[i];
        v->group = (struct proof_group){.shape = v->service->shape,
                                        .workload = (size_t)(w - p->in.scenario->workloads),
                                        .owner = w->owner,
                                        .work = NAN,
                                        .service = true};
        v->load = ARENA_NEW(p->arena, double, p->times.n);
        for (size_t t = 0; t < p->times.n; t++)
            v->load[t] =
                service_sizing_load(v->service, p->times.from_us[t], p->times.from_us[t + 1]);
        find_like(p, v);
        make_choices(p, v);
    }
    for (size_t i = 0; i < list->n; i++) {
        struct proof_service *v = &p->services[i];
        find_lasting(p, v);
        drop_multiples(p, v);
        for (size_t k = 0; k < v->n_pools; k++) make_caps(p, v, &v->pools[k]);
        make_most(p, v);
    }
}
