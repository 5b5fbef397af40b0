/* Compensated sums (Neumaier 1974; products split by fused multiply-add, Ogita, Rump and Oishi 2005): the result is
 * what twice the working precision would give, so that a bound and a cost of 1e9 terms can be compared to 1e-9. */
#ifndef SOLVER_LP_SUM_H
#define SOLVER_LP_SUM_H

#include <math.h>

/* All zero is the empty sum; its value is high + low. */
struct sum {
    double high, low;
};

static inline void sum_add(struct sum *s, double term)
{
    const double total = s->high + term;
    s->low += fabs(s->high) >= fabs(term) ? (s->high - total) + term : (term - total) + s->high;
    s->high = total;
}

static inline void sum_add_product(struct sum *s, double a, double b)
{
    const double product = a * b;
    sum_add(s, product);
    s->low += fma(a, b, -product);
}

static inline double sum_value(struct sum s)
{
    return s.high + s.low;
}

#endif
