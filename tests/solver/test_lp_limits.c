/* What goes wrong: numbers that are refused, limits, signals, and GLPK's own aborts. */
#include "tests/solver/random_lp.h"

#include <gsl/gsl_test.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static struct lp_result solve(const struct lp *lp, struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp_result r;
    const enum err e = lp_solve(&r, lp, &LP_SETTINGS, a, &d);
    gsl_test(e != OK, "lp_solve returns OK (%s)", d.first ? d.first->what : "");
    return r;
}

/* --- refused numbers --- */

enum spoil {
    SPOIL_ROW_LO,
    SPOIL_ROW_HI,
    SPOIL_COL_LO,
    SPOIL_COL_HI,
    SPOIL_COST,
    SPOIL_VALUE,
    SPOIL_CONSTANT,
    SPOIL_ROW_FREE,
    SPOIL_ROW_INDEX,
    SPOIL_TWICE,
    SPOIL_SIZE,
    N_SPOILS
};

static struct lp *small_lp(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 1.5, INFINITY);
    lp_add_row(&b, -INFINITY, 8.25);
    lp_add_col(&b, 0, 4, 2.385, false, false);
    lp_add_value(&b, 0, 1);
    lp_add_value(&b, 1, 1.75);
    return lp_finish(&b);
}

static void spoil(struct lp *lp, enum spoil what, double with)
{
    switch (what) {
    case SPOIL_ROW_LO:
        lp->row_lo[1] = with;
        break;
    case SPOIL_ROW_HI:
        lp->row_hi[1] = with;
        break;
    case SPOIL_COL_LO:
        lp->col_lo[0] = with;
        break;
    case SPOIL_COL_HI:
        lp->col_hi[0] = with;
        break;
    case SPOIL_COST:
        lp->cost[0] = with;
        break;
    case SPOIL_VALUE:
        lp->value[1] = with;
        break;
    case SPOIL_CONSTANT:
        lp->constant = with;
        break;
    case SPOIL_ROW_FREE:
        lp->row_hi[1] = INFINITY;
        break;
    case SPOIL_ROW_INDEX:
        lp->row[1] = 2;
        break;
    case SPOIL_TWICE:
        lp->row[1] = 0;
        break;
    case SPOIL_SIZE:
        lp->n_cols = 200000000;
        break;
    case N_SPOILS:
        break;
    }
}

#define BAD_ROW(lo, hi) "row \"r2\" of the linear program has the bounds " lo " and " hi
#define BAD_COL(lo, hi) "column \"x1\" of the linear program has the bounds " lo " and " hi
#define BAD_COST(cost)  "column \"x1\" of the linear program has the cost " cost
#define BAD_VALUE(value)                                                                           \
    "column \"x1\" of the linear program has the coefficient " value " in row \"r2\""

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order in which it reads */
static const struct {
    enum spoil what;
    double with;
    const char *message;
    enum err code;
} REFUSED[] = {
    {SPOIL_ROW_LO, NAN, BAD_ROW("nan", "8.25"), ERR_INTERNAL},
    {SPOIL_ROW_LO, INFINITY, BAD_ROW("inf", "8.25"), ERR_INTERNAL},
    {SPOIL_ROW_LO, 9, BAD_ROW("9", "8.25"), ERR_INTERNAL},
    {SPOIL_ROW_HI, NAN, BAD_ROW("-inf", "nan"), ERR_INTERNAL},
    {SPOIL_ROW_HI, -INFINITY, BAD_ROW("-inf", "-inf"), ERR_INTERNAL},
    {SPOIL_ROW_HI, 1e300, BAD_ROW("-inf", "1e+300"), ERR_AMOUNT},
    {SPOIL_ROW_FREE, 0, BAD_ROW("-inf", "inf"), ERR_INTERNAL},
    {SPOIL_COL_LO, NAN, BAD_COL("nan", "4"), ERR_INTERNAL},
    {SPOIL_COL_LO, -INFINITY, BAD_COL("-inf", "4"), ERR_INTERNAL},
    {SPOIL_COL_LO, 4.5, BAD_COL("4.5", "4"), ERR_INTERNAL},
    {SPOIL_COL_HI, NAN, BAD_COL("0", "nan"), ERR_INTERNAL},
    {SPOIL_COL_HI, INFINITY, BAD_COL("0", "inf"), ERR_INTERNAL},
    {SPOIL_COL_HI, 1e16, BAD_COL("0", "1e+16"), ERR_AMOUNT},
    {SPOIL_COST, NAN, BAD_COST("nan"), ERR_INTERNAL},
    {SPOIL_COST, -INFINITY, BAD_COST("-inf"), ERR_INTERNAL},
    {SPOIL_COST, 1e308, BAD_COST("1e+308"), ERR_AMOUNT},
    {SPOIL_VALUE, NAN, BAD_VALUE("nan"), ERR_INTERNAL},
    {SPOIL_VALUE, INFINITY, BAD_VALUE("inf"), ERR_INTERNAL},
    {SPOIL_VALUE, 0, BAD_VALUE("0"), ERR_INTERNAL},
    {SPOIL_VALUE, 1e-300, BAD_VALUE("1e-300"), ERR_AMOUNT},
    {SPOIL_CONSTANT, NAN, "the linear program has the constant cost nan", ERR_INTERNAL},
    {SPOIL_CONSTANT, -2e15, "the linear program has the constant cost -2e+15", ERR_AMOUNT},
    {SPOIL_CONSTANT, INFINITY, "the linear program has the constant cost inf", ERR_INTERNAL},
    {SPOIL_ROW_INDEX, 0, "column \"x1\" of the linear program refers to row 3 of 2", ERR_INTERNAL},
    {SPOIL_TWICE, 0, "column \"x1\" of the linear program has two coefficients in row \"r1\"",
     ERR_INTERNAL},
    {SPOIL_SIZE, 0, "the plan needs a linear program of 2 rows and 200000000 columns", ERR_LP_SIZE},
};

