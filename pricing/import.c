#include "pricing/import.h"
#include "common/text.h"
#include "common/text_stream.h"
#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Answers are read piece by piece: a limit only for what never ends. */
static const size_t max_import_bytes = (size_t)1 << 36;

#define IMPORT_FORMAT(name) extern const struct import_format import_##name;
#include "pricing/import_list.h"
#undef IMPORT_FORMAT

const struct import_format *const import_formats[] = {
#define IMPORT_FORMAT(name) &import_##name,
#include "pricing/import_list.h"
#undef IMPORT_FORMAT
    NULL};

/* --- what formats use --- */

struct place import_place(const struct importing *i, const struct json_record *r,
                          const struct json_field *f)
{
    const bool told = i->out->n_refused < DIAG_MAX_ERRORS; /* places are dear to count out */
    return told ? json_place(r, f) : (struct place){.source = r->source};
}

const char *import_keep(struct importing *i, const char *text)
{
    return names_keep(&i->out->texts, text);
}

void import_refuse(struct importing *i, struct place at, const char *fmt, ...)
{
    i->out->n_refused++;
    va_list arguments;
    va_start(arguments, fmt);
    char what[512];
    vsnprintf(what, sizeof what, fmt, arguments);
    va_end(arguments);
    diag_warning(i->out->diag, ERR_IMPORT_VALUE, at, "%s", what);
    diag_fix(i->out->diag,
             _("the row is left out; fetch the answer again, or enter the price by hand"));
}

void import_skip(struct importing *i, const char *reason, const char *example)
{
    struct imported *out = i->out;
    for (size_t k = 0; k < out->n_skipped; k++) {
        if (strcmp(out->skipped[k].reason, reason) != 0) continue;
        out->skipped[k].n++;
        return;
    }
    *ARENA_PUSH(out->arena, out->skipped, out->n_skipped) =
        (struct import_skipped){reason, 1, import_keep(i, example)};
}

static bool missing(struct importing *i, const struct json_record *r, const char *key)
{
    import_refuse(i, import_place(i, r, NULL), _("%s is missing"), key);
    return false;
}

bool import_ratio(struct ratio *out, struct importing *i, const struct json_record *r,
                  const char *key)
{
    const struct json_field *f = json_field(r, key);
    if (!f) return missing(i, r, key);
    if (ratio_parse(out, f->text) && out->num >= 0) return true;
    import_refuse(i, import_place(i, r, f), _("%s \"%s\" is no amount"), key, f->text);
    return false;
}

bool import_number(double *out, struct importing *i, const struct json_record *r, const char *key)
{
    struct ratio exact;
    if (!import_ratio(&exact, i, r, key)) return false;
    *out = ratio_value(exact);
    return true;
}

const char *import_word(struct importing *i, const struct json_record *r, const char *key)
{
    const struct json_field *f = json_field(r, key);
    if (!f) {
        missing(i, r, key);
        return NULL;
    }
    size_t plain = 0;
    while (isalnum((unsigned char)f->text[plain]) ||
           (f->text[plain] && strchr(".-_", f->text[plain])))
        plain++;
    if (f->kind == JSON_STRING && !f->text[plain] && plain < 128) return f->text;
    import_refuse(i, import_place(i, r, f), _("%s \"%s\" is no name"), key, f->text);
    return NULL;
}

/* 2019-11-19T06:00:00Z, without the seconds, or with an offset. */
bool import_time_parse(moment_t *out, const char *text)
{
    enum { TO_MINUTES = 16 };
    char head[TO_MINUTES + 1];
    if (strlen(text) < TO_MINUTES) return false;
    memcpy(head, text, TO_MINUTES);
    head[TO_MINUTES] = '\0';
    if (!moment_parse(out, head)) return false;
    const char *rest = text + TO_MINUTES;
    if (rest[0] == ':' && isdigit((unsigned char)rest[1]) && isdigit((unsigned char)rest[2])) {
        *out += ((rest[1] - '0') * 10 + (rest[2] - '0')) * INT64_C(1000000);
        rest += 3;
    }
    if (rest[0] == '.') rest += 1 + strspn(rest + 1, "0123456789");
    if (strcmp(rest, "Z") == 0) return true;
    int64_t offset;
    if ((rest[0] != '+' && rest[0] != '-') || !clock_parse(&offset, rest + 1)) return false;
    *out -= rest[0] == '+' ? offset : -offset;
    return true;
}

