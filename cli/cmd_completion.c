/* gpumix completion: what a shell completes, written from the tables that parse the command line. */
#include "cli/commands.h"
#include "common/text.h"
#include <ctype.h>
#include <string.h>

/* ------------------------------------------------------------------------------------------------ words */

/* The words of a command's arguments that are written as they stand: "[scenario|result]" has two. */
static const char **argument_words(size_t *n, const char *arguments, struct arena *a)
{
    const char **words = NULL;
    *n = 0;
    for (const char *at = arguments; *at;) {
        const size_t length = strcspn(at, "[]| .");
        bool plain = length > 0;
        for (size_t i = 0; i < length; i++) plain = plain && islower((unsigned char)at[i]);
        if (plain) *ARENA_PUSH(a, words, *n) = arena_strndup(a, at, length);
        at += length ? length : 1;
    }
    return words;
}

/* All words that may stand as an argument, with a blank between them. */
static const char *words_of(const struct command *c, struct arena *a)
{
    const char *list = "";
    size_t n;
    const char **words = argument_words(&n, c->arguments, a);
    for (size_t i = 0; i < n; i++) list = arena_printf(a, "%s%s%s", list, i ? " " : "", words[i]);
    if (c != &cmd_help) return list;
    for (size_t i = 0; help_topic(i); i++) list = arena_printf(a, "%s%s ", list, help_topic(i));
    for (size_t i = 0; commands[i]; i++)
        list = arena_printf(a, "%s%s%s", list, i ? " " : "", commands[i]->name);
    return list;
}

static const char *choices_of(const struct option_row *row, const char *between, struct arena *a)
{
    const char *list = "";
    for (size_t i = 0; row->choices && row->choices[i]; i++)
        list = arena_printf(a, "%s%s%s", list, i ? between : "", row->choices[i]);
    return list;
}

static size_t rows_add(const struct option_row **rows, size_t n, const struct option_row *table)
{
    for (; table && table->name; table++) rows[n++] = table;
    return n;
}

/* Every option of a command, its own first. [MAX_OPTION_ROWS] */
static size_t options_of(const struct option_row **rows, const struct command *c)
{
    size_t n = rows_add(rows, 0, c->options);
    if (c->prints_data) n = rows_add(rows, n, output_options);
    return rows_add(rows, n, global_options);
}

/* Text between single quotes of a shell; with `stops` characters that the shell's own lists give a meaning get a
 * backslash before them. */
static void quoted_print(FILE *out, const char *text, const char *stops, bool fish)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs(fish ? "\\'" : "'\\''", out);
        else if (fish && *text == '\\')
            fputs("\\\\", out);
        else
            fprintf(out, "%s%c", strchr(stops, *text) ? "\\" : "", *text);
    }
}

/* ------------------------------------------------------------------------------------------------- bash */

static void bash_command(const struct command *c, FILE *out, struct arena *a)
{
    const struct option_row *rows[MAX_OPTION_ROWS];
    const size_t n = options_of(rows, c);
    fprintf(out, "    %s)\n        words='%s'\n        options='", c->name, words_of(c, a));
    for (size_t i = 0; i < n; i++) fprintf(out, "%s--%s", i ? " " : "", rows[i]->name);
    fputs("'\n        case $previous in\n", out);
    for (size_t i = 0; i < n; i++) {
        if (!rows[i]->value) continue;
        fprintf(out, "        --%s", rows[i]->name);
        if (rows[i]->letter) fprintf(out, "|-%c", rows[i]->letter);
        fprintf(out, ") value=yes words='%s' ;;\n", choices_of(rows[i], " ", a));
    }
    fputs("        esac ;;\n", out);
}

static void bash_print(FILE *out, struct arena *a)
{
    fputs("# Completion of gpumix for bash. Written by: gpumix completion bash\n"
          "_gpumix() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    local command= words= options= value= i\n"
          "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "        case ${COMP_WORDS[i]} in -*) ;; *) command=${COMP_WORDS[i]}; break ;; esac\n"
          "    done\n"
          "    case $command in\n"
          "    '')\n"
          "        words='",
          out);
    for (size_t i = 0; commands[i]; i++) fprintf(out, "%s%s", i ? " " : "", commands[i]->name);
    fputs("'\n        options='", out);
    for (size_t i = 0; global_options[i].name; i++)
        fprintf(out, "%s--%s", i ? " " : "", global_options[i].name);
    fputs("' ;;\n", out);
    for (size_t i = 0; commands[i]; i++) bash_command(commands[i], out, a);
    fputs("    esac\n"
          "    if [[ $current == -* && -z $value ]]; then words=$options; fi\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "}\n"
          "complete -o default -F _gpumix gpumix\n",
          out);
}

/* -------------------------------------------------------------------------------------------------- zsh */

