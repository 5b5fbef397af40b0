/* gpumix doctor: what of this machine and its settings shapes the answers, and where each comes from. */
#include "cli/language.h"
#include "cli/planning.h"
#include "cli/present.h"
#include "common/output.h"
#include "report/wording.h"
#include <iconv.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* clang-format off */
static const struct option_row doctor_options[] = {
    {"strict", 0, NULL, false, NULL, N_("end with status 1 where something is amiss")},
    {0},
};
/* clang-format on */

enum { SETTING, VALUE, FROM, STATE, REMARK, N_DOCTOR_COLUMNS };

static const struct sheet_column doctor_columns[N_DOCTOR_COLUMNS] = {
    [SETTING] = {"setting", N_("setting"), 'l', false},
    [VALUE] = {"value", N_("value"), 'l', false},
    [FROM] = {"from", N_("comes from"), 'l', false},
    [STATE] = {"state", N_("state"), 'l', false},
    [REMARK] = {"remark", N_("remark"), 'l', false},
};

struct doctor {
    struct sheet sheet;
    struct cli *cli;
    const struct options *options;
    size_t n_warnings;
};

/* `word`: the value for machines, where it is another. `amiss` says what does not work so; NULL: all is well. */
struct finding_row {
    const char *key, *label, *value, *word, *from, *amiss, *remark;
};

static void tell(struct doctor *d, struct finding_row r)
{
    struct sheet_cell *cells = sheet_row(&d->sheet);
    cells[SETTING] = sheet_both(r.label, r.key);
    cells[VALUE] = sheet_both(r.value, r.word ? r.word : r.value);
    cells[FROM] = sheet_text(r.from ? r.from : "");
    cells[STATE] = r.amiss ? sheet_both(_("warning"), "warning") : sheet_both(_("ok"), "ok");
    const char *remark = r.amiss ? r.amiss : r.remark;
    cells[REMARK] = sheet_text(remark ? remark : "");
    d->n_warnings += r.amiss != NULL;
}

static void tell_program(struct doctor *d)
{
    char path[PATH_MAX];
    const ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    tell(d, (struct finding_row){.key = "program",
                                 .label = _("program"),
                                 .value = d->cli->build,
                                 .from = arena_strdup(d->cli->arena, path)});
    tell(d, (struct finding_row){
                .key = "libraries", .label = _("libraries"), .value = d->cli->libraries});
}

/* --- language --- */

static void tell_language(struct doctor *d)
{
    const struct language_source from = language_source(option_value(d->options, "lang"));
    const char *translations = language_file(d->cli->arena);
    const bool there = access(translations, R_OK) == 0;
    tell(d, (struct finding_row){
                .key = "language",
                .label = _("language"),
                .value = d->cli->chinese ? "zh-CN" : "en",
                .from = from.name ? arena_printf(d->cli->arena, "%s=%s", from.name, from.value)
                                  : _("default")});
    tell(d, (struct finding_row){
                .key = "translations",
                .label = _("translations"),
                .value = translations,
                .amiss = there ? NULL
                               : _("the file is missing: messages are English whatever is asked "
                                   "for; install gpumix again, or run it where it was built")});
}

/* What the environment asks of characters; NULL: nothing. */
static const char *locale_wanted(const char **name)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        *name = variables[i];
        if (value && *value) return value;
    }
    return NULL;
}

static void tell_locale(struct doctor *d)
{
    struct arena *a = d->cli->arena;
    const char *name, *wanted = locale_wanted(&name), *used = setlocale(LC_CTYPE, NULL);
    const char *codes = nl_langinfo(CODESET);
    const bool other = wanted && strcmp(wanted, used) != 0;
    tell(d, (struct finding_row){
                .key = "locale",
                .label = _("characters"),
                .value = used,
                .from = wanted ? arena_printf(a, "%s=%s", name, wanted) : _("default"),
                .amiss = strcmp(codes, "UTF-8") == 0
                             ? NULL
                             : arena_printf(a,
                                            _("a terminal of %s shows Chinese as garbage: the "
                                              "program writes UTF-8; set LC_ALL=C.UTF-8"),
                                            codes),
                .remark = other ? _("that locale is missing here; C.UTF-8 does as well") : NULL});
}

/* Chinese spreadsheets save CSV in GB18030; slim systems may lack its table. */
static bool reads_gb18030(void)
{
    char in[] = "\xD6\xD0", out[8] = ""; /* one character, U+4E2D */
    char *from = in, *to = out;
    size_t n = 2, room = sizeof out - 1;
    iconv_t decoder = iconv_open("UTF-8", "GB18030");
    if (decoder == (iconv_t)-1) return false; // NOLINT(performance-no-int-to-ptr)
    const bool done = iconv(decoder, &from, &n, &to, &room) != (size_t)-1;
    (void)iconv_close(decoder);
    return done && strcmp(out, "\xE4\xB8\xAD") == 0;
}

static void tell_gb18030(struct doctor *d)
{
    const bool reads = reads_gb18030();
    tell(d,
         (struct finding_row){.key = "gb18030",
                              .label = _("files in GB18030"),
                              .value = reads ? _("are read") : _("are not read"),
                              .word = reads ? "read" : "not read",
                              .from = "iconv",
                              .amiss = reads ? NULL
                                             : _("tables saved by a Chinese spreadsheet need it; "
                                                 "install the C library's conversion tables, or "
                                                 "save them as UTF-8")});
}

