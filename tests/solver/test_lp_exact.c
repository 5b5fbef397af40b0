/* Exact optima: closed forms that no double can hold, random programs against the solver in floating point, answers that prove
 * nothing, and processes that die, hang or eat memory. */
#include "solver/lp_exact.h"
#include "tests/solver/random_lp.h"

#include <fcntl.h>
#include <gsl/gsl_test.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A program in words: rows lo, hi; columns lo, hi, cost, then a coefficient per row. */
struct small {
    const char *name;
    size_t n_rows, n_cols;
    double rows[4][2];
    double cols[4][7];
    double constant;
    const char *fraction; /* NULL: no solution */
    const char *decimal;
};

#define NONE (double)INFINITY
static const struct small smalls[] = {
    {"a third", 1, 1, {{1, NONE}}, {{0, 7, 1, 3}}, 0, "1/3", "0.333333333333"},
    {"two rows",
     2,
     2,
     {{1, NONE}, {2, NONE}},
     {{0, 9, 5, 3, 1}, {0, 9, 6, 1, 11}},
     0,
     "75/32",
     "2.343750000000"},
    {"a constant", 1, 1, {{1, NONE}}, {{0, 7, 1, 21}}, -0.25, "-17/84", "-0.202380952381"},
    {"a row with two sides",
     1,
     2,
     {{1, 2}},
     {{0, 9, -1, 7}, {0, 1, 2, 1}},
     0,
     "-2/7",
     "-0.285714285715"},
    {"an equation", 1, 2, {{1, 1}}, {{0, 9, 3, 7}, {0, 0.5, 4, 13}}, 0, "4/13", "0.307692307692"},
    {"no rows", 0, 2, {{0}}, {{-1, 2, 3}, {-1, 2, -4}}, 5, "-6", "-6.000000000000"},
    {"no columns", 1, 0, {{-1, 1}}, {{0}}, 2.5, "5/2", "2.500000000000"},
    {"a tenth is no tenth",
     1,
     1,
     {{1, NONE}},
     {{0, 11, 1, 0.1}},
     0,
     "36028797018963968/3602879701896397",
     "9.999999999999"},
    /* glp_exact calls this one optimal: it takes 1/3 for the coefficient. */
    {"short by a hair", 1, 1, {{1, NONE}}, {{0, 3, 1, 0.33333333331}}, 0, NULL, NULL},
    {"a contradiction", 2, 1, {{1, NONE}, {-NONE, 0.5}}, {{0, 9, 1, 1, 1}}, 0, NULL, NULL},
    {"a row of nothing", 1, 0, {{1, 2}}, {{0}}, 0, NULL, NULL},
};

static struct lp *small_lp(const struct small *s, struct arena *a)
{
    struct lp_builder b = {.arena = a};
    for (size_t i = 0; i < s->n_rows; i++) lp_add_row(&b, s->rows[i][0], s->rows[i][1]);
    for (size_t j = 0; j < s->n_cols; j++) {
        const double *c = s->cols[j];
        lp_add_col(&b, c[0], c[1], c[2], false, false);
        for (size_t i = 0; i < s->n_rows; i++)
            if (c[3 + i] != 0) lp_add_value(&b, i, c[3 + i]);
    }
    struct lp *lp = lp_finish(&b);
    lp->constant = s->constant;
    return lp;
}

static void closed_forms(struct arena *a, struct diag *d)
{
    for (size_t i = 0; i < sizeof smalls / sizeof *smalls; i++) {
        const struct small *s = &smalls[i];
        struct lp_exact x;
        const enum err e = lp_exact(&x, small_lp(s, a), &LP_EXACT_SETTINGS, a, d);
        const char *why = x.why ? x.why : "-";
        if (!s->fraction) {
            gsl_test(e != OK || x.status != EXACT_INFEASIBLE, "%s: no solution (%s)", s->name, why);
            continue;
        }
        const bool solved = e == OK && x.status == EXACT_OPTIMAL;
        const char *fraction = solved ? rational_fraction(x.optimum, 100, a) : "none";
        const char *decimal = solved ? rational_decimal(x.optimum, 12, a) : "none";
        gsl_test(strcmp(fraction, s->fraction) != 0, "%s: %s (%s)", s->name, fraction, why);
        gsl_test(strcmp(decimal, s->decimal) != 0, "%s: %s", s->name, decimal);
    }
}

