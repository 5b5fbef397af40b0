/* Results read back from JSON, by tables: one row per key. Sees jansson, as format_json.c does. */
#include "report/saved_run.h"
#include "common/text.h"
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum member_kind {
    IS_TEXT,
    IS_REAL,
    IS_MONEY,
    IS_WHOLE,
    IS_FLAG,
    IS_OBJECT, /* an object: `of` */
    IS_SAME,   /* `of` lies in the same object */
    IS_LIST,   /* of objects `of`; its number goes to `count_at` */
    IS_TEXTS,  /* of texts; likewise */
    IS_AMOUNTS /* of money; likewise */
};

struct shape_of;

struct member {
    const char *key;
    enum member_kind kind;
    bool required;
    size_t at;
    const struct shape_of *of;
    size_t count_at;
};

struct shape_of {
    size_t size;
    const struct member *members; /* ends with a row without key */
};

/* clang-format off */
#define TEXT(type, key, member)  {key, IS_TEXT, false, offsetof(struct type, member), NULL, 0}
#define NAME(type, key, member)  {key, IS_TEXT, true, offsetof(struct type, member), NULL, 0}
#define REAL(type, key, member)  {key, IS_REAL, false, offsetof(struct type, member), NULL, 0}
#define SIZE(type, key, member)  {key, IS_REAL, true, offsetof(struct type, member), NULL, 0}
#define MONEY(type, key, member) {key, IS_MONEY, true, offsetof(struct type, member), NULL, 0}
#define WHOLE(type, key, member) {key, IS_WHOLE, false, offsetof(struct type, member), NULL, 0}
#define FLAG(type, key, member)  {key, IS_FLAG, false, offsetof(struct type, member), NULL, 0}
#define OBJECT(type, key, member, of) {key, IS_OBJECT, false, offsetof(struct type, member), &(of), 0}
#define INSIDE(type, key, of)    {key, IS_OBJECT, false, 0, &(of), 0} /* its members are those of the outer struct */
#define OFFER(type)              {"", IS_SAME, false, offsetof(struct type, offer), &offer_shape, 0}
#define LIST(type, key, member, of, count) \
    {key, IS_LIST, false, offsetof(struct type, member), &(of), offsetof(struct type, count)}
#define TEXTS(type, key, member, count) \
    {key, IS_TEXTS, false, offsetof(struct type, member), NULL, offsetof(struct type, count)}
#define AMOUNTS(type, key, member, count) \
    {key, IS_AMOUNTS, false, offsetof(struct type, member), NULL, offsetof(struct type, count)}
#define END {NULL, IS_TEXT, false, 0, NULL, 0}
#define SHAPE(name, type, ...) \
    static const struct member name##_members[] = {__VA_ARGS__, END}; \
    static const struct shape_of name##_shape = {sizeof(struct type), name##_members};

SHAPE(offer, saved_offer, TEXT(saved_offer, "instance_type", type), TEXT(saved_offer, "market", market),
      TEXT(saved_offer, "region", region), TEXT(saved_offer, "zone", zone))
SHAPE(line, saved_line, OFFER(saved_line), TEXT(saved_line, "workload", workload), NAME(saved_line, "part", part),
      TEXT(saved_line, "dataset", dataset), TEXT(saved_line, "note", note), TEXT(saved_line, "unit", unit),
      WHOLE(saved_line, "machines", machines), SIZE(saved_line, "quantity", quantity), REAL(saved_line, "price", price),
      MONEY(saved_line, "cost", cost), FLAG(saved_line, "estimated", estimated))
SHAPE(stretch, saved_stretch, OFFER(saved_stretch), NAME(saved_stretch, "workload", workload), TEXT(saved_stretch, "job", job),
      NAME(saved_stretch, "from", from), NAME(saved_stretch, "to", to), WHOLE(saved_stretch, "machines", machines),
      WHOLE(saved_stretch, "starts", starts), REAL(saved_stretch, "from_h", from_h), REAL(saved_stretch, "to_h", to_h),
      REAL(saved_stretch, "machine_hours", machine_h), REAL(saved_stretch, "start_hours", start_h), REAL(saved_stretch, "work", work))
