/* The inverse question of a budget: the most prioritised work that it buys. */
#ifndef CLI_BUYS_H
#define CLI_BUYS_H

#include "cli/crew.h"
#include "report/buys_sheet.h"

struct buys {
    const struct planning *planning;
    const char *variant;
    struct result full; /* everything, without a limit on the total */
    size_t n;
    struct bought *answers; /* [n]; `limits` or `budget` given, the rest filled */
};

/* Work is bought strictly in order of priority: all of the highest, then of the next, as long as the plan stays within the
 * budget; of the last one the largest part (to 0.1 % of it). Parts are of each job of that priority alike. Owners' limits hold all
 * the time. Errors: those of planning. When not even everything without a limit has a plan, full.plan says why. */
MUST_USE enum err buys_find(struct buys *b, struct cli *cli);

#endif
