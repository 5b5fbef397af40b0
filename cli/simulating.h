/* From planned variants to simulated ones: what simulate and plan share. */
#ifndef CLI_SIMULATING_H
#define CLI_SIMULATING_H

#include "cli/commands.h"

/* What the command line says; 0 or NULL: the scenario's own. */
struct simulating {
    long runs;
    bool has_seed;
    int64_t seed;
    long threads;
    double precision;
    const char *policy;
};

/* Reads --runs, --precision, --seed, --threads and --policy. Errors: ERR_OPTION_VALUE. */
/* Text of --runs: a whole number from `least` on. Errors: ERR_OPTION_VALUE. */
MUST_USE enum err runs_read(long *runs, const char *text, long least, struct diag *d);
MUST_USE enum err simulating_read(struct simulating *s, const struct options *o, struct cli *cli);

/* Simulates the plan of a result: sets r->simulation, or r->code with what went wrong in r->diag. Nothing where there is no
 * plan. A run that a signal stopped tells the worlds that were done. */
void variant_simulate(struct result *r, const struct simulating *s, struct cli *cli);

#endif
