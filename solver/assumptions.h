#ifndef SOLVER_ASSUMPTIONS_H
#define SOLVER_ASSUMPTIONS_H

#include "solver/model.h"

/* Fills plan->assumptions from the stretches that were chosen; warns (ERR_STALL) where a chosen storage class gives less
 * throughput than was asked for. */
void assumptions_tell(struct plan *plan, const struct model *m);

#endif
