/* Where the program of a crowd ended, for one that differs a little: other prices, more work, another quota. Rows and columns are
 * known by what they stand for, so what is new begins outside and what is gone is forgotten. The optimum found from there is
 * proven like any other. */
#ifndef SOLVER_CROWD_WARM_H
#define SOLVER_CROWD_WARM_H

#include "solver/crowd_lp.h"
#include "solver/lp.h"

struct crowd_warm;

/* NULL: there is no basis. Lives in `a`; may be read by several threads. */
const struct crowd_warm *crowd_warm_keep(const struct crowd_lp *f, const struct lp_basis *basis,
                                         struct arena *a);
/* The basis for another program; row NULL where less than half of its rows are known (or w is NULL). */
struct lp_basis crowd_warm_basis(const struct crowd_warm *w, const struct crowd_lp *f,
                                 struct arena *a);

#endif
