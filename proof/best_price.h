/* The work price at which a job proves most (bound_jobs.c): what it gains by the price, period by period, as straight lines. */
#ifndef PROOF_BEST_PRICE_H
#define PROOF_BEST_PRICE_H

#include "common/arena.h"

/* A choice in a run of like periods: price above which anything is gained, and by how much per unit of the price. */
struct gain_line {
    double unit, per_work;
};

struct gain_run {
    double most;     /* clock hours of a gang, or GPU-hours of capped work */
    size_t first, n; /* lines */
};

/* What a job gains; begins as {.arena, .work}. */
struct gains {
    struct arena *arena;
    double work; /* of the job, > 0 */
    size_t n_runs, n_lines;
    struct gain_run *runs;
    struct gain_line *lines;
};

/* Begins a run of no hours. */
void gains_run(struct gains *g);
/* A choice of the last run, left out where another one always gains as much. */
void gains_line(struct gains *g, double unit, double per_work);
/* The work price at which `work` x price less all gains is most, looked for around the stated one. Found in floating point, which
 * is good enough: any price is safe. */
double gains_best_price(const struct gains *g, double stated);

#endif
