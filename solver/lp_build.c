/* Building a linear program and judging answers to it on the data as given: objective, violation, dual bound. */
#include "solver/lp.h"
#include "solver/lp_internal.h"
#include "solver/lp_sum.h"

#include <assert.h>
#include <float.h>
#include <math.h>

/* A row of 1e7 GiB against 1e7 GiB cannot be met to 1e-9: x has no more digits. */
#define ROUNDING (8 * DBL_EPSILON)

size_t lp_add_row(struct lp_builder *b, double lo, double hi)
{
    struct lp *lp = &b->lp;
    const size_t row = lp->n_rows;
    lp->row_lo = arena_grow(b->arena, lp->row_lo, row, sizeof *lp->row_lo);
    lp->row_hi = arena_grow(b->arena, lp->row_hi, row, sizeof *lp->row_hi);
    b->slot = arena_grow(b->arena, b->slot, row, sizeof *b->slot);
    lp->row_lo[row] = lo;
    lp->row_hi[row] = hi;
    b->slot[row] = 0;
    lp->n_rows++;
    return row;
}

size_t lp_add_col(struct lp_builder *b, double lo, double hi, double cost, bool integer, bool lazy)
{
    struct lp *lp = &b->lp;
    const size_t col = lp->n_cols;
    lp->col_lo = arena_grow(b->arena, lp->col_lo, col, sizeof *lp->col_lo);
    lp->col_hi = arena_grow(b->arena, lp->col_hi, col, sizeof *lp->col_hi);
    lp->cost = arena_grow(b->arena, lp->cost, col, sizeof *lp->cost);
    lp->integer = arena_grow(b->arena, lp->integer, col, sizeof *lp->integer);
    lp->lazy = arena_grow(b->arena, lp->lazy, col, sizeof *lp->lazy);
    lp->start = arena_grow(b->arena, lp->start, col, sizeof *lp->start);
    lp->col_lo[col] = lo;
    lp->col_hi[col] = hi;
    lp->cost[col] = cost;
    lp->integer[col] = integer;
    lp->lazy[col] = lazy;
    lp->start[col] = b->n_values;
    lp->n_cols++;
    return col;
}

/* slot[row] is where the row's coefficient was put last; it counts only inside the column being built. */
void lp_add_value(struct lp_builder *b, size_t row, double value)
{
    struct lp *lp = &b->lp;
    assert(lp->n_cols > 0 && row < lp->n_rows);
    const size_t begin = lp->start[lp->n_cols - 1], at = b->slot[row];
    if (at >= begin && at < b->n_values && lp->row[at] == row) {
        lp->value[at] += value;
        return;
    }
    lp->row = arena_grow(b->arena, lp->row, b->n_values, sizeof *lp->row);
    lp->value = arena_grow(b->arena, lp->value, b->n_values, sizeof *lp->value);
    lp->row[b->n_values] = row;
    lp->value[b->n_values] = value;
    b->slot[row] = b->n_values++;
}

/* Coefficients that are, or cancelled to, 0 are left out here: a zero would count as an entry in exports. */
struct lp *lp_finish(struct lp_builder *b)
{
    struct lp *lp = ARENA_NEW(b->arena, struct lp, 1);
    *lp = b->lp;
    lp->start = arena_grow(b->arena, lp->start, lp->n_cols, sizeof *lp->start);
    size_t kept = 0;
    for (size_t col = 0; col < lp->n_cols; col++) {
        const size_t begin = lp->start[col];
        const size_t end = col + 1 < lp->n_cols ? lp->start[col + 1] : b->n_values;
        lp->start[col] = kept;
        for (size_t k = begin; k < end; k++) {
            if (lp->value[k] == 0) continue;
            lp->row[kept] = lp->row[k];
            lp->value[kept++] = lp->value[k];
        }
    }
    lp->start[lp->n_cols] = kept;
    b->lp = *lp;
    b->n_values = kept;
    return lp;
}

double lp_objective(const struct lp *lp, const double *x)
{
    struct sum sum = {lp->constant, 0};
    for (size_t col = 0; col < lp->n_cols; col++) sum_add_product(&sum, lp->cost[col], x[col]);
    return sum_value(sum);
}

/* `worst` after one more value that should lie in [lo, hi], give or take `rounding`; not-a-number counts as infinitely
 * wrong. */
static double worse_of(double worst, double value, double lo, double hi, double rounding)
{
    if (isnan(value)) return INFINITY;
    if (value < lo - rounding) return fmax(worst, (lo - rounding - value) / fmax(1, fabs(lo)));
    if (value > hi + rounding) return fmax(worst, (value - hi - rounding) / fmax(1, fabs(hi)));
    return worst;
}

