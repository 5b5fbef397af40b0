/* Budgets: planned and simulated money by owner, month or tag, against its limits. */
#ifndef REPORT_BUDGET_H
#define REPORT_BUDGET_H

#include "report/sheets.h"
#include "sim/run.h"
#include "sim/stats.h"

enum budget_by { BY_OWNER, BY_MONTH, BY_TAG };

/* One line of the table. Amounts are of the plan's currency. */
struct budget_row {
    const char *name;  /* owner, "key=value" of a tag; NULL: nobody's, without tags, or the total */
    const char *month; /* "2026-12"; NULL: the whole plan */
    bool total, has_limit;
    micro_t planned, limit;
    enum budget_state state; /* of `at_confidence` where simulated, else of planned */
    /* simulated only */
    double expected, p50, p90, at_confidence; /* the latter: quantile at the confidence asked for */
    struct proportion over;                   /* worlds above the limit */
};

struct budget_table {
    enum budget_by by;
    const struct result *result;
    const struct outcomes *luck; /* NULL: not simulated */
    double confidence;           /* 0.9 */
    double warn_at;              /* fraction of the limit; 0: not asked for */
    size_t n;
    struct budget_row *rows;    /* owners in the order of the file, nobody last; then totals */
    const char *const *unowned; /* workloads without an owner that cost money */
    size_t n_unowned;
};

/* Fills rows and unowned; by, result, luck, confidence and warn_at are given. The rows that are no totals add up to the totals
 * (of tags: per key of tag). Errors: ERR_INTERNAL when they do not; ERR_AMOUNT for a limit too large. */
MUST_USE enum err budget_fill(struct budget_table *t, struct arena *a, struct diag *d);

/* The table with its notes; the title names scenario and variant. */
struct sheet *budget_sheet(const struct budget_table *t, struct arena *a);

/* Some limit is passed: planned, or at the confidence where simulated. */
bool budget_passed(const struct budget_table *t);

#endif
