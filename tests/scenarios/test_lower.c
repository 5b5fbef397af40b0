#include "demand_support.h"
#include "scenarios/lower.h"

/* One run of demands_make over one workload. */
struct run {
    struct demand_list list;
    struct diag diag;
    enum err e;
};

static struct run run_of(struct workload *w, const char *start, double length_h,
                         const struct price_book *b, struct arena *a)
{
    struct run r = {.diag = diag_of(a)};
    const struct scenario s = scenario_of(w, start, length_h);
    r.e = demands_make(&r.list, &s, b, a, &r.diag);
    return r;
}

static struct workload training(void)
{
    struct workload w = workload_of("training", "pretrain");
    w.gpu_hours = (struct uncertain){5200, 6000, 7400, true, true, "three earlier runs", {0}};
    w.measured_on = "A100-80GB";
    w.gpus_per_worker = 8;
    w.workers = 4;
    w.has_deadline = true;
    w.deadline_h = 288;
    return w;
}

static void expect_error(struct workload *w, enum err code, const char *what, const char *fix,
                         const struct price_book *b, struct arena *a)
{
    const struct run r = run_of(w, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.e, (int)code, "result of: %s", what);
    gsl_test_int((int)r.list.n, 0, "no demands after: %s", what);
    expect_finding(&r.diag, 0, code, what, fix);
    gsl_test_int((int)finding_count(&r.diag), 1, "nothing else after: %s", what);
}

static void test_training(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    const struct run r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.e, OK, "training is lowered");
    gsl_test_int((int)finding_count(&r.diag), 0, "without a word");
    gsl_test_int((int)r.list.n, 1, "one demand");
    gsl_test_int((int)r.list.n_shapes, 1, "one shape");
    const struct demand *d = r.list.items;
    gsl_test_str(d->name, "pretrain", "name");
    gsl_test_str(d->id, "", "id");
    gsl_test_abs(d->work, 6000, 0, "the base value is the work");
    gsl_test(d->release_us != 0 || d->due_us != HOURS(288), "window of 12 days");
    gsl_test(d->shape != &r.list.shapes[0] || d->shape->workers != 4, "a gang of 4");
    gsl_test_str(d->shape->work_class, "train_mixed", "class");
    gsl_test_str(book_gpu(b, d->shape->reference_gpu)->name, "A100-80GB", "reference");
}

