/* Programs that fall apart into many small blocks once a few columns are fixed: services of a month, whose periods hang
 * together by the fleets and subscriptions that stay the same all the time, and by nothing else.
 *
 *     min c z + sum_k v_k(z),   v_k(z) = min { d x : lo - B z <= A x <= hi - B z },   x, z inside their bounds
 *
 * v_k is convex; each solution of the blocks at one z gives a plane below their sum (Benders 1962; Kelley 1960), and the
 * cheapest point under all planes so far is asked next, in turns with a point half way to the best one. It ends after
 * finitely many, with the prices of the planes as weights of the blocks' prices: a solution and a proof for the whole program,
 * which lp_solve judges like any other. Rows that would tie the blocks together (budgets) are left out; a solution that
 * breaks one is no solution there. */
#include "solver/lp_internal.h"
#include "solver/lp_small.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* From which size on it is worth the while; entries from which a column ties blocks together, and how many such there may be. */
enum {
    LEAST_ROWS = 400,
    LEAST_BLOCKS = 50,
    TYING = 40,
    MOST_TYING = 64,
    MOST_ROUNDS = 250,
    N_SUMS = 6
};
/* The best point and the planes agree: relative to the money moved. */
#define AGREED 1e-11
/* Slopes this small are rounding: beside the largest of their plane, and beside 1 after scaling. */
#define NOISE 1e-14

struct block {
    size_t m, n, first_row, first_col; /* into the lists of rows and columns */
    size_t sum;                        /* planes are added up by this */
    struct lp_small small;
};

struct plane {
    double *slope;   /* [n_tying] */
    double constant; /* value at z = 0 */
    size_t sum;      /* NONE: a ray, value <= 0 */
    const double *y; /* [rows] of the blocks, at hand for the proof */
};

/* Coefficient of a tying column in a row. */
struct pull {
    size_t t; /* number among the tying */
    double value;
};

struct blocks {
    const struct lp *lp;
    const struct lp_settings *settings;
    struct arena *arena;
    struct diag *diag;
    bool *dropped;    /* [rows] ties blocks together */
    size_t *tying_of; /* [cols] SIZE_MAX, or number among the tying */
    size_t n_tying;
    size_t tying[MOST_TYING];
    size_t *owner; /* [rows + cols] union-find, then block */
    size_t n_blocks;
    struct block *blocks;
    size_t *row, *col; /* lists by block */
    double *scale;     /* [rows] */
    struct pull *pull; /* coefficients of the tying columns, row by row */
    size_t *pull_from; /* [rows + 1] into pull */
    double *x, *y;     /* of the blocks at the point at hand */
    double floor_cost[N_SUMS], ceil_cost[N_SUMS];
    size_t n_planes;
    struct plane *planes;
    double best;
    double *best_x;     /* [cols] */
    size_t *master_row; /* [rows] of the program of the tying columns; SIZE_MAX: not in it */
    double rest_cost;   /* of columns in no row of any block */
};

static size_t root(struct blocks *b, size_t i)
{
    while (b->owner[i] != i) i = b->owner[i] = b->owner[b->owner[i]];
    return i;
}

static size_t count_entries(const struct lp *lp, size_t col)
{
    return lp->start[col + 1] - lp->start[col];
}

/* Tying columns, and rows of many others; false: not of this form. */
static bool find_ties(struct blocks *b)
{
    const struct lp *lp = b->lp;
    size_t *entries = ARENA_NEW(b->arena, size_t, lp->n_rows + 1);
    for (size_t j = 0; j < lp->n_cols; j++) {
        b->tying_of[j] = SIZE_MAX;
        if (count_entries(lp, j) >= TYING) {
            if (b->n_tying == MOST_TYING) return false;
            b->tying_of[j] = b->n_tying;
            b->tying[b->n_tying++] = j;
            continue;
        }
        for (size_t k = lp->start[j]; k < lp->start[j + 1]; k++) entries[lp->row[k]]++;
    }
    for (size_t i = 0; i < lp->n_rows; i++) {
        b->dropped[i] = entries[i] >= TYING;
        if (b->dropped[i] && isfinite(lp->row_lo[i])) return false;
    }
    return true;
}

/* Rows and columns that hang together; rows of tying columns alone are in no block. */
static void unite(struct blocks *b)
{
    const struct lp *lp = b->lp;
    for (size_t i = 0; i < lp->n_rows + lp->n_cols; i++) b->owner[i] = i;
    for (size_t j = 0; j < lp->n_cols; j++)
        for (size_t k = lp->start[j]; b->tying_of[j] == SIZE_MAX && k < lp->start[j + 1]; k++)
            if (!b->dropped[lp->row[k]]) b->owner[root(b, lp->row[k])] = root(b, lp->n_rows + j);
}

