/* Lateness of requests that wait (docs/model.md 3.2). Service gamma of shape k = 1/cv2 and rate beta = k mu, w = (beta - theta) t:
 *
 *     P(wait + service > t) = Q(k, beta t) + C I,     I = integral_0^t f(x) exp(-theta (t - x)) dx
 *     I = (beta t)^k exp(-beta t) / Gamma(k + 1) 1F1(1; k + 1; w)                     w <= k, theta > beta as well
 *     I = exp(-theta t) (1 - theta/beta)^-k P(k, w)                                   w > k
 */
#include "solver/queueing.h"

#include "solver/queueing_tail.h"

#include <assert.h>
#include <math.h>

#define LEAST_CV2 1e-9
#define MOST_CV2  1e6
/* Stands for the logarithm of a probability that is 0 in a double. */
#define LOG_OF_NOTHING (-1e4)

/* What does not depend on the arrival rate. */
struct lateness {
    double c, time_h, cv2, t;
    double k, beta; /* shape and rate of the gamma law */
    double bare;    /* P(service > t) */
    double density; /* (beta t)^k exp(-beta t) / Gamma(k + 1) */
};

static double known_cv2(double cv2)
{
    return cv2 < LEAST_CV2 ? 0 : fmin(cv2, MOST_CV2);
}

static struct lateness lateness_make(const struct queue *q, double t_h)
{
    assert(q->time_h > 0 && q->cv2 >= 0 && q->servers >= 1);
    struct lateness l = {
        .c = q->servers,
        .time_h = q->time_h,
        .cv2 = known_cv2(q->cv2),
        .t = t_h,
        .bare = service_tail(q->time_h, q->cv2, t_h),
    };
    if (l.cv2 == 0 || t_h <= 0) return l;
    l.k = 1 / l.cv2;
    l.beta = l.k / l.time_h;
    l.density = gamma_point(l.k, l.beta * t_h);
    return l;
}

double service_tail(double time_h, double cv2, double t_h)
{
    assert(time_h > 0 && cv2 >= 0);
    if (t_h <= 0) return 1;
    const double known = known_cv2(cv2);
    if (known == 0) return t_h < time_h ? 1 : 0;
    if (known == 1) return exp(-t_h / time_h);
    return gamma_upper(1 / known, t_h / time_h / known);
}

/* Integral for exponential service: mu (exp(-theta t) - exp(-mu t)) / (mu - theta), its limit where they meet. */
static double blend_exponential(double mu, double theta, double t)
{
    const double apart = fabs(mu - theta) * t;
    return mu * t * exp(-fmin(mu, theta) * t) * (apart > 0 ? -expm1(-apart) / apart : 1);
}

/* I: integral_0^t f(x) exp(-theta (t - x)) dx. */
static double served_in_time(const struct lateness *l, double theta)
{
    if (l->t <= 0) return 0;
    if (l->cv2 == 0) return l->t < l->time_h ? 0 : exp(-theta * (l->t - l->time_h));
    if (l->cv2 == 1) return blend_exponential(1 / l->time_h, theta, l->t);
    const double w = (l->beta - theta) * l->t;
    if (w <= l->k) return l->density * kummer_sum(l->k, w);
    const double exponent = -theta * (l->t - l->time_h) - l->k * log_1p_less(-theta / l->beta);
    return exp(exponent) * (1 - gamma_upper(l->k, w));
}

/* C I: late, but not because of the service alone. */
static double late_by_waiting(const struct lateness *l, double load)
{
    if (load >= l->c) return 1 - l->bare;
    const double theta = 2 * (l->c - load) / (l->time_h * (1 + l->cv2));
    return erlang_c(l->c, load) * served_in_time(l, theta);
}

double queue_late(const struct queue *q, double rate_per_h, double t_h)
{
    assert(rate_per_h >= 0);
    const struct lateness l = lateness_make(q, t_h);
    return fmin(1, l.bare + late_by_waiting(&l, rate_per_h * q->time_h));
}

double queue_mean_wait_h(const struct queue *q, double rate_per_h)
{
    assert(q->time_h > 0 && q->cv2 >= 0 && q->servers >= 1 && rate_per_h >= 0);
    const double load = rate_per_h * q->time_h;
    if (load >= q->servers) return INFINITY;
    const double theta = 2 * (q->servers - load) / (q->time_h * (1 + known_cv2(q->cv2)));
    return erlang_c(q->servers, load) / theta;
}

/* --- largest rate --- */

struct target {
    struct lateness lateness;
    double log_allowed; /* log of what waiting may add */
};

static double late_above(double load, const void *context)
{
    const struct target *target = context;
    const double late = late_by_waiting(&target->lateness, load);
    return late > 0 ? fmax(log(late), LOG_OF_NOTHING) - target->log_allowed : LOG_OF_NOTHING;
}

/* Largest offered load up to `most` within one target. */
static double max_load(const struct queue *q, double limit_h, double late, double most,
                       struct expected near)
{
    struct target target = {.lateness = lateness_make(q, limit_h)};
    const double allowed = late - target.lateness.bare;
    if (!(allowed > 0)) return 0;
    target.log_allowed = log(allowed);
    const struct rising f = {late_above, &target};
    const struct bracket within = {{0, LOG_OF_NOTHING}, point_at(&f, most)};
    if (!(within.high.y > 0)) return most;
    return find_crossing(&f, bracket_near(&f, within, near));
}

double queue_max_rate_near(const struct queue *q, const double *limit_h, const double *late,
                           size_t n_targets, struct expected near)
{
    double load = q->servers;
    const struct expected expected = {near.value * q->time_h, near.spread * q->time_h};
    for (size_t i = 0; i < n_targets && load > 0; i++)
        load = max_load(q, limit_h[i], late[i], load, expected);
    return load / q->time_h;
}

double queue_max_rate(const struct queue *q, const double *limit_h, const double *late,
                      size_t n_targets)
{
    return queue_max_rate_near(q, limit_h, late, n_targets, (struct expected){0, 0});
}