/* A third against doubles near it. */
static void distances(struct arena *a, struct diag *d)
{
    struct lp_exact x;
    gsl_test(lp_exact(&x, small_lp(&smalls[0], a), &LP_EXACT_SETTINGS, a, d), "a third again");
    if (!x.optimum) return;
    gsl_test_rel(rational_apart(x.optimum, 1.0 / 3), -1.0 / 3 * 0x1p-54, 1e-12,
                 "a double is no third");
    gsl_test_rel(rational_apart(x.optimum, 0.5), 1.0 / 6, 1e-15, "a half is a sixth above");
    gsl_test(rational_apart(x.optimum, INFINITY) < NONE, "infinity is far above");
    gsl_test(rational_fraction(x.optimum, 2, a) != NULL, "two bytes are too few for a third");
    gsl_test(strcmp(rational_decimal(x.optimum, 0, a), "0") != 0, "a third, without a point");
}

/* --- random programs --- */

static void random_programs(struct arena *a, struct diag *d)
{
    enum { N = 150 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    size_t optimal = 0, infeasible = 0;
    double worst = 0;
    gsl_rng_set(rng, 2385);
    for (size_t i = 0; i < N; i++) {
        const struct random_lp shape = {.n_rows = 1 + gsl_rng_uniform_int(rng, 12),
                                        .n_cols = 1 + gsl_rng_uniform_int(rng, 25),
                                        .spread = 1.5,
                                        .is_infeasible = i % 5 == 4};
        const struct lp *lp = random_lp(&shape, rng, a);
        struct lp_exact x;
        struct lp_result r;
        if (lp_exact(&x, lp, &LP_EXACT_SETTINGS, a, d) || lp_solve(&r, lp, &LP_SETTINGS, a, d)) {
            gsl_test(1, "program %zu is solved", i);
            continue;
        }
        optimal += x.status == EXACT_OPTIMAL;
        infeasible += x.status == EXACT_INFEASIBLE;
        const bool agree = x.status == EXACT_OPTIMAL
                               ? r.status == LP_OPTIMAL
                               : x.status == EXACT_INFEASIBLE && r.status == LP_INFEASIBLE;
        if (!agree)
            gsl_test(1, "program %zu: %d exactly, %d in doubles (%s)", i, (int)x.status,
                     (int)r.status, x.why ? x.why : "-");
        if (x.status != EXACT_OPTIMAL || !agree) continue;
        worst = fmax(worst, fabs(rational_apart(x.optimum, r.objective)));
        if (rational_apart(x.optimum, r.bound) > 1e-13)
            gsl_test(1, "program %zu: its bound lies %g above", i,
                     rational_apart(x.optimum, r.bound));
    }
    gsl_rng_free(rng);
    gsl_test(optimal < N / 2 || infeasible < N / 10, "%zu optima, %zu without a solution", optimal,
             infeasible);
    gsl_test(worst > 1e-9, "exact optima and those of doubles: within %g", worst);
}

/* --- answers --- */

/* min 2 x + 3 y with x + y >= 1, y >= 0.25: x = 3/4, y = 1/4; the rows are worth 2 and 1. */
static const struct small asked = {
    "lies", 2, 2, {{1, NONE}, {0.25, NONE}}, {{0, 5, 2, 1}, {0, 5, 3, 1, 1}}, 0, NULL, NULL};

static const char unproven[] = "the answer of the exact solver does not prove itself",
                  silent[] = "the exact solver gave no answer";

static const struct {
    const char *text, *why; /* why NULL: it is believed */
} answers[] = {
    {"optimal\nx 0 3/4\nx 1 1/4\ny 0 2\ny 1 1\nend\n", NULL},
    {"optimal\nx 0 6/8\nx 1 2/8\ny 0 2/1\ny 1 1\nend\n", NULL},
    {"optimal\nx 0 1/4\nx 1 3/4\ny 0 2\ny 1 1\nend\n", unproven},  /* dearer */
    {"optimal\nx 0 1/2\nx 1 1/4\ny 0 2\ny 1 1\nend\n", unproven},  /* too little */
    {"optimal\nx 0 6\nx 1 1/4\ny 0 2\ny 1 1\nend\n", unproven},    /* above its bound */
    {"optimal\nx 0 -1/4\nx 1 5/4\ny 0 2\ny 1 1\nend\n", unproven}, /* below it */
    {"optimal\nx 0 3/4\nx 1 1/4\ny 0 2\nend\n", unproven},         /* proves less */
    {"optimal\nx 0 3/4\nx 1 1/4\ny 0 2\ny 1 -1\nend\n", unproven}, /* no such side */
    {"optimal\nx 0 3000000000000000000001/4000000000000000000000\nx 1 1/4\ny 0 2\ny 1 1\nend\n",
     unproven},
    {"infeasible\ny 0 1\ny 1 1\nend\n", unproven},
    {"", silent},
    {"perhaps\nend\n", silent},
    {"optimal\nx 0 3/4\nx 1 1/4\ny 0 2\ny 1 1\n", silent},
    {"optimal\nx 0 3/4\nx 1 1/4\ny 0 2\ny 1 1\nend\nmore", silent},
    {"optimal\nx 2 3/4\nend\n", silent},
    {"optimal\ny 2 3/4\nend\n", silent},
    {"optimal\nz 0 3/4\nend\n", silent},
    {"optimal\nx -1 3/4\nend\n", silent},
    {"optimal\nx 99999999999999999999 3/4\nend\n", silent},
    {"optimal\nx 0 3/0\nend\n", silent},
    {"optimal\nx 0 0.75\nend\n", silent},
    {"optimal\nx 0 nan\nend\n", silent},
    {"optimal\nx 0 \nend\n", silent},
    {"optimal\nx 0\nend\n", silent},
    {"optimal\nx", silent},
};

/* Which answer is given is told by the constant of the program, which every process has. */
static void say_one(const struct lp *lp, FILE *out)
{
    fputs(answers[(size_t)lp->constant].text, out);
}

static void lies(struct arena *a, struct diag *d)
{
    struct lp_exact_settings settings = LP_EXACT_SETTINGS;
    settings.solver = say_one;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct lp_exact x;
        struct lp *lp = small_lp(&asked, a);
        lp->constant = (double)i;
        gsl_test(lp_exact(&x, lp, &settings, a, d), "answer %zu", i);
        if (!answers[i].why)
            gsl_test(x.status != EXACT_OPTIMAL || rational_apart(x.optimum, 2.25 + (double)i) != 0,
                     "answer %zu is believed", i);
        else
            gsl_test(x.status != EXACT_UNKNOWN || x.optimum || !x.why ||
                         strcmp(x.why, answers[i].why) != 0,
                     "answer %zu is not: %s", i, x.why ? x.why : "-");
    }
}

