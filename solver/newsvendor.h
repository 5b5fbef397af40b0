/* How much to reserve for a varying load: the newsvendor. One unit reserved costs `price_ratio` of an on-demand unit in every
 * hour, used or not; what the load needs beyond the level is bought on demand at 1 an hour. */
#ifndef SOLVER_NEWSVENDOR_H
#define SOLVER_NEWSVENDOR_H

#include "common/arena.h"

#include <stddef.h>

/* A load of load[i] >= 0 units for hours[i] >= 0, i < n, n >= 1; the order does not matter. */
struct step_load {
    size_t n;
    const double *load, *hours;
};

/* Cheapest level, the least of equally cheap ones: F^-1(1 - price_ratio), F the share of hours with a load up to the level.
 * One of the loads, so a whole number where they are; 0 for price_ratio >= 1. */
double newsvendor_level(const struct step_load *steps, double price_ratio, struct arena *a);

/* Cost of a level in on-demand unit-hours. */
double newsvendor_cost(const struct step_load *steps, double level, double price_ratio);

#endif
