#include "cli/recommend.h"
#include "scenarios/kinds.h"
#include <gsl/gsl_test.h>
#include <math.h>

/* How to buy, for all answers and for machines that are not sold in every way: some are in no price book of today. */
static void test_markets(void)
{
    static const struct {
        const char *kind;
        bool online, interruptible, large, subscription, spot;
        enum graphics graphics;
        const char *text;
    } cases[] = {
        {"inference_online", true, false, false, true, false, GRAPHICS_NONE,
         "autoscaled machines that follow the load"},
        {"inference_online", true, false, false, false, true, GRAPHICS_NONE,
         "autoscaled machines that follow the load"},
        {"training", false, false, true, true, true, GRAPHICS_NONE, "on-demand"},
        {"training", false, false, true, false, true, GRAPHICS_NONE, "on-demand"},
        {"training", false, true, true, true, false, GRAPHICS_NONE,
         "on-demand: this machine is not sold on spot"},
        {"training", false, true, true, true, true, GRAPHICS_NONE,
         "spot with checkpoints, on-demand when behind schedule"},
        {"training", false, true, false, true, true, GRAPHICS_NONE,
         "spot, on-demand when behind schedule"},
        {"render_offline", false, true, true, true, true, GRAPHICS_OFFLINE,
         "spot, on-demand when behind schedule"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct answers answers = {.kind = kind_find(cases[i].kind),
                                        .tensor = true,
                                        .online = cases[i].online,
                                        .interruptible = cases[i].interruptible,
                                        .large = cases[i].large,
                                        .graphics = cases[i].graphics};
        const struct market_view view = {.answers = &answers};
        struct pick pick = {0};
        pick.per_work[WAY_ON_DEMAND] = 2.385;
        pick.per_work[WAY_SPOT] = cases[i].spot ? 0.715 : (double)NAN;
        pick.per_work[WAY_SUBSCRIPTION] = cases[i].subscription ? 1.352 : (double)NAN;
        gsl_test_str(advice_market(&view, &pick), cases[i].text, "case %zu", i + 1);
    }
}

static void test_storage(void)
{
    static const char *const cases[][2] = {
        {"training", "OSS for the data, CPFS for the checkpoints"},
        {"finetune", "OSS for the data; checkpoints on the machine's disk"},
        {"render_offline", "CPFS for the textures, OSS for the frames"},
        {"render_realtime", "NAS Extreme for the games or scenes, shared"},
        {"cad", "NAS for the models, shared"},
        {"inference_online", "OSS for the weights, read once at each start"},
        {"dev", "NAS for the homes, shared"},
        {"inference_batch", "OSS for input and output"},
        {"etl", "OSS for input and output"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct answers answers = {.kind = kind_find(cases[i][0])};
        gsl_test_str(advice_storage(&answers), cases[i][1], "%s", cases[i][0]);
    }
}

int main(void)
{
    test_markets();
    test_storage();
    return gsl_test_summary();
}
