#include "common/node.h"
#include "scenarios/kinds.h"
#include "scenarios/scenario.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    if (f) fputs(text, f);
    if (!f || fclose(f) != 0) gsl_test(1, "cannot write %s", path);
}

static void same(const char *got, const char *wanted, const char *what)
{
    gsl_test(!got || strcmp(got, wanted) != 0, "%s: %s is %s", what, got ? got : "(null)", wanted);
}

/* Loads text that must be right. */
static struct scenario load(struct arena *a, const char *text)
{
    struct diag d = {.arena = a};
    struct scenario s;
    write_file("plan.yaml", text);
    const enum err e = scenario_load(&s, "plan.yaml", NULL, a, &d);
    gsl_test(e != OK || d.n_warnings, "loads: %s", findings_text(&d));
    return s;
}

#define HEAD "version: 1\nhorizon: {start: 2026-12-01, length: 30d, step: 15min}\n"

static const char full[] = HEAD
    "name: all\ncurrency: CNY\nfx: {USD: 7.25}\ntimezone: UTC\n"
    "catalog:\n  builtin: false\n  prices: [p.csv, /q.csv]\n  regions: [cn-beijing, "
    "cn-shenzhen-d]\n"
    "  discount: {gn7i: 8.5%}\n  max_age: 14d\n  overrides: {ecs.g7.large/spot@cn-beijing: "
    "$0.125/h}\n"
    "quota: {A10-24GB: 12, ecs.g7.large@cn-beijing-k: 3}\nquota_by: {nlp: {T4-16GB: 5}}\nstock: "
    "{L20-48GB: 9}\n"
    "commitments:\n  - {subscription: ecs.g7.large, count: 2, region: cn-beijing, until: "
    "2026-12-24 18:30}\n"
    "  - {savings_plan: ¥12.5/h, discount: 30%}\n"
    "integrality: none\n"
    "workloads:\n  w:\n    kind: training\n    label: L\n    owner: nlp\n    tags: {a.b: c}\n    "
    "priority: 7\n"
    "    work: {gpu_hours: {low: 2.5, base: 3.5, why: guess}, tokens: 1.5T, parameters: 7B, "
    "utilization: 42.5%,\n"
    "           measured_on: A10-24GB, repeat: weekly, from_csv: d/j.csv, columns: {id: shot}}\n"
    "    speed: {A10-24GB: 1, T4-16GB: 27.5%}\n"
    "    resources: {gpu: [A10-24GB, T4-16GB], gpus_per_worker: 2, workers: 3, gpu_memory: 1.5TB, "
    "shard: true,\n"
    "                interconnect: rdma, vcpu: 16, memory: 512MB, features: [ecc, nvenc]}\n"
    "    window: {start: 2026-12-02 06:30, deadline: 90min, hours: \"22:00-07:30\", days: "
    "weekends, confidence: 95%}\n"
    "    late_cost: ¥1,250.75/d\n    purchase: [spot, on_demand]\n    spot_max_share: 12.5%\n"
    "    spot: {protection: none, max_price: 9.8, hazard_per_h: 0.025, min_discount: 20%, "
    "on_demand_base: 4}\n"
    "    interruption: {tolerant: true, checkpoint_every: 20min, checkpoint_size: 2GB, restart: "
    "90s, lost_per_hit: 0s}\n"
    "    storage: [{use: d, size: 6TB, reads: 1.3x}, {use: d, size: 1GB, keep: 2d, throughput: "
    "2GB/s, egress: 512MB}]\n"
    "    licence: {name: N, price: ¥140/month, per: gpu}\n"
    "storage:\n  d: {classes: [oss-ia, cpfs-100], region: cn-beijing, split: true, price: "
    "¥0.28/GB-month,\n"
    "      min_size: 1TB, throughput: 100MB/s}\n"
    "budget: {limit: \"¥9,000/month\", warn_at: 80%, confidence: 90%, by: {nlp: $70}}\n"
    "simulate: {runs: 12, seed: -9007199254740993, spot_price: model, spot_price_factor: 150%,\n"
    "           interruptions_per_day: {low: 0.2, base: 1, high: 4}, precision: 1%}\n"
    "variants: {v: {label: x, from: base}}\ncompare: {baseline: v, order: [v, base]}\n";