SHAPE(job, saved_job, NAME(saved_job, "workload", workload), NAME(saved_job, "job", job), TEXT(saved_job, "start", start),
      TEXT(saved_job, "finish", finish), TEXT(saved_job, "deadline", deadline), REAL(saved_job, "work", work),
      REAL(saved_job, "late_hours", late_h), REAL(saved_job, "machine_hours", machine_h), REAL(saved_job, "spot_share", spot_share))
SHAPE(pool, saved_pool, OFFER(saved_pool), WHOLE(saved_pool, "least_machines", least), WHOLE(saved_pool, "peak_machines", most),
      WHOLE(saved_pool, "starts", starts), REAL(saved_pool, "machine_hours", machine_h))
SHAPE(ess, saved_scaling, WHOLE(saved_scaling, "min_size", min_size), WHOLE(saved_scaling, "max_size", max_size),
      WHOLE(saved_scaling, "on_demand_base_capacity", base), WHOLE(saved_scaling, "on_demand_percentage_above_base", on_demand_percent),
      WHOLE(saved_scaling, "spot_instance_pools", spot_pools), WHOLE(saved_scaling, "cooldown_s", cooldown_s),
      WHOLE(saved_scaling, "warm_up_s", warm_up_s), TEXTS(saved_scaling, "instance_types", types, n_types))
SHAPE(eas, saved_scaling, REAL(saved_scaling, "target_load_per_replica", target_load))
SHAPE(scaling, saved_scaling, NAME(saved_scaling, "region", region), INSIDE(saved_scaling, "ess", ess_shape),
      INSIDE(saved_scaling, "eas", eas_shape))
SHAPE(service, saved_service, NAME(saved_service, "workload", workload), TEXT(saved_service, "rule", rule),
      TEXT(saved_service, "load_unit", load_unit), WHOLE(saved_service, "peak_machines", most),
      WHOLE(saved_service, "least_machines", least), REAL(saved_service, "held_hours", held_h),
      REAL(saved_service, "start_hours", start_h), REAL(saved_service, "idle_hours", idle_h),
      REAL(saved_service, "perfect_autoscaler_hours", perfect_h), REAL(saved_service, "unserved_share", unserved_share),
      REAL(saved_service, "spot_share", spot_share), REAL(saved_service, "peak_load", peak_load),
      LIST(saved_service, "pools", pools, pool_shape, n_pools), LIST(saved_service, "scaling", scaling, scaling_shape, n_scaling))
SHAPE(dataset, saved_dataset, TEXT(saved_dataset, "dataset", dataset), TEXT(saved_dataset, "class", class_),
      TEXT(saved_dataset, "region", region), REAL(saved_dataset, "share", share), REAL(saved_dataset, "size_gib", size_gib),
      REAL(saved_dataset, "extra_gib", extra_gib), REAL(saved_dataset, "provided_mbps", provided_mbps),
      REAL(saved_dataset, "needed_mbps", needed_mbps))
SHAPE(type, saved_type, NAME(saved_type, "instance_type", type), TEXT(saved_type, "gpu_model", gpu_model),
      REAL(saved_type, "gpus", gpus), REAL(saved_type, "gpu_memory_gib", gpu_memory_gib), REAL(saved_type, "memory_gib", memory_gib),
      WHOLE(saved_type, "vcpus", vcpus))
SHAPE(subscription, saved_subscription, OFFER(saved_subscription), WHOLE(saved_subscription, "count", count),
      FLAG(saved_subscription, "existing", existing))
SHAPE(commitment, saved_commitment, OFFER(saved_commitment), TEXT(saved_commitment, "kind", kind),
      FLAG(saved_commitment, "existing", existing), REAL(saved_commitment, "count", count), REAL(saved_commitment, "term_hours", term_h),
      REAL(saved_commitment, "break_even", break_even), REAL(saved_commitment, "used", used),
      REAL(saved_commitment, "one_more_used", one_more_used))
