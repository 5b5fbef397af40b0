/* How much load n machines carry within their targets: model.md 3.2. Every argument is finite unless said otherwise and
 * time_h > 0, cv2 >= 0 (asserted). A cv2 below 1e-9 counts as a constant service time, one above 1e6 as 1e6. */
#ifndef SOLVER_QUEUEING_H
#define SOLVER_QUEUEING_H

#include "solver/crossing.h"

#include <stddef.h>

/* Erlang B: probability that all c places are taken at offered load a >= 0 (Erlangs); c whole, 0 to 1e9. The recursion up
 * to 64 places, beyond it the same sum by series of positive terms; relative error below 1e-13 where B > 1e-30, in general
 * below 1e-15 |log B|. */
double erlang_b(double c, double a);
/* Erlang C: probability of waiting with c servers at offered load a < c; 1 for a >= c. Precision of erlang_b. */
double erlang_c(double c, double a);
/* Largest offered load with erlang_b(c, a) <= blocked; to 1e-12 relative. 0 for blocked <= 0, INFINITY for blocked >= 1. */
double erlang_b_load(double c, double blocked);
/* Least whole number of places with erlang_b <= blocked; 0 for a = 0, INFINITY for blocked <= 0 and a > 0. */
double erlang_b_places(double a, double blocked);

/* One first-come queue for c servers (whole, c >= 1), each serving one request at a time: a service takes mean time_h with
 * squared coefficient of variation cv2 (gamma; constant for 0), mu = 1 / time_h. Allen-Cunneen two-moment wait with
 * arrivals at `rate` per hour, a = rate / mu: P(wait > t) = C exp(-theta t), theta = 2 (c mu - rate) / (1 + cv2). Exact for
 * cv2 = 1. */
struct queue {
    double servers, time_h, cv2;
};
/* P(wait + service > t) in [0, 1], both parts independent: closed forms for cv2 = 1 and 0, confluent hypergeometric
 * functions else. 1 where the queue has no steady state. */
double queue_late(const struct queue *q, double rate_per_h, double t_h);
/* C / theta; INFINITY where the queue has no steady state. */
double queue_mean_wait_h(const struct queue *q, double rate_per_h);
/* Largest arrival rate per hour for which every target holds: P(wait + service > limit_h[i]) <= late[i]; to 1e-12
 * relative, from below. 0 when the bare service time already misses a target. Never more than servers / time_h, which it is
 * without targets. */
double queue_max_rate(const struct queue *q, const double *limit_h, const double *late,
                      size_t n_targets);
/* Gamma tail with mean and cv2: P(service > t); a step for cv2 = 0, where a service of exactly t is in time. */
double service_tail(double time_h, double cv2, double t_h);

/* The same answers, found in fewer steps where one is expected: tables of n = 1, 2, ... machines. */
double erlang_b_load_near(double c, double blocked, struct expected near);
double queue_max_rate_near(const struct queue *q, const double *limit_h, const double *late,
                           size_t n_targets, struct expected near);

#endif
