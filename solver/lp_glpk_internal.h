/* What the files that call GLPK share. */
#ifndef SOLVER_LP_GLPK_INTERNAL_H
#define SOLVER_LP_GLPK_INTERNAL_H

#include "solver/lp_internal.h"

#include <glpk.h>
#include <setjmp.h>

/* Tolerances of the repeats, when the bound does not meet the optimum yet. */
#define TIGHTER 0.01

struct guard {
    jmp_buf back;
    const struct lp_settings *settings;
    char *note;
    size_t note_size;
    bool stopped;
};

struct glpk_session {
    struct lp_run *run;
    glp_prob *glpk;
    size_t *col; /* [number in GLPK] our column */
    size_t *row; /* [number in GLPK] our row */
    int *number; /* [n_rows] number in GLPK, 0: not there */
    int n, m;    /* columns and rows in GLPK */
    struct arena *arena;
    int *index;       /* [n_rows + 1] */
    double *value;    /* [n_rows + 1] */
    double *rhs;      /* [n_rows + 1] for solves with the basis */
    double *activity; /* [n_rows] */
    struct guard guard;
};

/* What there is goes to the run, before more pivots: it may be cut off at any time. */
void glpk_save_solution(struct glpk_session *s);
/* Values and prices of the optimal basis, refined to the last bits. */
void glpk_read_solution(struct glpk_session *s);
/* Prices of least total violation: a Farkas vector of the columns that are in, which tells what others would help. */
void glpk_read_proof(struct glpk_session *s);

#endif
