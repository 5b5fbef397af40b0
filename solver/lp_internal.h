/* What the files behind lp.h share. No GLPK in here. */
#ifndef SOLVER_LP_INTERNAL_H
#define SOLVER_LP_INTERNAL_H

#include "solver/lp.h"

/* --- lp_build.c --- */

/* A x in compensated sums; activity[n_rows]. */
void lp_activity(double *activity, const struct lp *lp, const double *x);
/* y where the row has the bound that its sign asks for, else 0. */
double lp_usable_dual(const struct lp *lp, size_t row, double y);
/* cost - A'y, unusable duals left out. */
double lp_reduced_cost(const struct lp *lp, size_t col, const double *y);
/* sum_i y_i b_i + sum_j min(d_j l_j, d_j u_j) with d = -A'y, over the sum of the absolute terms, in [-1, 1]; a value
 * above rounding proves that no x exists. */
double lp_farkas_value(const struct lp *lp, const double *y);

/* All columns at their lower bounds are optimal for the dual: no cost is below 0. */
bool lp_is_dual_feasible(const struct lp *lp);
bool lp_are_finite(const double *value, size_t n);

/* --- lp_check.c --- */

/* Every number finite and of a size that a double can weigh against 1, bounds in order, rows in range and at most
 * once per column. Error: ERR_INTERNAL or ERR_AMOUNT naming the row or column, ERR_LP_SIZE. */
MUST_USE enum err lp_check(const struct lp *lp, struct diag *d);
const char *lp_row_name(const struct lp *lp, size_t row, char *buffer,
                        size_t size); /* "r1" without names */
const char *lp_col_name(const struct lp *lp, size_t col, char *buffer,
                        size_t size); /* "x1" without names */
enum { LP_NAME_SIZE = 512 };

/* --- lp_scale.c --- */

enum lp_scaling { SCALING_GEOMETRIC, SCALING_ROWS, SCALING_NONE };

/* A program times powers of two: row i by row_scale[i]; x_j = col_scale[j] x'_j; costs by cost_scale. Every product is
 * exact, and the scaled numbers stay the same when all costs, a row or a column are multiplied by a power of two.
 * Shares start and row with the raw program; lp.constant is 0. */
struct lp_scaled {
    struct lp lp;
    const struct lp *raw;
    double *row_scale, *col_scale;
    double cost_scale;
};
void lp_scale(struct lp_scaled *out, const struct lp *raw, enum lp_scaling scaling,
              bool keep_integers, struct arena *a);
void lp_unscale_x(double *x, const struct lp_scaled *s,
                  const double *scaled_x); /* clipped into bounds */
void lp_unscale_dual(double *y, const struct lp_scaled *s,
                     const double *scaled_y); /* of the costs */
void lp_unscale_farkas(double *y, const struct lp_scaled *s,
                       const double *scaled_y); /* greatest entry near 1 */

/* --- lp_columns.c --- */

/* Columns still outside, and room to choose among them. */
struct lp_pricing {
    const struct lp *lp;
    bool *in;                       /* [n_cols] */
    size_t n_out;                   /* columns not in */
    struct lp_candidate *candidate; /* [n_cols] */
    size_t *chosen;                 /* [n_cols] ascending */
    const struct lp_rows *rows;     /* NULL: all are in */
};
void lp_pricing_start(struct lp_pricing *p, const struct lp *lp, bool lazily, struct arena *a);
/* Those of an earlier basis come in at once, all others that may wait stay out: in_basis[n_cols], 0: was not in. */
void lp_pricing_begin(struct lp_pricing *p, const unsigned char *in_basis);
/* Columns to add: reduced cost (costs 0 when `proving`) below -tolerance x max(1, |cost|). Rows take turns in choosing, so that
 * one expensive demand does not use up the batch, each by reduced cost (by violation removed per money when `proving`);
 * ties by index. At most `batch`; returns how many. */
size_t lp_price_columns(struct lp_pricing *p, const double *y, bool proving, double tolerance,
                        size_t batch);

/* --- lp_rows.c --- */

/* Rows that the columns in the program could break; the others stay outside. */
struct lp_rows {
    const struct lp *lp;
    bool all; /* a small program: nothing is left out */
    bool *in; /* [n_rows] */
    const unsigned char *wanted;
    size_t n_in;
    bool *touched;        /* [n_rows] by a column that is in */
    double *least, *most; /* [n_rows] extremes of A x over the columns that are in */
    size_t *added;        /* [n_rows] ascending: what lp_rows_add let in last */
};
/* wanted: NULL, or [n_rows] 0 for rows that need not be in from the start. */
void lp_rows_start(struct lp_rows *r, const struct lp *lp, size_t few_rows,
                   const unsigned char *wanted, struct arena *a);
