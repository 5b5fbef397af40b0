/* Whole numbers: homes of datasets, machines of subscriptions and fixed fleets, savings plans of whole machines. */
#include "solver/options.h"
#include "solver/planner.h"
#include "solver/warm.h"
#include <math.h>
#include <string.h>

/* Branch and bound for whole homes and counts may take this many pivots where the user sets no limit, fewer where a pivot
 * costs much (by rows): counted work, never time, so that the same input gives the same plan on any machine. The bound is that
 * of the relaxation either way, and what is not closed by then is part of the printed gap. */
enum { TREE_PIVOTS = 30000, TREE_PIVOT_ROWS = 120000000 };
/* Beyond this size a tree is not begun: its first node alone would take that long. */
enum { MOST_TREE_ROWS = 15000 };
/* Rows of a program that is solved for one home after the other. */
enum { MOST_HOME_ROWS = 10000 };

/* Money that differs by less is the same. */
#define SAME_MONEY 1e-9

static bool is_whole(double x)
{
    return fabs(x - round(x)) <= WHOLE;
}

bool all_whole(const struct lp *lp, const double *x)
{
    for (size_t j = 0; j < lp->n_cols; j++)
        if (lp->integer[j] && !is_whole(x[j])) return false;
    return true;
}

void settle_counts(const struct planner *p)
{
    const struct lp *lp = p->f->lp;
    for (size_t j = 0; j < lp->n_cols; j++) {
        const bool open = p->f->columns[j].kind == COLUMN_HELD && !is_whole(p->fixed.x[j]);
        if (lp->integer[j] && !open) p->fixed.x[j] = round(p->fixed.x[j]);
    }
}

bool is_solved(const struct lp_result *r)
{
    return r->status == LP_OPTIMAL || r->status == LP_FEASIBLE;
}

static size_t rows_in(const struct lp_basis *b, size_t n_rows)
{
    size_t n = 0;
    for (size_t i = 0; b->row && i < n_rows; i++) n += b->row[i] != 0;
    return n;
}

/* Once more with other bounds. A large program begins with the basis it ended with, or, where that is not known, with the columns
 * that were used. */
static enum err solve_again(struct planner *p, const struct lp_result *before)
{
    struct lp *lp = p->f->lp;
    const struct lp_basis *from = NULL, basis = before->basis;
    const bool large = columns_apart(p->f) > MOST_TREE_COLUMNS;
    if (large && basis.row) from = &basis;
    for (size_t j = 0; large && !from && j < lp->n_cols; j++)
        if (before->x[j] > 0) lp->lazy[j] = false;
    return lp_solve_from(&p->fixed, lp, &p->settings->lp, from, p->arena, p->diag);
}

static void fix_column(struct lp *lp, size_t col, double value)
{
    lp->col_lo[col] = lp->col_hi[col] = value;
}

/* Where most of dataset s lies. */
static size_t best_home(const struct planner *p, size_t s, const double *x)
{
    const struct formulation *f = p->f;
    size_t best = f->first_home[s];
    for (size_t i = best; i < f->first_home[s + 1]; i++)
        if (x[f->home_column[i]] > x[f->home_column[best]] + WHOLE) best = i;
    return best;
}

/* The dataset torn between homes that is closest to lying in one; NONE: none is torn. */
static size_t least_torn(const struct planner *p, const double *x)
{
    size_t best = NONE;
    double most = 0;
    for (size_t s = 0; s < p->m->n_stores; s++) {
        if (p->m->stores[s].split) continue;
        const double share = x[p->f->home_column[best_home(p, s, x)]];
        if (is_whole(share) || share <= most + WHOLE) continue;
        best = s;
        most = share;
    }
    return best;
}

static void fix_home(struct planner *p, size_t s, size_t home)
{
    const struct formulation *f = p->f;
    for (size_t i = f->first_home[s]; i < f->first_home[s + 1]; i++)
        fix_column(f->lp, f->home_column[i], i == home ? 1 : 0);
}

/* The relaxation with whole homes lies far from where it ended without; a plan like it with whole numbers lies nearer. */
static struct lp_result begin_whole(const struct planner *p, const struct lp_result *before)
{
    struct lp_result begin = *before;
    if (!p->settings->warm || before->basis.row != p->relaxed.basis.row) return begin;
    const struct lp_basis kept = warm_basis(p->settings->warm, p->f, true, p->arena);
    if (kept.row) begin.basis = kept;
    return begin;
}

/* Of the homes among which dataset s is torn the one where the rest costs least; shares say little of that, because what is
 * short in one place may just fill the other. p->fixed is the solution with it. */
