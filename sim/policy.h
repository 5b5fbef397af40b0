/* Policies: what to hold next, for one job that one machine at a time works on, whose progress is
 * kept across machines, and that has a deadline. A policy sees the past and the present, never the
 * future. To add one: policy_<name>.c and a line in policy_list.h.
 *
 * Times are seconds since the job's start: deadlines are counted in whole steps, and hours would
 * not divide into them exactly. */
#ifndef SIM_POLICY_H
#define SIM_POLICY_H

#include "common/arena.h"
#include "sim/policy_list.h"
#include <stdbool.h>

enum machine { MACHINE_NONE, MACHINE_SPOT, MACHINE_ON_DEMAND };

/* What does not change while a job runs. */
struct policy_terms {
    double step_s; /* time between decisions, > 0; in a world of events the time billed at least */
    double work_s; /* work at the speed of the machine, > 0 */
    double deadline_s; /* from the job's start */
    double restart_s;  /* a machine just started does no work for this long, >= 0 */
    double on_demand_price_per_h, spot_price_per_h; /* the latter as expected over the job, > 0 */
    /* On-demand, once held, is held to the end: decisions are asked for only when a machine is lost
     * or there is none. */
    bool bought_stays;
};

/* A stretch of time over which spot could, or could not, be held. */
struct spell {
    double length_s;
    bool available;
};

/* What is known of the zone up to now. Spells alternate; the one that lasts now is not among
 * `past`: it is of the kind `spot_available` of the view and has lasted `spell_s` before now
 * (0: it begins now). What was seen before the job's start belongs to it. */
struct policy_past {
    size_t n;
    const struct spell *spells; /* [n], oldest first; the first may have begun before it was seen */
    double spell_s;
};

/* The present, at a decision. */
struct policy_view {
    const struct policy_terms *terms;
    double now_s;            /* since the job's start */
    double left_s;           /* work not done, > 0 */
    double pending_s;        /* start-up time that the machine held must still spend */
    enum machine current;    /* held up to now and not taken: a reclaimed spot machine is NONE */
    bool spot_available;     /* spot can be held from now to the next decision */
    double spot_price_per_h; /* of now */
    struct policy_past past;
};

/* All functions are free of side effects but for `memory` and may run in many threads. */
struct policy {
    const char *name;  /* "greedy_safety" */
    const char *label; /* N_() one line for people */
    /* What all jobs of these terms share, read-only from then on; NULL: nothing. It must serve jobs
     * of less work and less slack as well. May run in many threads. */
    const void *(*prepare)(const struct policy_terms *terms, struct arena *a);
    /* Bytes of memory per job, given zeroed at its first decision, then kept. */
    size_t memory_bytes;
    /* The machine to hold until the next decision. SPOT while spot cannot be held means NONE;
     * any machine other than `current` is a start. */
    enum machine (*choose)(const void *prepared, void *memory, const struct policy_view *view);
};

extern const struct policy *const policies[];       /* ends with NULL */
const struct policy *policy_find(const char *name); /* NULL when unknown */

/* Terms that like jobs can share: work and slack (deadline - work) are rounded up to 1, 1.25, 1.5
 * or 1.75 times a power of two seconds, by less than a quarter; all else stays as it is. */
struct policy_terms policy_terms_rounded(const struct policy_terms *terms);

/* ceil((left + starts x restart) / step): steps that the work left takes on a machine held from
 * now on, when that many start-ups must still be paid. */
double policy_steps_needed(const struct policy_view *view, int starts);
/* floor((deadline - now) / step): whole steps to the deadline. */
double policy_steps_left(const struct policy_view *view);
/* True when on-demand must be held from now on (`uniform_progress` and `greedy_safety` of
 * policies.md): steps needed with one start are all steps that are left, or more. */
bool policy_must_buy(const struct policy_view *view);

#endif
