/* Exact money: prices are reduced fractions, amounts integer micro-units; rounding happens once
 * per line. */
#ifndef COMMON_MONEY_H
#define COMMON_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t micro_t; /* money in millionths of the currency unit */

/* An exact rational num/den, den > 0, reduced. Prices per hour keep the decimals they were
 * written in. */
struct ratio {
    int64_t num, den;
};

#define RATIO_ZERO ((struct ratio){0, 1})
#define RATIO_ONE  ((struct ratio){1, 1})

/* Strict decimal text: [-]digits[.digits], the whole of `text`, nothing else (no spaces, no
 * exponent, no thousands separators, no inf/nan). False when it is not that or does not fit. */
bool ratio_parse(struct ratio *r, const char *text);

bool ratio_mul(struct ratio *r, struct ratio a, struct ratio b); /* false on overflow */
bool ratio_div(struct ratio *r, struct ratio a, struct ratio b); /* false on overflow or b = 0 */
bool ratio_add(struct ratio *r, struct ratio a, struct ratio b); /* false on overflow */
int ratio_cmp(struct ratio a, struct ratio b);                   /* exact; -1, 0, 1 */
double ratio_value(struct ratio r);                              /* nearest double */

/* price x quantity/quantity_den in micro-units, rounded once, half to even. False on overflow. */
bool money_amount(micro_t *amount, struct ratio price, int64_t quantity, int64_t quantity_den);
bool money_add(micro_t *sum, micro_t amount); /* false on overflow, never wraps */

/* "1,234.50" with `decimals` digits (0 to 6), half to even; thousands separated when `grouped`. */
char *money_print(char *buffer, size_t size, micro_t amount, int decimals, bool grouped);
/* A unit price with at least 4 significant digits and no trailing zeros: "9.5326", "0.025",
 * "277.933". */
char *price_print(char *buffer, size_t size, struct ratio price);

#endif
