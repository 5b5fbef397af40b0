/* Random linear programs for tests: awkward numbers, every kind of row and bound, a fixed seed. */
#ifndef TESTS_SOLVER_RANDOM_LP_H
#define TESTS_SOLVER_RANDOM_LP_H

#include "solver/lp.h"

#include <gsl/gsl_rng.h>
#include <math.h>

struct random_lp {
    size_t n_rows, n_cols;
    double spread;      /* magnitudes are 10^(-spread .. spread) */
    bool is_infeasible; /* one pair of rows contradicts itself, hidden behind a factor */
    bool is_lazy;       /* half of the columns that start at 0 are lazy */
    bool has_integers;
};

static inline double random_size(gsl_rng *rng, double spread)
{
    return pow(10, spread * (2 * gsl_rng_uniform_pos(rng) - 1));
}

static inline double random_signed(gsl_rng *rng, double spread)
{
    const double size = random_size(rng, spread);
    return gsl_rng_uniform(rng) < 0.35 ? -size : size;
}

/* Rows are put around a point inside the bounds, so that the program has a solution unless it is spoiled on purpose. */
static inline struct lp *random_lp(const struct random_lp *shape, gsl_rng *rng, struct arena *a)
{
    const size_t m = shape->n_rows, n = shape->n_cols;
    double *const entry = ARENA_NEW(a, double, m *n + 1);
    double *const lo = ARENA_NEW(a, double, n + 1), *const hi = ARENA_NEW(a, double, n + 1);
    double *const activity = ARENA_NEW(a, double, m + 1);
    for (size_t j = 0; j < n; j++) {
        const double kind = gsl_rng_uniform(rng), size = random_size(rng, shape->spread);
        lo[j] = kind < 0.7   ? 0
                : kind < 0.8 ? -2.385 * size
                : kind < 0.9 ? 0.317 * size
                             : -0.771 * size;
        hi[j] = lo[j] + (kind > 0.95 ? 0 : 3.1 * size);
        const double inside = lo[j] + (hi[j] - lo[j]) * gsl_rng_uniform(rng);
        for (size_t i = 0; i < m; i++) {
            if (gsl_rng_uniform(rng) > 0.45) continue;
            entry[i * n + j] = random_signed(rng, shape->spread);
            activity[i] += entry[i * n + j] * inside;
        }
    }
    if (shape->is_infeasible && m >= 2) /* row 1 = -1.7 row 0 */
        for (size_t j = 0; j < n; j++) entry[n + j] = -1.7 * entry[j];
    struct lp_builder b = {.arena = a};
    for (size_t i = 0; i < m; i++) {
        const double kind = gsl_rng_uniform(rng),
                     slack = random_size(rng, shape->spread) * gsl_rng_uniform(rng);
        const bool has_lo = kind < 0.75, has_hi = kind >= 0.4;
        double low =
            has_lo ? activity[i] - (kind < 0.5 ? slack : 0.173 * slack) : (double)-INFINITY;
        double high = has_hi ? activity[i] + 0.719 * slack : (double)INFINITY;
        if (kind >= 0.5 && kind < 0.6) low = high = activity[i];
        if (shape->is_infeasible && i == 0) {
            low = activity[0];
            high = INFINITY;
        }
        if (shape->is_infeasible && i == 1) {
            low = -1.7 * activity[0] + 1.7 * (0.01 + slack);
            high = INFINITY;
        }
        lp_add_row(&b, low, high);
    }
    for (size_t j = 0; j < n; j++) {
        const bool is_integer = shape->has_integers && j % 3 == 0;
        const double low = is_integer ? ceil(lo[j]) : lo[j];
        const double high = is_integer ? fmax(low, floor(hi[j]) + 1) : hi[j];
        const bool is_lazy = shape->is_lazy && low == 0 && j % 2 == 0;
        lp_add_col(&b, low, high, random_signed(rng, shape->spread), is_integer, is_lazy);
        for (size_t i = 0; i < m; i++) lp_add_value(&b, i, entry[i * n + j]);
    }
    struct lp *lp = lp_finish(&b);
    lp->constant = gsl_rng_uniform(rng) < 0.5 ? random_signed(rng, shape->spread) : 0;
    return lp;
}

#endif
