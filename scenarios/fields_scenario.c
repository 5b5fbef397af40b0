/* The tables of the rest of a scenario: everything but what a workload holds. */
#include "scenarios/types.h"
#include <string.h>

static void refer(struct node *out, const char *definition, struct arena *a)
{
    schema_put(out, "$ref", arena_printf(a, "#/definitions/%s", definition), a);
}

/* --- limits: {NAME: N} or {NAME@PLACE: N} --- */

const char LIMIT_PATTERN[] = "^[A-Za-z0-9][A-Za-z0-9._-]*(@[a-z0-9][a-z0-9-]*)?$";
#define LIMIT_EXPECTED                                                                             \
    N_("a GPU model or an instance type, with @region or @zone behind it if wanted")

static const struct field count_entry = {
    .type = &field_long, .offset = FIELD_CHECK, .max = 10000000};

static struct limit limit_of(const struct node *n, const char *owner, struct arena *a)
{
    const char *at = strchr(n->key, '@');
    struct limit limit = {.name = n->key, .place_name = at ? at + 1 : "", .owner = owner};
    if (at) limit.name = arena_strndup(a, n->key, (size_t)(at - n->key));
    limit.at = node_key_place(n);
    return limit;
}

/* Adds the limits of one map to the array; NULL: check only. */
static void limits_add(struct limit **limits, size_t *count, const struct node *n,
                       const char *owner, struct field_reader *r)
{
    if (!field_is_map(n, r)) return;
    const size_t mark = field_enter(r, n->key ? n->key : "");
    for (const struct node *c = n->first; c; c = c->next) {
        int64_t value = 0;
        if (!field_matches(LIMIT_PATTERN, c->key, r)) field_bad_name(c, _(LIMIT_EXPECTED), r);
        if (!field_whole(&count_entry, &value, c, r) || !limits) continue;
        struct limit *limit = ARENA_PUSH(r->arena, *limits, *count);
        *limit = limit_of(c, owner, r->arena);
        limit->count = (long)value;
    }
    field_leave(r, mark);
}

static void quota_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    struct scenario *s = member;
    (void)f;
    limits_add(s ? &s->quota : NULL, s ? &s->n_limits : NULL, n, NULL, r);
}

static void limits_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    refer(out, "limits", a);
}

static const struct field_type type_quota = {quota_read, limits_schema};

/* Entries of quota_by: the key is the owner. */
static void quota_by_read(const struct field *f, void *member, const struct node *n,
                          struct field_reader *r)
{
    struct scenario *s = member;
    (void)f;
    if (!field_is_map(n, r)) return;
    const size_t mark = field_enter(r, n->key);
    for (const struct node *c = n->first; c; c = c->next)
        limits_add(s ? &s->quota : NULL, s ? &s->n_limits : NULL, c, c->key, r);
    field_leave(r, mark);
}

static void quota_by_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "object", a);
    struct node *entry = node_put(out, "additionalProperties", node_new(NODE_MAP, a), a);
    refer(entry, "limits", a);
    schema_put(entry, "description", _(f->entry->help), a);
}

static const struct field_type type_quota_by = {quota_by_read, quota_by_schema};

/* Limits, or the file that holds them over time; the file is read when everything else is known (stock.c). */
static const struct field stock_fields[] = {{.key = "from_csv",
                                             .type = &field_file,
                                             .offset = FIELD_CHECK,
                                             .required = true,
                                             .help = N_("Columns start, name, place, available.")},
                                            FIELDS_END};

static void stock_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    struct scenario *s = member;
    (void)f;
    if (!node_get(n, "from_csv")) {
        limits_add(s ? &s->stock : NULL, s ? &s->n_stock : NULL, n, NULL, r);
        return;
    }
    const size_t mark = field_enter(r, n->key);
    fields_read(stock_fields, NULL, n, r);
    field_leave(r, mark);
}

