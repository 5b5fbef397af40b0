#include "solver/crowd_solve.h"
#include "common/text.h"
#include "solver/crowd_recover.h"
#include "solver/crowd_warm.h"
#include "solver/formulate.h"
#include "solver/lp_internal.h"
#include "solver/price_search.h"
#include "solver/warm.h"
#include <math.h>
#include <string.h>

/* Plain formulations up to this size are solved as they are: their duals and names are the user's own. */
enum { FEW_COLUMNS = 20000 };

/* ---- what the planner works with ----------------------------------------------------------------- */

/* More than a machine could earn: what a limit of nothing may cost, since nobody pays it. */
static double high_price(const struct crowd *c, const struct prices *p)
{
    double unit = 0, size = 0;
    for (size_t i = 0; i < c->n_buses * c->n_periods; i++) unit = fmax(unit, p->bus[i]);
    for (size_t i = 0; i < c->model->n_offers; i++) {
        const struct instance_type *t = book_type(c->model->book, c->model->offers[i].type);
        size = fmax(size, fmax(t->gpus, (double)t->vcpu));
    }
    return unit * size;
}

/* Duals of limits in terms of the plain formulation: what one unit more of a limit saves in a period. */
static void duals_fill(double *row_dual, const struct planner *p, const struct prices *prices)
{
    const struct crowd *c = &p->crowd->crowd;
    const size_t T = c->n_periods;
    const size_t *row = p->f->limit_row;
    for (size_t i = 0; i < p->m->n_limits * T; i++)
        if (row[i] != NONE) row_dual[row[i]] = -prices->limit[i] * c->hours[i % T];
    const double high = high_price(c, prices);
    for (size_t i = 0; i < p->m->n_limits * T; i++)
        if (row[i] != NONE && !p->m->limits[i / T].buys && c->amount[i] <= 0)
            row_dual[row[i]] = -high * c->hours[i % T];
    for (size_t s = 0; s < c->n_suppliers; s++) {
        const struct supplier *o = &c->suppliers[s];
        for (size_t t = 0; o->bought != NONE && t < T; t++)
            if (row[o->bought * T + t] != NONE)
                row_dual[row[o->bought * T + t]] =
                    -prices->bus[o->bus * T + t] * o->size * c->hours[t];
    }
    for (size_t i = 0; i < c->n_spares; i++) {
        const struct spare *o = &c->spares[i];
        for (size_t t = 0; t < T; t++)
            if (row[o->limit * T + t] != NONE)
                row_dual[row[o->limit * T + t]] =
                    -prices->bus[o->bus * T + t] * o->size * c->hours[t];
    }
}

/* The planner's results over the columns of commitments and the rows of limits: objective and bound are those of `from`. */
static void result_take(struct planner *p, const struct lp_result *from,
                        const struct prices *prices)
{
    struct crowd_run *r = p->crowd;
    const size_t n = p->m->n_limits;
    double *most = ARENA_NEW(p->arena, double, n + 1);
    for (size_t l = 0; l < n; l++) most[l] = 2 * r->flow.bought[l];
    formulate_bought(p->f, p->m, most);
    crowd_recover(&r->cells, &r->crowd, &r->flow);
    p->f->cells = &r->cells;
    struct lp_result *out = &p->relaxed;
    const struct lp *lp = p->f->lp;
    *out = *from;
    out->basis = (struct lp_basis){0};
    out->x = ARENA_NEW(p->arena, double, lp->n_cols + 1);
    out->reduced_cost = ARENA_NEW(p->arena, double, lp->n_cols + 1);
    out->row_dual = ARENA_NEW(p->arena, double, lp->n_rows + 1);
    for (size_t j = 0; j < lp->n_cols; j++)
        out->x[j] =
            p->f->columns[j].kind == COLUMN_SUBSCRIPTION ? r->flow.bought[p->f->columns[j].a] : 1;
    duals_fill(out->row_dual, p, prices);
    r->prices = *prices;
    p->fixed = p->relaxed;
}

/* ---- columns ------------------------------------------------------------------------------------- */

/* Rounds of the price search from which the first columns are taken: those within a share of the cheapest of their class. Of 20
 * to 600 rounds, 5 to 100% these needed least time on 50 jobs x 24 h (three seeds), 150 jobs x 72 h (three seeds; 100 to 300
 * rounds are much the same) and 500 jobs x 168 h. */
