/* The layers of a scenario on top of each other: kind defaults < include < templates < defaults < workload <
 * variant.from chain < variant.set < --set. Within a variant `remove` acts before `set`. `include` is done when the document is read (include.h); settings change the
 * document before templates and defaults are spread over the workloads. */
#ifndef SCENARIOS_MERGE_H
#define SCENARIOS_MERGE_H

#include "scenarios/include.h"
#include "scenarios/scenario.h"

/* Checks every variant (chains, paths, values), and the names and paths in compare and sweep. */
MUST_USE enum err variants_check(struct document *document, struct arena *a, struct diag *d);

/* Applies the chosen variant, its chain first, then the settings of the command line. */
MUST_USE enum err variants_apply(struct document *document, const struct scenario_options *options,
                                 struct arena *a, struct diag *d);

/* Spreads kind defaults, templates and defaults: every workload of `*merged` is complete, and templates, defaults and
 * include are gone. Every node has its layer. */
MUST_USE enum err layers_spread(struct node **merged, struct document *document, struct arena *a,
                                struct diag *d);

#endif
