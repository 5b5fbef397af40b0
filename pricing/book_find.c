/* Which price row holds: own rows before stand-ins, the user's before built-in ones. */
#include "pricing/book.h"
#include "pricing/offer.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bits of price_key.low: market, term, place number of the zone, 1 for built-in rows. */
enum { MARKET_SHIFT = 60, UNIT_SHIFT = 56, ZONE_SHIFT = 8, TYPE_SHIFT = 32 };

/* Spot prices are published with three decimals: an equal price may differ by half of the last. */
static const struct ratio spot_rounding = {1, 2000};

struct price_row *price_row_at(const struct price_book *b, size_t row)
{
    assert(row < b->n_prices);
    return &b->chunks[row / ROWS_PER_CHUNK].slots[row % ROWS_PER_CHUNK].row;
}

static uint64_t market_bits(enum market_id market, enum price_unit unit)
{
    const enum price_unit term = market == MARKET_SUBSCRIPTION ? unit : UNIT_HOUR;
    return (uint64_t)market << MARKET_SHIFT | (uint64_t)term << UNIT_SHIFT;
}

static int key_compare(const struct price_key *a, const struct price_key *b)
{
    if (a->high != b->high) return a->high < b->high ? -1 : 1;
    if (a->low != b->low) return a->low < b->low ? -1 : 1;
    return 0;
}

static int key_order(const void *a, const void *b)
{
    const struct price_key *x = a, *y = b;
    const int keys = key_compare(x, y);
    return keys != 0 ? keys : (x->row > y->row) - (x->row < y->row);
}

