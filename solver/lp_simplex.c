#include "solver/lp_simplex.h"
#include <math.h>
#include <string.h>

/* Pivots between two factorisations, sooner where the changes outgrow the factors. */
enum { MOST_CHANGES = 100, CHANGES_OF_FACTORS = 3, LOOK_AT_CLOCK = 64, MOST_TURNS = 8 };
/* Columns that come in per round: twice as many made the rounds after it a third slower, since the row of every pivot grows. */
enum { LEAST_BATCH = 1000 };
/* Pivots per row and column that are in before GLPK may try: a few times what any program took. */
enum { PIVOTS_PER_ROW = 10, PIVOTS_PER_COLUMN = 3, FEW_PIVOTS = 5000 };

/* GLPK's names of states, in which a basis is kept. */
enum { KEPT_BASIC = 1, KEPT_LO = 2, KEPT_HI = 3, KEPT_FIXED = 5 };
/* Columns price in at a hundredth of the tolerance, as with GLPK. */
#define PRICING_SHARE 0.01

/* ---- numbers of a basis ---------------------------------------------------------------------------- */

void simplex_note_short(struct simplex *s, int p)
{
    const int j = s->head[p];
    const double below = s->lo[j] - s->x[j], above = s->x[j] - s->hi[j];
    const double most = below > above ? below : above;
    s->short2[p] = most > s->feasible ? most * most : 0;
    if (s->short2[p] > 0) shortlist_put(&s->out_of_bounds, p);
}

/* Entry e of the column of a variable, for rows and columns alike. */
static void add_column(const struct simplex *s, struct sparse *to, int var, double times)
{
    const struct lp *lp = s->lp;
    if (var < s->m) {
        sparse_add(to, s->factor->row_place[var], times);
        return;
    }
    for (size_t e = lp->start[var - s->m]; e < lp->start[var - s->m + 1]; e++)
        sparse_add(to, s->factor->row_place[lp->row[e]], times * lp->value[e]);
}

/* x_B = - B^-1 N x_N */
static void compute_values(struct simplex *s)
{
    sparse_clear(&s->flips);
    for (int j = 0; j < s->n; j++)
        if ((s->state[j] == STATE_LO || s->state[j] == STATE_HI) && (s->x[j] < 0 || s->x[j] > 0))
            add_column(s, &s->flips, j, -s->x[j]);
    factor_solve(s->factor, &s->flips, NULL);
    for (int p = 0; p < s->m; p++) {
        s->x[s->head[p]] = s->flips.value[p];
        simplex_note_short(s, p);
    }
}

/* B'y = c_B; y by place. */
static void compute_y(struct simplex *s, const double *cost)
{
    sparse_clear(&s->unit);
    for (int p = 0; p < s->m; p++) {
        const double c = cost[s->head[p]];
        if (c < 0 || c > 0) sparse_add(&s->unit, p, c);
    }
    factor_solve_t(s->factor, &s->unit, NULL);
}

static void compute_reduced(struct simplex *s)
{
    const struct lp *lp = s->lp;
    compute_y(s, s->cost);
    for (int i = 0; i < s->m; i++) s->d[i] = s->cost[i] - s->unit.value[s->factor->row_place[i]];
    for (int j = s->m; j < s->n; j++) {
        if (s->state[j] == STATE_OUT) continue;
        double d = s->cost[j];
        for (size_t e = lp->start[j - s->m]; e < lp->start[j - s->m + 1]; e++)
            d -= lp->value[e] * s->unit.value[s->factor->row_place[lp->row[e]]];
        s->d[j] = d;
    }
    for (int p = 0; p < s->m; p++) s->d[s->head[p]] = 0;
    for (int j = 0; j < s->n; j++)
        if (simplex_gains(s, j)) shortlist_put(&s->attractive, j);
}

