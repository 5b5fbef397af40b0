/* What every scenario that people start from says about subscriptions. */
#ifndef CLI_STARTER_H
#define CLI_STARTER_H

#include "common/arena.h"

/* Lines of a workload, "    purchase: [" and its comment. `markets` is a list such as "autoscaled, on_demand" without
 * subscription: horizons of a month would buy terms of a year, which the user has to ask for. In the arena. */
const char *purchase_lines(const char *markets, struct arena *a);

/* A ready-made scenario of at most a month with subscription taken from the end of every list of markets, and the
 * comment of purchase_lines behind those of workloads. Lists of which it is the first or only market ask for it by
 * name and stay. In the arena. */
const char *without_terms(const char *text, struct arena *a);

/* A ready-made scenario with its comments in the language of the reader: each comment of a line is a message of po/. Nothing but
 * comments changes. In the arena. */
const char *comments_translated(const char *text, struct arena *a);

#endif
