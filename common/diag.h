/* Findings: what is wrong, where, why it matters and how to fix it. One collector per run;
 * readers add as many findings as they can and then return the code of the first error. */
#ifndef COMMON_DIAG_H
#define COMMON_DIAG_H

#include "common/arena.h"
#include "common/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A text read from a file; kept for the whole run so that lines can be shown. */
struct source {
    const char *path; /* as the user wrote it (relative paths stay relative) */
    const char *text; /* UTF-8, NUL-terminated, without byte-order mark */
    size_t bytes;
    /* Of a text that is read piece by piece: where text[0] stands in the whole. Line 0: at its beginning. */
    struct source_start {
        size_t line, column, byte; /* line and column from 1 */
    } start;
    bool
        passing; /* the text will be another one soon: findings keep a copy of the line they show */
};

/* Line `line`, without its end, as far as it is in the text; false when it is not. */
struct source_line {
    const char *from, *to;
    size_t column; /* of `from`; 1 but for a line whose beginning is gone */
};
bool source_line(struct source_line *out, const struct source *source, size_t line);

/* Where something was written. All zero: nowhere (an option, a default). */
struct place {
    const struct source *source;
    size_t line, column, end_column; /* from 1; columns count Unicode code points; end exclusive */
};

/* A place that can still be shown when its text has passed: with a source of its own for the line where needed. */
struct place place_keep(struct place at, struct arena *a);

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct finding {
    enum severity severity;
    enum err code; /* a warning has a code too */
    struct place place;
    /* in the user's language; why NULL: err_why of the code; fix may be NULL */
    const char *what, *why, *fix;
    struct finding *next;
};

struct diag {
    struct arena *arena; /* not owned; texts live here */
    struct finding *first, *last;
    size_t n_errors, n_warnings;
    enum err code; /* of the first error; OK so far */
    bool dropped;  /* the finding added last was only counted: it has no reason and remedy to set */
};

/* Shown and kept, of errors and of warnings each; later ones are only counted. */
enum { DIAG_MAX_ERRORS = 50 };

/* Add a finding. diag_error returns `code`, so a reader may write `return diag_error(...)`.
 * Characters that could drive a terminal are escaped when printed, not here. */
enum err diag_error(struct diag *d, enum err code, struct place at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void diag_warning(struct diag *d, enum err code, struct place at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Replace the reason / set the remedy of the finding added last. */
void diag_why(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void diag_fix(struct diag *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Writes every finding in the form of reliability.md section 10: file:line:col: error[E3020]:
 * what / source line with caret / "  why: " / "  fix: ... (see `gpumix help E3020`)" DIAG_TEXT
 * as above, DIAG_GITHUB workflow annotations, DIAG_JSON one object per line. */
enum diag_format { DIAG_TEXT, DIAG_GITHUB, DIAG_JSON };
void diag_print(const struct diag *d, enum diag_format format, FILE *out);

/* The name among names[n] nearest to `name`: edit distance <= 2 and at most half its length,
 * transpositions count one, ASCII capitals count as small letters. NULL when there is none. Of
 * equals the first. */
const char *nearest_name(const char *name, const char *const *names, size_t n);

#endif
