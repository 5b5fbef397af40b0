#include "common/quantity.h"
#include <gsl/gsl_test.h>
#include <locale.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

/* Exact: the value is the double nearest to the decimal number in its canonical unit. */
static const struct {
    const char *text;
    enum dimension dimension;
    bool ok;
    double value;
} cases[] = {
    {"12.5", PLAIN, true, 12.5},
    {"0.1", PLAIN, true, 0.1},
    {"2.385e3", PLAIN, true, 2385},
    {"6.02E23", PLAIN, true, 6.02e23},
    {"1e-7", PLAIN, true, 1e-7},
    {"007", PLAIN, true, 7},
    {"0", PLAIN, true, 0},
    {"123456789012345678901234567890", PLAIN, true, 123456789012345678901234567890.0},
    {"0.1000000000000000055511151231257827", PLAIN, true, 0.1},
    {"1e308", PLAIN, true, 1e308},
    {"1e309", PLAIN, false, 0},
    {"1e400", PLAIN, false, 0},
    {"1e-400", PLAIN, false, 0},
    {"1e9999", PLAIN, false, 0},
    {"", PLAIN, false, 0},
    {"-1", PLAIN, false, 0},
    {"+1", PLAIN, false, 0},
    {".5", PLAIN, false, 0},
    {"5.", PLAIN, false, 0},
    {"1.2.3", PLAIN, false, 0},
    {"1e", PLAIN, false, 0},
    {"1e+", PLAIN, false, 0},
    {"1e1.5", PLAIN, false, 0},
    {" 1", PLAIN, false, 0},
    {"1 ", PLAIN, false, 0},
    {"1\n", PLAIN, false, 0},
    {"\t1", PLAIN, false, 0},
    {"0x10", PLAIN, false, 0},
    {"0x1p3", PLAIN, false, 0},
    {"nan", PLAIN, false, 0},
    {"NaN", PLAIN, false, 0},
    {"inf", PLAIN, false, 0},
    {"infinity", PLAIN, false, 0},
    {"1_000", PLAIN, false, 0},
    {"1,000", PLAIN, false, 0},
    {"1,5", PLAIN, false, 0},
    {"1'000", PLAIN, false, 0},
    {"1d5", PLAIN, false, 0},
    {"8x", PLAIN, false, 0},
    {"2.48 USD", PLAIN, false, 0},
    {"\uff11", PLAIN, false, 0}, /* a full-width digit */
    {"1111111111222222222233333333334444444444555555555566666666667777", PLAIN, false, 0},
    {"250", COUNT_SI, true, 250},
    {"30k", COUNT_SI, true, 30000},
    {"4.5M", COUNT_SI, true, 4500000},
    {"7B", COUNT_SI, true, 7e9},
    {"1.5T", COUNT_SI, true, 1.5e12},
    {"30K", COUNT_SI, false, 0},
    {"1e3", COUNT_SI, false, 0},
    {"30 k", COUNT_SI, false, 0},
    {"90min", DURATION_H, true, 1.5},
    {"2385s", DURATION_H, true, 0.6625},
    {"500ms", DURATION_H, true, 500 / 3600000.0},
    {"12.5h", DURATION_H, true, 12.5},
    {"0.1h", DURATION_H, true, 0.1},
    {"12d", DURATION_H, true, 288},
    {"2w", DURATION_H, true, 336},
    {"1month", DURATION_H, true, 720},
    {"12", DURATION_H, false, 0},
    {"12m", DURATION_H, false, 0},
    {"12H", DURATION_H, false, 0},
    {"1h30min", DURATION_H, false, 0},
    {"1e3h", DURATION_H, false, 0},
    {"-1h", DURATION_H, false, 0},
    {"h", DURATION_H, false, 0},
    {"80GB", SIZE_GIB, true, 80},
    {"80GiB", SIZE_GIB, true, 80},
    {"1536MB", SIZE_GIB, true, 1.5},
    {"1536MiB", SIZE_GIB, true, 1.5},
    {"2.5TB", SIZE_GIB, true, 2560},
    {"2.5TiB", SIZE_GIB, true, 2560},
    {"1PB", SIZE_GIB, true, 1048576},
    {"1PiB", SIZE_GIB, true, 1048576},
    {"80", SIZE_GIB, false, 0},
    {"80gb", SIZE_GIB, false, 0},
    {"80Gb", SIZE_GIB, false, 0},
    {"80KB", SIZE_GIB, false, 0},
    {"750MB/s", BANDWIDTH_MBPS, true, 750},
    {"1.5GB/s", BANDWIDTH_MBPS, true, 1536},
    {"750MB", BANDWIDTH_MBPS, false, 0},
    {"10Gbit/s", BANDWIDTH_MBPS, false, 0},
    {"40/s", RATE_PER_H, true, 144000},
    {"7/min", RATE_PER_H, true, 420},
    {"2.5/h", RATE_PER_H, true, 2.5},
    {"6/d", RATE_PER_H, true, 0.25},
    {"360/month", RATE_PER_H, true, 0.5},
    {"40", RATE_PER_H, false, 0},
    {"30%", PERCENT_FRAC, true, 0.3},
    {"7%", PERCENT_FRAC, true, 0.07},
    {"0.1%", PERCENT_FRAC, true, 0.001},
    {"130%", PERCENT_FRAC, true, 1.3},
    {"30", PERCENT_FRAC, false, 0},
    {"0.3", PERCENT_FRAC, false, 0},
    {"30 %", PERCENT_FRAC, false, 0},
    {"30\uff05", PERCENT_FRAC, false, 0}, /* the full-width sign */
    {"1.3x", TIMES, true, 1.3},
    {"1.3", TIMES, false, 0},
    {"1.3X", TIMES, false, 0},
    {"5%/month", GROWTH, true, 0.05},
    {"-2.5%/month", GROWTH, true, -0.025},
    {"--2.5%/month", GROWTH, false, 0},
    {"5%", GROWTH, false, 0},
    {"0.3", NUMBER_FRAC, true, 0.3},
    {"30%", NUMBER_FRAC, true, 0.3},
    {"3e-1", NUMBER_FRAC, true, 0.3},
    {"3e1%", NUMBER_FRAC, true, 0.3},
    {"-0.3", NUMBER_FRAC, false, 0},
    {"0.3x", NUMBER_FRAC, false, 0},
};

