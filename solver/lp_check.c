/* GLPK takes not-a-number and infinity without complaint and then calls nonsense optimal, so every number is looked
 * at before it goes in. */
#include "solver/lp_internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Beyond these a double cannot hold the number beside 1 in one sum, and no quantity of a plan comes near: the most
 * money that can be booked is 9.2e12. */
#define GREATEST 1e15
#define LEAST    1e-15
/* GLPK counts rows and columns up to 1e8. */
#define MOST_LINES 100000000

const char *lp_row_name(const struct lp *lp, size_t row, char *buffer, size_t size)
{
    if (lp->row_name) return lp->row_name(lp, row, buffer, size);
    snprintf(buffer, size, "r%zu", row + 1);
    return buffer;
}

const char *lp_col_name(const struct lp *lp, size_t col, char *buffer, size_t size)
{
    if (lp->col_name) return lp->col_name(lp, col, buffer, size);
    snprintf(buffer, size, "x%zu", col + 1);
    return buffer;
}

static bool usable(double value)
{
    return isfinite(value) && fabs(value) <= GREATEST;
}

static bool usable_coefficient(double value)
{
    return usable(value) && fabs(value) >= LEAST;
}

/* Numbers that are merely too large or too small come from the user: a price, a size, a speed. */
static bool beyond(double value)
{
    return isfinite(value) && value != 0 && (fabs(value) > GREATEST || fabs(value) < LEAST);
}

static enum err number_code(double value)
{
    return beyond(value) ? ERR_AMOUNT : ERR_INTERNAL;
}

static enum err refused(enum err code, struct diag *d)
{
    if (code != ERR_AMOUNT) return code;
    diag_why(d, _("beside it the other numbers of the plan are lost to rounding"));
    diag_fix(d, _("look for a price, a size, a speed or an amount of work that cannot be meant"));
    return code;
}

static enum err check_row(const struct lp *lp, size_t row, struct diag *d)
{
    const double lo = lp->row_lo[row], hi = lp->row_hi[row];
    const bool lo_open = isinf(lo) && lo < 0, hi_open = isinf(hi) && hi > 0;
    if ((lo_open || usable(lo)) && (hi_open || usable(hi)) && !(lo_open && hi_open) && lo <= hi)
        return OK;
    char name[LP_NAME_SIZE];
    const enum err code = lo <= hi && (beyond(lo) || beyond(hi)) ? ERR_AMOUNT : ERR_INTERNAL;
    diag_error(d, code, (struct place){0},
               _("row \"%s\" of the linear program has the bounds %g and %g"),
               lp_row_name(lp, row, name, sizeof name), lo, hi);
    return refused(code, d);
}

static enum err check_values(const struct lp *lp, size_t col, size_t *last, struct diag *d)
{
    char name[LP_NAME_SIZE], row_name[LP_NAME_SIZE];
    for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
        const size_t row = lp->row[k];
        if (row >= lp->n_rows)
            return diag_error(d, ERR_INTERNAL, (struct place){0},
                              _("column \"%s\" of the linear program refers to row %zu of %zu"),
                              lp_col_name(lp, col, name, sizeof name), row + 1, lp->n_rows);
        if (!usable_coefficient(lp->value[k]))
            return refused(
                diag_error(
                    d, number_code(lp->value[k]), (struct place){0},
                    _("column \"%s\" of the linear program has the coefficient %g in row \"%s\""),
                    lp_col_name(lp, col, name, sizeof name), lp->value[k],
                    lp_row_name(lp, row, row_name, sizeof row_name)),
                d);
        if (last[row] == col + 1)
            return diag_error(
                d, ERR_INTERNAL, (struct place){0},
                _("column \"%s\" of the linear program has two coefficients in row \"%s\""),
                lp_col_name(lp, col, name, sizeof name),
                lp_row_name(lp, row, row_name, sizeof row_name));
        last[row] = col + 1;
    }
    return OK;
}

static enum err check_col(const struct lp *lp, size_t col, size_t *last, struct diag *d)
{
    char name[LP_NAME_SIZE];
    const double lo = lp->col_lo[col], hi = lp->col_hi[col];
    if (!usable(lo) || !usable(hi) || lo > hi)
        return refused(diag_error(d, lo <= hi && beyond(hi) ? ERR_AMOUNT : ERR_INTERNAL,
                                  (struct place){0},
                                  _("column \"%s\" of the linear program has the bounds %g and %g"),
                                  lp_col_name(lp, col, name, sizeof name), lo, hi),
                       d);
    if (!usable(lp->cost[col]))
        return refused(diag_error(d, number_code(lp->cost[col]), (struct place){0},
                                  _("column \"%s\" of the linear program has the cost %g"),
                                  lp_col_name(lp, col, name, sizeof name), lp->cost[col]),
                       d);
    return check_values(lp, col, last, d);
}

enum err lp_check(const struct lp *lp, struct diag *d)
{
    if (lp->n_rows > MOST_LINES || lp->n_cols > MOST_LINES)
        return diag_error(d, ERR_LP_SIZE, (struct place){0},
                          _("the plan needs a linear program of %zu rows and %zu columns"),
                          lp->n_rows, lp->n_cols);
    if (!usable(lp->constant))
        return refused(diag_error(d, number_code(lp->constant), (struct place){0},
                                  _("the linear program has the constant cost %g"), lp->constant),
                       d);
    struct arena *scratch = arena_new();
    size_t *const last = ARENA_NEW(scratch, size_t, lp->n_rows + 1);
    enum err e = OK;
    for (size_t row = 0; row < lp->n_rows && e == OK; row++) e = check_row(lp, row, d);
    for (size_t col = 0; col < lp->n_cols && e == OK; col++) e = check_col(lp, col, last, d);
    arena_free(scratch);
    return e;
}
