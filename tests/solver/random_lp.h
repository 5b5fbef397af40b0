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

/* A small plan: jobs with windows on offers with hourly prices. */
enum { JOBS = 40, OFFERS = 6, HOURS = 24 };

struct units {
    double money; /* price of one unit of money */
    double work;  /* of a unit of work */
    double hours; /* of an hour */
    bool is_lazy;
    bool has_budget;
    double supply; /* share of the stock that is there */
};

#define PLAIN_UNITS ((struct units){1, 1, 1, false, true, 1})

/* Jobs with windows, offers with hourly prices and stock, one budget row in money. */
static inline struct lp *plan_lp(const struct units *u, struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 4357);
    struct lp_builder b = {.arena = a};
    double work[JOBS], total = 0;
    for (int j = 0; j < JOBS; j++) {
        work[j] = 1.37 + 9 * gsl_rng_uniform(rng);
        total += work[j];
        lp_add_row(&b, work[j] * u->work, INFINITY);
    }
    for (int k = 0; k < OFFERS * HOURS; k++)
        lp_add_row(&b, -INFINITY, u->hours * u->supply * (2.1 + 6 * gsl_rng_uniform(rng)));
    const size_t budget = u->has_budget ? lp_add_row(&b, -INFINITY, 3.17 * total * u->money) : 0;
    double price[OFFERS * HOURS];
    for (int k = 0; k < OFFERS * HOURS; k++)
        price[k] = 0.9 + 0.31 * (double)(k / HOURS) + gsl_rng_uniform(rng);
    for (size_t j = 0; j < JOBS; j++) {
        const size_t from = gsl_rng_uniform_int(rng, HOURS / 2),
                     to = from + 4 + gsl_rng_uniform_int(rng, 9);
        for (size_t o = 0; o < OFFERS; o++) {
            const double speed = 0.6 + gsl_rng_uniform(rng);
            for (size_t t = from; t < to && t < HOURS; t++) {
                const double cost = price[o * HOURS + t] * (u->money / u->hours);
                lp_add_col(&b, 0, work[j] / speed * u->hours, cost, false, u->is_lazy);
                lp_add_value(&b, j, speed * (u->work / u->hours));
                lp_add_value(&b, JOBS + o * HOURS + t, 1);
                if (u->has_budget) lp_add_value(&b, budget, cost);
            }
        }
    }
    gsl_rng_free(rng);
    return lp_finish(&b);
}

#endif
