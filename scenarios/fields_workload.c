/* The table of a workload: keys under workloads.NAME, templates.NAME and defaults. */
#include "scenarios/kinds.h"
#include "scenarios/types.h"
#include <string.h>

/* --- types of single keys --- */

static const char **kind_names(struct arena *a)
{
    size_t n = 0;
    const char **names = NULL;
    for (size_t i = 0; workload_kinds[i]; i++) *ARENA_PUSH(a, names, n) = workload_kinds[i]->name;
    *ARENA_PUSH(a, names, n) = NULL;
    return names;
}

static void kind_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    (void)f;
    if (!field_is_text(n, r)) return;
    const struct workload_kind *kind = kind_find(n->text);
    if (!kind)
        field_bad_choice(n, kind_names(r->arena), r);
    else if (member)
        *(const struct workload_kind **)member = kind;
}

static void kind_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put_words(out, kind_names(a), a);
}

static const struct field_type type_kind = {kind_read, kind_schema};

/* A length of time or a moment; fills the members of struct workload. */
static void deadline_read(const struct field *f, void *member, const struct node *n,
                          struct field_reader *r)
{
    double hours = 0;
    moment_t moment = 0;
    if (!field_is_text(n, r)) return;
    const bool is_moment =
        field_matches(MOMENT_PATTERN, n->text, r) && moment_parse(&moment, n->text);
    if (!is_moment && !quantity_parse(&hours, n->text, DURATION_H)) {
        field_bad_value(n, _("a length of time such as 12d, or a moment such as 2026-12-08 18:00"),
                        r);
        return;
    }
    const struct field above_zero = {.dimension = DURATION_H, .above_min = true};
    if (!is_moment && !field_in_range(&above_zero, hours, n, r)) return;
    struct workload *w = member;
    (void)f;
    if (!w) return;
    w->deadline_is_moment = is_moment;
    w->deadline = moment;
    w->deadline_h = hours;
}

static void refer_or(struct node *out, const char *definition, struct node *other, struct arena *a)
{
    struct node *forms = node_put(out, "oneOf", node_new(NODE_LIST, a), a);
    schema_put(node_append(forms, node_new(NODE_MAP, a)), "$ref",
               arena_printf(a, "#/definitions/%s", definition), a);
    node_append(forms, other);
}

static void deadline_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    struct node *moment = node_new(NODE_MAP, a);
    schema_put(moment, "$ref", "#/definitions/moment", a);
    refer_or(out, "duration", moment, a);
}

static const struct field_type type_deadline = {deadline_read, deadline_schema};

static const char HOURS_PATTERN[] = "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$";

static void hours_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    char from[6] = "", to[6] = "";
    int64_t from_us, to_us;
    (void)f;
    if (!field_is_text(n, r)) return;
    if (field_matches(HOURS_PATTERN, n->text, r)) {
        memcpy(from, n->text, 5);
        memcpy(to, n->text + 6, 5);
    }
    if (!clock_parse(&from_us, from) || !clock_parse(&to_us, to)) {
        field_bad_value(n, _("hours of the day, for example 22:00-07:00"), r);
        return;
    }
    struct workload *w = member;
    if (!w) return;
    w->hours_from_us = from_us;
    w->hours_to_us = to_us;
}

static void hours_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put(out, "type", "string", a);
    schema_put(out, "pattern", HOURS_PATTERN, a);
}

static const struct field_type type_hours = {hours_read, hours_schema};

static void checkpoint_read(const struct field *f, void *member, const struct node *n,
                            struct field_reader *r)
{
    double hours = 0;
    (void)f;
    if (!field_is_text(n, r)) return;
    const bool is_auto = !strcmp(n->text, "auto");
    if (!is_auto && !quantity_parse(&hours, n->text, DURATION_H)) {
        field_bad_value(n, _("a length of time such as 20min, or auto"), r);
        return;
    }
    const struct field above_zero = {.dimension = DURATION_H, .above_min = true};
    if (!is_auto && !field_in_range(&above_zero, hours, n, r)) return;
    struct workload *w = member;
    if (!w) return;
    w->checkpoint_auto = is_auto;
    w->checkpoint_every_h = hours;
}

static void checkpoint_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    struct node *word = node_new(NODE_MAP, a);
    schema_put(word, "const", "auto", a);
    refer_or(out, "duration", word, a);
}

static const struct field_type type_checkpoint = {checkpoint_read, checkpoint_schema};

/* --- words --- */

