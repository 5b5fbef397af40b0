#include "common/text.h"
#include "sim/world.h"

static void extend(struct price_path *path, size_t hours)
{
    for (size_t h = path->n; h < hours; h++) path->factor[h] = 1;
}

const struct price_model price_fixed = {
    .name = "fixed",
    .label = N_("as planned, all the time"),
    .extend = extend,
};
