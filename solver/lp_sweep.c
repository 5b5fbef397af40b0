/* The optimum as a function of one column: a fixed column only moves right-hand sides, so the basis of the last value stays
 * feasible for the dual and few pivots lead to the next. Every answer is proven on the data as given, like those of lp_solve. */
#include "solver/lp_internal.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* One call of lp_sweep. */
struct sweeping {
    struct lp raw; /* the program, with bounds of its own */
    struct lp_scaled scaled;
    const struct lp_settings *settings;
    size_t col, n, at; /* at: the value in hand */
    const double *values;
    struct lp_point *out;
    bool *proven, started; /* started: the first value is fixed */
    double *x, *y;
    long iterations; /* before the value in hand */
};

static void bound(struct sweeping *s, double lo, double hi)
{
    const double unit = s->scaled.col_scale[s->col];
    s->raw.col_lo[s->col] = lo;
    s->raw.col_hi[s->col] = hi;
    s->scaled.lp.col_lo[s->col] = lo / unit;
    s->scaled.lp.col_hi[s->col] = hi / unit;
}

static void fix(struct sweeping *s, double value)
{
    bound(s, value, value);
}

static void bound_all(struct sweeping *s)
{
    double least = s->values[0], most = s->values[0];
    for (size_t i = 1; i < s->n; i++) {
        least = fmin(least, s->values[i]);
        most = fmax(most, s->values[i]);
    }
    bound(s, least, most);
}

static void judge_infeasible(struct sweeping *s, const struct lp_run *run)
{
    lp_unscale_farkas(s->y, &s->scaled, run->y);
    if (!(lp_farkas_value(&s->raw, s->y) > LP_PROOF_MARGIN)) return;
    s->out[s->at] = (struct lp_point){LP_INFEASIBLE, INFINITY, INFINITY, 0};
    s->proven[s->at] = true;
}

static void judge_optimal(struct sweeping *s, const struct lp_run *run)
{
    lp_unscale_x(s->x, &s->scaled, run->x);
    lp_unscale_dual(s->y, &s->scaled, run->y);
    const double objective = lp_objective(&s->raw, s->x), bound = lp_dual_bound(&s->raw, s->y);
    if (!(lp_violation(&s->raw, s->x) <= s->settings->feasibility)) return;
    if (!(lp_gap(&s->raw, s->x, objective, bound) <= s->settings->optimality)) return;
    s->out[s->at] = (struct lp_point){LP_OPTIMAL, objective, bound, 0};
    s->proven[s->at] = true;
}

static void judge(struct sweeping *s, const struct lp_run *run)
{
    if (run->end == RUN_INFEASIBLE) judge_infeasible(s, run);
    if (run->end == RUN_OPTIMAL && run->has_x && run->has_y) judge_optimal(s, run);
    s->out[s->at].iterations = run->iterations - s->iterations;
    s->iterations = run->iterations;
}

/* The first answer is that of the column between the least and the greatest value, which no row left out by then minds. */
static size_t next_value(struct lp_run *run, void *context)
{
    struct sweeping *s = context;
    const bool first = !s->started;
    if (first) s->iterations = run->iterations;
    if (!first) judge(s, run);
    if (run->end == RUN_STOPPED || run->end == RUN_LIMIT) return SIZE_MAX;
    if (!first) s->at++;
    s->started = true;
    if (s->at == s->n) return SIZE_MAX;
    fix(s, s->values[s->at]);
    return s->col;
}

static void run_warm(struct sweeping *s, struct arena *scratch)
{
    struct lp_run run;
    lp_run_new(&run, &s->scaled.lp, s->settings, scratch);
    run.lazily = true;
    run.deadline = lp_deadline(s->settings);
    run.iteration_limit =
        s->settings->iteration_limit > 0 ? s->settings->iteration_limit : LONG_MAX;
    run.next = next_value;
    run.context = s;
    lp_glpk(&run, scratch);
}

static enum err solve_cold(struct sweeping *s, size_t i, struct arena *a, struct diag *d)
{
    struct lp_result result;
    fix(s, s->values[i]);
    TRY(lp_solve(&result, &s->raw, s->settings, a, d));
    s->out[i] = (struct lp_point){result.status, result.objective, result.bound,
                                  s->out[i].iterations + result.iterations};
    return OK;
}

/* Bounds of its own, and the column in the program from the first. */
static void own_bounds(struct sweeping *s, const struct lp *lp, struct arena *a)
{
    s->raw = *lp;
    s->raw.col_lo = ARENA_NEW(a, double, lp->n_cols);
    s->raw.col_hi = ARENA_NEW(a, double, lp->n_cols);
    memcpy(s->raw.col_lo, lp->col_lo, lp->n_cols * sizeof *lp->col_lo);
    memcpy(s->raw.col_hi, lp->col_hi, lp->n_cols * sizeof *lp->col_hi);
    if (!lp->lazy) return;
    s->raw.lazy = ARENA_NEW(a, bool, lp->n_cols);
    memcpy(s->raw.lazy, lp->lazy, lp->n_cols * sizeof *lp->lazy);
    s->raw.lazy[s->col] = false;
}

enum err lp_sweep(struct lp_point *out, const struct lp *lp, const struct lp_axis *axis,
                  const struct lp_settings *settings, struct arena *a, struct diag *d)
{
    const size_t n = axis->n;
    TRY(lp_check(lp, d));
    memset(out, 0, n * sizeof *out);
    if (n == 0) return OK;
    struct arena *scratch = arena_new();
    struct sweeping s = {.settings = settings,
                         .col = axis->col,
                         .n = n,
                         .values = axis->values,
                         .out = out,
                         .proven = ARENA_NEW(scratch, bool, n),
                         .x = ARENA_NEW(scratch, double, lp->n_cols + 1),
                         .y = ARENA_NEW(scratch, double, lp->n_rows + 1)};
    own_bounds(&s, lp, scratch);
    lp_scale(&s.scaled, &s.raw, SCALING_GEOMETRIC, false, scratch);
    bound_all(&s);
    run_warm(&s, scratch);
    enum err e = OK;
    for (size_t i = 0; i < n && e == OK && !lp_stopped(settings); i++)
        if (!s.proven[i]) e = solve_cold(&s, i, a, d);
    arena_free(scratch);
    return e;
}
