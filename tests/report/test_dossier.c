/* What a workbook cannot hold is refused, and quoting keeps text what it is. */
#include "report/dossier.h"
#include "report/quote.h"
#include "tests/common/printed.h"
#include <string.h>

static void test_formats(void)
{
    for (size_t i = 0; dossier_formats[i]; i++)
        gsl_test(dossier_format_find(dossier_formats[i]->name) != dossier_formats[i],
                 "%s is found by its name", dossier_formats[i]->name);
    gsl_test(dossier_format_find("docx") != NULL, "docx is no form of report");
}

/* One row more than a sheet has below its headings. */
static void test_rows(void)
{
    enum { ROWS = 1048576 };
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    const char **texts = ARENA_NEW(a, const char *, ROWS);
    for (size_t i = 0; i < ROWS; i++) texts[i] = "x";
    const struct saved_run run = {.name = "base",
                                  .variant = "base",
                                  .status = "none",
                                  .n_assumptions = ROWS,
                                  .assumptions = texts};
    const struct dossier dossier = {.scenario = "s", .n = 1, .runs = &run, .version = "0"};
    FILE *out = fopen("/dev/null", "w");
    const enum err code = report_xlsx.write(&dossier, out, a, &d);
    gsl_test_int((int)code, ERR_OUTPUT, "too many rows are an error");
    gsl_test_str(d.first->what,
                 "the workbook cannot be written: it has more rows than such a file can hold",
                 "which says so");
    gsl_test_str(d.first->fix, "check the folder for temporary files, or write csv",
                 "and what to do");
    fclose(out);
    arena_free(a);
}

static const struct {
    const char *text, *json, *hcl, *shell;
} quotes[] = {
    {"", "\"\"", "\"\"", "''"},
    {"a\"b\\c", "\"a\\\"b\\\\c\"", "\"a\\\"b\\\\c\"", "'a\"b\\c'"},
    {"${x} %{y} $x $", "\"${x} %{y} $x $\"", "\"\\u0024{x} \\u0025{y} $x $\"", "'${x} %{y} $x $'"},
    {"$${", "\"$${\"", "\"$\\u0024{\"", "'$${'"},
    {"it's", "\"it's\"", "\"it's\"", "'it'\\''s'"},
    {"l\nt\t", "\"l\\u000at\\u0009\"", "\"l\\u000at\\u0009\"", "'l\\x0at\\x09'"},
    {"\u4e2d\u2028\u200b\ufeff", "\"\u4e2d\\u2028\\u200b\\ufeff\"",
     "\"\u4e2d\\u2028\\u200b\\ufeff\"", NULL},
    {"\xff", "\"\\ufffd\"", "\"\\ufffd\"", "'\\xff'"},
};

static void test_quotes(void)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++) {
        gsl_test_str(quote_json(a, quotes[i].text), quotes[i].json, "case %zu as JSON", i);
        gsl_test_str(quote_hcl(a, quotes[i].text), quotes[i].hcl, "case %zu as HCL", i);
        if (quotes[i].shell)
            gsl_test_str(quote_shell(a, quotes[i].text), quotes[i].shell, "case %zu for a shell",
                         i);
    }
    arena_free(a);
}

int main(void)
{
    test_formats();
    test_rows();
    test_quotes();
    return gsl_test_summary();
}
