/* The bill of a schedule: every line is price x quantity, rounded once; a total is the sum of its lines. */
#ifndef SOLVER_LEDGER_H
#define SOLVER_LEDGER_H

#include "solver/resize.h"
#include "solver/schedule.h"

/* What was decided besides the schedule. Arrays are indexed as in the formulation. */
struct decision {
    const double *home; /* [first_home[stores]] share of a store in a home */
    const double
        *extra; /* [first_home[stores]] GiB bought beyond the size, as sold (whole GiB or steps) */
    const double
        *bought; /* [limits] machines of new subscriptions, money per hour of new savings plans */
    const struct fleet *fleets; /* [served] */
    bool
        relaxed; /* integrality: none: late work is charged by the share that is late, as the LP does */
};

/* Fills plan->ledger, cost, estimated, months. Checks that the lines agree with the objective function evaluated at the
 * same schedule within 1e-9 of the total plus half a micro-unit per line. Errors: ERR_INTERNAL when they do not,
 * ERR_AMOUNT when an amount does not fit into 64 bits. */
MUST_USE enum err ledger_make(struct plan *plan, const struct formulation *f,
                              const struct schedule *s, const struct decision *decision);

/* Compares the total of the bill with the objective function at the same schedule; ledger_make does so for every plan. */
MUST_USE enum err ledger_check(const struct plan *plan, double objective, struct diag *d);

/* Of one unit of `amount`, so that amount x parts x times fits into 64 bits: millionths, or the next coarser power of
 * ten; 0 when not even whole units fit. */
int64_t ledger_parts(double amount, double times);

/* Neighbouring lines from `first` on, of one demand, that differ in nothing but the quantity become one, so that rounding happens
 * once; their amounts are not set. */
void ledger_merge(struct plan *p, size_t first);

/* Total of the lines that count for a budget. */
micro_t ledger_budget(const struct plan *plan, const struct budget *b);

#endif
