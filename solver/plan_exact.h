/* The exact optimum of a plan's linear program beside its numbers in floating point (docs/certificates.md, "The exact optimum"). */
#ifndef SOLVER_PLAN_EXACT_H
#define SOLVER_PLAN_EXACT_H

#include "solver/lp_exact.h"
#include "solver/plan.h"

struct plan_exact {
    enum lp_exact_status status;
    const struct rational *optimum; /* EXACT_OPTIMAL */
    size_t rows, columns;
    bool reduced; /* of the reduced program, which has the same optimum */
    /* Rows of doubles that contradict each other in their last digits have no exact solution; then every side was moved apart by this
     * share of itself (at least of 1). 0: the program as it is. */
    double widened;
    /* (value - optimum) / max(1, |optimum|) of the optimum in floating point, of the proven bound and of the cost; NAN: none. */
    double float_apart, bound_apart, cost_apart;
};

/* Solves plan->lp exactly and sets plan->exact; plan->bound is to be what is proven. Errors: ERR_PROOF_EXACT when a bound lies above
 * the optimum, when the plan costs less than it, or when what is called impossible has a solution. What keeps the other process from
 * an answer is a finding, ERR_NO_EXACT, and status EXACT_UNKNOWN. */
MUST_USE enum err plan_exact_find(struct plan *plan, const struct lp_exact_settings *settings,
                                  struct arena *a, struct diag *d);

#endif
