/* Statistical oracles: a simulated mean against its closed form. Every check also shows that it would find a bias of half a
 * percent: 4.5 standard errors for the alarm and 3.09 more to raise it in 999 of 1,000 such cases. */
#ifndef TESTS_SIM_ORACLE_H
#define TESTS_SIM_ORACLE_H

#include "sim/stats.h"

#include <gsl/gsl_test.h>
#include <math.h>

#define ALARM_Z    4.5
#define BIAS_FOUND 0.005
#define POWER_Z    (ALARM_Z + 3.09)

/* Batch means with two control variates whose true means are 0: what arrivals and services alone explain is taken off by
 * regression (Lavenberg and Welch 1981). Zeroed is empty. */
enum { CONTROLS = 2 };
struct batches {
    size_t n;
    double y, yy, x[CONTROLS], xy[CONTROLS], xx[CONTROLS][CONTROLS];
};

static inline void batches_add(struct batches *b, double y, const double x[CONTROLS])
{
    b->n++;
    b->y += y;
    b->yy += y * y;
    for (int i = 0; i < CONTROLS; i++) {
        b->x[i] += x[i];
        b->xy[i] += x[i] * y;
        for (int k = 0; k < CONTROLS; k++) b->xx[i][k] += x[i] * x[k];
    }
}

struct estimate {
    double mean, se;
};

static inline struct estimate plain_estimate(double sum, double squares, double n)
{
    const double mean = sum / n;
    return (struct estimate){mean, sqrt(fmax(0, squares / n - mean * mean) / (n - 1))};
}

static inline struct estimate batches_estimate(const struct batches *b)
{
    const double n = (double)b->n, my = b->y / n, m0 = b->x[0] / n, m1 = b->x[1] / n;
    const double s00 = b->xx[0][0] / n - m0 * m0, s11 = b->xx[1][1] / n - m1 * m1;
    const double s01 = b->xx[0][1] / n - m0 * m1;
    const double c0 = b->xy[0] / n - m0 * my, c1 = b->xy[1] / n - m1 * my;
    const double det = s00 * s11 - s01 * s01;
    const double variance = fmax(0, b->yy / n - my * my);
    if (det <= 1e-12 * s00 * s11) return (struct estimate){my, sqrt(variance / (n - 1))};
    const double k0 = (c0 * s11 - c1 * s01) / det, k1 = (c1 * s00 - c0 * s01) / det;
    const double rest = fmax(0, variance - k0 * c0 - k1 * c1);
    return (struct estimate){my - k0 * m0 - k1 * m1, sqrt(rest / (n - 1 - CONTROLS))};
}

static inline void oracle_check(struct estimate e, double expected, const char *what)
{
    const double z = (e.mean - expected) / e.se;
    if (getenv("ORACLE_VERBOSE"))
        printf("%-52s %.6g, expected %.6g, z %+.2f, would find %.3f%%\n", what, e.mean, expected, z,
               100 * POWER_Z * e.se / fabs(expected));
    gsl_test(!(fabs(z) < ALARM_Z), "%s: %.7g, expected %.7g, z = %.2f", what, e.mean, expected, z);
    gsl_test(!(e.se * POWER_Z <= BIAS_FOUND * fabs(expected)),
             "%s: too few to find a bias of 0.5%%, only one of %.2f%%", what,
             100 * e.se * POWER_Z / fabs(expected));
}

#endif
