/* What a report tells around its plan: plans at other prices, deadlines and loads, solved on all cores. */
#ifndef CLI_AROUND_H
#define CLI_AROUND_H

#include "cli/dossier_load.h"

/* Reads --what-if; -1 where it is not given. Errors: ERR_OPTION_VALUE. */
MUST_USE enum err around_option(long *most, const struct options *o, struct diag *d);

/* Fills d->around, of dossier_main(d). Of a saved run what was solved when it was saved is taken from it, the rest is solved only
 * where its files are as they were, and nothing that takes seconds unless `most` says so (-1: as usual). What cannot be solved is
 * left out. Errors: ERR_OUTPUT of a sweep. */
MUST_USE enum err around_make(struct dossier *d, const struct dossier_request *q, long most,
                              struct cli *cli);

#endif
