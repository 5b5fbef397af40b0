/* A plan made by hand with awkward figures: two workloads, one with a job list, over the end of a year. */
#ifndef TESTS_REPORT_SAMPLE_PLAN_H
#define TESTS_REPORT_SAMPLE_PLAN_H

#include "report/formats.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

#define HOURS(h) ((int64_t)((h)*3600e6))

struct sample {
    struct arena *arena;
    struct diag diag;
    struct scenario scenario;
    struct plan plan;
    struct demand_list demands;
    struct summary summary;
    struct result result;
    struct report report;
};

static inline void sample_workloads(struct sample *s)
{
    struct arena *a = s->arena;
    struct workload *w = ARENA_NEW(a, struct workload, 2);
    w[0] = (struct workload){.name = "train", .owner = "llm"};
    w[1] = (struct workload){.name = "=shots", .owner = "film", .from_csv = "shots.csv"};
    s->scenario.workloads = w;
    s->scenario.n_workloads = 2;
    struct shape *shapes = ARENA_NEW(a, struct shape, 2);
    shapes[0] = (struct shape){.workload = &w[0], .workers = 2};
    shapes[1] = (struct shape){.workload = &w[1]};
    struct demand *d = ARENA_NEW(a, struct demand, 3);
    d[0] =
        (struct demand){&shapes[0], .name = "train", .id = "", .work = 2.385, .due_us = HOURS(50)};
    d[1] = (struct demand){&shapes[1], .name = "=shots/a", .id = "a", .work = 7.1,
                           .due_us = HOURS(60)};
    d[2] = (struct demand){&shapes[1], .name = "=shots/b", .id = "b", .work = 3.3,
                           .due_us = HOURS(20)};
    s->demands = (struct demand_list){.n = 3, .items = d, .n_shapes = 2, .shapes = shapes};
    struct dataset *data = ARENA_NEW(a, struct dataset, 1);
    data->name = "corpus";
    s->scenario.datasets = data;
    s->scenario.n_datasets = 1;
}

static inline struct offer sample_offer(const struct price_book *book, const char *market,
                                        int64_t micro)
{
    const struct ratio price = {micro, 1000000};
    return (struct offer){.market = market_find(market),
                          .type = book_type_find(book, "ecs.gn7i-c16g1.4xlarge"),
                          .price_per_h = price,
                          .list_per_h = price,
                          .price = ratio_value(price)};
}

static inline void sample_offers(struct sample *s, const struct price_book *book)
{
    struct offer *o = ARENA_NEW(s->arena, struct offer, 2);
    o[0] = sample_offer(book, "on_demand", 9532600);
    o[0].region = "cn-shenzhen";
    o[0].zone = "";
    o[1] = sample_offer(book, "spot", 2499000);
    o[1].region = "cn-beijing";
    o[1].zone = "cn-beijing-l";
    s->plan.offers = o;
    s->plan.n_offers = 2;
    s->plan.book = book;
}

static inline void sample_ledger_add(struct sample *s, struct ledger_line l)
{
    gsl_test(!money_amount(&l.amount, l.price, l.quantity, l.quantity_den), "sample amount");
    gsl_test(!money_add(&s->plan.cost, l.amount), "sample cost");
    if (l.estimated) gsl_test(!money_add(&s->plan.estimated, l.amount), "sample estimate");
    *ARENA_PUSH(s->arena, s->plan.ledger, s->plan.n_ledger) = l;
}

/* The train gang runs 22:00 to 03:30 over New Year; shot a on one machine for three days, shot b late on two. */
static inline void sample_schedule(struct sample *s)
{
    static const struct stretch stretches[] = {
        {.demand = 0,
         .offer = 0,
         .machines = 2,
         .from_us = HOURS(28),
         .to_us = HOURS(33.5),
         .paid_us = HOURS(11),
         .start_us = HOURS(0.3),
         .useful = 2.385},
        {.demand = 1,
         .offer = 1,
         .machines = 1,
         .from_us = HOURS(3.1),
         .to_us = HOURS(59.7),
         .paid_us = HOURS(56.6),
         .useful = 7.1},
        {.demand = 2,
         .offer = 1,
         .machines = 2,
         .from_us = HOURS(5),
         .to_us = HOURS(26.25),
         .paid_us = HOURS(42.5) + 1,
         .start_us = 77,
         .useful = 3.3},
    };
    static const struct demand_outcome outcomes[] = {
        {HOURS(28), HOURS(33.5), 0, 11.3, 2.385, 0},
        {HOURS(3.1), HOURS(59.7), 0, 56.6, 7.1, 7.1},
        {HOURS(5), HOURS(26.25), HOURS(6.25), 42.5, 3.3, 3.3},
    };
    s->plan.stretches = ARENA_NEW(s->arena, struct stretch, 3);
    memcpy(s->plan.stretches, stretches, sizeof stretches);
    s->plan.n_stretches = 3;
    s->plan.outcomes = ARENA_NEW(s->arena, struct demand_outcome, 3);
    memcpy(s->plan.outcomes, outcomes, sizeof outcomes);
}

