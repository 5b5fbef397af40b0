/* Our own simplex method has the optimum of GLPK's, calls the same programs infeasible, proves both, and goes on from an earlier
 * basis after costs, bounds and sides have changed. */
#include "solver/lp_internal.h"
#include "tests/solver/random_lp.h"

#include <gsl/gsl_test.h>

enum { N_PROGRAMS = 800 };

/* Both objectives are proven to LP_SETTINGS.optimality of the money moved. */
static const double AGREEMENT = 1e-8;

struct counts {
    size_t optimal, infeasible, warm, given_up;
};

static double moved(const struct lp *lp, const double *x)
{
    double sum = 1e-9 + fabs(lp->constant);
    for (size_t j = 0; j < lp->n_cols; j++) sum += fabs(lp->cost[j] * x[j]);
    return sum;
}

/* One run without GLPK behind it, judged on the data as given. */
static enum lp_end own_run(double *objective, struct lp_basis *basis, bool warm,
                           const struct lp *lp, struct arena *a)
{
    struct lp_scaled scaled;
    struct lp_run run;
    lp_scale(&scaled, lp, SCALING_GEOMETRIC, false, a);
    lp_run_new(&run, &scaled.lp, &LP_SETTINGS, a);
    run.lazily = true;
    run.basis = *basis;
    run.warm = warm;
    lp_simplex(&run, a);
    double *x = ARENA_NEW(a, double, lp->n_cols + 1), *y = ARENA_NEW(a, double, lp->n_rows + 1);
    if (run.end == RUN_INFEASIBLE) {
        lp_unscale_farkas(y, &scaled, run.y);
        return lp_farkas_value(lp, y) > LP_PROOF_MARGIN ? RUN_INFEASIBLE : RUN_FAILED;
    }
    if (run.end != RUN_OPTIMAL) return run.end;
    lp_unscale_x(x, &scaled, run.x);
    lp_unscale_dual(y, &scaled, run.y);
    *objective = lp_objective(lp, x);
    const bool proven = lp_violation(lp, x) <= LP_SETTINGS.feasibility &&
                        lp_gap(lp, x, *objective, lp_dual_bound(lp, y)) <= LP_SETTINGS.optimality;
    return proven ? RUN_OPTIMAL : RUN_FAILED;
}

static void change(struct lp *lp, const double *x, gsl_rng *rng)
{
    for (size_t j = 0; j < lp->n_cols; j++) {
        lp->cost[j] *= 0.95 + 0.1 * gsl_rng_uniform(rng);
        if (j % 5 == 0 && x[j] > lp->col_lo[j]) lp->col_hi[j] = x[j];
    }
    for (size_t i = 0; i < lp->n_rows; i++) {
        const double more = 1 + 0.03 * gsl_rng_uniform(rng);
        lp->row_lo[i] *= lp->row_lo[i] < 0 ? more : 1;
        lp->row_hi[i] *= lp->row_hi[i] > 0 ? more : 1;
    }
}

static bool same(const struct lp_result *glpk, enum lp_end end, double objective,
                 const struct lp *lp)
{
    if (glpk->status == LP_INFEASIBLE) return end == RUN_INFEASIBLE;
    return end == RUN_OPTIMAL &&
           fabs(objective - glpk->objective) <= AGREEMENT * moved(lp, glpk->x);
}

static void compare(struct counts *n, unsigned seed)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    const size_t most = seed % 10 ? 15 : 120;
    const struct random_lp shape = {.n_rows = 1 + gsl_rng_uniform_int(rng, most),
                                    .n_cols = 1 + gsl_rng_uniform_int(rng, 2 * most),
                                    .spread = 1,
                                    .is_infeasible = seed % 7 == 0,
                                    .is_lazy = seed % 2 == 0};
    struct lp *lp = random_lp(&shape, rng, a);
    struct lp_basis basis = {ARENA_NEW(a, unsigned char, lp->n_rows + 1),
                             ARENA_NEW(a, unsigned char, lp->n_cols + 1)};
    struct lp_result glpk;
    double objective = 0;
    enum err e = lp_solve(&glpk, lp, &LP_SETTINGS, a, &d);
    enum lp_end end = own_run(&objective, &basis, false, lp, a);
    if (end == RUN_FAILED || end == RUN_LIMIT)
        n->given_up++;
    else if (e != OK || !same(&glpk, end, objective, lp))
        gsl_test(1, "program %u: %.12g, GLPK %.12g", seed, objective, glpk.objective);
    n->infeasible += end == RUN_INFEASIBLE;
    n->optimal += end == RUN_OPTIMAL;
    if (end == RUN_OPTIMAL && glpk.x) {
        change(lp, glpk.x, rng);
        e = lp_solve(&glpk, lp, &LP_SETTINGS, a, &d);
        end = own_run(&objective, &basis, true, lp, a);
        if (end == RUN_FAILED || end == RUN_LIMIT)
            n->given_up++;
        else if (e != OK || !same(&glpk, end, objective, lp))
            gsl_test(1, "program %u changed: %.12g, GLPK %.12g", seed, objective, glpk.objective);
        n->warm += end == RUN_OPTIMAL;
    }
    gsl_rng_free(rng);
    arena_free(a);
}

int main(void)
{
    struct counts n = {0};
    for (unsigned seed = 1; seed <= N_PROGRAMS; seed++) compare(&n, seed);
    gsl_test(n.optimal < N_PROGRAMS / 2, "%zu optimal", n.optimal);
    gsl_test(n.infeasible < N_PROGRAMS / 10, "%zu infeasible", n.infeasible);
    gsl_test(n.warm < N_PROGRAMS / 4, "%zu from an earlier basis", n.warm);
    gsl_test(n.given_up > N_PROGRAMS / 500, "%zu left to GLPK", n.given_up);
    return gsl_test_summary();
}
