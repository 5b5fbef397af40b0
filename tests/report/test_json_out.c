/* Written piece by piece a document has the bytes of the whole tree. */
#include "report/json_out.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

static const char *const entries[] = {
    "{}",
    "[]",
    "null",
    "-0.1",
    "24.99",
    "1e300",
    "\"line\\nfeed \\\"quoted\\\" \\u0001 \\\\ 训练 é\"",
    "{\"a\": [], \"b\": {}, \"c\": [[1, 2], {\"d\": \"x\\ny\"}], \"e\": 0.333333333333333333}",
};
enum { N_ENTRIES = sizeof entries / sizeof *entries };

static json_t *entry(size_t i)
{
    return json_loads(entries[i % N_ENTRIES], JSON_DECODE_ANY, NULL);
}

/* The list is filled by the same code both ways; what an entry is made with lives as long as the entry. */
static void fill(struct json_rows *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *name = arena_printf(rows->arena, "entry %zu", i);
        json_t *e = entry(i);
        if (json_is_object(e)) (void)json_object_set_new(e, "name", json_string(name));
        json_rows_add(rows, e);
    }
}

static char *whole(size_t n, bool twice, struct arena *a)
{
    struct json_rows rows = {.list = json_array(), .arena = a};
    fill(&rows, n);
    json_t *one = json_object(), *root = one;
    (void)json_object_set_new(one, "first", entry(7));
    (void)json_object_set_new(one, "rows", rows.list);
    (void)json_object_set_new(one, "last", entry(4));
    if (twice) {
        json_t *list = json_array();
        (void)json_array_append(list, one);
        (void)json_array_append_new(list, one);
        root = json_object();
        (void)json_object_set_new(root, "variants", list);
    }
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    json_decref(root);
    char *line = arena_printf(a, "%s\n", text);
    free(text);
    return line;
}

static void one_put(struct json_out *o, size_t n)
{
    struct json_rows rows = {.out = o, .arena = arena_new()};
    json_out_open(o, NULL, '{');
    json_out_put(o, "first", entry(7));
    json_out_open(o, "rows", '[');
    fill(&rows, n);
    json_out_close(o);
    json_out_put(o, "last", entry(4));
    json_out_close(o);
    arena_free(rows.arena);
}

static void check_pieces(size_t n, bool twice, struct arena *a, struct diag *d)
{
    char *text = NULL;
    size_t bytes = 0;
    struct json_out o = {.file = open_memstream(&text, &bytes)};
    if (twice) {
        json_out_open(&o, NULL, '{');
        json_out_open(&o, "variants", '[');
        one_put(&o, n);
        one_put(&o, n);
        json_out_close(&o);
        json_out_close(&o);
    } else {
        one_put(&o, n);
    }
    gsl_test_int((int)json_out_end(&o, d), OK, "%zu entries are written", n);
    fclose(o.file);
    gsl_test(strcmp(text, whole(n, twice, a)) != 0, "%zu entries have the bytes of the tree", n);
    free(text);
}

static void check_memory(struct diag *d)
{
    char *text = NULL;
    size_t bytes = 0;
    struct json_out o = {.file = open_memstream(&text, &bytes)};
    json_out_open(&o, NULL, '[');
    json_out_put(&o, NULL, NULL);
    json_out_close(&o);
    gsl_test_int((int)json_out_end(&o, d), ERR_MEMORY, "a value that could not be made");
    fclose(o.file);
    free(text);
    gsl_test_str(findings_text(d), "E9001 0:0 the JSON text could not be built in memory -> \n",
                 "what is said");
}

int main(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    static const size_t counts[] = {0, 1, 2, 63, 64, 65, 1000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        check_pieces(counts[i], false, a, &d);
        check_pieces(counts[i], true, a, &d);
    }
    check_memory(&d);
    arena_free(a);
    return gsl_test_summary();
}
