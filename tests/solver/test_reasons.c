/* Why machines are out, what clashes, which guesses a plan rests on and which limits of size it keeps: each text word by word. */
#include "solver/planner.h"
#include <gsl/gsl_test.h>
#include <string.h>

enum { MOST_SETTINGS = 6 };
#define DATA     "tests/solver/data/reasons/"
#define BASE     DATA "base.yaml"
#define SERVICES DATA "services.yaml"

struct said {
    const char *name, *set[MOST_SETTINGS];
    const char *text;
};

/* clang-format off */
static const struct said reasons[] = {
    {"a market that is not asked for", {"workloads.job.purchase=[on_demand]"}, "market not in purchase"},
    {"work that cannot be interrupted", {"workloads.job.interruption.tolerant=false"},
     "interruption.tolerant is false, so spot is out"},
    {"the first hour is asked for", {"workloads.job.spot.protection=hour"},
     "spot.protection asks for the protected first hour"},
    {"no protection is asked for", {"workloads.job.spot.protection=none"}, "spot.protection asks for no protection"},
    {"a price that is too high", {"workloads.job.spot.max_price=¥2/h"}, "the spot price is above spot.max_price"},
    {"a discount that is too small", {"workloads.job.spot.min_discount=80%"},
     "the spot discount is smaller than spot.min_discount"},
    {"nobody knows how often it is taken back", {NULL}, "no reclaim rate is known: give spot.hazard_per_h"},
    {"disks that no amount of money holds",
     {"storage={d: {class: essd-pl1, price: ¥999999999999.123457/GB-month}}",
      "workloads.job.storage=[{use: d, size: 100000TB}]"},
     "the price of its disks is too large"},
    {"a licence in yuan, machines in dollars",
     {"currency=USD", "catalog.builtin=true", "catalog.storage=[]", "catalog.prices=[tests/solver/data/reasons/dollars.csv]", "catalog.regions=[cn-hand]",
      "workloads.job.licence={name: vGPU virtual workstation, per: gpu}"},
     "the licence has no price in this currency: give licence.price or fx"},
    {"a gang above its quota",
     {"workloads.job.kind=training", "workloads.job.resources={workers: 6, gpu: [A10-24GB], gpus_per_worker: 1}",
      "quota={A10-24GB: 4}"},
     "the gang needs 6 at a time, quota.A10-24GB allows 4"},
    {"a gang above its savings plan",
     {"workloads.job.kind=training", "workloads.job.resources={workers: 6, gpu: [A10-24GB], gpus_per_worker: 1}",
      "commitments=[{savings_plan: ¥20/h, discount: 25%}]"},
     "the gang needs 46.665 at a time, commitments[0].savings_plan allows 20"},
    {"work that is lost faster than it is done",
     {"workloads.job.interruption.lost_per_hit=40h", "workloads.job.spot.protection=none",
      "workloads.job.spot.hazard_per_h=0.2"},
     "would in effect never finish: only 0.0% of a paid spot hour is useful"},
};

static const struct said clashes[] = {
    {"a share of a price that is not known", {"catalog.prices=[tests/solver/data/reasons/share.csv]"},
     "nothing is sold that workload job could use in the allowed regions and markets"},
    {"no machine that fits", {"workloads.job.resources.gpu_memory=25GB"},
     "nothing that is sold can run workload job; of 8 offers 6 are out because: GPU memory 24 GB, needs 25 GB"},
    {"several deadlines", {"workloads.job.work={from_csv: " DATA "jobs.csv, measured_on: A10-24GB}", "quota={A10-24GB: 20}"},
     "deadlines of the jobs of job"},
};

static const struct said assumptions[] = {
    {"a rate of the workload", {"workloads.job.spot.hazard_per_h=0.05"},
     "job: 1.2 reclaims per machine and day (spot.hazard_per_h)"},
    {"a rate of the simulation", {"simulate.interruptions_per_day=3"},
     "3 reclaims per spot machine and day (simulate.interruptions_per_day)"},
    {"the rate of the book", {"workloads.job.purchase=[spot]"}, "2.4 reclaims per spot machine and day (price book)"},
};

