/* Whether x and y prove what they are said to prove, in rational numbers. With d = c - A'y,
 *     constant + sum_i y_i b_i + sum_j min(d_j l_j, d_j u_j)  <=  c x
 * for any x that keeps the rows, b_i being the side that the sign of y_i asks for; where that side does not exist, y_i counts as 0. */
#include "solver/lp_exact_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct values {
    mpq_t *items;
    size_t n;
};

static void values_clear(void *object)
{
    struct values *v = object;
    for (size_t i = 0; i < v->n; i++) mpq_clear(v->items[i]);
}

static mpq_t *values_new(size_t n, struct arena *a)
{
    struct values *v = ARENA_NEW(a, struct values, 1);
    v->items = ARENA_NEW(a, mpq_t, n + 1);
    v->n = n;
    for (size_t i = 0; i < n; i++) mpq_init(v->items[i]);
    arena_defer(a, values_clear, v);
    return v->items;
}

struct rational *rational_new(struct arena *a)
{
    return (struct rational *)values_new(1, a);
}

void exact_claim_new(struct exact_claim *c, const struct lp *lp, struct arena *a)
{
    *c = (struct exact_claim){.x = values_new(lp->n_cols, a), .y = values_new(lp->n_rows, a)};
}

/* --- reading --- */

/* "x 17 3/7": a value and where it belongs. */
static bool value_read(struct exact_claim *c, const struct lp *lp, char *line)
{
    const bool is_x = line[0] == 'x';
    if ((!is_x && line[0] != 'y') || line[1] != ' ' || line[2] < '0' || line[2] > '9') return false;
    char *end = NULL;
    const unsigned long at = strtoul(line + 2, &end, 10);
    if (*end != ' ' || at >= (is_x ? lp->n_cols : lp->n_rows)) return false;
    mpq_ptr value = is_x ? c->x[at] : c->y[at];
    if (strspn(end + 1, "-0123456789/") != strlen(end + 1)) return false;
    if (mpq_set_str(value, end + 1, 10) != 0 || mpz_sgn(mpq_denref(value)) == 0) return false;
    mpq_canonicalize(value);
    return true;
}

bool exact_claim_read(struct exact_claim *c, const struct lp *lp, char *text)
{
    const char *first = strsep(&text, "\n");
    c->infeasible = strcmp(first, "infeasible") == 0;
    if (!c->infeasible && strcmp(first, "optimal") != 0) return false;
    while (text) {
        char *line = strsep(&text, "\n");
        if (strcmp(line, "end") == 0) return text && *text == '\0';
        if (!value_read(c, lp, line)) return false;
    }
    return false;
}

/* --- checking --- */

/* Numbers that a check works with. */
struct work {
    mpq_t number, product, sum;
};

static void work_init(struct work *w)
{
    mpq_init(w->number);
    mpq_init(w->product);
    mpq_init(w->sum);
}

static void work_clear(struct work *w)
{
    mpq_clear(w->number);
    mpq_clear(w->product);
    mpq_clear(w->sum);
}

/* to += value x factor */
static void add_product(mpq_t to, struct work *w, double value, const mpq_t factor)
{
    mpq_set_d(w->number, value);
    mpq_mul(w->product, w->number, factor);
    mpq_add(to, to, w->product);
}

static int compare(struct work *w, const mpq_t a, double b)
{
    if (isinf(b)) return b > 0 ? -1 : 1;
    mpq_set_d(w->number, b);
    return mpq_cmp(a, w->number);
}

static bool is_within(struct work *w, const mpq_t value, double lo, double hi)
{
    return compare(w, value, lo) >= 0 && compare(w, value, hi) <= 0;
}

/* cost = what x costs; false: it breaks a bound or a row. */
static bool point_cost(mpq_t cost, struct work *w, const struct exact_claim *c, const struct lp *lp)
{
    struct arena *scratch = arena_new();
    mpq_t *activity = values_new(lp->n_rows, scratch);
    bool holds = true;
    mpq_set_d(cost, lp->constant);
    for (size_t j = 0; j < lp->n_cols && holds; j++) {
        holds = is_within(w, c->x[j], lp->col_lo[j], lp->col_hi[j]);
        if (mpq_sgn(c->x[j]) == 0) continue;
        add_product(cost, w, lp->cost[j], c->x[j]);
        for (size_t k = lp->start[j]; k < lp->start[j + 1]; k++)
            add_product(activity[lp->row[k]], w, lp->value[k], c->x[j]);
    }
    for (size_t i = 0; i < lp->n_rows && holds; i++)
        holds = is_within(w, activity[i], lp->row_lo[i], lp->row_hi[i]);
    arena_free(scratch);
    return holds;
}

