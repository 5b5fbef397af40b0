#include "common/arena.h"
#include "common/text.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    size_t width;
} widths[] = {
    {"", 0},
    {"gn7e", 4},
    {"\u00a55,000", 6},              /* the narrow yen sign */
    {"\uffe55,000", 7},              /* the wide one */
    {"\u663e\u5361 A10", 8},         /* two Chinese characters */
    {"e\u0301", 1},                  /* combining accent */
    {"\U0001f680", 2},               /* emoji */
    {"\u2500\u00b1\u2192\u2026", 4}, /* ambiguous width counts one */
    {"\xff\xfe", 2},                 /* not UTF-8 */
};

static const struct {
    const char *text, *safe;
} unsafe[] = {
    {"plain \u663e\u5361 ~", "plain \u663e\u5361 ~"},
    {"a\tb\r\nc", "a\\x09b\\x0d\\x0ac"},
    {"\x1b]52;c;evil\x07", "\\x1b]52;c;evil\\x07"},
    {"\x7f", "\\x7f"},
    {"\xc2\x9b"
     "31m",
     "\\u{9b}31m"},
    {"\u202e1\u202c\u20662\u2069\u200f", "\\u{202e}1\\u{202c}\\u{2066}2\\u{2069}\\u{200f}"},
    {"a\u200bb\ufeffc\u00add", "a\\u{200b}b\\u{feff}c\\u{ad}d"},
    {"\U000e0041", "\\u{e0041}"},
    {"\xe4\xb8", "\\xe4\\xb8"},
    {"\xc0\xaf", "\\xc0\\xaf"},          /* overlong */
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"}, /* surrogate */
};

static const struct {
    const char *text;
    size_t size;
    const char *cut;
} cuts[] = {
    {"ecs.gn7e-c16g1.4xlarge", 12, "ecs.gn7e..."},
    {"ecs.gn7e-c16g1.4xlarge", 23, "ecs.gn7e-c16g1.4xlarge"},
    {"ecs.gn7e-c16g1.4xlarge", 22, "ecs.gn7e-c16g1.4xl..."},
    {"\u663e\u5361\u663e\u5361", 12, "\u663e\u5361..."}, /* never half a character */
    {"\u663e\u5361\u663e\u5361", 13, "\u663e\u5361\u663e\u5361"},
    {"ab\x1b\x1b\x1b", 10, "ab\\x1b..."}, /* never half an escape */
    {"abcdef", 4, "..."},
    {"abcdef", 3, "ab"},
    {"abcdef", 1, ""},
};

static char *printed(struct arena *a, const struct table *t, const char *indent)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    table_print(t, out, indent);
    fclose(out);
    arena_defer(a, free, text);
    return text;
}

static void test_table(void)
{
    struct arena *a = arena_new();
    struct table *t = table_new(a, "lrl");
    table_row(t, "Workload", "CNY/h", "where", NULL);
    table_rule(t);
    table_row(t, "\u6e32\u67d3 A", "1,234.50", "", NULL);
    table_row(t, "e\u0301tl", "9.5", "cn-shenzhen", NULL);
    table_row(t, "total", NULL);
    table_cells(t, (const char *const[]){"x\x1b[2J", NULL, "z"});
    gsl_test_str(printed(a, t, "  "),
                 "  Workload     CNY/h  where\n"
                 "  --------  --------  -----------\n"
                 "  \u6e32\u67d3 A    1,234.50\n"
                 "  e\u0301tl            9.5  cn-shenzhen\n"
                 "  total\n"
                 "  x\\x1b[2J            z\n",
                 "table");
    gsl_test_str(printed(a, table_new(a, "ll"), ""), "", "a table without rows");
    arena_free(a);
}

/* Cells are copied: changing them later changes nothing. */
static void test_copied(void)
{
    struct arena *a = arena_new();
    struct table *t = table_new(a, "l");
    char cell[] = "A10";
    table_row(t, cell, NULL);
    cell[0] = 'L';
    gsl_test_str(printed(a, t, ""), "A10\n", "cells are copied");
    arena_free(a);
}

int main(void)
{
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        gsl_test_int((int)text_width(widths[i].text), (int)widths[i].width, "width of case %zu", i);
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++) {
        char buffer[100], *text = NULL;
        size_t bytes = 0;
        gsl_test_str(text_safe(buffer, sizeof buffer, unsafe[i].text), unsafe[i].safe,
                     "safe text of case %zu", i);
        FILE *out = open_memstream(&text, &bytes);
        text_print_safe(out, unsafe[i].text);
        fclose(out);
        gsl_test_str(text, unsafe[i].safe, "safe print of case %zu", i);
        free(text);
    }
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char buffer[40];
        memset(buffer, '!', sizeof buffer);
        gsl_test_str(text_safe(buffer, cuts[i].size, cuts[i].text), cuts[i].cut, "cut %zu", i);
        gsl_test(buffer[cuts[i].size] != '!', "cut %zu stays in its buffer", i);
    }
    test_table();
    test_copied();
    return gsl_test_summary();
}
