/* What a plan says besides its timeline and bill: gap, datasets, commitments, candidates, prices of limits. */
#include "common/text.h"
#include "solver/assumptions.h"
#include "solver/commitments.h"
#include "solver/crowd_solve.h"
#include "solver/sensitivity.h"
#include "solver/spare.h"
#include <math.h>
#include <string.h>

static void tell_datasets(struct planner *p)
{
    struct plan *plan = p->plan;
    for (size_t s = 0; s < p->m->n_stores; s++)
        for (size_t h = 0; h < p->m->stores[s].n_homes; h++) {
            const struct store *store = &p->m->stores[s];
            const size_t at = p->f->first_home[s] + h, pool = p->f->pool_of[at];
            if (p->home[at] <= WHOLE && p->extra[at] <= WHOLE) continue;
            const struct storage_tariff *t = &store->homes[h].tariff;
            const double size = store->size_gib * p->home[at] + p->extra[at];
            *ARENA_PUSH(p->arena, plan->datasets, plan->n_datasets) = (struct dataset_choice){
                .dataset = store->dataset,
                .class_ = store->homes[h].class_,
                .region = store->homes[h].region,
                .share = p->home[at],
                .size_gib = store->size_gib * p->home[at],
                .extra_gib = p->extra[at],
                .provided_mbps =
                    pool == NONE ? 0
                                 : fmin(t->base_mbps + t->slope_mbps_per_gib * size, t->max_mbps),
                .needed_mbps = store->floor_mbps};
        }
}

static void tell_subscriptions(struct planner *p)
{
    struct plan *plan = p->plan;
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const struct capacity *c = &p->m->limits[l];
        if (c->kind != LIMIT_SUBSCRIPTION || (c->buys && p->bought[l] <= WHOLE)) continue;
        *ARENA_PUSH(p->arena, plan->subscriptions, plan->n_subscriptions) =
            (struct subscription_choice){
                .offer = c->offer,
                .count = lround(c->buys ? p->bought[l] : c->amount),
                .relaxed = c->buys ? p->relaxed.x[p->f->subscription_column[l]] : c->amount,
                .existing = !c->buys};
        const struct offer *o = &p->m->offers[c->offer];
        const double horizon_h = (double)p->m->horizon_us / (double)US_PER_H;
        if (c->buys && o->term_h > horizon_h) {
            diag_warning(p->diag, ERR_TERM, (struct place){0},
                         _("%ld x %s by subscription: the term of %.0f h outlives the horizon, "
                           "%.2f are paid after it"),
                         lround(p->bought[l]), book_type(p->m->book, o->type)->name, o->term_h,
                         p->bought[l] * o->price * (o->term_h - horizon_h));
            diag_fix(p->diag,
                     _("plan for the whole term, buy shorter ones only (catalog.max_term), or "
                       "leave subscription out of purchase"));
        }
    }
}

/* Money of bought savings plans that is owed after the horizon. */
static void tell_savings_plans(struct planner *p)
{
    const double horizon_h = (double)p->m->horizon_us / (double)US_PER_H;
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const struct capacity *c = &p->m->limits[l];
        if (c->kind != LIMIT_SAVINGS_PLAN || !c->buys || p->bought[l] <= WHOLE ||
            horizon_h >= HOURS_PER_YEAR)
            continue;
        diag_warning(p->diag, ERR_TERM, (struct place){0},
                     _("a savings plan of %.4f an hour: its year outlives the horizon, %.2f are "
                       "paid after it"),
                     p->bought[l], p->bought[l] * (HOURS_PER_YEAR - horizon_h));
        diag_fix(p->diag, _("plan for the whole term, or leave savings_plan out of purchase"));
    }
}

static void tell_placements(struct planner *p)
{
    const struct scenario *s = p->m->scenario;
    const struct placement **all =
        ARENA_NEW(p->arena, const struct placement *, s->n_workloads + 1);
    for (size_t i = 0; i < p->m->n_groups + p->m->n_served; i++) {
        const struct group *g =
            i < p->m->n_groups ? &p->m->groups[i] : &p->m->served[i - p->m->n_groups].group;
        if (all[g->workload]) continue;
        const struct workload *w = &s->workloads[g->workload];
        struct placement *list = ARENA_NEW(p->arena, struct placement, g->n_sites + 1);
        for (size_t k = 0; k < g->n_sites; k++) {
            const struct storage_class **classes =
                ARENA_NEW(p->arena, const struct storage_class *, w->n_uses + 1);
            for (size_t j = 0; j < w->n_uses; j++)
                classes[j] = p->m->stores[store_find(p->m, w->uses[j].use)]
                                 .homes[g->sites[k].home[j]]
                                 .class_;
            list[k] = (struct placement){g->sites[k].region, w->n_uses, classes};
        }
        all[g->workload] = list;
    }
    p->plan->placements = all;
}

