/* S15 to S19 and S24 of the statistical oracles, and the laws of common random numbers: worlds against closed forms. */
#include "tests/sim/oracle_work.h"

#include <gsl/gsl_cdf.h>

#define SCENARIO "tests/sim/data/jobs/gang.yaml"

/* Of sim/model_mean_reverting.c. */
static const double LOG_SD = 0.05, REVERT_PER_H = 0.006;

static size_t spot_offer(const struct stage *s)
{
    return s->play.jobs[0].terms[s->play.jobs[0].on_spot].offer;
}

static double hours(int64_t us)
{
    return (double)us / (double)US_PER_H;
}

/* S17, S18: log prices are normal with a variance that stays, correlated by exp(-k dt); the price is 1 on average. */
static void test_prices(void)
{
    enum { WORLDS = 300000 };
    const int64_t lag_h = 40;
    const double variance = LOG_SD * LOG_SD, bid = 1.02;
    const struct world_settings luck = {.seed = 7, .price_model = "model", .steady_amounts = true};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    const size_t offer = spot_offer(&s);
    struct sums price = {0}, below = {0}, below_price = {0}, first = {0}, later = {0}, both = {0};
    const double centre = -variance / 2 + 5e-5 / REVERT_PER_H * log1p(-0.05);
    for (size_t w = 0; w < WORLDS; w++) {
        world_start(s.world, w);
        const double a = world_price(s.world, offer, 0);
        const double b = world_price(s.world, offer, (lag_h * US_PER_H) + 1);
        sums_add(&price, b);
        sums_add(&below, a <= bid);
        sums_add(&below_price, a <= bid ? a : 0);
        const double x = log(a) - centre, y = log(b) - centre;
        sums_add(&first, x * x);
        sums_add(&later, y * y);
        sums_add(&both, x * y);
    }
    const double z = (log(bid) + variance / 2) / LOG_SD;
    /* Jumps come once in 20,000 hours: they shift these by less than a tenth of a percent. */
    gsl_test_rel(price.x / price.n, 1, 0.0006, "mean price");
    gsl_test_abs(below.x / below.n, gsl_cdf_ugaussian_P(z), 0.004, "S17: price at most the bid");
    gsl_test_rel(below_price.x / below.x, gsl_cdf_ugaussian_P(z - LOG_SD) / gsl_cdf_ugaussian_P(z),
                 0.001, "S17: mean price below the bid");
    gsl_test_rel(first.x / first.n, variance, 0.02, "S18: variance at the start");
    gsl_test_rel(later.x / later.n, variance, 0.02, "S18: variance later");
    gsl_test_rel(both.x / both.n, variance * exp(-REVERT_PER_H * (double)lag_h), 0.02,
                 "S18: autocovariance");
    stage_close(&s);
}

/* The integral is that of the path, and nothing else; of a constant price it is the time, exactly. */
static void test_price_integral(void)
{
    const struct world_settings luck = {.seed = 7, .price_model = "model", .steady_amounts = true};
    const struct world_settings calm = {.seed = 7, .price_model = "fixed", .steady_amounts = true};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    world_start(s.world, 3);
    const int64_t from = 5 * US_PER_H + 1234567, to = 19 * US_PER_H + 7654321;
    double sum = 0;
    for (int64_t at = from, end; at < to; at = end) {
        end = (at / US_PER_H + 1) * US_PER_H;
        if (end > to) end = to;
        sum += world_price(s.world, spot_offer(&s), at) * (double)(end - at);
    }
    gsl_test_rel(world_price_integral(s.world, spot_offer(&s), from, to), sum, 1e-12,
                 "integral of a price path");
    stage_close(&s);
    stage_open(&s, SCENARIO, &calm, NULL);
    world_start(s.world, 3);
    gsl_test(world_price_integral(s.world, spot_offer(&s), from, to) != (double)(to - from),
             "MR35: a price that stays is paid for the time, to the microsecond");
    stage_close(&s);
}