static enum err choose_home(struct planner *p, size_t s)
{
    const struct lp_result before = p->fixed;
    struct lp_result best = {.status = LP_INFEASIBLE, .objective = INFINITY};
    const size_t before_it = warm_home(p->settings->warm, p->f, s);
    size_t home = before_it == NONE ? best_home(p, s, before.x) : before_it;
    const size_t favourite = home;
    const struct lp_result first = begin_whole(p, &before);
    for (size_t i = p->f->first_home[s]; i <= p->f->first_home[s + 1]; i++) {
        /* The favourite first: where it costs nothing more, no other is asked. */
        const size_t at = i == p->f->first_home[s] ? favourite : i - 1;
        if ((i > p->f->first_home[s] && at == favourite) ||
            before.x[p->f->home_column[at]] <= WHOLE)
            continue;
        fix_home(p, s, at);
        TRY(solve_again(p, i == p->f->first_home[s] ? &first : &before));
        if (!is_solved(&p->fixed) || p->fixed.objective >= best.objective * (1 - SAME_MONEY))
            continue;
        best = p->fixed;
        home = at;
        if (best.objective <= before.objective * (1 + SAME_MONEY)) break;
    }
    fix_home(p, s, home);
    p->fixed = best;
    return OK;
}

/* Where a program takes long to solve again: all where most of each lies, in one go. That is so far away that beginning anew is
 * quicker. */
static enum err fix_homes_at_once(struct planner *p)
{
    struct lp_result before = p->fixed;
    before.basis.row = NULL;
    const bool torn = least_torn(p, before.x) != NONE;
    for (size_t s = 0; s < p->m->n_stores; s++)
        if (!p->m->stores[s].split) fix_home(p, s, best_home(p, s, before.x));
    return torn ? solve_again(p, &before) : OK;
}

/* Datasets torn between homes get one, one after the other: where one lies decides where those lie that are used with it. */
static enum err fix_homes(struct planner *p)
{
    p->fixed = p->relaxed;
    if (rows_in(&p->relaxed.basis, p->f->lp->n_rows) > MOST_HOME_ROWS) return fix_homes_at_once(p);
    for (size_t s; is_solved(&p->fixed) && (s = least_torn(p, p->fixed.x)) != NONE;)
        TRY(choose_home(p, s));
    for (size_t s = 0; is_solved(&p->fixed) && s < p->m->n_stores; s++)
        if (!p->m->stores[s].split) fix_home(p, s, best_home(p, s, p->fixed.x));
    return OK;
}

static void fix_counts(struct lp *lp, const double *x, bool up)
{
    for (size_t j = 0; j < lp->n_cols; j++)
        if (lp->integer[j])
            fix_column(lp, j, fmin(floor(lp->col_hi[j]), up ? ceil(x[j] - WHOLE) : round(x[j])));
}

/* Rounds in three LPs: homes, then counts to the nearest whole number, or upwards where that is not enough. */
enum err round_whole(struct planner *p, bool up_first)
{
    struct lp *lp = p->f->lp;
    const size_t n = lp->n_cols;
    double *lo = ARENA_NEW(p->arena, double, n + 1), *hi = ARENA_NEW(p->arena, double, n + 1);
    memcpy(lo, lp->col_lo, n * sizeof *lo);
    memcpy(hi, lp->col_hi, n * sizeof *hi);
    enum err e = fix_homes(p);
    for (int up = up_first; e == OK && up < 2; up++) {
        if (!is_solved(&p->fixed)) break;
        const struct lp_result before = p->fixed;
        fix_counts(lp, before.x, up);
        e = solve_again(p, &before);
        if (is_solved(&p->fixed)) break;
        if (up == 0) p->fixed = before;
    }
    memcpy(lp->col_lo, lo, n * sizeof *lo);
    memcpy(lp->col_hi, hi, n * sizeof *hi);
    return e;
}

/* Hours for which the LP holds machines of option o of a rate demand, and the most at a time. */
static double option_hours(const struct planner *p, size_t served, size_t o, double *most)
{
    const size_t T = p->m->grid.n;
    double hours = 0;
    *most = 0;
    for (size_t t = 0; t < T; t++) {
        const size_t col = p->f->services[served].held[o * T + t];
        if (col == NONE) continue;
        hours += p->fixed.x[col] * period_h(&p->m->grid, t);
        *most = fmax(*most, p->fixed.x[col]);
    }
    return hours;
}

/* Money per hour of a savings plan that pays whole machines: of each rate demand the option that uses it most is rounded at its
 * peak, and the LP's own amount changes by what that changes; work uses parts of hours and stays. */
