/* With a the load in Erlangs, c the places, B and C of Erlang, and theta = 2 (c - a) / (time (1 + cv2)):
 *     1/B = sum over k of c!/((c-k)! a^k)       C = c B / (c - a (1 - B))
 *     late(t) = P(service > t) + C I,           I = integral over [0, t] of f(x) exp(-theta (t - x)) dx
 * f the gamma density of shape k = 1/cv2 and rate b = k/time. I = e^(-theta t) (b/(b - theta))^k P(k, (b - theta) t) where b is
 * clearly above theta, else D e^w sum_n k/(k+n) (-w)^n/n! or D sum_n w^n/((k+1)...(k+n)) with w = (b - theta) t and D =
 * (b t)^k e^(-b t) / Gamma(k + 1). */
#include "proof/queues.h"

#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#define LEAST_CV2 1e-9
#define MOST_CV2  1e6
#define PRECISE   1e-13
/* So few wait at all that nobody is late. */
#define NO_MATTER 1e-6
enum { HALVINGS = 200 };

/* 1/B: terms rise while more places than load are left, then fall. INFINITY: B is 0 in a double. */
static double per_blocked(double c, double a)
{
    if (a <= 0) return c > 0 ? INFINITY : 1;
    double sum = 1, term = 1;
    for (double left = c; left > 0 && (left > a || term > 1e-18 * sum); left--) {
        term *= left / a;
        sum += term;
        if (isinf(sum)) break;
    }
    return sum;
}

static double blocked(double c, double a)
{
    return 1 / per_blocked(c, a);
}

static double waiting(double c, double a)
{
    if (a >= c) return 1;
    const double b = blocked(c, a);
    return fmin(1, c * b / (c - a * (1 - b)));
}

static double known_cv2(double cv2)
{
    return cv2 < LEAST_CV2 ? 0 : fmin(cv2, MOST_CV2);
}

/* P(service > t). */
static double alone_late(double time, double cv2, double t)
{
    if (t <= 0) return 1;
    if (cv2 <= 0) return t < time ? 1 : 0;
    return gsl_sf_gamma_inc_Q(1 / cv2, t / (time * cv2));
}

/* I for gamma service. */
static double mixed(double k, double b, double theta, double t)
{
    const double w = (b - theta) * t;
    if (w > k + 1) return exp(-theta * t - k * log1p(-theta / b)) * gsl_sf_gamma_inc_P(k, w);
    const double log_d = k * log(b * t) - b * t - gsl_sf_lngamma(k + 1);
    double sum = 1, term = 1;
    if (w >= 0) {
        for (double n = 1; term > 1e-18 * sum; n++) sum += term *= w / (k + n);
        return exp(log_d) * sum;
    }
    /* e^w sum, begun at its largest term so that neither factor overflows */
    const double z = -w, top = floor(z);
    const double at_top = exp(-z + top * log(fmax(z, 1e-300)) - gsl_sf_lngamma(top + 1));
    sum = 0;
    term = z > 0 ? at_top : 1;
    for (double n = top; n >= 0 && term > 1e-19 * sum; n--) {
        sum += term * k / (k + n);
        term *= n / z;
    }
    term = z > 0 ? at_top : 1;
    for (double n = top + 1; term > 1e-19 * sum && z > 0; n++) {
        term *= z / n;
        sum += term * k / (k + n);
    }
    return exp(log_d) * sum;
}

/* Part of the requests at load a (Erlangs) that end later than t, less those that the service alone makes late. */
static double wait_late(const struct proof_queue *q, double c, double a, double t, double wait)
{
    const double cv2 = known_cv2(q->service->cv2), time = q->time_h;
    if (a >= c) return 1 - alone_late(time, cv2, t);
    const double theta = 2 * (c - a) / (time * (1 + cv2));
    if (cv2 <= 0) return t < time ? 0 : wait * exp(-theta * (t - time));
    return wait * mixed(1 / cv2, 1 / (cv2 * time), theta, t);
}

/* Above 0: load a on c places misses a target. Logarithms, so that it is nearly straight. */
static double misses_time(const struct proof_queue *q, double c, double a)
{
    const struct service *s = q->service;
    double worst = -INFINITY;
    if (a > c) return INFINITY;
    for (size_t i = 0; i < s->n_limits; i++) {
        const double limit = s->limits[i].limit_h;
        const double alone =
            q->alone ? q->alone[i] : alone_late(q->time_h, known_cv2(s->cv2), limit);
        const double allowed = s->limits[i].late_frac - alone;
        if (allowed <= 0) return INFINITY;
        const double wait = waiting(c, a);
        worst = fmax(worst, wait < NO_MATTER * allowed
                                ? log(wait / allowed)
                                : log(wait_late(q, c, a, limit, wait) / allowed));
    }
    return worst;
}

