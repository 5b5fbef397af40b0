#include "solver/lp_factor.h"
#include <math.h>
#include <string.h>

/* A row with one column left is no pivot when the column has others this much larger. */
#define LEAST_SHARE 1e-3
#define LEAST_PIVOT 1e-9

/* Columns and rows without a pivot yet. */
struct counting {
    struct factor *f;
    const struct lp *lp;
    const int *head;
    int *col_place;           /* [n] of the columns of head; -1 */
    int *row_start, *row_col; /* structural columns of each row */
    int *row_count, *col_count;
    int *queue, n_queue; /* columns, or n + rows, that were seen with one entry left */
    int n_pivots;
};

struct triplets {
    int n;
    int *row, *col;
    double *value;
};

static void factor_end(void *factor)
{
    struct factor *f = factor;
    if (f->arena) arena_free(f->arena);
}

struct factor *factor_new(int n, struct arena *a)
{
    struct factor *f = ARENA_NEW(a, struct factor, 1);
    const size_t size = (size_t)n + 1;
    f->n = n;
    f->row_place = ARENA_NEW(a, int, size);
    f->place_row = ARENA_NEW(a, int, size);
    f->pivot = ARENA_NEW(a, double, size);
    f->room = triangle_room_new(n, a);
    arena_defer(a, factor_end, f);
    return f;
}

/* ---- what falls into a triangle by counting -------------------------------------------------------- */

static size_t entry_from(const struct counting *k, int col)
{
    return k->lp->start[k->head[col] - k->f->n];
}

static size_t entry_end(const struct counting *k, int col)
{
    return k->lp->start[k->head[col] - k->f->n + 1];
}

static bool is_structural(const struct counting *k, int col)
{
    return k->head[col] >= k->f->n;
}

static void rows_index(struct counting *k, struct arena *a)
{
    const int n = k->f->n;
    const size_t size = (size_t)n + 2;
    k->row_start = ARENA_NEW(a, int, size);
    k->row_count = ARENA_NEW(a, int, size);
    k->col_count = ARENA_NEW(a, int, size);
    for (int c = 0; c < n; c++)
        for (size_t e = is_structural(k, c) ? entry_from(k, c) : 0;
             is_structural(k, c) && e < entry_end(k, c); e++) {
            k->row_start[k->lp->row[e] + 2]++;
            k->row_count[k->lp->row[e]]++;
            k->col_count[c]++;
        }
    for (int r = 2; r <= n; r++) k->row_start[r] += k->row_start[r - 1];
    k->row_col =
        ARENA_NEW(a, int, (size_t)k->row_start[n] + (size_t)k->row_count[n ? n - 1 : 0] + 1);
    for (int c = 0; c < n; c++)
        for (size_t e = is_structural(k, c) ? entry_from(k, c) : 0;
             is_structural(k, c) && e < entry_end(k, c); e++)
            k->row_col[k->row_start[k->lp->row[e] + 1]++] = c;
}

/* Row r and column c are next; counts of what else is in them go down. */
static void pivot_put(struct counting *k, int r, int c)
{
    struct factor *f = k->f;
    f->row_place[r] = k->n_pivots;
    f->place_row[k->n_pivots] = r;
    k->col_place[c] = k->n_pivots++;
    for (int i = k->row_start[r]; i < k->row_start[r + 1]; i++) {
        const int other = k->row_col[i];
        if (k->col_place[other] < 0 && --k->col_count[other] == 1) k->queue[k->n_queue++] = other;
    }
    if (!is_structural(k, c)) return;
    for (size_t e = entry_from(k, c); e < entry_end(k, c); e++) {
        const int other = (int)k->lp->row[e];
        if (f->row_place[other] < 0 && --k->row_count[other] == 1)
            k->queue[k->n_queue++] = f->n + other;
    }
}

/* The one row of column c that is left. */
static void take_col(struct counting *k, int c)
{
    if (k->col_place[c] >= 0) return;
    for (size_t e = entry_from(k, c); e < entry_end(k, c); e++)
        if (k->f->row_place[k->lp->row[e]] < 0) {
            if (fabs(k->lp->value[e]) >= LEAST_PIVOT) pivot_put(k, (int)k->lp->row[e], c);
            return;
        }
}