/* --- what happens to processes --- */

static void abort_at_once(const struct lp *lp, FILE *out)
{
    (void)lp;
    fputs("optimal\n", out);
    abort();
}

static void fault(const struct lp *lp, FILE *out)
{
    (void)out;
    raise(lp->n_cols ? SIGSEGV : 0);
}

static void kill_itself(const struct lp *lp, FILE *out)
{
    (void)lp;
    fputs("optimal\nx 0 3/4\nx 1 1/4\ny 0 2\ny 1 1\nend\n", out); /* even with an answer */
    fflush(out);
    raise(SIGKILL);
}

static void leave(const struct lp *lp, FILE *out)
{
    (void)lp;
    fputs("optimal\nx 0 3/4\nx 1 1/4\ny 0 2\ny 1 1\nend\n", out);
    exit(0);
}

static void hang(const struct lp *lp, FILE *out)
{
    for (volatile size_t i = lp->n_cols;; i++)
        if (i == 0) fputs("never", out);
}

static void talk_for_ever(const struct lp *lp, FILE *out)
{
    for (;;) fprintf(out, "x %zu 1\n", lp->n_cols);
}

static void eat(const struct lp *lp, FILE *out)
{
    for (size_t i = lp->n_cols;; i++)
        if (mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
            MAP_FAILED) {
            fprintf(out, "%zu MiB\n", i);
            fflush(out);
            _exit(3); /* as the solver does */
        }
}

static volatile sig_atomic_t stopped = 1;

