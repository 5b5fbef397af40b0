/* The plain formulation of model.md section 4 for work demands, before it becomes rows and columns: periods, limits,
 * placements of datasets, and the options (machine choices) of every demand. Pure data; private to the solver. */
#ifndef SOLVER_MODEL_H
#define SOLVER_MODEL_H

#include "scenarios/service.h"
#include "solver/plan.h"
#include "solver/rate_table.h"

#define NONE SIZE_MAX

/* Periods: from_us[t] .. from_us[t + 1]. Step multiples, cut where data change; equal neighbours are merged. A block is a
 * run of periods between which only the load of rate demands changes: to batch work they are one. */
struct grid {
    size_t n;
    int64_t *from_us;      /* [n + 1] */
    size_t *first, *after; /* [n] first period of t's block, and the one after its last */
    int *month;            /* [n] calendar month since the month of the start */
    int n_months;
};

enum limit_kind { LIMIT_QUOTA, LIMIT_STOCK, LIMIT_SUBSCRIPTION, LIMIT_SAVINGS_PLAN };

/* A capacity that running machines share: units in use at a time <= capacity, for savings plans money per hour. */
struct capacity {
    enum limit_kind kind;
    const char *key;   /* as the user wrote it: "quota.A10-24GB" */
    const char *owner; /* NULL: everybody's */
    size_t gpu,
        type; /* one of them, the other NONE; both NONE for LIMIT_SUBSCRIPTION and _SAVINGS_PLAN */
    const char *region, *zone; /* NULL: anywhere */
    bool in_gpus;              /* units are GPUs, else machines */
    size_t offer;              /* LIMIT_SUBSCRIPTION: the one offer it bounds */
    bool buys;                 /* capacity is a column (new subscription), not a number */
    double amount;             /* units; for steps the value before the first step (INFINITY) */
    double more;               /* tried on top of it, and on top of every step */
    size_t n_steps;
    const struct stock_step *const *steps; /* sorted by start; from stock CSV */
    double discount;                       /* LIMIT_SAVINGS_PLAN: off the list price, a fraction */
    int64_t until_us;                      /* commitment: nothing after it; INT64_MAX */
    struct place at;
};

/* Candidate of a dataset: a class in a region. */
struct home {
    size_t dataset, storage_class;
    const struct storage_class *class_;
    const char *region;
    struct storage_tariff tariff;
    struct ratio price_gib_h, egress_gib, retrieval_gib; /* in the run's currency */
    bool estimated;
};

/* A dataset of the scenario as the plan sees it: what is stored, for how long, who uses it. */
struct store {
    size_t dataset;
    double size_gib;             /* largest size any user states */
    int64_t from_us, keep_us;    /* paid from .. from + keep, also past the horizon */
    double egress_gib, read_gib; /* over the horizon */
    size_t n_users;
    size_t *users;       /* workloads */
    double floor_mbps;   /* largest `throughput` asked for */
    double min_size_gib; /* asked for by the user */
    bool split;          /* may lie in more than one class */
    size_t n_homes;
    struct home *homes;
};

/* One home for each dataset a workload uses, all in one region. */
struct site {
    const char *region; /* NULL: no datasets, any region */
    size_t *home;       /* [n_uses of the workload] index into the store's homes */
};

/* A machine choice of a group: offer under a site, with everything per paid machine-hour. */
struct option {
    size_t offer, site;
    struct fit fit;
    struct useful useful;
    struct interruption interruption; /* what `useful` was computed from */
    double rs_h;                      /* restart, also of a planned start */
    double stall;
    double work_per_h;                      /* g s u stall: reference hours of useful work */
    double clock_per_h;                     /* w / m: clock hours of a gang */
    double gpus_per_h;                      /* g w: for the parallel limit */
    double cost_per_h;                      /* price + licence + disk; what the LP pays */
    double disk_per_h, licence_per_h;       /* parts of it */
    struct ratio licence_price, disk_price; /* the same parts, exact */
    double list_per_h;                      /* savings plan: money of the plan used per hour */
    bool spot, estimated;                   /* the machine's price is an estimate */
    bool licence_estimated, disk_estimated; /* so is a part of theirs */
    size_t n_limits;
    struct use {
        size_t limit;
        double units;
    } * limits;
};

