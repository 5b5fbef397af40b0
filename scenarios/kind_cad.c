/* CAD seats: people at virtual workstations. */
#include "scenarios/kind_list.h"
#include "scenarios/lower.h"
#include "scenarios/serving.h"

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=2min", NULL};

const struct workload_kind kind_cad = {
    .name = "cad",
    .label = N_("CAD seats"),
    .work_class = "cad_viz",
    .service = true,
    .defaults = defaults,
    .lower = lower_service,
    .serve = serve_seats,
};
