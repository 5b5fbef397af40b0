/* Inverse distribution functions: one uniform number in, one value out, rising. */
#include "sim/random.h"

#include <assert.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

static inline bool inside(double u)
{
    return u > 0 && u < 1;
}

/* log(1 - u), by the faster function where 1 - u is exact: uniforms of streams are. */
static double log_rest(double u)
{
    const double rest = 1 - u;
    return 1 - rest == u ? log(rest) : log1p(-u);
}

double exponential_at(double u, double mean)
{
    assert(inside(u) && isfinite(mean) && mean >= 0);
    return -mean * log_rest(u);
}

double normal_at(double u, double mean, double sd)
{
    assert(inside(u) && isfinite(mean) && isfinite(sd) && sd >= 0);
    return mean + sd * gsl_cdf_ugaussian_Pinv(u);
}

double lognormal_at(double u, double log_mean, double log_sd)
{
    return exp(normal_at(u, log_mean, log_sd));
}

double lognormal_mean_at(double u, double mean, double cv)
{
    assert(isfinite(mean) && mean > 0 && isfinite(cv) && cv >= 0);
    /* E = exp(m + s^2 / 2), cv^2 = exp(s^2) - 1. */
    const double log_var = log1p(cv * cv);
    return mean * exp(normal_at(u, -log_var / 2, sqrt(log_var)));
}

double weibull_at(double u, double scale, double shape)
{
    assert(inside(u) && isfinite(scale) && scale > 0 && isfinite(shape) && shape > 0);
    return scale * pow(-log_rest(u), 1 / shape);
}

/* --- gamma --- */

/* P(X <= x) rises from 0 to 1: halving the bracket until it no longer shrinks. */
static double gamma_by_halves(double u, double shape)
{
    double low = 0, high = shape + 1;
    while (gsl_cdf_gamma_P(high, shape, 1) < u) high *= 2;
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return high;
        if (gsl_cdf_gamma_P(middle, shape, 1) < u)
            low = middle;
        else
            high = middle;
    }
}

/* Cornish-Fisher to order 1 / shape: Abramowitz and Stegun 26.2.49, with the cumulants of the gamma distribution. GSL's
 * distribution function is off by up to 0.06 for shapes of a million and more. */
static double gamma_near_normal(double u, double shape)
{
    const double z = gsl_cdf_ugaussian_Pinv(u), z2 = z * z;
    return shape + sqrt(shape) * z + (z2 - 1) / 3 + z * (z2 - 7) / (36 * sqrt(shape)) -
           (3 * z2 * z2 + 7 * z2 - 16) / (810 * shape);
}

double gamma_at(double u, double mean, double cv2)
{
    assert(inside(u) && isfinite(mean) && mean >= 0 && cv2 >= 0 && cv2 <= 100);
    if (cv2 == 0) return mean;
    if (cv2 == 1) return exponential_at(u, mean);
    const double shape = 1 / cv2;
    const double many = 1e4; /* the first term left out is below 1e-9 of the value */
    if (shape > many) return mean * (gamma_near_normal(u, shape) * cv2);
    const double tolerance = 1e-9; /* far below any noise; GSL is at 1e-14 where it converges */
    double x = gsl_cdf_gamma_Pinv(u, shape, 1);
    const bool good =
        isfinite(x) && fabs(gsl_cdf_gamma_P(x, shape, 1) - u) <= tolerance * fmin(u, 1 - u);
    if (!good) x = gamma_by_halves(u, shape);
    return mean * x * cv2;
}

/* --- Poisson --- */

/* By the sum of terms: exact where few terms count. A term this small no longer moves a sum near 1. */
static double poisson_by_terms(double u, double mean)
{
    const double least_term = 1e-17;
    double term = exp(-mean), sum = term, k = 0;
    while (sum < u && term > least_term) {
        k++;
        term *= mean / k;
        sum += term;
    }
    return k;
}

/* P(X <= k) >= u, asked of the smaller tail: P(X <= k) = Q(k + 1, mean), regularised incomplete gamma. */
static bool poisson_reaches(double k, double u, double mean)
{
    if (k < 0) return false;
    return u <= 0.5 ? gsl_sf_gamma_inc_Q(k + 1, mean) >= u
                    : gsl_sf_gamma_inc_P(k + 1, mean) <= 1 - u;
}

/* M. Giles, Algorithm 955: approximation of the inverse Poisson cumulative distribution function, ACM TOMS 42 (2016): the
 * quantile is the floor of Q_N3, unless that lies within the error of Q_N2 (equation 5) of a whole number. */
struct near_quantile {
    double value, error;
};
static struct near_quantile poisson_near(double u, double mean)
{
    const double w = gsl_cdf_ugaussian_Pinv(u), w2 = w * w;
    return (struct near_quantile){.value = mean + sqrt(mean) * w + (1.0 / 3 + w2 / 6) -
                                           (w / 36 + w * w2 / 72) / sqrt(mean) +
                                           (-8.0 / 405 + 7 * w2 / 810 + w2 * w2 / 270) / mean,
                                  .error = (1.0 / 40 + w2 / 80 + w2 * w2 / 160) / mean};
}

double poisson_at(double u, double mean)
{
    const double few = 30,
                 many = 1e4; /* above it one off is less than what GSL's function may be off */
    assert(inside(u) && mean >= 0 && mean <= 1e12);
    if (mean <= few) return poisson_by_terms(u, mean);
    const struct near_quantile q = poisson_near(u, mean);
    double k = fmax(0, floor(q.value));
    if (mean > many || floor(q.value - q.error) == floor(q.value + q.error)) return k;
    while (poisson_reaches(k - 1, u, mean)) k--;
    while (!poisson_reaches(k, u, mean)) k++;
    return k;
}

/* --- by three points --- */

double triangular_at(double u, double low, double mode, double high)
{
    assert(inside(u) && isfinite(low) && low <= mode && mode <= high && isfinite(high));
    if (low == high) return low;
    const double width = high - low, below = mode - low, above = high - mode;
    if (u * width <= below) return fmin(mode, low + sqrt(u * width * below));
    return fmax(mode, high - sqrt((1 - u) * width * above));
}

static double beta_by_halves(double u, double a, double b)
{
    double low = 0, high = 1;
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (middle <= low || middle >= high) return high;
        if (gsl_cdf_beta_P(middle, a, b) < u)
            low = middle;
        else
            high = middle;
    }
}

double pert_at(double u, double low, double mode, double high)
{
    assert(inside(u) && isfinite(low) && low <= mode && mode <= high && isfinite(high));
    if (low == high) return low;
    const double weight = 4 / (high - low);
    const double a = 1 + weight * (mode - low), b = 1 + weight * (high - mode);
    return low + (high - low) * beta_by_halves(u, a, b);
}
