/* Saved models drive worlds: prices, spells, shocks and lives are as their parameters say, |z| < 4.5. */
#include "sim/spot_fit.h"
#include "sim/world.h"
#include "solver/planner.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SCENARIO "tests/sim/data/jobs/gang.yaml"
#define PRICE                                                                                      \
    "{\"kind\": \"price\", \"form\": \"mean_reverting\", \"parameters\": ["                        \
    "{\"name\": \"log_mean\", \"value\": 1.3}, {\"name\": \"log_sd\", \"value\": 0.2},"            \
    "{\"name\": \"revert_per_h\", \"value\": 0.3}, {\"name\": \"no_stock_per_h\", \"value\": "     \
    "0.02}, {\"name\": \"stock_back_per_h\", \"value\": 0.18}]}"
#define SPELLS                                                                                     \
    "{\"kind\": \"available\", \"form\": \"lognormal\", \"parameters\": [{\"name\": \"median_h\"," \
    "\"value\": 3}, {\"name\": \"log_sd\", \"value\": 0.8}]}, {\"kind\": \"gone\", \"form\": "     \
    "\"weibull\", \"parameters\": [{\"name\": \"k\", \"value\": 1.5}, {\"name\": \"eta_h\", "      \
    "\"value\": 0.9}]}"
#define SHOCKS                                                                                     \
    "{\"kind\": \"shocks\", \"form\": \"shocks\", \"parameters\": [{\"name\": \"own_per_h\", "     \
    "\"value\": 0.03}, {\"name\": \"event_per_h\", \"value\": 0.1}, {\"name\": \"hit\", "          \
    "\"value\": 0.2}]}"
#define LIVES                                                                                      \
    "{\"kind\": \"lives\", \"form\": \"weibull\", \"parameters\": [{\"name\": \"k\", \"value\": "  \
    "0.6}, {\"name\": \"eta_h\", \"value\": 11}]}"

static const struct world_settings luck = {
    .seed = 3, .price_model = "model", .steady_amounts = true};

struct stage {
    struct arena *arena;
    struct scenario scenario;
    struct plan plan;
    struct world_model model;
    struct world *world;
};

/* A world of a plan whose scenario names a file with these models. */
static void fitted_open(struct stage *s, char *path, const char *models,
                        const struct world_settings *settings)
{
    FILE *out = fdopen(mkstemp(path), "w");
    fprintf(out, "{\"gpumix_models\": 1, \"models\": [%s]}", models);
    fclose(out);
    char set[128];
    snprintf(set, sizeof set, "catalog.spot_models=[%s]", path);
    *s = (struct stage){.arena = arena_new()};
    struct diag d = {.arena = s->arena};
    struct price_book *book;
    moment_t today = 0;
    const char *const sets[] = {set};
    const struct scenario_options options = {.set = sets, .n_set = 1};
    bool ok = moment_parse(&today, "2026-11-22") &&
              scenario_load(&s->scenario, SCENARIO, &options, s->arena, &d) == OK &&
              price_book_load(&book, &s->scenario.catalog, today, -1, s->arena, &d) == OK &&
              plan_solve(&s->plan, &s->scenario, book, &PLAN_SETTINGS, s->arena, &d) == OK &&
              world_model_make(&s->model, &s->plan, settings, s->arena, &d) == OK;
    if (!ok) diag_print(&d, DIAG_TEXT, stderr);
    if (!ok) exit(1);
    s->world = world_new(&s->model, s->arena);
}

static void stage_close(struct stage *s)
{
    arena_free(s->arena);
}

static size_t spot_offer(const struct stage *s)
{
    for (size_t i = 0; i < s->plan.n_offers; i++)
        if (s->model.pool_of[i] != SIZE_MAX && s->model.pools[s->model.pool_of[i]].used) return i;
    exit(1);
}

static double z_of(double sum, double squares, double n, double want)
{
    const double mean = sum / n;
    return (mean - want) / sqrt((squares / n - mean * mean) / n);
}

static void test_prices(void)
{
    enum { WORLDS = 200000 };
    char path[] = "/tmp/gpumix-models-XXXXXX";
    struct stage s;
    fitted_open(&s, path, PRICE, &luck);
    const size_t offer = spot_offer(&s), pool = s.model.pool_of[offer];
    const double most = s.model.pools[pool].most_factor;
    double n = 0, gone = 0, sum = 0, squares = 0, logs = 0, log_squares = 0, fourth = 0;
    for (size_t w = 0; w < WORLDS; w++) {
        world_start(s.world, w);
        const double p = world_price(s.world, offer, 5 * US_PER_H);
        if (p == most) {
            gone++;
            continue;
        }
        n++;
        sum += p;
        squares += p * p;
        logs += log(p);
        log_squares += log(p) * log(p);
    }
    const double variance = log_squares / n - logs / n * (logs / n);
    fourth = 2 * variance * variance; /* of a normal */
    gsl_test(!(most > 2), "the cap is far, %g", most);
    gsl_test(!(fabs((gone / WORLDS - 0.1) / sqrt(0.09 / WORLDS)) < 4.5), "without stock: %g",
             gone / WORLDS);
    gsl_test(!(fabs(z_of(sum, squares, n, 1)) < 4.5), "the mean while there is stock: %g", sum / n);
    gsl_test(!(fabs(variance - 0.04) / sqrt(fourth / n) < 4.5), "the variance of logs: %g",
             variance);
    stage_close(&s);
    unlink(path);
}

