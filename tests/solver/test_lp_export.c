/* Exports: exact text of a small program, refused names, and random programs (200 for CBC) read and solved by CBC, CLP and
 * GLPK's own program with our rows, columns, coefficients and optimum. Programs that are not installed are skipped. */
#include "tests/solver/random_lp.h"

#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N_CBC = 200, N_CLP = 50, N_GLPSOL = 30 };
#define SAME 1e-7

static char *read_all(const char *path, struct arena *a)
{
    FILE *in = fopen(path, "r");
    if (!in) return arena_strdup(a, "");
    char *text = ARENA_NEW(a, char, 1 << 16);
    text[fread(text, 1, (1 << 16) - 1, in)] = '\0';
    fclose(in);
    return text;
}

/* --- exact text --- */

static const char *const ROW_NAMES[] = {"work:pretrain", "stock:a/b-c", "r.1"};
static const char *const COL_NAMES[] = {"y:pretrain:0", "e1", "_e1", "machines", "2nd"};

static const char *row_name(const struct lp *lp, size_t row, char *buffer, size_t size)
{
    (void)lp;
    snprintf(buffer, size, "%s", ROW_NAMES[row]);
    return buffer;
}

static const char *col_name(const struct lp *lp, size_t col, char *buffer, size_t size)
{
    (void)lp;
    snprintf(buffer, size, "%s", COL_NAMES[col]);
    return buffer;
}

static struct lp *small_lp(struct arena *a)
{
    struct lp_builder b = {.arena = a};
    b.lp.row_name = row_name;
    b.lp.col_name = col_name;
    b.lp.constant = 0.1;
    lp_add_row(&b, 7.3, INFINITY);
    lp_add_row(&b, -INFINITY, 1.0 / 3);
    lp_add_row(&b, -1.5, 2.25);
    lp_add_col(&b, 0, 4.2, 2.385, false, false);
    lp_add_value(&b, 0, 1);
    lp_add_value(&b, 2, -0.5);
    lp_add_col(&b, -3, -1, -1, false, false);
    lp_add_value(&b, 1, 2);
    lp_add_col(&b, 1.25, 1.25, 0, false, false);
    lp_add_value(&b, 2, 1);
    lp_add_col(&b, 0, 9, 3.1, true, false);
    lp_add_value(&b, 0, 1);
    lp_add_col(&b, 0, 1, 0, true, false);
    return lp_finish(&b);
}

static const char MPS[] =
    "* gpumix linear program: 3 rows, 5 columns\n"
    "* integer in the plan, relaxed here: machines 2nd\n"
    "NAME gpumix FREE\n"
    "ROWS\n N objective\n G work:pretrain\n L stock:a/b-c\n G r.1\n"
    "COLUMNS\n"
    " y:pretrain:0 objective 2.3849999999999998\n"
    " y:pretrain:0 work:pretrain 1\n"
    " y:pretrain:0 r.1 -0.5\n"
    " e1 objective -1\n"
    " e1 stock:a/b-c 2\n"
    " _e1 r.1 1\n"
    " machines objective 3.1000000000000001\n"
    " machines work:pretrain 1\n"
    " 2nd objective 0\n"
    " constant objective 0.10000000000000001\n"
    "RHS\n RHS work:pretrain 7.2999999999999998\n RHS stock:a/b-c 0.33333333333333331\n"
    " RHS r.1 -1.5\n"
    "RANGES\n RNG r.1 3.75\n"
    "BOUNDS\n UP BND y:pretrain:0 4.2000000000000002\n LO BND e1 -3\n UP BND e1 -1\n"
    " FX BND _e1 1.25\n UP BND machines 9\n UP BND 2nd 1\n FX BND constant 1\n"
    "ENDATA\n";

static const char LP[] =
    "\\ gpumix linear program: 3 rows, 5 columns\n"
    "\\ integer in the plan, relaxed here: _machines _2nd\n"
    "Minimize\n"
    " objective: + 2.3849999999999998 y@pretrain@0 - 1 _e1 + 0 __e1 + 3.1000000000000001 _machines"
    " + 0 _2nd + 0.10000000000000001 constant\n"
    "Subject To\n"
    " work@pretrain: + 1 y@pretrain@0 + 1 _machines >= 7.2999999999999998\n"
    " stock@a&b~c: + 2 _e1 <= 0.33333333333333331\n"
    " r.1: - 0.5 y@pretrain@0 + 1 __e1 >= -1.5\n"
    " r.1_hi: - 0.5 y@pretrain@0 + 1 __e1 <= 2.25\n"
    "Bounds\n"
    " 0 <= y@pretrain@0 <= 4.2000000000000002\n"
    " -3 <= _e1 <= -1\n"
    " __e1 = 1.25\n"
    " 0 <= _machines <= 9\n"
    " 0 <= _2nd <= 1\n"
    " constant = 1\n"
    "End\n";

static void test_text(struct arena *a)
{
    struct diag d = {.arena = a};
    const struct lp *lp = small_lp(a);
    gsl_test(lp_export(lp, "small.mps", a, &d) != OK || lp_export(lp, "small.lp", a, &d) != OK,
             "small: written");
    gsl_test_str(read_all("small.mps", a), MPS, "small: MPS");
    gsl_test_str(read_all("small.lp", a), LP, "small: LP");
}

