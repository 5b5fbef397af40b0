/* Every offer of the places a request allows. */
#include "pricing/book.h"
#include "pricing/quote.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A region, or one of its zones. */
struct site {
    const char *region, *zone;
};
struct sites {
    struct arena *arena;
    struct site *items;
    size_t n;
};

static void site_add(struct sites *s, const char *region, const char *zone)
{
    for (size_t i = 0; i < s->n; i++) {
        const bool same = strcmp(s->items[i].region, region) == 0;
        if (same && (!*s->items[i].zone || strcmp(s->items[i].zone, zone) == 0)) return;
    }
    *ARENA_PUSH(s->arena, s->items, s->n) = (struct site){region, zone};
}

static void region_sites(struct sites *s, const struct region *r, bool split)
{
    if (!split || r->n_zones == 0) {
        site_add(s, r->name, "");
        return;
    }
    for (size_t z = 0; z < r->n_zones; z++) site_add(s, r->name, r->zones[z]);
}

/* Without a list: every mainland region of the built-in book, every region in the user's files. */
static void default_sites(struct sites *s, const struct price_book *b,
                          const struct offer_request *r)
{
    const bool mainland = b->builtin || b->user_mainland;
    for (size_t i = 0; i < b->n_regions; i++) {
        const struct region *region = &b->regions[i].region;
        if (region->user || (mainland && region->mainland)) region_sites(s, region, r->split_zones);
    }
}

/* Regions first: a zone of a region that is listed too adds nothing. */
static void listed_sites(struct sites *s, const struct price_book *b, const struct offer_request *r)
{
    for (int zones = 0; zones < 2; zones++) {
        for (size_t i = 0; i < r->n_places; i++) {
            const struct region *region = book_region(b, book_region_find(b, r->places[i]));
            const bool is_zone = strcmp(region->name, r->places[i]) != 0;
            if (is_zone != (zones == 1)) continue;
            if (is_zone)
                site_add(s, region->name, r->places[i]);
            else
                region_sites(s, region, r->split_zones);
        }
    }
}

static void place_check(const struct price_book *b, const char *place, struct place at,
                        struct diag *d)
{
    if (book_region_find(b, place) != SIZE_MAX) return;
    diag_error(d, ERR_OFFER_PLACE, at, _("\"%s\" is no region or zone of the price book"), place);
    const char *nearest = book_place_nearest(b, place);
    if (nearest)
        diag_fix(d, _("write \"%s\" if that is meant"), nearest);
    else
        diag_fix(d, _("name a region of the book, or give prices for this one"));
}

static enum err request_check(const struct price_book *b, const struct offer_request *r,
                              struct diag *d)
{
    const size_t errors_before = d->n_errors;
    for (size_t i = 0; i < r->n_places; i++) place_check(b, r->places[i], (struct place){0}, d);
    for (size_t i = 0; i < r->n_overrides; i++) {
        const struct price_override *o = &r->overrides[i];
        assert(o->type < b->n_types && o->market < N_MARKETS);
        if (*o->place) place_check(b, o->place, o->at, d);
        if (o->price.num < 0) {
            diag_error(d, ERR_OFFER_OVERRIDE, o->at, _("the price is negative"));
            diag_fix(d, _("write what one machine costs"));
        } else if (o->market == MARKET_SUBSCRIPTION && o->unit == UNIT_HOUR) {
            diag_error(d, ERR_OFFER_OVERRIDE, o->at,
                       _("a subscription is priced by the month or year, not by the hour"));
            diag_fix(d, _("write the price of the whole term, such as ¥4575.66/month"));
        }
    }
    return d->n_errors > errors_before ? d->code : OK;
}

/* Offers know their book through the context of the comparison only. */
struct order_context {
    const struct price_book *book;
};

static int offer_order(const void *a, const void *b, void *context)
{
    const struct price_book *book = ((const struct order_context *)context)->book;
    const struct offer *x = a, *y = b;
    int order = 0;
    if (x->type != y->type) order = strcmp(book->types[x->type].name, book->types[y->type].name);
    if (order == 0) order = strcmp(x->region, y->region);
    if (order == 0) order = strcmp(x->zone, y->zone);
    if (order == 0) order = (int)x->market->id - (int)y->market->id;
    if (order == 0) order = (x->term_h > y->term_h) - (x->term_h < y->term_h);
    if (order == 0) order = (x->protected_h < y->protected_h) - (x->protected_h > y->protected_h);
    return order;
}

enum err offers_make(struct offer_list *out, const struct price_book *b,
                     const struct offer_request *r, struct arena *a, struct diag *d)
{
    struct sites sites = {.arena = a};
    *out = (struct offer_list){.arena = a};
    TRY(request_check(b, r, d));
    if (r->n_places > 0)
        listed_sites(&sites, b, r);
    else
        default_sites(&sites, b, r);
    for (size_t type = 0; type < b->n_types; type++) {
        for (size_t i = 0; i < sites.n; i++) {
            const struct quote q = {b, r, type, sites.items[i].region, sites.items[i].zone};
            for (const struct market *const *m = markets; *m; m++) (*m)->quote(*m, &q, out);
        }
    }
    if (out->n > 1) {
        struct order_context context = {b};
        qsort_r(out->items, out->n, sizeof *out->items, offer_order, &context);
    }
    return OK;
}
