/* What a plan says of commitments: from which utilisation each pays, how much of it is used, and whether one more would pay. */
#ifndef SOLVER_COMMITMENTS_H
#define SOLVER_COMMITMENTS_H

#include "solver/planner.h"

/* Fills plan->commitments: those that exist, those bought, and those that may be bought for machines of which the plan pays
 * some as it goes. After the timeline and the bill. */
void commitments_tell(struct planner *p);

#endif
