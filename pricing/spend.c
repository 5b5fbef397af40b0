#include "pricing/spend.h"
#include "common/csv.h"
#include "common/json_read.h"
#include "common/text.h"
#include "common/text_stream.h"
#include "pricing/import.h"
#include "pricing/spend_forms.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Bills are read piece by piece: limits only for what never ends. */
static const size_t max_bill_bytes = (size_t)1 << 40;
enum {
    MAX_BILL_ROWS = 1000 * 1000 * 1000,
    MAX_TAGS = 64,
    MAX_CELLS = N_SPEND_COLUMNS * MAX_ALIASES
};

static const double hours_per_second = 1.0 / 3600;

const char *spend_market_name(enum spend_market m)
{
    static const char *const names[N_SPEND_MARKETS] = {"on_demand", "spot", "subscription",
                                                       "savings_plan", "other"};
    return names[m];
}

struct tag {
    const char *key, *value;
};

/* One row as texts of the form's columns. */
struct row {
    const char *cells[N_SPEND_COLUMNS][MAX_ALIASES];
    struct place (*place)(const struct row *r, enum spend_column c, size_t alias);
    const struct csv_row *csv;
    const struct json_record *json;
    const struct reader *reader;
};

struct reader {
    struct spend *spend;
    const struct spend_options *options;
    const struct spend_form *form;
    size_t cell_of[N_SPEND_COLUMNS][MAX_ALIASES]; /* CSV: index of the wanted column */
    struct names texts, keys;                     /* keys: of lines, same numbers */
    bool first;
    struct arena *scratch; /* of the rows being read; made anew from time to time */
    struct diag *diag;
};

/* The first cell of a column that is not empty; NULL. */
static const char *cell(const struct row *r, enum spend_column c)
{
    for (size_t k = 0; k < MAX_ALIASES; k++)
        if (r->cells[c][k] && r->cells[c][k][0]) return r->cells[c][k];
    return NULL;
}

static struct place row_place(const struct row *r, enum spend_column c)
{
    for (size_t k = 0; k < MAX_ALIASES; k++) {
        if (!r->cells[c][k] || !r->cells[c][k][0]) continue;
        if (r->csv) return csv_place(r->csv, r->reader->cell_of[c][k]);
        return json_place(r->json, json_field(r->json, r->reader->form->columns[c][k]));
    }
    return r->csv ? csv_place(r->csv, 0) : json_place(r->json, NULL);
}

/* --- money and time --- */

/* Exact decimals; bills that were through a spreadsheet or a program also have 9.5E-4. */
static bool amount_parse(micro_t *amount, const char *text)
{
    struct ratio r;
    if (ratio_parse(&r, text)) return money_amount(amount, r, 1, 1);
    char *end;
    const double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value) || fabs(value) > 1e12) return false;
    *amount = (micro_t)llround(value * 1e6);
    return true;
}

static enum err value_error(const struct row *r, enum spend_column c, const char *text)
{
    struct diag *d = r->reader->diag;
    const enum err code = diag_error(d, ERR_SPEND_VALUE, row_place(r, c),
                                     c == SPEND_COST ? _("\"%s\" is no amount of money")
                                                     : _("\"%s\" is no day or month of a bill"),
                                     text);
    diag_fix(d, _("export the bill again without changing it in a spreadsheet"));
    return code;
}

/* 2026-09-01, 2026-09-01 08:00:00 (local) or 2026-08-31T16:00:00Z (UTC), as local time. */
static bool time_parse(moment_t *out, const char *text, int64_t offset_us)
{
    const size_t bytes = strlen(text);
    if (bytes > 0 && (text[bytes - 1] == 'Z' || (bytes > 19 && strchr(text + 19, '+')))) {
        if (!import_time_parse(out, text)) return false;
        *out += offset_us;
        return true;
    }
    char head[17];
    if (bytes < 10) return false;
    const size_t kept = bytes >= 16 ? 16 : 10;
    memcpy(head, text, kept);
    head[kept] = '\0';
    for (size_t i = 0; i < kept; i++)
        if (head[i] == '/') head[i] = '-';
    return moment_parse(out, head);
}

/* 2026-09 or 202609. */
static bool month_parse(moment_t *out, const char *text)
{
    char day[11];
    const bool dashed = strlen(text) == 7 && text[4] == '-';
    if (!dashed && strlen(text) != 6) return false;
    snprintf(day, sizeof day, "%.4s-%.2s-01", text, text + (dashed ? 5 : 4));
    return moment_parse(out, day);
}

