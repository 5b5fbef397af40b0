/* Rules of batch work in a world: start-up times that differ, the notice of a reclaim, quotas and stock beyond the plan, and bills by
 * runs that agree with the plan's lines. */
#include "tests/sim/oracle_work.h"
#include "tests/sim/trial.h"

static const struct world_settings LUCK = {
    .seed = 20261123, .price_model = "fixed", .own_reclaims_only = true};

static double hours(int64_t us)
{
    return (double)us / (double)US_PER_H;
}

static struct job_luck play(struct stage *s, const struct work_job *job, size_t world)
{
    struct job_luck luck;
    world_start(s->world, world);
    const bool closes = work_job_play(&luck, job, s->scratch);
    if (!closes || luck.unfinished)
        gsl_test(1, "world %zu: the time ledger closes and the job is done", world);
    return luck;
}

/* S1 with restarts of a gamma law, drawn anew each time and interruptible: e^(lR) becomes 1 / E e^(-lR). */
static void test_restarts_that_differ(void)
{
    enum { WORLDS = 60000 };
    static const double cvs[] = {0, 0.5, 1, 2};
    const struct life life = {
        .hazard = 0.3, .tau = 1, .ck = 0.1, .rs = 0.4, .work = 12, .machines = 1};
    struct stage s;
    stage_open(&s, GANG, &LUCK, NULL);
    for (size_t i = 0; i < COUNT(cvs); i++) {
        char what[80];
        struct demand d;
        struct work_job *job = job_under(&s, &life, &d);
        s.scenario.workloads[0].restart.base = life.rs;
        s.scenario.workloads[0].restart_cv = cvs[i];
        struct sums time = {0};
        for (size_t w = 0; w < WORLDS; w++) sums_add(&time, hours(play(&s, job, w).finish_us));
        const double v = cvs[i] * cvs[i], x = life.hazard * life.rs;
        const double restarts = v > 0 ? pow(1 + v * x, 1 / v) : exp(x);
        snprintf(what, sizeof what, "S1: restarts with cv %g", cvs[i]);
        oracle_check(sums_estimate(&time),
                     12 * restarts / life.hazard * expm1(life.hazard * (life.tau + life.ck)), what);
    }
    stage_close(&s);
}

/* The slowest of n machines that boot together: S16 for cv 1. */
static void test_slowest_start(void)
{
    enum { DRAWS = 900000, N = 6 };
    struct stage s;
    stage_open(&s, GANG, &LUCK, NULL);
    const struct boot boot = {.mean_h = 0.25, .cv = 1, .key = 77};
    struct sums slowest = {0}, one = {0};
    double expected = 0;
    for (int k = 1; k <= N; k++) expected += boot.mean_h / k;
    for (size_t w = 0; w < DRAWS; w++) {
        world_start(s.world, w);
        sums_add(&slowest, hours(boot_us(s.world, &boot, 3, 0, N)));
        sums_add(&one, hours(boot_us(s.world, &boot, 3, 1, 1)));
    }
    oracle_check(sums_estimate(&slowest), expected, "S16: the slowest of six starts");
    oracle_check_half(sums_estimate(&one), boot.mean_h, "one start");
    stage_close(&s);
}

/* Starts that take longer than planned make a job of on-demand machines later by that much; those that take less do not make it
 * earlier: machines are ordered as planned. */
