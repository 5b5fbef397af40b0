/* Writing a linear program for other solvers: free MPS and CPLEX LP, in the dialect that CBC, CLP and GLPK all read. */
#include "solver/lp_internal.h"

#include "common/output.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LINE_WIDTH =
        200, /* readers of the LP format differ; 255 characters is the least limit among them */
    NAME_LENGTH = 90, /* CLP throws away all names of an LP file when one is over 100 characters */
};
#define CONSTANT_NAME "constant"

/* The columns again, row by row, in column order. */
struct rows {
    size_t *start, *col; /* [n_rows + 1], [nonzeros] */
    double *value;
};

struct writer {
    FILE *out;
    const struct lp *lp;
    bool is_lp; /* the LP format, which allows fewer characters in names */
    bool has_constant;
    size_t width; /* of the line so far */
};

/* --- names --- */

/* Letters alone could be a word of the format, a digit, a point or an E could be a number: those get '_' in front, and so do
 * names that begin with '_', which keeps names apart. */
static bool needs_mark(const char *name)
{
    if (strchr("0123456789.eE_", name[0])) return true;
    return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.")] == 0;
}

static const char *lp_format_name(char *buffer, size_t size, const char *name, char kind,
                                  size_t number)
{
    if (strlen(name) > NAME_LENGTH) {
        snprintf(buffer, size, "_%c%zu", kind, number + 1);
        return buffer;
    }
    snprintf(buffer, size, "%s%s", needs_mark(name) ? "_" : "", name);
    for (char *c = buffer; *c; c++) {
        if (*c == '-') *c = '~';
        if (*c == ':') *c = '@';
        if (*c == '/') *c = '&';
    }
    return buffer;
}

static const char *row_name(const struct writer *w, size_t row, char *buffer)
{
    char own[LP_NAME_SIZE];
    if (!w->is_lp) return lp_row_name(w->lp, row, buffer, LP_NAME_SIZE);
    return lp_format_name(buffer, LP_NAME_SIZE, lp_row_name(w->lp, row, own, sizeof own), 'r', row);
}

static const char *col_name(const struct writer *w, size_t col, char *buffer)
{
    char own[LP_NAME_SIZE];
    if (!w->is_lp) return lp_col_name(w->lp, col, buffer, LP_NAME_SIZE);
    return lp_format_name(buffer, LP_NAME_SIZE, lp_col_name(w->lp, col, own, sizeof own), 'x', col);
}

/* --- what both formats share --- */

static bool is_range(const struct lp *lp, size_t row)
{
    const double lo = lp->row_lo[row], hi = lp->row_hi[row];
    return isfinite(lo) && isfinite(hi) && lo < hi;
}

static void write_word(struct writer *w, const char *lead, const char *word)
{
    const size_t length = strlen(word) + 1;
    if (w->width + length > LINE_WIDTH) {
        fprintf(w->out, "\n%s", lead);
        w->width = strlen(lead);
    }
    fprintf(w->out, " %s", word);
    w->width += length;
}

static void write_comments(struct writer *w, const char *mark)
{
    fprintf(w->out, "%s gpumix linear program: %zu rows, %zu columns\n", mark, w->lp->n_rows,
            w->lp->n_cols);
    char name[LP_NAME_SIZE];
    bool is_first = true;
    for (size_t col = 0; col < w->lp->n_cols; col++) {
        if (!w->lp->integer[col]) continue;
        if (is_first)
            w->width = (size_t)fprintf(w->out, "%s integer in the plan, relaxed here:", mark);
        is_first = false;
        write_word(w, mark, col_name(w, col, name));
    }
    if (!is_first) fputc('\n', w->out);
}

/* --- free MPS --- */

static char mps_kind(const struct lp *lp, size_t row)
{
    if (lp->row_lo[row] == lp->row_hi[row]) return 'E';
    return isfinite(lp->row_lo[row]) ? 'G' : 'L';
}