static const struct said findings[] = {
    {"a subscription without a price", {"commitments=[{subscription: t.four, count: 1}]"},
     "E3304: the price book has no subscription price for \"t.four\" in the allowed regions -> name the region, or give its "
     "price: catalog.overrides {\"t.four/subscription\": ¥.../month}"},
    {"an amount beyond 64 bits",
     {"catalog.overrides={t.one/on_demand: ¥200000000000/h, t.four/on_demand: ¥900000000000/h}",
      "workloads.job.purchase=[on_demand]"},
     "E5004: an amount of \"machine-h\" does not fit into 64 bits -> "},
    {"too many placements of datasets",
     {"workloads.job.storage=[{use: a, size: 1GB}, {use: b, size: 1GB}, {use: c, size: 1GB}, {use: d, size: 1GB}, {use: e, size: 1GB}, {use: f, size: 1GB}, {use: g, size: 1GB}, {use: h, size: 1GB}, {use: i, size: 1GB}, {use: j, size: 1GB}, {use: k, size: 1GB}, {use: l, size: 1GB}, {use: m, size: 1GB}]",
      "storage={a: {classes: [essd-pl1, oss-standard]}, b: {classes: [essd-pl1, oss-standard]}, c: {classes: [essd-pl1, oss-standard]}, d: {classes: [essd-pl1, oss-standard]}, e: {classes: [essd-pl1, oss-standard]}, f: {classes: [essd-pl1, oss-standard]}, g: {classes: [essd-pl1, oss-standard]}, h: {classes: [essd-pl1, oss-standard]}, i: {classes: [essd-pl1, oss-standard]}, j: {classes: [essd-pl1, oss-standard]}, k: {classes: [essd-pl1, oss-standard]}, l: {classes: [essd-pl1, oss-standard]}, m: {classes: [essd-pl1, oss-standard]}}"},
     "E5002: workload \"job\" has more than 4096 ways to place its datasets -> fix the class or the region of some of them "
     "under storage"},
};
/* Of services.yaml. */
static const struct said service_clashes[] = {
    {"services without machines", {"quota={A10-24GB: 0}"},
     "web: 100.0% of the load of 2026-12-01 00:00 finds no machines"},
};

static const struct said service_reasons[] = {
    {"a limit of latency that holds only where nothing comes", /* 150 ms x ln 100, short of it by a rounding */
     {"workloads.web.service.cv=1", "workloads.web.latency.p99=690.7755278978ms"},
     "no number of these machines keeps the targets"},
};

static const struct said warnings[] = {
    {"a savings plan of which most is owed later",
     {"catalog.prices=[tests/solver/data/reasons/savings.csv]", "workloads.job.purchase=[on_demand, savings_plan]",
      "workloads.job.work.gpu_hours=72", "workloads.job.resources.max_workers=3", "workloads.job.window.deadline=24h"},
     "E4101: a savings plan of 18.7500 an hour: its year outlives the horizon, 163800.00 are paid after it -> plan for the "
     "whole term, or leave savings_plan out of purchase"},
};
/* clang-format on */

struct run {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct price_book *book;
    struct plan plan;
    enum err code;
};

static void solve(struct run *r, const struct said *c, const char *file,
                  const struct plan_settings *settings)
{
    *r = (struct run){.arena = arena_new()};
    r->diag.arena = r->arena;
    size_t n = 0;
    while (n < MOST_SETTINGS && c->set[n]) n++;
    const char **own = ARENA_NEW(r->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) own[i] = c->set[i];
    const struct scenario_options options = {.n_set = n, .set = own};
    moment_t today = 0;
    moment_parse(&today, "2026-11-22");
    r->code = scenario_load(&r->scenario, file, &options, r->arena, &r->diag);
    if (r->code == OK)
        r->code = price_book_load(&r->book, &r->scenario.catalog, today, -1, r->arena, &r->diag);
    if (r->code == OK)
        r->code = plan_solve(&r->plan, &r->scenario, r->book, settings, r->arena, &r->diag);
}

