/* Words of result files in the reader's language: what a market, a part, a line of a saved run is called. */
#ifndef REPORT_SAVED_TEXT_H
#define REPORT_SAVED_TEXT_H

#include "report/saved_run.h"

/* Translated; the word itself where it is not known. */
const char *saved_market_label(const char *word);
const char *saved_part_label(const char *word);
const char *saved_status_label(const char *word);
const char *saved_state_label(const char *word); /* of a budget */
const char *saved_commitment_label(const char *word);

/* "4 x ecs.gn7i...  spot, unprotected, cn-shenzhen", "licence: Houdini", "corpus: storage". */
const char *saved_line_text(const struct saved_line *l, struct arena *a);

/* What the scenario calls the variant in this language; NULL: it says nothing, as for most `base`. */
const char *saved_variant_label(const struct saved_run *r, bool chinese, struct arena *a);

/* Likewise of a workload, with its name: see labelled_text. */
const char *saved_workload_title(const struct saved_run *r, const char *workload, struct arena *a);

struct retell;

/* Copies of the runs whose names, findings, assumptions, limits and conflicts are told in one language, whatever that of the run. */
const struct saved_run *saved_runs_retold(const struct saved_run *runs, size_t n,
                                          const struct retell *r, bool chinese, struct arena *a);

#endif
