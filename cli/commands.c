#include "cli/commands.h"
#include "common/text.h"
#include <string.h>

const struct command *const commands[] = {
#define X(name) &cmd_##name,
    COMMAND_LIST(X)
#undef X
        NULL};

static const char *const languages[] = {"en", "zh", NULL};
static const char *const formats[] = {"table", "json", "csv", "md", NULL};

/* clang-format off */
const struct option_row global_options[] = {
    {"help",     'h', NULL,        true,  NULL,      N_("show this help")},
    {"version",  0,   NULL,        true,  NULL,      N_("show version, libraries and licence")},
    {"lang",     0,   N_("LANG"),  false, languages, N_("language of messages")},
    {"quiet",    'q', NULL,        true,  NULL,      N_("no progress, remarks or warnings; only errors")},
    {"no-color", 0,   NULL,        true,  NULL,      N_("no colours; there are none yet, so this holds already")},
    {"no-input", 0,   NULL,        true,  NULL,      N_("never ask; only recommend asks, and only on a terminal")},
    {0},
};

const struct option_row output_options[] = {
    {"format",   0,   N_("FORMAT"), false, formats,  N_("form of the output")},
    {"json",     0,   NULL,         true,  NULL,     N_("the same as --format json")},
    {"out",      'o', N_("FILE"),   false, NULL,     N_("write there, whole or not at all; - is standard output")},
    {0},
};
/* clang-format on */

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(name, commands[i]->name) == 0) return commands[i];
    return NULL;
}

void command_help(const struct command *c, FILE *out, struct arena *a)
{
    fprintf(out, "%s\n\n", _(c->help));
    if (*c->examples) fprintf(out, "%s\n%s\n", _("Examples:"), c->examples);
    fprintf(out, _("Usage: gpumix %s [options]%s%s\n"), c->name, *c->arguments ? " " : "",
            *c->arguments ? _(c->arguments) : "");
    if (c->options) {
        fprintf(out, "\n%s\n", _("Options:"));
        options_print(c->options, out, a);
    }
    if (c->prints_data) {
        fprintf(out, "\n%s\n", _("Output:"));
        options_print(output_options, out, a);
    }
    fprintf(out, "\n%s\n", _("Everywhere:"));
    options_print(global_options, out, a);
}

void program_help(FILE *out, struct arena *a)
{
    fprintf(out, "%s\n\n%s\n%s\n",
            _("gpumix finds the cheapest way to run GPU work on Alibaba Cloud, and proves it."),
            _("Examples:"),
            "  gpumix demo\n"
            "  gpumix plan scenario.yaml\n"
            "  gpumix plan scenario.yaml --variant all --format md\n"
            "  gpumix catalog gpus --sort work --class train_mixed\n");
    fputs(_("Usage: gpumix COMMAND [options] [files]\n"), out);
    fprintf(out, "\n%s\n", _("Commands:"));
    struct table *t = table_new(a, "ll");
    for (size_t i = 0; commands[i]; i++)
        table_row(t, commands[i]->name, _(commands[i]->help), NULL);
    table_print(t, out, "  ");
    fprintf(out, "\n%s\n", _("Everywhere:"));
    options_print(global_options, out, a);
    fprintf(out, "\n%s\n",
            _("`gpumix help COMMAND` says more; so do `gpumix help units`, `exit-codes` and "
              "`errors`."));
}
