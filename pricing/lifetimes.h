/* How long spot machines live: curves and models fitted to lives of which some were cut short by their owners. */
#ifndef PRICING_LIFETIMES_H
#define PRICING_LIFETIMES_H

#include "common/arena.h"
#include "common/diag.h"

/* One machine. It was reclaimed between `low_h` and `high_h` after its start (equal when known exactly), or, when
 * `ended` is false, stopped by its owner at low_h, alive (censored). */
struct life {
    double low_h, high_h;
    bool ended;
};

/* Kaplan-Meier product-limit estimate. Of two at one moment the reclaimed one goes first; a life known only as an interval
 * ends at its middle. */
struct survival {
    size_t n;
    double *at_h, *alive; /* [n] moments of reclaims, ascending; share alive from then on */
};
struct survival survival_estimate(const struct life *lives, size_t n, struct arena *a);
double survival_at(const struct survival *s, double h); /* S(h); 1 before the first reclaim */
double survival_mean(const struct survival *s, double until_h); /* integral of S over [0, until] */

enum life_form { LIFE_EXPONENTIAL, LIFE_WEIBULL, LIFE_BATHTUB, N_LIFE_FORMS };
enum { MAX_LIFE_PARAMETERS = 4 };

/* Fitted by maximum likelihood. Hazard per hour:
 *   exponential  rate                                         parameters: rate
 *   Weibull      (k/eta) (t/eta)^(k-1)                                     k, eta
 *   bathtub      sum of a Weibull hazard with k1 < 1 and one with k2 > 1   k1, eta1, k2, eta2
 * error[i] is the standard error of parameter i from the inverse of the observed information; NAN where it has none. */
struct life_fit {
    enum life_form form;
    bool converged;
    size_t n_parameters;
    double parameter[MAX_LIFE_PARAMETERS], error[MAX_LIFE_PARAMETERS];
    double log_likelihood, aic; /* AIC = 2 parameters - 2 log likelihood */
};

const char *life_form_name(enum life_form f);
const char *life_parameter_name(enum life_form f, size_t i);

/* At least one life must have ended, else converged is false. Lives of 0 h count as one second. */
struct life_fit life_fit(enum life_form form, const struct life *lives, size_t n, struct arena *a);
double life_fit_survival(const struct life_fit *f, double h);
/* The fit with the least AIC among those that converged. */
size_t life_fit_best(const struct life_fit *fits, size_t n);
/* Largest distance between the model's survival and the curve, at its steps (Kolmogorov-Smirnov). */
double life_fit_distance(const struct life_fit *f, const struct survival *s);

/* Lives of one group of a table, in the order of the file. */
struct life_group {
    const char *name;
    struct life *lives;
    size_t n, ended;
};
struct life_groups {
    struct arena *arena;
    struct life_group *items; /* "all" first, then the values of `by` in the order of the file */
    size_t n;
};

/* Reads a CSV table with the column lifetime_s, or last_seen_s and first_missed_s, and the column end: preempted or gone
 * for reclaimed, stopped or censored for lives cut short. `by` names columns to group by, NULL-terminated; NULL: none.
 * Errors: of csv_read; ERR_IMPORT_VALUE for a cell that is no time or end. */
MUST_USE enum err lifetimes_read(struct life_groups *g, const char *path, const char *const *by,
                                 struct arena *a, struct diag *d);

#endif
