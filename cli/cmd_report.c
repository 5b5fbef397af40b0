/* gpumix report: a plan, or a saved run, in a form that can be sent to someone. */
#include "cli/crew.h"
#include "cli/present.h"
#include "cli/simulating_options.h"
#include "common/text.h"
#include "report/dossier.h"
#include <ctype.h>
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
    {"set",       0,   N_("PATH=VALUE"), true,  NULL,           N_("change a value of the scenario")},
    SIMULATING_OPTIONS
    {0},
};
/* clang-format on */

struct reporting {
    const struct dossier_format *format;
    struct planning planning;
    struct simulating simulating;
    bool planned_only;
    size_t n;
    struct plan_task *tasks;
    struct dossier dossier;
    int status; /* of the plans */
};

/* ---- options ---- */

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
    const char *dot = path ? strrchr(path, '.') : NULL;
    const bool file = path && strcmp(path, "-") != 0;
    if (!name && file) name = dot ? dot + 1 : "";
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
    r->planning =
        (struct planning){.path = o->arguments[0], .settings = PLAN_SETTINGS, .warns = true};
    r->planning.set = option_values(&r->planning.n_set, o, "set", cli->arena);
    r->planning.settings.lp.stop = cli->stop;
    r->planned_only = option_given(o, "planned");
    r->dossier = (struct dossier){.source = o->arguments[0],
                                  .n_set = r->planning.n_set,
                                  .set = r->planning.set,
                                  .chinese = cli->chinese,
                                  .excel = option_given(o, "excel"),
                                  .table = option_value(o, "table"),
                                  .version = cli->version,
                                  .today = cli->today};
    const char *baseline = option_value(o, "baseline");
    if (baseline) {
        struct bill *bill = ARENA_NEW(cli->arena, struct bill, 1);
        TRY(bill_read(bill, baseline, cli->arena, cli->diag));
        r->dossier.baseline = bill;
    }
    return simulating_read(&r->simulating, o, cli);
}

/* ---- a saved run ---- */

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* A saved run is JSON: its name says so, or it begins as our files do. A scenario is YAML, which may begin with a brace too. */
static bool is_saved(const char *path)
{
    char head[256] = "";
    FILE *file = fopen(path, "r");
    if (!file) return ends_with(path, ".json");
    const size_t n = fread(head, 1, sizeof head - 1, file);
    (void)fclose(file);
    head[n] = '\0';
    const char *text = head + strspn(head, " \t\r\n");
    if (*text != '{') return false;
    text += 1 + strspn(text + 1, " \t\r\n");
    return strncmp(text, "\"summary\"", 9) == 0 || strncmp(text, "\"variants\": [", 13) == 0 ||
           ends_with(path, ".json");
}

static enum err option_alone(const char *name, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--%s cannot be used with %s"), name, _("a saved run"));
    diag_fix(d, "%s", _("leave one of the two out"));
    return code;
}

/* The variants asked for, in that order; their labels in the reader's language. */
static enum err saved_choose(struct reporting *r, struct saved_run *runs, size_t n,
                             const char *wanted, struct cli *cli)
{
    struct saved_run *chosen = ARENA_NEW(cli->arena, struct saved_run, n + 1);
    size_t n_chosen = 0;
    for (size_t i = 0; i < n; i++) {
        const char *path = arena_printf(cli->arena, "variants.%s.label", runs[i].variant);
        const char *label = saved_value(&runs[i], path);
        const char *zh = saved_value(&runs[i], arena_printf(cli->arena, "%s_zh", path));
        if (cli->chinese && zh) label = zh;
        if (label && *label) runs[i].name = label;
    }
    char *rest = wanted ? arena_strdup(cli->arena, wanted) : NULL;
    for (const char *name; (name = strsep(&rest, ","));) {
        size_t i = 0;
        while (i < n && strcmp(runs[i].variant, name) != 0) i++;
        if (i == n || n_chosen == n) {
            const enum err code = diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0},
                                             _("the saved run has no variant \"%s\""), name);
            diag_fix(cli->diag, "%s", _("leave --variant out to tell all it has"));
            return code;
        }
        chosen[n_chosen++] = runs[i];
    }
    r->dossier.runs = wanted ? chosen : runs;
    r->dossier.n = wanted ? n_chosen : r->format->one ? 1 : n;
    return OK;
}

