/* The list of error codes; included by error.h only. */
#ifndef COMMON_ERROR_LIST_H
#define COMMON_ERROR_LIST_H

#include "common/text.h"

/* clang-format off */
#define ERR_LIST(X)                                                                                \
    X(ERR_USAGE,        "E1001", N_("the command line is not understood"),                         \
                        N_("a guess could run something you did not ask for"))                     \
    X(ERR_FILE,         "E3001", N_("a file cannot be read"),                                      \
                        N_("without it the plan would rest on nothing"))                           \
    X(ERR_YAML,         "E3002", N_("not valid YAML"),                                             \
                        N_("the rest of the file could be read in a way you did not mean"))        \
    X(ERR_INTERNAL,     "E8001", N_("internal error"),                                             \
                        N_("this is a fault of gpumix, not of your input"))                        \
    X(ERR_MEMORY,       "E9001", N_("out of memory"),                                              \
                        N_("nothing was written; previous outputs are intact"))
/* clang-format on */

#endif
