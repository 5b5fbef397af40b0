#include "solver/plan.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>

/* Plans whose cost is known by hand. Prices per machine-hour of the book in data/hand: t.one (1 GPU) 10.37 on demand,
 * 3.11 spot with its first hour
 * protected and 0.9 of that without, 3733.2 a month = 5.185; t.four (4 GPUs) 41.48 on demand. */
enum { MOST_SETTINGS = 8 };
#define RELATIVE 1e-9

static const struct by_hand {
    const char *what;
    const char *set[MOST_SETTINGS];
    enum plan_status status;
    double cost, bound; /* NAN: not checked */
} cases[] = {
    {"all on demand", {NULL}, PLAN_OPTIMAL, 1037, 1037},
    {"all on spot where no work is lost",
     {"workloads.job.purchase=[on_demand, spot]"},
     PLAN_OPTIMAL,
     0.9 * 311,
     0.9 * 311},
    {"a spot share of 40% splits the work",
     {"workloads.job.purchase=[on_demand, spot]", "workloads.job.spot_max_share=40%"},
     PLAN_OPTIMAL,
     0.36 * 311 + 0.6 * 1037,
     0.36 * 311 + 0.6 * 1037},
    {"a quota of five GPUs is just enough", {"quota={A10-24GB: 5}"}, PLAN_OPTIMAL, 1037, 1037},
    {"a quota of four GPUs is too small", {"quota={A10-24GB: 4}"}, PLAN_INFEASIBLE, NAN, NAN},
    {"stock of the cheap type sends the rest to the other",
     {"stock={t.one: 2}", "workloads.job.purchase=[spot, on_demand]"},
     PLAN_OPTIMAL,
     36 * 3.11 + 60 * 10.37,
     36 * 3.11 + 60 * 10.37},
    {"lost work makes spot hours shorter: price x exp(rate x loss)",
     {"workloads.job.purchase=[spot]", "workloads.job.interruption.lost_per_hit=30min",
      "workloads.job.spot.protection=none"},
     PLAN_OPTIMAL,
     NAN,
     100 * 0.9 * 3.11 * 1.0512710963760240397}, /* e^(0.1 x 0.5) */
    {"a start is paid on top of the bound",
     {"workloads.job.interruption.restart=6min"},
     PLAN_OPTIMAL,
     1037 + 5 * 0.1 * 10.37,
     1037},
    {"a node licence joins every machine-hour",
     {"workloads.job.licence={name: x, price: ¥1.25/h, per: node}"},
     PLAN_OPTIMAL,
     1037 + 100 * 1.25 / 4,
     NAN},
    {"a discount is taken off the list price once",
     {"catalog.discount=8%"},
     PLAN_OPTIMAL,
     1037 * 0.92,
     1037 * 0.92},
    {"late work: the plan pays the job, the bound its mean",
     {"quota={A10-24GB: 5}", "workloads.job.window.deadline=18h", "workloads.job.late_cost=¥7/h"},
     PLAN_OPTIMAL,
     1037 + 2 * 7,
     1037 + 0.05 * 1 * 7 + 0.05 * 2 * 7},
    {"a budget below the cost is no plan", {"budget={limit: ¥1036}"}, PLAN_INFEASIBLE, NAN, NAN},
    {"a budget just above the cost is kept",
     {"budget={limit: ¥1037.01}"},
     PLAN_OPTIMAL,
     1037,
     1037},
    {"a gang of three holds three machines",
     {"workloads.job.resources.workers=3", "workloads.job.window.deadline=24h",
      "workloads.job.work.gpu_hours=69"},
     PLAN_OPTIMAL,
     69 * 10.37,
     69 * 10.37},
    {"a gang that needs more hours than there are",
     {"workloads.job.resources.workers=3", "workloads.job.window.deadline=24h",
      "workloads.job.work.gpu_hours=73"},
     PLAN_INFEASIBLE,
     NAN,
     NAN},
    {"at most four workers at a time cannot do it",
     {"workloads.job.resources.max_workers=4"},
     PLAN_INFEASIBLE,
     NAN,
     NAN},
    {"five can", {"workloads.job.resources.max_workers=5"}, PLAN_OPTIMAL, 1037, 1037},
    {"machines of a subscription that exists cost the same used or not",
     {"commitments=[{subscription: t.one, region: cn-hand, count: 2}]"},
     PLAN_OPTIMAL,
     2 * 24 * 5.185 + 60 * 10.37,
     2 * 24 * 5.185 + 60 * 10.37},
    {"a savings plan buys pay-as-you-go use at its discount",
     {"commitments=[{savings_plan: ¥20.74/h, discount: 50%}]"},
     PLAN_OPTIMAL,
     24 * 20.74 + 20 * 10.37,
     24 * 20.74 + 20 * 10.37},
    {"subscription bought for part of the hours: the LP buys part of a machine",
     {"workloads.job.purchase=[on_demand, subscription]", "horizon.length=720h",
      "workloads.job.window.deadline=720h", "workloads.job.resources.workers=1",
      "workloads.job.work.gpu_hours=540"},
     PLAN_OPTIMAL,
     3733.2,
     540 * 5.185},
    {"below the break-even of 360 hours on demand is cheaper",
     {"workloads.job.purchase=[on_demand, subscription]", "horizon.length=720h",
      "workloads.job.window.deadline=720h", "workloads.job.resources.workers=1",
      "workloads.job.work.gpu_hours=350"},
     PLAN_OPTIMAL,
     350 * 10.37,
     350 * 5.185},
    {"the relaxation is the plan where that is asked for",
     {"integrality=none", "workloads.job.work.gpu_hours=101.7",
      "workloads.job.interruption.restart=6min"},
     PLAN_OPTIMAL,
     101.7 * 10.37,
     101.7 * 10.37},
    {"a dataset is paid for as long as it is kept",
     {"storage={d: {class: oss-standard}}",
      "workloads.job.storage=[{use: d, size: 720GB, keep: 30d}]"},
     PLAN_OPTIMAL,
     1037 + 720 * 0.12,
     1037 + 720 * 0.12},
    {"throughput is bought by capacity: 2 GB/s of cpfs-200 are 10,486 GiB",
     {"storage={d: {class: cpfs-200}}",
      "workloads.job.storage=[{use: d, size: 1TB, throughput: 2GB/s}]"},
     PLAN_OPTIMAL,
     1037 + 10486 * 1.4 / 30,
     1037 + 10485.76 * 1.4 / 30},
    {"the smallest size is paid",
     {"storage={d: {class: cpfs-200}}", "workloads.job.storage=[{use: d, size: 1TB}]"},
     PLAN_OPTIMAL,
     1037 + 3600 * 1.4 / 30,
     1037 + 3600 * 1.4 / 30},
    {"the cheaper class is chosen where both do",
     {"storage={d: {classes: [cpfs-200, oss-standard]}}",
      "workloads.job.storage=[{use: d, size: 720GB, keep: 30d}]"},
     PLAN_OPTIMAL,
     1037 + 720 * 0.12,
     1037 + 720 * 0.12},
    {"a gang of three needs three subscriptions where parts of two would do the hours",
     {"workloads.job.resources.workers=3", "workloads.job.purchase=[subscription]",
      "workloads.job.work.gpu_hours=30"},
     PLAN_OPTIMAL,
     3 * 24 * 5.185,
     1.5 * 24 * 5.185},
    {"a gang of three with a quota of three",
     {"workloads.job.resources.workers=3", "workloads.job.purchase=[subscription]",
      "workloads.job.work.gpu_hours=30", "quota={A10-24GB: 3}"},
     PLAN_OPTIMAL,
     3 * 24 * 5.185,
     1.5 * 24 * 5.185},
    {"a quota that the subscribed machines of a gang pass",
     {"workloads.job.resources.workers=3", "workloads.job.purchase=[subscription]",
      "workloads.job.work.gpu_hours=30", "quota={A10-24GB: 2}"},
     PLAN_INFEASIBLE,
     NAN,
     NAN},
};

