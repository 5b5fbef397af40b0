/* Numbers of a basis of GLPK: values, prices, proofs. */
#include "solver/lp_glpk_internal.h"

#include <math.h>

enum { REFINEMENTS = 2 }; /* each squares the error; two reach the last bit */
/* GLPK calls a value outside its bound b beyond tolerance x (1 + 0.001 |b|) (spx_prim.c). */
#define SIDE_SHARE 0.001

static bool has_factors(const struct glpk_session *s)
{
    if (s->m == 0 || s->n == 0) return false;
    return glp_bf_exists(s->glpk) || glp_factorize(s->glpk) == 0;
}

static double col_value(const struct glpk_session *s, int number)
{
    return glp_get_col_prim(s->glpk, number);
}

static void read_x(const struct glpk_session *s)
{
    const struct lp_run *run = s->run;
    for (size_t col = 0; col < run->lp->n_cols; col++)
        if (!run->pricing.in[col]) run->x[col] = 0;
    for (int j = 1; j <= s->n; j++) run->x[s->col[j]] = col_value(s, j);
}

static void read_y(const struct glpk_session *s)
{
    for (size_t row = 0; row < s->run->lp->n_rows; row++)
        s->run->y[row] = s->number[row] ? glp_get_row_dual(s->glpk, s->number[row]) : 0;
}

void glpk_save_solution(struct glpk_session *s)
{
    read_y(s);
    s->run->has_y = true;
    if (glp_get_prim_stat(s->glpk) != GLP_FEAS) return;
    read_x(s);
    s->run->has_x = true;
}

/* B d = A x - x_R on basic rows and columns, x += d: basic values to the last bit instead of GLPK's 1e-9. */
static void refine_x(struct glpk_session *s)
{
    const struct lp_run *run = s->run;
    const int m = s->m;
    lp_activity(s->activity, run->lp, run->x);
    for (int i = 1; i <= m; i++) {
        const size_t row = s->row[i];
        const int state = glp_get_row_stat(s->glpk, i);
        const double lo = run->lp->row_lo[row], hi = run->lp->row_hi[row];
        s->rhs[i] = 0;
        if (state == GLP_NL || state == GLP_NS) s->rhs[i] = s->activity[row] - lo;
        if (state == GLP_NU) s->rhs[i] = s->activity[row] - hi;
    }
    glp_ftran(s->glpk, s->rhs);
    for (int i = 1; i <= m; i++) {
        const int k = glp_get_bhead(s->glpk, i);
        if (k > m && isfinite(s->rhs[i])) run->x[s->col[k - m]] += s->rhs[i];
    }
}

/* B'd = reduced costs of the basic columns, y -= d. */
static void refine_y(struct glpk_session *s)
{
    const struct lp_run *run = s->run;
    const int m = s->m;
    for (int i = 1; i <= m; i++) {
        const int k = glp_get_bhead(s->glpk, i);
        if (k <= m) run->y[s->row[k]] = 0;
    }
    for (int i = 1; i <= m; i++) {
        const int k = glp_get_bhead(s->glpk, i);
        s->rhs[i] = k > m ? lp_reduced_cost(run->lp, s->col[k - m], run->y) : 0;
    }
    glp_btran(s->glpk, s->rhs);
    for (int i = 1; i <= m; i++) {
        const bool is_basic = glp_get_row_stat(s->glpk, i) == GLP_BS;
        if (!is_basic && isfinite(s->rhs[i])) run->y[s->row[i]] -= s->rhs[i];
    }
}

/* A basic value within rounding of its bound sits on it. */
static void snap_x(const struct lp_run *run)
{
    const double near = run->settings->feasibility * TIGHTER * TIGHTER;
    const struct lp *lp = run->lp;
    for (size_t col = 0; col < lp->n_cols; col++) {
        const double lo = lp->col_lo[col], hi = lp->col_hi[col];
        if (fabs(run->x[col] - lo) <= near * fmax(1, fabs(lo)))
            run->x[col] = lo;
        else if (fabs(run->x[col] - hi) <= near * fmax(1, fabs(hi)))
            run->x[col] = hi;
    }
}

void glpk_read_solution(struct glpk_session *s)
{
    read_x(s);
    read_y(s);
    for (int round = 0; round < REFINEMENTS && has_factors(s); round++) {
        refine_x(s);
        refine_y(s);
    }
    snap_x(s->run);
    s->run->has_x = s->run->has_y = true;
}

/* -1 below its lower bound, 1 above its upper bound, beyond GLPK's own tolerance; else 0. */
static double side_of(double value, double lo, double hi, double tolerance)
{
    if (value < lo - tolerance * (1 + SIDE_SHARE * fabs(lo))) return -1;
    if (value > hi + tolerance * (1 + SIDE_SHARE * fabs(hi))) return 1;
    return 0;
}

/* Prices of least total violation: B'p = sides of the basic variables, y = -p. They are a Farkas vector of the columns
 * that are in, and tell which others would help. */
void glpk_read_proof(struct glpk_session *s)
{
    const struct lp_run *run = s->run;
    const struct lp *lp = run->lp;
    const int m = s->m;
    const double tolerance = run->settings->feasibility * run->tolerance * 0.5;
    if (!has_factors(s)) { /* no columns: every row stands at 0 */
        for (size_t row = 0; row < lp->n_rows; row++)
            run->y[row] = -side_of(0, lp->row_lo[row], lp->row_hi[row], 0);
        return;
    }
    for (int i = 1; i <= m; i++) {
        const int k = glp_get_bhead(s->glpk, i);
        const size_t at = k <= m ? s->row[k] : s->col[k - m];
        if (k <= m)
            s->rhs[i] =
                side_of(glp_get_row_prim(s->glpk, k), lp->row_lo[at], lp->row_hi[at], tolerance);
        else
            s->rhs[i] = side_of(col_value(s, k - m), lp->col_lo[at], lp->col_hi[at], tolerance);
    }
    glp_btran(s->glpk, s->rhs);
    for (size_t row = 0; row < lp->n_rows; row++) run->y[row] = 0;
    for (int i = 1; i <= m; i++) run->y[s->row[i]] = -s->rhs[i];
}
