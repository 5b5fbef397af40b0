#include "report/json_out.h"
#include "common/text.h"
#include <string.h>

enum {
    REAL_DIGITS = 15,   /* 24.99 stays 24.99; jansson's own default prints 24.989999999999998 */
    ROWS_AT_A_TIME = 64 /* entries of a list that share memory */
};

static void spaces(const struct json_out *o)
{
    for (size_t i = 0; i < o->depth; i++) fputc_unlocked(' ', o->file);
}

/* Lines of a value stand as deep as it does; within texts a line feed is escaped. */
static int indented_write(const char *bytes, size_t n, void *context)
{
    const struct json_out *o = context;
    for (const char *line; n > 0 && (line = memchr(bytes, '\n', n));) {
        const size_t upto = (size_t)(line - bytes) + 1;
        if (fwrite_unlocked(bytes, 1, upto, o->file) != upto) return -1;
        spaces(o);
        bytes += upto;
        n -= upto;
    }
    return fwrite_unlocked(bytes, 1, n, o->file) == n ? 0 : -1;
}

/* What stands before a value: the comma of the one before it, its line and its key. */
static void begin(struct json_out *o, const char *key)
{
    if (o->depth == 0) return;
    if (o->any[o->depth - 1]) fputc_unlocked(',', o->file);
    o->any[o->depth - 1] = true;
    fputc_unlocked('\n', o->file);
    spaces(o);
    if (key) fprintf(o->file, "\"%s\": ", key);
}

void json_out_open(struct json_out *o, const char *key, char bracket)
{
    begin(o, key);
    fputc_unlocked(bracket, o->file);
    o->any[o->depth] = false;
    o->close[o->depth++] = bracket == '{' ? '}' : ']';
}

void json_out_close(struct json_out *o)
{
    o->depth--;
    if (o->any[o->depth]) {
        fputc_unlocked('\n', o->file);
        spaces(o);
    }
    fputc_unlocked(o->close[o->depth], o->file);
}

void json_out_put(struct json_out *o, const char *key, json_t *value)
{
    begin(o, key);
    const int code = value ? json_dump_callback(value, indented_write, o,
                                                JSON_INDENT(1) | JSON_ENCODE_ANY |
                                                    JSON_REAL_PRECISION(REAL_DIGITS))
                           : -1;
    if (code != 0 && !ferror(o->file)) o->no_memory = true;
    json_decref(value);
}

enum err json_out_end(struct json_out *o, struct diag *d)
{
    fputc('\n', o->file);
    if (!o->no_memory) return OK;
    return diag_error(d, ERR_MEMORY, (struct place){0},
                      _("the JSON text could not be built in memory"));
}

void json_rows_add(struct json_rows *rows, json_t *entry)
{
    if (!rows->out) {
        (void)json_array_append_new(rows->list, entry);
        return;
    }
    json_out_put(rows->out, NULL, entry);
    if (++rows->n % ROWS_AT_A_TIME != 0) return;
    arena_free(rows->arena);
    rows->arena = arena_new();
}
