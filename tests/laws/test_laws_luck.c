/* Laws of luck, on whole runs of scenarios: MR18 and MR20 to MR29 and MR34 to MR36 of simulated plans. */
#include "report/simulation.h"
#include "tests/laws/law.h"
#include "tests/sim/oracle.h"
#include "tests/sim/trial.h"

#include <errno.h>
#include <glob.h>
#include <signal.h>
#include <sys/time.h>

#define CHAT "tests/sim/data/service/service.yaml"

static const char *const SERVICE_ON_SPOT[] = {
    "workloads.chat.purchase=[autoscaled, spot]", "workloads.chat.interruption.tolerant=true",
    "workloads.chat.spot_max_share=60%",          "workloads.chat.load.burst=1.5",
    "simulate.interruptions_per_day=6",           NULL};

/* What laws are tried on: batch work and a service where much is random. */
static const struct subject {
    const char *path;
    const char *const *set;
} SUBJECTS[] = {{MIXED, NULL}, {GANG, NULL}, {CHAT, SERVICE_ON_SPOT}};

/* --- MR18: prices that are none --- */

/* The price file gets one more row, like its first but for the price. Refused: there is no book, so no plan that is cheaper. */
static enum err with_bad_row(const struct problem *p, const char *price)
{
    struct solved s = {.arena = arena_new()};
    const struct text folder = folder_make();
    s.diag.arena = s.arena;
    const struct text path = problem_write(p, &(const struct style){0}, folder.at);
    FILE *out = fopen(text_of("%s/prices.csv", folder.at).at, "a");
    if (!out) exit(1);
    fprintf(out, "%s,%s,,on_demand,%s,CNY,h,2026-11-01,test,quoted,,made up\n", p->types[0].name,
            p->regions[0], price);
    fclose(out);
    s.code = solve_with(&s, path.at, &(const struct scenario_options){0});
    const enum err code = s.code;
    folder_remove(folder.at);
    solved_free(&s);
    return code;
}

static enum verdict bad_prices_are_refused(const struct problem *p)
{
    static const char *const bad[] = {"",     "NaN",   "nan",      "-1",   "-0.01", "inf",
                                      "-inf", "1e400", "\"3,45\"", "0x10", "free",  "0"};
    for (size_t i = 0; i < COUNT(bad); i++)
        if (with_bad_row(p, bad[i]) == OK) return broken(p, "a price of \"%s\" is taken", bad[i]);
    return HOLDS;
}

/* A good row is taken, so that it is the price that is refused. */
static enum verdict good_prices_are_taken(const struct problem *p)
{
    const struct solved plain = solve_plainly(p);
    const enum err code = plain.code;
    struct solved done = plain;
    solved_free(&done);
    if (code != OK) return NO_MATTER;
    struct problem q = *p;
    REMOVE(q.prices, q.n_prices, 0);
    for (int i = q.n_prices; i-- > 0;)
        if (q.prices[i].way == WAY_ON_DEMAND && q.prices[i].type == 0 && q.prices[i].region == 0)
            REMOVE(q.prices, q.n_prices, i);
    return with_bad_row(&q, "123.45") == OK ? HOLDS : broken(p, "a price of 123.45 is refused");
}

static void test_bad_prices(void)
{
    static const struct law laws[] = {
        {"MR18: no price, no number, a negative price", bad_prices_are_refused, F_ALL, 25},
        {"MR18: the same row with a price", good_prices_are_taken, F_ALL, 15},
    };
    for (size_t i = 0; i < COUNT(laws); i++) law_run(&laws[i]);
}

/* --- MR20: spot that is never taken --- */