static void test_gang_rules(const struct price_book *b, struct arena *a)
{
    static const struct gang_case {
        const char *kind;
        long workers, max_workers, want_workers, want_max;
    } cases[] = {
        {"training", 0, 0, 1, 0},        {"finetune", 0, 0, 1, 0},
        {"training", 3, 0, 3, 0},        {"training", 0, 7, 0, 7},
        {"inference_batch", 0, 0, 0, 0}, {"render_offline", 0, 5, 0, 5},
        {"render_offline", 2, 0, 2, 0},  {"etl", 0, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct gang_case *c = &cases[i];
        struct workload w = workload_of(c->kind, "w");
        w.gpu_hours = exactly(2.385);
        w.measured_on = "A10-24GB";
        w.workers = c->workers;
        w.max_workers = c->max_workers;
        const struct run r = run_of(&w, "2026-12-01", 720, b, a);
        gsl_test_int((int)r.e, OK, "%s %ld/%ld", c->kind, c->workers, c->max_workers);
        if (r.e != OK) continue;
        const struct shape *s = r.list.items[0].shape;
        gsl_test_int((int)s->workers, (int)c->want_workers, "%s: gang", c->kind);
        gsl_test_int((int)s->max_workers, (int)c->want_max, "%s: cap", c->kind);
        gsl_test_int((int)s->gpus_per_worker, 1, "%s: one GPU a worker", c->kind);
        gsl_test_str(s->work_class, w.kind->work_class, "%s: class", c->kind);
    }
}

static void test_amounts(const struct price_book *b, struct arena *a)
{
    struct workload w = workload_of("inference_batch", "tag-images");
    w.items = 4000000;
    w.seconds_per_item = exactly(0.018);
    w.measured_on = "NVIDIA A10"; /* the vendor's word */
    struct run r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.e, OK, "items times seconds");
    gsl_test_rel(r.list.items[0].work, 20, 1e-15, "4,000,000 x 0.018 s are 20 h");
    gsl_test_abs(r.list.items[0].items, 4000000, 0, "items are kept");
    gsl_test_str(book_gpu(b, r.list.items[0].shape->reference_gpu)->name, "A10-24GB", "alias");

    struct workload t = workload_of("training", "llm");
    t.tokens = 140e9;
    t.parameters = 7e9;
    t.utilization = 0.42;
    t.measured_on = "A100-80GB";
    r = run_of(&t, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.e, OK, "tokens");
    gsl_test_rel(r.list.items[0].work, 6 * 7e9 * 140e9 / (0.42 * 312e12) / 3600, 1e-15,
                 "6 x parameters x tokens over the rate reached");
    gsl_test_abs(r.list.items[0].items, 0, 0, "tokens are no items");

    struct workload c = workload_of("etl", "hourly");
    c.vcpu_hours = exactly(9000);
    c.vcpu = 32;
    r = run_of(&c, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.e, OK, "vCPU-hours");
    const struct shape *s = r.list.items[0].shape;
    gsl_test(!s->cpu || s->workers || s->gpus_per_worker || s->reference_gpu != NO_GPU,
             "CPU shape");
    gsl_test_str(s->work_class, "cpu_etl", "CPU class");
    c.kind = kind_find("training");
    r = run_of(&c, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.list.items[0].shape->workers, 0, "CPU work is divisible in every kind");

    struct workload z = training();
    z.gpu_hours = exactly(0);
    r = run_of(&z, "2026-12-01", 720, b, a);
    gsl_test(r.e != OK || r.list.n != 1 || r.list.items[0].work != 0, "zero work is work done");
    struct workload none = w;
    struct diag d = diag_of(a);
    none.items = 0;
    node_set(&none, "work: {items: 0, seconds_per_item: 0.018}\n", a, &d);
    r = run_of(&none, "2026-12-01", 720, b, a);
    gsl_test(r.e != OK || r.list.n != 1 || r.list.items[0].work != 0, "and so are zero items");
    w.gpu_hours = exactly(12.5);
    w.seconds_per_item = (struct uncertain){0};
    r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test(r.e != OK || r.list.items[0].work != 12.5 || r.list.items[0].items != 4000000,
             "items beside gpu_hours count the items");
}

static void test_amount_errors(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    w.gpu_hours = (struct uncertain){0};
    expect_error(&w, ERR_WORK_MISSING, "'pretrain' says no amount of work",
                 "write gpu_hours, vcpu_hours, or items with seconds_per_item", b, a);
    w.items = 12;
    expect_error(&w, ERR_WORK_PART, "'pretrain' has items but no seconds_per_item",
                 "write seconds_per_item, the time of one item on one GPU of measured_on", b, a);
    w.items = 0;
    w.seconds_per_item = exactly(3);
    expect_error(&w, ERR_WORK_PART, "'pretrain' has seconds_per_item but no items",
                 "write items too, or give the work as gpu_hours", b, a);
    w = training();
    w.vcpu_hours = exactly(3);
    expect_error(&w, ERR_WORK_TWICE,
                 "the work of 'pretrain' is given twice: as gpu_hours and as vcpu_hours",
                 "keep one of them", b, a);
    w = training();
    w.tokens = 1e9;
    expect_error(&w, ERR_WORK_TWICE,
                 "the work of 'pretrain' is given twice: as gpu_hours and as tokens",
                 "keep one of them", b, a);
    w.gpu_hours = (struct uncertain){0};
    expect_error(&w, ERR_WORK_PART, "'pretrain' has tokens but no parameters",
                 "write parameters too, or give the work as gpu_hours", b, a);
    w.parameters = 7e9;
    expect_error(&w, ERR_WORK_PART, "'pretrain' has tokens but no utilization",
                 "write utilization too, or give the work as gpu_hours", b, a);
    w.utilization = 0.4;
    w.tokens = 0;
    expect_error(&w, ERR_WORK_PART, "'pretrain' has parameters but no tokens",
                 "write tokens too, or give the work as gpu_hours", b, a);
    w.tokens = 1e9;
    w.measured_on = "RTX4090-24GB";
    expect_error(&w, ERR_PEAK,
                 "the FP16 peak of RTX4090-24GB is not known, so tokens give no GPU-hours",
                 "measure on another card, or give the work as gpu_hours", b, a);
    w.measured_on = "A10-24GB";
    w.kind = kind_find("render_offline");
    expect_error(&w, ERR_WORK_PART,
                 "tokens measure the work of training and finetune only, 'pretrain' is of kind "
                 "render_offline",
                 "give the work as gpu_hours, or as items with seconds_per_item", b, a);
}

