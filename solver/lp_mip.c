/* Whole numbers: the relaxation (proven), branch and bound by GLPK, dives where that finds nothing in time, and at the
 * end the integers fixed and the rest solved again, so that x is feasible to the last digit and duals mean something. */
#include "solver/lp_internal.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Share of the time left that branch and bound may use; the rest is for dives and the last solve. */
#define TREE_SHARE 0.7
/* A value this close to a whole number is one: far above the 1e-9 of the simplex, far below any share of a machine. */
#define WHOLE 1e-6
/* GLPK drops nodes within the optimality tolerance of the best, and the costs are then divided by the money moved: a
 * search to the end counts as optimal up to this many tolerances. */
#define MIP_ROUNDING 10
/* A dive fixes this share of the loose integers at a time. */
#define DIVE_SHARE 0.25
/* From which fraction on a dive rounds up. No single value is good everywhere, so the best of several counts. */
static const double DIVE_THRESHOLDS[] = {0.5, 0.3, 0.7, 0.1};
enum { N_DIVES = sizeof DIVE_THRESHOLDS / sizeof *DIVE_THRESHOLDS };

struct mip {
    const struct lp *lp;
    struct lp_settings settings; /* of the solves below: time and stop as for the whole */
    double deadline;
    struct arena *arena, *scratch;
    struct lp fixed;       /* the program with bounds of its own */
    struct lp_result best; /* x == NULL: none yet */
    long iterations;       /* of all solves */
};

static bool is_whole(double value)
{
    return fabs(value - nearbyint(value)) <= WHOLE;
}

static bool are_whole(const struct lp *lp, const double *x)
{
    for (size_t col = 0; col < lp->n_cols; col++)
        if (lp->integer[col] && !is_whole(x[col])) return false;
    return true;
}

static void free_bounds(struct mip *m)
{
    memcpy(m->fixed.col_lo, m->lp->col_lo, m->lp->n_cols * sizeof(double));
    memcpy(m->fixed.col_hi, m->lp->col_hi, m->lp->n_cols * sizeof(double));
}

static void fix_col(struct mip *m, size_t col, double value)
{
    const double most = floor(m->lp->col_hi[col]), least = ceil(m->lp->col_lo[col]);
    const double inside = value > most ? most : value;
    m->fixed.col_lo[col] = m->fixed.col_hi[col] = inside < least ? least : inside;
}

static bool is_over(const struct mip *m)
{
    return lp_stopped(&m->settings) || lp_clock() >= m->deadline;
}

/* Solves the program with the bounds in m->fixed. */
static enum err solve_fixed(struct lp_result *out, struct mip *m, struct arena *a, struct diag *d)
{
    struct lp_settings settings = m->settings;
    if (isfinite(m->deadline)) settings.time_limit_s = fmax(m->deadline - lp_clock(), 1e-3);
    TRY(lp_solve(out, &m->fixed, &settings, a, d));
    m->iterations += out->iterations;
    return OK;
}

/* Fixes the integers at the whole numbers nearest to x and keeps the solution when it is the best so far. */
static enum err finish(struct mip *m, const double *x, struct diag *d)
{
    free_bounds(m);
    for (size_t col = 0; col < m->lp->n_cols; col++)
        if (m->lp->integer[col]) fix_col(m, col, nearbyint(x[col]));
    struct lp_result r;
    TRY(solve_fixed(&r, m, m->arena, d));
    if (r.x && r.status != LP_INFEASIBLE && (!m->best.x || r.objective < m->best.objective))
        m->best = r;
    return OK;
}

/* --- dives --- */

struct loose {
    size_t col;
    double distance; /* to the nearest whole number */
};

static int by_distance(const void *left, const void *right)
{
    const struct loose *a = left, *b = right;
    if (a->distance != b->distance) return a->distance < b->distance ? -1 : 1;
    return (a->col > b->col) - (a->col < b->col);
}

static size_t find_loose(struct loose *loose, const struct mip *m, const double *x)
{
    size_t n = 0;
    for (size_t col = 0; col < m->lp->n_cols; col++) {
        if (!m->lp->integer[col] || m->fixed.col_lo[col] == m->fixed.col_hi[col]) continue;
        loose[n++] = (struct loose){col, fabs(x[col] - nearbyint(x[col]))};
    }
    qsort(loose, n, sizeof *loose, by_distance);
    return n;
}

/* One step: the most integral columns rounded by `threshold`, or all up where that leaves no solution. NULL: neither. */
static enum err dive_step(const double **next, struct mip *m, const double *x, double threshold,
                          struct diag *d)
{
    struct loose *loose = ARENA_NEW(m->scratch, struct loose, m->lp->n_cols + 1);
    const size_t n = find_loose(loose, m, x);
    const size_t n_fixed = (size_t)ceil((double)n * DIVE_SHARE);
    *next = NULL;
    for (int up = 0; up <= 1; up++) {
        for (size_t i = 0; i < n_fixed; i++) {
            const double value = x[loose[i].col];
            const double low = floor(value + WHOLE);
            const double limit = up ? WHOLE : threshold;
            fix_col(m, loose[i].col, value - low >= limit ? low + 1 : low);
        }
        struct lp_result r;
        TRY(solve_fixed(&r, m, m->scratch, d));
        *next = r.x;
        if (r.x || is_over(m)) return OK;
    }
    return OK;
}

