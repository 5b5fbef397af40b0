/* The load that n machines of a type carry within a service's targets, from docs/model.md 3.2, computed anew. */
#ifndef PROOF_QUEUES_H
#define PROOF_QUEUES_H

#include "scenarios/service.h"

/* What of a service and a machine type matters. */
struct proof_queue {
    const struct service *service;
    double rate_per_machine; /* RULE_PROFILE, of the class */
    double time_h;           /* RULE_WAIT: of one request on this GPU */
    const double
        *alone;  /* [limits] part of the requests late with nobody waiting; NULL: to be computed */
    long places; /* of one machine; RULE_WAIT: requests served at a time */
};

/* Fills q->alone, [limits of the service]. RULE_WAIT. */
void proof_queue_alone(struct proof_queue *q, double *alone);
/* r(n), per hour or in Erlangs; INFINITY where n machines carry whatever comes. */
double proof_rate(const struct proof_queue *q, long machines);
bool proof_carries(const struct proof_queue *q, long machines, double load); /* r(n) >= load */

/* What is known of one queue while it is asked for one load after the other; begins as {0}. */
struct proof_search {
    long guess; /* machines that carried the last load */
    long n[64]; /* numbers of machines of which r is known, by their last digits; 0: none */
    double rate[64];
};

/* cap: no n machines that carry a load up to `load` carry more than n x cap. `most` machines are looked at, from
 * search->guess on. */
double proof_cap(const struct proof_queue *q, double load, long most, struct proof_search *search);

#endif
