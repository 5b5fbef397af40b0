/* gpumix compare: variants side by side, ways to buy, or two saved runs. */
#include "cli/compare.h"
#include "cli/present.h"
#include "cli/simulating_options.h"
#include "common/text.h"
#include <string.h>

static const char *const flips[] = {"spot-price", "reclaims", "deadline", "none", NULL};
static const char *const tables[] = {"variants", "changes", "break_even", "inputs", NULL};

/* clang-format off */
static const struct option_row compare_options[] = {
    {"variants",   0, N_("A,B"),        false, NULL,   N_("variants to compare; default: compare.order, else all")},
    {"baseline",   0, N_("NAME"),       false, NULL,   N_("what the others are set against; default: compare.baseline, else the first")},
    {"purchase",   0, NULL,             true,  NULL,   N_("compare on-demand, the best mix and spot only instead of variants")},
    {"break-even", 0, N_("WHAT"),       true,  flips,  N_("find by solving where the answer flips; with --purchase spot-price and reclaims unless none")},
    {"set",        0, N_("PATH=VALUE"), true,  NULL,   N_("change a value of the scenario, in every variant")},
    SIMULATING_OPTIONS
    {"table",      0, N_("NAME"),       false, tables, N_("which table --format csv prints: variants")},
    {0},
};
/* clang-format on */

struct compare_run {
    struct planning planning;
    size_t n;
    struct plan_task *tasks;
    const char **names; /* NULL: the variant's label */
    size_t baseline;
    unsigned kinds;            /* of break-even points */
    bool planned_only, lifted; /* lifted: limits on money are left out but for the best mix */
    struct simulating simulating;
};

static unsigned kinds_read(const struct options *o, bool purchase, struct cli *cli)
{
    size_t n;
    const char **given = option_values(&n, o, "break-even", cli->arena);
    if (n == 0) return purchase ? FLIP_SPOT_PRICE | FLIP_RECLAIMS : 0;
    unsigned kinds = 0;
    for (size_t i = 0; i < n; i++)
        for (unsigned bit = 0; bit < 3; bit++)
            if (strcmp(given[i], flips[bit]) == 0) kinds |= 1u << bit;
    return kinds;
}

static enum err option_alone(const char *name, const char *why, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--%s cannot be used with %s"), name, why);
    diag_fix(d, "%s", _("leave one of the two out"));
    return code;
}

/* What the scenario says of its comparison. */
static enum err scenario_says(struct text_list *order, const char **baseline,
                              const struct planning *p, struct cli *cli)
{
    struct scenario s;
    const struct scenario_options options = {.n_set = p->n_set, .set = p->set};
    struct diag quiet = {.arena = cli->arena};
    if (scenario_load(&s, p->path, &options, cli->arena, &quiet) != OK) {
        findings_collect(cli->diag, &quiet);
        return cli->diag->code;
    }
    *order = s.compare_order;
    *baseline = s.compare_baseline;
    return OK;
}

static size_t name_find(const struct text_list *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->items[i], name) == 0) return i;
    return NO_INDEX;
}

/* The names to compare, the baseline among them: in front where it was not asked for. */
static enum err names_choose(struct text_list *names, size_t *baseline, const struct planning *p,
                             const struct options *o, struct cli *cli)
{
    struct text_list order, only;
    const char *base = NULL;
    TRY(scenario_says(&order, &base, p, cli));
    if (option_given(o, "baseline")) base = option_value(o, "baseline");
    const char *wanted = option_value(o, "variants");
    *names = order;
    if (wanted || order.n == 0) TRY(variants_choose(names, p->path, wanted ? wanted : "all", cli));
    *baseline = 0;
    if (!base) return OK;
    TRY(variants_choose(&only, p->path, base, cli)); /* that it exists */
    *baseline = name_find(names, base);
    if (*baseline != NO_INDEX) return OK;
    const char **items = NULL;
    size_t n = 0;
    *ARENA_PUSH(cli->arena, items, n) = base;
    for (size_t i = 0; i < names->n; i++) *ARENA_PUSH(cli->arena, items, n) = names->items[i];
    *names = (struct text_list){.n = n, .items = items};
    *baseline = 0;
    return OK;
}