/* Numbers the blocks; false: one is too large. Columns without rows stay at their cheaper bound. */
static bool number_blocks(struct blocks *b)
{
    const struct lp *lp = b->lp;
    size_t *number = ARENA_NEW(b->arena, size_t, lp->n_rows + lp->n_cols + 1);
    bool *any = ARENA_NEW(b->arena, bool, lp->n_rows + lp->n_cols + 1);
    for (size_t j = 0; j < lp->n_cols; j++)
        for (size_t k = lp->start[j]; b->tying_of[j] == SIZE_MAX && k < lp->start[j + 1]; k++)
            if (!b->dropped[lp->row[k]]) any[root(b, lp->row[k])] = true;
    for (size_t i = 0; i < lp->n_rows + lp->n_cols; i++) {
        const size_t r = root(b, i);
        if (!any[r] || number[r]) continue;
        number[r] = ++b->n_blocks;
    }
    b->blocks = ARENA_NEW(b->arena, struct block, b->n_blocks + 1);
    for (size_t i = 0; i < lp->n_rows + lp->n_cols; i++) {
        const size_t r = number[root(b, i)];
        if (r == 0) continue;
        struct block *block = &b->blocks[r - 1];
        if (i < lp->n_rows)
            block->m++;
        else
            block->n++;
        if (block->m > SMALL_ROWS || block->n > SMALL_COLS) return false;
    }
    for (size_t i = 0; i < lp->n_rows + lp->n_cols; i++) number[i] = number[root(b, i)];
    for (size_t i = 0; i < lp->n_rows + lp->n_cols; i++) b->owner[i] = number[i];
    return b->n_blocks >= LEAST_BLOCKS; /* the program of the tying columns itself never is */
}

static void list_members(struct blocks *b)
{
    const struct lp *lp = b->lp;
    size_t rows = 0, cols = 0;
    b->row = ARENA_NEW(b->arena, size_t, lp->n_rows + 1);
    b->col = ARENA_NEW(b->arena, size_t, lp->n_cols + 1);
    for (size_t k = 0; k < b->n_blocks; k++) {
        b->blocks[k].first_row = rows;
        b->blocks[k].first_col = cols;
        rows += b->blocks[k].m;
        cols += b->blocks[k].n;
        b->blocks[k].m = b->blocks[k].n = 0;
    }
    for (size_t i = 0; i < lp->n_rows; i++)
        if (b->owner[i]) {
            struct block *block = &b->blocks[b->owner[i] - 1];
            b->row[block->first_row + block->m++] = i;
        }
    for (size_t j = 0; j < lp->n_cols; j++)
        if (b->owner[lp->n_rows + j]) {
            struct block *block = &b->blocks[b->owner[lp->n_rows + j] - 1];
            b->col[block->first_col + block->n++] = j;
        }
}

static size_t place_of(const size_t *list, size_t n, size_t what)
{
    size_t i = 0;
    while (i < n && list[i] != what) i++;
    return i;
}

static void scale_rows(struct blocks *b)
{
    const struct lp *lp = b->lp;
    b->scale = ARENA_NEW(b->arena, double, lp->n_rows + 1);
    for (size_t k = 0; k < lp->start[lp->n_cols]; k++)
        b->scale[lp->row[k]] = fmax(b->scale[lp->row[k]], fabs(lp->value[k]));
    for (size_t i = 0; i < lp->n_rows; i++) b->scale[i] = b->scale[i] > 0 ? 1 / b->scale[i] : 1;
}

static void list_pulls(struct blocks *b)
{
    const struct lp *lp = b->lp;
    size_t *next = ARENA_NEW(b->arena, size_t, lp->n_rows + 1);
    b->pull_from = ARENA_NEW(b->arena, size_t, lp->n_rows + 2);
    for (size_t t = 0; t < b->n_tying; t++)
        for (size_t k = lp->start[b->tying[t]]; k < lp->start[b->tying[t] + 1]; k++)
            b->pull_from[lp->row[k] + 1]++;
    for (size_t i = 0; i < lp->n_rows; i++) {
        next[i] = b->pull_from[i];
        b->pull_from[i + 1] += next[i];
    }
    b->pull = ARENA_NEW(b->arena, struct pull, b->pull_from[lp->n_rows] + 1);
    for (size_t t = 0; t < b->n_tying; t++)
        for (size_t k = lp->start[b->tying[t]]; k < lp->start[b->tying[t] + 1]; k++) {
            const size_t i = lp->row[k];
            b->pull[next[i]++] = (struct pull){t, lp->value[k] * b->scale[i]};
        }
}

