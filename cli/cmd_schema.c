/* gpumix schema: the shape of scenario files and of results, as JSON Schema. */
#include "cli/present.h"
#include "common/text.h"
#include "report/table_schema.h"
#include "scenarios/scenario.h"
#include <string.h>

/* clang-format off */
static const struct option_row schema_options[] = {
    {"out", 'o', N_("FILE"), false, NULL, N_("write there, whole or not at all; - is standard output")},
    {0},
};
/* clang-format on */

static bool is_table(const char *name)
{
    for (const char *const *command = table_schemas; *command; command++)
        if (strcmp(*command, name) == 0) return true;
    return false;
}

static enum err schema_write(const struct options *o, struct cli *cli)
{
    const char *what = o->n_arguments ? o->arguments[0] : "scenario";
    const bool result = strcmp(what, "result") == 0, scenario = strcmp(what, "scenario") == 0;
    const bool table = is_table(what);
    if (!result && !scenario && !table) {
        const enum err code = diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0},
                                         _("there is no schema of \"%s\""), what);
        diag_fix(cli->diag, _("use one of: %s"),
                 "scenario, result, compare, sweep, budget, replay");
        return code;
    }
    struct output out;
    TRY(output_open(&out, option_value(o, "out"), cli->arena, cli->diag));
    enum err code = OK;
    if (table)
        table_schema_print(what, out.stream);
    else
        code = result ? result_schema_print(out.stream) : scenario_print_schema(out.stream);
    if (code != OK) {
        output_discard(&out);
        return code;
    }
    return output_commit(&out, cli->diag);
}

static int schema_run(const struct options *o, struct cli *cli)
{
    return err_exit_status(schema_write(o, cli));
}

const struct command cmd_schema = {
    .name = "schema",
    .arguments = N_("[scenario|result|compare|sweep|budget|replay]"),
    .help =
        N_("JSON Schema of scenario files, of results, or of what a command prints with --json"),
    .examples = "  gpumix schema > scenario.schema.json\n"
                "  gpumix schema result\n"
                "  gpumix schema compare\n",
    .options = schema_options,
    .max_arguments = 1,
    .run = schema_run,
};
