/* Shared by the files of the price search. */
#ifndef SOLVER_PRICE_INTERNAL_H
#define SOLVER_PRICE_INTERNAL_H

#include "solver/price_search.h"

/* Flow of every part over its arcs and the periods, in units of the arc's bus: [first_arc[part] + arc][periods]. */
struct demand_side {
    const struct crowd *c;
    size_t *first_arc;   /* [parts + 1] */
    size_t *first_class; /* [parts + 1] */
    double *cold;        /* [parts] how much work shuns a price: 1 / money per work */
    double *price_sum;   /* [buses][periods] prices of all rounds so far */
    double steps;        /* of all rounds so far */
    double *units;       /* flow of the last round */
    double *load;        /* [buses][periods] its sum */
    double *load_more;   /* what that is more than the round before */
    double moved;        /* how far the flow went, as a step makes it cost: -<price, load_more> */
    double *sum;         /* flow of all rounds, later ones weighted more */
    double weight;       /* of all of them */
    struct demand_room *room;
};
void demand_start(struct demand_side *d, const struct crowd *c, const double *reference,
                  struct arena *a);
/* What jobs choose at the prices so far, `bus` added to them `step` times; counts `weight` times in the average. */
void demand_respond(struct demand_side *d, const double *bus, double step, double weight);

/* Machine-hours, purchases and prices of the primal-dual step. */
struct supply_side {
    const struct crowd *c;
    double *machines, *bought; /* [suppliers][periods], [limits] */
    struct prices prices;
    double *machine_sum, *bought_sum;
    double *reference;     /* [buses] money per unit that is usual */
    double *unit_scale;    /* [buses] units per hour that are usual */
    double *machine_scale; /* [suppliers] */
    double *most;          /* [suppliers][periods] machines that limits of numbers allow */
    struct usual {
        double price, size; /* money per unit that a limit earns; units */
    } * usual;              /* [limits] */
    long n_rounds;
    double *units, *use; /* [buses][periods], [limits][periods] that are there and taken */
    double *units_more, *use_more; /* what they are more than in the round before */
    struct motion {                /* of the last round */
        double primal, dual;       /* squares of what moved, by their steps */
        double cross;              /* product of both: the smaller it is, the longer may steps be */
    } motion;
};
void supply_start(struct supply_side *s, const struct crowd *c, struct arena *a);
void supply_scale(struct supply_side *s, const double *load);
/* Machines answer the prices, prices the `load` and the machines: moves of both by `step` of what is usual. */
void supply_respond(struct supply_side *s, const struct demand_side *d, double step, double weight);

/* A plan by parts: machines running at a time per period, and the flow of every part. */
struct part_flow {
    struct crowd_flow flow; /* machines and bought only */
    double *units;          /* as in demand_side */
};

/* Splits a plan by parts over the classes of each, whose cells live in `cells`. False: a class could not be done in its
 * window. */
bool price_recover(struct crowd_flow *out, const struct crowd *c, const struct part_flow *flow,
                   const struct demand_side *d, struct arena *cells);

/* Takes average flows and makes a plan of them that keeps every limit; its cost, INFINITY: it found none. */
double price_plan(struct part_flow *out, const struct demand_side *d, const struct supply_side *s,
                  const struct prices *prices, struct arena *a);

#endif
