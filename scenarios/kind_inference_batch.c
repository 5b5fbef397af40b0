/* Batch inference: items that any number of workers may share; an interruption loses items, not the job. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"

static enum err lower(const struct workload *w, struct lowering *l)
{
    return lower_work(w, l, (struct work_rules){0});
}

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.tolerant=true",
                                       "interruption.restart=3min", NULL};

const struct workload_kind kind_inference_batch = {
    .name = "inference_batch",
    .label = N_("Batch inference"),
    .work_class = "infer_small",
    .defaults = defaults,
    .lower = lower,
};
