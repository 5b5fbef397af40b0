#include "sim/queue.h"

#include <assert.h>
#include <gsl/gsl_randist.h>
#include <math.h>

/* --- servers --- */

struct servers servers_new(size_t n, struct arena *a)
{
    assert(n >= 1);
    struct servers s = {n, ARENA_NEW(a, double, n)};
    servers_clear(&s);
    return s;
}

void servers_clear(struct servers *s)
{
    for (size_t i = 0; i < s->n; i++) s->free_h[i] = -HUGE_VAL;
}

/* The server at the top of the heap is free again at free_h. */
static void top_set(struct servers *s, double free_h)
{
    size_t i = 0;
    for (size_t child = 1; child < s->n; child = 2 * i + 1) {
        if (child + 1 < s->n && s->free_h[child + 1] < s->free_h[child]) child++;
        if (s->free_h[child] >= free_h) break;
        s->free_h[i] = s->free_h[child];
        i = child;
    }
    s->free_h[i] = free_h;
}

double servers_wait_cold(struct servers *s, double at_h, double service_h, double set_up_h)
{
    const bool idle = s->free_h[0] < at_h;
    const double wait_h = idle ? set_up_h : s->free_h[0] - at_h;
    top_set(s, at_h + wait_h + service_h);
    return wait_h;
}

double servers_wait(struct servers *s, double at_h, double service_h)
{
    return servers_wait_cold(s, at_h, service_h, 0);
}

bool servers_take(struct servers *s, double at_h, double service_h)
{
    if (s->free_h[0] > at_h) return false;
    top_set(s, at_h + service_h);
    return true;
}

/* --- the queue of the plan --- */

static double draw_service(const struct queue *q, const gsl_rng *rng)
{
    if (q->cv2 <= 0) return q->time_h;
    return gsl_ran_gamma(rng, 1 / q->cv2, q->time_h * q->cv2);
}

/* One batch of customers; continues where the last one ended. */
struct playing {
    const struct queue *q;
    struct servers servers;
    struct random_stream arrivals;
    const gsl_rng *services;
    double between_h, limit_h, now_h;
};

struct batch {
    double late, waiting, wait_h;
};

static struct batch play_batch(struct playing *p, size_t customers)
{
    struct batch sum = {0};
    for (size_t i = 0; i < customers; i++) {
        p->now_h += exponential_at(random_uniform(&p->arrivals), p->between_h);
        const double service_h = draw_service(p->q, p->services);
        const double wait_h = servers_wait(&p->servers, p->now_h, service_h);
        sum.wait_h += wait_h;
        sum.waiting += wait_h > 0;
        sum.late += wait_h + service_h > p->limit_h;
    }
    const double n = (double)customers;
    return (struct batch){sum.late / n, sum.waiting / n, sum.wait_h / n};
}

struct queue_seen queue_watch(const struct queue *q, double rate_per_h, double limit_h,
                              struct watch watch, uint64_t key, struct arena *a)
{
    assert(watch.batches >= 2 && watch.customers >= 1);
    assert(rate_per_h > 0 && rate_per_h * q->time_h < q->servers);
    const struct random_stream services = random_start(random_key_of(key, 1), 0);
    struct playing p = {.q = q,
                        .servers = servers_new((size_t)q->servers, a),
                        .arrivals = random_start(key, 0),
                        .services = random_gsl(&services, a),
                        .between_h = 1 / rate_per_h,
                        .limit_h = limit_h};
    double *late = ARENA_NEW(a, double, watch.batches);
    double *waiting = ARENA_NEW(a, double, watch.batches);
    double *wait_h = ARENA_NEW(a, double, watch.batches);
    play_batch(&p, watch.customers);
    for (size_t i = 0; i < watch.batches; i++) {
        const struct batch b = play_batch(&p, watch.customers);
        late[i] = b.late;
        waiting[i] = b.waiting;
        wait_h[i] = b.wait_h;
    }
    return (struct queue_seen){moments_of(late, watch.batches), moments_of(waiting, watch.batches),
                               moments_of(wait_h, watch.batches)};
}
