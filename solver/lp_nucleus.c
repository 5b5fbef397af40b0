/* Gaussian elimination of what no triangle takes: the next pivot is one of those that are not small in their row for which
 * (entries of its row - 1)(entries of its column - 1) is least, among a few short rows and columns (Markowitz). */
#include "solver/lp_factor.h"
#include <math.h>
#include <string.h>

/* A pivot is at least this share of the largest entry of its row, and no smaller than this. */
#define PIVOT_SHARE 0.1
#define LEAST_PIVOT 1e-9
#define LEAST_ENTRY 1e-14
/* Rows and columns that are looked at for a pivot. */
enum { MOST_LOOKS = 4 };

/* Rows or columns by their number of entries, as lists. */
struct ranks {
    int *first, *next, *before; /* [n + 1] by count; [n] */
    int *count;                 /* [n] */
};

struct elimination {
    struct nucleus *k;
    struct entries *cols; /* [n] rows of each column; no values */
    struct ranks row_rank, col_rank;
    double *work; /* [n] the pivot row by column */
    bool *open;   /* [n] columns of it that the row at hand has not met */
};

struct choice {
    int row, col;
    double merit;
};

/* ---- lists --------------------------------------------------------------------------------------- */

static void entry_put(struct entries *e, int at, double value, struct arena *a)
{
    const size_t n = (size_t)e->n;
    e->at = arena_grow(a, e->at, n, sizeof *e->at);
    e->value = arena_grow(a, e->value, n, sizeof *e->value);
    e->at[n] = at;
    e->value[n] = value;
    e->n++;
}

static void entry_take(struct entries *e, int at)
{
    int i = 0;
    while (e->at[i] != at) i++;
    e->n--;
    e->at[i] = e->at[e->n];
    e->value[i] = e->value[e->n];
}

static struct ranks ranks_new(int n, struct arena *a)
{
    const size_t size = (size_t)n + 1;
    const struct ranks r = {ARENA_NEW(a, int, size), ARENA_NEW(a, int, size),
                            ARENA_NEW(a, int, size), ARENA_NEW(a, int, size)};
    for (int i = 0; i <= n; i++) r.first[i] = -1;
    return r;
}

static void rank_put(struct ranks *r, int i, int count)
{
    r->count[i] = count;
    r->before[i] = -1;
    r->next[i] = r->first[count];
    if (r->next[i] >= 0) r->before[r->next[i]] = i;
    r->first[count] = i;
}

static void rank_take(struct ranks *r, int i)
{
    if (r->before[i] >= 0)
        r->next[r->before[i]] = r->next[i];
    else
        r->first[r->count[i]] = r->next[i];
    if (r->next[i] >= 0) r->before[r->next[i]] = r->before[i];
}

/* ---- the next pivot ------------------------------------------------------------------------------ */

static double row_most(const struct entries *row)
{
    double most = 0;
    for (int i = 0; i < row->n; i++) most = fmax(most, fabs(row->value[i]));
    return most;
}

static void consider(const struct elimination *e, struct choice *best, int row, int col)
{
    const double merit = (double)(e->row_rank.count[row] - 1) * (e->col_rank.count[col] - 1);
    if (best->row >= 0 && merit >= best->merit) return;
    *best = (struct choice){row, col, merit};
}

static void look_at_row(const struct elimination *e, struct choice *best, int row)
{
    const struct entries *r = &e->k->rows[row];
    const double least = fmax(PIVOT_SHARE * row_most(r), LEAST_PIVOT);
    for (int i = 0; i < r->n; i++)
        if (fabs(r->value[i]) >= least) consider(e, best, row, r->at[i]);
}

static void look_at_col(const struct elimination *e, struct choice *best, int col)
{
    for (int i = 0; i < e->cols[col].n; i++) {
        const int row = e->cols[col].at[i];
        const struct entries *r = &e->k->rows[row];
        int j = 0;
        while (r->at[j] != col) j++;
        if (fabs(r->value[j]) >= fmax(PIVOT_SHARE * row_most(r), LEAST_PIVOT))
            consider(e, best, row, col);
    }
}

