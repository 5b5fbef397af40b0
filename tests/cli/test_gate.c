#include "cli/gate.h"
#include "tests/common/printed.h"

#define WHY "  why: a gate that never closes would let everything pass\n"
#define FORM                                                                                       \
    WHY "  fix: write for example \"cost > 900000\" or \"gap >= 1%\"; comparisons are > >= < <="   \
        "   (see `gpumix help E1006`)\n"

/* clang-format off */
static const struct {
    const char *text, *printed;
} wrong[] = {
    {"cost", "gpumix: error[E1006]: \"cost\" is not a figure, a comparison and a number\n" FORM},
    {"cost = 5", "gpumix: error[E1006]: \"cost = 5\" is not a figure, a comparison and a number\n" FORM},
    {"cost > ", "gpumix: error[E1006]: \"cost > \" is not a figure, a comparison and a number\n" FORM},
    {"cost > 9e", "gpumix: error[E1006]: \"cost > 9e\" is not a figure, a comparison and a number\n" FORM},
    {"cost > 1,000", "gpumix: error[E1006]: \"cost > 1,000\" is not a figure, a comparison and a number\n" FORM},
    {"> 5", "gpumix: error[E1006]: \"> 5\" is not a figure, a comparison and a number\n" FORM},
    {"cots > 5", "gpumix: error[E1006]: \"cots\" is no figure of a plan\n" WHY
                 "  fix: did you mean cost?   (see `gpumix help E1006`)\n"},
    {"p90 > 5", "gpumix: error[E1006]: \"p90\" is no figure of a plan\n" WHY
                "  fix: it needs simulation; here cost and bound can be tested   (see `gpumix help E1006`)\n"},
    {"happiness < 5", "gpumix: error[E1006]: \"happiness\" is no figure of a plan\n" WHY
                      "  fix: use one of: cost, bound, gap, machine_hours, estimated_share   (see `gpumix help E1006`)\n"},
};

static const struct {
    const char *text;
    bool fails;
    double value;
} right[] = {
    {"cost > 97705.25", false, 97705.25}, {"cost>=97705.25", true, 97705.25}, {" cost  >  97705.249 ", true, 97705.25},
    {"cost < 97705.25", false, 97705.25}, {"cost <= 97705.25", true, 97705.25}, {"gap > 1%", true, 0.0125},
    {"gap > 0.0125", false, 0.0125}, {"machine_hours < 789.5", true, 789.4}, {"estimated_share >= 40%", true, 0.4},
    {"bound <= 96483", false, 96483.5},
};
/* clang-format on */

int main(void)
{
    struct arena *a = arena_new();
    const struct summary s = {.has_plan = true,
                              .cost = 97705250000,
                              .bound = 96483.5,
                              .gap = 0.0125,
                              .machine_h = 789.4,
                              .estimated_share = 0.4};
    const struct summary none = {.has_plan = false};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct diag d = {.arena = a};
        struct gate g;
        gsl_test(gate_parse(&g, wrong[i].text, false, a, &d) != ERR_GATE, "code of %s",
                 wrong[i].text);
        expect_printed(&d, wrong[i].printed, wrong[i].text);
    }
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct diag d = {.arena = a};
        struct gate g;
        double value = 0;
        gsl_test(gate_parse(&g, right[i].text, false, a, &d), "%s is read", right[i].text);
        gsl_test(gate_fails(&value, &g, &s, NULL) != right[i].fails, "%s", right[i].text);
        gsl_test_rel(value, right[i].value, 1e-15, "value for %s", right[i].text);
        gsl_test(gate_fails(&value, &g, &none, NULL), "%s without a plan", right[i].text);
    }
    arena_free(a);
    return gsl_test_summary();
}
