#include "common/quantity.h"
#include "common/text.h"
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_NUMBER_BYTES = 64,  /* of a number as written; more digits mean nothing */
    MAX_EXPONENT_DIGITS = 3 /* a double has no more */
};

/* clang-format off */
static const struct unit {
    enum dimension dimension;
    const char *symbol;
    struct ratio factor; /* canonical units per symbol */
} units[] = {
    {PLAIN,          "",         {1, 1}},
    {COUNT_SI,       "",         {1, 1}},
    {COUNT_SI,       "k",        {1000, 1}},
    {COUNT_SI,       "M",        {1000000, 1}},
    {COUNT_SI,       "B",        {1000000000, 1}},
    {COUNT_SI,       "T",        {1000000000000, 1}},
    {DURATION_H,     "ms",       {1, 3600000}},
    {DURATION_H,     "s",        {1, 3600}},
    {DURATION_H,     "min",      {1, 60}},
    {DURATION_H,     "h",        {1, 1}},
    {DURATION_H,     "d",        {24, 1}},
    {DURATION_H,     "w",        {168, 1}},
    {DURATION_H,     "month",    {HOURS_PER_MONTH, 1}},
    {SIZE_GIB,       "MB",       {1, 1024}},
    {SIZE_GIB,       "MiB",      {1, 1024}},
    {SIZE_GIB,       "GB",       {1, 1}},
    {SIZE_GIB,       "GiB",      {1, 1}},
    {SIZE_GIB,       "TB",       {1024, 1}},
    {SIZE_GIB,       "TiB",      {1024, 1}},
    {SIZE_GIB,       "PB",       {1048576, 1}},
    {SIZE_GIB,       "PiB",      {1048576, 1}},
    {BANDWIDTH_MBPS, "MB/s",     {1, 1}},
    {BANDWIDTH_MBPS, "GB/s",     {1024, 1}},
    {RATE_PER_H,     "/s",       {3600, 1}},
    {RATE_PER_H,     "/min",     {60, 1}},
    {RATE_PER_H,     "/h",       {1, 1}},
    {RATE_PER_H,     "/d",       {1, 24}},
    {RATE_PER_H,     "/month",   {1, HOURS_PER_MONTH}},
    {PERCENT_FRAC,   "%",        {1, 100}},
    {TIMES,          "x",        {1, 1}},
    {GROWTH,         "%/month",  {1, 100}},
    {NUMBER_FRAC,    "",         {1, 1}},
    {NUMBER_FRAC,    "%",        {1, 100}},
};

#define DIGITS "[0-9]+(\\.[0-9]+)?"
static const struct {
    bool sign, exponent; /* may the number have one */
    const char *pattern, *expected;
} dimensions[] = {
    [PLAIN]          = {false, true,  "^" DIGITS "([eE][+-]?[0-9]+)?$",
                        N_("a plain number, for example 12.5")},
    [COUNT_SI]       = {false, false, "^" DIGITS "[kMBT]?$",
                        N_("a count, for example 250, 30k, 7B or 1.5T")},
    [DURATION_H]     = {false, false, "^" DIGITS "(ms|s|min|h|d|w|month)$",
                        N_("a length of time with its unit, for example 90min")},
    [SIZE_GIB]       = {false, false, "^" DIGITS "(MB|GB|TB|PB|MiB|GiB|TiB|PiB)$",
                        N_("a size with its unit, for example 80GB")},
    [BANDWIDTH_MBPS] = {false, false, "^" DIGITS "(MB|GB)/s$",
                        N_("a throughput with its unit, for example 750MB/s")},
    [RATE_PER_H]     = {false, false, "^" DIGITS "/(s|min|h|d|month)$",
                        N_("a rate with its unit, for example 40/s")},
    [PERCENT_FRAC]   = {false, false, "^" DIGITS "%$",
                        N_("a percentage with its sign, for example 30%")},
    [TIMES]          = {false, false, "^" DIGITS "x$",
                        N_("a factor, for example 1.3x")},
    [GROWTH]         = {true,  false, "^-?" DIGITS "%/month$",
                        N_("a growth per month, for example 5%/month")},
    [NUMBER_FRAC]    = {false, true,  "^" DIGITS "([eE][+-]?[0-9]+)?%?$",
                        N_("a plain number or a percentage, for example 0.3 or 30%")},
};
/* clang-format on */

/* A number as written, cut from its unit. */
struct number {
    bool negative;
    const char *digits;         /* decimal text without its sign */
    size_t n_bytes, n_decimals; /* of `digits`, the point included; behind the point */
    long exponent;
    bool has_exponent;
};

