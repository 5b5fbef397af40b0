/* Simulated figures for programs. Only for format_json.c. */
#ifndef REPORT_SIMULATION_JSON_H
#define REPORT_SIMULATION_JSON_H

#include "report/formats.h"
#include "report/simulation.h"
#include <jansson.h>

/* expected, p10 ... late, over_budget, each probability with its interval: keys of the summary. */
void simulation_summary_put(json_t *summary, const struct simulation *s);
json_t *promises_json(const struct result *r);
json_t *simulation_json(const struct simulation *s);

#endif