SHAPE(entry, saved_entry, OFFER(saved_entry), TEXT(saved_entry, "workload", workload), TEXT(saved_entry, "job", job),
      TEXT(saved_entry, "dataset", dataset), TEXT(saved_entry, "owner", owner), TEXT(saved_entry, "month", month),
      NAME(saved_entry, "part", part), TEXT(saved_entry, "unit", unit), TEXT(saved_entry, "note", note),
      REAL(saved_entry, "price", price), REAL(saved_entry, "quantity", quantity), MONEY(saved_entry, "amount", amount),
      FLAG(saved_entry, "estimated", estimated))
SHAPE(budget, saved_budget, TEXT(saved_budget, "owner", owner), TEXT(saved_budget, "month", month), NAME(saved_budget, "state", state),
      MONEY(saved_budget, "planned", planned), MONEY(saved_budget, "limit", limit))
SHAPE(limit, saved_limit, TEXT(saved_limit, "limit", limit), TEXT(saved_limit, "unit", unit), TEXT(saved_limit, "file", file),
      REAL(saved_limit, "saves", saves), WHOLE(saved_limit, "line", line))
SHAPE(candidate, saved_candidate, OFFER(saved_candidate), NAME(saved_candidate, "workload", workload),
      TEXT(saved_candidate, "reason", reason), FLAG(saved_candidate, "usable", usable), FLAG(saved_candidate, "dominated", dominated),
      FLAG(saved_candidate, "chosen", chosen), REAL(saved_candidate, "cost_per_useful_hour", cost),
      REAL(saved_candidate, "price_part", price_part), REAL(saved_candidate, "rework_part", rework_part),
      REAL(saved_candidate, "licence_part", licence_part), REAL(saved_candidate, "disk_part", disk_part))
SHAPE(conflict, saved_conflict, TEXT(saved_conflict, "what", what), TEXT(saved_conflict, "change", change),
      TEXT(saved_conflict, "set", set), TEXT(saved_conflict, "unit", unit), TEXT(saved_conflict, "file", file),
      REAL(saved_conflict, "short_by", short_by), WHOLE(saved_conflict, "line", line))
SHAPE(finding, saved_finding, TEXT(saved_finding, "code", code), TEXT(saved_finding, "message", message),
      TEXT(saved_finding, "why", why), TEXT(saved_finding, "fix", fix), TEXT(saved_finding, "file", file),
      WHOLE(saved_finding, "line", line))
SHAPE(spread, saved_spread, REAL(saved_spread, "mean", mean), REAL(saved_spread, "mean_low", mean_low),
      REAL(saved_spread, "mean_high", mean_high), REAL(saved_spread, "least", least), REAL(saved_spread, "p10", p10),
      REAL(saved_spread, "p50", p50), REAL(saved_spread, "p90", p90), REAL(saved_spread, "p95", p95), REAL(saved_spread, "p99", p99),
      REAL(saved_spread, "most", most), REAL(saved_spread, "cvar95", cvar95))
SHAPE(part, saved_part, NAME(saved_part, "part", part), OBJECT(saved_part, "cost", cost, spread_shape))
SHAPE(luck, saved_luck, NAME(saved_luck, "workload", workload), MONEY(saved_luck, "planned", planned),
      OBJECT(saved_luck, "cost", cost, spread_shape), OBJECT(saved_luck, "finish_hours", finish_h, spread_shape),
      OBJECT(saved_luck, "late_hours", late_h, spread_shape), OBJECT(saved_luck, "interruptions", interruptions, spread_shape),
      REAL(saved_luck, "missed", missed), REAL(saved_luck, "missed_low", missed_low), REAL(saved_luck, "missed_high", missed_high),
      REAL(saved_luck, "late_jobs", late_jobs), REAL(saved_luck, "offered", offered), REAL(saved_luck, "served", served),
      REAL(saved_luck, "late", late), REAL(saved_luck, "lost", lost), WHOLE(saved_luck, "jobs_given_up", given_up),
      LIST(saved_luck, "parts", parts, part_shape, n_parts))
