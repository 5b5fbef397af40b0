/* Availability of a place as a semi-Markov process: spells in which a spot machine can be held, and spells in which none can,
 * one after the other, each as long as its own distribution says (lifetimes.h). */
#ifndef PRICING_SPELLS_H
#define PRICING_SPELLS_H

#include "pricing/lifetimes.h"

/* Reads a CSV table with the columns tick (steps of step_h hours, ascending) and available (0 or 1; a count of machines: 0 or
 * more) into two groups, "available" and "gone". A spell of n ticks was between n - 1/2 and n + 1/2 steps long, one
 * of a single tick between 0 and 3/2. The first spell of the table, and the first after ticks that are missing, began nobody
 * knows when and is left out; the last one was cut short. Errors: of csv_read; ERR_IMPORT_VALUE. */
MUST_USE enum err spells_read(struct life_groups *g, const char *path, double step_h,
                              struct arena *a, struct diag *d);

#endif
