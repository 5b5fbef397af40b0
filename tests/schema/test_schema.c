/* The JSON Schema and the reader come from the same tables: they must judge alike. Instances are made from YAML by the
 * core schema of YAML 1.2, as editors do. */
#include "common/node.h"
#include "common/source.h"
#include "scenarios/scenario.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEAD       "version: 1\nhorizon: {start: 2026-12-01, length: 30d}\n"
#define ONE(body)  HEAD "workloads: {w: {kind: etl, " body "}}\n"
#define MORE(body) HEAD "workloads: {w: {kind: etl}}\n" body "\n"

/* clang-format off */
static const struct snippet { const char *text; bool ok; } snippets[] = {
    {ONE("work: {vcpu_hours: 9.5}"), true}, {ONE("work: {vcpu_hours: x}"), false}, {ONE("work: {vcpu_hours: -1}"), false},
    {ONE("work: {vcpu_hours: 50%}"), false}, {ONE("work: {gpu_hours: {base: 5}}"), true},
    {ONE("work: {gpu_hours: {low: 1, base: 2, high: 3, why: y}}"), true}, {ONE("work: {gpu_hours: {low: 5}}"), false},
    {ONE("work: {gpu_hours: {base: 5, mid: 6}}"), false}, {ONE("work: {gpu_hours: [5]}"), false},
    {ONE("work: {tokens: 1.5T, parameters: 7B, utilization: 40%}"), true}, {ONE("work: {tokens: 1.5X}"), false},
    {ONE("work: {utilization: 0.4}"), false}, {ONE("work: {items: 4000000}"), true}, {ONE("work: {items: -4}"), false},
    {ONE("work: {seats: 12}"), true}, {ONE("work: {seats: 0}"), false}, {ONE("work: {seats: 1.5}"), false},
    {ONE("work: {hours_per_day: 7.5}"), true}, {ONE("work: {hours_per_day: 25}"), false},
    {ONE("work: {from_csv: j.csv, columns: {id: shot}}"), true}, {ONE("work: {columns: {shot: id}}"), false},
    {ONE("work: {repeat: weekly}"), true}, {ONE("work: {repeat: yearly}"), false}, {ONE("work: 5"), false},
    {ONE("wrok: {}"), false}, {ONE("kind_: etl"), false}, {ONE("priority: 100"), true}, {ONE("priority: 101"), false},
    {ONE("speed: {A10-24GB: 1, T4-16GB: 30%, L20-48GB: {base: 1.4}}"), true}, {ONE("speed: {A10-24GB: fast}"), false},
    {ONE("speed: {A10-24GB: -1}"), false}, {ONE("resources: {gpu: [A10-24GB]}"), true}, {ONE("resources: {gpu: A10-24GB}"), false},
    {ONE("resources: {gpus_per_worker: 8, workers: 4}"), true}, {ONE("resources: {gpus_per_worker: 0}"), false},
    {ONE("resources: {gpus_per_worker: 65}"), false}, {ONE("resources: {gpu_memory: 80GB, memory: 1.5TiB}"), true},
    {ONE("resources: {gpu_memory: 80}"), false}, {ONE("resources: {gpu_memory: 80 GB}"), false},
    {ONE("resources: {gpu_share: 0.5}"), true}, {ONE("resources: {gpu_share: 0}"), false}, {ONE("resources: {gpu_share: 1.5}"), false},
    {ONE("resources: {shard: true}"), true}, {ONE("resources: {shard: 'true'}"), true}, {ONE("resources: {shard: yes}"), false},
    {ONE("resources: {interconnect: rdma}"), true}, {ONE("resources: {interconnect: ethernet}"), false},
    {ONE("resources: {instance_types: [ecs.g7.large]}"), true}, {ONE("resources: {instance_types: [g7/x]}"), false},
    {ONE("resources: {features: [nvenc, ecc]}"), true}, {ONE("resources: {features: [h264]}"), false},
    {ONE("window: {start: 2026-12-01, deadline: 12d}"), true}, {ONE("window: {deadline: 2026-12-08 18:00}"), true},
    {ONE("window: {deadline: 2026-12-08T18:00}"), true}, {ONE("window: {deadline: 12}"), false}, {ONE("window: {deadline: soon}"), false},
    {ONE("window: {start: 12d}"), false}, {ONE("window: {hours: '22:00-07:00'}"), true}, {ONE("window: {hours: 22-07}"), false},
    {ONE("window: {days: workdays, confidence: 95%}"), true}, {ONE("window: {days: mondays}"), false}, {ONE("window: {confidence: 0.95}"), false},
    {ONE("late_cost: ¥20000/d"), true}, {ONE("late_cost: CNY 20,000.50/d"), false /* a comma ends a value in { } */},
    {ONE("late_cost: \"CNY 20,000.50/d\""), true}, {ONE("late_cost: 20000/d"), false}, {ONE("late_cost: EUR 5/d"), false},
    {ONE("unserved_cost: 0.05"), true}, {ONE("unserved_cost: ¥-5"), false}, {ONE("unserved_cost: -5"), false},
    {ONE("load: {shape: diurnal, base: 30/h, peak: 900/h, peak_at: '21:00', weekend: 160%, growth: -5%/month, burst: 1.6, scale: 2}"), true},
    {ONE("load: {shape: flat}"), false}, {ONE("load: {base: 30}"), false}, {ONE("load: {growth: 5%}"), false}, {ONE("load: {burst: 0.5}"), false},
    {ONE("load: {points: {'00:00': 6/s}}"), true}, {ONE("load: {points: {'0:00': 6/s}}"), false}, {ONE("load: {points: {'00:00': 6}}"), false},
    {ONE("latency: {p50: 1ms, p95: 40ms, p99: 800ms, met: 99%, blocked: 1%}"), true}, {ONE("latency: {p99: 0.8}"), false}, {ONE("latency: {p98: 1s}"), false},
    {ONE("service: {time: 180ms, cv: 0.8, batch: 4, concurrency: 2, frame: 14ms}"), true}, {ONE("service: {cv: -1}"), false}, {ONE("service: {batch: 0}"), false},
    {ONE("request_mix: {from_csv: m.csv}"), true}, {ONE("request_mix: {}"), false},
    {ONE("autoscale: {min: 0, max: 40, cold_start: 90s, cooldown: 10min, headroom: 20%}"), true}, {ONE("autoscale: {min: -1}"), false}, {ONE("autoscale: {max: 0}"), false},
    {ONE("purchase: [spot, on_demand]"), true}, {ONE("purchase: []"), false}, {ONE("purchase: [spot, spot]"), false}, {ONE("purchase: spot"), false}, {ONE("purchase: [preemptible]"), false},
    {ONE("spot_max_share: 40%"), true}, {ONE("spot_max_share: 0.4"), false},
    {ONE("spot: {protection: hour, max_price: ¥9.8/h, min_discount: 20%, hazard_per_h: 0.05, on_demand_base: 2}"), true},
    {ONE("spot: {protection: day}"), false}, {ONE("spot: {hazard_per_h: {base: 0.1, high: 0.2}}"), true}, {ONE("spot: {on_demand_base: -1}"), false},
    {ONE("interruption: {tolerant: true, checkpoint_every: auto, checkpoint_size: 84GB, restart: 9min, lost_per_hit: 6min}"), true},
    {ONE("interruption: {checkpoint_every: 20min}"), true}, {ONE("interruption: {checkpoint_every: often}"), false}, {ONE("interruption: {tolerant: 1}"), false},
    {MORE("storage: {d: {class: any}}\ndefaults: {storage: [{use: d, size: 6TB, keep: 30d, throughput: 10GB/s, reads: 1.3x, egress: 2TB}]}"), true},
    {ONE("storage: [{use: d}]"), false}, {ONE("storage: [{size: 1TB}]"), false}, {ONE("storage: {use: d, size: 1TB}"), false}, {ONE("storage: [{use: d, size: 1TB, reads: 2}]"), false},
    {ONE("licence: {name: n, price: ¥140/month, per: seat}"), true}, {ONE("licence: {per: user}"), false},
    {ONE("tags: {a: b}"), true}, {ONE("tags: [a]"), false}, {ONE("label: [a]"), false}, {ONE("owner: null"), false}, {ONE("owner: ~"), false}, {ONE("owner: "), false},
    {MORE("templates: {t: {extends: s, kind: cad}, s: {}}"), true}, {MORE("templates: {t: {kinds: cad}}"), false}, {MORE("templates: {'t t': {}}"), false},
    {MORE("defaults: {owner: o}"), true}, {MORE("defaults: {ownr: o}"), false}, {MORE("unknown: 1"), false},
    {MORE("currency: USD"), true}, {MORE("currency: EUR"), false}, {MORE("fx: {USD: 7.2}"), true}, {MORE("fx: {USD: x}"), false}, {MORE("fx: {USD: 0}"), false}, {MORE("fx: 7.2"), false},
    {MORE("catalog: {builtin: true, instances: [i.csv], prices: [p.csv], storage: [s.csv], gpu_speed: [g.csv], spot_history: [h.json]}"), true},
    {MORE("catalog: {builtin: maybe}"), false}, {MORE("catalog: {prices: p.csv}"), false}, {MORE("catalog: {regions: [cn-shenzhen]}"), true}, {MORE("catalog: {regions: [Shenzhen]}"), false},
    {MORE("catalog: {discount: 8%}"), true}, {MORE("catalog: {discount: {gn7i: 8%}}"), true}, {MORE("catalog: {discount: 0.08}"), false}, {MORE("catalog: {discount: {gn7i: 8}}"), false},
    {MORE("catalog: {max_age: 14d}"), true}, {MORE("catalog: {max_age: 14}"), false},
    {MORE("catalog: {overrides: {ecs.gn7i-c16g1.4xlarge/on_demand: ¥9.8/h}}"), true}, {MORE("catalog: {overrides: {ecs.g7.large/spot@cn-beijing: ¥1/h}}"), true},
    {MORE("catalog: {overrides: {ecs.g7.large: ¥1/h}}"), false}, {MORE("catalog: {overrides: {ecs.g7.large/spot: cheap}}"), false},
    {MORE("quota: {A10-24GB: 400, ecs.g7.large@cn-beijing: 3}"), true}, {MORE("quota: {A10-24GB: -1}"), false}, {MORE("quota: {A10-24GB: 1.5}"), false}, {MORE("quota: {A10 24: 1}"), false}, {MORE("quota: [A10-24GB]"), false},
    {MORE("quota_by: {o: {A10-24GB: 4}}\ndefaults: {owner: o}"), true}, {MORE("quota_by: {o: 4}"), false},
    {MORE("stock: {A10-24GB: 4}"), true}, {MORE("stock: {A10-24GB: x}"), false}, {MORE("stock: {from_csv: s.csv, A10-24GB: 4}"), false}, {MORE("stock: 5"), false},
    {MORE("commitments: [{subscription: ecs.g7.large, region: cn-beijing, count: 2, until: 2026-12-24}]"), true},
    {MORE("commitments: [{savings_plan: ¥50/h, discount: 30%}]"), true}, {MORE("commitments: [{subscription: ecs.g7.large}]"), false}, {MORE("commitments: [{savings_plan: ¥50/h}]"), false},
    {MORE("commitments: [{subscription: ecs.g7.large, count: 0}]"), false}, {MORE("commitments: {}"), false}, {MORE("commitments: [{subscription: ecs.g7.large, count: 1, savings_plan: ¥5/h, discount: 3%}]"), false},
    {MORE("integrality: none"), true}, {MORE("integrality: full"), false},
    {MORE("storage: {d: {class: oss-ia, region: cn-beijing, split: true, price: ¥0.28/GB-month, min_size: 1TB, throughput: 100MB/s}}"), true},
    {MORE("storage: {d: {classes: [oss-ia, oss-hdfs]}}"), true}, {MORE("storage: {d: {classes: []}}"), false}, {MORE("storage: {d: {classes: [oss-ia, oss-ia]}}"), false},
    {MORE("storage: {d: {price: ¥0.28}}"), false}, {MORE("storage: {d: {price: 0.28}}"), false}, {MORE("storage: {d: {klass: oss-ia}}"), false}, {MORE("storage: {d: oss-ia}"), false},
    {MORE("budget: {limit: ¥320000, warn_at: 80%, confidence: 90%, by: {o: ¥9000/month}}\ndefaults: {owner: o}"), true}, {MORE("budget: {limit: 320000}"), true}, {MORE("budget: {limit: a lot}"), false}, {MORE("budget: {warn_at: 0.8}"), false}, {MORE("budget: 5"), false},
    {MORE("simulate: {runs: 2000, seed: -42, spot_price: history, spot_price_factor: 150%, interruptions_per_day: {low: 0.2, base: 1, high: 4}, precision: 1%}"), true},
    {MORE("simulate: {runs: 0}"), false}, {MORE("simulate: {seed: 1.5}"), false}, {MORE("simulate: {spot_price: mean}"), false},
    {MORE("variants: {v: {label: l, from: base, set: {workloads.w.owner: o}, remove: []}}"), true}, {MORE("variants: {v: {sets: {}}}"), false}, {MORE("variants: {v: {set: [a]}}"), false}, {MORE("variants: {v: {remove: a}}"), false},
    {MORE("compare: {baseline: base, order: [base]}"), true}, {MORE("compare: {order: base}"), false}, {MORE("compare: {best: base}"), false},
    {MORE("sweep: {workloads.w.window.deadline: [8d, 10d]}"), true}, {MORE("sweep: {workloads.w.priority: [1, 2]}"), true}, {MORE("sweep: {workloads.w.priority: 5}"), false}, {MORE("sweep: {workloads.w.priority: [[5]]}"), false},
    {MORE("include: a.yaml"), false}, {MORE("name: [a]"), false}, {MORE("description: d"), true},
    {"version: 2\nworkloads: {w: {}}\n", false}, {"workloads: {w: {}}\n", false}, {HEAD, false}, {HEAD "workloads: {}\n", false}, {HEAD "workloads: []\n", false},
    {"version: 1\nhorizon: {start: 2026-12, length: 30d}\nworkloads: {w: {kind: etl}}\n", false},
    {"version: 1\nhorizon: {start: 2026-12-01, length: 30, step: 1h}\nworkloads: {w: {kind: etl}}\n", false},
    {"version: 1\nhorizon: {start: 2026-12-01, length: 30d, steps: 1h}\nworkloads: {w: {kind: etl}}\n", false},
};
/* clang-format on */

