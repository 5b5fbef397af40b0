/* Saved runs read piece by piece are refused wherever the parser of a whole text refuses them, and nowhere else; what is read is
 * what it reads. */
#include "proof/run_file.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A run as it is written, small: everything that damage can meet is in it. */
static const char saved[] = "{\n"
                            " \"timeline\": [\n"
                            "  {\"job\": \"a\", \"w\": null, \"to_h\": 1.5},\n"
                            "  {\"job\": \"\\u00e9\\\"]\", \"m\": [1, -2e1]}\n"
                            " ],\n"
                            " \"ledger\": [{\"x\": \"1/2\", \"n\": [ ]}, [], true, 7],\n"
                            " \"jobs\": [ ],\n"
                            " \"candidates\": [{\"s\": \"\xe4\xb8\xad\"}],\n"
                            " \"plan\": {\"a\": false},\n"
                            " \"gap\": 0.25\n"
                            "}\n";

/* What was read of a text. */
struct reading {
    json_t *root; /* with the entries of the lists that the file kept; NULL: it was refused */
    const char *what;
    enum err code;
};

/* The file all texts are written to, one after the other. */
struct bench {
    const char *path;
    FILE *file;
    struct arena *arena;
    size_t n_refused, n_accepted, n_other, n_other_line;
};

static enum err keep_entry(void *list, const json_t *entry, size_t number)
{
    if (json_array_size(list) != number) return ERR_PROOF_RUN;
    return json_array_append_new(list, json_deep_copy(entry)) == 0 ? OK : ERR_PROOF_RUN;
}

