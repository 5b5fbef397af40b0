/* In every period the machines of a service carry its load within its targets. */
#include "common/text.h"
#include "proof/claim.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLACK 1e-8

/* Machines of a type, and how many of them serve: all, and outside spot. */
struct held_pool {
    long n;
    double serving, outside;
};

struct watch {
    const struct proof *p;
    const struct proof_claim *c;
    const struct proof_service *v;
    size_t service;
    struct diag *d;
    long *held;              /* [choices] at the moment */
    struct held_pool *pools; /* [pools] */
    long **carried;   /* [periods] machines that were found to carry its load; NULL: none yet */
    int64_t began_us; /* the first moment */
    size_t n_own;
    size_t *own; /* limits that are what is bought for it alone */
};

/* Load that a pool carries: r(n) for all its machines, of which a part serves. */
static double carried(const struct watch *w, size_t pool, double serving, long n)
{
    const struct proof_queue *q = &w->v->pools[pool].queues[0];
    const double rate = proof_rate(q, n);
    if (serving <= 0) return 0;
    if (!isinf(rate)) return rate * serving / (double)n;
    long enough = n;
    while (enough > 1 && isinf(proof_rate(q, enough - 1))) enough--;
    if (serving >= (double)enough * (1 - SLACK)) return INFINITY;
    return enough > 1 ? proof_rate(q, enough - 1) / (double)(enough - 1) * serving : 0;
}

static double unserved(const struct watch *w, size_t class_, int64_t us)
{
    for (size_t i = 0; i < w->c->n_unserved; i++)
        if (w->c->unserved[i].service == w->service && w->c->unserved[i].class_ == class_)
            return proof_series_at(w->c->unserved[i].share, us);
    return 0;
}

static bool refuse(const struct watch *w, int64_t us, const char *what)
{
    diag_error(w->d, ERR_PROOF_SERVICE, (struct place){0}, _("service \"%s\" at hour %.6f: %s"),
               w->v->service->name, (double)us / (double)US_PER_H, what);
    return false;
}

static bool check_one_class(const struct watch *w, size_t t, int64_t us)
{
    const struct service *s = w->v->service;
    double all = 0, steady = 0;
    memset(w->pools, 0, w->v->n_pools * sizeof *w->pools);
    for (size_t i = 0; i < w->v->group.n_choices; i++) {
        if (w->held[i] == 0) continue;
        const double serving = (double)w->held[i] * w->v->group.choices[i].u;
        struct held_pool *pool = &w->pools[w->v->pool_of[i]];
        pool->n += w->held[i];
        pool->serving += serving;
        if (!w->v->group.choices[i].spot) pool->outside += serving;
    }
    for (size_t k = 0; k < w->v->n_pools; k++) {
        if (w->pools[k].n == 0) continue;
        all += carried(w, k, w->pools[k].serving, w->pools[k].n);
        steady += carried(w, k, w->pools[k].outside, w->pools[k].n);
    }
    const double need = w->v->load[t] * (1 - unserved(w, 0, us));
    if (all < need * (1 - SLACK))
        return refuse(
            w, us,
            arena_printf(w->p->arena, _("machines carry %.15g, the load is %.15g"), all, need));
    if (steady < need * (1 - s->spot_max_frac) * (1 - SLACK))
        return refuse(
            w, us,
            arena_printf(w->p->arena,
                         _("machines outside spot carry %.15g, and %.15g must not depend on it"),
                         steady, need * (1 - s->spot_max_frac)));
    return true;
}

/* A small program  max sum x,  A x <= right,  x >= 0  with right >= 0, as a dense tableau: the simplex method by Bland's rule. */
struct tableau {
    size_t rows, cols; /* slack columns included; the last column is the right-hand side */
    double *at;        /* [rows + 1][cols + 1]; the last row is the objective */
    size_t *basis;     /* [rows] */
};

static double *cell(const struct tableau *x, size_t row, size_t col)
{
    return &x->at[row * (x->cols + 1) + col];
}

static void pivot(struct tableau *x, size_t row, size_t col)
{
    const double by = *cell(x, row, col);
    for (size_t j = 0; j <= x->cols; j++) *cell(x, row, j) /= by;
    for (size_t i = 0; i <= x->rows; i++) {
        const double times = *cell(x, i, col);
        if (i == row || times == 0) continue;
        for (size_t j = 0; j <= x->cols; j++) *cell(x, i, j) -= times * *cell(x, row, j);
    }
    x->basis[row] = col;
}

