/* Published programs: 8 with an optimum, 2 without a solution, 1 unbounded. The folder GPUMIX_LP_DATA, or the one beside
 * the tree, holds them; skipped when it is absent. Infinite bounds become large ones, since our programs have finite
 * bounds; "unbounded" then means that the optimum keeps falling as the bounds grow. */
#include "solver/lp.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAME 1e-7

/* --- a reader of MPS without blanks in names, for these files only --- */

struct mps {
    struct lp *lp;
    double box; /* stands for infinity */
    char (*row)[16], (*col)[16];
    size_t n_rows, n_cols;
    char *kind;    /* of a row */
    double *entry; /* [n_rows][n_cols], row-major; row 0 is the objective */
    double *side, *range, *lo, *hi;
    bool *integer, is_integer;
};
enum { MOST_ROWS = 600, MOST_COLS = 1500 };

static size_t find(char (*names)[16], size_t n, const char *name)
{
    for (size_t i = n; i > 0; i--) /* columns come in blocks: the last is the likely one */
        if (strcmp(names[i - 1], name) == 0) return i - 1;
    return SIZE_MAX;
}

static struct mps *mps_new(double box, struct arena *a)
{
    struct mps *m = ARENA_NEW(a, struct mps, 1);
    m->box = box;
    m->row = arena_alloc(a, MOST_ROWS, sizeof *m->row);
    m->col = arena_alloc(a, MOST_COLS, sizeof *m->col);
    m->kind = ARENA_NEW(a, char, MOST_ROWS);
    m->entry = ARENA_NEW(a, double, (size_t)MOST_ROWS *MOST_COLS);
    m->side = ARENA_NEW(a, double, MOST_ROWS);
    m->range = ARENA_NEW(a, double, MOST_ROWS);
    m->lo = ARENA_NEW(a, double, MOST_COLS);
    m->hi = ARENA_NEW(a, double, MOST_COLS);
    m->integer = ARENA_NEW(a, bool, MOST_COLS);
    for (size_t i = 0; i < MOST_ROWS; i++) m->range[i] = NAN;
    return m;
}

static void read_row(struct mps *m, char **word)
{
    m->kind[m->n_rows] = word[0][0];
    snprintf(m->row[m->n_rows++], 16, "%s", word[1]);
}

static void read_col(struct mps *m, char **word, size_t n)
{
    if (n > 2 && strcmp(word[1], "'MARKER'") == 0) {
        m->is_integer = strcmp(word[2], "'INTORG'") == 0;
        return;
    }
    size_t col = find(m->col, m->n_cols, word[0]);
    if (col == SIZE_MAX) {
        col = m->n_cols++;
        snprintf(m->col[col], 16, "%s", word[0]);
        m->hi[col] = m->box;
        m->integer[col] = m->is_integer;
    }
    for (size_t i = 1; i + 1 < n; i += 2)
        m->entry[find(m->row, m->n_rows, word[i]) * MOST_COLS + col] = atof(word[i + 1]);
}

/* Right-hand sides and ranges: the name of the set may be missing. */
static void read_side(struct mps *m, double *to, char **word, size_t n)
{
    for (size_t i = n % 2; i + 1 < n; i += 2)
        to[find(m->row, m->n_rows, word[i])] = atof(word[i + 1]);
}

static void read_bound(struct mps *m, char **word, size_t n)
{
    const bool has_value = strcmp(word[0], "FR") != 0 && strcmp(word[0], "MI") != 0;
    const size_t col = find(m->col, m->n_cols, word[has_value ? n - 2 : n - 1]);
    const double value = has_value ? atof(word[n - 1]) : -m->box;
    const char kind = word[0][0];
    if (kind == 'U' || (kind == 'F' && has_value)) m->hi[col] = value;
    if (kind == 'L' || kind == 'M' || (kind == 'F' && has_value)) m->lo[col] = value;
    if (kind == 'F' && !has_value) m->lo[col] = -m->box;
}

static void read_line(struct mps *m, const char *section, char **word, size_t n)
{
    if (strcmp(section, "ROWS") == 0) read_row(m, word);
    if (strcmp(section, "COLUMNS") == 0) read_col(m, word, n);
    if (strcmp(section, "RHS") == 0) read_side(m, m->side, word, n);
    if (strcmp(section, "RANGES") == 0) read_side(m, m->range, word, n);
    if (strcmp(section, "BOUNDS") == 0) read_bound(m, word, n);
}

static void add_row(struct lp_builder *b, const struct mps *m, size_t row)
{
    const double side = m->side[row], range = m->range[row];
    double lo = m->kind[row] == 'L' ? (double)-INFINITY : side;
    double hi = m->kind[row] == 'G' ? (double)INFINITY : side;
    if (!isnan(range) && (m->kind[row] == 'G' || (m->kind[row] == 'E' && range > 0)))
        hi = side + fabs(range);
    if (!isnan(range) && (m->kind[row] == 'L' || (m->kind[row] == 'E' && range < 0)))
        lo = side - fabs(range);
    lp_add_row(b, lo, hi);
}