/* The month of use; a charge of a whole month carries only that. */
static enum err time_read(moment_t *out, const struct row *r)
{
    const char *text = cell(r, SPEND_TIME);
    const int64_t offset_us = r->reader->options->offset_us;
    if (text) return time_parse(out, text, offset_us) ? OK : value_error(r, SPEND_TIME, text);
    text = cell(r, SPEND_MONTH);
    if (text && (month_parse(out, text) || time_parse(out, text, offset_us))) return OK;
    return value_error(r, SPEND_MONTH, text ? text : "");
}

/* The last moment a row charges for, at most the end of its month. A charge of a whole month lasts as long; a commitment counts from its first
 * moment only, because it is charged ahead. */
static enum err last_read(moment_t *out, moment_t from, enum spend_market market,
                          const struct row *r)
{
    const moment_t month_end = next_month_start(from) - 1;
    *out = from;
    if (!cell(r, SPEND_TIME)) {
        *out = month_end;
        return OK;
    }
    const char *text = cell(r, SPEND_END);
    if (!text || market == SPEND_SUBSCRIPTION || market == SPEND_SAVINGS_PLAN) return OK;
    moment_t end;
    if (!time_parse(&end, text, r->reader->options->offset_us))
        return value_error(r, SPEND_END, text);
    if (end > from) *out = end - 1 < month_end ? end - 1 : month_end;
    return OK;
}

static int month_of(moment_t m)
{
    char text[32];
    moment_print(text, sizeof text, m);
    return 12 * atoi(text) + atoi(text + 5) - 1;
}

/* --- tags --- */

static const char *trimmed(struct arena *a, const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '"')) from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '"')) to--;
    return arena_strndup(a, from, (size_t)(to - from));
}

/* "key:team value:render; key:env value:prod; " of the vendor. */
static size_t vendor_tags(struct tag *tags, const char *text, struct arena *a)
{
    size_t n = 0;
    for (const char *key = strstr(text, "key:"); key && n < MAX_TAGS; key = strstr(key, "key:")) {
        const char *value = strstr(key, " value:");
        if (!value) break;
        const char *end = strchr(value, ';');
        if (!end) end = value + strlen(value);
        tags[n++] = (struct tag){trimmed(a, key + 4, value), trimmed(a, value + 7, end)};
        key = end;
    }
    return n;
}

struct tag_list {
    struct tag *tags;
    size_t n;
    struct arena *arena;
};

static enum err tag_record(const struct json_record *r, void *context)
{
    struct tag_list *l = context;
    for (size_t i = 0; i < r->n && l->n < MAX_TAGS; i++)
        l->tags[l->n++] = (struct tag){arena_strdup(l->arena, r->fields[i].key),
                                       arena_strdup(l->arena, r->fields[i].text)};
    return OK;
}

/* {"team": "render"} of FOCUS; team=render, env=prod of others. */
static size_t tags_read(struct tag *tags, const char *text, struct arena *a)
{
    if (*text == '{') {
        struct tag_list list = {tags, 0, a};
        struct diag unheard = {.arena = a};
        const struct source source = {.path = "", .text = text, .bytes = strlen(text)};
        return json_read(&source, tag_record, &list, a, &unheard) == OK ? list.n : 0;
    }
    size_t n = vendor_tags(tags, text, a);
    for (const char *from = text; n == 0 || from > text;) {
        const char *end = from + strcspn(from, ";,");
        const char *equals = memchr(from, '=', (size_t)(end - from));
        if (equals && n < MAX_TAGS)
            tags[n++] = (struct tag){trimmed(a, from, equals), trimmed(a, equals + 1, end)};
        if (!*end || (n == 0 && end == from)) break;
        from = end + 1;
    }
    return n;
}

static int by_tag(const void *a, const void *b)
{
    const struct tag *x = a, *y = b;
    const int order = strcmp(x->key, y->key);
    return order ? order : strcmp(x->value, y->value);
}

static const char *owner_of(const struct tag *tags, size_t n, const struct spend_options *o)
{
    const char *const usual[] = {o->owner_tag ? o->owner_tag : "owner",
                                 o->owner_tag ? NULL : "team", "project", "cost-center"};
    for (size_t k = 0; k < sizeof usual / sizeof *usual && usual[k]; k++)
        for (size_t i = 0; i < n; i++)
            if (strcasecmp(tags[i].key, usual[k]) == 0 && tags[i].value[0]) return tags[i].value;
    return NULL;
}

