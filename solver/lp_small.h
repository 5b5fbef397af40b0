/* A dual simplex for programs of a few rows that are solved thousands of times with other right-hand sides; the basis is kept
 * in between. Dense, no allocation. For the blocks of lp_blocks.c only: nothing is proven here. */
#ifndef SOLVER_LP_SMALL_H
#define SOLVER_LP_SMALL_H

#include <stdbool.h>
#include <stddef.h>

enum { SMALL_ROWS = 24, SMALL_COLS = 64 };

/* min cost x, lo <= x <= hi for columns 0 .. n - 1; the bounds of n + i are those of row i, a_i x. Finite costs and column
 * bounds. */
struct lp_small {
    size_t m, n;
    double *a;               /* [m][n] */
    double *cost;            /* [n] */
    double *lo, *hi;         /* [n + m] */
    int basis[SMALL_ROWS];   /* basic column of each position */
    bool *upper, *is_basic;  /* [n + m] */
    double *inverse;         /* [m][m] of the basis */
    double dual[SMALL_ROWS]; /* of the basis, while is_priced */
    bool is_priced;
};

/* The basis of rows alone: feasible in the dual, whatever the costs. Call it once. */
void lp_small_start(struct lp_small *s);

enum lp_small_end { SMALL_OPTIMAL, SMALL_INFEASIBLE, SMALL_FAILED };
/* x[n + m] and y[m]; of an infeasible program y is a ray: sum_i y_i (bound of row i) + the columns at their best is above 0,
 * which is *value; else *value is the optimum. */
enum lp_small_end lp_small_solve(struct lp_small *s, double *x, double *y, double *value);

#endif
