#include "common/json_read.h"
#include "common/text.h"
#include "common/text_stream.h"
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <yajl/yajl_parse.h>

enum {
    MAX_DEPTH = 64,
    BYTES_BEHIND = 64 << 10, /* of a text that passes, kept for the places of what is open */
};

/* A value while its object is open: offsets into the text store, which may move. */
struct stored {
    size_t key, text;
    enum json_kind kind;
    size_t from, to;
    const struct place *at;
};

struct level {
    bool object;
    size_t first_stored, text_used; /* what is above them goes with the level */
    size_t key;                     /* of the member being read: offset; SIZE_MAX none */
    size_t from;
    const struct place *at;
};

struct reader {
    const struct source *source;
    size_t fed; /* bytes of the whole text before those that YAJL was given last */
    yajl_handle parser;
    struct level levels[MAX_DEPTH];
    size_t depth;
    bool too_deep;
    struct stored *stored;
    size_t n_stored, room_stored;
    char *text;
    size_t text_used, text_room;
    struct json_field *fields; /* [room_stored] scratch of the record being given */
    json_record_fn *each;
    void *context;
    enum err stopped;
    struct arena *arena;
};

static size_t keep_text(struct reader *r, const char *text, size_t bytes)
{
    const size_t at = r->text_used;
    if (at + bytes + 1 > r->text_room) {
        r->text_room = 2 * (at + bytes + 1);
        char *larger = arena_alloc(r->arena, r->text_room, 1);
        if (at > 0) memcpy(larger, r->text, at);
        r->text = larger;
    }
    memcpy(r->text + at, text, bytes);
    r->text[at + bytes] = '\0';
    r->text_used += bytes + 1;
    return at;
}

static bool at_member(const struct reader *r)
{
    return r->depth > 0 && r->levels[r->depth - 1].object;
}

/* The arrays shrink and grow again with every object, so they are not grown by ARENA_PUSH. */
static void stored_grow(struct reader *r)
{
    enum { FIRST_ROOM = 64 };
    r->room_stored = r->room_stored ? 2 * r->room_stored : FIRST_ROOM;
    struct stored *larger = ARENA_NEW(r->arena, struct stored, r->room_stored);
    if (r->n_stored > 0) memcpy(larger, r->stored, r->n_stored * sizeof *larger);
    r->stored = larger;
    r->fields = ARENA_NEW(r->arena, struct json_field, r->room_stored);
}

/* Keeps a plain value where it is a member of an object; one in an array is nobody's. */
static int value(struct reader *r, enum json_kind kind, const char *text, size_t bytes)
{
    if (!at_member(r)) return 1;
    const size_t to = r->fed + yajl_get_bytes_consumed(r->parser);
    const size_t quoted = kind == JSON_STRING ? bytes + 2 : bytes;
    const struct stored s = {.key = r->levels[r->depth - 1].key,
                             .text = keep_text(r, text, bytes),
                             .kind = kind,
                             .from = to > quoted ? to - quoted : 0,
                             .to = to};
    if (r->n_stored == r->room_stored) stored_grow(r);
    r->stored[r->n_stored++] = s;
    return 1;
}

static int on_null(void *context)
{
    return value(context, JSON_NULL, "", 0);
}

static int on_bool(void *context, int yes)
{
    return value(context, JSON_BOOL, yes ? "true" : "false", yes ? 4 : 5);
}

static int on_number(void *context, const char *text, size_t bytes)
{
    return value(context, JSON_NUMBER, text, bytes);
}

static int on_string(void *context, const unsigned char *text, size_t bytes)
{
    return value(context, JSON_STRING, (const char *)text, bytes);
}

static int open_level(struct reader *r, bool object)
{
    r->too_deep = r->depth == MAX_DEPTH;
    if (r->too_deep) return 0;
    const size_t to = r->fed + yajl_get_bytes_consumed(r->parser);
    r->levels[r->depth++] = (struct level){.object = object,
                                           .first_stored = r->n_stored,
                                           .text_used = r->text_used,
                                           .key = SIZE_MAX,
                                           .from = to > 0 ? to - 1 : 0};
    return 1;
}

