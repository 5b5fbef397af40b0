#include "common/text.h"
#include "sim/world.h"

static enum err prepare(const void **prices, const struct world_model *m,
                        const struct spot_pool *pool, struct arena *a, struct diag *d)
{
    (void)prices;
    (void)pool;
    (void)a;
    const enum err code =
        diag_error(d, ERR_SPOT_HISTORY, scenario_place(m->plan->scenario, "simulate.spot_price"),
                   "%s", _("simulate.spot_price is history, but no history can be read yet"));
    diag_fix(d, "%s", _("write spot_price: model or spot_price: fixed"));
    return code;
}

static void extend(struct price_path *path, size_t hours)
{
    for (size_t h = path->n; h < hours; h++) path->factor[h] = 1;
}

const struct price_model price_history = {
    .name = "history",
    .label = N_("days of the imported history, hour of the week kept"),
    .prepare = prepare,
    .extend = extend,
};