/* Spot at the price of on-demand, never taken: plan and worlds cost the same. */
static void test_spot_as_on_demand(void)
{
    static const char *const purchases[] = {"workloads.job.purchase=[on_demand]",
                                            "workloads.job.purchase=[spot]"};
    struct trial t[2];
    for (size_t i = 0; i < 2; i++) {
        const char *const set[] = {purchases[i], "workloads.job.spot.hazard_per_h=0",
                                   "workloads.job.spot.protection=hour",
                                   "catalog.overrides={t.one/spot: ¥10.37/h}", NULL};
        const struct run_settings settings = {.runs = 50,
                                              .worlds = {.seed = 4, .price_model = "fixed"}};
        trial_open(&t[i], GANG, set, &settings);
    }
    gsl_test(t[0].plan.cost != t[1].plan.cost, "MR20: plans cost %lld and %lld",
             (long long)t[0].plan.cost, (long long)t[1].plan.cost);
    gsl_test(memcmp(t[0].outcomes.total, t[1].outcomes.total, 50 * sizeof(micro_t)) != 0,
             "MR20: worlds of spot that is never taken cost what on-demand costs");
    for (size_t i = 0; i < 2; i++) trial_close(&t[i]);
}

/* --- MR21: more reclaims --- */

/* A longer job meets more reclaims: of the job that needs them all, no world has fewer, and it ends later on average. */
static void test_more_reclaims(void)
{
    enum { RATES = 4, WORLDS = 4000 };
    static const char *const rates[RATES] = {"0.02", "0.05", "0.06", "0.15"};
    struct trial t[RATES];
    double mean[RATES];
    for (size_t i = 0; i < RATES; i++) {
        char hazard[80];
        snprintf(hazard, sizeof hazard, "workloads.job.spot.hazard_per_h=%s", rates[i]);
        const char *const set[] = {"workloads.job.purchase=[spot]", hazard, NULL};
        const struct run_settings settings = {
            .runs = WORLDS,
            .worlds = {.seed = 21, .price_model = "fixed", .own_reclaims_only = true}};
        trial_open(&t[i], GANG, set, &settings);
        mean[i] = 0;
        for (size_t w = 0; w < t[i].outcomes.n; w++) {
            const struct workload_outcome *o = &t[i].outcomes.workloads[w];
            mean[i] += (double)o->finish_us / (double)US_PER_H / WORLDS;
            if (i > 0 && o->interruptions < t[i - 1].outcomes.workloads[w].interruptions)
                gsl_test(1, "MR21: world %zu: %d reclaims at %s an hour, %d at %s", w,
                         o->interruptions, rates[i], t[i - 1].outcomes.workloads[w].interruptions,
                         rates[i - 1]);
        }
        if (i > 0)
            gsl_test(!(mean[i] > mean[i - 1]), "MR21: ends after %.4f h at %s, %.4f h at %s",
                     mean[i], rates[i], mean[i - 1], rates[i - 1]);
    }
    for (size_t i = 0; i < RATES; i++) trial_close(&t[i]);
}

/* --- MR24: nothing is random --- */

static void check_no_luck(const char *path, const char *const *set)
{
    enum { WORLDS = 5 };
    const struct run_settings settings = {
        .runs = WORLDS,
        .worlds = {.price_model = "fixed", .steady_amounts = true, .no_reclaims = true}};
    struct trial t;
    trial_open(&t, path, set, &settings);
    gsl_test(t.code != OK || t.outcomes.n != WORLDS, "MR24: %s: five worlds", path);
    for (size_t w = 0; w < t.outcomes.n; w++)
        gsl_test(t.outcomes.total[w] != t.plan.cost,
                 "MR24: %s: world %zu costs %lld, the plan %lld", path, w,
                 (long long)t.outcomes.total[w], (long long)t.plan.cost);
    for (size_t k = 0; k < t.outcomes.n * t.outcomes.n_workloads; k++) {
        const struct workload_outcome *o = &t.outcomes.workloads[k];
        gsl_test(o->interruptions != 0, "MR24: %s: no interruptions", path);
        gsl_test(o->n_unfinished != 0, "MR24: %s: all is done", path);
    }
    trial_close(&t);
}

/* All scenarios of the library, and those of the tests: every world costs the plan to the micro-unit. Spot counts as never taken in
 * the plan too, or hours that are planned for reclaims would be given back. */
