/* Prices of the user held against the built-in price of the same machine, market and term: mistakes that leave a factor behind
 * (fen for yuan, lost digits, dollars, one card, tax, another term) or that are another price of the book (of another market, of
 * another region). Each is called by its name. */
#include "pricing/book.h"
#include "pricing/offer.h"
#include <math.h>
#include <string.h>

static const struct known_limits {
    double same;             /* relative: the same price, rounded */
    double near;             /* relative: the same price, aged */
    double tax_digits;       /* how exactly a tax must be met */
    double cny_per_usd;      /* rough */
    double rate_spread;      /* of it, in a book of years */
    double least_spot_share; /* of on-demand: no vendor goes below */
    double usual_spot_share; /* of on-demand: from there on it is a spot price like others */
    double most_hazard_per_h;
} limits = {1e-4, 0.03, 5e-4, 7, 0.09, 0.02, 0.08, 2};

/* Factors that mistakes leave behind, as ranges. */
static const struct factor {
    double low, high;
    enum err code;
    const char *what;
} factors[] = {
    {0.008, 0.0125, ERR_LINT_CENTS,
     N_("%s: %.4g times its known price (%.4g CNY/h), as fen are to yuan")},
    {80, 125, ERR_LINT_CENTS,
     N_("%s: %.4g times its known price (%.4g CNY/h), as yuan are to fen")},
    {600, 800, ERR_LINT_UNIT,
     N_("%s: %.4g times its known price (%.4g CNY/h), as a month is to an hour")},
    {1.0 / 800, 1.0 / 600, ERR_LINT_UNIT,
     N_("%s: %.4g times its known price (%.4g CNY/h), as an hour is to a month")},
    {23, 25, ERR_LINT_UNIT,
     N_("%s: %.4g times its known price (%.4g CNY/h), as a day is to an hour")},
    {1.0 / 25, 1.0 / 23, ERR_LINT_UNIT,
     N_("%s: %.4g times its known price (%.4g CNY/h), as an hour is to a day")},
    {8400, 9200, ERR_LINT_UNIT,
     N_("%s: %.4g times its known price (%.4g CNY/h), as a year is to an hour")},
    {1.0 / 3800, 1.0 / 3400, ERR_LINT_UNIT,
     N_("%s: %.4g times its known price (%.4g CNY/h), as a second is to an hour")},
    {1.0 / 63, 1.0 / 57, ERR_LINT_UNIT,
     N_("%s: %.4g times its known price (%.4g CNY/h), as a minute is to an hour")},
    {0.00009, 0.00011, ERR_LINT_CENTS,
     N_("%s: %.4g times its known price (%.4g CNY/h), as if given in 10,000 yuan")},
    {0.0009, 0.0011, ERR_LINT_DIGITS,
     N_("%s: %.4g times its known price (%.4g CNY/h): three digits are lost")},
    {900, 1100, ERR_LINT_DIGITS,
     N_("%s: %.4g times its known price (%.4g CNY/h): three digits too many")},
};

/* A row of the user, and what is known of its machine. */
struct known {
    struct loader *loader;
    const struct price_row *row;
    const char *name;
    double price_h; /* CNY */
    double here_h;  /* the built-in price in the same place; NAN: none */
    double any_h;   /* there, or anywhere */
};

static double cny_per_h(const struct price_row *row)
{
    struct ratio price;
    if (row->is_ratio || row->not_offered || !price_per_h(&price, row) || price.num <= 0)
        return NAN;
    return ratio_value(price) * (row->currency == CURRENCY_USD ? limits.cny_per_usd : 1);
}

double builtin_per_h(const struct price_book *b, const struct price_row *row, enum market_id market,
                     enum price_unit unit)
{
    struct price_wanted w = {row->type, row->region, row->zone, market, unit};
    const struct price_row *found = price_builtin(b, &w);
    if (found) return cny_per_h(found);
    if (!region_is_mainland(row->region)) return NAN;
    w.region = "cn-mainland";
    w.zone = "";
    found = price_builtin(b, &w);
    return found ? cny_per_h(found) : (double)NAN;
}

static double builtin_anywhere(const struct price_book *b, const struct price_row *row)
{
    for (size_t i = 0; i < b->n_regions; i++) {
        const struct price_wanted w = {row->type, b->regions[i].region.name, "", row->market,
                                       row->unit};
        const struct price_row *found = price_builtin(b, &w);
        const double price = found ? cny_per_h(found) : (double)NAN;
        if (price > 0) return price;
    }
    return NAN;
}

