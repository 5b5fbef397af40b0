/* Backtests: intervals hold what they should on data of the model itself; baselines win where the model has nothing to say. */
#include "pricing/backtest.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>

static struct price_series series(size_t n, struct arena *a)
{
    /* Monday 2026-11-02 */
    return (struct price_series){.n = n,
                                 .at_h = ARENA_NEW(a, double, n),
                                 .log_spot = ARENA_NEW(a, double, n),
                                 .no_stock = ARENA_NEW(a, bool, n),
                                 .log_cap = INFINITY,
                                 .from = INT64_C(1793577600) * 1000000};
}

static void test_price_model_wins(void)
{
    struct arena *a = arena_new();
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 9);
    struct price_series s = series(2500, a);
    const double keep = exp(-0.2);
    double y = 0;
    for (size_t i = 0; i < s.n; i++) {
        y = keep * y + gsl_ran_gaussian(rng, 0.1 * sqrt(1 - keep * keep));
        s.at_h[i] = (double)i;
        s.log_spot[i] = 1.1 + y;
    }
    const struct backtest b = backtest_price(&s, 26, a);
    const double want[N_COVERAGES] = {0.5, 0.8, 0.95};
    gsl_test(b.n < 600 || b.best != BY_MODEL, "%zu forecasts, the model is best", b.n);
    for (int k = 0; k < N_COVERAGES; k++)
        gsl_test_abs(b.coverage[k], want[k], 0.08, "share in the %g%% interval", 100 * want[k]);
    for (enum forecaster f = BY_LAST_VALUE; f < N_FORECASTERS; f++)
        gsl_test(!(b.loss[f] > 1.2 * b.loss[BY_MODEL]), "%s loses", forecaster_name(f));
    gsl_rng_free(rng);
    arena_free(a);
}

/* A price by the clock of the week: 1 at night, 2 by day on workdays. */
static void test_hour_of_week_wins(void)
{
    struct arena *a = arena_new();
    struct price_series s = series(2000, a);
    for (size_t i = 0; i < s.n; i++) {
        s.at_h[i] = (double)i;
        s.log_spot[i] = i % 24 >= 9 && i % 168 < 120 ? log(2) : 0;
    }
    const struct backtest b = backtest_price(&s, 26, a);
    gsl_test(b.best != BY_HOUR_OF_WEEK, "the hour of the week is best, not %s",
             forecaster_name(b.best));
    gsl_test_abs(b.loss[BY_HOUR_OF_WEEK], 0, 1e-9, "and never wrong");
    double hours[168];
    const double mean = price_means(hours, &s, 336, 26);
    gsl_test_rel(mean, 1 + 75.0 / 168, 0.01, "the mean of two weeks");
    gsl_test_rel(hours[30] / hours[36], 0.5, 1e-9, "six in the morning and noon of Tuesday");
    arena_free(a);
}

static void test_last_value_wins(void)
{
    struct arena *a = arena_new();
    struct price_series s = series(500, a);
    for (size_t i = 0; i < s.n; i++) {
        s.at_h[i] = (double)i;
        s.log_spot[i] = i < 250 ? 0.2 : 0.5;
    }
    const struct backtest b = backtest_price(&s, 26, a);
    gsl_test(b.best != BY_LAST_VALUE, "a price that moves once: the last value");
    const struct backtest none = backtest_price(&(struct price_series){.n = 3}, 26, a);
    gsl_test(none.n != 0, "three samples are too few");
    gsl_test(forecaster_find("mean") != BY_MEAN || forecaster_find("x") != N_FORECASTERS, "names");
    arena_free(a);
}

/* Weibull lives, a third of them cut short: the weights make up for those. */
static void test_lives(void)
{
    struct arena *a = arena_new();
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 4);
    enum { LIVES = 4000 };
    struct life_group g = {.name = "all", .lives = ARENA_NEW(a, struct life, LIVES), .n = LIVES};
    for (size_t i = 0; i < LIVES; i++) {
        const double life = gsl_ran_weibull(rng, 6, 0.7), cut = gsl_ran_exponential(rng, 20);
        const double seen = fmin(life, cut);
        g.lives[i] = (struct life){
            .low_h = seen, .high_h = seen, .ended = life < cut, .week_hour = (int)(i % 168) + 1};
        g.ended += life < cut;
    }
    const struct backtest b = backtest_lives(&g, a);
    const double want[N_COVERAGES] = {0.5, 0.8, 0.95};
    gsl_test(b.best != BY_MODEL || b.n < 1000, "the model is best, %zu lives", b.n);
    for (int k = 0; k < N_COVERAGES; k++)
        gsl_test_abs(b.coverage[k], want[k], 0.04, "share in the %g%% interval", 100 * want[k]);
    /* Lives that are all alike need no spread. */
    for (size_t i = 0; i < LIVES; i++)
        g.lives[i] = (struct life){.low_h = 3, .high_h = 3, .ended = true};
    gsl_test(backtest_lives(&g, a).best == BY_MODEL, "a number is best where all are alike");
    g.n = 12;
    gsl_test(backtest_lives(&g, a).n != 0, "12 lives are too few");
    gsl_rng_free(rng);
    arena_free(a);
}

static void test_shocks(void)
{
    struct arena *a = arena_new();
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 8);
    enum { STEPS = 60 * 24 * 40 };
    struct watch w = {.step_h = 1.0 / 60,
                      .n = STEPS,
                      .there = ARENA_NEW(a, long, STEPS),
                      .gone = ARENA_NEW(a, long, STEPS),
                      .first_hour = 0};
    for (size_t i = 0; i < STEPS; i++) {
        const double taken = gsl_ran_bernoulli(rng, 0.3 / 60) ? 0.4 : 0.02 / 60;
        w.there[i] = 30;
        w.gone[i] = (long)gsl_ran_binomial(rng, taken, 30);
    }
    const struct backtest b = backtest_shocks(&w, a);
    gsl_test(b.best != BY_MODEL || b.n != 384, "the model is best, %zu hours", b.n);
    gsl_test(!(b.coverage[2] > 0.9), "95%% interval holds %g", b.coverage[2]);
    gsl_rng_free(rng);
    arena_free(a);
}

int main(void)
{
    gsl_set_error_handler_off();
    test_price_model_wins();
    test_hour_of_week_wins();
    test_last_value_wins();
    test_lives();
    test_shocks();
    return gsl_test_summary();
}
