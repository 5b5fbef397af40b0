#include "common/error.h"
#include "common/text.h"
#include <stddef.h>
#include <string.h>

static const struct {
    const char *code, *title, *why;
} errors[] = {[OK] = {"E0000", N_("no error"), N_("nothing is wrong")},
#define X(name, code, title, why) [name] = {code, title, why},
              ERR_LIST(X)
#undef X
};

enum { N_ERRORS = sizeof errors / sizeof *errors };

const char *err_code(enum err e)
{
    return errors[e].code;
}

const char *err_title(enum err e)
{
    return _(errors[e].title);
}

const char *err_why(enum err e)
{
    return _(errors[e].why);
}

enum err err_by_code(const char *code)
{
    for (size_t i = OK + 1; i < N_ERRORS; i++)
        if (strcmp(errors[i].code, code) == 0) return (enum err)i;
    return OK;
}

int err_exit_status(enum err e)
{
    if (e == OK) return 0;
    const int group = errors[e].code[1] - '0';
    if (group == 1) return 2;
    return group == 2 ? 3 : group;
}