/* Files that both must accept. */
static const char *const files[] = {
    "scenarios/library/01-train-llm-spot.yaml",  "scenarios/library/02-finetune-lora.yaml",
    "scenarios/library/04-inference-batch.yaml", "scenarios/library/06-render-farm.yaml",
    "scenarios/library/09-etl-cpu.yaml",         "tests/scenarios/data/merge/plan.yaml"};

static bool plain_matches(const char *pattern, const char *text)
{
    regex_t compiled;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0) return false;
    const bool matches = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return matches;
}

/* As JSON on one line: plain scalars get the type that YAML 1.2 gives them. */
static void print_instance(const struct node *n, FILE *out)
{
    if (n->type == NODE_TEXT) {
        const bool number =
            plain_matches("^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?$", n->text);
        const bool word = !strcmp(n->text, "true") || !strcmp(n->text, "false");
        if (!n->quoted && (!*n->text || plain_matches("^(~|null|Null|NULL)$", n->text)))
            fputs("null", out);
        else if (word ||
                 (!n->quoted && number)) /* 'true' in quotes is read like true; see the table */
            fputs(n->text, out);
        else {
            fputc('"', out);
            for (const char *s = n->text; *s; s++)
                fprintf(out, *s == '"' || *s == '\\' ? "\\%c" : "%c", *s);
            fputc('"', out);
        }
        return;
    }
    fputc(n->type == NODE_MAP ? '{' : '[', out);
    for (const struct node *c = n->first; c; c = c->next) {
        if (c->key) fprintf(out, "\"%s\": ", c->key);
        print_instance(c, out);
        if (c->next) fputs(", ", out);
    }
    fputc(n->type == NODE_MAP ? '}' : ']', out);
}

