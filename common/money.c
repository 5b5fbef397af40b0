#include "common/money.h"
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

enum {
    MICRO = 1000000,  /* micro-units in a unit */
    MICRO_DIGITS = 6, /* decimals of a micro-unit */
    MAX_DIGITS = 38,  /* decimal digits that always fit in 128 bits */
    PRICE_DIGITS = 4, /* least significant digits, and least decimals, of a unit price on screen */
};

static uint128 magnitude(int128 x)
{
    return x < 0 ? -(uint128)x : (uint128)x;
}

static uint128 greatest_divisor(uint128 a, uint128 b)
{
    while (b != 0) {
        const uint128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* Stores num/den reduced; false when it does not fit. */
static bool ratio_set(struct ratio *r, bool negative, uint128 num, uint128 den)
{
    const uint128 divisor = greatest_divisor(num, den);
    num /= divisor;
    den /= divisor;
    if (num > INT64_MAX || den > INT64_MAX) return false;
    *r = (struct ratio){negative ? -(int64_t)num : (int64_t)num, (int64_t)den};
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t count_digits(const char *text)
{
    size_t n = 0;
    while (is_digit(text[n])) n++;
    return n;
}

static uint128 append_digit(uint128 number, char digit)
{
    const unsigned value = (unsigned char)digit - (unsigned char)'0';
    return number * 10 + value;
}

bool ratio_parse(struct ratio *r, const char *text)
{
    const bool negative = *text == '-';
    const char *whole = text + negative;
    const size_t n_whole = count_digits(whole);
    const bool point = whole[n_whole] == '.';
    const char *decimals = whole + n_whole + point;
    const size_t n_decimals = point ? count_digits(decimals) : 0;
    if (n_whole == 0 || (point && n_decimals == 0) || decimals[n_decimals] != '\0') return false;

    size_t n_used = n_decimals; /* 9.50000 is 9.5: zeros at the end must not make it too large */
    while (n_used > 0 && decimals[n_used - 1] == '0') n_used--;
    size_t n_zeros = 0;
    while (n_zeros < n_whole && whole[n_zeros] == '0') n_zeros++;
    if (n_whole - n_zeros + n_used > MAX_DIGITS) return false;

    uint128 num = 0, den = 1;
    for (size_t i = n_zeros; i < n_whole; i++) num = append_digit(num, whole[i]);
    for (size_t i = 0; i < n_used; i++) {
        num = append_digit(num, decimals[i]);
        den *= 10;
    }
    return ratio_set(r, negative, num, den);
}

bool ratio_mul(struct ratio *r, struct ratio a, struct ratio b)
{
    assert(a.den > 0 && b.den > 0);
    const int128 num = (int128)a.num * b.num;
    return ratio_set(r, num < 0, magnitude(num), (uint128)a.den * (uint128)b.den);
}

bool ratio_div(struct ratio *r, struct ratio a, struct ratio b)
{
    assert(a.den > 0 && b.den > 0);
    if (b.num == 0) return false;
    const int128 num = (int128)a.num * b.den, den = (int128)a.den * b.num;
    return ratio_set(r, num != 0 && (num < 0) != (den < 0), magnitude(num), magnitude(den));
}

bool ratio_add(struct ratio *r, struct ratio a, struct ratio b)
{
    assert(a.den > 0 && b.den > 0);
    const int128 num = (int128)a.num * b.den + (int128)b.num * a.den;
    return ratio_set(r, num < 0, magnitude(num), (uint128)a.den * (uint128)b.den);
}

int ratio_cmp(struct ratio a, struct ratio b)
{
    assert(a.den > 0 && b.den > 0);
    const int128 left = (int128)a.num * b.den, right = (int128)b.num * a.den;
    return (left > right) - (left < right);
}

/* The quotient is computed with at least 62 bits and a sticky last bit, so that the one
 * conversion to double rounds correctly; dividing two doubles would round three times where they are not exact. */
double ratio_value(struct ratio r)
{
    const int64_t exact = INT64_C(1) << 53; /* whole numbers up to here are doubles */
    assert(r.den > 0);
    if (-exact <= r.num && r.num <= exact && r.den <= exact)
        return (double)r.num / (double)r.den; /* rounded once */
    uint128 num = magnitude(r.num);
    const uint128 den = (uint128)r.den;
    int exponent = 0;
    for (; num >> 126 == 0; exponent--) num <<= 1;
    uint128 quotient = num / den;
    bool sticky = num % den != 0;
    for (; quotient >> 62 != 0; exponent++) {
        sticky |= (quotient & 1) != 0;
        quotient >>= 1;
    }
    const double value = ldexp((double)((uint64_t)quotient << 1 | sticky), exponent - 1);
    return r.num < 0 ? -value : value;
}

/* floor(r * factor / d) and its remainder for r < d < 2^126 and factor < 2^20. The product may
 * need more than 128 bits; then it is built bit by bit, by doubling and adding. */
static uint128 scale_remainder(uint128 *remainder, uint128 r, uint128 d, uint128 factor)
{
    if (d >> 107 == 0) {
        *remainder = r * factor % d;
        return r * factor / d;
    }
    uint128 quotient = 0, rest = 0;
    for (int bit = 19; bit >= 0; bit--) {
        rest = 2 * rest + ((factor >> bit & 1) != 0 ? r : 0);
        quotient = 2 * quotient + rest / d;
        rest %= d;
    }
    *remainder = rest;
    return quotient;
}

/* Whether to add one after cutting off remainder/d, half to even. */
static bool rounds_up(uint128 quotient, uint128 remainder, uint128 d)
{
    const uint128 twice = 2 * remainder;
    return twice > d || (twice == d && (quotient & 1) != 0);
}

bool money_amount(micro_t *amount, struct ratio price, int64_t quantity, int64_t quantity_den)
{
    assert(price.den > 0 && quantity_den > 0);
    const int128 num = (int128)price.num * quantity;
    const uint128 n = magnitude(num), d = (uint128)price.den * (uint128)quantity_den;
    const uint128 whole = n / d;
    if (whole > INT64_MAX / MICRO) return false;
    uint128 remainder;
    uint128 micros = scale_remainder(&remainder, n % d, d, MICRO) + whole * MICRO;
    micros += rounds_up(micros, remainder, d);
    if (micros > INT64_MAX) return false;
    *amount = num < 0 ? -(int64_t)micros : (int64_t)micros;
    return true;
}

bool money_add(micro_t *sum, micro_t amount)
{
    micro_t total;
    if (__builtin_add_overflow(*sum, amount, &total)) return false;
    *sum = total;
    return true;
}

static uint64_t power_of_ten(int exponent)
{
    uint64_t power = 1;
    for (int i = 0; i < exponent; i++) power *= 10;
    return power;
}

/* Digits of x, with a comma before every third from the right. Room: 20 digits, 6 commas, the
 * end. */
enum { GROUPED_BYTES = 28 };
static const char *print_grouped(char text[GROUPED_BYTES], uint64_t x)
{
    char *at = &text[GROUPED_BYTES - 1];
    *at = '\0';
    int n = 0;
    do {
        if (n > 0 && n % 3 == 0) *--at = ',';
        *--at = (char)('0' + x % 10);
        x /= 10;
        n++;
    } while (x != 0);
    return at;
}

char *money_print(char *buffer, size_t size, micro_t amount, int decimals, bool grouped)
{
    assert(decimals >= 0 && decimals <= MICRO_DIGITS);
    const uint64_t step = power_of_ten(MICRO_DIGITS - decimals);
    const uint64_t micros = amount < 0 ? -(uint64_t)amount : (uint64_t)amount;
    uint64_t shown = micros / step;
    shown += rounds_up(shown, micros % step, step);
    const uint64_t unit = power_of_ten(decimals), whole = shown / unit;
    const char *sign = amount < 0 && shown != 0 ? "-" : "";
    char digits[GROUPED_BYTES];
    const char *text = print_grouped(digits, whole);
    if (!grouped) {
        snprintf(digits, sizeof digits, "%" PRIu64, whole);
        text = digits;
    }
    if (decimals == 0)
        snprintf(buffer, size, "%s%s", sign, text);
    else
        snprintf(buffer, size, "%s%s.%0*" PRIu64, sign, text, decimals, shown % unit);
    return buffer;
}

/* Decimals that show PRICE_DIGITS significant digits of num/den, and never fewer than that. */
static int price_decimals(uint128 num, uint128 den)
{
    int decimals = PRICE_DIGITS;
    for (; num != 0 && num * 10 < den; num *= 10) decimals++;
    return decimals;
}

static void cut_zeros(char *text)
{
    char *end = text + strlen(text);
    while (end > text && end[-1] == '0') end--;
    if (end > text && end[-1] == '.') end--;
    *end = '\0';
}

char *price_print(char *buffer, size_t size, struct ratio price)
{
    assert(price.den > 0);
    uint128 rest = magnitude(price.num);
    const uint128 den = (uint128)price.den;
    const int decimals = price_decimals(rest, den);
    uint128 whole = rest / den;
    rest %= den;
    char digits[48] = "";
    uint128 fraction = 0, unit = 1;
    for (int i = 0; i < decimals; i++) {
        rest *= 10;
        fraction = fraction * 10 + rest / den;
        rest %= den;
        unit *= 10;
    }
    fraction += rounds_up(fraction, rest, den);
    whole += fraction / unit;
    fraction %= unit;
    for (int i = decimals - 1; i >= 0; i--) {
        digits[i] = (char)('0' + (int)(fraction % 10));
        fraction /= 10;
    }
    char text[80];
    snprintf(text, sizeof text, "%s%" PRIu64 ".%s", price.num < 0 ? "-" : "", (uint64_t)whole,
             digits);
    cut_zeros(text);
    snprintf(buffer, size, "%s", text);
    return buffer;
}
