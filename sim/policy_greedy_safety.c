/* Spot whenever there is some and nothing otherwise, until only on-demand can still make it. With
 * room for one more start spot is kept, and not begun. */
#include "common/text.h"
#include "sim/policy.h"

static enum machine choose(const void *prepared, void *memory, const struct policy_view *v)
{
    (void)prepared;
    (void)memory;
    if (policy_must_buy(v)) return MACHINE_ON_DEMAND;
    if (policy_steps_needed(v, 2) >= policy_steps_left(v))
        return v->current == MACHINE_SPOT ? MACHINE_SPOT : MACHINE_ON_DEMAND;
    return v->spot_available ? MACHINE_SPOT : MACHINE_NONE;
}

const struct policy policy_greedy_safety = {
    .name = "greedy_safety",
    .label = N_("spot when there is some, on-demand when nothing else can make the deadline"),
    .choose = choose,
};
