/* From an LP solution to a timeline that machines can follow: whole machines, whole gangs, few starts. */
#ifndef SOLVER_SCHEDULE_H
#define SOLVER_SCHEDULE_H

#include "solver/resize.h"

/* Use of a capacity over time: used[i] holds in [at[i], at[i + 1]); the last value to the end of time. */
struct profile {
    struct arena *arena;
    size_t n;
    int64_t *at;
    double *used;
};
void profile_init(struct profile *p, struct arena *a);
void profile_add(struct profile *p, int64_t from_us, int64_t to_us, double units);
double profile_at(const struct profile *p, int64_t us);
/* The same on the way through time: *next is SIZE_MAX at first, then the first change after us; us does not go back. */
double profile_walk(const struct profile *p, size_t *next, int64_t us);
/* First change after us, or INT64_MAX. */
int64_t profile_next(const struct profile *p, int64_t us);

/* Paid machine-hours of an option that a demand wants inside [from_us, to_us) of its open hours. */
struct amount {
    size_t demand, option;
    int64_t from_us, to_us;
    double paid_h;
};
struct amounts {
    size_t n;
    struct amount *items;
};

enum merging {
    MERGE_STARTS,  /* amounts per month, and an option left where that saves less than a start */
    MERGE_MONTHS,  /* amounts per month (late work apart) */
    MERGE_NOTHING, /* amounts per period, as the LP says */
};

/* Reads the amounts of an LP solution x. The amounts of a demand are scaled to its work exactly. */
void amounts_make(struct amounts *out, const struct formulation *f, const double *x,
                  enum merging merging);

/* Machines of stretch `from` that work on in stretch `to` without a pause. */
struct passing {
    size_t from, to;
    long machines;
};

struct lane; /* openings.c */

struct schedule {
    struct arena *arena;
    const struct model *model;
    const struct formulation *f;
    const double *bought; /* [limits] machines of new subscriptions */
    const double *home;   /* share of each dataset in each home, as the columns of f; NULL: none */
    double **at_home;     /* [demands] NULL, or as `home`: work placed where the dataset lies */
    size_t n_terms;
    size_t *terms; /* of the limits the subscriptions: every count of free machines looks at them */
    size_t n_lanes;
    struct lane *lanes; /* for openings_find, used again and again; */
    size_t n_room;
    struct piece *room;     /* so is this */
    struct profile *limits; /* [limits] units in use */
    struct profile *reads;  /* [pools] MB/s being read */
    struct profile *own;    /* [demands] GPUs (divisible) or 1 while a gang works */
    struct stretch *stretches;
    size_t n_stretches;
    size_t *option_of;
    size_t n_option_of; /* option of each stretch */
    size_t n_passings;
    struct passing *passings; /* by `to` */
    size_t *site_of;          /* [workloads] where its datasets lie; NONE: not decided */
    double *left;             /* [demands] reference hours of work not placed */
};

/* What stands before any work is placed: machines bought [limits], shares of datasets (as the columns of homes of f, or NULL),
 * machines of services. */
struct decided {
    const double *bought, *home;
    const struct fleet *fleets;
};

/* Places the amounts, demands with the earliest deadlines first; what does not fit goes wherever the demand may still
 * run, cheapest first. Limits are never exceeded at any microsecond, and
 * no more is done in a place than its part of the data allows. */
void schedule_make(struct schedule *s, const struct formulation *f, const struct decided *decided,
                   const struct amounts *amounts);
double
schedule_left(const struct schedule *s); /* largest share of a demand's work that found no place */

/* By demand, then time, then offer; option_of goes with them. For the functions above and below. */
void schedule_sort(struct schedule *s);

/* The LP solution itself as stretches (integrality: none): fractional machines, one stretch per period. */
void schedule_relaxed(struct schedule *s, const struct formulation *f, const double *bought,
                      const double *x);

#endif