static void test_refused(struct arena *a)
{
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        const enum err code = REFUSED[i].code;
        for (int call = 0; call < 3; call++) {
            struct lp *lp = small_lp(a);
            spoil(lp, REFUSED[i].what, REFUSED[i].with);
            struct diag d = {.arena = a};
            struct lp_result r;
            enum err e = OK;
            if (call == 0) e = lp_solve(&r, lp, &LP_SETTINGS, a, &d);
            if (call == 1) e = lp_solve_mip(&r, lp, &LP_SETTINGS, a, &d);
            if (call == 2) e = lp_export(lp, "must-not-appear.mps", a, &d);
            gsl_test_int((int)e, (int)code, "refused %zu, call %d: code", i, call);
            gsl_test_str(d.first ? d.first->what : "", REFUSED[i].message,
                         "refused %zu, call %d: message", i, call);
        }
    }
    gsl_test(access("must-not-appear.mps", F_OK) == 0, "a refused program is not written");
}

/* --- limits --- */

/* Dense, so that it takes seconds: limits have something to cut. */
static struct lp *slow_lp(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 11);
    struct lp_builder b = {.arena = a};
    enum { M = 1100, N = 2200 };
    for (int i = 0; i < M; i++) lp_add_row(&b, 100 + 30 * gsl_rng_uniform(rng), INFINITY);
    for (int j = 0; j < N; j++) {
        lp_add_col(&b, 0, 50, 1 + gsl_rng_uniform(rng), false, false);
        for (size_t i = 0; i < M; i++)
            if (gsl_rng_uniform(rng) < 0.5) lp_add_value(&b, i, 0.05 + gsl_rng_uniform(rng));
    }
    gsl_rng_free(rng);
    return lp_finish(&b);
}

static struct lp_result limited(const struct lp *lp, const struct lp_settings *settings,
                                const char *name, struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp_result r;
    gsl_test(lp_solve(&r, lp, settings, a, &d) != OK, "%s: a limit is a result", name);
    gsl_test(r.status != LP_FEASIBLE && r.status != LP_LIMIT, "%s: status %d", name, r.status);
    gsl_test((r.status == LP_FEASIBLE) != (r.x != NULL), "%s: x goes with the status", name);
    gsl_test_abs(r.bound, lp_dual_bound(lp, r.row_dual), 0, "%s: the bound is proven by its duals",
                 name);
    if (r.x)
        gsl_test(lp_violation(lp, r.x) > LP_SETTINGS.feasibility || r.objective < r.bound,
                 "%s: x is feasible", name);
    return r;
}

/* The flag must be known to a signal handler, hence of the file. */
static volatile sig_atomic_t stop_flag = 0;
static void on_alarm(int signal_number)
{
    (void)signal_number;
    stop_flag = 1;
}

static void test_limits(struct arena *a)
{
    const struct lp *lp = slow_lp(a);
    struct lp_settings settings = LP_SETTINGS;
    settings.time_limit_s = 0.15;
    double begin = seconds();
    limited(lp, &settings, "time limit", a);
    gsl_test(seconds() - begin > 1.0, "time limit: kept (%g s)", seconds() - begin);

    settings = LP_SETTINGS;
    settings.iteration_limit = 25;
    const struct lp_result few = limited(lp, &settings, "pivot limit", a);
    gsl_test(few.iterations > 30, "pivot limit: kept (%ld)", few.iterations);

    settings = LP_SETTINGS;
    settings.stop = &stop_flag;
    stop_flag = 1;
    const struct lp_result none = limited(lp, &settings, "stopped before", a);
    gsl_test_int((int)none.iterations, 0, "stopped before: no pivots");

    stop_flag = 0;
    signal(SIGALRM, on_alarm);
    const struct itimerval alarm_at = {.it_value = {.tv_usec = 150000}};
    setitimer(ITIMER_REAL, &alarm_at, NULL);
    begin = seconds();
    const struct lp_result cut = limited(lp, &settings, "stopped by a signal", a);
    gsl_test_int((int)cut.rounds, 1, "stopped by a signal: in the first round");
    gsl_test(seconds() - begin > 1.0, "stopped by a signal: at once (%g s)", seconds() - begin);
    signal(SIGALRM, SIG_DFL);

    settings = LP_SETTINGS;
    settings.memory_mib = 1;
    const struct lp_result small = limited(lp, &settings, "memory limit", a);
    gsl_test(!small.note || !strstr(small.note, "memory"), "memory limit: says so (%s)",
             small.note);
}

