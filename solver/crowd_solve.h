/* Plans of many jobs: which method, and from its flow to what the rest of the planner works with. */
#ifndef SOLVER_CROWD_SOLVE_H
#define SOLVER_CROWD_SOLVE_H

#include "solver/planner.h"
#include "solver/price_search.h"

struct crowd_run {
    struct crowd crowd;
    struct crowd_lp lp; /* lp.lp NULL: not made */
    struct crowd_flow flow;
    struct work_cells cells;
    struct lp_result solved; /* of lp */
    struct prices prices;    /* that prove the bound */
};

/* Chooses the method for p->m; *done: it was another than the simplex, and p->f, p->relaxed and p->fixed are filled. Else
 * nothing has changed, and the plain formulation is to be solved. ERR_OPTION_VALUE when the method asked for cannot be used. */
MUST_USE enum err crowd_solve(struct planner *p, bool *done);
/* Whole numbers of subscriptions: branch and bound, or rounding. p->fixed.status says whether any were found. */
MUST_USE enum err crowd_whole(struct planner *p);
struct proof_prices;
/* Prices of single jobs, beside those of limits, for the certificate (crowd_certify.c); false: there are none. */
bool crowd_certify(struct proof_prices *out, const struct planner *p);
/* crowd_ranges.c: what one unit more of each limit saves (plan->shadows); with settings->ranges how far, where the program of columns
 * was solved. */
MUST_USE enum err crowd_limits_tell(const struct planner *p);
/* The program of classes and buses, for another solver. ERR_MODEL_SIZE when it is too large for any. */
MUST_USE enum err crowd_program(const struct lp **out, struct planner *p);

struct warm;
/* Where the program of columns ended, for plans beside this one (warm.h); NULL: there was none. */
const struct warm *crowd_keep(const struct planner *p);

#endif