static void test_name_errors(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    w.measured_on = NULL;
    expect_error(&w, ERR_MEASURED_ON,
                 "the work of 'pretrain' is time on a GPU, but measured_on does not say on which",
                 "write work.measured_on, for example measured_on: A10-24GB", b, a);
    w.measured_on = "A10-24G";
    expect_error(&w, ERR_GPU_NAME, "the price book knows no GPU 'A10-24G'",
                 "did you mean 'A10-24GB'?", b, a);
    w = training();
    w.measured_on = "abacus";
    expect_error(&w, ERR_GPU_NAME, "the price book knows no GPU 'abacus'",
                 "`gpumix catalog gpus` lists the names", b, a);
    w = training();
    static const char *const gpus[] = {"A100-80GB", "H20-69GB"};
    w.gpus = (struct text_list){2, gpus, NULL};
    expect_error(&w, ERR_GPU_NAME, "the price book knows no GPU 'H20-69GB'",
                 "did you mean 'H20-96GB'?", b, a);
    w = training();
    static struct named_number speeds[] = {{"V100-61GB", {.base = 1, .given = true}}};
    w.n_speeds = 1;
    w.speeds = speeds;
    expect_error(&w, ERR_GPU_NAME, "the price book knows no GPU 'V100-61GB'",
                 "did you mean 'V100-16GB'?", b, a);
    w = training();
    static const char *const types[] = {"ecs.gn7e-c16g1.32xlarge", "ecs.gn7e-c16g1.23xlarge"};
    w.instance_types = (struct text_list){2, types, NULL};
    expect_error(&w, ERR_TYPE_NAME,
                 "the price book knows no instance type 'ecs.gn7e-c16g1.23xlarge'",
                 "did you mean 'ecs.gn7e-c16g1.32xlarge'?", b, a);
    static const char *const wrong[] = {"mainframe"};
    w.instance_types = (struct text_list){1, wrong, NULL};
    expect_error(&w, ERR_TYPE_NAME, "the price book knows no instance type 'mainframe'",
                 "`gpumix catalog show` lists the types", b, a);
}

static void test_gang_errors(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    w.max_workers = 5;
    expect_error(&w, ERR_GANG, "'pretrain' has both workers and max_workers",
                 "keep workers for a gang that runs together, max_workers for work that can be "
                 "divided",
                 b, a);
    w = training();
    w.gpu_hours = (struct uncertain){0};
    w.vcpu_hours = exactly(10);
    w.measured_on = NULL;
    w.gpus_per_worker = 0;
    expect_error(&w, ERR_GANG, "'pretrain' has workers, but work in vcpu_hours is divisible",
                 "write max_workers instead, or leave it out", b, a);
    w = training();
    w.gpu_share = 0.5;
    expect_error(&w, ERR_GANG, "a worker of 'pretrain' cannot have 8 GPUs and only part of one",
                 "remove gpu_share or gpus_per_worker", b, a);
    w = workload_of("inference_batch", "tags");
    w.gpu_hours = exactly(5);
    w.measured_on = "A10-24GB";
    w.markets = 1U << MARKET_SPOT;
    w.tolerant = true;
    expect_error(&w, ERR_LOSS, "'tags' may run on spot, but what an interruption loses is not said",
                 "write interruption.lost_per_hit, interruption.checkpoint_every, or the work as "
                 "items",
                 b, a);
    w.has_lost_per_hit = true;
    gsl_test_int((int)run_of(&w, "2026-12-01", 720, b, a).e, OK, "lost_per_hit says it");
    w.has_lost_per_hit = false;
    w.items = 10;
    gsl_test_int((int)run_of(&w, "2026-12-01", 720, b, a).e, OK, "items say it");
    w.items = 0;
    w.spot_max_share = 0;
    gsl_test_int((int)run_of(&w, "2026-12-01", 720, b, a).e, OK, "a spot share of 0 needs none");
}

