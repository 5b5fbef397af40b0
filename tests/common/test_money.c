#include "common/money.h"
#include <gmp.h>
#include <gsl/gsl_test.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_RANDOM = 20000, MICRO = 1000000 };

/* A fixed stream of numbers (splitmix64), so that a failure can be repeated. */
static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Of any length up to 63 bits, so that small numbers, ties and overflows all come up. */
static int64_t random_positive(uint64_t *state)
{
    const int bits = 1 + (int)(random_bits(state) % 63);
    return (int64_t)(random_bits(state) >> (64 - bits) | 1);
}

static int64_t random_signed(uint64_t *state)
{
    const int64_t x = random_bits(state) % 16 == 0 ? 0 : random_positive(state);
    return random_bits(state) % 2 == 0 ? x : -x;
}

static struct ratio random_ratio(uint64_t *state)
{
    struct ratio r = {0, 1}, one = {1, random_positive(state)};
    const struct ratio num = {random_signed(state), 1};
    if (!ratio_mul(&r, num, one)) r = RATIO_ZERO;
    return r;
}

static void set_ratio(mpq_t q, struct ratio r)
{
    mpq_set_si(q, r.num, (unsigned long)r.den);
    mpq_canonicalize(q);
}

/* Whether r, and the answer that it exists, are what the exact rational q says. */
static bool agrees(bool ok, struct ratio r, const mpq_t q)
{
    mpz_t most;
    mpz_init_set_si(most, INT64_MAX);
    const bool fits = mpz_cmpabs(mpq_numref(q), most) <= 0 && mpz_cmp(mpq_denref(q), most) <= 0;
    mpz_clear(most);
    if (ok != fits) return false;
    return !fits ||
           (mpz_cmp_si(mpq_numref(q), r.num) == 0 && mpz_cmp_si(mpq_denref(q), r.den) == 0);
}

static void test_random_ratios(void)
{
    uint64_t state = 20261122;
    mpq_t a, b, q;
    mpq_inits(a, b, q, NULL);
    int wrong = 0, overflows = 0;
    for (int i = 0; i < N_RANDOM; i++) {
        const struct ratio x = random_ratio(&state), y = random_ratio(&state);
        struct ratio r = RATIO_ZERO;
        set_ratio(a, x);
        set_ratio(b, y);
        mpq_mul(q, a, b);
        bool ok = ratio_mul(&r, x, y);
        overflows += !ok;
        wrong += !agrees(ok, r, q);
        mpq_add(q, a, b);
        ok = ratio_add(&r, x, y);
        wrong += !agrees(ok, r, q);
        ok = ratio_div(&r, x, y);
        if (y.num == 0)
            wrong += ok;
        else {
            mpq_div(q, a, b);
            wrong += !agrees(ok, r, q);
        }
        const int order = mpq_cmp(a, b);
        wrong += ratio_cmp(x, y) != (order > 0) - (order < 0);
    }
    mpq_clears(a, b, q, NULL);
    gsl_test_int(wrong, 0, "multiply, add, divide, compare against GMP");
    gsl_test(overflows < N_RANDOM / 10 || overflows > N_RANDOM * 9 / 10,
             "overflow was really met: %d of %d products", overflows, N_RANDOM);
}

/* The double nearest to q: no double between q and it, and of two equally near the even one. */
static bool is_nearest(double x, const mpq_t q)
{
    mpq_t at, below, above, distance, other;
    mpq_inits(at, below, above, distance, other, NULL);
    mpq_set_d(at, x);
    mpq_set_d(below, nextafter(x, -INFINITY));
    mpq_set_d(above, nextafter(x, INFINITY));
    mpq_sub(distance, q, at);
    mpq_abs(distance, distance);
    mpq_sub(other, q, below);
    mpq_abs(other, other);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const bool even = bits % 2 == 0;
    int order = mpq_cmp(distance, other);
    bool nearest = order < 0 || (order == 0 && even);
    mpq_sub(other, q, above);
    mpq_abs(other, other);
    order = mpq_cmp(distance, other);
    nearest &= order < 0 || (order == 0 && even);
    mpq_clears(at, below, above, distance, other, NULL);
    return nearest;
}

static void test_random_values(void)
{
    uint64_t state = 31415926;
    mpq_t q;
    mpq_init(q);
    int wrong = 0;
    for (int i = 0; i < N_RANDOM; i++) {
        const struct ratio r = random_ratio(&state);
        set_ratio(q, r);
        wrong += !is_nearest(ratio_value(r), q);
    }
    /* halfway between two doubles: 2^53 + 1, 2^53 + 3 */
    wrong += ratio_value((struct ratio){INT64_C(9007199254740993), 1}) != 9007199254740992.0;
    wrong += ratio_value((struct ratio){INT64_C(9007199254740995), 1}) != 9007199254740996.0;
    wrong += ratio_value((struct ratio){-1, 10}) != -0.1;
    wrong += ratio_value((struct ratio){INT64_MAX, 1}) != 0x1p63;
    wrong += ratio_value((struct ratio){1, INT64_MAX}) != 0x1p-63;
    mpq_clear(q);
    gsl_test_int(wrong, 0, "the nearest double");
}

