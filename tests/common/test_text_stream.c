#include "common/csv.h"
#include "common/text_stream.h"
#include "tests/common/printed.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_copied(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct text_stream *stream;
    char text[] = "\xef\xbb\xbfid\r\nx\n!";
    gsl_test_int(text_stream_copy(&stream, "t.csv", text, sizeof text - 2, a, &d), OK, "copied");
    memset(text, '?', sizeof text - 1);
    gsl_test_str(stream->source.text, "id\r\nx\n", "without mark, with an end");
    gsl_test_int((int)stream->source.bytes, 6, "bytes");
    gsl_test_str(stream->source.path, "t.csv", "name");
    arena_free(a);
}

/* Which of the two encodings a text is taken for. */
static void test_guess(void)
{
    static const struct {
        const char *text, *utf8;
    } cases[] = {
        {"\xcf\xd4\xbf\xa8", "\u663e\u5361"},               /* GB 2312 */
        {"gn7e,\xe4\xd6\xc8\xbe,1", "gn7e,\u6e32\u67d3,1"}, /* between ASCII */
        {"\x81\x30\x81\x30", "\xc2\x80"},                   /* four bytes */
        {"\x95\x32\x82\x36", "\U00020000"},                 /* four bytes, another plane */
        {"\u663e\u5361", "\u663e\u5361"},                   /* UTF-8 */
        {"\u663e\u5361\u663e\xff", NULL},                   /* damaged UTF-8 */
        {"caf\xe9,1", NULL},                                /* Latin-1 */
        {"\xcf\xd4\xbf", NULL},                             /* half a character */
        {"\xcf\xd4\xff\xff", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        struct diag d = {.arena = a};
        struct text_stream *stream;
        const enum err code =
            text_stream_copy(&stream, "t", cases[i].text, strlen(cases[i].text), a, &d);
        gsl_test_int(code, cases[i].utf8 ? OK : ERR_CSV_ENCODING, "case %zu: code", i);
        if (cases[i].utf8) gsl_test_str(stream->source.text, cases[i].utf8, "case %zu: text", i);
        const bool converted = cases[i].utf8 && strcmp(cases[i].utf8, cases[i].text) != 0;
        gsl_test_int((int)d.n_warnings, converted, "case %zu: warning", i);
        arena_free(a);
    }
}

static void test_places(void)
{
    const char *text = "ab\r\n\u663e,c\nlast";
    const struct source source = {.path = "t.csv", .text = text, .bytes = strlen(text)};
    static const struct {
        size_t known, known_line, from, to, line, column, end_column;
    } cases[] = {
        {0, 1, 0, 2, 1, 1, 3},   {0, 1, 1, 9, 1, 2, 3}, /* cut at the end of the line */
        {0, 1, 4, 7, 2, 1, 2},   {0, 1, 7, 9, 2, 2, 4},   {4, 2, 8, 9, 2, 3, 4},
        {4, 2, 10, 14, 3, 1, 5}, {0, 1, 14, 14, 3, 5, 5}, {0, 1, 2, 3, 1, 3, 4}, /* the CR */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct place at =
            text_place(&source, cases[i].known, cases[i].known_line, cases[i].from, cases[i].to);
        gsl_test_int((int)at.line, (int)cases[i].line, "place %zu: line", i);
        gsl_test_int((int)at.column, (int)cases[i].column, "place %zu: column", i);
        gsl_test_int((int)at.end_column, (int)cases[i].end_column, "place %zu: end", i);
        gsl_test(at.source != &source, "place %zu: source", i);
    }
}

/* A named pipe without a writer must not keep the program waiting. */
static void test_pipe(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct text_stream *stream;
    char *folder = arena_strdup(a, "/tmp/test_text_stream_XXXXXX");
    gsl_test(!mkdtemp(folder), "a folder");
    const char *path = arena_printf(a, "%s/pipe", folder);
    gsl_test(mkfifo(path, 0600) != 0, "a named pipe");
    alarm(20);
    gsl_test_int(text_stream_whole(&stream, path, 100, a, &d), OK, "a named pipe is read");
    gsl_test_int((int)stream->source.bytes, 0, "nobody wrote");
    unlink(path);

    const char *loop = arena_printf(a, "%s/loop", folder);
    gsl_test(symlink(loop, loop) != 0, "a link to itself");
    gsl_test_int(text_stream_whole(&stream, loop, 100, a, &d), ERR_FILE, "is refused");
    unlink(loop);
    rmdir(folder);
    arena_free(a);
}

/* --- pieces --- */

struct seen {
    struct arena *arena;
    struct diag *diag;
    char *text; /* of all rows, with their lines */
    size_t used;
};

enum { SEEN_BYTES = 1 << 17 };

/* Tells every field of a row, and refuses the values that say so. */
static enum err row_see(const struct csv_row *row, void *context)
{
    struct seen *s = context;
    s->used += (size_t)snprintf(s->text + s->used, SEEN_BYTES - s->used, "%zu [%s] [%s]\n",
                                row->line, row->field[0], row->field[1]);
    if (!strstr(row->field[1], "wrong")) return OK;
    return diag_error(s->diag, ERR_FILE, csv_place(row, 1), "no");
}

/* What rows and findings a text gives, in pieces of this size; 0: the whole file at once. */
static const char *text_seen(const char *path, size_t piece, struct arena *a)
{
    static const struct csv_column columns[] = {{"id", true}, {"what", true}};
    struct diag d = {.arena = a};
    struct seen s = {.arena = a, .diag = &d, .text = ARENA_NEW(a, char, SEEN_BYTES)};
    struct text_stream *stream;
    enum err code = piece ? text_stream_open(&stream, path, 1 << 20, piece, a, &d)
                          : text_stream_whole(&stream, path, 1 << 20, a, &d);
    if (code == OK) code = csv_read_stream(stream, columns, 2, 1000000, row_see, &s, a, &d);
    return arena_printf(a, "%d\n%s%s", (int)code, s.text, diag_printed(&d, DIAG_TEXT));
}

/* However a file is cut, its rows and findings are those of the whole one. */
static void test_pieces(void)
{
    static const struct {
        const char *text;
        const char *
            from; /* what is compared, where the beginning must differ: of a whole file no row is given before its
                             end was seen, and of a line that is cut only a part is shown */
    } cases[] = {
        {"id,what\n1,a\n2,b\n", ""},
        {"id,what\r\n1,a\r\n\r\n2,b", ""},
        {"\xef\xbb\xbf# a comment\n# and one more\n\nid,what\n1,\u663e\u5361\n "
         "\n2,\"\u6e32,\n\"\"\u67d3\"\n",
         ""},
        {"id,\u663e\u5361,what\n1,\u6e32\u67d3,wrong\n2,\U00020000,b\n3,caf\u00e9,\"wrong\n\"\n",
         ""},
        {"id,\xcf\xd4\xbf\xa8,what\n1,\xe4\xd6\xc8\xbe,wrong\n2,\x81\x30\x81\x30,\xcf\xd4\n3,"
         "\x95\x32\x82\x36,b\n",
         ":2:6: error"},
        {"id,what\n1,a\n2,\"b\n", ""},
        {"id,what\n1,a\n2,b\"c\n3,d\n", ""},
        {"id,what\n1,a\n2\n3,d,e\n", ""},
        {"id,what\n1,\"a\" b\n", ""},
        {"id;what\n1;2\n", ""},
        {"id\n1\n", ""},
        {"", ""},
        {"# nothing else\n\n", ""},
        {"id,what\n1,a\n2,b\rc\n", "/tmp"},
        {"id,what\n1,a\n2,\u663e\u5361\u663e\xff\n", "/tmp"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        const char *path = arena_strdup(a, "/tmp/test_text_stream_XXXXXX");
        const int fd = mkstemp((char *)path);
        const size_t bytes = strlen(cases[i].text);
        gsl_test(write(fd, cases[i].text, bytes) != (ssize_t)bytes, "case %zu: written", i);
        close(fd);
        const char *whole = text_seen(path, 0, a);
        for (size_t piece = 4; piece <= bytes + 2; piece++) {
            const char *cut = text_seen(path, piece, a);
            const char *end = strstr(whole, cases[i].from), *same = strstr(cut, cases[i].from);
            gsl_test(!end || !same || strcmp(same, end) != 0,
                     "case %zu in pieces of %zu: %s not %s", i, piece, cut, whole);
        }
        unlink(path);
        arena_free(a);
    }
}

/* GB18030 that cannot be known from its first pieces, and text that is neither. */
static void test_late_encoding(void)
{
    static const struct {
        const char *text;
        size_t piece;
        enum err code;
    } cases[] = {
        {"id,what\n1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n2,\xcf\xd4\xbf\xa8\n", 8, OK},
        {"id,what\n1,\u663e\u5361aaaaaaaaaaaaaaaaaaaaaaa\n2,\xcf\xd4\xbf\xa8\n", 8,
         ERR_CSV_ENCODING},
        {"id,what\n1,\xcf\xd4\xbf\xa8\n2,aaaaaaaaaaaaaaaaaaaaaaa\n3,\xff\xff\n", 16,
         ERR_CSV_ENCODING},
        {"id,what\n1,\xcf\xd4\xbf\xa8\n2,aaaaaaaaaaaaaaaaaaaaaaa\n3,\xcf", 16, ERR_CSV_ENCODING},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena *a = arena_new();
        char path[] = "/tmp/test_text_stream_XXXXXX";
        const int fd = mkstemp(path);
        const size_t bytes = strlen(cases[i].text);
        gsl_test(write(fd, cases[i].text, bytes) != (ssize_t)bytes, "late %zu: written", i);
        close(fd);
        gsl_test_int(atoi(text_seen(path, cases[i].piece, a)), (int)cases[i].code, "late %zu", i);
        unlink(path);
        arena_free(a);
    }
}

/* A NUL far behind is found, and an endless line is no endless memory but a limit. */
static void test_limits(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct text_stream *stream;
    char path[] = "/tmp/test_text_stream_XXXXXX";
    const int fd = mkstemp(path);
    static const char text[] = "id,what\n1,a\n2,\0b\n";
    gsl_test(write(fd, text, sizeof text - 1) < 0, "written");
    close(fd);
    gsl_test_int(atoi(text_seen(path, 8, a)), ERR_CSV_ENCODING, "a NUL");
    gsl_test_int(text_stream_open(&stream, path, 10, 4, a, &d), ERR_CSV_LIMIT, "too long");
    unlink(path);
    arena_free(a);
}

int main(void)
{
    test_pieces();
    test_late_encoding();
    test_limits();
    test_copied();
    test_guess();
    test_places();
    test_pipe();
    return gsl_test_summary();
}
