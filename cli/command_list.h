/* The registry of commands, in the order of the help: one line per file cmd_<name>.c. */
#ifndef CLI_COMMAND_LIST_H
#define CLI_COMMAND_LIST_H

/* clang-format off */
#define COMMAND_LIST(X) \
    X(demo) \
    X(init) \
    X(recommend) \
    X(validate) \
    X(plan) \
    X(simulate) \
    X(compare) \
    X(sweep) \
    X(budget) \
    X(replay) \
    X(explain) \
    X(verify) \
    X(report) \
    X(export) \
    X(serve) \
    X(catalog) \
    X(doctor) \
    X(schema) \
    X(completion) \
    X(help)
/* clang-format on */

struct command;
#define X(name) extern const struct command cmd_##name;
COMMAND_LIST(X)
#undef X

#endif