/* Demands that see the same options. */
struct group {
    const struct shape *shape;
    size_t workload;
    double work;         /* of each member where options depend on it, else NAN */
    bool service;        /* of a rate demand */
    bool capped;         /* divisible work with a parallel limit */
    bool first_of_shape; /* its candidates are the ones that are shown */
    size_t n_options;
    struct option *options;
    size_t n_sites;
    const struct site *sites;
};

/* All machines of one instance type that serve a rate demand: they share its load (model.md 3.2). */
struct served_pool {
    size_t type;
    struct fit fit;
    double least_u;            /* of its options: the smallest part of the paid time that serves */
    struct rate_table *tables; /* [n_classes] r(n) per hour, or Erlangs */
};

/* Rates per machine of two pools at the load that suits the first least. */
struct rival_rates {
    bool known;
    double own, other;
};

/* A rate demand with its options; those of one type belong to one pool. */
struct served {
    const struct service *service;
    struct group
        group;       /* shape, sites, options; cost_per_h, useful.u and rs_h (cold start) count */
    size_t *pool_of; /* [group.n_options] */
    size_t n_pools;
    struct served_pool *pools;
    double peak_load; /* highest sizing load, all classes together */
    size_t n_loads;
    double *loads;              /* different sizing loads of the steps, ascending */
    struct rival_rates *rivals; /* [n_pools][n_pools][n_classes] filled as asked for */
    bool whole_dropped;         /* an option was left out that whole machines might have used */
    double seat_price_per_h;    /* licences per seat, in all, whether used or not */
    struct ratio seat_price;    /* per seat and hour */
    long licensed_seats;
};

struct model {
    struct arena *arena;
    struct diag *diag;
    const struct scenario *scenario;
    const struct price_book *book;
    const struct demand_list *demands;
    int64_t horizon_us;
    struct offer_request request;
    struct offer *offers;
    size_t n_offers; /* of the book, then existing commitments */
    struct offer_list quoted;
    size_t n_limits;
    struct capacity *limits;
    size_t n_stores;
    struct store *stores; /* one per dataset that is used */
    size_t *store_of;     /* [n_datasets] NONE: unused */
    size_t n_dropped;     /* homes that no optimum needs (regions.c) */
    struct dropped_home {
        size_t store;
        struct home home;
        const char
            *instead; /* region where the same class does as well; NULL: nobody could use it */
    } * dropped;
    size_t n_groups;
    struct group *groups;
    const struct service_list *services;
    size_t n_served;
    struct served *served; /* [services->n] */
    size_t *group_of;      /* [demands->n] */
    struct grid grid;
    const struct offer_rule *rule; /* of plan_settings */
    const double *spot_gamma;      /* [workloads] NULL, or plan_settings.spot_gamma */
    const double *budget_more;     /* [budgets] NULL, or money added to each limit */
    size_t most_columns;           /* of plan_settings */
    bool open_limits;    /* columns that a limit of nothing rules out are made all the same */
    bool plain;          /* every period, late step and commitment has its columns */
    size_t join_columns; /* of plan_settings */
    bool apart;          /* every job has columns of its own (alike.c) */
    size_t many_rows;
    bool
        coarse_late; /* periods of late work are merged and priced as their first step: a relaxation */
    size_t n_late_cuts;
    int64_t *late_cuts; /* where they are cut all the same */
    struct candidate *candidates;
    size_t n_candidates;
    struct conflict *impossible;
    size_t n_impossible; /* demands without any option */
};

/* Columns of the LP remember what they are:
 * WORK y[a = demand, option b of its group, t], of the block that begins with t unless the demand goes by period; HOME x[a = store, b = home]; EXTRA capacity bought beyond the size of
 * store a in home b, GiB; CLASS 1 when the class of pool a holds anything; SUBSCRIPTION R of limit a, machines;
 * CONSTANT fixed at 1, carries unavoidable cost; MISSING work of demand a left undone; SLACK of limit or budget a. */
