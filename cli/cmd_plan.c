/* gpumix plan: what to buy, and what it will cost. */
#include "cli/around.h"
#include "cli/gate.h"
#include "cli/planning.h"
#include "cli/present.h"
#include "cli/simulating.h"
#include "cli/steady.h"
#include "common/node.h"
#include "common/text.h"
#include "report/pitfalls.h"
#include <string.h>
#include <unistd.h>

/* clang-format off */
static const struct option_row plan_options[] = {
    {"variant",       0, N_("A,B"),        false, NULL, N_("variants to plan; all: base and every variant")},
    {"set",           0, N_("PATH=VALUE"), true,  NULL, N_("change a value of the scenario")},
    {"save",          0, N_("FILE"),       false, NULL, N_("write the whole result as JSON")},
    {"what-if",       0, N_("N"),          false, NULL, N_("with --save: solve up to N plans around this one as well, for the sliders and curves of its report")},
    {"from",          0, N_("RUN"),        false, NULL, N_("keep the machines of a saved plan, unless changing them saves more than a change costs")},
    {"change-price",  0, N_("PRICE"),      false, NULL, N_("with --from: what a change costs, as a share of the cost (2%) or an amount")},
    {"fail-if",       0, N_("CONDITION"),  true,  NULL, N_("end with status 1 when it holds, e.g. \"cost > 900000\"")},
    {"runs",          0, N_("N"),          false, NULL, N_("worlds to simulate; 0: none (1000 when the file says simulate, or for --fail-if)")},
    {"show-merged",   0, NULL,             true,  NULL, N_("print every value with where it was written, and stop")},
    {"list-variants", 0, NULL,             true,  NULL, N_("print the names of the variants, and stop")},
    {"export-lp",     0, N_("FILE"),       false, NULL, N_("write the linear program, as .mps or .lp")},
    {"exact",         0, NULL,             true,  NULL, N_("find the exact optimum as well, in rational numbers, and compare")},
    {"gap",           0, N_("SHARE"),      false, NULL, N_("stop this close to the proven bound (0.01%)")},
    {"method",        0, N_("METHOD"),     false, plan_method_names, N_("how the linear program is solved")},
    {"time-limit",    0, N_("DURATION"),   false, NULL, N_("stop solving after this long, e.g. 30s")},
    {"no-warning",    0, N_("NAME"),       true,  pitfall_names, N_("leave this warning out; `gpumix help warnings` lists them")},
    {"strict",        0, NULL,             true,  NULL, N_("end with status 1 on any warning")},
    {"verbose",       0, NULL,             true,  NULL, N_("say how long solving took, terminal or not")},
    {0},
};
/* clang-format on */

struct plan_run {
    struct planning planning;
    struct text_list variants;
    const struct report_format *format;
    size_t n_gates;
    struct gate *gates;
    long runs; /* -1: not given */
    struct steady steady;
    long what_if; /* plans; -1: not asked for */
    struct result *results;
};

static enum err option_wrong(const char *name, const char *value, enum dimension dimension,
                             struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), value, name);
    diag_fix(d, _("write %s"), quantity_expected(dimension));
    return code;
}

static enum err settings_read(struct plan_settings *settings, const struct options *o,
                              struct diag *d)
{
    *settings = PLAN_SETTINGS;
    const char *gap = option_value(o, "gap"), *limit = option_value(o, "time-limit");
    if (gap && (!quantity_parse(&settings->gap, gap, NUMBER_FRAC) || settings->gap < 0 ||
                settings->gap >= 1))
        return option_wrong("gap", gap, NUMBER_FRAC, d);
    double hours = 0;
    if (limit && (!quantity_parse(&hours, limit, DURATION_H) || hours <= 0))
        return option_wrong("time-limit", limit, DURATION_H, d);
    if (limit) settings->lp.time_limit_s = hours * 3600;
    settings->keep_lp = option_given(o, "export-lp") || option_given(o, "exact");
    const char *method = option_value(o, "method");
    for (int i = 0; method && plan_method_names[i]; i++)
        if (strcmp(plan_method_names[i], method) == 0) settings->method = (enum plan_method)i;
    return OK;
}

static enum err gates_read(struct plan_run *run, const struct options *o, struct cli *cli)
{
    const char **texts = option_values(&run->n_gates, o, "fail-if", cli->arena);
    run->gates = ARENA_NEW(cli->arena, struct gate, run->n_gates + 1);
    for (size_t i = 0; i < run->n_gates; i++)
        TRY(gate_parse(&run->gates[i], texts[i], run->runs != 0, cli->arena, cli->diag));
    return OK;
}

