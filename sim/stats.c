#include "sim/stats.h"

#include "common/text.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Half width of 0.5% is what a budget of a year is told to; fewer than 1,000 worlds say nothing of p99. */
const struct stop_rule STOP_RULE = {.at_least = 1000, .at_most = 100000, .half_width_frac = 0.005};

/* --- means --- */

struct moments moments_of_block(const double *x, size_t n)
{
    assert(n <= STATS_BLOCK);
    if (n == 0) return (struct moments){0};
    /* Shifted by the first value: equal values give exactly it, and large ones lose no digits. */
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] - x[0];
    const double mean = x[0] + sum / (double)n;
    assert(isfinite(mean));
    double squares = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
        rest += x[i] - mean;
    }
    return (struct moments){n, mean, fmax(0, squares - rest * rest / (double)n)};
}

void moments_append(struct moments *all, const struct moments *next)
{
    if (next->n == 0) return;
    if (all->n == 0) {
        *all = *next;
        return;
    }
    const double na = (double)all->n, nb = (double)next->n, n = na + nb;
    const double difference = next->mean - all->mean;
    all->mean += difference * nb / n;
    all->squares += next->squares + difference * difference * na * nb / n;
    all->n += next->n;
}

struct moments moments_of(const double *x, size_t n)
{
    struct moments all = {0};
    for (size_t from = 0; from < n; from += STATS_BLOCK) {
        const size_t left = n - from;
        const struct moments next =
            moments_of_block(x + from, left < STATS_BLOCK ? left : STATS_BLOCK);
        moments_append(&all, &next);
    }
    return all;
}

double moments_variance(const struct moments *m)
{
    return m->n < 2 ? 0 : m->squares / (double)(m->n - 1);
}

double moments_sd(const struct moments *m)
{
    return sqrt(moments_variance(m));
}

struct interval mean_interval(const struct moments *m, double confidence)
{
    assert(confidence > 0 && confidence < 1);
    if (m->n < 2) return (struct interval){-INFINITY, INFINITY};
    const double t = gsl_cdf_tdist_Pinv(0.5 + confidence / 2, (double)(m->n - 1));
    const double half = t * moments_sd(m) / sqrt((double)m->n);
    return (struct interval){m->mean - half, m->mean + half};
}

struct moments paired_differences(const double *a, const double *b, size_t n)
{
    struct moments all = {0};
    double block[STATS_BLOCK] = {0};
    for (size_t from = 0; from < n; from += STATS_BLOCK) {
        size_t k = 0;
        for (; k < STATS_BLOCK && from + k < n; k++) block[k] = b[from + k] - a[from + k];
        const struct moments next = moments_of_block(block, k);
        moments_append(&all, &next);
    }
    return all;
}

/* --- quantiles --- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double *sorted_copy(const double *x, size_t n, struct arena *a)
{
    double *copy = ARENA_NEW(a, double, n);
    if (n > 0) memcpy(copy, x, n * sizeof *copy);
    qsort(copy, n, sizeof *copy, by_value);
    assert(n == 0 || (isfinite(copy[0]) && isfinite(copy[n - 1])));
    return copy;
}

/* ceil(n p), where n p that is whole up to rounding (0.95 x 1000) counts as whole; 1 to n. */
static size_t rank_of(size_t n, double p)
{
    const double exact = (double)n * p;
    const double rank = ceil(exact - 1e-9 * fmax(1, exact));
    return rank < 1 ? 1 : rank > (double)n ? n : (size_t)rank;
}

double quantile(const double *sorted, size_t n, double p)
{
    assert(n >= 1 && p > 0 && p <= 1);
    return sorted[rank_of(n, p) - 1];
}

/* P(l <= B < u) for ranks; l = 0 and u = n + 1 stand for no bound on that side. */
static double rank_confidence(size_t n, double p, size_t l, size_t u)
{
    const double above = u > n ? 1 : gsl_cdf_binomial_P((unsigned)(u - 1), p, (unsigned)n);
    return above - (l == 0 ? 0 : gsl_cdf_binomial_P((unsigned)(l - 1), p, (unsigned)n));
}

/* Largest rank l with P(B < l) <= tail; 0 where there is none. */
static size_t rank_below(size_t n, double p, double tail)
{
    size_t low = 0, high = n + 1; /* low holds, high does not */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (gsl_cdf_binomial_P((unsigned)(middle - 1), p, (unsigned)n) <= tail)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Least rank u with P(B >= u) <= tail; n + 1 where there is none. */
static size_t rank_above(size_t n, double p, double tail)
{
    size_t low = 0, high = n + 1; /* high holds, low does not */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (gsl_cdf_binomial_Q((unsigned)(middle - 1), p, (unsigned)n) <= tail)
            high = middle;
        else
            low = middle;
    }
    return high;
}