enum column_kind {
    COLUMN_WORK,
    COLUMN_BUS,   /* machine-hours of bus a in t */
    COLUMN_HELD,  /* machines of served a, option b, in t */
    COLUMN_FIXED, /* machines of served a, option b, all the time */
    COLUMN_PART, /* share of the load of served a that lane b carries, class in the upper half, in t */
    COLUMN_UNSERVED, /* share of the load of served a, class b, left out in t */
    COLUMN_HOME,
    COLUMN_EXTRA,
    COLUMN_CLASS,
    COLUMN_SUBSCRIPTION,
    COLUMN_CONSTANT,
    COLUMN_MISSING,
    COLUMN_SLACK
};
struct column {
    enum column_kind kind;
    bool lazy;
    size_t a, b, t;
};

/* WORK, SHARE: a = demand. GANG, PARALLEL: demand a in t. LIMIT: limit a in t. BUDGET: a = budget. PLACE: a = store.
 * LINK: demand a, use b, home t. SIZE, MOST, FLOOR, CLASS: a = pool. READS, READS_MOST: pool a in t. */
enum row_kind {
    ROW_WORK,
    ROW_SERVE,  /* served a, class b, t */
    ROW_CARRY,  /* served a, lane b, t: several classes only */
    ROW_STEADY, /* served a in t: what must not depend on spot */
    ROW_RANGE,  /* served a in t: machines of all options */
    ROW_BASE,   /* served a in t: machines outside spot */
    ROW_AT,     /* served a, home b of a store, t: only where its datasets lie */
    ROW_SHARE,
    ROW_GANG,
    ROW_PARALLEL,
    ROW_BUS, /* bus a in the block that begins with t */
    ROW_LIMIT,
    ROW_BUDGET,
    ROW_PLACE,
    ROW_LINK,
    ROW_SIZE,
    ROW_MOST,
    ROW_FLOOR,
    ROW_CLASS,
    ROW_READS,
    ROW_READS_MOST
};
struct row {
    enum row_kind kind;
    size_t a, b, t;
};

/* A storage class in one region with everything that may lie there: throughput and smallest size are shared. */
struct pool {
    const struct storage_class *class_;
    const char *region;
    const struct storage_tariff *tariff;
    size_t n;
    struct member {
        size_t store, home;
    } * members;
    bool always;                 /* a member has no other home */
    size_t class_column;         /* NONE: `always`, or the x of the only member */
    size_t *read_row, *most_row; /* [n periods] NONE where there is no such row */
    /* Rows of size and floor: base x[member] - slope sum over members kept at at_us of (size x + extra) <= 0;
     * `all`: every member counts; `of_class`: class column <= sum of x. */
    size_t n_links;
    struct pool_link {
        size_t row, member;
        int64_t at_us;
        double base, slope;
        bool all, of_class;
    } * links;
};

/* A limit of money: for everybody or one owner, in all or in one month. */
struct budget {
    const char *owner;
    int month;
    double limit;
    struct place at;
    const char *key;
    size_t row;
};

/* How limits are treated: all hard; work may be left undone (which demands are short?); one limit may give way. */
enum elastic { ELASTIC_NONE, ELASTIC_WORK, ELASTIC_ONE_LIMIT };

/* Rows and columns of a rate demand; arrays [n periods] or [something][n periods], NONE where there is none. */
struct service_formulation {
    size_t n_lanes;       /* 2 per pool: without spot, spot */
    size_t *serve;        /* [classes][t] */
    size_t *carry;        /* [lanes][t], several classes only */
    size_t *steady;       /* [classes][t] */
    size_t *range, *base; /* [t] */
    size_t **at;          /* [stores] NULL, or [homes][t] */
    size_t *held;         /* [options][t] columns; fixed options have the same column in every t */
    size_t *unserved;     /* [classes][t] columns */
    double needed;        /* machines of the least able option at the peak load */
    double most;          /* machines of all options together that could ever be held */
};

