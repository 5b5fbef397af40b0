/* Plans as sheets for people: the table and the markdown format print the same rows. */
#ifndef REPORT_PLAN_SHEET_H
#define REPORT_PLAN_SHEET_H

#include "report/formats.h"

/* One plan: a tree of workloads with its lines, the total, and the notes below; or, when there is none, what clashes.
 * `r->plan` is there. Amounts are rounded so that they add up. */
struct sheet plan_sheet(const struct result *r, const struct report *report, struct arena *a);

/* One line per variant, each against the first of them. */
struct sheet variants_sheet(const struct report *r, struct arena *a);

#endif