static void test_once(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    w.has_start = true;
    w.start = moment_of("2026-12-03 06:30");
    struct run r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test(r.list.items[0].release_us != HOURS(54.5), "released at window.start");
    gsl_test(r.list.items[0].due_us != HOURS(54.5 + 288), "a duration counts from it");
    w.deadline_h = 0.1 + 0.2; /* not a binary fraction: still whole microseconds */
    r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test(r.list.items[0].due_us - r.list.items[0].release_us != INT64_C(1080000000),
             "0.3 h in microseconds");
    w.has_deadline = false;
    r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test(r.list.items[0].due_us != HOURS(720), "no deadline: the horizon's end");

    w = training();
    w.deadline_is_moment = true;
    w.deadline = moment_of("2027-01-15");
    r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test(r.e != OK || r.list.items[0].due_us != HOURS(720), "a later deadline is cut");
    expect_finding(
        &r.diag, 0, WARN_WINDOW_CUT,
        "1 deadline(s) of 'pretrain' lie after the horizon's end 2026-12-31 00:00, which is "
        "used instead",
        "make horizon.length longer if the later time may be used");
    gsl_test_int((int)r.diag.first->severity, SEVERITY_WARNING, "a warning");
    w = training();
    w.has_start = true;
    w.start = moment_of("2026-11-29");
    r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test(r.list.items[0].release_us != 0, "an earlier start is cut");
    gsl_test(r.list.items[0].due_us != HOURS(288 - 48), "the deadline counts from the true start");
    expect_finding(&r.diag, 0, WARN_WINDOW_CUT,
                   "1 start(s) of 'pretrain' lie before the horizon, work begins with the horizon",
                   "move horizon.start if the earlier time may be used");
}

static void test_window_errors(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    w.has_start = true;
    w.start = moment_of("2026-12-31");
    expect_error(
        &w, ERR_WINDOW,
        "'pretrain' starts at 2026-12-31 00:00, after the horizon ends at 2026-12-31 00:00",
        "change the window, or horizon.start and horizon.length", b, a);
    w.repeat = REPEAT_DAILY;
    expect_error(
        &w, ERR_WINDOW,
        "'pretrain' starts at 2026-12-31 00:00, after the horizon ends at 2026-12-31 00:00",
        "change the window, or horizon.start and horizon.length", b, a);
    w.repeat = REPEAT_ONCE;
    w.start = moment_of("2026-11-20");
    w.deadline_h = 48;
    expect_error(
        &w, ERR_WINDOW,
        "'pretrain' is due at 2026-11-22 00:00, before the horizon starts at 2026-12-01 00:00",
        "change the window, or horizon.start and horizon.length", b, a);
    w.start = moment_of("2026-12-05 18:00");
    w.deadline_is_moment = true;
    w.deadline = moment_of("2026-12-05 18:00");
    expect_error(&w, ERR_WINDOW,
                 "'pretrain' is due at 2026-12-05 18:00, but starts only at 2026-12-05 18:00",
                 "write a deadline after the start", b, a);
    w = training();
    w.days = DAYS_WEEKENDS;
    w.deadline_h = 30;
    expect_error(
        &w, ERR_WINDOW_CLOSED,
        "hours and days of 'pretrain' leave no time between 2026-12-01 00:00 and 2026-12-02 "
        "06:00",
        "widen window.hours or window.days, or move the deadline", b, a);
    w.late_cost =
        (struct optional_money){.given = true, .money = {{20000, 1}, CURRENCY_CNY, PER_DAY}};
    gsl_test_int((int)run_of(&w, "2026-12-01", 720, b, a).e, OK, "late work may wait for Saturday");
    w = training();
    w.confidence = 0.95;
    gsl_test_int((int)run_of(&w, "2026-12-01", 720, b, a).e, OK, "a deadline with confidence");
}