static void test_spells(void)
{
    enum { SPELLS_SEEN = 40000 };
    char path[] = "/tmp/gpumix-models-XXXXXX";
    struct stage s;
    fitted_open(&s, path, SPELLS, &luck);
    const size_t offer = spot_offer(&s), pool = s.model.pool_of[offer];
    double there = 0, there_squares = 0, gone = 0, gone_squares = 0;
    for (size_t w = 0; w < SPELLS_SEEN / 4; w++) {
        world_start(s.world, w);
        int64_t from = 0;
        for (size_t k = 0; k < 4; k++) {
            world_stock(s.world, offer, from + 1);
            while (s.world->shocks[pool].n <= k) world_stock(s.world, offer, from += US_PER_H);
            const int64_t back = k ? s.world->shocks[pool].back_us[k - 1] : 0;
            const double on = log((double)(s.world->shocks[pool].at_us[k] - back) / US_PER_H);
            const double off =
                (double)(s.world->shocks[pool].back_us[k] - s.world->shocks[pool].at_us[k]) /
                US_PER_H;
            there += on;
            there_squares += on * on;
            gone += off;
            gone_squares += off * off;
        }
    }
    gsl_test(!(fabs(z_of(there, there_squares, SPELLS_SEEN, log(3))) < 4.5), "spells with stock");
    gsl_test(!(fabs(z_of(gone, gone_squares, SPELLS_SEEN, 0.9 * tgamma(1 + 1 / 1.5))) < 4.5),
             "spells without");
    /* Whoever holds a machine loses it when the first spell ends. */
    struct reclaims r;
    world_start(s.world, 0);
    reclaims_start(&r, s.world, offer, 99, 0, 1e-9);
    gsl_test(reclaims_next(&r, s.world, 0) >
                 s.world->shocks[pool].at_us[s.world->shocks[pool].n - 1],
             "taken with the spell");
    stage_close(&s);
    unlink(path);
}

/* Share of machines that a shock takes, and how often shocks come, for the hazard of the plan. */
static void test_shocks(void)
{
    enum { WORLDS = 40000 };
    char path[] = "/tmp/gpumix-models-XXXXXX";
    struct stage s;
    fitted_open(&s, path, SHOCKS, &luck);
    const size_t offer = spot_offer(&s), pool = s.model.pool_of[offer];
    const double hazard = s.model.pools[pool].shock_per_h * 0.2 / 0.4; /* 40% of it are shocks */
    struct reclaims r;
    world_start(s.world, 0);
    reclaims_start(&r, s.world, offer, 7, 0, hazard);
    gsl_test_rel(r.hit, 0.2, 1e-9, "a shock takes a fifth");
    gsl_test_rel(r.own_per_h, 0.6 * hazard, 1e-9, "the rest are a machine's own");
    double sum = 0, squares = 0;
    for (size_t w = 0; w < WORLDS; w++) {
        world_start(s.world, w);
        reclaims_start(&r, s.world, offer, 7, 0, hazard);
        r.protected_h = 0;
        const double life = (double)reclaims_next(&r, s.world, 0) / US_PER_H;
        sum += life;
        squares += life * life;
    }
    gsl_test(!(fabs(z_of(sum, squares, WORLDS, 1 / hazard)) < 4.5), "lives as planned: %g of %g",
             sum / WORLDS, 1 / hazard);
    stage_close(&s);
    unlink(path);
}

/* As fitted, with the mean of the plan. */
static void test_lives(void)
{
    enum { WORLDS = 100000 };
    char path[] = "/tmp/gpumix-models-XXXXXX";
    struct stage s;
    fitted_open(&s, path, LIVES, &luck);
    gsl_test(strcmp(s.model.life->name, "fitted") != 0, "chosen by itself");
    const struct spot_fit *fit = s.model.pools[s.model.pool_of[spot_offer(&s)]].fit;
    double early = 0;
    const double median = pow(log(2), 1 / 0.6) / tgamma(1 + 1 / 0.6) / 0.05;
    for (size_t w = 0; w < WORLDS; w++)
        early += s.model.life->at(((double)w + 0.5) / WORLDS, 0.05, fit) < median;
    gsl_test_abs(early / WORLDS, 0.5, 1e-4, "half die before the median");
    gsl_test_rel(s.model.life->at(0.5, 0.05, NULL), log(2) / 0.05, 1e-9, "exponential without");
    stage_close(&s);
    unlink(path);
}

int main(void)
{
    test_prices();
    test_spells();
    test_shocks();
    test_lives();
    return gsl_test_summary();
}
