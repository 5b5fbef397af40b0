/* A linear program as plain data, and what can be done with one. Only lp_glpk.c sees GLPK.
 *     min  constant + sum_j cost_j x_j   s.t.  row_lo <= A x <= row_hi,  col_lo <= x <= col_hi,  x_j integer where asked */
#ifndef SOLVER_LP_H
#define SOLVER_LP_H

#include "common/arena.h"
#include "common/diag.h"
#include <signal.h>

struct lp {
    size_t n_rows, n_cols;
    double *row_lo, *row_hi; /* [n_rows] -INFINITY / INFINITY allowed, not both */
    double *col_lo, *col_hi,
        *cost;     /* [n_cols] finite bounds: every column has a finite upper bound */
    bool *integer; /* [n_cols] */
    size_t *start; /* [n_cols + 1] columns in compressed form */
    size_t *row;   /* [start[n_cols]] row of each coefficient, each at most once per column */
    double *value; /* the coefficient, finite, not 0 */
    double constant;
    bool *lazy; /* [n_cols] or NULL: columns to leave out until their reduced cost asks for them */
    /* Names for exports and messages; unique, [A-Za-z0-9_.:/-], never parsed back; not "objective" or "constant". NULL: r1,
     * r2, ... and x1, x2, ... */
    const char *(*row_name)(const struct lp *lp, size_t row, char *buffer, size_t size);
    const char *(*col_name)(const struct lp *lp, size_t col, char *buffer, size_t size);
    const void *context; /* of the name functions */
};

enum lp_status {
    LP_OPTIMAL, /* bound and objective agree to settings->optimality (lp_solve_mip: mip_gap) of the money moved,
                      |constant| + sum |cost x|; x is feasible to settings->feasibility */
    LP_FEASIBLE, /* a limit was reached; x is feasible, bound is proven */
    LP_INFEASIBLE, /* row_dual is a Farkas vector, checked on the data as given: with all costs and the constant 0,
                      lp_dual_bound of it is above 0. objective and bound are INFINITY, x and reduced_cost NULL */
    LP_UNBOUNDED, /* cannot happen with finite bounds; kept for completeness */
    LP_LIMIT,     /* a limit was reached and there is no feasible x: x is NULL, bound is proven */
};

/* Every tolerance of the solver, with its reason. LP_SETTINGS gives the defaults. */
struct lp_settings {
    double
        feasibility; /* 1e-9 relative after scaling: GLPK's own 1e-7 lets 1e-7 of a demand be missing */
    double optimality;   /* 1e-9: the bound must equal the optimum to 1e-7 */
    double pivot;        /* 1e-9 GLPK's default */
    double time_limit_s; /* 0: none; own monotonic clock */
    long
        iteration_limit; /* 0: none; GLPK can loop on numerical trouble, so the default is finite */
    double mip_gap;      /* relative gap at which branch and bound may stop */
    size_t few_rows;     /* programs with fewer are solved with all of them from the start; 4,000 */
    size_t
        lazy_batch; /* columns added per round of pricing at most, 0: as many as rows, at least 200 */
    bool sparse;    /* our own simplex method first (lp_simplex.h): programs of many jobs */
    long memory_mib; /* 0: none */
    const volatile sig_atomic_t
        *stop; /* set by a signal handler: leave as soon as possible (LP_FEASIBLE or LP_LIMIT) */
};
extern const struct lp_settings LP_SETTINGS;

/* How a run ended: 0 for what was not in, else GLPK's status of the row or column. */
struct lp_basis {
    unsigned char *row, *col; /* [n_rows], [n_cols] */
};

struct lp_result {
    enum lp_status status;
    double objective; /* of x, evaluated on the unscaled data */
    double
        bound; /* proven: sum_i y_i b_i + sum_j min(d_j l_j, d_j u_j), from y on the unscaled data */
    double *x;               /* [n_cols] clipped into its bounds */
    double *row_dual;        /* [n_rows] of the LP (with integers fixed, for a mixed-integer run) */
    double *reduced_cost;    /* [n_cols] cost - A'y */
    long iterations, rounds; /* simplex pivots, rounds of column generation */
    size_t columns_used;
    struct lp_basis basis; /* row NULL: none, for small programs */
    const char *note;      /* GLPK's own last words when something was odd, or NULL */
};

/* Solves the relaxation (integers ignored). Scales rows, columns and costs, presolve off, column generation over
 * lazy columns (those with lower bound 0), dual bound recomputed on the raw data. Errors: ERR_LP_SIZE; ERR_AMOUNT for a
 * number beyond 1e15 (coefficients: or under 1e-15); ERR_INTERNAL for one that is not finite, and with a dump in gpumix-failed.lp when GLPK
 * gives up. Infeasible is a result. */
MUST_USE enum err lp_solve(struct lp_result *out, const struct lp *lp,
                           const struct lp_settings *settings, struct arena *a, struct diag *d);

/* The same, begun with the basis of an earlier solution of a program that differs in bounds and sides only; without one it
 * is lp_solve. The way there differs, so where several points cost the same another one may be found. */
