/* With D(k, x) = x^k exp(-x) / Gamma(k + 1) and M(w) = 1F1(1; k + 1; w):
 *
 *     P(k, x) = D(k, x) M(x)                                        series, x <= k + 1
 *     Q(k, x) = D(k, x) k / (x + 1 - k - 1 (1 - k) / (x + 3 - k - 2 (2 - k) / (x + 5 - k - ...)))       x > k + 1
 *     M(-y)   = k / c_0,   c_n = k + y c_{n+1} / (n + 1 + c_{n+1})                                      y >= 0
 *
 * The last is the continued fraction of M (DLMF 13.5) written so that every term is positive. */
#include "solver/queueing_tail.h"

#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>
#include <math.h>

/* Terms below this part of the sum end a series. The later ones shrink by 8 / sqrt(k) each at the slowest. */
#define NEGLIGIBLE 1e-18
#define ROUNDING   4e-16
/* The product of n / y for n < y, or of y / n beyond, is below 1e-16 after that many levels. */
enum { LEVELS = 64 };

double log_1p_less(double x)
{
    return fabs(x) < 0.5 ? gsl_sf_log_1plusx_mx(x) : log1p(x) - x;
}

double gamma_point(double k, double x)
{
    if (!(x > 0)) return 0;
    const double off = (x - k) / k;
    const double exponent =
        fabs(off) < 0.5 ? k * log_1p_less(off) : k * (log(x) - log(k)) - (x - k);
    return exp(exponent) / (sqrt(2 * M_PI * k) * gsl_sf_gammastar(k));
}

static double sum_falling(double k, double y)
{
    double c = k + y * k / (LEVELS + k);
    for (int n = LEVELS; n > 0; n--) c = k + y * c / (n + c);
    return k / c;
}

static double sum_rising(double k, double w)
{
    double sum = 1, term = 1;
    double divisor = k;
    while (term > NEGLIGIBLE * sum) {
        divisor++;
        term *= w / divisor;
        sum += term;
    }
    return sum;
}

double kummer_sum(double k, double w)
{
    return w < 0 ? sum_falling(k, -w) : sum_rising(k, w);
}

/* Modified Lentz; the denominators stay above 0 for x > k + 1. */
static double upper_fraction(double k, double x)
{
    const long most = (long)(50 * sqrt(k + 1)) + 1000;
    double b = x + 1 - k, c = INFINITY, d = 1 / b, fraction = d;
    for (long i = 1; i < most; i++) {
        const double n = (double)i, numerator = -n * (n - k);
        b += 2;
        d = 1 / (b + numerator * d);
        c = b + numerator / c;
        fraction *= c * d;
        if (fabs(c * d - 1) < ROUNDING) break;
    }
    return fraction;
}

double gamma_upper(double k, double x)
{
    if (!(x > 0)) return 1;
    if (x <= k + 1) return fmax(0, 1 - gamma_point(k, x) * kummer_sum(k, x));
    return fmin(1, gamma_point(k, x) * k * upper_fraction(k, x));
}
