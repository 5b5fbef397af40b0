/* What policy `hedge` rests on: how long spells last, and when on-demand is worth its price.
 * docs/policies.md has the formulas. */
#ifndef SIM_HEDGE_H
#define SIM_HEDGE_H

#include "sim/policy.h"

/* --- how long spells last (hedge_spells.c) --- */

enum { SPELL_AVAILABLE, SPELL_GONE, N_SPELL_KINDS };
/* Long spells follow long ones: a spell is of the class of the spell of its kind before it. */
enum { AFTER_SHORT, AFTER_LONG, N_SPELL_CLASSES };

/* A spell of age a ends at the rate at_1h x (a + 10 min)^-power per hour, a in hours: what has
 * lasted tends to last. */
struct spell_rate {
    double at_1h, power;
};

struct spell_prior {
    struct spell_rate rates[N_SPELL_KINDS][N_SPELL_CLASSES];
    double strength[N_SPELL_KINDS]; /* spell ends that the prior is worth */
};

/* Fitted to four traces of a public set (see the source). */
extern const struct spell_prior spell_prior_default;

/* Integral of a rate over the ages 0 .. age_h. */
double spell_rate_sum(const struct spell_rate *rate, double age_h);
/* Class of a spell of which the one before of its kind took length_s. */
size_t spell_class(double length_s);

/* What has been seen of a zone: how much faster or slower than the prior its spells end. */
struct zone_memory {
    size_t n_seen;                  /* past spells that are counted */
    double ends[N_SPELL_KINDS];     /* spells that ended */
    double expected[N_SPELL_KINDS]; /* ends that the prior would expect over what was seen */
};

/* Counts the spells of `past` that are new. */
void zone_learn(struct zone_memory *m, const struct spell_prior *prior,
                const struct policy_past *past);
/* Mean of the factor by which spells of a kind end faster, given all that was seen: gamma
 * distributed, prior mean 1. */
double zone_factor(const struct zone_memory *m, const struct spell_prior *prior, size_t kind,
                   const struct policy_view *view);
/* Class of the spell that lasts now (ahead = 0), of the next one of the other kind (ahead = 1). */
size_t zone_class(const struct policy_past *past, size_t ahead);

/* --- when on-demand is worth its price (hedge_values.c) --- */

/* Factors of both kinds for which values are computed: a grid, N x N. */
enum { HEDGE_FACTORS = 4, HEDGE_LANES = HEDGE_FACTORS * HEDGE_FACTORS };
enum { HEDGE_MAX_AGES = 9 };

/* The job on a grid of its own, coarser than its steps where those are many. */
struct hedge_grid {
    double step_s;
    size_t steps, work; /* to the deadline; of work, rounded up */
    double restart;     /* in steps */
    size_t parts;       /* points of work left to a step */
    size_t n_ages;
    size_t age_from[HEDGE_MAX_AGES]; /* first step of an age bucket; the last one has no end */
};

/* Thresholds of the steps left, per work left and situation. */
struct hedge_values;

const struct hedge_values *hedge_values_make(const struct policy_terms *terms,
                                             const struct spell_prior *prior, struct arena *a);

/* Where a job is. */
struct hedge_state {
    double steps_left, work_left; /* in steps of the grid */
    double pending;               /* steps of start-up that the machine held must still spend */
    bool available;
    double age_s;                  /* of the spell that lasts now */
    size_t classes[N_SPELL_KINDS]; /* of the spell now or next of each kind */
    double factors[N_SPELL_KINDS];
    enum machine current;
};

const struct hedge_grid *hedge_values_grid(const struct hedge_values *v);
enum machine hedge_best(const struct hedge_values *v, const struct hedge_state *s);

#endif
