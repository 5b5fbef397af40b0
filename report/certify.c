#include "report/certify.h"
#include "common/text.h"
#include "proof/bound.h"
#include "proof/run.h"
#include "report/claims.h"
#include "report/result_json.h"
#include "solver/certificate.h"
#include <math.h>

/* A bound this much smaller than the solver's is the same one, written down. */
#define SAME      1e-9
#define MILLIONTH 2e-6

enum { MOST_ROUNDS = 6, FACTOR = 64 };

/* A proof that there is no plan holds for any multiple of its prices. */
static void scale(const struct proof_prices *prices, double factor)
{
    for (int k = 0; k < N_PRICE_KINDS; k++)
        for (size_t i = 0; i < prices->tables[k].n; i++)
            for (size_t j = 0; j < prices->tables[k].items[i]->n; j++)
                prices->tables[k].items[i]->value[j] *= factor;
}

/* The findings of a check become those of the plan. */
static enum err diag_take(struct diag *to, const struct diag *from)
{
    for (const struct finding *f = from->first; f; f = f->next)
        (void)diag_error(to, f->code, f->place, "%s", f->what);
    return from->code;
}

enum err plan_certify(struct proof *proof, struct plan *plan, struct arena *a, struct diag *d)
{
    const struct proof_inputs in = certificate_inputs(plan);
    TRY(proof_make(proof, &in, a, d));
    if (!plan->prices) return OK;
    if (plan->status == PLAN_INFEASIBLE) {
        int times = 0;
        while (times < MOST_ROUNDS && proof_bound(proof, plan->prices, false).micro <= 0) {
            scale(plan->prices, FACTOR);
            times++;
        }
        if (times == MOST_ROUNDS) scale(plan->prices, pow(FACTOR, -MOST_ROUNDS));
        return OK;
    }
    const struct proof_bound found = proof_bound_again(proof, plan->prices);
    if (!found.valid || found.micro == INT64_MIN)
        return diag_error(d, ERR_PROOF_BOUND, (struct place){0}, "%s",
                          _("the prices of the linear program prove no bound"));
    const double before = plan->bound, cost = (double)plan->cost / 1e6;
    plan->bound = (double)found.micro / 1e6;
    if (plan->whole_bound > fmax(before, plan->bound) * (1 + SAME) + MILLIONTH)
        plan->whole_bound = fmax(plan->whole_bound, plan->bound);
    else
        plan->whole_bound = before > plan->bound * (1 + SAME) + MILLIONTH ? before : plan->bound;
    plan->gap = cost > 0 ? fmax(0, (cost - plan->bound) / cost) : 0;
    return OK;
}

/* `written`: as it will be; else stretches, lines and prices are those in memory. */
static enum err certify(struct result *r, struct proof *proof, const char *version, bool written,
                        struct diag *d)
{
    struct proof_run run;
    struct plan_claims claims;
    if (!r->plan || !r->summary || (!r->summary->has_plan && r->plan->status != PLAN_INFEASIBLE))
        return OK;
    struct diag own = {.arena = d->arena};
    enum err code = written ? OK : claims_of_plan(&claims, proof, r->plan, &own);
    if (code != OK) {
        r->verified = false;
        return diag_take(d, &own);
    }
    r->verified = true; /* as it will be written */
    json_t *root = result_core_json(r, version, written, d->arena);
    code = proof_run_of(&run, root, d->arena, &own);
    if (!written) claims_put(&run, &claims);
    if (code == OK) code = proof_run_check(&run, proof, &own);
    json_decref(root);
    r->verified = code == OK;
    return code == OK ? OK : diag_take(d, &own);
}

/* Rows of a plan up to which it is checked as it will be written; the text of more would be larger than the plan. */
enum { MOST_WRITTEN = 20000 };

enum err result_certify(struct result *r, struct proof *proof, const char *version, struct diag *d)
{
    const bool written = !r->plan || r->plan->n_stretches + r->plan->n_ledger <= MOST_WRITTEN;
    return certify(r, proof, version, written, d);
}

enum err result_certify_rows(struct result *r, struct proof *proof, const char *version,
                             struct diag *d)
{
    return certify(r, proof, version, false, d);
}