static double blocks_much(const struct proof_queue *q, double c, double a)
{
    return log(blocked(c, a) / q->service->blocked_frac);
}

/* Largest a up to `high` that c places carry: a straight line between what is carried and what is not, or half way where
 * that does not help (Illinois). */
static double largest(const struct proof_queue *q, double c, double high,
                      double (*misses)(const struct proof_queue *, double, double))
{
    double low = 0, at_high = misses(q, c, high), at_low = -1e4;
    if (at_high <= 0) return high;
    double gap = sqrt(high) + 0.1 * high;
    while (gap < high) {
        const double x = c - gap, at = x > 0 ? misses(q, c, x) : -1e4;
        gap *= 2;
        if (at > 0) {
            high = x;
            at_high = at;
            continue;
        }
        low = fmax(x, 0);
        at_low = fmax(at, -1e4);
        break;
    }
    int side = 0;
    for (int i = 0; i < HALVINGS && high - low > PRECISE * high; i++) {
        double x = isfinite(at_high) ? low + (high - low) * (-at_low / (at_high - at_low))
                                     : low + (high - low) / 2;
        if (i % 4 == 3 || !(x > low && x < high)) x = low + (high - low) / 2;
        /* just beyond the root, so that both ends close in */
        const double at = fmax(misses(q, c, x), -1e4);
        if (at > 0) {
            high = x;
            at_high = at;
            if (side > 0) at_low /= 2;
            side = 1;
        } else {
            low = x;
            at_low = at;
            if (side < 0) at_high /= 2;
            side = -1;
        }
    }
    return low;
}

void proof_queue_alone(struct proof_queue *q, double *alone)
{
    const struct service *s = q->service;
    for (size_t i = 0; i < s->n_limits; i++)
        alone[i] = alone_late(q->time_h, known_cv2(s->cv2), s->limits[i].limit_h);
    q->alone = alone;
}

double proof_rate(const struct proof_queue *q, long machines)
{
    const struct service *s = q->service;
    const double c = (double)machines * (double)q->places;
    if (machines <= 0) return 0;
    switch (s->rule) {
    case RULE_PROFILE:
        return (double)machines * q->rate_per_machine;
    case RULE_BLOCKING:
        if (q->places <= 0) return 0;
        if (s->seats > 0 && c >= (double)s->seats) return INFINITY;
        if (s->blocked_frac >= 1) return INFINITY;
        return s->blocked_frac > 0
                   ? largest(q, c, c / (1 - s->blocked_frac) * (1 + 1e-9), blocks_much)
                   : 0;
    case RULE_WAIT:
        break;
    }
    return q->places <= 0 ? 0 : largest(q, c, c, misses_time) / q->time_h;
}

bool proof_carries(const struct proof_queue *q, long machines, double load)
{
    const struct service *s = q->service;
    const double c = (double)machines * (double)q->places;
    if (load <= 0) return true;
    if (machines <= 0) return false;
    if (s->rule == RULE_PROFILE) return (double)machines * q->rate_per_machine >= load;
    if (q->places <= 0) return false;
    if (s->rule == RULE_WAIT) return misses_time(q, c, load * q->time_h) <= 0;
    return (s->seats > 0 && c >= (double)s->seats) || blocks_much(q, c, load) <= 0;
}

/* Least number of machines that carries the load, looked for around a guess; most + 1: none up to `most`. */
static long least_machines(const struct proof_queue *q, double load, long most, long guess)
{
    long low = 0, high = most + 1, n = guess < 1 ? 1 : guess > most ? most : guess;
    for (long step = 1; low + 1 < high; step *= 2) {
        const bool enough = proof_carries(q, n, load);
        *(enough ? &high : &low) = n;
        const long next = enough ? n - step : n + step;
        if (next <= low || next >= high) break;
        n = next;
    }
    while (high - low > 1) {
        const long middle = low + (high - low) / 2;
        *(proof_carries(q, middle, load) ? &high : &low) = middle;
    }
    return high;
}

static double rate_known(const struct proof_queue *q, long n, struct proof_search *search)
{
    const size_t at = (size_t)n % (sizeof search->n / sizeof *search->n);
    if (search->n[at] != n) {
        search->n[at] = n;
        search->rate[at] = proof_rate(q, n);
    }
    return search->rate[at];
}

/* Pools grow better with size: r(n)/n never falls, so the largest number counts; where it carries whatever comes, the one before
 * it counts and its share of the load. */
double proof_cap(const struct proof_queue *q, double load, long most, struct proof_search *search)
{
    if (load <= 0) return 0;
    const long need = least_machines(q, load, most, search->guess), n = need > most ? most : need;
    search->guess = n;
    const double rate = rate_known(q, n, search);
    if (!isinf(rate)) return rate / (double)n;
    const double before = n > 1 ? rate_known(q, n - 1, search) / (double)(n - 1) : 0;
    return fmax(before, load / (double)n);
}
