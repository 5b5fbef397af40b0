/* Models of spot that were fitted, in one form whatever they are of: printed, saved beside the user's book, drawn from. */
#ifndef PRICING_SPOT_MODEL_H
#define PRICING_SPOT_MODEL_H

#include "pricing/backtest.h"

/* What a model is of. Forms and parameters:
 *   price       mean_reverting, mean_reverting_jumps (price_fit.h; with no_stock_per_h, stock_back_per_h where the on-demand price
 *               was seen), last_value, mean, hour_of_week (168 factors on the mean)
 *   lives       of machines (lifetimes.h)
 *   available, gone   spells of a place (lifetimes.h)
 *   shocks      independent, shocks (shocks.h) */
enum spot_model_kind {
    MODEL_PRICE,
    MODEL_LIVES,
    MODEL_AVAILABLE,
    MODEL_GONE,
    MODEL_SHOCKS,
    N_MODEL_KINDS
};
const char *spot_model_kind_name(enum spot_model_kind k);

enum { MAX_MODEL_PARAMETERS = 8, HOURS_OF_WEEK = 168 };
struct spot_model {
    enum spot_model_kind kind;
    const char *type, *place; /* "": any */
    const char *group;        /* of lives: the value of the columns they are grouped by; "" */
    const char *form;
    bool converged;
    size_t n_parameters;
    struct spot_parameter {
        const char *name;
        double value, error; /* standard error; NAN: none */
    } parameters[MAX_MODEL_PARAMETERS];
    const double *hour_of_week; /* [168] factors from Monday midnight UTC; NULL: not of this form */
    double protected_h;         /* lives: hours taken off before the fit */
    size_t n, n_events;         /* samples; reclaims, spells that ended, samples without stock */
    double log_likelihood, aic, distance, probability; /* NAN: none */
    struct backtest backtest;
    const char *from, *to; /* YYYY-MM-DD, or "" where the data have no dates */
};

/* Fits in this form. `best` is what the backtest says to use: a baseline takes the model's place. */
void spot_model_of_price(struct spot_model *m, const struct price_fit *f,
                         const struct stock_fit *stock);
void spot_model_of_life(struct spot_model *m, const struct life_fit *f);
void spot_model_of_shocks(struct spot_model *m, const struct shock_fit *f);
/* The baseline in place of the model; `mean` is the mean price, length or loss per machine-hour, `hour_of_week` [168] or NULL. */
void spot_model_baseline(struct spot_model *m, enum forecaster by, double mean,
                         const double *hour_of_week);

double spot_parameter(const struct spot_model *m, const char *name); /* 0: it has none of it */
/* The life form of lives and spells; N_LIFE_FORMS: none. p[MAX_LIFE_PARAMETERS] gets its parameters. */
enum life_form spot_model_life(double *p, const struct spot_model *m);

/* Files: {"gpumix_models": 1, "made": DATE, "source": FILE, "models": [..]}. */
struct spot_models {
    struct arena *arena;
    struct spot_model *items;
    size_t n;
};
MUST_USE enum err spot_models_write(const struct spot_models *s, const char *path,
                                    const char *source, const char *made, struct diag *d);
/* Adds those of a file. Errors: of reading it; ERR_JSON; ERR_IMPORT_FORMAT; ERR_IMPORT_VALUE. */
MUST_USE enum err spot_models_read(struct spot_models *s, const char *path, struct diag *d);
/* The model of a kind for a type in a zone of a region: of both, of the type, of the place, of neither; NULL. The one read last
 * of equals. */
const struct spot_model *spot_model_find(const struct spot_models *s, enum spot_model_kind kind,
                                         const char *type, const char *region, const char *zone);

#endif