static void misfortunes(struct arena *a, struct diag *d)
{
    static const struct {
        const char *name, *why;
        lp_exact_solver *solver;
    } cases[] = {
        {"abort", "the exact solver was ended by signal 6", abort_at_once},
        {"fault", "the exact solver was ended by signal 11", fault},
        {"kill", "the exact solver was ended by signal 9", kill_itself},
        {"exit", "the exact solver gave up", leave},
        {"hang", "the exact solver was not done after 0.3 s", hang},
        {"flood", "the answer of the exact solver takes more than 20 MiB", talk_for_ever},
        {"memory", "the exact solver needs more than 20 MiB", eat},
    };
    const struct lp *lp = small_lp(&asked, a);
    struct lp_exact x;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct lp_exact_settings settings = LP_EXACT_SETTINGS;
        settings.solver = cases[i].solver;
        settings.memory_mib = 20;
        if (cases[i].solver == hang) settings.time_limit_s = 0.3;
        const double begin = now_s();
        gsl_test(lp_exact(&x, lp, &settings, a, d), "%s is survived", cases[i].name);
        gsl_test(x.status != EXACT_UNKNOWN || !x.why || strcmp(x.why, cases[i].why) != 0, "%s: %s",
                 cases[i].name, x.why ? x.why : "-");
        gsl_test(now_s() - begin > 20, "%s is over soon", cases[i].name);
    }
    struct lp_exact_settings settings = LP_EXACT_SETTINGS;
    settings.solver = hang;
    settings.stop = &stopped;
    gsl_test(lp_exact(&x, lp, &settings, a, d) || x.status != EXACT_UNKNOWN || x.why,
             "a signal to this process ends the other");
    settings = LP_EXACT_SETTINGS;
    settings.most_columns = 1;
    gsl_test(lp_exact(&x, lp, &settings, a, d) || !x.why ||
                 strcmp(x.why,
                        "the linear program has 2 columns; the exact solver takes 1 at most") != 0,
             "too many columns: %s", x.why ? x.why : "-");
}

/* QSopt_ex itself, where it gets too little memory. */
static void little_memory(struct arena *a, struct diag *d)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    const struct random_lp shape = {.n_rows = 60, .n_cols = 3000, .spread = 1};
    const struct lp *lp = random_lp(&shape, rng, a);
    struct lp_exact_settings settings = LP_EXACT_SETTINGS;
    struct lp_exact x;
    settings.memory_mib = 4;
    gsl_test(lp_exact(&x, lp, &settings, a, d) || x.status != EXACT_UNKNOWN || !x.why,
             "QSopt_ex without memory: %s", x.why ? x.why : "-");
    settings = LP_EXACT_SETTINGS;
    settings.time_limit_s = 0.001;
    gsl_test(lp_exact(&x, lp, &settings, a, d) || x.status != EXACT_UNKNOWN || !x.why,
             "QSopt_ex without time: %s", x.why ? x.why : "-");
    gsl_rng_free(rng);
}

/* No files are left for a pipe. */
static void no_files(struct arena *a, struct diag *d)
{
    struct rlimit before;
    struct lp_exact x;
    getrlimit(RLIMIT_NOFILE, &before);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, before.rlim_max});
    const enum err e = lp_exact(&x, small_lp(&asked, a), &LP_EXACT_SETTINGS, a, d);
    setrlimit(RLIMIT_NOFILE, &before);
    gsl_test(e != OK || !x.why ||
                 strcmp(x.why, "the exact solver could not be started: Too many open files") != 0,
             "%s", x.why ? x.why : "-");
}

/* Numbers that are none do not reach the other process. */
static void bad_numbers(struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp *lp = small_lp(&asked, a);
    struct lp_exact x;
    lp->cost[0] = NAN;
    gsl_test(lp_exact(&x, lp, &LP_EXACT_SETTINGS, a, &d) == OK, "not-a-number is refused");
}

static size_t open_files(void)
{
    size_t n = 0;
    for (int fd = 0; fd < 64; fd++) n += fcntl(fd, F_GETFD) >= 0;
    return n;
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    const size_t files = open_files();
    closed_forms(a, &d);
    distances(a, &d);
    random_programs(a, &d);
    lies(a, &d);
    misfortunes(a, &d);
    little_memory(a, &d);
    no_files(a, &d);
    bad_numbers(a);
    gsl_test(open_files() != files, "every file is closed again");
    gsl_test(d.n_errors != 0, "no findings: %s", d.first ? d.first->what : "-");
    arena_free(a);
    return gsl_test_summary();
}
