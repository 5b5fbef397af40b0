/* Subscriptions that no optimum needs. Many instance types carry the same GPU; a machine of one is worth rho machines of
 * another in the same region. Where rho of those do all that any demand may do with the first, for no more money and no more
 * of any quota, the first need not be looked at: in every solution R[y] and its use y can be replaced by rho R[x] and its
 * use. Only finer machines replace coarser ones, so that whole numbers lose nothing either. */
#include "solver/formulate.h"
#include <math.h>
#include <string.h>

/* Work and capacity that agree to this are the same number computed on two ways. */
#define SAME 1e-12

struct pair {
    const struct model *m;
    size_t x, y; /* limits: subscriptions that may be bought; x is to replace y */
    double rho;  /* machines of x for one of y */
};

static const struct offer *offer_of(const struct pair *p, size_t limit)
{
    return &p->m->offers[p->m->limits[limit].offer];
}

static bool is_of(const struct pair *p, const struct option *o, size_t limit)
{
    return o->offer == p->m->limits[limit].offer;
}

static bool reads_data(const struct group *g)
{
    const struct workload *w = g->shape->workload;
    for (size_t j = 0; j < w->n_uses; j++)
        if (w->uses[j].reads > 0) return true;
    return false;
}

/* Per unit of useful work option a needs no more than b of anything but machines. */
static bool no_worse(const struct group *g, const struct option *a, const struct option *b)
{
    const double rho = b->work_per_h / a->work_per_h;
    return a->site == b->site && rho * a->cost_per_h <= b->cost_per_h * (1 + SAME) &&
           (!g->shape->workers || rho * a->clock_per_h <= b->clock_per_h * (1 + SAME)) &&
           (!g->capped || rho * a->gpus_per_h <= b->gpus_per_h * (1 + SAME)) &&
           (!reads_data(g) || a->useful.u >= b->useful.u);
}

static bool group_agrees(struct pair *p, const struct group *g)
{
    for (size_t i = 0; i < g->n_options; i++) {
        const struct option *b = &g->options[i];
        bool found = false;
        if (!is_of(p, b, p->y)) continue;
        for (size_t k = 0; !found && k < g->n_options; k++) {
            const struct option *a = &g->options[k];
            found = is_of(p, a, p->x) && no_worse(g, a, b);
            if (found) p->rho = fmax(p->rho, b->work_per_h / a->work_per_h);
        }
        if (!found) return false;
    }
    return true;
}

/* Machines of option a that carry in every period what one of b carries; INFINITY: none do. */
static double machines_like(const struct model *m, const struct served *v, size_t a, size_t b)
{
    double most = 0;
    for (size_t t = 0; t < m->grid.n; t++) {
        const double load = served_load(m, v, t);
        if (load <= 0) continue;
        const double mine = served_cap(v, a, 0, load), theirs = served_cap(v, b, 0, load);
        if (theirs > 0) most = fmax(most, mine > 0 ? theirs / mine : (double)INFINITY);
    }
    return most;
}

static bool service_agrees(struct pair *p, const struct served *v)
{
    const struct group *g = &v->group;
    for (size_t i = 0; i < g->n_options; i++) {
        const struct option *b = &g->options[i];
        bool found = false;
        if (!is_of(p, b, p->y)) continue;
        if (!served_single(v)) return false;
        for (size_t k = 0; !found && k < g->n_options; k++) {
            const struct option *a = &g->options[k];
            if (!is_of(p, a, p->x) || a->site != b->site) continue;
            const double rho = fmax(1, machines_like(p->m, v, k, i));
            found = rho * a->cost_per_h <= b->cost_per_h * (1 + SAME) &&
                    (rho <= 1 + SAME || v->service->max_machines == 0);
            if (found) p->rho = fmax(p->rho, rho);
        }
        if (!found) return false;
    }
    return true;
}

static bool quotas_agree(const struct pair *p)
{
    const struct offer *x = offer_of(p, p->x), *y = offer_of(p, p->y);
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const struct capacity *c = &p->m->limits[l];
        if (!subscription_counts(c, p->m, x)) continue;
        const double mine = c->in_gpus ? book_type(p->m->book, x->type)->gpus : 1;
        const double theirs = c->in_gpus ? book_type(p->m->book, y->type)->gpus : 1;
        if (!subscription_counts(c, p->m, y) || p->rho * mine > theirs * (1 + SAME)) return false;
    }
    return true;
}

static bool replaces(const struct model *m, size_t x_limit, size_t y_limit)
{
    struct pair p = {.m = m, .x = x_limit, .y = y_limit, .rho = 1};
    const struct offer *x = offer_of(&p, x_limit), *y = offer_of(&p, y_limit);
    if (strcmp(x->region, y->region) != 0 || strcmp(x->zone, y->zone) != 0 || x->price > y->price ||
        (x->estimated && !y->estimated) ||
        book_type(m->book, x->type)->gpus > book_type(m->book, y->type)->gpus)
        return false;
    for (size_t g = 0; g < m->n_groups; g++)
        if (!group_agrees(&p, &m->groups[g])) return false;
    for (size_t v = 0; v < m->n_served; v++)
        if (!service_agrees(&p, &m->served[v])) return false;
    return p.rho * x->price <= y->price * (1 + SAME) && quotas_agree(&p);
}

static bool may_be_bought(const struct model *m, size_t limit)
{
    return m->limits[limit].kind == LIMIT_SUBSCRIPTION && m->limits[limit].buys;
}

bool *commitments_replaced(const struct model *m)
{
    bool *replaced = ARENA_NEW(m->arena, bool, m->n_limits + 1);
    for (size_t y = 0; !m->plain && y < m->n_limits; y++)
        for (size_t x = 0; may_be_bought(m, y) && !replaced[y] && x < m->n_limits; x++)
            replaced[y] =
                x != y && may_be_bought(m, x) && replaces(m, x, y) && (x < y || !replaces(m, y, x));
    return replaced;
}

bool option_replaced(const struct formulation *f, const struct option *o)
{
    for (size_t i = 0; i < o->n_limits; i++)
        if (f->replaced[o->limits[i].limit]) return true;
    return false;
}
