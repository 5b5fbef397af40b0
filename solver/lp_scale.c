/* Scaling by powers of two, before GLPK sees the program: its tolerances are absolute, so a plan in seconds and one in
 * months would otherwise be solved to different accuracy (or, at worst, be called optimal at cost 0). Exponents are
 * integers, so all of this is exact, and multiplying prices by 2^k changes nothing but the cost scale. */
#include "solver/lp_internal.h"

#include <math.h>
#include <stdint.h>

enum {
    PASSES = 6, /* geometric passes; the spread of plan matrices no longer shrinks after 3 or 4 */
    MOST = 60,  /* of one exponent, so that no product leaves the range of a double */
};

struct exponents {
    const struct lp *lp;
    int16_t *value;  /* [nonzeros] floor(log2 |value|) */
    int *row, *col;  /* exponents of the scale factors */
    int *low, *high; /* [n_rows] extremes met in a pass */
    bool keep_integers;
};

static int limited(int exponent)
{
    if (exponent > MOST) return MOST;
    return exponent < -MOST ? -MOST : exponent;
}

/* Floor of a / 2 also below zero, so that shifting both ends shifts the middle alike. */
static int middle(int low, int high)
{
    const int sum = low + high;
    return sum >= 0 ? sum / 2 : -((1 - sum) / 2);
}

static bool is_kept(const struct exponents *e, size_t col)
{
    return e->keep_integers && e->lp->integer[col];
}

static void scale_rows(struct exponents *e)
{
    const struct lp *lp = e->lp;
    for (size_t row = 0; row < lp->n_rows; row++) {
        e->low[row] = INT16_MAX;
        e->high[row] = INT16_MIN;
    }
    for (size_t col = 0; col < lp->n_cols; col++)
        for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
            const size_t row = lp->row[k];
            const int size = e->value[k] + e->col[col];
            if (size < e->low[row]) e->low[row] = size;
            if (size > e->high[row]) e->high[row] = size;
        }
    for (size_t row = 0; row < lp->n_rows; row++)
        if (e->low[row] <= e->high[row]) e->row[row] = limited(-middle(e->low[row], e->high[row]));
}

static void scale_cols(struct exponents *e)
{
    const struct lp *lp = e->lp;
    for (size_t col = 0; col < lp->n_cols; col++) {
        int low = INT16_MAX, high = INT16_MIN;
        for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
            const int size = e->value[k] + e->row[lp->row[k]];
            if (size < low) low = size;
            if (size > high) high = size;
        }
        if (low <= high && !is_kept(e, col)) e->col[col] = limited(-middle(low, high));
    }
}

/* A column starts in units of its upper bound: then even the first pass does not depend on units. */
static void start_cols(struct exponents *e)
{
    const struct lp *lp = e->lp;
    for (size_t col = 0; col < lp->n_cols; col++) {
        const double most = fmax(fabs(lp->col_lo[col]), fabs(lp->col_hi[col]));
        if (most > 0 && !is_kept(e, col)) e->col[col] = ilogb(most);
    }
}

/* Mean exponent, rounded down: shifts by exactly k when every member does. */
struct mean {
    int64_t sum, n;
};

static void mean_add(struct mean *m, double value, int exponent)
{
    if (value == 0 || !isfinite(value)) return;
    m->sum += ilogb(value) + exponent;
    m->n++;
}

static int mean_value(struct mean m)
{
    if (m.n == 0) return 0;
    return (int)(m.sum >= 0 ? m.sum / m.n : -((m.n - 1 - m.sum) / m.n));
}

/* One factor for all quantities brings right-hand sides near 1. Whole numbers cannot take it. */
static void scale_sides(struct exponents *e)
{
    const struct lp *lp = e->lp;
    if (e->keep_integers) return;
    struct mean sides = {0, 0};
    for (size_t row = 0; row < lp->n_rows; row++) {
        mean_add(&sides, lp->row_lo[row], e->row[row]);
        if (lp->row_hi[row] != lp->row_lo[row]) mean_add(&sides, lp->row_hi[row], e->row[row]);
    }
    const int size = limited(mean_value(sides));
    for (size_t row = 0; row < lp->n_rows; row++) e->row[row] -= size;
    for (size_t col = 0; col < lp->n_cols; col++) e->col[col] += size;
}

static void find_exponents(struct exponents *e, enum lp_scaling scaling)
{
    const struct lp *lp = e->lp;
    if (scaling == SCALING_NONE) return;
    for (size_t k = 0; k < lp->start[lp->n_cols]; k++) e->value[k] = (int16_t)ilogb(lp->value[k]);
    if (scaling == SCALING_ROWS) {
        scale_rows(e);
        return;
    }
    start_cols(e);
    for (int pass = 0; pass < PASSES; pass++) {
        scale_rows(e);
        scale_cols(e);
    }
    scale_sides(e);
}

