/* Exact sums of products of doubles, and bounds on rounding. A double is the fraction it stands for, no more and no less. */
#ifndef PROOF_EXACT_H
#define PROOF_EXACT_H

#include "common/money.h"
#include <gmp.h>

__extension__ typedef __int128 wide_t;

/* A sum in units of 2^-320 and another in units of 2^-64: products of two doubles that fit go into the second one, which needs no
 * library. What lies below the unit is rounded down. */
struct exact {
    mpz_t value;
    wide_t near; /* in units of 2^-64 */
};

void exact_init(struct exact *e);
void exact_clear(struct exact *e);
void exact_add(struct exact *e, double a, double b);
void exact_add3(struct exact *e, double a, double b, double c);
void exact_add_part(struct exact *e, const struct exact *part,
                    int64_t divisor); /* part / divisor */
void exact_add_sum(struct exact *e, const struct exact *other);
int exact_cmp(const struct exact *e, double value);
int exact_cmp_sum(const struct exact *e, const struct exact *other);
/* Largest whole number of millionths that is not above the sum; clipped to +-9e18. */
micro_t exact_floor_micro(const struct exact *e);

void exact_wide(mpz_t out, wide_t value); /* out is there already */

/* A sum in floating point that knows how far off it may be. */
struct tally {
    double sum, size;
    double terms;
};
void tally_add(struct tally *t, double a, double b); /* a x b */
double tally_low(const struct tally *t);             /* not above the true sum */
double tally_high(const struct tally *t);            /* not below it */

#endif
