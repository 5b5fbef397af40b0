/* The prices that a solution of the linear program gives, in the form of a certificate (docs/certificates.md). */
#ifndef SOLVER_CERTIFICATE_H
#define SOLVER_CERTIFICATE_H

#include "proof/inputs.h"
#include "proof/prices.h"
#include "solver/resize.h"

/* Prices from the duals of the rows of f, [n_rows], rounded to what is printed; wrong signs, which are rounding, become 0. */
void certificate_make(struct proof_prices *out, const struct formulation *f, const double *row_dual,
                      struct arena *a);

/* Adds what a plan leaves out of the load of services. */
void certificate_unserved(struct proof_prices *out, const struct model *m,
                          const struct fleet *fleets);

/* The name of the commitment that an offer of the plan is of, as a certificate names its limit: one that exists, or a subscription
 * that may be bought. NULL: of none. */
const char *certificate_commitment(const struct plan *p, size_t offer, struct arena *a);

/* The inputs a plan was made from, for checking it. */
struct proof_inputs certificate_inputs(const struct plan *p);

/* The price of one job's work or spot share; below 0 and next to nothing is left out. */
void certificate_put_job(struct proof_prices *out, enum proof_row kind, const char *job,
                         double price);

#endif