/* History: a price has the hour of the day, and of the week, at which it was seen; the mean stays the planned price. */
static void test_history(void)
{
    const int64_t days = 28;
    const struct world_settings luck = {.seed = 7, .price_model = "history"};
    const char *const files[] = {"tests/sim/data/jobs/history.csv"};
    struct stage s;
    stage_open(&s, SCENARIO, &(struct world_settings){.price_model = "fixed"}, NULL);
    s.scenario.spot_history = (struct text_list){.n = 1, .items = files};
    if (world_model_make(&s.model, &s.plan, &luck, s.arena, &s.diag) != OK) {
        gsl_test(1, "the history is read");
        stage_close(&s);
        return;
    }
    s.world = world_new(&s.model, s.arena);
    /* 3 from 8 to 20 and 2 at night, a fifth less on Saturdays and Sundays: 2026-12-01 is a Tuesday */
    double sum = 0;
    for (size_t w = 0; w < 20; w++) {
        world_start(s.world, w);
        for (int64_t h = 0; h < days * 24; h++) {
            const int64_t day = h / 24 % 7;
            const bool weekend = day == 4 || day == 5;
            const double seen = (h % 24 >= 8 && h % 24 < 20 ? 3 : 2) * (weekend ? 0.8 : 1);
            const double factor = world_price(s.world, spot_offer(&s), h * US_PER_H + 5);
            sum += factor;
            if (fabs(factor * 2.344 / seen - 1) > 0.01)
                gsl_test(1, "hour %ld: %g where the history has %g", (long)h, factor * 2.344, seen);
        }
    }
    gsl_test_rel(sum / (20 * 28 * 24), 1, 0.01, "the mean of the history is the planned price");
    stage_close(&s);
}

/* S16: the last of n machines to be taken; its first. */
static void test_last_of_many(void)
{
    enum { WORLDS = 700000, N = 5 };
    const double per_h = 0.2;
    const struct world_settings luck = {.seed = 11, .own_reclaims_only = true};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    struct sums last = {0}, first = {0};
    for (size_t w = 0; w < WORLDS; w++) {
        int64_t most = 0, least = INT64_MAX;
        world_start(s.world, w);
        for (size_t i = 0; i < N; i++) {
            struct reclaims r;
            reclaims_start(&r, s.world, spot_offer(&s), 99, i, per_h);
            const int64_t at = reclaims_next(&r, s.world, 0);
            if (at > most) most = at;
            if (at < least) least = at;
        }
        sums_add(&last, hours(most));
        sums_add(&first, hours(least));
    }
    double mean = 0, variance = 0;
    for (int k = 1; k <= N; k++) {
        mean += 1 / (k * per_h);
        variance += 1 / ((k * per_h) * (k * per_h));
    }
    oracle_check(sums_estimate(&last), mean, "S16: the last of five");
    gsl_test_rel(last.xx / last.n - mean * mean, variance, 0.03, "S16: variance");
    gsl_test_rel(first.x / first.n, 1 / (N * per_h), 0.01, "the first of five");
    stage_close(&s);
}

/* S24: two places, each hit by its own reclaims and by shocks that take both. S19: spells are a compound Poisson sum. S15: stock is
 * there with the probability that no spell is on, exp(-rate x mean spell): spells may overlap. */
