/* A line about a commitment: bought, held already, or not worth it. */
#include "report/commitment_text.h"
#include "tests/report/sample_plan.h"
#include <math.h>

static void expect(const struct sample *s, struct commitment_outcome c, const char *text)
{
    gsl_test_str(commitment_text(&s->plan, &c, s->arena), text, "%s", text);
}

int main(void)
{
    struct sample s;
    sample_make(&s);
    const struct commitment_outcome c = {.offer = 0,
                                         .count = 3,
                                         .used_frac = 0.715,
                                         .next_frac = 0.318,
                                         .break_even_frac = 0.667,
                                         .term_h = 720,
                                         .level = -1};
    struct commitment_outcome v = c;
    const char *name = "ecs.gn7i-c16g1.4xlarge, on-demand, cn-shenzhen";
    struct arena *a = s.arena;
    expect(&s, v,
           arena_printf(a,
                        "Bought: 3 x %s: used 71.5%% of the time, pays from 66.7%% (480 of 720 h)",
                        name));
    v.existing = true;
    v.level = 2;
    expect(&s, v,
           arena_printf(a,
                        "Committed: 3 x %s: used 71.5%% of the time, pays from 66.7%% (480 of 720 "
                        "h); cheapest for this use alone: 2",
                        name));
    v.existing = false;
    v.level = -1;
    v.count = 0;
    v.break_even_frac = 1.12;
    expect(&s, v,
           arena_printf(a,
                        "Not bought: %s: one more would be used 31.8%% of the time, never pays "
                        "(112.0%% of the price on demand)",
                        name));
    v.break_even_frac = NAN;
    expect(&s, v,
           arena_printf(a,
                        "Not bought: %s: one more would be used 31.8%% of the time, no price on "
                        "demand there to compare with",
                        name));
    v = c;
    v.offer = NO_INDEX;
    v.count = 18.75;
    expect(&s, v, "Bought: savings plan of CNY 18.7500/h: used 71.5% of the time, pays from 66.7%");
    arena_free(a);
    return gsl_test_summary();
}
