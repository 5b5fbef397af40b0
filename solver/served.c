/* Rate demands: which machines can serve them, what each carries within the targets, and what it costs. */
#include "common/text.h"
#include "solver/model.h"
#include "solver/options.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Machines of one pool that are looked at: beyond them a service would need a share of a whole region. */
enum { MOST_MACHINES = 100000 };

static bool is_prepaid(const struct offer *o)
{
    return o->market->id == MARKET_SUBSCRIPTION || o->market->id == MARKET_SAVINGS_PLAN;
}

/* What a machine costs when it is held all the time: bought subscriptions are paid although their use is free. */
static double held_cost(const struct model *m, const struct option *o)
{
    const struct offer *offer = &m->offers[o->offer];
    const bool bought = offer->market->id == MARKET_SUBSCRIPTION && o->offer < m->quoted.n;
    return o->cost_per_h + (bought ? offer->price : 0);
}

bool served_follows(const struct model *m, const struct option *o)
{
    return m->offers[o->offer].market->id != MARKET_ON_DEMAND;
}

static int by_value(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The different sizing loads of the steps, ascending; the last is the peak. */
static void list_loads(struct served *v, const struct model *m)
{
    const int64_t step = m->scenario->step_us;
    double *loads = ARENA_NEW(m->arena, double, (size_t)(m->horizon_us / step) + 2);
    size_t n = 0;
    for (int64_t at = 0; at < m->horizon_us; at += step) {
        const int64_t end = at + step < m->horizon_us ? at + step : m->horizon_us;
        const double load = service_sizing_load(v->service, at, end);
        if (load > 0) loads[n++] = load;
    }
    qsort(loads, n, sizeof *loads, by_value);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || loads[i] > loads[v->n_loads - 1]) loads[v->n_loads++] = loads[i];
    v->loads = loads;
    v->peak_load = v->n_loads > 0 ? loads[v->n_loads - 1] : 0;
}

static long most_machines(const struct service *s)
{
    return s->max_machines > 0 ? s->max_machines : MOST_MACHINES;
}

static double profile_rate(const struct service *s, size_t gpu, size_t class_)
{
    for (size_t i = 0; i < s->n_rates; i++)
        if (s->rates[i].gpu == gpu && s->rates[i].class_ == class_) return s->rates[i].per_h;
    return 0;
}

static void make_table(struct rate_table *t, const struct model *m, const struct served *v,
                       const struct served_pool *p, size_t class_)
{
    const struct service *s = v->service;
    /* A pool in which only a part `least_u` of the paid time serves needs that many more machines. */
    const struct rate_need need = {.load = v->peak_load * s->class_share[class_] / p->least_u,
                                   .machines = most_machines(s)};
    const long places = p->fit.workers * s->concurrency;
    if (s->rule == RULE_PROFILE) {
        const size_t gpu = book_type(m->book, p->type)->gpu;
        rate_table_linear(t, (double)p->fit.workers * profile_rate(s, gpu, class_), need, m->arena);
        return;
    }
    if (s->rule == RULE_BLOCKING) {
        rate_table_blocking(t, &(struct block_rule){places, s->blocked_frac, s->seats}, need,
                            m->arena);
        return;
    }
    double *limit_h = ARENA_NEW(m->arena, double, s->n_limits + 1);
    double *late_frac = ARENA_NEW(m->arena, double, s->n_limits + 1);
    for (size_t i = 0; i < s->n_limits; i++) {
        limit_h[i] = s->limits[i].limit_h;
        late_frac[i] = s->limits[i].late_frac;
    }
    const struct wait_rule rule = {.slots = places * s->batch,
                                   .batch = 1,
                                   .time_h = s->time_h / p->fit.speed,
                                   .cv2 = s->cv2,
                                   .n_limits = s->n_limits,
                                   .limit_h = limit_h,
                                   .late_frac = late_frac};
    rate_table_wait(t, &rule, need, m->arena);
}

static void make_tables(struct served_pool *p, const struct model *m, const struct served *v)
{
    if (!p->tables) p->tables = ARENA_NEW(m->arena, struct rate_table, v->service->n_classes);
    for (size_t c = 0; c < v->service->n_classes; c++) make_table(&p->tables[c], m, v, p, c);
}

