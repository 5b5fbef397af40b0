/* Services rebuilt: machine types as pools, and what a machine counts for at the load of each period. */
#ifndef PROOF_SERVICES_H
#define PROOF_SERVICES_H

#include "proof/model.h"
#include "proof/queues.h"

struct proof_service {
    const struct service *service;
    struct proof_group group; /* choices that carry something within the targets */
    size_t *pool_of;          /* [choices] */
    size_t n_pools;
    struct proof_type {
        size_t type;
        struct fit fit;
        double least_u;             /* of its choices */
        struct proof_queue *queues; /* [classes] */
        double *cap;                /* [classes][periods] of one serving machine at the load of t */
    } * pools;
    double *load;    /* [periods] sizing load, all classes */
    size_t *like;    /* [periods] the first one with the same load */
    double *highest; /* [choices] most machines of it that could ever be of use */
    double all;      /* of all choices together */
};

long proof_most_machines(const struct service *s); /* that are looked at */
void proof_services_make(struct proof *p);         /* after times */
/* Load of class c that a machine of a choice counts for in period t. */
double proof_counts(const struct proof *p, const struct proof_service *v, size_t choice, size_t c,
                    size_t t);

#endif
