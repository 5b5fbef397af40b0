/* gpumix report: a plan, or a saved run, in a form that can be sent to someone. */
#include "cli/around.h"
#include "cli/present.h"
#include "common/text.h"
#include <string.h>
#include <unistd.h>

static const char *const formats[] = {
#define X(name) #name,
    REPORT_LIST(X)
#undef X
        NULL};

/* clang-format off */
static const struct option_row report_options[] = {
    {"format",    0,   N_("FORMAT"),     false, formats,        N_("form of the report; default: by the ending of --out, else md")},
    {"out",       'o', N_("FILE"),       false, NULL,           N_("write there, whole or not at all; - is standard output")},
    {"variant",   0,   N_("A,B"),        false, NULL,           N_("variants to tell; default: compare.order, else all; focus: base")},
    {"baseline",  0,   N_("RUN.json"),   false, NULL,           N_("saved run to tell changes against, in md")},
    {"table",     0,   N_("NAME"),       false, dossier_tables, N_("list that csv prints: plan")},
    {"excel",     0,   NULL,             true,  NULL,           N_("csv as spreadsheets want it: byte-order mark, CRLF")},
    {"what-if",   0,   N_("N"),          false, NULL,           N_("html: plans solved at most for its sliders; default: as the size of the scenario allows")},
    DOSSIER_OPTIONS
    {0},
};
/* clang-format on */

struct reporting {
    const struct dossier_format *format;
    struct dossier_request request;
    struct dossier dossier;
    long what_if; /* plans; -1: not said */
};

static enum err format_unknown(const char *path, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("the ending of \"%s\" names no form of report"), path);
    diag_fix(d, "%s", _("say which with --format"));
    return code;
}

static enum err format_read(const struct dossier_format **format, const struct options *o,
                            struct diag *d)
{
    const char *name = option_value(o, "format"), *path = option_value(o, "out");
    const bool file = path && strcmp(path, "-") != 0;
    const char *slash = file ? strrchr(path, '/') : NULL;
    const char *dot = file ? strrchr(slash ? slash : path, '.') : NULL;
    if (!name && dot) name = dot + 1;
    *format = dossier_format_find(name ? name : "md");
    if (!*format) return format_unknown(path, d);
    if (!(*format)->binary || file || !isatty(STDOUT_FILENO)) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("%s is not for a terminal"), (*format)->name);
    diag_fix(d, "%s", _("write it into a file with --out FILE"));
    return code;
}

static enum err only_with(const struct options *o, const char *option, const char *format,
                          const struct reporting *r, struct diag *d)
{
    if (!option_given(o, option) || strcmp(r->format->name, format) == 0) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--%s belongs to --format %s"), option, format);
    diag_fix(d, "%s", _("leave one of the two out"));
    return code;
}

static enum err options_read(struct reporting *r, const struct options *o, struct cli *cli)
{
    TRY(format_read(&r->format, o, cli->diag));
    TRY(only_with(o, "table", "csv", r, cli->diag));
    if (r->format != &report_focus) TRY(only_with(o, "excel", "csv", r, cli->diag));
    TRY(only_with(o, "baseline", "md", r, cli->diag));
    TRY(only_with(o, "what-if", "html", r, cli->diag));
    TRY(around_option(&r->what_if, o, cli->diag));
    r->request.one = r->format->one;
    r->dossier.excel = option_given(o, "excel");
    r->dossier.table = option_value(o, "table");
    TRY(dossier_options(&r->dossier, &r->request, o, cli));
    const char *baseline = option_value(o, "baseline");
    if (!baseline) return OK;
    struct bill *bill = ARENA_NEW(cli->arena, struct bill, 1);
    r->dossier.baseline = bill;
    return bill_read(bill, baseline, cli->arena, cli->diag);
}

static enum err dossier_write(const struct reporting *r, const struct options *o, struct cli *cli)
{
    struct output out;
    TRY(output_open(&out, option_value(o, "out"), cli->arena, cli->diag));
    const enum err code = r->format->write(&r->dossier, out.stream, cli->arena, cli->diag);
    if (code != OK) {
        output_discard(&out);
        return code;
    }
    return output_commit(&out, cli->diag);
}

static int report_run(const struct options *o, struct cli *cli)
{
    struct reporting r = {0};
    enum err code = options_read(&r, o, cli);
    if (code == OK) code = dossier_load(&r.dossier, &r.request, o, cli);
    if (code != OK) return err_exit_status(code);
    if (*cli->stop) return 0;
    if (r.format->around) code = around_make(&r.dossier, &r.request, r.what_if, cli);
    if (code != OK) return err_exit_status(code);
    if (*cli->stop) return 0;
    code = dossier_write(&r, o, cli);
    return worse_status(r.request.status, err_exit_status(code));
}

const struct command cmd_report = {
    .name = "report",
    .arguments = N_("FILE | RUN.json"),
    .help = N_("a plan or a saved run in a form that can be sent to someone"),
    .examples =
        "  gpumix report scenario.yaml --out plan.html\n"
        "  gpumix report scenario.yaml --out plan.xlsx\n"
        "  gpumix report run.json --format md --baseline last-week.json\n"
        "  gpumix report scenario.yaml --format csv --table ledger --excel --out ledger.csv\n"
        "  gpumix report run.json --format prom --out /var/lib/node_exporter/gpumix.prom\n",
    .options = report_options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = report_run,
};