/* --- what it was --- */

/* "ecs.FAMILY.SIZE" anywhere in a text. */
static const char *type_in(const char *text, struct arena *a)
{
    const char *from = strstr(text, "ecs.");
    if (!from) return NULL;
    const size_t bytes = strspn(from, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    const char *type = arena_strndup(a, from, bytes);
    const char *dot = strchr(type + 4, '.');
    return dot && dot[1] ? type : NULL;
}

static const char *type_of(const struct row *r, struct arena *a)
{
    const char *plain = cell(r, SPEND_TYPE);
    if (plain && strncmp(plain, "ecs.", 4) == 0) return plain;
    for (size_t k = 0; k < MAX_ALIASES; k++) {
        const char *text = r->cells[SPEND_TYPE_IN][k];
        const char *type = text ? type_in(text, a) : NULL;
        if (type) return type;
    }
    return "";
}

static bool contains(const char *text, const char *const *words)
{
    for (; text && *words; words++)
        if (strcasestr(text, *words)) return true;
    return false;
}

static bool any_contains(const struct row *r, enum spend_column c, const char *const *words)
{
    for (size_t k = 0; k < MAX_ALIASES; k++)
        if (contains(r->cells[c][k], words)) return true;
    return false;
}

static enum spend_market market_of(const struct row *r, const char *type)
{
    static const char *const spot[] = {"spot", "preemptible", "抢占", "竞价", "Dynamic", NULL};
    static const char *const plan[] = {"savings", "节省计划", NULL};
    static const char *const term[] = {"subscription", "prepaid",   "包年包月", "预付",
                                       "reserved",     "Committed", NULL};
    if (!*type) return SPEND_OTHER;
    if (any_contains(r, SPEND_SPOT_IN, spot)) return SPEND_SPOT;
    if (any_contains(r, SPEND_COMMITTED, plan) || any_contains(r, SPEND_PAYMENT, plan))
        return SPEND_SAVINGS_PLAN;
    if (any_contains(r, SPEND_PAYMENT, term) || any_contains(r, SPEND_COMMITTED, term))
        return SPEND_SUBSCRIPTION;
    return SPEND_ON_DEMAND;
}

/* Hours by the unit; a service time without one is in seconds. 0 for other measures. */
static double hours_of(const struct row *r)
{
    static const char *const hour[] = {"hour", "小时", NULL}, *const second[] = {"second", "秒",
                                                                                 NULL};
    for (size_t k = 0; k < MAX_ALIASES; k++) {
        const char *text = r->cells[SPEND_USAGE][k], *unit = r->cells[SPEND_USAGE_UNIT][k];
        if (!text || !*text) continue;
        char *end;
        const double value = strtod(text, &end);
        if (end == text || *end || !isfinite(value)) continue;
        if (contains(unit, hour) || (unit && strcasecmp(unit, "h") == 0)) return value;
        if (contains(unit, second) || !unit || !*unit) return value * hours_per_second;
    }
    return 0;
}

/* --- summing --- */

static const char *keep(struct reader *r, const char *text)
{
    return names_keep(&r->texts, text ? text : "");
}

static const char *tags_text(const struct tag *tags, size_t n, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = arena_printf(a, "%s%s%s=%s", text, i ? ", " : "", tags[i].key, tags[i].value);
    return text;
}

static enum err currency_check(const struct row *r)
{
    struct reader *reader = (struct reader *)r->reader;
    struct spend *s = reader->spend;
    const char *text = cell(r, SPEND_CURRENCY);
    if (!text) {
        s->currency_assumed = true;
        text = s->currency ? s->currency : "CNY";
    }
    if (!s->currency) s->currency = keep(reader, text);
    if (strcasecmp(s->currency, text) == 0) return OK;
    const enum err code = diag_error(reader->diag, ERR_SPEND_CURRENCY, row_place(r, SPEND_CURRENCY),
                                     _("the bill is in %s and here in %s"), s->currency, text);
    diag_fix(reader->diag, _("export one bill per currency"));
    return code;
}

/* The line of a row, new or known. */
static struct spend_line *line_of(struct reader *r, const struct spend_line *l)
{
    struct spend *s = r->spend;
    char key[1024];
    snprintf(key, sizeof key, "%d\x1f%s\x1f%s\x1f%d\x1f%s\x1f%s\x1f%s\x1f%.600s", l->month,
             l->owner, l->type, (int)l->market, l->region, l->zone, l->service, l->tags);
    const size_t at = names_add(&r->keys, key);
    if (at == s->n_lines) *ARENA_PUSH(s->arena, s->lines, s->n_lines) = *l;
    return &s->lines[at];
}

static void release_scratch(void *context)
{
    arena_free(((struct reader *)context)->scratch);
}

static void scratch_renew(struct reader *r)
{
    enum { ROWS_PER_SCRATCH = 1024 };
    if (r->spend->n_rows % ROWS_PER_SCRATCH != 0) return;
    arena_free(r->scratch);
    r->scratch = arena_new();
}

static enum err row_add(struct reader *reader, const struct row *r)
{
    struct spend *s = reader->spend;
    scratch_renew(reader);
    struct arena *a = reader->scratch;
    const char *cost = cell(r, SPEND_COST);
    micro_t amount;
    moment_t time = 0, last = 0;
    s->n_rows++;
    if (!cost) {
        s->n_empty++;
        return OK;
    }
    if (!amount_parse(&amount, cost)) return value_error(r, SPEND_COST, cost);
    TRY(time_read(&time, r));
    TRY(currency_check(r));
    struct tag tags[MAX_TAGS] = {{0}};
    const char *tag_cell = cell(r, SPEND_TAGS);
    const size_t n = tag_cell ? tags_read(tags, tag_cell, a) : 0;
    qsort(tags, n, sizeof *tags, by_tag);
    const char *owner = owner_of(tags, n, reader->options);
    const char *type = keep(reader, type_of(r, a));
    const struct spend_line line = {.month = month_of(time),
                                    .owner = keep(reader, owner ? owner : cell(r, SPEND_OWNER)),
                                    .tags = keep(reader, tags_text(tags, n, a)),
                                    .type = type,
                                    .service = keep(reader, cell(r, SPEND_SERVICE)),
                                    .region = keep(reader, cell(r, SPEND_REGION)),
                                    .zone = keep(reader, cell(r, SPEND_ZONE)),
                                    .market = market_of(r, type)};
    TRY(last_read(&last, time, line.market, r));
    struct spend_line *l = line_of(reader, &line);
    if (!money_add(&l->amount, amount) || !money_add(&s->total, amount))
        return value_error(r, SPEND_COST, cost);
    l->hours += *type ? hours_of(r) : 0;
    l->n++;
    s->from = reader->first || time < s->from ? time : s->from;
    s->to = reader->first || last > s->to ? last : s->to;
    reader->first = false;
    return OK;
}

/* --- CSV --- */

static enum err csv_each(const struct csv_row *csv, void *context)
{
    struct reader *reader = context;
    struct row r = {.csv = csv, .reader = reader};
    for (size_t c = 0; c < N_SPEND_COLUMNS; c++)
        for (size_t k = 0; k < MAX_ALIASES; k++)
            if (reader->cell_of[c][k] != SIZE_MAX)
                r.cells[c][k] = csv->field[reader->cell_of[c][k]];
    return row_add(reader, &r);
}

/* Does the header line have this name as a whole field? */
static bool header_has(const char *text, const char *name)
{
    const char *end = text + strcspn(text, "\r\n");
    const size_t bytes = strlen(name);
    for (const char *at = strstr(text, name); at && at < end; at = strstr(at + 1, name)) {
        const char after = at[bytes];
        char before = ',';
        if (at > text) before = at[-1];
        if ((before == ',' || before == '"') &&
            (after == ',' || after == '"' || after == '\r' || after == '\n' || !after))
            return true;
    }
    return false;
}

/* The header behind comments and blank lines. */
static const char *header_of(const char *text)
{
    while (*text == '#' || *text == '\n' || *text == '\r')
        text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n');
    return text;
}

static const struct spend_form *form_of(const char *text)
{
    for (const struct spend_form *f = spend_forms; f->name; f++) {
        bool all = true;
        for (size_t k = 0; k < 3 && f->sign[k]; k++) all = all && header_has(text, f->sign[k]);
        if (all) return f;
    }
    return NULL;
}

/* Wanted columns: every alias once, in the order of the form; the chosen money column alone. */
static size_t columns_of(struct csv_column *columns, struct reader *r, const char *header)
{
    size_t n = 0;
    for (size_t c = 0; c < N_SPEND_COLUMNS; c++)
        for (size_t k = 0; k < MAX_ALIASES; k++) {
            const char *name = r->form->columns[c][k];
            r->cell_of[c][k] = SIZE_MAX;
            if (c == SPEND_COST && r->options->cost) name = k == 0 ? r->options->cost : NULL;
            const bool chosen = c == SPEND_COST && r->options->cost;
            if (!name || !*name || (!chosen && !header_has(header, name))) continue;
            size_t at = 0;
            while (at < n && strcmp(columns[at].name, name) != 0) at++;
            if (at == n) columns[n++] = (struct csv_column){name, chosen};
            r->cell_of[c][k] = at;
        }
    return n;
}

static enum err unknown_form(const struct source *source, struct diag *d)
{
    const enum err code = diag_error(d, ERR_IMPORT_FORMAT, (struct place){.source = source},
                                     _("this is no bill that is known"));
    diag_fix(d, _("known are FOCUS 1.0 to 1.2, the instance detail and the standard bill of the "
                  "vendor, and the answer of "
                  "DescribeInstanceBill"));
    return code;
}

/* --- DescribeInstanceBill --- */

static enum err json_each(const struct json_record *json, void *context)
{
    struct reader *reader = context;
    if (!json_path_ends(json, "Items")) return OK;
    struct row r = {.json = json, .reader = reader};
    for (size_t c = 0; c < N_SPEND_COLUMNS; c++)
        for (size_t k = 0; k < MAX_ALIASES; k++) {
            const char *name = reader->form->columns[c][k];
            if (name && *name) r.cells[c][k] = json_text(json, name);
        }
    return row_add(reader, &r);
}

static int by_line(const void *a, const void *b)
{
    const struct spend_line *x = a, *y = b;
    if (x->month != y->month) return x->month < y->month ? -1 : 1;
    const char *const texts[][2] = {{x->owner, y->owner},     {x->type, y->type},
                                    {x->region, y->region},   {x->zone, y->zone},
                                    {x->service, y->service}, {x->tags, y->tags}};
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        const int order = strcmp(texts[k][0], texts[k][1]);
        if (order) return order;
    }
    return (int)x->market - (int)y->market;
}

