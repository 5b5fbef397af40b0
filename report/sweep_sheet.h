/* Points of a sweep as a sheet: one row each, where money flattens out, which are on the frontier. */
#ifndef REPORT_SWEEP_SHEET_H
#define REPORT_SWEEP_SHEET_H

#include "report/bill.h"

/* What came of one point. All zero: not computed yet. */
struct sweep_point {
    const char *status; /* as in result files; "error": not valid; NULL: not computed */
    bool has_plan, has_jobs;
    micro_t cost;
    double bound, gap, machine_h;
    long machines;
    int64_t finish_us, late_us;
    const char *finish;  /* local time, "" without jobs */
    const char *message; /* why there is no plan; "" */
    size_t worlds;       /* simulated; 0: none */
    struct bill_luck luck;
    bool now, knee, dominated;
};

struct sweep_axis {
    const char *path;
    const char *const *values;
    const double *numbers; /* NAN where they have no common measure */
    size_t n;
    bool durations; /* numbers are hours: a duration or a moment */
};

/* Figures that a frontier can be drawn in; smaller is better. */
extern const char *const frontier_figures[]; /* ends with NULL */

struct sweep_table {
    const char *title, *currency;
    size_t n_axes; /* 1 or 2; the last runs fastest */
    const struct sweep_axis *axes;
    size_t n;
    struct sweep_point *points; /* [n] marks are filled here */
    size_t n_figures;
    const char *const *figures; /* of the frontier; none: no frontier asked for */
};

/* Marks the frontier (what no other point beats in every figure) and, along one axis of numbers, the knee: where the curve lies
 * furthest below the straight line between its ends. */
struct sheet sweep_sheet(const struct sweep_table *t, struct arena *a);

/* One uncertain number: the cost at its low and its high end, all else at base. */
struct swing {
    const char *path;
    const char *low_value, *base_value, *high_value;
    const struct sweep_point *low, *high;
};

/* Which number moves the total most: the widest swing first, of expected costs where all was simulated. */
struct sheet sensitivity_sheet(const char *title, const char *currency,
                               const struct sweep_point *base, const struct swing *swings, size_t n,
                               struct arena *a);

#endif
