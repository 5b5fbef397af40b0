/* Transition densities against integrals; price models find the parameters that prices were drawn with.
 * Power: a bias is found with probability 0.999 where it is 4.5 + 3.09 standard errors; `bias` states it for each parameter. */
#include "pricing/history.h"
#include "pricing/price_fit.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>

static const double limit_z = 4.5, found_z = 4.5 + 3.09;

/* --- the density --- */

static void test_density(void)
{
    static const struct price_motion motions[] = {
        {0, 0.05, 0.006, 0, 0},     {0.3, 0.05, 0.02, 0.01, 0.2}, {0, 0.02, 0.3, 0.05, 0.3},
        {0, 0.01, 0.02, 0.03, 0.3}, {-1, 0.3, 0.02, 0.03, 0.02},  {0, 0.1, 0.5, 0.5, 0.1},
    };
    const double hours[] = {0.5, 1, 6, 24}, from = 0.1;
    enum { PARTS = 4000 };
    for (size_t i = 0; i < sizeof motions / sizeof *motions; i++)
        for (size_t k = 0; k < 4; k++) {
            const struct price_motion *m = &motions[i];
            double low, high, sum = 0, mean = 0, worst = 0;
            price_step_range(&low, &high, m, from, hours[k]);
            const double part = (high - low) / PARTS;
            for (int j = 0; j < PARTS; j++) {
                const double x = low + (j + 0.5) * part;
                const struct price_step s = price_step(m, from, hours[k], x);
                const double mass = exp(s.log_density) * part;
                sum += mass;
                mean += mass * x;
                worst = fmax(worst, fabs(sum - mass / 2 - s.cumulative));
            }
            const double keep = exp(-m->revert_per_h * hours[k]);
            const double expected = m->log_mean + keep * (from - m->log_mean) +
                                    m->jump_per_h * m->jump_mean / m->revert_per_h * (1 - keep);
            gsl_test_abs(sum, 1, 2e-3, "motion %zu, %g h: the density is one", i, hours[k]);
            /* exp(-4) of a jump's size is forgotten in long steps */
            gsl_test_abs(mean, expected, 2e-3 + 0.02 * m->jump_mean, "motion %zu, %g h: the mean",
                         i, hours[k]);
            gsl_test(!(worst < 0.05), "motion %zu, %g h: the distribution is its integral (%g)", i,
                     hours[k], worst);
        }
}

/* --- recovery --- */

/* Exact: between two samples each jump decays from its own moment. */
static double advance(double y, const struct price_motion *m, double hours, gsl_rng *rng)
{
    const double keep = exp(-m->revert_per_h * hours);
    double next = m->log_mean + keep * (y - m->log_mean) +
                  gsl_ran_gaussian(rng, m->log_sd * sqrt(1 - keep * keep));
    const unsigned jumps = gsl_ran_poisson(rng, m->jump_per_h * hours);
    for (unsigned j = 0; j < jumps; j++)
        next += gsl_ran_exponential(rng, m->jump_mean) *
                exp(-m->revert_per_h * hours * gsl_rng_uniform(rng));
    return next;
}

static struct price_series draw(const struct price_motion *m, double in_per_h, double out_per_h,
                                size_t n, unsigned long seed, struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    struct price_series s = {.n = n,
                             .at_h = ARENA_NEW(a, double, n),
                             .log_spot = ARENA_NEW(a, double, n),
                             .no_stock = ARENA_NEW(a, bool, n),
                             .log_cap = 1.7};
    double at = 0, y = m->log_mean;
    bool gone = false;
    for (size_t i = 0; i < n; i++) {
        const double hours = 0.2 + gsl_ran_exponential(rng, 2.385);
        const struct stock_fit chain = {.in_per_h = in_per_h, .out_per_h = out_per_h};
        y = advance(y, m, hours, rng);
        if (in_per_h > 0) gone = gsl_rng_uniform(rng) < stock_probability(&chain, gone, hours);
        at += hours;
        s.at_h[i] = at;
        s.no_stock[i] = gone;
        s.log_spot[i] = gone ? s.log_cap : y;
    }
    gsl_rng_free(rng);
    return s;
}

