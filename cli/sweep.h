/* Sweeps: many points, each the scenario with other values, on all cores, kept in a checkpoint while they run. */
#ifndef CLI_SWEEP_H
#define CLI_SWEEP_H

#include "cli/crew.h"
#include "cli/simulating.h"
#include "report/sweep_sheet.h"

struct sweep {
    struct planning planning;
    const char *variant; /* "base" or a name */
    size_t n;
    struct sweep_setting {
        size_t n;
        const char *const *set;
    } * settings;               /* [n] what each point adds */
    struct sweep_point *points; /* [n] */
    const char *checkpoint;     /* path; NULL: none is kept */
    const char *inputs;         /* checksum over all the points rest on, for the checkpoint */
    size_t n_found;             /* points taken from it */
    bool planned_only;          /* no simulation */
    bool from_first; /* the search of the other points begins where that of the first one ended */
    struct simulating simulating; /* threads: points at a time, 0: all cores */
};

/* Computes what is missing. A point without a plan, or with values that are not valid, is a result. Errors: ERR_OUTPUT when the
 * checkpoint cannot be written. */
MUST_USE enum err sweep_run(struct sweep *s, struct cli *cli);

/* Lines of the checkpoint: see sweep_file.c. */
struct checkpoint;
/* Reads what is there, when it is of the same inputs, into s->points and opens it for more. Errors: ERR_OUTPUT. */
MUST_USE enum err checkpoint_open(struct checkpoint **file, struct sweep *s, struct cli *cli);
/* Appends a point and waits until it is on disk. False: it could not be written. */
bool checkpoint_add(struct checkpoint *file, size_t at, const struct sweep_point *p);
void checkpoint_close(struct checkpoint *file);

#endif
