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
    int week_hour; /* in which it began: 1 .. 168 from Monday midnight; 0: not known */
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

enum life_form {
    LIFE_EXPONENTIAL,
    LIFE_WEIBULL,
    LIFE_BATHTUB,
    LIFE_LOGNORMAL,
    LIFE_MIXTURE,
    LIFE_FIXED,
    N_LIFE_FORMS
};
enum { MAX_LIFE_PARAMETERS = 4 };

/* Fitted by maximum likelihood. Hazard per hour, or survival S:
 *   exponential  rate                                         parameters: rate
 *   Weibull      (k/eta) (t/eta)^(k-1)                                     k, eta
 *   bathtub      sum of a Weibull hazard with k1 < 1 and one with k2 > 1   k1, eta1, k2, eta2
 *   log-normal   log t has mean log median and standard deviation sd       median, sd
 *   mixture      S = share exp(-t/mean1) + (1 - share) exp(-t/mean2)       share, mean1 < mean2
 *   fixed        S = 1 until length, then 0: a baseline, never fitted      length
 * error[i] is the standard error of parameter i from the inverse of the observed information; NAN where it has none. */
struct life_fit {
    enum life_form form;
    bool converged;
    size_t n_parameters;
    double parameter[MAX_LIFE_PARAMETERS], error[MAX_LIFE_PARAMETERS];
    double log_likelihood, aic; /* AIC = 2 parameters - 2 log likelihood */
};

/* life_forms.c: what the forms are. h in hours, p their parameters, x free numbers that stand for them. */
const char *life_form_name(enum life_form f);
enum life_form life_form_find(const char *name); /* N_LIFE_FORMS: none */
const char *life_parameter_name(enum life_form f, size_t i);
size_t life_parameter_count(enum life_form f);
double life_cumulative(enum life_form f, const double *p, double h); /* -log S */
double life_hazard(enum life_form f, const double *p, double h);
double life_mean(enum life_form f, const double *p);               /* hours */
double life_quantile(enum life_form f, const double *p, double u); /* u in (0, 1); rises with it */
void life_parameters(double *p, enum life_form f, const double *x);
void life_start(double *x, enum life_form f, double rate_per_h); /* where a fit may begin */

/* At least one life must have ended, else converged is false. Lives of 0 h count as one second. */
struct life_fit life_fit(enum life_form form, const struct life *lives, size_t n, struct arena *a);
double life_fit_survival(const struct life_fit *f, double h);
/* Forms that are tried, from simple to rich: for lives of machines, for spells with and without stock. */
enum { N_FORMS_OF_LIVES = 3, N_FORMS_OF_SPELLS = 4 };
extern const enum life_form forms_of_lives[N_FORMS_OF_LIVES], forms_of_spells[N_FORMS_OF_SPELLS];
/* The fit with the least AIC among those that converged. */
size_t life_fit_best(const struct life_fit *fits, size_t n);
/* Largest distance between the model's survival and the Kaplan-Meier curve of the lives (Kolmogorov-Smirnov): around its steps;
 * at the ends of the intervals where lives are known as such. */
double life_fit_distance(const struct life_fit *f, const struct life *lives, size_t n,
                         struct arena *a);

/* Lives of one group of a table, in the order of the file. */
struct life_group {
    const char *name;
    struct life *lives;
    size_t n, ended;
    bool spells; /* spells of a place, not lives of machines */
};
/* With the first `protected_h` hours, in which nothing is reclaimed, taken off every life: what is left of those that outlived
 * them. *broken: reclaimed within them all the same. */
struct life_group lives_after(const struct life_group *g, double protected_h, size_t *broken,
                              struct arena *a);
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
