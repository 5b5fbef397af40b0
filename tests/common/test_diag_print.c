#include "tests/common/printed.h"
#include <jansson.h>
#include <string.h>

/* One error at `at` in `text`, printed. */
static const char *printed_at(struct arena *a, const char *text, size_t line, size_t column,
                              size_t end_column)
{
    struct source *source = ARENA_NEW(a, struct source, 1);
    *source = (struct source){.path = "prices.csv", .text = text, .bytes = strlen(text)};
    struct diag d = {.arena = a};
    diag_error(&d, ERR_FILE, (struct place){source, line, column, end_column}, "odd");
    const char *printed = diag_printed(&d, DIAG_TEXT);
    const char *body = strchr(printed, '\n') + 1, *end = strstr(body, "  why:");
    return arena_strndup(a, body, (size_t)(end - body));
}

static void test_whole(void)
{
    struct arena *a = arena_new();
    const char *text = "type,price\naws,p5.48xlarge,od,\"3,45\",USD,hour\n";
    const struct source source = {.path = "prices.csv", .text = text, .bytes = strlen(text)};
    struct diag d = {.arena = a};
    diag_error(&d, ERR_FILE, (struct place){&source, 2, 20, 26},
               "price \"%s\" is not a decimal number", "3,45");
    diag_why(&d, "a comma is not accepted as decimal separator");
    diag_fix(&d, "write %s", "3.45");
    diag_warning(&d, ERR_USAGE, (struct place){0}, "no place");
    diag_error(&d, ERR_YAML, (struct place){.source = &source}, "a whole file");
    diag_error(&d, ERR_YAML, (struct place){.source = &source, .line = 1}, "a line");
    expect_printed(&d,
                   "prices.csv:2:20: error[E3001]: price \"3,45\" is not a decimal number\n"
                   "     2 | aws,p5.48xlarge,od,\"3,45\",USD,hour\n"
                   "       |                    ^~~~~~\n"
                   "  why: a comma is not accepted as decimal separator\n"
                   "  fix: write 3.45   (see `gpumix help E3001`)\n"
                   "gpumix: warning[E1001]: no place\n"
                   "  why: a guess could run something you did not ask for\n"
                   "  fix: see `gpumix help E1001`\n"
                   "prices.csv: error[E3002]: a whole file\n"
                   "  why: the rest of the file could be read in a way you did not mean\n"
                   "  fix: see `gpumix help E3002`\n"
                   "prices.csv:1: error[E3002]: a line\n"
                   "  why: the rest of the file could be read in a way you did not mean\n"
                   "  fix: see `gpumix help E3002`\n",
                   "findings with all their parts");
    arena_free(a);
}

static void test_carets(void)
{
    static const struct {
        const char *text;
        size_t line, column, end_column;
        const char *shown, *name;
    } cases[] = {
        {"abc\n", 1, 1, 2, "     1 | abc\n       | ^\n", "first column"},
        {"abc\n", 1, 1, 4, "     1 | abc\n       | ^~~\n", "whole line"},
        {"abc\n", 1, 3, 3, "     1 | abc\n       |   ^\n", "no end"},
        {"abc\n", 1, 4, 5, "     1 | abc\n       |    ^\n", "behind the end"},
        {"abc\n", 1, 99, 120, "     1 | abc\n       |    ^\n", "far behind the end"},
        {"abc", 1, 2, 9, "     1 | abc\n       |  ^~\n", "end beyond the line, no line end"},
        {"", 1, 1, 2, "     1 | \n       | ^\n", "empty text"},
        {"a\r\nbcd\r\n", 2, 2, 3, "     2 | bcd\n       |  ^\n", "CRLF"},
        {"a\n", 2, 1, 2, "     2 | \n       | ^\n", "the empty line at the end"},
        {"a\n", 3, 1, 2, "", "no such line"},
        {"\u663e\u5361: A10\n", 1, 5, 8, "     1 | \u663e\u5361: A10\n       |       ^~~\n",
         "behind double-width letters"},
        {"x: \u663e\u5361\n", 1, 4, 6, "     1 | x: \u663e\u5361\n       |    ^~~~\n",
         "under double-width letters"},
        {"e\u0301: 7\n", 1, 5, 6, "     1 | e\u0301: 7\n       |    ^\n",
         "behind a combining mark"},
        {"\ta: 7\n", 1, 2, 3, "     1 |         a: 7\n       |         ^\n", "behind a tab"},
        {"a\tb\tc\n", 1, 4, 5, "     1 | a       b       c\n       |          ^~~~~~~\n",
         "under a tab"},
        {"a\x1b[31m: 7\n", 1, 9, 10, "     1 | a\\x1b[31m: 7\n       |            ^\n",
         "behind an escape"},
        {"a\u202e: 7\n", 1, 2, 3, "     1 | a\\u{202e}: 7\n       |  ^~~~~~~~\n",
         "under a bidi mark"},
        {"\xb5\xb6z\n", 1, 3, 4, "     1 | \\xb5\\xb6z\n       |         ^\n", "behind bad UTF-8"},
    };
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        gsl_test_str(
            printed_at(a, cases[i].text, cases[i].line, cases[i].column, cases[i].end_column),
            cases[i].shown, "%s", cases[i].name);
    arena_free(a);
}

