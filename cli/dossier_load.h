/* The dossier of a report: from a saved run, or from a scenario that is planned and simulated now. */
#ifndef CLI_DOSSIER_LOAD_H
#define CLI_DOSSIER_LOAD_H

#include "cli/planning.h"
#include "cli/simulating_options.h"
#include "report/dossier.h"

/* Options of every command that reads a dossier. */
#define DOSSIER_OPTIONS                                                                            \
    {"set", 0, N_("PATH=VALUE"), true, NULL, N_("change a value of the scenario")},                \
        SIMULATING_OPTIONS

struct dossier_request {
    struct planning planning; /* of a scenario; its path may also be that of a saved run */
    struct simulating simulating;
    bool planned_only;
    bool one;   /* one variant unless several are asked for */
    int status; /* filled: of the plans that were made */
};

/* Reads what DOSSIER_OPTIONS and the argument say into *q and *d. Errors: ERR_OPTION_VALUE. */
MUST_USE enum err dossier_options(struct dossier *d, struct dossier_request *q,
                                  const struct options *o, struct cli *cli);

/* Fills runs and names of *d, of the variants that --variant asks for. When a signal stopped it, d->n is 0. Errors: what reading
 * a run gives; of a scenario none but what choosing its variants gives: their own are in the runs. */
MUST_USE enum err dossier_load(struct dossier *d, struct dossier_request *q,
                               const struct options *o, struct cli *cli);

#endif