/* The largest sum. */
static double maximise(struct tableau *x)
{
    enum { MOST_PIVOTS = 10000 };
    for (int n = 0; n < MOST_PIVOTS; n++) {
        size_t col = 0, row = NOWHERE;
        while (col < x->cols && *cell(x, x->rows, col) >= -1e-12) col++;
        if (col == x->cols) break;
        for (size_t i = 0; i < x->rows; i++) {
            const double a = *cell(x, i, col), b = *cell(x, i, x->cols);
            if (a <= 1e-12) continue;
            const double best =
                row == NOWHERE ? (double)INFINITY : *cell(x, row, x->cols) / *cell(x, row, col);
            if (b / a < best || (b / a <= best && x->basis[i] < x->basis[row])) row = i;
        }
        if (row == NOWHERE) break;
        pivot(x, row, col);
    }
    return *cell(x, x->rows, x->cols);
}

/* Machine-hours per hour that serve by lane: types without spot, and on spot; those of which there are some. */
static size_t lanes_held(const struct watch *w, double *serving, size_t *lane)
{
    size_t n = 0;
    for (size_t i = 0; i < w->v->group.n_choices; i++)
        serving[2 * w->v->pool_of[i] + w->v->group.choices[i].spot] +=
            (double)w->held[i] * w->v->group.choices[i].u;
    for (size_t g = 0; g < 2 * w->v->n_pools; g++)
        if (serving[g] > 0) lane[n++] = g;
    return n;
}

/* Several classes mix linearly: shares of every class on every machine type, spot apart, within the time that serves. Rows are the
 * lanes, the classes, and what of each class may lie on spot. */
static bool check_classes(const struct watch *w, size_t t, int64_t us)
{
    const struct service *s = w->v->service;
    const size_t C = s->n_classes, T = w->p->times.n;
    double *serving = ARENA_NEW(w->p->arena, double, 2 * w->v->n_pools + 1);
    size_t *lane = ARENA_NEW(w->p->arena, size_t, 2 * w->v->n_pools + 1);
    const size_t lanes = lanes_held(w, serving, lane);
    struct tableau x = {.rows = lanes + 2 * C, .cols = lanes * C + lanes + 2 * C};
    double wanted = 0;
    x.at = ARENA_NEW(w->p->arena, double, (x.rows + 1) * (x.cols + 1));
    x.basis = ARENA_NEW(w->p->arena, size_t, x.rows + 1);
    for (size_t g = 0; g < lanes; g++) *cell(&x, g, x.cols) = serving[lane[g]];
    for (size_t c = 0; c < C; c++) {
        const double load = w->v->load[t] * s->class_share[c];
        const double need = load > 0 ? 1 - unserved(w, c, us) : 0;
        wanted += need;
        *cell(&x, lanes + c, x.cols) = need;
        *cell(&x, lanes + C + c, x.cols) = fmin(need, s->spot_max_frac);
        for (size_t g = 0; g < lanes; g++) {
            const size_t col = g * C + c;
            const double cap = w->v->pools[lane[g] / 2].cap[c * T + t];
            *cell(&x, lanes + c, col) = 1;
            if (lane[g] % 2) *cell(&x, lanes + C + c, col) = 1;
            *cell(&x, g, col) = cap > 0 ? load / cap : 1e18;
            *cell(&x, x.rows, col) = -1;
        }
    }
    for (size_t i = 0; i < x.rows; i++) {
        *cell(&x, i, lanes * C + i) = 1;
        x.basis[i] = lanes * C + i;
    }
    if (maximise(&x) >= wanted - 1e-6) return true;
    return refuse(w, us, _("its machines do not carry all request classes"));
}

static bool check_numbers(const struct watch *w, int64_t us)
{
    const struct service *s = w->v->service;
    long all = 0, outside = 0;
    for (size_t i = 0; i < w->v->group.n_choices; i++) {
        all += w->held[i];
        if (!w->v->group.choices[i].spot) outside += w->held[i];
    }
    if (all < s->min_machines || (s->max_machines > 0 && all > s->max_machines))
        return refuse(w, us,
                      arena_printf(w->p->arena, _("%ld machines, and %ld to %ld are allowed"), all,
                                   s->min_machines, s->max_machines));
    if (outside < s->on_demand_base)
        return refuse(w, us,
                      arena_printf(w->p->arena,
                                   _("%ld machines outside spot, and %ld are asked for"), outside,
                                   s->on_demand_base));
    return true;
}

/* Units that a choice uses of what is bought for its service alone; 0: it is of no such kind. */
static double own_units(const struct proof_choice *c, size_t limit)
{
    for (size_t i = 0; i < c->n_uses; i++)
        if (c->uses[i].limit == limit) return c->uses[i].units;
    return 0;
}

/* What may be bought for this service alone. */
static void find_own(struct watch *w)
{
    for (size_t l = 0; l < w->p->n_limits; l++) {
        size_t i = 0;
        if (!w->p->limits[l].alone) continue;
        while (i < w->v->group.n_choices && !(own_units(&w->v->group.choices[i], l) > 0)) i++;
        if (i < w->v->group.n_choices) *ARENA_PUSH(w->p->arena, w->own, w->n_own) = l;
    }
}

