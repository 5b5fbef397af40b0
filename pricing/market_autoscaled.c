/* Pay-as-you-go held by a scaling group: the on-demand price for the hours held. */
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

const struct market market_autoscaled = {
    .id = MARKET_AUTOSCALED,
    .name = "autoscaled",
    .label = N_("autoscaled"),
    .discountable = true,
    .quote = quote,
};