/* Every text of one sort, so that a failure shows what was said instead. */
static void expect_said(const struct run *r, const char *const *texts, size_t n,
                        const struct said *c)
{
    bool found = false;
    const char *all = "";
    for (size_t i = 0; i < n; i++) {
        found = found || strcmp(texts[i], c->text) == 0;
        all = arena_printf(r->arena, "%s\n  %s", all, texts[i]);
    }
    gsl_test(!found, "%s: \"%s\" is said, code %s:%s", c->name, c->text, err_code(r->code), all);
}

static void test_reason(const struct said *c, const char *file)
{
    struct run r;
    solve(&r, c, file, &PLAN_SETTINGS);
    const char **texts = ARENA_NEW(r.arena, const char *, r.plan.n_candidates + 1);
    size_t n = 0;
    for (size_t i = 0; i < r.plan.n_candidates; i++)
        if (!r.plan.candidates[i].usable) texts[n++] = r.plan.candidates[i].reason;
    expect_said(&r, texts, n, c);
    arena_free(r.arena);
}

static void test_clash(const struct said *c, const char *file)
{
    struct run r;
    solve(&r, c, file, &PLAN_SETTINGS);
    const char **texts = ARENA_NEW(r.arena, const char *, r.plan.n_conflicts + 1);
    for (size_t i = 0; i < r.plan.n_conflicts; i++) texts[i] = r.plan.conflicts[i].what;
    gsl_test_int((int)r.plan.status, PLAN_INFEASIBLE, "%s: no plan", c->name);
    expect_said(&r, texts, r.plan.n_conflicts, c);
    arena_free(r.arena);
}

static void test_assumption(const struct said *c)
{
    struct run r;
    solve(&r, c, BASE, &PLAN_SETTINGS);
    expect_said(&r, r.plan.assumptions.items, r.plan.assumptions.n, c);
    arena_free(r.arena);
}

static void expect_finding(struct run *r, const struct said *c, bool is_error)
{
    const char **texts = NULL;
    size_t n = 0;
    for (const struct finding *f = r->diag.first; f; f = f->next)
        *ARENA_PUSH(r->arena, texts, n) = arena_printf(r->arena, "%s: %s -> %s", err_code(f->code),
                                                       f->what, f->fix ? f->fix : "");
    gsl_test((r->code != OK) != is_error, "%s: is refused, or not", c->name);
    expect_said(r, texts, n, c);
    arena_free(r->arena);
}

static void test_finding(const struct said *c, bool is_error)
{
    struct run r;
    solve(&r, c, BASE, &PLAN_SETTINGS);
    expect_finding(&r, c, is_error);
}

/* The limit of columns itself would take gigabytes: a smaller one stands in for it. */
static void test_columns(void)
{
    static const struct said few = {
        "more columns than allowed",
        {"workloads.job.work={from_csv: " DATA "jobs.csv, measured_on: A10-24GB}"},
        "E5003: the linear program would have up to 3 columns; 1 is the most -> use a longer "
        "horizon.step, fewer regions in catalog.regions, or merge jobs"};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.most_columns = 1;
    struct run r;
    solve(&r, &few, BASE, &settings);
    expect_finding(&r, &few, true);
}

/* Where a deadline must hold with confidence, spot may count for nothing. */
static void test_confidence(void)
{
    static const struct said missed = {"spot that misses its deadline",
                                       {NULL},
                                       "spot would miss the deadline more often than asked for"};
    static const double nothing[] = {0};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.spot_gamma = nothing;
    struct run r;
    solve(&r, &missed, BASE, &settings);
    const char **texts = ARENA_NEW(r.arena, const char *, r.plan.n_candidates + 1);
    size_t n = 0;
    for (size_t i = 0; i < r.plan.n_candidates; i++)
        if (!r.plan.candidates[i].usable) texts[n++] = r.plan.candidates[i].reason;
    expect_said(&r, texts, n, &missed);
    arena_free(r.arena);
}

