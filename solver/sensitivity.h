/* What one unit more of each limit saves, and how far (model.md 4, "Duals are results"). */
#ifndef SOLVER_SENSITIVITY_H
#define SOLVER_SENSITIVITY_H

#include "solver/planner.h"

/* Fills plan->shadows. settings->ranges: with ranges and the second step, each found by solving the program again along the
 * limit; else from the duals at hand. */
MUST_USE enum err sensitivity_tell(struct planner *p);

#endif
