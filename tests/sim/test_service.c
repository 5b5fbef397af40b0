/* Services in worlds: nothing differs from the plan when nothing is random, and what luck does has the means it must have. */
#include "scenarios/scenario.h"
#include "sim/queue.h"
#include "solver/queueing.h"
#include "tests/sim/oracle.h"
#include "tests/sim/service_stage.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double planned_h(const struct stage *s)
{
    return s->plan.service_outcomes[0].held_h;
}

/* --- nothing is random --- */

static const char *const SPOT[] = {"workloads.chat.purchase=[autoscaled, spot]",
                                   "workloads.chat.interruption.tolerant=true",
                                   "workloads.chat.interruption.restart=6min",
                                   "workloads.chat.spot_max_share=60%",
                                   "workloads.chat.load.burst=1.5",
                                   "workloads.chat.load.scale={low: 0.5, base: 1, high: 2.5}",
                                   "simulate.interruptions_per_day=6",
                                   NULL};
static const char *const UNSERVED[MOST_SETTINGS] = {
    "workloads.chat.unserved_cost=¥0.0002", "workloads.chat.autoscale.max=6",
    "workloads.chat.load.scale={low: 0.5, base: 1, high: 2.5}"};
static const char *const NONE_SET[MOST_SETTINGS] = {NULL};

static void test_calm(const char *path, const char *const set[MOST_SETTINGS], const char *name)
{
    struct stage *s = stage_new(path, set, &nothing);
    double planned_unserved = 0;
    for (size_t m = 0; m < s->plan.n_months; m++) planned_unserved += s->play->planned_unserved[m];
    for (uint64_t w = 0; w < 3; w++) {
        const struct result r = world_play(s, w);
        const struct service *service = s->play->service;
        const double length = service->rule == RULE_BLOCKING ? service->time_h : 1;
        const double offered = service_mean_load(service, 0, s->scenario.length_us) *
                               (double)s->scenario.length_us / (double)US_PER_H / length;
        gsl_test(r.more_us != 0 || r.start_us != 0, "%s: no time beyond the plan", name);
        gsl_test(r.luck.interruptions != 0 || r.luck.missed, "%s: nothing is taken or missed",
                 name);
        gsl_test_rel(r.luck.offered, offered, 1e-12, "%s: the load as planned", name);
        gsl_test_rel(r.luck.served + r.luck.lost, offered, 1e-12, "%s: served or lost", name);
        gsl_test_abs(r.unserved, planned_unserved, 0, "%s: left out as planned", name);
    }
    arena_free(s->arena);
}

/* --- tables and counts --- */

static void test_late_table(void)
{
    static const double cv2s[] = {0, 0.64, 1, 2.5};
    static const double limits[] = {1.2, 2.5, 6};
    struct arena *a = arena_new();
    double worst = 0;
    for (size_t v = 0; v < COUNT(cv2s); v++)
        for (size_t l = 0; l < COUNT(limits); l++) {
            const struct play_pool pool = {.servers = 3, .time_h = 0.37};
            struct late_table table;
            late_table_make(&table, &pool, cv2s[v], limits[l] * pool.time_h, 700, a);
            for (long n = 1; n <= 700; n += n < 5 ? 1 : n < 70 ? 13 : 131)
                for (int i = 1; i < 400; i++) {
                    const struct queue q = {(double)n * pool.servers, pool.time_h, cv2s[v]};
                    const double rate = i / 400.0 * q.servers / q.time_h;
                    const double exact = queue_late(&q, rate, limits[l] * pool.time_h);
                    const double got = late_share(&table, &pool, n, rate);
                    worst = fmax(worst, fabs(got - exact) / fmax(exact, 2e-3));
                }
            gsl_test(late_share(&table, &pool, 2, 1e9) != 1, "beyond full use all are late");
        }
    gsl_test(worst > 0.01, "tabled shares are within 1%%, or 2e-5: %.4f%%", 100 * worst);
    arena_free(a);
}