static void stock_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    struct node *forms = node_put(out, "oneOf", node_new(NODE_LIST, a), a);
    refer(node_append(forms, node_new(NODE_MAP, a)), "limits", a);
    fields_schema(stock_fields, node_append(forms, node_new(NODE_MAP, a)), a);
}

static const struct field_type type_stock = {stock_read, stock_schema};

/* --- commitments: a subscription or a savings plan --- */

/* clang-format off */
#define COMMITMENT(member) .offset = offsetof(struct commitment, member)
#define UNTIL {.key = "until", .type = &type_moment, COMMITMENT(until), .given = offsetof(struct commitment, has_until), \
     .help = N_("End of the term; default: after the horizon.")}

static const struct field subscription_fields[] = {
    {.key = "subscription", .type = &field_text, COMMITMENT(subscription), .required = true,
     .pattern = TYPE_PATTERN, .expected = TYPE_EXPECTED,
     .help = N_("Instance type that is subscribed.")},
    {.key = "region", .type = &field_text, COMMITMENT(region), .pattern = PLACE_PATTERN, .expected = PLACE_EXPECTED,
     .help = N_("Where the machines are; default: the first allowed region with such a price.")},
    {.key = "count", .type = &field_long, COMMITMENT(count), .min = 1, .max = 1000000, .required = true,
     .help = N_("How many machines.")},
    UNTIL,
    FIELDS_END
};

static const struct field savings_fields[] = {
    {.key = "savings_plan", .type = &type_money, COMMITMENT(savings_plan), .required = true,
     .mask = PER(PER_NONE) | PER(PER_HOUR), .expected = N_("an amount per hour, for example ¥50/h"),
     .help = N_("Committed spend per hour.")},
    {.key = "discount", .type = &field_real, COMMITMENT(discount), .dimension = PERCENT_FRAC, .max = 1, .required = true,
     .help = N_("Off the on-demand price of what it covers.")},
    UNTIL,
    FIELDS_END
};
/* clang-format on */

static void commitment_read(const struct field *f, void *member, const struct node *n,
                            struct field_reader *r)
{
    (void)f;
    if (!field_is_map(n, r)) return;
    const bool savings = node_get(n, "savings_plan");
    fields_read(savings ? savings_fields : subscription_fields, member, n, r);
}

static void commitment_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    struct node *forms = node_put(out, "oneOf", node_new(NODE_LIST, a), a);
    fields_schema(subscription_fields, node_append(forms, node_new(NODE_MAP, a)), a);
    fields_schema(savings_fields, node_append(forms, node_new(NODE_MAP, a)), a);
}

static const struct field_type type_commitment = {commitment_read, commitment_schema};

/* --- single keys --- */

/* Checked before everything else (include.c). */
static void version_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put_raw(out, "const", "1", a);
}

static void version_read(const struct field *f, void *member, const struct node *n,
                         struct field_reader *r)
{
    (void)f, (void)member, (void)n, (void)r;
}

static const struct field_type type_version = {version_read, version_schema};

static void rate_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    struct ratio rate;
    (void)f;
    if (!field_is_text(n, r)) return;
    if (!ratio_parse(&rate, n->text) || rate.num <= 0)
        field_bad_value(n, _("what one unit of the currency costs in CNY, for example 7.2"), r);
    else if (member)
        *(struct ratio *)member = rate;
}

static void rate_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put(out, "type", "number", a);
    schema_put_raw(out, "exclusiveMinimum", "0", a);
}

static const struct field_type type_rate = {rate_read, rate_schema};
static const struct field rate_entry = {.type = &type_rate,
                                        .offset = FIELD_CHECK,
                                        .help = N_("What one unit of this currency costs in CNY.")};

static void fx_read(const struct field *f, void *member, const struct node *n,
                    struct field_reader *r)
{
    struct scenario *s = member;
    if (!field_is_map(n, r)) return;
    const size_t mark = field_enter(r, n->key);
    for (const struct node *c = n->first; c; c = c->next) {
        const bool usd = !strcmp(c->key, "USD");
        type_rate.read(f->entry, s && usd ? &s->fx_usd : NULL, c, r);
        if (s && usd) s->has_fx = true;
        if (!s || usd) continue;
        diag_warning(r->diag, ERR_EXCHANGE_RATE, node_key_place(c), _("fx.%s is not used"), c->key);
        diag_why(r->diag, _("amounts are in CNY or in USD"));
        diag_fix(r->diag, _("remove it"));
    }
    field_leave(r, mark);
}

