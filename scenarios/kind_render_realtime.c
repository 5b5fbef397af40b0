/* Real-time rendering and cloud gaming: sessions that hold part of a GPU and of an encoder. */
#include "scenarios/kind_list.h"
#include "scenarios/serving.h"

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=3min", NULL};

const struct workload_kind kind_render_realtime = {
    .name = "render_realtime",
    .label = N_("Real-time rendering"),
    .work_class = "realtime_3d",
    .service = true,
    .defaults = defaults,
    .serve = serve_sessions,
};
