/* How a spot price behaved: one type in one zone. */
#ifndef PRICING_HISTORY_STATS_H
#define PRICING_HISTORY_STATS_H

#include "pricing/history.h"

/* A price holds until the next sample; where the next comes later than `gap_us` the time between is unknown and counts
 * for nothing. The last sample holds for no time. Shares are of the known time, prices per hour in `currency`. */
struct history_stats {
    size_t samples, gaps;
    moment_t from, to;
    double known_h, gap_h;
    double mean, low, p05, p50, p95, high; /* time-weighted; NAN without known time */
    double
        volatility; /* standard deviation of the logarithm's change over 24 h; NAN: under two days */
    double drawdown;      /* largest fall from an earlier peak, a share of the peak */
    double no_stock_frac; /* of the time at the on-demand price; NAN: no on-demand prices */
    double discount;      /* 1 - mean of spot / on-demand; NAN: likewise */
    double below_frac;    /* of the time at or below `below`; NAN: not asked for */
    enum currency currency;
};

/* Samples [first, end) of h; `below` NAN: not asked for. Series of two currencies are told apart by the caller. */
struct history_stats history_stats(const struct history *h, size_t first, size_t end,
                                   int64_t gap_us, double below);

/* Money for holding one machine from `from` for `hours`, at the prices in force; NAN where one is unknown. */
double history_hold_cost(const struct history *h, size_t first, size_t end, moment_t from,
                         double hours);

#endif