static void check_numbers(const struct workload *w)
{
    const double got[] = {w->gpu_hours.low,
                          w->gpu_hours.base,
                          w->gpu_hours.high,
                          w->tokens,
                          w->parameters,
                          w->utilization,
                          w->speeds[1].value.base,
                          w->gpu_memory_gib,
                          w->memory_gib,
                          w->deadline_h,
                          w->confidence,
                          w->spot_max_share,
                          w->hazard_per_h.high,
                          w->min_discount,
                          w->checkpoint_every_h,
                          w->checkpoint_size_gib,
                          w->restart.base,
                          w->uses[0].size_gib,
                          w->uses[0].reads,
                          w->uses[1].keep_h,
                          w->uses[1].throughput_mbps,
                          w->uses[1].egress_gib};
    const double wanted[] = {2.5,   3.5,   3.5, 1.5e12,  7e9, 0.425, 0.275, 1536, 0.5, 1.5,  0.95,
                             0.125, 0.025, 0.2, 1.0 / 3, 2,   0.025, 6144,  1.3,  48,  2048, 0.5};
    for (size_t i = 0; i < sizeof got / sizeof *got; i++)
        gsl_test_rel(got[i], wanted[i], 1e-15, "number %zu", i);
}

static void check_whole_numbers(const struct workload *w)
{
    const long long whole[] = {w->priority,
                               w->gpus_per_worker,
                               w->workers,
                               w->max_workers,
                               w->vcpu,
                               w->on_demand_base,
                               (long long)w->markets,
                               (long long)w->features,
                               w->repeat,
                               w->interconnect,
                               w->days,
                               w->protection,
                               w->licence_per,
                               (long long)w->n_uses,
                               w->shard,
                               w->tolerant,
                               w->checkpoint_auto,
                               w->has_lost_per_hit,
                               w->has_licence,
                               w->has_start,
                               w->deadline_is_moment,
                               w->hours_from_us / 60000000,
                               w->hours_to_us / 60000000};
    const long long whole_wanted[] = {7,
                                      2,
                                      3,
                                      0,
                                      16,
                                      4,
                                      3,
                                      FEATURE_ECC | FEATURE_NVENC,
                                      REPEAT_WEEKLY,
                                      INTERCONNECT_RDMA,
                                      DAYS_WEEKENDS,
                                      PROTECTION_NONE,
                                      LICENCE_GPU,
                                      2,
                                      1,
                                      1,
                                      0,
                                      1,
                                      1,
                                      1,
                                      0,
                                      1320,
                                      450};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        gsl_test(whole[i] != whole_wanted[i], "whole number %zu: %lld is %lld", i, whole[i],
                 whole_wanted[i]);
}

static void check_texts(const struct workload *w)
{
    gsl_test(!isnan(w->uses[0].keep_h), "keep that is not given is not a length");
    gsl_test(w->late_cost.money.amount.num != 5003 || w->late_cost.money.amount.den != 4 ||
                 w->late_cost.money.per != PER_DAY,
             "late cost is exact");
    gsl_test(!w->gpu_hours.triple || w->hazard_per_h.triple || w->vcpu_hours.given,
             "what was given");
    same(w->gpu_hours.why, "guess", "why");
    same(w->tags[0].name, "a.b", "tag");
    same(w->columns[0].text, "shot", "column");
    same(w->from_csv, "d/j.csv", "file");
    same(w->gpus.items[1], "T4-16GB", "GPU");
    gsl_test(w->kind != kind_find("training") || w->gpus.n != 2 || w->gpus.places[1].line != 31,
             "kind and GPUs");
    char text[32];
    same(moment_print(text, sizeof text, w->start), "2026-12-02 06:30", "start");
}