SHAPE(simulation, saved_run, TEXT(saved_run, "spot_price", spot_model), TEXT(saved_run, "lives", life_model),
      TEXT(saved_run, "policy", policy), WHOLE(saved_run, "seed", seed), WHOLE(saved_run, "first_world", first_world),
      AMOUNTS(saved_run, "totals", totals, n_totals), OBJECT(saved_run, "cost", spread, spread_shape),
      OBJECT(saved_run, "idle", idle, spread_shape), LIST(saved_run, "workloads", lucks, luck_shape, n_lucks))
/* A plan costs something; what has none has no cost to tell. */
SHAPE(neighbour, saved_neighbour, TEXTS(saved_neighbour, "set", set, n_set), NAME(saved_neighbour, "status", status),
      TEXT(saved_neighbour, "message", message), {"cost", IS_MONEY, false, offsetof(struct saved_neighbour, cost), NULL, 0},
      REAL(saved_neighbour, "bound", bound), REAL(saved_neighbour, "gap", gap), REAL(saved_neighbour, "machine_hours", machine_h),
      WHOLE(saved_neighbour, "machines", machines), FLAG(saved_neighbour, "has_jobs", has_jobs),
      TEXT(saved_neighbour, "finish", finish), WHOLE(saved_neighbour, "worlds", worlds), REAL(saved_neighbour, "expected", expected),
      REAL(saved_neighbour, "expected_low", expected_low), REAL(saved_neighbour, "expected_high", expected_high),
      REAL(saved_neighbour, "p10", p10), REAL(saved_neighbour, "p50", p50), REAL(saved_neighbour, "p90", p90),
      REAL(saved_neighbour, "p95", p95), REAL(saved_neighbour, "late", late), REAL(saved_neighbour, "late_low", late_low),
      REAL(saved_neighbour, "late_high", late_high))
SHAPE(around, saved_run, WHOLE(saved_run, "plans", most_around), LIST(saved_run, "points", neighbours, neighbour_shape, n_neighbours))
SHAPE(file, saved_file, NAME(saved_file, "path", path), TEXT(saved_file, "sha256", sha256))
SHAPE(tool, saved_run, TEXT(saved_run, "version", version))
SHAPE(horizon, saved_run, TEXT(saved_run, "from", start), TEXT(saved_run, "to", end), REAL(saved_run, "utc_offset_hours", offset_h))
SHAPE(catalogue, saved_run, TEXT(saved_run, "date", book_date), TEXT(saved_run, "sha256", book_sha256))
SHAPE(inputs, saved_run, INSIDE(saved_run, "tool", tool_shape), TEXT(saved_run, "scenario", scenario),
      TEXT(saved_run, "variant", variant), INSIDE(saved_run, "horizon", horizon_shape),
      INSIDE(saved_run, "catalogue", catalogue_shape), LIST(saved_run, "files", files, file_shape, n_files))
SHAPE(summary, saved_run, NAME(saved_run, "status", status), TEXT(saved_run, "currency", currency), REAL(saved_run, "bound", bound),
      REAL(saved_run, "gap", gap), REAL(saved_run, "whole_bound", whole_bound), REAL(saved_run, "machine_hours", machine_h),
      REAL(saved_run, "estimated_share", estimated_share), WHOLE(saved_run, "machines", machines), TEXT(saved_run, "finish", finish),
      REAL(saved_run, "late_hours", late_h), WHOLE(saved_run, "worlds", worlds), REAL(saved_run, "expected", expected),
      REAL(saved_run, "expected_low", expected_low), REAL(saved_run, "expected_high", expected_high), REAL(saved_run, "p10", p10),
      REAL(saved_run, "p50", p50), REAL(saved_run, "p90", p90), REAL(saved_run, "p95", p95), REAL(saved_run, "late", late),
      REAL(saved_run, "late_low", late_low), REAL(saved_run, "late_high", late_high), REAL(saved_run, "over_budget", over_budget),
      REAL(saved_run, "over_budget_low", over_budget_low), REAL(saved_run, "over_budget_high", over_budget_high))
