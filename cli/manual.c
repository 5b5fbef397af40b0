/* Man pages from the tables that parse the command line, as source for scdoc. */
#include "cli/commands.h"
#include "common/text.h"
#include <ctype.h>

/* Text in which nothing is markup: every character that scdoc could take for it has a backslash before it. */
static void plain_print(FILE *out, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c < 0x80 && ispunct(c)) fputc('\\', out);
        fputc(*text, out);
    }
}

static void heading_print(FILE *out, const char *text)
{
    fprintf(out, "\n# %s\n\n", text);
}

/* Lines to try: a literal block. Their two leading blanks are the block's own. */
static void examples_print(FILE *out, const char *examples)
{
    heading_print(out, _("EXAMPLES"));
    fputs("```\n", out);
    fputs(examples, out);
    fputs("```\n", out);
}

static void option_print(FILE *out, const struct option_row *row)
{
    if (row->letter) fprintf(out, "*\\-%c*, ", row->letter);
    fputs("*\\-\\-", out);
    plain_print(out, row->name);
    fputc('*', out);
    if (row->value) {
        fputs(" _", out);
        plain_print(out, _(row->value));
        fputc('_', out);
    }
    fputs("\n\t", out);
    plain_print(out, _(row->help));
    for (size_t i = 0; row->choices && row->choices[i]; i++) {
        fputs(i ? ", " : ": ", out);
        plain_print(out, row->choices[i]);
    }
    fputs("\n\n", out);
}

static void options_section(FILE *out, const char *title, const struct option_row *rows)
{
    if (!rows || !rows->name) return;
    heading_print(out, title);
    for (; rows->name; rows++) option_print(out, rows);
}

static void name_section(FILE *out, const struct command *c, const char *version)
{
    fprintf(out, "gpumix%s%s(1) \"gpumix %s\"\n", c ? "-" : "", c ? c->name : "", version);
    heading_print(out, _("NAME"));
    fprintf(out, "gpumix%s%s - ", c ? "\\-" : "", c ? c->name : "");
    plain_print(out,
                c ? _(c->help) : _("the cheapest way to run GPU work on Alibaba Cloud, proven"));
    fputc('\n', out);
    heading_print(out, _("SYNOPSIS"));
    fprintf(out, "*gpumix* %s%s%s ", c ? "*" : "", c ? c->name : _("COMMAND"), c ? "*" : "");
    plain_print(out, _("[options]"));
    fputc(' ', out);
    plain_print(out, c ? (*c->arguments ? _(c->arguments) : "") : _("[files]"));
    fputc('\n', out);
}

static void command_section(FILE *out)
{
    heading_print(out, _("COMMANDS"));
    for (size_t i = 0; commands[i]; i++) {
        fprintf(out, "*gpumix\\-%s*(1)\n\t", commands[i]->name);
        plain_print(out, _(commands[i]->help));
        fputs("\n\n", out);
    }
}

static void end_sections(FILE *out, const struct command *c)
{
    heading_print(out, _("EXIT STATUS"));
    plain_print(out, _("0: success. Any other is explained by `gpumix help exit-codes`; every "
                       "error code by `gpumix help CODE`."));
    fputc('\n', out);
    heading_print(out, _("ENVIRONMENT"));
    fputs("*GPUMIX\\_LANG*\n\t", out);
    plain_print(out, _("language of messages, before LC_ALL, LC_MESSAGES and LANG: en or zh"));
    fputs("\n\n*SOURCE\\_DATE\\_EPOCH*\n\t", out);
    plain_print(out, _("the day to which ages of prices are counted, in seconds since 1970"));
    fputc('\n', out);
    heading_print(out, _("SEE ALSO"));
    if (c) {
        fputs("*gpumix*(1)\n", out);
        return;
    }
    for (size_t i = 0; commands[i]; i++)
        fprintf(out, "%s*gpumix\\-%s*(1)", i ? ", " : "", commands[i]->name);
    fputc('\n', out);
}

void manual_print(const struct command *c, const char *version, FILE *out)
{
    name_section(out, c, version);
    if (!c) command_section(out);
    if (c) {
        if (*c->examples) examples_print(out, c->examples);
        options_section(out, _("OPTIONS"), c->options);
        if (c->prints_data) options_section(out, _("OUTPUT"), output_options);
    }
    options_section(out, _("EVERYWHERE"), global_options);
    end_sections(out, c);
}