static void test_no_luck(void)
{
    const char *const set[] = {"simulate.interruptions_per_day=0",
                               "workloads.*.spot.hazard_per_h=0", NULL};
    const char *const service[] = {SERVICE_ON_SPOT[0], SERVICE_ON_SPOT[1], SERVICE_ON_SPOT[3],
                                   set[0], NULL};
    glob_t library = {0};
    gsl_test(glob("scenarios/library/*.yaml", 0, NULL, &library) != 0 || library.gl_pathc < 12,
             "MR24: the library has %zu scenarios", library.gl_pathc);
    for (size_t i = 0; i < library.gl_pathc; i++) check_no_luck(library.gl_pathv[i], set);
    globfree(&library);
    check_no_luck(MIXED, set);
    check_no_luck(GANG, set);
    check_no_luck(CHAT, service);
}

/* --- MR25, MR26, MR27: worlds depend on their number and on nothing else --- */

static void test_twice_as_many(void)
{
    for (size_t i = 0; i < COUNT(SUBJECTS); i++) {
        struct run_settings settings = {.runs = 150, .worlds = {.seed = 5}};
        struct trial few, many, later;
        trial_open(&few, SUBJECTS[i].path, SUBJECTS[i].set, &settings);
        settings.runs = 300;
        trial_open(&many, SUBJECTS[i].path, SUBJECTS[i].set, &settings);
        gsl_test(!same_outcomes(&few.outcomes, &many.outcomes, 150),
                 "MR25: %s: the first of twice as many", SUBJECTS[i].path);
        settings.first_world = 150;
        settings.runs = 150;
        trial_open(&later, SUBJECTS[i].path, SUBJECTS[i].set, &settings);
        gsl_test(memcmp(later.outcomes.total, &many.outcomes.total[150], 150 * sizeof(micro_t)),
                 "MR25: %s: those from 150 on are the same alone", SUBJECTS[i].path);
        trial_close(&later);
        settings.worlds.seed = 6;
        trial_open(&later, SUBJECTS[i].path, SUBJECTS[i].set, &settings);
        gsl_test(memcmp(later.outcomes.total, &many.outcomes.total[150], 150 * sizeof(micro_t)) ==
                     0,
                 "MR25: %s: another seed gives other worlds", SUBJECTS[i].path);
        trial_close(&later);
        trial_close(&many);
        trial_close(&few);
    }
}

/* Machines that nobody takes: of a kind that all could use at a hundred times the price, in every scenario. */
static void test_null_change(void)
{
    const char *const dear[] = {"catalog.instances=[tests/sim/data/jobs/instances-two.csv]",
                                "catalog.prices=[tests/sim/data/jobs/prices-two.csv]", NULL};
    const char *const own[] = {"catalog.instances=[tests/sim/data/jobs/instances.csv]",
                               "catalog.prices=[tests/sim/data/jobs/prices.csv]", NULL};
    for (size_t i = 0; i < COUNT(SUBJECTS); i++) {
        const char *with[2][MOST_SETTINGS + 1] = {{0}};
        for (size_t k = 0; k < 2; k++) {
            size_t n = 0;
            for (; SUBJECTS[i].set && SUBJECTS[i].set[n]; n++) with[k][n] = SUBJECTS[i].set[n];
            for (size_t x = 0; x < 2; x++) with[k][n++] = k ? dear[x] : own[x];
        }
        const struct run_settings settings = {.runs = 200, .worlds = {.seed = 5}};
        struct trial one, other;
        trial_open(&one, SUBJECTS[i].path, with[0], &settings);
        trial_open(&other, SUBJECTS[i].path, with[1], &settings);
        gsl_test(other.plan.n_offers <= one.plan.n_offers, "MR26: %s: there are more offers",
                 SUBJECTS[i].path);
        gsl_test(!same_outcomes(&one.outcomes, &other.outcomes, 200),
                 "MR26: %s: a machine that is never used makes no difference", SUBJECTS[i].path);
        trial_close(&one);
        trial_close(&other);
    }
}

