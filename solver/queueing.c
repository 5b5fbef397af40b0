/* Waiting and blocking (docs/model.md 3.2). B and C of Erlang from the odds O = (1 - B) / B at c places and load a:
 *
 *     O = (c/a) (1 + O of c - 1 places),   O = 0 without places                       recursion, few places
 *     O = c/a + c (c-1)/a^2 + ...                                                     a >= c
 *     O = c! e^a / a^c - a/(c+1) 1F1(1; c + 2; a) - 1                                 a < c
 *     C = c B / (c - a (1 - B))
 *
 * Lateness with service gamma of shape k = 1/cv2 and rate beta = k mu, w = (beta - theta) t:
 *
 *     P(wait + service > t) = Q(k, beta t) + C I,     I = integral_0^t f(x) exp(-theta (t - x)) dx
 *     I = (beta t)^k exp(-beta t) / Gamma(k + 1) 1F1(1; k + 1; w)                     w <= k, theta > beta as well
 *     I = exp(-theta t) (1 - theta/beta)^-k P(k, w)                                   w > k
 */
#include "solver/queueing.h"

#include "solver/queueing_tail.h"

#include <assert.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

#define LEAST_CV2  1e-9
#define MOST_CV2   1e6
#define NEGLIGIBLE 1e-18
/* Relative width of the interval in which an answer is given; its lower end is the answer. */
#define ANSWER_WIDTH 2e-13
/* Stands for the logarithm of a probability that is 0 in a double. */
#define LOG_OF_NOTHING (-1e4)
enum { RECURSION_PLACES = 64, ROOT_STEPS = 200 };

/* --- Erlang --- */

static double odds_of_many(double c, double a)
{
    if (a < c) return 1 / gamma_point(c, a) - a / (c + 1) * kummer_sum(c + 1, a) - 1;
    double sum = 0, term = 1;
    const double per_load = 1 / a;
    for (double left = c; left > 0 && term > NEGLIGIBLE * sum; left--) {
        term *= left * per_load;
        sum += term;
    }
    return sum;
}

/* (1 - B) / B: INFINITY where B is 0 in a double. */
static double free_odds(double c, double a)
{
    assert(c >= 0 && c == floor(c) && a >= 0);
    if (a == 0) return c > 0 ? INFINITY : 0;
    if (c > RECURSION_PLACES) return odds_of_many(c, a);
    double odds = 0;
    for (double places = 1; places <= c; places++) odds = places / a * (1 + odds);
    return odds;
}

double erlang_b(double c, double a)
{
    return 1 / (1 + free_odds(c, a));
}

double erlang_c(double c, double a)
{
    if (a >= c) return 1;
    const double b = erlang_b(c, a);
    return fmin(1, c * b / (c - a + a * b));
}

/* --- where a rising function crosses 0 --- */

struct rising {
    double (*at)(double x, const void *context);
    const void *context;
};

/* low.y <= 0 < high.y */
struct point {
    double x, y;
};
struct bracket {
    struct point low, high;
};

static struct point point_at(const struct rising *f, double x)
{
    return (struct point){x, f->at(x, f->context)};
}

/* Share of the way from a to b at which to look next: inverse quadratic through a, b and the point c before, where it can
 * be trusted (Chandrupatla 1997), else half way. */
static double next_share(struct point a, struct point b, struct point c)
{
    const double xi = (a.x - b.x) / (c.x - b.x), phi = (a.y - b.y) / (c.y - b.y);
    if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
    return a.y / (b.y - a.y) * (c.y / (b.y - c.y)) +
           (c.x - a.x) / (b.x - a.x) * (a.y / (c.y - a.y)) * (b.y / (c.y - b.y));
}

/* The lower end of an interval of ANSWER_WIDTH that holds the crossing. */
static double find_crossing(const struct rising *f, struct bracket within)
{
    struct point a = within.high, b = within.low;
    double share = 0.5;
    for (int step = 0; step < ROOT_STEPS; step++) {
        const double least = ANSWER_WIDTH * fabs(a.x) / fabs(b.x - a.x) / 2;
        if (!(least < 0.5)) break;
        share = fmin(fmax(share, least), 1 - least);
        const struct point new = point_at(f, a.x + share * (b.x - a.x));
        if (new.x == a.x || new.x == b.x) break;
        struct point before = a;
        if ((new.y > 0) != (a.y > 0)) {
            before = b;
            b = a;
        }
        a = new;
        share = next_share(a, b, before);
    }
    return a.y > 0 ? b.x : a.x;
}

/* Narrows the bracket around what is expected, where that lies inside. */
static struct bracket bracket_near(const struct rising *f, struct bracket within,
                                   struct expected near)
{
    double spread = fmax(near.spread, 4 * ANSWER_WIDTH * near.value), x = near.value;
    if (!(x > within.low.x && x < within.high.x)) return within;
    struct point start = point_at(f, x);
    const double direction = start.y > 0 ? -1 : 1;
    while (true) {
        *(start.y > 0 ? &within.high : &within.low) = start;
        x += direction * spread;
        if (!(x > within.low.x && x < within.high.x)) return within;
        const struct point next = point_at(f, x);
        if ((next.y > 0) != (start.y > 0)) {
            *(next.y > 0 ? &within.high : &within.low) = next;
            return within;
        }
        start = next;
        spread *= 8;
    }
}

/* --- blocking --- */

struct blocking {
    double c, log_odds; /* log of (1 - B) / B wanted */
};

static double blocked_above(double a, const void *context)
{
    const struct blocking *wanted = context;
    const double odds = free_odds(wanted->c, a);
    return isinf(odds) ? LOG_OF_NOTHING : wanted->log_odds - log(odds);
}

/* B <= a^c / c! from below, and c places never carry more than c: a (1 - B) <= c. */
double erlang_b_load_near(double c, double blocked, struct expected near)
{
    if (!(blocked > 0) || c == 0) return blocked >= 1 ? INFINITY : 0;
    if (blocked >= 1) return INFINITY;
    const struct blocking wanted = {c, log1p(-blocked) - log(blocked)};
    const struct rising f = {blocked_above, &wanted};
    const double most = c / (1 - blocked) * (1 + 1e-9);
    const double least = exp((log(blocked) + gsl_sf_lngamma(c + 1)) / c) * (1 - 1e-9);
    const struct bracket within = {point_at(&f, least), point_at(&f, most)};
    if (within.low.y > 0) return least;
    if (!(within.high.y > 0)) return most;
    return find_crossing(&f, bracket_near(&f, within, near));
}

double erlang_b_load(double c, double blocked)
{
    return erlang_b_load_near(c, blocked, (struct expected){0, 0});
}

double erlang_b_places(double a, double blocked)
{
    if (a == 0 || blocked >= 1) return 0;
    if (!(blocked > 0)) return INFINITY;
    double low = 0, high = ceil(a) + 1; /* low is too few */
    while (erlang_b(high, a) > blocked) {
        low = high;
        high = ceil(high + 4 * sqrt(high));
    }
    while (high - low > 1) {
        const double middle = floor((low + high) / 2);
        *(erlang_b(middle, a) > blocked ? &low : &high) = middle;
    }
    return high;
}

/* --- lateness --- */

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
