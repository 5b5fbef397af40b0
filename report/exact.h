/* The exact optimum in words and in JSON (solver/plan_exact.h). */
#ifndef REPORT_EXACT_H
#define REPORT_EXACT_H

#include "solver/plan_exact.h"
#include <jansson.h>

/* One line for people; NULL: not asked for, or not found (a finding says why). */
const char *exact_text(const struct plan *p, struct arena *a);
/* `p` has been asked for it. */
json_t *exact_json(const struct plan *p, struct arena *a);

#endif
