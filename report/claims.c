/* Jobs, workloads and datasets are those of the same inputs; offers and machines are looked up by their names among what the proof
 * rebuilt, as they are in a file. */
#include "report/claims.h"
#include "common/text.h"
#include "solver/certificate.h"

static const char *class_at(const struct proof *p, const struct proof_group *g,
                            const struct proof_choice *c, size_t use)
{
    const struct proof_store *s =
        &p->stores[proof_store_find(p, g->shape->workload->uses[use].use)];
    return s->homes[g->sites[c->site].home[use]].class_->name;
}

/* Its datasets lie where the placement says. */
static bool is_placed(const struct plan_claims *k, const struct proof_group *g,
                      const struct proof_choice *c, size_t placement)
{
    const size_t n = g->shape->workload->n_uses;
    const struct placement *all = k->plan->placements ? k->plan->placements[g->workload] : NULL;
    if (n == 0) return true;
    if (!all || all[placement].n != n) return false;
    for (size_t j = 0; j < n; j++)
        if (!proof_same(all[placement].classes[j]->name, class_at(k->proof, g, c, j))) return false;
    return true;
}

/* Choices are by site, then offer. NULL: there is none. */
static const struct proof_choice *choice_of(const struct plan_claims *k, const struct stretch *s)
{
    const struct proof_group *g = &k->proof->groups[k->proof->group_of[s->demand]];
    const size_t offer = k->offer_of[s->offer];
    size_t low = 0, high = g->n_choices;
    while (g->n_sites == 1 && low < high) {
        const size_t middle = low + (high - low) / 2;
        if (g->choices[middle].offer < offer)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = low; i < g->n_choices; i++)
        if (g->choices[i].offer == offer && is_placed(k, g, &g->choices[i], s->placement))
            return &g->choices[i];
    return NULL;
}

static struct claim_run run_at(const void *of, size_t i)
{
    const struct plan_claims *k = of;
    const struct stretch *s = &k->plan->stretches[i];
    return (struct claim_run){.job = s->demand,
                              .choice = choice_of(k, s),
                              .machines = s->machines,
                              .from_us = s->from_us,
                              .to_us = s->to_us,
                              .paid_us = s->paid_us,
                              .start_us = s->start_us,
                              .work = s->useful};
}

static struct claim_line line_at(const void *of, size_t i)
{
    const struct plan_claims *k = of;
    const struct ledger_line *l = &k->plan->ledger[i];
    return (struct claim_line){.part = (enum proof_part)l->part,
                               .workload = l->workload,
                               .job = l->demand,
                               .dataset = l->dataset,
                               .offer = l->offer == NOWHERE ? NOWHERE : k->offer_of[l->offer],
                               .plan = l->workload == NOWHERE && l->offer == NOWHERE,
                               .month = l->month,
                               .price = ratio_value(l->price),
                               .quantity = l->quantity,
                               .quantity_den = l->quantity_den,
                               .amount = l->amount};
}

static bool same_offer(const struct plan_claims *k, size_t mine, const char *commitment, size_t its)
{
    const struct offer *a = &k->plan->offers[mine], *b = &k->proof->offers[its];
    const char *other = proof_commitment_of(k->proof, its);
    return a->type == b->type && a->market == b->market && a->protected_h >= b->protected_h &&
           a->protected_h <= b->protected_h && proof_same(a->region, b->region) &&
           proof_same(a->zone, b->zone) && proof_same(commitment, other);
}

static void match_offers(struct plan_claims *k)
{
    struct arena *a = k->proof->arena;
    k->offer_of = ARENA_NEW(a, size_t, k->plan->n_offers + 1);
    for (size_t i = 0; i < k->plan->n_offers; i++) {
        const char *commitment = certificate_commitment(k->plan, i, a);
        size_t found = NOWHERE;
        for (size_t j = k->proof->n_offers; j-- > 0;)
            if (same_offer(k, i, commitment, j)) found = j;
        k->offer_of[i] = found;
    }
}

static enum err refuse(struct diag *d, const char *where, size_t number)
{
    return diag_error(d, ERR_PROOF_RUN, (struct place){0},
                      _("entry %zu of %s lacks a value, or has one that cannot be"), number + 1,
                      where);
}

static enum err unknown(struct diag *d, const char *where, size_t number, const char *what)
{
    return diag_error(d, ERR_PROOF_NAME, (struct place){0},
                      _("entry %zu of %s: the inputs have no such %s"), number + 1, where, what);
}

static enum err check_stretch(const struct plan_claims *k, size_t i, struct diag *d)
{
    const struct stretch *s = &k->plan->stretches[i];
    if (s->demand >= k->proof->in.demands->n) return unknown(d, "timeline", i, _("job"));
    if (s->offer >= k->plan->n_offers || !choice_of(k, s))
        return unknown(d, "timeline", i, _("machine for it"));
    if (!(s->useful >= 0) || s->machines < 1 || s->paid_us < 0 || s->start_us < 0 ||
        s->from_us < 0 || s->to_us <= s->from_us || s->to_us > k->proof->horizon_us)
        return refuse(d, "timeline", i);
    return OK;
}

static enum err check_line(const struct plan_claims *k, size_t i, struct diag *d)
{
    const struct ledger_line *l = &k->plan->ledger[i];
    const struct scenario *s = k->proof->in.scenario;
    if (l->workload != NOWHERE && l->workload >= s->n_workloads)
        return unknown(d, "ledger", i, _("workload"));
    if (l->dataset != NOWHERE && l->dataset >= s->n_datasets)
        return unknown(d, "ledger", i, _("dataset"));
    if (l->demand != NOWHERE && l->demand >= k->proof->in.demands->n)
        return unknown(d, "ledger", i, _("job"));
    if (l->offer != NOWHERE && (l->offer >= k->plan->n_offers || k->offer_of[l->offer] == NOWHERE))
        return unknown(d, "ledger", i, _("offer"));
    return l->quantity_den > 0 && l->month >= 0 ? OK : refuse(d, "ledger", i);
}

enum err claims_of_plan(struct plan_claims *out, const struct proof *proof, const struct plan *plan,
                        struct diag *d)
{
    *out = (struct plan_claims){
        .proof = proof, .plan = plan, .source = {.run = run_at, .line = line_at, .of = out}};
    match_offers(out);
    for (size_t i = 0; i < plan->n_stretches; i++) TRY(check_stretch(out, i, d));
    for (size_t i = 0; i < plan->n_ledger; i++) TRY(check_line(out, i, d));
    return OK;
}

void claims_put(struct proof_run *run, const struct plan_claims *claims)
{
    run->source = &claims->source;
    run->n_runs = claims->plan->n_stretches;
    run->n_lines = claims->plan->n_ledger;
    run->prices = claims->plan->prices;
}
