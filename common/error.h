/* Error codes: one list gives the enum, the code users see, its title, and why such an error
 * matters. The first digit decides the exit status (err_exit_status). Findings with places are
 * in diag.h. */
#ifndef COMMON_ERROR_H
#define COMMON_ERROR_H

/* X(name, code, title, why). Keep sorted by code; one line per code. `gpumix help CODE` prints
 * it. */
#include "common/error_list.h"

enum err {
    OK = 0,
#define X(name, code, title, why) name,
    ERR_LIST(X)
#undef X
};

const char *err_code(enum err e);       /* "E3020", never translated */
const char *err_title(enum err e);      /* translated */
const char *err_why(enum err e);        /* translated; why it matters, one sentence */
enum err err_by_code(const char *code); /* OK when there is no such code */

/* 2 usage (E1), 3 input (E2, E3), 4 infeasible (E4), 5 limit (E5), 6 verification (E6), 7 output
 * (E7), 8 internal (E8), 9 memory (E9); 0 for OK. */
int err_exit_status(enum err e);

#define MUST_USE __attribute__((warn_unused_result))

/* Return early on failure; safe because every allocation lives in an arena. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum err try_ = (call);                                                                    \
        if (try_ != OK) return try_;                                                               \
    } while (0)

#endif
