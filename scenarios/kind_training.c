/* Training of a model: a gang that runs together, one worker unless `workers` says more. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"

static enum err lower(const struct workload *w, struct lowering *l)
{
    return lower_work(w, l, (struct work_rules){.gang = true, .tokens = true});
}

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=10min", NULL};

const struct workload_kind kind_training = {
    .name = "training",
    .label = N_("Training"),
    .work_class = "train_mixed",
    .defaults = defaults,
    .lower = lower,
};