static void test_refused(struct arena *a)
{
    const char *const names[] = {"plan.txt", "plan", ".lp", "plan.lp.gz", "mps"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct diag d = {.arena = a};
        gsl_test_int((int)lp_export(small_lp(a), names[i], a, &d), ERR_USAGE, "%s: refused",
                     names[i]);
        char what[100];
        snprintf(what, sizeof what, "the linear program cannot be written to \"%s\"", names[i]);
        gsl_test_str(d.first->what, what, "%s: what", names[i]);
        gsl_test_str(d.first->why, "the ending of the file name says which format to write",
                     "%s: why", names[i]);
        gsl_test_str(d.first->fix, "use a name that ends in .mps or .lp", "%s: fix", names[i]);
    }
    struct diag d = {.arena = a};
    gsl_test_int((int)lp_export(small_lp(a), "no-such-folder/plan.mps", a, &d), ERR_OUTPUT,
                 "folder that is not there");
}

/* --- other solvers --- */

/* What another program says about a file. Counts are 0 where it does not say. */
struct answer {
    size_t rows, cols, values;
    bool is_optimal, is_infeasible;
    double optimum;
};

/* CLP and CBC print counts on reading MPS; for LP files only "Presolve 4 (-8) rows, ...", left and change. */
static void read_coin_line(struct answer *answer, const char *line)
{
    long left[3], change[3];
    if (sscanf(line, "Problem %*s has %zu rows, %zu columns and %zu elements", &answer->rows,
               &answer->cols, &answer->values) == 3)
        return;
    if (sscanf(line, "Presolve %ld (%ld) rows, %ld (%ld) columns and %ld (%ld) elements", &left[0],
               &change[0], &left[1], &change[1], &left[2], &change[2]) == 6 &&
        answer->rows == 0) {
        answer->rows = (size_t)(left[0] - change[0]);
        answer->cols = (size_t)(left[1] - change[1]);
        answer->values = (size_t)(left[2] - change[2]);
    }
    if (sscanf(line, "Optimal objective %lf", &answer->optimum) == 1) answer->is_optimal = true;
    if (strstr(line, "infeasible") || strstr(line, "PrimalInfeasible"))
        answer->is_infeasible = true;
}

static void read_glpsol_line(struct answer *answer, const char *line)
{
    size_t rows, cols,
        values; /* "9 rows, 7 columns, 25 non-zeros"; the last such line leaves the objective out */
    if (sscanf(line, "%zu %*[a-z], %zu %*[a-z], %zu", &rows, &cols, &values) == 3) {
        answer->rows = rows;
        answer->cols = cols;
        answer->values = values;
    }
    if (sscanf(line, "Objective: objective = %lf", &answer->optimum) == 1) return;
    if (strstr(line, "OPTIMAL LP SOLUTION FOUND")) answer->is_optimal = true;
    if (strstr(line, "NO PRIMAL FEASIBLE SOLUTION") || strstr(line, "HAS NO FEASIBLE SOLUTION"))
        answer->is_infeasible = true;
}

struct solver {
    const char *name, *mps, *lp, *rest; /* words before and behind the file */
    void (*read_line)(struct answer *, const char *line);
};
static const struct solver SOLVERS[] = {
    {"cbc", "cbc", "cbc", "-solve", read_coin_line},
    {"clp", "clp", "clp", "-dualsimplex", read_coin_line},
    {"glpsol", "glpsol --freemps", "glpsol --lp", "--nopresol -o /dev/stdout", read_glpsol_line},
};

static bool is_installed(const char *name)
{
    char command[100];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", name);
    return system(command) == 0; /* NOLINT(cert-env33-c): a test looks for a program */
}

static struct answer ask(const struct solver *solver, const char *path, bool is_mps)
{
    struct answer answer = {0};
    char command[200], line[1000];
    snprintf(command, sizeof command, "%s %s %s 2>&1", is_mps ? solver->mps : solver->lp, path,
             solver->rest);
    FILE *out = popen(command, "r"); /* NOLINT(cert-env33-c): the other solver is the oracle */
    if (!out) return answer;
    while (fgets(line, sizeof line, out)) solver->read_line(&answer, line);
    pclose(out);
    if (answer.is_infeasible) answer.is_optimal = false;
    return answer;
}

struct expected {
    size_t rows, cols, values;
    bool is_infeasible;
    double optimum, moved;
};