static void test_threads(void)
{
    static const int threads[] = {2, 3, 7, 16, 64};
    for (size_t i = 0; i < COUNT(SUBJECTS); i++) {
        struct run_settings settings = {.runs = 300, .worlds = {.seed = 5}, .threads = 1};
        struct trial one, other;
        trial_open(&one, SUBJECTS[i].path, SUBJECTS[i].set, &settings);
        for (size_t k = 0; k < COUNT(threads); k++) {
            settings.threads = threads[k];
            trial_open(&other, SUBJECTS[i].path, SUBJECTS[i].set, &settings);
            gsl_test(!same_outcomes(&one.outcomes, &other.outcomes, 300),
                     "MR27: %s: %d threads give the same bytes", SUBJECTS[i].path, threads[k]);
            trial_close(&other);
        }
        trial_close(&one);
    }
}

/* Raised by an alarm clock, in the middle of a run. */
static volatile sig_atomic_t raised;

static void alarm_ring(int signal)
{
    raised = signal;
}

/* A run that was stopped, and one that goes on where it stopped, are the run that was not. */
static void test_stopped_and_resumed(void)
{
    enum { WORLDS = 60000 };
    const struct itimerval soon = {.it_value = {.tv_usec = 60000}};
    struct run_settings settings = {.runs = WORLDS, .worlds = {.seed = 5}, .stop = &raised};
    struct trial whole, begun, rest;
    raised = 0;
    trial_open(&begun, MIXED, NULL, &(struct run_settings){.runs = 1});
    trial_close(&begun);
    signal(SIGALRM, alarm_ring);
    setitimer(ITIMER_REAL, &soon, NULL);
    trial_open(&begun, MIXED, NULL, &settings);
    const size_t n = begun.outcomes.n;
    raised = 0;
    settings.runs = (long)n + 500;
    trial_open(&whole, MIXED, NULL, &settings);
    gsl_test(n >= WORLDS || !begun.outcomes.interrupted, "MR27: the run was stopped, at %zu", n);
    gsl_test(!same_outcomes(&begun.outcomes, &whole.outcomes, n), "MR27: %zu worlds are kept", n);
    settings.first_world = (long)n;
    settings.runs = 500;
    trial_open(&rest, MIXED, NULL, &settings);
    gsl_test(memcmp(rest.outcomes.total, &whole.outcomes.total[n], 500 * sizeof(micro_t)) != 0,
             "MR27: the others come where it goes on");
    trial_close(&rest);
    trial_close(&whole);
    trial_close(&begun);
}

/* --- MR35: prices that stay --- */

/* Worlds that differ in the rounding of sums only: some 1e-13 of each part. */
static void check_still(const struct outcomes *a, const struct outcomes *b, const char *file,
                        const char *process)
{
    long interruptions = 0;
    gsl_test(a->n != b->n, "MR35: %s, %s: as many worlds", file, process);
    for (size_t i = 0; i < a->n * a->n_workloads; i++) {
        const struct workload_outcome *x = &a->workloads[i], *y = &b->workloads[i];
        interruptions += x->interruptions;
        if (x->interruptions != y->interruptions || x->finish_us != y->finish_us ||
            x->missed != y->missed)
            gsl_test(1, "MR35: %s, %s: row %zu: not the same events", file, process, i);
        for (int k = 0; k < N_COST_PARTS; k++)
            if (llabs(x->part[k] - y->part[k]) > 2 + x->part[k] / 1000000000000)
                gsl_test(1, "MR35: %s, %s: row %zu: %s costs %lld and %lld", file, process, i,
                         cost_part_name(k), (long long)x->part[k], (long long)y->part[k]);
    }
    gsl_test(interruptions == 0, "MR35: %s, %s: machines are taken", file, process);
}

/* MR35: a price process that does not move gives what constant prices give, though it is drawn and added up hour by hour: every
 * event at its microsecond, and the same money but for the rounding of sums of hours. */
