/* The limits of a scenario that a user could relax: each can be left out or, most of them, raised, on a copy of the scenario. */
#ifndef SOLVER_LEVER_H
#define SOLVER_LEVER_H

#include "scenarios/scenario.h"

enum lever_kind {
    LEVER_BUDGET,
    LEVER_OWNER_BUDGET,
    LEVER_QUOTA,
    LEVER_STOCK,
    LEVER_STOCK_STEPS, /* of a CSV file: all rows of one name and place */
    LEVER_DEADLINE,    /* hard ones of a workload, or of the rows of its job list */
    LEVER_WIDTH,       /* resources.max_workers */
    LEVER_SHARE,       /* spot_max_share */
    LEVER_FLEET,       /* autoscale.max */
    LEVER_HOURS,
    LEVER_DAYS,
    LEVER_MARKET, /* pay-as-you-go is not in purchase */
    LEVER_NVLINK,
    LEVER_CLASS, /* of a dataset */
    LEVER_CONFIDENCE,
};

struct lever {
    enum lever_kind kind;
    size_t index;    /* in the scenario's list of limits, owners, workloads or datasets */
    const char *key; /* "quota.A10-24GB", "workloads.train.window.deadline" */
    struct place at;
    bool stepped; /* can be raised in steps; else it can only be left out */
    bool listed;  /* its values stand in a CSV file: no --set reaches them */
};

/* All of the scenario's, budgets first. gamma: [n_workloads] what spot counts for, where a deadline asks for confidence; NULL. */
struct lever *levers_of(size_t *n, const struct scenario *s, const double *gamma, struct arena *a);

/* What is done to a lever. by: whole units of a quota, stock, width or fleet; money of a budget in the currency of the run,
 * percent of a share, hours of a deadline. */
struct lever_change {
    enum { LEVER_KEPT, LEVER_DROPPED, LEVER_RAISED } how;
    double by;
};

/* A scenario of its own with the changes[n] made, one per lever, and what spot counts for in it (gamma may be NULL). */
struct changed_scenario {
    struct scenario *scenario;
    const double *gamma;
};
struct changed_scenario levers_apply(const struct scenario *s, const double *gamma,
                                     const struct lever *levers, const struct lever_change *changes,
                                     size_t n, struct arena *a);

/* The value as a --set option would give it, raised by `by`: "28", "CNY 1200.00/month", "2026-12-05 06:00", "40%". NULL where
 * there is no one value. */
const char *lever_text(const struct scenario *s, const struct lever *l, double by, struct arena *a);
/* The --set option that makes the change; NULL: no option does. */
const char *lever_option(const struct scenario *s, const struct lever *l, struct lever_change c,
                         struct arena *a);
/* Of a budget: its limit, in the currency of the run. */
double lever_money(const struct scenario *s, const struct lever *l);
/* The largest step that means anything: a deadline at the horizon's end, all work on spot; INFINITY. */
double lever_room(const struct scenario *s, const struct lever *l);
/* Step by which it is raised, in the unit of lever_change. */
double lever_step(const struct scenario *s, const struct lever *l);
/* Unit of `by`, in the user's language. */
const char *lever_unit(const struct scenario *s, const struct lever *l, const struct price_book *b);

#endif
