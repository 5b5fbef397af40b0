/* With lp_glpk_read.c the only file that calls GLPK. Plain arrays in, plain arrays out; no GLPK object outlives a call.
 *
 * GLPK ends the process on any of some 2,800 internal errors. Here its error hook frees the whole environment (every
 * object with it) and jumps back, so an error is one failed run and the next run starts clean. */
#include "solver/lp_glpk_internal.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    SLICE =
        2000, /* pivots between two looks at the clock; a count, so that the path does not depend on time */
    WORDS_MS = 50, /* GLPK speaks this often, and only then can it be interrupted */
    /* So that small programs are done in a few rounds. Large ones take as many columns as rows: from half to twice that
     * made no difference on 1,640 x 72,420, ten times fewer or more cost 20 to 30%. */
    LEAST_BATCH = 200,
    NODE_PIVOTS = 10, /* a node of a tree costs as much work, even where it needs no pivot */
};
/* Columns price in at a hundredth of the simplex tolerance: cheap, and the bound is that much closer. */
#define PRICING_SHARE 0.01

/* --- the guard --- */

static void on_error(void *context)
{
    struct guard *guard = context;
    glp_free_env();
    longjmp(guard->back, 1);
}

/* Swallows GLPK's chatter and keeps the last words; returning 1 means "do not print". */
static int on_words(void *context, const char *words)
{
    struct guard *guard = context;
    const size_t length = strcspn(words, "\n");
    const bool is_place =
        strncmp(words, "Error detected in file", strlen("Error detected in file")) == 0;
    if (length > 0 && !is_place)
        snprintf(guard->note, guard->note_size, "%.*s", (int)length, words);
    if (!lp_stopped(guard->settings)) return 1;
    guard->stopped = true;
    glp_free_env();
    longjmp(guard->back, 1);
}

/* --- loading --- */

static int bound_type(double lo, double hi)
{
    if (lo == hi) return GLP_FX;
    if (isinf(lo)) return isinf(hi) ? GLP_FR : GLP_UP;
    return isinf(hi) ? GLP_LO : GLP_DB;
}

static void load_col(struct glpk_session *s, size_t col)
{
    const struct lp *lp = s->run->lp;
    const int number = glp_add_cols(s->glpk, 1);
    int n = 0;
    for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
        if (s->number[lp->row[k]] == 0) continue;
        s->index[++n] = s->number[lp->row[k]];
        s->value[n] = lp->value[k];
    }
    glp_set_mat_col(s->glpk, number, n, s->index, s->value);
    glp_set_col_bnds(s->glpk, number, bound_type(lp->col_lo[col], lp->col_hi[col]), lp->col_lo[col],
                     lp->col_hi[col]);
    glp_set_obj_coef(s->glpk, number, lp->cost[col]);
    s->col[number] = col;
    s->n = number;
}

/* The coefficients that columns already there have in the rows let in last, from number `first` on. */
static void fill_rows(struct glpk_session *s, int first, size_t n)
{
    struct arena *scratch = arena_new();
    const struct lp_row_values v = lp_rows_values(&s->run->rows, n, s->col, s->n, scratch);
    for (size_t i = 0; i < n; i++)
        if (v.start[i + 1] > v.start[i])
            glp_set_mat_row(s->glpk, first + (int)i, (int)(v.start[i + 1] - v.start[i]),
                            v.index + v.start[i] - 1, v.value + v.start[i] - 1);
    arena_free(scratch);
}

/* Rows that the columns let in so far may break. */
static void load_rows(struct glpk_session *s)
{
    const struct lp *lp = s->run->lp;
    const size_t n = lp_rows_add(&s->run->rows);
    if (n == 0) return;
    const int first = glp_add_rows(s->glpk, (int)n);
    for (size_t i = 0; i < n; i++) {
        const size_t row = s->run->rows.added[i];
        s->number[row] = ++s->m;
        s->row[s->m] = row;
        glp_set_row_bnds(s->glpk, s->m, bound_type(lp->row_lo[row], lp->row_hi[row]),
                         lp->row_lo[row], lp->row_hi[row]);
    }
    if (s->n > 0) fill_rows(s, first, n);
}

/* As many basic ones as rows: programs that differ a little lose some or have new ones. What does not fit together after all
 * is found when it is factorised, and begins from the slacks. */
static void even_basis(struct glpk_session *s)
{
    int spare = -s->m;
    for (int i = 1; i <= s->m; i++) spare += glp_get_row_stat(s->glpk, i) == GLP_BS;
    for (int j = 1; j <= s->n; j++) spare += glp_get_col_stat(s->glpk, j) == GLP_BS;
    for (int j = s->n; j > 0 && spare > 0; j--) {
        if (glp_get_col_stat(s->glpk, j) != GLP_BS) continue;
        glp_set_col_stat(s->glpk, j, GLP_NL);
        spare--;
    }
    for (int i = s->m; i > 0 && spare < 0; i--) {
        if (glp_get_row_stat(s->glpk, i) == GLP_BS) continue;
        glp_set_row_stat(s->glpk, i, GLP_BS);
        spare++;
    }
}