static enum err fill_lists(struct run_file *f, json_t *root, struct diag *d)
{
    static const char *const lists[] = {"timeline", "ledger"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (run_file_holds(f, lists[i]))
            TRY(run_file_each(f, lists[i], keep_entry, json_object_get(root, lists[i]), d));
    return OK;
}

static struct reading read_path(const char *path, struct arena *a)
{
    struct diag d = {.arena = a};
    struct run_file *f;
    struct reading r = {0};
    r.code = run_file_open(&f, &r.root, path, a, &d);
    if (r.code == OK) r.code = fill_lists(f, r.root, &d);
    if (r.code != OK) r.root = NULL;
    if (d.first) r.what = d.first->what;
    gsl_test((r.code == OK) != (d.n_errors == 0), "%s: %d and %zu errors", path, r.code,
             d.n_errors);
    return r;
}

static void write_text(const struct bench *b, const char *text, size_t n)
{
    rewind(b->file);
    const bool written = fwrite(text, 1, n, b->file) == n && fflush(b->file) == 0;
    if (!written || ftruncate(fileno(b->file), (off_t)n) != 0) gsl_test(1, "a file for the test");
}

/* Lists that no check reads are empty in what the reader gives. */
static void empty_unread(json_t *root)
{
    static const char *const lists[] = {"plan", "jobs", "candidates"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (json_is_array(json_object_get(root, lists[i])))
            (void)json_array_clear(json_object_get(root, lists[i]));
}

static int line_of(const char *what)
{
    const char *line = what ? strstr(what, ", line ") : NULL;
    return line ? atoi(line + 7) : 0;
}

/* Both readers say the same of a text; true: it was accepted. */
static bool compare(struct bench *b, const char *text, size_t n, const char *what)
{
    json_error_t e;
    struct arena *a = arena_new();
    write_text(b, text, n);
    json_t *whole = json_loadb(text, n, JSON_REJECT_DUPLICATES, &e);
    const struct reading r = read_path(b->path, a);
    const bool accepted = whole != NULL;
    if (whole) empty_unread(whole);
    const bool same = accepted == (r.root != NULL) && (!accepted || json_equal(whole, r.root));
    if (!same && b->n_other < 10)
        gsl_test(1, "%s: accepted %d, by the whole %d (%s); %s\n%.*s", what, r.root != NULL,
                 accepted, accepted ? "" : e.text, r.what ? r.what : "", n < 600 ? (int)n : 600,
                 text);
    /* A line break within an escape is told on the line that it ends, which is not where jansson is by then. */
    const bool escape = !accepted && strstr(e.text, "invalid escape");
    b->n_other_line += !accepted && !escape && line_of(r.what) != e.line;
    b->n_other += !same;
    b->n_refused += !accepted;
    b->n_accepted += accepted;
    json_decref(whole);
    arena_free(a);
    return accepted;
}

static void test_cut(struct bench *b)
{
    for (size_t n = 0; n <= sizeof saved - 1; n++) (void)compare(b, saved, n, "cut off");
}

/* Bytes that mean something in JSON, and some that may not be in it. */
static const char bytes[] = "\"\\,:{}[]0-.eE1tnu/ \n\t\r\0\x01\x7f\xff\xc3\xb8x";
enum { N_BYTES = sizeof bytes - 1 };

/* Each byte of the text is taken out, replaced, and has another put before it. */
static void test_damaged(struct bench *b)
{
    const size_t n = sizeof saved - 1;
    char text[sizeof saved + 1];
    for (size_t i = 0; i < n; i++) {
        memcpy(text, saved, i);
        memcpy(text + i, saved + i + 1, n - i - 1);
        (void)compare(b, text, n - 1, "a byte less");
        for (size_t k = 0; k < N_BYTES; k++) {
            memcpy(text, saved, n);
            text[i] = bytes[k];
            (void)compare(b, text, n, "a byte replaced");
            memcpy(text + i + 1, saved + i, n - i);
            (void)compare(b, text, n + 1, "a byte more");
        }
    }
}

static const struct {
    const char *text;
    bool accepted;
    const char *said; /* NULL: not looked at */
} texts[] = {
    {"", false, "line 1, column 0: not valid JSON"},
    {" ", false, NULL},
    {"\xef\xbb\xbf{}", false, NULL},
    {"{}", true, NULL},
    {"[]", true, NULL},
    {"[{\"timeline\": [1]}]", true, NULL},
    {"7", false, NULL},
    {"nul", false, NULL},
    {"{\"timeline\": []}", true, NULL},
    {"{\"timeline\": [1, 2]}", true, NULL},
    {"{\"timeline\": {}}", true, NULL},
    {"{\"timeline\": null, \"ledger\": \"x\", \"plan\": 1, \"jobs\": {}}", true, NULL},
    {"{\"ledger\": [1], \"timeline\": [2]}", true, NULL},
    {"{\"ledger\": [1 2], \"timeline\": [2]}", false, "line 1, column 15: not valid JSON"},
    {"{\"time\\u006cine\": [1, [2]]}", true, NULL},
    {"{\"timeline\": [1], \"timeline\": [1]}", false, "line 1, column 29: not valid JSON"},
    {"{\"timeline\": [1], \"timeline\": null}", false, NULL},
    {"{\"timeline\": null, \"time\\u006cine\": [1]}", false, NULL},
    {"{\"jobs\": [], \"jobs\": []}", false, NULL},
    {"{\"a\": 1, \"a\": 1}", false, NULL},
    {"{\"\": 1, \"\": 1}", false, NULL},
    {"{\"a\": {\"b\": 1, \"b\": 1}}", false, NULL},
    {"{\"timeline\": [{\"b\": 1, \"b\": 1}]}", false, NULL},
    {"{\"candidates\": [{\"b\": 1, \"b\": 1}]}", false, NULL},
    {"{\"timeline\": [1,]}", false, "line 1, column 17: not valid JSON"},
    {"{\"timeline\": [,1]}", false, NULL},
    {"{\"timeline\": [1] 2}", false, "line 1, column 18: not valid JSON"},
    {"{\"timeline\": [1]", false, NULL},
    {"{\"timeline\": [1", false, NULL},
    {"{\"timeline\": [", false, NULL},
    {"{\"timeline\": [1]]}", false, NULL},
    {"{\"timeline\": [1}]", false, NULL},
    {"{\"timeline\": [[1}]]", false, NULL},
    {"{\"timeline\": [{\"a\": 1]}]", false, NULL},
    {"{\"timeline\": [\"a\"\"b\"]}", false, NULL},
    {"{\"timeline\": [1true]}", false, NULL},
    {"{\"timeline\": [NaN]}", false, "line 1, column 17: not valid JSON"},
    {"{\"gap\": NaN}", false, NULL},
    {"{\"gap\": Infinity}", false, NULL},
    {"{\"gap\": -Infinity}", false, NULL},
    {"{\"gap\": \"NaN\"}", true, NULL},
    {"{\"gap\": 1e400}", false, NULL},
    {"{\"timeline\": [1e400]}", false, NULL},
    {"{\"ledger\": [-1e-400]}", true, NULL},
    {"{\"gap\": 9223372036854775807}", true, NULL},
    {"{\"gap\": 9223372036854775808}", false, NULL},
    {"{\"timeline\": [9223372036854775808]}", false, NULL},
    {"{\"gap\": 01}", false, NULL},
    {"{\"gap\": +1}", false, NULL},
    {"{\"gap\": .5}", false, NULL},
    {"{\"gap\": 1.}", false, NULL},
    {"{\"a\": \"\\u0000\"}", false, NULL},
    {"{\"timeline\": [\"\\u0000\"]}", false, NULL},
    {"{\"a\\u0000b\": 1}", false, NULL},
    {"{\"timeline\": [\"\\ud800\"]}", false, NULL},
    {"{\"timeline\": [\"\\ud834\\udd1e\"]}", true, NULL},
    {"{\"timeline\": [\"\\x\"]}", false, NULL},
    {"{\"timeline\": [\"a\nb\"]}", false, NULL},
    {"{\"timeline\": [\"\xc0\x80\"]}", false, NULL},
    {"{\"timeline\": [\"\xed\xa0\x80\"]}", false, NULL},
    {"{\"timeline\": [1]\xc2\xa0}", false, NULL},
    {"{\"timeline\": [1]}\n\n ", true, NULL},
    {"{\"timeline\": [1]}\n{}", false, "line 2, column 1: not valid JSON"},
    {"{\"timeline\": [1]}\n}", false, NULL},
    {"{\"timeline\": [1],}", false, NULL},
    {"{\"timeline\" [1]}", false, NULL},
    {"{timeline: [1]}", false, NULL},
    {"{'timeline': [1]}", false, NULL},
    {"{\"timeline\": [1] /* */}", false, NULL},
    {"{\n \"\xe4\xb8\xad\": \"\xe4\xb8\xad\", \"a\": x}", false,
     "line 2, column 17: not valid JSON"},
};

static void test_texts(struct bench *b)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = texts[i].text;
        const bool accepted = compare(b, text, strlen(text), text);
        gsl_test(accepted != texts[i].accepted, "%s: accepted %d", text, accepted);
        if (!texts[i].said) continue;
        struct arena *a = arena_new();
        const char *what = read_path(b->path, a).what;
        gsl_test(!what || !strstr(what, texts[i].said), "%s: %s", text, what ? what : "nothing");
        arena_free(a);
    }
}

