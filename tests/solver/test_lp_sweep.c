/* Fixing a column at one value after the other gives what solving each program from the start gives, in few pivots. */
#include "tests/solver/random_lp.h"

#include <gsl/gsl_test.h>
#include <stdio.h>
#include <string.h>

enum { N_VALUES = 9 };

/* What lp_solve says of the program with the column fixed. */
static struct lp_result solve_fixed(const struct lp *lp, size_t col, double value, struct arena *a,
                                    struct diag *d)
{
    struct lp fixed = *lp;
    struct lp_result result = {0};
    fixed.col_lo = ARENA_NEW(a, double, lp->n_cols);
    fixed.col_hi = ARENA_NEW(a, double, lp->n_cols);
    memcpy(fixed.col_lo, lp->col_lo, lp->n_cols * sizeof *lp->col_lo);
    memcpy(fixed.col_hi, lp->col_hi, lp->n_cols * sizeof *lp->col_hi);
    fixed.col_lo[col] = fixed.col_hi[col] = value;
    gsl_test(lp_solve(&result, &fixed, &LP_SETTINGS, a, d) != OK, "solved from the start");
    return result;
}

static void check_point(const struct lp_point *p, const struct lp_result *cold, int trial, size_t i)
{
    gsl_test_int((int)p->status, (int)cold->status, "trial %d, value %zu: status", trial, i);
    if (p->status != LP_OPTIMAL || cold->status != LP_OPTIMAL) return;
    const double size = fabs(cold->objective) + 1e-9;
    gsl_test_abs(p->objective, cold->objective, 1e-7 * size, "trial %d, value %zu", trial, i);
    gsl_test(!(p->bound <= p->objective + 1e-9 * size), "trial %d, value %zu: bound", trial, i);
}

static void test_random(void)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 77);
    int optimal = 0, infeasible = 0;
    for (int trial = 0; trial < 120; trial++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        const struct random_lp shape = {.n_rows = 2 + gsl_rng_uniform_int(rng, 12),
                                        .n_cols = 3 + gsl_rng_uniform_int(rng, 20),
                                        .spread = trial % 3,
                                        .is_lazy = trial % 2};
        const struct lp *lp = random_lp(&shape, rng, a);
        const size_t col = gsl_rng_uniform_int(rng, lp->n_cols);
        double values[N_VALUES];
        struct lp_point points[N_VALUES];
        for (size_t i = 0; i < N_VALUES; i++) /* also beyond both bounds */
            values[i] = lp->col_lo[col] +
                        (lp->col_hi[col] - lp->col_lo[col]) * ((double)i - 1) / (N_VALUES - 3);
        gsl_test(lp_sweep(points, lp, &(struct lp_axis){col, N_VALUES, values}, &LP_SETTINGS, a,
                          &d) != OK,
                 "trial %d: swept", trial);
        for (size_t i = 0; i < N_VALUES; i++) {
            const struct lp_result cold = solve_fixed(lp, col, values[i], a, &d);
            check_point(&points[i], &cold, trial, i);
            optimal += points[i].status == LP_OPTIMAL;
            infeasible += points[i].status == LP_INFEASIBLE;
        }
        arena_free(a);
    }
    gsl_rng_free(rng);
    gsl_test(optimal < 100 || infeasible < 100, "both ends were seen: %d and %d", optimal,
             infeasible);
}

/* A fleet of at most `col 0` reserved machines at 3 an hour under a load of 200 hours, the rest at 5 an hour: the cost is known,
 * convex, and each further value takes few pivots. */
static void test_fleet(void)
{
    enum { LOAD_HOURS = 200, MOST = 40 };
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct lp_builder b = {.arena = a};
    double load[LOAD_HOURS], values[MOST + 1];
    struct lp_point points[MOST + 1];
    for (int t = 0; t < 2 * LOAD_HOURS; t++) {
        if (t < LOAD_HOURS) load[t] = (t * 37) % 41;
        lp_add_row(&b, t < LOAD_HOURS ? load[t] : (double)-INFINITY,
                   t < LOAD_HOURS ? (double)INFINITY : 0);
    }
    lp_add_col(&b, 0, MOST, 3.0 * LOAD_HOURS, false, false);
    for (size_t t = 0; t < LOAD_HOURS; t++) lp_add_value(&b, LOAD_HOURS + t, -1);
    for (size_t t = 0; t < LOAD_HOURS; t++) {
        lp_add_col(&b, 0, 50, 0, false, false);
        lp_add_value(&b, t, 1);
        lp_add_value(&b, LOAD_HOURS + t, 1);
        lp_add_col(&b, 0, 50, 5, false, false);
        lp_add_value(&b, t, 1);
    }
    const struct lp *lp = lp_finish(&b);
    for (size_t i = 0; i <= MOST; i++) values[i] = (double)i;
    gsl_test(lp_sweep(points, lp, &(struct lp_axis){0, MOST + 1, values}, &LP_SETTINGS, a, &d) !=
                 OK,
             "swept");
    long pivots = 0;
    for (size_t i = 0; i <= MOST; i++) {
        double cost = 3.0 * LOAD_HOURS * values[i];
        for (size_t t = 0; t < LOAD_HOURS; t++) cost += 5 * fmax(0, load[t] - values[i]);
        gsl_test_rel(points[i].objective, cost, 1e-9, "%zu machines", i);
        gsl_test_rel(points[i].bound, cost, 1e-9, "%zu machines: bound", i);
        pivots += i > 0 ? points[i].iterations : 0;
    }
    /* From the slacks each value takes a pivot an hour and more, 200 x 40; from the last basis those hours whose load is passed. */
    gsl_test(pivots > 2L * LOAD_HOURS, "%ld pivots from the last basis", pivots);
    arena_free(a);
}

int main(void)
{
    test_random();
    test_fleet();
    return gsl_test_summary();
}