static bool is_usable(const struct lp *lp, size_t row, const mpq_t y)
{
    return isfinite(mpq_sgn(y) > 0 ? lp->row_lo[row] : lp->row_hi[row]);
}

/* The lower bound that y proves, or with all costs and the constant 0, y having its sign changed where `turned`. False: there is
 * none, because a column has no bound. */
static bool bound_of(mpq_t bound, struct work *w, const struct exact_claim *c, const struct lp *lp)
{
    mpq_set_d(bound, c->infeasible ? 0 : lp->constant);
    for (size_t i = 0; i < lp->n_rows; i++)
        if (mpq_sgn(c->y[i]) != 0 && is_usable(lp, i, c->y[i]))
            add_product(bound, w, mpq_sgn(c->y[i]) > 0 ? lp->row_lo[i] : lp->row_hi[i], c->y[i]);
    for (size_t j = 0; j < lp->n_cols; j++) {
        mpq_set_d(w->sum, c->infeasible ? 0 : -lp->cost[j]);
        for (size_t k = lp->start[j]; k < lp->start[j + 1]; k++) {
            const size_t i = lp->row[k];
            if (mpq_sgn(c->y[i]) != 0 && is_usable(lp, i, c->y[i]))
                add_product(w->sum, w, lp->value[k], c->y[i]);
        }
        mpq_neg(w->sum, w->sum);
        if (mpq_sgn(w->sum) == 0) continue;
        const double best = mpq_sgn(w->sum) > 0 ? lp->col_lo[j] : lp->col_hi[j];
        if (isinf(best)) return false;
        add_product(bound, w, best, w->sum);
    }
    return true;
}

/* The sign of a proof that there is no solution differs from solver to solver. */
static bool is_infeasible(struct work *w, const struct exact_claim *c, const struct lp *lp)
{
    mpq_t bound;
    mpq_init(bound);
    bool proven = bound_of(bound, w, c, lp) && mpq_sgn(bound) > 0;
    for (size_t i = 0; i < lp->n_rows && !proven; i++) mpq_neg(c->y[i], c->y[i]);
    proven = proven || (bound_of(bound, w, c, lp) && mpq_sgn(bound) > 0);
    mpq_clear(bound);
    return proven;
}

bool exact_claim_holds(mpq_t optimum, const struct exact_claim *c, const struct lp *lp)
{
    struct work w;
    work_init(&w);
    mpq_t bound;
    mpq_init(bound);
    const bool holds = c->infeasible ? is_infeasible(&w, c, lp)
                                     : point_cost(optimum, &w, c, lp) &&
                                           bound_of(bound, &w, c, lp) && mpq_equal(bound, optimum);
    mpq_clear(bound);
    work_clear(&w);
    return holds;
}

/* --- as text --- */

/* GMP's own allocation, which the arena does not know. */
static const char *text_take(char *text, struct arena *a)
{
    const char *kept = arena_strdup(a, text);
    void (*release)(void *, size_t);
    mp_get_memory_functions(NULL, NULL, &release);
    release(text, strlen(text) + 1);
    return kept;
}

const char *rational_decimal(const struct rational *r, unsigned digits, struct arena *a)
{
    mpz_t scaled;
    mpz_init(scaled);
    mpz_ui_pow_ui(scaled, 10, digits);
    mpz_mul(scaled, scaled, mpq_numref(r->value));
    mpz_fdiv_q(scaled, scaled, mpq_denref(r->value));
    const bool negative = mpz_sgn(scaled) < 0;
    mpz_abs(scaled, scaled);
    const char *all = text_take(mpz_get_str(NULL, 10, scaled), a);
    mpz_clear(scaled);
    const size_t n = strlen(all);
    if (n <= digits) all = arena_printf(a, "%0*d%s", (int)(digits + 1 - n), 0, all);
    const size_t whole = strlen(all) - digits;
    return arena_printf(a, "%s%.*s%s%s", negative ? "-" : "", (int)whole, all, digits ? "." : "",
                        all + whole);
}

const char *rational_fraction(const struct rational *r, size_t most_bytes, struct arena *a)
{
    const size_t bytes =
        mpz_sizeinbase(mpq_numref(r->value), 10) + mpz_sizeinbase(mpq_denref(r->value), 10) + 2;
    return bytes > most_bytes ? NULL : text_take(mpq_get_str(NULL, 10, r->value), a);
}

double rational_apart(const struct rational *r, double value)
{
    if (!isfinite(value)) return value;
    mpq_t apart, size;
    mpq_init(apart);
    mpq_init(size);
    mpq_set_d(apart, value);
    mpq_sub(apart, apart, r->value);
    mpq_abs(size, r->value);
    if (mpq_cmp_ui(size, 1, 1) > 0) mpq_div(apart, apart, size);
    const double result = mpq_get_d(apart);
    mpq_clear(apart);
    mpq_clear(size);
    return result;
}
