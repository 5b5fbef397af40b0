/* The program that prices are told of; along its limits goes limit_walk.c. */
#include "solver/sensitivity.h"
#include "common/text.h"
#include "solver/formulate.h"
#include "solver/limit_walk.h"
#include <math.h>
#include <string.h>

/* Beyond this many columns each stop takes seconds. */
enum { MOST_PRICED_COLUMNS = 2000000 };
/* Times that late work is cut into finer periods. */
enum { MOST_ROUNDS = 12 };

/* --- the program --- */

/* What prices are told of: model.md 4 with the homes and subscriptions that the plan chose fixed, and columns for what limits of
 * nothing rule out. Machine counts of services stay free: they move with a limit. */
struct priced_program {
    struct model *model;
    struct formulation f;
    double *home; /* [columns] where datasets lie; 0 for other columns */
};

/* The column of the other formulation that stands for the same decision. */
static double value_before(const struct planner *p, struct column c)
{
    for (size_t j = 0; j < p->f->lp->n_cols; j++) {
        const struct column o = p->f->columns[j];
        if (o.kind == c.kind && o.a == c.a && o.b == c.b) return p->fixed.x[j];
    }
    return 0;
}

static bool stays_fixed(const struct planner *p, const struct column *c)
{
    if (c->kind == COLUMN_HOME) return !p->m->stores[c->a].split;
    return c->kind == COLUMN_SUBSCRIPTION && p->m->limits[c->a].kind == LIMIT_SUBSCRIPTION;
}

static void fix_whole_columns(struct priced_program *out, const struct planner *p)
{
    struct lp *lp = out->f.lp;
    out->home = ARENA_NEW(p->arena, double, lp->n_cols + 1);
    for (size_t j = 0; j < lp->n_cols; j++) {
        const struct column c = out->f.columns[j];
        if (c.kind == COLUMN_HOME) out->home[j] = value_before(p, c);
        if (p->decision.relaxed || !stays_fixed(p, &c)) continue;
        const double value = round(value_before(p, c));
        lp->col_lo[j] = lp->col_hi[j] = value;
        lp->lazy[j] = false;
    }
}

/* A model of its own, whose late work may be cut into more periods. */
static struct model *own_model(const struct planner *p)
{
    struct model *m = ARENA_NEW(p->arena, struct model, 1);
    *m = *p->m;
    m->open_limits = true;
    m->late_cuts = NULL;
    m->n_late_cuts = 0;
    for (size_t i = 0; i < p->m->n_late_cuts; i++)
        *ARENA_PUSH(p->arena, m->late_cuts, m->n_late_cuts) = p->m->late_cuts[i];
    return m;
}

/* *found false: it is too large. */
static enum err program_make(struct priced_program *out, const struct planner *p, bool *found)
{
    struct model *m = out->model;
    *found = false;
    TRY(grid_make(&m->grid, m));
    if (formulation_columns(m) > MOST_PRICED_COLUMNS) return OK;
    TRY(formulate(&out->f, m, ELASTIC_NONE, 0));
    fix_whole_columns(out, p);
    *found = true;
    return OK;
}

/* A parallel limit stands in the bounds of its columns as well. */
static void lift(struct lp *lp, const struct formulation *f, const struct priced_limit *l)
{
    const struct model *m = f->model;
    for (size_t i = 0; i < l->n_lifted; i++) {
        const struct column c = f->columns[l->lifted[i]];
        const struct option *o = &m->groups[m->group_of[c.a]].options[c.b];
        lp->col_hi[l->lifted[i]] = m->demands->items[c.a].work / o->work_per_h;
    }
}

/* --- what is told --- */

/* From duals: a price at the plan as it is, any one between those of more and of less. home: [columns] where datasets lie. */
static void tell_duals(const struct planner *p, const struct formulation *f, const double *home,
                       const double *dual)
{
    size_t n;
    const struct priced_limit *limits = priced_limits(&n, f, home);
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t k = 0; k < limits[i].n; k++)
            sum += limits[i].values[k].value * dual[limits[i].values[k].row];
        shadow_add(p, &limits[i], sum);
    }
}

/* Where machines of services were counted, nothing moves with a limit, and duals would say that no limit is worth anything: the
 * program in which they are free is solved once. */
static enum err tell_freed(const struct planner *p, bool *told)
{
    struct priced_program pp = {.model = own_model(p)};
    struct lp_result solved;
    bool found;
    *told = false;
    if (p->m->n_served == 0 || p->decision.relaxed) return OK;
    TRY(program_make(&pp, p, &found));
    if (!found) return OK;
    TRY(lp_solve(&solved, pp.f.lp, &p->settings->lp, p->arena, p->diag));
    *told = is_solved(&solved);
    if (*told) tell_duals(p, &pp.f, pp.home, solved.row_dual);
    return OK;
}

/* A point has late work that costs less than it should: it is cut into finer periods. */
static bool is_mispriced(const double *x, void *context)
{
    struct priced_program *pp = context;
    return alike_part(pp->model, &pp->f, x) ||
           (pp->model->coarse_late && late_refine(pp->model, &pp->f, x));
}

/* Walks along all limits; once more with late work cut into finer periods where a stop priced it too low. */
static enum err tell_ranges(struct planner *p, bool *told)
{
    struct priced_program pp = {.model = own_model(p)};
    enum walk_end end = WALK_MISPRICED;
    *told = false;
    for (int round = 0; end == WALK_MISPRICED && round < MOST_ROUNDS; round++) {
        bool found;
        size_t n, *col;
        TRY(program_make(&pp, p, &found));
        if (!found) return OK;
        const struct priced_limit *limits = priced_limits(&n, &pp.f, pp.home);
        pp.f.builder.lp = *pp.f.lp;
        struct lp *lp = walk_columns(&pp.f.builder, &col, limits, n);
        for (size_t i = 0; i < n; i++) lift(lp, &pp.f, &limits[i]);
        TRY(limits_walk(&end,
                        &(struct limit_walk){.n = n,
                                             .limits = limits,
                                             .lp = lp,
                                             .col = col,
                                             .is_mispriced = is_mispriced,
                                             .context = &pp},
                        p));
    }
    *told = end == WALK_DONE;
    return OK;
}

enum err sensitivity_tell(struct planner *p)
{
    bool told = false;
    if (ranges_wanted(p->settings, p->f->lp)) TRY(tell_ranges(p, &told));
    if (!told) TRY(tell_freed(p, &told));
    if (!told) tell_duals(p, p->f, p->fixed.x, p->fixed.row_dual);
    return OK;
}
