#include "common/text.h"
#include "sim/world.h"

static double at(double u, double per_h, const struct spot_fit *fit)
{
    (void)fit;
    return exponential_at(u, 1 / per_h);
}

const struct life_model life_exponential = {
    .name = "exponential",
    .label = N_("exponential lives: a reclaim is as likely in every hour"),
    .forgets = true,
    .at = at,
};