static void test_every_key(void)
{
    struct arena *a = arena_new();
    const struct scenario s = load(a, full);
    if (s.n_workloads != 1) return;
    check_numbers(&s.workloads[0]);
    check_whole_numbers(&s.workloads[0]);
    check_texts(&s.workloads[0]);
    gsl_test(s.length_us != INT64_C(720) * US_PER_H || s.step_us != US_PER_H / 4, "horizon");
    gsl_test(!s.has_fx || s.fx_usd.num != 29 || s.fx_usd.den != 4 || s.utc_offset_us != 0,
             "rate and zone");
    gsl_test(s.catalog.builtin || s.catalog.prices[2] || s.catalog.instances,
             "files of the catalogue");
    same(s.catalog.prices[0], "p.csv", "file beside the scenario");
    gsl_test(s.regions.n != 2 || s.n_family_discounts != 1 ||
                 s.family_discounts[0].discount.num != 17 ||
                 s.family_discounts[0].discount.den != 200,
             "discount by family");
    gsl_test_rel(s.max_age_h, 336, 0, "age");
    gsl_test(s.n_overrides != 1 || s.overrides[0].price.currency != CURRENCY_USD ||
                 s.overrides[0].price.amount.den != 8 || s.overrides[0].at.line != 13,
             "override");
    gsl_test(s.n_limits != 3 || s.quota[1].count != 3 || s.quota[0].owner || s.n_stock != 1,
             "quota");
    same(s.quota[1].name, "ecs.g7.large", "name of a quota");
    same(s.quota[1].place_name, "cn-beijing-k", "place of a quota");
    same(s.quota[2].owner, "nlp", "owner of a quota");
    gsl_test(s.n_commitments != 2 || s.commitments[0].count != 2 || !s.commitments[0].has_until ||
                 s.commitments[1].has_until || s.commitments[1].savings_plan.money.amount.num != 25,
             "commitments");
    gsl_test(!s.relaxed || s.n_datasets != 1 || s.datasets[0].classes.n != 2 ||
                 !s.datasets[0].split,
             "datasets");
    gsl_test(s.datasets[0].price.money.per != PER_GB_MONTH, "price of a dataset");
    gsl_test(s.budget.money.per != PER_MONTH || s.n_owner_budgets != 1 ||
                 s.owner_budgets[0].limit.money.currency != CURRENCY_USD,
             "budgets");
    gsl_test(s.runs != 12 || s.seed != INT64_C(-9007199254740993), "a seed keeps its last digit");
    gsl_test_rel(s.spot_price_factor.base, 1.5, 0, "factor");
    same(s.spot_price, "model", "spot price");
    gsl_test(s.n_variants != 1 || s.compare_order.n != 2 || s.variant, "variants");
    const struct place at = scenario_place(&s, "workloads.%s.window.deadline", "w");
    gsl_test(at.line != 33 || at.column != 49, "place of a value: %zu:%zu", at.line, at.column);
    gsl_test(scenario_place(&s, "workloads.w.window.x").source != NULL, "no place of nothing");
    gsl_test(s.files.n != 1 || !s.root, "files");
    arena_free(a);
}

static void test_defaults(void)
{
    struct arena *a = arena_new();
    const struct scenario s = load(
        a, "version: 1\nhorizon: {start: 2026-12-01, length: 30d}\nworkloads: {w: {kind: etl}}\n");
    if (s.n_workloads != 1) return;
    const struct workload *w = &s.workloads[0];
    gsl_test(s.currency != CURRENCY_CNY || s.has_fx || s.step_us != US_PER_H || s.relaxed,
             "of the scenario");
    gsl_test(s.utc_offset_us != 8 * US_PER_H || !s.catalog.builtin || s.runs != 2000 || s.seed != 1,
             "in absent sections");
    gsl_test(w->priority != 50 || w->spot_max_share < 1 || w->markets == 0 || w->owner,
             "of a workload");
    gsl_test(w->late_cost.given || w->has_deadline || w->has_licence || w->gpus.n || w->workers,
             "nothing is made up");
    arena_free(a);
}

static const char *merged_values(const struct scenario *s, struct arena *a)
{
    char *text = NULL, *out;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    scenario_print_merged(s, f);
    fclose(f);
    char *copy = out = arena_strdup(a, text);
    for (const char *line = text; *line; line += *line == '\n') { /* without the places */
        const size_t n = strcspn(line, "\n"), keep = (size_t)(strstr(line, "    # ") - line);
        memcpy(out, line, keep);
        out += keep;
        *out++ = '\n';
        line += n;
    }
    *out = '\0';
    free(text);
    return copy;
}

/* MR31, MR32: the same scenario with other line ends, with a byte-order mark, and as JSON. */
static void test_other_forms(void)
{
    static const char *const forms[] = {
        "\xef\xbb\xbf"
        "version: 1\nhorizon: {start: 2026-12-01, length: 30d}\nworkloads:\n  w: {kind: etl, work: "
        "{vcpu_hours: 9.5}}\n",
        "version: 1\r\nhorizon:\r\n  start: 2026-12-01\r\n  length: 30d\r\nworkloads:\r\n  w:\r\n  "
        "  kind: etl\r\n    work:\r\n      vcpu_hours: 9.5\r\n",
        "{\"version\":1,\"horizon\":{\"start\":\"2026-12-01\",\"length\":\"30d\"},"
        "\n\t\"workloads\":{\"w\":{\"kind\":\"etl\",\"work\":{\"vcpu_hours\":9.5}}}}",
        "# comment\n---\nversion: 1\nworkloads: {w: {work: {vcpu_hours: 9.5}, kind: \"etl\"}} # "
        "x\nhorizon: {length: 30d, start: 2026-12-01}\n...\n"};
    struct arena *a = arena_new();
    const struct scenario first = load(a, forms[0]);
    for (size_t i = 1; i < sizeof forms / sizeof *forms; i++) {
        const struct scenario s = load(a, forms[i]);
        same(merged_values(&s, a), merged_values(&first, a), "another form of the same scenario");
    }
    arena_free(a);
}