static void test_still_prices(void)
{
    static const struct price_noise still = {.revert_per_h = 0.006};
    static const struct {
        const char *name, *set;
        struct world_settings worlds;
    } processes[] = {
        {"variances of 0", NULL, {.seed = 5, .price_model = "model", .noise = &still}},
        {"a history of one price",
         "catalog.spot_history=[tests/sim/data/jobs/history-flat.csv]",
         {.seed = 5, .price_model = "history"}},
    };
    static const char *const files[] = {MIXED, GANG};
    for (size_t f = 0; f < COUNT(files); f++) {
        struct run_settings settings = {.runs = 300, .worlds = {.seed = 5, .price_model = "fixed"}};
        struct trial fixed, moving;
        trial_open(&fixed, files[f], NULL, &settings);
        for (size_t i = 0; i < COUNT(processes); i++) {
            const char *const set[] = {processes[i].set, NULL};
            settings.worlds = processes[i].worlds;
            trial_open(&moving, files[f], set, &settings);
            check_still(&fixed.outcomes, &moving.outcomes, files[f], processes[i].name);
            trial_close(&moving);
        }
        settings.worlds = (struct world_settings){.seed = 5, .price_model = "model"};
        trial_open(&moving, files[f], NULL, &settings);
        gsl_test(memcmp(fixed.outcomes.total, moving.outcomes.total, 300 * sizeof(micro_t)) == 0,
                 "MR35: %s: prices that move make a difference", files[f]);
        trial_close(&moving);
        trial_close(&fixed);
    }
}

/* --- MR28, MR29, MR34 --- */

/* MR28: with the same plan a later deadline is missed in no world in which the earlier one is kept. */
static void test_deadlines(void)
{
    static const char *const deadlines[] = {"workloads.job.window.deadline=24h",
                                            "workloads.job.window.deadline=25h",
                                            "workloads.job.window.deadline=29h"};
    const struct run_settings settings = {.runs = 1000, .worlds = {.seed = 5}};
    struct trial t[3];
    size_t missed[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        const char *const set[] = {"workloads.job.purchase=[spot]", deadlines[i], NULL};
        trial_open(&t[i], GANG, set, &settings);
        for (size_t w = 0; w < t[i].outcomes.n; w++) {
            missed[i] += t[i].outcomes.workloads[w].missed;
            if (i > 0 && t[i].outcomes.workloads[w].missed &&
                !t[i - 1].outcomes.workloads[w].missed)
                gsl_test(1, "MR28: world %zu misses %s, and not the earlier one", w, deadlines[i]);
        }
    }
    gsl_test(!(missed[0] > missed[1] && missed[1] > missed[2] && missed[2] > 0),
             "MR28: deadlines missed in %zu, %zu, %zu worlds", missed[0], missed[1], missed[2]);
    for (size_t i = 0; i < 3; i++) trial_close(&t[i]);
}

/* MR29, and what every summary must say. */
static void test_summary(void)
{
    const struct run_settings settings = {.runs = 1000, .worlds = {.seed = 8}};
    struct trial t;
    trial_open(&t, MIXED, NULL, &settings);
    struct simulation s;
    simulation_make(&s, &t.outcomes, t.arena);
    const struct spread *c = &s.cost;
    gsl_test(!(c->least <= c->p10 && c->p10 <= c->p50 && c->p50 <= c->p90 && c->p90 <= c->p95 &&
               c->p95 <= c->p99 && c->p99 <= c->most),
             "MR29: quantiles rise");
    gsl_test(!(c->p95 <= c->cvar95 && c->cvar95 <= c->most), "MR29: CVaR lies beyond the quantile");
    gsl_test(!(c->mean_interval.low < c->mean && c->mean < c->mean_interval.high),
             "MR29: the interval holds the mean");
    double parts = 0, workloads = s.nobody.mean;
    for (size_t i = 0; i < s.n_workloads; i++) {
        workloads += s.workloads[i].cost.mean;
        for (int k = 0; k < N_COST_PARTS; k++) parts += s.workloads[i].part[k].mean;
    }
    gsl_test_rel(workloads, c->mean, 1e-12, "workloads add up");
    gsl_test_rel(parts + s.nobody.mean, c->mean, 1e-12, "parts add up");
    gsl_test(s.over_budget.hits != 0 ||
                 strncmp(proportion_text(&s.over_budget, t.arena), "below", 5) != 0,
             "a budget that no world passes is not said to be passed in 0 %%");
    for (size_t w = 0; w < t.outcomes.n; w++) {
        micro_t sum = 0;
        for (size_t k = 0; k < t.outcomes.n_owners * t.outcomes.n_months; k++)
            sum += t.outcomes.by_owner[w * t.outcomes.n_owners * t.outcomes.n_months + k];
        if (sum != t.outcomes.total[w]) gsl_test(1, "owners and months add up in world %zu", w);
    }
    gsl_test(t.outcomes.n_owners != 3 || t.outcomes.owners[2] != NULL, "two owners and nobody");
    trial_close(&t);
}

