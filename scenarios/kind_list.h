/* The registry of workload kinds: one line per file kind_<name>.c. */
#ifndef SCENARIOS_KIND_LIST_H
#define SCENARIOS_KIND_LIST_H

#include "scenarios/kinds.h"

/* clang-format off */
#define KIND_LIST(X) \
    X(training) \
    X(finetune) \
    X(inference_online) \
    X(inference_batch) \
    X(dev) \
    X(render_offline) \
    X(render_realtime) \
    X(cad) \
    X(etl)
/* clang-format on */

#define X(name) extern const struct workload_kind kind_##name;
KIND_LIST(X)
#undef X

#endif
