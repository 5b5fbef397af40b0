/* Checking a plan before it is shown: its bound becomes the one that its prices prove, and every claim is checked. */
#ifndef REPORT_CERTIFY_H
#define REPORT_CERTIFY_H

#include "proof/model.h"
#include "report/formats.h"

/* Rebuilds the model of a plan in *proof and sets the bound, gap and prices of the plan to what is proven. Plans without prices are
 * left as they are. Errors: ERR_PROOF_BOUND. */
MUST_USE enum err plan_certify(struct proof *proof, struct plan *plan, struct arena *a,
                               struct diag *d);

/* Checks the result as it will be saved, `version` being that of the program; sets r->verified. Of more rows than are read back,
 * stretches, lines and prices are checked as they are in memory. Errors: of proof_run_check. */
MUST_USE enum err result_certify(struct result *r, struct proof *proof, const char *version,
                                 struct diag *d);
/* In memory, however few they are. */
MUST_USE enum err result_certify_rows(struct result *r, struct proof *proof, const char *version,
                                      struct diag *d);

#endif