/* Values that are as deep as the parser goes, or deeper. */
static void test_deep(struct bench *b)
{
    static const char *const before[] = {"{\"a\": ",  "{\"timeline\": [", "{\"plan\": [7, ",
                                         "{\"a\": [", "{\"timeline\": ",  "["};
    static const char *const after[] = {"}", "]}", "]}", "]}", "}", "]"};
    static const char *const inside[] = {"", "1", "{}", "{\"x\": 1}"};
    char text[5000];
    size_t n_accepted = 0;
    for (int depth = 2040; depth < 2052; depth++)
        for (size_t i = 0; i < sizeof before / sizeof *before; i++)
            for (size_t k = 0; k < sizeof inside / sizeof *inside; k++) {
                char *at = stpcpy(text, before[i]);
                at = memset(at, '[', (size_t)depth);
                at = stpcpy(at + depth, inside[k]);
                at = memset(at, ']', (size_t)depth);
                at = stpcpy(at + depth, after[i]);
                n_accepted += compare(b, text, (size_t)(at - text), before[i]);
            }
    gsl_test(n_accepted < 50 || n_accepted > 250, "%zu of 288 deep texts were accepted",
             n_accepted);
}

/* Refused without being read to its end. */
static void test_brackets(struct bench *b)
{
    const size_t n = (size_t)1 << 22;
    char *text = malloc(n);
    if (!text) return;
    static const char *const before[] = {"{\"timeline\": ", "{\"x\": "};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        memset(text, '[', n);
        memmove(text, before[i], strlen(before[i]));
        (void)compare(b, text, n, "only brackets");
    }
    free(text);
}

/* Pieces that are cut by the blocks in which files are read, at every place. */
static void test_blocks(struct bench *b)
{
    const size_t n = sizeof saved - 1, block = (size_t)1 << 16;
    char *text = malloc(2 * block + n);
    if (!text) return;
    for (size_t at = 0; at < n; at++) {
        const size_t blanks = block - 2 - at;
        memcpy(text, saved, 2);
        memset(text + 2, ' ', blanks);
        memcpy(text + 2 + blanks, saved + 2, n - 2);
        gsl_test(!compare(b, text, n + blanks, "over two blocks"), "cut at %zu", at);
    }
    free(text);
}