/* Lower bounds of -infinity that "MI" sets before "UP" stay; the first N row is the objective, others are dropped. */
static struct lp *finish(const struct mps *m, struct arena *a)
{
    struct lp_builder b = {.arena = a};
    size_t *to = ARENA_NEW(a, size_t, m->n_rows), objective = SIZE_MAX;
    for (size_t row = 0; row < m->n_rows; row++) {
        to[row] = SIZE_MAX;
        if (m->kind[row] == 'N') {
            if (objective == SIZE_MAX) objective = row;
            continue;
        }
        to[row] = b.lp.n_rows;
        add_row(&b, m, row);
    }
    for (size_t col = 0; col < m->n_cols; col++) {
        lp_add_col(&b, m->lo[col], m->hi[col], m->entry[objective * MOST_COLS + col],
                   m->integer[col], false);
        for (size_t row = 0; row < m->n_rows; row++)
            if (to[row] != SIZE_MAX && m->entry[row * MOST_COLS + col] != 0)
                lp_add_value(&b, to[row], m->entry[row * MOST_COLS + col]);
    }
    return lp_finish(&b);
}

static struct lp *mps_read(const char *path, double box, struct arena *a)
{
    FILE *in = fopen(path, "r");
    if (!in) return NULL;
    struct mps *m = mps_new(box, a);
    char line[500], section[20] = "";
    while (fgets(line, sizeof line, in)) {
        char *word[8] = {NULL}, *rest = line;
        size_t n = 0;
        const bool is_header = line[0] != ' ';
        if (line[0] == '*') continue;
        while (n < 8 && (word[n] = strtok_r(rest, " \t\r\n", &rest))) n++;
        if (n == 0 || (!is_header && n < 2)) continue;
        if (is_header)
            snprintf(section, sizeof section, "%s", word[0]);
        else
            read_line(m, section, word, n);
    }
    fclose(in);
    return finish(m, a);
}

/* --- the published values --- */

struct published {
    char name[40], kind[10], value[40];
};

static void check_optimum(const struct published *p, const struct lp *lp, struct arena *a)
{
    const bool is_mip = strcmp(p->kind, "MIP") == 0;
    struct lp_settings settings = LP_SETTINGS;
    settings.mip_gap = 0;
    struct diag d = {.arena = a};
    struct lp_result r;
    const enum err e =
        is_mip ? lp_solve_mip(&r, lp, &settings, a, &d) : lp_solve(&r, lp, &settings, a, &d);
    gsl_test(e != OK, "%s: %s", p->name, d.first ? d.first->what : "solved");
    if (e != OK) return;
    const bool is_infeasible = strcmp(p->value, "infeasible") == 0;
    gsl_test_int(r.status, is_infeasible ? LP_INFEASIBLE : LP_OPTIMAL, "%s: status", p->name);
    if (is_infeasible) return;
    gsl_test_rel(r.objective, atof(p->value), SAME, "%s: published optimum", p->name);
    gsl_test_rel(r.bound, atof(p->value), SAME, "%s: bound", p->name);
    gsl_test(lp_violation(lp, r.x) > settings.feasibility, "%s: feasible", p->name);
}

static void check_unbounded(const struct published *p, const char *path, struct arena *a)
{
    double optimum[3];
    for (int i = 0; i < 3; i++) {
        struct diag d = {.arena = a};
        struct lp_result r;
        const struct lp *lp = mps_read(path, pow(10, 5 + i), a);
        gsl_test(lp_solve(&r, lp, &LP_SETTINGS, a, &d) != OK || !r.x, "%s: solved in a box of 1e%d",
                 p->name, 5 + i);
        optimum[i] = r.objective;
    }
    gsl_test(!(optimum[1] < 5 * optimum[0] && optimum[2] < 5 * optimum[1] && optimum[0] < 0),
             "%s: %g, %g, %g falls with the box", p->name, optimum[0], optimum[1], optimum[2]);
}

static void test_public(const char *folder, struct arena *a)
{
    char path[500], line[300];
    snprintf(path, sizeof path, "%s/expected/lp_instances.csv", folder);
    FILE *in = fopen(path, "r");
    if (!in) {
        printf("SKIP: no %s, published programs are not solved\n", path);
        return;
    }
    int n = 0;
    while (fgets(line, sizeof line, in)) {
        struct published p;
        if (sscanf(line, "%39[^,],%9[^,],%39[^,]", p.name, p.kind, p.value) != 3 ||
            strcmp(p.kind, "kind") == 0)
            continue;
        snprintf(path, sizeof path, "%s/lp/%s.mps", folder, p.name);
        n++;
        if (strcmp(p.value, "unbounded") == 0) {
            check_unbounded(&p, path, a);
            continue;
        }
        const struct lp *lp = mps_read(path, 1e6, a);
        gsl_test(!lp, "%s: read", p.name);
        if (lp) check_optimum(&p, lp, a);
    }
    fclose(in);
    gsl_test(n < 1, "published programs solved: %d", n);
}

int main(void)
{
    struct arena *a = arena_new();
    const char *folder = getenv("GPUMIX_LP_DATA");
    test_public(folder ? folder : "../shared/data", a);
    arena_free(a);
    return gsl_test_summary();
}
