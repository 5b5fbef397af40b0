#include "proof/exact.h"

#include <assert.h>
#include <math.h>

enum { SCALE = 320, DIGITS = 53 };
/* Twice the rounding of one operation. */
#define ROUNDING 2.3e-16

void exact_init(struct exact *e)
{
    mpz_init(e->value);
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

void exact_add3(struct exact *e, double a, double b, double c)
{
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

void exact_add(struct exact *e, double a, double b)
{
    exact_add3(e, a, b, 1);
}

void exact_add_part(struct exact *e, const struct exact *part, int64_t divisor)
{
    mpz_t quotient, d;
    mpz_init(quotient);
    mpz_init_set_si(d, divisor);
    mpz_fdiv_q(quotient, part->value, d);
    mpz_add(e->value, e->value, quotient);
    mpz_clear(quotient);
    mpz_clear(d);
}

int exact_cmp(const struct exact *e, double value)
{
    struct exact other;
    exact_init(&other);
    exact_add(&other, value, 1);
    const int order = mpz_cmp(e->value, other.value);
    exact_clear(&other);
    return order;
}

micro_t exact_floor_micro(const struct exact *e)
{
    const double most = 9e18;
    mpz_t micro;
    mpz_init(micro);
    mpz_mul_si(micro, e->value, 1000000);
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
