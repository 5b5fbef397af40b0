/* The plain formulation of docs/model.md section 4, rebuilt from the inputs: limits, datasets, choices of machines. Private to
 * this folder. Rows and columns are never stored: check and bound walk over choices, jobs and periods. */
#ifndef PROOF_MODEL_H
#define PROOF_MODEL_H

#include "proof/inputs.h"
#include "proof/prices.h"

#define NOWHERE SIZE_MAX

enum proof_limit_kind { PROOF_QUOTA, PROOF_STOCK, PROOF_SUBSCRIPTION, PROOF_SAVINGS };

/* Units in use at a time are at most `amount`, or what is bought. */
struct proof_limit {
    enum proof_limit_kind kind;
    const char *key; /* its name in a certificate */
    const char *owner;
    size_t gpu, type; /* counted; NOWHERE: not by this */
    const char *region, *zone;
    bool in_gpus, buys;
    size_t offer;    /* PROOF_SUBSCRIPTION: the one it is of */
    double amount;   /* before the first step */
    double discount; /* PROOF_SAVINGS */
    int64_t until_us;
    size_t n_steps;
    const struct stock_step **steps;  /* by time */
    const struct proof_series *price; /* money per unit and hour; set by the bound */
    double most;                      /* units its users could ever use; set by the bound */
    bool alone; /* bought for one service alone, and held by it all the time */
};

/* A dataset in a class in a region. */
struct proof_home {
    const struct storage_class *class_;
    const char *region;
    struct storage_tariff tariff;
    struct ratio price_gib_h, egress_gib, retrieval_gib;
    double keep_h; /* paid */
    size_t pool;   /* NOWHERE: a disk of one machine */
};

struct proof_store {
    size_t dataset;
    const char *name;
    double size_gib, egress_gib, read_gib, floor_mbps;
    int64_t from_us, keep_us;
    size_t n_users, *users;
    bool split;
    size_t n_homes;
    struct proof_home *homes;
};

/* A shared class in one region, with all datasets that may lie there. */
struct proof_pool {
    const struct storage_class *class_;
    const char *region;
    struct storage_tariff tariff; /* with the largest smallest size that any member asks for */
    size_t n;
    struct proof_member {
        size_t store, home;
    } * members;
    bool always;                                   /* some member lies nowhere else */
    const struct proof_series *reads, *reads_most; /* set by the bound */
};

/* One home for every dataset of a workload. */
struct proof_site {
    const char *region;
    size_t *home; /* [n_uses] */
};

/* One offer under one site for the workers of one shape. Everything per paid machine-hour. */
struct proof_choice {
    size_t offer, site;
    struct fit fit;
    double u, w, stall;
    double restart_h; /* of a planned start */
    double work;      /* g s u stall */
    double clock;     /* w / m */
    double gpus;      /* g w */
    double cost, booked;
    bool spot, needless; /* others stand in for it in every plan, so that no bound needs it */
    bool lasting;        /* of a service: one number of machines for the whole horizon */
    struct ratio licence, disk;
    size_t n_uses;
    struct proof_use {
        size_t limit;
        double units;
    } * uses;
};

/* Jobs, or one service, that see the same choices. */
struct proof_group {
    const struct shape *shape;
    size_t workload;
    const char *owner;
    double work; /* of every job, where choices depend on it; else NAN */
    bool service;
    size_t n_sites;
    struct proof_site *sites;
    size_t n_choices;
    struct proof_choice *choices;
};

/* Periods: between two boundaries no datum changes. */
struct proof_times {
    size_t n;
    int64_t *from_us; /* [n + 1] */
    int *month;       /* [n] */
    int n_months;
};

struct proof {
    struct proof_inputs in;
    struct arena *arena;
    int64_t horizon_us;
    double horizon_h;
    struct offer *offers; /* quoted ones, then those of existing commitments */
    size_t n_offers;
    size_t n_limits;
    struct proof_limit *limits;
    size_t n_stores;
    struct proof_store *stores;
    size_t *store_of; /* [datasets] */
    size_t n_pools;
    struct proof_pool *pools;
    size_t n_groups;
    struct proof_group *groups;
    size_t *group_of; /* [demands] */
    struct proof_service *services;
    struct proof_times times;
    const struct proof_bounded *bounded; /* bound.h: what was found last; NULL: nothing was */
};

/* Builds everything. Errors: what the inputs lack (they were planned with, so none is expected). */
MUST_USE enum err proof_make(struct proof *p, const struct proof_inputs *in, struct arena *a,
                             struct diag *d);

/* limits.c */
void proof_limits_make(struct proof *p);
double proof_amount(const struct proof_limit *l, int64_t from_us, int64_t to_us);
double proof_amount_most(const struct proof_limit *l);
bool proof_covers(const struct proof *p, const struct proof_limit *l, size_t offer,
                  const char *owner);
/* Subscribed machines of the offer are counted in this quota all the time. */
bool proof_holds(const struct proof *p, const struct proof_limit *quota, size_t offer);
/* Units of a quota that one machine of the offer takes. */
double proof_units(const struct proof *p, const struct proof_limit *quota, size_t offer);
/* What existing subscriptions take of a quota at a time. */
double proof_held(const struct proof *p, const struct proof_limit *quota, int64_t at_us);

/* As in files: the market of an offer, and the commitment it is of: one that exists, or a subscription that may be bought; NULL:
 * none. */
const char *proof_market_word(const struct offer *o);
const char *proof_commitment_of(const struct proof *p, size_t offer);

/* stores.c */
void proof_stores_make(struct proof *p);
void proof_sites_make(struct proof *p, struct proof_group *g);
size_t proof_store_find(const struct proof *p, const char *dataset);

/* choices.c */
void proof_choices_make(struct proof *p);
void proof_choices_fill(struct proof *p, struct proof_group *g);
double proof_parallel(const struct demand *d); /* GPUs at a time; INFINITY: no limit */
struct ratio proof_licence_unit(const struct proof *p, const struct workload *w, bool *known);

/* times.c */
void proof_times_make(struct proof *p);
size_t proof_times_find(const struct proof_times *t, int64_t us);
int64_t proof_step_end(const struct proof *p, int64_t us); /* of the scenario's step; months cut */
double proof_month_h(const struct proof *p, int64_t from_us, int64_t to_us, int month);
bool proof_same(const char *a, const char *b); /* both NULL, or equal */

#endif
