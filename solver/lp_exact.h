/* The exact optimum of a linear program, in rational numbers. QSopt_ex looks for it in a process of its own; its answer counts only
 * when x and the prices of the rows prove each other here (docs/certificates.md, "The exact optimum"). A double is the fraction
 * that it stands for, no more and no less; integers are relaxed. */
#ifndef SOLVER_LP_EXACT_H
#define SOLVER_LP_EXACT_H

#include "solver/lp.h"
#include <stdio.h>

enum lp_exact_status {
    EXACT_OPTIMAL,
    EXACT_INFEASIBLE, /* proven; doubles that only nearly agree may contradict each other exactly */
    EXACT_UNKNOWN     /* `why` says what happened */
};

struct lp_exact {
    enum lp_exact_status status;
    const struct rational *optimum; /* EXACT_OPTIMAL, else NULL; lives as long as the arena */
    const char *why;                /* EXACT_UNKNOWN: a sentence; NULL: settings->stop was set */
};

/* What the other process does: writes the answer that lp_exact_read takes. */
typedef void lp_exact_solver(const struct lp *lp, FILE *out);

struct lp_exact_settings {
    double time_limit_s; /* 600: QSopt_ex can loop without end */
    long
        memory_mib; /* 4096; of the other process, beside what it shares with this one; and of its answer */
    size_t most_columns;               /* 400,000: about 3 GB */
    const volatile sig_atomic_t *stop; /* NULL: none */
    lp_exact_solver *solver;           /* lp_exact_qsopt */
};
extern const struct lp_exact_settings LP_EXACT_SETTINGS;

/* Whatever happens to the other process is a result. Errors: those of lp_check. */
MUST_USE enum err lp_exact(struct lp_exact *out, const struct lp *lp,
                           const struct lp_exact_settings *settings, struct arena *a,
                           struct diag *d);

/* Decimal text with that many digits behind the point, rounded down. */
const char *rational_decimal(const struct rational *r, unsigned digits, struct arena *a);
/* "numerator/denominator" in lowest terms; NULL: longer than that. */
const char *rational_fraction(const struct rational *r, size_t most_bytes, struct arena *a);
/* (value - r) / max(1, |r|), exact before it is rounded to a double. */
double rational_apart(const struct rational *r, double value);

#endif
