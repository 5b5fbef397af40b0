/* How much load n machines carry within their targets: model.md 3.2. */
#ifndef SOLVER_QUEUEING_H
#define SOLVER_QUEUEING_H

#include <stdbool.h>
#include <stddef.h>

/* Erlang B: probability that all c places are taken at offered load a (Erlangs); stable recursion, c up to 1e7. */
double erlang_b(double c, double a);
/* Erlang C: probability of waiting with c servers at offered load a < c; 1 for a >= c. */
double erlang_c(double c, double a);
/* Largest offered load with erlang_b(c, a) <= blocked; to 1e-12 relative. */
double erlang_b_load(double c, double blocked);
/* Least whole number of places with erlang_b <= blocked. */
double erlang_b_places(double a, double blocked);

/* Requests that queue for c servers (c >= 1), each serving `batch`-fold: arrival rate `rate` per hour, one service takes mean
 * time_h with squared coefficient of variation cv2 (gamma; constant for 0). Allen-Cunneen two-moment wait:
 * P(wait > t) = C exp(-theta t), theta = 2 (c mu - a) / (1 + cv2). */
struct queue {
    double servers, time_h, cv2;
};
/* P(wait + service > t). Both parts independent; exact integral (closed form for cv2 = 1 and 0, quadrature else). */
double queue_late(const struct queue *q, double rate_per_h, double t_h);
double queue_mean_wait_h(const struct queue *q, double rate_per_h);
/* Largest arrival rate per hour for which every target holds: P(wait + service > limit_h[i]) <= late[i]. 0 when the bare
 * service time already misses a target. */
double queue_max_rate(const struct queue *q, const double *limit_h, const double *late,
                      size_t n_targets);
/* Gamma tail with mean and cv2: P(service > t); a step for cv2 = 0. */
double service_tail(double time_h, double cv2, double t_h);

#endif
