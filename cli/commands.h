/* Commands: one file each, cmd_<name>.c, ending in one constant; command_list.h lists them. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/command_list.h"
#include "cli/options.h"
#include "report/formats.h"
#include <signal.h>

/* Exit statuses that are no errors. Those of errors come from err_exit_status(). */
enum { EXIT_GATE = 1, EXIT_INFEASIBLE = 4, EXIT_LIMIT = 5 };

/* What a command sees of the world. */
struct cli {
    struct arena *arena;
    struct diag *diag;
    const char *version;           /* of the program */
    const char *build, *libraries; /* "gpumix 0.1.0 (git id)"; what it was built with */
    bool chinese;
    bool quiet;
    bool progress;  /* standard error is a terminal and nobody asked for silence */
    moment_t today; /* ages of prices are counted to this day */
    const volatile sig_atomic_t *stop; /* signal that asks to end, 0: none */
};

struct command {
    const char *name;
    const char *arguments;            /* N_("FILE"), or "" */
    const char *help;                 /* N_() one line */
    const char *examples;             /* lines to try, not translated */
    const struct option_row *options; /* ends with a row without name; NULL: none */
    bool prints_data;                 /* takes --format, --json and --out as well */
    size_t min_arguments, max_arguments;
    /* Does the work and returns the exit status. Errors go to cli->diag, which main prints. */
    int (*run)(const struct options *o, struct cli *cli);
};

extern const struct command *const commands[];        /* ends with NULL */
const struct command *command_find(const char *name); /* exact; NULL when unknown */

extern const struct option_row global_options[], output_options[];

const char *
help_topic(size_t i); /* what `gpumix help` tells besides commands; NULL behind the last */

/* Help of one command, examples first; of the whole program. */
void command_help(const struct command *c, FILE *out, struct arena *a);
void program_help(FILE *out, struct arena *a);

/* The man page of one command, or of the whole program (NULL), as scdoc source in the language of the run. */
void manual_print(const struct command *c, const char *version, FILE *out);

#endif
