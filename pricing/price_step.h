/* How a spot price moves: the transition density of a mean-reverting log price with jumps.
 *   dY = k (log_mean - Y) dt + sqrt(2 k) log_sd dW + dJ,   J: jump_per_h jumps an hour, upwards, exponential with mean jump_mean
 * Y is the log price. Over dt hours, with rho = exp(-k dt), it is exactly
 *   Y' = log_mean + rho (Y - log_mean) + N(0, log_sd^2 (1 - rho^2)) + G,   G = Gamma(N, rho jump_mean),  N = NegBin(nu, rho)
 * with nu = jump_per_h / k: P(N = j) = C(nu + j - 1, j) rho^nu (1 - rho)^j (the Gamma Ornstein-Uhlenbeck process). */
#ifndef PRICING_PRICE_STEP_H
#define PRICING_PRICE_STEP_H

struct price_motion {
    double log_mean, log_sd, revert_per_h; /* log_sd > 0, revert_per_h > 0 */
    double jump_per_h, jump_mean;          /* >= 0; either 0: no jumps */
};

/* Y' from `log_price` over dt_h > 0 hours. log_density may be -INFINITY; cumulative is P(Y' <= log_next). */
struct price_step {
    double log_density, cumulative;
};
double price_step_density(const struct price_motion *m, double log_price, double dt_h,
                          double log_next); /* the logarithm alone */
struct price_step price_step(const struct price_motion *m, double log_price, double dt_h,
                             double log_next);

/* A range outside of which Y' lies with less than a billionth. */
void price_step_range(double *low, double *high, const struct price_motion *m, double log_price,
                      double dt_h);

#endif