/* Variables that were thrown out of a basis that is not one rest at their nearer bound. */
static void replace(struct simplex *s, const int *before)
{
    for (int p = 0; p < s->m; p++) {
        const int j = before[p];
        const bool up = !isfinite(s->lo[j]) || s->hi[j] - s->x[j] < s->x[j] - s->lo[j];
        s->state[j] = up ? STATE_HI : STATE_LO;
        s->x[j] = up ? s->hi[j] : s->lo[j];
    }
    for (int p = 0; p < s->m; p++) s->state[s->head[p]] = STATE_BASIC;
}

static void factor_again(struct simplex *s)
{
    struct arena *scratch = arena_new();
    double *edge = ARENA_NEW(scratch, double, (size_t)s->n + 1);
    double *x = ARENA_NEW(scratch, double, (size_t)s->m + 1);
    int *before = ARENA_NEW(scratch, int, (size_t)s->m + 1);
    for (int p = 0; p < s->m; p++) {
        edge[s->head[p]] = s->edge[p];
        x[p] = s->x[s->head[p]];
        before[p] = s->head[p];
    }
    if (factor_make(s->factor, s->lp, s->head) > 0) replace(s, before);
    for (int p = 0; p < s->m; p++) s->edge[p] = edge[s->head[p]] > 0 ? edge[s->head[p]] : 1;
    arena_free(scratch);
}

void simplex_refresh(struct simplex *s)
{
    factor_again(s);
    compute_values(s);
    compute_reduced(s);
    s->fresh = true;
}

void simplex_keep_fresh(struct simplex *s)
{
    const struct factor *f = s->factor;
    if (f->n_changes >= MOST_CHANGES || f->n_changed > CHANGES_OF_FACTORS * (f->n_entries + s->m))
        simplex_refresh(s);
}

bool simplex_is_over(const struct simplex *s)
{
    const struct lp_run *run = s->run;
    if (run->iterations >= run->iteration_limit) return true;
    if (run->iterations % LOOK_AT_CLOCK) return false;
    return lp_stopped(run->settings) || lp_clock() >= run->deadline;
}

/* ---- one pivot ------------------------------------------------------------------------------------- */

void simplex_price_row(struct simplex *s, int p)
{
    sparse_clear(&s->unit);
    sparse_add(&s->unit, p, 1);
    factor_solve_t(s->factor, &s->unit, &s->half);
    sparse_clear(&s->row);
    for (int k = 0; k < s->unit.n; k++) {
        const int i = s->factor->place_row[s->unit.at[k]];
        const double times = s->unit.value[s->unit.at[k]];
        sparse_add(&s->row, i, times);
        for (int e = s->row_start[i]; e < s->row_start[i + 1]; e++)
            sparse_add(&s->row, s->row_var[e], times * s->row_value[e]);
    }
}

void simplex_price_column(struct simplex *s, int var)
{
    sparse_clear(&s->column);
    add_column(s, &s->column, var, 1);
    factor_solve(s->factor, &s->column, &s->spike);
}

void simplex_update_prices(struct simplex *s, int q, int leaving, double pivot)
{
    const double step = s->d[q] / pivot;
    if (step < 0 || step > 0)
        for (int k = 0; k < s->row.n; k++) {
            const int j = s->row.at[k];
            s->d[j] -= step * s->row.value[j];
            if (simplex_gains(s, j)) shortlist_put(&s->attractive, j);
        }
    s->d[q] = 0;
    s->d[leaving] = -step;
    shortlist_put(&s->attractive, leaving);
}

void simplex_pivot(struct simplex *s, int p, int q, double step, bool to_upper)
{
    const int leaving = s->head[p];
    for (int k = 0; k < s->column.n; k++) {
        const int i = s->column.at[k];
        s->x[s->head[i]] -= step * s->column.value[i];
        simplex_note_short(s, i);
    }
    s->x[leaving] = to_upper ? s->hi[leaving] : s->lo[leaving];
    s->state[leaving] = to_upper ? STATE_HI : STATE_LO;
    s->x[q] += step;
    s->state[q] = STATE_BASIC;
    s->head[p] = q;
    simplex_note_short(s, p);
    factor_change(s->factor, &s->spike, &s->half, p, s->column.value[p]);
    s->fresh = false;
    s->run->iterations++;
}