static void test_shocks(void)
{
    enum { WORLDS = 1200000 };
    const double per_h = 0.3, t = 0.5, horizon = 60;
    const struct world_settings luck = {.seed = 13};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    const double shared = s.model.shock_frac * per_h, own = per_h - shared;
    const size_t offer = spot_offer(&s), pool = s.model.pool_of[offer];
    gsl_test_rel(s.model.pools[pool].shock_per_h, shared, 1e-12, "rate of shocks");
    struct sums together = {0}, alive = {0}, spells = {0}, stock = {0};
    for (size_t w = 0; w < WORLDS; w++) {
        struct reclaims a, b;
        world_start(s.world, w);
        reclaims_start(&a, s.world, offer, 5, 0, per_h);
        reclaims_start(&b, s.world, offer, 5, 1, per_h);
        const int64_t x = reclaims_next(&a, s.world, 0), y = reclaims_next(&b, s.world, 0);
        sums_add(&together, x == y);
        sums_add(&alive, x > us_of(t) && y > us_of(t));
        if (w >= WORLDS / 10) continue;
        sums_add(&stock, world_stock(s.world, offer, us_of(horizon)) == us_of(horizon));
        const struct shock_path *p = &s.world->shocks[pool];
        double sum = 0;
        for (size_t i = 0; i < p->n && p->at_us[i] <= us_of(horizon); i++)
            sum += hours(p->back_us[i] - p->at_us[i]);
        sums_add(&spells, sum);
    }
    const struct estimate same = sums_estimate(&together);
    gsl_test_abs(same.mean, shared / (2 * own + shared), ALARM_Z * same.se,
                 "S24: both at the same moment");
    oracle_check(sums_estimate(&alive), exp(-(2 * own + shared) * t), "S24: joint survival");
    const double mean = s.model.spell_h;
    const struct estimate in_all = sums_estimate(&spells);
    gsl_test_abs(in_all.mean, shared * horizon * mean, ALARM_Z * in_all.se, "S19: mean of spells");
    gsl_test_rel(spells.xx / spells.n - in_all.mean * in_all.mean,
                 shared * horizon * 2 * mean * mean, 0.05, "S19: variance of spells");
    oracle_check(sums_estimate(&stock), exp(-shared * mean), "S15: in stock");
    stage_close(&s);
}

/* A machine is not taken in its protected hour, and lives longer by exactly that on average. */
static void test_protection(void)
{
    enum { WORLDS = 1100000 };
    const double per_h = 0.5;
    const struct world_settings luck = {.seed = 17, .own_reclaims_only = true};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    struct sums life = {0};
    double least = INFINITY;
    for (size_t w = 0; w < WORLDS; w++) {
        struct reclaims r;
        world_start(s.world, w);
        reclaims_start(&r, s.world, spot_offer(&s), 3, 0, per_h);
        r.protected_h = 1;
        const double x = hours(reclaims_next(&r, s.world, us_of(4.3))) - 4.3;
        least = fmin(least, x);
        sums_add(&life, x);
    }
    gsl_test(!(least >= 1), "no machine is taken in its protected hour: %g", least);
    oracle_check(sums_estimate(&life), 1 + 1 / per_h, "life with a protected hour");
    stage_close(&s);
}

/* MR21: reclaims of a place within a time never become fewer when their rate rises, world by world. */
static void test_more_reclaims(void)
{
    static const double rates[] = {0.02, 0.1, 0.11, 0.5};
    const struct world_settings luck = {.seed = 19, .own_reclaims_only = true};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    for (size_t w = 0; w < 2000; w++) {
        long before = 0;
        for (size_t k = 0; k < sizeof rates / sizeof *rates; k++) {
            struct reclaims r;
            long n = 0;
            world_start(s.world, w);
            reclaims_start(&r, s.world, spot_offer(&s), 3, 0, rates[k]);
            for (int64_t at = 0; (at = reclaims_next(&r, s.world, at)) < us_of(100);) n++;
            if (n < before)
                gsl_test(1, "MR21: world %zu has %ld reclaims at %g an hour, %ld at less", w, n,
                         rates[k], before);
            before = n;
        }
    }
    gsl_test(0, "MR21: reclaims rise with their rate in every world");
    stage_close(&s);
}

int main(void)
{
    test_prices();
    test_price_integral();
    test_history();
    test_last_of_many();
    test_shocks();
    test_protection();
    test_more_reclaims();
    return gsl_test_summary();
}