static void fx_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "object", a);
    node_put(out, "additionalProperties", field_schema(f->entry, a), a);
}

static const struct field_type type_fx = {fx_read, fx_schema};

static void timezone_read(const struct field *f, void *member, const struct node *n,
                          struct field_reader *r)
{
    struct scenario *s = member;
    int64_t offset_us = 0;
    (void)f;
    if (!field_is_text(n, r)) return;
    const enum zone_answer answer = zone_offset(&offset_us, n->text);
    if (answer == ZONE_OK) {
        if (!s) return;
        s->timezone = n->text;
        s->utc_offset_us = offset_us;
        return;
    }
    diag_error(r->diag, ERR_TIMEZONE, node_place(n),
               answer == ZONE_SUMMER_TIME ? _("the time zone '%s' has summer time")
                                          : _("the time zone '%s' is not known"),
               n->text);
    if (answer == ZONE_SUMMER_TIME)
        diag_why(r->diag,
                 _("its days have 23, 24 or 25 hours, and hours and months are counted in a "
                   "zone with a fixed offset from UTC"));
    diag_fix(r->diag, _("write a zone with a fixed offset, for example Asia/Shanghai or UTC"));
}

static void timezone_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put(out, "type", "string", a);
}

static const struct field_type type_timezone = {timezone_read, timezone_schema};

static const char *const integralities[] = {"machines", "none", NULL};

static void integrality_read(const struct field *f, void *member, const struct node *n,
                             struct field_reader *r)
{
    int choice = -1;
    const struct field row = {.type = &field_choice, .words = f->words};
    field_choice.read(&row, &choice, n, r);
    if (member && choice >= 0) *(bool *)member = choice == 1;
}

static void integrality_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put_words(out, f->words, a);
}

static const struct field_type type_integrality = {integrality_read, integrality_schema};

/* One percentage, or one per instance family. */
static void discount_read(const struct field *f, void *member, const struct node *n,
                          struct field_reader *r)
{
    struct scenario *s = member;
    (void)f;
    static const struct field percent = {.type = &type_percent, .max = 1};
    if (n->type == NODE_TEXT) {
        type_percent.read(&percent, s ? &s->discount : NULL, n, r);
        return;
    }
    if (!field_is_map(n, r)) return;
    struct family_discount *families = ARENA_NEW(r->arena, struct family_discount, n->n + 1);
    const size_t mark = field_enter(r, n->key);
    size_t i = 0;
    for (const struct node *c = n->first; c; c = c->next, i++) {
        families[i].family = c->key;
        type_percent.read(&percent, &families[i].discount, c, r);
    }
    field_leave(r, mark);
    if (!s) return;
    s->family_discounts = families;
    s->n_family_discounts = n->n;
}

static void discount_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    struct node *forms = node_put(out, "oneOf", node_new(NODE_LIST, a), a);
    refer(node_append(forms, node_new(NODE_MAP, a)), "percent", a);
    struct node *map = node_append(forms, node_new(NODE_MAP, a));
    schema_put(map, "type", "object", a);
    refer(node_put(map, "additionalProperties", node_new(NODE_MAP, a), a), "percent", a);
}

static const struct field_type type_discount = {discount_read, discount_schema};

/* `class: any` leaves the list of classes empty. */
static void class_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    (void)f;
    if (!field_is_text(n, r) || !member || !strcmp(n->text, "any")) return;
    const char **items = ARENA_NEW(r->arena, const char *, 2);
    struct place *places = ARENA_NEW(r->arena, struct place, 1);
    items[0] = n->text;
    places[0] = node_place(n);
    *(struct text_list *)member = (struct text_list){1, items, places};
}