static void parameter_test(const char *name, double fitted, double error, double true_value,
                           double bias)
{
    const double z = (fitted - true_value) / error;
    gsl_test(!(fabs(z) < limit_z), "%s: %g is %g, z %.2f", name, true_value, fitted, z);
    gsl_test(!(found_z * error <= bias), "%s: a bias of %g would be found (error %g)", name, bias,
             error);
}

static void test_mean_reverting(void)
{
    struct arena *a = arena_new();
    const struct price_motion m = {.log_mean = 0.85, .log_sd = 0.07, .revert_per_h = 0.11};
    const struct price_series s = draw(&m, 0.013, 0.21, 6000, 5, a);
    const struct price_fit f = price_fit(PRICE_MEAN_REVERTING, &s, s.n, a);
    gsl_test(!f.converged, "a mean-reverting price is fitted");
    parameter_test("log_mean", f.parameter[0], f.error[0], m.log_mean, 0.02);
    parameter_test("log_sd", f.parameter[1], f.error[1], m.log_sd, 0.15 * m.log_sd);
    parameter_test("revert_per_h", f.parameter[2], f.error[2], m.revert_per_h,
                   0.45 * m.revert_per_h);
    gsl_test(!(f.probability > 1e-4), "the steps are as the model says, p %g", f.probability);
    const struct stock_fit k = stock_fit(&s, s.n, a);
    gsl_test(!k.converged, "spells at the on-demand price are fitted");
    parameter_test("no_stock_per_h", k.in_per_h, k.in_error, 0.013, 0.75 * 0.013);
    parameter_test("stock_back_per_h", k.out_per_h, k.out_error, 0.21, 0.85 * 0.21);
    gsl_test_abs(stock_share(&k), 0.013 / 0.223, 0.02, "the share of time without stock");
    arena_free(a);
}

static void test_jumps(void)
{
    struct arena *a = arena_new();
    const struct price_motion m = {-0.4, 0.03, 0.06, 0.021, 0.17};
    const struct price_series s = draw(&m, 0, 0, 2500, 7, a);
    const struct price_fit plain = price_fit(PRICE_MEAN_REVERTING, &s, s.n, a),
                           f = price_fit(PRICE_WITH_JUMPS, &s, s.n, a);
    gsl_test(!f.converged || !(f.aic < plain.aic), "jumps are seen where they are");
    const double want[] = {m.log_mean, m.log_sd, m.revert_per_h, m.jump_per_h, m.jump_mean};
    const double bias[] = {0.05, 0.15 * m.log_sd, 0.45 * m.revert_per_h, 0.95 * m.jump_per_h,
                           0.86 * m.jump_mean};
    for (size_t i = 0; i < 5; i++)
        parameter_test(price_parameter_name(i), f.parameter[i], f.error[i], want[i], bias[i]);
    gsl_test(!(f.probability > 1e-4), "the steps are as the model says, p %g", f.probability);
    gsl_test(!(plain.probability < 1e-4), "and not as one without jumps, p %g", plain.probability);
    arena_free(a);
}

static void test_nothing_to_fit(void)
{
    struct arena *a = arena_new();
    const struct price_motion m = {.log_mean = 0.3, .log_sd = 0.1, .revert_per_h = 0.1};
    struct price_series s = draw(&m, 0, 0, 60, 3, a);
    gsl_test(price_fit(PRICE_MEAN_REVERTING, &s, 15, a).converged, "15 samples are too few");
    for (size_t i = 0; i < s.n; i++) s.log_spot[i] = 0.3;
    gsl_test(price_fit(PRICE_WITH_JUMPS, &s, s.n, a).converged, "a price that never moved");
    for (size_t i = 0; i < s.n; i++) s.no_stock[i] = true;
    const struct stock_fit k = stock_fit(&s, s.n, a);
    gsl_test(k.converged || k.n != s.n, "stock that never was");
    s.no_stock[0] = false;
    gsl_test(stock_fit(&s, 1, a).in_per_h != 0, "stock that always was");
    arena_free(a);
}

int main(void)
{
    gsl_set_error_handler_off();
    test_density();
    test_mean_reverting();
    test_jumps();
    test_nothing_to_fit();
    return gsl_test_summary();
}
