/* The dual simplex method with steepest edge weights and long steps: variables between two bounds may change sides on the way
 * (bound flipping). Costs are shifted a little, since many are alike; the primal method ends with the true ones. */
#include "solver/lp_simplex.h"
#include <math.h>
#include <string.h>

/* Pivots under this are left alone. */
#define LEAST_PIVOT 1e-9
/* What two ways to the same number may differ. */
#define DIFFERENCE 1e-6
#define LEAST_EDGE 1e-4
/* Breakpoints up to this many times the nearest are put in order first. */
#define FURTHER 4
/* Scaled costs are near 1. Of 1e-6 to 1e-2 this needed least time on 18,000 x 185,000; pivots hardly differ, but what is not 0
 * becomes less. */
#define SHIFT 1e-4
/* With less than this part of the rows out of bounds there is little to do, and shifts would have to be taken back. */
enum { FEW_PART = 100 };
/* Among several groups of breakpoints the last one whose pivot is not much smaller than the best. */
#define GOOD_PIVOT 0.1

/* ---- dual feasibility ------------------------------------------------------------------------------ */

static double random_share(struct simplex *s)
{
    s->dice ^= s->dice << 13;
    s->dice ^= s->dice >> 7;
    s->dice ^= s->dice << 17;
    return (double)(s->dice >> 11) * 0x1p-53;
}

/* Costs give way where a variable would gain by leaving its bound: what little is out of bounds is put right without moving the
 * rest, and the primal method takes the true costs from there. Changing sides instead took ten times the pivots after a change of
 * all prices. */
static void settle(struct simplex *s)
{
    for (int j = 0; j < s->n; j++) {
        const unsigned char state = s->state[j];
        if (!(state == STATE_LO ? s->d[j] < 0 : state == STATE_HI && s->d[j] > 0)) continue;
        s->cost[j] -= s->d[j];
        s->d[j] = 0;
        s->is_shifted = true;
    }
}

static void shift_costs(struct simplex *s)
{
    for (int j = s->m; j < s->n; j++) {
        const unsigned char state = s->state[j];
        if ((state != STATE_LO && state != STATE_HI) || !(s->hi[j] > s->lo[j])) continue;
        const double more = SHIFT * (1 + fabs(s->cost[j])) * (0.5 + random_share(s));
        s->cost[j] += state == STATE_LO ? more : -more;
        s->d[j] += state == STATE_LO ? more : -more;
    }
    s->is_shifted = true;
}

/* ---- which row ------------------------------------------------------------------------------------- */

static int choose_row(struct simplex *s)
{
    struct shortlist *l = &s->out_of_bounds;
    int best = -1;
    double most = 0;
    for (int k = 0; k < l->n;) {
        const int p = l->at[k];
        if (s->short2[p] <= 0) {
            shortlist_drop(l, k);
            continue;
        }
        if (s->short2[p] > most * s->edge[p]) {
            most = s->short2[p] / s->edge[p];
            best = p;
        }
        k++;
    }
    return best;
}

/* ---- which column ---------------------------------------------------------------------------------- */

static void sink(struct breakpoint *heap, int n, int i)
{
    const struct breakpoint moved = heap[i];
    for (int k; (k = 2 * i + 1) < n; i = k) {
        if (k + 1 < n && heap[k + 1].ratio < heap[k].ratio) k++;
        if (heap[k].ratio >= moved.ratio) break;
        heap[i] = heap[k];
    }
    heap[i] = moved;
}

static struct breakpoint pop(struct breakpoint *heap, int *n)
{
    const struct breakpoint top = heap[0];
    heap[0] = heap[--*n];
    if (*n > 0) sink(heap, *n, 0);
    return top;
}

/* Variables whose reduced cost reaches 0 on the way, when that of place p moves by `sign`. */
static void breaks_list(struct simplex *s, double sign)
{
    s->n_breaks = 0;
    for (int k = 0; k < s->row.n; k++) {
        const int j = s->row.at[k];
        const unsigned char state = s->state[j];
        if (state != STATE_LO && state != STATE_HI) continue;
        const double way = state == STATE_LO ? 1 : -1;
        const double size = sign * way * s->row.value[j];
        if (!(size > LEAST_PIVOT) || !(s->hi[j] > s->lo[j])) continue;
        const double d = fmax(0, way * s->d[j]);
        s->breaks[s->n_breaks++] = (struct breakpoint){d / size, (d + s->optimal) / size, size, j};
    }
}

/* Those with a ratio up to `most` to the front, as a heap. How many. */
static int heap_take(struct breakpoint *breaks, int n, double most)
{
    int taken = 0;
    for (int i = 0; i < n; i++) {
        if (breaks[i].ratio > most) continue;
        const struct breakpoint b = breaks[i];
        breaks[i] = breaks[taken];
        breaks[taken++] = b;
    }
    for (int i = taken / 2 - 1; i >= 0; i--) sink(breaks, taken, i);
    return taken;
}

/* The next group of breakpoints that rounding cannot tell apart. */
struct group {
    double limit, size;
    int var;
};

static struct group group_pop(struct simplex *s, struct breakpoint *heap, int *n, double *slope)
{
    struct group g = {.limit = INFINITY};
    while (*n > 0 && heap[0].ratio <= g.limit) {
        const struct breakpoint b = pop(heap, n);
        g.limit = fmin(g.limit, b.limit);
        *slope -= b.size * (s->hi[b.var] - s->lo[b.var]);
        s->flipped[s->n_passed++] = b.var;
        if (b.size <= g.size) continue;
        g.size = b.size;
        g.var = b.var;
    }
    return g;
}

