/* Buys on-demand when its price is less than what waiting is expected to cost: value iteration on
 * hidden Markov chains, one for each kind of zone, weighted by how well they foretold what was seen;
 * and a net below: nothing is tried after which on-demand could no longer make the deadline. */
#include "common/text.h"
#include "sim/hedge.h"
#include <math.h>

struct prepared {
    const struct hedge_values *values;
    const struct zones *zones;
};

static const void *prepare(const struct policy_terms *terms, struct arena *a)
{
    if (terms->bought_stays) return NULL;
    struct prepared *p = ARENA_NEW(a, struct prepared, 1);
    p->values = hedge_values_make(terms, a);
    p->zones = zones_make(terms->step_s, a);
    return p;
}

/* After a step with `pick`, and the worst of luck in it, on-demand still makes the deadline. */
static bool still_safe(const struct policy_view *v, enum machine pick)
{
    const struct policy_terms *t = v->terms;
    struct policy_view later = *v;
    later.now_s += t->step_s;
    double start_s = pick == v->current ? v->pending_s : t->restart_s;
    if (pick != MACHINE_NONE) {
        later.left_s -= fmax(0, t->step_s - start_s);
        start_s = fmax(0, start_s - t->step_s);
    }
    if (later.left_s <= 0) return true;
    if (pick != MACHINE_ON_DEMAND)
        return policy_steps_needed(&later, 1) <= policy_steps_left(&later);
    later.left_s += start_s;
    return policy_steps_needed(&later, 0) <= policy_steps_left(&later);
}

/* Where spot is rare and the slack few starts long, thresholds of slack are too coarse a rule, and
 * all that is bought early is lost. */
static bool better_wait(const struct prepared *p, const struct zone_belief *belief,
                        const struct policy_terms *t)
{
    const double few_starts = 10, rare_share = 0.4;
    return t->deadline_s - t->work_s <= few_starts * t->restart_s &&
           zone_available_share(p->zones, belief) < rare_share;
}

static enum machine choose(const void *prepared, void *memory, const struct policy_view *v)
{
    /* Buying early pays where spot can be had back later, and only there. */
    if (v->terms->bought_stays) return policy_greedy_safety.choose(NULL, NULL, v);
    const struct prepared *p = prepared;
    const struct policy_terms *t = v->terms;
    const double step_s = hedge_values_grid(p->values)->step_s;
    const struct zone_belief belief = zone_learn(memory, p->zones, v);
    if (better_wait(p, &belief, t)) return policy_greedy_safety.choose(NULL, NULL, v);
    const double pending_s = v->current == MACHINE_NONE ? 0 : v->pending_s;
    const struct hedge_state s = {
        .work_left = v->left_s / step_s,
        .steps_left = policy_steps_left(v) * t->step_s / step_s,
        .pending = pending_s / step_s,
        .current = v->current,
        .belief = &belief,
    };
    const enum machine best = hedge_best(p->values, &s);
    if (still_safe(v, best)) return best;
    return v->spot_available && still_safe(v, MACHINE_SPOT) ? MACHINE_SPOT : MACHINE_ON_DEMAND;
}

const struct policy policy_hedge = {
    .name = "hedge",
    .label = N_("on-demand when waiting is expected to cost more"),
    .prepare = prepare,
    .memory_bytes = sizeof(struct zone_memory),
    .choose = choose,
};
