/* Maximum likelihood with GSL: the parameters, their standard errors, how well a distribution fits. */
#ifndef PRICING_LIKELIHOOD_H
#define PRICING_LIKELIHOOD_H

#include "common/arena.h"

#include <stdbool.h>

enum { MAX_PARAMETERS = 6 };

/* A log likelihood of n numbers; -INFINITY or NAN where they are not possible. */
struct likelihood {
    double (*value)(const double *x, const void *context);
    const void *context;
    size_t n;   /* at most MAX_PARAMETERS */
    bool rough; /* settle to 1e-5 instead of 1e-9: for costly ones */
};

/* Moves x[n] from where it stands to the nearest maximum: Nelder and Mead, started again from where it ended until that
 * helps no more. The numbers must be free: map them to parameters inside. False: it did not settle. */
bool likelihood_maximize(double *x, const struct likelihood *l, struct arena *a);

/* Standard errors at a maximum p[n], none 0: roots of the diagonal of the inverse of the observed information (minus the second
 * derivatives, by central differences of a part in 10,000 of each). All NAN, and false, where the likelihood has no curvature:
 * it has run to an edge, and the data do not tell the parameters. GSL's error handler must be off: it belongs to all threads. */
bool likelihood_errors(double *error, const double *p, const struct likelihood *l);

/* Largest distance between the distribution of n numbers in [0, 1] and the uniform one (Kolmogorov-Smirnov). Sorts them. */
double uniform_distance(double *u, size_t n);
/* Probability of a larger distance by chance alone; parameters taken from the same numbers make it too large (Stephens 1970
 * for the size correction). */
double distance_probability(double distance, size_t n);

#endif
