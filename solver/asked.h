/* Prices of limits that are no right-hand side of the linear program: deadlines, and what bounds the machines of a service. They
 * are asked for by planning again with the limit moved (model.md 6). */
#ifndef SOLVER_ASKED_H
#define SOLVER_ASKED_H

#include "solver/planner.h"

/* Adds a shadow per deadline of a workload (all of its jobs moved together, none beyond the horizon, no occurrence left out; asked
 * hour by hour, of plans of many jobs in whole steps), per autoscale.max, and per autoscale.min and spot.on_demand_base, of which
 * less is what saves. The answers are differences of optima of the linear program, each found from plan->warm on: true for whole
 * steps, not for parts of one. Where nothing can be asked, saves is NAN and `note` says why. After the plan's own optimum is
 * known. */
void asked_tell(const struct planner *p);

#endif
