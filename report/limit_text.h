/* What is said of the price of a limit. */
#ifndef REPORT_LIMIT_TEXT_H
#define REPORT_LIMIT_TEXT_H

#include "report/formats.h"

/* Money with as many decimals as it takes to read it. */
const char *saving_text(struct arena *a, double value);
/* What one unit more saves on a day of the horizon. */
double limit_day(const struct plan *p, const struct shadow *s);
/* How far the price holds, what comes then, and what one unit less costs: "for the next 3, then 0.80 each; one less costs 2.10".
 * Where nothing is saved, why. */
const char *limit_range(const struct shadow *s, struct arena *a);

#endif