/* What several variants at once cannot do. */
static enum err several_check(const struct plan_run *run, const struct options *o, struct diag *d)
{
    enum err code = OK;
    if (option_given(o, "export-lp"))
        code = diag_error(
            d, ERR_OPTION_VALUE, (struct place){0}, "%s",
            _("--export-lp writes one linear program, and several variants are asked for"));
    else if (strcmp(run->planning.path, "-") == 0)
        code = diag_error(
            d, ERR_ARGUMENTS, (struct place){0}, "%s",
            _("standard input can be read once only, and several variants are asked for"));
    if (code != OK) diag_fix(d, "%s", _("ask for one variant at a time"));
    return code;
}

/* A report of the run solves nothing that rests on more than its files. */
static enum err what_if_check(const struct plan_run *run, const struct options *o, struct diag *d)
{
    const char *other = option_given(o, "set")                 ? "--set"
                        : strcmp(run->planning.path, "-") == 0 ? _("standard input")
                                                               : NULL;
    if (run->what_if < 0) return OK;
    if (other) {
        const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                         _("--%s cannot be used with %s"), "what-if", other);
        diag_fix(d, "%s", _("write the value into the file itself"));
        return code;
    }
    if (option_given(o, "save")) return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0}, "%s",
                                     _("--what-if keeps plans in the file of --save"));
    diag_fix(d, "%s", _("give --save FILE as well"));
    return code;
}

static enum err run_read(struct plan_run *run, const struct options *o, struct cli *cli)
{
    run->planning.path = o->arguments[0];
    run->planning.set = option_values(&run->planning.n_set, o, "set", cli->arena);
    TRY(format_chosen(&run->format, o, cli->diag));
    TRY(settings_read(&run->planning.settings, o, cli->diag));
    run->planning.settings.lp.stop = cli->stop;
    run->planning.exact = option_given(o, "exact");
    run->planning.warns = true;
    run->planning.no_warnings =
        option_values(&run->planning.n_no_warnings, o, "no-warning", cli->arena);
    run->runs = -1;
    if (option_value(o, "runs")) TRY(runs_read(&run->runs, option_value(o, "runs"), 0, cli->diag));
    TRY(gates_read(run, o, cli));
    TRY(around_option(&run->what_if, o, cli->diag));
    TRY(what_if_check(run, o, cli->diag));
    TRY(steady_read(&run->steady, o, cli));
    TRY(variants_choose(&run->variants, run->planning.path, option_value(o, "variant"), cli));
    return run->variants.n > 1 ? several_check(run, o, cli->diag) : OK;
}

static int variants_list(const char *path, struct cli *cli)
{
    struct text_list names;
    const enum err code = variants_choose(&names, path, "all", cli);
    for (size_t i = 0; code == OK && i < names.n; i++) printf("%s\n", names.items[i]);
    return err_exit_status(code);
}

static enum err merged_show(const struct plan_run *run, struct cli *cli)
{
    for (size_t i = 0; i < run->variants.n; i++) {
        const char *variant = run->variants.items[i];
        const struct scenario_options options = {.variant =
                                                     strcmp(variant, "base") ? variant : NULL,
                                                 .n_set = run->planning.n_set,
                                                 .set = run->planning.set};
        struct scenario s;
        TRY(scenario_load(&s, run->planning.path, &options, cli->arena, cli->diag));
        if (run->variants.n > 1) printf("%s# %s\n", i ? "\n" : "", variant);
        scenario_print_merged(&s, stdout);
    }
    return OK;
}

/* Where the file speaks of luck, or a gate does, the plan is played in some worlds: fewer than simulate plays. */
static void luck_add(const struct plan_run *run, struct result *r, struct cli *cli)
{
    enum { WORLDS_OF_PLAN = 1000 };
    if (!r->plan || run->runs == 0 || r->plan->scenario->relaxed) return;
    bool wanted = run->runs > 0 || node_find(r->plan->scenario->root, "simulate");
    for (size_t i = 0; i < run->n_gates; i++) wanted = wanted || gate_needs_luck(&run->gates[i]);
    const long own = r->plan->scenario->runs;
    const struct simulating s = {.runs = run->runs > 0          ? run->runs
                                         : own < WORLDS_OF_PLAN ? own
                                                                : WORLDS_OF_PLAN};
    if (wanted) variant_simulate(r, &s, cli);
}

