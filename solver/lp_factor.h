/* Factors of a simplex basis, B = L U, and how they follow it from pivot to pivot. Most columns of a plan's basis can be
 * ordered to a triangle by counting; what is left (lp_nucleus.c) is eliminated where that fills in least (Markowitz).
 *
 * A new column a in place p:  B' = L (I + v w') U  with  v = L^-1 a - U e_p  and  w = U^-T e_p  (middle product form),
 * so the factors stay and every change is two short vectors.
 *
 * Places 0 .. n-1 are pivots: row_place[i] that of row i; head[s] is the variable whose column has pivot s. */
#ifndef SOLVER_LP_FACTOR_H
#define SOLVER_LP_FACTOR_H

#include "solver/lp.h"
#include "solver/lp_sparse.h"

/* Entries of a growing list. */
struct entries {
    int n;
    int *at;
    double *value;
};

struct factor_change {
    double pivot;
    struct entries spike, row; /* v, w */
};

struct factor {
    int n;
    int *row_place, *place_row; /* [n] */
    double *pivot;              /* [n] */
    struct triangle lower, lower_t, upper, upper_t;
    int n_changes, size_changes;
    struct factor_change *changes;
    long n_entries, n_changed; /* in the factors, in the changes */
    struct arena *arena;       /* of the factors at hand */
    struct triangle_room room;
};

/* For programs of n rows. The arena of the factors ends with `a`. */
struct factor *factor_new(int n, struct arena *a);
/* Factors the columns of head[n]: below n the unit column of that row, else column head - n of the program. Orders head by
 * pivots. Where columns depend on others they are replaced by unit columns: head says which. How many. */
int factor_make(struct factor *f, const struct lp *lp, int *head);
/* B x = b: b by row_place, x by pivots; spike: NULL, or a copy half way, for factor_change. */
void factor_solve(struct factor *f, struct sparse *x, struct sparse *spike);
/* B'y = c: c by pivots, y by row_place; row: NULL, or a copy half way. */
void factor_solve_t(struct factor *f, struct sparse *y, struct sparse *row);
/* The column whose spike this is takes place p; row is that of the unit vector p; pivot: entry p of its solution. */
void factor_change(struct factor *f, const struct sparse *spike, const struct sparse *row, int p,
                   double pivot);

/* --- lp_nucleus.c --- */

/* A square matrix with no row or column of a single entry: rows of entries by column. */
struct nucleus {
    int n;
    struct entries *rows; /* [n] */
    struct arena *arena;
    /* Result: pivots in order; entries of L by row, of U by column, each of the nucleus. */
    int n_pivots;
    int *pivot_row, *pivot_col;
    double *pivot;
    struct entries *lower, *upper; /* [n_pivots] */
};
void nucleus_factor(struct nucleus *k);

#endif
