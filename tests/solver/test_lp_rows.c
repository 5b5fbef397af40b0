/* Rows that stay outside until the columns in the program may break them, and solves that begin with an earlier basis: the
 * same optimum as with every row from the slacks. */
#include "tests/solver/random_lp.h"

#include <gsl/gsl_test.h>

enum { N_PROGRAMS = 400 };

/* Both objectives are proven to LP_SETTINGS.optimality of the money moved. */
static const double AGREEMENT = 1e-7;

struct counts {
    size_t optimal, infeasible, warm;
};

static bool agree(const struct lp_result *a, const struct lp_result *b, const struct lp *lp)
{
    if (a->status != b->status) return false;
    if (a->status != LP_OPTIMAL) return true;
    double moved = fabs(lp->constant);
    for (size_t j = 0; j < lp->n_cols; j++) moved += fabs(lp->cost[j] * a->x[j]);
    return fabs(a->objective - b->objective) <= AGREEMENT * moved;
}

/* Every third column that is used is held at its value or at its lower bound. */
static void hold(struct lp *lp, const double *x, gsl_rng *rng)
{
    for (size_t j = 0; j < lp->n_cols; j += 3)
        if (x[j] > lp->col_lo[j]) lp->col_hi[j] = gsl_rng_uniform(rng) < 0.5 ? x[j] : lp->col_lo[j];
}

static void compare(struct counts *n, unsigned seed)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    const struct random_lp shape = {.n_rows = 1 + gsl_rng_uniform_int(rng, 12),
                                    .n_cols = 1 + gsl_rng_uniform_int(rng, 25),
                                    .spread = 1,
                                    .is_infeasible = seed % 7 == 0,
                                    .is_lazy = true};
    struct lp *lp = random_lp(&shape, rng, a);
    struct lp_settings few = LP_SETTINGS;
    few.few_rows = 1;
    struct lp_result all, some, cold, warm;
    enum err e = lp_solve(&all, lp, &LP_SETTINGS, a, &d);
    if (e == OK) e = lp_solve(&some, lp, &few, a, &d);
    if (e != OK || !agree(&all, &some, lp)) gsl_test(1, "program %u: rows left out", seed);
    n->optimal += e == OK && all.status == LP_OPTIMAL;
    n->infeasible += e == OK && all.status == LP_INFEASIBLE;
    if (e == OK && some.status == LP_OPTIMAL && some.basis.row) {
        hold(lp, some.x, rng);
        e = lp_solve(&cold, lp, &LP_SETTINGS, a, &d);
        if (e == OK) e = lp_solve_from(&warm, lp, &few, &some.basis, a, &d);
        if (e != OK || !agree(&cold, &warm, lp)) gsl_test(1, "program %u: from a basis", seed);
        n->warm += e == OK && warm.status == LP_OPTIMAL;
    }
    gsl_rng_free(rng);
    arena_free(a);
}

int main(void)
{
    struct counts n = {0};
    for (unsigned seed = 1; seed <= N_PROGRAMS; seed++) compare(&n, seed);
    gsl_test(n.optimal < N_PROGRAMS / 2, "%zu programs with a solution", n.optimal);
    gsl_test(n.infeasible < N_PROGRAMS / 20, "%zu without", n.infeasible);
    gsl_test(n.warm < N_PROGRAMS / 4, "%zu solved again from a basis", n.warm);
    return gsl_test_summary();
}
