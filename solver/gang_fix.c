/* Gangs whose machines the LP buys in part: it time-shares a gang, so a fraction of a month's machine may be all it buys, and
 * the whole number that follows is less than the gang holds at a time. */
#include "solver/planner.h"
#include <math.h>

static size_t short_limit(const struct planner *p, const struct option *o)
{
    for (size_t i = 0; i < o->n_limits; i++) {
        const size_t l = o->limits[i].limit;
        if (p->f->subscription_column[l] == NONE || p->m->limits[l].kind != LIMIT_SUBSCRIPTION)
            continue;
        if (p->bought[l] < o->limits[i].units * (double)o->fit.machines - WHOLE) return l;
    }
    return NONE;
}

bool gang_find(struct gang_purchase *out, const struct planner *p)
{
    const struct lp *lp = p->f->lp;
    for (size_t j = 0; j < lp->n_cols; j++) {
        const struct column c = p->f->columns[j];
        if (c.kind != COLUMN_WORK || !(p->fixed.x[j] > 0) ||
            !p->m->demands->items[c.a].shape->workers ||
            !(p->schedule.left[c.a] > WHOLE * p->m->demands->items[c.a].work))
            continue;
        const struct option *o = &p->m->groups[p->m->group_of[c.a]].options[c.b];
        const size_t l = short_limit(p, o);
        if (l == NONE) continue;
        double units = 0;
        for (size_t i = 0; i < o->n_limits; i++)
            if (o->limits[i].limit == l) units = o->limits[i].units;
        *out = (struct gang_purchase){c.a, l, ceil(units * (double)o->fit.machines - WHOLE)};
        return true;
    }
    return false;
}

void gang_raise(const struct planner *p, const struct gang_purchase *g)
{
    const size_t col = p->f->subscription_column[g->limit];
    p->f->lp->col_lo[col] = fmax(p->f->lp->col_lo[col], g->machines);
    p->f->lp->col_hi[col] = fmax(p->f->lp->col_hi[col], g->machines);
}

void gang_forbid(const struct planner *p, const struct gang_purchase *g)
{
    const struct lp *lp = p->f->lp;
    for (size_t j = 0; j < lp->n_cols; j++) {
        const struct column c = p->f->columns[j];
        if (c.kind != COLUMN_WORK || c.a != g->demand) continue;
        const struct option *o = &p->m->groups[p->m->group_of[c.a]].options[c.b];
        for (size_t i = 0; i < o->n_limits; i++)
            if (o->limits[i].limit == g->limit) lp->col_hi[j] = 0;
    }
}