/* The one column of row r that is left. */
static void take_row(struct counting *k, int r)
{
    if (k->f->row_place[r] >= 0) return;
    int c = -1;
    double most = 0, pivot = 0;
    for (int i = k->row_start[r]; i < k->row_start[r + 1] && c < 0; i++)
        if (k->col_place[k->row_col[i]] < 0) c = k->row_col[i];
    if (c < 0) return;
    for (size_t e = entry_from(k, c); e < entry_end(k, c); e++) {
        if (k->f->row_place[k->lp->row[e]] < 0) most = fmax(most, fabs(k->lp->value[e]));
        if ((int)k->lp->row[e] == r) pivot = fabs(k->lp->value[e]);
    }
    if (pivot >= LEAST_SHARE * most && pivot >= LEAST_PIVOT) pivot_put(k, r, c);
}

static void take_triangle(struct counting *k)
{
    const int n = k->f->n;
    for (int c = 0; c < n; c++)
        if (!is_structural(k, c) && k->f->row_place[k->head[c]] < 0) pivot_put(k, k->head[c], c);
    for (int c = 0; c < n; c++)
        if (is_structural(k, c) && k->col_count[c] == 1) k->queue[k->n_queue++] = c;
    for (int r = 0; r < n; r++)
        if (k->row_count[r] == 1) k->queue[k->n_queue++] = n + r;
    while (k->n_queue > 0) {
        const int next = k->queue[--k->n_queue];
        if (next < n)
            take_col(k, next);
        else
            take_row(k, next - n);
    }
}

/* ---- the rest -------------------------------------------------------------------------------------- */

static void entry_put(struct entries *e, int at, double value, struct arena *a)
{
    const size_t n = (size_t)e->n;
    e->at = arena_grow(a, e->at, n, sizeof *e->at);
    e->value = arena_grow(a, e->value, n, sizeof *e->value);
    e->at[n] = at;
    e->value[n] = value;
    e->n++;
}

/* Rows and columns of the nucleus by their numbers in it. */
struct rest {
    struct nucleus nucleus;
    int *row, *col, *row_number;
};

static void rest_make(struct rest *out, const struct counting *k, struct arena *a)
{
    const int n = k->f->n;
    const size_t size = (size_t)(n - k->n_pivots) + 1;
    *out = (struct rest){.row = ARENA_NEW(a, int, size),
                         .col = ARENA_NEW(a, int, size),
                         .row_number = ARENA_NEW(a, int, (size_t)n + 1)};
    out->nucleus.arena = a;
    out->nucleus.rows = ARENA_NEW(a, struct entries, size);
    int rows = 0, cols = 0;
    for (int r = 0; r < n; r++)
        if (k->f->row_place[r] < 0) {
            out->row_number[r] = rows;
            out->row[rows++] = r;
        }
    for (int c = 0; c < n; c++) {
        if (k->col_place[c] >= 0) continue;
        out->col[cols] = c;
        for (size_t e = is_structural(k, c) ? entry_from(k, c) : 0;
             is_structural(k, c) && e < entry_end(k, c); e++)
            if (k->f->row_place[k->lp->row[e]] < 0)
                entry_put(&out->nucleus.rows[out->row_number[k->lp->row[e]]], cols, k->lp->value[e],
                          a);
        cols++;
    }
    out->nucleus.n = rows;
}

/* Places for the pivots of the nucleus; columns without one give way to unit columns. How many. */
static int rest_place(struct rest *r, struct counting *k, int *head)
{
    struct factor *f = k->f;
    for (int i = 0; i < r->nucleus.n_pivots; i++) {
        const int row = r->row[r->nucleus.pivot_row[i]];
        f->row_place[row] = k->n_pivots;
        f->place_row[k->n_pivots] = row;
        k->col_place[r->col[r->nucleus.pivot_col[i]]] = k->n_pivots++;
    }
    const int missing = f->n - k->n_pivots;
    for (int i = 0, c = 0; missing && i < r->nucleus.n; i++) {
        if (f->row_place[r->row[i]] >= 0) continue;
        while (k->col_place[r->col[c]] >= 0) c++;
        head[r->col[c]] = r->row[i];
        f->row_place[r->row[i]] = k->n_pivots;
        f->place_row[k->n_pivots] = r->row[i];
        k->col_place[r->col[c]] = k->n_pivots++;
    }
    return missing;
}

/* ---- triangles ------------------------------------------------------------------------------------- */