static const char *include_findings(struct arena *a, const char *below)
{
    struct diag d = {.arena = a};
    struct scenario s;
    write_file("plan.yaml",
               arena_printf(a, HEAD "include: [%s]\nworkloads: {w: {kind: etl}}\n", below));
    const enum err e = scenario_load(&s, "plan.yaml", NULL, a, &d);
    gsl_test(e != d.code, "code");
    return findings_text(&d);
}

static void test_includes(void)
{
    static const char *const cases[][2] = {
        {"good.yaml, sub/../good.yaml", ""},
        {"sub/up.yaml", ""},
        {"plan.yaml", "E3042 3:11 'plan.yaml' includes itself (the chain of includes would never "
                      "end) -> take one of the includes away\n"},
        {"loop.yaml", "E3042 2:11 'loop.yaml' includes itself (the chain of includes would never "
                      "end) -> take one of the includes away\n"},
        {"../x.yaml", "E3004 3:11 the included file '../x.yaml' lies outside the folder of the "
                      "scenario (a scenario from somebody else could read any file of yours) -> "
                      "copy it into the folder of the scenario\n"},
        {"none.yaml", "E3004 3:11 cannot read the included file 'none.yaml': No such file or "
                      "directory -> check the name; it is relative to the file that includes it\n"},
        {"sub", "E3001 3:11 'sub' is not a regular file (folders, pipes and devices have no end or "
                "no content that could be shown) -> give the name of a file\n"},
        {"wrong.yaml",
         "E3020 2:24 unknown key 'gpu_hourz' in workloads.w.work -> did you mean 'gpu_hours'?\n"},
        {"old.yaml",
         "E3003 0:0 the key 'version' is missing -> start the file with 'version: 1'\n"},
        {"dollar.yaml",
         "E3004 4:65 the amount has no currency, and this file is in USD, the one that includes it "
         "in CNY -> write the currency with the amount, for example ¥5000 or $700\n"
         "E3004 3:11 this file is in the time zone UTC, the one that includes it in Asia/Shanghai "
         "(its hours and dates would be shifted) -> use one time zone in all files\n"},
        {"d1.yaml", "E3005 2:11 files include each other more than 8 deep -> put what belongs "
                    "together into one file\n"},
    };
    struct arena *a = arena_new();
    gsl_test(mkdir("sub", 0700) != 0, "can make a folder");
    write_file("good.yaml", "version: 1\ndefaults: {owner: o}\n");
    write_file("sub/up.yaml", "version: 1\ninclude: [../good.yaml]\n");
    write_file("loop.yaml", "version: 1\ninclude: [./sub/../loop.yaml]\n");
    write_file("wrong.yaml", "version: 1\nworkloads: {w: {work: {gpu_hourz: 1}}}\n");
    write_file("old.yaml", "workloads: {}\n");
    write_file("dollar.yaml", "version: 1\ncurrency: USD\ntimezone: UTC\nworkloads: {w: {kind: "
                              "etl, unserved_cost: $1, spot: {max_price: 5}}}\n");
    for (int i = 1; i < 10; i++)
        write_file(arena_printf(a, "d%d.yaml", i),
                   arena_printf(a, "version: 1\ninclude: [d%d.yaml]\n", i + 1));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        same(include_findings(a, cases[i][0]), cases[i][1], cases[i][0]);
    const char *many = "good.yaml";
    for (int i = 0; i < 64; i++) many = arena_printf(a, "%s, good.yaml", many);
    same(include_findings(a, many),
         "E3005 3:704 more than 64 files are included -> put what belongs together into one file\n",
         "many files");
    arena_free(a);
}

static void test_variants(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct text_list names;
    write_file("plan.yaml", "version: 1\nworkloads: 5\nvariants:\n  b: {}\n  a: {}\n");
    enum err e = scenario_variants(&names, "plan.yaml", a, &d);
    gsl_test(e != OK || names.n != 2 || strcmp(names.items[0], "b") != 0 ||
                 names.places[1].line != 5,
             "names of variants in the order of the file");
    write_file("plan.yaml", "version: 1\nvariants: [a]\n");
    e = scenario_variants(&names, "plan.yaml", a, &d);
    gsl_test(e != ERR_VALUE_FORM || names.n != 0, "no list of variants");
    same(findings_text(&d),
         "E3022 2:11 variants must hold keys and values -> write {key: value}, or one 'key: value' "
         "a line, indented below it\n",
         "finding");
    arena_free(a);
}