/* ---- loading --------------------------------------------------------------------------------------- */

static void rows_index(struct simplex *s)
{
    const struct lp *lp = s->lp;
    const bool *in = s->run->pricing.in;
    if (s->rows_arena) arena_free(s->rows_arena);
    s->rows_arena = arena_new();
    s->row_start = ARENA_NEW(s->rows_arena, int, (size_t)s->m + 3);
    size_t n = 0;
    for (size_t j = 0; j < lp->n_cols; j++)
        for (size_t e = lp->start[j]; in[j] && e < lp->start[j + 1]; e++, n++)
            s->row_start[lp->row[e] + 2]++;
    for (int i = 2; i <= s->m; i++) s->row_start[i] += s->row_start[i - 1];
    s->row_var = ARENA_NEW(s->rows_arena, int, n + 1);
    s->row_value = ARENA_NEW(s->rows_arena, double, n + 1);
    for (size_t j = 0; j < lp->n_cols; j++)
        for (size_t e = lp->start[j]; in[j] && e < lp->start[j + 1]; e++) {
            const int at = s->row_start[lp->row[e] + 1]++;
            s->row_var[at] = s->m + (int)j;
            s->row_value[at] = lp->value[e];
        }
}

static void bounds_read(struct simplex *s)
{
    const struct lp *lp = s->lp;
    for (int i = 0; i < s->m; i++) {
        s->lo[i] = -lp->row_hi[i];
        s->hi[i] = -lp->row_lo[i];
    }
    for (size_t j = 0; j < lp->n_cols; j++) {
        s->lo[s->m + (int)j] = lp->col_lo[j];
        s->hi[s->m + (int)j] = lp->col_hi[j];
    }
}

static void costs_read(struct simplex *s)
{
    for (int i = 0; i < s->m; i++) s->cost[i] = 0;
    for (size_t j = 0; j < s->lp->n_cols; j++) s->cost[s->m + (int)j] = s->lp->cost[j];
    s->is_shifted = false;
}

static void rest_at(struct simplex *s, int j, bool up)
{
    if (up ? !isfinite(s->hi[j]) : !isfinite(s->lo[j])) up = !up;
    s->state[j] = up ? STATE_HI : STATE_LO;
    s->x[j] = up ? s->hi[j] : s->lo[j];
}

/* The rows' own variables. */
static void basis_start(struct simplex *s)
{
    for (int i = 0; i < s->m; i++) {
        s->head[i] = i;
        s->state[i] = STATE_BASIC;
    }
    for (size_t j = 0; j < s->lp->n_cols; j++)
        if (s->run->pricing.in[j]) rest_at(s, s->m + (int)j, false);
}

/* That of an earlier run, as far as it goes. */
static void basis_load(struct simplex *s)
{
    const struct lp_basis *b = &s->run->basis;
    int n = 0;
    for (int i = 0; i < s->m; i++) {
        const bool basic = b->row[i] == KEPT_BASIC || b->row[i] == 0;
        if (!basic) rest_at(s, i, b->row[i] == KEPT_LO || b->row[i] == KEPT_FIXED);
        if (basic) s->state[i] = STATE_BASIC;
    }
    for (size_t j = 0; j < s->lp->n_cols; j++) {
        if (!s->run->pricing.in[j]) continue;
        if (b->col[j] == KEPT_BASIC)
            s->state[s->m + (int)j] = STATE_BASIC;
        else
            rest_at(s, s->m + (int)j, b->col[j] == KEPT_HI);
    }
    for (int j = s->n - 1; j >= 0; j--) {
        if (s->state[j] != STATE_BASIC) continue;
        if (n < s->m)
            s->head[n++] = j;
        else
            rest_at(s, j, false);
    }
    for (int i = 0; n < s->m; i++)
        if (s->state[i] != STATE_BASIC) {
            s->state[i] = STATE_BASIC;
            s->head[n++] = i;
        }
}

