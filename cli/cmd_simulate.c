/* gpumix simulate: how bad can it get? */
#include "cli/planning.h"
#include "cli/present.h"
#include "cli/progress.h"
#include "cli/simulating.h"
#include "common/text.h"
#include "report/simulation.h"
#include "report/wording.h"
#include <string.h>

/* clang-format off */
static const struct option_row simulate_options[] = {
    {"variant",   0, N_("A,B"),        false, NULL, N_("variants to simulate in the same worlds; all: base and every variant")},
    {"set",       0, N_("PATH=VALUE"), true,  NULL, N_("change a value of the scenario")},
    {"runs",      0, N_("N"),          false, NULL, N_("most worlds (the scenario's, else 2000)")},
    {"precision", 0, N_("SHARE"),      false, NULL, N_("stop when the mean is known this well, e.g. 0.5%")},
    {"seed",      0, N_("S"),          false, NULL, N_("of all draws (the scenario's, else 1)")},
    {"threads",   0, N_("T"),          false, NULL, N_("at a time (one per processor); the result does not depend on it")},
    {"policy",    0, N_("NAME"),       false, NULL, N_("what decides when plan and world part (greedy_safety)")},
    {"save",      0, N_("FILE"),       false, NULL, N_("write the whole result as JSON")},
    {"verbose",   0, NULL,             true,  NULL, N_("say how long it took")},
    {0},
};
/* clang-format on */

struct simulate_run {
    struct planning planning;
    struct simulating simulating;
    struct text_list variants;
    const struct report_format *format;
    struct result *results;
};

static enum err run_read(struct simulate_run *run, const struct options *o, struct cli *cli)
{
    run->planning.path = o->arguments[0];
    run->planning.set = option_values(&run->planning.n_set, o, "set", cli->arena);
    run->planning.settings = PLAN_SETTINGS;
    run->planning.settings.lp.stop = cli->stop;
    TRY(format_chosen(&run->format, o, cli->diag));
    TRY(simulating_read(&run->simulating, o, cli));
    TRY(variants_choose(&run->variants, run->planning.path, option_value(o, "variant"), cli));
    if (run->variants.n <= 1 || strcmp(run->planning.path, "-") != 0) return OK;
    const enum err code =
        diag_error(cli->diag, ERR_ARGUMENTS, (struct place){0}, "%s",
                   _("standard input can be read once only, and several variants are asked for"));
    diag_fix(cli->diag, "%s", _("ask for one variant at a time"));
    return code;
}

/* What there is to tell of one variant: a table, or why there is no plan. */
static struct sheet result_sheet(const struct result *r, struct cli *cli)
{
    if (r->simulation)
        return simulation_sheet(r->simulation, result_title(r, cli->arena), r->variant, cli->arena);
    static const struct sheet_column columns[] = {{"status", "", 'l', false}};
    struct sheet s = sheet_new(cli->arena, columns, 1);
    struct sheet_cell *cells = sheet_row(&s);
    cells[0] = sheet_text(plan_status_word(r->plan->status));
    s.title = result_title(r, cli->arena);
    sheet_note(&s, "%s", status_label(r->plan->status));
    return s;
}

/* One sheet after the other; of CSV the rows of all variants in one. */
static enum err sheets_write(const struct simulate_run *run, FILE *out, struct cli *cli)
{
    const bool rows = strcmp(run->format->name, "csv") == 0;
    struct sheet all = {0};
    for (size_t i = 0; i < run->variants.n; i++) {
        const struct result *r = &run->results[i];
        const bool failed = !r->plan || (r->summary->has_plan && !r->simulation);
        if (failed || (rows && !r->simulation)) continue;
        const struct sheet s = result_sheet(r, cli);
        if (!rows) {
            if (i > 0) fputc('\n', out);
            TRY(run->format->sheet(&s, out, cli->arena, cli->diag));
        } else if (!all.arena) {
            all = s;
        } else {
            for (size_t k = 0; k < s.n_rows; k++)
                memcpy(sheet_row(&all), &s.cells[k * s.n_columns], s.n_columns * sizeof *s.cells);
        }
    }
    return all.arena ? run->format->sheet(&all, out, cli->arena, cli->diag) : OK;
}

static enum err results_write(const struct simulate_run *run, const struct options *o,
                              struct cli *cli)
{
    const struct report report = {.n_results = run->variants.n,
                                  .results = run->results,
                                  .version = cli->version,
                                  .today = cli->today};
    const char *save = option_value(o, "save"), *path = option_value(o, "out");
    if (save) TRY(plans_present(&report, &format_json, save, cli));
    if (strcmp(run->format->name, "json") == 0)
        return plans_present(&report, &format_json, path, cli);
    struct output out;
    TRY(output_open(&out, path, cli->arena, cli->diag));
    const enum err code = sheets_write(run, out.stream, cli);
    if (code != OK) {
        output_discard(&out);
        return code;
    }
    return output_commit(&out, cli->diag);
}

static int simulate_run(const struct options *o, struct cli *cli)
{
    struct simulate_run run = {0};
    enum err code = run_read(&run, o, cli);
    if (code != OK) return err_exit_status(code);
    run.results = ARENA_NEW(cli->arena, struct result, run.variants.n);
    int status = 0;
    for (size_t i = 0; i < run.variants.n; i++) {
        struct result *r = &run.results[i];
        variant_plan(r, &run.planning, run.variants.items[i], cli);
        if (!*cli->stop) variant_simulate(r, &run.simulating, cli);
        if (*cli->stop && !r->simulation) {
            run.variants.n = i; /* what was done before is told */
            if (i == 0) return 0;
            break;
        }
        findings_collect(cli->diag, r->diag);
        status = worse_status(status, result_status(r));
        if (r->simulation && simulation_fails(r->simulation))
            status = worse_status(status, EXIT_GATE);
        if (r->simulation && option_given(o, "verbose"))
            fprintf(stderr, _("gpumix: %s: %zu worlds in %.2f s\n"), r->variant, r->simulation->n,
                    r->simulation->outcomes->seconds);
    }
    code = results_write(&run, o, cli);
    return worse_status(status, err_exit_status(code));
}

const struct command cmd_simulate = {
    .name = "simulate",
    .arguments = N_("FILE"),
    .help = N_("what luck does to the plan: costs, ends and risks over many worlds"),
    .examples = "  gpumix simulate scenario.yaml\n"
                "  gpumix simulate scenario.yaml --runs 10000 --seed 7\n"
                "  gpumix simulate scenario.yaml --precision 0.5%\n"
                "  gpumix simulate scenario.yaml --variant all --format csv\n",
    .options = simulate_options,
    .prints_data = true,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = simulate_run,
};