/* A basis that was found before; rows and columns that are new are basic and at 0. */
static void load_basis(struct glpk_session *s)
{
    const struct lp_basis *b = &s->run->basis;
    for (int i = 1; i <= s->m; i++)
        glp_set_row_stat(s->glpk, i, b->row[s->row[i]] ? b->row[s->row[i]] : GLP_BS);
    for (int j = 1; j <= s->n; j++)
        glp_set_col_stat(s->glpk, j, b->col[s->col[j]] ? b->col[s->col[j]] : GLP_NL);
    even_basis(s);
}

static void save_basis(struct glpk_session *s)
{
    struct lp_basis *b = &s->run->basis;
    for (int i = 1; i <= s->m; i++) b->row[s->row[i]] = (unsigned char)glp_get_row_stat(s->glpk, i);
    for (int j = 1; j <= s->n; j++) b->col[s->col[j]] = (unsigned char)glp_get_col_stat(s->glpk, j);
}

static void load(struct glpk_session *s)
{
    const struct lp *lp = s->run->lp;
    s->glpk = glp_create_prob();
    for (size_t col = 0; col < lp->n_cols; col++)
        if (s->run->pricing.in[col]) lp_rows_note(&s->run->rows, col);
    load_rows(s);
    for (size_t col = 0; col < lp->n_cols; col++)
        if (s->run->pricing.in[col]) load_col(s, col);
    if (s->run->warm) load_basis(s);
}

/* --- simplex --- */

static int limit_ms(double deadline)
{
    const double left_ms = (deadline - lp_clock()) * 1000;
    if (left_ms >= (double)(INT_MAX - 1)) return INT_MAX;
    return left_ms > 1 ? (int)left_ms : 1;
}

static glp_smcp simplex_settings(const struct lp_run *run, int method, double tolerance)
{
    glp_smcp parm;
    glp_init_smcp(&parm);
    parm.msg_lev = GLP_MSG_ALL;
    parm.out_frq = WORDS_MS;
    parm.meth = method;
    parm.presolve = GLP_OFF;
    parm.tol_bnd = run->settings->feasibility * tolerance;
    parm.tol_dj = run->settings->optimality * tolerance;
    parm.tol_piv = run->settings->pivot;
    if (run->method == METHOD_TEXTBOOK) {
        parm.pricing = GLP_PT_STD;
        parm.r_test = GLP_RT_STD;
    }
    return parm;
}

/* Adds pivots since `before` to the run. */
static void count_pivots(struct glpk_session *s, int before)
{
    s->run->iterations += glp_get_it_cnt(s->glpk) - before;
}

/* Runs simplex to its end or to a limit. RUN_OPTIMAL, RUN_INFEASIBLE, RUN_LIMIT or RUN_FAILED. */
static enum lp_end simplex(struct glpk_session *s, int method, double tolerance)
{
    struct lp_run *run = s->run;
    glp_smcp parm = simplex_settings(run, method, tolerance);
    bool repaired = false;
    for (;;) {
        if (lp_stopped(run->settings)) return RUN_STOPPED;
        if (lp_clock() >= run->deadline || run->iterations >= run->iteration_limit)
            return RUN_LIMIT;
        const long left = run->iteration_limit - run->iterations;
        parm.it_lim = left < SLICE ? (int)left : SLICE;
        parm.tm_lim = limit_ms(run->deadline);
        const int before = glp_get_it_cnt(s->glpk);
        const int answer = glp_simplex(s->glpk, &parm);
        count_pivots(s, before);
        if (answer == GLP_EITLIM || answer == GLP_ETMLIM) {
            glpk_save_solution(s);
            continue;
        }
        if (answer != 0) {
            if (repaired) return RUN_FAILED;
            repaired = true; /* a basis that cannot be factorised: once more from the slacks */
            glp_std_basis(s->glpk);
            continue;
        }
        if (glp_get_status(s->glpk) == GLP_OPT) return RUN_OPTIMAL;
        if (glp_get_prim_stat(s->glpk) != GLP_NOFEAS) return RUN_FAILED;
        if (parm.meth == GLP_PRIMAL) return RUN_INFEASIBLE;
        parm.meth =
            GLP_PRIMAL; /* ends where the sum of violations is least: that basis holds the proof */
    }
}

/* --- column generation --- */

