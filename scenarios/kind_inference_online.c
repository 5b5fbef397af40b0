/* Online inference: a service with a load and a latency target. */
#include "scenarios/kind_list.h"
#include "scenarios/serving.h"

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=3min", NULL};

const struct workload_kind kind_inference_online = {
    .name = "inference_online",
    .label = N_("Online inference"),
    .work_class = "infer_llm_7b",
    .service = true,
    .defaults = defaults,
    .serve = serve_requests,
};
