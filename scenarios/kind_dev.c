/* Development machines: seats are a service; work in hours beside them is batch work like any other. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"
#include "scenarios/serving.h"

static bool is_work(const struct workload *w)
{
    return w->gpu_hours.given || w->vcpu_hours.given || w->seconds_per_item.given || w->from_csv;
}

static enum err lower(const struct workload *w, struct lowering *l)
{
    return is_work(w) ? lower_work(w, l, (struct work_rules){0}) : OK;
}

static enum err serve(const struct workload *w, struct serving *s)
{
    return is_work(w) ? OK : serve_seats(w, s);
}

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=2min", NULL};

const struct workload_kind kind_dev = {
    .name = "dev",
    .label = N_("Development"),
    .work_class = "train_mixed",
    .service = true,
    .defaults = defaults,
    .lower = lower,
    .serve = serve,
};