static const char *const repeats[] = {"once", "daily", "workdays", "weekly", "monthly", NULL};
static const char *const interconnects[] = {"any", "nvlink", "rdma", NULL};
/* In the order of the FEATURE_ bits and of enum market_id. */
static const char *const features[] = {"nvenc", "av1_encode",  "rt_cores", "ecc",
                                       "fp64",  "grid_driver", NULL};
static const char *const markets_words[] = {
#define X(id, name) #name,
    MARKET_LIST(X)
#undef X
        NULL};
static const char *const days[] = {"all", "workdays", "weekends", NULL};
static const char *const shapes[] = {"constant", "diurnal", "office", "points", "csv", NULL};
static const char *const protections[] = {"best", "hour", "none", NULL};
static const char *const licence_pers[] = {"seat", "gpu", "instance", "node", NULL};
static const char COLUMN_PATTERN[] =
    "^(id|gpu_hours|vcpu_hours|items|seconds_per_item|start|deadline|late_cost|priority|workers|"
    "gpus_per_worker|max_workers|gpu_memory|spot_max_share)$";

/* clang-format off */
#define AT(member) .offset = offsetof(struct workload, member)
#define CHECK .offset = FIELD_CHECK
#define GIVEN(member) .given = offsetof(struct workload, member)
#define ARRAY(n, list, element) \
    &(const struct field_array){offsetof(struct workload, n), offsetof(struct workload, list), sizeof(struct element), 0, 0}

static const struct field tag_entry = {.type = &field_text, .offset = offsetof(struct named_text, text),
    .help = N_("One tag and its value.")};
static const struct field column_entry = {.type = &field_text, .offset = offsetof(struct named_text, text),
    .help = N_("Column of the job list.")};
static const struct field speed_entry = {.type = &type_uncertain, .offset = offsetof(struct named_number, value),
    .dimension = NUMBER_FRAC, .fields = uncertain_fields,
    .help = N_("GPU model and its speed: 2 is twice as fast.")};
static const struct field point_entry = {.type = &field_real, .offset = offsetof(struct load_point, per_h), .dimension = RATE_PER_H,
    .help = N_("A time of the day and the rate then.")};

static const struct field work_fields[] = {
    {.key = "gpu_hours", .type = &type_uncertain, AT(gpu_hours), .dimension = PLAIN, .fields = amount_fields,
     .help = N_("GPU-hours on the model of measured_on.")},
    {.key = "vcpu_hours", .type = &type_uncertain, AT(vcpu_hours), .dimension = PLAIN, .fields = amount_fields,
     .help = N_("Work for machines without a GPU.")},
    {.key = "measured_on", .type = &field_text, AT(measured_on),
     .help = N_("The GPU model the hours were measured on.")},
    {.key = "tokens", .type = &field_real, AT(tokens), .dimension = COUNT_SI,
     .help = N_("With parameters and utilization: training work as 6 x parameters x tokens floating-point operations.")},
    {.key = "parameters", .type = &field_real, AT(parameters), .dimension = COUNT_SI,
     .help = N_("Of the model that is trained.")},
    {.key = "utilization", .type = &field_real, AT(utilization), .dimension = PERCENT_FRAC, .above_min = true, .max = 1,
     .help = N_("Share of the reference GPU's dense FP16 peak that is reached.")},
    {.key = "items", .type = &field_real, AT(items), .dimension = COUNT_SI,
     .help = N_("Frames, images, requests; with seconds_per_item on the reference GPU.")},
    {.key = "seconds_per_item", .type = &type_uncertain, AT(seconds_per_item), .dimension = PLAIN, .fields = amount_fields,
     .help = N_("Of one item on one GPU of the model of measured_on.")},
    {.key = "seats", .type = &field_long, AT(seats), .min = 1, .max = 10000000,
     .help = N_("People who may work at a time.")},
    {.key = "hours_per_day", .type = &field_real, AT(hours_per_day), .dimension = PLAIN, .max = 24,
     .help = N_("How long a person of a seat works on a day.")},
    {.key = "from_csv", .type = &field_file, AT(from_csv), .help = N_("Job list: one row per job.")},
    {.key = "columns", .type = &field_map, .array = ARRAY(n_columns, columns, named_text), .entry = &column_entry,
     .pattern = COLUMN_PATTERN, .expected = N_("a key of a job, such as id, gpu_hours, deadline or late_cost"), .open = true,
     .help = N_("Key of this format and the CSV column that holds it; without it the columns have the names of the keys.")},
    {.key = "repeat", .type = &field_choice, AT(repeat), .words = repeats, .fallback = "once",
     .help = N_("Each occurrence has the whole work and its own window.")},
    FIELDS_END
};

