/* How much of a limit the plan itself leaves: whole machines take more of it than the linear program, which prices are of. */
#ifndef SOLVER_SPARE_H
#define SOLVER_SPARE_H

#include "solver/planner.h"

/* Where a limit without a price was told to have units to spare (shadow.down_to), no more of them than timeline and bill leave. */
void spare_tell(const struct planner *p);

#endif
