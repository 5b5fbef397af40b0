/* How long requests wait under a plan, and how many starts find no place, by hour of the week. */
#ifndef SOLVER_SERVICE_WAITS_H
#define SOLVER_SERVICE_WAITS_H

#include "solver/plan.h"

enum { WAIT_HOURS = 168 }; /* Monday 0:00 first, local time */

/* Of the fullest hour of its kind: the one with most load per machine. Every machine held is at work. */
struct service_wait {
    bool open; /* else the rest means nothing: no such hour, closed, or no machine is held */
    /* Requests: the answer time that all but late_frac of them keep, waiting and service, h; sessions and seats: share of the starts
     * that find no place. At the mean load, and at the load that the plan is sized for (burst and headroom). INFINITY: more comes
     * than is carried. */
    double mean, sized;
    double waiting; /* requests: mean number in the queue at the mean load */
};

struct service_waits {
    double late_frac; /* of the limit that allows least above it; 0.01 where there is none */
    double limit;     /* that limit, h; sessions and seats: the largest share blocked; NAN: none */
    struct service_wait hour[WAIT_HOURS];
};

/* Of service `i` of a plan; model.md 3.2. False where the rule is a measured table, which knows no waiting, or nothing is held. */
bool service_waits_make(struct service_waits *out, const struct plan *plan, size_t i,
                        struct arena *a);

#endif
