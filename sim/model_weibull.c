/* Weibull lives with the mean 1 / per_h: scale = 1 / (per_h Gamma(1 + 1/k)). */
#include "common/text.h"
#include "sim/world.h"
#include <math.h>

/* Shape k: maximum likelihood on 423 lives of preemptible GPU machines of another vendor (March 2020, training_on_a_dime);
 * below 1: machines that have lived are taken more rarely. */
#define SHAPE 0.58

static double at(double u, double per_h, const struct spot_fit *fit)
{
    (void)fit;
    return weibull_at(u, 1 / (per_h * tgamma(1 + 1 / SHAPE)), SHAPE);
}

const struct life_model life_weibull = {
    .name = "weibull",
    .label = N_("Weibull lives: most reclaims come early"),
    .at = at,
};