static void class_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put(out, "type", "string", a);
}

static const struct field_type type_class = {class_read, class_schema};

static void settings_read(const struct field *f, void *member, const struct node *n,
                          struct field_reader *r)
{
    (void)f, (void)member;
    field_is_map(n, r); /* paths and values are checked against the tables (paths.c) */
}

static void settings_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    refer(out, "settings", a);
}

static const struct field_type type_settings = {settings_read, settings_schema};

/* A value of a sweep: text or number; what it may be depends on its path (paths.c). */
static void scalar_read(const struct field *f, void *member, const struct node *n,
                        struct field_reader *r)
{
    (void)f, (void)member;
    field_is_text(n, r);
}

static void scalar_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    struct node *types = node_put(out, "type", node_new(NODE_LIST, a), a);
    node_append(types, node_text("number", true, a));
    node_append(types, node_text("string", true, a));
}

static const struct field_type type_scalar = {scalar_read, scalar_schema};

/* --- tables --- */

static const char *const currencies[] = {"CNY", "USD", NULL};
static const char *const lives[] = {"exponential", "weibull", "fitted", NULL};
static const char *const spot_prices[] = {"history", "model", "fixed", NULL};
static const char OVERRIDE_PATTERN[] =
    "^[A-Za-z0-9][A-Za-z0-9._-]*/"
    "[a-z][a-z0-9_]*" /* a market; which ones there are, request.c says */
    "(@[a-z0-9][a-z0-9-]*)?$";

/* clang-format off */
#define AT(member) .offset = offsetof(struct scenario, member)
#define CHECK .offset = FIELD_CHECK
#define ARRAY(n, list, element, at, node) {offsetof(struct scenario, n), offsetof(struct scenario, list), sizeof(struct element), at, node}
#define FILES(name, text) {.key = #name, .type = &type_files, AT(catalog.name), .help = text}

static const struct field horizon_fields[] = {
    {.key = "start", .type = &type_moment, AT(start),
     .help = N_("First moment that is planned; durations without a start count from it.")},
    {.key = "length", .type = &type_duration_us, AT(length_us),
     .help = N_("How long is planned.")},
    {.key = "step", .type = &type_duration_us, AT(step_us), .fallback = "1h",
     .help = N_("Steps in which load curves are read and late work is counted.")},
    FIELDS_END
};

static const struct field override_entry = {.type = &type_price, .offset = offsetof(struct named_override, price),
    .mask = PER_TIME, .expected = N_("an amount with its unit of time, for example ¥9.8/h"),
    .help = N_("Takes the place of the book's price.")};
static const struct field family_entry = {.type = &type_percent, CHECK, .max = 1};
static const struct field_array override_array = ARRAY(n_overrides, overrides, named_override, offsetof(struct named_override, at), 0);

static const struct field catalog_fields[] = {
    {.key = "builtin", .type = &field_flag, AT(catalog.builtin), .fallback = "true", .help = N_("false: only the files named here.")},
    FILES(instances, N_("CSV files of instance types, added to the built-in book.")),
    FILES(prices, N_("CSV files of prices.")),
    FILES(storage, N_("CSV files of storage tariffs.")),
    FILES(gpu_speed, N_("CSV files of GPU speed per workload class.")),
    {.key = "spot_history", .type = &type_file_texts, AT(spot_history),
     .help = N_("CSV files of spot prices over time, as `gpumix catalog import` writes them; for simulate.spot_price: history.")},
    {.key = "spot_models", .type = &type_file_texts, AT(spot_models),
     .help = N_("Models of spot that `gpumix catalog fit --save` wrote: they drive prices, reclaims and stock in simulation.")},
    {.key = "regions", .type = &type_texts, AT(regions), .pattern = PLACE_PATTERN, .expected = PLACE_EXPECTED,
     .help = N_("Regions or zones that may be used; default: every mainland region of the built-in book and every region of the user's own files.")},
    {.key = "discount", .type = &type_discount, .entry = &family_entry, .open = true,
     .help = N_("Negotiated, off the list price; or per instance family.")},
    {.key = "max_age", .type = &field_real, AT(max_age_h), .dimension = DURATION_H,
     .help = N_("Prices older than this are warned about; default 400d.")},
    {.key = "max_term", .type = &field_real, AT(max_term_h), .dimension = DURATION_H, .above_min = true, .max = 100000,
     .help = N_("Longest term of subscriptions and savings plans that the plan may buy, such as 1month. Default: any.")},
    {.key = "overrides", .type = &field_map, .array = &override_array, .entry = &override_entry, .open = true,
     .pattern = OVERRIDE_PATTERN, .expected = N_("TYPE/market or TYPE/market@region, for example ecs.gn7i-c16g1.4xlarge/on_demand"),
     .help = N_("TYPE/market or TYPE/market@region and its price.")},
    FIELDS_END
};

