/* S1 to S5 and S7 to S9 of the statistical oracles: a job on spot against its closed form. l reclaims an hour of one machine, W hours of
 * work in K segments of tau, C a checkpoint, R a restart (can be interrupted), D without a replacement (cannot). */
#include "tests/sim/oracle_work.h"

#include <gsl/gsl_sf_gamma.h>

#define SCENARIO "tests/sim/data/jobs/gang.yaml"
/* Spot without the protected hour is sold at nine tenths. */
#define SPOT_PRICE   (0.9 * 3.11)
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct world_settings LUCK = {
    .seed = 20261122, .price_model = "fixed", .steady_amounts = true, .own_reclaims_only = true};

static double hours(int64_t us)
{
    return (double)us / (double)US_PER_H;
}

/* One world of a job; checks that its time ledger closes and nothing was given up. */
static struct job_luck play(struct stage *s, const struct work_job *job, size_t world)
{
    struct job_luck luck;
    world_start(s->world, world);
    const bool closes = work_job_play(&luck, job, s->scratch);
    if (!closes || luck.unfinished)
        gsl_test(1, "world %zu: the time ledger closes and the job is done", world);
    return luck;
}

static void test_checkpoints(void)
{
    static const struct {
        const char *what;
        double k;
        struct life life;
        size_t worlds;
    } cases[] = {
        {"S1: 20 segments of 1 h, no costs", 20, {.hazard = 0.3, .tau = 1, .machines = 1}, 60000},
        {"S1: checkpoints of 0.1 h and restarts of 0.2 h",
         20,
         {.hazard = 0.3, .tau = 1, .ck = 0.1, .rs = 0.2, .machines = 1},
         90000},
        {"S1: half an hour without a replacement",
         12,
         {.hazard = 0.2, .tau = 1.7, .ck = 0.05, .rs = 0.25, .dn = 0.5, .machines = 1},
         120000},
        {"S5: a gang of 4",
         20,
         {.hazard = 0.07, .tau = 1, .ck = 0.1, .rs = 0.2, .dn = 0.3, .machines = 4},
         90000},
    };
    struct stage s;
    stage_open(&s, SCENARIO, &LUCK, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct life l = cases[i].life;
        const double k = cases[i].k, all = l.hazard * (double)l.machines;
        l.work = k * l.tau;
        struct demand d;
        struct work_job *job = job_under(&s, &l, &d);
        struct sums time = {0}, hits = {0};
        for (size_t w = 0; w < cases[i].worlds; w++) {
            const struct job_luck luck = play(&s, job, w);
            sums_add(&time, hours(luck.finish_us));
            sums_add(&hits, luck.interruptions);
        }
        const double segment = exp(all * l.rs) * expm1(all * (l.tau + l.ck));
        oracle_check(sums_estimate(&time), k * segment * (1 / all + l.dn), cases[i].what);
        if (l.dn > 0) continue;
        gsl_test_abs(hits.x / hits.n, all * time.x / time.n,
                     ALARM_Z * sqrt(hits.x / hits.n / hits.n) + 1e-9,
                     "%s: reclaims come at their rate while the gang is held", cases[i].what);
    }
    stage_close(&s);
}

/* What is seen of a job that loses everything at each reclaim. */
struct scratch_sums {
    struct sums time, laplace, in_time, none, one, hits;
    struct batches square;
};

/* S2, S3, S4: without checkpoints everything is lost. The scatter of the variance is mostly that of the number of failures, whose
 * law S4 holds to account. */
static void play_from_scratch(struct scratch_sums *sums, struct stage *s, const struct life *life,
                              size_t worlds, double t, double s_rate)
{
    struct demand d;
    struct work_job *job = job_under(s, life, &d);
    const double all = life->hazard * (double)life->machines;
    const double q = exp(-all * life->work), mean = expm1(all * life->work) / all;
    for (size_t i = 0; i < worlds; i++) {
        const struct job_luck luck = play(s, job, i);
        const double x = hours(luck.finish_us), n = luck.interruptions - (1 - q) / q;
        sums_add(&sums->time, x);
        sums_add(&sums->laplace, exp(-s_rate * x));
        sums_add(&sums->in_time, x <= t);
        sums_add(&sums->none, luck.interruptions == 0);
        sums_add(&sums->one, luck.interruptions == 1);
        sums_add(&sums->hits, luck.interruptions);
        batches_add(&sums->square, (x - mean) * (x - mean),
                    (const double[CONTROLS]){n, n * n - (1 - q) / (q * q)});
    }
}