static void test_repeats(const struct price_book *b, struct arena *a)
{
    struct workload w = workload_of("inference_batch", "tag-images");
    w.items = 4000000;
    w.seconds_per_item = exactly(0.018);
    w.measured_on = "A10-24GB";
    w.repeat = REPEAT_DAILY;
    hours_set(&w, "22:00", "07:00");
    w.has_deadline = true;
    w.deadline_h = 9;
    struct run r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.list.n, 29, "29 nights");
    gsl_test_int((int)r.list.n_shapes, 1, "one shape for all");
    const struct demand *third = &r.list.items[2];
    gsl_test_str(third->name, "tag-images#3", "name of an occurrence");
    gsl_test_str(third->id, "3", "its number");
    gsl_test(third->release_us != HOURS(70) || third->due_us != HOURS(79), "22:00 to 07:00");
    gsl_test_rel(third->work, 20, 1e-15, "the whole work each time");
    gsl_test(demand_open_us(third, 0, HOURS(720), false, HOURS(720)) != HOURS(9), "9 open hours");
    expect_finding(&r.diag, 0, WARN_OCCURRENCES,
                   "1 of 30 occurrences of 'tag-images' are left out: they end after the horizon",
                   "make horizon.length longer if they belong to the plan");
    gsl_test_int((int)finding_count(&r.diag), 1, "one warning");
    w.has_start = true;
    w.start = moment_of("2026-11-30 23:00");
    r = run_of(&w, "2026-12-01", 48, b, a);
    expect_finding(&r.diag, 1, WARN_OCCURRENCES,
                   "1 of 3 occurrences of 'tag-images' are left out: they begin before the horizon",
                   "move window.start or horizon.start if they belong to the plan");
    w.has_start = false;
    w.days = DAYS_WORKDAYS;
    r = run_of(&w, "2026-12-04", 96, b, a);
    expect_finding(
        &r.diag, 1, WARN_OCCURRENCES,
        "2 of 4 occurrences of 'tag-images' are left out: hours and days leave them no time",
        "widen window.hours or window.days if they belong to the plan");
    w.days = DAYS_ALL;
    r = run_of(&w, "2026-12-01", 20, b, a);
    gsl_test_int((int)r.e, ERR_REPEAT, "none fits");
    expect_finding(&r.diag, 1, ERR_REPEAT, "no occurrence of 'tag-images' lies within the horizon",
                   "make horizon.length longer, or the deadline shorter");
    w.deadline_h = 0;
    expect_error(&w, ERR_WINDOW, "the deadline of 'tag-images' leaves no time",
                 "write a length of time above 0", b, a);
    w.deadline_is_moment = true;
    w.deadline = moment_of("2026-12-08");
    expect_error(&w, ERR_REPEAT, "'tag-images' is repeated, so its deadline cannot be one moment",
                 "write the deadline as a length of time from each release, for example 9h", b, a);
}