static void triplet_put(struct triplets *t, int row, int col, double value)
{
    t->row[t->n] = row;
    t->col[t->n] = col;
    t->value[t->n++] = value;
}

/* Column by column, or the transposed. */
static struct triangle triangle_make(const struct triplets *t, const int *col, const int *row,
                                     struct factor *f)
{
    struct arena *a = f->arena;
    struct triangle out = {.n = f->n,
                           .start = ARENA_NEW(a, int, (size_t)f->n + 2),
                           .at = ARENA_NEW(a, int, (size_t)t->n + 1),
                           .value = ARENA_NEW(a, double, (size_t)t->n + 1)};
    for (int i = 0; i < t->n; i++) out.start[col[i] + 2]++;
    for (int s = 2; s <= f->n; s++) out.start[s] += out.start[s - 1];
    for (int i = 0; i < t->n; i++) {
        const int at = out.start[col[i] + 1]++;
        out.at[at] = row[i];
        out.value[at] = t->value[i];
    }
    out.start[0] = 0;
    return out;
}

static struct triplets triplets_new(size_t most, struct arena *a)
{
    return (struct triplets){0, ARENA_NEW(a, int, most + 1), ARENA_NEW(a, int, most + 1),
                             ARENA_NEW(a, double, most + 1)};
}

/* Entries of the triangle of columns before the nucleus, and of its columns in rows before it: as they are in the program. */
static void entries_read(struct triplets *lower, struct triplets *upper, const struct counting *k,
                         int nucleus_from)
{
    struct factor *f = k->f;
    for (int c = 0; c < f->n; c++) {
        const int s = k->col_place[c];
        if (!is_structural(k, c)) {
            f->pivot[s] = 1;
            continue;
        }
        double pivot = 1;
        for (size_t e = entry_from(k, c); e < entry_end(k, c); e++)
            if (f->row_place[k->lp->row[e]] == s) pivot = k->lp->value[e];
        if (s < nucleus_from) f->pivot[s] = pivot;
        for (size_t e = entry_from(k, c); e < entry_end(k, c); e++) {
            const int t = f->row_place[k->lp->row[e]];
            if (t < s && t < nucleus_from) triplet_put(upper, t, s, k->lp->value[e]);
            if (t > s && s < nucleus_from) triplet_put(lower, t, s, k->lp->value[e] / pivot);
        }
    }
}

static void rest_read(struct triplets *lower, struct triplets *upper, const struct counting *k,
                      const struct rest *r, int nucleus_from)
{
    const struct nucleus *n = &r->nucleus;
    for (int i = 0; i < n->n_pivots; i++) {
        const int s = nucleus_from + i;
        k->f->pivot[s] = n->pivot[i];
        for (int j = 0; j < n->lower[i].n; j++)
            triplet_put(lower, k->f->row_place[r->row[n->lower[i].at[j]]], s, n->lower[i].value[j]);
        for (int j = 0; j < n->upper[i].n; j++) {
            const int t = k->col_place[r->col[n->upper[i].at[j]]];
            triplet_put(upper, s, t, n->upper[i].value[j]);
        }
    }
}

static size_t count_entries(const struct counting *k, const struct rest *r)
{
    size_t n = 0;
    for (int c = 0; c < k->f->n; c++)
        if (is_structural(k, c)) n += entry_end(k, c) - entry_from(k, c);
    for (int i = 0; i < r->nucleus.n_pivots; i++)
        n += (size_t)(r->nucleus.lower[i].n + r->nucleus.upper[i].n);
    return n;
}

static void triangles_make(struct factor *f, const struct counting *k, const struct rest *r,
                           int nucleus_from, struct arena *scratch)
{
    const size_t most = count_entries(k, r);
    struct triplets lower = triplets_new(most, scratch), upper = triplets_new(most, scratch);
    entries_read(&lower, &upper, k, nucleus_from);
    rest_read(&lower, &upper, k, r, nucleus_from);
    f->lower = triangle_make(&lower, lower.col, lower.row, f);
    f->lower_t = triangle_make(&lower, lower.row, lower.col, f);
    f->upper = triangle_make(&upper, upper.col, upper.row, f);
    f->upper_t = triangle_make(&upper, upper.row, upper.col, f);
    f->lower_t.falling = f->upper.falling = true;
    f->upper.pivot = f->upper_t.pivot = f->pivot;
    f->n_entries = lower.n + upper.n;
}

