/* S15 to S19 and S24 of the statistical oracles, and the laws of common random numbers: worlds against closed forms. */
#include "tests/sim/oracle_work.h"

#include <gsl/gsl_cdf.h>

#define SCENARIO "tests/sim/data/jobs/gang.yaml"

static size_t spot_offer(const struct stage *s)
{
    return s->play.jobs[0].terms[s->play.jobs[0].on_spot].offer;
}

static double hours(int64_t us)
{
    return (double)us / (double)US_PER_H;
}

/* A price path without jumps: log prices are normal about -sd^2 / 2. */
static const struct price_noise NORMAL = {.log_sd = 0.1, .revert_per_h = 0.1};
static const struct world_settings PRICES = {
    .seed = 7, .price_model = "model", .noise = &NORMAL, .steady_amounts = true};

/* S17: how often the price is at most a bid, and what is paid then. */
static void test_bid(void)
{
    enum { WORLDS = 1600000 };
    const double sd = NORMAL.log_sd, bid = 1.02, a = (log(bid) + sd * sd / 2) / sd;
    struct stage s;
    stage_open(&s, SCENARIO, &PRICES, NULL);
    const size_t offer = spot_offer(&s);
    struct sums price = {0}, below = {0}, paid = {0};
    for (size_t w = 0; w < WORLDS; w++) {
        world_start(s.world, w);
        const double p = world_price(s.world, offer, 0);
        sums_add(&price, p);
        sums_add(&below, p <= bid);
        if (p <= bid) sums_add(&paid, p);
    }
    oracle_check(sums_estimate(&price), 1, "S17: mean price");
    oracle_check(sums_estimate(&below), gsl_cdf_ugaussian_P(a), "S17: price at most the bid");
    oracle_check(sums_estimate(&paid), gsl_cdf_ugaussian_P(a - sd) / gsl_cdf_ugaussian_P(a),
                 "S17: mean price below the bid");
    stage_close(&s);
}

/* S18: the variance of log prices stays, and their autocovariance falls by exp(-k dt). The first price explains most of the scatter
 * of the products. */
static void test_reversion(void)
{
    enum { WORLDS = 4800000, PAIRS = 2000000, LAG_H = 3 };
    const double variance = NORMAL.log_sd * NORMAL.log_sd, centre = -variance / 2;
    const double kept = exp(-NORMAL.revert_per_h * LAG_H);
    struct stage s;
    stage_open(&s, SCENARIO, &PRICES, NULL);
    const size_t offer = spot_offer(&s);
    struct sums first = {0};
    struct batches later, both;
    memset(&later, 0, sizeof later);
    memset(&both, 0, sizeof both);
    for (size_t w = 0; w < WORLDS; w++) {
        world_start(s.world, w);
        const double x = log(world_price(s.world, offer, 0)) - centre;
        sums_add(&first, x * x);
        if (w >= PAIRS * oracle_times()) continue;
        const double y = log(world_price(s.world, offer, (LAG_H * US_PER_H) + 1)) - centre;
        const double controls[CONTROLS] = {x * x - variance};
        batches_add(&later, y * y, controls);
        batches_add(&both, x * y, controls);
    }
    oracle_check(sums_estimate(&first), variance, "S18: variance at the start");
    oracle_check_half(batches_estimate(&later), variance, "S18: variance later");
    oracle_check(batches_estimate(&both), variance * kept, "S18: autocovariance");
    stage_close(&s);
}