static void fill_block(struct blocks *b, struct block *block)
{
    const struct lp *lp = b->lp;
    struct lp_small *s = &block->small;
    s->m = block->m;
    s->n = block->n;
    s->a = ARENA_NEW(b->arena, double, s->m * s->n + 1);
    s->inverse = ARENA_NEW(b->arena, double, s->m * s->m + 1);
    s->cost = ARENA_NEW(b->arena, double, s->n + 1);
    s->lo = ARENA_NEW(b->arena, double, s->n + s->m + 1);
    s->hi = ARENA_NEW(b->arena, double, s->n + s->m + 1);
    s->upper = ARENA_NEW(b->arena, bool, s->n + s->m + 1);
    s->is_basic = ARENA_NEW(b->arena, bool, s->n + s->m + 1);
    for (size_t c = 0; c < s->n; c++) {
        const size_t j = b->col[block->first_col + c];
        s->cost[c] = lp->cost[j];
        s->lo[c] = lp->col_lo[j];
        s->hi[c] = lp->col_hi[j];
        b->floor_cost[block->sum] += fmin(lp->cost[j] * s->lo[c], lp->cost[j] * s->hi[c]);
        b->ceil_cost[block->sum] += fmax(lp->cost[j] * s->lo[c], lp->cost[j] * s->hi[c]);
        for (size_t k = lp->start[j]; k < lp->start[j + 1]; k++) {
            if (b->dropped[lp->row[k]]) continue;
            const size_t i = place_of(&b->row[block->first_row], block->m, lp->row[k]);
            s->a[i * s->n + c] = lp->value[k] * b->scale[lp->row[k]];
        }
    }
    for (size_t i = 0; i < s->m; i++) {
        const size_t row = b->row[block->first_row + i];
        s->lo[s->n + i] = lp->row_lo[row] * b->scale[row];
        s->hi[s->n + i] = lp->row_hi[row] * b->scale[row];
    }
    lp_small_start(s);
}

static void put_bounds(struct blocks *b, struct block *block, const double *z)
{
    struct lp_small *s = &block->small;
    for (size_t i = 0; i < s->m; i++) {
        const size_t row = b->row[block->first_row + i];
        if (b->pull_from[row] == b->pull_from[row + 1]) continue; /* as it began */
        double shift = 0;
        for (size_t k = b->pull_from[row]; k < b->pull_from[row + 1]; k++)
            shift += b->pull[k].value * z[b->pull[k].t];
        s->lo[s->n + i] = b->lp->row_lo[row] * b->scale[row] - shift;
        s->hi[s->n + i] = b->lp->row_hi[row] * b->scale[row] - shift;
    }
}

static struct plane *add_plane(struct blocks *b, size_t sum, const double *y)
{
    struct plane *p = ARENA_PUSH(b->arena, b->planes, b->n_planes);
    *p = (struct plane){.slope = ARENA_NEW(b->arena, double, b->n_tying + 1), .sum = sum, .y = y};
    return p;
}

static void add_slopes(const struct blocks *b, struct plane *p, const struct block *block,
                       const double *y)
{
    for (size_t i = 0; i < block->m; i++) {
        const size_t row = b->row[block->first_row + i];
        for (size_t k = b->pull_from[row]; k < b->pull_from[row + 1]; k++)
            p->slope[b->pull[k].t] -= y[i] * b->pull[k].value;
    }
}

/* What is left of terms that cancel is no slope, and numbers beyond rounding are refused in a program (lp_check). A plane moves
 * by less than its own rounding, and the answer is judged on the data as given. */
static void drop_noise(double *slope, size_t n)
{
    double most = 0;
    for (size_t t = 0; t < n; t++) most = fmax(most, fabs(slope[t]));
    for (size_t t = 0; t < n; t++)
        if (fabs(slope[t]) < NOISE * most || fabs(slope[t]) < NOISE) slope[t] = 0;
}

