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

/* A piecewise linear curve of the rate over the whole horizon, before growth, burst, headroom: [n] corners, rate_per_h[i] at
 * at_us[i], rate_to[i] just before at_us[i + 1]; both ends equal for a step. Covers [0, T). */
struct load_curve {
    size_t n;
    struct load_piece {
        int64_t from_us, to_us;
        double rate_from, rate_to;
    } * pieces; /* per hour; sorted, gapless */
};

struct service {
    const struct shape *shape; /* fit on machines; workers 0, max_workers 0 */
    const char *name;          /* of the workload */
    enum service_rule rule;
    size_t n_classes;               /* request classes; at least 1 */
    const char *const *class_names; /* "" for the only one */
    const double *class_share;      /* [n_classes] sums to 1 */
    struct load_curve
        curve; /* requests or session starts per hour; seats: Erlangs offered (a number, not a rate) */
    double burst, growth_per_month, scale; /* scale: base of load.scale */
    const struct window *window; /* hours in which it is open (seats); the curve is 0 outside */
    /* RULE_WAIT: one request's time inside a full batch on speed 1. RULE_BLOCKING with sessions: their length; seats: 0. */
    double time_h, cv2;
    long batch, concurrency; /* at least 1 */
    size_t n_limits;
    struct latency_limit *limits;
    double frame_h; /* RULE_BLOCKING: time to draw and encode a frame on speed 1; 0: not given */
    double blocked_frac;  /* RULE_BLOCKING */
    long seats;           /* places never needed beyond this; 0: no cap */
    double encoder_share; /* part of an NVENC engine per place; 0 */
    /* RULE_PROFILE */
    size_t n_rates;
    struct measured_rate {
        size_t gpu;
        size_t class_;
        double per_h;
    } * rates; /* of one worker, requests per hour */
    /* scaling */
    long min_machines, max_machines; /* over all pools; max 0: no cap */
    double cold_start_h, cooldown_h, headroom_frac;
    double spot_max_frac;
    long on_demand_base;
    double restart_h; /* spot: from a reclaim until it serves again */
    bool unserved_priced;
    struct ratio unserved_cost; /* per request or session; seats: per seat-hour */
    struct place at;
};

struct service_list {
    size_t n;
    struct service *items;
    size_t n_shapes;
    struct shape *shapes;
};

/* Lowers every service workload of the scenario. Load curves and profiles are read here. Errors carry file:line:col. */
MUST_USE enum err services_make(struct service_list *out, const struct scenario *s,
                                const struct price_book *b, struct arena *a, struct diag *d);

/* Highest rate per hour inside [from, to) x scale x burst x (1 + headroom) x (1 + growth)^(hours since start / 720), growth taken
 * at the end of the period (model.md 3.2, sizing load). Erlangs for seats. 0 where the service is closed. */
double service_sizing_load(const struct service *s, int64_t from_us, int64_t to_us);
/* Mean rate per hour over [from, to) x scale x growth, without burst and headroom: what is really served. */
double service_mean_load(const struct service *s, int64_t from_us, int64_t to_us);

#endif
