/* A model of one spot price series: log prices that come back to a mean, with jumps (price_step.h), and spells at the
 * on-demand price, which mean that there is no stock. All by maximum likelihood from samples at any times. */
#ifndef PRICING_PRICE_FIT_H
#define PRICING_PRICE_FIT_H

#include "common/calendar.h"
#include "pricing/likelihood.h"
#include "pricing/price_step.h"

struct history;

/* Samples of one type in one zone. Those at the on-demand price say nothing of the market's own price, which goes on
 * unseen below it. */
struct price_series {
    size_t n;
    double *at_h;     /* [n] hours since the first */
    double *log_spot; /* [n] */
    bool *no_stock;   /* [n] at the on-demand price, or above */
    double log_cap;   /* of the on-demand price given last; INFINITY: none */
    moment_t from;
};
struct price_series price_series_make(const struct history *h, size_t first, size_t end,
                                      struct arena *a);

enum price_form { PRICE_MEAN_REVERTING, PRICE_WITH_JUMPS, N_PRICE_FORMS };
const char *price_form_name(enum price_form f); /* "mean_reverting", "mean_reverting_jumps" */

/* Parameters: log_mean, log_sd, revert_per_h, and with jumps jump_per_h, jump_mean. */
struct price_fit {
    enum price_form form;
    bool converged;
    size_t n_parameters, n_steps; /* steps between market prices */
    double parameter[MAX_PARAMETERS], error[MAX_PARAMETERS];
    double log_likelihood, aic;
    double distance, probability; /* of the integral transforms of the steps (likelihood.h) */
};
const char *price_parameter_name(size_t i);
/* On the first n samples. At least 20 steps, of which one moves; else converged is false. */
struct price_fit price_fit(enum price_form form, const struct price_series *s, size_t n,
                           struct arena *a);
struct price_motion price_fit_motion(const struct price_fit *f);

/* Into and out of the on-demand price: a two-state chain in continuous time, P(no stock at t + dt) = share + (now - share)
 * exp(-(in + out) dt). Both 0 where there is none of it; converged is false where it was seen and cannot be told. */
struct stock_fit {
    bool converged;
    size_t n; /* samples without stock */
    double in_per_h, out_per_h, in_error, out_error, log_likelihood;
};
struct stock_fit stock_fit(const struct price_series *s, size_t n, struct arena *a);
double stock_share(const struct stock_fit *f); /* of the time without stock */
double stock_probability(const struct stock_fit *f, bool now, double dt_h);

#endif
