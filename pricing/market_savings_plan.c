/* Savings plan: the rate at which pay-as-you-go use is met from a committed spend per hour. One
 * year, nothing paid in advance. The vendor discounts the list price; the user's own discount is
 * not added. */
#include "pricing/quote.h"

static void quote(const struct market *self, const struct quote *q, struct offer_list *out)
{
    struct hit *hits = NULL;
    const size_t n = quote_hits(&hits, q, MARKET_SAVINGS_PLAN, UNIT_HOUR, self, out->arena);
    for (size_t i = 0; i < n; i++) {
        if (hits[i].reason) {
            quote_missing(out, self, q, hits[i].reason);
            continue;
        }
        struct offer *o = quote_offer(out, self, q, &hits[i]);
        if (o) o->term_h = HOURS_PER_YEAR;
    }
}

const struct market market_savings_plan = {
    .id = MARKET_SAVINGS_PLAN,
    .name = "savings_plan",
    .label = N_("savings plan"),
    .prepaid = true,
    .quote = quote,
};
