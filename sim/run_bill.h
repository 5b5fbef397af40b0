/* One world: every job and service is played, and the money adds up. Private to sim. */
#ifndef SIM_RUN_BILL_H
#define SIM_RUN_BILL_H

#include "sim/work.h"

/* What all worlds of a run share. */
struct run_play {
    const struct world_model *model;
    struct work_play work;
    size_t n_owners;
    const char **owners; /* the last is nobody */
    size_t *owner_of;    /* [n_workloads] */
    /* Ledger lines that belong to no demand, [n_workloads + 1][n_months][N_COST_PARTS]; row n_workloads: nobody's. Spot
     * machines and priced unserved load of services are not in it. */
    micro_t *fixed;
    size_t n_services;
    struct service_part {
        struct service_play *play;
        size_t service, workload;
        size_t n_lines;
        size_t *lines; /* of the ledger: spot machines and load left out, as planned */
    } * services;
};
MUST_USE enum err run_prepare(struct run_play *play, const struct world_model *m,
                              const char *policy, size_t threads, struct arena *a, struct diag *d);

enum run_fault { RUN_SOUND, RUN_TIME, RUN_MONEY, RUN_AMOUNT };

/* Where the outcome of one world goes. */
struct world_row {
    struct workload_outcome *workloads; /* [n_workloads] */
    micro_t *nobody, *total, *by_owner; /* by_owner [n_owners][n_months] */
};

struct run_scratch; /* of one thread */
struct run_scratch *run_scratch_new(const struct run_play *play, struct arena *a);
enum run_fault run_world(const struct world_row *row, struct run_scratch *s, uint64_t index);

/* The part of a cost to which a line of the plan's ledger belongs. */
enum cost_part cost_part_of(const struct plan *p, const struct ledger_line *l);

#endif
