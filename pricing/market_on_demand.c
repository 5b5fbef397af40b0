/* Pay-as-you-go: the list price while held, less the user's discount. */
#include "pricing/quote.h"

static void quote(const struct market *self, const struct quote *q, struct offer_list *out)
{
    struct hit *hits = NULL;
    const size_t n = quote_hits(&hits, q, MARKET_ON_DEMAND, UNIT_HOUR, self, out->arena);
    for (size_t i = 0; i < n; i++) {
        if (hits[i].reason)
            quote_missing(out, self, q, hits[i].reason);
        else
            quote_offer(out, self, q, &hits[i]);
    }
}

const struct market market_on_demand = {
    .id = MARKET_ON_DEMAND,
    .name = "on_demand",
    .label = N_("on-demand"),
    .discountable = true,
    .quote = quote,
};