void lp_activity(double *activity, const struct lp *lp, const double *x)
{
    struct arena *scratch = arena_new();
    struct sum *const sum = ARENA_NEW(scratch, struct sum, lp->n_rows + 1);
    for (size_t col = 0; col < lp->n_cols; col++) {
        if (x[col] == 0) continue;
        for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++)
            sum_add_product(&sum[lp->row[k]], lp->value[k], x[col]);
    }
    for (size_t row = 0; row < lp->n_rows; row++) activity[row] = sum_value(sum[row]);
    arena_free(scratch);
}

/* Sum of |a x| of each row: what rounding x to doubles can shift is a few last bits of it. */
static void find_sizes(double *size, const struct lp *lp, const double *x)
{
    for (size_t col = 0; col < lp->n_cols; col++)
        for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++)
            size[lp->row[k]] += fabs(lp->value[k] * x[col]);
}

double lp_violation(const struct lp *lp, const double *x)
{
    struct arena *scratch = arena_new();
    double *const activity = ARENA_NEW(scratch, double, lp->n_rows + 1);
    double *const size = ARENA_NEW(scratch, double, lp->n_rows + 1);
    lp_activity(activity, lp, x);
    find_sizes(size, lp, x);
    double worst = 0;
    for (size_t row = 0; row < lp->n_rows; row++)
        worst =
            worse_of(worst, activity[row], lp->row_lo[row], lp->row_hi[row], ROUNDING * size[row]);
    for (size_t col = 0; col < lp->n_cols; col++)
        worst = worse_of(worst, x[col], lp->col_lo[col], lp->col_hi[col], 0);
    arena_free(scratch);
    return worst;
}

double lp_usable_dual(const struct lp *lp, size_t row, double y)
{
    if (y > 0 && isinf(lp->row_lo[row])) return 0;
    if (y < 0 && isinf(lp->row_hi[row])) return 0;
    return y;
}

/* cost - A'y for this column. */
static double price_column(const struct lp *lp, size_t col, double cost, const double *y)
{
    struct sum sum = {cost, 0};
    for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
        const size_t row = lp->row[k];
        sum_add_product(&sum, -lp->value[k], lp_usable_dual(lp, row, y[row]));
    }
    return sum_value(sum);
}

double lp_reduced_cost(const struct lp *lp, size_t col, const double *y)
{
    return price_column(lp, col, lp->cost[col], y);
}

double lp_dual_bound(const struct lp *lp, const double *y)
{
    struct sum sum = {lp->constant, 0};
    for (size_t row = 0; row < lp->n_rows; row++) {
        const double dual = lp_usable_dual(lp, row, y[row]);
        if (dual != 0) sum_add_product(&sum, dual, dual > 0 ? lp->row_lo[row] : lp->row_hi[row]);
    }
    for (size_t col = 0; col < lp->n_cols; col++) {
        const double reduced = lp_reduced_cost(lp, col, y);
        sum_add_product(&sum, reduced, reduced > 0 ? lp->col_lo[col] : lp->col_hi[col]);
    }
    const double bound = sum_value(sum);
    return isnan(bound) ? (double)-INFINITY : bound;
}

/* With all costs 0 the bound says "every x costs at least this": above 0 there is no x. Divided by the size of its
 * terms, so that the caller can tell it from rounding in their last bits. */
double lp_farkas_value(const struct lp *lp, const double *y)
{
    struct sum sum = {0, 0};
    double size = 0;
    for (size_t row = 0; row < lp->n_rows; row++) {
        const double dual = lp_usable_dual(lp, row, y[row]);
        if (dual == 0) continue;
        const double bound = dual > 0 ? lp->row_lo[row] : lp->row_hi[row];
        sum_add_product(&sum, dual, bound);
        size += fabs(dual * bound);
    }
    for (size_t col = 0; col < lp->n_cols; col++) {
        const double reduced = price_column(lp, col, 0, y);
        const double bound = reduced > 0 ? lp->col_lo[col] : lp->col_hi[col];
        sum_add_product(&sum, reduced, bound);
        size += fabs(reduced * bound);
    }
    const double value = sum_value(sum);
    return size > 0 && isfinite(value) ? value / size : 0;
}

bool lp_is_dual_feasible(const struct lp *lp)
{
    for (size_t col = 0; col < lp->n_cols; col++)
        if (lp->cost[col] < 0 && lp->col_lo[col] < lp->col_hi[col]) return false;
    return true;
}

bool lp_are_finite(const double *value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!isfinite(value[i])) return false;
    return true;
}