/* The prices that simulations use, jumps and all: 1 on average, at any time. */
static void test_mean_price(void)
{
    enum { WORLDS = 60000 };
    const struct world_settings luck = {.seed = 7, .price_model = "model", .steady_amounts = true};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    struct sums price[2] = {{.n = 0}};
    for (size_t w = 0; w < WORLDS; w++) {
        world_start(s.world, w);
        sums_add(&price[0], world_price(s.world, spot_offer(&s), 0));
        sums_add(&price[1], world_price(s.world, spot_offer(&s), (40 * US_PER_H) + 1));
    }
    oracle_check(sums_estimate(&price[0]), 1, "mean price at the start");
    oracle_check(sums_estimate(&price[1]), 1, "mean price 40 hours later");
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

/* S16: the last of n machines to be taken; its first. The lives themselves explain most of the scatter. */
static void test_last_of_many(void)
{
    enum { WORLDS = 1500000, N = 5 };
    const double per_h = 0.2, life = 1 / per_h;
    const struct world_settings luck = {.seed = 11, .own_reclaims_only = true};
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    double mean = 0, variance = 0;
    for (int k = 1; k <= N; k++) {
        mean += life / k;
        variance += life / k * (life / k);
    }
    struct batches last, square;
    struct sums first = {0};
    memset(&last, 0, sizeof last);
    memset(&square, 0, sizeof square);
    for (size_t w = 0; w < WORLDS * oracle_times(); w++) {
        double most = 0, least = INFINITY, controls[CONTROLS] = {0};
        world_start(s.world, w);
        for (size_t i = 0; i < N; i++) {
            struct reclaims r;
            reclaims_start(&r, s.world, spot_offer(&s), 99, i, per_h);
            const double at = hours(reclaims_next(&r, s.world, 0));
            most = fmax(most, at);
            least = fmin(least, at);
            controls[0] += at - life;
            controls[1] += at * at - 2 * life * life;
            controls[2] += at * at * at - 6 * life * life * life;
        }
        batches_add(&last, most, controls);
        batches_add(&square, (most - mean) * (most - mean), controls);
        sums_add(&first, least);
    }
    oracle_check(batches_estimate(&last), mean, "S16: the last of five");
    oracle_check(batches_estimate(&square), variance, "S16: variance");
    oracle_check_half(sums_estimate(&first), life / N, "S16: the first of five");
    stage_close(&s);
}

/* Half of all reclaims are shocks. */
static double shocks_set(struct stage *s, double per_h)
{
    const size_t pool = s->model.pool_of[spot_offer(s)];
    s->model.shock_frac = 0.5;
    s->model.pools[pool].shock_per_h = 0.5 * per_h;
    return 0.5 * per_h;
}

/* S24: two places, each hit by its own reclaims and by shocks that take both. */
static void test_shocks(void)
{
    enum { WORLDS = 4700000 };
    const double per_h = 0.3, t = 0.5;
    struct stage s;
    stage_open(&s, SCENARIO, &(struct world_settings){.seed = 13}, NULL);
    const size_t offer = spot_offer(&s);
    gsl_test_rel(s.model.pools[s.model.pool_of[offer]].shock_per_h, s.model.shock_frac * per_h,
                 1e-12, "rate of shocks");
    const double shared = shocks_set(&s, per_h), own = per_h - shared;
    struct sums together = {0}, alive = {0};
    for (size_t w = 0; w < WORLDS; w++) {
        struct reclaims a, b;
        world_start(s.world, w);
        reclaims_start(&a, s.world, offer, 5, 0, per_h);
        reclaims_start(&b, s.world, offer, 5, 1, per_h);
        const int64_t x = reclaims_next(&a, s.world, 0), y = reclaims_next(&b, s.world, 0);
        sums_add(&together, x == y);
        sums_add(&alive, x > us_of(t) && y > us_of(t));
    }
    oracle_check(sums_estimate(&together), shared / (2 * own + shared),
                 "S24: both at the same moment");
    oracle_check(sums_estimate(&alive), exp(-(2 * own + shared) * t), "S24: joint survival");
    stage_close(&s);
}

/* S19: hours without stock are a compound Poisson sum: mean L E X, variance L E X^2, and Wald: E S = E N E X. Stock is there unless
 * a spell is on; they overlap: exp(-rate x mean (1 - exp(-t / mean))). */
static void test_spells(void)
{
    enum { WORLDS = 4500000 };
    const double per_h = 0.3, horizon = 10;
    struct stage s;
    stage_open(&s, SCENARIO, &(struct world_settings){.seed = 23}, NULL);
    const size_t offer = spot_offer(&s), pool = s.model.pool_of[offer];
    const double rate = shocks_set(&s, per_h), mean = s.model.spell_h, all = rate * horizon;
    struct sums number = {0}, stock = {0}, spells = {0};
    struct batches square;
    memset(&square, 0, sizeof square);
    for (size_t w = 0; w < WORLDS * oracle_times(); w++) {
        world_start(s.world, w);
        sums_add(&stock, world_stock(s.world, offer, us_of(horizon)) == us_of(horizon));
        const struct shock_path *p = &s.world->shocks[pool];
        double sum = 0, n = 0;
        for (size_t i = 0; i < p->n && p->at_us[i] <= us_of(horizon); i++, n++)
            sum += hours(p->back_us[i] - p->at_us[i]);
        sums_add(&number, n);
        sums_add(&spells, sum);
        const double d = sum - all * mean;
        batches_add(&square, d * d, (const double[CONTROLS]){n - all, (n - all) * (n - all) - all});
    }
    oracle_check(sums_estimate(&number), all, "S19: number of spells");
    oracle_check(sums_estimate(&spells), all * mean, "S19: hours without stock");
    oracle_check_half(batches_estimate(&square), all * 2 * mean * mean, "S19: their variance");
    oracle_check(sums_estimate(&stock), exp(-rate * mean * -expm1(-horizon / mean)),
                 "S15: in stock");
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
    test_bid();
    test_reversion();
    test_mean_price();
    test_price_integral();
    test_history();
    test_last_of_many();
    test_shocks();
    test_spells();
    test_protection();
    test_more_reclaims();
    return gsl_test_summary();
}