static void zsh_option(const struct option_row *row, FILE *out, struct arena *a)
{
    fputs(" \\\n            ", out);
    if (row->letter)
        fprintf(out, "'%s'{-%c,--%s}'", row->repeatable ? "*" : "", row->letter, row->name);
    else
        fprintf(out, "'%s--%s", row->repeatable ? "*" : "", row->name);
    fputc('[', out);
    quoted_print(out, _(row->help), "[]:\\", false);
    fputc(']', out);
    if (row->value) {
        fputc(':', out);
        quoted_print(out, _(row->value), ":\\", false);
        if (row->choices)
            fprintf(out, ":(%s)", choices_of(row, " ", a));
        else
            fputs(":_files", out);
    }
    fputc('\'', out);
}

static void zsh_command(const struct command *c, FILE *out, struct arena *a)
{
    const struct option_row *rows[MAX_OPTION_ROWS];
    const size_t n = options_of(rows, c);
    fprintf(out, "        %s)\n            _arguments", c->name);
    for (size_t i = 0; i < n; i++) zsh_option(rows[i], out, a);
    const char *words = words_of(c, a);
    if (*words) fprintf(out, " \\\n            '1:argument:(%s)'", words);
    fputs(" \\\n            '*:file:_files' ;;\n", out);
}

static void zsh_print(FILE *out, struct arena *a)
{
    fputs("#compdef gpumix\n"
          "# Completion of gpumix for zsh. Written by: gpumix completion zsh\n"
          "_gpumix() {\n"
          "    local -a commands\n"
          "    local context state state_descr line\n"
          "    typeset -A opt_args\n"
          "    commands=(\n",
          out);
    for (size_t i = 0; commands[i]; i++) {
        fprintf(out, "        '%s:", commands[i]->name);
        quoted_print(out, _(commands[i]->help), ":\\", false);
        fputs("'\n", out);
    }
    fputs("    )\n"
          "    _arguments -C '1:command:->command' '*::argument:->argument'\n"
          "    case $state in\n"
          "    command) _describe command commands ;;\n"
          "    argument)\n"
          "        case $words[1] in\n",
          out);
    for (size_t i = 0; commands[i]; i++) zsh_command(commands[i], out, a);
    fputs("        esac ;;\n"
          "    esac\n"
          "}\n"
          "if [ \"$funcstack[1]\" = _gpumix ]; then _gpumix \"$@\"; else compdef _gpumix gpumix; "
          "fi\n",
          out);
}

/* ------------------------------------------------------------------------------------------------- fish */

static void fish_option(const struct command *c, const struct option_row *row, FILE *out,
                        struct arena *a)
{
    fprintf(out, "complete -c gpumix -n '__fish_seen_subcommand_from %s' -l %s", c->name,
            row->name);
    if (row->letter) fprintf(out, " -s %c", row->letter);
    if (row->choices)
        fprintf(out, " -x -a '%s'", choices_of(row, " ", a));
    else if (row->value)
        fputs(" -r", out);
    fputs(" -d '", out);
    quoted_print(out, _(row->help), "", true);
    fputs("'\n", out);
}

static void fish_print(FILE *out, struct arena *a)
{
    fputs("# Completion of gpumix for fish. Written by: gpumix completion fish\n", out);
    for (size_t i = 0; commands[i]; i++) {
        fprintf(out, "complete -c gpumix -n __fish_use_subcommand -f -a %s -d '",
                commands[i]->name);
        quoted_print(out, _(commands[i]->help), "", true);
        fputs("'\n", out);
    }
    for (size_t i = 0; commands[i]; i++) {
        const struct option_row *rows[MAX_OPTION_ROWS];
        const size_t n = options_of(rows, commands[i]);
        for (size_t r = 0; r < n; r++) fish_option(commands[i], rows[r], out, a);
        const char *words = words_of(commands[i], a);
        if (*words)
            fprintf(out,
                    "complete -c gpumix -n '__fish_seen_subcommand_from %s; and not "
                    "__fish_seen_subcommand_from %s' -a '%s'\n",
                    commands[i]->name, words, words);
    }
}

/* ---------------------------------------------------------------------------------------------- command */

static int completion_run(const struct options *o, struct cli *cli)
{
    const char *shell = o->arguments[0];
    if (strcmp(shell, "bash") == 0)
        bash_print(stdout, cli->arena);
    else if (strcmp(shell, "zsh") == 0)
        zsh_print(stdout, cli->arena);
    else if (strcmp(shell, "fish") == 0)
        fish_print(stdout, cli->arena);
    else {
        const enum err code = diag_error(cli->diag, ERR_NOT_FOUND, (struct place){0},
                                         _("there is no completion for \"%s\""), shell);
        diag_fix(cli->diag, _("use one of: %s"), "bash, zsh, fish");
        return err_exit_status(code);
    }
    return 0;
}

const struct command cmd_completion = {
    .name = "completion",
    .arguments = "bash|zsh|fish",
    .help = N_("what a shell completes when you press Tab"),
    .examples = "  source <(gpumix completion bash)\n"
                "  gpumix completion zsh > \"${fpath[1]}/_gpumix\"\n"
                "  gpumix completion fish > ~/.config/fish/completions/gpumix.fish\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = completion_run,
};
