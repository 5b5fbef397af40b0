/* Other plans for little more money, as a table. */
#ifndef REPORT_ALTERNATIVES_SHEET_H
#define REPORT_ALTERNATIVES_SHEET_H

#include "report/formats.h"
#include "solver/alternatives.h"

struct sheet alternatives_sheet(struct arena *a, double within);
/* The plan of a variant, and below it what else could be done. */
void alternatives_rows(struct sheet *sheet, const struct result *r, const struct alternative *list,
                       size_t n);

#endif
