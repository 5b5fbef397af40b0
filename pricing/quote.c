/* From rows to list prices in the run's currency: places, overrides, shares, exchange rates. */
#include "pricing/quote.h"
#include "pricing/book.h"
#include <math.h>
#include <string.h>

bool price_convert(struct ratio *out, struct ratio price, enum currency from,
                   const struct offer_request *r)
{
    const enum currency to = r->currency == CURRENCY_DEFAULT ? CURRENCY_CNY : r->currency;
    *out = price;
    if (from == CURRENCY_DEFAULT || from == to) return true;
    if (r->fx_usd.num <= 0) return false;
    return from == CURRENCY_USD ? ratio_mul(out, price, r->fx_usd)
                                : ratio_div(out, price, r->fx_usd);
}

static const char *no_rate_reason(enum currency from)
{
    return from == CURRENCY_USD ? _("its price is in USD, and no exchange rate is given")
                                : _("its price is in CNY, and no exchange rate is given");
}

static const char *convert_reason(enum currency from, const struct offer_request *r)
{
    const bool no_rate = r->fx_usd.num <= 0 && from != CURRENCY_DEFAULT;
    return no_rate ? no_rate_reason(from) : _("the amount is too large");
}

/* --- overrides --- */

/* 3 for the zone, 2 for the region, 1 for everywhere, 0 when it does not hold here. */
static int override_rank(const struct price_override *o, const struct quote *q,
                         enum market_id market, const char *zone)
{
    if (o->type != q->type || o->market != market) return 0;
    if (!*o->place) return 1;
    if (strcmp(o->place, q->region) == 0) return 2;
    return *zone && strcmp(o->place, zone) == 0 ? 3 : 0;
}

static const struct price_override *override_find(const struct quote *q, enum market_id market,
                                                  enum price_unit unit, const char *zone)
{
    const struct price_override *best = NULL;
    int best_rank = 0;
    for (size_t i = 0; i < q->request->n_overrides; i++) {
        const struct price_override *o = &q->request->overrides[i];
        const bool term = market != MARKET_SUBSCRIPTION || o->unit == unit;
        const int rank = term ? override_rank(o, q, market, zone) : 0;
        if (rank > best_rank) {
            best = o;
            best_rank = rank;
        }
    }
    return best;
}

/* --- one place --- */

static void hit_override(struct hit *h, const struct quote *q)
{
    const struct price_row as_row = {.price = h->override->price, .unit = h->override->unit};
    struct ratio price;
    if (!price_per_h(&price, &as_row)) {
        h->reason = _("the amount is too large");
    } else if (!price_convert(&h->list_per_h, price, h->override->currency, q->request)) {
        h->reason = convert_reason(h->override->currency, q->request);
    }
}

static bool row_is_estimate(const struct price_row *row, bool stand_in)
{
    return stand_in || confidence_is_estimate(row->origin.confidence);
}

/* A share of the on-demand list price. */
static void hit_share(struct hit *h, const struct quote *q)
{
    bool stand_in = false;
    struct ratio base, price;
    h->base = price_find(q->book, q->type, q->region, h->zone, MARKET_ON_DEMAND, &stand_in);
    if (!h->base) {
        h->reason = _("only a share of the on-demand price is known, and not that price");
        return;
    }
    h->estimated |= row_is_estimate(h->base, stand_in);
    if (!price_per_h(&base, h->base) || !ratio_mul(&price, base, h->row->price)) {
        h->reason = _("the amount is too large");
    } else if (!price_convert(&h->list_per_h, price, h->base->currency, q->request)) {
        h->reason = convert_reason(h->base->currency, q->request);
    }
}

static void hit_amount(struct hit *h, const struct quote *q)
{
    struct ratio price;
    if (!price_per_h(&price, h->row)) {
        h->reason = _("the amount is too large");
    } else if (!price_convert(&h->list_per_h, price, h->row->currency, q->request)) {
        h->reason = convert_reason(h->row->currency, q->request);
    }
}

static void hit_row(struct hit *h, const struct quote *q, const struct price_wanted *w,
                    bool elsewhere)
{
    bool stand_in = false;
    h->row = price_find_term(q->book, w, &stand_in);
    if (!h->row) {
        h->reason =
            elsewhere ? _("priced for other zones of the region only") : _("no price known");
    } else if (h->row->not_offered) {
        h->reason = _("not offered there when the prices were taken");
    } else if (h->row->no_stock) {
        h->no_stock = true;
        h->reason = _("no stock when the prices were taken: spot cost as much as on-demand");
    } else {
        h->estimated = row_is_estimate(h->row, stand_in);
        if (h->row->is_ratio)
            hit_share(h, q);
        else
            hit_amount(h, q);
    }
}

static struct hit hit_make(const struct quote *q, const struct price_wanted *w,
                           const struct market *self, bool elsewhere)
{
    struct hit h = {.zone = w->zone, .list_per_h = RATIO_ZERO};
    h.override = override_find(q, self->id, w->unit, w->zone);
    if (h.override)
        hit_override(&h, q);
    else
        hit_row(&h, q, w, elsewhere);
    return h;
}

/* --- all places of a quote --- */