/* The pool of a type, its tables long enough for an option of which a part u of the time serves. */
static size_t pool_find(struct served *v, const struct model *m, size_t type, const struct fit *fit,
                        double u)
{
    size_t i = 0;
    while (i < v->n_pools && v->pools[i].type != type) i++;
    if (i == v->n_pools)
        *ARENA_PUSH(m->arena, v->pools, v->n_pools) =
            (struct served_pool){.type = type, .fit = *fit, .least_u = 1};
    struct served_pool *p = &v->pools[i];
    if (p->tables && u >= p->least_u) return i;
    p->least_u = fmin(p->least_u, u);
    make_tables(p, m, v);
    return i;
}

double served_cap(const struct served *v, size_t option, size_t c, double class_load)
{
    const struct served_pool *p = &v->pools[v->pool_of[option]];
    return rate_table_cap(&p->tables[c], class_load / p->least_u) *
           v->group.options[option].useful.u;
}

double served_rate(const struct served *v, size_t pool, size_t c, long machines)
{
    const struct rate_table *t = &v->pools[pool].tables[c];
    if (machines <= 0 || t->n == 0) return 0;
    return t->rate[(size_t)machines > t->n ? t->n - 1 : (size_t)machines - 1];
}

/* Where so many machines carry whatever comes (no more places than seats), as many have to be serving; fewer count for what
 * they carry on their own, as in the LP. */
double served_carried(const struct served *v, size_t pool, size_t c, long machines, double serving)
{
    const struct rate_table *t = &v->pools[pool].tables[c];
    const double rate = served_rate(v, pool, c, machines);
    if (!(serving > 0)) return 0;
    if (!isinf(rate)) return rate * serving / (double)machines;
    return serving >= (double)t->n * (1 - 1e-9) ? HUGE_VAL : t->best[t->n - 1] * serving;
}

double served_load(const struct model *m, const struct served *v, size_t t)
{
    return service_sizing_load(v->service, m->grid.from_us[t], m->grid.from_us[t + 1]);
}

/* Machines of this option that would carry the peak load; a class that it cannot serve is left out. */
static double peak_machines(const struct served *v, size_t option)
{
    const struct service *s = v->service;
    double sum = 0;
    for (size_t c = 0; c < s->n_classes; c++) {
        const double load = v->peak_load * s->class_share[c],
                     cap = load > 0 ? served_cap(v, option, c, load) : 0;
        sum += cap > 0 ? load / cap : 0;
    }
    return sum;
}

/* The largest number of machines does not matter where twice the machines of the peak load are allowed. */
static bool count_matters(const struct served *v, size_t option)
{
    const long most = v->service->max_machines;
    return most > 0 && 2 * peak_machines(v, option) > (double)most;
}

/* k machines of a are just what one of b is, for the queue as well: as many servers of the same speed. Then whole machines
 * of a can stand in for those of b in every plan. 0: they are not. */
static double machines_like(const struct model *m, const struct served *v, size_t a, size_t b)
{
    const struct fit *x = &v->group.options[a].fit, *y = &v->group.options[b].fit;
    const struct instance_type *s = book_type(m->book, m->offers[v->group.options[a].offer].type);
    const struct instance_type *t = book_type(m->book, m->offers[v->group.options[b].offer].type);
    if (s->gpu != t->gpu || s->gpu == NO_GPU || x->speed != y->speed || x->workers <= 0 ||
        y->workers % x->workers)
        return 0;
    const long k = y->workers / x->workers;
    return (double)k;
}

/* `times` machines of x take no more of any limit than `as` of y. The own limit of a subscription is what is bought. */
static bool limits_no_worse(const struct model *m, const struct option *x, const struct option *y,
                            double times, double as)
{
    for (size_t i = 0; i < x->n_limits; i++) {
        const struct capacity *c = &m->limits[x->limits[i].limit];
        if (c->kind == LIMIT_SUBSCRIPTION && c->buys) continue;
        if (times * x->limits[i].units > as * option_limit_units(y, x->limits[i].limit))
            return false;
    }
    for (size_t l = 0; l < m->n_limits; l++) {
        const struct offer *p = &m->offers[x->offer], *q = &m->offers[y->offer];
        if (p->market->id != MARKET_SUBSCRIPTION || !subscription_counts(&m->limits[l], m, p))
            continue;
        if (!subscription_counts(&m->limits[l], m, q)) return false;
        if (m->limits[l].in_gpus &&
            times * book_type(m->book, p->type)->gpus > as * book_type(m->book, q->type)->gpus)
            return false;
    }
    return true;
}