SHAPE(result, saved_run, INSIDE(saved_run, "summary", summary_shape), INSIDE(saved_run, "inputs", inputs_shape),
      LIST(saved_run, "plan", lines, line_shape, n_lines), LIST(saved_run, "timeline", stretches, stretch_shape, n_stretches),
      LIST(saved_run, "jobs", jobs, job_shape, n_jobs), LIST(saved_run, "services", services, service_shape, n_services),
      LIST(saved_run, "datasets", datasets, dataset_shape, n_datasets),
      LIST(saved_run, "instance_types", types, type_shape, n_types),
      LIST(saved_run, "subscriptions", subscriptions, subscription_shape, n_subscriptions),
      LIST(saved_run, "commitments", commitments, commitment_shape, n_commitments),
      LIST(saved_run, "ledger", entries, entry_shape, n_entries), LIST(saved_run, "budgets", budgets, budget_shape, n_budgets),
      LIST(saved_run, "limits", limits, limit_shape, n_limits), LIST(saved_run, "candidates", candidates, candidate_shape, n_candidates),
      LIST(saved_run, "conflicts", conflicts, conflict_shape, n_conflicts), LIST(saved_run, "warnings", warnings, finding_shape, n_warnings),
      LIST(saved_run, "errors", errors, finding_shape, n_errors), TEXTS(saved_run, "assumptions", assumptions, n_assumptions),
      INSIDE(saved_run, "simulation", simulation_shape), INSIDE(saved_run, "around", around_shape))
/* clang-format on */

struct reader {
    const char *path;
    struct arena *arena;
    struct diag *diag;
};

static enum err run_wrong(const struct reader *r, const char *what)
{
    const enum err code =
        diag_error(r->diag, ERR_RUN_FILE, (struct place){0}, "\"%s\": %s", r->path, what);
    diag_fix(r->diag, "%s", _("give files written by gpumix plan FILE --save RUN.json"));
    return code;
}

static enum err member_wrong(const struct reader *r, const struct member *m, const char *inside)
{
    return run_wrong(r, arena_printf(r->arena, _("%s%s%s is missing, or is not what it should be"),
                                     inside, *inside ? "." : "", m->key));
}

static enum err object_read(void *to, const json_t *o, const struct shape_of *shape,
                            const char *inside, const struct reader *r);

/* Amounts are written with the 15 digits of a double, which holds every millionth below nine thousand million. */
static bool money_set(void *to, const json_t *value)
{
    const double amount = json_number_value(value);
    if (!json_is_number(value) || fabs(amount) > 9e9) return false;
    *(micro_t *)to = (micro_t)llround(amount * 1e6);
    return true;
}

static enum err list_read(char *to, const json_t *list, const struct member *m, const char *inside,
                          const struct reader *r)
{
    const size_t n = json_array_size(list);
    const size_t size = m->kind == IS_LIST    ? m->of->size
                        : m->kind == IS_TEXTS ? sizeof(char *)
                                              : sizeof(micro_t);
    char *items = arena_alloc(r->arena, n + 1, size);
    for (size_t i = 0; i < n; i++) {
        const json_t *one = json_array_get(list, i);
        if (m->kind == IS_TEXTS) {
            const char *text = json_string_value(one);
            if (!text) return member_wrong(r, m, inside);
            memcpy(items + i * size, &text, sizeof text);
            continue;
        }
        if (m->kind == IS_AMOUNTS) {
            if (!money_set(items + i * size, one)) return member_wrong(r, m, inside);
            continue;
        }
        if (!json_is_object(one)) return member_wrong(r, m, inside);
        TRY(object_read(items + i * size, one, m->of, m->key, r));
    }
    memcpy(to + m->at, &items, sizeof items);
    memcpy(to + m->count_at, &n, sizeof n);
    return OK;
}

