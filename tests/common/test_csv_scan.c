#include "common/csv_scan.h"
#include <gsl/gsl_test.h>
#include <stdio.h>
#include <string.h>

/* What the scan says about a text: "line[from-to][from-to];" for each row, then how it ended and
 * where. */
static void scan_text(char *out, size_t size, const char *text, bool comments)
{
    static const char *const ends[] = {
        [CSV_END] = "end",         [CSV_QUOTE_INSIDE] = "inside", [CSV_TEXT_BEHIND] = "behind",
        [CSV_QUOTE_OPEN] = "open", [CSV_FIELD_LONG] = "long",     [CSV_FIELDS_MANY] = "many",
    };
    struct csv_scan s = {.text = text, .line = 1};
    enum csv_scan_result result;
    size_t n = 0;
    while ((result = csv_scan_row(&s, comments)) == CSV_ROW) {
        n += (size_t)snprintf(out + n, size - n, "%zu", s.row_line);
        for (size_t i = 0; i < s.n_fields; i++)
            n += (size_t)snprintf(out + n, size - n, "[%zu-%zu]", s.fields[i].from, s.fields[i].to);
        n += (size_t)snprintf(out + n, size - n, ";");
    }
    n += (size_t)snprintf(out + n, size - n, "%s", ends[result]);
    if (result != CSV_END) snprintf(out + n, size - n, " %zu-%zu", s.fault.from, s.fault.to);
}

static const struct {
    const char *text;
    bool comments;
    const char *expected;
} cases[] = {
    {"", false, "end"},
    {"\n \r\n\t", false, "end"},
    {"ab", false, "1[0-2];end"},
    {"a,b\nc,d\n", false, "1[0-1][2-3];2[4-5][6-7];end"},
    {"a,b\r\nc,d\r\n", false, "1[0-1][2-3];2[5-6][7-8];end"},
    {",\n", false, "1[0-0][1-1];end"},
    {"a,", false, "1[0-1][2-2];end"},
    {" a b\t, c \r\n", false, "1[1-4][7-8];end"},
    {" , \n", false, "1[1-1][3-3];end"},
    {"\"a,\"\"b\",c\n", false, "1[0-7][8-9];end"},
    {" \"a\" ,\"\"\n", false, "1[1-4][6-8];end"},
    {"\"a\n\r\nb\",c\n\nd\n", false, "1[0-7][8-9];5[11-12];end"},
    {"\"a\"", false, "1[0-3];end"},
    {"\"a\"\r\nb", false, "1[0-3];2[5-6];end"},
    {"#a\nb\n", false, "1[0-2];2[3-4];end"},
    {"#a\n #b\nc\n", true, "2[4-6];3[7-8];end"},
    {"#a", true, "end"},
    {"#a\r\n\r\n#\"\nb", true, "4[9-10];end"},
    {"a\"b", false, "inside 1-2"},
    {"a,b \"c\"", false, "inside 4-5"},
    {"x\n\"a\" b", false, "1[0-1];behind 6-7"},
    {"\"a\"\"b", false, "open 0-1"},
    {"\"", false, "open 0-1"},
    {"a\n,\"b\nc", false, "1[0-1];open 3-4"},
    {"\"\"\"", false, "open 0-1"},
};

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char seen[200];
        scan_text(seen, sizeof seen, cases[i].text, cases[i].comments);
        gsl_test_str(seen, cases[i].expected, "case %zu", i);
    }
    return gsl_test_summary();
}
