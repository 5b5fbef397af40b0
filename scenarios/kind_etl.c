/* ETL and log analysis: divisible work, as a rule in vCPU-hours on machines without a GPU. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"

static enum err lower(const struct workload *w, struct lowering *l)
{
    return lower_work(w, l, (struct work_rules){0});
}

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.tolerant=true",
                                       "interruption.lost_per_hit=10min",
                                       "interruption.restart=2min", NULL};

const struct workload_kind kind_etl = {
    .name = "etl",
    .label = N_("ETL and log analysis"),
    .work_class = "cpu_etl",
    .defaults = defaults,
    .lower = lower,
};