bool import_time(moment_t *out, struct importing *i, const struct json_record *r, const char *key)
{
    const struct json_field *f = json_field(r, key);
    if (!f) return missing(i, r, key);
    if (import_time_parse(out, f->text)) return true;
    import_refuse(i, import_place(i, r, f), _("%s \"%s\" is no time such as 2026-01-31T06:00:00Z"),
                  key, f->text);
    return false;
}

const char *import_day(struct importing *i, moment_t time)
{
    char text[32];
    moment_print(text, sizeof text, time);
    text[10] = '\0';
    return import_keep(i, text);
}

bool import_currency(enum currency *out, struct importing *i, const struct json_record *r)
{
    const struct json_field *f = json_field(r, "Currency");
    if (!f) {
        *out = CURRENCY_CNY;
        return missing(i, r, "Currency");
    }
    const bool cny = strcasecmp(f->text, "CNY") == 0;
    *out = cny ? CURRENCY_CNY : CURRENCY_USD;
    if (cny || strcasecmp(f->text, "USD") == 0) return true;
    import_refuse(i, import_place(i, r, f), _("prices in \"%s\" cannot be used: give CNY or USD"),
                  f->text);
    return false;
}

const char *import_region(struct importing *i, const char *zone)
{
    const size_t known = book_region_find(i->book, zone);
    if (known != SIZE_MAX) return book_region(i->book, known)->name;
    const size_t bytes = strlen(zone);
    if (bytes < 3 || !islower((unsigned char)zone[bytes - 1])) return zone;
    const size_t cut = zone[bytes - 2] == '-' ? 2 : isdigit((unsigned char)zone[bytes - 2]) ? 1 : 0;
    return import_keep(i, arena_strndup(i->out->arena, zone, bytes - cut));
}

/* --- the question beside an answer --- */

static void request_set(struct import_request *q, struct imported *out, const char *key,
                        const char *text)
{
    const struct {
        const char *key;
        const char **member;
    } members[] = {{"InstanceType", &q->type}, {"RegionId", &q->region},
                   {"ZoneId", &q->zone},       {"PriceUnit", &q->unit},
                   {"Period", &q->period},     {"Amount", &q->amount},
                   {"SpotStrategy", &q->spot}, {"ResourceType", &q->resource}};
    for (size_t k = 0; k < sizeof members / sizeof *members; k++)
        if (strcasecmp(members[k].key, key) == 0)
            *members[k].member = names_keep(&out->texts, text);
}

/* An object outside the answer that names a machine is the question. */
static void request_read(struct importing *i, const struct json_record *r)
{
    if (!json_field(r, "InstanceType") ||
        (!json_field(r, "PriceUnit") && !json_field(r, "RegionId")))
        return;
    for (size_t k = 0; k < r->n; k++)
        if (r->fields[k].text[0])
            request_set(&i->request, i->out, r->fields[k].key, r->fields[k].text);
}

static bool is_unit(const char *word)
{
    static const char *const units[] = {"hour", "week", "month", "year"};
    for (size_t k = 0; k < sizeof units / sizeof *units; k++)
        if (strcasecmp(units[k], word) == 0) return true;
    return false;
}

/* What a file name says: a machine, a place, a unit, separated by anything that is in none of them. */
static void request_of_name(struct import_request *q, struct importing *i, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const size_t bytes = strlen(name);
    const size_t ending = bytes > 5 && strcasecmp(name + bytes - 5, ".json") == 0 ? 5 : 0;
    char *copy = arena_strndup(i->out->arena, name, bytes - ending), *state;
    for (char *word = strtok_r(copy, "_,;@=+&() ", &state); word;
         word = strtok_r(NULL, "_,;@=+&() ", &state)) {
        const size_t region = book_region_find(i->book, word);
        if (strncmp(word, "ecs.", 4) == 0)
            q->type = import_keep(i, word);
        else if (is_unit(word))
            q->unit = import_keep(i, word);
        else if (strcasecmp(word, "spot") == 0)
            q->spot = "SpotAsPriceGo";
        else if (region != SIZE_MAX && strcmp(book_region(i->book, region)->name, word) == 0)
            q->region = import_keep(i, word);
        else if (region != SIZE_MAX)
            q->zone = import_keep(i, word);
    }
}

static enum err request_of_options(struct importing *i, const char *const *request)
{
    for (; request && *request; request++) {
        const char *equals = strchr(*request, '=');
        if (!equals || equals == *request || !equals[1]) {
            const enum err code = diag_error(i->out->diag, ERR_OPTION_VALUE, (struct place){0},
                                             _("--request %s is not NAME=VALUE"), *request);
            diag_fix(i->out->diag,
                     _("write --request RegionId=cn-shanghai, as in the call of the API"));
            return code;
        }
        const char *key = arena_strndup(i->out->arena, *request, (size_t)(equals - *request));
        request_set(&i->named, i->out, key, equals + 1);
    }
    return OK;
}

