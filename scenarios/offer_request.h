/* What a scenario asks of the price book: places, discounts, overrides, currency. */
#ifndef SCENARIOS_OFFER_REQUEST_H
#define SCENARIOS_OFFER_REQUEST_H

#include "scenarios/scenario.h"

/* The offer request a scenario makes of the price book. Errors: ERR_PLACE_UNKNOWN, ERR_OVERRIDE, at the value of the scenario. */
MUST_USE enum err scenario_offer_request(struct offer_request *r, const struct scenario *s,
                                         const struct price_book *b, struct arena *a,
                                         struct diag *d);

#endif
