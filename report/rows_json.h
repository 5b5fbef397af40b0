/* The long lists of a result, entry by entry, and the values that all parts of a result are made of. Sees jansson. */
#ifndef REPORT_ROWS_JSON_H
#define REPORT_ROWS_JSON_H

#include "report/formats.h"
#include "report/json_out.h"

json_t *real_json(double value);    /* null: not finite */
json_t *money_json(micro_t amount); /* in units of the currency */
json_t *time_json(int64_t us);      /* in hours */
/* The keys instance_type, market, region, zone; null for NO_INDEX. */
void offer_put(json_t *o, const struct plan *p, size_t offer, struct arena *a);
/* Their names; null for NO_INDEX. */
json_t *workload_json(const struct plan *p, size_t workload, struct arena *a);
json_t *dataset_json(const struct plan *p, size_t dataset, struct arena *a);

/* The entries of one list. */
typedef void rows_fn(struct json_rows *rows, const struct result *r);
rows_fn rows_lines;      /* plan[]: what to buy */
rows_fn rows_timeline;   /* timeline[]: stretches of jobs, holdings of services */
rows_fn rows_holdings;   /* timeline[] without those of jobs */
rows_fn rows_jobs;       /* jobs[] */
rows_fn rows_ledger;     /* ledger[] */
rows_fn rows_candidates; /* candidates[] */

/* The list as a tree; written as a member of the open object. */
json_t *rows_tree(rows_fn *add, const struct result *r, struct arena *a);
void rows_put(struct json_out *o, const char *key, rows_fn *add, const struct result *r);

#endif
