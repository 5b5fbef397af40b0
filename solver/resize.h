/* Whole machines for rate demands: each pool is sized again by r(n) in every period (model.md 3.2, "A bound that stays a bound"). */
#ifndef SOLVER_RESIZE_H
#define SOLVER_RESIZE_H

#include "solver/model.h"

/* machines[option][t] of one rate demand. */
struct fleet {
    long *machines;    /* [options][periods] */
    long *starts;      /* [options][periods] machines booted for the start of t */
    int64_t *held_us;  /* [options][periods] machine-microseconds held */
    int64_t *start_us; /* [options][periods] machine-microseconds of cold starts */
    double
        *unserved; /* [classes][periods] share of the load that is left out, where that is priced */
    double
        missing; /* largest share of a period's load that could not be served although it must be */
    size_t worst; /* the period of that */
};

/* Sizes every rate demand from the LP solution x, whose whole columns are whole. Fixed fleets and subscriptions bought for one
 * demand grow in x where r(n) asks for more than the LP's rate per machine. `bought` as in the formulation. In the
 * relaxation (relaxed) machines are rounded up for show only. */
void fleets_make(struct fleet *fleets, const struct formulation *f, double *x, const double *bought,
                 bool relaxed);

#endif