/* A text, written into a pipe, which can be read only once. */
static void test_pipe(const char *text, size_t n, size_t repeat, bool accepted)
{
    int ends[2];
    char path[32];
    if (pipe(ends) != 0) return;
    const pid_t writer = fork();
    if (writer == 0) {
        (void)close(ends[0]);
        for (size_t i = 0; i < repeat; i++)
            if (write(ends[1], text, n) != (ssize_t)n) _exit(1);
        _exit(0);
    }
    (void)close(ends[1]);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    struct arena *a = arena_new();
    const struct reading r = read_path(path, a);
    gsl_test(accepted != (r.root != NULL), "pipe of %zu bytes: %s", n * repeat,
             r.what ? r.what : "accepted");
    if (r.root && repeat == 1) {
        json_t *whole = json_loadb(text, n, 0, NULL);
        empty_unread(whole);
        gsl_test(!json_equal(whole, r.root), "what comes through a pipe is the same");
        json_decref(whole);
    }
    arena_free(a);
    (void)close(ends[0]);
    (void)waitpid(writer, NULL, 0);
}

static void test_pipes(void)
{
    test_pipe(saved, sizeof saved - 1, 1, true);
    test_pipe(saved, sizeof saved - 9, 1, false);
    test_pipe("", 0, 1, false);
    test_pipe(" \n  \n  \n ", 9, 30000, false);
    test_pipe(saved, sizeof saved - 1, 2000, false);
}

static void test_unreadable(void)
{
    static const char *const paths[] = {"tests/proof/data/none.json", "tests/proof/data"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct arena *a = arena_new();
        const struct reading r = read_path(paths[i], a);
        gsl_test(r.code != ERR_FILE || !r.what || !strstr(r.what, "cannot be read"), "%s: %s",
                 paths[i], r.what ? r.what : "nothing");
        arena_free(a);
    }
}

static enum err stop_at_two(void *calls, const json_t *entry, size_t number)
{
    (void)entry;
    ++*(size_t *)calls;
    return number == 1 ? ERR_PROOF_NAME : OK;
}

/* What its caller finds ends the reading, and lists can be read twice and in any order. */
static void test_calls(struct bench *b)
{
    static const char text[] = "{\"timeline\": [1, 2, 3], \"ledger\": [4], \"jobs\": [5]}";
    struct diag d = {.arena = b->arena};
    struct run_file *f;
    json_t *root;
    size_t n = 0;
    write_text(b, text, sizeof text - 1);
    enum err code = run_file_open(&f, &root, b->path, b->arena, &d);
    gsl_test(code != OK, "opened: %d", code);
    if (code != OK) return;
    for (int i = 0; i < 2; i++) {
        json_t *list = json_array();
        code = run_file_each(f, "ledger", keep_entry, list, &d);
        gsl_test(code != OK || json_array_size(list) != 1, "%zu lines", json_array_size(list));
        code = run_file_each(f, "timeline", stop_at_two, &n, &d);
        gsl_test(code != ERR_PROOF_NAME, "what the caller found: %d", code);
        json_decref(list);
    }
    gsl_test(n != 4, "%zu calls, 4 wanted", n);
    gsl_test(run_file_holds(f, "jobs") || run_file_holds(f, "x"), "lists no check reads");
}

int main(void)
{
    char path[] = "/tmp/gpumix-run-XXXXXX";
    struct bench b = {.path = path, .arena = arena_new()};
    const int fd = mkstemp(path);
    b.file = fd < 0 ? NULL : fdopen(fd, "wb");
    if (!b.file) return 1;
    test_cut(&b);
    test_damaged(&b);
    test_texts(&b);
    test_deep(&b);
    test_brackets(&b);
    test_blocks(&b);
    test_calls(&b);
    gsl_test(b.n_other > 0, "%zu texts were judged otherwise", b.n_other);
    gsl_test(b.n_other_line > 0, "%zu texts were refused in another line", b.n_other_line);
    gsl_test(b.n_refused < 10000 || b.n_accepted < 2000, "%zu refused, %zu accepted", b.n_refused,
             b.n_accepted);
    (void)fclose(b.file);
    (void)unlink(path);
    test_pipes();
    test_unreadable();
    arena_free(b.arena);
    return gsl_test_summary();
}