static bool multiple_no_worse(const struct model *m, const struct served *v, size_t a, size_t b)
{
    const struct option *x = &v->group.options[a], *y = &v->group.options[b];
    const double k = machines_like(m, v, a, b);
    if (k <= 0 || k * held_cost(m, x) > held_cost(m, y) || x->useful.u < y->useful.u ||
        (k > 1 && count_matters(v, a)))
        return false;
    return limits_no_worse(m, x, y, k, 1);
}

/* Where the load makes pool a look worst beside pool b: the rates per machine of both at the load with the largest ratio b to
 * a. Costs and limits are proportional, so what holds there holds at every load. Rates of 0: b never serves. */
static struct rival_rates find_rival(const struct served *v, size_t a, size_t b, size_t class_)
{
    const double share = v->service->class_share[class_];
    struct rival_rates worst = {.known = true};
    for (size_t i = 0; i < v->n_loads; i++) {
        const double load = v->loads[i] * share;
        const double rate = rate_table_cap(&v->pools[a].tables[class_], load / v->pools[a].least_u),
                     other =
                         rate_table_cap(&v->pools[b].tables[class_], load / v->pools[b].least_u);
        if (other <= 0 || other * worst.own < worst.other * rate) continue;
        if (worst.other <= 0 || other * worst.own > worst.other * rate)
            worst = (struct rival_rates){.known = true, .own = rate, .other = other};
        if (a == b || rate <= 0) break; /* one pool: the ratio is u, whatever the load */
    }
    return worst;
}

static struct rival_rates rival_rates(const struct served *v, size_t a, size_t b, size_t class_)
{
    struct rival_rates *known = &v->rivals[(a * v->n_pools + b) * v->service->n_classes + class_];
    if (!known->known) *known = find_rival(v, a, b, class_);
    return *known;
}

/* Option a is at least as good as b at every size of the load: no dearer for what it carries, no more machines where they
 * are counted, no more of any limit. Both play the same part: fixed, following, interruptible or prepaid. */
static bool caps_no_worse(const struct model *m, const struct served *v, size_t a, size_t b)
{
    const struct option *x = &v->group.options[a], *y = &v->group.options[b];
    const bool counted = count_matters(v, a);
    for (size_t c = 0; c < v->service->n_classes; c++) {
        const struct rival_rates r = rival_rates(v, v->pool_of[a], v->pool_of[b], c);
        if (r.other <= 0) continue;
        const double ca = r.own * x->useful.u, cb = r.other * y->useful.u;
        if (ca <= 0 || held_cost(m, x) * cb > held_cost(m, y) * ca) return false;
        if (counted && ca < cb) return false;
        if (!limits_no_worse(m, x, y, cb, ca)) return false;
    }
    return true;
}

static bool has_offer(const struct group *g, size_t offer)
{
    for (size_t i = 0; i < g->n_options; i++)
        if (g->options[i].offer == offer) return true;
    return false;
}

/* A subscription that may be bought and that only one rate demand could use. */
static bool sole_user(const struct model *m, size_t offer)
{
    size_t users = 0;
    if (offer >= m->quoted.n) return false;
    for (size_t i = 0; i < m->n_groups; i++) users += has_offer(&m->groups[i], offer) ? 2 : 0;
    for (size_t i = 0; i < m->n_served; i++) users += has_offer(&m->served[i].group, offer);
    return users == 1;
}

bool served_direct(const struct model *m, const struct option *o)
{
    return m->offers[o->offer].market->id == MARKET_SUBSCRIPTION && sole_user(m, o->offer);
}

static bool same_part(const struct model *m, const struct option *a, const struct option *b)
{
    const struct offer *x = &m->offers[a->offer], *y = &m->offers[b->offer];
    if (x->market->id != y->market->id) return false;
    if (!is_prepaid(x)) return true;
    return x->market->id == MARKET_SUBSCRIPTION && sole_user(m, a->offer) && sole_user(m, b->offer);
}