static size_t let_in(struct glpk_session *s, bool proving)
{
    struct lp_run *run = s->run;
    if (run->pricing.n_out == 0) return 0;
    const double tolerance = run->settings->optimality * PRICING_SHARE;
    if (!proving) lp_rows_price(&run->rows, run->pricing.in, run->y, s->arena);
    size_t batch = run->settings->lazy_batch;
    if (batch == 0) batch = run->rows.n_in > LEAST_BATCH ? run->rows.n_in : LEAST_BATCH;
    const size_t n = lp_price_columns(&run->pricing, run->y, proving, tolerance, batch);
    for (size_t i = 0; i < n; i++) lp_rows_note(&run->rows, run->pricing.chosen[i]);
    load_rows(s);
    for (size_t i = 0; i < n; i++) load_col(s, run->pricing.chosen[i]);
    return n;
}

static bool is_certain(const struct lp_run *run)
{
    const struct lp *lp = run->lp;
    if (lp_violation(lp, run->x) > run->settings->feasibility) return false;
    const double gap = lp_gap(lp, run->x, lp_objective(lp, run->x), lp_dual_bound(lp, run->y));
    return gap <= run->settings->optimality;
}

/* A basis that was found before is optimal but for what has changed: sides and bounds leave it feasible for the dual, costs
 * for the primal simplex. */
static int warm_method(const struct glpk_session *s)
{
    const bool fits = glp_warm_up(s->glpk) == 0;
    return fits && glp_get_prim_stat(s->glpk) == GLP_FEAS ? GLP_PRIMAL : GLP_DUALP;
}

static int first_method(const struct glpk_session *s)
{
    const struct lp_run *run = s->run;
    if (run->warm) return warm_method(s);
    if (run->method == METHOD_DUAL) return GLP_DUALP;
    if (run->method == METHOD_AUTO && run->pricing.n_out == 0 && lp_is_dual_feasible(run->lp))
        return GLP_DUALP;
    return GLP_PRIMAL;
}

/* Simplex, pricing, simplex ... until no column outside helps and the bound meets the optimum. */
static enum lp_end run_rounds(struct glpk_session *s)
{
    struct lp_run *run = s->run;
    const double tightest = run->tolerance * TIGHTER * TIGHTER;
    double tolerance = run->tolerance;
    int method = first_method(s);
    for (;;) {
        run->rounds++;
        const enum lp_end end = simplex(s, method, tolerance);
        if (tolerance < run->tolerance && (end == RUN_INFEASIBLE || end == RUN_FAILED))
            return RUN_OPTIMAL; /* what was found before stands; the caller judges it */
        method = GLP_PRIMAL;    /* columns were added: the basis stays feasible, not optimal */
        if (end == RUN_INFEASIBLE) {
            run->has_y = false;
            glpk_read_proof(s);
            if (let_in(s, true) == 0) return RUN_INFEASIBLE;
            continue;
        }
        if (end != RUN_OPTIMAL) return end;
        glpk_read_solution(s);
        if (let_in(s, false) > 0) continue;
        if (is_certain(run) || tolerance <= tightest) return RUN_OPTIMAL;
        tolerance *= TIGHTER;
    }
}

/* --- branch and bound --- */

static void on_node(glp_tree *tree, void *context)
{
    struct glpk_session *s = context;
    struct lp_run *run = s->run;
    glp_prob *node = glp_ios_get_prob(tree);
    if (glp_ios_reason(tree) == GLP_IBINGO) {
        for (int j = 1; j <= s->n; j++) run->whole_x[s->col[j]] = glp_get_col_prim(node, j);
        run->has_whole = true;
    }
    const int best = glp_ios_best_node(tree);
    if (best > 0) {
        run->tree_bound = glp_ios_node_bound(tree, best);
        run->has_tree_bound = true;
    }
    int n_nodes;
    glp_ios_tree_size(tree, NULL, NULL, &n_nodes);
    const long pivots = run->iterations + glp_get_it_cnt(node) + (long)n_nodes * NODE_PIVOTS;
    if (lp_stopped(run->settings) || pivots >= run->iteration_limit) glp_ios_terminate(tree);
}

static void run_tree(struct glpk_session *s)
{
    struct lp_run *run = s->run;
    const struct lp *lp = run->lp;
    for (int j = 1; j <= s->n; j++)
        if (lp->integer[s->col[j]]) glp_set_col_kind(s->glpk, j, GLP_IV);
    glp_iocp parm;
    glp_init_iocp(&parm);
    parm.msg_lev = GLP_MSG_ALL;
    parm.out_frq = WORDS_MS;
    parm.presolve = GLP_OFF;
    parm.tol_int = run->settings->feasibility;
    parm.tol_obj = run->settings->optimality;
    parm.mip_gap = run->settings->mip_gap;
    parm.tm_lim = limit_ms(run->deadline);
    parm.cb_func = on_node;
    parm.cb_info = s;
    const int answer = glp_intopt(s->glpk, &parm);
    const int state = glp_mip_status(s->glpk);
    if (state == GLP_OPT || state == GLP_FEAS) {
        for (int j = 1; j <= s->n; j++) run->whole_x[s->col[j]] = glp_mip_col_val(s->glpk, j);
        run->has_whole = true;
    }
    run->is_tree_done = answer == 0 && (state == GLP_OPT || state == GLP_NOFEAS);
    if (answer == 0 &&
        state == GLP_OPT) { /* the tree is used up: what was cut off lies within tol_obj */
        const double value = glp_mip_obj_val(s->glpk);
        run->tree_bound = value - parm.tol_obj * (1 + fabs(value));
        run->has_tree_bound = true;
    }
}

