/* Prices that cannot be right: given twice, above on-demand, or old. */
#include "pricing/book.h"
#include "pricing/offer.h"
#include <math.h>
#include <string.h>

static const char *place_text(const struct price_row *row)
{
    return *row->zone ? row->zone : row->region;
}

static const char *market_text(const struct price_row *row)
{
    return market_by_id(row->market)->name;
}

/* --- the same price twice --- */

static bool same_price(const struct price_row *a, const struct price_row *b)
{
    struct ratio x, y;
    if (a->not_offered || b->not_offered) return a->not_offered == b->not_offered;
    if (a->is_ratio != b->is_ratio || a->currency != b->currency) return false;
    return price_per_h(&x, a) && price_per_h(&y, b) && ratio_cmp(x, y) == 0;
}

static void lint_pair(struct loader *l, const struct price_row *a, const struct price_row *b)
{
    const struct place first = a->origin.place;
    const char *type = l->book->types[b->type].name;
    if (same_price(a, b)) {
        if (!b->origin.user) return;
        diag_warning(l->diag, ERR_BOOK_DUPLICATE, b->origin.place,
                     _("the %s price of %s in %s is given twice"), market_text(b), type,
                     place_text(b));
        diag_fix(l->diag, _("take one of the two rows out; the other is line %zu of %s"),
                 first.line, first.source->path);
        return;
    }
    diag_error(l->diag, ERR_BOOK_DUPLICATE, b->origin.place,
               _("the %s price of %s in %s is another one in line %zu of %s"), market_text(b), type,
               place_text(b), first.line, first.source->path);
    diag_fix(l->diag, _("keep the right one"));
}

static void lint_duplicates(struct loader *l)
{
    const struct price_book *b = l->book;
    for (size_t i = 1; i < b->n_prices; i++) {
        const struct price_key *last = &b->keys[i - 1], *key = &b->keys[i];
        if (last->high != key->high || last->low != key->low) continue;
        lint_pair(l, price_row_at(b, last->row), price_row_at(b, key->row));
    }
}

static bool same_default(const struct default_row *a, const struct default_row *b)
{
    return strcmp(a->row.scope, b->row.scope) == 0 && a->row.market == b->row.market &&
           strcmp(a->row.region, b->row.region) == 0 && a->row.unit == b->row.unit &&
           a->row.origin.user == b->row.origin.user && a->has_price == b->has_price;
}

static void lint_defaults(struct loader *l)
{
    const struct price_book *b = l->book;
    for (size_t i = 0; i < b->n_defaults; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct price_row *row = &b->defaults[i].row, *other = &b->defaults[j].row;
            if (!same_default(&b->defaults[i], &b->defaults[j])) continue;
            diag_error(l->diag, ERR_BOOK_DUPLICATE, row->origin.place,
                       _("default:%s is given for the market %s in line %zu of %s already"),
                       row->scope, market_text(row), other->origin.place.line,
                       other->origin.place.source->path);
            diag_fix(l->diag, _("keep the right one"));
        }
    }
}

/* --- dearer than on-demand --- */

static void say_dearer(struct loader *l, const struct price_row *row, struct ratio price,
                       const struct price_row *base)
{
    char shown[32], base_shown[32];
    struct ratio base_price = base->price;
    const char *currency = row->currency == CURRENCY_USD ? "USD" : "CNY";
    if (!price_per_h(&base_price, base)) return;
    price_print(shown, sizeof shown, price);
    price_print(base_shown, sizeof base_shown, base_price);
    if (row->market == MARKET_SPOT) {
        diag_error(l->diag, ERR_LINT_SPOT, row->origin.place,
                   _("spot costs %s %s/h, on-demand only %s (line %zu of %s)"), currency, shown,
                   base_shown, base->origin.place.line, base->origin.place.source->path);
    } else {
        diag_error(l->diag, ERR_LINT_SUBSCRIPTION, row->origin.place,
                   _("the subscription costs %s %s/h, on-demand only %s (line %zu of %s)"),
                   currency, shown, base_shown, base->origin.place.line,
                   base->origin.place.source->path);
    }
    diag_fix(l->diag, _("correct the price, unit or market; if it is right, say why in a column "
                        "`checked`"));
}

/* Both prices are the user's, and the spot price is what on-demand is known to cost: the two rows were swapped. */
static bool say_swapped(struct loader *l, const struct price_row *row, struct ratio price,
                        const struct price_row *base)
{
    const double as_known = 0.3;
    if (row->market != MARKET_SPOT || !row->origin.user || !base->origin.user) return false;
    const double known_h = builtin_per_h(l->book, row, MARKET_ON_DEMAND, UNIT_HOUR);
    const double spot_h = ratio_value(price);
    if (row->currency != CURRENCY_CNY || !(fabs(spot_h / known_h - 1) <= as_known)) return false;
    diag_error(l->diag, ERR_LINT_MARKET, row->origin.place,
               _("%s: spot and on-demand are swapped: on-demand is known to cost %.4g, and so does "
                 "this; the other "
                 "price is in line %zu of %s"),
               l->book->types[row->type].name, known_h, base->origin.place.line,
               base->origin.place.source->path);
    diag_fix(l->diag, _("swap the two markets, or their prices"));
    return true;
}

static void lint_against_on_demand(struct loader *l, const struct price_row *row)
{
    struct ratio price, base_price;
    const bool compared = row->market == MARKET_SPOT || row->market == MARKET_SUBSCRIPTION;
    if (!compared || row->is_ratio || row->not_offered || row->checked) return;
    const struct price_row *base = price_base(l->book, row);
    if (!base || base->currency != row->currency) return;
    if (!price_per_h(&price, row) || !price_per_h(&base_price, base)) return;
    if (price_compare_rounded(price, base_price) <= 0) return;
    if (!say_swapped(l, row, price, base)) say_dearer(l, row, price, base);
}

void lint_prices(struct loader *l)
{
    lint_duplicates(l);
    lint_defaults(l);
    for (size_t i = 0; i < l->book->n_prices; i++) {
        lint_against_on_demand(l, price_row_at(l->book, i));
    }
}

/* --- age --- */

void age_count(struct loader *l, const struct origin *o)
{
    const double age_days = (double)(l->today - o->day) / (24.0 * (double)US_PER_H);
    l->n_dated++;
    if (age_days <= l->max_age_days) return;
    if (l->n_old == 0 || o->day < l->oldest.day) l->oldest = *o;
    l->n_old++;
}

void lint_ages(struct loader *l)
{
    if (l->n_old > 0 && l->user) {
        diag_warning(
            l->diag, ERR_LINT_STALE, l->oldest.place,
            _("%zu of %zu prices of this file are older than %.0f days; the oldest is of %s"),
            l->n_old, l->n_dated, l->max_age_days, l->oldest.date);
    } else if (l->n_old > 0) {
        diag_warning(l->diag, ERR_LINT_STALE, (struct place){0},
                     _("%zu of %zu built-in prices are older than %.0f days; the oldest is of %s"),
                     l->n_old, l->n_dated, l->max_age_days, l->oldest.date);
    }
    if (l->n_old > 0) {
        diag_fix(l->diag, _("give current prices with `catalog.prices`, or a longer "
                            "`catalog.max_age`"));
    }
    l->n_dated = l->n_old = 0;
}
