/* All checks of a run, one after the other. */
#include "common/text.h"
#include "proof/bound.h"
#include "proof/run.h"
#include <math.h>
#include <string.h>

bool proof_check_bound(struct proof *p, const struct proof_claim *c, struct diag *d)
{
    const struct proof_bound found = proof_bound_again(p, c->prices);
    if (found.valid && c->bound <= found.micro) return true;
    diag_error(d, ERR_PROOF_BOUND, (struct place){0},
               _("the bound is said to be %.6f, and its prices prove %.6f"), (double)c->bound / 1e6,
               (double)found.micro / 1e6);
    return false;
}

/* Every price is of a row that exists. */
static bool check_names(const struct proof_prices *prices, struct diag *d)
{
    for (int k = 0; k < N_PRICE_KINDS; k++)
        for (size_t i = 0; i < prices->tables[k].n; i++) {
            if (prices->tables[k].items[i]->used) continue;
            diag_error(d, ERR_PROOF_NAME, (struct place){0},
                       _("certificate.prices.%s has \"%s\", which is no row of this scenario"),
                       proof_row_word((enum proof_row)k), prices->tables[k].items[i]->name);
            return false;
        }
    return true;
}

static bool check_gap(const struct proof_claim *c, struct diag *d)
{
    const double cost = (double)c->cost, bound = (double)c->bound;
    const double gap = cost > 0 ? fmax(0, (cost - bound) / cost) : 0;
    if (fabs(c->gap - gap) <= 1e-12) return true;
    diag_error(d, ERR_PROOF_GAP, (struct place){0},
               _("the gap is said to be %.15g, and cost and bound give %.15g"), c->gap, gap);
    return false;
}

/* Some job can run nowhere, or prices show that no plan keeps every row. */
static bool check_infeasible(struct proof *p, const struct proof_claim *c, struct diag *d)
{
    for (size_t i = 0; i < p->in.demands->n; i++)
        if (p->in.demands->items[i].work > 0 && p->groups[p->group_of[i]].n_choices == 0)
            return true;
    for (size_t i = 0; i < p->in.services->n; i++)
        if (p->services[i].group.n_choices == 0) return true;
    const struct proof_bound found = proof_bound(p, c->prices, false);
    if (found.valid && found.micro > 0) return true;
    diag_error(d, ERR_PROOF_BOUND, (struct place){0},
               _("it says that no plan is possible, and its prices do not prove that"));
    return false;
}

enum err proof_run_check(const struct proof_run *run, struct proof *p, struct diag *d)
{
    struct proof_claim c = {0};
    const size_t before = d->n_errors;
    const char *unchecked =
        json_string_value(json_object_get(json_object_get(run->root, "certificate"), "unchecked"));
    if (unchecked)
        return diag_error(d, ERR_PROOF_RUN, (struct place){0},
                          _("it says itself that nothing of it is proven: %s"), unchecked);
    TRY(proof_run_claims(&c, run, p, d));
    bool good;
    if (run->has_plan) {
        const bool faithful = !c.relaxed || p->in.services->n == 0;
        good = proof_check_bound(p, &c, d);
        good = check_names(c.prices, d) && good;
        good = proof_check_storage(p, &c, d) && good;
        if (faithful) {
            good = proof_check_work(p, &c, d) && good;
            good = proof_check_limits(p, &c, d) && good;
            good = proof_check_services(p, &c, d) && good;
            good = proof_check_bill(p, &c, d) && good;
        }
        good = proof_check_budgets(p, &c, d) && good;
        good = check_gap(&c, d) && good;
    } else if (strcmp(run->status, "infeasible") == 0) {
        good = check_infeasible(p, &c, d);
    } else {
        return diag_error(d, ERR_PROOF_RUN, (struct place){0},
                          _("it has no plan and no proof that there is none: its status is %s"),
                          run->status);
    }
    if (good && d->n_errors == before) return OK;
    return d->code != OK ? d->code : ERR_PROOF_RUN;
}