/* A schema that follows the patterns accepts what the program accepts, as far as patterns can
 * say. */
static void test_pattern(const char *text, enum dimension dimension, bool ok)
{
    regex_t pattern;
    gsl_test(regcomp(&pattern, quantity_pattern(dimension), REG_EXTENDED | REG_NOSUB) != 0,
             "pattern of dimension %d", (int)dimension);
    const bool matches = regexec(&pattern, text, 0, NULL, 0) == 0;
    regfree(&pattern);
    const bool too_long = strlen(text) > 60 || strstr(text, "e309") || strstr(text, "e400") ||
                          strstr(text, "e-400") || strstr(text, "e9999");
    if (!too_long) gsl_test_int(matches, ok, "pattern and reader agree on \"%s\"", text);
}

static void test_quantities(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = -7;
        const bool ok = quantity_parse(&value, cases[i].text, cases[i].dimension);
        gsl_test_int(ok, cases[i].ok, "accepts \"%s\" (%zu)", cases[i].text, i);
        gsl_test(value != (cases[i].ok ? cases[i].value : -7), "value of \"%s\": %.17g",
                 cases[i].text, value);
        test_pattern(cases[i].text, cases[i].dimension, cases[i].ok);
    }
}

static void test_durations(void)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t us;
    } durations[] = {
        {"0s", true, 0},
        {"1ms", true, 1000},
        {"0.0004ms", true, 0},
        {"0.0005ms", true, 1}, /* half a microsecond */
        {"0.0015ms", true, 2},
        {"0.0025ms", true, 3}, /* away from zero, not to even */
        {"90min", true, INT64_C(5400000000)},
        {"0.1h", true, INT64_C(360000000)},
        {"0.0000001h", true, 360},
        {"12d", true, INT64_C(1036800000000)},
        {"1month", true, INT64_C(2592000000000)},
        {"2562047788h", true, INT64_C(9223372036800000000)},
        {"2562047789h", false, 0},
        {"99999999999999999999h", false, 0},
        {"10", false, 0},
        {"-1h", false, 0},
        {"1e3h", false, 0},
        {"", false, 0},
    };
    for (size_t i = 0; i < sizeof durations / sizeof *durations; i++) {
        int64_t us = -7;
        const bool ok = duration_us_parse(&us, durations[i].text);
        gsl_test_int(ok, durations[i].ok, "duration \"%s\"", durations[i].text);
        gsl_test(us != (durations[i].ok ? durations[i].us : -7), "microseconds of \"%s\": %lld",
                 durations[i].text, (long long)us);
    }
}