/* Machines of which a service has one number, at all times: what is bought for it alone, all of it. */
static bool check_lasting(const struct watch *w, const long *first, int64_t us)
{
    for (size_t i = 0; i < w->v->group.n_choices; i++)
        if (w->v->group.choices[i].lasting && w->held[i] != first[i])
            return refuse(
                w, us,
                arena_printf(
                    w->p->arena,
                    _("%ld machines are held whose number stays, and %ld at the beginning"),
                    w->held[i], first[i]));
    /* what is bought for it alone is among those that stay */
    for (size_t k = 0; us == w->began_us && k < w->n_own; k++) {
        const size_t l = w->own[k];
        double held = 0;
        for (size_t i = 0; i < w->v->group.n_choices; i++)
            if (w->held[i]) held += (double)w->held[i] * own_units(&w->v->group.choices[i], l);
        if (fabs(held - w->c->bought[l]) > SLACK)
            return refuse(
                w, us,
                arena_printf(w->p->arena,
                             _("%.15g machines are held of %.15g that are subscribed for it alone"),
                             held, w->c->bought[l]));
    }
    return true;
}

/* Machines that come or go; 0: a period begins. */
struct change {
    int64_t at_us;
    size_t choice;
    long machines;
};

static int by_time(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    return (a->at_us > b->at_us) - (a->at_us < b->at_us);
}

static struct change *changes_of(const struct watch *w, size_t *n)
{
    struct arena *a = w->p->arena;
    const struct proof_times *times = &w->p->times;
    struct change *all = NULL;
    *n = 0;
    for (size_t t = 0; t < times->n; t++)
        *ARENA_PUSH(a, all, *n) = (struct change){times->from_us[t], 0, 0};
    for (size_t i = 0; i < w->c->n_holdings; i++) {
        const struct claim_holding *x = &w->c->holdings[i];
        if (x->service != w->service) continue;
        const size_t choice = (size_t)(x->choice - w->v->group.choices);
        *ARENA_PUSH(a, all, *n) = (struct change){x->from_us, choice, x->machines};
        *ARENA_PUSH(a, all, *n) = (struct change){x->to_us, choice, -x->machines};
    }
    if (all) qsort(all, *n, sizeof *all, by_time);
    return all;
}

/* The same machines carried the same load before: loads repeat day by day. Only where all of it is served. */
static bool is_known(const struct watch *w, size_t t)
{
    const long *known = w->carried[w->v->like[t]];
    return known && w->c->n_unserved == 0 &&
           memcmp(known, w->held, w->v->group.n_choices * sizeof *known) == 0;
}

static void note_known(const struct watch *w, size_t t)
{
    const size_t n = w->v->group.n_choices;
    long **known = &w->carried[w->v->like[t]];
    if (!*known) *known = ARENA_NEW(w->p->arena, long, n + 1);
    memcpy(*known, w->held, n * sizeof **known);
}

static bool check_moment(const struct watch *w, const long *first, int64_t us)
{
    const size_t t = proof_times_find(&w->p->times, us);
    if (!w->c->relaxed && !check_lasting(w, first, us)) return false;
    if (!check_numbers(w, us)) return false;
    if (w->v->load[t] <= 0 || is_known(w, t)) return true;
    if (!(w->v->service->n_classes == 1 ? check_one_class(w, t, us) : check_classes(w, t, us)))
        return false;
    note_known(w, t);
    return true;
}

static bool check_service(struct watch *w)
{
    size_t n;
    const struct change *all = changes_of(w, &n);
    long *first = NULL;
    for (size_t i = 0; i < n; i++) {
        w->held[all[i].choice] += all[i].machines;
        if (i + 1 < n && all[i + 1].at_us == all[i].at_us) continue;
        if (all[i].at_us < 0 || all[i].at_us >= w->p->horizon_us) continue;
        if (!first) {
            w->began_us = all[i].at_us;
            first = ARENA_NEW(w->p->arena, long, w->v->group.n_choices + 1);
            memcpy(first, w->held, w->v->group.n_choices * sizeof *first);
        }
        if (!check_moment(w, first, all[i].at_us)) return false;
    }
    return true;
}

bool proof_check_services(const struct proof *p, const struct proof_claim *c, struct diag *d)
{
    bool good = true;
    for (size_t i = 0; i < p->in.services->n; i++) {
        struct watch w = {.p = p, .c = c, .v = &p->services[i], .service = i, .d = d};
        w.held = ARENA_NEW(p->arena, long, w.v->group.n_choices + 1);
        w.pools = ARENA_NEW(p->arena, struct held_pool, w.v->n_pools + 1);
        w.carried = ARENA_NEW(p->arena, long *, p->times.n + 1);
        find_own(&w);
        good = check_service(&w) && good;
    }
    return good;
}
