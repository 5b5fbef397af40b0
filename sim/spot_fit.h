/* What the saved models of catalog.spot_models (pricing/spot_model.h) say of one pool of spot machines. */
#ifndef SIM_SPOT_FIT_H
#define SIM_SPOT_FIT_H

#include "pricing/spot_model.h"
#include "scenarios/scenario.h"

/* A fitted distribution of lives or spells. */
struct fitted_life {
    bool there;
    enum life_form form;
    double parameter[MAX_LIFE_PARAMETERS], mean_h;
};
double fitted_life_at(const struct fitted_life *f,
                      double u); /* hours; u in (0, 1), rises with it */

struct spot_fit {
    const struct spot_model *price; /* NULL: none */
    struct fitted_life lives;       /* of machines: how they are spread; the mean is the plan's */
    /* Spells of the place: where both are there they are the pool's shocks, which take every machine. */
    struct fitted_life available, gone;
    /* Of a machine's reclaims, the share that comes together with others', and the share of machines such an event takes. */
    bool shocks;
    double shock_frac, hit;
};

/* All models the scenario names. Errors: of spot_models_read. */
MUST_USE enum err spot_fits_read(const struct spot_models **models, const struct scenario *s,
                                 struct arena *a, struct diag *d);
struct spot_fit spot_fit_find(const struct spot_models *models, const char *type,
                              const char *region, const char *zone);
bool spot_fits_have(const struct spot_models *models, enum spot_model_kind kind);

#endif
