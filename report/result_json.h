/* Results as JSON documents, in memory. */
#ifndef REPORT_RESULT_JSON_H
#define REPORT_RESULT_JSON_H

#include "report/formats.h"
#include <jansson.h>

/* The parts of a result that a check of it reads: summary, inputs, timeline, datasets, commitments, ledger, certificate. `rows` false:
 * without stretches of jobs, lines of the bill and prices, of which there may be millions. */
json_t *result_core_json(const struct result *r, const char *version, bool rows, struct arena *a);

#endif