struct folder {
    char path[64], schema[96], instances[96], plan[96];
};

static void write_instance(const char *name, const struct source *s, struct arena *a, FILE *out)
{
    struct diag d = {.arena = a};
    struct node *root = NULL;
    if (node_read(&root, s, a, &d) != OK) gsl_test(1, "%s: %s", name, findings_text(&d));
    if (root) print_instance(root, out);
    fputc('\n', out);
}

static bool write_inputs(const struct folder *f, struct arena *a)
{
    FILE *schema = fopen(f->schema, "w"), *instances = fopen(f->instances, "w");
    if (!schema || !instances) return false;
    gsl_test(scenario_print_schema(schema) != OK, "the schema is printed");
    for (size_t i = 0; i < sizeof snippets / sizeof *snippets; i++)
        write_instance(snippets[i].text, source_of_text("snippet", snippets[i].text, a), a,
                       instances);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct diag d = {.arena = a};
        const struct source *s = NULL;
        if (source_read(&s, files[i], a, &d) != OK)
            gsl_test(1, "%s: %s", files[i], findings_text(&d));
        if (s) write_instance(files[i], s, a, instances);
    }
    return fclose(schema) == 0 && fclose(instances) == 0;
}

static bool reader_accepts(const char *path, struct arena *a)
{
    struct diag d = {.arena = a};
    struct scenario s;
    return scenario_load(&s, path, NULL, a, &d) == OK;
}

