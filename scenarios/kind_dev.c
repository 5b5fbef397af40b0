/* Development machines: seats are a service; work in hours beside them is batch work like any other. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"

static enum err lower(const struct workload *w, struct lowering *l)
{
    if (w->gpu_hours.given || w->vcpu_hours.given) return lower_work(w, l, (struct work_rules){0});
    return lower_service(w, l);
}

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=2min", NULL};

const struct workload_kind kind_dev = {
    .name = "dev",
    .label = N_("Development"),
    .work_class = "train_mixed",
    .service = true,
    .defaults = defaults,
    .lower = lower,
};
