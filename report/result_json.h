/* Results as JSON documents, in memory. */
#ifndef REPORT_RESULT_JSON_H
#define REPORT_RESULT_JSON_H

#include "report/formats.h"
#include <jansson.h>

/* The parts of a result that a check of it reads: summary, inputs, timeline, datasets, commitments, ledger, certificate. */
json_t *result_core_json(const struct result *r, const char *version, struct arena *a);

#endif