static void compare(const struct folder *f, struct arena *a, FILE *verdicts)
{
    char verdict[16];
    const size_t n_snippets = sizeof snippets / sizeof *snippets;
    for (size_t i = 0; i < n_snippets + sizeof files / sizeof *files; i++) {
        const bool snippet = i < n_snippets, wanted = snippet ? snippets[i].ok : true;
        const char *name = snippet ? snippets[i].text : files[i - n_snippets];
        if (!fgets(verdict, sizeof verdict, verdicts)) {
            gsl_test(1, "a verdict is missing for %s", name);
            return;
        }
        gsl_test(!strcmp(verdict, "ok\n") != wanted, "the schema about: %s", name);
        if (snippet) {
            FILE *plan = fopen(f->plan, "w");
            if (plan) fputs(name, plan);
            if (!plan || fclose(plan) != 0) gsl_test(1, "cannot write %s", f->plan);
        }
        gsl_test(reader_accepts(snippet ? f->plan : name, a) != wanted, "the reader about: %s",
                 name);
    }
}

int main(void)
{
    struct folder f = {.path = "/tmp/gpumix-schema-XXXXXX"};
    struct arena *a = arena_new();
    if (!mkdtemp(f.path)) return 1;
    snprintf(f.schema, sizeof f.schema, "%s/schema.json", f.path);
    snprintf(f.instances, sizeof f.instances, "%s/instances.jsonl", f.path);
    snprintf(f.plan, sizeof f.plan, "%s/plan.yaml", f.path);
    gsl_test(!write_inputs(&f, a), "schema and instances are written");
    FILE *verdicts =
        popen(arena_printf(a, "python3 tests/schema/agree.py %s %s", f.schema, f.instances), "r");
    if (verdicts) compare(&f, a, verdicts);
    const int status = verdicts ? pclose(verdicts) : -1;
    gsl_test(status != 0, "python3 with jsonschema has judged (status %d)", status);
    remove(f.schema);
    remove(f.instances);
    remove(f.plan);
    gsl_test(rmdir(f.path) != 0, "leaves nothing behind");
    arena_free(a);
    return gsl_test_summary();
}
