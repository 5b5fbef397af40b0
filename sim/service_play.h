/* One service of a plan as all worlds see it. Private to sim/service*.c.
 *
 * Time runs in slots: the steps of the scenario, cut into equal parts of at most a quarter of an hour, and cut where the plan
 * changes and where months begin. Machines are added and removed between slots; spot machines are taken and come back at
 * any time inside one.
 *
 *   rate       mean load of the slot x the world's level of load x noise
 *   schedule   what the plan holds, for q times its sizing load; q: load seen in the past day over that expected
 *   reaction   rate seen before the cold start, carried along the curve, x (1 + headroom)
 *   machines   the plan's where it carries both; else those that are missing are added, those not needed are released */
#ifndef SIM_SERVICE_PLAY_H
#define SIM_SERVICE_PLAY_H

#include "scenarios/service.h"
#include "sim/run.h"
#include "solver/rate_table.h"

/* Share of requests that are late in one queue, tabled: rows by number of machines, all of few and ever fewer of many; columns by
 * how far the machines are from full use, b = (1 - rho) sqrt(servers), which is what decides (Halfin, Whitt 1981). */
struct late_table {
    long most;      /* machines */
    size_t *row_of; /* [most + 1] the last row of no more machines */
    size_t n_rows;
    long *machines;   /* [n_rows] */
    double *log_late; /* [n_rows][LATE_POINTS] */
    double alone;     /* share late with nobody waiting */
};
enum { LATE_POINTS = 160 };

/* All machines of one type of a service: they share its load. */
struct play_pool {
    size_t type;
    struct fit fit;
    double servers; /* per machine: places x batch of queues; places of sessions */
    double time_h;  /* RULE_WAIT: one service */
    double
        per_h; /* RULE_PROFILE: requests per hour of one machine, of the service's mix; 0: a class is missing */
    double *class_per_h;     /* [classes] RULE_PROFILE */
    struct rate_table table; /* r(n), rules of one class */
    struct late_table *late; /* [n_limits] RULE_WAIT */
};

/* One machine choice of the plan. */
struct play_option {
    size_t offer, pool;
    bool scales; /* autoscaled or spot: machines come and go */
    bool spot;
    double price, useful; /* money per machine-hour; u of the plan */
    double hazard_per_h;  /* as planned */
    uint64_t place_key;   /* of its places' reclaims */
    double most_factor;   /* spot.max_price over the planned price; INFINITY */
    long most;            /* machines that may be held */
    long *planned;        /* [n_slots] */
    size_t *holding;      /* [n_slots] where time that differs is booked */
};

/* A quota or stock that machines beyond the plan must keep. */
struct play_cap {
    double *left;  /* [n_slots] for this service, everything else used as planned */
    double *units; /* [n_options] of one machine */
};

struct service_play {
    const struct world_model *model;
    const struct service *service;
    size_t workload, n_limits;
    uint64_t noise_key, count_key;
    size_t n_slots;
    int64_t *from_us; /* [n_slots + 1] */
    int *month;       /* [n_slots] */
    double *rate;     /* [n_slots] mean load: requests per hour, or Erlangs */
    double *sizing; /* [n_slots] what the plan's machines are to carry, without what is left out */
    double *left_out; /* [n_slots] share of the load that the plan does not serve */
    size_t n_options, n_pools;
    struct play_option *options;
    struct play_pool *pools;
    size_t n_caps;
    struct play_cap *caps;
    size_t *by_price; /* [n_options] those that scale, the dearest first */
    size_t n_scaling;
    double noise_sd; /* of the logarithm */
    bool boots_vary; /* a cold start may take longer than planned */
    bool counts;     /* requests and sessions come by chance */
    size_t n_months;
    double *planned_unserved; /* [n_months] as the plan's ledger bills it */
    double *calm_unserved;    /* [n_months] as this simulation counts it when nothing is random */
    long most_spot;           /* places of spot machines, all options together */
    size_t strictest;         /* the limit whose late requests are told */
};

/* service_setup.c: the plan's machines by slot, pools with what they carry. */
void play_setup(struct service_play *p, size_t service, struct arena *a); /* p->model is set */

void play_limits(struct service_play *p, struct arena *a); /* service_limits.c: caps */

/* ---- service_carry.c: what machines do with a load ---- */

/* Machines that serve for a while. */
struct present {
    double hours_h;
    const long *n; /* [n_pools] */
};
/* What came of a load; amounts in requests, or in Erlang-hours. */
struct served_part {
    double served, lost;
};
void late_table_make(struct late_table *t, const struct play_pool *p, double cv2, double limit_h,
                     long machines, struct arena *a);
/* P(wait + service > limit) with n >= 1 machines; 1 at full use and beyond. Within 1% of queue_late, or 2e-5. */
double late_share(const struct late_table *t, const struct play_pool *p, long n, double rate_per_h);
/* Load that n[option] machines carry within the targets, spot weighted with u of the plan; all or those outside spot. */
double pools_carry(const struct service_play *p, const long *n, bool with_spot);
/* Serves `rate`; adds late requests of each limit to late[n_limits]. route: room for [classes][n_pools]. */
struct served_part pools_serve(const struct service_play *p, const struct present *now, double rate,
                               double *late, double *route);

/* ---- service_scale.c: how many machines are held ---- */

/* Machines of each option for a load `target`, starting from the plan's of the slot; more of them only within limits. */
void machines_for(const struct service_play *p, size_t slot, double target, long *n);

/* ---- service_spot.c: which spot machines are there ---- */

/* A place for one spot machine. */
struct spot_place {
    struct reclaims reclaims;
    uint64_t number, starts; /* of the place; of its machines so far */
    bool held;
    int64_t stock_us;  /* there is none before: nothing is held and nothing paid */
    int64_t serves_us; /* from here on it serves */
    int64_t taken_us;  /* until here; then it is replaced */
};
/* A change of the number of machines that serve. */
struct spot_event {
    int64_t at_us;
    size_t pool;
    long change; /* of spot -1, 1; of others those that have booted */
};
/* What the spot machines of all options do in one slot. */
struct spot_slot {
    int64_t from_us, to_us;
    struct boot restart, cold_start; /* of this world */
    size_t n_events;
    struct spot_event *events; /* room for SPOT_EVENTS per place */
    int32_t taken;
    int64_t
        unpaid_us; /* machine-microseconds without stock, less those paid twice while a replacement boots */
};
enum { SPOT_EVENTS = 8 };
/* Plays the places of one option through a slot with n of them held. Adds its events, what was taken and what was not paid;
 * returns the machines that serve when the slot begins. */
long spot_play(struct spot_slot *slot, const struct service_play *p, size_t option,
               struct spot_place *places, long n, struct world *w);
void spot_sort(struct spot_slot *slot); /* events by time */

#endif
