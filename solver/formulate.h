/* Writing rows and columns: shared by the files that formulate batch work, services and storage. */
#ifndef SOLVER_FORMULATE_H
#define SOLVER_FORMULATE_H

#include "solver/model.h"

size_t row_add(struct formulation *f, struct row r, double lo, double hi);
/* A column with bounds 0 .. hi (the constant is fixed at 1). In elastic problems only slack costs something. */
void column_add(struct formulation *f, struct column c, double hi, double cost);
void value_put(struct formulation *f, size_t row,
               double value); /* to the column added last; NONE and 0 are left out */
/* `all` enters budgets for everybody, `own` those of the owner, in month (a budget over all months takes every month). */
void budgets_put(struct formulation *f, const char *owner, int month, double all, double own);
/* The same for something held from the start until until_us, spread over the months; `owned` budgets of the owner too. */
void budgets_put_held(struct formulation *f, const char *owner, double per_h, int64_t until_us);
/* The whole work done at once never uses more than this many GPU-hours. */
double most_gpu_hours(const struct group *g, double work);
/* Some commitment has to be bought for it. */
bool uses_bought(const struct model *m, const struct option *o);
double option_booked_per_h(const struct model *m, const struct option *o);

void limit_rows_make(struct formulation *f);

/* blocks.c: a gang, or divisible work that might pass a limit of its own in some period. */
bool limits_itself(const struct model *m, size_t demand);
bool demand_reads(const struct demand *d); /* a share of a dataset per unit of work */

/* alike.c: jobs that one of them stands for (f->classes, f->next_alike); before rows_make. */
void alike_make(struct formulation *f);
static inline bool stands_for_itself(const struct formulation *f, size_t demand)
{
    return f->classes[demand].first == demand;
}

/* Rate demands. */
void service_rows(struct formulation *f);
void service_columns(struct formulation *f);
bool served_single(
    const struct served *v); /* one request class: the split f of the load follows from n */

void service_missing(
    struct formulation *f); /* columns of load left unserved, for the elastic problem */

/* replaced.c: [limits] subscriptions that may be bought and that another one replaces. */
bool *commitments_replaced(const struct model *m);
bool option_replaced(const struct formulation *f, const struct option *o);
/* Commitments: what exists is a constant, what may be bought a column. */
void commitment_columns(struct formulation *f);
/* A user of limit l needs up to `units` of it at a time. */
void bound_commitment(struct formulation *f, size_t l, double units);
/* Adds machines (of savings plans money per hour) of each new commitment that x buys to bought [limits]. What one service alone
 * may subscribe has a column for each place where its data may lie. */
void bought_read(double *bought, const struct formulation *f, const double *x);
bool bought_apart(const struct formulation *f, size_t limit); /* it has several */
/* Hours of [from, from + keep) that fall into calendar month q of the plan. */
double kept_in_month_h(const struct model *m, const struct store *s, double keep_h, int q);

#endif