/* Options that use the same limits alike in the periods of a block draw from one bus: sum of y in the block <= sum of z, and
 * z, the bus's machine-hours in a period, stands in the rows of the limits. */
struct bus {
    size_t n_limits;
    const struct use *limits; /* per machine, all of them in rows by period */
    size_t *row;              /* [periods] of a block, at its first period; NONE */
    double
        *most; /* [periods] at the first of each block: machine-hours its columns could ask for */
};
struct blocks {
    bool *limit_by_period;  /* [limits] their use may change within a block */
    bool *demand_by_period; /* [demands] so may the work of these */
    bool reads_by_period;   /* and what is read of shared storage */
    size_t n_buses;
    struct bus *buses;
    size_t **bus_of; /* [groups][options] NONE: no limit by period */
};

/* Work that was decided without columns: paid hours of an option of a job in a period. */
struct work_cells {
    size_t n;
    struct work_cell {
        uint32_t demand, option, t;
        double paid_h;
    } * items;
};

struct formulation {
    const struct model *model;
    const struct work_cells *cells; /* in place of columns of work; NULL: those of lp */
    struct lp *lp;
    struct column *columns; /* [lp->n_cols] */
    struct row *rows;       /* [lp->n_rows] */
    enum elastic elastic;
    bool
        *replaced; /* [limits] subscriptions that another one makes needless: no columns, no rows */
    bool many_rows; /* commitments come in when all their uses together pay for them */
    size_t which;   /* ONE_LIMIT: limit, or n_limits + budget */
    /* Jobs that differ only in their work: the first has the rows and columns of all, the others none (alike.c). */
    struct joined_jobs {
        size_t first;         /* the demand itself where it stands for itself */
        double work;          /* of all, in the first */
        double late_per_work; /* money per hour late and unit of work; of the cheapest */
        bool late_differs;
    } * classes;        /* [demands] */
    size_t *next_alike; /* [demands] NONE: the last of its class */
    bool joined;        /* some job stands for others */
    size_t n_pools;
    struct pool *pools;
    size_t n_budgets;
    struct budget *budgets;
    size_t *work_row, *share_row; /* [demands] */
    size_t **hour_row;            /* [demands] NULL, or [n periods] gang or parallel rows */
    size_t *
        limit_row; /* [limits][periods] NONE: no row, or that of the block's first period stands for it */
    struct blocks blocks;
    size_t *place_row; /* [stores] */
    size_t *
        *link_row; /* [demands] NULL, or [uses][homes of the use's store] flattened by link_at */
    size_t *home_column, *extra_column;   /* [stores][MAX homes] flattened by home_at */
    size_t *first_home;                   /* [stores + 1] offsets into the two and into pool_of */
    size_t *pool_of;                      /* NONE: a disk of one machine */
    size_t *subscription_column;          /* [limits] NONE: not bought */
    double *subscription_bound;           /* [limits] machines its users could use at most */
    struct service_formulation *services; /* [served] row and column indices */
    struct lp_builder builder;
};

/* order.c: the order of files does not matter. Demands by workload, time and name; limits by kind and key; homes by
 * region and class; workloads by name (their indices). */
void order_demands(struct demand_list *list);
void order_limits(struct capacity *limits, size_t n);
void order_homes(struct home *homes, size_t n);
size_t *order_workloads(const struct scenario *s, struct arena *a);
/* grid.c */
MUST_USE enum err grid_make(struct grid *g, const struct model *m);
/* late.c: cuts periods in which x has late work priced too low; false when there is none, so that x is exact. */
bool late_refine(struct model *m, const struct formulation *f, const double *x);
/* alike.c: jobs get columns of their own where x has late work that costs jobs of one class different money; false when there is
 * none, so that x is exact. */