static void basis_save(const struct simplex *s)
{
    static const unsigned char KEPT[] = {0, KEPT_BASIC, KEPT_LO, KEPT_HI};
    struct lp_basis *b = &s->run->basis;
    for (int i = 0; i < s->m; i++) {
        const unsigned char state = s->state[i];
        const bool fixed = !(s->hi[i] > s->lo[i]);
        b->row[i] = state == STATE_BASIC ? KEPT_BASIC
                    : fixed              ? KEPT_FIXED
                    : state == STATE_LO  ? KEPT_HI
                                         : KEPT_LO;
    }
    for (int j = s->m; j < s->n; j++)
        b->col[j - s->m] = s->state[j] != STATE_BASIC && s->state[j] && !(s->hi[j] > s->lo[j])
                               ? KEPT_FIXED
                               : KEPT[s->state[j]];
}

/* ---- reading --------------------------------------------------------------------------------------- */

static void read_y(struct simplex *s)
{
    compute_y(s, s->cost);
    for (int i = 0; i < s->m; i++) s->run->y[i] = s->unit.value[s->factor->row_place[i]];
}

static void read_x(struct simplex *s)
{
    for (int j = s->m; j < s->n; j++) s->run->x[j - s->m] = s->state[j] == STATE_OUT ? 0 : s->x[j];
}

/* B d = A x + s on the basis, x -= d: to the last bit. */
static void refine_x(struct simplex *s, double *activity)
{
    lp_activity(activity, s->lp, s->run->x);
    sparse_clear(&s->flips);
    for (int i = 0; i < s->m; i++) {
        const double rest = activity[i] + s->x[i];
        if (s->state[i] != STATE_BASIC && (rest < 0 || rest > 0))
            sparse_add(&s->flips, s->factor->row_place[i], rest);
    }
    factor_solve(s->factor, &s->flips, NULL);
    for (int k = 0; k < s->flips.n; k++) {
        const int j = s->head[s->flips.at[k]];
        if (j >= s->m) s->run->x[j - s->m] -= s->flips.value[s->flips.at[k]];
    }
}

static void read_solution(struct simplex *s)
{
    struct arena *scratch = arena_new();
    double *activity = ARENA_NEW(scratch, double, (size_t)s->m + 1);
    read_x(s);
    refine_x(s, activity);
    read_y(s);
    s->run->has_x = s->run->has_y = true;
    arena_free(scratch);
}

/* ---- rounds ---------------------------------------------------------------------------------------- */

static bool is_feasible(const struct simplex *s)
{
    for (int p = 0; p < s->m; p++)
        if (s->short2[p] > 0) return false;
    return true;
}

/* Dual where the basis is not feasible, primal at the true costs, until both are content. */
static enum lp_end solve(struct simplex *s)
{
    for (int turn = 0; turn < MOST_TURNS; turn++) {
        if (!is_feasible(s)) {
            const enum lp_end end = simplex_dual(s);
            if (end != RUN_OPTIMAL) return end;
        }
        if (s->is_shifted) {
            costs_read(s);
            compute_reduced(s);
        }
        const enum lp_end end = simplex_primal(s);
        if (end != RUN_OPTIMAL) return end;
        if (is_feasible(s)) return RUN_OPTIMAL;
    }
    return RUN_FAILED;
}

static size_t let_in(struct simplex *s, bool proving)
{
    struct lp_run *run = s->run;
    if (run->pricing.n_out == 0) return 0;
    const size_t half = run->lp->n_rows / 2, batch = half > LEAST_BATCH ? half : LEAST_BATCH;
    const size_t n =
        lp_price_columns(&run->pricing, run->y, proving, s->optimal * PRICING_SHARE, batch);
    if (n == 0) return 0;
    for (size_t i = 0; i < n; i++) rest_at(s, s->m + (int)run->pricing.chosen[i], false);
    rows_index(s);
    simplex_refresh(s);
    return n;
}

static enum lp_end run_rounds(struct simplex *s)
{
    for (;;) {
        s->run->rounds++;
        const enum lp_end end = solve(s);
        if (end == RUN_INFEASIBLE) {
            if (let_in(s, true) == 0) return end;
            continue;
        }
        if (end != RUN_OPTIMAL) return end;
        read_solution(s);
        if (let_in(s, false) == 0) return RUN_OPTIMAL;
    }
}