static bool plain_set(void *to, const json_t *value, enum member_kind kind)
{
    switch (kind) {
    case IS_TEXT:
        *(const char **)to = json_string_value(value);
        return json_is_string(value);
    case IS_REAL:
        *(double *)to = json_number_value(value);
        return json_is_number(value);
    case IS_MONEY:
        return money_set(to, value);
    case IS_WHOLE:
        *(long *)to = (long)json_integer_value(value);
        return json_is_integer(value);
    case IS_FLAG:
        *(bool *)to = json_is_true(value);
        return json_is_boolean(value);
    case IS_OBJECT:
    case IS_SAME:
    case IS_LIST:
    case IS_TEXTS:
    case IS_AMOUNTS:
        break;
    }
    return false;
}

/* Numbers that are not said are not 0. */
static void absent_set(char *to, const struct member *m)
{
    if (m->kind == IS_REAL) *(double *)(void *)(to + m->at) = (double)NAN;
    if (m->kind != IS_OBJECT && m->kind != IS_SAME) return;
    for (const struct member *inner = m->of->members; inner->key; inner++)
        absent_set(to + m->at, inner);
}

static enum err member_read(char *to, const json_t *o, const struct member *m, const char *inside,
                            const struct reader *r)
{
    if (m->kind == IS_SAME) return object_read(to + m->at, o, m->of, inside, r);
    const json_t *value = json_object_get(o, m->key);
    if (!value || json_is_null(value)) {
        if (m->required) return member_wrong(r, m, inside);
        absent_set(to, m);
        return OK;
    }
    switch (m->kind) {
    case IS_OBJECT:
        if (!json_is_object(value)) return member_wrong(r, m, inside);
        return object_read(to + m->at, value, m->of, m->key, r);
    case IS_LIST:
    case IS_TEXTS:
    case IS_AMOUNTS:
        if (!json_is_array(value)) return member_wrong(r, m, inside);
        return list_read(to, value, m, inside, r);
    default:
        return plain_set(to + m->at, value, m->kind) ? OK : member_wrong(r, m, inside);
    }
}

static enum err object_read(void *to, const json_t *o, const struct shape_of *shape,
                            const char *inside, const struct reader *r)
{
    for (const struct member *m = shape->members; m->key; m++)
        TRY(member_read(to, o, m, inside, r));
    return OK;
}

/* What a value of the merged scenario is: text, or an empty list or map. */
static enum err values_read(struct saved_run *run, const json_t *list, const struct reader *r)
{
    static const struct member rows[] = {{.key = "values"}};
    const size_t n = json_array_size(list);
    run->values = ARENA_NEW(r->arena, struct saved_value, n + 1);
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i), *value = json_object_get(v, "value");
        const json_t *file = json_object_get(v, "file"), *layer = json_object_get(v, "layer");
        const char *path = json_string_value(json_object_get(v, "path"));
        if (!path || !value) return member_wrong(r, &rows[0], "inputs");
        run->values[run->n_values++] = (struct saved_value){
            .path = path,
            .value = json_is_string(value) ? json_string_value(value) : "",
            .file = json_string_value(file),
            .layer = json_string_value(layer),
            .line = (long)json_integer_value(json_object_get(v, "line")),
        };
    }
    return OK;
}

static enum err sums_check(const struct saved_run *run, const struct reader *r)
{
    micro_t lines = 0, entries = 0;
    for (size_t i = 0; i < run->n_lines; i++)
        if (!money_add(&lines, run->lines[i].cost)) break;
    for (size_t i = 0; i < run->n_entries; i++)
        if (!money_add(&entries, run->entries[i].amount)) break;
    if (lines != run->cost) return run_wrong(r, _("its lines do not add up to its cost"));
    if (run->n_entries > 0 && entries != run->cost)
        return run_wrong(r, _("its ledger does not add up to its cost"));
    return OK;
}

bool saved_has_plan(const char *status)
{
    return strcmp(status, "optimal") == 0 || strcmp(status, "within_gap") == 0 ||
           strcmp(status, "feasible") == 0;
}

