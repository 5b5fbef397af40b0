/* Numbers of machines that services keep all the time, searched one service after the other beside the LP (sizing.h), and the
 * bound that follows from it.
 *
 * The bound: with the LP's prices y of rows that several share, the Lagrangian falls apart into one problem for each service and
 * one for all else. Where y is 0 in every shared row of a service, its own problem is the one that was searched, so its part of
 * the LP's bound may be replaced by the least money that whole machines of it cost. */
#include "solver/fleet_use.h"
#include "solver/formulate.h"
#include "solver/planner.h"
#include "solver/sizing.h"
#include <math.h>
#include <string.h>

struct fixing {
    struct planner *p;
    const double *x;      /* LP solution to start from */
    bool relaxed;         /* it is the relaxation: a service chooses where its own datasets lie */
    const double *bought; /* [limits] */
    const double *use;    /* [limits][periods] of others */
    size_t service,
        site; /* site: where its own datasets lie; NONE: they are shared, or have one home */
    struct sizing z;
    struct sizing_answer answer;
    double homes; /* money of the site's homes */
    double bound; /* of machines and homes together, at any site */
};

/* What the LP says was bought for services alone is no matter here: it is searched. The rest is rounded. */
static double *bought_in(const struct planner *p, const double *x)
{
    double *bought = ARENA_NEW(p->arena, double, p->m->n_limits + 1);
    bought_read(bought, p->f, x);
    for (size_t l = 0; l < p->m->n_limits; l++) bought[l] = round(bought[l]);
    return bought;
}

static bool uses(const struct planner *p, size_t service, size_t store)
{
    const struct workload *w = p->m->served[service].service->shape->workload;
    for (size_t j = 0; j < w->n_uses; j++)
        if (store_find(p->m, w->uses[j].use) == store) return true;
    return false;
}

/* A dataset of this service alone, with a choice of where it lies. */
static bool owns_store(const struct planner *p, size_t service, size_t store)
{
    const struct store *s = &p->m->stores[store];
    return s->n_homes > 1 && s->n_users == 1 && !s->split && uses(p, service, store);
}

/* Whether every choice of where its datasets lie is this service's own. */
static bool owns_homes(const struct planner *p, size_t service)
{
    bool any = false;
    for (size_t s = 0; s < p->m->n_stores; s++) {
        if (!uses(p, service, s) || p->m->stores[s].n_homes == 1) continue;
        if (!owns_store(p, service, s)) return false;
        any = true;
    }
    return any;
}

static size_t home_at(const struct fixing *k, size_t use)
{
    const struct planner *p = k->p;
    const struct served *v = &p->m->served[k->service];
    const size_t store = store_find(p->m, v->service->shape->workload->uses[use].use);
    return p->f->home_column[p->f->first_home[store] + v->group.sites[k->site].home[use]];
}

static double home_cost(const struct fixing *k)
{
    const struct workload *w = k->p->m->served[k->service].service->shape->workload;
    double sum = 0;
    for (size_t j = 0; k->site != NONE && j < w->n_uses; j++)
        if (owns_store(k->p, k->service, store_find(k->p->m, w->uses[j].use)))
            sum += k->p->f->lp->cost[home_at(k, j)];
    return sum;
}

static bool search_site(struct fixing *k)
{
    struct planner *p = k->p;
    const size_t T = p->m->grid.n, n = p->m->served[k->service].group.n_options;
    if (!sizing_make(&k->z, p->f, k->service,
                     &(struct sizing_view){k->x, k->bought, k->use, k->site, true}, p->arena))
        return false;
    long *from = ARENA_NEW(p->arena, long, n + 1);
    for (size_t o = 0; o < n; o++)
        if (k->z.part[o] == SIZING_FIXED)
            from[o] = lround(k->x[p->f->services[k->service].held[o * T]]);
    k->homes = home_cost(k);
    return sizing_search(&k->answer, &k->z, from);
}

/* The best site of a service that has its datasets for itself. */
static bool search_one(struct fixing *best)
{
    struct planner *p = best->p;
    double *use = ARENA_NEW(p->arena, double, p->m->n_limits * p->m->grid.n + 1);
    use_add_subscribed(use, p->m, best->bought, best->service);
    use_add_lp(use, p->f, best->x, 0, best->service);
    best->use = use;
    best->site = NONE;
    if (!best->relaxed || !owns_homes(p, best->service)) {
        const bool found = search_site(best);
        best->bound = best->answer.bound;
        return found;
    }
    bool found = false;
    double bound = INFINITY;
    struct fixing k = *best;
    for (k.site = 0; k.site < p->m->served[k.service].group.n_sites; k.site++) {
        if (!search_site(&k)) {
            bound = -INFINITY;
            continue;
        }
        bound = fmin(bound, k.answer.bound + k.homes);
        if (found && k.answer.cost + k.homes >= best->answer.cost + best->homes) continue;
        *best = k;
        found = true;
    }
    best->bound = bound;
    return found;
}

static void put_homes(const struct fixing *k, double *low, double *high)
{
    const struct planner *p = k->p;
    const struct workload *w = p->m->served[k->service].service->shape->workload;
    for (size_t j = 0; k->site != NONE && j < w->n_uses; j++) {
        const size_t s = store_find(p->m, w->uses[j].use);
        for (size_t h = p->f->first_home[s]; h < p->f->first_home[s + 1]; h++) {
            const size_t col = p->f->home_column[h];
            low[col] = high[col] = col == home_at(k, j) ? 1 : 0;
        }
    }
}

