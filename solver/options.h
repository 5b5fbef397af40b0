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

/* Fills an option whose offer, site and fit are set; NULL, or the reason why it may not be used. *checks counts what was
 * passed before that. */
const char *option_build(struct option *o, const struct model *m, const struct group *g,
                         int *checks);
void candidate_note(struct model *m, const struct group *g, const struct option *o,
                    const char *reason, int checks);
/* Units of a limit that one machine of an offer takes, where the limit covers it: GPUs, machines, or a savings plan's money per hour. */
double limit_units(const struct capacity *c, const struct model *m, const struct offer *offer);
double option_limit_units(const struct option *o, size_t l); /* units of limit l per machine; 0 */

/* Price of one unit of the workload's licence per hour, from the scenario or else from the book; false when it is not to be
 * had in the run's currency. */
bool licence_unit_price(struct ratio *price, bool *estimated, const struct model *m,
                        const struct workload *w);
/* For rate demands: a serves no worse than b, whatever the site. */
bool served_dominates(const struct model *m, const struct served *v, size_t a, size_t b);
/* The same for whole machines too: no plan of whole machines is dearer with a in place of b. */
bool served_replaces(const struct model *m, const struct served *v, size_t a, size_t b);
/* So few machines carry the peak that a part of one matters. */
bool served_few(const struct served *v, size_t option);

#endif