/* A promise that only spot stands for: without it there is a plan. */
static void test_promise(void)
{
    static const struct said left = {"a promise that cannot be kept",
                                     {"workloads.job.purchase=[spot]",
                                      "workloads.job.spot.hazard_per_h=0.05",
                                      "workloads.job.window.confidence=99%", NULL},
                                     "leave it out"};
    static const double nothing[] = {0};
    struct plan_settings settings = PLAN_SETTINGS;
    settings.spot_gamma = nothing;
    struct run r;
    solve(&r, &left, BASE, &settings);
    const char **texts = ARENA_NEW(r.arena, const char *, r.plan.n_conflicts + 1);
    size_t n = 0;
    for (size_t i = 0; i < r.plan.n_conflicts; i++)
        if (r.plan.conflicts[i].key && strstr(r.plan.conflicts[i].key, "confidence"))
            texts[n++] = r.plan.conflicts[i].change ? r.plan.conflicts[i].change : "";
    gsl_test_int((int)r.plan.status, PLAN_INFEASIBLE, "%s: no plan", left.name);
    expect_said(&r, texts, n, &left);
    arena_free(r.arena);
}

/* No plan is known that costs less than its bound; what is said when a fault of ours makes one. */
static void test_bound(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct plan plan = {.cost = 1037250000};
    struct planner p = {.plan = &plan,
                        .settings = &PLAN_SETTINGS,
                        .arena = a,
                        .diag = &d,
                        .relaxed = {.bound = 1037.5}};
    gsl_test_int((int)tell(&p), ERR_INTERNAL, "a plan below its bound");
    gsl_test_str(d.first ? d.first->what : "",
                 "the plan costs 1037.250000, less than its proven lower bound 1037.500000",
                 "a plan below its bound");
    arena_free(a);
}

/* The same for a bill that differs from the objective function by more than the rounding of its lines: 3 lines, 2.385 million. */
static void test_bill(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    const struct plan plan = {.cost = INT64_C(2385000000000), .n_ledger = 3};
    const double allowed = 2385000 * 1e-9 + 4 * 0.5e-6;
    gsl_test_int((int)ledger_check(&plan, 2385000 + 0.99 * allowed, &d), OK, "rounding up");
    gsl_test_int((int)ledger_check(&plan, 2385000 - 0.99 * allowed, &d), OK, "rounding down");
    gsl_test(d.first != NULL, "nothing to say");
    gsl_test_int((int)ledger_check(&plan, 2385000 + 1.01 * allowed, &d), ERR_INTERNAL, "too high");
    gsl_test_str(d.first ? d.first->what : "",
                 "the ledger says 2385000.000000 where the objective function says 2385000.002411",
                 "too high");
    gsl_test_int((int)ledger_check(&plan, 2385000 - 1.01 * allowed, &d), ERR_INTERNAL, "too low");
    arena_free(a);
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

int main(void)
{
    for (size_t i = 0; i < COUNT(reasons); i++) test_reason(&reasons[i], BASE);
    for (size_t i = 0; i < COUNT(clashes); i++) test_clash(&clashes[i], BASE);
    for (size_t i = 0; i < COUNT(service_reasons); i++) test_reason(&service_reasons[i], SERVICES);
    for (size_t i = 0; i < COUNT(service_clashes); i++) test_clash(&service_clashes[i], SERVICES);
    for (size_t i = 0; i < COUNT(assumptions); i++) test_assumption(&assumptions[i]);
    for (size_t i = 0; i < COUNT(warnings); i++) test_finding(&warnings[i], false);
    for (size_t i = 0; i < COUNT(findings); i++) test_finding(&findings[i], true);
    test_columns();
    test_confidence();
    test_promise();
    test_bound();
    test_bill();
    return gsl_test_summary();
}
