/* No feasible plan: which demands fall short (model.md 4, "No feasible plan"); which limits clash: clash.h. */
#ifndef SOLVER_CONFLICT_H
#define SOLVER_CONFLICT_H

#include "solver/model.h"

/* Demands that no offer can run: fills plan->conflicts with the reasons, most frequent first, and answers true. */
bool conflict_unusable(struct plan *plan, const struct model *m);

/* A workload that could run on what is sold, had it a price in the currency of the run; NULL: none. */
const struct workload *conflict_without_rate(const struct model *m);

/* After an infeasible LP: an elastic one names the jobs and services that fall short. Sets plan->status to PLAN_INFEASIBLE.
 * Nothing is named where even no work at all breaks a limit: storage or commitments alone pass a budget. */
MUST_USE enum err conflict_explain(struct plan *plan, const struct model *m,
                                   const struct plan_settings *settings);

#endif