bool served_dominates(const struct model *m, const struct served *v, size_t a, size_t b)
{
    const struct option *x = &v->group.options[a], *y = &v->group.options[b];
    const struct service *s = v->service;
    const bool counted = s->min_machines > 0 || (s->on_demand_base > 0 && !x->spot);
    if (!same_part(m, x, y)) return false;
    if (counted && (held_cost(m, x) > held_cost(m, y) || !limits_no_worse(m, x, y, 1, 1)))
        return false;
    return multiple_no_worse(m, v, a, b) || caps_no_worse(m, v, a, b);
}

/* A machine more than the load needs may cost more than a type that is dear for what it carries. Up to this many machines at
 * the peak smaller ones are kept beside larger ones, and, where whole machines are chosen by branch and bound, larger ones
 * beside smaller ones. */
enum { FEW_MACHINES = 4, FEW_IN_TREE = 16 };

/* As many whole machines of a as carry whatever one of b does cost no more. Several classes only: they mix linearly. */
static bool whole_no_dearer(const struct model *m, const struct served *v, size_t a, size_t b)
{
    const struct service *s = v->service;
    double times = 0;
    for (size_t c = 0; c < s->n_classes; c++) {
        const double load = v->peak_load * s->class_share[c];
        const double cb = load > 0 ? served_cap(v, b, c, load) : 0;
        if (cb > 0) times = fmax(times, cb / served_cap(v, a, c, load));
    }
    return ceil(times * (1 - 1e-12)) * held_cost(m, &v->group.options[a]) <=
           held_cost(m, &v->group.options[b]);
}

/* As many whole machines of type a as of b carry no less, however many there are. One request class. */
static bool carries_no_less(const struct served *v, size_t a, size_t b)
{
    const struct rate_table *x = &v->pools[v->pool_of[a]].tables[0],
                            *y = &v->pools[v->pool_of[b]].tables[0];
    for (size_t n = 0; n < y->n; n++)
        if (n < x->n && y->rate[n] > x->rate[n]) return false;
    return true;
}

bool served_replaces(const struct model *m, const struct served *v, size_t a, size_t b)
{
    if (!served_dominates(m, v, a, b)) return false;
    const struct option *x = &v->group.options[a], *y = &v->group.options[b];
    const bool singly = v->service->n_classes == 1 && held_cost(m, x) <= held_cost(m, y) &&
                        x->useful.u >= y->useful.u && limits_no_worse(m, x, y, 1, 1) &&
                        carries_no_less(v, a, b);
    return singly || multiple_no_worse(m, v, a, b);
}

bool served_few(const struct served *v, size_t option)
{
    return peak_machines(v, option) <= FEW_IN_TREE;
}

static bool drops(const struct model *m, const struct served *v, size_t a, size_t b)
{
    const struct option *x = &v->group.options[a], *y = &v->group.options[b];
    if (x->site != y->site || !served_dominates(m, v, a, b)) return false;
    if (x->estimated && !y->estimated && held_cost(m, x) >= held_cost(m, y)) return false;
    if (held_cost(m, x) <= held_cost(m, y))
        return !served_few(v, a) || (v->service->n_classes == 1 ? served_replaces(m, v, a, b)
                                                                : whole_no_dearer(m, v, a, b));
    if (peak_machines(v, a) <= (v->service->n_classes == 1 ? FEW_IN_TREE : FEW_MACHINES))
        return false;
    const double share = v->service->class_share[0];
    return held_cost(m, y) * served_cap(v, a, 0, v->peak_load * share) >
           FINER_WORTH * held_cost(m, x) * served_cap(v, b, 0, v->peak_load * share);
}

static void drop_dominated(struct model *m, struct served *v)
{
    const size_t n = v->group.n_options;
    bool *dead = ARENA_NEW(m->arena, bool, n + 1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n && !dead[i]; k++)
            if (k != i && !dead[k] && drops(m, v, k, i)) {
                dead[i] = k < i || !drops(m, v, i, k);
                v->whole_dropped |= dead[i] && !served_replaces(m, v, k, i);
            }
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (dead[i]) continue;
        v->group.options[kept] = v->group.options[i];
        v->pool_of[kept++] = v->pool_of[i];
    }
    v->group.n_options = kept;
}

static const char *serves_nothing(const struct served *v, size_t pool)
{
    for (size_t c = 0; c < v->service->n_classes; c++)
        if (served_rate(v, pool, c, 1 << 20) > 0) return NULL;
    return _("no number of these machines keeps the targets");
}