MUST_USE enum err lp_solve_from(struct lp_result *out, const struct lp *lp,
                                const struct lp_settings *settings, const struct lp_basis *from,
                                struct arena *a, struct diag *d);

/* Branch and bound over the integer columns, first with the columns the relaxation needed, then, where that does not reach
 * mip_gap, with all; at the end the integers are fixed at their rounded values and the relaxation is solved once more for x
 * and duals. Where branch and bound is cut off with nothing, several dives (round the most integral, solve again). `bound`
 * is the better of the relaxation's and that of a tree in which no column was left out. x has integers rounded exactly;
 * integer columns need whole bounds. Without limits it runs until mip_gap is reached. LP_INFEASIBLE only when the
 * relaxation is; a program without whole solutions gives LP_LIMIT. The limits of pivots hold for each solve. */
MUST_USE enum err lp_solve_mip(struct lp_result *out, const struct lp *lp,
                               const struct lp_settings *settings, struct arena *a, struct diag *d);

/* The optimum with one column fixed at a value. */
struct lp_point {
    enum lp_status status; /* as of lp_solve */
    double objective, bound;
    long iterations; /* pivots that this point took */
};

/* A column and the values it is fixed at, one after the other; they may lie outside its own bounds. */
struct lp_axis {
    size_t col, n;
    const double *values;
};

/* Solves the relaxation for each value of the axis, from the last basis by the dual simplex. What is not proven in this way is
 * solved once more from the start. out[axis->n]. Errors as of lp_solve. */
MUST_USE enum err lp_sweep(struct lp_point *out, const struct lp *lp, const struct lp_axis *axis,
                           const struct lp_settings *settings, struct arena *a, struct diag *d);

/* The column that is fixed at a value next, all others that are visited at home: where they are fixed in the program. */
struct lp_stop {
    size_t col;
    double value;
};
/* What the program is like there. slope: of the optimum in the value, one of those between left and right; 0 at the start. */
struct lp_view {
    enum lp_status status; /* LP_OPTIMAL or LP_INFEASIBLE */
    double objective, slope;
    const double *x, *dual; /* [n_cols], [n_rows]; x only of LP_OPTIMAL */
    long iterations;        /* of this solve; 0: not counted */
};
/* Tells where to go next; false: nowhere. First asked at home. */
typedef bool lp_next_stop(struct lp_stop *next, const struct lp_view *last, void *context);

/* Solves the relaxation at home and at each stop, from the last basis by the dual simplex. *whole false: a stop was not proven,
 * or a limit was reached, and the walk ended there; lp_walk_each may come through. Columns that are visited must not be lazy.
 * Errors as of lp_sweep. */
MUST_USE enum err lp_walk(bool *whole, const struct lp *lp, lp_next_stop *next, void *context,
                          const struct lp_settings *settings, struct diag *d);
/* The same, with a solve like lp_solve_from at each stop, from `from`. */
struct lp_guide {
    lp_next_stop *next;
    void *context;
    const struct lp_basis *from; /* [n_rows], [n_cols]; NULL */
};
MUST_USE enum err lp_walk_each(bool *whole, const struct lp *lp, const struct lp_guide *guide,
                               const struct lp_settings *settings, struct diag *d);

/* The proven lower bound that any vector y gives (model.md 4, Certificate); compensated sums. */
double lp_dual_bound(const struct lp *lp, const double *y);
/* Largest violation of a row or column, each relative to max(1, |right-hand side|); of a row only what 8 last bits of
 * sum |a x| cannot explain. Not-a-number violates by INFINITY. */
double lp_violation(const struct lp *lp, const double *x);
double lp_objective(const struct lp *lp, const double *x);

/* Writes free MPS (path ends in .mps) or CPLEX LP format (.lp) with 17 digits, so that the other solver's optimum is
 * ours: integers are relaxed (a comment names them); a constant becomes the cost of a last column fixed at 1, named
 * "constant". The LP format has no rows with two sides, so such a row is written twice there, the second with "_hi" at the
 * end of its name; it forbids - : / in names, which become ~ @ &. Columns keep their order. Errors: ERR_OUTPUT, ERR_USAGE
 * for another ending, ERR_INTERNAL for a number that is not finite, ERR_AMOUNT for one beyond 1e15. */
MUST_USE enum err lp_export(const struct lp *lp, const char *path, struct arena *a, struct diag *d);

/* Builder: rows first, then columns with their coefficients; arrays grow in the arena. */
struct lp_builder {
    struct lp lp;
    struct arena *arena;
    size_t n_values;
    size_t *slot; /* [n_rows] where each row got its last coefficient; for lp_add_value */
};
size_t lp_add_row(struct lp_builder *b, double lo, double hi);
size_t lp_add_col(struct lp_builder *b, double lo, double hi, double cost, bool integer, bool lazy);
void lp_add_value(struct lp_builder *b, size_t row,
                  double value); /* to the column added last; sums into an equal row */
struct lp *lp_finish(struct lp_builder *b);

#endif