static struct choice pivot_find(const struct elimination *e)
{
    struct choice best = {.row = -1};
    int looks = 0;
    for (int count = 1; count <= e->k->n; count++) {
        for (int c = e->col_rank.first[count]; c >= 0; c = e->col_rank.next[c]) {
            look_at_col(e, &best, c);
            if (best.row >= 0 && ++looks >= MOST_LOOKS) return best;
        }
        for (int r = e->row_rank.first[count]; r >= 0; r = e->row_rank.next[r]) {
            look_at_row(e, &best, r);
            if (best.row >= 0 && ++looks >= MOST_LOOKS) return best;
        }
        if (best.row >= 0 && best.merit <= (double)count * count) return best;
    }
    return best;
}

/* ---- one step ------------------------------------------------------------------------------------ */

/* Row i less `times` the pivot row, which lies in work. */
static void row_reduce(struct elimination *e, int i, const struct entries *pivot_row, double times)
{
    struct nucleus *k = e->k;
    struct entries *row = &k->rows[i];
    int n = 0;
    for (int j = 0; j < pivot_row->n; j++) e->open[pivot_row->at[j]] = true;
    for (int j = 0; j < row->n; j++) {
        const int c = row->at[j];
        double value = row->value[j];
        if (e->open[c]) value -= times * e->work[c];
        const bool gone = e->open[c] && fabs(value) < LEAST_ENTRY;
        e->open[c] = false;
        if (gone) {
            rank_take(&e->col_rank, c);
            entry_take(&e->cols[c], i);
            rank_put(&e->col_rank, c, e->cols[c].n);
            continue;
        }
        row->at[n] = c;
        row->value[n++] = value;
    }
    row->n = n;
    for (int j = 0; j < pivot_row->n; j++) {
        const int c = pivot_row->at[j];
        if (!e->open[c]) continue;
        e->open[c] = false;
        entry_put(row, c, -times * e->work[c], k->arena);
        rank_take(&e->col_rank, c);
        entry_put(&e->cols[c], i, 0, k->arena);
        rank_put(&e->col_rank, c, e->cols[c].n);
    }
}

static void eliminate(struct elimination *e, int row, int col)
{
    struct nucleus *k = e->k;
    const int step = k->n_pivots++;
    struct entries *pivot_row = &k->rows[row];
    rank_take(&e->row_rank, row);
    rank_take(&e->col_rank, col);
    for (int j = 0; j < pivot_row->n; j++) {
        const int c = pivot_row->at[j];
        e->work[c] = pivot_row->value[j];
        if (c == col) continue;
        rank_take(&e->col_rank, c);
        entry_take(&e->cols[c], row);
        rank_put(&e->col_rank, c, e->cols[c].n);
    }
    const double pivot = e->work[col];
    k->pivot_row[step] = row;
    k->pivot_col[step] = col;
    k->pivot[step] = pivot;
    entry_take(pivot_row, col);
    for (int j = 0; j < e->cols[col].n; j++) {
        const int i = e->cols[col].at[j];
        if (i == row) continue;
        struct entries *r = &k->rows[i];
        int at = 0;
        while (r->at[at] != col) at++;
        const double times = r->value[at] / pivot;
        rank_take(&e->row_rank, i);
        entry_take(r, col);
        row_reduce(e, i, pivot_row, times);
        rank_put(&e->row_rank, i, r->n);
        entry_put(&k->lower[step], i, times, k->arena);
    }
    k->upper[step] = *pivot_row;
}

void nucleus_factor(struct nucleus *k)
{
    struct arena *a = k->arena;
    const size_t n = (size_t)k->n + 1;
    struct elimination e = {.k = k,
                            .cols = ARENA_NEW(a, struct entries, n),
                            .row_rank = ranks_new(k->n, a),
                            .col_rank = ranks_new(k->n, a),
                            .work = ARENA_NEW(a, double, n),
                            .open = ARENA_NEW(a, bool, n)};
    k->pivot_row = ARENA_NEW(a, int, n);
    k->pivot_col = ARENA_NEW(a, int, n);
    k->pivot = ARENA_NEW(a, double, n);
    k->lower = ARENA_NEW(a, struct entries, n);
    k->upper = ARENA_NEW(a, struct entries, n);
    k->n_pivots = 0;
    for (int r = 0; r < k->n; r++) {
        for (int j = 0; j < k->rows[r].n; j++) entry_put(&e.cols[k->rows[r].at[j]], r, 0, a);
        rank_put(&e.row_rank, r, k->rows[r].n);
    }
    for (int c = 0; c < k->n; c++) rank_put(&e.col_rank, c, e.cols[c].n);
    for (;;) {
        const struct choice next = pivot_find(&e);
        if (next.row < 0) return;
        eliminate(&e, next.row, next.col);
    }
}
