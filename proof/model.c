/* The plain formulation, rebuilt. */
#include "proof/services.h"

enum err proof_make(struct proof *p, const struct proof_inputs *in, struct arena *a, struct diag *d)
{
    (void)d;
    *p = (struct proof){.in = *in,
                        .arena = a,
                        .horizon_us = in->scenario->length_us,
                        .horizon_h = (double)in->scenario->length_us / (double)US_PER_H};
    proof_limits_make(p);
    proof_stores_make(p);
    proof_choices_make(p);
    proof_times_make(p);
    proof_services_make(p);
    return OK;
}
