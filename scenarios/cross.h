/* Checks that need more than one value, on the merged scenario. Private to scenarios. */
#ifndef SCENARIOS_CROSS_H
#define SCENARIOS_CROSS_H

#include "scenarios/types.h"

MUST_USE enum err cross_check(const struct scenario *s, const struct reading *reading,
                              struct arena *a, struct diag *d);

#endif
