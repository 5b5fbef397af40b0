/* S15 of the statistical oracles: spot machines of a service that fail at rate l and come back at rate r, all up at first. And what
 * start-up times that differ, and the notice of a reclaim, do to a service. */
#include "tests/sim/oracle.h"
#include "tests/sim/service_stage.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#define FAIL_PER_H   0.5
#define REPAIR_H     0.4
#define REPAIR_PER_H (1 / REPAIR_H)

/* Restarts of cv 1 are exponential. */
static const char *const FAILING[MOST_SETTINGS] = {"workloads.chat.purchase=[spot]",
                                                   "workloads.chat.interruption.tolerant=true",
                                                   "workloads.chat.interruption.restart=24min",
                                                   "workloads.chat.interruption.restart_cv=1",
                                                   "workloads.chat.spot.protection=none",
                                                   "workloads.chat.spot.hazard_per_h=0.5"};

enum { MACHINES = 8, SLOTS = 9 };

static double up_share(double t_h)
{
    const double all = FAIL_PER_H + REPAIR_PER_H;
    return REPAIR_PER_H / all + FAIL_PER_H / all * exp(-all * t_h);
}

/* Machines that serve when each slot begins. */
static void watch(long up[SLOTS], struct stage *s, struct spot_place *places,
                  struct spot_event *events, uint64_t world)
{
    world_start(s->world, world);
    for (size_t j = 0; j < MACHINES; j++) {
        places[j] = (struct spot_place){.number = j};
        reclaims_start(&places[j].reclaims, s->world, s->play->options[0].offer,
                       s->play->options[0].place_key, j, FAIL_PER_H);
    }
    for (size_t k = 0; k < SLOTS; k++) {
        struct spot_slot slot = {.from_us = s->play->from_us[k],
                                 .to_us = s->play->from_us[k + 1],
                                 .restart = world_restart(s->world, 0),
                                 .cold_start = world_cold_start(s->world, 0),
                                 .events = events};
        up[k] = spot_play(&slot, s->play, 0, places, MACHINES, s->world);
    }
}

static void test_pool(void)
{
    const size_t worlds = 60000 * oracle_times();
    struct stage *s = stage_new(CHAT, FAILING, &own_reclaims);
    s->model.settings.steady_amounts = false;
    s->play->options[0].most = MACHINES;
    struct spot_place *places = ARENA_NEW(s->arena, struct spot_place, MACHINES);
    struct spot_event *events =
        ARENA_NEW(s->arena, struct spot_event, (size_t)MACHINES * SPOT_EVENTS);
    double sum[SLOTS] = {0}, squares[SLOTS] = {0}, seen[MACHINES + 1] = {0};
    for (uint64_t w = 0; w < worlds; w++) {
        long up[SLOTS];
        watch(up, s, places, events, w);
        for (size_t k = 0; k < SLOTS; k++) {
            sum[k] += (double)up[k];
            squares[k] += (double)(up[k] * up[k]);
        }
        seen[up[SLOTS - 1]]++;
    }
    gsl_test(sum[0] != (double)MACHINES * (double)worlds, "all run when the horizon starts");
    for (size_t k = 1; k < SLOTS; k++) {
        char what[60];
        const double at_h = (double)s->play->from_us[k] / (double)US_PER_H;
        snprintf(what, sizeof what, "S15: up after %g h", at_h);
        oracle_check(plain_estimate(sum[k], squares[k], (double)worlds), MACHINES * up_share(at_h),
                     what);
    }
    /* Two hours later they have forgotten: binomial. */
    const double p = up_share((double)s->play->from_us[SLOTS - 1] / (double)US_PER_H);
    double chi = 0;
    int cells = 0;
    for (unsigned n = 0; n <= MACHINES; n++) {
        const double expected = gsl_ran_binomial_pdf(n, p, MACHINES) * (double)worlds;
        if (expected < 10) continue;
        chi += (seen[n] - expected) * (seen[n] - expected) / expected;
        cells++;
    }
    gsl_test(gsl_cdf_chisq_Q(chi, cells - 1) < 1e-6, "S15: binomial, chi-square %.1f in %d cells",
             chi, cells);
    arena_free(s->arena);
}

/* Requests late and lost, and machine time beyond the plan, over the worlds of a setting. */
struct tally {
    double late, lost, offered, more_h;
};

static struct tally tally_of(const char *const set[MOST_SETTINGS],
                             const struct world_settings *luck)
{
    struct stage *s = stage_new(CHAT, set, luck);
    struct tally t = {0};
    for (uint64_t w = 0; w < 40; w++) {
        const struct result r = world_play(s, w);
        t.late += r.luck.late;
        t.lost += r.luck.lost;
        t.offered += r.luck.offered;
        t.more_h += (double)r.more_us / (double)US_PER_H;
    }
    arena_free(s->arena);
    return t;
}

static const struct world_settings boots_only = {
    .seed = 4, .price_model = "fixed", .own_reclaims_only = true};

/* Cold starts that may take longer than planned make requests late; machines cost the same. */
static void test_cold_starts(void)
{
    static const char *const alike[MOST_SETTINGS] = {"workloads.chat.autoscale.cold_start=20min"};
    static const char *const vary[MOST_SETTINGS] = {"workloads.chat.autoscale.cold_start=20min",
                                                    "workloads.chat.autoscale.cold_start_cv=1"};
    static const char *const triple[MOST_SETTINGS] = {
        "workloads.chat.autoscale.cold_start={low: 10min, base: 20min, high: 3h}"};
    const struct tally a = tally_of(alike, &boots_only), b = tally_of(vary, &boots_only),
                       c = tally_of(triple, &boots_only);
    gsl_test(!(b.late + b.lost > 1.05 * (a.late + a.lost)), "slow starts: %g late and lost, %g",
             b.late + b.lost, a.late + a.lost);
    gsl_test(!(c.late + c.lost > 1.05 * (a.late + a.lost)), "slow worlds: %g late and lost, %g",
             c.late + c.lost, a.late + a.lost);
    gsl_test_abs(b.more_h, a.more_h, 0, "machines are paid as planned");
}

/* With the notice put to use the replacement boots while the old machine serves: fewer requests late, each reclaim paid twice for
 * as long as the restart takes, at most the notice. */
static void test_notice(void)
{
    const char *used[MOST_SETTINGS], *longer[MOST_SETTINGS];
    memcpy(used, FAILING, sizeof used);
    memcpy(longer, FAILING, sizeof longer);
    used[2] = longer[2] = "workloads.chat.interruption.restart=4min";
    used[3] = longer[3] = "workloads.chat.load.burst=1";
    longer[6] = "workloads.chat.interruption.notice=5min";
    const struct tally a = tally_of(used, &boots_only), b = tally_of(longer, &boots_only);
    gsl_test(!(b.late + b.lost < 0.5 * (a.late + a.lost)), "noticed: %g late and lost, %g before",
             b.late + b.lost, a.late + a.lost);
    gsl_test(!(b.more_h > a.more_h), "replacements are paid from the notice on");
}

int main(void)
{
    test_pool();
    test_cold_starts();
    test_notice();
    return gsl_test_summary();
}