/* Candidates by shape: many stretches look for theirs. */
struct shelf {
    size_t *first; /* [shapes] NONE */
    size_t *next;  /* [candidates] of the same shape; NONE */
    size_t *last;  /* [shapes][offers] the one found last; NONE; NULL: too many to remember */
};

static void shelf_make(struct shelf *shelf, const struct planner *p)
{
    enum { MOST_REMEMBERED = 4000000 };
    const struct model *m = p->m;
    const size_t n_shapes = m->demands->n_shapes, n = n_shapes * m->n_offers;
    *shelf = (struct shelf){ARENA_NEW(p->arena, size_t, n_shapes + 1),
                            ARENA_NEW(p->arena, size_t, m->n_candidates + 1),
                            n <= MOST_REMEMBERED ? ARENA_NEW(p->arena, size_t, n + 1) : NULL};
    for (size_t i = 0; i < n_shapes; i++) shelf->first[i] = NONE;
    for (size_t i = 0; shelf->last && i < n; i++) shelf->last[i] = NONE;
    for (size_t k = m->n_candidates; k-- > 0;) {
        const size_t shape = m->candidates[k].shape;
        if (shape == NONE) continue;
        shelf->next[k] = shelf->first[shape];
        shelf->first[shape] = k;
    }
}

/* Marks the candidates that a stretch is of. */
static void choose(const struct shelf *shelf, const struct model *m, const struct stretch *s)
{
    const size_t shape = (size_t)(m->demands->items[s->demand].shape - m->demands->shapes);
    size_t *last = shelf->last ? &shelf->last[shape * m->n_offers + s->offer] : NULL;
    if (last && *last != NONE && m->candidates[*last].placement == s->placement) return;
    for (size_t k = shelf->first[shape]; k != NONE; k = shelf->next[k]) {
        if (m->candidates[k].offer != s->offer || m->candidates[k].placement != s->placement)
            continue;
        m->candidates[k].chosen = true;
        if (last) *last = k;
    }
}

static void tell_candidates(struct planner *p)
{
    struct shelf shelf;
    shelf_make(&shelf, p);
    for (size_t i = 0; i < p->plan->n_stretches; i++) choose(&shelf, p->m, &p->plan->stretches[i]);
    for (size_t i = 0; i < p->plan->n_holdings; i++) {
        const struct holding *h = &p->plan->holdings[i];
        const size_t workload = p->m->served[h->service].group.workload;
        for (size_t k = 0; k < p->m->n_candidates; k++)
            if (p->m->candidates[k].shape == NONE && p->m->candidates[k].workload == workload &&
                p->m->candidates[k].offer == h->offer)
                p->m->candidates[k].chosen = true;
    }
    p->plan->candidates = p->m->candidates;
    p->plan->n_candidates = p->m->n_candidates;
}

enum plan_status plan_told(const struct plan *p)
{
    return p->status == PLAN_OPTIMAL && p->gap > p->asked_gap ? PLAN_WITHIN_GAP : p->status;
}

enum err tell(struct planner *p)
{
    struct plan *plan = p->plan;
    plan->relaxed_cost = p->relaxed.objective;
    plan->asked_gap = p->settings->gap;
    plan->bound = p->relaxed.bound;
    plan->whole_bound = fmax(plan->bound, p->whole_bound);
    const double cost = (double)plan->cost / 1e6;
    const double rounding = 1e-8 * fabs(plan->bound) + 1e-6 * (double)(plan->n_ledger + 1);
    if (plan->whole_bound > cost + rounding)
        return diag_error(p->diag, ERR_INTERNAL, (struct place){0},
                          _("the plan costs %.6f, less than its proven lower bound %.6f"), cost,
                          plan->whole_bound);
    plan->gap = cost > 0 ? fmax(0, (cost - plan->bound) / cost) : 0;
    plan->method = all_whole(p->f->lp, p->relaxed.x) ? "lp" : "lp+mip";
    tell_datasets(p);
    tell_subscriptions(p);
    tell_savings_plans(p);
    commitments_tell(p);
    tell_placements(p);
    tell_candidates(p);
    if (p->crowd)
        TRY(crowd_limits_tell(p));
    else
        TRY(sensitivity_tell(p));
    spare_tell(p);
    assumptions_tell(plan, p->m);
    return OK;
}
