#include "scenarios/types.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char MONEY_PATTERN[] = "^(¥|￥|CNY |\\$|USD )[0-9][0-9,]*(\\.[0-9]+)?(/(h|d|month|year))?$";
const char CLOCK_PATTERN[] = "^[0-2][0-9]:[0-5][0-9]$";
const char MOMENT_PATTERN[] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-2][0-9]:[0-5][0-9])?$";
const char PLACE_PATTERN[] = "^[a-z0-9][a-z0-9-]*$";
const char NAME_PATTERN[] = "^[A-Za-z0-9_][A-Za-z0-9._:/-]*$";
const char TYPE_PATTERN[] = "^[A-Za-z0-9][A-Za-z0-9._-]*$";

const char *place_text(struct place at, struct arena *a)
{
    if (!at.source) return _("a built-in default");
    return arena_printf(a, "%s:%zu", at.source->path, at.line);
}

static void refer(struct node *out, const char *definition, struct arena *a)
{
    schema_put(out, "$ref", arena_printf(a, "#/definitions/%s", definition), a);
}

/* --- {low, base, high, why} --- */

/* clang-format off */
#define TRIPLE(d)                                                                                  \
    {.key = "low", .type = &field_real, .offset = offsetof(struct uncertain, low), .dimension = d}, \
    {.key = "base", .type = &field_real, .offset = offsetof(struct uncertain, base), .dimension = d,\
     .required = true},                                                                            \
    {.key = "high", .type = &field_real, .offset = offsetof(struct uncertain, high), .dimension = d},\
    {.key = "why", .type = &field_text, .offset = offsetof(struct uncertain, why)},                \
    FIELDS_END
/* clang-format on */

const struct field uncertain_fields[] = {TRIPLE(NUMBER_FRAC)};
const struct field amount_fields[] = {TRIPLE(PLAIN)};
const struct field duration_fields[] = {TRIPLE(DURATION_H)};

static void order_error(const struct node *triple, const char *key, const char *than,
                        struct field_reader *r)
{
    const struct node *n = node_get(triple, key), *base = node_get(triple, "base");
    diag_error(r->diag, ERR_CONTRADICTION, node_place(n), _("%s is %s, %s base %s"),
               field_path(n, r), n->text, than, base->text);
    diag_fix(r->diag, _("write low <= base <= high; base is set at %s"),
             place_text(node_place(base), r->arena));
}

/* Missing ends are the base. False with a finding. */
static bool triple_complete(const struct field *f, struct uncertain *u, const struct node *n,
                            struct field_reader *r)
{
    if (isnan(u->base)) return false;
    const struct {
        const char *key;
        double *value;
    } ends[] = {{"low", &u->low}, {"base", &u->base}, {"high", &u->high}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (isnan(*ends[i].value)) *ends[i].value = u->base;
        const struct node *child = node_get(n, ends[i].key);
        if (child && !field_in_range(f, *ends[i].value, child, r)) return false;
    }
    if (u->low > u->base) order_error(n, "low", _("above"), r);
    if (u->high < u->base) order_error(n, "high", _("below"), r);
    return u->low <= u->base && u->base <= u->high;
}

static void uncertain_read(const struct field *f, void *member, const struct node *n,
                           struct field_reader *r)
{
    struct uncertain u = {.low = NAN, .base = NAN, .high = NAN, .given = true, .at = node_place(n)};
    if (n->type == NODE_MAP) {
        u.triple = true;
        const size_t mark = field_enter(r, n->key ? n->key : "");
        fields_read(f->fields, &u, n, r);
        const bool complete = triple_complete(f, &u, n, r);
        field_leave(r, mark);
        if (!complete) return;
    } else {
        if (!field_number(f, &u.base, n, r)) return;
        u.low = u.high = u.base;
    }
    if (member) *(struct uncertain *)member = u;
}

static void uncertain_schema(const struct field *f, struct node *out, struct arena *a)
{
    refer(out,
          f->dimension == PLAIN        ? "uncertain_amount"
          : f->dimension == DURATION_H ? "uncertain_duration"
                                       : "uncertain",
          a);
}

const struct field_type type_uncertain = {uncertain_read, uncertain_schema};

