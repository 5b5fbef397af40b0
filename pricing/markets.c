/* The registry of markets, in the order of tables. */
#include "pricing/offer.h"
#include "pricing/quote.h"
#include <string.h>

const struct market *const markets[] = {
    &market_on_demand,    &market_spot,         &market_autoscaled,
    &market_subscription, &market_savings_plan, NULL,
};

const struct market *market_find(const char *name)
{
    for (const struct market *const *m = markets; *m; m++) {
        if (strcmp((*m)->name, name) == 0) return *m;
    }
    return NULL;
}

const struct market *market_by_id(enum market_id id)
{
    for (const struct market *const *m = markets; *m; m++) {
        if ((*m)->id == id) return *m;
    }
    return NULL;
}