static void write_mps_rows(struct writer *w)
{
    char name[LP_NAME_SIZE];
    fputs("ROWS\n N objective\n", w->out);
    for (size_t row = 0; row < w->lp->n_rows; row++)
        fprintf(w->out, " %c %s\n", mps_kind(w->lp, row), row_name(w, row, name));
}

static void write_mps_columns(struct writer *w)
{
    const struct lp *lp = w->lp;
    char name[LP_NAME_SIZE], row[LP_NAME_SIZE];
    fputs("COLUMNS\n", w->out);
    for (size_t col = 0; col < lp->n_cols; col++) {
        col_name(w, col, name);
        const bool is_empty = lp->start[col] == lp->start[col + 1];
        if (lp->cost[col] != 0 || is_empty)
            fprintf(w->out, " %s objective %.17g\n", name, lp->cost[col]);
        for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++)
            fprintf(w->out, " %s %s %.17g\n", name, row_name(w, lp->row[k], row), lp->value[k]);
    }
    if (w->has_constant) fprintf(w->out, " " CONSTANT_NAME " objective %.17g\n", lp->constant);
}

static void write_mps_sides(struct writer *w)
{
    const struct lp *lp = w->lp;
    char name[LP_NAME_SIZE];
    fputs("RHS\n", w->out);
    for (size_t row = 0; row < lp->n_rows; row++) {
        const double side = isfinite(lp->row_lo[row]) ? lp->row_lo[row] : lp->row_hi[row];
        if (side != 0) fprintf(w->out, " RHS %s %.17g\n", row_name(w, row, name), side);
    }
    bool is_first = true;
    for (size_t row = 0; row < lp->n_rows; row++) {
        if (!is_range(lp, row)) continue;
        if (is_first) fputs("RANGES\n", w->out);
        is_first = false;
        fprintf(w->out, " RNG %s %.17g\n", row_name(w, row, name),
                lp->row_hi[row] - lp->row_lo[row]);
    }
}

/* The lower bound comes first: an upper bound below 0 without one means "no lower bound" to some readers. */
static void write_mps_bounds(struct writer *w)
{
    const struct lp *lp = w->lp;
    char name[LP_NAME_SIZE];
    fputs("BOUNDS\n", w->out);
    for (size_t col = 0; col < lp->n_cols; col++) {
        const double lo = lp->col_lo[col], hi = lp->col_hi[col];
        col_name(w, col, name);
        if (lo == hi) {
            fprintf(w->out, " FX BND %s %.17g\n", name, lo);
            continue;
        }
        if (lo != 0) fprintf(w->out, " LO BND %s %.17g\n", name, lo);
        fprintf(w->out, " UP BND %s %.17g\n", name, hi);
    }
    if (w->has_constant) fputs(" FX BND " CONSTANT_NAME " 1\n", w->out);
}

static void write_mps(struct writer *w)
{
    write_comments(w, "*");
    fputs("NAME gpumix FREE\n", w->out);
    write_mps_rows(w);
    write_mps_columns(w);
    write_mps_sides(w);
    write_mps_bounds(w);
    fputs("ENDATA\n", w->out);
}

/* --- CPLEX LP --- */

static struct rows turn(const struct lp *lp, struct arena *a)
{
    const size_t n = lp->start[lp->n_cols];
    struct rows r = {
        .start = ARENA_NEW(a, size_t, lp->n_rows + 2),
        .col = ARENA_NEW(a, size_t, n + 1),
        .value = ARENA_NEW(a, double, n + 1),
    };
    for (size_t k = 0; k < n; k++) r.start[lp->row[k] + 2]++;
    for (size_t row = 0; row < lp->n_rows; row++) r.start[row + 2] += r.start[row + 1];
    for (size_t col = 0; col < lp->n_cols; col++)
        for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
            const size_t at = r.start[lp->row[k] + 1]++;
            r.col[at] = col;
            r.value[at] = lp->value[k];
        }
    return r;
}

static void write_term(struct writer *w, double value, const char *name)
{
    char term[LP_NAME_SIZE + 40];
    snprintf(term, sizeof term, "%c %.17g %s", signbit(value) ? '-' : '+', fabs(value), name);
    write_word(w, "", term);
}

