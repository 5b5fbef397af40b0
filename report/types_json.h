/* The machines of a plan for programs: what one of each instance type is. Sees jansson. */
#ifndef REPORT_TYPES_JSON_H
#define REPORT_TYPES_JSON_H

#include "solver/plan.h"
#include <jansson.h>

/* The list `instance_types` of a result: every type the plan holds or subscribes to, once, in the order of first use. */
json_t *instance_types_json(const struct plan *p, struct arena *a);

#endif
