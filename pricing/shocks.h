/* Reclaims that come together: many spot machines of one place under watch (Marshall and Olkin 1967). Events come at event_per_h
 * and take each machine with probability hit; beside them each machine is taken at own_per_h by itself. Of N machines
 * that are there at the start of w hours, given m events, each is gone with probability 1 - (1 - hit)^m exp(-own w), so
 *   P(K gone) = sum_m Poisson(m; event w) Binomial(K; N, 1 - (1 - hit)^m exp(-own w)) */
#ifndef PRICING_SHOCKS_H
#define PRICING_SHOCKS_H

#include "pricing/lifetimes.h"
#include "pricing/likelihood.h"

/* Machines under watch, in steps of equal length. */
struct watch {
    double step_h;
    size_t n;
    long *there, *gone; /* [n] at the start of the step; taken in it */
    int first_hour;     /* of the week at step 0, from 0; -1: not known */
};

/* Reads either time_ms,event,node (add and remove, one row per machine; *lives: how long each was there, cut short at the end) or
 * timestamp,instances (machines alive at a moment: what is missing at the next one was taken; *lives empty; rows more than 3
 * usual steps apart are a gap, over which nothing is counted). Errors: of csv_read; ERR_IMPORT_VALUE. */
MUST_USE enum err watch_read_events(struct watch *w, struct life_groups *lives, const char *path,
                                    struct arena *a, struct diag *d);
MUST_USE enum err watch_read_counts(struct watch *w, const char *path, struct arena *a,
                                    struct diag *d);

enum shock_form { SHOCK_NONE, SHOCK_COMMON, N_SHOCK_FORMS };
const char *shock_form_name(enum shock_form f); /* "independent", "shocks" */
const char *shock_parameter_name(size_t i);     /* own_per_h, event_per_h, hit */

struct shock_fit {
    enum shock_form form;
    bool converged;
    size_t n_parameters;
    double parameter[MAX_PARAMETERS], error[MAX_PARAMETERS]; /* own_per_h, event_per_h, hit */
    double log_likelihood, aic;
    double distance; /* largest between the mean distribution of K and what came */
};
/* On the first n steps; steps without machines say nothing. At least one machine must be gone. */
struct shock_fit shock_fit(enum shock_form form, const struct watch *w, size_t n, struct arena *a);

/* P(at most k of `there` machines are gone after w_h hours). */
double shock_cumulative(const struct shock_fit *f, long there, double w_h, long k);

#endif