static void test_planned_starts(void)
{
    const char *const set[] = {"workloads.job.purchase=[on_demand]",
                               "workloads.job.interruption.restart={low: 6min, base: 30min, high: "
                               "2h}",
                               NULL};
    const struct run_settings settings = {.runs = 400, .worlds = {.seed = 3}};
    struct trial t;
    trial_open(&t, GANG, set, &settings);
    const double planned = hours(t.plan.demands->items[0].release_us) + 20;
    size_t later = 0, on_time = 0;
    for (size_t w = 0; w < t.outcomes.n; w++) {
        const struct workload_outcome *o = &t.outcomes.workloads[w];
        const double late = hours(o->finish_us) - planned;
        const double more = (double)(t.outcomes.total[w] - t.plan.cost) / 1e6 / 10.37;
        later += late > 1e-6;
        on_time += late < 1e-6;
        gsl_test(!(late > -1e-6 && late <= 1.5), "world %zu ends %g h later", w, late);
        gsl_test_abs(more, fmax(0, late), 1e-3, "world %zu pays for the time it boots", w);
    }
    gsl_test(!(later > 40 && on_time > 40), "%zu worlds end later, %zu on time", later, on_time);
    trial_close(&t);
}

/* A last checkpoint within the notice: of each reclaim at most the writing is lost, and the job never ends later. */
static void test_last_checkpoint(void)
{
    struct life life = {.hazard = 0.3, .tau = 2, .ck = 0.05, .work = 24, .machines = 2};
    struct stage s;
    stage_open(&s, GANG, &LUCK, NULL);
    struct sums before = {0}, after = {0};
    for (size_t w = 0; w < 3000; w++) {
        struct demand d;
        struct work_job *job = job_under(&s, &life, &d);
        const struct job_luck plain = play(&s, job, w);
        job->terms[job->on_spot].notice_us = us_of(1.0 / 12);
        const struct job_luck used = play(&s, job, w);
        const int64_t most = used.interruptions * us_of(life.ck) * life.machines;
        sums_add(&before, hours(plain.time.lost));
        sums_add(&after, hours(used.time.lost));
        if (used.time.lost > most || used.finish_us > plain.finish_us)
            gsl_test(1, "world %zu: %g h lost by %d reclaims, ends at %g h instead of %g", w,
                     hours(used.time.lost), used.interruptions, hours(used.finish_us),
                     hours(plain.finish_us));
        /* Too slow for the notice: it changes nothing. */
        life.ck = 0.1;
        job = job_under(&s, &life, &d);
        const struct job_luck slow = play(&s, job, w);
        job->terms[job->on_spot].notice_us = us_of(1.0 / 12);
        const struct job_luck slow_used = play(&s, job, w);
        life.ck = 0.05;
        if (slow.finish_us != slow_used.finish_us)
            gsl_test(1, "world %zu: a checkpoint of 6 min does not fit into the notice", w);
    }
    gsl_test(!(after.x < 0.1 * before.x), "lost with notice: %g h, without: %g h",
             after.x / after.n, before.x / before.n);
    stage_close(&s);
}

/* Handed over: a restart shorter than the notice takes no time of the clock, and is paid; S7 becomes p (1 + l R). */
static void test_hand_over(void)
{
    enum { WORLDS = 6000 };
    const struct life life = {.hazard = 0.25, .tau = 0, .rs = 0.05, .work = 24, .machines = 1};
    struct stage s;
    struct demand d;
    stage_open(&s, GANG, &LUCK, NULL);
    struct work_job *job = job_under(&s, &life, &d);
    job->terms[job->on_spot].notice_us = us_of(1.0 / 12);
    struct sums paid = {0}, finish = {0};
    for (size_t w = 0; w < WORLDS; w++) {
        const struct job_luck luck = play(&s, job, w);
        sums_add(&paid, hours(luck.time.paid - luck.time.idle) / life.work);
        sums_add(&finish, hours(luck.finish_us) / life.work);
        if (luck.time.useful + luck.time.restart + luck.time.idle != luck.time.paid)
            gsl_test(1, "world %zu: paid time is useful or a restart", w);
    }
    oracle_check(sums_estimate(&paid), 1 + life.hazard * life.rs, "S7 handed over");
    gsl_test_abs(finish.x / finish.n, 1, 2e-4, "the clock runs on: %g", finish.x / finish.n);
    stage_close(&s);
}

/* --- quotas and stock --- */