static enum err saved_load(struct reporting *r, const struct options *o, struct cli *cli)
{
    static const char *const others[] = {"set",  "planned", "runs",  "precision",
                                         "seed", "threads", "policy"};
    struct saved_run *runs;
    size_t n;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(o, others[i])) return option_alone(others[i], cli->diag);
    TRY(saved_runs_read(&runs, &n, r->dossier.source, cli->arena, cli->diag));
    r->dossier.saved = true;
    return saved_choose(r, runs, n, option_value(o, "variant"), cli);
}

/* ---- a scenario ---- */

static enum err variants_find(struct text_list *names, const struct reporting *r,
                              const struct options *o, struct cli *cli)
{
    const char *wanted = option_value(o, "variant"), *path = r->planning.path;
    if (wanted || r->format->one || strcmp(path, "-") == 0)
        return variants_choose(names, path, wanted, cli);
    struct scenario s;
    const struct scenario_options options = {.n_set = r->planning.n_set, .set = r->planning.set};
    struct diag quiet = {.arena = cli->arena}; /* warnings come with the plans */
    if (scenario_load(&s, path, &options, cli->arena, &quiet) != OK) {
        findings_collect(cli->diag, &quiet);
        return cli->diag->code;
    }
    *names = s.compare_order;
    return names->n ? OK : variants_choose(names, path, "all", cli);
}

static void tasks_simulate(struct reporting *r, struct cli *cli)
{
    for (size_t i = 0; i < r->n && !r->planned_only && !*cli->stop; i++) {
        struct result *result = &r->tasks[i].result;
        if (result->plan && !result->plan->scenario->relaxed)
            variant_simulate(result, &r->simulating, cli);
    }
}

static enum err scenario_plan(struct reporting *r, const struct options *o, struct cli *cli)
{
    struct text_list names;
    TRY(variants_find(&names, r, o, cli));
    r->n = names.n;
    r->tasks = ARENA_NEW(cli->arena, struct plan_task, names.n);
    for (size_t i = 0; i < names.n; i++)
        r->tasks[i] = (struct plan_task){r->planning, names.items[i], {0}};
    tasks_plan(r->tasks, r->n, _("planning what is reported"), cli);
    tasks_simulate(r, cli);
    if (*cli->stop) return OK;
    struct result *results = ARENA_NEW(cli->arena, struct result, r->n);
    for (size_t i = 0; i < r->n; i++) {
        results[i] = r->tasks[i].result;
        findings_collect(cli->diag, results[i].diag);
        r->status = worse_status(r->status, result_status(&results[i]));
    }
    const struct report report = {
        .n_results = r->n, .results = results, .version = cli->version, .today = cli->today};
    struct saved_run *runs;
    TRY(saved_runs_make(&runs, &report, cli->arena, cli->diag));
    r->dossier.runs = runs;
    r->dossier.n = r->n;
    return OK;
}

/* ---- */

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
    if (code == OK)
        code = is_saved(r.dossier.source) ? saved_load(&r, o, cli) : scenario_plan(&r, o, cli);
    if (code != OK) return err_exit_status(code);
    if (*cli->stop) return 0;
    for (size_t i = 0; i < r.dossier.n && !r.dossier.scenario; i++)
        r.dossier.scenario = r.dossier.runs[i].scenario;
    if (!r.dossier.scenario) r.dossier.scenario = r.dossier.source;
    code = dossier_write(&r, o, cli);
    return worse_status(r.status, err_exit_status(code));
}

const struct command cmd_report = {
    .name = "report",
    .arguments = N_("FILE | RUN.json"),
    .help = N_("a plan or a saved run in a form that can be sent to someone"),
    .examples =
        "  gpumix report scenario.yaml --out plan.xlsx\n"
        "  gpumix report run.json --format md --baseline last-week.json\n"
        "  gpumix report scenario.yaml --format csv --table ledger --excel --out ledger.csv\n"
        "  gpumix report run.json --format prom --out /var/lib/node_exporter/gpumix.prom\n",
    .options = report_options,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = report_run,
};