void uncertain_definition(enum dimension dimension, struct node *out, struct arena *a)
{
    const bool plain = dimension == PLAIN, hours = dimension == DURATION_H;
    schema_put(out, "description",
               _("A number, or a triple used by simulate and by the sensitivity chart."), a);
    struct node *forms = node_put(out, "oneOf", node_new(NODE_LIST, a), a);
    refer(node_append(forms, node_new(NODE_MAP, a)),
          plain   ? "amount"
          : hours ? "duration"
                  : "number",
          a);
    struct node *triple = node_append(forms, node_new(NODE_MAP, a));
    fields_schema(plain ? amount_fields : hours ? duration_fields : uncertain_fields, triple, a);
    if (!plain) return;
    struct node *properties = node_get(triple, "properties");
    for (const char *const *key = (const char *const[]){"low", "base", "high", NULL}; *key; key++)
        refer(node_put(properties, *key, node_new(NODE_MAP, a), a), "amount", a);
}

/* --- money --- */

/* No bill comes near; sums of many such amounts still fit into 64 bits of millionths. */
static const double most_money = 1e12;

static bool money_in_range(const struct money *m, const struct node *n, struct field_reader *r)
{
    if (ratio_value(m->amount) <= most_money) return true;
    diag_error(r->diag, ERR_VALUE_RANGE, node_place(n), _("the amount of %s is too large: %s"),
               field_path(n, r), n->text);
    diag_fix(r->diag, _("write at most 1,000,000,000,000"));
    return false;
}

static bool money_read(const struct field *f, struct money *m, const struct node *n,
                       struct field_reader *r)
{
    if (!field_is_text(n, r)) return false;
    const bool parsed = money_parse(m, n->text);
    const bool bare = parsed && m->currency == CURRENCY_DEFAULT && m->per != PER_NONE;
    if (!parsed || bare || !(f->mask & PER(m->per))) {
        field_bad_value(n, _(f->expected), r);
        return false;
    }
    if (!money_in_range(m, n, r)) return false;
    struct reading *reading = r->context;
    if (reading)
        *ARENA_PUSH(r->arena, reading->amounts, reading->n_amounts) =
            (struct amount_seen){m->currency, node_place(n)};
    return true;
}

static void optional_money_read(const struct field *f, void *member, const struct node *n,
                                struct field_reader *r)
{
    struct optional_money m = {.given = true, .at = node_place(n)};
    if (money_read(f, &m.money, n, r) && member) *(struct optional_money *)member = m;
}

static void price_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    struct money m;
    if (money_read(f, &m, n, r) && member) *(struct money *)member = m;
}

static void money_schema(const struct field *f, struct node *out, struct arena *a)
{
    if (f->mask != PER(PER_GB_MONTH)) {
        refer(out, "money", a);
        return;
    }
    schema_put(out, "type", "string", a);
    schema_put(out, "pattern", "^(¥|￥|CNY |\\$|USD )[0-9][0-9,]*(\\.[0-9]+)?/GB-month$", a);
}

const struct field_type type_money = {optional_money_read, money_schema};
const struct field_type type_price = {price_read, money_schema};

void money_definition(struct node *out, struct arena *a)
{
    struct node *types = node_put(out, "type", node_new(NODE_LIST, a), a);
    node_append(types, node_text("string", true, a));
    node_append(types, node_text("number", true, a));
    schema_put_raw(out, "minimum", "0", a);
    schema_put(out, "pattern", MONEY_PATTERN, a);
    schema_put(out, "patternErrorMessage", _("Write an amount such as ¥5000/month."), a);
    schema_put(out, "description",
               _("¥5000, ¥5000/month, $700/month. A bare number is in the scenario's currency."),
               a);
}

/* --- time --- */

static void moment_read(const struct field *f, void *member, const struct node *n,
                        struct field_reader *r)
{
    moment_t moment;
    (void)f;
    if (!field_is_text(n, r)) return;
    if (!field_matches(MOMENT_PATTERN, n->text, r) || !moment_parse(&moment, n->text))
        field_bad_value(n, _("a date, or date and time, for example 2026-12-08 18:00"), r);
    else if (member)
        *(moment_t *)member = moment;
}

static void moment_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    refer(out, "moment", a);
}

const struct field_type type_moment = {moment_read, moment_schema};

static void duration_us_read(const struct field *f, void *member, const struct node *n,
                             struct field_reader *r)
{
    int64_t us;
    (void)f;
    if (!field_is_text(n, r)) return;
    if (!duration_us_parse(&us, n->text))
        field_bad_value(n, quantity_expected(DURATION_H), r);
    else if (member)
        *(int64_t *)member = us;
}

static void duration_us_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    refer(out, "duration", a);
}

const struct field_type type_duration_us = {duration_us_read, duration_us_schema};

static void clock_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    int64_t us;
    (void)f;
    if (!field_is_text(n, r)) return;
    if (!field_matches(CLOCK_PATTERN, n->text, r) || !clock_parse(&us, n->text))
        field_bad_value(n, _("a time of the day, for example 21:30"), r);
    else if (member)
        *(int64_t *)member = us;
}