struct interval quantile_interval(const double *sorted, size_t n, double p, double confidence)
{
    assert(n >= 1 && p > 0 && p < 1 && confidence > 0 && confidence < 1);
    const double tail = (1 - confidence) / 2;
    const size_t rank = rank_of(n, p);
    size_t l = rank_below(n, p, tail), u = rank_above(n, p, tail);
    if (l > rank) l = rank;
    if (u < rank) u = rank;
    /* Both tails were rounded down: one end may come in by a rank where the whole still holds. */
    const bool lower = l > 0 && l < rank && rank_confidence(n, p, l + 1, u) >= confidence;
    const bool upper = u <= n && u > rank && rank_confidence(n, p, l, u - 1) >= confidence;
    if (lower && (!upper || rank_confidence(n, p, l + 1, u) <= rank_confidence(n, p, l, u - 1)))
        l++;
    else if (upper)
        u--;
    return (struct interval){l == 0 ? -HUGE_VAL : sorted[l - 1], u > n ? HUGE_VAL : sorted[u - 1]};
}

double cvar(const double *sorted, size_t n, double p)
{
    assert(n >= 1 && p > 0 && p < 1);
    const size_t rank = rank_of(n, p);
    const double at = sorted[rank - 1];
    double beyond = 0; /* from the smallest excess to the largest: a fixed order */
    for (size_t i = rank; i < n; i++) beyond += sorted[i] - at;
    return at + beyond / ((double)n * (1 - p));
}

/* --- probabilities --- */

struct proportion proportion_of(size_t hits, size_t n, double confidence)
{
    assert(n >= 1 && hits <= n && confidence > 0 && confidence < 1);
    const double z = gsl_cdf_ugaussian_Pinv(0.5 + confidence / 2);
    const double trials = (double)n, share = (double)hits / trials, z2 = z * z / trials;
    const double middle = (share + z2 / 2) / (1 + z2);
    const double half = z / (1 + z2) * sqrt(share * (1 - share) / trials + z2 / (4 * trials));
    return (struct proportion){
        .hits = hits,
        .n = n,
        .estimate = share,
        .interval = {hits == 0 ? 0 : fmax(0, middle - half),
                     hits == n ? 1 : fmin(1, middle + half)},
    };
}

/* Decimals of a percentage so that a step of the last is at most a tenth of the interval, and no end of it reads as never or
 * always. */
static int percent_decimals(const struct proportion *p)
{
    const int most = 9;
    const double low = p->interval.low, high = p->interval.high;
    double finest = (high - low) / 10;
    if (p->hits > 0) finest = fmin(finest, low);
    if (p->hits < p->n) finest = fmin(finest, 1 - high);
    int decimals = 0;
    for (double step = 0.01; decimals < most && step > finest; step /= 10) decimals++;
    return decimals;
}

/* Ends are rounded outwards: what is printed still holds. */
static double percent_down(double frac, int decimals)
{
    const double unit = pow(10, decimals);
    return floor(frac * 100 * unit) / unit;
}

static double percent_up(double frac, int decimals)
{
    const double unit = pow(10, decimals);
    return ceil(frac * 100 * unit) / unit;
}

const char *proportion_text(const struct proportion *p, struct arena *a)
{
    const double low = p->interval.low, high = p->interval.high;
    const int decimals = percent_decimals(p);
    if (p->hits == 0)
        return arena_printf(a, _("below %.*f%%"), decimals, percent_up(high, decimals));
    if (p->hits == p->n)
        return arena_printf(a, _("above %.*f%%"), decimals, percent_down(low, decimals));
    return arena_printf(a, _("%.*f%% (%.*f%% to %.*f%%)"), decimals, 100 * p->estimate, decimals,
                        percent_down(low, decimals), decimals, percent_up(high, decimals));
}

/* --- when to stop --- */

size_t stop_next(const struct stop_rule *rule, size_t done)
{
    assert(rule->at_least >= 1 && rule->at_least <= rule->at_most);
    size_t next = rule->at_least;
    while (next <= done && next < rule->at_most)
        next = next > rule->at_most / 2 ? rule->at_most : next * 2;
    return next;
}

enum stop_reason stop_reached(const struct stop_rule *rule, size_t done, double estimate,
                              double half_width)
{
    if (done < rule->at_least) return STOP_NOT_YET;
    const bool narrow = half_width > 0 && half_width <= rule->half_width_frac * fabs(estimate);
    if (narrow) return STOP_WIDTH;
    return done >= rule->at_most ? STOP_COUNT : STOP_NOT_YET;
}
