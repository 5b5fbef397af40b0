/* Which columns to let in: reduced costs of all that are still outside, and a fair choice of the best. */
#include "solver/lp_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct lp_candidate {
    double reduced; /* below 0 */
    double merit;   /* the lower the better */
    size_t group;   /* the row that pays most for the column */
    size_t rank;    /* among its group */
    size_t col;
    bool wide; /* widens several rows that are outside */
};

/* Columns that widen several rows, per round. */
enum { MOST_WIDE = 4 };

/* Scaled costs are near 1; below this a column counts as this dear. */
#define LEAST_COST 1e-3

/* Only columns that may stay at 0 can be left out. */
void lp_pricing_start(struct lp_pricing *p, const struct lp *lp, bool lazily, struct arena *a)
{
    *p = (struct lp_pricing){
        .lp = lp,
        .in = ARENA_NEW(a, bool, lp->n_cols + 1),
        .candidate = ARENA_NEW(a, struct lp_candidate, lp->n_cols + 1),
        .chosen = ARENA_NEW(a, size_t, lp->n_cols + 1),
    };
    for (size_t col = 0; col < lp->n_cols; col++) {
        p->in[col] = !(lazily && lp->lazy && lp->lazy[col] && lp->col_lo[col] == 0);
        p->n_out += !p->in[col];
    }
}

void lp_pricing_begin(struct lp_pricing *p, const unsigned char *in_basis)
{
    p->n_out = 0;
    for (size_t col = 0; col < p->lp->n_cols; col++) {
        if (!in_basis[col] && p->lp->col_lo[col] == 0) p->in[col] = false;
        if (in_basis[col]) p->in[col] = true;
        p->n_out += !p->in[col];
    }
}

static int compare_cols(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int by_group(const void *left, const void *right)
{
    const struct lp_candidate *a = left, *b = right;
    if (a->group != b->group) return compare_cols(a->group, b->group);
    if (a->merit != b->merit) return a->merit < b->merit ? -1 : 1;
    return compare_cols(a->col, b->col);
}

static int by_rank(const void *left, const void *right)
{
    const struct lp_candidate *a = left, *b = right;
    if (a->rank != b->rank) return compare_cols(a->rank, b->rank);
    if (a->merit != b->merit) return a->merit < b->merit ? -1 : 1;
    return compare_cols(a->col, b->col);
}

static int by_col(const void *left, const void *right)
{
    return compare_cols(*(const size_t *)left, *(const size_t *)right);
}

static struct lp_candidate price(const struct lp *lp, size_t col, const double *y, double cost)
{
    struct lp_candidate c = {.reduced = cost, .group = 0, .col = col};
    double most = 0;
    for (size_t k = lp->start[col]; k < lp->start[col + 1]; k++) {
        const double paid = lp->value[k] * y[lp->row[k]];
        c.reduced -= paid;
        if (paid <= most) continue;
        most = paid;
        c.group = lp->row[k];
    }
    return c;
}

static int by_merit(const void *left, const void *right)
{
    const struct lp_candidate *a = left, *b = right;
    if (a->wide != b->wide) return b->wide - a->wide;
    if (a->merit != b->merit) return a->merit < b->merit ? -1 : 1;
    return compare_cols(a->col, b->col);
}

/* Commitments drag the columns of all their uses along, so the best few come first. */
static size_t keep_few_wide(struct lp_pricing *p, size_t n)
{
    size_t n_wide = 0;
    for (size_t i = 0; i < n; i++) n_wide += p->candidate[i].wide;
    if (n_wide <= MOST_WIDE) return n;
    qsort(p->candidate, n, sizeof *p->candidate, by_merit);
    const size_t left_out = n_wide - MOST_WIDE;
    memmove(p->candidate + MOST_WIDE, p->candidate + n_wide, (n - n_wide) * sizeof *p->candidate);
    return n - left_out;
}

size_t lp_price_columns(struct lp_pricing *p, const double *y, bool proving, double tolerance,
                        size_t batch)
{
    size_t n = 0;
    for (size_t col = 0; col < p->lp->n_cols; col++) {
        if (p->in[col] || p->lp->col_hi[col] <= 0) continue; /* fixed at 0: no price moves it */
        const double cost = proving ? 0 : p->lp->cost[col];
        struct lp_candidate c = price(p->lp, col, y, cost);
        if (!(c.reduced < -tolerance * fmax(1, fabs(cost)))) continue;
        c.wide = p->rows && lp_rows_widened(p->rows, col) > 1;
        c.merit = proving ? c.reduced / fmax(p->lp->cost[col], LEAST_COST) : c.reduced;
        p->candidate[n++] = c;
    }
    n = keep_few_wide(p, n);
    size_t n_chosen = batch;
    if (n_chosen < n) {
        qsort(p->candidate, n, sizeof *p->candidate, by_group);
        for (size_t i = 1; i < n; i++)
            if (p->candidate[i].group == p->candidate[i - 1].group)
                p->candidate[i].rank = p->candidate[i - 1].rank + 1;
        qsort(p->candidate, n, sizeof *p->candidate, by_rank);
    } else {
        n_chosen = n;
    }
    for (size_t i = 0; i < n_chosen; i++) {
        p->chosen[i] = p->candidate[i].col;
        p->in[p->chosen[i]] = true;
    }
    qsort(p->chosen, n_chosen, sizeof *p->chosen, by_col);
    p->n_out -= n_chosen;
    return n_chosen;
}