bool alike_part(struct model *m, const struct formulation *f, const double *x);
/* Sets f->cells to the work of single jobs in x; where none stands for others, columns are that already. */
void alike_pour(struct formulation *f, const double *x);
/* Columns that there would be if every job had its own: how large the problem is, whatever the program. */
size_t columns_apart(const struct formulation *f);
int64_t step_end(const struct model *m,
                 int64_t us); /* end of the scenario's step that holds us; months cut */
double period_h(const struct grid *g, size_t t);
size_t grid_find(const struct grid *g, int64_t us); /* period holding us */
/* limits.c */
MUST_USE enum err limits_make(struct model *m);
double capacity_at(const struct capacity *c, int64_t from_us,
                   int64_t to_us); /* smallest in [from, to) */
bool subscription_counts(const struct capacity *c, const struct model *m,
                         const struct offer *o); /* held machines and a quota */
bool capacity_covers(const struct capacity *c, const struct model *m, const struct offer *o,
                     const char *owner);
double capacity_most(const struct capacity *c); /* largest at any time */
/* stores.c */
MUST_USE enum err stores_make(struct model *m);
MUST_USE enum err sites_make(struct group *g, const struct model *m);
/* served.c: pools, tables and options of rate demands */
MUST_USE enum err served_make(struct model *m);
/* Largest load of class c that a machine of the option is counted for at a sizing load (of that class), u included. */
double served_cap(const struct served *v, size_t option, size_t c, double class_load);
/* Load of class c that `machines` of a pool carry within the targets. */
double served_rate(const struct served *v, size_t pool, size_t c, long machines);
/* The same where only `serving` of them work at a time on average (spot, or those outside spot alone). */
double served_carried(const struct served *v, size_t pool, size_t c, long machines, double serving);
double served_load(const struct model *m, const struct served *v,
                   size_t t); /* sizing load in period t, all classes */
/* A subscription that only this rate demand could use: bought for it, so n = R all the time. */
bool served_direct(const struct model *m, const struct option *o);
bool served_follows(const struct model *m,
                    const struct option *o); /* scales with the load (autoscaled, spot, prepaid) */
/* options.c */
MUST_USE enum err options_make(struct model *m);
size_t store_find(const struct model *m, const char *dataset_name); /* index of the store, NONE */
double home_keep_h(const struct store *s,
                   const struct home *h); /* hours paid, the class's shortest stay included */
/* regions.c: drops regions that no optimum needs; after options_make */
void regions_prune(struct model *m);
/* blocks.c: which work is the same in every period of a block, and the buses between it and limits by period */
void blocks_make(struct formulation *f);
size_t work_after(const struct formulation *f, size_t demand,
                  size_t t); /* the period after those of a column of work that begins with t */
/* Bus of the option in the block that begins with t; NULL when its limits are used directly. */
struct bus *bus_find(const struct formulation *f, size_t demand, size_t option, size_t t);
void bus_columns(struct formulation *f);
/* rows.c, columns.c, formulate.c */
void rows_make(struct formulation *f);
void columns_make(struct formulation *f);
/* Open hours of the periods [t, after), late ones too when priced. */
double open_h(const struct model *m, const struct demand *d, size_t t, size_t after);
bool is_late(const struct model *m, const struct demand *d, size_t t);
/* Units of limit c that subscriptions which exist already take in period t. */
double limit_held(const struct model *m, const struct capacity *c, size_t t);
double sunk_per_h(const struct model *m,
                  const struct capacity *c); /* money per hour of a commitment that exists */
double max_gpus(const struct demand *d);     /* parallel limit of divisible work; INFINITY: none */
size_t formulation_columns(const struct model *m); /* of work, at most */
MUST_USE enum err formulate(struct formulation *f, const struct model *m, enum elastic elastic,
                            size_t which);
/* Only limits, with the columns of commitments that may be bought up to most[limits]: work is in `cells`. */
void formulate_bought(struct formulation *f, const struct model *m, const double *most);
/* Columns of work that are above 0, one after the other; start with *at = 0. False: there are no more. */
bool work_next(struct column *c, double *paid_h, const struct formulation *f, const double *x,
               size_t *at);

#endif
