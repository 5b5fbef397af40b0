/* From a plan to what the worlds play of one service: slots, machines by slot, what machines carry. */
#include "sim/service_play.h"
#include "solver/queueing.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Slots are at most this long: loads move and machines come and go within the quarter of an hour. */
#define SLOT_US (US_PER_H / 4)
/* `burst` is how far short peaks go above the curve; read as what one slot in a hundred exceeds. */
#define BURST_QUANTILE 0.99
/* Worlds meet at most this many times the load that the plan is sized for; more machines are not tabled. */
#define MOST_TIMES 3
enum { MORE_MACHINES = 16 };

/* --- slots --- */

static int by_time(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Every moment at which a slot begins, not sorted, some of them twice. */
static size_t slot_marks(int64_t *at, const struct service_play *p, size_t service)
{
    const struct plan *plan = p->model->plan;
    const struct scenario *s = plan->scenario;
    const int64_t parts = (s->step_us + SLOT_US - 1) / SLOT_US;
    size_t n = 0;
    for (int64_t step = 0; step * s->step_us < s->length_us; step++)
        for (int64_t part = 0; part < parts; part++)
            at[n++] = step * s->step_us + s->step_us * part / parts;
    for (moment_t m = next_month_start(s->start); m < s->start + s->length_us;
         m = next_month_start(m))
        at[n++] = m - s->start;
    for (size_t i = 0; i < plan->n_holdings; i++) {
        if (plan->holdings[i].service != service) continue;
        at[n++] = plan->holdings[i].from_us;
        at[n++] = plan->holdings[i].to_us;
    }
    return n;
}

static void slots_make(struct service_play *p, size_t service, struct arena *a)
{
    const struct plan *plan = p->model->plan;
    const struct scenario *s = plan->scenario;
    const int64_t parts = (s->step_us + SLOT_US - 1) / SLOT_US;
    const size_t most = (size_t)(parts * (s->length_us / s->step_us + 1)) + plan->n_months + 1;
    int64_t *at = ARENA_NEW(a, int64_t, most + 2 * plan->n_holdings + 1);
    const size_t n = slot_marks(at, p, service);
    qsort(at, n, sizeof *at, by_time);
    p->from_us = ARENA_NEW(a, int64_t, n + 2);
    for (size_t i = 0; i < n; i++)
        if (at[i] < s->length_us && (i == 0 || at[i] > at[i - 1])) p->from_us[p->n_slots++] = at[i];
    p->from_us[p->n_slots] = s->length_us;
    p->month = ARENA_NEW(a, int, p->n_slots + 1);
    int month = 0;
    moment_t next = next_month_start(s->start);
    for (size_t k = 0; k < p->n_slots; k++) {
        for (; s->start + p->from_us[k] >= next; next = next_month_start(next)) month++;
        p->month[k] = month;
    }
}

/* Loads of the slots. The plan sizes by the highest rate of the step that holds the slot. */
static void loads_make(struct service_play *p, struct arena *a)
{
    const struct scenario *s = p->model->plan->scenario;
    p->rate = ARENA_NEW(a, double, p->n_slots + 1);
    p->sizing = ARENA_NEW(a, double, p->n_slots + 1);
    p->left_out = ARENA_NEW(a, double, p->n_slots + 1);
    for (size_t k = 0; k < p->n_slots; k++) {
        const int64_t from = p->from_us[k], to = p->from_us[k + 1];
        const int64_t step = from / s->step_us * s->step_us, end = step + s->step_us;
        p->rate[k] = service_mean_load(p->service, from, to);
        p->sizing[k] =
            service_sizing_load(p->service, step, end < s->length_us ? end : s->length_us);
    }
}

/* --- machines --- */

static size_t pool_find(struct service_play *p, size_t type, struct arena *a)
{
    for (size_t i = 0; i < p->n_pools; i++)
        if (p->pools[i].type == type) return i;
    const struct service *s = p->service;
    const struct instance_type *t = book_type(p->model->plan->book, type);
    struct play_pool *pool = ARENA_PUSH(a, p->pools, p->n_pools);
    *pool = (struct play_pool){.type = type,
                               .fit = fit_check(s->shape, t, p->model->plan->book, a),
                               .class_per_h = ARENA_NEW(a, double, s->n_classes + 1)};
    const double places = (double)pool->fit.workers * (double)s->concurrency;
    pool->servers = s->rule == RULE_WAIT ? places * (double)s->batch : places;
    pool->time_h = s->rule == RULE_WAIT ? s->time_h / pool->fit.speed : 0;
    double each = 0; /* machine-hours per request of the mix */
    for (size_t i = 0; i < s->n_rates; i++)
        if (s->rates[i].gpu == t->gpu)
            pool->class_per_h[s->rates[i].class_] = (double)pool->fit.workers * s->rates[i].per_h;
    for (size_t c = 0; c < s->n_classes && s->rule == RULE_PROFILE; c++)
        if (s->class_share[c] > 0)
            each += pool->class_per_h[c] > 0 ? s->class_share[c] / pool->class_per_h[c]
                                             : (double)INFINITY;
    pool->per_h = each > 0 ? 1 / each : 0;
    return p->n_pools - 1;
}

/* What the plan knew of this choice. */
static const struct candidate *candidate_of(const struct service_play *p, size_t offer)
{
    const struct plan *plan = p->model->plan;
    for (size_t i = 0; i < plan->n_candidates; i++) {
        const struct candidate *c = &plan->candidates[i];
        if (c->workload == p->workload && c->offer == offer && c->shape == SIZE_MAX && c->usable)
            return c;
    }
    return NULL;
}

/* spot.max_price as a factor on the planned price. */
static double most_factor(const struct service_play *p, const struct offer *o)
{
    const struct scenario *s = p->model->plan->scenario;
    const struct workload *w = &s->workloads[p->workload];
    const struct offer_request request = {.currency = s->currency, .fx_usd = s->fx_usd};
    struct ratio most;
    if (!o->market->interruptible || !w->max_price.given || o->price <= 0 ||
        !price_convert(&most, w->max_price.money.amount, w->max_price.money.currency, &request))
        return INFINITY;
    return ratio_value(most) / o->price;
}

/* Reclaims of one machine per hour as the plan counts on them: workload, then simulate, then the book; none where nobody
 * knows, as there. */
static double hazard_of(const struct service_play *p, const struct offer *o)
{
    const struct scenario *s = p->model->plan->scenario;
    const struct workload *w = &s->workloads[p->workload];
    if (!o->market->interruptible) return 0;
    if (w->hazard_per_h.given) return w->hazard_per_h.base;
    if (s->interruptions_per_day.given) return s->interruptions_per_day.base / 24;
    return isfinite(o->hazard_per_h) ? o->hazard_per_h : 0;
}

static struct play_option *option_find(struct service_play *p, const struct holding *h,
                                       struct arena *a)
{
    for (size_t i = 0; i < p->n_options; i++)
        if (p->options[i].offer == h->offer) return &p->options[i];
    const struct offer *o = &p->model->plan->offers[h->offer];
    const struct candidate *c = candidate_of(p, h->offer);
    struct play_option *option = ARENA_PUSH(a, p->options, p->n_options);
    *option = (struct play_option){
        .offer = h->offer,
        .pool = pool_find(p, o->type, a),
        .scales = o->market->interruptible || o->market->id == MARKET_AUTOSCALED,
        .spot = o->market->interruptible,
        .price = c ? c->cost_per_useful : o->price,
        .useful = c && c->useful.u > 0 ? c->useful.u : 1,
        .place_key = random_key_of(random_key(p->model->settings.seed, "service", p->service->name),
                                   random_key(o->protected_h > 0 ? 1 : 0,
                                              book_type(p->model->plan->book, o->type)->name,
                                              *o->zone ? o->zone : o->region)),
        .hazard_per_h = hazard_of(p, o),
        .most_factor = most_factor(p, o),
        .planned = ARENA_NEW(a, long, p->n_slots + 1),
        .holding = ARENA_NEW(a, size_t, p->n_slots + 1)};
    for (size_t k = 0; k < p->n_slots; k++) option->holding[k] = SIZE_MAX;
    return option;
}

/* Time that differs where the plan holds none is booked to the holding before it, else to the one after. */
static void fill_bookings(const struct service_play *p, struct play_option *o)
{
    for (size_t k = 1; k < p->n_slots; k++)
        if (o->holding[k] == SIZE_MAX) o->holding[k] = o->holding[k - 1];
    for (size_t k = p->n_slots; k-- > 0;)
        if (o->holding[k] == SIZE_MAX) o->holding[k] = o->holding[k + 1];
}

static void machines_make(struct service_play *p, size_t service, struct arena *a)
{
    const struct plan *plan = p->model->plan;
    for (size_t i = 0; i < plan->n_holdings; i++) {
        const struct holding *h = &plan->holdings[i];
        if (h->service != service) continue;
        struct play_option *o = option_find(p, h, a);
        for (size_t k = 0; k < p->n_slots; k++) {
            if (p->from_us[k] < h->from_us || p->from_us[k] >= h->to_us) continue;
            o->planned[k] += h->machines;
            o->holding[k] = i;
        }
    }
    for (size_t i = 0; i < p->n_options; i++) {
        struct play_option *o = &p->options[i];
        fill_bookings(p, o);
        for (size_t k = 0; k < p->n_slots; k++)
            if (o->planned[k] > o->most) o->most = o->planned[k];
        if (o->scales) o->most = o->most * MOST_TIMES + MORE_MACHINES;
        if (o->spot) p->most_spot += o->most;
    }
}

/* --- what they carry --- */

static long pool_most(const struct service_play *p, size_t pool)
{
    long most = 0;
    for (size_t i = 0; i < p->n_options; i++)
        if (p->options[i].pool == pool) most += p->options[i].most;
    return most > 0 ? most : 1;
}

static double peak(const struct service_play *p)
{
    double most = 0;
    for (size_t k = 0; k < p->n_slots; k++) most = fmax(most, p->sizing[k]);
    return most;
}

static void pool_tables(struct play_pool *pool, const struct service_play *p, long machines,
                        struct arena *a)
{
    const struct service *s = p->service;
    const struct rate_need need = {.load = MOST_TIMES * peak(p), .machines = machines};
    if (s->rule == RULE_BLOCKING) {
        rate_table_blocking(&pool->table,
                            &(struct block_rule){(long)pool->servers, s->blocked_frac, s->seats},
                            need, a);
        return;
    }
    if (s->rule != RULE_WAIT) return;
    double *limit_h = ARENA_NEW(a, double, s->n_limits + 1);
    double *late_frac = ARENA_NEW(a, double, s->n_limits + 1);
    pool->late = ARENA_NEW(a, struct late_table, s->n_limits + 1);
    for (size_t i = 0; i < s->n_limits; i++) {
        limit_h[i] = s->limits[i].limit_h;
        late_frac[i] = s->limits[i].late_frac;
        late_table_make(&pool->late[i], pool, s->cv2, limit_h[i], machines, a);
    }
    const struct wait_rule rule = {.slots = (long)pool->servers,
                                   .batch = 1,
                                   .time_h = pool->time_h,
                                   .cv2 = s->cv2,
                                   .n_limits = s->n_limits,
                                   .limit_h = limit_h,
                                   .late_frac = late_frac};
    rate_table_wait(&pool->table, &rule, need, a);
}

/* What the plan leaves out because that is cheaper: what its machines of the slot do not carry. */
static void leave_out(struct service_play *p, struct arena *a)
{
    const double none = 1e-6; /* less than this is rounding of rates */
    long *n = ARENA_NEW(a, long, p->n_options + 1);
    for (size_t k = 0; p->service->unserved_priced && k < p->n_slots; k++) {
        for (size_t o = 0; o < p->n_options; o++) n[o] = p->options[o].planned[k];
        const double missing = p->sizing[k] > 0 ? 1 - pools_carry(p, n, true) / p->sizing[k] : 0;
        p->left_out[k] = missing > none ? fmin(1, missing) : 0;
        p->sizing[k] *= 1 - p->left_out[k];
    }
}

/* --- order, noise, bill --- */

static void order_options(struct service_play *p, struct arena *a)
{
    p->by_price = ARENA_NEW(a, size_t, p->n_options + 1);
    for (size_t i = 0; i < p->n_options; i++) {
        if (!p->options[i].scales) continue;
        size_t k = p->n_scaling++;
        for (; k > 0 && p->options[p->by_price[k - 1]].price < p->options[i].price; k--)
            p->by_price[k] = p->by_price[k - 1];
        p->by_price[k] = i;
    }
}

/* Lognormal with mean 1 that exceeds `burst` in one slot of a hundred: exp(z s - s^2 / 2) = burst. */
static double noise_sd(double burst)
{
    const double z = 2.3263478740408408; /* normal quantile of BURST_QUANTILE */
    const double log_burst = fmin(log(fmax(1, burst)), z * z / 2);
    return z - sqrt(z * z - 2 * log_burst);
}

static void read_unserved(struct service_play *p, struct arena *a)
{
    const struct plan *plan = p->model->plan;
    p->n_months = plan->n_months;
    p->planned_unserved = ARENA_NEW(a, double, p->n_months + 1);
    p->calm_unserved = ARENA_NEW(a, double, p->n_months + 1);
    for (size_t i = 0; i < plan->n_ledger; i++) {
        const struct ledger_line *l = &plan->ledger[i];
        if (l->part == PART_UNSERVED && l->workload == p->workload)
            p->planned_unserved[l->month] += (double)l->quantity / (double)l->quantity_den;
    }
}

/* The highest percentile is the one whose late requests are told. */
static void find_strictest(struct service_play *p)
{
    const struct service *s = p->service;
    p->n_limits = s->rule == RULE_WAIT ? s->n_limits : 0;
    for (size_t i = 1; i < p->n_limits; i++)
        if (s->limits[i].late_frac < s->limits[p->strictest].late_frac) p->strictest = i;
}

void play_setup(struct service_play *p, size_t service, struct arena *a)
{
    const struct scenario *s = p->model->plan->scenario;
    p->service = &p->model->plan->services->items[service];
    p->workload = (size_t)(p->service->shape->workload - s->workloads);
    p->noise_key = random_key(p->model->settings.seed, "load noise", p->service->name);
    p->count_key = random_key(p->model->settings.seed, "arrivals", p->service->name);
    p->counts = !p->model->settings.steady_amounts &&
                (p->service->rule != RULE_BLOCKING || p->service->time_h > 0);
    find_strictest(p);
    slots_make(p, service, a);
    loads_make(p, a);
    machines_make(p, service, a);
    for (size_t i = 0; i < p->n_pools; i++) pool_tables(&p->pools[i], p, pool_most(p, i), a);
    leave_out(p, a);
    order_options(p, a);
    play_limits(p, a);
    const struct workload *w = &p->model->plan->scenario->workloads[p->workload];
    p->boots_vary =
        !p->model->settings.steady_amounts && (w->cold_start_cv > 0 || w->cold_start.triple);
    p->noise_sd = p->model->settings.steady_amounts ? 0 : noise_sd(p->service->burst);
    read_unserved(p, a);
}
