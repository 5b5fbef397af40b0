/* gpumix budget: are we inside the budget, and what would another one buy? */
#include "cli/axis.h"
#include "cli/buys.h"
#include "cli/gate.h"
#include "cli/present.h"
#include "cli/simulating_options.h"
#include "common/text.h"
#include "report/actual.h"
#include "report/budget.h"
#include "report/simulation.h"
#include "report/wording.h"
#include <string.h>

static const char *const ways[] = {"owner", "month", "tag", NULL};

/* clang-format off */
static const struct option_row budget_options[] = {
    {"by",         0, N_("WHAT"),       false, ways, N_("rows of the table: owner")},
    {"confidence", 0, N_("SHARE"),      false, NULL, N_("chance at which money is held against its limit: budget.confidence, else 90%")},
    {"buys",       0, N_("AMOUNT"),     false, NULL, N_("instead: the most work, by priority, that this buys; FROM..TO/STEP for several, limit for the scenario's own")},
    {"actual",     0, N_("BILL"),       false, NULL, N_("instead: what was spent by this bill, beside the plan, and why they differ")},
    {"owner-tag",  0, N_("KEY"),        false, NULL, N_("tag of the bill that names the owner (owner, team, project, cost-center)")},
    {"cost",       0, N_("COLUMN"),     false, NULL, N_("money column of the bill (FOCUS: EffectiveCost)")},
    {"variant",    0, N_("NAME"),       false, NULL, N_("variant to look at")},
    {"set",        0, N_("PATH=VALUE"), true,  NULL, N_("change a value of the scenario")},
    SIMULATING_OPTIONS
    {"fail-if",    0, N_("CONDITION"),  true,  NULL, N_("end with status 1 when it holds, e.g. \"cost > 900000\"")},
    {0},
};
/* clang-format on */

enum { MAX_BUDGETS = 200 };

struct budget_command {
    struct planning planning;
    const char *variant;
    struct budget_table table;
    bool planned_only;
    struct simulating simulating;
    size_t n_gates;
    struct gate *gates;
};

static enum err confidence_read(double *confidence, const struct options *o, struct diag *d)
{
    const char *given = option_value(o, "confidence");
    if (!given) return OK;
    if (quantity_parse(confidence, given, NUMBER_FRAC) && *confidence > 0 && *confidence < 1)
        return OK;
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), given, "confidence");
    diag_fix(d, "%s", _("write a share between 0 and 1, for example 90%"));
    return code;
}

static enum budget_by by_read(const struct options *o)
{
    const char *given = option_value(o, "by");
    size_t by = 0;
    while (given && ways[by] && strcmp(given, ways[by]) != 0) by++;
    return (enum budget_by)by;
}

static enum err command_read(struct budget_command *c, const struct options *o, struct cli *cli)
{
    struct text_list only;
    c->planning =
        (struct planning){.path = o->arguments[0], .settings = PLAN_SETTINGS, .warns = true};
    c->planning.set = option_values(&c->planning.n_set, o, "set", cli->arena);
    c->planning.settings.lp.stop = cli->stop;
    TRY(simulating_read(&c->simulating, o, cli));
    c->planned_only = option_given(o, "planned");
    const char **gates = option_values(&c->n_gates, o, "fail-if", cli->arena);
    c->gates = ARENA_NEW(cli->arena, struct gate, c->n_gates + 1);
    for (size_t i = 0; i < c->n_gates; i++)
        TRY(gate_parse(&c->gates[i], gates[i], !c->planned_only, cli->arena, cli->diag));
    c->table.by = by_read(o);
    TRY(confidence_read(&c->table.confidence, o, cli->diag));
    TRY(variants_choose(&only, c->planning.path, option_value(o, "variant"), cli));
    if (only.n != 1) {
        diag_error(cli->diag, ERR_OPTION_VALUE, (struct place){0}, "%s",
                   _("several variants are asked for"));
        diag_fix(cli->diag, "%s", _("ask for one variant at a time"));
        return ERR_OPTION_VALUE;
    }
    c->variant = only.items[0];
    return OK;
}

/* ---- what a budget buys ---- */

static enum err amount_wrong(const char *text, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not an amount for --buys"), text);
    diag_fix(d, "%s",
             _("write an amount in the scenario's currency, such as 50000 or "
               "¥20000..¥80000/¥10000, or limit"));
    return code;
}

static enum err amounts_read(struct buys *b, const char *text, struct cli *cli)
{
    struct axis axis;
    if (strcmp(text, "limit") == 0) {
        b->n = 1;
        b->answers = ARENA_NEW(cli->arena, struct bought, 1);
        b->answers[0].limits = true;
        return OK;
    }
    const char *spec = arena_printf(cli->arena, "budget=%s", text);
    struct diag quiet = {.arena = cli->arena};
    if (axis_parse(&axis, spec, cli->arena, &quiet) != OK || axis.n > MAX_BUDGETS)
        return amount_wrong(text, cli->diag);
    b->n = axis.n;
    b->answers = ARENA_NEW(cli->arena, struct bought, axis.n);
    for (size_t i = 0; i < axis.n; i++) {
        struct money m;
        if (!money_parse(&m, axis.values[i]) || m.per != PER_NONE || m.currency == CURRENCY_USD ||
            !money_amount(&b->answers[i].budget, m.amount, 1, 1))
            return amount_wrong(axis.values[i], cli->diag);
    }
    return OK;
}

static int clash_print(const struct result *r, const struct options *o, struct cli *cli)
{
    const struct report_format *format;
    const struct report report = {
        .n_results = 1, .results = r, .version = cli->version, .today = cli->today};
    enum err code = format_chosen(&format, o, cli->diag);
    if (code == OK) code = plans_present(&report, format, option_value(o, "out"), cli);
    return worse_status(result_status(r), err_exit_status(code));
}