/* S25 as services use it: requests are Poisson, their mean is the integral of the rate. */
static void test_counts(void)
{
    enum { WORLDS = 8000 };
    static const char *const set[MOST_SETTINGS] = {"workloads.chat.load.scale=0.00002"};
    struct stage *s = stage_new(CHAT, set, &everything);
    const double expected = service_mean_load(s->play->service, 0, s->scenario.length_us) * 72;
    double *x = ARENA_NEW(s->arena, double, WORLDS);
    for (uint64_t w = 0; w < WORLDS; w++) x[w] = world_play(s, w).luck.offered;
    const struct moments m = moments_of(x, WORLDS);
    oracle_check((struct estimate){m.mean, moments_sd(&m) / sqrt(WORLDS)}, expected,
                 "requests of three days");
    gsl_test_abs((moments_variance(&m) / expected - 1) * sqrt(WORLDS / 2.0), 0, 4.5,
                 "requests scatter as Poisson: %g of %g", moments_variance(&m), expected);
    arena_free(s->arena);
}

/* Noise has mean 1, and goes beyond `burst` in one quarter of an hour of a hundred. */
static void test_noise(void)
{
    enum { WORLDS = 3000 };
    static const char *const set[MOST_SETTINGS] = {"workloads.chat.load.burst=1.5"};
    struct stage *s = stage_new(CHAT, set, &everything);
    const double expected = service_mean_load(s->play->service, 0, s->scenario.length_us) * 72;
    double *x = ARENA_NEW(s->arena, double, WORLDS), *peaks = ARENA_NEW(s->arena, double, WORLDS);
    for (uint64_t w = 0; w < WORLDS; w++) {
        x[w] = world_play(s, w).luck.offered;
        /* The ratios of the world stand first in the working memory. */
        const double *ratio = (const double *)(const void *)((const char *)s->scratch +
                                                             (16 - (size_t)s->scratch % 16) % 16);
        long beyond = 0;
        for (size_t k = 0; k < s->play->n_slots; k++) beyond += ratio[k] > 1.5;
        peaks[w] = (double)beyond / (double)s->play->n_slots;
    }
    const struct moments m = moments_of(x, WORLDS), p = moments_of(peaks, WORLDS);
    oracle_check((struct estimate){m.mean, moments_sd(&m) / sqrt(WORLDS)}, expected,
                 "requests under noise");
    gsl_test_abs((p.mean - 0.01) / (moments_sd(&p) / sqrt(WORLDS)), 0, 4.5,
                 "short peaks beyond burst: %.3f%%", 100 * p.mean);
    arena_free(s->arena);
}

/* --- spot --- */

/* Machines are taken at their rate in the hours in which they are held, and are paid all the time: load and machines as
 * planned, no spells. */
static void test_reclaims(void)
{
    enum { WORLDS = 12000 };
    static const char *const set[MOST_SETTINGS] = {
        "workloads.chat.purchase=[spot]", "workloads.chat.interruption.tolerant=true",
        "workloads.chat.interruption.restart=6min", "workloads.chat.spot.protection=none",
        "simulate.interruptions_per_day=9"};
    struct stage *s = stage_new(CHAT, set, &own_reclaims);
    const double expected = planned_h(s) * 9 / 24;
    double *x = ARENA_NEW(s->arena, double, WORLDS);
    for (uint64_t w = 0; w < WORLDS; w++) {
        const struct result r = world_play(s, w);
        x[w] = r.luck.interruptions;
        gsl_test(r.more_us != 0 || r.start_us != 0, "world %d: replaced machines cost the same",
                 (int)w);
    }
    const struct moments m = moments_of(x, WORLDS);
    oracle_check((struct estimate){m.mean, moments_sd(&m) / sqrt(WORLDS)}, expected,
                 "reclaims of spot machines");
    gsl_test_abs((moments_variance(&m) / expected - 1) * sqrt(WORLDS / 2.0), 0, 4.5,
                 "reclaims scatter as Poisson");
    arena_free(s->arena);
}

/* Shocks empty the pool for a spell: what is not held is not paid, and the machines outside spot go on serving. */
static void test_spells(void)
{
    enum { WORLDS = 200 };
    static const struct world_settings shocks = {
        .seed = 5, .price_model = "fixed", .steady_amounts = true};
    struct stage *s = stage_new(CHAT, SPOT, &shocks);
    int64_t least = 0, most = INT64_MIN;
    double late = 0, lost = 0, offered = 0;
    for (uint64_t w = 0; w < WORLDS; w++) {
        const struct result r = world_play(s, w);
        least = r.more_us < least ? r.more_us : least;
        most = r.more_us > most ? r.more_us : most;
        late += r.luck.late;
        lost += r.luck.lost;
        offered += r.luck.offered;
    }
    gsl_test(least >= 0, "spells are not paid: %g machine-hours at most", (double)least / 3.6e9);
    gsl_test(most > 0, "nothing is paid beyond the plan");
    gsl_test(lost > 0.05 * offered, "40%% outside spot serve most of it: %.4f lost",
             lost / offered);
    gsl_test(late <= 0, "spells make requests late");
    arena_free(s->arena);
}