static const struct field resource_fields[] = {
    {.key = "gpu", .type = &type_texts, AT(gpus),
     .help = N_("Acceptable GPU models, any order; the solver chooses.")},
    {.key = "gpus_per_worker", .type = &field_long, AT(gpus_per_worker), .min = 1, .max = 64,
     .help = N_("GPUs of one worker, all in one machine.")},
    {.key = "workers", .type = &field_long, AT(workers), .min = 1, .max = 100000,
     .help = N_("A gang: exactly this many workers run together or not at all. Default 1 for training and finetune.")},
    {.key = "max_workers", .type = &field_long, AT(max_workers), .min = 1, .max = 1000000,
     .help = N_("Divisible work: any number of workers up to this one at a time. Not together with workers. Default without limit for inference_batch, render_offline and etl.")},
    {.key = "gpu_memory", .type = &field_real, AT(gpu_memory_gib), .dimension = SIZE_GIB,
     .help = N_("Needed on each GPU (or slice); with shard, on all GPUs of one worker together.")},
    {.key = "shard", .type = &field_flag, AT(shard), .fallback = "false",
     .help = N_("The memory need is spread over the GPUs of one worker.")},
    {.key = "gpu_share", .type = &field_real, AT(gpu_share), .dimension = PLAIN, .above_min = true, .max = 1,
     .help = N_("Part of one GPU that a seat, session or replica needs: a vGPU slice at least as large, or a whole GPU that carries floor(1/share) of them.")},
    {.key = "encoder_share", .type = &field_real, AT(encoder_share), .dimension = PLAIN, .above_min = true,
     .help = N_("Part of one NVENC engine that a session needs.")},
    {.key = "interconnect", .type = &field_choice, AT(interconnect), .words = interconnects, .fallback = "any",
     .help = N_("nvlink between the GPUs of a worker, rdma between workers.")},
    {.key = "vcpu", .type = &field_long, AT(vcpu), .min = 1, .max = 4096,
     .help = N_("Least vCPU of one worker.")},
    {.key = "memory", .type = &field_real, AT(memory_gib), .dimension = SIZE_GIB,
     .help = N_("Least memory of one worker, beside that of its GPUs.")},
    {.key = "instance_types", .type = &type_texts, AT(instance_types), .pattern = TYPE_PATTERN, .expected = TYPE_EXPECTED,
     .help = N_("Only these types may be used.")},
    {.key = "features", .type = &field_choices, AT(features), .words = features,
     .help = N_("What the card must have.")},
    FIELDS_END
};

static const struct field window_fields[] = {
    {.key = "start", .type = &type_moment, AT(start), GIVEN(has_start),
     .help = N_("Nothing runs before; default: the start of the horizon.")},
    {.key = "deadline", .type = &type_deadline, GIVEN(has_deadline),
     .help = N_("When all must be done: a moment, or a duration from the start; default: the end of the horizon.")},
    {.key = "hours", .type = &type_hours, GIVEN(has_hours),
     .help = N_("Allowed hours of the day, over midnight if the end is the smaller.")},
    {.key = "days", .type = &field_choice, AT(days), .words = days, .fallback = "all",
     .help = N_("Days on which it may run.")},
    {.key = "confidence", .type = &field_real, AT(confidence), .dimension = PERCENT_FRAC, .above_min = true, .max = 0.99999,
     .help = N_("The deadline holds with this probability in simulation; without it, in expectation.")},
    FIELDS_END
};

