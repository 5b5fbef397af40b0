/* From a plan to the numbers people read. Nothing here knows how they are printed. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "solver/plan.h"

#define NO_INDEX SIZE_MAX

/* Ledger lines of the same thing, added over months and owners. */
struct summary_line {
    enum ledger_part part;
    size_t offer, dataset; /* NO_INDEX: not of one */
    const char *note, *unit;
    struct ratio price; /* per unit */
    double quantity;    /* in `unit` */
    long machines;      /* compute: most of them at one time for this workload; else 0 */
    micro_t amount;
    bool estimated; /* rests on an estimated price row */
};

enum group_kind { GROUP_WORKLOAD, GROUP_STORAGE, GROUP_COMMITMENTS, GROUP_OTHER };

struct summary_group {
    enum group_kind kind;
    size_t workload; /* GROUP_WORKLOAD only, else NO_INDEX */
    micro_t amount;  /* sum of its lines */
    size_t n_lines;
    struct summary_line *lines;
};

/* How the jobs of one workload end. */
struct summary_finish {
    size_t n_jobs, n_late;
    int64_t finish_us, due_us; /* of the job that ends last; from the start of the horizon */
    int64_t late_us;           /* of the job that is latest; 0: none is */
};

enum budget_state { BUDGET_OK, BUDGET_WARN, BUDGET_OVER };

/* One limit on money: the whole plan or its dearest month, of all or of one owner. */
struct summary_budget {
    const char *owner; /* NULL: all */
    const char *month; /* NULL: the whole plan; else the month that comes nearest to the limit */
    micro_t planned, limit;
    double warn_at; /* fraction of the limit; 0: not asked for */
    enum budget_state state;
};

struct summary {
    const struct plan *plan;
    const char *status; /* "optimal", "feasible", "infeasible", "none": the word in result files */
    bool has_plan;      /* optimal or feasible: the numbers below mean something */
    micro_t cost, estimated;
    double bound, gap, estimated_share; /* shares in [0, 1] */
    double whole_bound, whole_gap; /* of whole machines; the same two where no better is known */
    double machine_h;
    long machines;              /* most held at one time, all workloads together */
    int64_t finish_us, late_us; /* latest finish, and largest lateness, of all jobs */
    size_t n_groups;
    struct summary_group *groups;    /* workloads in file order, then storage, commitments, other */
    struct summary_finish *finishes; /* [scenario->n_workloads] */
    size_t n_budgets;
    struct summary_budget *budgets;
};

/* Reads `p` only. Errors: ERR_INTERNAL when the ledger does not add up to the plan's cost. */
MUST_USE enum err summary_make(struct summary *s, const struct plan *p, struct arena *a,
                               struct diag *d);

const char *plan_status_word(enum plan_status status); /* never translated */

/* Value of a figure that a gate may name (cost, bound, gap, machine_hours, estimated_share); false when
 * there is no such figure or no plan to take it from. */
bool summary_figure(double *value, const struct summary *s, const char *name);
extern const char *const summary_figures[]; /* their names, ends with NULL */

#endif