static size_t count_digits(const char *text)
{
    size_t n = 0;
    while (text[n] >= '0' && text[n] <= '9') n++;
    return n;
}

/* Reads e[+-]digits at `text`; returns its bytes, 0 when there is none. */
static size_t exponent_scan(long *exponent, const char *text)
{
    if (*text != 'e' && *text != 'E') return 0;
    const bool sign = text[1] == '+' || text[1] == '-';
    const char *digits = text + 1 + sign;
    const size_t n = count_digits(digits);
    if (n == 0 || n > MAX_EXPONENT_DIGITS) return 0;
    long value = 0;
    for (size_t i = 0; i < n; i++) value = value * 10 + (digits[i] - '0');
    *exponent = text[1] == '-' ? -value : value;
    return 1 + sign + n;
}

/* Reads [-]digits[.digits][e[+-]digits]; returns what is behind it, NULL when it is no number. */
static const char *number_scan(struct number *x, const char *text, bool sign, bool exponent)
{
    *x = (struct number){.negative = sign && *text == '-'};
    x->digits = text + x->negative;
    const size_t n_whole = count_digits(x->digits);
    if (n_whole == 0) return NULL;
    x->n_bytes = n_whole;
    if (x->digits[n_whole] == '.') {
        x->n_decimals = count_digits(x->digits + n_whole + 1);
        if (x->n_decimals == 0) return NULL;
        x->n_bytes += 1 + x->n_decimals;
    }
    if (x->n_bytes >= MAX_NUMBER_BYTES) return NULL;
    const char *rest = x->digits + x->n_bytes;
    const size_t n_exponent = exponent ? exponent_scan(&x->exponent, rest) : 0;
    x->has_exponent = n_exponent > 0;
    return rest + n_exponent;
}

/* Short numbers, which most are: the digits as a whole number, to be divided by *scale, a power of ten. False: it is long. */
static bool number_short(int64_t *whole, int64_t *scale, const struct number *x)
{
    enum { MOST_BYTES = 16 }; /* below 2^53, and so is the power of ten */
    if (x->has_exponent || x->n_bytes >= MOST_BYTES) return false;
    *whole = 0;
    *scale = 1;
    for (size_t i = 0; i < x->n_bytes; i++)
        if (x->digits[i] != '.') *whole = *whole * 10 + (x->digits[i] - '0');
    for (size_t i = 0; i < x->n_decimals; i++) *scale *= 10;
    if (x->negative) *whole = -*whole;
    return true;
}

/* A short number times a factor, rounded once like the exact fraction; false: look at the fraction itself. */
static bool short_value(double *value, const struct number *x, struct ratio factor)
{
    const int64_t exact = INT64_C(1) << 53;
    int64_t whole, scale;
    if (!number_short(&whole, &scale, x)) return false;
    if (__builtin_mul_overflow(whole, factor.num, &whole) ||
        __builtin_mul_overflow(scale, factor.den, &scale))
        return false;
    if (whole < -exact || whole > exact || scale > exact) return false;
    *value = (double)whole / (double)scale;
    return true;
}

/* The number as an exact fraction; false when that does not fit. */
static bool number_ratio(struct ratio *r, const struct number *x)
{
    char text[MAX_NUMBER_BYTES];
    if (x->has_exponent) return false;
    memcpy(text, x->digits, x->n_bytes);
    text[x->n_bytes] = '\0';
    if (!ratio_parse(r, text)) return false;
    if (x->negative) r->num = -r->num;
    return true;
}

/* The nearest double. The digits are handed to strtod without their point, so no locale can
 * change them. */
static bool number_double(double *value, const struct number *x)
{
    char text[MAX_NUMBER_BYTES + 24];
    size_t n = 0;
    for (size_t i = 0; i < x->n_bytes; i++)
        if (x->digits[i] != '.') text[n++] = x->digits[i];
    snprintf(text + n, sizeof text - n, "e%ld", x->exponent - (long)x->n_decimals);
    errno = 0;
    const double magnitude = strtod(text, NULL);
    if (errno != 0 || !isfinite(magnitude))
        return false; /* too large, or so small that digits are lost */
    *value = x->negative ? -magnitude : magnitude;
    return true;
}

static const struct unit *unit_find(enum dimension dimension, const char *symbol)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].dimension == dimension && units[i].symbol[0] == symbol[0] &&
            strcmp(units[i].symbol, symbol) == 0)
            return &units[i];
    return NULL;
}