static const struct field load_fields[] = {
    {.key = "shape", .type = &field_choice, AT(load_shape), .words = shapes, .first_word = LOAD_CONSTANT,
     .help = N_("constant: base. diurnal: a cosine from base up to peak at peak_at and back within 24 h. office: base at night, up to peak from 08:00 to 10:00, down from 17:00 to 20:00, base at weekends. points and csv: see there.")},
    {.key = "base", .type = &field_real, AT(load_base_per_h), GIVEN(has_load_base), .dimension = RATE_PER_H, .max = 3.6e12,
     .help = N_("Rate at the quietest time; the only one of a constant load.")},
    {.key = "peak", .type = &field_real, AT(load_peak_per_h), GIVEN(has_load_peak), .dimension = RATE_PER_H, .max = 3.6e12,
     .help = N_("Rate at the busiest time.")},
    {.key = "peak_at", .type = &type_clock, AT(peak_at_us), GIVEN(has_peak_at),
     .help = N_("When a diurnal load is highest.")},
    {.key = "weekend", .type = &field_real, AT(weekend_frac), GIVEN(has_weekend), .dimension = PERCENT_FRAC,
     .help = N_("Weekend load relative to a workday.")},
    {.key = "growth", .type = &field_real, AT(growth_per_month), .dimension = GROWTH,
     .help = N_("By how much the curve rises each month.")},
    {.key = "points", .type = &field_map, .array = ARRAY(n_points, points, load_point), .entry = &point_entry, .pattern = CLOCK_PATTERN,
     .open = true, .expected = N_("a time of the day, for example 21:30"),
     .help = N_("Rate at times of the day, straight lines between them, wrapping at midnight.")},
    {.key = "csv", .type = &field_file, CHECK,
     .help = N_("Columns time (a moment, or hours from the start) and rate_per_s, which holds until the next row.")},
    {.key = "burst", .type = &field_real, AT(burst), .dimension = PLAIN, .min = 1,
     .help = N_("Short-term peak over the curve.")},
    {.key = "scale", .type = &type_uncertain, AT(load_scale), .dimension = NUMBER_FRAC, .fields = uncertain_fields,
     .help = N_("Multiplies the whole curve.")},
    FIELDS_END
};

static const struct field latency_fields[] = {
    {.key = "p50", .type = &field_real, AT(p50_h), .dimension = DURATION_H, .above_min = true,
     .help = N_("Half of the requests are answered within this time.")},
    {.key = "p95", .type = &field_real, AT(p95_h), .dimension = DURATION_H, .above_min = true,
     .help = N_("95 in 100 are.")},
    {.key = "p99", .type = &field_real, AT(p99_h), .dimension = DURATION_H, .above_min = true,
     .help = N_("99 in 100 are.")},
    {.key = "met", .type = &field_real, AT(met_frac), .dimension = PERCENT_FRAC, .above_min = true, .max = 0.99999,
     .help = N_("Share of requests that keep the limit, instead of the highest percentile in a name.")},
    {.key = "blocked", .type = &field_real, AT(blocked_frac), GIVEN(has_blocked), .dimension = PERCENT_FRAC, .above_min = true, .max = 1,
     .help = N_("Seats and sessions: largest share of starts that may find no place; default 1%.")},
    FIELDS_END
};

static const struct field service_fields[] = {
    {.key = "time", .type = &field_real, AT(service_time_h), .dimension = DURATION_H, .above_min = true,
     .help = N_("Mean time one request (or batch) occupies a place on a GPU of speed 1; for sessions their length.")},
    {.key = "cv", .type = &field_real, AT(service_cv), GIVEN(has_service_cv), .dimension = PLAIN, .max = 20,
     .help = N_("Coefficient of variation of that time; default 1, exponential; 0 is constant.")},
    {.key = "batch", .type = &field_long, AT(batch), .min = 1, .max = 100000, .help = N_("Requests served together in one place; default 1.")},
    {.key = "concurrency", .type = &field_long, AT(concurrency), .min = 1, .max = 100000, .help = N_("Places per worker; default 1.")},
    {.key = "frame", .type = &field_real, AT(frame_h), .dimension = DURATION_H, .above_min = true,
     .help = N_("Sessions: time to draw and encode one frame on a GPU of speed 1, held against the latency limits.")},
    {.key = "profile", .type = &field_file, AT(profile),
     .help = N_("CSV of measured capacity: gpu, class, max_rate_per_s, optional target. Instead of time and cv.")},
    FIELDS_END
};

static const struct field mix_fields[] = {
    {.key = "from_csv", .type = &field_file, CHECK, .required = true,
     .help = N_("Columns class and share; shares sum to 1.")},
    FIELDS_END
};

static const struct field autoscale_fields[] = {
    {.key = "min", .type = &field_long, AT(autoscale_min), .max = 1000000, .help = N_("Machines, over all pools of the workload.")},
    {.key = "max", .type = &field_long, AT(autoscale_max), .min = 1, .max = 1000000, .help = N_("Machines, over all pools of the workload.")},
    {.key = "cold_start", .type = &type_uncertain, AT(cold_start), .dimension = DURATION_H, .fields = duration_fields,
     .help = N_("From ordering a machine until it serves; it is ordered that much earlier and paid.")},
    {.key = "cold_start_cv", .type = &field_real, AT(cold_start_cv), .dimension = PLAIN, .max = 5,
     .help = N_("Simulation: coefficient of variation of single cold starts about that time (gamma); default 0, all alike.")},
    {.key = "cooldown", .type = &field_real, AT(cooldown_h), .dimension = DURATION_H,
     .help = N_("A machine is held at least this long.")},
    {.key = "headroom", .type = &field_real, AT(headroom_frac), .dimension = PERCENT_FRAC,
     .help = N_("Capacity held above the load.")},
    FIELDS_END
};

