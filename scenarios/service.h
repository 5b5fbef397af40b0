/* Rate demands: load that must be served while it comes. Kinds lower once to this form (model.md 3, 3.2). */
#ifndef SCENARIOS_SERVICE_H
#define SCENARIOS_SERVICE_H

#include "scenarios/demand.h"

/* How many machines a load needs. */
enum service_rule {
    RULE_PROFILE, /* measured table: machines x rate; request classes mix linearly; no queueing on top */
    RULE_WAIT,     /* requests that queue: P(wait + service > limit) <= share late */
    RULE_BLOCKING, /* sessions and seats: places missing block; load in Erlangs */
};

struct latency_limit {
    double limit_h;
    double late_frac; /* largest share above the limit: p99 or `met: 99%` give 0.01 */
    struct place at;
};

/* A piecewise linear curve over the whole horizon, before growth, burst, headroom and scale: the rate runs straight from
 * rate_from at from_us to rate_to just before to_us; both equal for a step. Covers [0, T); 0 where the service is closed. */
struct load_curve {
    size_t n;
    struct load_piece {
        int64_t from_us, to_us;
        double rate_from, rate_to;
    } * pieces; /* sorted, gapless */
};

/* One row of a measured table that counts: of one worker, requests per hour, above 0. */
struct measured_rate {
    size_t gpu, class_;
    double per_h;
};

struct service {
    const struct shape *shape; /* fit on machines; workers 0, max_workers 0 */
    const char *name;          /* of the workload */
    enum service_rule rule;
    size_t n_classes;               /* request classes; at least 1 */
    const char *const *class_names; /* "" for the only one */
    const double *class_share;      /* [n_classes] sums to 1 */
    /* Requests per hour; RULE_BLOCKING: Erlangs offered, a number of places and no rate: session starts per hour x
     * their length, or seats x hours_per_day / hours open a day. */
    struct load_curve curve;
    double burst, growth_per_month, scale; /* scale: base of load.scale */
    const struct window *window;           /* hours in which it is open */
    /* RULE_WAIT: one request's time inside a full batch on speed 1. RULE_BLOCKING with sessions: their length, on any
     * GPU; seats: 0. */
    double time_h, cv2;
    long batch,
        concurrency; /* at least 1; places per machine: workers x concurrency, each serving batch at once */
    size_t n_limits;
    struct latency_limit
        *limits;    /* RULE_BLOCKING: of a frame; RULE_PROFILE: none, the table holds them */
    double frame_h; /* RULE_BLOCKING: time to draw and encode a frame on speed 1; 0: not given */
    double blocked_frac;  /* RULE_BLOCKING */
    long seats;           /* places never needed beyond this; 0: no cap */
    double encoder_share; /* part of an NVENC engine per place; 0 */
    /* RULE_PROFILE: rows of the classes that have a share; a GPU without a row of a class does not serve it. */
    size_t n_rates;
    struct measured_rate *rates;
    /* scaling */
    long min_machines, max_machines; /* over all pools; max 0: no cap */
    double cold_start_h, cooldown_h, headroom_frac;
    double spot_max_frac;
    long on_demand_base;
    double restart_h; /* spot: from a reclaim until it serves again */
    bool unserved_priced;
    struct ratio
        unserved_cost; /* per request or session, in the run's currency; seats: per seat-hour */
    struct place at;
    struct arena *arena; /* for reasons */
};

struct service_list {
    size_t n;
    struct service *items;
    size_t n_shapes;
    struct shape *shapes;
};

/* Lowers every service workload of the scenario. Load curves and profiles are read here. Errors carry file:line:col;
 * E3150 to E3163, and those of names, licences and windows that batch work has too. */
MUST_USE enum err services_make(struct service_list *out, const struct scenario *s,
                                const struct price_book *b, struct arena *a, struct diag *d);

/* Highest rate per hour inside [from, to) x scale x burst x (1 + headroom) x (1 + growth)^(hours since start / 720), growth taken
 * at the end of the period, where it falls at its start (model.md 3.2, sizing load). Erlangs for RULE_BLOCKING. 0 where
 * the service is closed. */
double service_sizing_load(const struct service *s, int64_t from_us, int64_t to_us);
/* Mean rate per hour over [from, to) x scale x growth, without burst and headroom: what is really served. Exact
 * integral of the curve times the growth; closed hours count as 0. */
double service_mean_load(const struct service *s, int64_t from_us, int64_t to_us);

/* What unserved_cost is the price of, in so much load x hours: requests; sessions, each of which is a load of 1 over its mean
 * length; seat-hours. */
double service_units(const struct service *s, double load_h);

/* Does one GPU (or CPU) of this speed keep the limits with no one waiting? RULE_WAIT: P(service > limit) < share late, gamma
 * with mean time / speed (constant for cv 0: time / speed <= limit). RULE_BLOCKING: frame / speed <= every limit.
 * Else false, with a sentence in the user's language. */
bool service_fits_latency(const struct service *s, double speed, const char **reason);

#endif
