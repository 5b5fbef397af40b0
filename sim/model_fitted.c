/* Lives as fitted by `gpumix catalog fit` (catalog.spot_models), stretched to the mean 1 / per_h that the plan counts on: how
 * long machines live says the plan, how lives differ says the fit. Exponential where no model is of the pool. */
#include "common/text.h"
#include "sim/spot_fit.h"
#include "sim/world.h"

static double at(double u, double per_h, const struct spot_fit *fit)
{
    if (!fit || !fit->lives.there) return exponential_at(u, 1 / per_h);
    return fitted_life_at(&fit->lives, u) / (per_h * fit->lives.mean_h);
}

const struct life_model life_fitted = {
    .name = "fitted",
    .label = N_("lives as fitted (catalog.spot_models)"),
    .at = at,
};
