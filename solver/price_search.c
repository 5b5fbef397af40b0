#include "solver/price_search.h"
#include "solver/lp_internal.h"
#include "solver/price_internal.h"
#include <math.h>
#include <string.h>

/* Rounds between two looks at the bounds. */
enum { LOOK = 50 };
/* Later rounds count more, by these powers of their number. Flows forget soon how they began; prices swing, and only many of
 * them are even. */
#define FLOW_POWER  2
#define PRICE_POWER 0.2

struct averages {
    struct prices sum;
    double weight;
};

static void average_add(struct averages *v, const struct prices *p, double weight,
                        const struct crowd *c)
{
    const size_t T = c->n_periods;
    for (size_t i = 0; i < c->n_buses * T; i++) v->sum.bus[i] += weight * p->bus[i];
    for (size_t i = 0; i < c->model->n_limits * T; i++) v->sum.limit[i] += weight * p->limit[i];
    v->weight += weight;
}

static struct prices prices_new(const struct crowd *c, struct arena *a)
{
    return (struct prices){ARENA_NEW(a, double, c->n_buses * c->n_periods + 1),
                           ARENA_NEW(a, double, c->model->n_limits * c->n_periods + 1)};
}

static void prices_copy(struct prices *to, const struct prices *from, const struct crowd *c,
                        double scale)
{
    const size_t T = c->n_periods;
    for (size_t i = 0; i < c->n_buses * T; i++) to->bus[i] = scale * from->bus[i];
    for (size_t i = 0; i < c->model->n_limits * T; i++) to->limit[i] = scale * from->limit[i];
}

static void look_down(struct search *out, struct prices *room, const struct prices *p, double scale,
                      const struct crowd *c)
{
    prices_copy(room, p, c, scale);
    const double bound = price_bound(room, c);
    if (!(bound > out->lower)) return;
    out->lower = bound;
    prices_copy(&out->prices, room, c, 1);
}

/* One search: the two sides, their averages, and the best plan so far. */
struct searching {
    const struct crowd *c;
    struct arena *scratch;
    struct demand_side demand;
    struct supply_side supply;
    struct averages average;
    struct prices room;
    struct part_flow plan, best;
    double step; /* of the next round, in what is usual */
};

static struct part_flow part_flow_new(const struct crowd *c, size_t arcs, struct arena *a)
{
    return (struct part_flow){
        .flow = {.machines = ARENA_NEW(a, double, c->n_suppliers * c->n_periods + 1),
                 .bought = ARENA_NEW(a, double, c->model->n_limits + 1)},
        .units = ARENA_NEW(a, double, arcs * c->n_periods + 1)};
}

static void searching_start(struct searching *s, const struct crowd *c)
{
    *s = (struct searching){.c = c, .scratch = arena_new(), .step = 1};
    supply_start(&s->supply, c, s->scratch);
    demand_start(&s->demand, c, s->supply.reference, s->scratch);
    const size_t arcs = s->demand.first_arc[c->n_parts];
    s->average.sum = prices_new(c, s->scratch);
    s->room = prices_new(c, s->scratch);
    s->plan = part_flow_new(c, arcs, s->scratch);
    s->best = part_flow_new(c, arcs, s->scratch);
}

/* Steps are as long as the last moves show to be safe: the product of moves of machines and prices keeps below their squares.
 * They near that bound more and more slowly, and grow little by little. */
static double next_step(const struct motion *m, double step, long round)
{
    const double k = (double)round + 1;
    const double grown = step * (1 + pow(k, -0.6));
    if (!(fabs(m->cross) > 0)) return grown;
    const double safe = step * (m->primal + m->dual) / fabs(m->cross);
    return fmin(grown, safe * (1 - pow(k, -0.3)));
}

static void one_round(struct searching *s, long round)
{
    const double weight = s->step * pow((double)round, FLOW_POWER);
    demand_respond(&s->demand, s->supply.prices.bus, s->step, weight);
    if (round == 1) supply_scale(&s->supply, s->demand.load);
    supply_respond(&s->supply, &s->demand, s->step, weight);
    average_add(&s->average, &s->supply.prices, s->step * pow((double)round, PRICE_POWER), s->c);
    if (round > 1) s->step = next_step(&s->supply.motion, s->step, round);
}

/* Both bounds, from the prices and flows of this round and of all so far. */
static void look(struct search *out, struct searching *s)
{
    const struct crowd *c = s->c;
    look_down(out, &s->room, &s->supply.prices, 1, c);
    look_down(out, &s->room, &s->average.sum, 1 / s->average.weight, c);
    struct arena *once = arena_new();
    const double upper = price_plan(&s->plan, &s->demand, &s->supply, &out->prices, once);
    arena_free(once);
    if (!(upper < out->upper)) return;
    out->upper = upper;
    const struct part_flow better = s->plan;
    s->plan = s->best;
    s->best = better;
}

static bool is_over(struct search *out, const struct search_settings *settings)
{
    out->stopped = lp_clock() >= settings->deadline_s || (settings->stop && *settings->stop);
    return out->stopped || out->rounds >= settings->rounds ||
           out->upper - out->lower <= settings->gap * fabs(out->upper);
}

void price_search(struct search *out, const struct crowd *c, const struct search_settings *settings)
{
    struct searching s;
    searching_start(&s, c);
    *out = (struct search){.lower = -INFINITY, .upper = INFINITY};
    out->prices = prices_new(c, c->model->arena);
    do {
        one_round(&s, ++out->rounds);
        if (out->rounds % LOOK == 0) look(out, &s);
    } while (out->rounds % LOOK != 0 || !is_over(out, settings));
    if (isfinite(out->upper) && !price_recover(&out->flow, c, &s.best, &s.demand, settings->cells))
        out->upper = INFINITY;
    arena_free(s.scratch);
}
