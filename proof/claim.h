/* What a saved plan claims, in the terms of the rebuilt model. Filled from a file (proof/run.h), never from the solver. */
#ifndef PROOF_CLAIM_H
#define PROOF_CLAIM_H

#include "proof/services.h"

/* Machines of one offer that work for a job without a pause. */
struct claim_run {
    size_t job;
    const struct proof_choice *choice;
    long machines;
    int64_t from_us, to_us, paid_us, start_us;
    double work;
};

/* Machines of one offer that a service holds without a change. */
struct claim_holding {
    size_t service;
    const struct proof_choice *choice;
    long machines, starts;
    int64_t from_us, to_us;
};

struct claim_dataset {
    size_t store, home;
    double share, size_gib, extra_gib;
};

/* Load of a class left out in a period of the claim. */
struct claim_unserved {
    size_t service, class_;
    const struct proof_series *share;
};

/* Parts of a bill. */
enum proof_part {
    DUE_COMPUTE,
    DUE_START,
    DUE_DISCOUNT,
    DUE_COMMITTED,
    DUE_COMMITMENT_NEW,
    DUE_DISK,
    DUE_STORAGE,
    DUE_EGRESS,
    DUE_RETRIEVAL,
    DUE_LICENCE,
    DUE_LATE,
    DUE_UNSERVED,
    N_DUES
};
const char *due_part_word(enum proof_part part); /* as in the file: "compute" */

struct claim_line {
    enum proof_part part;                 /* N_DUES: no such part */
    size_t workload, job, dataset, offer; /* NOWHERE: not of one */
    bool plan;                            /* of a savings plan as such */
    int month;
    double price;
    int64_t quantity, quantity_den;
    micro_t amount;
};

/* Where runs and lines of many jobs are read one at a time, so that there is no second list of them. */
struct claim_source {
    struct claim_run (*run)(const void *of, size_t i);
    struct claim_line (*line)(const void *of, size_t i);
    const void *of;
};

struct proof_claim {
    bool relaxed;
    size_t n_runs, n_holdings, n_datasets, n_unserved, n_lines;
    const struct claim_source *source; /* NULL: runs and lines are below */
    struct claim_run *runs;            /* by job, then time, as in the file */
    struct claim_holding *holdings;
    struct claim_dataset *datasets;
    struct claim_unserved *unserved;
    double *bought; /* [limits] machines, money per hour of a savings plan */
    struct claim_line *lines;
    micro_t cost, bound;
    double gap;
    const struct proof_prices *prices;
};

struct claim_run claim_run_at(const struct proof_claim *c, size_t i);
struct claim_line claim_line_at(const struct proof_claim *c, size_t i);

/* Entries by job, in their order; of none behind those of the last job. */
struct claim_index {
    size_t *first; /* [jobs + 2] */
    size_t *order; /* NULL: they are in this order anyway */
};
struct claim_index claim_runs_by_job(const struct proof *p, const struct proof_claim *c);
struct claim_index claim_lines_by_job(const struct proof *p, const struct proof_claim *c);
/* The number of the k-th entry in that order. */
size_t claim_index_at(const struct claim_index *x, size_t k);
/* Runs of a job, in the order of the claim; *n of them. */
struct claim_run *claim_runs_of(size_t *n, const struct proof_claim *c, const struct claim_index *x,
                                size_t job, struct arena *a);

/* The checks: each reports what was claimed and what was found, and returns false when something is wrong. */
bool proof_check_work(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_limits(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_storage(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_services(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_bill(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_budgets(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_bound(struct proof *p, const struct proof_claim *c, struct diag *d);

#endif
