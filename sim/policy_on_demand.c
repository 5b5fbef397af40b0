/* On-demand from the first step to the last: what certainty costs. */
#include "common/text.h"
#include "sim/policy.h"

static enum machine choose(const void *prepared, void *memory, const struct policy_view *v)
{
    (void)prepared;
    (void)memory;
    (void)v;
    return MACHINE_ON_DEMAND;
}

const struct policy policy_on_demand = {
    .name = "on_demand",
    .label = N_("on-demand until done"),
    .choose = choose,
};
