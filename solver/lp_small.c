#include "solver/lp_small.h"
#include <math.h>
#include <string.h>

/* Steps of one solve, smallest pivot, and how far outside its bounds a value counts as outside. */
enum { MOST_STEPS = 200 };
#define LEAST_PIVOT 1e-9
#define OUTSIDE     1e-11

/* Column j of [A | -I] in row i. */
static double entry(const struct lp_small *s, size_t i, size_t j)
{
    if (j < s->n) return s->a[i * s->n + j];
    return j - s->n == i ? -1 : 0;
}

static double cost_of(const struct lp_small *s, size_t j)
{
    return j < s->n ? s->cost[j] : 0;
}

void lp_small_start(struct lp_small *s)
{
    s->is_priced = false;
    memset(s->inverse, 0, s->m * s->m * sizeof *s->inverse);
    for (size_t j = 0; j < s->n; j++) {
        s->is_basic[j] = false;
        s->upper[j] = s->cost[j] < 0;
    }
    for (size_t i = 0; i < s->m; i++) {
        s->basis[i] = (int)(s->n + i);
        s->is_basic[s->n + i] = true;
        s->inverse[i * s->m + i] = -1;
    }
}

static double resting(const struct lp_small *s, size_t j)
{
    return s->upper[j] ? s->hi[j] : s->lo[j];
}

/* Basic values: -inverse x (columns at their bounds). */
static void fill_values(const struct lp_small *s, double *x)
{
    double sum[SMALL_ROWS] = {0};
    for (size_t j = 0; j < s->n + s->m; j++) {
        if (s->is_basic[j]) continue;
        x[j] = resting(s, j);
        for (size_t i = 0; j < s->n && x[j] != 0 && i < s->m; i++)
            sum[i] += s->a[i * s->n + j] * x[j];
        if (j >= s->n) sum[j - s->n] -= x[j];
    }
    for (size_t i = 0; i < s->m; i++) {
        double value = 0;
        for (size_t k = 0; k < s->m; k++) value -= s->inverse[i * s->m + k] * sum[k];
        x[s->basis[i]] = value;
    }
}

/* They depend on the basis alone, which most solves leave as it is. */
static void fill_duals(struct lp_small *s, double *y)
{
    for (size_t k = 0; !s->is_priced && k < s->m; k++) {
        s->dual[k] = 0;
        for (size_t i = 0; i < s->m; i++)
            s->dual[k] += cost_of(s, (size_t)s->basis[i]) * s->inverse[i * s->m + k];
    }
    s->is_priced = true;
    memcpy(y, s->dual, s->m * sizeof *y);
}

/* The position whose value is farthest outside its bounds; m: none. */
static size_t find_leaving(const struct lp_small *s, const double *x, bool *below)
{
    size_t worst = s->m;
    double most = 0;
    for (size_t i = 0; i < s->m; i++) {
        const size_t j = (size_t)s->basis[i];
        const double under = (s->lo[j] - x[j]) / fmax(1, fabs(s->lo[j]));
        const double over = (x[j] - s->hi[j]) / fmax(1, fabs(s->hi[j]));
        const double out = fmax(isfinite(s->lo[j]) ? under : -1, isfinite(s->hi[j]) ? over : -1);
        if (out <= OUTSIDE || out <= most) continue;
        most = out;
        worst = i;
        *below = isfinite(s->lo[j]) && under >= out;
    }
    return worst;
}

static double row_entry(const struct lp_small *s, size_t position, size_t j)
{
    double sum = 0;
    for (size_t k = 0; k < s->m; k++) sum += s->inverse[position * s->m + k] * entry(s, k, j);
    return sum;
}

/* sum_k weight_k (row k of A) into out[n], row by row as the matrix lies in memory. */
static void combine_rows(const struct lp_small *s, const double *weight, double *out)
{
    for (size_t j = 0; j < s->n; j++) out[j] = 0;
    for (size_t k = 0; k < s->m; k++) {
        const double w = weight[k], *row = &s->a[k * s->n];
        for (size_t j = 0; w != 0 && j < s->n; j++) out[j] += w * row[j];
    }
}

/* The column that may enter at the least loss of dual feasibility; n + m: none. */
static size_t find_entering(const struct lp_small *s, const double *y, size_t leaving, bool below)
{
    size_t best = s->n + s->m;
    double least = INFINITY, largest = 0, pivot[SMALL_COLS], priced[SMALL_COLS];
    combine_rows(s, &s->inverse[leaving * s->m], pivot);
    combine_rows(s, y, priced);
    for (size_t j = 0; j < s->n + s->m; j++) {
        if (s->is_basic[j] || s->lo[j] == s->hi[j]) continue;
        const double in_row = j < s->n ? pivot[j] : -s->inverse[leaving * s->m + j - s->n];
        const double alpha = in_row * (below ? -1 : 1);
        if (fabs(alpha) < LEAST_PIVOT || (alpha > 0) == s->upper[j]) continue;
        const double reduced = j < s->n ? s->cost[j] - priced[j] : y[j - s->n];
        const double ratio = fabs(reduced) / fabs(alpha);
        if (ratio > least + 1e-12 * fmax(1, least)) continue;
        if (ratio > least - 1e-12 * fmax(1, ratio) && fabs(alpha) <= largest) continue;
        least = ratio;
        largest = fabs(alpha);
        best = j;
    }
    return best;
}

static void exchange(struct lp_small *s, size_t leaving, size_t entering, bool below)
{
    double column[SMALL_ROWS] = {0};
    for (size_t i = 0; i < s->m; i++) column[i] = row_entry(s, i, entering);
    double *pivot_row = &s->inverse[leaving * s->m];
    for (size_t k = 0; k < s->m; k++) pivot_row[k] /= column[leaving];
    for (size_t i = 0; i < s->m; i++)
        for (size_t k = 0; i != leaving && k < s->m; k++)
            s->inverse[i * s->m + k] -= column[i] * pivot_row[k];
    const size_t out = (size_t)s->basis[leaving];
    s->is_basic[out] = false;
    s->upper[out] = !below;
    s->is_basic[entering] = true;
    s->basis[leaving] = (int)entering;
    s->is_priced = false;
}

/* The row of a basic value that no column can bring back inside its bounds, as a ray, and by how much it misses. */
static double fill_ray(const struct lp_small *s, const double *x, size_t leaving, bool below,
                       double *y)
{
    const size_t j = (size_t)s->basis[leaving];
    const double sign = below ? -1 : 1;
    for (size_t k = 0; k < s->m; k++) y[k] = sign * s->inverse[leaving * s->m + k];
    return below ? s->lo[j] - x[j] : x[j] - s->hi[j];
}

/* A row whose resting bound is infinite cannot rest there: it does not happen from a start with rows in the basis. */
enum lp_small_end lp_small_solve(struct lp_small *s, double *x, double *y, double *value)
{
    for (int step = 0; step < MOST_STEPS; step++) {
        bool below = false;
        fill_values(s, x);
        fill_duals(s, y);
        const size_t leaving = find_leaving(s, x, &below);
        if (leaving == s->m) {
            *value = 0;
            for (size_t j = 0; j < s->n; j++) *value += s->cost[j] * x[j];
            return SMALL_OPTIMAL;
        }
        const size_t entering = find_entering(s, y, leaving, below);
        if (entering == s->n + s->m) {
            *value = fill_ray(s, x, leaving, below, y);
            return SMALL_INFEASIBLE;
        }
        exchange(s, leaving, entering, below);
    }
    return SMALL_FAILED;
}
