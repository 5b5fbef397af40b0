/* Statistical oracles: a simulated figure against its closed form. Every check also shows that it would find a bias of half a
 * percent: 4.5 standard errors for the alarm and 3.09 more to raise it in 999 of 1,000 such cases. Where that would take
 * minutes, `make test` finds it in every second case (4.5 standard errors), and `make nightly`, with GPUMIX_ORACLES times the worlds, in
 * 999 of 1,000. docs/simulation.md lists them all. */
#ifndef TESTS_SIM_ORACLE_H
#define TESTS_SIM_ORACLE_H

#include "sim/stats.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALARM_Z    4.5
#define BIAS_FOUND 0.005
#define POWER_Z    (ALARM_Z + 3.09)

/* GPUMIX_ORACLES: how many times the worlds of `make test`; 1 without it. */
static inline size_t oracle_times(void)
{
    const char *asked = getenv("GPUMIX_ORACLES");
    const long times = asked ? atol(asked) : 1;
    return times > 1 ? (size_t)times : 1;
}

/* Batch means with control variates whose true means are 0: what arrivals and services alone explain is taken off by
 * regression (Lavenberg and Welch 1981). Unused controls stay 0. Zeroed is empty. */
enum { CONTROLS = 3 };
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

/* Sweeps row and column `at` of a covariance matrix out of the others (Goodnight 1979); a control that is a sum of those
 * before it, or 0, explains nothing more. */
static inline void sweep(double m[CONTROLS + 1][CONTROLS + 1], int at, double least)
{
    const double pivot = m[at][at];
    const bool explains = pivot > least;
    for (int i = 0; explains && i <= CONTROLS; i++)
        for (int k = 0; i != at && k <= CONTROLS; k++)
            if (k != at) m[i][k] -= m[i][at] * m[at][k] / pivot;
    for (int k = 0; k <= CONTROLS; k++) {
        if (k == at) continue;
        m[at][k] = explains ? m[at][k] / pivot : 0;
        m[k][at] = explains ? -m[k][at] / pivot : 0;
    }
    m[at][at] = explains ? 1 / pivot : 0;
}

static inline struct estimate batches_estimate(const struct batches *b)
{
    const double n = (double)b->n;
    double m[CONTROLS + 1][CONTROLS + 1], mean = b->y / n;
    m[CONTROLS][CONTROLS] = fmax(0, b->yy / n - mean * mean);
    for (int i = 0; i < CONTROLS; i++) {
        m[i][CONTROLS] = m[CONTROLS][i] = b->xy[i] / n - b->x[i] / n * mean;
        for (int k = 0; k < CONTROLS; k++) m[i][k] = b->xx[i][k] / n - b->x[i] / n * (b->x[k] / n);
    }
    for (int i = 0; i < CONTROLS; i++) sweep(m, i, 1e-9 * b->xx[i][i] / n);
    for (int i = 0; i < CONTROLS; i++) mean -= m[i][CONTROLS] * b->x[i] / n;
    const double rest = fmax(0, m[CONTROLS][CONTROLS]);
    return (struct estimate){mean, sqrt(rest / (n - 1 - CONTROLS))};
}

static inline void oracle_check_with(struct estimate e, double expected, double power_z,
                                     const char *what)
{
    const double z = (e.mean - expected) / e.se;
    if (getenv("ORACLE_VERBOSE"))
        printf("%-52s %.6g, expected %.6g, z %+.2f, would find %.3f%%\n", what, e.mean, expected, z,
               100 * power_z * e.se / fabs(expected));
    gsl_test(!(fabs(z) < ALARM_Z), "%s: %.7g, expected %.7g, z = %.2f", what, e.mean, expected, z);
    gsl_test(!(e.se * power_z <= BIAS_FOUND * fabs(expected)),
             "%s: too few to find a bias of 0.5%%, only one of %.2f%%", what,
             100 * e.se * power_z / fabs(expected));
}

/* Finds a bias of half a percent in 999 of 1,000 cases. */
static inline void oracle_check(struct estimate e, double expected, const char *what)
{
    oracle_check_with(e, expected, POWER_Z, what);
}

/* In every second case; in 999 of 1,000 with GPUMIX_ORACLES of 3 and more. */
static inline void oracle_check_half(struct estimate e, double expected, const char *what)
{
    oracle_check_with(e, expected, oracle_times() >= 3 ? POWER_Z : ALARM_Z, what);
}

#endif
