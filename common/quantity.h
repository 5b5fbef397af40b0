/* Quantities: the only place where unit text such as "90min" or "80GB" is understood. */
#ifndef COMMON_QUANTITY_H
#define COMMON_QUANTITY_H

#include "common/money.h"
#include <stdbool.h>
#include <stdint.h>

/* What a number measures. The suffix names the canonical unit stored in memory. */
enum dimension {
    PLAIN,      /* no unit; digits[.digits][e[+-]digits] */
    COUNT_SI,   /* optional k M B T: 1e3 1e6 1e9 1e12 */
    DURATION_H, /* ms s min h d w month(720 h); stored in hours */
    SIZE_GIB,   /* MB GB TB PB MiB GiB TiB PiB, all binary as the vendor counts; stored in GiB */
    BANDWIDTH_MBPS, /* MB/s GB/s (1 GB/s = 1024 MB/s); stored in MB/s */
    RATE_PER_H,     /* /s /min /h /d /month; stored per hour */
    PERCENT_FRAC,   /* "30%"; the sign is required; stored as 0.3 */
    TIMES,          /* "1.3x"; stored as 1.3 */
    GROWTH,         /* "5%/month", may be negative; stored as 0.05 */
    NUMBER_FRAC,    /* plain number or percentage: "0.3" or "30%" */
};

/* Reads all of `text`; false when a character is left over, a unit is missing or wrong, or the
 * number is not finite. `value` is in the canonical unit. */
bool quantity_parse(double *value, const char *text, enum dimension dimension);

/* A duration as exact microseconds (rounded half away from zero where the text is finer). */
bool duration_us_parse(int64_t *us, const char *text);

/* What is accepted, with an example, for messages: "a length of time with its unit, for example
 * 90min". */
const char *quantity_expected(enum dimension dimension);

/* JSON Schema pattern of the dimension (a string constant without slashes). */
const char *quantity_pattern(enum dimension dimension);

/* Money as users write it: ¥5000, ￥5000, CNY 5000, $700, USD 700; thousands commas allowed; then
 * optionally /h /d /month /year /GB-month; a bare number is in the scenario's currency. */
enum money_per { PER_NONE, PER_HOUR, PER_DAY, PER_MONTH, PER_YEAR, PER_GB_MONTH };
enum currency { CURRENCY_DEFAULT, CURRENCY_CNY, CURRENCY_USD };
struct money {
    struct ratio amount; /* as written, >= 0 */
    enum currency currency;
    enum money_per per;
};
bool money_parse(struct money *m, const char *text);

enum { HOURS_PER_MONTH = 720, HOURS_PER_YEAR = 8760 };
#define US_PER_H INT64_C(3600000000)

#endif
