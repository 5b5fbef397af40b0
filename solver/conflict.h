/* No feasible plan: which demands and limits clash, and which single change repairs it (model.md 4, "No feasible plan"). */
#ifndef SOLVER_CONFLICT_H
#define SOLVER_CONFLICT_H

#include "solver/model.h"

/* Demands that no offer can run: fills plan->conflicts with the reasons, most frequent first, and answers true. */
bool conflict_unusable(struct plan *plan, const struct model *m);

/* Whether the model, with its limits as they are now, has a plan that machines can follow. */
typedef enum err conflict_try_fn(bool *works, struct model *m, void *context);

/* After an infeasible LP: elastic re-solves name the jobs that fall short, the limits that bind them, and for each the
 * smallest change that alone makes the plan feasible; a change is named only after it was tried (`try_model` with
 * `context`). Sets plan->status to PLAN_INFEASIBLE. */
MUST_USE enum err conflict_explain(struct plan *plan, const struct model *m,
                                   const struct plan_settings *settings, conflict_try_fn *try_model,
                                   void *context);

#endif
