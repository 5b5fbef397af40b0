/* Certificates in result files (docs/certificates.md). */
#ifndef REPORT_CERTIFICATE_JSON_H
#define REPORT_CERTIFICATE_JSON_H

#include "report/formats.h"
#include <jansson.h>

/* Where the datasets of a workload lie for a stretch or holding: their classes in the order of `storage`; null: it has none. */
json_t *storage_json(const struct plan *p, size_t workload, size_t placement);
/* The commitment an offer is of, or null. */
json_t *commitment_json(const struct plan *p, size_t offer, struct arena *a);
/* "quantity/den" of a ledger line. */
json_t *fraction_json(int64_t quantity, int64_t den, struct arena *a);
/* What an hour of each machine in the timeline is worth, once for all jobs that see the same choices. */
json_t *derived_json(const struct plan *p, struct arena *a);
/* `prices` false: without them. */
json_t *certificate_json(const struct result *r, bool prices, struct arena *a);

#endif
