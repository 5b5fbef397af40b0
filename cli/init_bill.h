/* A scenario of what a bill says is run today: init --from-bill. */
#ifndef CLI_INIT_BILL_H
#define CLI_INIT_BILL_H

#include "cli/commands.h"
#include "pricing/spend.h"

/* What was found in the bill. */
struct bill_scenario {
    const char *text; /* of the scenario file */
    const char
        *prices; /* of prices.csv beside it: what the account paid per machine and hour or month */
    const char *month; /* "2026-09": the last whole month of the bill, which is planned again */
    size_t n_workloads;
    micro_t taken,
        left; /* money of the month that the scenario holds; that it leaves out (disks, networks, unknown types) */
    const char *left_of; /* services and types left out, "" */
};

/* Errors: ERR_IMPORT_FORMAT and the like of spend_read; ERR_JOB_EMPTY when no machine of the price book is in it. */
MUST_USE enum err bill_scenario_make(struct bill_scenario *b, const char *path, const char *name,
                                     const struct spend_options *options, struct cli *cli);

#endif