/* A line of machine-hours of a workload, paid by its owner. */
static inline struct ledger_line sample_line(enum ledger_part part, size_t demand, int month,
                                             struct ratio price, int64_t us)
{
    const size_t workload = demand > 0;
    return (struct ledger_line){.part = part,
                                .workload = workload,
                                .demand = demand,
                                .dataset = SIZE_MAX,
                                .offer = workload,
                                .owner = workload ? "film" : "llm",
                                .month = month,
                                .price = price,
                                .unit = "machine-h",
                                .quantity = us,
                                .quantity_den = US_PER_H,
                                .estimated = workload && part != PART_LICENCE};
}

static inline void sample_ledger(struct sample *s)
{
    const struct ratio od = s->plan.offers[0].price_per_h, spot = s->plan.offers[1].price_per_h;
    sample_ledger_add(s, sample_line(PART_COMPUTE, 0, 0, od, HOURS(4)));
    sample_ledger_add(s, sample_line(PART_COMPUTE, 0, 1, od, HOURS(7)));
    sample_ledger_add(s, sample_line(PART_START, 0, 0, od, HOURS(0.3)));
    sample_ledger_add(s,
                      sample_line(PART_DISCOUNT, 0, 0, (struct ratio){-7626, 10000}, HOURS(4.3)));
    sample_ledger_add(s, sample_line(PART_COMPUTE, 1, 0, spot, HOURS(26.9)));
    sample_ledger_add(s, sample_line(PART_COMPUTE, 1, 1, spot, HOURS(29.7)));
    sample_ledger_add(s, sample_line(PART_COMPUTE, 2, 0, spot, HOURS(42.5) + 1));
    sample_ledger_add(s, sample_line(PART_START, 2, 0, spot, 77));
    struct ledger_line licence = sample_line(PART_LICENCE, 1, 0, (struct ratio){9, 1}, HOURS(26.9));
    licence.note = "engine";
    sample_ledger_add(s, licence);
    struct ledger_line late = sample_line(PART_LATE, 2, 1, (struct ratio){1111, 3}, HOURS(6.25));
    late.unit = "h late";
    late.offer = SIZE_MAX;
    sample_ledger_add(s, late);
    struct ledger_line storage =
        sample_line(PART_STORAGE, 0, 0, (struct ratio){12, 72000}, 6144 * 96);
    storage.unit = "GiB-h";
    storage.quantity_den = 1;
    storage.demand = storage.offer = SIZE_MAX;
    storage.dataset = 0;
    storage.note = "oss-standard";
    sample_ledger_add(s, storage);
}

static inline void sample_make(struct sample *s)
{
    static const char *const months[] = {"2026-12", "2027-01"};
    static const char *const assumptions[] = {"spot.hazard_per_h (line 7)"};
    *s = (struct sample){.arena = arena_new()};
    s->diag.arena = s->arena;
    s->scenario = (struct scenario){
        .name = "sample", .currency = CURRENCY_CNY, .length_us = HOURS(96), .path = "s.yaml"};
    gsl_test(!moment_parse(&s->scenario.start, "2026-12-30 18:00"), "sample start");
    moment_t today = 0;
    gsl_test(!moment_parse(&today, "2026-11-22"), "sample day");
    const struct book_sources builtin = {.builtin = true};
    struct price_book *book = NULL;
    gsl_test(price_book_load(&book, &builtin, today, 1e6, s->arena, &s->diag), "sample book");
    sample_workloads(s);
    sample_offers(s, book);
    s->plan.scenario = &s->scenario;
    s->plan.demands = &s->demands;
    s->plan.months = months;
    s->plan.n_months = 2;
    s->plan.assumptions = (struct text_list){.n = 1, .items = assumptions};
    sample_schedule(s);
    sample_ledger(s);
    s->plan.bound = 2300.125;
    s->plan.gap = 1 - s->plan.bound / ((double)s->plan.cost / 1e6);
    s->plan.machine_h = 110.4;
    s->plan.seconds = 0.084;
    s->scenario.budget =
        (struct optional_money){{{3000, 1}, CURRENCY_DEFAULT, PER_NONE}, true, {0}};
    s->scenario.warn_at = 0.8;
    gsl_test(summary_make(&s->summary, &s->plan, s->arena, &s->diag), "sample summary");
    s->diag = (struct diag){.arena = s->arena};
    s->result = (struct result){
        .variant = "base", .plan = &s->plan, .summary = &s->summary, .diag = &s->diag};
    s->report =
        (struct report){.n_results = 1, .results = &s->result, .version = "9.8.7", .today = today};
}

/* What a format prints of the report, in the arena. */
static inline char *sample_printed(struct sample *s, const struct report_format *format)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    gsl_test(format->plans(&s->report, out, s->arena, &s->diag), "%s is written", format->name);
    fclose(out);
    char *copy = arena_strdup(s->arena, text);
    free(text);
    return copy;
}

static inline void expect_text(const char *got, const char *part, const char *name)
{
    gsl_test(!strstr(got, part), "%s: has \"%s\"\n%s", name, part, strstr(got, part) ? "" : got);
}

#endif
