/* Options: one table per command gives parsing, help and, later, completion and man page. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "common/arena.h"
#include "common/diag.h"

struct option_row {
    const char *name;           /* long name without dashes */
    char letter;                /* short form, 0: none */
    const char *value;          /* N_("FILE"): what it takes; NULL: a flag */
    bool repeatable;            /* else the second time is an error */
    const char *const *choices; /* words allowed, ends with NULL; NULL: any text */
    const char *help;           /* N_() one line */
};

enum { MAX_OPTION_ROWS = 48 };

/* What was given. Read with the functions below; asking for a name that no table has is a bug (asserted). */
struct options {
    size_t n_rows;
    const struct option_row *rows[MAX_OPTION_ROWS];
    size_t n_given;
    struct given {
        size_t row;
        const char *value; /* NULL for a flag */
    } * given;             /* in the order of the command line */
    size_t n_arguments;
    const char **arguments; /* what is no option */
    int next;               /* options_parse with stop_early: index of the first argument */
};

/* Adds a table that ends with a row without name. */
void options_add(struct options *o, const struct option_row *rows);

/* Reads argv[1..argc-1]. Names are exact: no abbreviations. "--" ends the options; "-" is an argument. With
 * stop_early everything from the first argument on is left for later. Errors: ERR_OPTION with the nearest name,
 * ERR_OPTION_VALUE. */
MUST_USE enum err options_parse(struct options *o, int argc, char **argv, bool stop_early,
                                struct arena *a, struct diag *d);

bool option_given(const struct options *o, const char *name);
const char *option_value(const struct options *o,
                         const char *name); /* the last one, NULL: not given */
/* All values of a repeatable option, in order. */
const char **option_values(size_t *n, const struct options *o, const char *name, struct arena *a);

/* The rows as help text. */
void options_print(const struct option_row *rows, FILE *out, struct arena *a);

#endif