#define DATASET(member) .offset = offsetof(struct dataset, member)
static const struct field dataset_fields[] = {
    {.key = "class", .type = &type_class, DATASET(classes),
     .help = N_("A storage class, or any: the program chooses together with the GPUs (default).")},
    {.key = "classes", .type = &type_texts, DATASET(classes), .not_empty = true, .unique = true,
     .help = N_("Classes to choose from, instead of class.")},
    {.key = "region", .type = &field_text, DATASET(region), .pattern = PLACE_PATTERN, .expected = PLACE_EXPECTED,
     .help = N_("Where the dataset lies; its readers run there. Default: the program chooses.")},
    {.key = "split", .type = &field_flag, DATASET(split), .fallback = "false", .help = N_("It may lie in more than one class.")},
    {.key = "price", .type = &type_money, DATASET(price), .mask = PER(PER_GB_MONTH),
     .expected = N_("an amount per GB-month, for example ¥0.28/GB-month"),
     .help = N_("For a class that the book has no price for: ¥0.28/GB-month.")},
    {.key = "min_size", .type = &field_real, DATASET(min_size_gib), .dimension = SIZE_GIB,
     .help = N_("Buy at least this much.")},
    {.key = "throughput", .type = &field_real, DATASET(throughput_mbps), .dimension = BANDWIDTH_MBPS,
     .help = N_("The storage must provide at least this much, whoever reads.")},
    FIELDS_END
};

static const struct field owner_entry = {.type = &type_money, .offset = offsetof(struct owner_budget, limit),
    .mask = PER(PER_NONE) | PER(PER_MONTH), .expected = N_("an amount, for example ¥80000/month, or ¥80000 for the whole plan"),
    .help = N_("Limit for one owner's costs.")};
static const struct field_array owner_array = ARRAY(n_owner_budgets, owner_budgets, owner_budget, 0, 0);

static const struct field budget_fields[] = {
    {.key = "limit", .type = &type_money, AT(budget), .mask = PER(PER_NONE) | PER(PER_MONTH),
     .expected = N_("an amount, for example ¥80000/month, or ¥80000 for the whole plan"),
     .help = N_("Limit of all costs: for the whole plan, or with /month for each calendar month.")},
    {.key = "warn_at", .type = &field_real, AT(warn_at), .dimension = PERCENT_FRAC,
     .help = N_("Warn from this share of a limit on.")},
    {.key = "confidence", .type = &field_real, AT(budget_confidence), .dimension = PERCENT_FRAC, .above_min = true, .max = 0.99999,
     .help = N_("Simulated cost stays inside the limit with this probability, else exit 1.")},
    {.key = "by", .type = &field_map, .array = &owner_array, .entry = &owner_entry, .open = true,
     .help = N_("Limits by owner.")},
    FIELDS_END
};