/* One block at z; false: it failed. An infeasible one gives a plane of its own. */
static bool solve_block(struct blocks *b, struct block *block, const double *z, double *value,
                        bool *feasible)
{
    double x[SMALL_COLS + SMALL_ROWS], y[SMALL_ROWS];
    put_bounds(b, block, z);
    const enum lp_small_end end = lp_small_solve(&block->small, x, y, value);
    if (end == SMALL_FAILED) return false;
    for (size_t i = 0; i < block->m; i++) {
        const size_t row = b->row[block->first_row + i];
        b->y[row] = y[i] * b->scale[row];
    }
    for (size_t c = 0; c < block->n; c++) b->x[b->col[block->first_col + c]] = x[c];
    *feasible = end == SMALL_OPTIMAL;
    if (*feasible) return true;
    double *ray = ARENA_NEW(b->arena, double, b->lp->n_rows + 1);
    for (size_t i = 0; i < block->m; i++)
        ray[b->row[block->first_row + i]] = y[i] * b->scale[b->row[block->first_row + i]];
    struct plane *p = add_plane(b, SIZE_MAX, ray);
    add_slopes(b, p, block, y);
    drop_noise(p->slope, b->n_tying);
    p->constant = *value;
    for (size_t t = 0; t < b->n_tying; t++) p->constant -= p->slope[t] * z[t];
    return true;
}

/* All blocks at z: planes, and the best point where all are feasible. One infeasible block is enough for a round. */
static bool ask(struct blocks *b, const double *z)
{
    const struct lp *lp = b->lp;
    b->y = ARENA_NEW(b->arena, double, lp->n_rows + 1);
    double sums[N_SUMS] = {0}, slopes[N_SUMS][MOST_TYING] = {{0}}, cost = b->rest_cost;
    for (size_t k = 0; k < b->n_blocks; k++) {
        struct block *block = &b->blocks[k];
        double value;
        bool feasible;
        if (!solve_block(b, block, z, &value, &feasible)) return false;
        if (!feasible) return true;
        sums[block->sum] += value;
        for (size_t i = 0; i < block->m; i++) {
            const size_t row = b->row[block->first_row + i];
            for (size_t j = b->pull_from[row]; j < b->pull_from[row + 1]; j++)
                slopes[block->sum][b->pull[j].t] -= b->y[row] / b->scale[row] * b->pull[j].value;
        }
    }
    for (size_t s = 0; s < N_SUMS; s++) {
        drop_noise(slopes[s], b->n_tying);
        struct plane *p = add_plane(b, s, b->y);
        p->constant = sums[s];
        cost += sums[s];
        for (size_t t = 0; t < b->n_tying; t++) {
            p->slope[t] = slopes[s][t];
            p->constant -= p->slope[t] * z[t];
        }
    }
    for (size_t t = 0; t < b->n_tying; t++) cost += lp->cost[b->tying[t]] * z[t];
    if (cost >= b->best) return true;
    b->best = cost;
    memcpy(b->best_x, b->x, lp->n_cols * sizeof *b->x);
    for (size_t t = 0; t < b->n_tying; t++) b->best_x[b->tying[t]] = z[t];
    return true;
}

/* --- the program of the tying columns --- */

static void add_tying(struct lp_builder *master, const struct blocks *b, size_t t,
                      const size_t *master_row)
{
    const struct lp *lp = b->lp;
    const size_t j = b->tying[t];
    lp_add_col(master, lp->col_lo[j], lp->col_hi[j], lp->cost[j], false, false);
    for (size_t k = lp->start[j]; k < lp->start[j + 1]; k++)
        if (master_row[lp->row[k]] != SIZE_MAX)
            lp_add_value(master, master_row[lp->row[k]], lp->value[k]);
}

/* Rows of tying columns alone, then one for each plane; columns: the tying ones, then the sums. Returns the first plane's row. */
static size_t build_master(struct lp_builder *master, const struct blocks *b, size_t *master_row)
{
    const struct lp *lp = b->lp;
    for (size_t i = 0; i < lp->n_rows; i++) {
        master_row[i] = SIZE_MAX;
        if (b->owner[i] == 0 && !b->dropped[i] && b->pull_from[i] < b->pull_from[i + 1])
            master_row[i] = lp_add_row(master, lp->row_lo[i], lp->row_hi[i]);
    }
    const size_t first = master->lp.n_rows;
    for (size_t p = 0; p < b->n_planes; p++) lp_add_row(master, b->planes[p].constant, INFINITY);
    for (size_t t = 0; t < b->n_tying; t++) {
        add_tying(master, b, t, master_row);
        for (size_t p = 0; p < b->n_planes; p++)
            lp_add_value(master, first + p, -b->planes[p].slope[t]);
    }
    for (size_t s = 0; s < N_SUMS; s++) {
        lp_add_col(master, b->floor_cost[s], b->ceil_cost[s], 1, false, false);
        for (size_t p = 0; p < b->n_planes; p++)
            if (b->planes[p].sum == s) lp_add_value(master, first + p, 1);
    }
    master->lp.constant = b->rest_cost;
    return first;
}

