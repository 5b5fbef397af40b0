/* explain --defaults: private to explain. */
#ifndef CLI_EXPLAIN_DEFAULTS_H
#define CLI_EXPLAIN_DEFAULTS_H

#include "cli/planning.h"

/* Prints every default that the variants use, with its origin; of one workload where one is named (may be NULL). Returns the
 * exit status. */
int explain_defaults(const struct planning *p, const struct text_list *variants,
                     const char *workload, const struct options *o, struct cli *cli);

#endif