static enum err variants_make(struct compare_run *run, const struct options *o, struct cli *cli)
{
    struct text_list names;
    TRY(names_choose(&names, &run->baseline, &run->planning, o, cli));
    if (names.n < 2) {
        diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0}, "%s",
                   _("there is only one variant, and a comparison needs two"));
        diag_fix(cli->diag, "%s",
                 _("write variants into the scenario, or use --purchase to compare ways to buy"));
        return ERR_NOT_FOUND;
    }
    run->n = names.n;
    run->tasks = ARENA_NEW(cli->arena, struct plan_task, names.n);
    run->names = ARENA_NEW(cli->arena, const char *, names.n);
    for (size_t i = 0; i < names.n; i++)
        run->tasks[i] = (struct plan_task){run->planning, names.items[i], {0}};
    return OK;
}

static enum err run_make(struct compare_run *run, const struct options *o, struct cli *cli)
{
    run->planning =
        (struct planning){.path = o->arguments[0], .settings = PLAN_SETTINGS, .warns = true};
    run->planning.set = option_values(&run->planning.n_set, o, "set", cli->arena);
    run->planning.settings.lp.stop = cli->stop;
    TRY(simulating_read(&run->simulating, o, cli));
    run->planned_only = option_given(o, "planned");
    const bool purchase = option_given(o, "purchase");
    run->kinds = kinds_read(o, purchase, cli);
    if (strcmp(run->planning.path, "-") == 0) {
        diag_error(cli->diag, ERR_ARGUMENTS, (struct place){0}, "%s",
                   _("standard input can be read once only, and several plans are made"));
        diag_fix(cli->diag, "%s", _("write the scenario into a file"));
        return ERR_ARGUMENTS;
    }
    if (!purchase) return variants_make(run, o, cli);
    if (option_given(o, "variants")) return option_alone("variants", "--purchase", cli->diag);
    if (option_given(o, "baseline")) return option_alone("baseline", "--purchase", cli->diag);
    run->n = N_PURCHASES;
    run->tasks = ARENA_NEW(cli->arena, struct plan_task, N_PURCHASES);
    run->names = ARENA_NEW(cli->arena, const char *, N_PURCHASES);
    return purchases_make(run->tasks, run->names, &run->lifted, &run->planning, cli);
}

static int comparison_present(const struct comparison *c, const struct options *o, struct cli *cli)
{
    struct sheet_list list = {.table = option_value(o, "table")};
    list.items = comparison_sheets(&list.n, c, cli->arena);
    return sheets_present(&list, o, cli);
}

/* No plan is an answer as long as two others can be compared with the baseline among them. */
static int plans_status(const struct compare_run *run)
{
    int status = 0;
    size_t n_plans = 0;
    for (size_t i = 0; i < run->n; i++) {
        const int own = result_status(&run->tasks[i].result);
        n_plans += run->tasks[i].result.summary && run->tasks[i].result.summary->has_plan;
        if (own != EXIT_INFEASIBLE) status = worse_status(status, own);
    }
    const struct summary *base = run->tasks[run->baseline].result.summary;
    const bool comparable = n_plans > 1 && base && base->has_plan;
    return comparable ? status : worse_status(status, EXIT_INFEASIBLE);
}

static enum err flips_find(struct comparison *c, const struct compare_run *run, struct cli *cli)
{
    struct break_even *list = NULL;
    const struct contender base = {c->bills[run->baseline].name, c->bills[run->baseline].variant,
                                   &run->tasks[run->baseline]};
    for (size_t i = 0; i < run->n && run->kinds; i++) {
        if (i == run->baseline || *cli->stop) continue;
        const struct contender side = {c->bills[i].name, c->bills[i].variant, &run->tasks[i]};
        TRY(break_evens_find(&list, &c->n_break_evens, &base, &side, run->kinds, cli));
    }
    c->break_evens = list;
    return OK;
}

/* A plan of fractional machines cannot be followed event by event. */
static bool is_relaxed(const struct result *r)
{
    return r->plan && r->plan->scenario->relaxed;
}

