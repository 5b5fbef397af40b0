/* What hedge rests on: chains of zones over any length of step, what is learned of a zone, and what it does where a machine that
 * is bought stays. What it reaches on public traces: tests/known/test_replay_open.c. */
#include "sim/hedge.h"

#include <gsl/gsl_test.h>
#include <math.h>

static const double exact = 1e-12;

static void check_rows(size_t lane, double step_s)
{
    const struct zone_step z = zone_step_make(lane, step_s);
    for (size_t i = 0; i < ZONE_STATES; i++) {
        double sum = 0, least = 1;
        for (size_t j = 0; j < ZONE_STATES; j++) {
            sum += z.p[i][j];
            least = fmin(least, z.p[i][j]);
        }
        gsl_test(!(least >= 0), "lane %zu, %g s: probabilities", lane, step_s);
        gsl_test_abs(sum, 1, 1e-9, "lane %zu, %g s: row %zu adds up", lane, step_s, i);
    }
}

static void test_steps(void)
{
    static const double steps_s[] = {1, 34, 195, 600, 3600, 1e7};
    for (size_t lane = 0; lane < HEDGE_LANES; lane++) {
        for (size_t s = 0; s < sizeof steps_s / sizeof *steps_s; s++) check_rows(lane, steps_s[s]);
        const struct zone_step one = zone_step_make(lane, 600), two = zone_step_make(lane, 1200);
        double chained = 0;
        for (size_t k = 0; k < ZONE_STATES; k++) chained += one.p[0][k] * one.p[k][3];
        gsl_test_abs(two.p[0][3], chained, exact, "lane %zu: two steps are one after the other",
                     lane);
    }
}

/* Share of time with spot believed after spells of these lengths, spot first. */
static double share_after(double available_s, double gone_s)
{
    struct arena *a = arena_new();
    const struct zones *z = zones_make(600, a);
    struct spell spells[40];
    for (size_t i = 0; i < 40; i++)
        spells[i] =
            (struct spell){.length_s = i % 2 ? gone_s : available_s, .available = i % 2 == 0};
    const struct policy_view view = {.past = {.n = 40, .spells = spells}, .spot_available = true};
    struct zone_memory m = {0};
    const struct zone_belief b = zone_learn(&m, z, &view);
    double weights[HEDGE_LANES], sum = 0;
    zone_weights(weights, &b);
    for (size_t i = 0; i < HEDGE_LANES; i++) sum += weights[i];
    gsl_test_abs(sum, 1, exact, "weights add up");
    gsl_test_int((int)m.n_seen, 40, "every spell is counted once");
    const double share = zone_available_share(z, &b);
    arena_free(a);
    return share;
}

static void test_learning(void)
{
    const double good = share_after(40 * 3600, 600), bad = share_after(600, 10 * 3600);
    gsl_test(!(good > 0.9), "long spells of spot: %.3f", good);
    gsl_test(!(bad < 0.25), "short ones: %.3f", bad);
}

/* Where a machine that is bought stays, hedge is greedy_safety. */
static void test_bought_stays(void)
{
    const struct policy_terms terms = {600, 36000, 43200, 720, 3, 1, true};
    struct arena *a = arena_new();
    gsl_test(policy_hedge.prepare(&terms, a) != NULL, "nothing to prepare");
    size_t bought = 0;
    for (int step = 0; step < 72; step++)
        for (int i = 0; i < 6; i++) {
            const double now_s = step * terms.step_s;
            const struct policy_view view = {.terms = &terms,
                                             .now_s = now_s,
                                             .left_s = 18000,
                                             .current = i % 2 ? MACHINE_SPOT : MACHINE_NONE,
                                             .spot_available = i % 3 > 0};
            struct zone_memory m = {0};
            const enum machine greedy = policy_greedy_safety.choose(NULL, NULL, &view);
            bought += greedy == MACHINE_ON_DEMAND;
            gsl_test_int(policy_hedge.choose(NULL, &m, &view), greedy, "at %g s, %d", now_s, i);
        }
    gsl_test(bought == 0, "on-demand is bought at last");
    arena_free(a);
}

int main(void)
{
    test_steps();
    test_learning();
    test_bought_stays();
    return gsl_test_summary();
}