static void test_late_cost(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    w.late_cost =
        (struct optional_money){.given = true, .money = {{20000, 1}, CURRENCY_DEFAULT, PER_DAY}};
    struct run r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test(!r.list.items[0].late_priced, "lateness has a price");
    gsl_test(ratio_cmp(r.list.items[0].late_cost_per_h, (struct ratio){2500, 3}) != 0,
             "20000/d per h");
    w.late_cost.money = (struct money){{2385, 100}, CURRENCY_USD, PER_HOUR};
    struct diag d = diag_of(a);
    struct scenario s = scenario_of(&w, "2026-12-01", 720);
    s.has_fx = true;
    s.fx_usd = (struct ratio){72, 10};
    struct demand_list list;
    gsl_test_int((int)demands_make(&list, &s, b, a, &d), OK, "dollars with a rate");
    gsl_test(ratio_cmp(list.items[0].late_cost_per_h, (struct ratio){INT64_C(2385) * 72, 1000}) !=
                 0,
             "x 7.2");
    s.currency = CURRENCY_USD;
    w.late_cost.money = (struct money){{720, 1}, CURRENCY_CNY, PER_HOUR};
    gsl_test_int((int)demands_make(&list, &s, b, a, &d), OK, "yuan in a dollar plan");
    gsl_test(ratio_cmp(list.items[0].late_cost_per_h, (struct ratio){100, 1}) != 0, "/ 7.2");
    w.late_cost.money = (struct money){{5, 1}, CURRENCY_USD, PER_HOUR};
    expect_error(
        &w, ERR_LATE_COST,
        "late_cost of 'pretrain' is in another currency than the plan, and no rate is given",
        "write fx: {USD: ...}, the price of a dollar in CNY", b, a);
    w.late_cost.money.per = PER_MONTH;
    expect_error(&w, ERR_LATE_COST, "late_cost of 'pretrain' must be per h or per d",
                 "write for example late_cost: ¥20000/d", b, a);
    w.late_cost.money = (struct money){{1, INT64_MAX - 6}, CURRENCY_CNY, PER_DAY};
    expect_error(&w, ERR_LATE_COST, "late_cost of 'pretrain' is too large to be computed with",
                 "write a smaller amount, or one with fewer decimals", b, a);
}

/* Services are rate demands (test_service.c); here they add nothing. */
static void test_services(const struct price_book *b, struct arena *a)
{
    static const char *const kinds[] = {"inference_online", "render_realtime", "cad", "dev"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct workload desk = workload_of(kinds[i], "desk");
        desk.seats = 12;
        const struct run r = run_of(&desk, "2026-12-01", 720, b, a);
        gsl_test_int((int)r.e, OK, "%s is no work", kinds[i]);
        gsl_test_int((int)r.list.n, 0, "%s: no demands", kinds[i]);
        gsl_test(!desk.kind->service || !desk.kind->serve, "%s is a service", kinds[i]);
    }
    struct workload w = workload_of("dev", "preprocess");
    w.vcpu_hours = exactly(2400);
    w.vcpu = 16;
    gsl_test_int((int)run_of(&w, "2026-12-01", 720, b, a).e, OK,
                 "dev work in vCPU-hours is planned");
    w.vcpu_hours = (struct uncertain){0};
    w.gpu_hours = exactly(24);
    w.measured_on = "T4-16GB";
    gsl_test_int((int)run_of(&w, "2026-12-01", 720, b, a).e, OK,
                 "dev work in GPU-hours is planned");
}

static void test_warnings(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    w.markets |= 1U << MARKET_SPOT;
    struct run r = run_of(&w, "2026-12-01", 720, b, a);
    expect_finding(
        &r.diag, 0, WARN_NOT_TOLERANT,
        "'pretrain' may be bought on spot, but does not say that it stands interruptions",
        "write interruption: {tolerant: true, ...} with what an interruption costs, or take "
        "spot out of purchase");
    w = training();
    static const char *const gpus[] = {"H100-80GB", "A100-80GB"};
    w.gpus = (struct text_list){2, gpus, NULL};
    r = run_of(&w, "2026-12-01", 720, b, a);
    expect_finding(&r.diag, 0, WARN_NOT_SOLD, "no machine of the price book has a H100-80GB",
                   "`gpumix catalog gpus` lists what is sold");
    w = training();
    struct diag d = diag_of(a);
    node_set(&w, "kind: training\nautoscale: {min: 0}\nwork: {seats: 3}\n", a, &d);
    r = run_of(&w, "2026-12-01", 720, b, a);
    gsl_test_int((int)r.e, OK, "unused keys are warnings");
    expect_finding(&r.diag, 0, WARN_KEY_UNUSED, "autoscale of 'pretrain' is not used",
                   "remove the key, or choose the kind that uses it");
    gsl_test_str(r.diag.first->why, "this is batch work, the key belongs to services", "why");
    gsl_test_int((int)r.diag.first->place.line, 2, "line of the key's value");
    expect_finding(&r.diag, 1, WARN_KEY_UNUSED, "work.seats of 'pretrain' is not used", NULL);
    struct workload c = workload_of("etl", "nightly");
    c.vcpu_hours = exactly(9000);
    node_set(&c, "resources: {gpu: [A10-24GB]}\n", a, &d);
    r = run_of(&c, "2026-12-01", 720, b, a);
    expect_finding(&r.diag, 0, WARN_KEY_UNUSED, "resources.gpu of 'nightly' is not used", NULL);
    gsl_test_str(r.diag.first->why, "the work is in vcpu_hours, the key belongs to GPU work",
                 "why");
}

