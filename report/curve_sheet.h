/* Commitment curves as sheets: cost against the number subscribed, and what each further machine saves. */
#ifndef REPORT_CURVE_SHEET_H
#define REPORT_CURVE_SHEET_H

#include "report/formats.h"

/* One curve of a planned result for people: with title and notes. */
struct sheet curve_sheet(const struct result *r, const struct commitment_curve *c, struct arena *a);

/* An empty tidy sheet for machines, a row per point; adds the curves of a result. */
struct sheet curves_sheet(struct arena *a);
void curves_rows(struct sheet *sheet, const struct result *r);

#endif