static void write_lp_objective(struct writer *w)
{
    char name[LP_NAME_SIZE];
    fputs("Minimize\n objective:", w->out);
    w->width = strlen(" objective:");
    for (size_t col = 0; col < w->lp->n_cols; col++)
        write_term(w, w->lp->cost[col], col_name(w, col, name));
    if (w->has_constant) write_term(w, w->lp->constant, CONSTANT_NAME);
    fputc('\n', w->out);
}

static void write_lp_row(struct writer *w, const struct rows *rows, size_t row, const char *sense,
                         double side)
{
    char name[LP_NAME_SIZE], number[40];
    const bool is_second = is_range(w->lp, row) && sense[0] == '<';
    w->width = (size_t)fprintf(w->out, " %s%s:", row_name(w, row, name), is_second ? "_hi" : "");
    for (size_t k = rows->start[row]; k < rows->start[row + 1]; k++)
        write_term(w, rows->value[k], col_name(w, rows->col[k], name));
    if (rows->start[row] == rows->start[row + 1])
        write_term(w, 0, w->lp->n_cols > 0 ? col_name(w, 0, name) : CONSTANT_NAME);
    snprintf(number, sizeof number, "%s %.17g", sense, side);
    write_word(w, "", number);
    fputc('\n', w->out);
}

static void write_lp_rows(struct writer *w, const struct rows *rows)
{
    const struct lp *lp = w->lp;
    fputs("Subject To\n", w->out);
    for (size_t row = 0; row < lp->n_rows; row++) {
        const double lo = lp->row_lo[row], hi = lp->row_hi[row];
        if (lo == hi) {
            write_lp_row(w, rows, row, "=", lo);
            continue;
        }
        if (isfinite(lo)) write_lp_row(w, rows, row, ">=", lo);
        if (isfinite(hi)) write_lp_row(w, rows, row, "<=", hi);
    }
}

static void write_lp_bounds(struct writer *w)
{
    const struct lp *lp = w->lp;
    char name[LP_NAME_SIZE];
    fputs("Bounds\n", w->out);
    for (size_t col = 0; col < lp->n_cols; col++) {
        col_name(w, col, name);
        if (lp->col_lo[col] == lp->col_hi[col])
            fprintf(w->out, " %s = %.17g\n", name, lp->col_lo[col]);
        else
            fprintf(w->out, " %.17g <= %s <= %.17g\n", lp->col_lo[col], name, lp->col_hi[col]);
    }
    if (w->has_constant) fputs(" " CONSTANT_NAME " = 1\n", w->out);
}

static void write_lp(struct writer *w)
{
    struct arena *scratch = arena_new();
    const struct rows rows = turn(w->lp, scratch);
    write_comments(w, "\\");
    write_lp_objective(w);
    write_lp_rows(w, &rows);
    write_lp_bounds(w);
    fputs("End\n", w->out);
    arena_free(scratch);
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), n = strlen(ending);
    return length > n && strcmp(text + length - n, ending) == 0;
}

enum err lp_export(const struct lp *lp, const char *path, struct arena *a, struct diag *d)
{
    const bool is_mps = ends_with(path, ".mps"), is_lp = ends_with(path, ".lp");
    if (!is_mps && !is_lp) {
        const enum err e = diag_error(d, ERR_USAGE, (struct place){0},
                                      _("the linear program cannot be written to \"%s\""), path);
        diag_why(d, _("the ending of the file name says which format to write"));
        diag_fix(d, _("use a name that ends in .mps or .lp"));
        return e;
    }
    TRY(lp_check(lp, d));
    struct output output;
    TRY(output_open(&output, path, a, d));
    struct writer w = {
        .out = output.stream,
        .lp = lp,
        .is_lp = is_lp,
        .has_constant = lp->constant != 0 || lp->n_cols == 0,
    };
    if (is_mps)
        write_mps(&w);
    else
        write_lp(&w);
    return output_commit(&output, d);
}
