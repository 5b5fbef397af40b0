#include "common/json_read.h"
#include "tests/common/printed.h"
#include <string.h>
#include <unistd.h>

enum { SEEN_BYTES = 1 << 16 };

struct seen {
    char *text;
    size_t used;
    struct diag *diag;
};

/* Tells every record with its path, its members and their places; members named "wrong" are findings. */
static enum err record_see(const struct json_record *r, void *context)
{
    struct seen *s = context;
    const struct place at = json_place(r, NULL);
    char *to = s->text + s->used;
    size_t n = (size_t)sprintf(to, "%zu:%zu", at.line, at.column);
    for (size_t k = 0; k < r->depth; k++) n += (size_t)sprintf(to + n, "/%s", r->path[k]);
    for (size_t k = 0; k < r->n; k++) {
        const struct json_field *f = &r->fields[k];
        const struct place where = json_place(r, f);
        n += (size_t)sprintf(to + n, " %s=%s(%zu:%zu-%zu)", f->key, f->text, where.line,
                             where.column, where.end_column);
        if (strcmp(f->key, "wrong") == 0)
            diag_warning(s->diag, ERR_IMPORT_VALUE, where, "%s is wrong", f->text);
    }
    n += (size_t)sprintf(to + n, "\n");
    s->used += n;
    gsl_test(s->used > SEEN_BYTES / 2, "room for what is seen");
    return OK;
}

/* What a text gives, in pieces of this size; 0: the whole text from memory. */
static const char *text_seen(const char *path, size_t piece, struct arena *a)
{
    struct diag d = {.arena = a};
    struct seen s = {ARENA_NEW(a, char, SEEN_BYTES), 0, &d};
    struct text_stream *stream;
    enum err code;
    if (piece == 0) {
        code = text_stream_whole(&stream, path, 1 << 20, a, &d);
        if (code == OK) code = json_read(&stream->source, record_see, &s, a, &d);
    } else {
        code = text_stream_open(&stream, path, 1 << 20, piece, a, &d);
        if (code == OK) code = text_stream_more(stream, 0);
        if (code == OK) code = json_read_stream(stream, record_see, &s, a, &d);
    }
    return arena_printf(a, "%d\n%s%s", (int)code, s.text, diag_printed(&d, DIAG_TEXT));
}

static const char *file_of(const char *text, struct arena *a)
{
    char *path = arena_strdup(a, "/tmp/test_json_read_XXXXXX");
    const int fd = mkstemp(path);
    const size_t bytes = strlen(text);
    gsl_test(write(fd, text, bytes) != (ssize_t)bytes, "written");
    close(fd);
    return path;
}

/* However a text is cut, its records, places and findings are those of the whole one; of the line shown, what was read so far. */
static void test_pieces(void)
{
    static const char *const cases[] = {
        "{\"a\": 1, \"b\": [{\"c\": \"x\"}, {\"wrong\": 2.50, \"d\": null}], \"e\": true}\n",
        ("\xef\xbb\xbf{\"\u663e\": \"\u5361\",\n \"wrong\": \"\u6e32\u67d3\", \"x\": {}}\n[{\"k\": "
         "-1e3}]"),
        "{\"a\": {\"b\": {\"c\": {\"wrong\": \"\\\"q\\\" \\u663e\"}}}, \"late\": 7}",
        "{\"a\": [1, 2, {\"b\": 3}",
        "{\"a\": 1,\n \"b\": x}",
        "{\"a\": tru}",
        "",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        const char *path = file_of(cases[i], a);
        const char *whole = text_seen(path, 0, a);
        for (size_t piece = 4; piece <= strlen(cases[i]) + 2; piece++) {
            const char *cut = text_seen(path, piece, a);
            gsl_test(strncmp(cut, whole, strcspn(whole, "|")) != 0,
                     "case %zu, pieces of %zu: %s not %s", i, piece, cut, whole);
        }
        unlink(path);
        arena_free(a);
    }
}

/* Members of the outermost object that were read long before its end are still shown where they stood. */
static void test_far_apart(void)
{
    enum { RECORDS = 20000, BYTES = RECORDS * 16 + 200 };
    struct arena *a = arena_new();
    char *text = ARENA_NEW(a, char, BYTES);
    size_t n = (size_t)sprintf(text, "{\"wrong\": \"first\",\n\"list\": [\n");
    for (int i = 0; i < RECORDS; i++) n += (size_t)sprintf(text + n, "[\"%05d\"],\n", i);
    sprintf(text + n, "[]], \"wrong\": \"last\"}");
    const char *path = file_of(text, a);
    const char *cut = text_seen(path, 4096, a);
    gsl_test(!strstr(cut, "0\n1:1 wrong=first(1:11-18) wrong=last(20003:15-21)\n"),
             "places: %.200s", cut);
    gsl_test(!strstr(cut, ":1:11: warning[E2103]: first is wrong\n     1 | {\"wrong\": \"first\","),
             "the line of what has passed: %.600s", cut);
    unlink(path);
    arena_free(a);
}

int main(void)
{
    test_pieces();
    test_far_apart();
    return gsl_test_summary();
}
