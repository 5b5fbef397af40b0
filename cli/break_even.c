/* Break-even points. `side` pays while its proven optimum is below that of `base`:
 *
 *     pays(x)  =  bound_side(x) < bound_base(x) (1 - MARGIN)        x: spot price factor, reclaims a day, deadline
 *
 * Bounds, not plans: they are exact, so the point does not move with the gap of an executable plan. The point is bracketed by
 * doubling from the planned value and then closed in on, in ratios, down to PRECISION: along the line through two values that
 * pay, because each look costs two solves, and by halving. */
#include "cli/compare.h"
#include "common/text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

static const double MARGIN = 1e-6;    /* relative; the bounds themselves hold to 1e-7 */
static const double PRECISION = 1e-3; /* relative, of the point */
enum { MAX_DOUBLINGS = 7 };           /* up to 128 times the planned value, or a 128th of it */

struct search {
    const struct contender *base, *side;
    struct cli *cli;
    /* Writes the settings that make the parameter x; returns how many (at most MAX_SETTINGS). */
    const char **(*settings)(size_t *n, const struct search *s, double x);
    const struct workload *workload; /* deadline */
    bool steady;                     /* base does not depend on x: solved once */
    bool known;
    struct optimum {
        bool feasible;
        double bound;
    } steady_base;
    enum err code; /* of the first solve that went wrong */
};

static struct optimum optimum_of(const struct plan_task *task)
{
    const struct plan *p = task->result.plan;
    const bool feasible = p && p->status == PLAN_OPTIMAL;
    return (struct optimum){feasible, feasible ? p->bound : (double)INFINITY};
}

/* bound_side - bound_base (1 - MARGIN) at x: below 0 it pays. Infinite where one of them has no plan. */
static double excess(struct search *s, double x)
{
    struct arena *scratch = arena_new();
    struct cli own = *s->cli;
    own.arena = scratch;
    own.progress = false;
    size_t n = 0;
    struct search here = *s;
    here.cli = &own;
    const char **more = s->settings(&n, &here, x);
    struct plan_task tasks[2] = {{.variant = s->side->task->variant},
                                 {.variant = s->base->task->variant}};
    tasks[0].planning = planning_with(&s->side->task->planning, more, n, scratch);
    tasks[1].planning = planning_with(&s->base->task->planning, more, n, scratch);
    tasks_plan(tasks, s->steady && s->known ? 1 : 2, "", &own);
    const bool base_new = !(s->steady && s->known);
    for (size_t i = 0; i < (base_new ? 2u : 1u) && s->code == OK; i++)
        s->code = tasks[i].result.code;
    const struct optimum side = optimum_of(&tasks[0]);
    if (base_new) s->steady_base = optimum_of(&tasks[1]);
    s->known = true;
    const struct optimum base = s->steady_base;
    arena_free(scratch);
    if (!side.feasible) return (double)INFINITY;
    return base.feasible ? side.bound - base.bound * (1 - MARGIN) : -(double)INFINITY;
}

static bool search_ended(const struct search *s)
{
    return s->code != OK || *s->cli->stop;
}

/* A value with what it gives. */
struct look {
    double x, excess;
};

/* A bracket: `in` pays, `out` does not, and `before` pays further away from the point (x NAN: not known). */
struct bracket {
    struct look before, in, out;
};

/* Where the line through the two values that pay reaches 0: the difference is smooth there, while beyond the point it is often flat
 * (both buy the same) or infinite (no plan). At least half the precision inside the bracket, so that its other end can follow. */
static double next_look(const struct bracket *b)
{
    const double width = log(b->out.x / b->in.x), least = copysign(PRECISION / 2, width);
    const double slope = (b->in.excess - b->before.excess) / log(b->in.x / b->before.x);
    const double share = -b->in.excess / slope / width;
    const double step = share > 0 ? fmin(share, 1) * width : width / 2;
    const double room = fmax(fabs(width) - fabs(least), fabs(width) / 2);
    return b->in.x * exp(copysign(fmin(fmax(fabs(step), fabs(least)), room), width));
}

