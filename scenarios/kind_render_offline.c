/* Offline rendering: frames that any number of machines may share; an interrupted frame starts again. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"

static enum err lower(const struct workload *w, struct lowering *l)
{
    return lower_work(w, l, (struct work_rules){0});
}

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.tolerant=true",
                                       "interruption.restart=5min", NULL};

const struct workload_kind kind_render_offline = {
    .name = "render_offline",
    .label = N_("Offline rendering"),
    .work_class = "render_optix",
    .defaults = defaults,
    .lower = lower,
};
