/* What a plan says of one rate demand, for people and for scaling groups. Nothing here knows how it is printed. */
#ifndef REPORT_SERVICE_FACTS_H
#define REPORT_SERVICE_FACTS_H

#include "report/summary.h"

/* Machines of one instance type, market and zone. */
struct pool_fact {
    size_t offer; /* one of those that make up the pool: subscriptions of several terms are one */
    long least, most; /* at one time, over the whole horizon */
    long starts;
    int64_t held_us; /* machine-microseconds */
};

/* What the scaling group of one region would be told: groups do not reach across regions. */
struct scaling_fact {
    const char *region;
    long least, most; /* machines of the region at one time */
    long base;        /* machines outside spot that are always held */
    int on_demand_percent; /* of the machines above the base when most are held, those outside spot, rounded up;
                                100: no spot then */
    size_t n_spot_places; /* instance types x zones with spot machines */
    size_t n_types;
    const size_t *types; /* of the book, cheapest machine-hour first */
};

struct service_facts {
    size_t workload;
    double peak_load; /* highest sizing load of a step: with growth, burst and headroom */
    double
        target_load; /* mean load of one machine in the period of the highest sizing load: what an autoscaler that
                           measures the real load should aim at; NAN where load is left unserved or nothing is held */
    size_t n_pools;
    struct pool_fact *pools; /* in order of first use in the holdings */
    size_t n_regions;
    struct scaling_fact *regions; /* likewise */
};

/* `service` is an index into p->services. Reads `p` only. */
struct service_facts service_facts(const struct plan *p, size_t service, struct arena *a);

/* [services] machine-hours paid over those that the holdings show: 1, but in the relaxation, where machines are rounded
 * up for show. */
const double *paid_shares(const struct plan *p, struct arena *a);
/* Machine-microseconds paid in a holding, without cold starts; `shares` from above. */
int64_t holding_paid_us(const struct holding *h, const double *shares);
/* Machine-microseconds of the cold starts of a holding, booted before from_us. */
int64_t holding_start_us(const struct plan *p, const struct holding *h);

size_t service_workload(const struct plan *p, size_t service); /* index of its workload */

/* "wait", "profile", "blocking", and the unit of its load: never translated. */
const char *service_rule_word(const struct service *s);
const char *service_load_unit(const struct service *s);

/* Of the service of this workload, translated; NULL when it is none: "machines: 7 at the peak, 1 at least; ..." and what
 * a perfect autoscaler would hold, of the type held that needs fewest machines. */
const char *service_text(const struct plan *p, size_t workload, struct arena *a);
const char *perfect_text(const struct plan *p, size_t workload, struct arena *a);
/* "0.31% of the load is left unserved", translated; NULL when nothing is. */
const char *unserved_text(const struct plan *p, size_t workload, struct arena *a);

#endif