/* num/den rounded half to even. */
static void round_half_even(mpz_t rounded, const mpz_t num, const mpz_t den)
{
    mpz_t rest;
    mpz_init(rest);
    mpz_fdiv_qr(rounded, rest, num, den);
    mpz_mul_ui(rest, rest, 2);
    const int order = mpz_cmp(rest, den);
    if (order > 0 || (order == 0 && mpz_odd_p(rounded))) mpz_add_ui(rounded, rounded, 1);
    mpz_clear(rest);
}

static int amount_wrong(struct ratio price, int64_t quantity, int64_t quantity_den)
{
    mpz_t num, den, rounded;
    mpz_inits(num, den, rounded, NULL);
    mpz_set_si(num, price.num);
    mpz_mul_si(num, num, quantity);
    mpz_mul_si(num, num, MICRO);
    mpz_set_si(den, price.den);
    mpz_mul_si(den, den, quantity_den);
    round_half_even(rounded, num, den);
    const bool fits = mpz_cmpabs_ui(rounded, INT64_MAX) <= 0;
    micro_t amount = 0;
    const bool ok = money_amount(&amount, price, quantity, quantity_den);
    const bool wrong = ok != fits || (ok && mpz_cmp_si(rounded, amount) != 0);
    mpz_clears(num, den, rounded, NULL);
    return wrong;
}

static void test_random_amounts(void)
{
    uint64_t state = 27182818;
    int wrong = 0;
    for (int i = 0; i < N_RANDOM; i++)
        wrong += amount_wrong(random_ratio(&state), random_signed(&state), random_positive(&state));
    gsl_test_int(wrong, 0, "amounts of any size against GMP");
    wrong = 0;
    for (int i = 0; i < N_RANDOM; i++) { /* as they occur: prices with decimals, microseconds */
        const struct ratio price = {(int64_t)(random_bits(&state) % 400000000), MICRO};
        wrong += amount_wrong(price, (int64_t)(random_bits(&state) % 100000000000), 3600000000);
    }
    gsl_test_int(wrong, 0, "prices per hour of microseconds against GMP");
    wrong = 0;
    for (int64_t i = -2000; i < 2000; i++) /* every second one is halfway between two micro-units */
        wrong += amount_wrong((struct ratio){1, INT64_C(2000000)}, i, 1);
    gsl_test_int(wrong, 0, "half to even against GMP");
}

