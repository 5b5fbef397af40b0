/* Incomplete gamma functions as the queueing formulas need them; x^k exp(-x) / Gamma(k + 1) is kept apart, so that nothing
 * underflows that matters. Relative errors of some 1e-15 (1 + |log| of the result). */
#ifndef SOLVER_QUEUEING_TAIL_H
#define SOLVER_QUEUEING_TAIL_H

/* x^k exp(-x) / Gamma(k + 1), k > 0, x >= 0. */
double gamma_point(double k, double x);
/* Confluent hypergeometric 1F1(1; k + 1; w) = sum over n >= 0 of w^n / ((k + 1) ... (k + n)), k > 0, w <= k + 1. */
double kummer_sum(double k, double w);
/* Regularised upper incomplete gamma function Q(k, x), k > 0, x >= 0. */
double gamma_upper(double k, double x);
/* log(1 + x) - x for x > -1 without loss of digits. */
double log_1p_less(double x);

#endif