/* A limit in the middle of the second phase still hands out what is there. */
static void test_feasible_at_limit(struct arena *a)
{
    struct units u = PLAIN_UNITS;
    u.has_budget = false;
    struct lp *lp = plan_lp(&u, a);
    for (size_t col = 0; col < lp->n_cols; col++)
        lp->cost[col] = -lp->cost[col]; /* now all at 0 is feasible */
    for (size_t row = 0; row < JOBS; row++) {
        lp->row_hi[row] = lp->row_lo[row];
        lp->row_lo[row] = -INFINITY;
    }
    struct lp_settings settings = LP_SETTINGS;
    settings.iteration_limit = 30;
    const struct lp_result r = limited(lp, &settings, "limit in phase 2", a);
    gsl_test_int(r.status, LP_FEASIBLE, "limit in phase 2: feasible");
    const struct lp_result full = solve(lp, a);
    gsl_test(!(r.bound < full.objective && full.objective < r.objective),
             "limit in phase 2: optimum %g in [%g, %g]", full.objective, r.bound, r.objective);
}

/* --- recovery --- */

/* A tolerance of 0 is one of the parameters for which GLPK ends the process. */
static void test_recovery(struct arena *a)
{
    const struct lp *lp = small_lp(a);
    struct lp_settings broken = LP_SETTINGS;
    broken.feasibility = 0;
    char folder[] = "/tmp/gpumix-test-XXXXXX", home[4096];
    if (!mkdtemp(folder) || !getcwd(home, sizeof home) || chdir(folder) != 0) {
        gsl_test(1, "a folder for the dump");
        return;
    }
    for (int i = 0; i < 50; i++) {
        struct diag d = {.arena = a};
        struct lp_result r;
        gsl_test_int((int)lp_solve(&r, lp, &broken, a, &d), ERR_INTERNAL,
                     "GLPK's abort is an error, %d", i);
        if (i == 0) {
            gsl_test_str(d.first->what,
                         "the linear program of 2 rows and 1 columns could not be solved: "
                         "\"glp_simplex: tol_bnd = 0; invalid parameter\"",
                         "failed solve: message");
            gsl_test_str(d.first->fix,
                         "report it with the file gpumix-failed.lp, which holds the linear program",
                         "failed solve: remedy");
        }
        const struct lp_result right = solve(lp, a);
        gsl_test_rel(right.objective, 1.5 * 2.385, 1e-14, "the solve after it is right, %d", i);
    }
    gsl_test(access("gpumix-failed.lp", R_OK) != 0, "the program is dumped");
    unlink("gpumix-failed.lp");
    gsl_test(chdir(home) != 0 || rmdir(folder) != 0, "tidy up");
}

/* Where the dump cannot be written, the failure is told all the same, without a file that is not there. */
static void test_no_dump(struct arena *a)
{
    struct lp_settings broken = LP_SETTINGS;
    broken.feasibility = 0;
    struct diag d = {.arena = a};
    struct lp_result r;
    char home[4096];
    gsl_test(!getcwd(home, sizeof home) || chdir("/proc") != 0, "where no file can be made");
    const enum err code = lp_solve(&r, small_lp(a), &broken, a, &d);
    gsl_test(chdir(home) != 0, "back");
    gsl_test_int((int)code, ERR_INTERNAL, "no dump: code");
    gsl_test_int((int)d.n_errors, 1, "no dump: the failure is the only finding");
    gsl_test_str(d.first->what,
                 "the linear program of 2 rows and 1 columns could not be solved: "
                 "\"glp_simplex: tol_bnd = 0; invalid parameter\"",
                 "no dump: message");
    gsl_test(d.first->fix != NULL, "no dump: no file is named");
}

int main(void)
{
    void (*const tests[])(struct arena *) = {test_refused, test_limits, test_feasible_at_limit,
                                             test_recovery, test_no_dump};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct arena *a = arena_new();
        tests[i](a);
        arena_free(a);
    }
    return gsl_test_summary();
}
