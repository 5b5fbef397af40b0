/* QSopt_ex: built from doubles, solved, and its answer written. All of it in a process of its own. */
#include "solver/lp_exact_internal.h"

#include <math.h>
#include <qsopt_ex/QSopt_ex.h>
#include <stdlib.h>
#include <unistd.h>

static void *memory_new(size_t bytes)
{
    void *at = malloc(bytes);
    if (!at) _exit(EXACT_NO_MEMORY);
    return at;
}

static void *memory_more(void *old, size_t old_bytes, size_t bytes)
{
    (void)old_bytes;
    void *at = realloc(old, bytes);
    if (!at) _exit(EXACT_NO_MEMORY);
    return at;
}

static void memory_free(void *at, size_t bytes)
{
    (void)bytes;
    free(at);
}

static void say_nothing(const char *message, void *context)
{
    (void)message;
    (void)context;
}

/* QSopt_ex finds the number of elements in front of its arrays. */
static mpq_t *zeros(size_t n, struct arena *a)
{
    size_t *front = arena_alloc(a, 1, sizeof *front + (n + 1) * sizeof(mpq_t));
    front[0] = n;
    mpq_t *out = (mpq_t *)(void *)(front + 1);
    for (size_t i = 0; i < n; i++) mpq_init(out[i]);
    return out;
}

static mpq_t *fractions(const double *value, size_t n, struct arena *a)
{
    mpq_t *out = zeros(n, a);
    for (size_t i = 0; i < n; i++) {
        if (isinf(value[i]))
            mpq_set(out[i], value[i] > 0 ? mpq_ILL_MAXDOUBLE : mpq_ILL_MINDOUBLE);
        else
            mpq_set_d(out[i], value[i]);
    }
    return out;
}

static bool is_range(const struct lp *lp, size_t row)
{
    return isfinite(lp->row_lo[row]) && isfinite(lp->row_hi[row]) &&
           lp->row_lo[row] != lp->row_hi[row];
}

/* The arrays of a program. A row with two sides becomes A x - s = 0 with a column s between them: rows that were given a range
 * afterwards are solved wrongly. */
struct table {
    int n_rows, n_cols, n_values;
    int *begin, *count,
        *row; /* columns one after the other: where each begins, how many coefficients */
    double *value, *cost, *lo, *hi, *side;
    char *sense;
};

static void column_add(struct table *t, double lo, double hi, double cost)
{
    t->begin[t->n_cols] = t->n_values;
    t->count[t->n_cols] = 0;
    t->lo[t->n_cols] = lo;
    t->hi[t->n_cols] = hi;
    t->cost[t->n_cols++] = cost;
}

static void value_add(struct table *t, size_t row, double value)
{
    t->row[t->n_values] = (int)row;
    t->value[t->n_values++] = value;
    t->count[t->n_cols - 1]++;
}

static void row_add(struct table *t, const struct lp *lp, size_t row)
{
    const double lo = lp->row_lo[row], hi = lp->row_hi[row];
    t->sense[row] = lo == hi || is_range(lp, row) ? 'E' : isinf(hi) ? 'G' : 'L';
    t->side[row] = is_range(lp, row) ? 0 : isinf(lo) ? hi : lo;
    if (!is_range(lp, row)) return;
    column_add(t, lo, hi, 0);
    value_add(t, row, -1);
}

static struct table table_of(const struct lp *lp, struct arena *a)
{
    const size_t m = lp->n_rows, n = lp->n_cols + m, values = lp->start[lp->n_cols] + m;
    struct table t = {.n_rows = (int)m,
                      .begin = ARENA_NEW(a, int, n + 1),
                      .count = ARENA_NEW(a, int, n + 1),
                      .row = ARENA_NEW(a, int, values + 1),
                      .value = ARENA_NEW(a, double, values + 1),
                      .cost = ARENA_NEW(a, double, n + 1),
                      .lo = ARENA_NEW(a, double, n + 1),
                      .hi = ARENA_NEW(a, double, n + 1),
                      .side = ARENA_NEW(a, double, m + 1),
                      .sense = ARENA_NEW(a, char, m + 1)};
    for (size_t j = 0; j < lp->n_cols; j++) {
        column_add(&t, lp->col_lo[j], lp->col_hi[j], lp->cost[j]);
        for (size_t k = lp->start[j]; k < lp->start[j + 1]; k++)
            value_add(&t, lp->row[k], lp->value[k]);
    }
    for (size_t i = 0; i < m; i++) row_add(&t, lp, i);
    return t;
}

static mpq_QSprob program(const struct table *t, struct arena *a)
{
    const size_t m = (size_t)t->n_rows, n = (size_t)t->n_cols;
    return mpq_QSload_prob("gpumix", t->n_cols, t->n_rows, t->count, t->begin, t->row,
                           fractions(t->value, (size_t)t->n_values, a), QS_MIN,
                           fractions(t->cost, n, a), fractions(t->side, m, a), t->sense,
                           fractions(t->lo, n, a), fractions(t->hi, n, a), NULL, NULL);
}

static void write_values(FILE *out, char which, mpq_t *value, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (mpq_sgn(value[i]) == 0) continue;
        fprintf(out, "%c %zu ", which, i);
        mpq_out_str(out, 10, value[i]);
        fputc('\n', out);
    }
}

static void solve(const struct lp *lp, FILE *out, struct arena *a)
{
    const struct table t = table_of(lp, a);
    mpq_QSprob p = program(&t, a);
    /* The solver adds a column of its own per row. */
    mpq_t *x = zeros((size_t)t.n_cols + lp->n_rows, a), *y = zeros(lp->n_rows, a);
    int status = 0;
    if (!p || QSexact_solver(p, x, y, NULL, DUAL_SIMPLEX, &status)) return;
    if (status == QS_LP_OPTIMAL && (mpq_QSget_x_array(p, x) || mpq_QSget_pi_array(p, y))) return;
    if (status != QS_LP_OPTIMAL && status != QS_LP_INFEASIBLE) return;
    fputs(status == QS_LP_OPTIMAL ? "optimal\n" : "infeasible\n", out);
    if (status == QS_LP_OPTIMAL) write_values(out, 'x', x, lp->n_cols);
    write_values(out, 'y', y, lp->n_rows);
    fputs("end\n", out);
}

void lp_exact_qsopt(const struct lp *lp, FILE *out)
{
    mp_set_memory_functions(memory_new, memory_more, memory_free);
    QSlog_set_handler(say_nothing, NULL);
    QSexactStart();
    struct arena *a = arena_new();
    solve(lp, out, a);
    arena_free(a); /* what QSopt_ex keeps goes with the process */
}