static void test_stock(void)
{
    struct arena *a = arena_new();
    write_file(
        "stock.csv",
        "start,name,place,available\n6h,B,,3\n2026-12-02,A,cn-beijing,7.5\n0s,A,cn-beijing,2\n");
    const struct scenario s =
        load(a, HEAD "stock: {from_csv: stock.csv}\nworkloads: {w: {kind: etl}}\n");
    gsl_test(s.n_stock_steps != 3 || s.n_stock != 0, "steps");
    gsl_test(s.stock_steps[0].start_us != 0 ||
                 s.stock_steps[1].start_us != INT64_C(24) * US_PER_H ||
                 s.stock_steps[1].at.line != 3,
             "sorted by name and start");
    gsl_test_rel(s.stock_steps[1].available, 7.5, 0, "available");
    static const char *const rows[][2] = {
        {"soon,A,,1", "E3030 2:1 start cannot be 'soon' -> write a moment such as 2026-12-08 "
                      "18:00, or a length of time from the start of the horizon\n"},
        {"1h,,,1", "E3030 2:4 name cannot be '' -> write a GPU model or an instance type\n"},
        {"1h,A,,1x",
         "E3030 2:7 available cannot be '1x' -> write a plain number, for example 12.5\n"},
        {"1h,A,,1\n60min,A,,2",
         "E3010 3:1 the stock of 'A' is given twice for one start -> delete line 2 or line 3\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diag d = {.arena = a};
        struct scenario bad;
        write_file("stock.csv", arena_printf(a, "start,name,place,available\n%s\n", rows[i][0]));
        const enum err e = scenario_load(&bad, "plan.yaml", NULL, a, &d);
        gsl_test(e == OK, "is refused");
        same(findings_text(&d), rows[i][1], rows[i][0]);
    }
    arena_free(a);
}

/* 20,000 workloads that extend a template, in a fraction of a second; the bound leaves room for a busy machine. */
static void test_large(void)
{
    struct arena *a = arena_new();
    char *text = ARENA_NEW(a, char, 4 << 20), *end = text;
    end += sprintf(
        end, HEAD
        "templates: {t: {kind: etl, work: {vcpu_hours: 9.5}, resources: {vcpu: 8}}}\nworkloads:\n");
    for (int i = 0; i < 20000; i++)
        end += sprintf(end, "  w%d: {extends: t, owner: o%d}\n", i * 7919 % 20000, i % 9);
    const clock_t before = clock();
    const struct scenario s = load(a, text);
    const double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    gsl_test(s.n_workloads != 20000 || s.workloads[19999].vcpu != 8, "all are there");
    gsl_test(seconds > 5, "20000 workloads take %g s", seconds);
    arena_free(a);
}

/* A template times many workloads may not fill the memory. */
static void test_bomb(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct scenario s;
    char *text = ARENA_NEW(a, char, 4 << 20), *end = text;
    end += sprintf(end, HEAD "templates: {t: {kind: etl, tags: {");
    for (int i = 0; i < 20000; i++) end += sprintf(end, "k%d: v, ", i);
    end += sprintf(end, "}}}\nworkloads:\n");
    for (int i = 0; i < 1000; i++) end += sprintf(end, "  w%d: {extends: t, tags: {x: y}}\n", i);
    write_file("plan.yaml", text);
    const enum err e = scenario_load(&s, "plan.yaml", NULL, a, &d);
    gsl_test(e != ERR_TOO_LARGE, "is refused");
    same(findings_text(&d),
         "E3005 0:0 the scenario holds more than 2000000 values once it is merged -> put long "
         "lists into CSV files\n",
         "bomb");
    arena_free(a);
}

int main(void)
{
    char folder[] = "/tmp/gpumix-load-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0) return 1;
    test_every_key();
    test_defaults();
    test_other_forms();
    test_includes();
    test_variants();
    test_stock();
    test_large();
    test_bomb();
    static const char *const names[] = {
        "plan.yaml",  "stock.csv", "good.yaml",   "sub/up.yaml", "sub",     "loop.yaml",
        "wrong.yaml", "old.yaml",  "dollar.yaml", "d1.yaml",     "d2.yaml", "d3.yaml",
        "d4.yaml",    "d5.yaml",   "d6.yaml",     "d7.yaml",     "d8.yaml", "d9.yaml"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) remove(names[i]);
    gsl_test(chdir("/") != 0 || rmdir(folder) != 0, "leaves nothing behind");
    return gsl_test_summary();
}