/* No reclaims asked for: no shocks and no spells either, whatever the price book knows of this type. */
static void test_no_reclaims(void)
{
    static const struct world_settings shocks = {
        .seed = 5, .price_model = "fixed", .steady_amounts = true};
    static const char *const set[MOST_SETTINGS] = {"workloads.chat.purchase=[autoscaled, spot]",
                                                   "workloads.chat.interruption.tolerant=true",
                                                   "simulate.interruptions_per_day=0"};
    struct stage *s = stage_new(CHAT, set, &shocks);
    for (uint64_t w = 0; w < 40; w++) {
        const struct result r = world_play(s, w);
        gsl_test(r.luck.interruptions != 0 || r.more_us != 0, "world %d: nothing is taken", (int)w);
    }
    arena_free(s->arena);
}

/* MR21: with more reclaims no fewer machines are taken, world by world, and more requests are late on average. */
static void test_more_reclaims(void)
{
    enum { WORLDS = 60 };
    double late[2] = {0};
    int32_t taken[2][WORLDS];
    for (int more = 0; more < 2; more++) {
        static const char *const rates[] = {"workloads.chat.spot.hazard_per_h=0.1",
                                            "workloads.chat.spot.hazard_per_h=0.5"};
        const char *const set[MOST_SETTINGS] = {"workloads.chat.purchase=[autoscaled, spot]",
                                                "workloads.chat.interruption.tolerant=true",
                                                "workloads.chat.interruption.restart=0s",
                                                "workloads.chat.spot.protection=none", rates[more]};
        struct stage *s = stage_new(CHAT, set, &own_reclaims);
        for (uint64_t w = 0; w < WORLDS; w++) {
            const struct result r = world_play(s, w);
            taken[more][w] = r.luck.interruptions;
            late[more] += r.luck.late;
        }
        arena_free(s->arena);
    }
    for (int w = 0; w < WORLDS; w++)
        gsl_test(taken[1][w] < taken[0][w], "world %d: %d reclaims, %d at a fifth of the rate", w,
                 taken[1][w], taken[0][w]);
    gsl_test_rel(late[1], late[0], 1e-9, "machines that are replaced at once serve on");
}

/* spot.max_price: an hour in which the price is above it is an hour without these machines, and is not paid. */
static void test_price_limit(void)
{
    enum { WORLDS = 40 };
    static const struct world_settings prices = {
        .seed = 9, .price_model = "model", .steady_amounts = true, .no_reclaims = true};
    static const char *const set[MOST_SETTINGS] = {
        "workloads.chat.purchase=[spot]", "workloads.chat.interruption.tolerant=true",
        "workloads.chat.spot.protection=hour", "workloads.chat.spot.max_price=¥3.2/h",
        "workloads.chat.autoscale.cold_start=0s"};
    struct stage *s = stage_new(CHAT, set, &prices);
    const struct play_option *o = &s->play->options[0];
    gsl_test_rel(o->most_factor, 3.2 / 3.11, 1e-12, "the limit beside the planned price");
    double without = 0;
    int32_t taken = 0;
    for (uint64_t w = 0; w < WORLDS; w++) {
        const struct result r = world_play(s, w);
        int64_t dear_us = 0;
        for (size_t k = 0; k < s->play->n_slots; k++)
            if (world_price(s->world, o->offer, s->play->from_us[k]) > o->most_factor)
                dear_us += o->planned[k] * (s->play->from_us[k + 1] - s->play->from_us[k]);
        gsl_test(r.more_us != -dear_us, "world %d: %lld us not paid, %lld us are too dear", (int)w,
                 (long long)-r.more_us, (long long)dear_us);
        gsl_test(dear_us > 0 && r.luck.lost <= 0, "world %d: nothing is lost without machines",
                 (int)w);
        without += (double)dear_us;
        taken += r.luck.interruptions;
    }
    gsl_test(without <= 0 || taken == 0, "some hours are too dear: %g, %d taken", without, taken);
    arena_free(s->arena);
}

/* --- the load is another one --- */