static int buys_run(const struct budget_command *c, const struct options *o, struct cli *cli)
{
    struct buys b = {.planning = &c->planning, .variant = c->variant};
    if (strcmp(c->planning.path, "-") == 0) {
        diag_error(cli->diag, ERR_ARGUMENTS, (struct place){0}, "%s",
                   _("standard input can be read once only, and several plans are made"));
        diag_fix(cli->diag, "%s", _("write the scenario into a file"));
        return err_exit_status(ERR_ARGUMENTS);
    }
    enum err code = amounts_read(&b, option_value(o, "buys"), cli);
    if (code == OK) code = buys_find(&b, cli);
    if (code != OK) return err_exit_status(code);
    if (*cli->stop) return 0;
    if (!b.full.summary->has_plan) return clash_print(&b.full, o, cli);
    const struct sheet sheet = b.n == 1 ? bought_sheet(b.full.plan, &b.answers[0], cli->arena)
                                        : bought_frontier(b.full.plan, b.answers, b.n, cli->arena);
    const struct keyed_sheet answer = {.key = b.n == 1 ? "workloads" : "budgets", .sheet = &sheet};
    return sheets_present(&(struct sheet_list){.n = 1, .items = &answer}, o, cli);
}

/* ---- inside the budget? ---- */

static int gates_check(const struct budget_command *c, const struct result *r,
                       const struct cli *cli)
{
    int status = 0;
    for (size_t i = 0; i < c->n_gates; i++) {
        double value;
        if (!gate_fails(&value, &c->gates[i], r->summary, r->simulation)) continue;
        status = EXIT_GATE;
        if (!cli->quiet)
            fprintf(stderr, _("gpumix: gate failed for %s: %s (it is %.15g)\n"), c->variant,
                    c->gates[i].text, value);
    }
    return status;
}

static int table_run(struct budget_command *c, const struct options *o, struct cli *cli)
{
    struct result *result = ARENA_NEW(cli->arena, struct result, 1);
    variant_plan(result, &c->planning, c->variant, cli);
    const bool relaxed = result->plan && result->plan->scenario->relaxed; /* cannot be followed */
    if (!c->planned_only && !relaxed) variant_simulate(result, &c->simulating, cli);
    if (*cli->stop) return 0;
    findings_collect(cli->diag, result->diag);
    if (result->code != OK) return err_exit_status(result->code);
    if (!result->plan || !result->summary->has_plan) return clash_print(result, o, cli);
    struct budget_table *t = &c->table;
    const struct scenario *s = result->plan->scenario;
    t->result = result;
    t->luck = result->simulation ? result->simulation->outcomes : NULL;
    t->warn_at = s->warn_at;
    if (!(t->confidence > 0)) t->confidence = s->budget_confidence > 0 ? s->budget_confidence : 0.9;
    const enum err code = budget_fill(t, cli->arena, cli->diag);
    if (code != OK) return err_exit_status(code);
    const struct keyed_sheet answer = {.key = "budget", .sheet = budget_sheet(t, cli->arena)};
    const struct sheet_list list = {.n = 1, .items = &answer};
    int status = worse_status(result_status(result), sheets_present(&list, o, cli));
    status = worse_status(status, gates_check(c, result, cli));
    return budget_passed(t) ? worse_status(status, EXIT_GATE) : status;
}

/* ---- the plan beside the bill ---- */

static int actual_run(struct budget_command *c, const struct options *o, struct cli *cli)
{
    struct result *result = ARENA_NEW(cli->arena, struct result, 1);
    variant_plan(result, &c->planning, c->variant, cli);
    if (*cli->stop) return 0;
    findings_collect(cli->diag, result->diag);
    if (result->code != OK) return err_exit_status(result->code);
    if (!result->plan || !result->summary->has_plan) return clash_print(result, o, cli);
    struct spend *spend = NULL;
    const struct spend_options how = {.owner_tag = option_value(o, "owner-tag"),
                                      .cost = option_value(o, "cost"),
                                      .offset_us = result->plan->scenario->utc_offset_us};
    enum err code = spend_read(&spend, option_value(o, "actual"), &how, cli->arena, cli->diag);
    struct actual_table t = {.result = result, .spend = spend};
    if (code == OK) code = actual_fill(&t, cli->arena, cli->diag);
    if (code != OK) return err_exit_status(code);
    const struct keyed_sheet answer = {.key = "actual", .sheet = actual_sheet(&t, cli->arena)};
    const int status =
        worse_status(result_status(result),
                     sheets_present(&(struct sheet_list){.n = 1, .items = &answer}, o, cli));
    return worse_status(status, gates_check(c, result, cli));
}

static int budget_run(const struct options *o, struct cli *cli)
{
    struct budget_command c = {0};
    const enum err code = command_read(&c, o, cli);
    if (code != OK) return err_exit_status(code);
    if (option_given(o, "actual")) return actual_run(&c, o, cli);
    return option_given(o, "buys") ? buys_run(&c, o, cli) : table_run(&c, o, cli);
}

const struct command cmd_budget = {
    .name = "budget",
    .arguments = N_("FILE"),
    .help = N_("are we inside the budget, and what would another one buy?"),
    .examples = "  gpumix budget scenario.yaml\n"
                "  gpumix budget scenario.yaml --by month --confidence 95%\n"
                "  gpumix budget scenario.yaml --actual bill.csv\n"
                "  gpumix budget scenario.yaml --buys 50000\n"
                "  gpumix budget scenario.yaml --buys 20000..80000/10000 --format csv\n",
    .options = budget_options,
    .prints_data = true,
    .min_arguments = 1,
    .max_arguments = 1,
    .run = budget_run,
};