/* Coefficients of the n rows that were let in last, row by row, over the columns col[1 .. n_cols]; index counts from 1. */
struct lp_row_values {
    size_t *start; /* [n + 1] */
    int *index;
    double *value;
};
struct lp_row_values lp_rows_values(const struct lp_rows *r, size_t n, const size_t *col,
                                    int n_cols, struct arena *a);
void lp_rows_note(struct lp_rows *r, size_t col); /* this column comes in */
/* Lets in every row that may be broken now (in small programs every row); how many. */
size_t lp_rows_add(struct lp_rows *r);
/* Duals of rows outside, as low as makes their columns unattractive: a commitment prices out only when all its uses together
 * pay for it. Proven with the rest of y: columns that are in do not see them. */
void lp_rows_price(const struct lp_rows *r, const bool *col_in, double *y, struct arena *a);

/* Free rows (no column in the program touches them) that the column widens. */
size_t lp_rows_widened(const struct lp_rows *r, size_t col);

/* --- lp_blocks.c --- */

/* A solution and prices of a program that falls apart into small blocks when a few columns are fixed; to be judged by the
 * caller. False: it is not of that form, or was not solved that way. */
bool lp_blocks(double *x, double *y, const struct lp *lp, const struct lp_settings *settings);

/* --- lp_glpk.c --- */

enum lp_method { METHOD_OWN, METHOD_AUTO, METHOD_PRIMAL, METHOD_DUAL, METHOD_TEXTBOOK };
enum lp_end {
    RUN_OPTIMAL,
    RUN_INFEASIBLE,
    RUN_LIMIT,
    RUN_STOPPED,
    RUN_MEMORY,
    RUN_FAILED, /* GLPK gave up, stopped itself or contradicted itself; `note` has its words */
};

/* One run of GLPK or of our own simplex. Fill the inputs, the rest with zero; lp_run_new does both. */
struct lp_run {
    const struct lp *lp; /* scaled */
    const struct lp_settings *settings;
    enum lp_method method;
    bool lazily;      /* leave lazy columns out at first */
    bool branch;      /* go on to branch and bound */
    double tolerance; /* factor on the tolerances of the settings */
    double deadline;  /* on lp_clock; INFINITY: none */
    long iteration_limit;

    enum lp_end end;
    double *x, *y; /* scaled; y of a RUN_INFEASIBLE is a Farkas vector */
    bool has_x;    /* x is feasible for GLPK (an earlier one, when the run was cut off) */
    bool has_y;
    struct lp_basis basis; /* row NULL: not asked for */
    bool warm;             /* begin with it, and with the rows and columns in it */
    struct lp_pricing pricing;
    struct lp_rows rows;
    long iterations, rounds;
    char note[256];

    double *whole_x;   /* best solution of branch and bound */
    double tree_bound; /* scaled; of the columns that are in */
    bool has_whole, has_tree_bound;
    bool is_tree_done; /* searched to the end: nothing better among the columns that are in */

    /* NULL, or called after each answer: changes the bounds of a column that is in, in `lp`, and returns it, to go on from the
     * basis at hand; SIZE_MAX ends the run. */
    size_t (*next)(struct lp_run *run, void *context);
    void *context;
};
void lp_run_new(struct lp_run *run, const struct lp *scaled, const struct lp_settings *settings,
                struct arena *a);
void lp_glpk(struct lp_run *run, struct arena *a);

/* --- lp_simplex.c --- */

/* The same by our own simplex method, for programs of many rows; no branching, no `next`. */
void lp_simplex(struct lp_run *run, struct arena *a);

/* --- lp_solve.c --- */

/* A Farkas value below this share of its terms could be rounding. */
#define LP_PROOF_MARGIN 1e-13

double lp_clock(void); /* monotonic seconds */
double lp_deadline(const struct lp_settings *settings);
bool lp_stopped(const struct lp_settings *settings);
/* |objective - bound| as a share of the money moved: |constant| + sum |cost x|. 0 when all are 0. */
double lp_gap(const struct lp *lp, const double *x, double objective, double bound);

#endif