/* Of two limits the one with the higher percentile is told; either of them can be missed. */
static void test_limits(void)
{
    static const char *const loose[MOST_SETTINGS] = {
        "workloads.chat.latency={p50: 1400ms, p99: 1500ms}"};
    static const char *const other[MOST_SETTINGS] = {
        "workloads.chat.latency={p50: 1500ms, p99: 1600ms}"};
    struct stage *one = stage_new(CHAT, NONE_SET, &nothing),
                 *two = stage_new(CHAT, loose, &nothing);
    struct stage *more = stage_new(CHAT, other, &nothing);
    gsl_test_abs(world_play(one, 0).luck.late, world_play(two, 0).luck.late, 0,
                 "late by p99, whatever p50 says");
    gsl_test(world_play(more, 0).luck.late >= world_play(one, 0).luck.offered,
             "another limit, another share");
    /* The plan keeps both; a limit that nobody could keep is missed, whichever it is. */
    for (size_t i = 0; i < 2; i++) {
        two->play->service->limits[i].late_frac *= 1e-9;
        gsl_test(!world_play(two, 0).luck.missed, "limit %zu is missed", i);
        two->play->service->limits[i].late_frac *= 1e9;
    }
    gsl_test(world_play(two, 0).luck.missed, "none is missed");
    arena_free(one->arena);
    arena_free(two->arena);
    arena_free(more->arena);
}

static void test_level(void)
{
    enum { WORLDS = 300 };
    static const char *const set[MOST_SETTINGS] = {
        "workloads.chat.load.scale={low: 0.4, base: 1, high: 3}"};
    static const char *const capped[MOST_SETTINGS] = {
        "workloads.chat.load.scale={low: 0.4, base: 1, high: 3}",
        "workloads.chat.autoscale.max=12"};
    struct stage *s = stage_new(CHAT, set, &everything), *c = stage_new(CHAT, capped, &everything);
    struct stage *calm = stage_new(CHAT, set, &nothing);
    const double planned = world_play(calm, 0).luck.offered;
    arena_free(calm->arena);
    double lost = 0, lost_capped = 0, offered = 0;
    int wrong = 0, missed = 0;
    for (uint64_t w = 0; w < WORLDS; w++) {
        const struct result r = world_play(s, w), x = world_play(c, w);
        const double level = r.luck.offered / planned;
        gsl_test_abs(r.luck.offered, x.luck.offered, 0, "world %d meets both", (int)w);
        if (level > 1.3) wrong += r.more_us <= 0;
        if (level < 0.75) wrong += r.more_us >= 0;
        gsl_test(x.more_us > r.more_us, "world %d: no more machines than autoscale.max", (int)w);
        missed += x.luck.missed;
        lost += r.luck.lost;
        lost_capped += x.luck.lost;
        offered += r.luck.offered;
    }
    gsl_test(wrong > 0, "machines follow the load: %d worlds do not", wrong);
    gsl_test(lost > 0.01 * offered, "with enough machines hardly anything is lost: %.4f",
             lost / offered);
    gsl_test(lost_capped < 5 * lost, "at autoscale.max load is lost");
    gsl_test(missed < 10 || missed == WORLDS, "some worlds miss the target: %d", missed);
    arena_free(s->arena);
    arena_free(c->arena);
}

/* Machines beyond the plan keep quotas and stock, those that others use as planned taken off. */
static void test_quota(void)
{
    static const char *const scale = "workloads.chat.load.scale={low: 0.9, base: 1, high: 3}";
    static const struct {
        const char *path, *limit;
        long most; /* machines at any time */
    } cases[] = {{CHAT, "quota={A10-24GB: 14}", 14},
                 {CHAT, "stock={t.one: 13}", 13},
                 {CHAT, "quota={A10-24GB: 60}", 60},
                 {SHARED, "quota={A10-24GB: 20}", 15},
                 {SHARED, "stock={t.one: 21}", 16}};
    for (size_t c = 0; c < COUNT(cases); c++) {
        const char *const set[MOST_SETTINGS] = {scale, cases[c].limit};
        struct stage *s = stage_new(cases[c].path, set, &everything);
        const struct play_option *o = &s->play->options[0];
        double most = 0, lost = 0;
        for (uint64_t w = 0; w < 30; w++) {
            const struct result r = world_play(s, w);
            most = fmax(most, (double)r.more_us / 3.6e9);
            lost += r.luck.lost;
        }
        double room = 0; /* machine-hours that the limit leaves beyond the plan */
        for (size_t k = 0; k < s->play->n_slots; k++)
            room += 0.25 * (double)(cases[c].most - o->planned[k]);
        gsl_test(most > room, "%s: %.1f machine-hours more, %.1f are left", cases[c].limit, most,
                 room);
        gsl_test(most < (cases[c].most < 60 ? 0.3 * room : 50),
                 "%s: what is left is used: %.1f of %.1f", cases[c].limit, most, room);
        gsl_test((lost > 1e6) != (cases[c].most < 60), "%s: %.0f requests lost", cases[c].limit,
                 lost);
        arena_free(s->arena);
    }
}

