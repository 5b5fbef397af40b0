#include "common/node.h"
#include "common/source.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

/* Reads text that must be right. */
static struct node *tree(struct arena *a, const char *text)
{
    struct diag d = {.arena = a};
    struct node *root = NULL;
    const enum err e = node_read(&root, source_of_text("t.yaml", text, a), a, &d);
    gsl_test(e != OK, "reads %.40s: %s", text, findings_text(&d));
    return root;
}

static const char *flow(struct arena *a, const struct node *n)
{
    char *text = NULL;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    node_print_flow(n, f);
    fclose(f);
    const char *copy = arena_strdup(a, text);
    free(text);
    return copy;
}

static void same(const char *got, const char *wanted, const char *what)
{
    gsl_test(!got || strcmp(got, wanted) != 0, "%s: %s is %s", what, got ? got : "(null)", wanted);
}

static void test_places(void)
{
    struct arena *a = arena_new();
    const struct node *root = tree(a, "a: 1\r\nbb: {训: \"x y\", d: [5, 07]}\n");
    const struct node *n = node_find(root, "bb.训");
    const struct place value = node_place(n), key = node_key_place(n);
    gsl_test(value.line != 2 || value.column != 9 || value.end_column != 14, "place of a value");
    gsl_test(key.line != 2 || key.column != 6 || key.end_column != 7, "place of a key");
    gsl_test(!n->quoted || strcmp(n->text, "x y") != 0, "quoted text");
    same(node_find(root, "bb.d.1")->text, "07",
         "a scalar stays text, and a list is entered by number");
    gsl_test(node_find(root, "bb.d.2") || node_find(root, "bb.d.x") || node_find(root, "a.b"),
             "nothing is found where nothing is");
    arena_free(a);
}

static void test_find_dots(void)
{
    struct arena *a = arena_new();
    const struct node *root = tree(a, "o: {ecs.g7.large/spot: 1, ecs: {g7: 2}}\nx.y: {z: 3}\n");
    same(node_find(root, "o.ecs.g7.large/spot")->text, "1", "a key with dots");
    same(node_find(root, "o.ecs.g7")->text, "2", "a path beside it");
    same(node_find(root, "x.y.z")->text, "3", "a map whose key has a dot");
    arena_free(a);
}

static void test_json(void)
{
    struct arena *a = arena_new();
    const struct node *root = tree(a, "{\"a\":1,\n\t\"b\":[true,\"x\\/\\u8bad\"],\"c\":{}}");
    same(flow(a, root), "{a: 1, b: [true, x/训], c: {}}", "JSON is read by the same code");
    arena_free(a);
}

static void test_changes(void)
{
    struct arena *a = arena_new();
    struct node *root = tree(a, "c: 1\na: 2\nb: {x: 1}\n");
    node_put(root, "a", node_text("9", false, a), a);
    node_put(root, "0", node_text("8", false, a), a);
    same(flow(a, root), "{c: 1, a: 9, b: {x: 1}, 0: 8}", "put replaces in place, else appends");
    node_remove(root, node_get(root, "c"));
    node_remove(root, node_get(root, "0"));
    same(flow(a, root), "{a: 9, b: {x: 1}}", "removed at both ends");
    struct node *copy = node_copy(root, a);
    node_put(node_get(copy, "b"), "x", node_text("7", false, a), a);
    same(flow(a, root), "{a: 9, b: {x: 1}}", "a copy is deep");
    gsl_test(node_count(copy) != 4, "count of nodes");
    for (int i = 0; i < 1000; i++)
        node_put(root, arena_printf(a, "k%d", (i * 7919) % 1000), node_text("v", false, a), a);
    int missing = 0;
    for (int i = 0; i < 1000; i++) missing += !node_get(root, arena_printf(a, "k%d", i));
    gsl_test(missing != 0 || root->n != 1002, "1000 keys are found");
    for (int i = 0; i < 1000; i++) node_remove(root, node_get(root, arena_printf(a, "k%d", i)));
    same(flow(a, root), "{a: 9, b: {x: 1}}", "and removed");
    arena_free(a);
}

static void test_merge(void)
{
    struct arena *a = arena_new();
    size_t left = 100;
    struct node *base = tree(a, "a: 1\nm: {x: 1, y: {p: 1}}\nl: [1, 2]\ne: {f: 1}\n");
    struct node *over = tree(a, "l: [3]\nm: {y: {q: 2}, z: 3}\nn: 4\ne: {}\n");
    node_set_layer(base, "low");
    node_set_layer(over, "high");
    const struct node *merged = node_merge(base, over, a, &left);
    same(flow(a, merged), "{a: 1, m: {x: 1, y: {p: 1, q: 2}, z: 3}, l: [3], e: {f: 1}, n: 4}",
         "maps merge, lists replace");
    same(node_find(merged, "m.y.p")->layer, "low", "layer from below");
    same(node_find(merged, "m.y.q")->layer, "high", "layer from above");
    same(flow(a, base), "{a: 1, m: {x: 1, y: {p: 1}}, l: [1, 2], e: {f: 1}}",
         "base is left as it was");
    left = 3;
    gsl_test(!node_merge(base, over, a, &left) || left != 0, "the limit of nodes ends the merging");
    arena_free(a);
}

