/* cost(R) = optimum of the program of model.md 4 with R fixed, for R = 0, 1 ... up to what its users could use: convex, so its
 * least whole number is next to the program's own R. Each value is solved again from the basis of the last (lp_sweep). */
#include "solver/commitment_curve.h"
#include "common/text.h"
#include "solver/formulate.h"
#include <math.h>
#include <string.h>

/* Beyond this many values a curve has gaps, but for the neighbours of its least one. */
enum { MOST_POINTS = 80 };
/* Beyond this many columns the plain program takes minutes. */
enum { MOST_PLAIN_COLUMNS = 400000 };
static const double SAVINGS_STEPS = 20; /* values of a savings plan between nothing and all use */
static const char savings_plan_name[] = "savings_plan";

struct curve_maker {
    struct planner *p;
    const struct formulation *f;
    const double *x; /* its solution with R free */
    const struct curve_request *request;
};

/* An offer of a whole region is also one of each of its zones. */
static bool at_place(const struct price_book *b, const struct offer *o, const char *place)
{
    if (!place || strcmp(o->region, place) == 0 || strcmp(o->zone, place) == 0) return true;
    const size_t region = book_region_find(b, place);
    return !*o->zone && region != SIZE_MAX && strcmp(book_region(b, region)->name, o->region) == 0;
}

/* The machine that limit l sells, where it is one of those asked for. */
static const struct offer *asked_offer(const struct curve_maker *k, size_t l, size_t type)
{
    const struct capacity *c = &k->f->model->limits[l];
    if (c->kind != LIMIT_SUBSCRIPTION || !c->buys || k->f->subscription_column[l] == NONE)
        return NULL;
    if (bought_apart(k->f, l)) return NULL; /* its number is no single variable */
    const struct offer *o = &k->f->model->offers[c->offer];
    return o->type == type && at_place(k->f->model->book, o, k->request->place) ? o : NULL;
}

static const char *place_of(const struct offer *o)
{
    return *o->zone ? o->zone : o->region;
}

/* Where most of the type is subscribed, else where it is cheapest; NULL: nowhere. */
static const char *best_place(const struct curve_maker *k, size_t type)
{
    const struct offer *best = NULL;
    double most = 0;
    for (size_t l = 0; l < k->f->model->n_limits; l++) {
        const struct offer *o = asked_offer(k, l, type);
        if (!o) continue;
        const double bought = k->x[k->f->subscription_column[l]];
        const bool better =
            bought > most + WHOLE || (bought >= most - WHOLE && (!best || o->price < best->price));
        if (better) best = o;
        most = fmax(most, bought);
    }
    return best ? place_of(best) : NULL;
}

/* Whole numbers 0 .. most, thinned where they are many; the neighbours of `free` (the program's own) and `chosen` are kept. */
static double *whole_values(size_t *n, double most, double free, double chosen, struct arena *a)
{
    const long last = (long)floor(most + WHOLE), step = last / MOST_POINTS + 1;
    double *values = NULL;
    *n = 0;
    for (long q = 0; q <= last; q++) {
        const bool near = fabs((double)q - free) < 2 || fabs((double)q - chosen) < 2;
        if (q % step == 0 || q == last || near) *ARENA_PUSH(a, values, *n) = (double)q;
    }
    return values;
}

/* Even steps up to all use, and the program's own amount among them. */
static double *money_values(size_t *n, double most, double free, struct arena *a)
{
    double *values = NULL;
    *n = 0;
    for (int i = 0; i <= (int)SAVINGS_STEPS; i++) {
        const double at = most * i / SAVINGS_STEPS, next = most * (i + 1) / SAVINGS_STEPS;
        *ARENA_PUSH(a, values, *n) = at;
        if (free > at && free < next && i < (int)SAVINGS_STEPS) *ARENA_PUSH(a, values, *n) = free;
    }
    return values;
}