/* A world with more load holds about what a plan for that load would hold; one with less comes down to it over days. */
static void test_level_cost(void)
{
    static const char *const set[MOST_SETTINGS] = {
        "horizon.length=10d", "workloads.chat.load.scale={low: 0.5, base: 1, high: 3}"};
    struct stage *s = stage_new(CHAT, set, &everything);
    const double planned = service_mean_load(s->play->service, 0, s->scenario.length_us) * 240;
    for (uint64_t w = 0; w < 12; w++) {
        const struct result r = world_play(s, w);
        char scale[64];
        snprintf(scale, sizeof scale, "workloads.chat.load.scale=%.6f", r.luck.offered / planned);
        const char *const other[MOST_SETTINGS] = {"horizon.length=10d", scale};
        struct stage *x = stage_new(CHAT, other, &nothing);
        const double held = planned_h(s) + (double)r.more_us / 3.6e9;
        gsl_test_rel(held, planned_h(x), r.more_us > 0 ? 0.03 : 0.1,
                     "world %d, %s: %.0f machine-hours, %.0f planned for it", (int)w, scale, held,
                     planned_h(x));
        arena_free(x->arena);
    }
    arena_free(s->arena);
}

/* A world is a function of its number: nothing is left over from the one before. */
static void test_order(void)
{
    struct stage *s = stage_new(CHAT, SPOT, &everything);
    const struct result first = world_play(s, 5);
    for (uint64_t w = 0; w < 4; w++) world_play(s, w);
    const struct result again = world_play(s, 5);
    gsl_test(first.more_us != again.more_us || first.start_us != again.start_us ||
                 first.luck.late != again.luck.late || first.luck.lost != again.luck.lost ||
                 first.luck.interruptions != again.luck.interruptions,
             "world 5 is the same after others");
    const struct result other = world_play(s, 6);
    gsl_test(first.luck.offered == other.luck.offered, "world 6 is another one");
    arena_free(s->arena);
}

/* --- request by request --- */

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* n servers from now on: new ones are free, those that are free first go. Sorted is a heap. */
static struct servers resized(const struct servers *old, size_t n, double now, struct arena *a)
{
    struct servers fresh = servers_new(n, a);
    qsort(old->free_h, old->n, sizeof *old->free_h, by_value);
    for (size_t i = 0; i < n; i++)
        fresh.free_h[i] = i + old->n < n ? now : old->free_h[old->n - n + i];
    qsort(fresh.free_h, n, sizeof *fresh.free_h, by_value);
    return fresh;
}

/* The three days of the plan, every request of them, in a queue whose servers come and go with the plan's machines: the share
 * that is late is the one that the model of steady quarters of an hour gives. */
static void test_request_by_request(void)
{
    struct stage *s = stage_new(CHAT, NONE_SET, &nothing);
    const struct service_play *p = s->play;
    const struct play_pool *pool = &p->pools[0];
    const double limit_h = p->service->limits[0].limit_h;
    const double expected = world_play(s, 0).luck.late / world_play(s, 0).luck.offered;
    struct random_stream gaps = random_start(random_key(7, "gaps", NULL), 0);
    const struct random_stream services = random_start(random_key(7, "services", NULL), 0);
    const gsl_rng *rng = random_gsl(&services, s->arena);
    struct servers servers = servers_new(1, s->arena);
    double n = 0, late = 0;
    for (size_t k = 0; k < p->n_slots; k++) {
        const double end = (double)p->from_us[k + 1] / (double)US_PER_H;
        double now = (double)p->from_us[k] / (double)US_PER_H;
        const double wanted = (double)p->options[0].planned[k] * pool->servers;
        if ((double)servers.n != wanted) servers = resized(&servers, (size_t)wanted, now, s->arena);
        while ((now += exponential_at(random_uniform(&gaps), 1 / p->rate[k])) < end) {
            const double cv2 = p->service->cv2;
            const double service = gsl_ran_gamma(rng, 1 / cv2, pool->time_h * cv2);
            n++;
            late += servers_wait(&servers, now, service) + service > limit_h;
        }
    }
    gsl_test_rel(n, world_play(s, 0).luck.offered, 0.002, "requests of three days");
    gsl_test_rel(late / n, expected, 0.1, "late, request by request: %.4f%%, by the model %.4f%%",
                 100 * late / n, 100 * expected);
    arena_free(s->arena);
}

