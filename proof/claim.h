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

struct claim_line {
    const char *part;                     /* as in the file: "compute" */
    size_t workload, job, dataset, offer; /* NOWHERE: not of one */
    bool plan;                            /* of a savings plan as such */
    int month;
    double price;
    const char *unit, *note;
    int64_t quantity, quantity_den;
    micro_t amount;
    size_t number; /* of its entry, from 1 */
    bool counted;
};

struct proof_claim {
    bool relaxed;
    size_t n_runs, n_holdings, n_datasets, n_unserved, n_lines;
    struct claim_run *runs; /* by job, then time, as in the file */
    struct claim_holding *holdings;
    struct claim_dataset *datasets;
    struct claim_unserved *unserved;
    double *bought; /* [limits] machines, money per hour of a savings plan */
    struct claim_line *lines;
    micro_t cost, bound;
    double gap;
    const struct proof_prices *prices;
};

/* The checks: each reports what was claimed and what was found, and returns false when something is wrong. */
bool proof_check_work(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_limits(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_storage(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_services(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_bill(const struct proof *p, struct proof_claim *c, struct diag *d);
bool proof_check_budgets(const struct proof *p, const struct proof_claim *c, struct diag *d);
bool proof_check_bound(struct proof *p, const struct proof_claim *c, struct diag *d);

#endif