static const struct field simulate_fields[] = {
    {.key = "runs", .type = &field_long, AT(runs), .min = 1, .max = 10000000, .fallback = "2000",
     .help = N_("Worlds that are simulated.")},
    {.key = "seed", .type = &field_int64, AT(seed), .fallback = "1",
     .help = N_("Of all draws; the same seed gives the same worlds.")},
    {.key = "spot_price", .type = &field_word, AT(spot_price), .words = spot_prices,
     .help = N_("How spot prices move in simulation: fixed (as planned), model (mean-reverting with jumps, the default), history (days of catalog.spot_history).")},
    {.key = "lives", .type = &field_word, AT(lives), .words = lives,
     .help = N_("How reclaims come with a machine's age: exponential (as likely in every hour, the default), weibull (most come early) or fitted (the default where catalog.spot_models has lives).")},
    {.key = "spot_price_factor", .type = &type_uncertain, AT(spot_price_factor), .dimension = NUMBER_FRAC, .fields = uncertain_fields,
     .help = N_("Multiplies every spot price, in plan and simulation.")},
    {.key = "interruptions_per_day", .type = &type_uncertain, AT(interruptions_per_day), .dimension = PLAIN, .fields = amount_fields,
     .help = N_("Reclaims of one spot machine per day, instead of the price book's, in plan and simulation.")},
    {.key = "precision", .type = &field_real, AT(precision), .dimension = PERCENT_FRAC,
     .help = N_("Stop early when the interval of the mean is this narrow; runs is then the most.")},
    FIELDS_END
};

#define VARIANT(member) .offset = offsetof(struct variant, member)
static const struct field variant_fields[] = {
    {.key = "label", .type = &field_text, VARIANT(label),
     .help = N_("What people see instead of the name.")},
    {.key = "label_zh", .type = &field_text, VARIANT(label_zh),
     .help = N_("The same in Chinese.")},
    {.key = "from", .type = &field_text, VARIANT(from),
     .help = N_("Another variant to start from; default: the file as it is.")},
    {.key = "set", .type = &type_settings, CHECK,
     .help = N_("What is different: dotted paths and their values.")},
    {.key = "remove", .type = &type_texts, CHECK,
     .help = N_("Dotted paths that are deleted.")},
    FIELDS_END
};

static const struct field compare_fields[] = {
    {.key = "baseline", .type = &field_text, AT(compare_baseline),
     .help = N_("Variant that the others are held against; default: the first one shown.")},
    {.key = "order", .type = &type_texts, AT(compare_order),
     .help = N_("Variants to show, in this order; default: all of them.")},
    FIELDS_END
};

static const struct field commitment_entry = {.type = &type_commitment};
static const struct field template_entry = {.type = &field_section, CHECK, .fields = workload_fields, .definition = "workload",
    .help = N_("Keys of a workload, for `extends`.")};
static const struct field workload_entry = {.type = &field_section, .fields = workload_fields, .definition = "workload",
    .help = N_("One piece of work, one job list or one service.")};
static const struct field dataset_entry = {.type = &field_section, .fields = dataset_fields,
    .help = N_("One dataset: stored once, however many workloads use it.")};
static const struct field variant_entry = {.type = &field_section, .fields = variant_fields,
    .help = N_("One variant; the name is for --variant.")};
static const struct field scalar_entry = {.type = &type_scalar, CHECK};
static const struct field sweep_entry = {.type = &field_list, CHECK, .entry = &scalar_entry,
    .help = N_("A dotted path and the values it takes in turn.")};
static const struct field quota_by_entry = {.type = &type_quota, CHECK, .entry = &count_entry, .open = true,
    .pattern = LIMIT_PATTERN, .expected = LIMIT_EXPECTED,
    .help = N_("What this owner's workloads may hold at a time.")};

static const struct field_array commitment_array = ARRAY(n_commitments, commitments, commitment, offsetof(struct commitment, at), 0);
static const struct field_array workload_array = ARRAY(n_workloads, workloads, workload, offsetof(struct workload, at), offsetof(struct workload, node));
static const struct field_array dataset_array = ARRAY(n_datasets, datasets, dataset, offsetof(struct dataset, at), 0);
static const struct field_array variant_array = ARRAY(n_variants, variants, variant, offsetof(struct variant, at), offsetof(struct variant, node));