/* --- sessions --- */

/* At a steady load the share without a place is Erlang B; the load of the first hours is there already. */
static void test_sessions(void)
{
    struct stage *s = stage_new(SESSIONS, NONE_SET, &nothing);
    const struct result r = world_play(s, 0);
    const double places = 4.0 * (double)s->plan.service_outcomes[0].peak_machines;
    gsl_test_rel(r.luck.offered, 130 * 48, 1e-12, "session starts of two days");
    gsl_test_rel(r.luck.lost, 130 * 48 * erlang_b(places, 65), 1e-9, "blocked starts");
    gsl_test(r.luck.missed, "the target of 1%% is kept");
    arena_free(s->arena);
}

/* Sessions on a machine that is taken are cut: as many as there are on average on one machine. */
static void test_cut_sessions(void)
{
    enum { WORLDS = 200 };
    static const char *const set[MOST_SETTINGS] = {
        "workloads.play.purchase=[spot]", "workloads.play.interruption.tolerant=true",
        "workloads.play.interruption.restart=0s", "workloads.play.spot.protection=none",
        "simulate.interruptions_per_day=2"};
    struct stage *s = stage_new(SESSIONS, set, &own_reclaims);
    const double places = 4.0 * (double)s->plan.service_outcomes[0].peak_machines;
    const double blocked = 130 * 48 * erlang_b(places, 65);
    for (uint64_t w = 0; w < WORLDS; w++) {
        const struct result r = world_play(s, w);
        gsl_test_rel(r.luck.lost, blocked + r.luck.interruptions * 65 / places * 4, 1e-9,
                     "world %d: blocked starts and cut sessions", (int)w);
    }
    arena_free(s->arena);
}

/* S14: from an empty house at 08:00 sessions build up as load (1 - e^(-t / length)); blocking follows them. */
static void test_sessions_build_up(double length_h, const char *length)
{
    const char *const set[MOST_SETTINGS] = {"workloads.play.window.hours=08:00-20:00", length,
                                            "workloads.play.load.base=30/h"};
    struct stage *s = stage_new(SESSIONS, set, &nothing);
    const double full = 30 * length_h;
    const struct result r = world_play(s, 0);
    const double places = 4.0 * (double)s->plan.service_outcomes[0].peak_machines;
    double lost = 0, there = 0;
    for (int quarter = 0; quarter < 48; quarter++) {
        const double x = 0.25 / length_h, mean = full + (there - full) * -expm1(-x) / x;
        lost += 2 * 7.5 * erlang_b(places, mean);
        there = full + (there - full) * exp(-x);
        if (quarter == 47) {
            /* On the second day a few of the first are still there: e^(-6) of them. */
            gsl_test_rel(r.luck.lost, lost, 2e-3, "blocked while sessions build up");
            gsl_test(r.luck.lost >= 2 * 12 * 30 * erlang_b(places, full),
                     "fewer than at full load");
        }
    }
    arena_free(s->arena);
}

int main(void)
{
    gsl_set_error_handler_off();
    test_calm(CHAT, NONE_SET, "a service");
    test_calm(CHAT, SPOT, "with spot");
    test_calm(CHAT, UNSERVED, "with load left out");
    test_calm(SESSIONS, NONE_SET, "sessions");
    test_late_table();
    test_counts();
    test_noise();
    test_reclaims();
    test_spells();
    test_no_reclaims();
    test_more_reclaims();
    test_price_limit();
    test_limits();
    test_level();
    test_level_cost();
    test_quota();
    test_order();
    test_request_by_request();
    test_sessions();
    test_cut_sessions();
    test_sessions_build_up(2, "workloads.play.service.time=2h");
    test_sessions_build_up(0.5, "workloads.play.service.time=30min");
    return gsl_test_summary();
}