static void test_restart_from_scratch(void)
{
    enum { WORLDS = 7600000 };
    const double l = 0.1, w = 5, t = 7.385, s_rate = 0.05, q = exp(-l * w);
    struct stage s;
    stage_open(&s, SCENARIO, &LUCK, NULL);
    const struct life life = {
        .hazard = l, .work = w, .tau = INFINITY, .kind = PROGRESS_RESTART, .machines = 1};
    struct scratch_sums sums;
    memset(&sums, 0, sizeof sums);
    play_from_scratch(&sums, &s, &life, WORLDS, t, s_rate);
    oracle_check(sums_estimate(&sums.time), expm1(l * w) / l, "S2: mean");
    oracle_check(sums_estimate(&sums.laplace),
                 (s_rate + l) * exp(-(s_rate + l) * w) / (s_rate + l * exp(-(s_rate + l) * w)),
                 "S2: Laplace transform");
    oracle_check(sums_estimate(&sums.in_time), q * (1 + l * (t - w)), "S3: done by t");
    oracle_check(sums_estimate(&sums.none), q, "S4: no interruption");
    oracle_check(sums_estimate(&sums.one), (1 - q) * q, "S4: one interruption");
    oracle_check(sums_estimate(&sums.hits), expm1(l * w), "S4: mean number of interruptions");
    oracle_check(batches_estimate(&sums.square),
                 (exp(2 * l * w) - 2 * l * w * exp(l * w) - 1) / (l * l), "S2: variance");
    stage_close(&s);
}

/* S5: a gang that loses everything is one machine of n times the hazard. */
static void test_gang_from_scratch(void)
{
    enum { WORLDS = 500000 };
    const double l = 0.05, w = 4, all = 3 * l;
    struct stage s;
    stage_open(&s, SCENARIO, &LUCK, NULL);
    const struct life life = {
        .hazard = l, .work = w, .tau = INFINITY, .kind = PROGRESS_RESTART, .machines = 3};
    struct scratch_sums sums;
    memset(&sums, 0, sizeof sums);
    play_from_scratch(&sums, &s, &life, WORLDS, 1.4 * w, all);
    oracle_check(sums_estimate(&sums.time), expm1(all * w) / all, "S5: a gang of 3 from scratch");
    stage_close(&s);
}

/* MR36: one checkpoint at the end that costs nothing is the same as none, in every world. */
static void test_checkpoint_of_all(void)
{
    const struct life none = {.hazard = 0.2,
                              .work = 5,
                              .rs = 0.1,
                              .tau = INFINITY,
                              .kind = PROGRESS_RESTART,
                              .machines = 1};
    const struct life last = {
        .hazard = 0.2, .work = 5, .rs = 0.1, .tau = 5, .kind = PROGRESS_CHECKPOINTS, .machines = 1};
    struct stage s;
    struct demand d;
    stage_open(&s, SCENARIO, &LUCK, NULL);
    for (size_t w = 0; w < 1000; w++) {
        const struct job_luck a = play(&s, job_under(&s, &none, &d), w);
        const struct job_luck b = play(&s, job_under(&s, &last, &d), w);
        if (a.finish_us != b.finish_us) gsl_test(1, "MR36: world %zu ends at another time", w);
    }
    gsl_test(0, "MR36: a checkpoint at the end changes no world");
    stage_close(&s);
}

