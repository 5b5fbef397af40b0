/* Deadlines that hold with confidence (window.confidence). */
#ifndef CLI_PROMISES_H
#define CLI_PROMISES_H

#include "cli/commands.h"

/* What is planned, and how. */
struct promise_request {
    const struct scenario *scenario;
    const struct price_book *book;
    const struct plan_settings *settings;
};

/* Plans the scenario so that every workload with window.confidence is in time in that share of worlds: an hour of its spot counts as
 * gamma times its expectation, gamma the largest for which lateness stays inside the limit on one fixed set of worlds (bisection;
 * 1 where that holds already). What is reached is then counted on other worlds: result->promises. Without confidence: plan_solve
 * alone. Errors: those of plan_solve and of worlds; ERR_CONFIDENCE when no gamma is small enough. */
MUST_USE enum err promises_keep(struct result *result, struct plan *plan,
                                const struct promise_request *r, struct cli *cli, struct diag *d);

#endif
