/* The commitment curve: cost of the linear program against the number of machines subscribed. */
#ifndef SOLVER_COMMITMENT_CURVE_H
#define SOLVER_COMMITMENT_CURVE_H

#include "solver/planner.h"

/* Fills plan->curves for settings->curve: one per term of the type at the place asked for; without a place where the program
 * subscribes most of it, else where it is cheapest. After the timeline. Errors: ERR_NOT_FOUND: the type or the place is not in
 * the book, or no workload may subscribe it there. */
MUST_USE enum err curves_make(struct planner *p);

#endif
