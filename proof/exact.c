#include "proof/exact.h"

#include <assert.h>
#include <math.h>

enum { SCALE = 320, NEAR_SCALE = 64, DIGITS = 53, NEAR_BITS = 120 };
/* Products below this may have lost digits without telling. */
#define LEAST_EXACT 1e-200
/* Twice the rounding of one operation. */
#define ROUNDING 2.3e-16

void exact_init(struct exact *e)
{
    mpz_init(e->value);
    e->near = 0;
}

void exact_clear(struct exact *e)
{
    mpz_clear(e->value);
}

/* value = whole x 2^exponent. */
static double split(double value, int *exponent)
{
    assert(isfinite(value));
    return ldexp(frexp(value, exponent), DIGITS);
}

void exact_wide(mpz_t out, wide_t value)
{
    mpz_set_si(out, (long)(value >> NEAR_SCALE));
    mpz_mul_2exp(out, out, NEAR_SCALE);
    mpz_add_ui(out, out, (unsigned long)value);
}

/* value x 2^-64 into the sum of the library. */
static void add_wide(mpz_t sum, wide_t value)
{
    mpz_t whole;
    mpz_init(whole);
    exact_wide(whole, value);
    mpz_mul_2exp(whole, whole, SCALE - NEAR_SCALE);
    mpz_add(sum, sum, whole);
    mpz_clear(whole);
}

/* All of the sum where the library can read it. */
static void gather(mpz_t out, const struct exact *e)
{
    mpz_set(out, e->value);
    if (e->near != 0) add_wide(out, e->near);
}

static void add_near(struct exact *e, wide_t value)
{
    wide_t sum;
    if (__builtin_add_overflow(e->near, value, &sum)) {
        add_wide(e->value, e->near);
        sum = value;
    }
    e->near = sum;
}

void exact_add(struct exact *e, double a, double b)
{
    int ea, eb;
    const double x = split(a, &ea), y = split(b, &eb);
    if (x == 0 || y == 0) return;
    const wide_t product = (wide_t)x * (wide_t)y;
    const int shift = ea + eb - 2 * DIGITS + NEAR_SCALE;
    if (shift <= -2 * DIGITS) {
        add_near(e, product < 0 ? -1 : 0);
    } else if (shift <= 0) {
        add_near(e, product >> -shift);
    } else if (shift <= NEAR_BITS - 2 * DIGITS) {
        add_near(e, product * ((wide_t)1 << shift));
    } else {
        mpz_t big;
        mpz_init_set_si(big, (long)x);
        mpz_mul_si(big, big, (long)y);
        mpz_mul_2exp(big, big, (mp_bitcnt_t)(shift + SCALE - NEAR_SCALE));
        mpz_add(e->value, e->value, big);
        mpz_clear(big);
    }
}

void exact_add3(struct exact *e, double a, double b, double c)
{
    const double two = b * c;
    if (fabs(two) > LEAST_EXACT && fma(b, c, -two) == 0) {
        exact_add(e, a, two);
        return;
    }
    int ea, eb, ec;
    const double x = split(a, &ea), y = split(b, &eb), z = split(c, &ec);
    if (x == 0 || y == 0 || z == 0) return;
    mpz_t product;
    mpz_init_set_si(product, (long)x);
    mpz_mul_si(product, product, (long)y);
    mpz_mul_si(product, product, (long)z);
    const int shift = ea + eb + ec - 3 * DIGITS + SCALE;
    if (shift >= 0)
        mpz_mul_2exp(product, product, (mp_bitcnt_t)shift);
    else
        mpz_fdiv_q_2exp(product, product, (mp_bitcnt_t)-shift);
    mpz_add(e->value, e->value, product);
    mpz_clear(product);
}

void exact_add_sum(struct exact *e, const struct exact *other)
{
    mpz_add(e->value, e->value, other->value);
    add_near(e, other->near);
}

void exact_add_part(struct exact *e, const struct exact *part, int64_t divisor)
{
    mpz_t all, d;
    if (mpz_sgn(part->value) == 0) { /* rounded down */
        const wide_t quotient = part->near / divisor;
        add_near(e, part->near % divisor < 0 ? quotient - 1 : quotient);
        return;
    }
    mpz_init(all);
    gather(all, part);
    mpz_init_set_si(d, divisor);
    mpz_fdiv_q(all, all, d);
    mpz_add(e->value, e->value, all);
    mpz_clear(all);
    mpz_clear(d);
}

int exact_cmp_sum(const struct exact *e, const struct exact *other)
{
    mpz_t x, y;
    mpz_init(x);
    gather(x, e);
    mpz_init(y);
    gather(y, other);
    const int order = mpz_cmp(x, y);
    mpz_clear(x);
    mpz_clear(y);
    return order;
}

int exact_cmp(const struct exact *e, double value)
{
    struct exact other;
    exact_init(&other);
    exact_add(&other, value, 1);
    const int order = exact_cmp_sum(e, &other);
    exact_clear(&other);
    return order;
}

micro_t exact_floor_micro(const struct exact *e)
{
    const double most = 9e18;
    mpz_t micro;
    mpz_init(micro);
    gather(micro, e);
    mpz_mul_si(micro, micro, 1000000);
    mpz_fdiv_q_2exp(micro, micro, SCALE);
    const micro_t result = mpz_cmp_d(micro, most) > 0    ? INT64_MAX
                           : mpz_cmp_d(micro, -most) < 0 ? INT64_MIN
                                                         : (micro_t)mpz_get_si(micro);
    mpz_clear(micro);
    return result;
}

void tally_add(struct tally *t, double a, double b)
{
    t->sum += a * b;
    t->size += fabs(a * b);
    t->terms++;
}

static double doubt(const struct tally *t)
{
    return (t->terms + 8) * ROUNDING * t->size;
}

double tally_low(const struct tally *t)
{
    return t->sum - doubt(t);
}

double tally_high(const struct tally *t)
{
    return t->sum + doubt(t);
}
