/* A bounded simplex method of our own, dual and primal, whose work per pivot goes with what is not 0 (lp_factor.h). It is for
 * programs of many jobs, where GLPK's work goes with all rows. What it finds is judged like GLPK's answers (lp_solve.c).
 *     A x + s = 0,  lo <= (s, x) <= hi:  variables 0 .. m-1 are the rows' s = - activity, m + j is column j */
#ifndef SOLVER_LP_SIMPLEX_H
#define SOLVER_LP_SIMPLEX_H

#include "solver/lp_factor.h"
#include "solver/lp_internal.h"
#include <stdint.h>

enum var_state { STATE_OUT, STATE_BASIC, STATE_LO, STATE_HI };

struct simplex {
    struct lp_run *run;
    const struct lp *lp;
    int m, n;             /* rows; variables */
    double *lo, *hi;      /* [n] */
    double *cost;         /* [n] as it is used: shifted a little while the dual method runs */
    double *x, *d;        /* [n] value, reduced cost */
    unsigned char *state; /* [n] enum var_state */
    int *head;            /* [m] variable in each place */
    double *short2;       /* [m] square of what the variable in each place is out of its bounds */
    struct shortlist {
        int n, *at;
        bool *in;
    } out_of_bounds,          /* places that may be out of their bounds, all that are among them */
        attractive;           /* variables whose reduced cost may help, all that do among them */
    double *edge;             /* [m] dual steepest edge weights by place */
    double *reference;        /* [n] weights of the primal method */
    int *row_start, *row_var; /* columns that are in, by rows */
    double *row_value;
    struct factor *factor;
    struct sparse column, spike; /* of the variable that enters, by place */
    struct sparse unit, half;    /* row of the inverse, by place */
    struct sparse tau, flips;    /* by place */
    struct sparse row;           /* the pivot row, by variable */
    struct breakpoint {
        double ratio, limit, size;
        int var;
    } * breaks; /* [n] */
    int n_breaks;
    int *flipped; /* [n] */
    int n_flipped, n_passed;
    double feasible, optimal; /* tolerances */
    uint64_t dice;
    bool is_shifted;
    bool fresh; /* factors of this very basis */
    struct arena *arena, *rows_arena;
};

/* --- lp_simplex.c --- */

/* Factors the basis anew and computes values and reduced costs from it. */
void simplex_refresh(struct simplex *s);
/* Where that is due. */
void simplex_keep_fresh(struct simplex *s);
/* Entries of place p of every column at hand into s->row; s->unit and s->half hold the row of the inverse. */
void simplex_price_row(struct simplex *s, int p);
/* s->column and s->spike of the variable. */
void simplex_price_column(struct simplex *s, int var);
/* Variable q, which moves by `step`, takes place p; the one that was there goes to a bound. */
void simplex_pivot(struct simplex *s, int p, int q, double step, bool to_upper);
/* Reduced costs after the pivot with entry `pivot` of the row. */
void simplex_update_prices(struct simplex *s, int q, int leaving, double pivot);
/* A limit of time or pivots. */
bool simplex_is_over(const struct simplex *s);
void simplex_note_short(struct simplex *s, int p);
/* Whether a move away from its bound lowers the cost. */
static inline bool simplex_gains(const struct simplex *s, int var)
{
    const double d = s->d[var];
    if (d < -s->optimal) return s->state[var] == STATE_LO && s->hi[var] > s->lo[var];
    return d > s->optimal && s->state[var] == STATE_HI && s->hi[var] > s->lo[var];
}
static inline void shortlist_put(struct shortlist *l, int i)
{
    if (l->in[i]) return;
    l->in[i] = true;
    l->at[l->n++] = i;
}
static inline void shortlist_drop(struct shortlist *l, int k)
{
    l->in[l->at[k]] = false;
    l->at[k] = l->at[--l->n];
}

/* --- lp_dual.c, lp_primal.c --- */

/* From any basis to one that is feasible, at costs that are shifted where that helps. RUN_OPTIMAL, RUN_INFEASIBLE (s->run->y
 * holds the proof), RUN_LIMIT, RUN_STOPPED, RUN_FAILED. */
enum lp_end simplex_dual(struct simplex *s);
/* From a feasible basis to an optimal one at the costs as they are. */
enum lp_end simplex_primal(struct simplex *s);

#endif
