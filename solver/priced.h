/* Limits that have a price: which rows of the linear program one unit more of each would widen, and how far that is what the
 * limit means. */
#ifndef SOLVER_PRICED_H
#define SOLVER_PRICED_H

#include "solver/model.h"

/* A limit in scenario words, as a direction for right-hand sides: one unit more adds -value to the room of each row. */
struct priced_limit {
    const char *what, *unit;
    struct place at;
    size_t n;
    struct priced_value {
        size_t row;
        double value;
    } * values;
    /* Units more and fewer within which the rows say all there is to say; `most` may be INFINITY. */
    double fewest, most;
    bool
        hidden; /* it allows nothing, or keeps options out that would have columns: its price is not in the program */
    /* Columns of work whose own bounds stand for rows that this limit widens. */
    size_t n_lifted, *lifted;
};

/* All of a formulation: quotas and stock, budgets, spot shares, parallel limits, throughput of storage, commitments that exist.
 * x: where the datasets of a plan lie (values of its columns). */
struct priced_limit *priced_limits(size_t *n, const struct formulation *f, const double *x);
/* Only quotas, stock and commitments that exist: f->model, f->limit_row and the program in f->builder are looked at. */
struct priced_limit *priced_capacities(size_t *n, const struct formulation *f);

#endif
