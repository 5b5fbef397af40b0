/* What a plan says of groups of machines that a vendor's service can hold: one group per workload and region, one pool per machine
 * type, market and zone in it, and subscriptions. Counted from the timeline of a result; services bring their own scaling figures. */
#ifndef REPORT_EXPORT_GROUPS_H
#define REPORT_EXPORT_GROUPS_H

#include "report/saved_run.h"

struct export_pool {
    struct saved_offer offer;
    const char *slug; /* unique in the plan, see export_group */
    long least, most; /* machines at one time; least: over the whole horizon */
    double machine_h;
};

/* The group has this many machines from here on. */
struct export_step {
    const char *at; /* local time */
    long machines;
};

struct export_group {
    const char *workload, *region, *owner; /* owner NULL: nobody's */
    const char *slug; /* [a-z][a-z0-9-]*, at most 40 characters, unique in the plan */
    bool service;     /* follows its load; else it works off jobs */
    long least, most; /* machines at one time */
    long base;        /* machines outside spot that are always held */
    int on_demand_percent; /* of the machines above the base when most are held, those outside spot, rounded up */
    long spot_places;           /* instance types x zones with spot machines; 0: no spot */
    bool unprotected;           /* some spot machine goes without its protected hour */
    long cooldown_s, warm_up_s; /* of services */
    double target_load;         /* of services, per machine and unit of load; NAN: not known */
    const char *load_unit;
    long workers;         /* of a gang; 0: divisible work or a service */
    long gpus_per_worker; /* 0: CPU work */
    long vcpu;            /* asked for by a worker; 0: not said */
    double max_price;     /* for spot machines, per hour; 0: none asked for */
    size_t n_types, n_pools, n_steps;
    const char **types; /* cheapest machine-hour first */
    struct export_pool *pools;
    struct export_step *steps;
    double machine_h;
    micro_t cost; /* compute, starts and discounts of the workload in this region */
};

struct export_subscription {
    struct saved_offer offer;
    const char *slug;
    long count;
    long months; /* its term */
};

struct export_plan {
    const struct saved_run *run;
    size_t n_groups, n_subscriptions, n_regions;
    struct export_group *groups;
    struct export_subscription *subscriptions; /* to be bought; those that exist are left out */
    const char **regions;                      /* of both, in order of first use */
};

/* `run` has a plan. */
void export_plan_make(struct export_plan *e, const struct saved_run *run, struct arena *a);

/* One machine of this type; NULL when the result does not say. */
const struct saved_type *export_type(const struct saved_run *run, const char *name);
/* Workers of a group that one machine of its first type carries; at least 1. */
long export_workers_per_machine(const struct export_plan *e, const struct export_group *g);

bool is_spot_market(const char *market);

#endif
