/* The smallest of a stretch of numbers that stay as they are, in two look-ups. */
#ifndef PROOF_LEAST_H
#define PROOF_LEAST_H

#include "common/arena.h"

enum { LEAST_LEVELS = 40 };

struct least {
    size_t n;
    double *level[LEAST_LEVELS]; /* level[k][i]: of the 2^k numbers from i on */
};

/* `values` has n numbers and is kept; n > 0. */
struct least least_make(double *values, size_t n, struct arena *a);
/* Of [first, after), which is not empty. */
double least_in(const struct least *l, size_t first, size_t after);

#endif