static void test_money(void)
{
    static const struct {
        const char *text;
        bool ok;
        struct money money;
    } amounts[] = {
        {"\u00a55000", true, {{5000, 1}, CURRENCY_CNY, PER_NONE}},
        {"\uffe55000/month", true, {{5000, 1}, CURRENCY_CNY, PER_MONTH}},
        {"CNY 12,345.67", true, {{1234567, 100}, CURRENCY_CNY, PER_NONE}},
        {"$700", true, {{700, 1}, CURRENCY_USD, PER_NONE}},
        {"USD 2.48/h", true, {{62, 25}, CURRENCY_USD, PER_HOUR}},
        {"0.28/GB-month", true, {{7, 25}, CURRENCY_DEFAULT, PER_GB_MONTH}},
        {"1,234,567", true, {{1234567, 1}, CURRENCY_DEFAULT, PER_NONE}},
        {"999/d", true, {{999, 1}, CURRENCY_DEFAULT, PER_DAY}},
        {"1234567.5/year", true, {{2469135, 2}, CURRENCY_DEFAULT, PER_YEAR}},
        {"0", true, {{0, 1}, CURRENCY_DEFAULT, PER_NONE}},
        {"3,45", false, {{0, 0}, 0, 0}},
        {"1234,567", false, {{0, 0}, 0, 0}},
        {"1,2345", false, {{0, 0}, 0, 0}},
        {"1,", false, {{0, 0}, 0, 0}},
        {",123", false, {{0, 0}, 0, 0}},
        {"1,234,56", false, {{0, 0}, 0, 0}},
        {"1.234,567", false, {{0, 0}, 0, 0}},
        {"1.", false, {{0, 0}, 0, 0}},
        {"-5", false, {{0, 0}, 0, 0}},
        {"\u00a5-5", false, {{0, 0}, 0, 0}},
        {"\u00a5 5000", false, {{0, 0}, 0, 0}},
        {"CNY5000", false, {{0, 0}, 0, 0}},
        {"CNY  5000", false, {{0, 0}, 0, 0}},
        {"5000 CNY", false, {{0, 0}, 0, 0}},
        {"EUR 5", false, {{0, 0}, 0, 0}},
        {"$", false, {{0, 0}, 0, 0}},
        {"5e3", false, {{0, 0}, 0, 0}},
        {"5/hour", false, {{0, 0}, 0, 0}},
        {"5/", false, {{0, 0}, 0, 0}},
        {"", false, {{0, 0}, 0, 0}},
        {"99999999999999999999", false, {{0, 0}, 0, 0}},
        {"111,222,333,444,555,666,777,888,999,000,111,222,333,444,555,666,777,888,999,000,111",
         false,
         {{0, 0}, 0, 0}},
    };
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
        struct money m = {{0, 0}, 0, 0};
        const struct money *expected = &amounts[i].money;
        const bool ok = money_parse(&m, amounts[i].text);
        gsl_test_int(ok, amounts[i].ok, "money \"%s\"", amounts[i].text);
        gsl_test(m.amount.num != expected->amount.num || m.amount.den != expected->amount.den,
                 "amount of \"%s\"", amounts[i].text);
        gsl_test_int((int)m.currency, (int)expected->currency, "currency %s", amounts[i].text);
        gsl_test_int((int)m.per, (int)expected->per, "period of \"%s\"", amounts[i].text);
    }
}

static void test_expected(void)
{
    gsl_test_str(quantity_expected(DURATION_H), "a length of time with its unit, for example 90min",
                 "duration");
    gsl_test_str(quantity_expected(NUMBER_FRAC),
                 "a plain number or a percentage, for example 0.3 or 30%", "number or percentage");
    for (enum dimension d = PLAIN; d <= NUMBER_FRAC; d++) {
        const char *example = strstr(quantity_expected(d), "for example ");
        char first[32] = "";
        double value;
        gsl_test(!example, "dimension %d shows an example", (int)d);
        if (example) sscanf(example, "for example %31[^ ,]", first);
        gsl_test(!quantity_parse(&value, first, d), "the example \"%s\" is accepted", first);
    }
}

/* In a locale with a decimal comma (where there is one) nothing changes. */
static void test_locale(void)
{
    double value = 0;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) setlocale(LC_NUMERIC, "fr_FR.UTF-8");
    gsl_test(!quantity_parse(&value, "1.25e1", PLAIN) || value != 12.5, "locale and exponent");
    gsl_test(!quantity_parse(&value, "1234567890123456789012.5", PLAIN) || value < 1e21,
             "locale and many digits");
    gsl_test(quantity_parse(&value, "1,25", PLAIN), "a decimal comma is refused in any locale");
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    test_quantities();
    test_durations();
    test_money();
    test_expected();
    test_locale();
    return gsl_test_summary();
}
