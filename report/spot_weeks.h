/* How spot prices went by hour of the week, of what a plan buys. */
#ifndef REPORT_SPOT_WEEKS_H
#define REPORT_SPOT_WEEKS_H

#include "solver/plan.h"

enum { WEEK_HOURS = 168 }; /* Monday 0:00 first, local time */

struct spot_week {
    const struct offer *offer;  /* its type and place are meant */
    long hours;                 /* of the history with a known price, > 0 */
    double by_hour[WEEK_HOURS]; /* mean price as a share of that of all hours; NAN: not known */
};

/* By the histories of catalog.spot_history: of the three kinds of spot machines that the plan spends most on, without those that have
 * none. A history that cannot be read counts as none: who simulates with it is told what is wrong with it. */
struct spot_week *spot_weeks(size_t *n, const struct plan *p, struct arena *a);

#endif