static enum err dive(struct mip *m, const double *x, double threshold, struct diag *d)
{
    free_bounds(m);
    while (x && !are_whole(m->lp, x)) {
        if (is_over(m)) return OK;
        TRY(dive_step(&x, m, x, threshold, d));
    }
    return x ? finish(m, x, d) : OK;
}

/* --- branch and bound --- */

struct tree {
    const double *x; /* unscaled; NULL: nothing found */
    double bound;    /* -INFINITY: none that holds for all columns */
    bool is_cut_off;
    bool has_left_out; /* columns */
};

static void grow_tree(struct tree *tree, struct mip *m, bool lazily)
{
    struct lp_scaled scaled;
    struct lp_run run;
    lp_scale(&scaled, m->lp, SCALING_GEOMETRIC, true, m->scratch);
    lp_run_new(&run, &scaled.lp, &m->settings, m->scratch);
    run.lazily = lazily;
    run.branch = true;
    if (isfinite(m->deadline)) run.deadline = lp_clock() + TREE_SHARE * (m->deadline - lp_clock());
    if (m->settings.iteration_limit > 0) run.iteration_limit = m->settings.iteration_limit;
    lp_glpk(&run, m->scratch);
    m->iterations += run.iterations;
    *tree = (struct tree){
        .bound = -INFINITY, .is_cut_off = !run.is_tree_done, .has_left_out = run.pricing.n_out > 0};
    if (run.has_tree_bound && !tree->has_left_out)
        tree->bound = run.tree_bound / scaled.cost_scale + m->lp->constant;
    if (!run.has_whole) return;
    double *x = ARENA_NEW(m->scratch, double, m->lp->n_cols + 1);
    lp_unscale_x(x, &scaled, run.whole_x);
    tree->x = x;
}

static bool is_enough(const struct mip *m, double bound)
{
    if (!m->best.x) return false;
    const double gap = lp_gap(m->lp, m->best.x, m->best.objective, fmin(bound, m->best.objective));
    return gap <= fmax(m->settings.mip_gap, MIP_ROUNDING * m->settings.optimality);
}

/* A tree of the columns that the relaxation needed; where that does not settle it, one of all columns. */
static enum err search(struct mip *m, const struct lp_result *relaxed, double *bound,
                       struct diag *d)
{
    struct tree tree = {0};
    if (are_whole(m->lp, relaxed->x)) TRY(finish(m, relaxed->x, d));
    for (int lazily = 1; lazily >= 0 && !is_enough(m, *bound) && !tree.is_cut_off; lazily--) {
        if (!lazily && !tree.has_left_out) break;
        grow_tree(&tree, m, lazily);
        *bound = fmax(*bound, tree.bound);
        if (tree.x) TRY(finish(m, tree.x, d));
    }
    if (m->best.x || !tree.is_cut_off) return OK;
    for (size_t i = 0; i < N_DIVES && !is_over(m); i++)
        TRY(dive(m, relaxed->x, DIVE_THRESHOLDS[i], d));
    return OK;
}

static void fill_result(struct lp_result *out, const struct mip *m, const struct lp_result *relaxed,
                        double bound)
{
    if (!m->best.x) {
        *out = *relaxed;
        out->status = LP_LIMIT;
        out->objective = INFINITY;
        out->x = NULL;
        out->bound = bound;
        out->note = NULL;
        return;
    }
    *out = m->best;
    out->bound = fmin(bound, out->objective);
    out->status = is_enough(m, bound) ? LP_OPTIMAL : LP_FEASIBLE;
    out->rounds += relaxed->rounds;
}

enum err lp_solve_mip(struct lp_result *out, const struct lp *lp,
                      const struct lp_settings *settings, struct arena *a, struct diag *d)
{
    TRY(lp_check(lp, d));
    struct lp_result relaxed;
    const double deadline = lp_deadline(settings);
    TRY(lp_solve(&relaxed, lp, settings, a, d));
    if (!relaxed.x) {
        *out = relaxed;
        return OK;
    }
    struct mip m = {
        .lp = lp,
        .settings = *settings,
        .deadline = deadline,
        .arena = a,
        .scratch = arena_new(),
        .fixed = *lp,
        .iterations = relaxed.iterations,
    };
    m.fixed.col_lo = ARENA_NEW(m.scratch, double, lp->n_cols + 1);
    m.fixed.col_hi = ARENA_NEW(m.scratch, double, lp->n_cols + 1);
    double bound = relaxed.bound;
    const enum err e = search(&m, &relaxed, &bound, d);
    if (e == OK) {
        fill_result(out, &m, &relaxed, bound);
        out->iterations = m.iterations;
    }
    arena_free(m.scratch);
    return e;
}
