/* What `gpumix catalog fit` has fitted: models of one table, in the order in which they are told. */
#ifndef CLI_CATALOG_FIT_H
#define CLI_CATALOG_FIT_H

#include "cli/commands.h"
#include "pricing/spot_model.h"
#include "report/sheet.h"

/* One form fitted to one series, group or kind of spell; the forms of one stand side by side. */
struct fit_row {
    struct spot_model model;
    bool chosen;                  /* of the forms that were tried */
    const struct survival *curve; /* of lives */
};

struct fits {
    struct arena *arena;
    struct fit_row *rows;
    size_t n;
    struct spot_models used; /* what the backtest says to use, one per series; with the backtests */
    bool backtest;           /* run them */
    const volatile sig_atomic_t
        *stop; /* set: prices are fitted no further, and fits_make ends with ERR_OUTPUT; NULL */
    const char *type, *place; /* what the table is of, where it does not say so itself; "" */
    double tick_h, gap_h, protected_h;
};

/* Fits a table of any kind, seen from its header (history, lives, availability, machines under watch). Errors: of reading it;
 * ERR_CSV_HEADER for a table of no such kind. */
MUST_USE enum err fits_make(struct fits *f, const char *path, const char *const *by,
                            struct diag *d);
/* Is there nothing but lives among them? */
bool fits_are_lives(const struct fits *f);

struct sheet fits_sheet(const struct fits *f);          /* form by form */
struct sheet fits_backtest_sheet(const struct fits *f); /* model against baselines */

#endif
