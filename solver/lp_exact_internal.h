/* What the files behind lp_exact.h share. */
#ifndef SOLVER_LP_EXACT_INTERNAL_H
#define SOLVER_LP_EXACT_INTERNAL_H

#include "solver/lp_exact.h"
#include <gmp.h>

struct rational {
    mpq_t value;
};
struct rational *rational_new(struct arena *a); /* 0; freed with the arena */

/* Status with which the other process ends when memory is out. */
enum { EXACT_NO_MEMORY = 3 };

/* --- lp_exact_qsopt.c, the only file that sees QSopt_ex --- */

/* Never called in this process: QSopt_ex may abort, exit or run for ever. Not for programs without rows. */
void lp_exact_qsopt(const struct lp *lp, FILE *out);

/* --- lp_exact_proof.c --- */

/* What was found: x and prices y, or, infeasible, y alone. */
struct exact_claim {
    bool infeasible;
    mpq_t *x, *y; /* [n_cols], [n_rows] */
};
void exact_claim_new(struct exact_claim *c, const struct lp *lp, struct arena *a);

/* Reads
 *     optimal | infeasible
 *     x COLUMN NUMERATOR[/DENOMINATOR]      from 0; what is not named is 0
 *     y ROW NUMERATOR[/DENOMINATOR]
 *     end
 * and changes `text`. False: it is nothing of the kind. */
bool exact_claim_read(struct exact_claim *c, const struct lp *lp, char *text);

/* Optimal: x keeps every bound and row, and costs what y proves to be a lower bound; *optimum is that. Infeasible: with all costs 0,
 * y proves a lower bound above 0. All of it in exact arithmetic. */
bool exact_claim_holds(mpq_t optimum, const struct exact_claim *c, const struct lp *lp);

#endif
