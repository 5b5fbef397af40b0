/* Plan against bill: what was planned and what was spent, by owner and month, and why they differ. */
#ifndef REPORT_ACTUAL_H
#define REPORT_ACTUAL_H

#include "pricing/spend.h"
#include "report/formats.h"

/* One owner in one month. actual - planned_to_date = price + volume + mix + other, to the micro-unit. For machines, by type and
 * way of paying, with q hours, p = money per hour, sums Q and mean planned price P:
 *   price   sum over what both have of (p actual - p planned) x q actual
 *   volume  (Q actual - Q planned) x P
 *   mix     the rest: other machines or markets than planned
 * other: storage, subscriptions billed without hours, and whatever is no machine. */
struct actual_row {
    const char *owner; /* "" nobody */
    const char *month; /* "2026-12" */
    bool total;
    micro_t planned, planned_to_date, actual;
    micro_t price, volume, mix, other;
    double planned_h, actual_h; /* machine-hours, to date */
    micro_t
        forecast; /* to the end of the month: actual, then the plan times actual / planned to date */
};

struct actual_table {
    const struct result *result; /* with a plan */
    const struct spend *spend;
    moment_t until;  /* the bill holds everything before it, local time */
    micro_t outside; /* money of the bill in months that the plan does not have */
    size_t n;
    struct actual_row *
        rows; /* by month, then owners in the order of the file, others, nobody; a total per month */
};

/* Errors: ERR_SPEND_CURRENCY when the bill is in another currency than the plan; ERR_INTERNAL when parts do not add up. */
MUST_USE enum err actual_fill(struct actual_table *t, struct arena *a, struct diag *d);

struct sheet *actual_sheet(const struct actual_table *t, struct arena *a);

#endif
