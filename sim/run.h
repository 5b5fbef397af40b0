/* Simulation of a plan: the plan is executed event by event in many worlds, on all cores, with the same result for any number
 * of threads. Everything is kept per world, so that two runs with the same seed can be compared world by world. */
#ifndef SIM_RUN_H
#define SIM_RUN_H

#include "sim/world.h"
#include <signal.h>

/* Where the money of a world goes. Parts of a workload add up to its cost, workloads and `nobody` to the total, exactly. */
enum cost_part {
    COST_ON_DEMAND, /* pay-as-you-go machines, discount taken off, useful and checkpoint time */
    COST_SPOT,      /* likewise */
    COST_AUTOSCALED,
    COST_COMMITTED, /* use of commitments at their hourly rate */
    COST_LOST,  /* of spot machines: work lost to reclaims, restarts, the gang's others that wait */
    COST_START, /* planned starts, and starts the policy decides */
    COST_IDLE,  /* commitments that nobody uses; only of `nobody` */
    COST_STORAGE, /* datasets, disks, traffic, retrieval */
    COST_LICENCE,
    COST_LATE,
    COST_UNSERVED, /* load left out, as priced */
    N_COST_PARTS
};
const char *cost_part_name(enum cost_part part);  /* JSON word */
const char *cost_part_label(enum cost_part part); /* translated */

/* What came of one workload in one world. */
struct workload_outcome {
    micro_t part[N_COST_PARTS];
    int64_t finish_us; /* end of its last job, from the start of the horizon; services 0 */
    int64_t late_us;   /* of its latest job, 0: none is late */
    int32_t n_late;    /* jobs that end after their deadline */
    int32_t
        n_unfinished; /* jobs given up: not done long after the horizon (finish_us is then when they were given up) */
    int32_t interruptions;   /* reclaims that hit it; of a gang one each time it stops */
    double useful_h, paid_h; /* machine-hours; batch work only */
    /* services: over the horizon, in requests, session starts or seat-hours */
    double offered, served, late,
        lost; /* late: served above the limit of latency; offered = served + lost */
    bool
        missed; /* batch: a job is late (also where lateness is priced); service: the latency target is missed over the horizon */
};

struct run_settings {
    long runs; /* most worlds; > 0 */
    long
        first_world; /* number of the first world; 0. For the worlds that something chosen is checked on */
    struct world_settings worlds;
    int threads; /* 0: as many as there are cores */
    double
        precision; /* stop when the 95 % interval of the mean cost is this narrow to either side, relative; 0: never */
    const char *policy; /* for batch work behind its plan (policy.h); NULL: "greedy_safety" */
    const volatile sig_atomic_t *stop; /* not 0: end soon; may be NULL */
};

/* All worlds of a run. Arrays are [world][...], row-major. */
struct outcomes {
    const struct plan *plan;
    const struct world_model *model;
    const char *policy;
    size_t n; /* worlds done: at most settings.runs */
    size_t n_asked;
    long first_world;
    bool converged; /* precision was reached */
    bool
        interrupted; /* stopped by a signal: n is what was done, whole blocks from the first world on */
    size_t n_workloads;                 /* scenario->n_workloads */
    struct workload_outcome *workloads; /* [n][n_workloads] */
    micro_t *nobody;                    /* [n] what belongs to no workload: idle commitments */
    micro_t *total;                     /* [n] */
    /* Money by owner and calendar month (index since the month of the start; what falls after the last month of the
     * plan's ledger is in the last one). Owner n_owners - 1 is nobody's (no owner named, idle commitments). */
    size_t n_owners, n_months;
    const char **owners; /* [n_owners] the last is NULL */
    micro_t *by_owner;   /* [n][n_owners][n_months] sums to total */
    double seconds;      /* wall time; not for results */
    int threads;
};

/* Cost of a workload in a world. */
micro_t workload_cost(const struct workload_outcome *o);

/* Executes the plan (status OPTIMAL or FEASIBLE) in worlds first_world ... The first n outcomes do not depend on `runs`. Errors:
 * ERR_RELAXED for a plan with integrality: none; ERR_RUN_SIZE when the outcomes would not fit into memory; ERR_INTERNAL when a
 * bill or a time ledger does not close, or the plan's own hours are not billed at the plan's cost; those of worlds. */
MUST_USE enum err run_worlds(struct outcomes *out, const struct plan *plan,
                             const struct run_settings *settings, struct arena *a, struct diag *d);

/* ---- Services: implemented in sim/service.c, called by run.c ---- */

/* What one service meets in a world. */
struct service_luck {
    double offered, served, late, lost; /* as in workload_outcome */
    int32_t interruptions;
    bool missed;
    /* Machine-microseconds that differ from the plan, by holding of the plan: added to what is paid (negative where less is
     * held) at the price of the moment. Given zeroed, [plan->n_holdings]; only those of the service may be changed. */
    int64_t *more_us, *more_start_us;
    /* Requests (session starts, seat-hours) not served that are priced, per month [n_months]; given zeroed. It replaces
     * the plan's own load left out. Leave alone where unserved load has no price. */
    double *unserved;
};
struct service_play; /* one service as all worlds see it */
MUST_USE enum err service_prepare(struct service_play **play, const struct world_model *m,
                                  size_t service, struct arena *a, struct diag *d);
/* Bytes of working memory that one thread needs for it. */
size_t service_scratch_bytes(const struct service_play *play);
/* Plays it in world w. With all randomness off: nothing differs from the plan, and luck.unserved is the plan's. */
void service_world(struct service_luck *luck, const struct service_play *play, struct world *w,
                   void *scratch);

#endif