static int on_object(void *context)
{
    return open_level(context, true);
}

static int on_array(void *context)
{
    return open_level(context, false);
}

static int on_key(void *context, const unsigned char *text, size_t bytes)
{
    struct reader *r = context;
    r->levels[r->depth - 1].key = keep_text(r, (const char *)text, bytes);
    return 1;
}

static const struct json_field *fields_of(struct reader *r, const struct level *l)
{
    for (size_t i = l->first_stored; i < r->n_stored; i++) {
        const struct stored *s = &r->stored[i];
        r->fields[i - l->first_stored] = (struct json_field){
            .key = r->text + s->key,
            .text = r->text + s->text,
            .kind = s->kind,
            .from = s->from,
            .to = s->to,
            .at = s->at,
        };
    }
    return r->fields;
}

static int on_object_end(void *context)
{
    struct reader *r = context;
    const struct level *l = &r->levels[--r->depth];
    const char *path[MAX_DEPTH];
    size_t depth = 0;
    for (size_t i = 0; i < r->depth; i++)
        if (r->levels[i].object) path[depth++] = r->text + r->levels[i].key;
    const struct json_field *fields = fields_of(r, l);
    const struct json_record record = {.path = path,
                                       .depth = depth,
                                       .fields = fields,
                                       .n = r->n_stored - l->first_stored,
                                       .source = r->source,
                                       .from = l->from,
                                       .at = l->at};
    r->stopped = r->each(&record, r->context);
    r->n_stored = l->first_stored;
    r->text_used = l->text_used;
    return r->stopped == OK;
}

static int on_array_end(void *context)
{
    struct reader *r = context;
    r->depth--;
    return 1;
}

static void release_parser(void *parser)
{
    yajl_free(parser);
}

/* The first line of what YAJL says, without its "parse error: " and its drawing. */
static const char *reason(struct reader *r)
{
    unsigned char *said = yajl_get_error(r->parser, 0, NULL, 0);
    const char *text = (const char *)said;
    const char *colon = strstr(text, ": ");
    if (colon) text = colon + 2;
    const char *kept = arena_strndup(r->arena, text, strcspn(text, "\n"));
    yajl_free_error(r->parser, said);
    return kept;
}

/* Bytes of the whole text that are in its window still. */
static struct place place_of(const struct source *s, size_t from, size_t to)
{
    const size_t gone = s->start.byte;
    return text_place(s, 0, 0, from > gone ? from - gone : 0, to > gone ? to - gone : 0);
}

static enum err not_json(struct reader *r, size_t consumed, struct diag *d)
{
    const size_t at = consumed > 0 ? consumed - 1 : 0;
    const struct place place = place_of(r->source, at, at + 1);
    if (r->too_deep) {
        const enum err code =
            diag_error(d, ERR_JSON, place, _("JSON nests more than %d deep here"), (int)MAX_DEPTH);
        diag_fix(d, _("give the answer of the API as it came"));
        return code;
    }
    const enum err code = diag_error(d, ERR_JSON, place, _("this is not JSON: %s"), reason(r));
    diag_fix(
        d,
        _("give the answer of the API as it came; a file that was cut off must be fetched again"));
    return code;
}

static struct reader *reader_new(const struct source *s, json_record_fn *each, void *context,
                                 struct arena *a)
{
    static const yajl_callbacks callbacks = {.yajl_null = on_null,
                                             .yajl_boolean = on_bool,
                                             .yajl_number = on_number,
                                             .yajl_string = on_string,
                                             .yajl_start_map = on_object,
                                             .yajl_map_key = on_key,
                                             .yajl_end_map = on_object_end,
                                             .yajl_start_array = on_array,
                                             .yajl_end_array = on_array_end};
    struct reader *r = ARENA_NEW(a, struct reader, 1);
    *r = (struct reader){.source = s, .each = each, .context = context, .arena = a, .stopped = OK};
    r->parser = yajl_alloc(&callbacks, NULL, r);
    arena_defer(a, release_parser, r->parser);
    yajl_config(r->parser, yajl_allow_multiple_values, 1);
    return r;
}

