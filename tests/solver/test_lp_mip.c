/* Whole numbers against brute force, the bound of the tree, and the dives that follow when the tree is cut off. */
#include "tests/solver/random_lp.h"

#include <gsl/gsl_test.h>
#include <stdio.h>
#include <string.h>

static struct lp_result solve_mip(const struct lp *lp, const struct lp_settings *settings,
                                  struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp_result r;
    const enum err e = lp_solve_mip(&r, lp, settings, a, &d);
    gsl_test(e != OK, "lp_solve_mip returns OK (%s)", d.first ? d.first->what : "");
    return r;
}

/* --- brute force: every combination of the integers, the rest by lp_solve --- */

static double brute_force(struct lp *lp, size_t col, struct arena *a)
{
    while (col < lp->n_cols && !lp->integer[col]) col++;
    if (col == lp->n_cols) {
        struct arena *own = arena_new();
        struct diag d = {.arena = own};
        struct lp_result r;
        const enum err e = lp_solve(&r, lp, &LP_SETTINGS, own, &d);
        const double best = e == OK && r.status == LP_OPTIMAL ? r.objective : (double)INFINITY;
        arena_free(own);
        return best;
    }
    const double lo = lp->col_lo[col], hi = lp->col_hi[col];
    double best = INFINITY;
    for (long value = (long)lo; value <= (long)hi; value++) {
        lp->col_lo[col] = lp->col_hi[col] = (double)value;
        best = fmin(best, brute_force(lp, col + 1, a));
    }
    lp->col_lo[col] = lo;
    lp->col_hi[col] = hi;
    return best;
}

static void check_whole(const struct lp *lp, const struct lp_result *r, const char *name)
{
    for (size_t col = 0; col < lp->n_cols; col++)
        if (lp->integer[col] && r->x[col] != floor(r->x[col]))
            gsl_test(1, "%s: x %zu is whole", name, col);
    gsl_test(lp_violation(lp, r->x) > LP_SETTINGS.feasibility, "%s: feasible", name);
    gsl_test_abs(r->objective, lp_objective(lp, r->x), 0, "%s: objective is that of x", name);
    gsl_test(r->bound > r->objective, "%s: bound is not above the cost", name);
}

static void test_brute_force(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 771);
    struct lp_settings settings = LP_SETTINGS;
    settings.mip_gap = 0;
    int n_found = 0, n_none = 0;
    for (int i = 0; i < 60; i++) {
        const struct random_lp shape = {
            .n_rows = 1 + gsl_rng_uniform_int(rng, 5),
            .n_cols = 2 + gsl_rng_uniform_int(rng, 6),
            .spread = 0.4,
            .is_lazy = i % 2 == 1,
            .has_integers = true,
        };
        struct lp *lp = random_lp(&shape, rng, a);
        const double best = brute_force(lp, 0, a);
        const struct lp_result r = solve_mip(lp, &settings, a);
        char name[40];
        snprintf(name, sizeof name, "random %d", i);
        if (isinf(best)) {
            n_none++;
            gsl_test(r.x != NULL, "%s: no whole solution", name);
            gsl_test(r.status != LP_INFEASIBLE && r.status != LP_LIMIT, "%s: status %d", name,
                     r.status);
            continue;
        }
        n_found++;
        gsl_test(!r.x, "%s: found", name);
        if (!r.x) continue;
        gsl_test(r.bound > best + 1e-9 * (1 + fabs(best)), "%s: bound %g below the best %g", name,
                 r.bound, best);
        gsl_test_rel(r.objective, best, 1e-8, "%s: best of all", name);
        gsl_test_int(r.status, LP_OPTIMAL, "%s: proven", name);
        check_whole(lp, &r, name);
    }
    gsl_test(n_found < 30 || n_none < 1, "brute force met both cases (%d found, %d without)",
             n_found, n_none);
    gsl_rng_free(rng);
}

/* --- machines for jobs --- */

enum { TYPES = 12, TASKS = 30 };

/* Whole machines of each type at a price, tasks share what they give. */
static struct lp *fleet_lp(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 99);
    struct lp_builder b = {.arena = a};
    for (int task = 0; task < TASKS; task++)
        lp_add_row(&b, 1.37 + 5 * gsl_rng_uniform(rng), INFINITY);
    for (int type = 0; type < TYPES; type++) lp_add_row(&b, 0, INFINITY);
    for (size_t type = 0; type < TYPES; type++) {
        lp_add_col(&b, 0, 40, 8.1 + 9 * gsl_rng_uniform(rng), true, false);
        lp_add_value(&b, TASKS + type, 7.77);
        for (size_t task = 0; task < TASKS; task++) {
            if (gsl_rng_uniform(rng) < 0.5) continue;
            lp_add_col(&b, 0, 60, 0.013, false, false);
            lp_add_value(&b, task, 0.5 + gsl_rng_uniform(rng));
            lp_add_value(&b, TASKS + type, -1);
        }
    }
    gsl_rng_free(rng);
    return lp_finish(&b);
}

