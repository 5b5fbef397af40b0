/* What a finding looks like when printed, for tests of exact messages. */
#ifndef TESTS_COMMON_PRINTED_H
#define TESTS_COMMON_PRINTED_H

#include "common/diag.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>

/* The findings of `d` as text, in the arena of `d`. */
static inline const char *diag_printed(const struct diag *d, enum diag_format format)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *out = open_memstream(&text, &bytes);
    diag_print(d, format, out);
    fclose(out);
    const char *copy = arena_strdup(d->arena, text);
    free(text);
    return copy;
}

static inline void expect_printed(const struct diag *d, const char *expected, const char *name)
{
    const char *printed = diag_printed(d, DIAG_TEXT);
    gsl_test_str(printed, expected, "%s", name);
}

#endif