static void test_printing(void)
{
    static const char *const cases[][2] = {{"a: 'x: y'\n", "{a: \"x: y\"}"},
                                           {"a: ''\n", "{a: \"\"}"},
                                           {"a: \"q\\\"\\e[1m\"\n", "{a: \"q\\\"\\x1b[1m\"}"},
                                           {"a: 22:30\n", "{a: 22:30}"},
                                           {"a: ¥9.8/h\n", "{a: ¥9.8/h}"},
                                           {"a: 'b #c'\n", "{a: \"b #c\"}"},
                                           {"a: [x, [y], {z: 1}]\n", "{a: [x, [y], {z: 1}]}"}};
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        same(flow(a, tree(a, cases[i][0])), cases[i][1], "flow form");
    char *text = NULL;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    node_print_json(tree(a, "a: {b: [x, \"y\\n\"], c: 'd'}\n"), f);
    fclose(f);
    same(text, "{\n  \"a\": {\n    \"b\": [x, \"y\\u000a\"],\n    \"c\": \"d\"\n  }\n}\n",
         "JSON form");
    free(text);
    arena_free(a);
}

static void test_file_path(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct node *root = NULL;
    const enum err e =
        node_read(&root, source_of_text("lib/x/plan.yaml", "a: d/j.csv\nb: /e.csv\n", a), a, &d);
    gsl_test(e != OK, "reads paths");
    same(node_file_path(node_get(root, "a"), a), "lib/x/d/j.csv", "relative to the file");
    same(node_file_path(node_get(root, "b"), a), "/e.csv", "absolute");
    same(node_file_path(node_text("c.csv", false, a), a), "c.csv", "written nowhere");
    arena_free(a);
}

static void test_value(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct node *n = NULL;
    const struct source *s = source_of_text("--set", "训.b={low: 1, base: 2}", a);
    enum err e = node_read_value(&n, s, strlen("训.b="), a, &d);
    gsl_test(e != OK || node_get(n, "base")->column != 20,
             "a value behind a path keeps its column");
    s = source_of_text("--set", "a=", a);
    e = node_read_value(&n, s, 2, a, &d);
    gsl_test(e != OK || n->type != NODE_TEXT || *n->text || n->column != 3, "an empty value");
    s = source_of_text("--set", "a=[", a);
    e = node_read_value(&n, s, 2, a, &d);
    same(findings_text(&d),
         "E3002 2:1 not valid YAML (the text ends inside a bracket) -> "
         "close it with ']' or '}'\n",
         "a broken value");
    gsl_test(e != ERR_YAML, "is refused");
    arena_free(a);
}

/* What one reading of `text` says. */
static const char *refusal(struct arena *a, const char *text)
{
    struct diag d = {.arena = a};
    struct node *root = NULL;
    const enum err e = node_read(&root, source_of_text("t.yaml", text, a), a, &d);
    gsl_test(e == OK, "is refused: %.40s", text);
    return findings_text(&d);
}

static char *repeated(struct arena *a, const char *text, size_t times)
{
    const size_t bytes = strlen(text);
    char *all = ARENA_NEW(a, char, bytes *times + 1);
    for (size_t i = 0; i < bytes * times; i++) all[i] = text[i % bytes];
    return all;
}

static void test_limits(void)
{
    static const char deep[] =
        "E3005 1:%d maps and lists are nested more than 64 deep -> no key of a "
        "scenario lies that deep; look for brackets too many\n";
    struct arena *a = arena_new();
    same(refusal(a, repeated(a, "[", 200000)), arena_printf(a, deep, 65), "open brackets");
    same(refusal(a, repeated(a, "{a: ", 60000)), arena_printf(a, deep, 257), "open braces");
    same(refusal(a, repeated(a, "{a,", 60000)),
         "E3002 1:4 not valid YAML (a key must be plain text, not a map or a list) -> write 'key: "
         "value'; text with brackets needs quotes\n",
         "maps as keys");
    same(refusal(a, repeated(a, "- ", 60000)), arena_printf(a, deep, 129), "list entries");
    const char *at_limit = arena_printf(a, "a: %s%s\n", repeated(a, "[", 63), repeated(a, "]", 63));
    gsl_test(tree(a, at_limit) == NULL, "64 levels are read");
    const char *many = arena_printf(a, "a: [%s]\n", repeated(a, "b,", 500000));
    same(refusal(a, many),
         "E3005 1:999999 the file holds more than 500000 values -> put long lists into CSV files\n",
         "too many values");
    char *keys = ARENA_NEW(a, char, (size_t)20000 * 16), *end = keys;
    for (int i = 0; i < 20000; i++) end += sprintf(end, "k%d: v\n", i * 7919 % 20000);
    gsl_test(tree(a, keys)->n != 20000, "20000 keys are read");
    arena_free(a);
}

int main(void)
{
    test_places();
    test_find_dots();
    test_json();
    test_changes();
    test_merge();
    test_printing();
    test_file_path();
    test_value();
    test_limits();
    return gsl_test_summary();
}
