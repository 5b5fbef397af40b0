/* From the flow of a crowd back to jobs and machine choices. */
#ifndef SOLVER_CROWD_RECOVER_H
#define SOLVER_CROWD_RECOVER_H

#include "solver/crowd_lp.h"

/* Splits the flow of every class over its jobs and the flow of every bus over its offers. The cells of a class must carry its
 * work; machines must carry the cells, to rounding. Cells of a job come one after the other. */
void crowd_recover(struct work_cells *out, const struct crowd *c, const struct crowd_flow *flow);

#endif