static void test_parse(void)
{
    static const struct {
        const char *text;
        bool ok;
        struct ratio value;
    } cases[] = {
        {"9.5326", true, {47663, 5000}},
        {"277.933", true, {277933, 1000}},
        {"0.025", true, {1, 40}},
        {"0", true, {0, 1}},
        {"-0", true, {0, 1}},
        {"-0.000", true, {0, 1}},
        {"-2.5", true, {-5, 2}},
        {"007.50", true, {15, 2}},
        {"1.10000000000000000000000000000000000000000000", true, {11, 10}},
        {"0000000000000000000000000000000000000000000001", true, {1, 1}},
        {"9223372036854775807", true, {INT64_MAX, 1}},
        {"-9223372036854775807", true, {-INT64_MAX, 1}},
        {"9223372036854775808", false, {0, 0}},
        {"-9223372036854775808", false, {0, 0}},
        {"0.000000000000000001", true, {1, INT64_C(1000000000000000000)}},
        {"0.0000000000000000001", false, {0, 0}},
        {"0.0000000000000000005", true, {1, INT64_C(2000000000000000000)}},
        {"340282366920938463463374607431768211457", false, {0, 0}}, /* 2^128 + 1 */
        {"", false, {0, 0}},
        {"-", false, {0, 0}},
        {".", false, {0, 0}},
        {"+1", false, {0, 0}},
        {"1.", false, {0, 0}},
        {".5", false, {0, 0}},
        {"3,45", false, {0, 0}},
        {"1,000", false, {0, 0}},
        {"1_000", false, {0, 0}},
        {"1e3", false, {0, 0}},
        {" 1", false, {0, 0}},
        {"1 ", false, {0, 0}},
        {"--1", false, {0, 0}},
        {"1.2.3", false, {0, 0}},
        {"0x10", false, {0, 0}},
        {"nan", false, {0, 0}},
        {"inf", false, {0, 0}},
        {"2.48 USD", false, {0, 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ratio r = {0, 0};
        gsl_test_int(ratio_parse(&r, cases[i].text), cases[i].ok, "reads \"%s\"", cases[i].text);
        gsl_test(r.num != cases[i].value.num || r.den != cases[i].value.den,
                 "value of \"%s\": %" PRId64 "/%" PRId64, cases[i].text, r.num, r.den);
    }
}

static void test_overflow(void)
{
    const struct ratio most = {INT64_MAX, 1}, least = {1, INT64_MAX};
    struct ratio r = {7, 5};
    gsl_test(ratio_mul(&r, most, (struct ratio){2, 1}), "product too large");
    gsl_test(ratio_add(&r, most, RATIO_ONE), "sum too large");
    gsl_test(ratio_div(&r, least, (struct ratio){2, 1}), "quotient too small");
    gsl_test(ratio_div(&r, RATIO_ONE, RATIO_ZERO), "division by zero");
    gsl_test(r.num != 7 || r.den != 5, "a failed operation leaves its result alone");
    gsl_test(!ratio_div(&r, least, least) || ratio_cmp(r, RATIO_ONE) != 0, "x/x is one");

    micro_t sum = INT64_MAX - 5;
    gsl_test(!money_add(&sum, 5) || sum != INT64_MAX, "the largest sum");
    gsl_test(money_add(&sum, 1) || sum != INT64_MAX, "a sum never wraps");
    sum = INT64_MIN + 2;
    gsl_test(money_add(&sum, -3) || sum != INT64_MIN + 2, "a sum never wraps below");

    micro_t amount = 7;
    gsl_test(money_amount(&amount, (struct ratio){INT64_C(9223372036855), 1}, 1, 1),
             "an amount too large by a unit");
    gsl_test_int((int)amount, 7, "a failed amount leaves its result alone");
}

static void test_print(void)
{
    static const struct {
        micro_t amount;
        int decimals;
        bool grouped;
        const char *text;
    } cases[] = {
        {INT64_C(1234500000), 2, true, "1,234.50"},
        {INT64_C(1234500000), 2, false, "1234.50"},
        {INT64_C(97705004999), 2, true, "97,705.00"},
        {INT64_C(97705005000), 2, true, "97,705.00"}, /* half to even */
        {INT64_C(97705015000), 2, true, "97,705.02"},
        {INT64_C(97705015001), 2, true, "97,705.02"},
        {INT64_C(999999995000), 2, true, "1,000,000.00"},
        {INT64_C(999500000), 0, true, "1,000"},
        {INT64_C(998500000), 0, true, "998"},
        {-INT64_C(1234567891), 6, true, "-1,234.567891"},
        {-1, 2, true, "0.00"},
        {-5001, 2, true, "-0.01"},
        {0, 0, true, "0"},
        {1, 6, true, "0.000001"},
        {INT64_MAX, 6, true, "9,223,372,036,854.775807"},
        {INT64_MIN, 6, false, "-9223372036854.775808"},
    };
    char buffer[40];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        gsl_test_str(money_print(buffer, sizeof buffer, cases[i].amount, cases[i].decimals,
                                 cases[i].grouped),
                     cases[i].text, "amount %" PRId64, cases[i].amount);

    static const struct {
        struct ratio price;
        const char *text;
    } prices[] = {
        {{47663, 5000}, "9.5326"},
        {{1, 40}, "0.025"},
        {{277933, 1000}, "277.933"},
        {{5000, 720}, "6.9444"},
        {{1, 3}, "0.3333"},
        {{1, 30}, "0.03333"},
        {{2, 3}, "0.6667"},
        {{99996, 100000}, "1"},
        {{99995, 1000000}, "0.1"}, /* 0.09999|5, half to even */
        {{99985, 1000000}, "0.09998"},
        {{123456, 1000000000}, "0.0001235"},
        {{1, INT64_MAX}, "0.0000000000000000001084"},
        {{INT64_MAX, 1}, "9223372036854775807"},
        {{-5, 2}, "-2.5"},
        {{0, 1}, "0"},
        {{12, 1}, "12"},
        {{100, 1}, "100"},
        {{1234567891, 10000}, "123456.7891"},
    };
    for (size_t i = 0; i < sizeof prices / sizeof *prices; i++)
        gsl_test_str(price_print(buffer, sizeof buffer, prices[i].price), prices[i].text,
                     "price %" PRId64 "/%" PRId64, prices[i].price.num, prices[i].price.den);
}

int main(void)
{
    test_parse();
    test_random_ratios();
    test_random_values();
    test_random_amounts();
    test_overflow();
    test_print();
    return gsl_test_summary();
}
