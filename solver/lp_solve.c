/* Solving the relaxation: scaled runs of GLPK, one after the other with more careful settings, until one gives an
 * answer that is proven on the data as given. GLPK's own word for "optimal" or "infeasible" is never enough. */
#include "solver/lp_internal.h"

#include <limits.h>
#include <math.h>
#include <string.h>
#include <time.h>

const struct lp_settings LP_SETTINGS = {
    .feasibility = 1e-9,
    .optimality = 1e-9,
    .pivot = 1e-9,
    .time_limit_s = 0,
    .iteration_limit = 5000000,
    .mip_gap = 1e-4,
    .few_rows = 4000,
    .lazy_batch = 0,
    .memory_mib = 0,
    .stop = NULL,
};

/* Where a failed program is written for a report of the fault. */
#define DUMP_PATH "gpumix-failed.lp"

/* From fast to careful; the first one only where settings->sparse asks for it, or for many rows. Pivots of one attempt are limited: GLPK can circle on numerical trouble. */
struct attempt {
    enum lp_scaling scaling;
    bool lazily;
    enum lp_method method;
    double tolerance;
};
static const struct attempt ATTEMPTS[] = {
    {SCALING_GEOMETRIC, true, METHOD_OWN, 1},   {SCALING_GEOMETRIC, true, METHOD_AUTO, 1},
    {SCALING_GEOMETRIC, false, METHOD_DUAL, 1}, {SCALING_GEOMETRIC, false, METHOD_PRIMAL, 0.01},
    {SCALING_ROWS, false, METHOD_PRIMAL, 1},    {SCALING_NONE, false, METHOD_TEXTBOOK, 100},
};
enum {
    N_ATTEMPTS = sizeof ATTEMPTS / sizeof *ATTEMPTS,
    PIVOTS_PER_LINE = 50,
    LEAST_PIVOTS = 20000
};

double lp_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double lp_deadline(const struct lp_settings *settings)
{
    return settings->time_limit_s > 0 ? lp_clock() + settings->time_limit_s : (double)INFINITY;
}

bool lp_stopped(const struct lp_settings *settings)
{
    return settings->stop && *settings->stop;
}

double lp_gap(const struct lp *lp, const double *x, double objective, double bound)
{
    double moved = fabs(lp->constant);
    for (size_t col = 0; col < lp->n_cols; col++) moved += fabs(lp->cost[col] * x[col]);
    const double difference = fabs(objective - bound);
    return difference > 0 ? difference / moved : 0;
}

/* One call of lp_solve. */
struct solving {
    const struct lp *lp;
    const struct lp_settings *settings;
    double deadline;
    struct arena *arena;
    struct lp_result *out;       /* best so far */
    double *x, *y;               /* of the attempt at hand, unscaled */
    const struct lp_basis *from; /* NULL: none */
    const char *failure;         /* GLPK's words in an attempt that failed */
    bool is_cut_off;             /* a limit or a signal */
};

static double *copy(const double *from, size_t n, struct arena *a)
{
    double *to = ARENA_NEW(a, double, n + 1);
    memcpy(to, from, n * sizeof *to);
    return to;
}

/* A better bound replaces the duals as well: they are its proof. */
static void keep_bound(struct solving *s)
{
    const double bound = lp_dual_bound(s->lp, s->y);
    if (s->out->row_dual && !(bound > s->out->bound)) return;
    s->out->bound = bound;
    if (!s->out->row_dual) s->out->row_dual = ARENA_NEW(s->arena, double, s->lp->n_rows + 1);
    memcpy(s->out->row_dual, s->y, s->lp->n_rows * sizeof *s->y);
}

/* A feasible x that costs less than the one kept. */
static void keep_x(struct solving *s)
{
    if (lp_violation(s->lp, s->x) > s->settings->feasibility) return;
    const double objective = lp_objective(s->lp, s->x);
    if (s->out->x && !(objective < s->out->objective)) return;
    s->out->objective = objective;
    if (!s->out->x) s->out->x = ARENA_NEW(s->arena, double, s->lp->n_cols + 1);
    memcpy(s->out->x, s->x, s->lp->n_cols * sizeof *s->x);
}

/* True when `run` answered the question and the answer is proven. */
static bool judge(struct solving *s, const struct lp_run *run, const struct lp_scaled *scaled)
{
    struct lp_result *out = s->out;
    if (run->end == RUN_INFEASIBLE) {
        lp_unscale_farkas(s->y, scaled, run->y);
        if (!(lp_farkas_value(s->lp, s->y) > LP_PROOF_MARGIN)) return false;
        out->status = LP_INFEASIBLE;
        out->objective = out->bound = INFINITY;
        out->x = NULL;
        out->row_dual = copy(s->y, s->lp->n_rows, s->arena);
        return true;
    }
    if (run->has_x) {
        lp_unscale_x(s->x, scaled, run->x);
        keep_x(s);
    }
    if (run->has_y) {
        lp_unscale_dual(s->y, scaled, run->y);
        keep_bound(s);
    }
    if (!out->x || lp_gap(s->lp, out->x, out->objective, out->bound) > s->settings->optimality)
        return false;
    out->status = LP_OPTIMAL;
    return true;
}

static long attempt_pivots(const struct solving *s)
{
    const long limit = s->settings->iteration_limit > 0 ? s->settings->iteration_limit : LONG_MAX;
    const long left = limit - s->out->iterations;
    const long fair = (long)(s->lp->n_rows + s->lp->n_cols) * PIVOTS_PER_LINE + LEAST_PIVOTS;
    return left < fair ? left : fair;
}

