/* Preemptible machines. Two variants: the first hour protected, at the quoted price, and
 * unprotected, about 10% cheaper (a judgement, so the offer is an estimate). The scenario's factor
 * applies to the undiscounted price, which never passes the undiscounted on-demand price: the
 * vendor's SpotAsPriceGo pays no more than that. */
#include "pricing/book.h"
#include "pricing/quote.h"
#include <math.h>

static const struct variant {
    double protected_h;
    struct ratio share;
    bool estimated;
} variants[] = {{1, {1, 1}, false}, {0, {9, 10}, true}};
enum { N_VARIANTS = sizeof variants / sizeof *variants };

/* List price of a variant: share x factor x quoted, at most on-demand; false on overflow. */
static bool variant_price(struct ratio *price, const struct variant *v, const struct quote *q,
                          const struct hit *h)
{
    struct ratio on_demand;
    const struct ratio factor = q->request->spot_price_factor;
    if (!ratio_mul(price, h->list_per_h, v->share)) return false;
    if (h->override) return true;
    if (factor.num > 0 && !ratio_mul(price, *price, factor)) return false;
    const bool capped = quote_on_demand(&on_demand, q, h->zone) && ratio_cmp(*price, on_demand) > 0;
    if (capped) *price = on_demand;
    return true;
}

static double hazard_of(const struct quote *q, const struct hit *h)
{
    const bool own = h->row && !isnan(h->row->hazard_per_h);
    return own ? h->row->hazard_per_h : price_hazard(q->book, q->type, q->region);
}

static void add_variants(const struct market *self, const struct quote *q, const struct hit *h,
                         struct offer_list *out)
{
    for (size_t v = 0; v < N_VARIANTS; v++) {
        struct hit priced = *h;
        if (!variant_price(&priced.list_per_h, &variants[v], q, h)) {
            quote_missing(out, self, q, _("the amount is too large"));
            return;
        }
        priced.estimated |= variants[v].estimated;
        struct offer *o = quote_offer(out, self, q, &priced);
        if (!o) return;
        o->protected_h = variants[v].protected_h;
        o->hazard_per_h = hazard_of(q, h);
    }
}

static void quote(const struct market *self, const struct quote *q, struct offer_list *out)
{
    struct hit *hits = NULL;
    const size_t n = quote_hits(&hits, q, MARKET_SPOT, UNIT_HOUR, self, out->arena);
    for (size_t i = 0; i < n; i++) {
        if (hits[i].reason)
            quote_missing(out, self, q, hits[i].reason);
        else
            add_variants(self, q, &hits[i], out);
    }
}

const struct market market_spot = {
    .id = MARKET_SPOT,
    .name = "spot",
    .label = N_("spot"),
    .interruptible = true,
    .quote = quote,
};