static int scenario_compare(const struct options *o, struct cli *cli)
{
    struct compare_run run = {0};
    enum err code = run_make(&run, o, cli);
    if (code != OK) return err_exit_status(code);
    tasks_plan(run.tasks, run.n, _("planning what is compared"), cli);
    for (size_t i = 0; i < run.n && !run.planned_only && !*cli->stop; i++)
        if (!is_relaxed(&run.tasks[i].result))
            variant_simulate(&run.tasks[i].result, &run.simulating, cli);
    if (*cli->stop) return 0;
    struct bill *bills = ARENA_NEW(cli->arena, struct bill, run.n);
    const char *title = "";
    for (size_t i = 0; i < run.n; i++) {
        const struct result *r = &run.tasks[i].result;
        findings_collect(cli->diag, r->diag);
        bill_of_result(&bills[i], r, cli->arena);
        if (run.names[i]) {
            bills[i].name = run.names[i];
            bills[i].variant = purchase_keys[i];
        }
        if (r->plan) title = r->plan->scenario->name;
    }
    struct comparison c = {.n = run.n, .bills = bills, .baseline = run.baseline, .title = title};
    if (run.lifted)
        c.note = _("On-demand and spot only are planned without the limits of the budget.");
    code = flips_find(&c, &run, cli);
    if (*cli->stop) return 0;
    if (code != OK) return err_exit_status(code);
    return worse_status(plans_status(&run), comparison_present(&c, o, cli));
}

static enum err currencies_differ(const struct bill *bills, struct diag *d)
{
    diag_error(d, ERR_RUN_FILE, (struct place){0}, _("\"%s\" is in %s and \"%s\" in %s"),
               bills[0].name, bills[0].currency, bills[1].name, bills[1].currency);
    diag_fix(d, "%s", _("plan both in one currency: --set currency=CNY"));
    return ERR_RUN_FILE;
}

static enum err no_plan_inside(const struct bill *b, struct diag *d)
{
    diag_error(d, ERR_RUN_FILE, (struct place){0}, _("\"%s\" holds no plan: its status is %s"),
               b->name, b->status);
    diag_fix(d, "%s", _("save a run that has a plan; gpumix plan says why there is none"));
    return ERR_RUN_FILE;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Files are called by their last names where these differ. */
static void names_shorten(struct bill *bills)
{
    const char *const names[2] = {file_name(bills[0].name), file_name(bills[1].name)};
    for (size_t i = 0; i < 2; i++)
        if (strcmp(names[0], names[1]) != 0) bills[i].name = names[i];
}

static int saved_compare(const struct options *o, struct cli *cli)
{
    static const char *const others[] = {"variants", "baseline", "purchase", "break-even",
                                         "set",      "planned",  "runs",     "precision",
                                         "seed",     "threads",  "policy"};
    struct bill bills[2];
    enum err code = OK;
    for (size_t i = 0; i < sizeof others / sizeof *others && code == OK; i++)
        if (option_given(o, others[i]))
            code = option_alone(others[i], _("two saved runs"), cli->diag);
    for (size_t i = 0; i < 2 && code == OK; i++) {
        code = bill_read(&bills[i], o->arguments[i], cli->arena, cli->diag);
        if (code == OK && !bills[i].has_plan) code = no_plan_inside(&bills[i], cli->diag);
    }
    if (code == OK && strcmp(bills[0].currency, bills[1].currency) != 0)
        code = currencies_differ(bills, cli->diag);
    if (code != OK) return err_exit_status(code);
    names_shorten(bills);
    struct comparison c = {.n = 2, .bills = bills, .saved = true};
    c.inputs = inputs_compare(&c.n_inputs, &bills[0], &bills[1], cli->arena);
    return comparison_present(&c, o, cli);
}

static int compare_run(const struct options *o, struct cli *cli)
{
    return o->n_arguments == 2 ? saved_compare(o, cli) : scenario_compare(o, cli);
}

const struct command cmd_compare = {
    .name = "compare",
    .arguments = N_("FILE | RUN.json RUN.json"),
    .help = N_("variants, ways to buy, or two saved runs side by side"),
    .examples = "  gpumix compare scenario.yaml\n"
                "  gpumix compare scenario.yaml --purchase\n"
                "  gpumix compare scenario.yaml --variants base,no-spot --break-even spot-price\n"
                "  gpumix compare monday.json tuesday.json --format md\n",
    .options = compare_options,
    .prints_data = true,
    .min_arguments = 1,
    .max_arguments = 2,
    .run = compare_run,
};