int factor_make(struct factor *f, const struct lp *lp, int *head)
{
    struct arena *scratch = arena_new();
    const size_t size = (size_t)f->n + 1;
    if (f->arena) arena_free(f->arena);
    f->arena = arena_new();
    f->changes = NULL;
    f->n_changes = 0;
    f->n_changed = 0;
    struct counting k = {.f = f,
                         .lp = lp,
                         .head = head,
                         .col_place = ARENA_NEW(scratch, int, size),
                         .queue = ARENA_NEW(scratch, int, 4 * size)};
    for (int i = 0; i < f->n; i++) f->row_place[i] = k.col_place[i] = -1;
    rows_index(&k, scratch);
    take_triangle(&k);
    const int nucleus_from = k.n_pivots;
    struct rest rest;
    rest_make(&rest, &k, scratch);
    nucleus_factor(&rest.nucleus);
    const int replaced = rest_place(&rest, &k, head);
    triangles_make(f, &k, &rest, nucleus_from, scratch);
    int *ordered = ARENA_NEW(scratch, int, size);
    for (int c = 0; c < f->n; c++) ordered[k.col_place[c]] = head[c];
    memcpy(head, ordered, (size_t)f->n * sizeof *head);
    arena_free(scratch);
    if (replaced) (void)factor_make(f, lp, head);
    return replaced;
}

/* ---- solving --------------------------------------------------------------------------------------- */

static double dot(const struct entries *e, const struct sparse *x)
{
    double sum = 0;
    for (int i = 0; i < e->n; i++) sum += e->value[i] * x->value[e->at[i]];
    return sum;
}

static void add_times(struct sparse *x, const struct entries *e, double times)
{
    for (int i = 0; i < e->n; i++) sparse_add(x, e->at[i], times * e->value[i]);
}

void factor_solve(struct factor *f, struct sparse *x, struct sparse *spike)
{
    triangle_solve(&f->lower, x, &f->room);
    for (int i = 0; i < f->n_changes; i++) {
        const struct factor_change *c = &f->changes[i];
        const double share = dot(&c->row, x) / c->pivot;
        if (share < 0 || share > 0) add_times(x, &c->spike, -share);
    }
    if (spike) sparse_copy(spike, x);
    triangle_solve(&f->upper, x, &f->room);
}

void factor_solve_t(struct factor *f, struct sparse *y, struct sparse *row)
{
    triangle_solve(&f->upper_t, y, &f->room);
    if (row) sparse_copy(row, y);
    for (int i = f->n_changes - 1; i >= 0; i--) {
        const struct factor_change *c = &f->changes[i];
        const double share = dot(&c->spike, y) / c->pivot;
        if (share < 0 || share > 0) add_times(y, &c->row, -share);
    }
    triangle_solve(&f->lower_t, y, &f->room);
}

static struct entries entries_copy(const struct sparse *x, int more, struct arena *a)
{
    struct entries e = {.at = ARENA_NEW(a, int, (size_t)(x->n + more) + 1),
                        .value = ARENA_NEW(a, double, (size_t)(x->n + more) + 1)};
    for (int i = 0; i < x->n; i++) {
        e.at[i] = x->at[i];
        e.value[i] = x->value[x->at[i]];
    }
    e.n = x->n;
    return e;
}

void factor_change(struct factor *f, const struct sparse *spike, const struct sparse *row, int p,
                   double pivot)
{
    const struct triangle *u = &f->upper;
    const int from = u->start[p], end = u->start[p + 1];
    struct factor_change c = {.pivot = pivot,
                              .spike = entries_copy(spike, end - from + 1, f->arena),
                              .row = entries_copy(row, 0, f->arena)};
    /* v may list a place twice: it is only ever added up */
    for (int i = from; i < end; i++) {
        c.spike.at[c.spike.n] = u->at[i];
        c.spike.value[c.spike.n++] = -u->value[i];
    }
    c.spike.at[c.spike.n] = p;
    c.spike.value[c.spike.n++] = -f->pivot[p];
    f->n_changed += c.spike.n + c.row.n;
    const size_t n = (size_t)f->n_changes;
    f->changes = arena_grow(f->arena, f->changes, n, sizeof *f->changes);
    f->changes[n] = c;
    f->n_changes++;
}