static const struct spend_form *json_form(void)
{
    const struct spend_form *f = spend_forms;
    while (strcmp(f->sign[0], "BillingCycle") != 0) f++;
    return f;
}

static enum err stream_spend(struct reader *r, struct text_stream *stream)
{
    const struct source *source = &stream->source;
    const char *start = source->text + strspn(source->text, " \t\r\n");
    if (*start == '{' || *start == '[') {
        r->form = json_form();
        r->spend->form = "DescribeInstanceBill";
        TRY(json_read_stream(stream, json_each, r, r->spend->arena, r->diag));
        return r->spend->n_rows ? OK : unknown_form(source, r->diag);
    }
    const char *header = header_of(source->text);
    r->form = form_of(header);
    if (!r->form) return unknown_form(source, r->diag);
    r->spend->form = r->form->name;
    struct csv_column columns[MAX_CELLS];
    const size_t n = columns_of(columns, r, header);
    return csv_read_stream(stream, columns, n, MAX_BILL_ROWS, csv_each, r, r->spend->arena,
                           r->diag);
}

enum err spend_read(struct spend **spend, const char *path, const struct spend_options *options,
                    struct arena *a, struct diag *d)
{
    struct spend *s = ARENA_NEW(a, struct spend, 1);
    s->arena = a;
    struct reader *r = ARENA_NEW(a, struct reader, 1);
    *r = (struct reader){.spend = s,
                         .options = options,
                         .texts = {.arena = a},
                         .keys = {.arena = a},
                         .first = true,
                         .scratch = arena_new(),
                         .diag = d};
    arena_defer(a, release_scratch, r);
    struct text_stream *stream;
    TRY(text_stream_open(&stream, path, max_bill_bytes, 0, a, d));
    TRY(text_stream_more(stream, 0));
    TRY(stream_spend(r, stream));
    if (s->n_lines) qsort(s->lines, s->n_lines, sizeof *s->lines, by_line);
    s->cost = options->cost ? options->cost : r->form->columns[SPEND_COST][0];
    *spend = s;
    return OK;
}