/* Least money under all planes: z, its money, and the weights of the planes and rows. False: none. */
static bool solve_master(struct blocks *b, double *z, double *least, double *weight, double *y,
                         struct arena *a)
{
    const struct lp *lp = b->lp;
    struct lp_builder master = {.arena = a};
    const size_t first = build_master(&master, b, b->master_row);
    struct lp_result r;
    if (lp_solve(&r, lp_finish(&master), b->settings, a, b->diag) != OK || !r.x) return false;
    *least = r.objective;
    for (size_t t = 0; t < b->n_tying; t++) z[t] = r.x[t];
    for (size_t p = 0; p < b->n_planes; p++) weight[p] = r.row_dual[first + p];
    for (size_t i = 0; i < lp->n_rows; i++)
        y[i] = b->master_row[i] == SIZE_MAX ? 0 : r.row_dual[b->master_row[i]];
    return true;
}

/* y of the whole: the planes' own, weighted; a plane speaks for the rows of its sum, a ray for all. */
static void add_proofs(const struct blocks *b, const double *weight, double *y)
{
    for (size_t p = 0; p < b->n_planes; p++) {
        if (weight[p] <= 0) continue;
        for (size_t k = 0; k < b->n_blocks; k++) {
            const struct block *block = &b->blocks[k];
            if (b->planes[p].sum != SIZE_MAX && b->planes[p].sum != block->sum) continue;
            for (size_t i = 0; i < block->m; i++) {
                const size_t row = b->row[block->first_row + i];
                y[row] += weight[p] * b->planes[p].y[row];
            }
        }
    }
}

static bool search(struct blocks *b, double *x, double *y)
{
    const struct lp *lp = b->lp;
    double z[MOST_TYING], best_z[MOST_TYING], moved;
    b->master_row = ARENA_NEW(b->arena, size_t, lp->n_rows + 1);
    for (int round = 0; round < MOST_ROUNDS; round++) {
        struct arena *scratch = arena_new();
        double least = 0, *weight = ARENA_NEW(scratch, double, b->n_planes + 1);
        const bool solved = solve_master(b, z, &least, weight, y, scratch);
        moved = fabs(lp->constant) + fabs(b->best);
        const bool done = solved && isfinite(b->best) && b->best - least <= AGREED * moved;
        if (done) add_proofs(b, weight, y);
        arena_free(scratch);
        if (!solved) return false;
        if (done) {
            memcpy(x, b->best_x, lp->n_cols * sizeof *x);
            return true;
        }
        if (isfinite(b->best) && round % 2) {
            for (size_t t = 0; t < b->n_tying; t++) {
                best_z[t] = b->best_x[b->tying[t]];
                z[t] = (z[t] + best_z[t]) / 2;
            }
        }
        if (!ask(b, z)) return false;
    }
    return false;
}

static void start_columns(struct blocks *b)
{
    const struct lp *lp = b->lp;
    b->best = INFINITY;
    b->best_x = ARENA_NEW(b->arena, double, lp->n_cols + 1);
    b->x = ARENA_NEW(b->arena, double, lp->n_cols + 1);
    for (size_t j = 0; j < lp->n_cols; j++) {
        if (b->tying_of[j] != SIZE_MAX || b->owner[lp->n_rows + j]) continue;
        b->x[j] = lp->cost[j] >= 0 ? lp->col_lo[j] : lp->col_hi[j];
        b->rest_cost += lp->cost[j] * b->x[j];
    }
}

bool lp_blocks(double *x, double *y, const struct lp *lp, const struct lp_settings *settings)
{
    if (lp->n_rows < LEAST_ROWS) return false;
    struct arena *a = arena_new();
    struct diag quiet = {.arena = a};
    struct blocks b = {.lp = lp, .settings = settings, .arena = a, .diag = &quiet};
    b.dropped = ARENA_NEW(a, bool, lp->n_rows + 1);
    b.tying_of = ARENA_NEW(a, size_t, lp->n_cols + 1);
    b.owner = ARENA_NEW(a, size_t, lp->n_rows + lp->n_cols + 1);
    bool found = find_ties(&b);
    if (found) unite(&b);
    found = found && number_blocks(&b);
    if (found) {
        list_members(&b);
        scale_rows(&b);
        list_pulls(&b);
        for (size_t k = 0; k < b.n_blocks; k++) {
            b.blocks[k].sum = k * N_SUMS / b.n_blocks;
            fill_block(&b, &b.blocks[k]);
        }
        start_columns(&b);
        found = search(&b, x, y);
    }
    arena_free(a);
    return found;
}
