/* Sensitivity: every {low, base, high} of a scenario at its ends, all else at base. */
#ifndef CLI_SENSITIVITY_H
#define CLI_SENSITIVITY_H

#include "cli/sweep.h"

/* Every uncertain number of the merged scenario, in its order. Errors: ERR_NOT_FOUND when there is none. */
MUST_USE enum err swings_find(struct swing **swings, size_t *n, const struct scenario *s,
                              struct cli *cli);

/* The points of a sweep: base first, then low and high of each. */
void swings_points(struct sweep *s, const struct swing *swings, size_t n, struct arena *a);

/* After sweep_run. */
struct sheet swings_sheet(const struct sweep *s, struct swing *swings, size_t n,
                          const struct scenario *scenario, struct cli *cli);

#endif
