/* The checkpoint interval that wastes least. Without protected time, with y = Lambda tau, the optimum solves
 *     y = 1 + W0(-exp(-z - 1)),   z = Lambda ck    that is    -log(1 - y) - y = z
 * (W0: Lambert). With protected time G(tau) has kinks and several maxima: a grid, then Brent. */
#include "solver/interruption.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_sf_lambert.h>
#include <gsl/gsl_sf_log.h>
#include <math.h>

/* Below this y the Lambert function loses digits next to its branch point; the series start is good enough. */
#define SERIES_BELOW 0.1
/* Above this z the Lambert function is exact, and Newton would divide by almost 0. */
#define NEWTON_BELOW 2.0
/* Relative; G is flat at its maximum, so its own error is far less. */
#define INTERVAL_PRECISION 1e-11
#define NEWTON_PRECISION   1e-15
/* The protected time can make checkpoints worth while somewhat more often than without it, never 8 times as often. */
#define LEAST_SHARE 0.125
enum { NEWTON_STEPS = 20, GRID = 256, BRENT_STEPS = 100 };

/* y with -log(1 - y) - y = z. Newton converges from any start above the root; rounding ends it. */
static double solve_interval(double z)
{
    const double series = sqrt(2 * z);
    if (series == 0) return 0;
    double y = series < SERIES_BELOW ? series : 1 + gsl_sf_lambert_W0(-exp(-z - 1));
    if (z > NEWTON_BELOW) return y;
    for (int step = 0; step < NEWTON_STEPS; step++) {
        const double miss = -gsl_sf_log_1plusx_mx(-y) - z;
        const double next = y - miss * (1 - y) / y;
        if (fabs(next - y) <= fabs(y) * NEWTON_PRECISION) break;
        y = next;
    }
    return y;
}

static double useful_at(const struct interruption *in, double tau)
{
    struct interruption fixed = *in;
    fixed.tau_h = tau;
    struct useful useful;
    (void)interruption_useful(&useful, &fixed);
    return useful.u;
}

static double wasted(double log_tau, void *context)
{
    return -useful_at(context, exp(log_tau));
}

/* The best of a grid in equal ratios, fine enough to tell the maxima apart. */
static double search_grid(const struct interruption *in, double least, double most)
{
    const double ratio = pow(most / least, 1.0 / GRID);
    double best = least, best_useful = useful_at(in, least), tau = least;
    for (int i = 0; i < GRID; i++) {
        tau *= ratio;
        const double useful = useful_at(in, tau);
        if (useful <= best_useful) continue;
        best = tau;
        best_useful = useful;
    }
    return best;
}

/* Brent between the neighbours of the best point; a kink that is best stays. */
static double polish(struct interruption *in, double tau, double ratio)
{
    gsl_function f = {.function = wasted, .params = in};
    const double middle = log(tau), low = middle - log(ratio), high = middle + log(ratio);
    const double at_middle = wasted(middle, in), at_low = wasted(low, in),
                 at_high = wasted(high, in);
    if (!(at_middle < at_low && at_middle < at_high)) return tau;
    gsl_min_fminimizer *brent = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (!brent) return tau;
    int status = gsl_min_fminimizer_set_with_values(brent, &f, middle, at_middle, low, at_low, high,
                                                    at_high);
    for (int step = 0; status == GSL_SUCCESS && step < BRENT_STEPS; step++) {
        status = gsl_min_fminimizer_iterate(brent);
        const double from = gsl_min_fminimizer_x_lower(brent),
                     to = gsl_min_fminimizer_x_upper(brent);
        if (to - from <= INTERVAL_PRECISION) break;
    }
    const double found = exp(gsl_min_fminimizer_x_minimum(brent));
    gsl_min_fminimizer_free(brent);
    return useful_at(in, found) > useful_at(in, tau) ? found : tau;
}

double best_checkpoint_interval(const struct interruption *in)
{
    const double rate = (double)in->n * in->lambda;
    if (!(rate > 0)) return INFINITY;
    if (in->ck_h == 0) return 0;
    const double unprotected = solve_interval(rate * in->ck_h) / rate;
    if (in->protected_h == 0) return unprotected;
    struct interruption searched = *in;
    searched.kind = PROGRESS_CHECKPOINTS;
    const double least = unprotected * LEAST_SHARE, most = in->protected_h + 2 / rate;
    const double best = search_grid(&searched, least, most);
    return polish(&searched, best, pow(most / least, 1.0 / GRID));
}