/* The point within a bracket. Every third look is in the middle, so that it is never much slower than halving. */
static double flip_between(struct search *s, struct bracket b)
{
    for (int i = 1; fabs(log(b.out.x / b.in.x)) > PRECISION && !search_ended(s); i++) {
        struct look here = {.x = i % 3 ? next_look(&b) : sqrt(b.in.x * b.out.x)};
        here.excess = excess(s, here.x);
        if (here.excess < 0) {
            b.before = b.in;
            b.in = here;
        } else {
            b.out = here;
        }
    }
    return sqrt(b.in.x * b.out.x);
}

/* Where to look: from `now`, not beyond least and most. */
struct range {
    double now, least, most;
    bool up_when_paying; /* it pays below the point; else from the point on */
};

struct flip {
    bool pays_now;
    double value; /* NAN: none up to `end` */
    double end;
};

/* From `now` towards where the answer may differ. */
static struct flip flip_find(struct search *s, struct range r)
{
    struct look last = {.x = (double)NAN}, inside = {r.now, excess(s, r.now)};
    struct flip flip = {.pays_now = inside.excess < 0, .value = (double)NAN, .end = r.now};
    const bool up = flip.pays_now == r.up_when_paying;
    for (int i = 0; i < MAX_DOUBLINGS && !search_ended(s); i++) {
        struct look next = {.x = up ? fmin(inside.x * 2, r.most) : fmax(inside.x / 2, r.least)};
        flip.end = next.x;
        if (next.x == inside.x) break;
        next.excess = excess(s, next.x);
        if ((next.excess < 0) != flip.pays_now) {
            const struct look unknown = {.x = (double)NAN};
            flip.value = flip_between(s, flip.pays_now ? (struct bracket){last, inside, next}
                                                       : (struct bracket){unknown, next, inside});
            return flip;
        }
        last = inside;
        inside = next;
    }
    return flip;
}

static const char **relaxed(size_t *n, struct arena *a, const char *setting)
{
    const char **list = NULL;
    *n = 0;
    *ARENA_PUSH(a, list, *n) = "integrality=none";
    *ARENA_PUSH(a, list, *n) = setting;
    return list;
}

static const char **spot_price_settings(size_t *n, const struct search *s, double x)
{
    struct arena *a = s->cli->arena;
    return relaxed(n, a, arena_printf(a, "simulate.spot_price_factor=%.12f", x));
}

/* A workload's own hazard goes before the scenario's, so it is set as well. */
static const char **reclaims_settings(size_t *n, const struct search *s, double x)
{
    struct arena *a = s->cli->arena;
    const struct scenario *sc = s->side->task->result.plan->scenario;
    const char **list = relaxed(n, a, arena_printf(a, "simulate.interruptions_per_day=%.12f", x));
    for (size_t i = 0; i < sc->n_workloads; i++)
        if (sc->workloads[i].hazard_per_h.given)
            *ARENA_PUSH(a, list, *n) = arena_printf(a, "workloads.\"%s\".spot.hazard_per_h=%.12f",
                                                    sc->workloads[i].name, x / 24);
    return list;
}

static const char **deadline_settings(size_t *n, const struct search *s, double x)
{
    struct arena *a = s->cli->arena;
    return relaxed(
        n, a,
        arena_printf(a, "workloads.\"%s\".window.deadline=%.0fs", s->workload->name, x * 3600));
}

/* The spot offer with most held hours, NO_INDEX: none. */
static size_t main_spot_offer(const struct plan *p, struct arena *a)
{
    double *held = ARENA_NEW(a, double, p->n_offers + 1);
    for (size_t i = 0; i < p->n_stretches; i++)
        held[p->stretches[i].offer] += (double)p->stretches[i].paid_us;
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        held[h->offer] += (double)h->machines * (double)(h->to_us - h->from_us);
    }
    size_t most = NO_INDEX;
    for (size_t i = 0; i < p->n_offers; i++)
        if (p->offers[i].market->interruptible && held[i] > 0 &&
            (most == NO_INDEX || held[i] > held[most]))
            most = i;
    return most;
}

