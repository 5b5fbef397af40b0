/* What was solved around a plan, in its result file. Only for the files that write JSON. */
#ifndef REPORT_AROUND_JSON_H
#define REPORT_AROUND_JSON_H

#include "report/what_if.h"
#include <jansson.h>

/* {"plans", "points"}. */
json_t *around_json(const struct solved_around *s, struct arena *a);

#endif