static const struct first_columns {
    size_t columns; /* of all */
    long rounds;
    double near_frac;
} FIRST[] = {{2000, 0, 0.2}, {8000, 100, 0.2}, {60000, 300, 0.2}, {SIZE_MAX, 600, 0.1}};

static const struct first_columns *first_columns(const struct crowd *c)
{
    const struct first_columns *f = FIRST;
    while (crowd_columns(c) > f->columns) f++;
    return f;
}

static struct lp_settings sparse_settings(const struct planner *p)
{
    struct lp_settings s = p->settings->lp;
    s.sparse = true;
    return s;
}

static struct prices prices_of(const struct crowd_run *r, const struct lp_result *solved)
{
    const struct crowd *c = &r->crowd;
    const size_t n = c->n_buses * c->n_periods, limits = c->model->n_limits * c->n_periods;
    struct prices p = {ARENA_NEW(c->model->arena, double, n + 1),
                       ARENA_NEW(c->model->arena, double, limits + 1)};
    for (size_t i = 0; i < n; i++)
        if (r->lp.bus_row[i] != NONE) p.bus[i] = fmax(0, -solved->row_dual[r->lp.bus_row[i]]);
    for (size_t i = 0; i < limits; i++)
        if (r->lp.limit_row[i] != NONE)
            p.limit[i] =
                fmax(0, -solved->row_dual[r->lp.limit_row[i]]) / c->hours[i % c->n_periods];
    return p;
}

static bool any_own_limit(const struct crowd *c)
{
    for (size_t i = 0; i < c->n_classes; i++)
        if (isfinite(c->classes[i].limit)) return true;
    return false;
}

/* The prices that show that there is no plan, in terms of the plain formulation. */
static void take_farkas(struct planner *p)
{
    struct crowd_run *r = p->crowd;
    formulate_bought(p->f, p->m, ARENA_NEW(p->arena, double, p->m->n_limits + 1));
    p->relaxed.row_dual = NULL;
    if (r->solved.status != LP_INFEASIBLE) return;
    r->prices = prices_of(r, &r->solved);
    p->relaxed.row_dual = ARENA_NEW(p->arena, double, p->f->lp->n_rows + 1);
    duals_fill(p->relaxed.row_dual, p, &r->prices);
}

static enum err solve_columns(struct planner *p)
{
    struct crowd_run *r = p->crowd;
    const struct first_columns *first = first_columns(&r->crowd);
    struct crowd_start start = {.near_frac = first->near_frac, .most = SIZE_MAX};
    struct search search;
    const struct crowd_warm *warm = warm_crowd(p->settings->warm);
    if (!warm && first->rounds > 0 && !any_own_limit(&r->crowd)) {
        price_search(&search, &r->crowd,
                     &(struct search_settings){
                         .rounds = first->rounds, .deadline_s = INFINITY, .cells = p->arena});
        start.beta = search.prices.bus;
    }
    crowd_lp_make(&r->lp, &r->crowd, &start);
    const struct lp_settings settings = sparse_settings(p);
    const struct lp_basis from = crowd_warm_basis(warm, &r->lp, p->arena);
    TRY(lp_solve_from(&r->solved, r->lp.lp, &settings, &from, p->arena, p->diag));
    p->relaxed = p->fixed = r->solved;
    if (!r->solved.x) {
        take_farkas(p);
        return OK;
    }
    crowd_lp_read(&r->flow, &r->lp, r->solved.x);
    const struct prices prices = prices_of(r, &r->solved);
    result_take(p, &r->solved, &prices);
    return OK;
}

const struct warm *crowd_keep(const struct planner *p)
{
    const struct crowd_run *r = p->crowd;
    return warm_of_crowd(crowd_warm_keep(&r->lp, &r->solved.basis, p->arena), p->arena);
}

/* ---- prices -------------------------------------------------------------------------------------- */

/* Rounds after which the search gives up the gap that was asked for. */
enum { MOST_ROUNDS = 4000, MANY_CLASSES = 100000 };
/* The search ends here when no other gap is asked for: ten times closer costs ten times as many rounds. */
#define GAP_OF_FEW  0.001
#define GAP_OF_MANY 0.004

