/* Queues played customer by customer: what the formulas of solver/queueing.h are held against. */
#ifndef SIM_QUEUE_H
#define SIM_QUEUE_H

#include "common/arena.h"
#include "sim/random.h"
#include "sim/stats.h"
#include "solver/queueing.h"

#include <stdbool.h>

/* Servers that take one customer at a time, first come, first served. Customers must be given in order of arrival. A heap of
 * the moments at which servers get free: the state of Kiefer and Wolfowitz (1955). */
struct servers {
    size_t n;
    double *free_h; /* [n] heap, the earliest first */
};
/* All free from the beginning of time. n >= 1. */
struct servers servers_new(size_t n, struct arena *a);
void servers_clear(struct servers *s);
/* The wait of a customer who comes at at_h and needs service_h; the server that is free first serves it. */
double servers_wait(struct servers *s, double at_h, double service_h);
/* The same where nobody waits: false when all servers are taken, and the customer is lost. */
bool servers_take(struct servers *s, double at_h, double service_h);
/* The wait where a server that has been idle must be set up for set_up_h >= 0 before it serves: the customer who wakes it waits
 * for that, and those who come meanwhile queue behind. */
double servers_wait_cold(struct servers *s, double at_h, double service_h, double set_up_h);

/* How long a queue is watched: `batches` (>= 2) of `customers` each after as many as one batch to warm up. Batches must be long
 * beside the time that the queue needs to forget, so that their means are independent. */
struct watch {
    size_t batches, customers;
};
/* Moments over the means of batches: mean_interval gives intervals. */
struct queue_seen {
    struct moments late;    /* share with wait + service > limit */
    struct moments waiting; /* share that waits at all */
    struct moments wait_h;
};
/* Plays the queue of the plan: Poisson arrivals at `rate`, gamma distributed service (constant for cv2 = 0). Draws come from
 * `key`. `rate` below full use. */
struct queue_seen queue_watch(const struct queue *q, double rate_per_h, double limit_h,
                              struct watch watch, uint64_t key, struct arena *a);

#endif