static int find_cost_exponent(const struct exponents *e)
{
    const struct lp *lp = e->lp;
    struct mean costs = {0, 0};
    for (size_t col = 0; col < lp->n_cols; col++) mean_add(&costs, lp->cost[col], e->col[col]);
    return -mean_value(costs);
}

static void apply(struct lp_scaled *out, const struct lp *raw)
{
    struct lp *lp = &out->lp;
    for (size_t row = 0; row < raw->n_rows; row++) {
        lp->row_lo[row] = raw->row_lo[row] * out->row_scale[row];
        lp->row_hi[row] = raw->row_hi[row] * out->row_scale[row];
    }
    for (size_t col = 0; col < raw->n_cols; col++) {
        const double unit = out->col_scale[col];
        lp->col_lo[col] = raw->col_lo[col] / unit;
        lp->col_hi[col] = raw->col_hi[col] / unit;
        lp->cost[col] = raw->cost[col] * unit * out->cost_scale;
        for (size_t k = raw->start[col]; k < raw->start[col + 1]; k++)
            lp->value[k] = raw->value[k] * unit * out->row_scale[raw->row[k]];
    }
}

void lp_scale(struct lp_scaled *out, const struct lp *raw, enum lp_scaling scaling,
              bool keep_integers, struct arena *a)
{
    const size_t n_values = raw->start[raw->n_cols], n_rows = raw->n_rows, n_cols = raw->n_cols;
    struct exponents e = {
        .lp = raw,
        .value = ARENA_NEW(a, int16_t, n_values + 1),
        .row = ARENA_NEW(a, int, n_rows + 1),
        .col = ARENA_NEW(a, int, n_cols + 1),
        .low = ARENA_NEW(a, int, n_rows + 1),
        .high = ARENA_NEW(a, int, n_rows + 1),
        .keep_integers = keep_integers,
    };
    find_exponents(&e, scaling);
    *out = (struct lp_scaled){.lp = *raw, .raw = raw};
    out->lp.constant = 0;
    out->lp.row_lo = ARENA_NEW(a, double, n_rows + 1);
    out->lp.row_hi = ARENA_NEW(a, double, n_rows + 1);
    out->lp.col_lo = ARENA_NEW(a, double, n_cols + 1);
    out->lp.col_hi = ARENA_NEW(a, double, n_cols + 1);
    out->lp.cost = ARENA_NEW(a, double, n_cols + 1);
    out->lp.value = ARENA_NEW(a, double, n_values + 1);
    out->row_scale = ARENA_NEW(a, double, n_rows + 1);
    out->col_scale = ARENA_NEW(a, double, n_cols + 1);
    for (size_t row = 0; row < n_rows; row++) out->row_scale[row] = ldexp(1, e.row[row]);
    for (size_t col = 0; col < n_cols; col++) out->col_scale[col] = ldexp(1, e.col[col]);
    out->cost_scale = scaling == SCALING_NONE ? 1 : ldexp(1, find_cost_exponent(&e));
    apply(out, raw);
}

void lp_unscale_x(double *x, const struct lp_scaled *s, const double *scaled_x)
{
    const struct lp *raw = s->raw;
    for (size_t col = 0; col < raw->n_cols; col++) {
        const double value = scaled_x[col] * s->col_scale[col];
        x[col] = value < raw->col_lo[col] ? raw->col_lo[col] : value;
        if (value > raw->col_hi[col]) x[col] = raw->col_hi[col];
    }
}

void lp_unscale_dual(double *y, const struct lp_scaled *s, const double *scaled_y)
{
    for (size_t row = 0; row < s->raw->n_rows; row++)
        y[row] = lp_usable_dual(s->raw, row, scaled_y[row] * s->row_scale[row] / s->cost_scale);
}

void lp_unscale_farkas(double *y, const struct lp_scaled *s, const double *scaled_y)
{
    double most = 0;
    for (size_t row = 0; row < s->raw->n_rows; row++) {
        y[row] = lp_usable_dual(s->raw, row, scaled_y[row] * s->row_scale[row]);
        most = fmax(most, fabs(y[row]));
    }
    if (!(most > 0) || isinf(most)) return;
    const double unit = ldexp(1, -ilogb(most));
    for (size_t row = 0; row < s->raw->n_rows; row++) y[row] *= unit;
}
