/* Exact sums of products of doubles, and bounds on rounding. A double is the fraction it stands for, no more and no less. */
#ifndef PROOF_EXACT_H
#define PROOF_EXACT_H

#include "common/money.h"
#include <gmp.h>

/* A sum in units of 2^-320: every product is exact but for what lies below that, which is rounded down. */
struct exact {
    mpz_t value;
};

void exact_init(struct exact *e);
void exact_clear(struct exact *e);
void exact_add(struct exact *e, double a, double b);
void exact_add3(struct exact *e, double a, double b, double c);
void exact_add_part(struct exact *e, const struct exact *part,
                    int64_t divisor); /* part / divisor */
int exact_cmp(const struct exact *e, double value);
/* Largest whole number of millionths that is not above the sum; clipped to +-9e18. */
micro_t exact_floor_micro(const struct exact *e);

/* A sum in floating point that knows how far off it may be. */
struct tally {
    double sum, size;
    double terms;
};
void tally_add(struct tally *t, double a, double b); /* a x b */
double tally_low(const struct tally *t);             /* not above the true sum */
double tally_high(const struct tally *t);            /* not below it */

#endif
