#include "report/certify.h"
#include "common/text.h"
#include "proof/bound.h"
#include "proof/run.h"
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
    if (certificate_too_large(plan)) return OK;
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
    const struct proof_bound found = proof_bound(proof, plan->prices, true);
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

enum err result_certify(struct result *r, struct proof *proof, const char *version, struct arena *a,
                        struct diag *d)
{
    struct proof_run run;
    if (!r->plan || !r->summary || (!r->summary->has_plan && r->plan->status != PLAN_INFEASIBLE))
        return OK;
    if (certificate_too_large(r->plan)) return OK; /* shown, and said not to be checked */
    struct diag own = {.arena = a};
    r->verified = true; /* as it will be written */
    json_t *root = result_core_json(r, version, a);
    enum err code = proof_run_of(&run, root, a, &own);
    if (code == OK) code = proof_run_check(&run, proof, &own);
    json_decref(root);
    r->verified = code == OK;
    return code == OK ? OK : diag_take(d, &own);
}
