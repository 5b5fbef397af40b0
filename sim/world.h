/* A world: one draw of everything uncertain in a plan (model.md 5). It depends on (seed, number of the world, purpose) only, so
 * that every variant, every number of threads and every machine choice meets the same worlds.
 *
 *   prices of spot     one path per (instance type, region, zone), as a factor on the planned price; by the price model
 *                      that simulate.spot_price names: fixed, model, history (model_list.h)
 *   reclaims           of each machine by itself, and shocks that take all machines of a type in a zone at once
 *                      (Marshall-Olkin): of a machine's hazard, shock_frac comes from shocks. After a shock the type is out
 *                      of stock there for a spell. A machine is not taken in its protected first hours.
 *   start-up times     of each start, where a cv says that they differ: gamma about the time that the world has for it
 *   {low, base, high}  PERT: beta on [low, high] with mode base and mean (low + 4 base + high) / 6; one draw per world
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "sim/model_list.h"
#include "sim/random.h"
#include "solver/plan.h"

struct spot_fit;
struct spot_models;

/* How prices of model "model" move: log prices with a stationary standard deviation log_sd that come back at revert_per_h > 0,
 * and jumps upwards, jump_per_h >= 0 of them with mean 0 <= jump_mean < 1 in the log price. */
struct price_noise {
    double log_sd, revert_per_h, jump_per_h, jump_mean;
};

/* What is random. All zero: everything, by the scenario's own settings. */
struct world_settings {
    uint64_t seed;
    const char *price_model; /* "fixed", "model", "history"; NULL: the scenario's, else "model" */
    const struct price_noise *noise; /* of price model "model"; NULL: as measured */
    bool steady_amounts;             /* {low, base, high} stay at base */
    bool no_reclaims;                /* nothing is taken back, nothing is out of stock */
    bool own_reclaims_only;          /* no shocks and no spells: machines are taken one by one */
    const char *
        life_model; /* "exponential", "weibull", "fitted"; NULL: the scenario's, else fitted where it names a model of
                             * lives, else exponential */
};

/* Spot machines of one type in one place: they share prices, shocks and stock. */
struct spot_pool {
    const char *name;                      /* "ecs.gn7i-c16g1.4xlarge/cn-beijing/cn-beijing-h" */
    const char *type_name, *region, *zone; /* zone "": any of the region */
    bool used;                             /* by the plan */
    double spot_per_h;                     /* planned price of its dearest variant */
    double
        most_factor; /* on-demand list price / planned price: the vendor never asks more; INFINITY: not known */
    double shock_per_h; /* highest rate of shocks any user of it sees, at base hazards */
    uint64_t price_key, shock_key, spell_key;
    const void *prices;         /* prepared by the price model */
    const struct spot_fit *fit; /* what saved models say of it (spot_fit.h) */
};

/* What all worlds of a plan share; read-only. */
struct world_model {
    const struct plan *plan;
    struct world_settings settings;
    const struct price_model *price;
    const struct life_model *life;
    double shock_frac,
        spell_h; /* share of a hazard that is shocks; mean length of the spell after one */
    size_t n_pools;
    struct spot_pool *pools;
    size_t *pool_of;                  /* [plan->n_offers] SIZE_MAX: not spot */
    const struct spot_models *fitted; /* of catalog.spot_models */
    uint64_t *work_key;               /* [n_workloads] */
    uint64_t *boot_key;               /* [n_workloads] of single start-up times */
    uint64_t hazard_key, factor_key;
};
/* Are the spells of the pool fitted: does it go by them instead of by shocks at the plan's rate? */
bool pool_has_spells(const struct spot_pool *k);
/* Share of a hazard that is shocks: as fitted, else that of all pools. */
double pool_shock_frac(const struct world_model *m, const struct spot_pool *k);
/* `settings` beats what the scenario says. Errors: those of the price model, of reading catalog.spot_models. */
MUST_USE enum err world_model_make(struct world_model *m, const struct plan *plan,
                                   const struct world_settings *settings, struct arena *a,
                                   struct diag *d);

/* Price factors hour by hour with their integral; drawn as far as was asked for. */
struct price_path {
    size_t n, room;
    double *factor;                    /* [n] holds in [h, h + 1) */
    double *sum;                       /* [n + 1] of the factors before hour h */
    double level, next_jump_h;         /* of the price model */
    struct random_stream noise, jumps; /* likewise */
    const void *prices;                /* of the pool */
    bool no_stock;                     /* at the on-demand price, in the hour drawn last */
    struct random_stream stock;
    double most_factor;
};