/* Writes what was found: numbers that stay, and homes. */
static void put_columns(const struct fixing *k, double *low, double *high)
{
    const struct planner *p = k->p;
    const size_t T = p->m->grid.n;
    for (size_t o = 0; o < k->z.n; o++) {
        if (k->z.part[o] != SIZING_FIXED) continue;
        const size_t col = p->f->services[k->service].held[o * T];
        low[col] = high[col] = (double)k->answer.fixed[o];
    }
    put_homes(k, low, high);
}

/* --- the bound --- */

static bool owns_row(const struct fixing *k, const struct row r)
{
    const bool kind = r.kind == ROW_SERVE || r.kind == ROW_CARRY || r.kind == ROW_STEADY ||
                      r.kind == ROW_RANGE || r.kind == ROW_BASE;
    if (r.kind == ROW_PLACE) return k->site != NONE && owns_store(k->p, k->service, r.a);
    return (kind || (r.kind == ROW_AT && k->site != NONE)) && r.a == k->service;
}

static bool owns_column(const struct fixing *k, size_t j)
{
    const struct column c = k->p->f->columns[j];
    if (c.kind == COLUMN_HELD || c.kind == COLUMN_FIXED) return c.a == k->service;
    if (c.kind == COLUMN_HOME) return k->site != NONE && owns_store(k->p, k->service, c.a);
    if (c.kind != COLUMN_SUBSCRIPTION) return false;
    for (size_t o = 0; o < k->z.n; o++)
        if (k->p->f->services[k->service].held[o * k->z.T] == j) return true;
    return false;
}

static double row_part(const struct lp *lp, size_t row, double y)
{
    if (y > 0) return y * lp->row_lo[row];
    return y < 0 ? y * lp->row_hi[row] : 0;
}

/* What the service adds to the LP's bound; NAN: it shares a row that has a price. */
static double part_of_bound(const struct fixing *k)
{
    const struct formulation *f = k->p->f;
    const struct lp_result *r = &k->p->relaxed;
    double sum = 0;
    for (size_t i = 0; i < f->lp->n_rows; i++)
        if (owns_row(k, f->rows[i])) sum += row_part(f->lp, i, r->row_dual[i]);
    for (size_t j = 0; j < f->lp->n_cols; j++) {
        if (!owns_column(k, j)) continue;
        const double d = r->reduced_cost[j];
        sum += fmin(d * f->lp->col_lo[j], d * f->lp->col_hi[j]);
        for (size_t i = f->lp->start[j]; i < f->lp->start[j + 1]; i++)
            if (!owns_row(k, f->rows[f->lp->row[i]]) && r->row_dual[f->lp->row[i]] != 0) return NAN;
    }
    return sum;
}

/* Whether the problem that was searched leaves out nothing that a plan could have: no home was chosen for it, and nobody
 * else had taken of a limit that could be reached. */
static bool is_free(const struct fixing *k)
{
    const struct planner *p = k->p;
    for (size_t s = 0; k->site == NONE && s < p->m->n_stores; s++)
        if (uses(p, k->service, s) && p->m->stores[s].n_homes > 1) return false;
    return k->z.n_tight == 0 && !k->z.v->whole_dropped;
}

static void raise_bound(const struct fixing *k)
{
    const double part = part_of_bound(k);
    if (!is_free(k) || !isfinite(part) || !(k->bound > part)) return;
    k->p->whole_bound += k->bound - part;
}

/* Limits that could be reached, or capacity bought for a home: the LP has to be solved again around the new numbers. */
static bool needs_lp(const struct fixing *k)
{
    const struct formulation *f = k->p->f;
    bool needed = k->z.n_tight > 0;
    for (size_t h = 0; k->site != NONE && h < f->first_home[k->p->m->n_stores]; h++)
        needed |= f->extra_column[h] != NONE && k->x[f->extra_column[h]] > 0;
    return needed;
}

size_t fleets_search(struct planner *p, const double *x, double *low, double *high, bool *again)
{
    size_t n = 0;
    *again = false;
    p->whole_bound = p->relaxed.bound;
    struct fixing k = {.p = p, .x = x, .relaxed = x == p->relaxed.x, .bought = bought_in(p, x)};
    struct fixing *done = ARENA_NEW(p->arena, struct fixing, p->m->n_served + 1);
    for (k.service = 0; k.service < p->m->n_served; k.service++) {
        if (!search_one(&k)) continue;
        raise_bound(&k);
        *again |= needs_lp(&k);
        done[n++] = k;
    }
    for (size_t i = 0; i < n; i++) put_columns(&done[i], low, high);
    return n;
}

/* Puts the homes of service i where the program, all else left open, costs least. */
static enum err choose_site(struct planner *p, size_t i)
{
    struct lp *lp = p->f->lp;
    struct fixing k = {.p = p, .service = i};
    size_t best = NONE;
    double least = INFINITY;
    for (k.site = 0; k.site < p->m->served[i].group.n_sites; k.site++) {
        struct lp_result r;
        put_homes(&k, lp->col_lo, lp->col_hi);
        TRY(lp_solve(&r, lp, &p->settings->lp, p->arena, p->diag));
        if (!is_solved(&r) || r.objective >= least) continue;
        least = r.objective;
        best = k.site;
        p->relaxed = r;
    }
    k.site = best == NONE ? 0 : best;
    put_homes(&k, lp->col_lo, lp->col_hi);
    return OK;
}

enum err fleets_choose_sites(struct planner *p)
{
    for (size_t i = 0; i < p->m->n_served; i++)
        if (owns_homes(p, i)) TRY(choose_site(p, i));
    return OK;
}