/* One group after the other is passed while the dual objective still rises; -1: it rises for ever. Few are looked at, so only
 * those within a growing distance are put in order. */
static int choose_column(struct simplex *s, double missing)
{
    double slope = missing - s->feasible, best_size = 0, most = INFINITY;
    int entering = -1, left = s->n_breaks;
    struct breakpoint *from = s->breaks;
    for (int i = 0; i < left; i++) most = fmin(most, from[i].limit);
    s->n_flipped = s->n_passed = 0;
    while (slope >= 0 && left > 0) {
        most = FURTHER * most;
        int n = heap_take(from, left, most);
        const int taken = n;
        while (slope >= 0 && n > 0) {
            const int before = s->n_passed;
            const struct group g = group_pop(s, from, &n, &slope);
            if (g.size < fmin(GOOD_PIVOT * best_size, 1)) continue;
            best_size = fmax(best_size, g.size);
            entering = g.var;
            s->n_flipped = before;
        }
        from += taken;
        left -= taken;
    }
    return slope >= 0 ? -1 : entering;
}

/* ---- one pivot ------------------------------------------------------------------------------------- */

static void flip(struct simplex *s)
{
    if (s->n_flipped == 0) return;
    const struct lp *lp = s->lp;
    sparse_clear(&s->flips);
    for (int i = 0; i < s->n_flipped; i++) {
        const int j = s->flipped[i];
        const bool up = s->state[j] == STATE_LO;
        const double step = up ? s->hi[j] - s->lo[j] : s->lo[j] - s->hi[j];
        s->state[j] = up ? STATE_HI : STATE_LO;
        s->x[j] = up ? s->hi[j] : s->lo[j];
        if (j < s->m) {
            sparse_add(&s->flips, s->factor->row_place[j], step);
            continue;
        }
        for (size_t e = lp->start[j - s->m]; e < lp->start[j - s->m + 1]; e++)
            sparse_add(&s->flips, s->factor->row_place[lp->row[e]], step * lp->value[e]);
    }
    factor_solve(s->factor, &s->flips, NULL);
    for (int k = 0; k < s->flips.n; k++) {
        const int p = s->flips.at[k];
        s->x[s->head[p]] -= s->flips.value[p];
        simplex_note_short(s, p);
    }
}

static void update_edges(struct simplex *s, int p, double pivot)
{
    double norm = 0;
    for (int k = 0; k < s->unit.n; k++) {
        const double v = s->unit.value[s->unit.at[k]];
        norm += v * v;
    }
    sparse_copy(&s->tau, &s->unit);
    factor_solve(s->factor, &s->tau, NULL);
    for (int k = 0; k < s->column.n; k++) {
        const int i = s->column.at[k];
        const double ratio = s->column.value[i] / pivot;
        const double edge = s->edge[i] + ratio * (ratio * norm - 2 * s->tau.value[i]);
        s->edge[i] = fmax(edge, LEAST_EDGE);
    }
    s->edge[p] = fmax(norm / (pivot * pivot), LEAST_EDGE);
}

/* No step helps: the row of the inverse is the proof. */
static void proof_put(struct simplex *s, bool below)
{
    memset(s->run->y, 0, s->lp->n_rows * sizeof *s->run->y);
    for (int k = 0; k < s->unit.n; k++) {
        const int i = s->unit.at[k];
        s->run->y[s->factor->place_row[i]] = below ? -s->unit.value[i] : s->unit.value[i];
    }
}

enum pivoting { PIVOT_DONE, PIVOT_NONE, PIVOT_AGAIN };

static enum pivoting pivot_at(struct simplex *s, int p)
{
    const int leaving = s->head[p];
    const bool below = s->x[leaving] < s->lo[leaving];
    simplex_price_row(s, p);
    breaks_list(s, below ? -1 : 1);
    const int q =
        choose_column(s, below ? s->lo[leaving] - s->x[leaving] : s->x[leaving] - s->hi[leaving]);
    if (q < 0) {
        proof_put(s, below);
        return PIVOT_NONE;
    }
    simplex_price_column(s, q);
    const double pivot = s->column.value[p], by_row = s->row.value[q];
    if (!(fabs(pivot - by_row) <= DIFFERENCE * fmax(fabs(pivot), LEAST_PIVOT * 10)))
        return PIVOT_AGAIN;
    flip(s);
    if (s->state[q] == STATE_LO ? s->d[q] < 0 : s->d[q] > 0) {
        s->cost[q] -= s->d[q];
        s->d[q] = 0;
        s->is_shifted = true;
    }
    const double bound = below ? s->lo[leaving] : s->hi[leaving];
    update_edges(s, p, pivot);
    simplex_update_prices(s, q, leaving, by_row);
    simplex_pivot(s, p, q, (s->x[leaving] - bound) / pivot, !below);
    return PIVOT_DONE;
}

enum lp_end simplex_dual(struct simplex *s)
{
    int again = 0;
    for (int p = 0; p < s->m; p++) s->edge[p] = 1;
    settle(s);
    if (s->out_of_bounds.n > s->m / FEW_PART) shift_costs(s);
    for (;;) {
        if (simplex_is_over(s)) return RUN_LIMIT;
        simplex_keep_fresh(s);
        const int p = choose_row(s);
        if (p < 0) {
            if (s->fresh) return RUN_OPTIMAL;
            simplex_refresh(s);
            continue;
        }
        const enum pivoting done = pivot_at(s, p);
        if (done == PIVOT_DONE) {
            again = 0;
            continue;
        }
        if (s->fresh && done == PIVOT_NONE) return RUN_INFEASIBLE;
        if (s->fresh && ++again > 3) return RUN_FAILED;
        simplex_refresh(s);
        settle(s);
    }
}
