/* Stock over time from a CSV file: columns start, name, place, available. Private to scenarios. */
#ifndef SCENARIOS_STOCK_H
#define SCENARIOS_STOCK_H

#include "scenarios/scenario.h"

/* Fills s->stock_steps when the scenario says `stock: {from_csv: FILE}`, sorted by name, place and start. `start` is a moment
 * or a length of time from the start of the horizon. Errors: those of csv_read, ERR_VALUE, ERR_DUPLICATE_KEY. */
MUST_USE enum err stock_read(struct scenario *s, struct arena *a, struct diag *d);

#endif
