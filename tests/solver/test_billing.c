/* S20: what machines held for exponential times are billed, with a step and with a minimum; steps by hand. */
#include "solver/billing.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <stddef.h>

#define TIGHT        1e-12
#define SECOND       INT64_C(1000000)
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_by_hand(void)
{
    static const struct {
        int64_t step, minimum, held, billed;
    } cases[] = {
        {SECOND, 60 * SECOND, 0, 60 * SECOND},
        {SECOND, 60 * SECOND, 59999999, 60 * SECOND},
        {SECOND, 60 * SECOND, 60000001, 61 * SECOND},
        {SECOND, 0, 61000000, 61 * SECOND},
        {600 * SECOND, 60 * SECOND, 1, 600 * SECOND},
        {600 * SECOND, 60 * SECOND, 1200 * SECOND, 1200 * SECOND},
        {600 * SECOND, 60 * SECOND, 1200 * SECOND + 1, 1800 * SECOND},
        {0, 0, 1234567, 1234567},
        {0, 2000000, 1234567, 2000000},
        {3600 * SECOND, 0, INT64_C(31536000) * SECOND * 100 - 1, INT64_C(31536000) * SECOND * 100},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        gsl_test(billed_time_us(cases[i].step, cases[i].minimum, cases[i].held) != cases[i].billed,
                 "by hand %zu", i);
}

/* E over Exp(mu): the amount is constant over each step, which is tried at both its ends. */
static double mean_billed(int64_t step, int64_t minimum, double mean_us)
{
    double sum = 0;
    for (int64_t j = 0; (double)(j * step) < 60 * mean_us; j++) {
        const int64_t from = j * step, to = from + step;
        const int64_t billed = billed_time_us(step, minimum, to);
        gsl_test(billed_time_us(step, minimum, from + 1) != billed, "constant over a step");
        const double share = -expm1(-(double)step / mean_us) * exp(-(double)from / mean_us);
        sum += share * (double)billed;
    }
    return sum;
}

static void test_exponential(void)
{
    static const int64_t steps[] = {SECOND, 60 * SECOND, 120 * SECOND, 600 * SECOND};
    for (size_t i = 0; i < COUNT(steps); i++) {
        const double mean = 417.3 * SECOND, d = (double)steps[i];
        const double stepped = d / -expm1(-d / mean);
        gsl_test_rel(mean_billed(steps[i], 0, mean), stepped, TIGHT,
                     "S20: d / (1 - exp(-mu d)), d = %g s", d / SECOND);
        /* Beyond the minimum nothing is remembered. With ever smaller steps: m + exp(-mu m) / mu. */
        const double m = 3 * d, floored = m + exp(-m / mean) * stepped;
        gsl_test_rel(mean_billed(steps[i], 3 * steps[i], mean), floored, TIGHT,
                     "S20: a minimum of %g s", m / SECOND);
        gsl_test(
            !(floored >= m + exp(-m / mean) * mean && floored < m + exp(-m / mean) * (mean + d)),
            "S20: within a step of m + exp(-mu m) / mu");
    }
}

/* MR34: steps that divide each other. */
static void test_order(void)
{
    static const int64_t steps[] = {0, 1, SECOND, 60 * SECOND, 3600 * SECOND};
    for (int64_t held = 0; held < 9000 * SECOND; held += 7919993) {
        for (size_t i = 1; i < COUNT(steps); i++) {
            const int64_t fine = billed_time_us(steps[i - 1], 60 * SECOND, held);
            const int64_t coarse = billed_time_us(steps[i], 60 * SECOND, held);
            gsl_test(coarse < fine || fine < held || coarse - held >= 3600 * SECOND + 60 * SECOND,
                     "MR34: %g s held", (double)held / SECOND);
        }
    }
}

int main(void)
{
    test_by_hand();
    test_exponential();
    test_order();
    return gsl_test_summary();
}