/* MR34: on one trace coarser billing never costs less. */
static void test_billing_steps(void)
{
    static const char *const steps[] = {"1s", "60s", "1h"};
    const struct run_settings settings = {.runs = 200, .worlds = {.seed = 4}};
    struct trial t[3];
    for (size_t i = 0; i < 3; i++) {
        char prices[100];
        snprintf(prices, sizeof prices, "catalog.prices=[tests/solver/data/billing/prices-%s.csv]",
                 steps[i]);
        const char *const set[] = {
            prices, "workloads.job.work.gpu_hours={low: 4, base: 5.3, high: 9}", NULL};
        trial_open(&t[i], "tests/solver/data/billing/work.yaml", set, &settings);
        for (size_t w = 0; i > 0 && w < t[i].outcomes.n; w++)
            if (t[i].outcomes.total[w] < t[i - 1].outcomes.total[w])
                gsl_test(1, "MR34: world %zu is cheaper by %s than by %s", w, steps[i],
                         steps[i - 1]);
    }
    gsl_test(!(t[2].outcomes.total[0] > t[0].outcomes.total[0]),
             "MR34: hours cost more than seconds");
    for (size_t i = 0; i < 3; i++) trial_close(&t[i]);
}

/* --- MR36: one checkpoint, at the end, that costs nothing --- */

static void test_checkpoint_of_all(void)
{
    enum { WORLDS = 800000 };
    const double rate = 0.1, work_h = 10;
    static const char *const files[] = {GANG, "tests/sim/data/jobs/scratch.yaml"};
    static const char *const at_the_end = "workloads.job.interruption.checkpoint_every=10h";
    struct trial t[2];
    for (size_t i = 0; i < 2; i++) {
        const char *const set[] = {
            "workloads.job.work.gpu_hours=10", "workloads.job.spot.hazard_per_h=0.1",
            "workloads.job.purchase=[spot]", i == 0 ? at_the_end : NULL, NULL};
        const struct run_settings settings = {
            .runs = WORLDS,
            .worlds = {.seed = 36, .price_model = "fixed", .own_reclaims_only = true}};
        trial_open(&t[i], files[i], set, &settings);
    }
    double sum = 0, squares = 0;
    size_t apart = 0;
    for (size_t w = 0; w < t[0].outcomes.n; w++) {
        const int64_t finish_us = t[0].outcomes.workloads[w].finish_us;
        const double x = (double)finish_us / (double)US_PER_H;
        apart += llabs(finish_us - t[1].outcomes.workloads[w].finish_us) > 1; /* rounding */
        sum += x;
        squares += x * x;
    }
    gsl_test(apart != 0, "MR36: %zu worlds end at another microsecond", apart);
    oracle_check(plain_estimate(sum, squares, WORLDS), expm1(rate * work_h) / rate,
                 "MR36, S2: a checkpoint at the end is none");
    for (size_t i = 0; i < 2; i++) trial_close(&t[i]);
}

int main(void)
{
    test_bad_prices();
    test_spot_as_on_demand();
    test_more_reclaims();
    test_no_luck();
    test_twice_as_many();
    test_null_change();
    test_threads();
    test_stopped_and_resumed();
    test_still_prices();
    test_deadlines();
    test_summary();
    test_billing_steps();
    test_checkpoint_of_all();
    return gsl_test_summary();
}
