/* What is most likely wrong where libyaml gave up: it reports late and in its own words. */
#ifndef COMMON_YAML_HINT_H
#define COMMON_YAML_HINT_H

#include "common/diag.h"

/* What libyaml said. Lines and columns from 0. */
struct yaml_trouble {
    const char *problem, *context; /* context may be NULL */
    size_t line, column, context_line, context_column;
};

/* Adds the finding (ERR_YAML) with the place, the reason and the remedy as well as they can be told. */
enum err yaml_explain(const struct source *s, const struct yaml_trouble *t, struct diag *d);

/* If `text` holds a full-width colon where a key ends, adds the finding for it at `at` and returns true. */
bool yaml_explain_colon(const char *text, struct place at, struct diag *d);

#endif