#define TEN     "abcdefghi "
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN
static void test_long_lines(void)
{
    struct arena *a = arena_new();
    gsl_test_str(printed_at(a, SEVENTY "ab", 1, 72, 73),
                 "     1 | " SEVENTY "ab\n"
                 "       | "
                 "                                                                       ^\n",
                 "72 columns are shown whole");
    gsl_test_str(printed_at(a, SEVENTY "abc", 1, 1, 4), "     1 | " SEVENTY "ab...\n       | ^~~\n",
                 "cut behind");
    gsl_test_str(printed_at(a, SEVENTY SEVENTY "xyz", 1, 141, 144),
                 "     1 | ...ghi " TEN TEN "xyz\n"
                 "       |                            ^~~\n",
                 "cut before");
    gsl_test_str(printed_at(a, SEVENTY SEVENTY SEVENTY, 1, 71, 74),
                 "     1 | ...ghi " TEN TEN TEN TEN TEN TEN "abcde...\n"
                 "       |                            ^~~\n",
                 "cut on both sides");
    gsl_test_str(printed_at(a, SEVENTY SEVENTY, 1, 1, 141),
                 "     1 | " SEVENTY "ab...\n       | "
                 "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~\n",
                 "the mark ends where the line is cut");
    const char *wide = "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341";
    const char *line = arena_printf(a, "%s%s%s%sx%s", wide, wide, wide, wide, wide);
    gsl_test_str(printed_at(a, line, 1, 41, 42),
                 arena_printf(a, "     1 | ...\u4e5d\u5341%sx%s\n       | %27s^\n", wide, wide, ""),
                 "cut by columns, not by letters");
    arena_free(a);
}

static void test_line_number(void)
{
    struct arena *a = arena_new();
    char *text = arena_alloc(a, 1234569, 1);
    memset(text, '\n', 1234567);
    text[1234566] = 'z';
    gsl_test_str(printed_at(a, text, 1234567, 1, 2), "1234567 | z\n        | ^\n",
                 "a long line number");
    arena_free(a);
}

static void test_unsafe_messages(void)
{
    struct arena *a = arena_new();
    char *path = arena_strdup(a, "a\x1b]0;x\x07.csv");
    const struct source source = {.path = path, .text = "x", .bytes = 1};
    struct diag d = {.arena = a};
    diag_error(&d, ERR_FILE, (struct place){.source = &source}, "bad \"%s\"",
               "\r\n::error::\x1b[2J");
    diag_fix(&d, "see \u202etxt\u202c");
    const char *first = "a\\x1b]0;x\\x07.csv: error[E3001]: bad \"\\x0d\\x0a::error::\\x1b[2J\"\n"
                        "  why: without it the plan would rest on nothing\n"
                        "  fix: see \\u{202e}txt\\u{202c}   (see `gpumix help E3001`)\n";
    expect_printed(&d, first, "nothing in a message can drive a terminal");

    char *value = arena_alloc(a, 100001, 1);
    memset(value, 'v', 100000);
    struct diag long_one = {.arena = a};
    diag_error(&long_one, ERR_FILE, (struct place){0}, "%s", value);
    const char *printed = diag_printed(&long_one, DIAG_TEXT);
    gsl_test(strlen(printed) > 2400 || !strstr(printed, "vvv...\n"), "a long message is cut");
    arena_free(a);
}

