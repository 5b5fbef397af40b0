/* The linear program of a crowd: fewer rows and columns than the plain formulation, the same optimum. */
#ifndef SOLVER_CROWD_LP_H
#define SOLVER_CROWD_LP_H

#include "solver/crowd.h"

/* Which class, bus and period a column of work is; which supplier and period a column of machines. */
struct crowd_lp {
    const struct crowd *crowd;
    struct lp *lp;
    struct crowd_column {
        uint32_t class_, arc, t;
    } * columns;                 /* of work, the first n_work columns */
    size_t n_work, n_machines;   /* then n_machines columns of machine-hours, then commitments */
    uint32_t (*machines)[2];     /* supplier, t */
    size_t *class_row;           /* [classes] */
    size_t *bus_row, *limit_row; /* [buses][periods], [limits][periods]; NONE */
    size_t *bought;              /* [limits] column; NONE */
};

/* Flow of work and machines: what a solution of either method says. */
struct crowd_flow {
    size_t n;
    struct flow_cell {
        uint32_t class_, arc, t;
        double units; /* unit-hours of the arc's bus */
    } * cells;        /* by class */
    double *machines; /* [suppliers][periods] machine-hours */
    double *bought;   /* [limits] */
};

/* Prices per unit-hour of each bus, from a price search: columns of work within `near` of the cheapest of their class (at most
 * `most` of them) are in from the start, the others wait for their reduced cost. beta NULL: the cheapest without any scarcity. */
struct crowd_start {
    const double *beta; /* [buses][periods] */
    double near_frac;
    size_t most;
};

void crowd_lp_make(struct crowd_lp *out, const struct crowd *c, const struct crowd_start *start);
void crowd_lp_read(struct crowd_flow *out, const struct crowd_lp *f, const double *x);

#endif
