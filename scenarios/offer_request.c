#include "scenarios/offer_request.h"
#include "common/text.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

/* A factor the user wrote as a decimal with at most nine digits behind the point, exactly. */
static struct ratio ratio_of(double value)
{
    char text[64];
    struct ratio r = RATIO_ONE;
    snprintf(text, sizeof text, "%.9f", value);
    return ratio_parse(&r, text) ? r : RATIO_ONE;
}

static bool is_zone(const struct price_book *b, const char *place)
{
    const size_t region = place && *place ? book_region_find(b, place) : SIZE_MAX;
    return region != SIZE_MAX && strcmp(book_region(b, region)->name, place) != 0;
}

static bool zones_matter(const struct scenario *s, const struct price_book *b)
{
    for (size_t i = 0; i < s->regions.n; i++)
        if (is_zone(b, s->regions.items[i])) return true;
    for (size_t i = 0; i < s->n_limits; i++)
        if (is_zone(b, s->quota[i].place_name)) return true;
    for (size_t i = 0; i < s->n_stock; i++)
        if (is_zone(b, s->stock[i].place_name)) return true;
    for (size_t i = 0; i < s->n_stock_steps; i++)
        if (is_zone(b, s->stock_steps[i].place_name)) return true;
    return false;
}

static enum err check_place(const struct price_book *b, const char *place, struct place at,
                            struct diag *d)
{
    if (!place || !*place || book_region_find(b, place) != SIZE_MAX) return OK;
    const char *near = book_place_nearest(b, place);
    const enum err code =
        diag_error(d, ERR_PLACE_UNKNOWN, at, _("no region or zone is called \"%s\""), place);
    if (near) diag_fix(d, _("did you mean \"%s\"?"), near);
    return code;
}

/* TYPE/market or TYPE/market@place. */
static enum err read_override(struct price_override *out, const struct named_override *in,
                              const struct price_book *b, struct arena *a, struct diag *d)
{
    const char *slash = strchr(in->key, '/'), *at = strchr(in->key, '@');
    assert(slash && (!at || at > slash)); /* the key has that form, else the scenario was refused */
    const char *type = arena_strndup(a, in->key, (size_t)(slash - in->key));
    const char *end = at ? at : in->key + strlen(in->key);
    const struct market *market =
        market_find(arena_strndup(a, slash + 1, (size_t)(end - slash - 1)));
    *out = (struct price_override){.type = book_type_find(b, type),
                                   .place = at ? at + 1 : "",
                                   .price = in->price.amount,
                                   .currency = in->price.currency,
                                   .at = in->at};
    if (out->type == SIZE_MAX) {
        const char *near = book_type_nearest(b, type);
        const enum err code =
            diag_error(d, ERR_OVERRIDE, in->at, _("no instance type is called \"%s\""), type);
        if (near) diag_fix(d, _("did you mean \"%s\"?"), near);
        return code;
    }
    if (!market) {
        const enum err code =
            diag_error(d, ERR_OVERRIDE, in->at, _("\"%s\" does not end in a market"), in->key);
        diag_fix(d, _("markets are on_demand, spot, autoscaled, subscription and savings_plan"));
        return code;
    }
    out->market = market->id;
    const enum money_per per = in->price.per;
    out->unit = per == PER_MONTH ? UNIT_MONTH : per == PER_YEAR ? UNIT_YEAR : UNIT_HOUR;
    if (per == PER_MONTH || per == PER_YEAR || per == PER_HOUR || per == PER_NONE)
        return check_place(b, out->place, in->at, d);
    const enum err code = diag_error(
        d, ERR_OVERRIDE, in->at, _("the price of \"%s\" is not per hour, month or year"), in->key);
    diag_fix(d, _("write for example ¥9.8/h"));
    return code;
}

static enum err read_overrides(struct offer_request *r, const struct scenario *s,
                               const struct price_book *b, struct arena *a, struct diag *d)
{
    struct price_override *list = ARENA_NEW(a, struct price_override, s->n_overrides + 1);
    enum err first = OK;
    for (size_t i = 0; i < s->n_overrides; i++) {
        const enum err e = read_override(&list[i], &s->overrides[i], b, a, d);
        if (first == OK) first = e;
    }
    r->overrides = list;
    r->n_overrides = s->n_overrides;
    return first;
}

enum err scenario_offer_request(struct offer_request *r, const struct scenario *s,
                                const struct price_book *b, struct arena *a, struct diag *d)
{
    *r = (struct offer_request){
        .n_places = s->regions.n,
        .places = s->regions.items,
        .split_zones = zones_matter(s, b),
        .discount = s->discount,
        .n_family_discounts = s->n_family_discounts,
        .family_discounts = s->family_discounts,
        .currency = s->currency == CURRENCY_DEFAULT ? CURRENCY_CNY : s->currency,
        .fx_usd = s->has_fx ? s->fx_usd : RATIO_ZERO,
        .spot_price_factor =
            s->spot_price_factor.given ? ratio_of(s->spot_price_factor.base) : RATIO_ONE,
    };
    if (r->discount.den == 0) r->discount = RATIO_ZERO;
    if (r->fx_usd.den == 0) r->fx_usd = RATIO_ZERO;
    enum err first = OK;
    for (size_t i = 0; i < s->regions.n; i++) {
        const struct place at = s->regions.places ? s->regions.places[i] : (struct place){0};
        const enum err e = check_place(b, s->regions.items[i], at, d);
        if (first == OK) first = e;
    }
    const enum err e = read_overrides(r, s, b, a, d);
    return first == OK ? e : first;
}