static void clock_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    refer(out, "clock", a);
}

const struct field_type type_clock = {clock_read, clock_schema};

/* --- lists of texts --- */

static int by_text(const void *a, const void *b)
{
    const struct node *x = *(const struct node *const *)a, *y = *(const struct node *const *)b;
    const int order = strcmp(x->text, y->text);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static void check_unique(const struct node *list, struct field_reader *r)
{
    const struct node **sorted = ARENA_NEW(r->arena, const struct node *, list->n + 1);
    size_t n = 0;
    for (const struct node *c = list->first; c; c = c->next)
        if (c->type == NODE_TEXT) sorted[n++] = c;
    if (n > 1) qsort(sorted, n, NODE_POINTER_BYTES, by_text);
    for (size_t i = 1; i < n; i++) {
        if (strcmp(sorted[i - 1]->text, sorted[i]->text) != 0) continue;
        diag_error(r->diag, ERR_DUPLICATE_KEY, node_place(sorted[i]), _("%s holds '%s' twice"),
                   r->path, sorted[i]->text);
        diag_fix(r->diag, _("delete one of the two"));
    }
}

/* The texts of the list, as paths when `files`; items[n] is NULL. False when it is no list. */
static bool texts_collect(struct text_list *out, const struct field *f, const struct node *n,
                          bool files, struct field_reader *r)
{
    if (!field_is_list(n, r)) return false;
    if (f->not_empty && n->n == 0) {
        diag_error(r->diag, ERR_VALUE_FORM, node_key_place(n), _("%s is empty"), field_path(n, r));
        diag_fix(r->diag, _("write at least one entry"));
    }
    const struct field entry = {
        .type = files ? &field_file : &field_text, .pattern = f->pattern, .expected = f->expected};
    const char **items = ARENA_NEW(r->arena, const char *, n->n + 1);
    struct place *places = ARENA_NEW(r->arena, struct place, n->n + 1);
    const size_t mark = field_enter(r, n->key ? n->key : "");
    size_t i = 0;
    for (const struct node *c = n->first; c; c = c->next, i++) {
        items[i] = "";
        entry.type->read(&entry, &items[i], c, r);
        places[i] = node_place(c);
    }
    if (f->unique) check_unique(n, r);
    field_leave(r, mark);
    *out = (struct text_list){n->n, items, places};
    return true;
}

static void texts_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    struct text_list list;
    if (texts_collect(&list, f, n, false, r) && member) *(struct text_list *)member = list;
}

static void file_texts_read(const struct field *f, void *member, const struct node *n,
                            struct field_reader *r)
{
    struct text_list list;
    if (texts_collect(&list, f, n, true, r) && member) *(struct text_list *)member = list;
}

static void files_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    struct text_list list;
    if (texts_collect(&list, f, n, true, r) && member) *(const char *const **)member = list.items;
}

static void texts_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "array", a);
    if (f->unique) schema_put_raw(out, "uniqueItems", "true", a);
    if (f->not_empty) schema_put_raw(out, "minItems", "1", a);
    struct node *items = node_put(out, "items", node_new(NODE_MAP, a), a);
    if (f->pattern == PLACE_PATTERN) {
        refer(items, "place", a);
        return;
    }
    schema_put(items, "type", "string", a);
    if (f->pattern) schema_put(items, "pattern", f->pattern, a);
}

const struct field_type type_texts = {texts_read, texts_schema};
const struct field_type type_file_texts = {file_texts_read, texts_schema};
const struct field_type type_files = {files_read, texts_schema};

/* --- the rest --- */

/* Exact, for prices: the decimals before the sign, over 100. */
static void percent_read(const struct field *f, void *member, const struct node *n,
                         struct field_reader *r)
{
    double value;
    struct field row = *f;
    row.dimension = PERCENT_FRAC;
    if (!field_number(&row, &value, n, r)) return;
    struct ratio exact;
    const char *digits = arena_strndup(r->arena, n->text, strlen(n->text) - 1);
    const struct ratio hundred = {100, 1};
    if (!ratio_parse(&exact, digits) || !ratio_div(&exact, exact, hundred))
        field_bad_value(n, _("a percentage with fewer digits"), r);
    else if (member)
        *(struct ratio *)member = exact;
}

static void percent_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    refer(out, "percent", a);
}

const struct field_type type_percent = {percent_read, percent_schema};

static void any_read(const struct field *f, void *member, const struct node *n,
                     struct field_reader *r)
{
    (void)f, (void)member, (void)n, (void)r;
}

static void any_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f, (void)out, (void)a;
}

const struct field_type type_any = {any_read, any_schema};