/* --- the machine --- */

static void tell_terminal(struct doctor *d)
{
    struct arena *a = d->cli->arena;
    struct winsize size = {0};
    const bool terminal =
        isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    const int columns = size.ws_col;
    tell(d, (struct finding_row){.key = "terminal",
                                 .label = _("terminal"),
                                 .value = terminal ? arena_printf(a, _("%d columns"), columns)
                                                   : _("none"),
                                 .word = terminal ? arena_printf(a, "%d", columns) : "none",
                                 .remark = _("no colours are used")});
}

static void tell_processors(struct doctor *d)
{
    struct arena *a = d->cli->arena;
    const long n = sysconf(_SC_NPROCESSORS_ONLN);
    tell(d, (struct finding_row){.key = "processors",
                                 .label = _("processors"),
                                 .value = arena_printf(a, "%ld", n),
                                 .remark = _("worlds are simulated on all of them unless "
                                             "--threads says otherwise")});
    const double gib = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE) /
                       (1024.0 * 1024.0 * 1024.0);
    tell(d, (struct finding_row){.key = "memory_gib",
                                 .label = _("memory"),
                                 .value = arena_printf(a, "%.1f GiB", gib),
                                 .word = arena_printf(a, "%.1f", gib)});
}

static void tell_temporary(struct doctor *d)
{
    const char *folder = temporary_folder(), *set = getenv("TMPDIR");
    tell(d, (struct finding_row){
                .key = "temporary_folder",
                .label = _("temporary files"),
                .value = folder,
                .from = set && *set ? "TMPDIR" : _("default"),
                .amiss = access(folder, W_OK) == 0
                             ? NULL
                             : _("nothing can be written there: demo, recommend and xlsx reports "
                                 "need it; set TMPDIR")});
}

static void tell_today(struct doctor *d)
{
    char day[32];
    moment_print(day, sizeof day, d->cli->today);
    day[strlen("2026-12-08")] = '\0';
    tell(d, (struct finding_row){.key = "today",
                                 .label = _("today"),
                                 .value = arena_printf(d->cli->arena, "%s (UTC+8)", day),
                                 .word = arena_strdup(d->cli->arena, day),
                                 .from =
                                     getenv("SOURCE_DATE_EPOCH") ? "SOURCE_DATE_EPOCH" : _("clock"),
                                 .remark = _("ages of prices are counted to this day")});
}

/* --- prices --- */

static enum err book_of(struct price_book **book, const char **from, struct doctor *d)
{
    struct cli *cli = d->cli;
    const struct options *o = d->options;
    *from = _("built in");
    const struct book_sources builtin = {.builtin = true};
    if (o->n_arguments == 0)
        return price_book_load(book, &builtin, cli->today, -1, cli->arena, cli->diag);
    const struct scenario_options options = {0};
    struct scenario *s = ARENA_NEW(cli->arena, struct scenario, 1);
    TRY(scenario_load(s, o->arguments[0], &options, cli->arena, cli->diag));
    *from = o->arguments[0];
    return scenario_book(book, s, cli, cli->diag);
}

static enum err tell_prices(struct doctor *d)
{
    struct cli *cli = d->cli;
    struct price_book *book;
    const char *from;
    TRY(book_of(&book, &from, d));
    size_t users = 0;
    const size_t n = book_price_count(book);
    for (size_t i = 0; i < n; i++) users += book_price(book, i)->origin.user;
    moment_t newest = 0;
    const bool dated = moment_parse(&newest, book_date(book));
    const long days = dated ? (long)((cli->today - newest) / (24 * US_PER_H)) : -1;
    tell(d, (struct finding_row){
                .key = "prices",
                .label = _("prices"),
                .value = arena_printf(cli->arena, _("%zu rows, %zu of them yours"), n, users),
                .word = arena_printf(cli->arena, "%zu", n),
                .from = from,
                .amiss = cli->diag->n_warnings
                             ? _("there are warnings about them, below; `gpumix catalog check` "
                                 "tells more")
                             : NULL,
                .remark = dated ? arena_printf(cli->arena, _("the newest is %ld days old (%s)"),
                                               days, book_date(book))
                                : NULL});
    return OK;
}

static int doctor_run(const struct options *o, struct cli *cli)
{
    struct sheet_column *columns = ARENA_NEW(cli->arena, struct sheet_column, N_DOCTOR_COLUMNS);
    memcpy(columns, doctor_columns, sizeof doctor_columns);
    struct doctor d = {
        .sheet = sheet_new(cli->arena, columns, N_DOCTOR_COLUMNS), .cli = cli, .options = o};
    tell_program(&d);
    tell_language(&d);
    tell_locale(&d);
    tell_gb18030(&d);
    tell_terminal(&d);
    tell_processors(&d);
    tell_temporary(&d);
    tell_today(&d);
    const enum err code = tell_prices(&d);
    if (code != OK) return err_exit_status(code);
    const int status = sheet_present(&d.sheet, o, cli);
    return status == 0 && option_given(o, "strict") && d.n_warnings ? EXIT_GATE : status;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .arguments = N_("[FILE]"),
    .help = N_(
        "why it behaves like this here: language, files, time, prices, and where each comes from"),
    .examples = "  gpumix doctor\n"
                "  gpumix doctor scenario.yaml --json\n",
    .options = doctor_options,
    .prints_data = true,
    .max_arguments = 1,
    .run = doctor_run,
};
