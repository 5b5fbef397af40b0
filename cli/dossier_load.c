#include "cli/dossier_load.h"
#include "cli/crew.h"
#include "common/text.h"
#include "report/saved_text.h"
#include <string.h>

enum err dossier_options(struct dossier *d, struct dossier_request *q, const struct options *o,
                         struct cli *cli)
{
    q->planning =
        (struct planning){.path = o->arguments[0], .settings = PLAN_SETTINGS, .warns = true};
    q->planning.set = option_values(&q->planning.n_set, o, "set", cli->arena);
    q->planning.settings.lp.stop = cli->stop;
    q->planned_only = option_given(o, "planned");
    d->source = o->arguments[0];
    d->n_set = q->planning.n_set;
    d->set = q->planning.set;
    d->chinese = cli->chinese;
    d->version = cli->version;
    d->today = cli->today;
    return simulating_read(&q->simulating, o, cli);
}

/* ---- a saved run ---- */

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* A saved run is JSON: it begins as our files do, or its name says so and it does not begin as a scenario does, which may be
 * written as JSON as well. */
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
    if (strncmp(text, "\"summary\"", 9) == 0 || strncmp(text, "\"variants\": [", 13) == 0)
        return true;
    return ends_with(path, ".json") && !strstr(head, "\"version\"") &&
           !strstr(head, "\"workloads\"");
}

static enum err option_alone(const char *name, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--%s cannot be used with %s"), name, _("a saved run"));
    diag_fix(d, "%s", _("leave one of the two out"));
    return code;
}

static enum err variant_twice(const char *name, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("variant \"%s\" is asked for twice"), name);
    diag_fix(d, "%s", _("name it once"));
    return code;
}

/* The variants asked for, in that order; their labels in the reader's language. */
static enum err saved_choose(struct dossier *d, bool one, struct saved_run *runs, size_t n,
                             const char *wanted, struct cli *cli)
{
    struct saved_run *chosen = ARENA_NEW(cli->arena, struct saved_run, n + 1);
    size_t n_chosen = 0;
    for (size_t i = 0; i < n; i++) {
        const char *label = saved_variant_label(&runs[i], cli->chinese, cli->arena);
        if (label) runs[i].name = label;
    }
    char *rest = wanted ? arena_strdup(cli->arena, wanted) : NULL;
    for (const char *name; (name = strsep(&rest, ","));) {
        size_t i = 0;
        while (i < n && strcmp(runs[i].variant, name) != 0) i++;
        for (size_t k = 0; k < n_chosen; k++)
            if (strcmp(chosen[k].variant, name) == 0) return variant_twice(name, cli->diag);
        if (i == n) {
            const enum err code = diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0},
                                             _("the saved run has no variant \"%s\""), name);
            diag_fix(cli->diag, "%s", _("leave --variant out to tell all it has"));
            return code;
        }
        chosen[n_chosen++] = runs[i];
    }
    d->n = wanted ? n_chosen : one ? 1 : n;
    d->runs = wanted ? chosen : runs;
    return OK;
}

/* A run without a ledger, or with none of its plans, can be compared but not reported. */
static enum err saved_check(const struct saved_run *runs, size_t n, const char *path,
                            struct diag *d)
{
    bool whole = n > 0;
    for (size_t i = 0; i < n; i++)
        whole = whole && (!runs[i].has_plan || runs[i].n_entries > 0 || runs[i].cost == 0);
    if (whole) return OK;
    const enum err code =
        diag_error(d, ERR_RUN_FILE, (struct place){0}, "\"%s\": %s", path,
                   n ? _("it has no ledger of its plan") : _("it has no summary of a plan"));
    diag_fix(d, "%s", _("give files written by gpumix plan FILE --save RUN.json"));
    return code;
}

static enum err saved_load(struct dossier *d, const struct dossier_request *q,
                           const struct options *o, struct cli *cli)
{
    static const char *const others[] = {"set",  "planned", "runs",  "precision",
                                         "seed", "threads", "policy"};
    struct saved_run *runs = NULL;
    size_t n = 0;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (option_given(o, others[i])) return option_alone(others[i], cli->diag);
    TRY(saved_runs_read(&runs, &n, d->source, cli->arena, cli->diag));
    TRY(saved_check(runs, n, d->source, cli->diag));
    d->saved = true;
    return saved_choose(d, q->one, runs, n, option_value(o, "variant"), cli);
}

/* ---- a scenario ---- */

static enum err variants_find(struct text_list *names, const struct dossier_request *r,
                              const struct options *o, struct cli *cli)
{
    const char *wanted = option_value(o, "variant"), *path = r->planning.path;
    if (wanted || r->one || strcmp(path, "-") == 0)
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

static void tasks_simulate(struct plan_task *tasks, size_t n, const struct dossier_request *q,
                           struct cli *cli)
{
    for (size_t i = 0; i < n && !q->planned_only && !*cli->stop; i++) {
        struct result *result = &tasks[i].result;
        if (result->plan && !result->plan->scenario->relaxed)
            variant_simulate(result, &q->simulating, cli);
    }
}

static enum err scenario_plan(struct dossier *d, struct dossier_request *q, const struct options *o,
                              struct cli *cli)
{
    struct text_list names = {0};
    TRY(variants_find(&names, q, o, cli));
    const size_t n = names.n;
    struct plan_task *tasks = ARENA_NEW(cli->arena, struct plan_task, names.n);
    for (size_t i = 0; i < n; i++) {
        tasks[i] = (struct plan_task){q->planning, names.items[i], {0}};
        /* Of the one that is told in full, where they take little time. */
        tasks[i].planning.settings.ranges = !q->one && i == 0;
        tasks[i].planning.settings.range_rows = 4000;
    }
    tasks_plan(tasks, n, _("planning what is reported"), cli);
    tasks_simulate(tasks, n, q, cli);
    if (*cli->stop) return OK;
    struct result *results = ARENA_NEW(cli->arena, struct result, n);
    bool any = false; /* was understood: there is something to tell */
    for (size_t i = 0; i < n; i++) {
        results[i] = tasks[i].result;
        any = any || results[i].code == OK;
        findings_collect(cli->diag, results[i].diag);
        q->status = worse_status(q->status, result_status(&results[i]));
    }
    const struct report report = {
        .n_results = n, .results = results, .version = cli->version, .today = cli->today};
    struct saved_run *runs;
    if (!any) return results[0].code;
    TRY(saved_runs_make(&runs, &report, cli->arena, cli->diag));
    d->runs = runs;
    d->n = n;
    const struct plan *main_plan = results[dossier_main(d) - d->runs].plan;
    if (main_plan) q->planning.settings.warm = main_plan->warm; /* what is solved around it */
    return OK;
}

/* ---- */

enum err dossier_load(struct dossier *d, struct dossier_request *q, const struct options *o,
                      struct cli *cli)
{
    TRY(is_saved(d->source) ? saved_load(d, q, o, cli) : scenario_plan(d, q, o, cli));
    for (size_t i = 0; i < d->n && !d->scenario; i++) d->scenario = d->runs[i].scenario;
    if (!d->scenario) d->scenario = d->source;
    return OK;
}