/* An LP file holds rows with two sides twice. */
static struct expected expect(const struct lp *lp, bool is_mps, struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp_result r;
    struct expected e = {
        lp->n_rows, lp->n_cols + (lp->constant != 0), lp->start[lp->n_cols], false, 0, 0};
    gsl_test(lp_solve(&r, lp, &LP_SETTINGS, a, &d) != OK, "lp_solve returns OK");
    e.is_infeasible = r.status == LP_INFEASIBLE;
    e.optimum = r.objective;
    e.moved = fabs(lp->constant);
    for (size_t col = 0; r.x && col < lp->n_cols; col++) e.moved += fabs(lp->cost[col] * r.x[col]);
    if (is_mps) return e;
    bool *twice = ARENA_NEW(a, bool, lp->n_rows + 1);
    for (size_t row = 0; row < lp->n_rows; row++) {
        twice[row] = isfinite(lp->row_lo[row]) && isfinite(lp->row_hi[row]) &&
                     lp->row_lo[row] < lp->row_hi[row];
        e.rows += twice[row];
    }
    for (size_t k = 0; k < lp->start[lp->n_cols]; k++) e.values += twice[lp->row[k]];
    return e;
}

/* Returns whether the other program told its counts. */
static bool compare(const struct solver *solver, const struct lp *lp, const char *path, bool is_mps,
                    struct arena *a)
{
    const struct expected e = expect(lp, is_mps, a);
    const struct answer answer = ask(solver, path, is_mps);
    gsl_test(answer.is_infeasible != e.is_infeasible, "%s %s: infeasible or not", solver->name,
             path);
    gsl_test(answer.is_optimal == e.is_infeasible, "%s %s: solved", solver->name, path);
    if (answer.is_optimal && !e.is_infeasible)
        gsl_test(fabs(answer.optimum - e.optimum) > SAME * e.moved,
                 "%s %s: optimum %.10g, ours %.10g", solver->name, path, answer.optimum, e.optimum);
    if (answer.rows == 0) return false;
    gsl_test_int((int)answer.rows, (int)e.rows, "%s %s: rows", solver->name, path);
    gsl_test_int((int)answer.cols, (int)e.cols, "%s %s: columns", solver->name, path);
    gsl_test_int((int)answer.values, (int)e.values, "%s %s: coefficients", solver->name, path);
    return true;
}

/* Program i of the fixed sequence: every row has a coefficient, since readers count empty rows differently. */
static struct lp *program(gsl_rng *rng, int i, struct arena *a)
{
    for (;;) {
        const struct random_lp shape = {
            .n_rows = 1 + gsl_rng_uniform_int(rng, 12),
            .n_cols = 2 + gsl_rng_uniform_int(rng, 25),
            .spread = 1,
            .is_infeasible = i % 8 == 7,
            .is_lazy = i % 2 == 1,
            .has_integers = i % 3 == 0,
        };
        struct lp *lp = random_lp(&shape, rng, a);
        bool *seen = ARENA_NEW(a, bool, lp->n_rows + 1);
        size_t n_seen = 0;
        for (size_t k = 0; k < lp->start[lp->n_cols]; k++) {
            n_seen += !seen[lp->row[k]];
            seen[lp->row[k]] = true;
        }
        if (n_seen == lp->n_rows) return lp;
    }
}

static void test_solver(const struct solver *solver, int n, struct arena *a)
{
    if (!is_installed(solver->name)) {
        printf("SKIP: %s is not installed, exports are not compared with it\n", solver->name);
        return;
    }
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 98765);
    int n_counted = 0;
    for (int i = 0; i < n; i++) {
        struct diag d = {.arena = a};
        const struct lp *lp = program(rng, i, a);
        const bool is_written =
            lp_export(lp, "program.mps", a, &d) == OK && lp_export(lp, "program.lp", a, &d) == OK;
        gsl_test(!is_written, "program %d: written", i);
        n_counted += compare(solver, lp, "program.mps", true, a);
        n_counted += compare(solver, lp, "program.lp", false, a);
    }
    gsl_test(n_counted < n * 3 / 2, "%s: counted rows and columns in %d of %d files", solver->name,
             n_counted, 2 * n);
    gsl_rng_free(rng);
}

static void test_solvers(struct arena *a)
{
    test_solver(&SOLVERS[0], N_CBC, a);
    test_solver(&SOLVERS[1], N_CLP, a);
    test_solver(&SOLVERS[2], N_GLPSOL, a);
}

static void test_small_elsewhere(struct arena *a)
{
    struct diag d = {.arena = a};
    const struct lp *lp = small_lp(a);
    gsl_test(lp_export(lp, "small.mps", a, &d) != OK || lp_export(lp, "small.lp", a, &d) != OK,
             "small: written");
    for (size_t i = 0; i < sizeof SOLVERS / sizeof *SOLVERS; i++) {
        if (!is_installed(SOLVERS[i].name)) continue;
        compare(&SOLVERS[i], lp, "small.mps", true, a);
        compare(&SOLVERS[i], lp, "small.lp", false, a);
    }
}

int main(void)
{
    char folder[] = "/tmp/gpumix-test-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0) {
        puts("FAIL: no folder for exports");
        return 1;
    }
    void (*const tests[])(struct arena *) = {test_text, test_refused, test_small_elsewhere,
                                             test_solvers};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        struct arena *a = arena_new();
        tests[i](a);
        arena_free(a);
    }
    const char *const files[] = {"small.mps", "small.lp", "program.mps", "program.lp"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) unlink(files[i]);
    gsl_test(chdir("/") != 0 || rmdir(folder) != 0, "nothing else was written");
    return gsl_test_summary();
}
