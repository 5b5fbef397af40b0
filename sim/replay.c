/* The tick rules. Per tick k, at k x step after the window's start:
 *   1. settle tick k-1: use = max(step - pending, 0); pending -= step - use; done += use;
 *      finished when work - done <= work_done_s: finish = k x step
 *   2. a spot machine is lost where spot cannot be held
 *   3. the policy chooses; spot where it cannot be held is nothing
 *   4. a machine other than the current one is a start: pending = restart
 *   5. the whole tick is billed */
#include "sim/replay.h"
#include "sim/parallel.h"
#include <math.h>

static const double s_per_h = 3600;
static const double work_done_s = 1e-8;    /* work left that counts as none */
static const double pending_none_s = 1e-3; /* start-up time left that counts as none */

struct replay {
    const struct trace *trace;
    const struct trace_window *window;
    size_t tick;  /* since the window's start */
    size_t spell; /* of the trace, that of this tick */
    struct policy_view view;
    struct replay_outcome outcome;
    double spot_cost; /* where prices change */
};

/* Rule 1 for one tick held. */
static void tick_settle(struct policy_view *v)
{
    const double step_s = v->terms->step_s;
    const double use_s = v->pending_s < step_s ? step_s - v->pending_s : 0;
    v->pending_s -= step_s - use_s;
    if (v->pending_s < pending_none_s) v->pending_s = 0;
    v->left_s -= use_s < v->left_s ? use_s : v->left_s;
}

/* What the policy may know at this tick. */
static void tick_see(struct replay *r)
{
    struct policy_view *v = &r->view;
    const struct trace *t = r->trace;
    const size_t k = r->window->start + r->tick;
    const bool seen = r->tick < r->window->ticks;
    if (seen && k == t->spell_begin[r->spell + 1]) r->spell++;
    v->now_s = (double)r->tick * t->step_s;
    v->past.n = r->spell;
    v->past.spell_s = (double)(k - t->spell_begin[r->spell]) * t->step_s;
    v->spot_available = seen && t->spells[r->spell].available;
    if (seen && t->price_per_h) v->spot_price_per_h = t->price_per_h[k];
    if (v->current == MACHINE_SPOT && !v->spot_available) {
        v->current = MACHINE_NONE;
        v->pending_s = 0;
        r->outcome.reclaims++;
    }
}

/* Rules 4 and 5. */
static void tick_hold(struct replay *r, enum machine pick)
{
    struct policy_view *v = &r->view;
    if (pick != MACHINE_NONE && pick != v->current) {
        v->pending_s = v->terms->restart_s;
        r->outcome.starts++;
    }
    if (pick == MACHINE_NONE) v->pending_s = 0;
    r->outcome.spot_ticks += pick == MACHINE_SPOT;
    r->outcome.on_demand_ticks += pick == MACHINE_ON_DEMAND;
    if (pick == MACHINE_SPOT) r->spot_cost += v->spot_price_per_h;
    v->current = pick;
}

/* Ticks after which a job that is not finished is given up: the deadline and all of its work. */
static size_t ticks_most(const struct policy_terms *t)
{
    return (size_t)ceil((t->deadline_s + t->work_s + 2 * t->restart_s) / t->step_s) + 2;
}

struct replay_outcome replay_run(const struct policy *policy, const void *prepared, void *memory,
                                 const struct policy_terms *terms, const struct trace *trace,
                                 const struct trace_window *window)
{
    struct replay r = {
        .trace = trace,
        .window = window,
        .spell = trace_spell_at(trace, window->start),
        .view = {.terms = terms,
                 .left_s = terms->work_s,
                 .spot_price_per_h = terms->spot_price_per_h,
                 .past = {.spells = trace->spells}},
    };
    struct policy_view *v = &r.view;
    const size_t most = ticks_most(terms);
    for (; r.tick <= most; r.tick++) {
        if (v->current != MACHINE_NONE) tick_settle(v);
        if (v->left_s <= work_done_s) break;
        tick_see(&r);
        const enum machine pick = policy->choose(prepared, memory, v);
        const bool held = pick != MACHINE_SPOT || v->spot_available;
        tick_hold(&r, held ? pick : MACHINE_NONE);
    }
    struct replay_outcome *o = &r.outcome;
    const double step_h = terms->step_s / s_per_h;
    const double spot =
        trace->price_per_h ? r.spot_cost : (double)o->spot_ticks * terms->spot_price_per_h;
    o->cost = (spot + (double)o->on_demand_ticks * terms->on_demand_price_per_h) * step_h;
    o->finish_h = r.tick <= most ? (double)r.tick * step_h : (double)NAN;
    o->missed = !((double)r.tick * terms->step_s <= terms->deadline_s);
    return r.outcome;
}

struct fleet_outcome replay_fleet(long nodes, const struct policy_terms *terms,
                                  const struct trace *trace, const struct trace_window *window)
{
    struct fleet_outcome o = {0};
    double per_h = 0, spot_ticks = 0;
    long held = 0;
    for (size_t k = window->start; k < window->start + window->ticks; k++) {
        const long spot = trace->nodes[k] < nodes ? trace->nodes[k] : nodes;
        const double price = trace->price_per_h ? trace->price_per_h[k] : terms->spot_price_per_h;
        o.reclaims += held > spot ? held - spot : 0;
        per_h += (double)spot * price + (double)(nodes - spot) * terms->on_demand_price_per_h;
        spot_ticks += (double)spot;
        held = spot;
    }
    o.cost = per_h * terms->step_s / s_per_h;
    o.spot_frac = spot_ticks / ((double)nodes * (double)window->ticks);
    return o;
}

struct replaying {
    const struct replay_request *request;
    const void **prepared;           /* [n_policies] */
    struct replay_outcome *outcomes; /* [n_windows][n_policies] */
};

/* One window under every policy. */
static void window_replay(size_t window, struct arena *a, void *context)
{
    const struct replaying *all = context;
    const struct replay_request *r = all->request;
    for (size_t p = 0; p < r->n_policies; p++) {
        struct replay_outcome *o = &all->outcomes[window * r->n_policies + p];
        const struct policy *policy = r->policies[p];
        if (policy) {
            void *memory = arena_alloc(a, 1, policy->memory_bytes + 1);
            *o = replay_run(policy, all->prepared[p], memory, &r->terms, r->trace,
                            &r->windows[window]);
        } else {
            const double cost = hindsight_cost(&r->terms, r->trace, &r->windows[window], a);
            *o = (struct replay_outcome){.cost = cost, .finish_h = NAN, .missed = isnan(cost)};
        }
    }
}

struct replay_outcome *replay_all(const struct replay_request *r, struct arena *a)
{
    struct replaying all = {
        .request = r,
        .prepared = ARENA_NEW(a, const void *, r->n_policies + 1),
        .outcomes = ARENA_NEW(a, struct replay_outcome, r->n_windows * r->n_policies + 1),
    };
    for (size_t p = 0; p < r->n_policies; p++)
        if (r->policies[p] && r->policies[p]->prepare)
            all.prepared[p] = r->policies[p]->prepare(&r->terms, a);
    parallel_for(r->n_windows, r->threads, window_replay, &all);
    return all.outcomes;
}
