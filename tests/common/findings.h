/* For tests: findings as one text, exact to the byte. */
#ifndef TESTS_COMMON_FINDINGS_H
#define TESTS_COMMON_FINDINGS_H

#include "common/diag.h"
#include <string.h>

/* A line for each finding: "E3020 5:5 what (why) -> fix"; a warning starts with "warning ", a reason is shown when it is not
 * the one of the code. */
static inline const char *findings_text(const struct diag *d)
{
    const char *text = "";
    for (const struct finding *f = d->first; f; f = f->next) {
        const char *why = f->why ? arena_printf(d->arena, " (%s)", f->why) : "";
        text = arena_printf(d->arena, "%s%s%s %zu:%zu %s%s -> %s\n", text,
                            f->severity == SEVERITY_WARNING ? "warning " : "", err_code(f->code),
                            f->place.line, f->place.column, f->what, why, f->fix ? f->fix : "");
    }
    return text;
}

#endif
