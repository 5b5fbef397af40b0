/* Which rows to let in: one that the columns in the program cannot break, whatever their values, is left out. Its dual is 0,
 * or, while none of its columns is in, whatever makes its columns unattractive. */
#include "solver/lp_internal.h"

#include <math.h>

void lp_rows_start(struct lp_rows *r, const struct lp *lp, size_t few_rows,
                   const unsigned char *wanted, struct arena *a)
{
    *r = (struct lp_rows){
        .lp = lp,
        .all = lp->n_rows < few_rows,
        .wanted = wanted,
        .in = ARENA_NEW(a, bool, lp->n_rows + 1),
        .touched = ARENA_NEW(a, bool, lp->n_rows + 1),
        .least = ARENA_NEW(a, double, lp->n_rows + 1),
        .most = ARENA_NEW(a, double, lp->n_rows + 1),
        .added = ARENA_NEW(a, size_t, lp->n_rows + 1),
    };
}

void lp_rows_note(struct lp_rows *r, size_t col)
{
    const struct lp *lp = r->lp;
    for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
        const size_t row = lp->row[k];
        const double at_lo = lp->value[k] * lp->col_lo[col];
        const double at_hi = lp->value[k] * lp->col_hi[col];
        r->least[row] += fmin(at_lo, at_hi);
        r->most[row] += fmax(at_lo, at_hi);
        r->touched[row] = true;
    }
}

static bool may_break(const struct lp_rows *r, size_t row)
{
    return r->least[row] < r->lp->row_lo[row] || r->most[row] > r->lp->row_hi[row];
}

size_t lp_rows_add(struct lp_rows *r)
{
    size_t n = 0;
    for (size_t row = 0; row < r->lp->n_rows; row++) {
        const bool wanted = r->all || (r->wanted && r->wanted[row]);
        if (r->in[row] || !(wanted || may_break(r, row))) continue;
        r->in[row] = true;
        r->added[n++] = row;
    }
    r->n_in += n;
    return n;
}

struct lp_row_values lp_rows_values(const struct lp_rows *r, size_t n, const size_t *col,
                                    int n_cols, struct arena *a)
{
    const struct lp *lp = r->lp;
    size_t *place =
        ARENA_NEW(a, size_t, lp->n_rows + 1); /* among the added rows, from 1; 0: not one */
    struct lp_row_values v = {.start = ARENA_NEW(a, size_t, n + 2)};
    for (size_t i = 0; i < n; i++) place[r->added[i]] = i + 1;
    for (int j = 1; j <= n_cols; j++)
        for (size_t k = lp->start[col[j]]; k < lp->start[col[j] + 1]; k++)
            if (place[lp->row[k]]) v.start[place[lp->row[k]] + 1]++;
    for (size_t i = 1; i <= n; i++) v.start[i + 1] += v.start[i];
    v.index = ARENA_NEW(a, int, v.start[n + 1] + 1);
    v.value = ARENA_NEW(a, double, v.start[n + 1] + 1);
    for (int j = 1; j <= n_cols; j++)
        for (size_t k = lp->start[col[j]]; k < lp->start[col[j] + 1]; k++) {
            if (!place[lp->row[k]]) continue;
            const size_t at = v.start[place[lp->row[k]]]++;
            v.index[at] = j;
            v.value[at] = lp->value[k];
        }
    return v;
}

/* A row with <= 0 that no column in the program touches: its dual may be anything up to 0 and costs the bound nothing. */
static bool is_free(const struct lp_rows *r, size_t row)
{
    return !r->in[row] && !r->touched[row] && isinf(r->lp->row_lo[row]) && r->lp->row_hi[row] == 0;
}

/* The first such row that the column enters with a value above 0; n_rows: none. */
static size_t free_row(const struct lp_rows *r, size_t col, double *value)
{
    const struct lp *lp = r->lp;
    for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++)
        if (lp->value[k] > 0 && is_free(r, lp->row[k])) {
            *value = lp->value[k];
            return lp->row[k];
        }
    return lp->n_rows;
}

static double reduced_cost(const struct lp *lp, size_t col, const double *y)
{
    double reduced = lp->cost[col];
    for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++)
        reduced -= lp->value[k] * y[lp->row[k]];
    return reduced;
}

/* Each pass makes the first free row of a column as dear as the column is attractive; columns that gain by it, because they
 * widen the row, pass it on to their own free rows. */
enum { PASSES = 3 };

void lp_rows_price(const struct lp_rows *r, const bool *col_in, double *y, struct arena *a)
{
    const struct lp *lp = r->lp;
    if (r->n_in == lp->n_rows) return;
    double *const change = ARENA_NEW(a, double, lp->n_rows + 1);
    for (size_t row = 0; row < lp->n_rows; row++)
        if (!r->in[row]) y[row] = 0;
    for (int pass = 0; pass < PASSES; pass++) {
        for (size_t row = 0; row < lp->n_rows; row++) change[row] = 0;
        for (size_t col = 0; col < lp->n_cols; col++) {
            double value = 0;
            if (col_in[col] || lp->col_hi[col] <= 0) continue;
            const size_t row = free_row(r, col, &value);
            if (row == lp->n_rows) continue;
            change[row] = fmin(change[row], reduced_cost(lp, col, y) / value);
        }
        for (size_t row = 0; row < lp->n_rows; row++) y[row] += change[row];
    }
}

size_t lp_rows_widened(const struct lp_rows *r, size_t col)
{
    size_t n = 0;
    if (r->n_in == r->lp->n_rows) return 0;
    for (size_t k = r->lp->start[col]; k < r->lp->start[col + 1]; k++)
        n += r->lp->value[k] < 0 && is_free(r, r->lp->row[k]);
    return n;
}
