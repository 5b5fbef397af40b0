/* What many worlds say: means, quantiles, probabilities, each with its interval (model.md 5, reliability of summaries).
 * Arrays hold one value per world in the order of worlds, so no result depends on the number of threads. Values are
 * finite (asserted). */
#ifndef SIM_STATS_H
#define SIM_STATS_H

#include "common/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct interval {
    double low, high;
};

/* Mean and sum of squared differences from it. Zeroed is empty. */
struct moments {
    size_t n;
    double mean, squares;
};
enum { STATS_BLOCK = 1024 };
/* Moments of x in blocks of STATS_BLOCK merged in order: threads that make the blocks and one that merges them give the same
 * bits as one thread for all. Equal values have squares of exactly 0. */
struct moments moments_of(const double *x, size_t n);
/* One block, two passes from its first value. n <= STATS_BLOCK. */
struct moments moments_of_block(const double *x, size_t n);
/* Appends the next block: Chan, Golub, LeVeque, "Updating formulae", 1979. */
void moments_append(struct moments *all, const struct moments *next);
double moments_variance(const struct moments *m); /* squares / (n - 1); 0 below 2 values */
double moments_sd(const struct moments *m);
/* Student's t: mean -+ t(n - 1) sd / sqrt(n). confidence in (0, 1): 0.95. (-INFINITY, INFINITY) below 2 values. */
struct interval mean_interval(const struct moments *m, double confidence);

/* x sorted upwards, in the arena. */
double *sorted_copy(const double *x, size_t n, struct arena *a);
/* p-quantile, p in (0, 1]: the ceil(n p)-th smallest, so that at least the share p of all values is not above it. n >= 1. */
double quantile(const double *sorted, size_t n, double p);
/* Two order statistics that hold the true p-quantile with at least that confidence, for any distribution: ranks l < u
 * with P(l <= Binomial(n, p) < u) >= confidence (Conover, Practical Nonparametric Statistics, 3.2), as even as
 * possible. -INFINITY or INFINITY where so few values say nothing on that side: p99 of 100. */
struct interval quantile_interval(const double *sorted, size_t n, double p, double confidence);

/* Mean of the worst (largest) 1 - p of all values, the value at the quantile counted in part: Rockafellar, Uryasev 2000.
 * Never below quantile(p). p in (0, 1). */
double cvar(const double *sorted, size_t n, double p);

/* A share of worlds with its Wilson score interval (1927). The ends are never beyond what was seen says: with no hits the
 * interval begins at 0 and ends above it. */
struct proportion {
    size_t hits, n;
    double estimate;
    struct interval interval;
};
struct proportion proportion_of(size_t hits, size_t n, double confidence);
/* As people read it: "0.31% (0.22% to 0.44%)"; with no hits "below 0.038%", with nothing but hits "above 99.96%"; never "0%"
 * and never "100%" alone. Digits as the width of the interval deserves. */
const char *proportion_text(const struct proportion *p, struct arena *a);

/* Differences b[i] - a[i] of the same worlds. */
struct moments paired_differences(const double *a, const double *b, size_t n);

/* When to stop adding worlds. Looked at only at at_least x 1, 2, 4, ... worlds and at at_most, so that looking often does not
 * pick a lucky moment. */
struct stop_rule {
    size_t at_least, at_most; /* 1 <= at_least <= at_most */
    double half_width_frac;   /* of the estimate; 0: by count only */
};
extern const struct stop_rule STOP_RULE; /* 1,000 to 100,000 worlds, 0.5% */
enum stop_reason { STOP_NOT_YET, STOP_WIDTH, STOP_COUNT };
/* Worlds after which to look next, when `done` are done. */
size_t stop_next(const struct stop_rule *rule, size_t done);
/* `half_width` of the interval of `estimate`. A width of 0 is not a reason: the first worlds may be alike by chance. */
enum stop_reason stop_reached(const struct stop_rule *rule, size_t done, double estimate,
                              double half_width);

#endif