static enum err add_curve(const struct curve_maker *k, size_t l)
{
    struct planner *p = k->p;
    const struct capacity *c = &k->f->model->limits[l];
    const size_t col = k->f->subscription_column[l];
    const bool whole = c->kind == LIMIT_SUBSCRIPTION;
    struct commitment_curve curve = {
        .offer = whole ? c->offer : NONE, .free = k->x[col], .chosen = p->bought[l]};
    const double most = k->f->lp->col_hi[col];
    double *values = whole ? whole_values(&curve.n, most, curve.free, curve.chosen, p->arena)
                           : money_values(&curve.n, most, curve.free, p->arena);
    struct lp_point *points = ARENA_NEW(p->arena, struct lp_point, curve.n + 1);
    const struct lp_axis axis = {col, curve.n, values};
    TRY(lp_sweep(points, k->f->lp, &axis, &p->settings->lp, p->arena, p->diag));
    curve.points = ARENA_NEW(p->arena, struct curve_point, curve.n + 1);
    for (size_t i = 0; i < curve.n; i++) {
        const bool solved = points[i].status == LP_OPTIMAL || points[i].status == LP_FEASIBLE;
        curve.points[i] =
            (struct curve_point){values[i], solved ? points[i].objective : (double)NAN};
        const double least = curve.points[curve.least].cost;
        if (solved && !(curve.points[i].cost >= least * (1 - 1e-12))) curve.least = i;
    }
    *ARENA_PUSH(p->arena, p->plan->curves, p->plan->n_curves) = curve;
    return OK;
}

static enum err not_sold(const struct curve_maker *k)
{
    const struct curve_request *r = k->request;
    const enum err code =
        r->place ? diag_error(k->p->diag, ERR_NOT_FOUND, (struct place){0},
                              _("no workload may commit to \"%s\" in %s"), r->type, r->place)
                 : diag_error(k->p->diag, ERR_NOT_FOUND, (struct place){0},
                              _("no workload may commit to \"%s\""), r->type);
    diag_fix(k->p->diag, "%s",
             _("name a machine that a workload can use and has in its purchase by subscription, or "
               "savings_plan; `gpumix explain FILE --not TYPE` tells why it is out"));
    return code;
}

static enum err find_type(const struct curve_maker *k, size_t *type)
{
    const struct price_book *b = k->p->m->book;
    const struct curve_request *r = k->request;
    *type = book_type_find(b, r->type);
    const bool known_place = !r->place || book_region_find(b, r->place) != SIZE_MAX;
    if (*type != SIZE_MAX && known_place) return OK;
    const char *near =
        *type == SIZE_MAX ? book_type_nearest(b, r->type) : book_place_nearest(b, r->place);
    const enum err code = *type == SIZE_MAX
                              ? diag_error(k->p->diag, ERR_NOT_FOUND, (struct place){0},
                                           _("no instance type is called \"%s\""), r->type)
                              : diag_error(k->p->diag, ERR_NOT_FOUND, (struct place){0},
                                           _("no region or zone is called \"%s\""), r->place);
    if (near)
        diag_fix(k->p->diag, _("did you mean %s?"), near);
    else
        diag_fix(k->p->diag, "%s", _("`gpumix catalog show` lists what is sold where"));
    return code;
}

static enum err savings_curve(const struct curve_maker *k)
{
    const struct model *m = k->f->model;
    for (size_t l = 0; l < m->n_limits; l++)
        if (m->limits[l].kind == LIMIT_SAVINGS_PLAN && k->f->subscription_column[l] != NONE)
            return add_curve(k, l);
    return not_sold(k);
}

/* Curves are of the plain program, with every commitment and late step; where that is too large of the reduced one, whose
 * optimum is the same or, away from the program's own number, a bound. */
static enum err plain_program(struct curve_maker *k)
{
    struct planner *p = k->p;
    k->f = p->f;
    k->x = p->relaxed.x;
    if (p->m->plain) return OK;
    struct model *plain = ARENA_NEW(p->arena, struct model, 1);
    struct formulation *f = ARENA_NEW(p->arena, struct formulation, 1);
    struct lp_result result;
    *plain = *p->m;
    plain->coarse_late = false;
    plain->plain = true;
    TRY(grid_make(&plain->grid, plain));
    if (formulation_columns(plain) > MOST_PLAIN_COLUMNS) return OK;
    TRY(formulate(f, plain, ELASTIC_NONE, 0));
    TRY(lp_solve(&result, f->lp, &p->settings->lp, p->arena, p->diag));
    if (!result.x) return OK;
    k->f = f;
    k->x = result.x;
    return OK;
}

enum err curves_make(struct planner *p)
{
    struct curve_maker k = {.p = p, .request = p->settings->curve};
    struct curve_request here = *k.request;
    size_t type;
    TRY(plain_program(&k));
    if (strcmp(here.type, savings_plan_name) == 0) return savings_curve(&k);
    TRY(find_type(&k, &type));
    here.place = best_place(&k, type);
    if (!here.place) return not_sold(&k);
    k.request = &here;
    for (size_t l = 0; l < p->m->n_limits; l++)
        if (asked_offer(&k, l, type)) TRY(add_curve(&k, l));
    return OK;
}
