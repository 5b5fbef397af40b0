/* Whole machines of one rate demand as a small problem of its own: a number of machines that stays the same all the time for
 * each fixed fleet and bought subscription, and in every period the cheapest hourly machines beside them. With the fixed
 * numbers given, periods hang together by starts alone, so the rest is exact: a menu of crews (numbers of hourly machines)
 * answers for every load what it costs, and a path through time weighs starts. One request class; load left out is given.
 * The search over fixed numbers counts its work, not its time: the same input gives the same plan on any machine. */
#ifndef SOLVER_SIZING_H
#define SOLVER_SIZING_H

#include "solver/model.h"

/* Load is served when no more than this share is missing (LP feasibility). */
#define LOAD_ENOUGH 1e-9

enum sizing_part {
    SIZING_OUT,    /* not to be had: no column, or its datasets lie elsewhere */
    SIZING_FIXED,  /* one number for all periods */
    SIZING_HOURLY, /* a number for each period */
};

/* Hours at one sizing load under the same limits; by regime, then load. */
struct sizing_group {
    size_t regime;
    double load, hours;
    double hours_so_far; /* of this regime, up to this load */
};

struct sizing {
    struct arena *arena;
    const struct model *m;
    const struct formulation *f;
    const struct served *v;
    size_t service, T, n; /* n: options */
    enum sizing_part *part;
    bool *boots;   /* [n] hourly and started, not prepaid */
    double *price; /* [n] per machine and hour held; of a subscription what it is bought for, too */
    double *start; /* [n] money per start */
    long *most;    /* [n] more machines of it never help */
    double *load;  /* [T] sizing load that must be carried */
    double peak, steady; /* steady: share of the load that spot machines do not count for */
    double hours;        /* of the horizon */
    size_t n_tight;
    size_t *tight;     /* [n_tight] limits that could be reached */
    double *units;     /* [n][n_tight] */
    size_t n_regimes;  /* periods of the same regime leave the same of every limit */
    size_t *regime_of; /* [T] */
    double *left;      /* [n_regimes][n_tight] */
    size_t n_groups;
    struct sizing_group *groups;
    long work; /* done so far: crews compared */
};

/* How the problem is to be seen. */
struct sizing_view {
    const double *x;      /* LP solution: shares left out, where datasets lie */
    const double *bought; /* [limits] */
    const double *use;    /* [limits][T] what others take */
    size_t site;          /* where its datasets lie; NONE: where x says */
    bool
        open_commitments; /* commitments that others may use too are not yet decided: there is no problem then */
};

/* False: not of this form (several classes, load that may be left out in the search, too many regimes). */
bool sizing_make(struct sizing *z, const struct formulation *f, size_t service,
                 const struct sizing_view *view, struct arena *a);

/* Numbers of hourly machines beside a fixed fleet, cheapest first, each carrying more than those before it. */
struct menu {
    size_t n;
    double *cost,
        *load;   /* [n] per hour; largest sizing load they carry together with the fixed ones */
    int *counts; /* [n][options] */
};

/* The menu of a regime for fixed numbers anywhere between low and high: what high carries and low takes of the limits, which
 * is exact where the two are equal and never too dear otherwise. False: too many crews to look at. */
bool menu_make(struct menu *menu, struct sizing *z, const long *low, const long *high,
               size_t regime, struct arena *a);

/* Least money of the horizon for fixed numbers between low and high, starts left out; a bound where the two differ. INFINITY:
 * they cannot serve. NAN: too many crews. */
double sizing_value(struct sizing *z, const long *low, const long *high);

/* The cheapest machines of every period for these fixed numbers, starts counted, into machines [n][T]; false: impossible, or
 * too many crews. *cost is its money, *exact whether nothing cheaper exists. */
bool sizing_path(struct sizing *z, const long *fixed, long *machines, double *cost, bool *exact);

/* Largest sizing load that these machines carry, counts [n]; -1: a number that must be kept is not. */
double sizing_load(const struct sizing *z, const long *counts);
bool sizing_allows(const struct sizing *z, const long *counts,
                   size_t regime); /* the tight limits */
/* Money of machines [n][T] over the horizon, starts counted. */
double sizing_cost(const struct sizing *z, const long *fixed, const long *machines);
/* Makes machines that were booted stay for the cooldown: by keeping them, and where that passes a limit, or is dearer, by crews
 * that only grow and shrink as a whole. *exact becomes false where that costs something. False: neither is possible. */
bool sizing_hold(struct sizing *z, const long *fixed, long *machines, bool *exact);

struct sizing_answer {
    long *fixed;  /* [n] */
    double cost;  /* without what a cooldown adds */
    double bound; /* no whole machines cost less */
};
/* Searches fixed numbers from `from` on. False: none found. */
bool sizing_search(struct sizing_answer *out, struct sizing *z, const long *from);

#endif
