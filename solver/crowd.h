/* A scenario of many jobs with like things put together, exactly (docs/scale.md): offers that every job values alike feed one
 * bus; jobs of equal machine choices, window and share of their own limit are one class; a spot share splits a job in two. The
 * optimum is that of the plain formulation. Classes x buses x periods are the columns of its linear program (crowd_lp.h), and
 * the price search (price_search.h) does without columns. */
#ifndef SOLVER_CROWD_H
#define SOLVER_CROWD_H

#include "solver/model.h"

/* An offer under a set of limits: machine-hours of it feed its bus. */
struct supplier {
    size_t offer, bus, n_limits;
    const struct use *limits;
    double size;  /* units of the bus per machine: GPUs, or vCPUs of a machine without */
    double price; /* per machine-hour; 0 of commitments */
    bool spot;
    size_t
        bought; /* the limit whose machines, when bought, feed the bus all the time at no further cost; NONE: by the hour */
};

/* What a unit-hour of a bus is to a part of the work. */
struct arc {
    size_t bus;
    double work;  /* useful work */
    double extra; /* money besides the machine: licence, disks */
    double clock; /* of the job's own limit per hour (gang: 1, divisible: max_gpus); 0: none */
};

/* Work that may use the same buses in the same way. */
struct part {
    size_t n_arcs;
    const struct arc *arcs;
    const bool *open; /* [n_periods] in which the windows of its workloads are; NULL: all */
};

/* Jobs, or their part beside spot, that are alike: to be done in the open periods of [first, after). */
struct job_class {
    uint32_t part, first, after;
    double work;
    double limit; /* of its own, per hour; INFINITY: none */
};

struct crowd {
    const struct model *model;
    size_t n_periods;
    const double *hours; /* [n_periods] */
    size_t n_suppliers;
    struct supplier *suppliers; /* by bus */
    size_t n_buses;
    size_t *first_supplier; /* [n_buses + 1] */
    size_t n_parts;
    struct part *parts;
    size_t n_classes;
    struct job_class *classes;
    size_t n_windows;
    bool **open;     /* [windows] NULL: always, or [n_periods] */
    size_t n_spares; /* subscriptions that another one makes needless */
    struct spare {
        size_t limit, bus;
        double size;
    } * spares;
    uint32_t (*class_of)[2]; /* [demands] beside spot, on any market; UINT32_MAX: no such part */
    size_t **supplier_of;    /* [groups][options] NONE: not used */
    double *amount;          /* [limits][n_periods] of limits that are not bought; INFINITY: none */
    bool *used;              /* [limits] */
    double constant;         /* money that is paid in any case */
};

/* Why the jobs of this model cannot be put together (a whole sentence in the user's language); NULL: they can. */
const char *crowd_refuses(const struct model *m);
/* Builds it; crowd_refuses must have been asked. False: a job has no machine beside spot. */
bool crowd_make(struct crowd *out, const struct model *m);
/* Columns of work of its linear program. */
size_t crowd_columns(const struct crowd *c);
bool crowd_is_open(const struct crowd *c, const struct job_class *k, size_t t);
/* Money per unit of a commitment that may be bought, over the horizon. */
double crowd_purchase(const struct crowd *c, size_t limit);
/* Part of limit k that a machine of the commitment `bought` takes from it. */
double crowd_taken(const struct crowd *c, size_t k, size_t bought);

#endif
