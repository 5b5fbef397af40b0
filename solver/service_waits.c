#include "solver/service_waits.h"
#include "common/calendar.h"
#include "pricing/history.h"
#include "solver/model.h"
#include "solver/queueing.h"
#include <math.h>

/* Machines that serve in one hour, by pool. */
struct crew_hour {
    const struct served *served;
    const long *machines; /* [n_pools] */
};

/* Places of all machines together. */
static double places_of_all(const struct crew_hour *c)
{
    double sum = 0;
    for (size_t p = 0; p < c->served->n_pools; p++)
        sum += (double)(c->machines[p] * c->served->pools[p].fit.workers) *
               (double)c->served->service->concurrency;
    return sum;
}

/* What a pool carries within the targets: pools share the load in this proportion. */
static double carried(const struct crew_hour *c, size_t pool)
{
    const double rate = served_rate(c->served, pool, 0, c->machines[pool]);
    return isfinite(rate) ? rate : places_of_all(c);
}

static double carried_by_all(const struct crew_hour *c)
{
    double sum = 0;
    for (size_t p = 0; p < c->served->n_pools; p++) sum += carried(c, p);
    return sum;
}

static struct queue queue_of(const struct crew_hour *c, size_t pool)
{
    const struct service *s = c->served->service;
    const struct fit *fit = &c->served->pools[pool].fit;
    return (struct queue){
        .servers = (double)(c->machines[pool] * fit->workers * s->concurrency * s->batch),
        .time_h = s->time_h / fit->speed,
        .cv2 = s->cv2};
}

struct tail {
    const struct crew_hour *crew;
    double load, all, late_frac; /* all: carried by all */
};

/* Share of requests that are in time, less the share asked for: rises with the time. */
static double in_time(double t_h, const void *context)
{
    const struct tail *t = context;
    double late = 0;
    for (size_t p = 0; p < t->crew->served->n_pools; p++) {
        const double part = carried(t->crew, p) / t->all;
        if (part <= 0) continue;
        const struct queue q = queue_of(t->crew, p);
        late += part * queue_late(&q, t->load * part, t_h);
    }
    return t->late_frac - late;
}

/* Mean number of requests in the queues; INFINITY where more comes than is carried. */
static double queue_length(const struct crew_hour *c, double load)
{
    const double all = carried_by_all(c);
    double sum = 0;
    for (size_t p = 0; p < c->served->n_pools; p++) {
        const double rate = load * carried(c, p) / all;
        if (rate <= 0) continue;
        const struct queue q = queue_of(c, p);
        sum += rate * queue_mean_wait_h(&q, rate);
    }
    return sum;
}

static double answer_time(const struct crew_hour *c, double load, double late_frac)
{
    const struct tail t = {c, load, carried_by_all(c), late_frac};
    const struct rising f = {in_time, &t};
    if (isinf(queue_length(c, load))) return INFINITY;
    struct bracket within = {.low = point_at(&f, 0), .high = {c->served->service->time_h, 0}};
    if (within.low.y > 0) return 0;
    for (int doublings = 0; doublings < 60; doublings++) {
        within.high = point_at(&f, 2 * within.high.x);
        if (within.high.y > 0) return find_crossing(&f, within);
    }
    return INFINITY;
}

static double blocked_share(const struct crew_hour *c, double load)
{
    const double places = places_of_all(c);
    const long seats = c->served->service->seats;
    return seats > 0 && places >= (double)seats ? 0 : erlang_b(places, load);
}

/* The horizon in pieces of a step, an hour at most. */
struct slots {
    int64_t length_us;
    size_t n;
};

static struct slots slots_of(const struct scenario *s)
{
    struct slots out = {.length_us = s->step_us < US_PER_H ? s->step_us : US_PER_H};
    out.n = (size_t)(s->length_us / out.length_us);
    return out;
}

