/* What the machines of others leave of a limit: units of every limit in every period, [limits][periods]. */
#ifndef SOLVER_FLEET_USE_H
#define SOLVER_FLEET_USE_H

#include "solver/model.h"

/* Adds what subscribed machines hold of quotas whether they run or not; those that service `but` buys for itself alone are
 * left out (NONE: none are). */
void use_add_subscribed(double *use, const struct model *m, const double *bought, size_t but);

/* Adds what an LP solution uses for batch work and for services from `first` on, without service `but`. */
void use_add_lp(double *use, const struct formulation *f, const double *x, size_t first,
                size_t but);

/* Whether machines of this option stand where the datasets of its service lie in the solution x: all of a dataset, or of one that
 * may be split a part. */
bool option_lies(const struct formulation *f, const struct served *v, const struct option *o,
                 const double *x);

#endif