static int gates_check(const struct plan_run *run, const struct cli *cli)
{
    int status = 0;
    for (size_t i = 0; i < run->variants.n; i++) {
        const struct result *r = &run->results[i];
        for (size_t j = 0; r->summary && j < run->n_gates; j++) {
            double value;
            if (!gate_fails(&value, &run->gates[j], r->summary, r->simulation)) continue;
            status = EXIT_GATE;
            if (cli->quiet) continue;
            fprintf(stderr, _("gpumix: gate failed for %s: %s (it is %.15g)\n"), r->variant,
                    run->gates[j].text, value);
        }
    }
    return status;
}

/* People read the clash in the table; a script that asked for another form gets one line on standard error. */
static void failures_say(const struct plan_run *run, const struct cli *cli)
{
    for (size_t i = 0; i < run->variants.n && !cli->quiet; i++) {
        const struct result *r = &run->results[i];
        if (!r->plan || r->plan->status == PLAN_OPTIMAL || strcmp(run->format->name, "table") == 0)
            continue;
        const char *words = r->plan->status == PLAN_INFEASIBLE
                                ? _("no plan meets every limit")
                                : _("a limit was reached before the end");
        fprintf(stderr, "gpumix: %s: %s\n", r->variant, words);
    }
}

/* What the report of the saved run will show around its plan. */
static enum err around_add(const struct plan_run *run, const struct report *report, struct cli *cli)
{
    struct saved_run *runs;
    if (run->what_if < 0) return OK;
    TRY(saved_runs_make(&runs, report, cli->arena, cli->diag));
    struct dossier d = {.n = report->n_results, .runs = runs};
    struct dossier_request q = {.planning = run->planning};
    struct result *main_result = &run->results[dossier_main(&d) - runs];
    if (main_result->plan) q.planning.settings.warm = main_result->plan->warm;
    TRY(around_make(&d, &q, run->what_if, cli));
    main_result->around = d.around.solved;
    return OK;
}

static enum err results_write(const struct plan_run *run, const struct options *o, struct cli *cli)
{
    const struct report report = {.n_results = run->variants.n,
                                  .results = run->results,
                                  .version = cli->version,
                                  .today = cli->today,
                                  .with_time = isatty(STDOUT_FILENO) || option_given(o, "verbose")};
    const char *lp = option_value(o, "export-lp"), *save = option_value(o, "save");
    if (lp && run->results[0].plan && run->results[0].plan->lp)
        TRY(lp_export(run->results[0].plan->lp, lp, cli->arena, cli->diag));
    TRY(around_add(run, &report, cli));
    if (save) TRY(plans_present(&report, &format_json, save, cli));
    bool any = strcmp(run->format->name, "json") == 0;
    for (size_t i = 0; i < run->variants.n; i++) any = any || run->results[i].plan;
    return any ? plans_present(&report, run->format, option_value(o, "out"), cli) : OK;
}

static int plan_run(const struct options *o, struct cli *cli)
{
    if (option_given(o, "list-variants")) return variants_list(o->arguments[0], cli);
    struct plan_run run = {0};
    enum err code = run_read(&run, o, cli);
    if (code != OK) return err_exit_status(code);
    if (option_given(o, "show-merged")) return err_exit_status(merged_show(&run, cli));
    run.results = ARENA_NEW(cli->arena, struct result, run.variants.n);
    int status = 0;
    for (size_t i = 0; i < run.variants.n; i++) {
        variant_plan(&run.results[i], &run.planning, run.variants.items[i], cli);
        if (*cli->stop) return 0;
        steady_keep(&run.results[i], &run.steady, &run.planning, cli);
        luck_add(&run, &run.results[i], cli);
        findings_collect(cli->diag, run.results[i].diag);
        status = worse_status(status, result_status(&run.results[i]));
        if (run.results[i].simulation && simulation_fails(run.results[i].simulation))
            status = worse_status(status, EXIT_GATE);
    }
    code = results_write(&run, o, cli);
    failures_say(&run, cli);
    status = worse_status(status, gates_check(&run, cli));
    if (option_given(o, "strict") && cli->diag->n_warnings)
        status = worse_status(status, EXIT_GATE);
    return worse_status(status, err_exit_status(code));
}

const struct command cmd_plan = {
    .name = "plan",
    .arguments = N_("FILE"),
    .help = N_("what to buy, when, and what it costs"),
    .examples = "  gpumix plan scenario.yaml\n"
                "  gpumix plan scenario.yaml --variant all\n"
                "  gpumix plan scenario.yaml --set workloads.train.window.deadline=14d\n"
                "  gpumix plan scenario.yaml --json --fail-if \"cost > 900000\"\n"
                "  gpumix plan scenario.yaml --save run.json --export-lp plan.mps\n",
    .options = plan_options,
    .prints_data = true,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = plan_run,
};