bool quantity_parse(double *value, const char *text, enum dimension dimension)
{
    struct number x;
    struct ratio exact;
    const char *symbol =
        number_scan(&x, text, dimensions[dimension].sign, dimensions[dimension].exponent);
    const struct unit *unit = symbol ? unit_find(dimension, symbol) : NULL;
    if (!unit) return false;
    if (short_value(value, &x, unit->factor)) return true;
    if (number_ratio(&exact, &x) && ratio_mul(&exact, exact, unit->factor)) {
        *value = ratio_value(exact);
        return true;
    }
    double number;
    if (!number_double(&number, &x)) return false;
    number = number * (double)unit->factor.num / (double)unit->factor.den;
    if (!isfinite(number)) return false;
    *value = number;
    return true;
}

bool duration_us_parse(int64_t *us, const char *text)
{
    struct number x;
    struct ratio exact;
    const char *symbol = number_scan(&x, text, false, false);
    const struct unit *unit = symbol ? unit_find(DURATION_H, symbol) : NULL;
    if (!unit) return false;
    /* every unit is a whole number of microseconds */
    const int64_t us_per_unit = US_PER_H / unit->factor.den * unit->factor.num;
    int64_t whole, scale;
    if (number_short(&whole, &scale, &x) && scale == 1 &&
        !__builtin_mul_overflow(whole, us_per_unit, &whole)) {
        *us = whole;
        return true;
    }
    const bool fits =
        number_ratio(&exact, &x) && ratio_mul(&exact, exact, (struct ratio){us_per_unit, 1});
    if (!fits) return false;
    const int64_t rest = exact.num % exact.den;
    *us = exact.num / exact.den + (rest >= exact.den - rest); /* halves up; never negative */
    return true;
}

const char *quantity_expected(enum dimension dimension)
{
    return _(dimensions[dimension].expected);
}

const char *quantity_pattern(enum dimension dimension)
{
    return dimensions[dimension].pattern;
}

static const struct {
    const char *symbol;
    enum currency currency;
} currencies[] = {
    {"\u00a5", CURRENCY_CNY}, {"\uffe5", CURRENCY_CNY}, {"CNY ", CURRENCY_CNY},
    {"$", CURRENCY_USD},      {"USD ", CURRENCY_USD},
};

static const struct {
    const char *symbol;
    enum money_per per;
} pers[] = {
    {"", PER_NONE},        {"/h", PER_HOUR},    {"/d", PER_DAY},
    {"/month", PER_MONTH}, {"/year", PER_YEAR}, {"/GB-month", PER_GB_MONTH},
};

/* Copies digits[,digits...][.digits] without its commas, which must stand before groups of
 * three. Returns what is behind it, NULL when it is no number. */
static const char *amount_scan(char amount[MAX_NUMBER_BYTES], const char *text)
{
    size_t n = count_digits(text);
    const size_t n_first = n;
    if (n == 0 || n >= MAX_NUMBER_BYTES) return NULL;
    memcpy(amount, text, n);
    text += n;
    while (*text == ',') {
        if (n_first > 3 || count_digits(text + 1) != 3 || n + 4 > MAX_NUMBER_BYTES) return NULL;
        memcpy(amount + n, text + 1, 3);
        n += 3;
        text += 4;
    }
    if (*text == '.') {
        const size_t decimals = count_digits(text + 1);
        if (decimals == 0 || n + 1 + decimals >= MAX_NUMBER_BYTES) return NULL;
        memcpy(amount + n, text, 1 + decimals);
        n += 1 + decimals;
        text += 1 + decimals;
    }
    amount[n] = '\0';
    return text;
}

bool money_parse(struct money *m, const char *text)
{
    struct money money = {.currency = CURRENCY_DEFAULT};
    for (size_t i = 0; i < sizeof currencies / sizeof *currencies; i++) {
        const size_t n = strlen(currencies[i].symbol);
        if (strncmp(text, currencies[i].symbol, n) != 0) continue;
        money.currency = currencies[i].currency;
        text += n;
        break;
    }
    char amount[MAX_NUMBER_BYTES];
    const char *rest = amount_scan(amount, text);
    if (!rest || !ratio_parse(&money.amount, amount)) return false;
    for (size_t i = 0; i < sizeof pers / sizeof *pers; i++) {
        if (strcmp(rest, pers[i].symbol) != 0) continue;
        money.per = pers[i].per;
        *m = money;
        return true;
    }
    return false;
}
