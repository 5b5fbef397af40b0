/* Offers: what can be bought, in one form for every market. */
#ifndef PRICING_OFFER_H
#define PRICING_OFFER_H

#include "pricing/price_book.h"

/* An offer o is (instance type, region, zone, market variant) with its price per machine-hour. */
struct offer {
    const struct market *market;
    size_t type;               /* instance type of the book */
    const char *region, *zone; /* zone "": any zone of the region */
    /* Per machine-hour held, in the run's currency, discount and factors applied once;
     * subscription: the monthly or yearly price per hour, paid whether used or not. */
    struct ratio price_per_h;
    struct ratio list_per_h; /* the same before the user's discount (spot: equal to price_per_h) */
    double price;            /* ratio_value(price_per_h), for the LP */
    double hazard_per_h;     /* spot: reclaims per machine-hour from the book; NAN: not known */
    double protected_h;      /* spot: hours in which it cannot be reclaimed, 0 or 1 */
    double start_delay_h;    /* dn: until a replacement is there */
    int64_t billing_step_us; /* use is billed in whole steps of it; 0: not billed by use */
    double term_h;           /* shortest paid duration: 0, or 720 / 8760 for subscriptions */
    bool estimated; /* rests on an estimated row (ratio or amount) or on the stand-in cn-mainland */
    bool discounted;              /* the user's discount or override is in price_per_h */
    const struct price_row *row;  /* the row used; for ratio rows the on-demand row is `base` */
    const struct price_row *base; /* on-demand row under a ratio, or NULL */
};

/* What the scenario says about prices. */
struct offer_request {
    size_t n_places;
    /* Regions or zones that may be used; n_places 0: every mainland region of the built-in book and
     * every region in the user's own files. */
    const char *const *places;
    bool split_zones;          /* offers per zone even where the book prices the whole region */
    struct ratio discount;     /* fraction taken off list prices, e.g. 8/100 */
    size_t n_family_discounts; /* per family, instead of `discount` */
    const struct family_discount {
        const char *family;
        struct ratio discount;
    } * family_discounts;
    size_t n_overrides;
    const struct price_override {
        size_t type;
        enum market_id market;
        const char *place; /* "" = everywhere */
        struct ratio price;
        enum price_unit unit;
        enum currency currency;
        struct place at;
    } * overrides;
    enum currency currency; /* of the run */
    struct ratio
        fx_usd; /* CNY per USD; num 0: not given (a USD price is then unusable, with the reason) */
    struct ratio spot_price_factor;
};

struct offer_list;

/* What a market is asked to price: one instance type in one region or zone. */
struct quote {
    const struct price_book *book;
    const struct offer_request *request;
    size_t type;
    const char *region;
    const char *zone; /* "": the region, and those of its zones that have prices of their own */
};

/* A market: how its offers are made and how they behave. To add one: a file market_<name>.c and a
 * line in market_list.h. */
struct market {
    enum market_id id;
    const char *name;   /* key in scenario and price files: "on_demand" */
    const char *label;  /* N_(...) for tables */
    bool interruptible; /* can be reclaimed */
    bool prepaid;       /* paid whether used or not */
    bool discountable;  /* the user's discount applies */
    /* Adds the offers to `out`, or the reason why there are none. */
    void (*quote)(const struct market *self, const struct quote *q, struct offer_list *out);
};
struct offer_list {
    struct arena *arena;
    struct offer *items;
    size_t n;
    struct no_offer {
        size_t type;
        const char *region;
        const struct market *market;
        const char *reason;
        bool no_rate; /* it has a price, in a currency to which the request gives no rate */
    } * missing;
    size_t n_missing;
};

extern const struct market *const markets[];        /* ends with NULL */
const struct market *market_find(const char *name); /* NULL when unknown */
const struct market *market_by_id(enum market_id id);

/* Every offer the request allows, in a canonical order (type name, region, zone, market, variant).
 * Spot gives two variants where sold: first hour protected (the quoted price) and unprotected (0.9
 * of it, an estimate). What has no usable price is in out->missing with the reason, never in
 * silence. Errors: ERR_OFFER_PLACE, ERR_OFFER_OVERRIDE. */
MUST_USE enum err offers_make(struct offer_list *out, const struct price_book *b,
                              const struct offer_request *r, struct arena *a, struct diag *d);

/* The price row for (type, region, zone, market): zone row, else region row, else cn-mainland for
 * mainland regions (then *stand_in is true), else default ratio row; user rows go before built-in
 * ones. A region with prices for some zones only has none for the others. NULL: none, or known not
 * to be offered. Subscriptions: the monthly one first. */
const struct price_row *price_find(const struct price_book *b, size_t type, const char *region,
                                   const char *zone, enum market_id market, bool *stand_in);

/* A price in the run's currency; false when fx is missing or it overflows. */
bool price_convert(struct ratio *out, struct ratio price, enum currency from,
                   const struct offer_request *r);

#endif