static enum err plan_check(struct saved_run *run, const json_t *root, const struct reader *r)
{
    const json_t *summary = json_object_get(root, "summary");
    run->has_plan = saved_has_plan(run->status);
    if (!run->has_plan) return OK;
    const bool whole = isfinite(run->bound) && isfinite(run->gap) && isfinite(run->machine_h);
    if (!run->currency || !whole || !money_set(&run->cost, json_object_get(summary, "cost")))
        return run_wrong(r, _("its summary has no currency, cost, bound, gap or machine_hours"));
    return sums_check(run, r);
}

static enum err run_read(struct saved_run *run, const json_t *root, const struct reader *r)
{
    if (!json_is_object(json_object_get(root, "summary")))
        return run_wrong(r, _("it has no summary of a plan"));
    TRY(object_read(run, root, &result_shape, "", r));
    const json_t *values = json_object_get(json_object_get(root, "inputs"), "values");
    TRY(values_read(run, values, r));
    run->document = root;
    if (!run->variant) run->variant = "base";
    run->name = run->variant;
    run->offset_us =
        isfinite(run->offset_h) ? (int64_t)llround(run->offset_h * (double)US_PER_H) : 0;
    return plan_check(run, root, r);
}

static void root_release(void *root)
{
    json_decref(root);
}

static enum err runs_read(struct saved_run **runs, size_t *n, json_t *root, const struct reader *r)
{
    arena_defer(r->arena, root_release, root);
    const json_t *variants = json_object_get(root, "variants");
    *n = json_is_array(variants) ? json_array_size(variants) : 1;
    *runs = ARENA_NEW(r->arena, struct saved_run, *n + 1);
    for (size_t i = 0; i < *n; i++)
        TRY(run_read(&(*runs)[i], json_is_array(variants) ? json_array_get(variants, i) : root, r));
    return OK;
}

/* "line 3, column 7: invalid token" of jansson, with its place. */
static enum err json_wrong(const struct reader *r, const json_error_t *e)
{
    const enum err code = e->line < 0 ? diag_error(r->diag, ERR_FILE, (struct place){0},
                                                   _("\"%s\" cannot be read"), r->path)
                                      : diag_error(r->diag, ERR_RUN_FILE, (struct place){0},
                                                   _("\"%s\", line %d, column %d: not valid JSON"),
                                                   r->path, e->line, e->column);
    diag_fix(r->diag, "%s", _("give files written by gpumix plan FILE --save RUN.json"));
    return code;
}

enum err saved_runs_read(struct saved_run **runs, size_t *n, const char *path, struct arena *a,
                         struct diag *d)
{
    const bool input = strcmp(path, "-") == 0;
    const struct reader r = {input ? "<stdin>" : path, a, d};
    json_error_t error;
    json_t *root = input ? json_loadf(stdin, JSON_REJECT_DUPLICATES, &error)
                         : json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    return root ? runs_read(runs, n, root, &r) : json_wrong(&r, &error);
}

enum err saved_runs_make(struct saved_run **runs, const struct report *report, struct arena *a,
                         struct diag *d)
{
    const struct reader r = {"JSON", a, d};
    char *text = NULL;
    size_t bytes = 0, n = 0;
    json_error_t error;
    FILE *out = open_memstream(&text, &bytes);
    enum err code = out ? format_json.plans(report, out, a, d) : ERR_MEMORY;
    if (out) (void)fclose(out);
    json_t *root = code == OK ? json_loadb(text, bytes, 0, &error) : NULL;
    free(text);
    if (!root)
        return diag_error(d, ERR_MEMORY, (struct place){0},
                          _("the JSON text could not be built in memory"));
    TRY(runs_read(runs, &n, root, &r));
    for (size_t i = 0; i < n; i++) {
        const struct result *own = &report->results[i];
        (*runs)[i].result = own;
        if (own->label) (*runs)[i].name = own->label;
    }
    return OK;
}

const char *saved_run_json(const struct saved_run *run, struct arena *a)
{
    char *text = json_dumps(run->document, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    if (!text) return "";
    arena_defer(a, free, text);
    return text;
}

const char *saved_value(const struct saved_run *run, const char *path)
{
    for (size_t i = 0; i < run->n_values; i++)
        if (strcmp(run->values[i].path, path) == 0) return run->values[i].value;
    return NULL;
}
