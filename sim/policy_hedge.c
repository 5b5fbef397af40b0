/* Buys on-demand when its price is less than what waiting is expected to cost: value iteration on
 * spells that last the longer the longer they have lasted, with rates learned from the zone, and a
 * net below: nothing is tried after which on-demand could no longer make the deadline. */
#include "common/text.h"
#include "sim/hedge.h"
#include <math.h>

struct memory {
    struct zone_memory zone;
};

static const void *prepare(const struct policy_terms *terms, struct arena *a)
{
    return hedge_values_make(terms, &spell_prior_default, a);
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

static enum machine choose(const void *prepared, void *memory, const struct policy_view *v)
{
    const struct hedge_values *values = prepared;
    struct memory *m = memory;
    const struct policy_terms *t = v->terms;
    const double step_s = hedge_values_grid(values)->step_s;
    zone_learn(&m->zone, &spell_prior_default, &v->past);
    const size_t kind = v->spot_available ? SPELL_AVAILABLE : SPELL_GONE;
    const double pending_s = v->current == MACHINE_NONE ? 0 : v->pending_s;
    struct hedge_state s = {
        .work_left = v->left_s / step_s,
        .steps_left = policy_steps_left(v) * t->step_s / step_s,
        .pending = pending_s / step_s,
        .available = v->spot_available,
        .age_s = v->past.spell_s,
        .current = v->current,
    };
    s.classes[kind] = zone_class(&v->past, 0);
    s.classes[!kind] = zone_class(&v->past, 1);
    for (size_t i = 0; i < N_SPELL_KINDS; i++)
        s.factors[i] = zone_factor(&m->zone, &spell_prior_default, i, v);
    const enum machine best = hedge_best(values, &s);
    if (still_safe(v, best)) return best;
    return v->spot_available && still_safe(v, MACHINE_SPOT) ? MACHINE_SPOT : MACHINE_ON_DEMAND;
}

const struct policy policy_hedge = {
    .name = "hedge",
    .label = N_("on-demand when waiting is expected to cost more"),
    .prepare = prepare,
    .memory_bytes = sizeof(struct memory),
    .choose = choose,
};