/* Zones of the region that an override names and no row does. */
static size_t add_override_zones(const char **zones, size_t n, const struct quote *q,
                                 enum market_id market)
{
    const struct region *r = book_region(q->book, book_region_find(q->book, q->region));
    for (size_t i = 0; i < q->request->n_overrides; i++) {
        const struct price_override *o = &q->request->overrides[i];
        if (o->type != q->type || o->market != market || !*o->place) continue;
        if (strcmp(o->place, q->region) == 0) continue;
        const size_t region = book_region_find(q->book, o->place);
        bool known = region == SIZE_MAX || book_region(q->book, region) != r;
        for (size_t z = 0; z < n && !known; z++) known = strcmp(zones[z], o->place) == 0;
        if (!known) zones[n++] = o->place;
    }
    return n;
}

/* Does the region as a whole have a price: a row or override, or a stand-in as no zone has one? */
static bool region_has_hit(const struct quote *q, const struct price_wanted *w,
                           const struct market *self, size_t n_zones)
{
    bool stand_in = false;
    const struct price_wanted whole = {w->type, w->region, "", w->market, w->unit};
    if (n_zones == 0 || override_find(q, self->id, w->unit, "")) return true;
    return price_find_term(q->book, &whole, &stand_in) != NULL;
}

size_t quote_hits(struct hit **hits, const struct quote *q, enum market_id priced_as,
                  enum price_unit unit, const struct market *self, struct arena *a)
{
    struct price_wanted w = {q->type, q->region, q->zone, priced_as, unit};
    const char **rows = NULL;
    const size_t n_rows = price_zones(q->book, &w, &rows, a);
    if (*q->zone) {
        *hits = ARENA_NEW(a, struct hit, 1);
        (*hits)[0] = hit_make(q, &w, self, n_rows > 0);
        return 1;
    }
    const char **zones = ARENA_NEW(a, const char *, n_rows + q->request->n_overrides);
    if (n_rows > 0) memcpy(zones, rows, n_rows * sizeof *zones);
    size_t n = 0;
    *hits = ARENA_NEW(a, struct hit, n_rows + q->request->n_overrides + 1);
    const bool everywhere = override_find(q, self->id, unit, "") != NULL;
    const size_t n_zones = add_override_zones(zones, everywhere ? 0 : n_rows, q, self->id);
    if (region_has_hit(q, &w, self, n_rows)) (*hits)[n++] = hit_make(q, &w, self, n_rows > 0);
    for (size_t z = 0; z < n_zones; z++) {
        w.zone = zones[z];
        (*hits)[n++] = hit_make(q, &w, self, true);
    }
    return n;
}

bool quote_on_demand(struct ratio *out, const struct quote *q, const char *zone)
{
    bool stand_in = false;
    struct ratio price;
    const struct price_row *row =
        price_find(q->book, q->type, q->region, zone, MARKET_ON_DEMAND, &stand_in);
    return row && price_per_h(&price, row) && price_convert(out, price, row->currency, q->request);
}

/* --- offers --- */

void quote_missing(struct offer_list *out, const struct market *self, const struct quote *q,
                   const char *reason)
{
    *ARENA_PUSH(out->arena, out->missing, out->n_missing) = (struct no_offer){
        .type = q->type,
        .region = q->region,
        .market = self,
        .reason = reason,
        .no_rate = strcmp(reason, no_rate_reason(CURRENCY_USD)) == 0 ||
                   strcmp(reason, no_rate_reason(CURRENCY_CNY)) == 0,
    };
}

static struct ratio discount_of(const struct quote *q)
{
    const struct offer_request *r = q->request;
    const char *family = book_type(q->book, q->type)->family;
    for (size_t i = 0; i < r->n_family_discounts; i++) {
        if (strcmp(r->family_discounts[i].family, family) == 0)
            return r->family_discounts[i].discount;
    }
    return r->discount.den > 0 ? r->discount : RATIO_ZERO;
}

/* price = list x (1 - discount) */
static bool discount_apply(struct ratio *price, struct ratio list, struct ratio discount)
{
    struct ratio left;
    return ratio_add(&left, RATIO_ONE, (struct ratio){-discount.num, discount.den}) &&
           ratio_mul(price, list, left);
}

/* Of the row, of the row it is a share of, or of the type; spot is billed by the second whatever the type. */
static int64_t billing_step_us(const struct market *self, const struct quote *q,
                               const struct hit *h)
{
    if (h->row && h->row->billing_step_us) return h->row->billing_step_us;
    if (self->interruptible) return US_PER_H / 3600;
    if (h->base && h->base->billing_step_us) return h->base->billing_step_us;
    return book_type(q->book, q->type)->billing_step_us;
}

struct offer *quote_offer(struct offer_list *out, const struct market *self, const struct quote *q,
                          const struct hit *h)
{
    struct offer o = {.market = self, .type = q->type, .region = q->region, .zone = h->zone};
    const struct ratio discount = discount_of(q);
    o.list_per_h = o.price_per_h = h->list_per_h;
    o.discounted = h->override != NULL;
    if (self->discountable && !h->override && discount.num != 0) {
        o.discounted = true;
        if (!discount_apply(&o.price_per_h, o.list_per_h, discount)) {
            quote_missing(out, self, q, _("the amount is too large"));
            return NULL;
        }
    }
    o.price = ratio_value(o.price_per_h);
    o.estimated = h->estimated;
    o.billing_step_us = billing_step_us(self, q, h);
    o.row = h->row;
    o.base = h->base;
    struct offer *kept = ARENA_PUSH(out->arena, out->items, out->n);
    *kept = o;
    return kept;
}
