/* Where the linear program of a plan ended, for programs that differ from it a little: other prices, other limits, another window.
 * Rows and columns are known by what they stand for (demand, offer, dataset, limit, moment), not by number, so that what a
 * change adds or takes away does no harm: what is new begins outside, what is gone is forgotten. The optimum found from it is
 * the same, proven like any other; where several solutions cost the same, which one is found may differ. */
#ifndef SOLVER_WARM_H
#define SOLVER_WARM_H

#include "solver/model.h"

struct warm;

/* Where the program of f ended as it is, and with whole numbers. */
struct warm_ends {
    const struct lp_basis *relaxed;
    const struct lp_basis *whole; /* row NULL: not known */
    const double *home;           /* [homes] of whole datasets: 0 or 1; NULL: not known */
};

/* NULL for small programs, which have no basis worth keeping. Lives in `a`; may be read by several threads. */
const struct warm *warm_keep(const struct formulation *f, const struct warm_ends *ends,
                             struct arena *a);
/* The basis for another program, as it is or with whole numbers; row NULL where too little of it is known there, none was kept,
 * or w is NULL. */
struct lp_basis warm_basis(const struct warm *w, const struct formulation *f, bool whole,
                           struct arena *a);
/* The home of store s that it lay in; NONE: not known, or not there any more. */
size_t warm_home(const struct warm *w, const struct formulation *f, size_t s);

/* Of a program of classes and buses (crowd_warm.h): the other functions find nothing in it. NULL of NULL; NULL where w is of
 * another program. */
struct crowd_warm;
const struct warm *warm_of_crowd(const struct crowd_warm *crowd, struct arena *a);
const struct crowd_warm *warm_crowd(const struct warm *w);

#endif