/* Two request classes, 2.1 to 2.925 GPUs all day for 240 hours; t.one (1 GPU) 10 an hour, t.two (2 GPUs) 12. Two of t.two
 * are cheapest, and pass a quota of three GPUs that parts of machines keep. */
static const struct by_hand classes[] = {
    {"a quota that two large machines pass", {NULL}, PLAN_OPTIMAL, 240 * (10 + 12.0), NAN},
    {"the same where whole machines are the program's own",
     {"horizon.length=24h"},
     PLAN_OPTIMAL,
     24 * (10 + 12.0),
     NAN},
    {"no quota", {"quota={A10-24GB: 4}"}, PLAN_OPTIMAL, 240 * (12 + 12.0), NAN},
    {"stock of one large machine",
     {"quota={A10-24GB: 4}", "stock={t.two: 1}"},
     PLAN_OPTIMAL,
     240 * (10 + 12.0),
     NAN},
    {"one machine at most is too few",
     {"quota={A10-24GB: 4}", "workloads.chat.autoscale.max=1"},
     PLAN_INFEASIBLE,
     NAN,
     NAN},
    {"large machines alone do not fit", {"quota={t.one: 0}"}, PLAN_NONE, NAN, NAN},
    {"nor do they where whole machines are the program's own",
     {"quota={t.one: 0}", "horizon.length=24h"},
     PLAN_NONE,
     NAN,
     NAN},
    {"a budget that machines in parts keep", {"budget={limit: ¥5279}"}, PLAN_NONE, NAN, NAN},
};

static void check(const char *path, const struct by_hand *c)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct scenario s = {0};
    struct price_book *book = NULL;
    struct plan plan = {0};
    size_t n = 0;
    while (n < MOST_SETTINGS && c->set[n]) n++;
    const struct scenario_options options = {.n_set = n, .set = c->set};
    moment_t today = 0;
    moment_parse(&today, "2026-11-22");
    enum err e = scenario_load(&s, path, &options, a, &d);
    if (e == OK) e = price_book_load(&book, &s.catalog, today, -1, a, &d);
    if (e == OK) e = plan_solve(&plan, &s, book, &PLAN_SETTINGS, a, &d);
    gsl_test(e != OK, "%s: planned", c->what);
    if (e != OK) diag_print(&d, DIAG_TEXT, stderr);
    if (e == OK) {
        gsl_test_int((int)plan.status, (int)c->status, "%s: status", c->what);
        if (!isnan(c->cost))
            gsl_test_abs((double)plan.cost / 1e6, c->cost, 1e-6 * (double)(plan.n_ledger + 1),
                         "%s: cost", c->what);
        if (!isnan(c->bound)) gsl_test_rel(plan.bound, c->bound, RELATIVE, "%s: bound", c->what);
    }
    arena_free(a);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check("tests/solver/data/hand/base.yaml", &cases[i]);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        check("tests/solver/data/classes/chat.yaml", &classes[i]);
    return gsl_test_summary();
}
