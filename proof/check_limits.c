/* Machines in use never pass quota, stock, or what is subscribed, at no microsecond. */
#include "common/text.h"
#include "proof/claim.h"
#include <math.h>
#include <stdlib.h>

#define SLACK       1e-9
#define LOOSE_SLACK 1e-6 /* integrality: none: the solution of the program itself */

struct change {
    int64_t at_us;
    double units;
};

/* Changes at the ends of periods are added up there: of many jobs most are. */
struct changes {
    size_t n;
    struct change *items;
    double *at_period; /* [periods + 1] */
};

static void put(const struct proof *p, struct changes *of, size_t period, int64_t us, double units)
{
    if (p->times.from_us[period] != us) {
        *ARENA_PUSH(p->arena, of->items, of->n) = (struct change){us, units};
        return;
    }
    if (!of->at_period) of->at_period = ARENA_NEW(p->arena, double, p->times.n + 1);
    of->at_period[period] += units;
}

static size_t period_of(const struct proof *p, int64_t us)
{
    return us == p->horizon_us ? p->times.n : proof_times_find(&p->times, us);
}

static void use(const struct proof *p, struct changes *all, const struct proof_choice *c,
                double machines, int64_t from_us, int64_t to_us)
{
    const size_t from = period_of(p, from_us), to = period_of(p, to_us);
    for (size_t i = 0; i < c->n_uses; i++) {
        struct changes *of = &all[c->uses[i].limit];
        const double units = machines * c->uses[i].units;
        put(p, of, from, from_us, units);
        put(p, of, to, to_us, -units);
    }
}

static int by_time(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    if (a->at_us != b->at_us) return a->at_us < b->at_us ? -1 : 1;
    return (a->units > b->units) - (a->units < b->units); /* what ends makes room first */
}

/* Units that may be in use at a moment. What is subscribed already may be more than a quota: nothing is left of it then. */
static double allowed(const struct proof *p, const struct proof_claim *c, size_t limit, int64_t us)
{
    const struct proof_limit *l = &p->limits[limit];
    double most =
        l->buys ? c->bought[limit] : fmax(0, proof_amount(l, us, us + 1) - proof_held(p, l, us));
    for (size_t i = 0; l->kind == PROOF_QUOTA && i < p->n_limits; i++)
        if (p->limits[i].kind == PROOF_SUBSCRIPTION && p->limits[i].buys &&
            proof_holds(p, l, p->limits[i].offer))
            most -= c->bought[i] * proof_units(p, l, p->limits[i].offer);
    return most;
}

/* Moments at which a limit itself changes count as changes of nothing. */
static void add_moments(const struct proof *p, struct changes *of, size_t limit)
{
    const struct proof_limit *l = &p->limits[limit];
    for (size_t t = 0; of->at_period && t <= p->times.n; t++)
        *ARENA_PUSH(p->arena, of->items, of->n) =
            (struct change){p->times.from_us[t], of->at_period[t]};
    for (size_t i = 0; i < l->n_steps; i++)
        *ARENA_PUSH(p->arena, of->items, of->n) = (struct change){l->steps[i]->start_us, 0};
    for (size_t i = 0; i < p->n_limits; i++)
        if (p->limits[i].until_us != INT64_MAX)
            *ARENA_PUSH(p->arena, of->items, of->n) = (struct change){p->limits[i].until_us, 0};
}

static bool check_one(const struct proof *p, const struct proof_claim *c, size_t limit,
                      struct changes *of, struct diag *d)
{
    double used = 0, size = 0;
    if (of->n == 0 && !of->at_period) return true;
    add_moments(p, of, limit);
    qsort(of->items, of->n, sizeof *of->items, by_time);
    for (size_t i = 0; i < of->n; i++) {
        const int64_t us = of->items[i].at_us;
        used += of->items[i].units;
        size = fmax(size, fabs(used));
        if (us < 0 || us >= p->horizon_us || (i + 1 < of->n && of->items[i + 1].at_us == us))
            continue;
        const double most = allowed(p, c, limit, us);
        if (used <= most + (c->relaxed ? LOOSE_SLACK : SLACK) * (1 + fabs(most) + size)) continue;
        diag_error(d, ERR_PROOF_LIMIT, (struct place){0},
                   _("%s: %.15g are in use at hour %.6f, %.15g are allowed"), p->limits[limit].key,
                   used, (double)us / (double)US_PER_H, most);
        return false;
    }
    return true;
}

bool proof_check_limits(const struct proof *p, const struct proof_claim *c, struct diag *d)
{
    struct changes *all = ARENA_NEW(p->arena, struct changes, p->n_limits + 1);
    bool good = true;
    for (size_t i = 0; i < c->n_runs; i++) {
        const struct claim_run r = claim_run_at(c, i);
        const struct demand *job = &p->in.demands->items[r.job];
        const int64_t open =
            c->relaxed ? demand_open_us(job, r.from_us, r.to_us, true, p->horizon_us) : 1;
        const double machines =
            c->relaxed ? (double)r.paid_us / (double)(open > 0 ? open : 1) : (double)r.machines;
        use(p, all, r.choice, machines, r.from_us, r.to_us);
    }
    for (size_t i = 0; i < c->n_holdings; i++)
        use(p, all, c->holdings[i].choice, (double)c->holdings[i].machines, c->holdings[i].from_us,
            c->holdings[i].to_us);
    for (size_t l = 0; l < p->n_limits; l++) good = check_one(p, c, l, &all[l], d) && good;
    return good;
}
