/* Saved runs as claims: the file is read with its own reader, and every name in it is looked up among the inputs. */
#ifndef PROOF_RUN_H
#define PROOF_RUN_H

#include "proof/claim.h"
#include "proof/run_file.h"

/* What a run says of its inputs. */
struct proof_run {
    const char *path;
    json_t *root;
    struct run_file *file; /* timeline and ledger are read from it; NULL: a document in memory */
    const char *variant, *book_sha256, *version, *status;
    size_t n_files;
    struct proof_file {
        const char *path, *sha256;
    } * files;
    size_t n_set;
    const char **set; /* "path=value" */
    bool has_plan;
    /* Of a plan in memory: stretches of jobs, lines of the bill and prices, which are not in root then. NULL: they are. */
    const struct claim_source *source;
    size_t n_runs, n_lines;
    struct proof_prices *prices;
};

/* Reads the file; keys twice, depth and not-a-number are refused. Errors: ERR_FILE, ERR_PROOF_RUN. */
MUST_USE enum err proof_run_read(struct proof_run *run, const char *path, struct arena *a,
                                 struct diag *d);

/* The same of a document in memory. */
MUST_USE enum err proof_run_of(struct proof_run *run, json_t *root, struct arena *a,
                               struct diag *d);

/* Its claims, with names resolved in p; p->in.spot_gamma has to be that of proof_run_gamma already. Errors: ERR_PROOF_RUN,
 * ERR_PROOF_NAME, ERR_PROOF_PRICE. */
MUST_USE enum err proof_run_claims(struct proof_claim *c, const struct proof_run *run,
                                   const struct proof *p, struct diag *d);

/* [workloads] what an hour of spot counts as, or NULL where the run states nothing. */
MUST_USE enum err proof_run_gamma(const double **gamma, const struct proof_run *run,
                                  const struct scenario *s, struct arena *a, struct diag *d);

/* The whole check of a run against rebuilt inputs; `done` names what was checked. OK, or the code of the first claim refused. */
enum err proof_run_check(const struct proof_run *run, struct proof *p, struct diag *d);

#endif