/* S7: price per useful hour. */
static void test_cost(void)
{
    enum { WORLDS = 60000 };
    const double price = SPOT_PRICE;
    static const struct {
        const char *what;
        struct life life;
    } cases[] = {
        {"S7: spot with checkpoints",
         {.hazard = 0.25, .tau = 0.8, .ck = 0.06, .rs = 0.15, .work = 24, .machines = 1}},
        {"S7: spot that loses nothing but the restart",
         {.hazard = 0.25, .tau = 0, .rs = 0.3, .work = 24, .machines = 1}},
    };
    struct stage s;
    stage_open(&s, SCENARIO, &LUCK, NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct life l = cases[i].life;
        struct demand d;
        struct work_job *job = job_under(&s, &l, &d);
        struct sums cost = {0};
        for (size_t w = 0; w < WORLDS; w++) {
            struct job_luck luck = play(&s, job, w);
            micro_t bill[2 * N_COST_PARTS] = {0}, sum = 0;
            luck.as_planned = false;
            work_job_bill(bill, job, &luck, s.scratch);
            for (size_t k = 0; k < COUNT(bill); k++)
                if (k % N_COST_PARTS != COST_IDLE) sum += bill[k];
            sums_add(&cost, (double)sum / 1e6 / l.work);
        }
        const double useful = l.tau > 0 ? expm1(l.hazard * (l.tau + l.ck)) / (l.hazard * l.tau) : 1;
        oracle_check(sums_estimate(&cost), price * exp(l.hazard * l.rs) * useful, cases[i].what);
    }
    stage_close(&s);
}

/* S8: restart from scratch under Weibull lives: int_0^W G by the incomplete gamma function. */
static void test_weibull(void)
{
    enum { WORLDS = 500000 };
    const double shape = 0.58, l = 0.02, w = 6, dn = 0.4;
    const double scale = 1 / (l * tgamma(1 + 1 / shape)), x = pow(w / scale, shape);
    const double lived = scale / shape * gsl_sf_gamma(1 / shape) * gsl_sf_gamma_inc_P(1 / shape, x);
    const double survives = exp(-x);
    struct world_settings luck = LUCK;
    luck.life_model = "weibull";
    struct stage s;
    stage_open(&s, SCENARIO, &luck, NULL);
    const struct life life = {
        .hazard = l, .work = w, .dn = dn, .tau = INFINITY, .kind = PROGRESS_RESTART, .machines = 1};
    struct demand d;
    struct work_job *job = job_under(&s, &life, &d);
    struct sums time = {0};
    for (size_t i = 0; i < WORLDS; i++) sums_add(&time, hours(play(&s, job, i).finish_us));
    oracle_check(sums_estimate(&time), (lived + (1 - survives) * dn) / survives,
                 "S8: restart under Weibull lives");
    stage_close(&s);
}

/* S9: on-demand from the first reclaim on. */
static void test_spot_then_on_demand(void)
{
    enum { WORLDS = 800000 };
    const double l = 0.1, w = 8, spot = SPOT_PRICE, paid = 10.37, a = -expm1(-l * w) / l;
    static const struct {
        const char *what;
        enum progress_kind kind;
    } cases[] = {{"S9: progress kept", PROGRESS_FIXED_LOSS},
                 {"S9: progress lost", PROGRESS_RESTART}};
    struct stage s;
    stage_open(&s, SCENARIO, &LUCK, policy_find("on_demand"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct life life = {
            .hazard = l, .work = w, .tau = INFINITY, .kind = cases[i].kind, .machines = 1};
        struct demand d;
        struct work_job *job = job_under(&s, &life, &d);
        struct terms *t = &job->terms[job->on_demand];
        t->rs_us = 0;
        t->kept_frac = t->rate = 1;
        struct sums cost = {0};
        for (size_t k = 0; k < WORLDS; k++) {
            struct job_luck luck = play(&s, job, k);
            micro_t bill[2 * N_COST_PARTS] = {0}, sum = 0;
            luck.as_planned = false;
            work_job_bill(bill, job, &luck, s.scratch);
            for (size_t j = 0; j < COUNT(bill); j++) sum += bill[j];
            sums_add(&cost, (double)sum / 1e6);
        }
        const double rest = cases[i].kind == PROGRESS_RESTART ? w * -expm1(-l * w) : w - a;
        oracle_check(sums_estimate(&cost), spot * a + paid * rest, cases[i].what);
    }
    stage_close(&s);
}

int main(void)
{
    test_checkpoints();
    test_restart_from_scratch();
    test_gang_from_scratch();
    test_checkpoint_of_all();
    test_cost();
    test_weibull();
    test_spot_then_on_demand();
    return gsl_test_summary();
}