/* Its price over that of the same machine on-demand; NAN: not sold on-demand there. */
static double price_ratio(const struct plan *p, size_t spot)
{
    const struct offer *o = &p->offers[spot];
    for (size_t i = 0; i < p->n_offers; i++) {
        const struct offer *x = &p->offers[i];
        if (x->market->id == MARKET_ON_DEMAND && x->type == o->type && x->price > 0 &&
            strcmp(x->region, o->region) == 0 && (!*x->zone || strcmp(x->zone, o->zone) == 0))
            return o->price / x->price;
    }
    return (double)NAN;
}

struct found {
    struct break_even *items;
    size_t n;
};

static void found_add(struct found *found, struct break_even b, struct arena *a)
{
    *ARENA_PUSH(a, found->items, found->n) = b;
}

static bool base_is_steady(const struct contender *base)
{
    const struct scenario *s = base->task->result.plan->scenario;
    for (size_t i = 0; i < s->n_workloads; i++)
        if (s->workloads[i].markets & (1u << MARKET_SPOT)) return false;
    return true;
}

static const char *factor_text(double factor, struct arena *a)
{
    return arena_printf(a, factor < 10 ? "%.2f" : "%.0f", factor);
}

/* "84% of on-demand (ecs.gn7i-8x.16xlarge), 3.36 times today's" */
static const char *spot_point_text(const struct search *s, double value, double now)
{
    struct arena *a = s->cli->arena;
    const struct plan *p = s->side->task->result.plan;
    const size_t offer = main_spot_offer(p, a);
    const double ratio = offer == NO_INDEX ? (double)NAN : price_ratio(p, offer);
    const char *times = factor_text(value / now, a);
    if (!isfinite(ratio)) return arena_printf(a, _("%s times the planned price"), times);
    return arena_printf(a, _("%.0f%% of on-demand for %s, %s times the planned price"),
                        ratio * value / now * 100, book_type(p->book, p->offers[offer].type)->name,
                        times);
}

static void spot_price_find(struct found *found, struct search *s)
{
    struct arena *a = s->cli->arena;
    const struct uncertain *factor = &s->side->task->result.plan->scenario->spot_price_factor;
    const double now = factor->given && factor->base > 0 ? factor->base : 1;
    s->settings = spot_price_settings;
    const struct flip flip = flip_find(s, (struct range){now, now / 128, now * 128, true});
    const char *name = s->side->name, *text;
    if (isfinite(flip.value))
        text = arena_printf(a, _("%s pays until spot reaches %s"), name,
                            spot_point_text(s, flip.value, now));
    else if (flip.pays_now)
        text = arena_printf(
            a, _("%s pays at every spot price: spot never costs more than on-demand"), name);
    else
        text = arena_printf(a, _("%s does not pay even at %s"), name,
                            spot_point_text(s, flip.end, now));
    found_add(found,
              (struct break_even){.variant = s->side->key,
                                  .kind = "spot_price_factor",
                                  .value = flip.value,
                                  .low = fmin(now, flip.end),
                                  .high = fmax(now, flip.end),
                                  .text = text},
              a);
}

static double reclaims_now(const struct search *s)
{
    const struct plan *p = s->side->task->result.plan;
    const struct uncertain *given = &p->scenario->interruptions_per_day;
    if (given->given && given->base > 0) return given->base;
    const size_t offer = main_spot_offer(p, s->cli->arena);
    const double hazard = offer == NO_INDEX ? (double)NAN : p->offers[offer].hazard_per_h;
    return isfinite(hazard) && hazard > 0 ? hazard * 24 : 1;
}

static const char *rate_text(double per_day, struct arena *a)
{
    return arena_printf(a, per_day < 10 ? "%.2g" : "%.0f", per_day);
}

static void reclaims_find(struct found *found, struct search *s)
{
    struct arena *a = s->cli->arena;
    const double now = reclaims_now(s);
    s->settings = reclaims_settings;
    const struct flip flip = flip_find(s, (struct range){now, now / 128, now * 128, true});
    const char *name = s->side->name, *text;
    if (isfinite(flip.value))
        text = arena_printf(a, _("%s pays until a machine is reclaimed %s times a day"), name,
                            rate_text(flip.value, a));
    else if (flip.pays_now)
        text = arena_printf(a, _("%s pays even when a machine is reclaimed %s times a day"), name,
                            rate_text(flip.end, a));
    else
        text = arena_printf(a, _("%s does not pay even when a machine is reclaimed %s times a day"),
                            name, rate_text(flip.end, a));
    found_add(found,
              (struct break_even){.variant = s->side->key,
                                  .kind = "reclaims_per_day",
                                  .value = flip.value,
                                  .low = fmin(now, flip.end),
                                  .high = fmax(now, flip.end),
                                  .text = text},
              a);
}

