/* The stages of plan_solve, private to them: whole decisions (whole.c), timeline and bill (execute.c), what is told (tell.c). */
#ifndef SOLVER_PLANNER_H
#define SOLVER_PLANNER_H

#include "solver/ledger.h"

/* A share of a home or a machine count this close to a whole number is one (LP feasibility is 1e-9). */
#define WHOLE 1e-6
/* Columns of an LP beyond which one that is solved again costs seconds. */
enum { MOST_TREE_COLUMNS = 40000 };

struct planner {
    struct plan *plan;
    struct model *m;
    struct formulation *f;
    const struct plan_settings *settings;
    struct arena *arena;
    struct diag *diag;
    struct lp_result relaxed_again;  /* with tightened budgets */
    struct lp_result relaxed, fixed; /* the LP; the LP with whole decisions */
    struct decision decision;
    double *home, *extra, *bought;
    struct schedule schedule;
    struct fleet *fleets;
    struct crowd_run
        *crowd;     /* crowd_solve.h: jobs were put together; NULL: the plain formulation */
    double missing; /* largest share of a rate demand's load without machines */
    double
        whole_bound, /* no plan of whole machines costs less; the LP's bound where nothing better is known */
        tree_bound; /* of the last tree of whole numbers (fix_whole); -INFINITY: none */
};

/* whole.c */
bool is_solved(const struct lp_result *r);
bool all_whole(const struct lp *lp, const double *x);
/* Takes the last digits off counts in p->fixed; machines by the hour that are left in parts stay so (fleets_make). */
void settle_counts(const struct planner *p);
/* Whole homes and counts into p->fixed: branch and bound, or rounding where that takes too long. */
MUST_USE enum err fix_whole(struct planner *p);
/* The same by rounding alone: counts to the nearest whole number, or upwards first. */
MUST_USE enum err round_whole(struct planner *p, bool up_first);

/* fleet_fix.c */
/* Searches the machines that services keep all the time, from an LP solution x on, and writes them (and where a service alone
 * has its datasets) into both arrays of columns; sets p->whole_bound. Returns for how many services; *again: other columns
 * depend on them. */
size_t fleets_search(struct planner *p, const double *x, double *low, double *high, bool *again);
/* Fixes the columns of homes of datasets that one service has for itself: the site at which the program costs least,
 * whose solution becomes p->relaxed. */
MUST_USE enum err fleets_choose_sites(struct planner *p);

/* gang_fix.c */
/* A gang without a place, for which fewer machines were bought than it holds at a time. */
struct gang_purchase {
    size_t demand, limit;
    double machines; /* that it needs of the limit */
};
/* The first one in the last timeline; false: there is none. */
bool gang_find(struct gang_purchase *out, const struct planner *p);
/* Change columns of the LP: enough machines for the gang are bought, or the gang uses none of them. */
void gang_raise(const struct planner *p, const struct gang_purchase *g);
void gang_forbid(const struct planner *p, const struct gang_purchase *g);

/* execute.c */
/* Whole decisions, the cheapest timeline found, and its bill; budgets are kept. Sets plan->status. */
MUST_USE enum err execute(struct planner *p);

/* tell.c */
/* Everything of the plan that is not timeline or bill. ERR_INTERNAL when the plan is cheaper than its bound. */
MUST_USE enum err tell(struct planner *p);

/* Whether how far prices of limits hold is looked for, of a program like lp. */
static inline bool ranges_wanted(const struct plan_settings *settings, const struct lp *lp)
{
    return settings->ranges &&
           (!settings->range_rows || (lp && lp->n_rows <= settings->range_rows));
}

#endif
