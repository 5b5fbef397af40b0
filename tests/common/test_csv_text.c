#include "common/csv_text.h"
#include "tests/common/printed.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_copied(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    const struct source *source;
    char text[] = "\xef\xbb\xbfid\r\nx\n!";
    gsl_test_int(csv_text_copy(&source, "t.csv", text, sizeof text - 2, a, &d), OK, "copied");
    memset(text, '?', sizeof text - 1);
    gsl_test_str(source->text, "id\r\nx\n", "without mark, with an end");
    gsl_test_int((int)source->bytes, 6, "bytes");
    gsl_test_str(source->path, "t.csv", "name");
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
        const struct source *source;
        const enum err code =
            csv_text_copy(&source, "t", cases[i].text, strlen(cases[i].text), a, &d);
        gsl_test_int(code, cases[i].utf8 ? OK : ERR_CSV_ENCODING, "case %zu: code", i);
        if (cases[i].utf8) gsl_test_str(source->text, cases[i].utf8, "case %zu: text", i);
        const bool converted = cases[i].utf8 && strcmp(cases[i].utf8, cases[i].text) != 0;
        gsl_test_int((int)d.n_warnings, converted, "case %zu: warning", i);
        arena_free(a);
    }
}

static void test_places(void)
{
    const char *text = "ab\r\n\u663e,c\nlast";
    const struct source source = {"t.csv", text, strlen(text)};
    static const struct {
        size_t known, known_line, from, to, line, column, end_column;
    } cases[] = {
        {0, 1, 0, 2, 1, 1, 3},   {0, 1, 1, 9, 1, 2, 3}, /* cut at the end of the line */
        {0, 1, 4, 7, 2, 1, 2},   {0, 1, 7, 9, 2, 2, 4},   {4, 2, 8, 9, 2, 3, 4},
        {4, 2, 10, 14, 3, 1, 5}, {0, 1, 14, 14, 3, 5, 5}, {0, 1, 2, 3, 1, 3, 4}, /* the CR */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct place at = csv_text_place(&source, cases[i].known, cases[i].known_line,
                                               cases[i].from, cases[i].to);
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
    const struct source *source;
    char *folder = arena_strdup(a, "/tmp/test_csv_text_XXXXXX");
    gsl_test(!mkdtemp(folder), "a folder");
    const char *path = arena_printf(a, "%s/pipe", folder);
    gsl_test(mkfifo(path, 0600) != 0, "a named pipe");
    alarm(20);
    gsl_test_int(csv_text_read(&source, path, 100, a, &d), OK, "a named pipe is read");
    gsl_test_int((int)source->bytes, 0, "nobody wrote");
    unlink(path);

    const char *loop = arena_printf(a, "%s/loop", folder);
    gsl_test(symlink(loop, loop) != 0, "a link to itself");
    gsl_test_int(csv_text_read(&source, loop, 100, a, &d), ERR_FILE, "is refused");
    unlink(loop);
    rmdir(folder);
    arena_free(a);
}

int main(void)
{
    test_copied();
    test_guess();
    test_places();
    test_pipe();
    return gsl_test_summary();
}