static bool is_near(double price, double other, double within)
{
    return fabs(price - other) <= within * other;
}

static void say(const struct known *k, enum err code, const char *what, double known_h)
{
    /* the format is one of the literals here */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const struct place at = k->row->origin.place;
    const double times = k->price_h / known_h;
    const double factor = times > 1 ? times : 1 / times;
    const bool by_day_or_minute = (factor > 20 && factor < 70) || factor > 3000; /* or by chance */
    if (code == ERR_LINT_UNIT && !by_day_or_minute)
        diag_error(k->loader->diag, code, at, _(what), k->name, times, known_h);
    else
        diag_warning(k->loader->diag, code, at, _(what), k->name, times, known_h);
#pragma GCC diagnostic pop
    const bool usual = code == ERR_LINT_UNIT ? factor > 600 && factor < 800 : factor < 8000;
    if (!usual) diag_why(k->loader->diag, _("the plan would be wrong by this factor"));
    diag_fix(k->loader->diag,
             _("correct the price; if it is right, say why in a column `checked`"));
}

/* --- one mistake each --- */

static bool lint_factors(const struct known *k)
{
    const double times = k->price_h / k->any_h;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        if (!(times >= factors[i].low && times <= factors[i].high)) continue;
        say(k, factors[i].code, factors[i].what, k->any_h);
        return true;
    }
    return false;
}

static bool lint_currency(const struct known *k)
{
    const double times =
        k->row->currency == CURRENCY_USD ? k->price_h / k->any_h : k->any_h / k->price_h;
    if (!is_near(times, limits.cny_per_usd, limits.rate_spread)) return false;
    say(k, ERR_LINT_DOLLARS,
        k->row->currency == CURRENCY_USD
            ? N_("%s: %.4g times its known price (%.4g CNY/h): yuan given as dollars")
            : N_("%s: %.4g times its known price (%.4g CNY/h): dollars given as yuan"),
        k->any_h);
    return true;
}

/* The price of one card where the machine has several, or all of a larger machine's for one. */
static bool lint_card(const struct known *k)
{
    const struct instance_type *t = &k->loader->book->types[k->row->type];
    const double times = k->here_h / k->price_h;
    if (t->gpu == NO_GPU || t->gpus < 2 || !is_near(times, t->gpus, limits.near)) return false;
    say(k, ERR_LINT_CARD,
        N_("%s: %.4g times its known price (%.4g CNY/h): that of one of its GPUs"), k->here_h);
    return true;
}

static bool lint_term(const struct known *k)
{
    const double months = 12, spread = 0.3;
    if (k->row->market != MARKET_SUBSCRIPTION) return false;
    const enum price_unit other = k->row->unit == UNIT_YEAR ? UNIT_MONTH : UNIT_YEAR;
    double known_h = k->any_h;
    if (isnan(known_h)) known_h = builtin_per_h(k->loader->book, k->row, k->row->market, other);
    const double times = k->row->unit == UNIT_YEAR ? known_h / k->price_h : k->price_h / known_h;
    if (!is_near(times, months, spread)) return false;
    say(k, ERR_LINT_UNIT,
        k->row->unit == UNIT_YEAR
            ? N_("%s: %.4g times its known price (%.4g CNY/h): a month's given for a year")
            : N_("%s: %.4g times its known price (%.4g CNY/h): a year's given for a month"),
        known_h);
    return true;
}

/* An on-demand price that is another market's, or a monthly one that is 720 times on-demand. */
static bool lint_market(const struct known *k)
{
    const struct price_book *b = k->loader->book;
    const bool on_demand = k->row->market == MARKET_ON_DEMAND;
    if (!on_demand && k->row->market != MARKET_SUBSCRIPTION) return false;
    if (is_near(k->price_h, k->here_h, limits.near)) return false;
    const struct other {
        enum market_id market;
        enum price_unit unit;
        const char *what;
    } others[] = {
        {MARKET_SPOT, UNIT_HOUR,
         N_("%s: %.4g times its known price: it is the known spot price (%.4g CNY/h)")},
        {MARKET_SUBSCRIPTION, UNIT_MONTH,
         N_("%s: %.4g times its known price: it is the known monthly price (%.4g CNY/h)")},
        {MARKET_ON_DEMAND, UNIT_HOUR,
         N_("%s: %.4g times its known price: it is the known on-demand price (%.4g CNY/h)")},
    };
    for (size_t i = 0; i < 3; i++) {
        const double known_h = builtin_per_h(b, k->row, others[i].market, others[i].unit);
        if (others[i].market == k->row->market || !is_near(k->price_h, known_h, 10 * limits.same))
            continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        diag_warning(k->loader->diag, ERR_LINT_MARKET, k->row->origin.place, _(others[i].what),
                     k->name, k->price_h / k->here_h, known_h);
#pragma GCC diagnostic pop
        diag_fix(k->loader->diag, _("correct the price, unit or market; if it is right, say why in "
                                    "a column `checked`"));
        return true;
    }
    return false;
}