static double search_gap(const struct planner *p)
{
    if (p->settings->gap < PLAN_SETTINGS.gap || p->settings->gap > PLAN_SETTINGS.gap)
        return p->settings->gap;
    return p->crowd->crowd.n_classes > MANY_CLASSES ? GAP_OF_MANY : GAP_OF_FEW;
}

static enum err solve_prices(struct planner *p)
{
    struct crowd_run *r = p->crowd;
    struct search search;
    struct arena *cells = arena_new();
    const double limit = p->settings->lp.time_limit_s;
    price_search(
        &search, &r->crowd,
        &(struct search_settings){.gap = search_gap(p),
                                  .rounds = MOST_ROUNDS,
                                  .deadline_s = limit > 0 ? lp_clock() + limit : (double)INFINITY,
                                  .stop = p->settings->lp.stop,
                                  .cells = cells});
    struct lp_result result = {.status = LP_OPTIMAL,
                               .objective = search.upper,
                               .bound = search.lower,
                               .iterations = search.rounds};
    r->flow = search.flow;
    if (search.stopped) result.status = LP_FEASIBLE;
    if (isfinite(search.upper)) {
        result_take(p, &result, &search.prices);
        r->flow.n = 0; /* the cells of jobs are made */
        r->flow.cells = NULL;
        arena_free(cells);
        return OK;
    }
    result.status = LP_LIMIT;
    arena_free(cells);
    r->flow = (struct crowd_flow){.bought = ARENA_NEW(p->arena, double, p->m->n_limits + 1)};
    formulate_bought(p->f, p->m, r->flow.bought);
    p->relaxed = p->fixed = result;
    return OK;
}

/* ---- the choice ---------------------------------------------------------------------------------- */

/* Programs of columns up to this size are solved exactly; beyond, the price search is nearly as good in a hundredth of the time. */
enum { MOST_COLUMNS = 300000, MOST_CLASSES = 20000 };

const char *const plan_method_names[] = {"auto", "simplex", "columns", "prices", NULL};

static enum err method_refused(const struct planner *p, const char *reason)
{
    diag_error(p->diag, ERR_OPTION_VALUE, (struct place){0}, _("--method %s cannot be used: %s"),
               plan_method_names[p->settings->method], reason);
    diag_fix(p->diag, _("leave out --method, and what suits is chosen"));
    return ERR_OPTION_VALUE;
}

/* Few plain columns: PLAN_BY_SIMPLEX. */
static enum plan_method by_size(const struct crowd *c)
{
    return crowd_columns(c) <= MOST_COLUMNS && c->n_classes <= MOST_CLASSES ? PLAN_BY_COLUMNS
                                                                            : PLAN_BY_PRICES;
}

static void say_choice(struct planner *p, enum plan_method method, size_t plain_columns)
{
    p->plan->solved_by = method;
    if (p->settings->method != PLAN_BY_AUTO)
        p->plan->solved_why = _("asked for");
    else
        p->plan->solved_why = arena_printf(
            p->arena, _("the plain program would have up to %zu columns"), plain_columns);
}

enum err crowd_solve(struct planner *p, bool *done)
{
    const enum plan_method asked = p->settings->method;
    *done = false;
    p->crowd = NULL;
    p->plan->solved_by = PLAN_BY_SIMPLEX;
    if (asked == PLAN_BY_SIMPLEX || p->m->plain || p->settings->curve) return OK;
    TRY(grid_make(&p->m->grid, p->m));
    const size_t n = formulation_columns(p->m);
    if (asked == PLAN_BY_AUTO && n <= FEW_COLUMNS) return OK;
    const char *refused = crowd_refuses(p->m);
    struct crowd_run *r = ARENA_NEW(p->arena, struct crowd_run, 1);
    if (!refused && !crowd_make(&r->crowd, p->m)) refused = _("a job needs spot for all its work");
    if (!refused && asked == PLAN_BY_PRICES && any_own_limit(&r->crowd))
        refused = _("gangs or parallel limits may bind");
    if (refused) return asked == PLAN_BY_AUTO ? OK : method_refused(p, refused);
    enum plan_method method = asked == PLAN_BY_AUTO ? by_size(&r->crowd) : asked;
    if (any_own_limit(&r->crowd)) method = PLAN_BY_COLUMNS;
    p->crowd = r;
    *done = true;
    say_choice(p, method, n);
    TRY(method == PLAN_BY_PRICES ? solve_prices(p) : solve_columns(p));
    p->plan->bound = p->relaxed.bound;
    return OK;
}

