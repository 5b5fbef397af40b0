#include "cli/options.h"
#include "tests/common/printed.h"

static const char *const formats[] = {"table", "json", "csv", NULL};

/* clang-format off */
static const struct option_row rows[] = {
    {"format", 0,   "FORMAT", false, formats, "form"},
    {"set",    's', "P=V",    true,  NULL,    "change a value"},
    {"strict", 0,   NULL,     true,  NULL,    "be strict"},
    {"quiet",  'q', NULL,     true,  NULL,    "be quiet"},
    {"out",    'o', "FILE",   false, NULL,    "write there"},
    {0},
};

/* What each wrong command line is answered. */
static const struct {
    const char *argv[6];
    enum err code;
    const char *printed;
} wrong[] = {
    {{"--stric"}, ERR_OPTION, "gpumix: error[E1003]: unknown option \"--stric\"\n"
     "  why: an option that is left out could change what is computed\n"
     "  fix: did you mean --strict?   (see `gpumix help E1003`)\n"},
    {{"a.yaml", "--colour"}, ERR_OPTION, "gpumix: error[E1003]: unknown option \"--colour\"\n"
     "  why: an option that is left out could change what is computed\n"
     "  fix: `gpumix help COMMAND` lists what a command takes   (see `gpumix help E1003`)\n"},
    {{"-qx"}, ERR_OPTION, "gpumix: error[E1003]: unknown option \"-x\"\n"
     "  why: an option that is left out could change what is computed\n"
     "  fix: `gpumix help COMMAND` lists what a command takes   (see `gpumix help E1003`)\n"},
    {{"--forma=json"}, ERR_OPTION, "gpumix: error[E1003]: unknown option \"--forma\"\n"
     "  why: an option that is left out could change what is computed\n"
     "  fix: did you mean --format?   (see `gpumix help E1003`)\n"},
    {{"--format", "jsn"}, ERR_OPTION_VALUE, "gpumix: error[E1004]: \"jsn\" is not a value of --format\n"
     "  why: another value than the one you meant could be used\n"
     "  fix: did you mean json? (one of: table, json, csv)   (see `gpumix help E1004`)\n"},
    {{"--format=spreadsheet"}, ERR_OPTION_VALUE, "gpumix: error[E1004]: \"spreadsheet\" is not a value of --format\n"
     "  why: another value than the one you meant could be used\n"
     "  fix: use one of: table, json, csv   (see `gpumix help E1004`)\n"},
    {{"--out"}, ERR_OPTION_VALUE, "gpumix: error[E1004]: option --out needs a value\n"
     "  why: another value than the one you meant could be used\n"
     "  fix: write --out FILE   (see `gpumix help E1004`)\n"},
    {{"-s"}, ERR_OPTION_VALUE, "gpumix: error[E1004]: option --set needs a value\n"
     "  why: another value than the one you meant could be used\n"
     "  fix: write --set P=V   (see `gpumix help E1004`)\n"},
    {{"--strict=yes"}, ERR_OPTION_VALUE, "gpumix: error[E1004]: option --strict takes no value\n"
     "  why: another value than the one you meant could be used\n"
     "  fix: write --strict alone   (see `gpumix help E1004`)\n"},
    {{"--out", "a", "-o", "b"}, ERR_OPTION_VALUE, "gpumix: error[E1004]: option --out is given twice\n"
     "  why: another value than the one you meant could be used\n"
     "  fix: leave one of the two out   (see `gpumix help E1004`)\n"},
};
/* clang-format on */

static enum err parse(struct options *o, const char *const *argv, size_t n, bool stop_early,
                      struct diag *d)
{
    char **copy = ARENA_NEW(d->arena, char *, n + 2);
    copy[0] = arena_strdup(d->arena, "gpumix");
    for (size_t i = 0; i < n; i++) copy[i + 1] = arena_strdup(d->arena, argv[i]);
    *o = (struct options){0};
    options_add(o, rows);
    return options_parse(o, (int)n + 1, copy, stop_early, d->arena, d);
}

static void test_wrong(struct arena *a)
{
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct diag d = {.arena = a};
        struct options o;
        size_t n = 0;
        while (n < 6 && wrong[i].argv[n]) n++;
        gsl_test(parse(&o, wrong[i].argv, n, false, &d) != wrong[i].code, "code of wrong line %zu",
                 i);
        expect_printed(&d, wrong[i].printed, wrong[i].argv[0]);
    }
}

static void test_right(struct arena *a)
{
    static const char *const argv[] = {"a.yaml", "--set", "--x=1",        "-q", "--set=y=2", "-",
                                       "-o",     "f",     "-sz=--strict", "--", "--out"};
    struct diag d = {.arena = a};
    struct options o;
    size_t n;
    gsl_test(parse(&o, argv, sizeof argv / sizeof *argv, false, &d), "a right line");
    gsl_test_int((int)o.n_arguments, 3, "arguments");
    gsl_test_str(o.arguments[0], "a.yaml", "first");
    gsl_test_str(o.arguments[1], "-", "standard input");
    gsl_test_str(o.arguments[2], "--out", "behind --");
    const char **values = option_values(&n, &o, "set", a);
    gsl_test_int((int)n, 3, "three settings");
    gsl_test_str(values[0], "--x=1", "a value that looks like an option");
    gsl_test_str(values[1], "y=2", "joined by =");
    gsl_test_str(values[2], "z=--strict", "joined to its letter");
    gsl_test(!option_given(&o, "quiet"), "quiet is given");
    gsl_test(option_given(&o, "strict"), "strict is not given");
    gsl_test_str(option_value(&o, "out"), "f", "out");
    gsl_test(option_value(&o, "format") != NULL, "format is not given");
}

static void test_stop_early(struct arena *a)
{
    static const char *const argv[] = {"-q", "plan", "--unknown"};
    struct diag d = {.arena = a};
    struct options o;
    gsl_test(parse(&o, argv, 3, true, &d), "what follows the command is not read");
    gsl_test_int(o.next, 2, "the command's index");
    gsl_test(!option_given(&o, "quiet"), "before the command");
}

static void test_help(struct arena *a)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    options_print(rows, out, a);
    fclose(out);
    gsl_test_str(text,
                 "      --format FORMAT  form: table, json, csv\n"
                 "  -s, --set P=V        change a value\n"
                 "      --strict         be strict\n"
                 "  -q, --quiet          be quiet\n"
                 "  -o, --out FILE       write there\n",
                 "help");
    free(text);
}

int main(void)
{
    struct arena *a = arena_new();
    test_wrong(a);
    test_right(a);
    test_stop_early(a);
    test_help(a);
    arena_free(a);
    return gsl_test_summary();
}