static double whole_plan(const struct planner *p, size_t limit, double amount)
{
    double sum = amount;
    for (size_t i = 0; i < p->m->n_served; i++) {
        double longest = 0, change = 0;
        for (size_t o = 0; o < p->m->served[i].group.n_options; o++) {
            double most = 0;
            const double units = option_limit_units(&p->m->served[i].group.options[o], limit);
            const double hours = units > 0 ? option_hours(p, i, o, &most) : 0;
            if (hours <= longest) continue;
            longest = hours;
            change = (round(most) - most) * units;
        }
        sum += change;
    }
    return fmax(0, sum);
}

static bool has_savings_plan(const struct planner *p)
{
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const size_t col = p->f->subscription_column[l];
        if (p->m->limits[l].kind == LIMIT_SAVINGS_PLAN && col != NONE && p->fixed.x[col] > WHOLE)
            return true;
    }
    return false;
}

/* Once more with the whole counts that were found and savings plans for whole machines. */
static enum err fix_savings_plans(struct planner *p)
{
    struct lp *lp = p->f->lp;
    if (!has_savings_plan(p)) return OK;
    const size_t n = lp->n_cols;
    double *lo = ARENA_NEW(p->arena, double, n + 1), *hi = ARENA_NEW(p->arena, double, n + 1);
    memcpy(lo, lp->col_lo, n * sizeof *lo);
    memcpy(hi, lp->col_hi, n * sizeof *hi);
    const struct lp_result before = p->fixed;
    for (size_t j = 0; j < n; j++)
        if (lp->integer[j] && is_whole(before.x[j])) fix_column(lp, j, round(before.x[j]));
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const size_t col = p->f->subscription_column[l];
        if (p->m->limits[l].kind == LIMIT_SAVINGS_PLAN && col != NONE)
            fix_column(lp, col, whole_plan(p, l, before.x[col]));
    }
    const enum err e = solve_again(p, &before);
    if (!is_solved(&p->fixed)) p->fixed = before;
    memcpy(lp->col_lo, lo, n * sizeof *lo);
    memcpy(lp->col_hi, hi, n * sizeof *hi);
    return e;
}

/* Machines by the hour stay in parts: whole ones are chosen for each period afterwards, as far as limits allow. */
static enum err round_lasting(struct planner *p)
{
    struct lp *lp = p->f->lp;
    bool *whole = ARENA_NEW(p->arena, bool, lp->n_cols + 1), *all = lp->integer;
    bool held = false;
    for (size_t j = 0; j < lp->n_cols; j++) {
        const bool hourly = all[j] && p->f->columns[j].kind == COLUMN_HELD;
        whole[j] = all[j] && !hourly;
        held |= hourly;
    }
    if (!held) return OK;
    lp->integer = whole;
    const enum err e = round_whole(p, false);
    lp->integer = all;
    return e;
}

static long tree_pivots(size_t n_rows)
{
    const long pivots = TREE_PIVOT_ROWS / ((long)n_rows + 1);
    return pivots < TREE_PIVOTS ? pivots : TREE_PIVOTS;
}

/* Whether what the program wants whole is so in every plan: what is bought for a term, and where a dataset lies. Machines of
 * services by the period are not: they may start within one. */
static bool lasts_whole(const struct planner *p)
{
    for (size_t j = 0; j < p->f->lp->n_cols; j++) {
        const enum column_kind kind = p->f->columns[j].kind;
        if (p->f->lp->integer[j] && kind != COLUMN_SUBSCRIPTION && kind != COLUMN_HOME)
            return false;
    }
    return true;
}

/* Whole homes and machine counts: branch and bound where the LP leaves any open, rounding where that takes too long. */
enum err fix_whole(struct planner *p)
{
    struct lp *lp = p->f->lp;
    p->fixed = p->relaxed;
    p->tree_bound = -INFINITY;
    if (p->decision.relaxed) return OK;
    if (!all_whole(lp, p->relaxed.x)) {
        struct lp_settings settings = p->settings->lp;
        settings.mip_gap = p->settings->gap;
        if (settings.time_limit_s <= 0) {
            settings.iteration_limit = tree_pivots(lp->n_rows);
        }
        p->fixed.status = LP_LIMIT;
        if (lp->n_rows <= MOST_TREE_ROWS && columns_apart(p->f) <= MOST_TREE_COLUMNS) {
            TRY(lp_solve_mip(&p->fixed, lp, &settings, p->arena, p->diag));
            if (lasts_whole(p)) p->tree_bound = p->fixed.bound;
        }
        if (p->fixed.status == LP_LIMIT) TRY(round_whole(p, false));
        if (!is_solved(&p->fixed)) TRY(round_lasting(p));
        if (!is_solved(&p->fixed)) return OK;
    }
    TRY(fix_savings_plans(p));
    settle_counts(p);
    return OK;
}
