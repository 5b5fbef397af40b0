/* gpumix validate: is the file right, in every variant? */
#include "cli/planning.h"
#include "common/output.h"
#include "common/text.h"
#include "scenarios/service.h"
#include <string.h>

static const char *const finding_formats[] = {"text", "json", "github", NULL};

/* clang-format off */
static const struct option_row validate_options[] = {
    {"format", 0, N_("FORMAT"), false, finding_formats, N_("form of the findings")},
    {"strict", 0, NULL,         true,  NULL,            N_("end with status 1 on any warning")},
    {0},
};
/* clang-format on */

/* Everything that planning reads: the scenario, its prices, its job lists, its loads. */
static enum err variant_check(const char *path, const char *variant, struct cli *cli,
                              struct diag *d)
{
    const struct scenario_options options = {.variant = variant};
    struct scenario *s = ARENA_NEW(cli->arena, struct scenario, 1);
    struct price_book *book;
    struct demand_list demands;
    struct service_list services;
    struct offer_request request;
    TRY(scenario_load(s, path, &options, cli->arena, d));
    TRY(scenario_book(&book, s, cli, d));
    TRY(scenario_offer_request(&request, s, book, cli->arena, d));
    const enum err demanded = demands_make(&demands, s, book, cli->arena, d);
    const enum err served = services_make(&services, s, book, cli->arena, d);
    return demanded != OK ? demanded : served;
}

static void file_check(const char *path, struct cli *cli, struct diag *all)
{
    struct diag base = {.arena = cli->arena};
    (void)variant_check(path, NULL, cli, &base);
    findings_collect(all, &base);
    if (base.n_errors || strcmp(path, "-") == 0) return;
    struct text_list names = {0};
    struct diag d = {.arena = cli->arena};
    if (scenario_variants(&names, path, cli->arena, &d) != OK) findings_collect(all, &d);
    for (size_t i = 0; i < names.n; i++) {
        struct diag of_variant = {.arena = cli->arena};
        (void)variant_check(path, names.items[i], cli, &of_variant);
        findings_collect(all, &of_variant);
    }
}

static enum diag_format format_of(const struct options *o)
{
    const char *name = option_value(o, "format");
    if (name && strcmp(name, "json") == 0) return DIAG_JSON;
    return name && strcmp(name, "github") == 0 ? DIAG_GITHUB : DIAG_TEXT;
}

/* The findings are the answer, so they go to standard output. */
static int validate_run(const struct options *o, struct cli *cli)
{
    const enum diag_format format = format_of(o);
    struct diag *all = ARENA_NEW(cli->arena, struct diag, 1);
    all->arena = cli->arena;
    for (size_t i = 0; i < o->n_arguments; i++) {
        struct diag *of_file = ARENA_NEW(cli->arena, struct diag, 1);
        of_file->arena = cli->arena;
        file_check(o->arguments[i], cli, of_file);
        findings_collect(all, of_file);
        if (of_file->n_errors || format != DIAG_TEXT || cli->quiet) continue;
        printf(of_file->n_warnings == 1 ? _("%s: ok, 1 warning\n")
               : of_file->n_warnings    ? _("%s: ok, %zu warnings\n")
                                        : _("%s: ok\n"),
               o->arguments[i], of_file->n_warnings);
    }
    diag_print(all, format, stdout);
    if (all->n_errors) return err_exit_status(all->code);
    return option_given(o, "strict") && all->n_warnings ? EXIT_GATE : 0;
}

const struct command cmd_validate = {
    .name = "validate",
    .arguments = N_("FILE..."),
    .help = N_("check scenario files, every variant, without planning"),
    .examples = "  gpumix validate scenario.yaml\n"
                "  gpumix validate --format github scenarios/*.yaml\n",
    .options = validate_options,
    .min_arguments = 1,
    .max_arguments = SIZE_MAX,
    .run = validate_run,
};
