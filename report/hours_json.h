/* What result files say of hours for pages to draw: machines that services need, answer times, how spot prices go by the week. */
#ifndef REPORT_HOURS_JSON_H
#define REPORT_HOURS_JSON_H

#include "solver/plan.h"
#include <jansson.h>

/* [{"from_h", "to_h", "machines"}]: what the mean load of service `i` needs, the horizon through; NULL: not known. */
json_t *needed_json(const struct plan *p, size_t i);

/* Adds "answer_time" or "blocked" to service `i`, by hour of the week; neither where the service is sized by a measured table. */
void waits_put(json_t *service, const struct plan *p, size_t i, struct arena *a);

/* [{"instance_type", "region", "zone", "hours", "by_hour"}] of spot_weeks(); NULL: there are none. */
json_t *spot_weeks_json(const struct plan *p, struct arena *a);

#endif
