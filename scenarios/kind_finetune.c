/* Fine-tuning of a model: like training, on smaller cards. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"

static enum err lower(const struct workload *w, struct lowering *l)
{
    return lower_work(w, l, (struct work_rules){.gang = true, .tokens = true});
}

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=5min", NULL};

const struct workload_kind kind_finetune = {
    .name = "finetune",
    .label = N_("Fine-tuning"),
    .work_class = "lora_sft",
    .defaults = defaults,
    .lower = lower,
};
