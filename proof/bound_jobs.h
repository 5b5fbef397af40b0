/* Private to the files of what jobs add to the bound: choices that may be best, and what they cost hour by hour. */
#ifndef PROOF_BOUND_JOBS_H
#define PROOF_BOUND_JOBS_H

#include "proof/bound.h"

/* Rounding of a cost and of a gain, with room: choices that another one dominates are left out after a comparison in
 * floating point. */
#define MARGIN 1e-13

/* Choices that may be best at some prices. */
struct kept {
    const struct proof_group *group;
    bool gang, capped, shares, reads, owned;
    size_t n_jobs, n;
    const struct proof_choice **choices;
    double *cost;  /* [spells][n] in a period that is wholly open; INFINITY: not to be had */
    double *least; /* [spells][2] of them the cheapest unit of work: without spot, on spot */
    bool *priced;  /* [spells] */
    struct least
        by_spell[2]; /* `least` of all spells, where many jobs ask for it; n 0: not made yet */
};

struct pricing {
    struct bounder *b;
    struct kept *k;
    const struct demand *d;
    const char *owner;
    double work, share;
    double *links;   /* [n kept] per machine-hour; NULL: none */
    double *of_home; /* [uses][most homes] per unit of work */
    bool *named;     /* [sites] all prices of it are stated; NULL: it does not matter */
    bool only_named;
    double parallel;
    double *own; /* [n kept] costs of a period of which a part is open */
};

/* A period in which the job may run. */
struct hour {
    size_t t;
    int64_t open;
    const double *cost; /* of all choices */
    double late;
    bool again; /* everything as in the last one */
    size_t spell;
};

struct hour bound_first_hour(const struct pricing *x);
bool bound_next_hour(const struct pricing *x, struct hour *h);
/* Cost of a machine-hour in period t, `crowd` times the price of what running machines take: h / open. INFINITY: not to be had. */
double bound_hour_cost(const struct bounder *b, const struct proof_group *g,
                       const struct proof_choice *c, size_t t, double crowd);
/* Money per unit of work of choice i, a cost and money for lateness given; a safe bit below. */
double bound_unit_cost(const struct pricing *x, size_t i, double cost, double late);

/* The cheapest unit of work at any time, a safe bit below. */
struct cheapest {
    double other, spot;
};

struct cheapest bound_cheapest(struct pricing *x);

#endif
