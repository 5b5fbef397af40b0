/* The primal simplex method with reference weights (Devex) and a ratio test of two passes (Harris). */
#include "solver/lp_simplex.h"
#include <math.h>

#define LEAST_PIVOT 1e-9
#define DIFFERENCE  1e-6
/* Weights beyond this begin anew. */
#define MOST_REFERENCE 1e9

static int choose_column(struct simplex *s)
{
    struct shortlist *l = &s->attractive;
    int best = -1;
    double most = 0;
    for (int k = 0; k < l->n;) {
        const int j = l->at[k];
        if (!simplex_gains(s, j)) {
            shortlist_drop(l, k);
            continue;
        }
        const double gain = s->d[j] * s->d[j];
        if (gain > most * s->reference[j]) {
            most = gain / s->reference[j];
            best = j;
        }
        k++;
    }
    return best;
}

/* How far the variable in place p lets the step go, with `more` beyond its bound. */
static double step_until(const struct simplex *s, int p, double way, double more)
{
    const int j = s->head[p];
    const double change = -way * s->column.value[p];
    if (change > LEAST_PIVOT) return (s->hi[j] - s->x[j] + more) / change;
    if (change < -LEAST_PIVOT) return (s->lo[j] - s->x[j] - more) / change;
    return INFINITY;
}

/* Place that blocks the step; -1: its own other bound does. */
static int choose_row(const struct simplex *s, int q, double way, double *step)
{
    double limit = INFINITY, size = 0;
    int best = -1;
    for (int k = 0; k < s->column.n; k++)
        limit = fmin(limit, step_until(s, s->column.at[k], way, s->feasible));
    *step = s->hi[q] - s->lo[q];
    if (limit >= *step) return -1;
    for (int k = 0; k < s->column.n; k++) {
        const int p = s->column.at[k];
        const double pivot = fabs(s->column.value[p]);
        if (pivot <= size || step_until(s, p, way, 0) > limit) continue;
        size = pivot;
        best = p;
    }
    *step = fmax(0, step_until(s, best, way, 0));
    return best;
}

static void update_reference(struct simplex *s, int q, int leaving, double pivot)
{
    const double weight = s->reference[q];
    double most = 0;
    for (int k = 0; k < s->row.n; k++) {
        const int j = s->row.at[k];
        if (s->state[j] != STATE_LO && s->state[j] != STATE_HI) continue;
        const double ratio = s->row.value[j] / pivot;
        s->reference[j] = fmax(s->reference[j], ratio * ratio * weight);
        most = fmax(most, s->reference[j]);
    }
    s->reference[leaving] = fmax(weight / (pivot * pivot), 1);
    if (most > MOST_REFERENCE)
        for (int j = 0; j < s->n; j++) s->reference[j] = 1;
}

/* The other bound of the variable itself comes first. */
static void cross(struct simplex *s, int q, double step)
{
    const bool up = s->state[q] == STATE_LO;
    s->state[q] = up ? STATE_HI : STATE_LO;
    s->x[q] = up ? s->hi[q] : s->lo[q];
    for (int k = 0; k < s->column.n; k++) {
        const int p = s->column.at[k];
        s->x[s->head[p]] -= step * s->column.value[p];
        simplex_note_short(s, p);
    }
}

/* False: the factors are too old for this pivot. */
static bool enter(struct simplex *s, int q)
{
    const double way = s->state[q] == STATE_LO ? 1 : -1;
    double step;
    simplex_price_column(s, q);
    const int p = choose_row(s, q, way, &step);
    if (p < 0) {
        cross(s, q, way * step);
        s->run->iterations++;
        return true;
    }
    simplex_price_row(s, p);
    const double pivot = s->column.value[p], by_row = s->row.value[q];
    if (!(fabs(pivot - by_row) <= DIFFERENCE * fmax(fabs(pivot), LEAST_PIVOT * 10))) return false;
    const int leaving = s->head[p];
    const bool to_upper = -way * pivot > 0;
    update_reference(s, q, leaving, by_row);
    simplex_update_prices(s, q, leaving, by_row);
    simplex_pivot(s, p, q, way * step, to_upper);
    return true;
}

enum lp_end simplex_primal(struct simplex *s)
{
    int again = 0;
    for (int j = 0; j < s->n; j++) s->reference[j] = 1;
    for (;;) {
        if (simplex_is_over(s)) return RUN_LIMIT;
        simplex_keep_fresh(s);
        const int q = choose_column(s);
        if (q < 0) {
            if (s->fresh) return RUN_OPTIMAL;
            simplex_refresh(s);
            continue;
        }
        if (enter(s, q)) {
            again = 0;
            continue;
        }
        if (s->fresh && ++again > 3) return RUN_FAILED;
        simplex_refresh(s);
    }
}
