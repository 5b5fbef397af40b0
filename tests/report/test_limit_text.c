/* What is said of the price of a limit: how far it holds, what comes then, what one unit less costs. */
#include "report/limit_text.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <string.h>

#define UNKNOWN ((double)NAN)
#define ANY     ((double)INFINITY)

struct told {
    const char *text;
    double saves, up_to, then_saves, costs, down_to;
    const char *note;
};

static void test_ranges(void)
{
    /* clang-format off */
    const struct told cases[] = {
        {"(not known: it allows nothing)", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NULL},
        {"(limit is not reached)", 0, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NULL},
        {"(limit is not reached: 4 less would do)", 0, ANY, 0, 0, 4, NULL},
        {"(limit is not reached: 1,250 less would do)", 0, ANY, 0, 0, 1250.7, NULL},
        {"(limit is not reached)", 0, ANY, 0, 0, ANY, NULL},
        {"", 12, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NULL},
        {"however many", 12, ANY, 0, UNKNOWN, UNKNOWN, NULL},
        {"for the next 3", 12, 3, UNKNOWN, 12, 1, NULL},
        {"for the next 3.17, then nothing", 12, 3.1799, 0, 12, 1, NULL},
        {"for the next 0.99, then 7.50 each", 12, 0.999, 7.5, UNKNOWN, UNKNOWN, NULL},
        {"for the next 3, then nothing; one less costs 20.25", 12, 3, 0, 20.25, 1, NULL},
        {"one less costs 0.0250", 0, ANY, 0, 0.025, 1, NULL},
        {"for the next 2, then nothing; with less there is no plan", 12, 2, 0, ANY, UNKNOWN, NULL},
        {"with less there is no plan", 0, ANY, 0, ANY, UNKNOWN, NULL},
        {"nothing for the next 6, then 2.50 each", 0, 6, 2.5, 0, 4, NULL},
        {"nothing for the next 6, then 2.50 each; one less costs 3.00", 0, 6, 2.5, 3, 1, NULL},
        {"(not known: because)", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "because"},
        {"(not known: planning again would take too long)", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "planning again would take too long"},
        {"(only whole machines reach it)", 0, UNKNOWN, UNKNOWN, 0, 0, "only whole machines reach it"},
        {"(how far was not looked for)", 12, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "how far was not looked for"},
        {"(not known: because); one less costs 2.50", UNKNOWN, UNKNOWN, UNKNOWN, 2.5, 1, "because"},
        {"(so it is)", 12, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, "so it is"},
    };
    /* clang-format on */
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct told *c = &cases[i];
        const struct shadow s = {.saves = c->saves,
                                 .up_to = c->up_to,
                                 .then_saves = c->then_saves,
                                 .costs = c->costs,
                                 .down_to = c->down_to,
                                 .note = c->note};
        gsl_test_str(limit_range(&s, a), c->text, "case %zu", i);
    }
    arena_free(a);
}

static void test_day(void)
{
    const struct scenario s = {.length_us = 60 * US_PER_H};
    const struct plan p = {.scenario = &s};
    const struct shadow x = {.saves = 25};
    gsl_test_rel(limit_day(&p, &x), 10, 1e-12, "25 in two and a half days");
}

int main(void)
{
    test_ranges();
    test_day();
    return gsl_test_summary();
}
