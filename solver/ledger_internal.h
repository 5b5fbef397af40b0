/* How the bill is written: shared by the files of the ledger. */
#ifndef SOLVER_LEDGER_INTERNAL_H
#define SOLVER_LEDGER_INTERNAL_H

#include "solver/ledger.h"

struct book_keeper {
    struct plan *plan;
    const struct formulation *f;
    const struct model *m;
    const struct schedule *s;
    const struct decision *decision;
    const int64_t *rounding_us; /* [stretches] billed beyond what is held; NULL: none is */
    double objective; /* the same schedule, by the LP's own coefficients and in floating point */
    enum err code;
    int n_months;
    int month; /* the last one that was asked for */
    int64_t month_from_us, month_to_us;
};

/* Rounds the amount of the line and adds it to the bill; lines of nothing are left out. Errors: in k->code. */
void ledger_add(struct book_keeper *k, struct ledger_line line);

/* Start of a month, counted from that of the start. */
moment_t ledger_month_begin(const struct scenario *s, int month);

/* The part of every commitment that no line so far books to its users. */
void ledger_add_idle(struct book_keeper *k);

#endif
