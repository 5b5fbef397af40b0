/* What the markets share when they make offers: private to pricing/. */
#ifndef PRICING_QUOTE_H
#define PRICING_QUOTE_H

#include "pricing/offer.h"

/* A price of one place in the run's currency, before discounts. */
struct hit {
    const char *zone;                   /* "": the region */
    const struct price_row *row, *base; /* NULL: an override only */
    const struct price_override *override;
    bool estimated, no_stock;
    struct ratio list_per_h;
    const char *reason; /* not NULL: no price, and why */
};

/* The prices of a market for what is asked: for the region and each zone with a price of its own.
 * `priced_as` is the market of the rows, `unit` the term of a subscription. Returns how many. */
size_t quote_hits(struct hit **hits, const struct quote *q, enum market_id priced_as,
                  enum price_unit unit, const struct market *self, struct arena *a);

/* An offer at the list price of a hit, with the user's discount where the market allows it; NULL
 * when the amount cannot be represented (then the reason is recorded). What is special about the
 * market is left to fill in. */
struct offer *quote_offer(struct offer_list *out, const struct market *self, const struct quote *q,
                          const struct hit *h);

void quote_missing(struct offer_list *out, const struct market *self, const struct quote *q,
                   const char *reason);

/* The list price on demand there in the run's currency; false when there is none. */
bool quote_on_demand(struct ratio *price_per_h, const struct quote *q, const char *zone);

#endif
