#ifndef SOLVER_SERVICE_OUTCOMES_H
#define SOLVER_SERVICE_OUTCOMES_H

#include "solver/resize.h"

/* Fills plan->services, holdings and service_outcomes from the fleets, and adds their hours to plan->machine_h. */
void services_tell(struct plan *plan, const struct model *m, const struct fleet *fleets);

#endif