/* Branch and bound takes this many pivots, fewer where a pivot costs much; counted work, never time. */
enum { TREE_PIVOTS = 30000, TREE_PIVOT_ROWS = 60000000, MOST_TREE_WORK = 40000 };

static void take_counts(struct planner *p, const struct crowd_flow *flow)
{
    double *x = ARENA_NEW(p->arena, double, p->f->lp->n_cols + 1);
    for (size_t j = 0; j < p->f->lp->n_cols; j++) {
        const struct column c = p->f->columns[j];
        const double count = c.kind == COLUMN_SUBSCRIPTION ? flow->bought[c.a] : 1;
        x[j] = p->f->lp->integer[j] ? round(count) : count;
    }
    p->fixed = p->relaxed;
    p->fixed.x = x;
}

/* Counts at the nearest whole number, or the next above it, and everything else solved again. */
static enum err round_counts(struct lp_result *out, struct planner *p, bool up)
{
    struct lp *lp = p->crowd->lp.lp;
    const double *x = p->crowd->solved.x;
    double *lo = ARENA_NEW(p->arena, double, lp->n_cols + 1);
    double *hi = ARENA_NEW(p->arena, double, lp->n_cols + 1);
    memcpy(lo, lp->col_lo, lp->n_cols * sizeof *lo);
    memcpy(hi, lp->col_hi, lp->n_cols * sizeof *hi);
    for (size_t j = 0; j < lp->n_cols; j++)
        if (lp->integer[j]) lp->col_lo[j] = lp->col_hi[j] = up ? ceil(x[j] - WHOLE) : round(x[j]);
    const struct lp_settings settings = sparse_settings(p);
    const enum err e = lp_solve(out, lp, &settings, p->arena, p->diag);
    memcpy(lp->col_lo, lo, lp->n_cols * sizeof *lo);
    memcpy(lp->col_hi, hi, lp->n_cols * sizeof *hi);
    return e;
}

static enum err whole_columns(struct lp_result *out, struct planner *p)
{
    const struct lp *lp = p->crowd->lp.lp;
    struct lp_settings settings = p->settings->lp;
    const long pivots = TREE_PIVOT_ROWS / ((long)lp->n_rows + 1);
    *out = (struct lp_result){.status = LP_LIMIT};
    settings.mip_gap = p->settings->gap;
    if (settings.time_limit_s <= 0)
        settings.iteration_limit = pivots < TREE_PIVOTS ? pivots : TREE_PIVOTS;
    if (p->crowd->lp.n_work <= MOST_TREE_WORK)
        TRY(lp_solve_mip(out, lp, &settings, p->arena, p->diag));
    for (int up = 0; up < 2 && !is_solved(out); up++) TRY(round_counts(out, p, up));
    return OK;
}

enum err crowd_whole(struct planner *p)
{
    struct crowd_run *r = p->crowd;
    p->fixed = p->relaxed;
    if (p->decision.relaxed) return OK;
    if (r->lp.lp && r->solved.x && !all_whole(r->lp.lp, r->solved.x)) {
        struct lp_result whole;
        TRY(whole_columns(&whole, p));
        if (is_solved(&whole)) {
            crowd_lp_read(&r->flow, &r->lp, whole.x);
            crowd_recover(&r->cells, &r->crowd, &r->flow);
        }
    }
    take_counts(p, &r->flow);
    return OK;
}

enum err crowd_program(const struct lp **out, struct planner *p)
{
    enum { MOST_WRITTEN = 3000000 };
    struct crowd_run *r = p->crowd;
    const size_t n = crowd_columns(&r->crowd);
    if (!r->lp.lp && n > MOST_WRITTEN) {
        diag_error(p->diag, ERR_MODEL_SIZE, (struct place){0},
                   _("the linear program would have up to %zu columns; %zu is the most"), n,
                   (size_t)MOST_WRITTEN);
        diag_fix(p->diag,
                 _("use a longer horizon.step, fewer regions in catalog.regions, or merge jobs"));
        return ERR_MODEL_SIZE;
    }
    if (!r->lp.lp)
        crowd_lp_make(&r->lp, &r->crowd, &(struct crowd_start){.near_frac = 0, .most = 0});
    *out = r->lp.lp;
    return OK;
}