/* First key of [first, last) that is not below `wanted`. */
static size_t key_lower_bound(const struct price_book *b, size_t first, size_t last,
                              const struct price_key *wanted)
{
    while (first < last) {
        const size_t middle = first + (last - first) / 2;
        if (key_compare(&b->keys[middle], wanted) < 0)
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

/* Keys of every row of one type, region, market and term, whatever the zone. */
struct range {
    size_t first, last;
    struct price_key key; /* of the zone with number 0 */
};

static struct range range_find(const struct price_book *b, const struct price_wanted *w,
                               const char *region)
{
    struct range r = {0};
    const size_t number = names_find(&b->places, region);
    if (number == SIZE_MAX) return r;
    r.key.high = (uint64_t)w->type << TYPE_SHIFT | number;
    r.key.low = market_bits(w->market, w->unit);
    r.first = key_lower_bound(b, 0, b->n_prices, &r.key);
    struct price_key behind = r.key;
    behind.low += UINT64_C(1) << UNIT_SHIFT;
    r.last = r.first;
    size_t step = 1; /* ranges are short: look a little ahead before searching */
    while (r.last < b->n_prices && key_compare(&b->keys[r.last], &behind) < 0) {
        r.last = r.last + step < b->n_prices ? r.last + step : b->n_prices;
        step *= 2;
    }
    r.last = key_lower_bound(b, r.first, r.last, &behind);
    return r;
}

static const struct price_row *range_row(const struct price_book *b, const struct range *r,
                                         size_t zone, bool user)
{
    struct price_key key = r->key;
    key.low |= (uint64_t)zone << ZONE_SHIFT | (user ? 0 : 1);
    const size_t i = key_lower_bound(b, r->first, r->last, &key);
    const bool found = i < r->last && key_compare(&b->keys[i], &key) == 0;
    return found ? price_row_at(b, b->keys[i].row) : NULL;
}

/* The row of the zone, else of the region. */
static const struct price_row *range_own(const struct price_book *b, const struct range *r,
                                         const char *zone, bool user)
{
    const size_t number = *zone ? names_find(&b->places, zone) : PLACE_REGION;
    const struct price_row *row = number == SIZE_MAX ? NULL : range_row(b, r, number, user);
    return row || !*zone ? row : range_row(b, r, PLACE_REGION, user);
}

static bool default_fits(const struct default_row *d, const struct price_book *b, size_t type,
                         const char *region)
{
    const struct instance_type *t = &b->types[type];
    const bool here = strcmp(d->row.region, "any") == 0 || strcmp(d->row.region, region) == 0 ||
                      (strcmp(d->row.region, "cn-mainland") == 0 && region_is_mainland(region));
    if (!here) return false;
    switch (d->rank) {
    case DEFAULT_ANY:
        return true;
    case DEFAULT_ALL:
        return d->for_gpus == (t->gpu != NO_GPU);
    case DEFAULT_GPU:
        return d->gpu == t->gpu;
    case DEFAULT_FAMILY:
        return strcmp(d->row.scope, t->family) == 0;
    case DEFAULT_GPU_FAMILY:
        break;
    }
    if (t->gpu == NO_GPU) return false;
    const size_t length = strlen(d->row.scope);
    const char *key = b->gpus[t->gpu].key;
    return strncmp(key, d->row.scope, length) == 0 && key[length] == '-';
}

/* The user's rows go first, then the more specific ones. */
static bool default_beats(const struct default_row *d, const struct default_row *best)
{
    if (!best) return true;
    if (d->row.origin.user != best->row.origin.user) return d->row.origin.user;
    return d->rank > best->rank;
}

static const struct price_row *default_find(const struct price_book *b,
                                            const struct price_wanted *w)
{
    const struct default_row *best = NULL;
    for (size_t i = 0; i < b->n_defaults; i++) {
        const struct default_row *d = &b->defaults[i];
        const bool fits =
            d->has_price && d->row.market == w->market &&
            market_bits(d->row.market, d->row.unit) == market_bits(w->market, w->unit) &&
            default_fits(d, b, w->type, w->region);
        if (fits && default_beats(d, best)) best = d;
    }
    return best ? &best->row : NULL;
}

double price_hazard(const struct price_book *b, size_t type, const char *region)
{
    const struct default_row *best = NULL;
    for (size_t i = 0; i < b->n_defaults; i++) {
        const struct default_row *d = &b->defaults[i];
        const bool fits = !isnan(d->row.hazard_per_h) && default_fits(d, b, type, region);
        if (fits && default_beats(d, best)) best = d;
    }
    return best ? best->row.hazard_per_h : (double)NAN;
}

const struct price_row *price_find_term(const struct price_book *b, const struct price_wanted *w,
                                        bool *stand_in)
{
    *stand_in = false;
    const struct range own = range_find(b, w, w->region);
    for (int built_in = 0; built_in < 2; built_in++) {
        const struct price_row *row = range_own(b, &own, w->zone, built_in == 0);
        if (row) return row;
    }
    if (own.first < own.last) return NULL; /* priced in other zones only */
    if (region_is_mainland(w->region)) {
        const struct range mainland = range_find(b, w, "cn-mainland");
        *stand_in = mainland.first < mainland.last;
        for (int built_in = 0; built_in < 2; built_in++) {
            const struct price_row *row = range_row(b, &mainland, PLACE_REGION, built_in == 0);
            if (row) return row;
        }
    }
    return default_find(b, w);
}

const struct price_row *price_find(const struct price_book *b, size_t type, const char *region,
                                   const char *zone, enum market_id market, bool *stand_in)
{
    struct price_wanted w = {
        .type = type,
        .region = region,
        .zone = zone,
        .market = market == MARKET_AUTOSCALED ? MARKET_ON_DEMAND : market,
        .unit = market == MARKET_SUBSCRIPTION ? UNIT_MONTH : UNIT_HOUR,
    };
    const struct price_row *row = price_find_term(b, &w, stand_in);
    if (!row && market == MARKET_SUBSCRIPTION) {
        w.unit = UNIT_YEAR;
        row = price_find_term(b, &w, stand_in);
    }
    return row && !row->not_offered ? row : NULL;
}

static int zone_order(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t price_zones(const struct price_book *b, const struct price_wanted *w, const char ***zones,
                   struct arena *a)
{
    const struct range r = range_find(b, w, w->region);
    const char **found = r.last > r.first ? ARENA_NEW(a, const char *, r.last - r.first) : NULL;
    size_t n = 0;
    for (size_t i = r.first; i < r.last; i++) {
        const struct price_row *row = price_row_at(b, b->keys[i].row);
        const bool again = n > 0 && found[n - 1] == row->zone;
        if (*row->zone && !again) found[n++] = row->zone;
    }
    if (n > 1) qsort(found, n, sizeof *found, zone_order);
    *zones = found;
    return n;
}

bool price_per_h(struct ratio *out, const struct price_row *row)
{
    static const int64_t hours[] = {
        [UNIT_HOUR] = 1, [UNIT_MONTH] = HOURS_PER_MONTH, [UNIT_YEAR] = HOURS_PER_YEAR};
    *out = row->price;
    if (row->is_ratio) return true;
    return ratio_div(out, row->price, (struct ratio){hours[row->unit], 1});
}

const struct price_row *price_builtin(const struct price_book *b, const struct price_wanted *w)
{
    const struct range own = range_find(b, w, w->region);
    return range_own(b, &own, w->zone, false);
}

const struct price_row *price_base(const struct price_book *b, const struct price_row *row)
{
    bool stand_in = false;
    const struct price_wanted w = {
        .type = row->type, .region = row->region, .zone = row->zone, .market = MARKET_ON_DEMAND};
    const struct price_row *base =
        row->origin.user ? price_find_term(b, &w, &stand_in) : price_builtin(b, &w);
    return base && !stand_in && !base->not_offered ? base : NULL;
}

int price_compare_rounded(struct ratio price, struct ratio base)
{
    struct ratio upper, lower;
    if (!ratio_add(&upper, base, spot_rounding)) return ratio_cmp(price, base);
    if (!ratio_add(&lower, base, (struct ratio){-spot_rounding.num, spot_rounding.den})) {
        return ratio_cmp(price, base);
    }
    return ratio_cmp(price, upper) > 0 ? 1 : ratio_cmp(price, lower) < 0 ? -1 : 0;
}

static void mark_no_stock(const struct price_book *b, struct price_row *row)
{
    struct ratio price, base_price;
    if (row->market != MARKET_SPOT || row->is_ratio || row->not_offered) return;
    const struct price_row *base = price_base(b, row);
    if (!base || base->currency != row->currency) return;
    if (!price_per_h(&price, row) || !price_per_h(&base_price, base)) return;
    row->no_stock = price_compare_rounded(price, base_price) == 0;
}

void price_index(struct price_book *b)
{
    b->keys = ARENA_NEW(b->arena, struct price_key, b->n_prices);
    for (size_t i = 0; i < b->n_prices; i++) {
        const struct price_slot *slot = &b->chunks[i / ROWS_PER_CHUNK].slots[i % ROWS_PER_CHUNK];
        const struct price_row *row = &slot->row;
        b->keys[i] = (struct price_key){.high = (uint64_t)row->type << TYPE_SHIFT | slot->region,
                                        .low = market_bits(row->market, row->unit) |
                                               (uint64_t)slot->zone << ZONE_SHIFT |
                                               (row->origin.user ? 0 : 1),
                                        .row = i};
    }
    if (b->n_prices > 1) qsort(b->keys, b->n_prices, sizeof *b->keys, key_order);
    for (size_t i = 0; i < b->n_prices; i++) mark_no_stock(b, price_row_at(b, i));
}