/* Machines held through each slot, by pool: [slots][n_pools]. */
static long *machines_held(const struct plan *plan, size_t i, struct slots slots, struct arena *a)
{
    const struct served *v = &plan->model->served[i];
    long *held = ARENA_NEW(a, long, slots.n * v->n_pools + 1);
    for (size_t k = 0; k < plan->n_holdings; k++) {
        const struct holding *h = &plan->holdings[k];
        if (h->service != i) continue;
        size_t pool = 0;
        while (pool < v->n_pools && v->pools[pool].type != plan->offers[h->offer].type) pool++;
        if (pool == v->n_pools) continue;
        const size_t from = (size_t)((h->from_us + slots.length_us - 1) / slots.length_us);
        for (size_t t = from; t < slots.n && (int64_t)(t + 1) * slots.length_us <= h->to_us; t++)
            held[t * v->n_pools + pool] += h->machines;
    }
    return held;
}

static void hour_fill(struct service_wait *out, const struct service_waits *w,
                      const struct crew_hour *c, double mean, double sized)
{
    out->open = true;
    if (c->served->service->rule == RULE_BLOCKING) {
        out->mean = blocked_share(c, mean);
        out->sized = blocked_share(c, sized);
        return;
    }
    out->mean = answer_time(c, mean, w->late_frac);
    out->sized = answer_time(c, sized, w->late_frac);
    out->waiting = queue_length(c, mean);
}

static void limit_find(struct service_waits *w, const struct service *s)
{
    w->late_frac = 0.01;
    w->limit = NAN;
    if (s->rule == RULE_BLOCKING) w->limit = s->blocked_frac;
    for (size_t k = 0; k < s->n_limits && s->rule == RULE_WAIT; k++) {
        if (k > 0 && s->limits[k].late_frac >= w->late_frac) continue;
        w->late_frac = s->limits[k].late_frac;
        w->limit = s->limits[k].limit_h;
    }
}

/* Slots that are the fullest of their hour of the week; SIZE_MAX: none. */
static void fullest_find(size_t fullest[WAIT_HOURS], const struct plan *plan, size_t i,
                         const long *held, struct slots slots)
{
    const struct served *v = &plan->model->served[i];
    double most[WAIT_HOURS] = {0};
    for (size_t k = 0; k < WAIT_HOURS; k++) fullest[k] = SIZE_MAX;
    for (size_t t = 0; t < slots.n; t++) {
        const int64_t from_us = (int64_t)t * slots.length_us;
        const size_t k = (size_t)moment_week_hour(plan->scenario->start + from_us) - 1;
        const struct crew_hour c = {v, held + t * v->n_pools};
        const double all = carried_by_all(&c),
                     load = service_mean_load(v->service, from_us, from_us + slots.length_us);
        if (!(all > 0) || !(load > 0) || load / all <= most[k]) continue;
        most[k] = load / all;
        fullest[k] = t;
    }
}

bool service_waits_make(struct service_waits *out, const struct plan *plan, size_t i,
                        struct arena *a)
{
    if (!plan->model || i >= plan->model->n_served) return false;
    const struct served *v = &plan->model->served[i];
    bool any = false;
    if (v->service->rule == RULE_PROFILE || v->n_pools == 0) return false;
    *out = (struct service_waits){0};
    limit_find(out, v->service);
    const struct slots slots = slots_of(plan->scenario);
    const long *held = machines_held(plan, i, slots, a);
    size_t fullest[WAIT_HOURS];
    fullest_find(fullest, plan, i, held, slots);
    for (size_t k = 0; k < WAIT_HOURS; k++) {
        if (fullest[k] == SIZE_MAX) continue;
        const int64_t from_us = (int64_t)fullest[k] * slots.length_us;
        const int64_t to_us = from_us + slots.length_us;
        const struct crew_hour c = {v, held + fullest[k] * v->n_pools};
        hour_fill(&out->hour[k], out, &c, service_mean_load(v->service, from_us, to_us),
                  service_sizing_load(v->service, from_us, to_us));
        any = true;
    }
    return any;
}