/* On-demand machines that the plan has no need of, of which there are too few for the gang: no world holds any, and some are late. */
static void test_stock_of_the_way_out(void)
{
    static const char *const stocks[] = {"stock={t.two: 3}", "stock={t.two: 4}"};
    double on_demand[2] = {0};
    size_t late[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        const char *const set[] = {"catalog.instances=[tests/sim/data/jobs/instances-two.csv]",
                                   "catalog.prices=[tests/sim/data/jobs/prices-out.csv]",
                                   "workloads.job.resources.workers=4",
                                   "workloads.job.work.gpu_hours=160",
                                   "workloads.job.window.deadline=48h",
                                   "workloads.job.spot.hazard_per_h=0.05",
                                   stocks[i],
                                   NULL};
        const struct run_settings settings = {.runs = 400, .worlds = {.seed = 6}};
        struct trial t;
        trial_open(&t, GANG, set, &settings);
        for (size_t w = 0; w < t.outcomes.n; w++) {
            on_demand[i] += (double)t.outcomes.workloads[w].part[COST_ON_DEMAND];
            late[i] += t.outcomes.workloads[w].missed;
        }
        trial_close(&t);
    }
    gsl_test(on_demand[0] > 0, "3 in stock: a gang of 4 never runs on demand");
    gsl_test(!(on_demand[1] > 0), "4 in stock: it does");
    gsl_test(!(late[0] > late[1]), "late in %zu worlds with 3 in stock, in %zu with 4", late[0],
             late[1]);
}

/* What a limit leaves: planned use taken off while it lasts, stock over time as it is. */
static void test_rooms(void)
{
    const char *const set[] = {"quota={A10-24GB: 40, A10-24GB@cn-hand-a: 39}",
                               "stock.from_csv=tests/sim/data/jobs/stock.csv", NULL};
    struct trial t;
    trial_open(&t, MIXED, set, &(struct run_settings){.runs = 1});
    const struct rooms rooms = rooms_make(&t.plan, t.arena);
    gsl_test(rooms.n != 3, "two quotas and one stock: %zu", rooms.n);
    size_t differ = 0;
    for (size_t h = 0; h < 480 && rooms.n == 3; h++) {
        const int64_t us = (int64_t)h * US_PER_H + 17;
        double used = 0;
        for (size_t i = 0; i < t.plan.n_stretches; i++) {
            const struct stretch *x = &t.plan.stretches[i];
            if (x->from_us <= us && us < x->to_us) used += (double)x->machines;
        }
        const double stock = h < 48 ? HUGE_VAL : h < 240 ? 33 : 38;
        differ += room_least(&rooms.items[0], us, us + 1, NULL, NULL) != 40 - used;
        differ += room_least(&rooms.items[1], us, us + 1, NULL, NULL) != 39 - used;
        differ += room_least(&rooms.items[2], us, us + 1, NULL, NULL) != stock - used;
    }
    gsl_test(differ != 0, "%zu hours have another room", differ);
    const double early = room_least(&rooms.items[0], 0, US_PER_H, NULL, NULL);
    gsl_test(!(room_least(&rooms.items[0], 0, 480 * US_PER_H, NULL, NULL) <= early),
             "the least of a time is that of any part of it");
    trial_close(&t);
}

/* --- bills --- */

