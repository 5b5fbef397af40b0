/* Whole machines of a rate demand with several request classes in one period, where the LP's parts rounded up do not fit. */
#ifndef SOLVER_FLEET_CLASSES_H
#define SOLVER_FLEET_CLASSES_H

#include "solver/model.h"

/* What is given in the period. */
struct crew_room {
    const struct formulation *f;
    const double *x; /* LP solution: where datasets lie */
    size_t service, t;
    const double *left; /* [limits] units that fixed fleets and others leave of every limit */
    const double *need; /* [classes] share of its load that each class must be served */
};

/* Whether machines of the option are one number for all periods: a fixed fleet, or subscribed for this demand alone. */
bool option_stays(const struct model *m, const struct option *o);

/* The cheapest machines that carry every class within all limits, beside those of fixed fleets and subscriptions bought for
 * this demand alone, whose numbers are in machines [options]; hourly ones are written there. Returns the share of the load
 * that cannot be carried (the machines then carry as much as they can); 1 when the least number of machines is not to be had
 * either, and machines of the hour are none. */
double crew_choose(long *machines, const struct crew_room *room);

#endif
