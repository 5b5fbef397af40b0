/* r(n): the load n machines of a type carry within their targets, for n = 1, 2, ... (model.md 3.2). */
#ifndef SOLVER_RATE_TABLE_H
#define SOLVER_RATE_TABLE_H

#include "common/arena.h"

#include <stddef.h>

/* Zeroed is empty. Filled from n = 1 upwards as far as a load asks for; filled again with the same rule and a larger load it
 * goes on where it stopped. One table belongs to one rule. rate[n - 1] = r(n) never falls with n; INFINITY where n machines
 * carry whatever comes. best[n - 1] = max over i <= n of r(i) / i, infinite r(i) left out. The unit is the caller's: requests
 * per hour, or Erlangs for blocking. */
struct rate_table {
    size_t n;
    double *rate; /* [n] */
    double *best; /* [n] */
};

/* How far a table goes: to the first n with r(n) >= load, never beyond `machines`; both at least 1 entry. A rule that never
 * carries anything gets one entry, 0. */
struct rate_need {
    double load;   /* finite */
    long machines; /* >= 1 */
};

/* Requests that wait: n x slots servers, each serving `batch` requests in one service, so that they arrive at it at rate /
 * batch. model.md 3.2 counts batch x concurrency slots of one request each: slots = workers of the machine x batch x
 * concurrency with batch = 1. */
struct wait_rule {
    long slots;   /* >= 0, per machine */
    double batch; /* > 0 */
    double time_h, cv2;
    size_t n_limits;
    const double *limit_h, *late_frac; /* [n_limits] P(wait + service > limit_h) <= late_frac */
};
void rate_table_wait(struct rate_table *t, const struct wait_rule *rule, struct rate_need need,
                     struct arena *a);

/* Sessions and seats: n x places places, Erlang B <= blocked_frac; r(n) in Erlangs. With as many places as seats r(n) =
 * INFINITY: nobody can be blocked. */
struct block_rule {
    long places; /* >= 0, per machine */
    double blocked_frac;
    long seats; /* 0: no cap */
};
void rate_table_blocking(struct rate_table *t, const struct block_rule *rule, struct rate_need need,
                         struct arena *a);

/* Measured: r(n) = n x rate of one machine. */
void rate_table_linear(struct rate_table *t, double rate_per_machine, struct rate_need need,
                       struct arena *a);

/* Least n with r(n) >= load: 0 for no load, -1: not within the table. */
long rate_table_machines(const struct rate_table *t, double load);

/* `cap` of model.md 3.2: max over n <= n* of r(n) / n with n* = rate_table_machines(load), or the whole table where the load is
 * beyond it. Any n machines that carry a load up to `load` carry at most n x cap. Where r(n*) is INFINITY it counts as the
 * load. 0: machines of this type carry nothing. */
double rate_table_cap(const struct rate_table *t, double load);

#endif
