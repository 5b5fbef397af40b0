/* Near-optimal plans that are really different: other ways to the same work for little more money. */
#ifndef SOLVER_ALTERNATIVES_H
#define SOLVER_ALTERNATIVES_H

#include "solver/plan.h"

enum alternative_kind {
    ALTERNATIVE_NO_SPOT,     /* nothing that can be reclaimed */
    ALTERNATIVE_FEWER_KINDS, /* half as many instance types */
    ALTERNATIVE_ELSEWHERE,   /* not in the region where most machine-hours are */
    ALTERNATIVE_UNCOMMITTED, /* nothing bought by the month or year */
    N_ALTERNATIVES
};

struct alternative {
    enum alternative_kind kind;
    const char *place;       /* ALTERNATIVE_ELSEWHERE: where it is not */
    const struct plan *plan; /* planned for real */
    double cost, more;       /* more: than the plan, a share of its cost */
    double moved_frac;       /* of its machine-hours, on machines that the plan does not use so */
};

enum { MOST_ALTERNATIVES = 3 };

/* At most three, cheapest first, none of which costs more than (1 + within) times the plan; each has a fifth of its machine-hours
 * elsewhere than the plan and than those before it. */
MUST_USE enum err alternatives_find(struct alternative list[MOST_ALTERNATIVES], size_t *n,
                                    const struct plan *plan, const struct plan_settings *settings,
                                    double within, struct arena *a);

#endif