/* --- one run --- */

/* Further answers with other bounds of a column: the basis stays feasible for the dual. */
static void run_on(struct glpk_session *s)
{
    struct lp_run *run = s->run;
    for (size_t col; (col = run->next(run, run->context)) != SIZE_MAX;) {
        const double lo = run->lp->col_lo[col], hi = run->lp->col_hi[col];
        int number = 1;
        while (s->col[number] != col) number++;
        glp_set_col_bnds(s->glpk, number, bound_type(lo, hi), lo, hi);
        run->has_x = run->has_y = false;
        run->method = METHOD_DUAL;
        run->end = run_rounds(s);
    }
}

static void run_all(struct glpk_session *s)
{
    struct lp_run *run = s->run;
    load(s);
    run->end = run_rounds(s);
    if (run->basis.row) save_basis(s);
    if (run->next) run_on(s);
    if (run->end == RUN_OPTIMAL && run->branch) run_tree(s);
    glp_delete_prob(s->glpk);
}

/* Locals that change between setjmp and longjmp would be undefined: everything lives behind `s`. */
static void run_guarded(struct glpk_session *s)
{
    if (setjmp(s->guard.back)) { /* GLPK is gone, with all it held */
        s->run->end = s->guard.stopped ? RUN_STOPPED : RUN_FAILED;
        if (strstr(s->run->note, "memory")) s->run->end = RUN_MEMORY;
        return;
    }
    glp_error_hook(on_error, &s->guard);
    glp_term_hook(on_words, &s->guard);
    if (s->run->settings->memory_mib > 0)
        glp_mem_limit((int)fmin((double)s->run->settings->memory_mib, 2e9));
    run_all(s);
    glp_free_env();
}

void lp_run_new(struct lp_run *run, const struct lp *scaled, const struct lp_settings *settings,
                struct arena *a)
{
    *run = (struct lp_run){
        .lp = scaled,
        .settings = settings,
        .tolerance = 1,
        .deadline = INFINITY,
        .iteration_limit = LONG_MAX,
        .x = ARENA_NEW(a, double, scaled->n_cols + 1),
        .y = ARENA_NEW(a, double, scaled->n_rows + 1),
        .whole_x = ARENA_NEW(a, double, scaled->n_cols + 1),
    };
}

void lp_glpk(struct lp_run *run, struct arena *a)
{
    const size_t m = run->lp->n_rows, n = run->lp->n_cols;
    const unsigned char *rows_in = NULL;
    lp_pricing_start(&run->pricing, run->lp, run->lazily, a);
    if (run->warm) {
        lp_pricing_begin(&run->pricing, run->basis.col);
        rows_in = run->basis.row;
    }
    lp_rows_start(&run->rows, run->lp, run->settings->few_rows, rows_in, a);
    run->pricing.rows = &run->rows;
    struct glpk_session *s = ARENA_NEW(a, struct glpk_session, 1);
    *s = (struct glpk_session){
        .run = run,
        .arena = a,
        .col = ARENA_NEW(a, size_t, n + 1),
        .row = ARENA_NEW(a, size_t, m + 1),
        .number = ARENA_NEW(a, int, m + 1),
        .index = ARENA_NEW(a, int, m + 1),
        .value = ARENA_NEW(a, double, m + 1),
        .rhs = ARENA_NEW(a, double, m + 1),
        .activity = ARENA_NEW(a, double, m + 1),
        .guard = {.settings = run->settings, .note = run->note, .note_size = sizeof run->note},
    };
    if (glp_init_env() == 2) { /* the one failure that no hook can catch */
        run->end = RUN_MEMORY;
        return;
    }
    run_guarded(s);
    run->has_x = run->has_x && lp_are_finite(run->x, n);
    run->has_y = run->has_y && lp_are_finite(run->y, m);
    run->has_whole = run->has_whole && lp_are_finite(run->whole_x, n);
    if (run->end == RUN_INFEASIBLE && !lp_are_finite(run->y, m)) run->end = RUN_FAILED;
    if (run->end == RUN_OPTIMAL && !(run->has_x && run->has_y)) run->end = RUN_FAILED;
}