const struct field root_fields[] = {
    {.key = "version", .type = &type_version, CHECK, .required = true,
     .help = N_("Of this format: always 1.")},
    {.key = "name", .type = &field_text, AT(name),
     .help = N_("Title of reports; default: the name of the file.")},
    {.key = "description", .type = &field_text, AT(description),
     .help = N_("For people; the plan does not depend on it.")},
    {.key = "currency", .type = &field_choice, AT(currency), .words = currencies, .first_word = CURRENCY_CNY, .fallback = "CNY",
     .help = N_("Of every amount in the output; default CNY.")},
    {.key = "fx", .type = &type_fx, .entry = &rate_entry, .open = true,
     .help = N_("Exchange rates, for amounts in another currency.")},
    {.key = "timezone", .type = &type_timezone, .fallback = "Asia/Shanghai", .help = N_("Default Asia/Shanghai.")},
    {.key = "horizon", .type = &field_section, .fields = horizon_fields,
     .help = N_("The time that is planned.")},
    {.key = "include", .type = &type_file_texts, CHECK,
     .help = N_("Other scenario files whose workloads, templates, defaults, storage, catalog, fx, quota, stock, commitments and simulate are taken over.")},
    {.key = "catalog", .type = &field_section, .fields = catalog_fields,
     .help = N_("Which prices are used.")},
    {.key = "quota", .type = &type_quota, .entry = &count_entry, .open = true,
     .pattern = LIMIT_PATTERN, .expected = LIMIT_EXPECTED, .help = N_("What the account may hold at a time.")},
    {.key = "quota_by", .type = &type_quota_by, .entry = &quota_by_entry, .open = true, .help = N_("The same per owner.")},
    {.key = "stock", .type = &type_stock, .fields = stock_fields, .entry = &count_entry, .open = true,
     .pattern = LIMIT_PATTERN, .expected = LIMIT_EXPECTED,
     .help = N_("What can be had at a time; without it, as much as is asked for.")},
    {.key = "commitments", .type = &field_list, .array = &commitment_array, .entry = &commitment_entry,
     .help = N_("Bought already: sunk cost, used first.")},
    {.key = "integrality", .type = &type_integrality, AT(relaxed), .words = integralities, .fallback = "machines",
     .help = N_("An executable plan of whole machines (default), or the linear relaxation only.")},
    {.key = "templates", .type = &field_map, CHECK, .entry = &template_entry, .pattern = NAME_PATTERN, .expected = NAME_EXPECTED,
     .help = N_("Keys that several workloads share.")},
    {.key = "defaults", .type = &field_section, CHECK, .fields = workload_fields, .definition = "workload",
     .help = N_("Keys for every workload that does not set them itself.")},
    {.key = "workloads", .type = &field_map, .array = &workload_array, .entry = &workload_entry, .not_empty = true, .required = true,
     .pattern = NAME_PATTERN, .expected = NAME_EXPECTED,
     .help = N_("What is to be run.")},
    {.key = "storage", .type = &field_map, .array = &dataset_array, .entry = &dataset_entry, .pattern = NAME_PATTERN, .expected = NAME_EXPECTED,
     .help = N_("Datasets that workloads read and write.")},
    {.key = "budget", .type = &field_section, .fields = budget_fields, .help = N_("Limits of the plan, in all and by owner.")},
    {.key = "simulate", .type = &field_section, .fields = simulate_fields,
     .help = N_("How `simulate` and its kin draw their worlds.")},
    {.key = "variants", .type = &field_map, .array = &variant_array, .entry = &variant_entry, .pattern = NAME_PATTERN, .expected = NAME_EXPECTED,
     .help = N_("The same scenario with some values changed.")},
    {.key = "compare", .type = &field_section, .fields = compare_fields,
     .help = N_("What `compare`, `demo` and reports show.")},
    {.key = "sweep", .type = &field_map, CHECK, .entry = &sweep_entry,
     .help = N_("What `sweep` tries when no --over is given.")},
    FIELDS_END
};
/* clang-format on */
