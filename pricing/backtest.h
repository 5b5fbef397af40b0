/* Backtests: fit on the first part of the data, predict the rest, and compare with simple baselines.
 *
 *   train    the first 60% of the time (prices, counts) or of the rows (lives, spells)
 *   levels   quantiles 2.5, 10, 25, 50, 75, 90, 97.5% of what comes; their intervals should hold 50, 80 and 95% of it
 *   loss     pinball loss, mean over levels q: (y - f)(q - [y < f]), relative to the mean of the training part. A baseline says one
 *            number f at all levels: the last value, the mean of the training part, its mean in this hour of the week
 *   lives    that were cut short say only "longer": what ended at t counts 1 / G(t), G the curve of being cut short (Robins)
 * The model must be better than every baseline, or the best of them is used in its place. */
#ifndef PRICING_BACKTEST_H
#define PRICING_BACKTEST_H

#include "pricing/lifetimes.h"
#include "pricing/price_fit.h"
#include "pricing/shocks.h"

enum forecaster { BY_MODEL, BY_LAST_VALUE, BY_MEAN, BY_HOUR_OF_WEEK, N_FORECASTERS };
const char *forecaster_name(enum forecaster f); /* "model", "last_value", "mean", "hour_of_week" */
enum forecaster forecaster_find(const char *name);
enum { N_COVERAGES = 3 };

struct backtest {
    size_t n;                     /* forecasts; 0: too few data to test on */
    double coverage[N_COVERAGES]; /* shares inside of the 50, 80, 95% intervals; NAN: no model */
    double loss[N_FORECASTERS];   /* BY_MODEL NAN: nothing could be fitted */
    enum forecaster best;         /* of the least loss; of equals a baseline */
};

/* Prices 1, 6, 24 and 72 h ahead, asked every 6 h; those that fall into gaps longer than gap_h are not counted. */
struct backtest backtest_price(const struct price_series *s, double gap_h, struct arena *a);
/* The length of each life or spell, told at its start. */
struct backtest backtest_lives(const struct life_group *g, struct arena *a);
/* Machines gone in the next hour; in the next sixtieth of a watch of less than 60 hours. */
struct backtest backtest_shocks(const struct watch *w, struct arena *a);

/* The best by AIC of the forms that are tried, on the first n. */
struct price_fit price_fit_best(const struct price_series *s, size_t n, struct arena *a);
struct life_fit life_fit_chosen(const struct life_group *g, size_t n, struct arena *a);
struct shock_fit shock_fit_best(const struct watch *w, size_t n, struct arena *a);

/* Time-weighted mean price of the first n samples, and of each hour of the week relative to it (168 from Monday midnight UTC;
 * 1 where there is none). */
double price_means(double *hour_of_week, const struct price_series *s, size_t n, double gap_h);
/* Hours per end, cut-short lives included; NAN without an end. */
double lives_mean(const struct life_group *g, size_t n);

#endif
