#include "sim/spot_fit.h"
#include <math.h>

double fitted_life_at(const struct fitted_life *f, double u)
{
    return life_quantile(f->form, f->parameter, u);
}

static struct fitted_life fitted_life(const struct spot_model *m)
{
    struct fitted_life f = {0};
    if (!m) return f;
    f.form = spot_model_life(f.parameter, m);
    f.there = f.form != N_LIFE_FORMS;
    f.mean_h = f.there ? life_mean(f.form, f.parameter) : (double)NAN;
    return f;
}

struct spot_fit spot_fit_find(const struct spot_models *models, const char *type,
                              const char *region, const char *zone)
{
    const struct spot_model *found[N_MODEL_KINDS];
    for (enum spot_model_kind k = 0; k < N_MODEL_KINDS; k++)
        found[k] = spot_model_find(models, k, type, region, zone);
    struct spot_fit f = {.price = found[MODEL_PRICE],
                         .lives = fitted_life(found[MODEL_LIVES]),
                         .available = fitted_life(found[MODEL_AVAILABLE]),
                         .gone = fitted_life(found[MODEL_GONE]),
                         .hit = 1};
    const struct spot_model *shocks = found[MODEL_SHOCKS];
    if (!shocks) return f;
    const double hit = spot_parameter(shocks, "hit"), own = spot_parameter(shocks, "own_per_h");
    const double together = hit * spot_parameter(shocks, "event_per_h");
    f.shocks = true;
    f.shock_frac = together > 0 ? together / (together + own) : 0;
    f.hit = together > 0 ? hit : 1;
    return f;
}

enum err spot_fits_read(const struct spot_models **models, const struct scenario *s,
                        struct arena *a, struct diag *d)
{
    struct spot_models *all = ARENA_NEW(a, struct spot_models, 1);
    all->arena = a;
    *models = all;
    for (size_t i = 0; i < s->spot_models.n; i++)
        TRY(spot_models_read(all, s->spot_models.items[i], d));
    return OK;
}

bool spot_fits_have(const struct spot_models *models, enum spot_model_kind kind)
{
    for (size_t i = 0; i < models->n; i++)
        if (models->items[i].kind == kind) return true;
    return false;
}