/* Hours from the start of the window to the deadline as written. */
static double deadline_now(const struct scenario *s, const struct workload *w)
{
    const moment_t start = w->has_start ? w->start : s->start;
    if (w->deadline_is_moment) return (double)(w->deadline - start) / (double)US_PER_H;
    return w->deadline_h;
}

static const char *hours_text(double hours, struct arena *a)
{
    return duration_text(a, llround(hours * (double)US_PER_H));
}

/* Whether the workload may run on spot and one of its jobs ends at the workload's own deadline. */
static bool deadline_counts(const struct plan *p, const struct workload *w)
{
    if (!w->has_deadline || w->repeat != REPEAT_ONCE || !w->tolerant ||
        !(w->markets & (1u << MARKET_SPOT)) || !p->demands)
        return false;
    const int64_t due_us = llround(deadline_now(p->scenario, w) * (double)US_PER_H);
    const int64_t from_us = w->has_start ? w->start - p->scenario->start : 0;
    for (size_t i = 0; i < p->demands->n; i++)
        if (p->demands->items[i].shape->workload == w &&
            p->demands->items[i].due_us == from_us + due_us)
            return true;
    return false;
}

static void deadline_find(struct found *found, struct search *s, const struct scenario *sc)
{
    struct arena *a = s->cli->arena;
    const struct workload *w = s->workload;
    const double now = deadline_now(sc, w), most = (double)sc->length_us / (double)US_PER_H;
    if (!(now > 0)) return;
    s->settings = deadline_settings;
    const struct flip flip = flip_find(s, (struct range){now, now / 128, fmax(now, most), false});
    const char *name = s->side->name, *text;
    if (isfinite(flip.value))
        text = arena_printf(a, _("%s pays from a deadline of %s for %s on"), name,
                            hours_text(flip.value, a), w->name);
    else if (flip.pays_now)
        text = arena_printf(a, _("%s pays even with a deadline of %s for %s"), name,
                            hours_text(flip.end, a), w->name);
    else
        text = arena_printf(a, _("%s does not pay even with a deadline of %s for %s"), name,
                            hours_text(flip.end, a), w->name);
    found_add(found,
              (struct break_even){.variant = s->side->key,
                                  .kind = "deadline_hours",
                                  .workload = w->name,
                                  .value = flip.value,
                                  .low = fmin(now, flip.end),
                                  .high = fmax(now, flip.end),
                                  .pays_above = true,
                                  .text = text},
              a);
}

static bool has_plan(const struct contender *c)
{
    return c->task->result.summary && c->task->result.summary->has_plan;
}

enum err break_evens_find(struct break_even **list, size_t *n, const struct contender *base,
                          const struct contender *side, unsigned kinds, struct cli *cli)
{
    struct found found = {.items = *list, .n = *n};
    struct search s = {.base = base, .side = side, .cli = cli};
    if (!side->task->result.plan || !base->task->result.plan) return OK;
    const struct scenario *sc = side->task->result.plan->scenario;
    s.steady = base_is_steady(base);
    const bool spot =
        has_plan(side) && main_spot_offer(side->task->result.plan, cli->arena) != NO_INDEX;
    if ((kinds & FLIP_SPOT_PRICE) && spot && !search_ended(&s)) spot_price_find(&found, &s);
    if ((kinds & FLIP_RECLAIMS) && spot && !search_ended(&s)) reclaims_find(&found, &s);
    s.steady = false;
    for (size_t i = 0; i < sc->n_workloads && (kinds & FLIP_DEADLINE) && !search_ended(&s); i++) {
        s.workload = &sc->workloads[i];
        if (deadline_counts(side->task->result.plan, s.workload)) deadline_find(&found, &s, sc);
    }
    *list = found.items;
    *n = found.n;
    return s.code;
}