/* All jobs played without luck: what their runs cost is what the plan says they cost, to the micro-unit of each line. */
static void check_runs_cost_the_plan(const char *path, const char *const *set)
{
    const struct run_settings settings = {
        .runs = 1, .worlds = {.price_model = "fixed", .steady_amounts = true, .no_reclaims = true}};
    struct trial t;
    trial_open(&t, path, set, &settings);
    struct world_model model;
    struct work_play work = {.n_jobs = 0};
    enum err e = world_model_make(&model, &t.plan, &settings.worlds, t.arena, &t.diag);
    if (e == OK) e = work_prepare(&work, &model, NULL, 1, t.arena, &t.diag);
    gsl_test(e != OK || work.n_jobs == 0, "%s: there is batch work", path);
    struct world *w = world_new(&model, t.arena);
    struct work_scratch *s = work_scratch_new(&work, w, t.arena);
    size_t apart = 0;
    for (size_t i = 0; e == OK && i < work.n_jobs; i++) {
        const size_t n = work.n_months * N_COST_PARTS;
        micro_t *planned = ARENA_NEW(t.arena, micro_t, n), *run = ARENA_NEW(t.arena, micro_t, n);
        struct job_luck luck;
        world_start(w, 0);
        work_job_play(&luck, &work.jobs[i], s);
        gsl_test(!luck.as_planned, "%s: %s goes as planned", path, work.jobs[i].d->name);
        work_job_bill(planned, &work.jobs[i], &luck, s);
        luck.as_planned = false;
        work_job_bill(run, &work.jobs[i], &luck, s);
        micro_t lines = (micro_t)(work.jobs[i].n_bills + work.jobs[i].n_terms) + 2, sums[2] = {0};
        for (size_t k = 0; k < n; k++) {
            if (k % N_COST_PARTS == COST_LATE) continue;
            sums[0] += planned[k];
            sums[1] += run[k];
        }
        if (llabs(sums[0] - sums[1]) > 2 * lines) {
            apart++;
            if (getenv("ORACLE_VERBOSE"))
                for (size_t k = 0; k < n; k++)
                    if (planned[k] != run[k])
                        printf("%s, %s: %s %lld by the plan, %lld by its runs\n", path,
                               work.jobs[i].d->name, cost_part_name(k % N_COST_PARTS),
                               (long long)planned[k], (long long)run[k]);
        }
    }
    gsl_test(apart != 0, "%s: %zu of %zu jobs cost something else by their runs", path, apart,
             work.n_jobs);
    trial_close(&t);
}

static void test_runs_cost_the_plan(void)
{
    static const char *const files[] = {"scenarios/library/01-train-llm-spot.yaml",
                                        "scenarios/library/02-finetune-lora.yaml",
                                        "scenarios/library/04-inference-batch.yaml",
                                        "scenarios/library/06-render-farm.yaml",
                                        "scenarios/library/09-etl-cpu.yaml",
                                        "scenarios/library/12-cae-cluster.yaml",
                                        MIXED};
    const char *const calm[] = {"simulate.interruptions_per_day=0",
                                "workloads.*.spot.hazard_per_h=0", NULL};
    const char *const saving[] = {calm[0],
                                  calm[1],
                                  "budget.limit=¥60000",
                                  "workloads.*.purchase=[on_demand, savings_plan]",
                                  "commitments=[{savings_plan: ¥20/h, discount: 30%}]",
                                  NULL};
    for (size_t i = 0; i < COUNT(files); i++) check_runs_cost_the_plan(files[i], calm);
    check_runs_cost_the_plan(MIXED, saving);
    static const char *const steps[] = {"1s", "60s", "1h"};
    for (size_t i = 0; i < COUNT(steps); i++) {
        char prices[100];
        snprintf(prices, sizeof prices, "catalog.prices=[tests/solver/data/billing/prices-%s.csv]",
                 steps[i]);
        const char *const plain[] = {prices, NULL};
        const char *const plan[] = {prices, "workloads.job.purchase=[on_demand, savings_plan]",
                                    "commitments=[{savings_plan: ¥3/h, discount: 30%}]", NULL};
        check_runs_cost_the_plan("tests/solver/data/billing/work.yaml", plain);
        check_runs_cost_the_plan("tests/solver/data/billing/work.yaml", plan);
    }
}

int main(void)
{
    test_restarts_that_differ();
    test_slowest_start();
    test_planned_starts();
    test_last_checkpoint();
    test_hand_over();
    test_stock_of_the_way_out();
    test_rooms();
    test_runs_cost_the_plan();
    return gsl_test_summary();
}
