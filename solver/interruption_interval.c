/* The checkpoint interval that wastes least. Without protected time, with y = Lambda tau, the optimum solves
 *     y = 1 + W0(-exp(-z - 1)),   z = Lambda ck    that is    -log(1 - y) - y = z
 * (W0: Lambert). With protected time G(tau) falls at every tau from which one checkpoint less is written within it: the
 * pieces between are searched one by one, with Brent. */
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
enum {
    NEWTON_STEPS = 20,
    MOST_PIECES = 4096,
    TRIED = 6,
    POINTS = 8,
    ROUNDS = 10,
    BRENT_STEPS = 100
};

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

/* Largest interval with which k checkpoints are written within the protected time: G jumps up there. */
static double kink(const struct interruption *in, double k)
{
    return (in->protected_h - in->rs_h) / k - in->ck_h;
}

/* Brent between log intervals middle - step and middle + step, of which the middle is best. */
static double polish(struct interruption *in, double middle, double step)
{
    gsl_function f = {.function = wasted, .params = in};
    const double at_middle = wasted(middle, in), at_low = wasted(middle - step, in),
                 at_high = wasted(middle + step, in);
    if (!(at_middle < at_low && at_middle < at_high)) return exp(middle); /* flat */
    gsl_min_fminimizer *brent = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    if (!brent) return exp(middle);
    int status = gsl_min_fminimizer_set_with_values(brent, &f, middle, at_middle, middle - step,
                                                    at_low, middle + step, at_high);
    for (int i = 0; status == GSL_SUCCESS && i < BRENT_STEPS; i++) {
        status = gsl_min_fminimizer_iterate(brent);
        if (gsl_min_fminimizer_x_upper(brent) - gsl_min_fminimizer_x_lower(brent) <=
            INTERVAL_PRECISION)
            break;
    }
    const double found = gsl_min_fminimizer_x_minimum(brent);
    gsl_min_fminimizer_free(brent);
    return exp(wasted(found, in) < at_middle ? found : middle);
}

/* Inside [low, high] G is smooth with one maximum: a few points, closer and closer to an end that is best. */
static double best_within(struct interruption *in, double low, double high)
{
    double from = log(low), to = log(high);
    for (int round = 0; round < ROUNDS; round++) {
        const double step = (to - from) / POINTS;
        int best = 0;
        for (int i = 1; i <= POINTS; i++)
            if (wasted(from + i * step, in) < wasted(from + best * step, in)) best = i;
        if (best > 0 && best < POINTS) return polish(in, from + best * step, step);
        *(best ? &from : &to) = best ? to - step : from + step;
    }
    return useful_at(in, low) > useful_at(in, high) ? low : high;
}

/* G is smooth between two kinks. The pieces whose ends or middles are best are searched; `least` is below every optimum. */
static double search_pieces(struct interruption *in, double least, double most)
{
    const double room = in->protected_h - in->rs_h;
    const double n = room > 0 ? fmin(MOST_PIECES, floor(room / (least + in->ck_h))) : 0;
    double best = most, best_useful = useful_at(in, most), low[TRIED] = {0}, high[TRIED] = {0},
           worth[TRIED] = {0};
    for (double k = 0; k <= n; k++) {
        const double upper = k > 0 ? fmin(most, kink(in, k)) : most;
        const double lower = fmax(least, k < n ? nextafter(kink(in, k + 1), INFINITY) : least);
        if (!(lower < upper)) continue;
        const double end = useful_at(in, upper);
        /* the last piece is wide, so that its middle says little */
        const double inside = k > 0 ? fmax(end, useful_at(in, sqrt(lower * upper))) : 1;
        if (end > best_useful) {
            best = upper;
            best_useful = end;
        }
        int slot = TRIED;
        while (slot > 0 && inside > worth[slot - 1]) slot--;
        for (int i = TRIED - 1; i > slot; i--) {
            low[i] = low[i - 1];
            high[i] = high[i - 1];
            worth[i] = worth[i - 1];
        }
        if (slot == TRIED) continue;
        low[slot] = lower;
        high[slot] = upper;
        worth[slot] = inside;
    }
    for (int i = 0; i < TRIED && worth[i] > 0; i++) {
        const double found = best_within(in, low[i], high[i]);
        const double useful = useful_at(in, found);
        if (useful > best_useful) {
            best = found;
            best_useful = useful;
        }
    }
    return best;
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
    return search_pieces(&searched, least, most);
}
