/* What policy `hedge` rests on: kinds of zones and what is learned of one, and when on-demand is
 * worth its price. docs/policies.md has the formulas. */
#ifndef SIM_HEDGE_H
#define SIM_HEDGE_H

#include "sim/policy.h"

/* --- kinds of zones (hedge_zones.c) --- */

enum { KIND_AVAILABLE, KIND_GONE, N_KINDS };
/* A zone is in one of four phases, of which only the kind is seen: two in which spot can be held,
 * two in which it cannot. */
enum { ZONE_PHASES = 2, ZONE_STATES = N_KINDS * ZONE_PHASES };
/* Zones known, each as it was and with its spells longer or shorter. */
enum { KNOWN_ZONES = 4, ZONE_SCALES = 5, HEDGE_LANES = KNOWN_ZONES * ZONE_SCALES };

/* Probabilities of the phases after some time: [from][to], rows add up to 1. */
struct zone_step {
    double p[ZONE_STATES][ZONE_STATES];
};

/* The kind of zone `lane` over step_s seconds > 0. */
struct zone_step zone_step_make(size_t lane, double step_s);

/* Kinds of zones, prepared for one length of step; read-only. */
struct zones;
const struct zones *zones_make(double step_s, struct arena *a);

/* What is believed of a zone; all zero before anything is seen. */
struct zone_belief {
    bool begun;
    size_t kind;                            /* of the last spell that was counted */
    double phase[HEDGE_LANES][ZONE_PHASES]; /* probability of the phases of that kind */
    double log_likelihood[HEDGE_LANES];     /* of all that was counted */
};

/* Past spells that have been counted, and what they tell. */
struct zone_memory {
    size_t n_seen;
    struct zone_belief belief;
};

/* Counts the spells of `past` that are new; returns what is believed now, in the spell that lasts.
 */
struct zone_belief zone_learn(struct zone_memory *m, const struct zones *z,
                              const struct policy_view *view);
/* Probability of each kind of zone: in proportion to likelihood ^ 0.4, because no zone is just like
 * one of them. */
void zone_weights(double weights[HEDGE_LANES], const struct zone_belief *b);
/* Share of time for which spot can be held in the long run. */
double zone_available_share(const struct zones *z, const struct zone_belief *b);

/* --- when on-demand is worth its price (hedge_values.c) --- */

/* Beliefs for which values are computed: the first phase of the kind at hand has the probability
 * i / (HEDGE_BELIEFS - 1). */
enum { HEDGE_BELIEFS = 4, HEDGE_SITUATIONS = N_KINDS * HEDGE_BELIEFS };

/* The job on a grid of its own, coarser than its steps where those are many. */
struct hedge_grid {
    double step_s;
    size_t steps, work; /* to the deadline; of work, rounded up */
    double restart;     /* in steps */
    size_t parts;       /* points of work left to a step */
};

/* Thresholds of the steps left, per work left and situation. */
struct hedge_values;

const struct hedge_values *hedge_values_make(const struct policy_terms *terms, struct arena *a);

/* Where a job is. */
struct hedge_state {
    double steps_left, work_left; /* in steps of the grid */
    double pending;               /* steps of start-up that the machine held must still spend */
    enum machine current;
    const struct zone_belief *belief; /* its kind: whether spot is available */
};

const struct hedge_grid *hedge_values_grid(const struct hedge_values *v);
enum machine hedge_best(const struct hedge_values *v, const struct hedge_state *s);

#endif