/* Money per request (session, seat: per hour of one place) at the peak load, machines held all the time. */
static void note_cost(const struct model *m, const struct served *v, struct candidate *c)
{
    const size_t o = v->group.n_options - 1;
    const struct option *x = &v->group.options[o];
    double machines = 0; /* per unit of load */
    for (size_t k = 0; k < v->service->n_classes; k++) {
        const double share = v->service->class_share[k];
        const double cap = share > 0 ? served_cap(v, o, k, v->peak_load * share) : 0;
        if (cap > 0) machines += share / cap;
    }
    c->stall = 1;
    c->licence_part = x->licence_per_h * machines;
    c->disk_part = x->disk_per_h * machines;
    c->cost_per_useful = held_cost(m, x) * machines;
    const double price = c->cost_per_useful - c->licence_part - c->disk_part;
    c->price_part = price * x->useful.u;
    c->rework_part = price - c->price_part;
}

static void add_option(struct model *m, struct served *v, struct option *o)
{
    int checks;
    const char *reason = option_build(o, m, &v->group, &checks);
    size_t pool = NONE;
    if (!reason && !service_fits_latency(v->service, o->fit.speed, &reason)) checks = 3;
    if (!reason) {
        pool = pool_find(v, m, m->offers[o->offer].type, &o->fit, o->useful.u);
        reason = serves_nothing(v, pool);
    }
    candidate_note(m, &v->group, o, reason, checks);
    if (reason) return;
    o->rs_h = v->service->cold_start_h;
    v->pool_of = arena_grow(m->arena, v->pool_of, v->group.n_options, sizeof *v->pool_of);
    v->pool_of[v->group.n_options] = pool;
    *ARENA_PUSH(m->arena, v->group.options, v->group.n_options) = *o;
    note_cost(m, v, &m->candidates[m->n_candidates - 1]);
}

/* Licences per seat: as many as there are seats, for sessions as many as are planned at a time. */
static void license_seats(struct model *m, struct served *v)
{
    const struct workload *w = v->service->shape->workload;
    if (!w->has_licence || w->licence_per != LICENCE_SEAT) return;
    bool estimated;
    if (!licence_unit_price(&v->seat_price, &estimated, m, w)) return;
    v->licensed_seats = v->service->seats > 0 ? v->service->seats : (long)ceil(v->peak_load);
    v->seat_price_per_h = ratio_value(v->seat_price) * (double)v->licensed_seats;
}

static enum err make_one(struct model *m, struct served *v)
{
    const size_t n = book_type_count(m->book);
    struct fit *fits = ARENA_NEW(m->arena, struct fit, n + 1);
    bool *checked = ARENA_NEW(m->arena, bool, n + 1);
    list_loads(v, m);
    TRY(sites_make(&v->group, m));
    for (size_t site = 0; site < v->group.n_sites; site++)
        for (size_t i = 0; i < m->n_offers; i++) {
            const struct offer *offer = &m->offers[i];
            if (v->group.sites[site].region &&
                strcmp(v->group.sites[site].region, offer->region) != 0)
                continue;
            if (!checked[offer->type])
                fits[offer->type] = fit_check(v->service->shape, book_type(m->book, offer->type),
                                              m->book, m->arena);
            checked[offer->type] = true;
            add_option(m, v, &(struct option){.offer = i, .site = site, .fit = fits[offer->type]});
        }
    v->rivals = ARENA_NEW(m->arena, struct rival_rates,
                          v->n_pools * v->n_pools * v->service->n_classes + 1);
    license_seats(m, v);
    return OK;
}

enum err served_make(struct model *m)
{
    m->n_served = m->services->n;
    m->served = ARENA_NEW(m->arena, struct served, m->n_served + 1);
    for (size_t i = 0; i < m->n_served; i++) {
        struct served *v = &m->served[i];
        v->service = &m->services->items[i];
        v->group = (struct group){
            .shape = v->service->shape,
            .service = true,
            .first_of_shape = true,
            .work = NAN,
            .workload = (size_t)(v->service->shape->workload - m->scenario->workloads)};
        TRY(make_one(m, v));
    }
    for (size_t i = 0; i < m->n_served; i++) drop_dominated(m, &m->served[i]);
    return OK;
}
