#include "solver/plan_exact.h"
#include "common/text.h"
#include <math.h>
#include <string.h>

/* Of the optimum. Bounds are promised to this; the checker's own coefficients agree to it as well. */
static const double BOUND_AGREES = 1e-9;
/* Of the optimum, beside a millionth per line of the bill: what rows that are kept to 1e-9 may save (tell.c). */
static const double COST_AGREES = 1e-8;
/* 2^-40 of a side: far above the last digits of doubles, far below what rows are kept to. */
static const double WIDENED = 0x1p-40;

static double apart(const struct plan_exact *x, double value)
{
    return isfinite(value) ? rational_apart(x->optimum, value) : (double)NAN;
}

/* The same program with the sides of all rows moved apart. */
static struct lp *widened(const struct lp *lp, struct arena *a)
{
    struct lp *wide = ARENA_NEW(a, struct lp, 1);
    *wide = *lp;
    wide->row_lo = ARENA_NEW(a, double, lp->n_rows + 1);
    wide->row_hi = ARENA_NEW(a, double, lp->n_rows + 1);
    for (size_t i = 0; i < lp->n_rows; i++) {
        const double lo = lp->row_lo[i], hi = lp->row_hi[i];
        wide->row_lo[i] = isfinite(lo) ? lo - WIDENED * fmax(1, fabs(lo)) : lo;
        wide->row_hi[i] = isfinite(hi) ? hi + WIDENED * fmax(1, fabs(hi)) : hi;
    }
    return wide;
}

static enum err solve(struct plan_exact *x, const char **why, const struct plan *p,
                      const struct lp_exact_settings *settings, struct arena *a, struct diag *d)
{
    struct lp_exact found;
    TRY(lp_exact(&found, p->lp, settings, a, d));
    if (found.status == EXACT_INFEASIBLE && p->status != PLAN_INFEASIBLE) {
        x->widened = WIDENED;
        TRY(lp_exact(&found, widened(p->lp, a), settings, a, d));
    }
    x->status = found.status;
    x->optimum = found.optimum;
    *why = found.why;
    return OK;
}

static enum err not_found(const char *why, struct diag *d)
{
    diag_error(d, ERR_NO_EXACT, (struct place){0}, _("no exact optimum: %s"), why);
    diag_fix(d, _("give more time with --time-limit, make the problem smaller (a longer "
                  "horizon.step, fewer regions or offers), or leave out --exact"));
    return OK; /* the plan stands without it */
}

static bool is_planned(const struct plan *p)
{
    return p->status == PLAN_OPTIMAL || p->status == PLAN_FEASIBLE;
}

static enum err bound_check(const struct plan_exact *x, double bound, struct arena *a,
                            struct diag *d)
{
    const double above = apart(x, bound);
    if (!(above > BOUND_AGREES)) return OK;
    return diag_error(d, ERR_PROOF_EXACT, (struct place){0},
                      _("the lower bound %.9f lies above the exact optimum %s, by %.2g of it"),
                      bound, rational_decimal(x->optimum, 9, a), above);
}

static enum err compare(struct plan_exact *x, const struct plan *p, struct arena *a, struct diag *d)
{
    const double cost = (double)p->cost / 1e6;
    x->float_apart = apart(x, p->lp_optimum);
    TRY(bound_check(x, p->lp_bound, a, d));
    if (p->status == PLAN_INFEASIBLE)
        return diag_error(d, ERR_PROOF_EXACT, (struct place){0},
                          _("no plan is said to be possible, but the linear program has an exact "
                            "optimum, %s"),
                          rational_decimal(x->optimum, 9, a));
    if (!is_planned(p)) return OK;
    TRY(bound_check(x, p->bound, a, d));
    x->bound_apart = apart(x, p->bound);
    x->cost_apart = apart(x, cost);
    if (apart(x, cost + 1e-6 * (double)(p->n_ledger + 1)) >= -COST_AGREES) return OK;
    return diag_error(d, ERR_PROOF_EXACT, (struct place){0},
                      _("the plan costs %.6f, less than the exact optimum %s"), cost,
                      rational_decimal(x->optimum, 9, a));
}

enum err plan_exact_find(struct plan *plan, const struct lp_exact_settings *settings,
                         struct arena *a, struct diag *d)
{
    struct plan_exact *x = ARENA_NEW(a, struct plan_exact, 1);
    const char *why = NULL;
    *x = (struct plan_exact){.status = EXACT_INFEASIBLE,
                             .reduced = plan->lp_reduced,
                             .float_apart = (double)NAN,
                             .bound_apart = (double)NAN,
                             .cost_apart = (double)NAN};
    plan->exact = x;
    if (!plan->lp) return OK; /* some work has no machine at all: there is no program */
    x->rows = plan->lp->n_rows;
    x->columns = plan->lp->n_cols;
    TRY(solve(x, &why, plan, settings, a, d));
    if (why) return not_found(why, d);
    if (x->status == EXACT_OPTIMAL) return compare(x, plan, a, d);
    if (x->status == EXACT_UNKNOWN || plan->status == PLAN_INFEASIBLE) return OK;
    return diag_error(d, ERR_PROOF_EXACT, (struct place){0}, "%s",
                      _("there is a plan, but its linear program has no exact solution"));
}
