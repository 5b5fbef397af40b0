/* Defaults of the options, each printed where it is used. */
#ifndef SOLVER_OPTIONS_H
#define SOLVER_OPTIONS_H

#include "solver/model.h"

/* Checkpoints without a dataset of that name go to the machine's own disk (interface.md 3.3, "Checkpoints"). */
#define LOCAL_DISK_MBPS 200.0
/* Network figures of the vendor are decimal: 1 Gbit/s = 125 MB/s. */
#define MBPS_PER_GBPS 125.0
/* How much dearer a smaller machine may be and still be kept beside a larger one. */
#define FINER_WORTH 1.25

/* Option a uses no more of anything than b, per unit of useful work, wherever the two stand: money, clock of a gang, GPUs of
 * capped work, spot share, bandwidth read, and every limit. Where b may be used a serves as well, so no optimum needs b. */
bool option_dominates(const struct model *m, const struct option *a, const struct option *b,
                      const struct group *g);

#endif
