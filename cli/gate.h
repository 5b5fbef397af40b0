/* Gates: conditions on the figures of a plan, for `--fail-if`. */
#ifndef CLI_GATE_H
#define CLI_GATE_H

#include "report/simulation.h"
#include "report/summary.h"

enum comparison { ABOVE, AT_LEAST, BELOW, AT_MOST };

struct gate {
    const char *text;   /* as written */
    const char *figure; /* one of summary_figures */
    enum comparison comparison;
    double limit;
};

/* Reads "cost > 900000", "gap >= 1%"; with `luck` also figures of simulation: "p90 > 900000", "late > 5%". Errors:
 * ERR_GATE. */
MUST_USE enum err gate_parse(struct gate *g, const char *text, bool luck, struct arena *a,
                             struct diag *d);

/* It names a figure of simulation. */
bool gate_needs_luck(const struct gate *g);

/* Whether the condition holds, that is whether the gate fails; false without a plan, or for a figure of simulation where
 * `luck` is NULL. *value is the figure. */
bool gate_fails(double *value, const struct gate *g, const struct summary *s,
                const struct simulation *luck);

#endif
