/* What a check begins with: the inputs as the readers of files give them, and nothing else. */
#ifndef PROOF_INPUTS_H
#define PROOF_INPUTS_H

#include "scenarios/demand.h"
#include "scenarios/offer_request.h"
#include "scenarios/service.h"

struct proof_inputs {
    const struct scenario *scenario;
    const struct price_book *book;
    const struct demand_list *demands; /* in any order */
    const struct service_list *services;
    const struct offer_request *request;
    const struct offer *offers; /* quoted, in canonical order */
    size_t n_offers;
    const double *spot_gamma; /* [workloads] or NULL: window.confidence, used as stated */
};

/* Demands, services and offers of a scenario that has been read. Errors: what the readers find. */
MUST_USE enum err proof_inputs_load(struct proof_inputs *in, const struct scenario *s,
                                    const struct price_book *b, struct arena *a, struct diag *d);

#endif