/* GLPK's work per pivot goes with all rows: programs of many begin with our own method. */
static size_t first_attempt(const struct solving *s)
{
    return s->settings->sparse || s->lp->n_rows >= s->settings->few_rows ? 0 : 1;
}

/* Only programs of many rows are worth a basis: the others are solved at once. */
static void begin_basis(struct solving *s, struct lp_run *run, bool is_first)
{
    const struct lp *lp = s->lp;
    if (lp->n_rows < s->settings->few_rows && !s->settings->sparse) return;
    run->basis.row = ARENA_NEW(s->arena, unsigned char, lp->n_rows + 1);
    run->basis.col = ARENA_NEW(s->arena, unsigned char, lp->n_cols + 1);
    run->warm = is_first && s->from && s->from->row;
    if (!run->warm) return;
    memcpy(run->basis.row, s->from->row, lp->n_rows);
    memcpy(run->basis.col, s->from->col, lp->n_cols);
}

/* Attempts share one deadline and one budget of pivots. */
static bool try_once(struct solving *s, const struct attempt *attempt)
{
    struct arena *scratch = arena_new();
    struct lp_scaled scaled;
    struct lp_run run;
    lp_scale(&scaled, s->lp, attempt->scaling, false, scratch);
    lp_run_new(&run, &scaled.lp, s->settings, scratch);
    run.method = attempt->method;
    run.lazily = attempt->lazily;
    run.tolerance = attempt->tolerance;
    run.deadline = s->deadline;
    run.iteration_limit = attempt_pivots(s);
    begin_basis(s, &run, attempt == &ATTEMPTS[first_attempt(s)]);
    if (attempt->method == METHOD_OWN)
        lp_simplex(&run, scratch);
    else
        lp_glpk(&run, scratch);
    s->out->basis = run.basis;
    s->out->iterations += run.iterations;
    s->out->rounds += run.rounds;
    s->out->columns_used = s->lp->n_cols - run.pricing.n_out;
    const bool is_proven = judge(s, &run, &scaled);
    if (!is_proven && *run.note) s->failure = arena_strdup(s->arena, run.note);
    const bool is_spent =
        s->settings->iteration_limit > 0 && s->out->iterations >= s->settings->iteration_limit;
    s->is_cut_off =
        run.end == RUN_STOPPED || run.end == RUN_MEMORY || is_spent || lp_clock() >= s->deadline;
    arena_free(scratch);
    return is_proven;
}

/* Many small blocks are solved one by one; the answer is judged like any other. */
static bool try_blocks(struct solving *s)
{
    if (!lp_blocks(s->x, s->y, s->lp, s->settings)) return false;
    keep_x(s);
    keep_bound(s);
    if (!s->out->x ||
        lp_gap(s->lp, s->out->x, s->out->objective, s->out->bound) > s->settings->optimality)
        return false;
    s->out->columns_used = s->lp->n_cols;
    s->out->status = LP_OPTIMAL;
    return true;
}

static void fill_reduced_costs(struct lp_result *out, const struct lp *lp, struct arena *a)
{
    out->reduced_cost = ARENA_NEW(a, double, lp->n_cols + 1);
    for (size_t col = 0; col < lp->n_cols; col++)
        out->reduced_cost[col] = lp_reduced_cost(lp, col, out->row_dual);
}

/* Prices of 0 are always there: every column at its cheaper bound. */
static void start_result(struct solving *s)
{
    *s->out = (struct lp_result){.status = LP_LIMIT, .objective = INFINITY};
    memset(s->y, 0, s->lp->n_rows * sizeof *s->y);
    keep_bound(s);
}

static enum err report_failure(const struct solving *s, struct diag *d)
{
    struct diag apart = {.arena =
                             s->arena}; /* a dump that fails must not hide the failure itself */
    const enum err dumped = lp_export(s->lp, DUMP_PATH, s->arena, &apart);
    const enum err e =
        diag_error(d, ERR_INTERNAL, (struct place){0},
                   _("the linear program of %zu rows and %zu columns could not be solved: \"%s\""),
                   s->lp->n_rows, s->lp->n_cols, s->failure ? s->failure : "");
    if (dumped == OK)
        diag_fix(d, _("report it with the file %s, which holds the linear program"), DUMP_PATH);
    return e;
}

enum err lp_solve(struct lp_result *out, const struct lp *lp, const struct lp_settings *settings,
                  struct arena *a, struct diag *d)
{
    return lp_solve_from(out, lp, settings, NULL, a, d);
}

enum err lp_solve_from(struct lp_result *out, const struct lp *lp,
                       const struct lp_settings *settings, const struct lp_basis *from,
                       struct arena *a, struct diag *d)
{
    TRY(lp_check(lp, d));
    struct solving s = {
        .lp = lp,
        .settings = settings,
        .deadline = lp_deadline(settings),
        .arena = a,
        .out = out,
        .from = from,
        .x = ARENA_NEW(a, double, lp->n_cols + 1),
        .y = ARENA_NEW(a, double, lp->n_rows + 1),
    };
    start_result(&s);
    bool is_proven = try_blocks(&s);
    for (size_t i = first_attempt(&s); i < N_ATTEMPTS && !is_proven && !s.is_cut_off; i++)
        is_proven = try_once(&s, &ATTEMPTS[i]);
    if (!is_proven) {
        out->note = s.failure;
        if (!out->x && !s.is_cut_off) return report_failure(&s, d);
        out->status = out->x ? LP_FEASIBLE : LP_LIMIT;
    }
    if (out->status != LP_INFEASIBLE) fill_reduced_costs(out, lp, a);
    return OK;
}
