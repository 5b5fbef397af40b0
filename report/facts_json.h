/* Facts in result files that pages draw: how costs spread over worlds, load by hour of the week, where prices come from. Only for the
 * files that write JSON. */
#ifndef REPORT_FACTS_JSON_H
#define REPORT_FACTS_JSON_H

#include "report/formats.h"
#include "report/simulation.h"
#include <jansson.h>

/* {"from", "width", "counts"}: worlds by their cost, in steps of a round width; NULL when all cost the same. */
json_t *distribution_json(const struct simulation *s);

/* Mean load in each hour of the local week, Monday 0:00 first, 168 numbers; null: no such hour in the horizon. */
json_t *load_by_hour_json(const struct scenario *s, const struct service *service);

/* Every price the plan pays, with its source, day and confidence; where it is a share of another price, both. */
json_t *sources_json(const struct plan *p, struct arena *a);

#endif
