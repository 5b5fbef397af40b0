/* Uniform Progress of "Can't Be Late" (Wu et al., NSDI 2024) as its authors' program does it:
 * work / deadline x now is where the job should be; behind it on-demand is bought, and kept while
 * two starts would put it behind again. */
#include "common/text.h"
#include "sim/policy.h"

/* Work done minus work that should be done at time `at_s`. */
static double lead_s(const struct policy_view *v, double at_s)
{
    const struct policy_terms *t = v->terms;
    return (t->work_s - v->left_s) - at_s * t->work_s / t->deadline_s;
}

static enum machine choose(const void *prepared, void *memory, const struct policy_view *v)
{
    (void)prepared;
    (void)memory;
    if (policy_must_buy(v)) return MACHINE_ON_DEMAND;
    if (v->spot_available) return MACHINE_SPOT;
    if (lead_s(v, v->now_s) < 0) return MACHINE_ON_DEMAND;
    const bool soon_behind = lead_s(v, v->now_s + 2 * v->terms->restart_s) <= 0;
    return v->current == MACHINE_ON_DEMAND && soon_behind ? MACHINE_ON_DEMAND : MACHINE_NONE;
}

const struct policy policy_uniform_progress = {
    .name = "uniform_progress",
    .label = N_("on-demand only when behind a steady pace"),
    .choose = choose,
};