static bool lint_tax(const struct known *k)
{
    static const double taxes[] = {1.06, 1.13}; /* of services and of goods */
    const double times = k->price_h / k->here_h;
    for (size_t i = 0; i < 2; i++)
        for (int inverse = 0; inverse < 2; inverse++) {
            if (!is_near(inverse ? 1 / times : times, taxes[i], limits.tax_digits)) continue;
            say(k, ERR_LINT_TAX,
                inverse ? N_("%s: %.4g times its known price (%.4g CNY/h), as without tax")
                        : N_("%s: %.4g times its known price (%.4g CNY/h), as with tax"),
                k->here_h);
            return true;
        }
    return false;
}

/* To the digit the price of another region. */
static bool lint_region(const struct known *k)
{
    const struct price_book *b = k->loader->book;
    if (k->row->market == MARKET_SPOT || !(k->here_h > 0)) return false;
    if (is_near(k->price_h, k->here_h, limits.near)) return false;
    for (size_t i = 0; i < b->n_regions; i++) {
        const char *region = b->regions[i].region.name;
        const struct price_wanted w = {k->row->type, region, "", k->row->market, k->row->unit};
        const struct price_row *found = price_builtin(b, &w);
        if (!found || !is_near(k->price_h, cny_per_h(found), limits.same)) continue;
        diag_warning(k->loader->diag, ERR_LINT_REGION, k->row->origin.place,
                     _("%s: the price in %s is the known one of %s; there it is %.4g CNY/h"),
                     k->name, k->row->region, region, k->here_h);
        diag_fix(k->loader->diag,
                 _("correct the price; if it is right, say why in a column `checked`"));
        return true;
    }
    return false;
}

/* True also where the share of on-demand is a usual one, however far others are. */
static bool lint_spot(const struct known *k)
{
    const double listed = builtin_per_h(k->loader->book, k->row, MARKET_ON_DEMAND, UNIT_HOUR);
    const double share = k->price_h / listed;
    if (share >= limits.usual_spot_share && share <= 1) return true;
    if (!(share < limits.least_spot_share)) return false;
    diag_warning(k->loader->diag, ERR_LINT_CENTS, k->row->origin.place,
                 _("%s: spot at %.4g%% of on-demand (%.4g CNY/h); no vendor goes so low"), k->name,
                 100 * share, listed);
    diag_fix(k->loader->diag,
             _("correct the price; if it is right, say why in a column `checked`"));
    return true;
}

static void lint_hazard(struct loader *l, const struct price_row *row)
{
    if (!(row->hazard_per_h > limits.most_hazard_per_h)) return;
    diag_warning(l->diag, ERR_LINT_HAZARD, row->origin.place,
                 _("%s: %g reclaims per machine and hour"), l->book->types[row->type].name,
                 row->hazard_per_h);
    diag_fix(l->diag,
             _("3%% of machines in a month are 0.00004 an hour; if it is right, say why in "
               "a column `checked`"));
}

bool lint_known(struct loader *l, const struct price_row *row)
{
    if (row->checked || !l->book->builtin) return false;
    lint_hazard(l, row);
    struct known k = {.loader = l,
                      .row = row,
                      .name = l->book->types[row->type].name,
                      .price_h = cny_per_h(row),
                      .here_h = builtin_per_h(l->book, row, row->market, row->unit)};
    if (!(k.price_h > 0)) return false;
    if (row->market == MARKET_SPOT) return lint_spot(&k);
    if (is_near(k.price_h, k.here_h, limits.same)) return false;
    k.any_h = k.here_h > 0 ? k.here_h : builtin_anywhere(l->book, row);
    return lint_factors(&k) || lint_card(&k) || lint_currency(&k) || lint_term(&k) ||
           lint_market(&k) || lint_tax(&k) || lint_region(&k);
}