static const struct field spot_fields[] = {
    {.key = "protection", .type = &field_choice, AT(protection), .words = protections, .fallback = "best",
     .help = N_("First hour protected, unprotected and cheaper, or whichever costs less (default).")},
    {.key = "max_price", .type = &type_money, AT(max_price), .mask = PER(PER_NONE) | PER(PER_HOUR),
     .expected = N_("an amount per machine-hour, for example ¥9.8/h"), .help = N_("Highest price per machine-hour.")},
    {.key = "min_discount", .type = &field_real, AT(min_discount), .dimension = PERCENT_FRAC, .max = 1,
     .help = N_("Only when at least this far below on-demand.")},
    {.key = "hazard_per_h", .type = &type_uncertain, AT(hazard_per_h), .dimension = PLAIN, .fields = amount_fields,
     .help = N_("Reclaims of one machine per hour, instead of the price book's.")},
    {.key = "on_demand_base", .type = &field_long, AT(on_demand_base),
     .help = N_("Services: machines held outside spot before any spot machine.")},
    FIELDS_END
};

static const struct field interruption_fields[] = {
    {.key = "tolerant", .type = &field_flag, AT(tolerant), .fallback = "false",
     .help = N_("It survives a reclaim: spot machines may be used.")},
    {.key = "checkpoint_every", .type = &type_checkpoint,
     .help = N_("Time between checkpoints; auto: the cheapest, chosen by the program.")},
    {.key = "checkpoint_size", .type = &field_real, AT(checkpoint_size_gib), .dimension = SIZE_GIB,
     .help = N_("Of one checkpoint; how long writing it takes follows from it.")},
    {.key = "restart", .type = &type_uncertain, AT(restart), .dimension = DURATION_H, .fields = duration_fields,
     .help = N_("From a reclaim until work goes on, reading the checkpoint not included.")},
    {.key = "restart_cv", .type = &field_real, AT(restart_cv), .dimension = PLAIN, .max = 5,
     .help = N_("Simulation: coefficient of variation of single restarts about that time (gamma); default 0, all alike.")},
    {.key = "notice", .type = &field_real, AT(notice_h), .dimension = DURATION_H, .max = 1.0 / 12,
     .help = N_("Simulation: notice of a reclaim that the work puts to use, at most the vendor's 5min; default 0s.")},
    {.key = "lost_per_hit", .type = &field_real, AT(lost_per_hit_h), .dimension = DURATION_H, GIVEN(has_lost_per_hit),
     .help = N_("Work lost by one reclaim where there are no checkpoints.")},
    FIELDS_END
};

#define USE(member) .offset = offsetof(struct dataset_use, member)
static const struct field use_fields[] = {
    {.key = "use", .type = &field_text, USE(use), .required = true, .help = N_("A name under the top-level storage.")},
    {.key = "size", .type = &field_real, USE(size_gib), .dimension = SIZE_GIB, .required = true,
     .help = N_("Of the data, not of what is bought for them.")},
    {.key = "keep", .type = &field_real, USE(keep_h), .dimension = DURATION_H,
     .help = N_("How long it is kept and paid from the window's start, past the horizon too; default to the end of the horizon.")},
    {.key = "throughput", .type = &field_real, USE(throughput_mbps), .dimension = BANDWIDTH_MBPS,
     .help = N_("What the workload needs in all while it runs at full width.")},
    {.key = "reads", .type = &field_real, USE(reads), .dimension = TIMES,
     .help = N_("How often the whole is read per occurrence: 1.3x.")},
    {.key = "egress", .type = &field_real, USE(egress_gib), .dimension = SIZE_GIB, .help = N_("Sent to the internet.")},
    FIELDS_END
};
static const struct field use_entry = {.type = &field_section, .fields = use_fields};
static const struct field_array use_array = {offsetof(struct workload, n_uses), offsetof(struct workload, uses),
    sizeof(struct dataset_use), offsetof(struct dataset_use, at), 0};