static struct shortlist shortlist_new(int n, struct arena *a)
{
    return (struct shortlist){0, ARENA_NEW(a, int, (size_t)n + 1),
                              ARENA_NEW(a, bool, (size_t)n + 1)};
}

static struct simplex *simplex_new(struct lp_run *run, struct arena *a)
{
    struct simplex *s = ARENA_NEW(a, struct simplex, 1);
    const int m = (int)run->lp->n_rows, n = m + (int)run->lp->n_cols;
    const size_t rows = (size_t)m + 1, vars = (size_t)n + 1;
    *s = (struct simplex){.run = run,
                          .lp = run->lp,
                          .m = m,
                          .n = n,
                          .lo = ARENA_NEW(a, double, vars),
                          .hi = ARENA_NEW(a, double, vars),
                          .cost = ARENA_NEW(a, double, vars),
                          .x = ARENA_NEW(a, double, vars),
                          .d = ARENA_NEW(a, double, vars),
                          .state = ARENA_NEW(a, unsigned char, vars),
                          .head = ARENA_NEW(a, int, rows),
                          .short2 = ARENA_NEW(a, double, rows),
                          .out_of_bounds = shortlist_new(m, a),
                          .attractive = shortlist_new(n, a),
                          .edge = ARENA_NEW(a, double, rows),
                          .reference = ARENA_NEW(a, double, vars),
                          .factor = factor_new(m, a),
                          .column = sparse_new(m, a),
                          .spike = sparse_new(m, a),
                          .unit = sparse_new(m, a),
                          .half = sparse_new(m, a),
                          .tau = sparse_new(m, a),
                          .flips = sparse_new(m, a),
                          .row = sparse_new(n, a),
                          .breaks = ARENA_NEW(a, struct breakpoint, vars),
                          .flipped = ARENA_NEW(a, int, vars),
                          .feasible = run->settings->feasibility * run->tolerance,
                          .optimal = run->settings->optimality * run->tolerance,
                          .dice = 0x2545F4914F6CDD1D,
                          .arena = a};
    return s;
}

static long most_pivots(const struct lp_run *run)
{
    const size_t in = run->lp->n_cols - run->pricing.n_out;
    const long fair =
        (long)(PIVOTS_PER_ROW * run->lp->n_rows + PIVOTS_PER_COLUMN * in) + FEW_PIVOTS;
    return run->iteration_limit < fair ? run->iteration_limit : fair;
}

/* Keeps what there is: prices always prove something. */
static void read_cut_off(struct simplex *s)
{
    struct lp_run *run = s->run;
    costs_read(s);
    read_y(s);
    run->has_y = true;
    run->has_x = is_feasible(s);
    if (run->has_x) read_x(s);
    if (lp_stopped(run->settings)) run->end = RUN_STOPPED;
}

void lp_simplex(struct lp_run *run, struct arena *a)
{
    lp_pricing_start(&run->pricing, run->lp, run->lazily, a);
    if (run->warm) lp_pricing_begin(&run->pricing, run->basis.col);
    run->iteration_limit = most_pivots(run);
    struct simplex *s = simplex_new(run, a);
    bounds_read(s);
    costs_read(s);
    rows_index(s);
    if (run->warm)
        basis_load(s);
    else
        basis_start(s);
    simplex_refresh(s);
    run->end = run_rounds(s);
    if (run->end == RUN_LIMIT) read_cut_off(s);
    if (run->basis.row) basis_save(s);
    arena_free(s->rows_arena);
    run->has_x = run->has_x && lp_are_finite(run->x, run->lp->n_cols);
    run->has_y = run->has_y && lp_are_finite(run->y, run->lp->n_rows);
    if (run->end == RUN_INFEASIBLE && !lp_are_finite(run->y, run->lp->n_rows))
        run->end = RUN_FAILED;
    if (run->end == RUN_OPTIMAL && !(run->has_x && run->has_y)) run->end = RUN_FAILED;
}
