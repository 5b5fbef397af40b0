/* B and C of Erlang from the odds O = (1 - B) / B at c places and load a (docs/model.md 3.2):
 *
 *     O = (c/a) (1 + O of c - 1 places),   O = 0 without places                       recursion, few places
 *     O = c/a + c (c-1)/a^2 + ...                                                     a >= c
 *     O = c! e^a / a^c - a/(c+1) 1F1(1; c + 2; a) - 1                                 a < c
 *     C = c B / (c - a (1 - B))
 */
#include "solver/queueing.h"

#include "solver/queueing_tail.h"

#include <assert.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#define NEGLIGIBLE 1e-18
/* Stands for the logarithm of a probability that is 0 in a double. */
#define LOG_OF_NOTHING (-1e4)
enum { RECURSION_PLACES = 64 };

static double odds_of_many(double c, double a)
{
    if (a < c) return 1 / gamma_point(c, a) - a / (c + 1) * kummer_sum(c + 1, a) - 1;
    double sum = 0, term = 1;
    const double per_load = 1 / a;
    double left = c;
    while (left > 0 && term > NEGLIGIBLE * sum) {
        term *= left * per_load;
        sum += term;
        left--;
    }
    return sum;
}

/* (1 - B) / B: INFINITY where B is 0 in a double. */
static double free_odds(double c, double a)
{
    assert(c >= 0 && c == floor(c) && a >= 0);
    if (a == 0) return c > 0 ? INFINITY : 0;
    if (c > RECURSION_PLACES) return odds_of_many(c, a);
    const int places = (int)c;
    double odds = 0;
    for (int n = 1; n <= places; n++) odds = n / a * (1 + odds);
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

/* --- largest load, least places --- */

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