/* Shocks of a pool in order of time, drawn as far as was asked for. */
struct shock_path {
    size_t n, room;
    int64_t *at_us, *back_us; /* the shock; the end of the spell without stock after it */
    double per_h;             /* in this world */
    double drawn_h;           /* time of the last one */
};

/* One world, used again and again by one thread. */
struct world {
    const struct world_model *model;
    struct arena *arena;
    uint64_t index;
    struct price_path *paths;   /* [n_pools] */
    struct shock_path *shocks;  /* [n_pools] */
    double price_factor;        /* of simulate.spot_price_factor, relative to its base */
    double interruptions_per_h; /* of simulate.interruptions_per_day; NAN: not given */
};
/* Room for one world after the other; worlds of different threads need structs of their own. */
struct world *world_new(const struct world_model *m, struct arena *a);
/* Begins world number `index`; what it holds is drawn when it is asked for, in any order, with the same result. */
void world_start(struct world *w, uint64_t index);

/* Draws relative to base (1 without a triple): amount of work, speed of a GPU model (NO_GPU: 1), load. */
double world_work(const struct world *w, size_t workload);
double world_speed(const struct world *w, size_t workload, size_t gpu);
double world_load(const struct world *w, size_t workload);

/* Start-up times in this world: hours on average, and how much one start differs from the other. */
struct boot {
    double mean_h, cv;
    uint64_t key; /* of the workload */
};
struct boot world_restart(const struct world *w, size_t workload);    /* interruption.restart */
struct boot world_cold_start(const struct world *w, size_t workload); /* autoscale.cold_start */
/* Start number `start` at a place: the slowest of `machines` that boot at once. */
int64_t boot_us(const struct world *w, const struct boot *b, uint64_t place, uint64_t start,
                long machines);

/* Reclaims per hour of one machine of a spot offer for a workload whose plan counts on base_per_h. */
double world_hazard(const struct world *w, size_t workload, double base_per_h);

/* Factor on the planned price of a spot offer (1 for others), and its integral over [from, to) in microseconds: exactly
 * to - from while the factor is 1. */
double world_price(struct world *w, size_t offer, int64_t us);
double world_price_integral(struct world *w, size_t offer, int64_t from_us, int64_t to_us);
/* First moment at or after us at which the factor is at most `most` (above: false) or above it (above: true); INT64_MAX: not
 * before until_us. */
int64_t world_price_crossing(struct world *w, size_t offer, int64_t us, int64_t until_us,
                             double most, bool above);

/* When machines of an offer can be had again at or after us (us itself: now). */
int64_t world_stock(struct world *w, size_t offer, int64_t us);

/* Reclaims of one machine place: whoever holds the place at a time is hit. Times of a place do not depend on who holds it
 * (exponential lives), so that a plan that holds it longer meets the same reclaims. */
struct reclaims {
    uint64_t hit_key;
    size_t pool;           /* SIZE_MAX: never taken */
    double own_per_h, hit; /* hazard of its own; share of the shocks that hit it */
    double protected_h;
    struct random_stream stream;
    int64_t next_us; /* next reclaim of its own (life models that do not forget: unused) */
};
/* Place number `place` of `entity_key` (a demand or a service, by random_key) on an offer; per_h: its hazard in this world. */
void reclaims_start(struct reclaims *r, struct world *w, size_t offer, uint64_t entity_key,
                    size_t place, double per_h);
/* When the machine that starts at us in this place is taken: always after us + protected hours; INT64_MAX: never. Calls must
 * come in order of time. */
int64_t reclaims_next(struct reclaims *r, struct world *w, int64_t us);

/* A price model: how the factors of a path go on. */
struct price_model {
    const char *name;  /* of simulate.spot_price */
    const char *label; /* N_() what it is, for people */
    enum err (*prepare)(const void **prices, const struct world_model *m,
                        const struct spot_pool *pool, struct arena *a,
                        struct diag *d); /* NULL: nothing to prepare */
    /* The first path->n factors are there; path->factor has room for `hours`. Draws from path->noise and path->jumps. */
    void (*extend)(struct price_path *path, size_t hours);
};
/* A life model: hours until a machine is taken for reasons of its own. */
struct life_model {
    const char *name, *label;
    bool forgets; /* the time to the next reclaim does not depend on the age */
    /* Life at u, mean 1 / per_h, rises with u. `fit` is of the pool. */
    double (*at)(double u, double per_h, const struct spot_fit *fit);
};
extern const struct price_model *const price_models[]; /* end with NULL */
extern const struct life_model *const life_models[];

#endif
