/* Walks along limits: along each the optimum is a convex, piecewise linear function of the units added, whose first two slopes and
 * the place where they meet are found by solving again (lp.h, pieces.h). */
#ifndef SOLVER_LIMIT_WALK_H
#define SOLVER_LIMIT_WALK_H

#include "solver/planner.h"
#include "solver/priced.h"

enum walk_end { WALK_DONE, WALK_MISPRICED, WALK_FAILED };

struct limit_walk {
    size_t n;
    const struct priced_limit *limits;
    const struct lp *lp; /* with a column per limit that is not hidden, fixed at 0: walk_columns */
    const size_t *col;   /* [n] them */
    /* Where every stop begins, for programs of many jobs: by our own simplex method. NULL: each from the last one, by GLPK. */
    const struct lp_basis *from;
    double
        most_work; /* pivots, a stop counting for a hundred; beyond them limits have no range, and it is not looked far
                         (FAR_UNITS). 0: any number */
    /* Whether a point costs less than it should, so that the program must be made finer; NULL: none does. */
    bool (*is_mispriced)(const double *x, void *context);
    void *context;
};

/* Columns of limits beside those of b, whose program has all others; *col: [n]. */
struct lp *walk_columns(struct lp_builder *b, size_t **col, const struct priced_limit *limits,
                        size_t n);
/* Walks, and adds a shadow per limit where it was whole. */
MUST_USE enum err limits_walk(enum walk_end *end, const struct limit_walk *way,
                              const struct planner *p);
/* A shadow with a price alone; saves is of the duals, any between those of more and of less. */
struct shadow *shadow_add(const struct planner *p, const struct priced_limit *l, double saves);

#endif