static void test_fleet(struct arena *a)
{
    const struct lp *lp = fleet_lp(a);
    struct diag d = {.arena = a};
    struct lp_result relaxed;
    gsl_test(lp_solve(&relaxed, lp, &LP_SETTINGS, a, &d) != OK, "fleet: relaxation");
    struct lp_settings settings = LP_SETTINGS;
    settings.time_limit_s = 20;
    settings.mip_gap = 0.01;
    const struct lp_result r = solve_mip(lp, &settings, a);
    gsl_test_int(r.status, LP_OPTIMAL, "fleet: within the gap");
    check_whole(lp, &r, "fleet");
    gsl_test(r.bound < relaxed.bound * (1 - 1e-12),
             "fleet: the tree's bound is not below the relaxation's");
    gsl_test((r.objective - r.bound) / r.objective > 0.0101, "fleet: gap %g",
             (r.objective - r.bound) / r.objective);
    struct lp fixed = *lp;
    fixed.col_lo = fixed.col_hi = ARENA_NEW(a, double, lp->n_cols);
    fixed.col_hi = ARENA_NEW(a, double, lp->n_cols);
    for (size_t col = 0; col < lp->n_cols; col++) {
        fixed.col_lo[col] = lp->integer[col] ? r.x[col] : lp->col_lo[col];
        fixed.col_hi[col] = lp->integer[col] ? r.x[col] : lp->col_hi[col];
    }
    gsl_test_rel(lp_dual_bound(&fixed, r.row_dual), r.objective, 1e-9,
                 "fleet: duals of the program with integers fixed");
}

/* Pivots for the relaxation, but hardly any for the tree: only the dives can find something. */
static void test_dive(struct arena *a)
{
    const struct lp *lp = fleet_lp(a);
    struct diag d = {.arena = a};
    struct lp_result relaxed;
    gsl_test(lp_solve(&relaxed, lp, &LP_SETTINGS, a, &d) != OK, "dive: relaxation");
    struct lp_settings settings = LP_SETTINGS;
    settings.iteration_limit = relaxed.iterations + relaxed.iterations / 4;
    settings.time_limit_s = 20;
    settings.mip_gap = 0;
    const struct lp_result r = solve_mip(lp, &settings, a);
    gsl_test(!r.x, "dive: finds a solution");
    if (!r.x) return;
    check_whole(lp, &r, "dive");
    gsl_test_int(r.status, LP_FEASIBLE, "dive: not proven to be the best");
    gsl_test(r.bound < relaxed.bound * (1 - 1e-12), "dive: bound of the relaxation at least");
    gsl_test((r.objective - r.bound) / r.objective > 0.25, "dive: gap %g",
             (r.objective - r.bound) / r.objective);
}

/* The lazy column is too dear for the relaxation (1.5) but not for the best whole plan: 1 + 0.5 x 1.05. The tree without it
 * would end at 2. */
static void test_left_out(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 1.5, INFINITY);
    lp_add_col(&b, 0, 9, 1, true, false);
    lp_add_value(&b, 0, 1);
    lp_add_col(&b, 0, 9, 1.05, false, true);
    lp_add_value(&b, 0, 1);
    const struct lp *lp = lp_finish(&b);
    struct lp_settings settings = LP_SETTINGS;
    const struct lp_result best = solve_mip(lp, &settings, a);
    gsl_test_int(best.status, LP_OPTIMAL, "left out: proven");
    gsl_test_abs(best.objective, 1.525, 1e-12, "left out: the column comes back");
    settings.mip_gap = 0.3;
    const struct lp_result wide = solve_mip(lp, &settings, a);
    gsl_test(wide.bound > 1.525 + 1e-9, "left out: bound %g of all columns", wide.bound);
}

/* 2 x = 1 has no whole solution, 2 x >= 9 with x <= 4 none at all. */
static void test_none(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 1, 1);
    lp_add_col(&b, 0, 5, 1.5, true, false);
    lp_add_value(&b, 0, 2);
    const struct lp_result r = solve_mip(lp_finish(&b), &LP_SETTINGS, a);
    gsl_test_int(r.status, LP_LIMIT, "2 x = 1: no whole solution");
    gsl_test(r.x != NULL, "2 x = 1: no x");
    gsl_test_abs(r.bound, 0.75, 1e-12, "2 x = 1: the relaxation's bound");
    struct lp_builder empty = {.arena = a};
    lp_add_row(&empty, 9, INFINITY);
    lp_add_col(&empty, 0, 4, 1, true, false);
    lp_add_value(&empty, 0, 2);
    const struct lp_result none = solve_mip(lp_finish(&empty), &LP_SETTINGS, a);
    gsl_test_int(none.status, LP_INFEASIBLE, "2 x >= 9, x <= 4: infeasible");
}

int main(void)
{
    void (*const tests[])(struct arena *) = {test_brute_force, test_fleet, test_dive, test_left_out,
                                             test_none};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct arena *a = arena_new();
        tests[i](a);
        arena_free(a);
    }
    return gsl_test_summary();
}
