/* Batch work of a plan in a world: every demand is executed event by event, by the plan as long as the world allows, by a policy
 * where the two part. Private to sim.
 *
 * A unit is what makes progress by itself: the gang, or one machine of divisible work (machines that are never taken back count
 * as one unit together). It starts, restarts (paid), computes, is taken, waits for a replacement, and ends. Progress counts
 * evenly, tau / (tau + ck) of the time with checkpoints; a reclaim takes back what came after the last one.
 * A stretch ends early when the work is done. A stretch that ends behind the plan, a reclaim, and an hour of waiting are
 * moments at which the policy is asked what to hold. */
#ifndef SIM_WORK_H
#define SIM_WORK_H

#include "sim/limits.h"
#include "sim/policy.h"
#include "sim/run.h"

/* A machine choice of one demand. */
struct terms {
    size_t offer;
    bool spot, prepaid;
    long machines; /* of a gang; 1 for divisible work */
    long most;     /* machines at a time, at most */
    long width; /* beyond the plan: as many side by side as the plan has at its peak; of a gang 1 */
    double used;  /* GPUs (vCPUs) of one machine that are used */
    double rate;  /* reference hours per machine-hour of computing */
    double stall; /* share of the time that it computes; the rest waits for data */
    size_t gpu;   /* model; NO_GPU */
    struct interruption in;
    double tau_h;                  /* checkpoint interval; INFINITY: none */
    double kept_frac;              /* tau / (tau + ck); 1 without checkpoints */
    bool start_free;               /* subscription: it is there anyway */
    int64_t rs_us, dn_us, step_us; /* restart, replacement, billing step */
    int64_t notice_us;             /* of a reclaim, put to use */
    double most_factor;            /* spot.max_price as a factor on the planned price; INFINITY */
    struct ratio price_per_h, licence, disk; /* per machine-hour; prepaid: what use is booked at */
    struct ratio
        beside_per_h; /* starts and what billing rounds up: also where a plan pays for use */
};

/* A stretch of the plan as it is played. */
struct played {
    const struct stretch *stretch;
    size_t terms;
    size_t place;        /* first machine place: places of stretches at the same time differ */
    int64_t last_end_us; /* of it and all before it */
};

/* Lines of the plan's ledger that belong to one demand, added by month: what it costs when all goes as planned. */
struct planned_bill {
    size_t month, terms;        /* SIZE_MAX: of no machine */
    micro_t part[N_COST_PARTS]; /* of spot terms COST_SPOT and COST_START follow the price */
};

struct work_job {
    size_t demand, workload;
    const struct demand *d;
    uint64_t key;
    size_t n_terms;
    struct terms *terms;
    size_t on_demand, on_spot; /* terms the policy may choose; SIZE_MAX: not allowed */
    size_t n_stretches;
    struct played *stretches;
    size_t n_bills;
    struct planned_bill *bills;
};

/* All batch work of a plan; read-only. */
struct work_play {
    const struct plan *plan;
    const struct world_model *model;
    const struct policy *policy;
    size_t n_jobs;
    struct work_job *jobs;
    size_t n_months;
    int64_t *month_end_us;             /* [n_months] the last one never ends */
    size_t most_terms;                 /* of a job */
    struct rooms rooms;                /* for machines beyond the plan */
    const void **prepared;             /* [n_jobs] by the policy; jobs that are alike share */
    struct policy_terms *policy_terms; /* [n_jobs] */
};
/* `policy` NULL: greedy_safety. `threads` as in parallel_for; nothing depends on it. Errors: ERR_INTERNAL. */
MUST_USE enum err work_prepare(struct work_play *play, const struct world_model *m,
                               const struct policy *policy, size_t threads, struct arena *a,
                               struct diag *d);
/* Whether the policy has something to choose: on-demand or spot. */
bool work_has_choice(const struct work_job *job);
/* Fills `prepared` of all jobs: those whose terms are the same once rounded (policy_terms_rounded) share it. */
void work_share(struct work_play *play, size_t threads, struct arena *a);

/* Where the time of one demand went, in machine-microseconds. paid is counted by machine, from its start to its end and with
 * what is billed beyond; the others by what the unit was doing: they must agree. */
struct time_ledger {
    int64_t paid, useful, checkpoint, lost, restart, waiting, data, idle;
};

/* What is paid in one month on one set of terms, in machine-microseconds; weighted by the price factor for spot. */
struct use_month {
    double machines, start; /* machines beyond starts; starts */
    double beside;          /* of savings plans: what billing rounds up, paid as one goes */
    int64_t held;           /* for licences and disks */
};

/* One demand in one world. */
struct job_luck {
    int64_t finish_us;
    int32_t interruptions;
    bool unfinished, as_planned;
    struct time_ledger time;
};

struct work_scratch; /* of one thread */
struct work_scratch *work_scratch_new(const struct work_play *play, struct world *w,
                                      struct arena *a);
/* Plays one job in the scratch's world. False when the time ledger does not close. */
bool work_job_play(struct job_luck *luck, const struct work_job *job, struct work_scratch *s);
/* Its cost by month and part: bill[n_months][N_COST_PARTS], added to; committed use in machine-microseconds in *committed. */
void work_job_bill(micro_t *bill, const struct work_job *job, const struct job_luck *luck,
                   struct work_scratch *s);

#endif
