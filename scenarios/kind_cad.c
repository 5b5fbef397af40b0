/* CAD seats: people at virtual workstations. */
#include "scenarios/kind_list.h"
#include "scenarios/serving.h"

static const char *const defaults[] = {"purchase=[on_demand]", "interruption.restart=2min", NULL};

const struct workload_kind kind_cad = {
    .name = "cad",
    .label = N_("CAD seats"),
    .work_class = "cad_viz",
    .service = true,
    .defaults = defaults,
    .serve = serve_seats,
};