/* Gives YAJL the window from byte `from` on; ERR_JSON or what a record said. */
static enum err feed(struct reader *r, size_t from, bool last, struct diag *d)
{
    const struct source *s = r->source;
    r->fed = s->start.byte + from;
    const size_t bytes = s->bytes - from;
    yajl_status status = yajl_parse(r->parser, (const unsigned char *)s->text + from, bytes);
    const bool to_the_end = status == yajl_status_ok;
    const size_t consumed = to_the_end ? bytes : yajl_get_bytes_consumed(r->parser);
    if (to_the_end && last) status = yajl_complete_parse(r->parser);
    if (r->stopped != OK) return r->stopped;
    return status == yajl_status_ok ? OK : not_json(r, r->fed + consumed, d);
}

enum err json_read(const struct source *s, json_record_fn *each, void *context, struct arena *a,
                   struct diag *d)
{
    return feed(reader_new(s, each, context, a), 0, true, d);
}

static const struct place *place_passed(const struct reader *r, size_t from, size_t to)
{
    struct place *at = ARENA_NEW(r->arena, struct place, 1);
    *at = place_keep(place_of(r->source, from, to), r->arena);
    return at;
}

/* Notes where open objects and their members stand whose text goes with the first `used` bytes of the window. */
static void places_note(struct reader *r, size_t used)
{
    const size_t gone = r->source->start.byte + used;
    for (size_t i = 0; i < r->depth; i++) {
        struct level *l = &r->levels[i];
        if (l->object && !l->at && l->from < gone) l->at = place_passed(r, l->from, l->from + 1);
    }
    for (size_t i = 0; i < r->n_stored; i++) {
        struct stored *s = &r->stored[i];
        if (!s->at && s->from < gone) s->at = place_passed(r, s->from, s->to);
    }
}

enum err json_read_stream(struct text_stream *stream, json_record_fn *each, void *context,
                          struct arena *a, struct diag *d)
{
    struct reader *r = reader_new(&stream->source, each, context, a);
    TRY(feed(r, 0, stream->ended, d));
    while (!stream->ended) {
        const size_t bytes = stream->source.bytes;
        const size_t used = bytes > BYTES_BEHIND ? bytes - BYTES_BEHIND : 0;
        places_note(r, used);
        TRY(text_stream_more(stream, used));
        TRY(feed(r, bytes - used, stream->ended, d));
    }
    return OK;
}

/* Most keys differ in their first letter. */
bool json_key_is(const char *a, const char *b)
{
    return ((a[0] ^ b[0]) & ~('a' ^ 'A')) == 0 && strcasecmp(a, b) == 0;
}

const struct json_field *json_field(const struct json_record *r, const char *key)
{
    for (size_t i = 0; i < r->n; i++)
        if (json_key_is(r->fields[i].key, key)) return r->fields[i].text[0] ? &r->fields[i] : NULL;
    return NULL;
}

const char *json_text(const struct json_record *r, const char *key)
{
    const struct json_field *f = json_field(r, key);
    return f ? f->text : NULL;
}

bool json_path_ends(const struct json_record *r, const char *tail)
{
    const char *end = tail + strlen(tail);
    for (size_t i = r->depth; end > tail; i--) {
        if (i == 0) return false;
        const char *from = end;
        while (from > tail && from[-1] != '/') from--;
        const size_t bytes = (size_t)(end - from);
        const char *key = r->path[i - 1];
        const bool same = ((key[0] ^ from[0]) & ~('a' ^ 'A')) == 0 && strlen(key) == bytes &&
                          strncasecmp(key, from, bytes) == 0;
        if (!same) return false;
        end = from > tail ? from - 1 : tail;
    }
    return true;
}

struct place json_place(const struct json_record *r, const struct json_field *f)
{
    const struct place *at = f ? f->at : r->at;
    if (at) return *at;
    return place_of(r->source, f ? f->from : r->from, f ? f->to : r->from + 1);
}
