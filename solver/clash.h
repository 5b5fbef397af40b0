/* No feasible plan: which limits of the scenario clash, and the smallest changes that repair it (model.md 4, "No feasible plan"). */
#ifndef SOLVER_CLASH_H
#define SOLVER_CLASH_H

#include "solver/plan.h"

/* Adds to plan->conflicts the members of each clash: sets of limits of which none can be spared, which together leave no linear
 * program with a solution whatever the other limits are. Every trial is a plan of a changed scenario. For each member that alone
 * is enough, the smallest change with which a whole plan was found, and its cost; where none is, one set of changes that
 * together are. settings->brief: only the members. Nothing is added where no limit is at fault. */
MUST_USE enum err clash_find(struct plan *plan, const struct plan_settings *settings,
                             struct arena *a);

#endif
