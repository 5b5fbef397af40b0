/* What policies cost on windows of a trace, as sheets: a summary per policy, and every window. */
#ifndef REPORT_REPLAY_SHEET_H
#define REPORT_REPLAY_SHEET_H

#include "report/sheet.h"
#include "sim/replay.h"

struct replay_table {
    const char *title;
    size_t n_windows, n_policies;
    const struct trace_window *windows;    /* [n_windows] */
    const struct policy *const *policies;  /* [n_policies]; NULL: hindsight */
    const struct replay_outcome *outcomes; /* [n_windows][n_policies] */
    double confidence;                     /* of the intervals, e.g. 0.95 */
};

/* A row per policy: mean cost with its interval, spread, finish, how often late, how far above
 * hindsight, and the room closed: the share of the distance from the better of greedy_safety and
 * uniform_progress, as far as asked for, to hindsight (of mean costs) that a policy saves. */
struct sheet replay_summary_sheet(const struct replay_table *t, struct arena *a);
/* A row per window and policy: cost, finish, late; what was held. */
struct sheet replay_windows_sheet(const struct replay_table *t, struct arena *a);
struct sheet replay_ticks_sheet(const struct replay_table *t, struct arena *a);

struct fleet_table {
    const char *title;
    size_t n_windows;
    const struct trace_window *windows;   /* [n_windows] */
    const struct fleet_outcome *outcomes; /* [n_windows] */
    const double *on_demand_cost;         /* [n_windows] of the same nodes, all on-demand */
};
struct sheet fleet_windows_sheet(const struct fleet_table *t, struct arena *a);

#endif
