/* Prices of limits of plans of many jobs: from the prices at hand, and with ranges by walking along the limits of the program of
 * classes and buses, from the basis in which it was solved. */
#include "common/text.h"
#include "solver/crowd_solve.h"
#include "solver/limit_walk.h"
#include <math.h>
#include <string.h>

/* Pivots times rows of all stops together: some 10 s. */
#define MOST_WORK 3e8
enum { KEPT_FIXED = 5 /* GLPK's name of the state */ };

/* --- the limits --- */

/* The rows of limits in a program, as they would be in the plain formulation. */
static struct formulation limit_rows(const struct planner *p, const struct crowd_lp *c)
{
    struct formulation f = {.model = p->m, .limit_row = c->limit_row};
    f.builder.arena = p->arena;
    f.builder.lp = *c->lp;
    f.builder.slot = ARENA_NEW(p->arena, size_t, c->lp->n_rows + 1);
    return f;
}

/* Work of each class that one percent more of spot takes from those beside it (above 0) and gives to those with it. */
static double *moved_work(const struct crowd *c, const struct workload *w, double *frac)
{
    double *moved = ARENA_NEW(c->model->arena, double, c->n_classes + 1);
    *frac = (double)NAN;
    for (size_t i = 0; i < c->model->demands->n; i++) {
        const struct demand *d = &c->model->demands->items[i];
        const uint32_t *of = c->class_of[i];
        if (d->shape->workload != w || of[0] == UINT32_MAX || of[1] == UINT32_MAX) continue;
        if (isfinite(c->classes[of[0]].limit)) continue;
        moved[of[0]] += d->work / 100;
        moved[of[1]] -= d->work / 100;
        *frac = d->shape->spot_max_frac;
    }
    return moved;
}

/* more: [classes] the work that other shares could give each. */
static void add_share(struct priced_limit **list, size_t *n, const struct crowd_run *r, size_t at,
                      double *more)
{
    const struct model *m = r->crowd.model;
    const struct workload *w = &m->scenario->workloads[at];
    double frac;
    const double *moved = moved_work(&r->crowd, w, &frac);
    if (isnan(frac)) return;
    const struct place place = scenario_place(m->scenario, "workloads.%s.spot_max_share", w->name);
    struct priced_limit *l = ARENA_PUSH(m->arena, *list, *n);
    *l = (struct priced_limit){.what =
                                   arena_printf(m->arena, "workloads.%s.spot_max_share", w->name),
                               .unit = _("percent"),
                               .at = place.source ? place : w->at,
                               .fewest = -100 * frac,
                               .most = 100 * (1 - frac)};
    for (size_t i = 0; i < r->crowd.n_classes; i++) {
        more[i] += 100 * fabs(moved[i]);
        if (moved[i] > 0 || moved[i] < 0)
            *ARENA_PUSH(m->arena, l->values, l->n) =
                (struct priced_value){r->lp.class_row[i], moved[i]};
    }
}

/* Columns hold as much as there was to do, which no optimum passes: with more to do they hold more. Classes with a limit of
 * their own have no share. */
static void lift(struct lp *lp, const struct crowd_run *r, const double *more)
{
    double most = 1;
    for (size_t i = 0; i < r->crowd.n_classes; i++)
        most = fmax(most, 1 + more[i] / r->crowd.classes[i].work);
    for (size_t j = 0; j < r->lp.n_work; j++) {
        const uint32_t i = r->lp.columns[j].class_;
        lp->col_hi[j] *= 1 + more[i] / r->crowd.classes[i].work;
    }
    for (size_t j = r->lp.n_work; j < r->lp.lp->n_cols; j++) lp->col_hi[j] *= most;
}

/* --- walking --- */

/* The basis with the columns of limits, which are fixed. */
static struct lp_basis longer_basis(const struct lp_basis *b, const struct lp *lp, size_t before,
                                    struct arena *a)
{
    struct lp_basis out = {ARENA_NEW(a, unsigned char, lp->n_rows + 1),
                           ARENA_NEW(a, unsigned char, lp->n_cols + 1)};
    if (b->row) memcpy(out.row, b->row, lp->n_rows);
    if (b->row) memcpy(out.col, b->col, before);
    for (size_t j = before; j < lp->n_cols; j++) out.col[j] = KEPT_FIXED;
    return out;
}

/* What is subscribed stays as the plan has it. */
static void fix_bought(struct lp *lp, const struct planner *p)
{
    const struct crowd_run *r = p->crowd;
    for (size_t l = 0; l < p->m->n_limits && !p->decision.relaxed; l++)
        if (r->lp.bought[l] != NONE && p->m->limits[l].kind == LIMIT_SUBSCRIPTION)
            lp->col_lo[r->lp.bought[l]] = lp->col_hi[r->lp.bought[l]] = round(p->bought[l]);
}

static double *copy(const double *from, size_t n, struct arena *a)
{
    return memcpy(ARENA_NEW(a, double, n + 1), from, n * sizeof *from);
}

static enum err walk(enum walk_end *end, const struct planner *p)
{
    const struct crowd_run *r = p->crowd;
    const size_t before = r->lp.lp->n_cols;
    struct formulation f = limit_rows(p, &r->lp);
    size_t n, *col;
    struct priced_limit *limits = priced_capacities(&n, &f);
    double *more = ARENA_NEW(p->arena, double, r->crowd.n_classes + 1);
    for (size_t i = 0; i < p->m->scenario->n_workloads; i++) add_share(&limits, &n, r, i, more);
    struct lp *lp = walk_columns(&f.builder, &col, limits, n);
    lp->col_lo = copy(lp->col_lo, lp->n_cols, p->arena);
    lp->col_hi = copy(lp->col_hi, lp->n_cols, p->arena);
    lift(lp, r, more);
    fix_bought(lp, p);
    const struct lp_basis from = longer_basis(&r->solved.basis, lp, before, p->arena);
    const struct limit_walk way = {.n = n,
                                   .limits = limits,
                                   .lp = lp,
                                   .col = col,
                                   .from = &from,
                                   .most_work = MOST_WORK / (double)(lp->n_rows + 1)};
    return limits_walk(end, &way, p);
}

/* --- from the prices at hand --- */

static void tell_prices(const struct planner *p)
{
    const struct crowd *c = &p->crowd->crowd;
    const size_t T = c->n_periods;
    const char *note = p->plan->solved_by == PLAN_BY_PRICES
                           ? _("a price of the price search, which knows no range")
                           : NULL;
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const struct capacity *k = &p->m->limits[l];
        if (k->kind > LIMIT_STOCK) continue;
        double saves = 0;
        for (size_t t = 0; p->crowd->prices.limit && t < T; t++)
            if (c->amount[l * T + t] > 0) saves += p->crowd->prices.limit[l * T + t] * c->hours[t];
        const struct priced_limit limit = {.what = k->key,
                                           .at = k->at,
                                           .unit = k->in_gpus ? _("GPU") : _("machine"),
                                           .hidden = capacity_most(k) <= 0};
        struct shadow *s = shadow_add(p, &limit, saves);
        if (s->saves > 0) s->note = note;
    }
}

enum err crowd_limits_tell(const struct planner *p)
{
    enum walk_end end = WALK_FAILED;
    const struct crowd_run *r = p->crowd;
    if (r->lp.lp && ranges_wanted(p->settings, r->lp.lp) && r->solved.x) TRY(walk(&end, p));
    if (end != WALK_DONE) tell_prices(p);
    return OK;
}
