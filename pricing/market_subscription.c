/* Machines bought by the month or the year; each term is an offer of its own. */
#include "pricing/quote.h"

static const struct term {
    enum price_unit unit;
    double hours;
} terms[] = {{UNIT_MONTH, HOURS_PER_MONTH}, {UNIT_YEAR, HOURS_PER_YEAR}};
enum { N_TERMS = sizeof terms / sizeof *terms };

static void quote(const struct market *self, const struct quote *q, struct offer_list *out)
{
    const char *reason = NULL;
    const size_t n_before = out->n;
    for (size_t t = 0; t < N_TERMS; t++) {
        struct hit *hits = NULL;
        const size_t n = quote_hits(&hits, q, MARKET_SUBSCRIPTION, terms[t].unit, self, out->arena);
        for (size_t i = 0; i < n; i++) {
            struct offer *o = hits[i].reason ? NULL : quote_offer(out, self, q, &hits[i]);
            if (hits[i].reason) reason = hits[i].reason;
            if (!o) continue;
            o->term_h = terms[t].hours;
            o->billing_step_us = 0;
        }
    }
    if (out->n == n_before && reason) quote_missing(out, self, q, reason);
}

const struct market market_subscription = {
    .id = MARKET_SUBSCRIPTION,
    .name = "subscription",
    .label = N_("subscription"),
    .prepaid = true,
    .discountable = true,
    .quote = quote,
};