static void test_counts(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a}, one = {.arena = a};
    for (int i = 0; i < DIAG_MAX_ERRORS + 12; i++)
        diag_error(&d, ERR_FILE, (struct place){0}, "odd");
    for (int i = 0; i < DIAG_MAX_ERRORS + 2; i++)
        diag_warning(&d, ERR_FILE, (struct place){0}, "odd");
    for (int i = 0; i < DIAG_MAX_ERRORS + 1; i++) {
        diag_error(&one, ERR_FILE, (struct place){0}, "odd");
        diag_warning(&one, ERR_FILE, (struct place){0}, "odd");
    }
    static const struct {
        enum diag_format format;
        const char *many, *single;
    } cases[] = {
        {DIAG_TEXT, "\n... and 12 more errors\n... and 2 more warnings\n",
         "\n... and 1 more error\n... and 1 more warning\n"},
        {DIAG_GITHUB, "\n::notice::... and 12 more errors\n::notice::... and 2 more warnings\n",
         "\n::notice::... and 1 more error\n::notice::... and 1 more warning\n"},
        {DIAG_JSON, "\n{\"more_errors\":12,\"more_warnings\":2}\n",
         "\n{\"more_errors\":1,\"more_warnings\":1}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *many = diag_printed(&d, cases[i].format);
        const char *single = diag_printed(&one, cases[i].format);
        const size_t n = strlen(cases[i].many), n1 = strlen(cases[i].single);
        gsl_test_str(many + strlen(many) - n, cases[i].many, "counts in format %zu", i);
        gsl_test_str(single + strlen(single) - n1, cases[i].single, "one more in format %zu", i);
    }
    arena_free(a);
}

static void test_github(void)
{
    struct arena *a = arena_new();
    const struct source source = {.path = "a,b:c%.csv", .text = "x\ny", .bytes = 3};
    struct diag d = {.arena = a};
    diag_error(&d, ERR_FILE, (struct place){&source, 2, 1, 2}, "100%% of %s", "a\r\nb,c:d\x1b");
    diag_fix(&d, "one\ntwo");
    diag_warning(&d, ERR_USAGE, (struct place){.source = &source}, "odd");
    diag_warning(&d, ERR_USAGE, (struct place){0}, "nowhere");
    gsl_test_str(diag_printed(&d, DIAG_GITHUB),
                 "::error title=E3001,file=a%2Cb%3Ac%25.csv,line=2,col=1,endColumn=2::"
                 "100%25 of a%0D%0Ab,c:d\\x1b%0A"
                 "why: without it the plan would rest on nothing%0Afix: one%0Atwo\n"
                 "::warning title=E1001,file=a%2Cb%3Ac%25.csv::odd%0A"
                 "why: a guess could run something you did not ask for\n"
                 "::warning title=E1001::nowhere%0A"
                 "why: a guess could run something you did not ask for\n",
                 "workflow annotations");
    arena_free(a);
}

static void test_json(void)
{
    struct arena *a = arena_new();
    const struct source source = {
        .path = "\u663e\u5361.csv", .text = "x\n\u663e\u5361,7\n", .bytes = 11};
    const char *what = "\"q\" \\ \n\t\x1b \x7f \xc2\x9b \u202e\u202c \U000e0041 \u663e \xff";
    struct diag d = {.arena = a};
    diag_error(&d, ERR_FILE, (struct place){&source, 2, 4, 5}, "%s", what);
    diag_fix(&d, "do");
    diag_warning(&d, ERR_USAGE, (struct place){0}, "odd");
    const char *printed = diag_printed(&d, DIAG_JSON);
    gsl_test_str(printed,
                 "{\"severity\":\"error\",\"code\":\"E3001\",\"file\":\"\u663e\u5361.csv\","
                 "\"line\":2,\"column\":4,\"end_column\":5,\"byte\":9,"
                 "\"what\":\"\\\"q\\\" \\\\ \\u000a\\u0009\\u001b \\u007f \\u009b \\u202e\\u202c "
                 "\\udb40\\udc41 \u663e \\ufffd\","
                 "\"why\":\"without it the plan would rest on nothing\",\"fix\":\"do\"}\n"
                 "{\"severity\":\"warning\",\"code\":\"E1001\",\"what\":\"odd\","
                 "\"why\":\"a guess could run something you did not ask for\"}\n",
                 "one JSON object per line");
    json_error_t error;
    json_t *object = json_loads(printed, JSON_DISABLE_EOF_CHECK, &error);
    const char *decoded = object ? json_string_value(json_object_get(object, "what")) : "";
    gsl_test_str(decoded, "\"q\" \\ \n\t\x1b \x7f \xc2\x9b \u202e\u202c \U000e0041 \u663e \ufffd",
                 "the text comes back");
    json_decref(object);
    arena_free(a);
}

int main(void)
{
    test_whole();
    test_carets();
    test_long_lines();
    test_line_number();
    test_unsafe_messages();
    test_counts();
    test_github();
    test_json();
    return gsl_test_summary();
}