static void test_places(const struct price_book *b, struct arena *a)
{
    struct workload w = training();
    struct diag d = diag_of(a);
    node_set(&w, "window:\n  start: 2026-12-03\n  deadline: 2026-12-01 18:00\n", a, &d);
    w.has_start = w.deadline_is_moment = true;
    w.start = moment_of("2026-12-03");
    w.deadline = moment_of("2026-12-01 18:00");
    const struct run r = run_of(&w, "2026-12-01", 720, b, a);
    expect_finding(&r.diag, 0, ERR_WINDOW,
                   "'pretrain' is due at 2026-12-01 18:00, but starts only at 2026-12-03 00:00",
                   NULL);
    gsl_test_int((int)r.diag.first->place.line, 3, "line of the deadline");
    gsl_test_int((int)r.diag.first->place.column, 13, "column of the deadline");
}

static void test_many(const struct price_book *b, struct arena *a)
{
    struct workload w[2] = {training(), workload_of("etl", "nightly")};
    w[1].vcpu_hours = exactly(70);
    w[1].repeat = REPEAT_DAILY;
    struct scenario s = scenario_of(w, "2026-12-01", 120);
    s.n_workloads = 2;
    w[0].deadline_h = 100;
    struct diag d = diag_of(a);
    struct demand_list list;
    gsl_test_int((int)demands_make(&list, &s, b, a, &d), OK, "two workloads");
    gsl_test_int((int)list.n, 6, "one and five demands");
    gsl_test_int((int)list.n_shapes, 2, "two shapes");
    for (size_t i = 0; i < list.n; i++)
        gsl_test(list.items[i].shape->workload != &w[i > 0], "shape of demand %zu", i);
    w[0].measured_on = NULL;
    w[1].max_workers = w[1].workers = 3;
    gsl_test_int((int)demands_make(&list, &s, b, a, &d), ERR_MEASURED_ON, "the first error counts");
    gsl_test_int((int)d.n_errors, 2, "and every workload is read");
    gsl_test_int((int)list.n, 0, "nothing half made");
}

static void test_kinds(void)
{
    size_t n = 0;
    for (; workload_kinds[n]; n++)
        gsl_test(kind_find(workload_kinds[n]->name) != workload_kinds[n], "found: %s",
                 workload_kinds[n]->name);
    gsl_test_int((int)n, 9, "nine kinds");
    gsl_test(kind_find("traning") != NULL, "no other");
}

int main(void)
{
    struct arena *a = arena_new();
    const struct price_book *b = book_of(a);
    if (b) {
        test_training(b, a);
        test_gang_rules(b, a);
        test_amounts(b, a);
        test_amount_errors(b, a);
        test_name_errors(b, a);
        test_gang_errors(b, a);
        test_once(b, a);
        test_window_errors(b, a);
        test_repeats(b, a);
        test_late_cost(b, a);
        test_services(b, a);
        test_warnings(b, a);
        test_places(b, a);
        test_many(b, a);
    }
    test_kinds();
    arena_free(a);
    return gsl_test_summary();
}