static const struct field licence_fields[] = {
    {.key = "name", .type = &field_text, AT(licence_name),
     .help = N_("Of the book, or of your own with a price.")},
    {.key = "price", .type = &type_money, AT(licence_price), .mask = PER_TIME,
     .expected = N_("an amount per h, d, month or year, for example ¥140/month"),
     .help = N_("Instead of the book's.")},
    {.key = "per", .type = &field_choice, AT(licence_per), .words = licence_pers, .first_word = LICENCE_SEAT,
     .help = N_("What is counted; default: seat.")},
    FIELDS_END
};

const struct field workload_fields[] = {
    {.key = "extends", .type = &field_text, CHECK, .help = N_("Name under templates: whose keys this workload starts from.")},
    {.key = "kind", .type = &type_kind, AT(kind),
     .help = N_("Chooses defaults only; every default is shown by `explain` and can be set here.")},
    {.key = "label", .type = &field_text, AT(label),
     .help = N_("What people see instead of the name.")},
    {.key = "label_zh", .type = &field_text, AT(label_zh),
     .help = N_("The same in Chinese.")},
    {.key = "owner", .type = &field_text, AT(owner),
     .help = N_("Who pays: for budget.by and quota_by.")},
    {.key = "tags", .type = &field_map, .array = ARRAY(n_tags, tags, named_text), .entry = &tag_entry, .open = true,
     .help = N_("Words to group costs by, as in `budget --by tag`.")},
    {.key = "priority", .type = &field_long, AT(priority), .max = 100, .fallback = "50",
     .help = N_("0 to 100; the higher goes first where a budget does not buy everything.")},
    {.key = "work", .type = &field_section, .fields = work_fields, .help = N_("How much there is to do.")},
    {.key = "speed", .type = &field_map, .array = ARRAY(n_speeds, speeds, named_number), .entry = &speed_entry, .open = true,
     .help = N_("Throughput relative to work.measured_on.")},
    {.key = "resources", .type = &field_section, .fields = resource_fields,
     .help = N_("What one worker needs.")},
    {.key = "window", .type = &field_section, .fields = window_fields,
     .help = N_("When it may run, and when it must be done.")},
    {.key = "late_cost", .type = &type_money, AT(late_cost), .mask = PER(PER_HOUR) | PER(PER_DAY),
     .expected = N_("an amount per hour or day, for example ¥5000/d"),
     .help = N_("Price of finishing late, per h or d; without it the deadline is hard.")},
    {.key = "unserved_cost", .type = &type_money, AT(unserved_cost), .mask = PER(PER_NONE),
     .expected = N_("an amount per request or session, for example ¥0.05"),
     .help = N_("Price of one request or session not served; without it all load is served.")},
    {.key = "load", .type = &field_section, .fields = load_fields, GIVEN(has_load),
     .help = N_("Requests, sessions or people over time.")},
    {.key = "latency", .type = &field_section, .fields = latency_fields,
     .help = N_("How long an answer or a frame may take.")},
    {.key = "service", .type = &field_section, .fields = service_fields,
     .help = N_("What one request or session takes of a machine.")},
    {.key = "request_mix", .type = &field_section, CHECK, .fields = mix_fields,
     .help = N_("Shares of the request classes of service.profile.")},
    {.key = "autoscale", .type = &field_section, .fields = autoscale_fields,
     .help = N_("How the number of machines follows the load.")},
    {.key = "purchase", .type = &field_choices, AT(markets), .words = markets_words, .not_empty = true, .unique = true,
     .help = N_("Allowed markets. For batch work on_demand and autoscaled are the same: pay-as-you-go while needed. For services on_demand is a fixed fleet over the horizon, autoscaled follows the load.")},
    {.key = "spot_max_share", .type = &field_real, AT(spot_max_share), .dimension = PERCENT_FRAC, .max = 1, .fallback = "100%",
     .help = N_("Largest share of the work (batch) or of the load (services) on spot.")},
    {.key = "spot", .type = &field_section, .fields = spot_fields, .help = N_("Spot options.")},
    {.key = "interruption", .type = &field_section, .fields = interruption_fields,
     .help = N_("What a reclaim of a spot machine costs.")},
    {.key = "storage", .type = &field_list, .array = &use_array, .entry = &use_entry,
     .help = N_("Data that it reads, writes and keeps.")},
    {.key = "licence", .type = &field_section, .fields = licence_fields, GIVEN(has_licence),
     .help = N_("Software paid beside the machines.")},
    FIELDS_END
};
/* clang-format on */
