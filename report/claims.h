/* What a plan of many jobs claims, without the text of a saved plan between: that text would be larger than the plan. */
#ifndef REPORT_CLAIMS_H
#define REPORT_CLAIMS_H

#include "proof/run.h"
#include "solver/plan.h"

struct plan_claims {
    const struct proof *proof;
    const struct plan *plan;
    size_t *offer_of; /* [plan offers] as the proof numbers them; NOWHERE: it has no such offer */
    struct claim_source source;
};

/* Stretches of jobs, lines of the bill and prices of the plan; out must not move. The proof was made from the plan's inputs. Errors:
 * ERR_PROOF_NAME, ERR_PROOF_RUN: what no file could claim either. */
MUST_USE enum err claims_of_plan(struct plan_claims *out, const struct proof *proof,
                                 const struct plan *plan, struct diag *d);
/* They become those of the run. */
void claims_put(struct proof_run *run, const struct plan_claims *claims);

#endif
