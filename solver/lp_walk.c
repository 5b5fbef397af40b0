/* The optimum as a function of several columns, one at a time and the others fixed at home: each value from the basis of the
 * last by the dual simplex. Every answer is proven on the data as given, like those of lp_solve. */
#include "solver/lp_internal.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

struct walking {
    struct lp raw; /* the program, with bounds of its own */
    struct lp_scaled scaled;
    const struct lp_settings *settings;
    lp_next_stop *next;
    void *context;
    struct lp_stop here; /* col SIZE_MAX: at home */
    double home;         /* of here.col */
    struct lp_stop goal; /* after the way home; col SIZE_MAX: none */
    double *x, *y;
    bool lost; /* an answer was not proven */
};

static void fix(struct walking *w, size_t col, double value)
{
    const double unit = w->scaled.col_scale[col];
    w->raw.col_lo[col] = w->raw.col_hi[col] = value;
    w->scaled.lp.col_lo[col] = w->scaled.lp.col_hi[col] = value / unit;
}

static double slope_of(const struct walking *w, const double *y)
{
    return w->here.col == SIZE_MAX ? 0 : lp_reduced_cost(&w->raw, w->here.col, y);
}

static struct lp_view view_infeasible(struct walking *w, const struct lp_run *run)
{
    lp_unscale_farkas(w->y, &w->scaled, run->y);
    const bool proven = lp_farkas_value(&w->raw, w->y) > LP_PROOF_MARGIN;
    return (struct lp_view){
        .status = proven ? LP_INFEASIBLE : LP_LIMIT, .objective = INFINITY, .dual = w->y};
}

static struct lp_view view_optimal(struct walking *w, const struct lp_run *run)
{
    lp_unscale_x(w->x, &w->scaled, run->x);
    lp_unscale_dual(w->y, &w->scaled, run->y);
    const double objective = lp_objective(&w->raw, w->x), bound = lp_dual_bound(&w->raw, w->y);
    const bool proven = lp_violation(&w->raw, w->x) <= w->settings->feasibility &&
                        lp_gap(&w->raw, w->x, objective, bound) <= w->settings->optimality;
    return (struct lp_view){.status = proven ? LP_OPTIMAL : LP_LIMIT,
                            .objective = objective,
                            .slope = slope_of(w, w->y),
                            .x = w->x,
                            .dual = w->y};
}

static struct lp_view view(struct walking *w, const struct lp_run *run)
{
    if (run->end == RUN_INFEASIBLE) return view_infeasible(w, run);
    if (run->end == RUN_OPTIMAL && run->has_x && run->has_y) return view_optimal(w, run);
    return (struct lp_view){.status = LP_LIMIT};
}

/* To the stop, by way of home where another column was visited last. */
static size_t set_out(struct walking *w, struct lp_stop stop)
{
    const bool away = w->here.col != SIZE_MAX && w->here.value != w->home;
    if (away && w->here.col != stop.col) {
        const size_t col = w->here.col;
        fix(w, col, w->home);
        w->goal = stop;
        w->here.col = SIZE_MAX;
        return col;
    }
    if (w->here.col != stop.col) w->home = w->raw.col_lo[stop.col];
    w->goal.col = SIZE_MAX;
    w->here = stop;
    fix(w, stop.col, stop.value);
    return stop.col;
}

static size_t next_stop(struct lp_run *run, void *context)
{
    struct walking *w = context;
    if (run->end == RUN_STOPPED || run->end == RUN_LIMIT) {
        w->lost = true;
        return SIZE_MAX;
    }
    if (w->goal.col != SIZE_MAX) return set_out(w, w->goal);
    const struct lp_view seen = view(w, run);
    w->lost = w->lost || seen.status == LP_LIMIT;
    struct lp_stop stop;
    if (w->lost || !w->next(&stop, &seen, w->context)) return SIZE_MAX;
    return set_out(w, stop);
}

static void own_bounds(struct walking *w, const struct lp *lp, struct arena *a)
{
    w->raw = *lp;
    w->raw.col_lo = ARENA_NEW(a, double, lp->n_cols + 1);
    w->raw.col_hi = ARENA_NEW(a, double, lp->n_cols + 1);
    memcpy(w->raw.col_lo, lp->col_lo, lp->n_cols * sizeof *lp->col_lo);
    memcpy(w->raw.col_hi, lp->col_hi, lp->n_cols * sizeof *lp->col_hi);
}

enum err lp_walk(bool *whole, const struct lp *lp, lp_next_stop *next, void *context,
                 const struct lp_settings *settings, struct diag *d)
{
    TRY(lp_check(lp, d));
    struct arena *scratch = arena_new();
    struct lp_settings own = *settings;
    own.few_rows = SIZE_MAX; /* a row that nothing breaks at home may be broken on the way */
    struct walking w = {.settings = &own,
                        .next = next,
                        .context = context,
                        .here = {SIZE_MAX, 0},
                        .goal = {SIZE_MAX, 0},
                        .x = ARENA_NEW(scratch, double, lp->n_cols + 1),
                        .y = ARENA_NEW(scratch, double, lp->n_rows + 1)};
    own_bounds(&w, lp, scratch);
    lp_scale(&w.scaled, &w.raw, SCALING_GEOMETRIC, false, scratch);
    struct lp_run run;
    lp_run_new(&run, &w.scaled.lp, &own, scratch);
    run.lazily = true;
    run.deadline = lp_deadline(settings);
    run.iteration_limit = settings->iteration_limit > 0 ? settings->iteration_limit : LONG_MAX;
    run.next = next_stop;
    run.context = &w;
    lp_glpk(&run, scratch);
    *whole = !w.lost && run.end != RUN_FAILED && run.end != RUN_MEMORY;
    arena_free(scratch);
    return OK;
}

/* Solves at a stop and asks where to go next; false: nowhere. */
static bool step(struct walking *w, struct lp_stop *stop, const struct lp_basis *from, enum err *e,
                 struct diag *d)
{
    struct arena *scratch = arena_new();
    struct lp_result r;
    double home = 0;
    if (stop->col != SIZE_MAX) {
        home = w->raw.col_lo[stop->col];
        w->raw.col_lo[stop->col] = w->raw.col_hi[stop->col] = stop->value;
    }
    *e = lp_solve_from(&r, &w->raw, w->settings, from, scratch, d);
    w->here = *stop;
    const bool is_known = *e == OK && (r.status == LP_OPTIMAL || r.status == LP_INFEASIBLE);
    bool more = false;
    if (is_known) {
        const struct lp_view seen = {.status = r.status,
                                     .objective = r.objective,
                                     .slope = slope_of(w, r.row_dual),
                                     .x = r.x,
                                     .dual = r.row_dual,
                                     .iterations = r.iterations};
        if (stop->col != SIZE_MAX) w->raw.col_lo[stop->col] = w->raw.col_hi[stop->col] = home;
        more = w->next(stop, &seen, w->context);
    }
    w->lost = w->lost || !is_known;
    arena_free(scratch);
    return more;
}

enum err lp_walk_each(bool *whole, const struct lp *lp, const struct lp_guide *guide,
                      const struct lp_settings *settings, struct diag *d)
{
    TRY(lp_check(lp, d));
    struct arena *scratch = arena_new();
    struct walking w = {.settings = settings, .next = guide->next, .context = guide->context};
    own_bounds(&w, lp, scratch);
    struct lp_stop stop = {SIZE_MAX, 0};
    enum err e = OK;
    while (step(&w, &stop, guide->from, &e, d) && !lp_stopped(settings)) continue;
    *whole = !w.lost;
    arena_free(scratch);
    return e;
}