/* --- one file --- */

/* The format whose key is on the way to a record, and the depth of the object around that key. */
static const struct import_format *format_of(size_t *depth, const struct json_record *r)
{
    for (*depth = 0; *depth < r->depth; ++*depth)
        for (const struct import_format *const *f = import_formats; *f; f++)
            if (json_key_is(r->path[*depth], (*f)->key)) return *f;
    return NULL;
}

/* An error of the API has a code and a message, and nothing else to take. */
static enum err error_answer(struct importing *i, const struct json_record *r)
{
    const char *code = json_text(r, "Code");
    const char *message = json_text(r, "Message");
    const bool good = code && (strcasecmp(code, "Success") == 0 || strcmp(code, "200") == 0);
    if (!code || !message || good) return OK;
    const enum err err =
        diag_error(i->out->diag, ERR_IMPORT_ANSWER, json_place(r, json_field(r, "Code")),
                   _("the API answered with an error: %s: %s"), code, message);
    diag_fix(i->out->diag, _("ask again; `%s` is the name to look for in the vendor's documents"),
             code);
    return err;
}

/* The object around the key of an answer has ended. */
static enum err answer_end(struct importing *i, const struct json_record *r)
{
    const struct import_format *f = i->open;
    const bool outermost = r->depth == 0;
    if (r->depth == i->open_depth && f->answer) TRY(f->answer(i, r));
    if (outermost && f->finish) TRY(f->finish(i));
    if (outermost || !f->finish) i->open = NULL;
    i->first_sample = i->out->n_samples;
    i->first_advice = i->out->n_advices;
    return OK;
}

/* Inner objects come first: records of a format, then the object around them, then an envelope with the question. */
static enum err record(const struct json_record *r, void *context)
{
    struct importing *i = context;
    if (i->out->stop && *i->out->stop) return ERR_OUTPUT;
    size_t depth;
    const struct import_format *f = format_of(&depth, r);
    if (f) {
        if (!i->open) i->state = NULL;
        i->open = i->out->format = f;
        i->open_depth = depth;
        i->any = true;
        return f->record(i, r);
    }
    request_read(i, r);
    if (i->open && (r->depth == i->open_depth || r->depth == 0))
        TRY(answer_end(i, r));
    else if (r->depth == 0)
        TRY(error_answer(i, r));
    if (r->depth == 0) i->request = (struct import_request){0};
    return OK;
}

static enum err unknown_format(const struct source *s, struct arena *a, struct diag *d)
{
    const enum err code =
        diag_error(d, ERR_IMPORT_FORMAT, (struct place){.source = s},
                   _("this is no answer of the API and no price list that is known"));
    const char *names = "";
    for (const struct import_format *const *f = import_formats; *f; f++)
        names = arena_printf(a, "%s%s%s", names, *names ? ", " : "", (*f)->name);
    diag_fix(d, _("known are %s, as the vendor's command line prints them"), names);
    return code;
}

static enum err file_read(struct importing *i, struct text_stream *stream, struct diag *d)
{
    const struct source *s = &stream->source;
    const char *start = s->text + strspn(s->text, " \t\r\n");
    if (*start != '{' && *start != '[') return unknown_format(s, i->out->arena, d);
    TRY(json_read_stream(stream, record, i, i->out->arena, d));
    return i->any ? OK : unknown_format(s, i->out->arena, d);
}

enum err import_read(struct imported *out, const char *path, const char *const *request,
                     const struct price_book *book, struct diag *d)
{
    out->texts.arena = out->arena;
    out->diag = d;
    const struct imported before = *out;
    struct importing i = {
        .out = out, .book = book, .first_sample = out->n_samples, .first_advice = out->n_advices};
    struct text_stream *stream;
    TRY(text_stream_open(&stream, path, max_import_bytes, 0, out->arena, d));
    TRY(text_stream_more(stream, 0));
    out->source = stream->source.path;
    request_of_name(&i.named, &i, path);
    TRY(request_of_options(&i, request));
    const enum err code = file_read(&i, stream, d);
    if (code == OK) return OK;
    out->n_prices = before.n_prices;
    out->n_samples = before.n_samples;
    out->n_advices = before.n_advices;
    out->n_types = before.n_types;
    out->n_stocks = before.n_stocks;
    return code;
}
