/* From a scenario to a plan: demands x offers -> model -> LP -> whole decisions -> timeline -> bill. */
#include "common/text.h"
#include "solver/assumptions.h"
#include "solver/conflict.h"
#include "solver/ledger.h"
#include "solver/options.h"
#include "solver/service_outcomes.h"
#include <math.h>
#include <string.h>
#include <time.h>

const struct plan_settings PLAN_SETTINGS = {.gap = 1e-4};

/* A share of a home or a machine count this close to a whole number is one (LP feasibility is 1e-9). */
#define WHOLE 1e-6
/* Branch and bound for whole homes and subscriptions may take this long where the user sets no limit: the plan's bound is
 * that of the relaxation either way, and what is not closed by then is part of the printed gap. */
#define WHOLE_TIME_S 5
/* Beyond this size a tree is not begun: its first node alone would take that long. */
enum { MOST_TREE_ROWS = 15000, MOST_TREE_COLUMNS = 40000 };
/* Rounds in which a budget that the executable plan passes is tightened by what it is passed. */
enum { BUDGET_ROUNDS = 12 };

struct planner {
    struct plan *plan;
    struct model *m;
    struct formulation *f;
    const struct plan_settings *settings;
    struct arena *arena;
    struct diag *diag;
    struct lp_result relaxed_again;  /* with tightened budgets */
    struct lp_result relaxed, fixed; /* the LP; the LP with whole decisions */
    struct decision decision;
    double *home, *extra, *bought;
    struct schedule schedule;
    struct fleet *fleets;
    double missing; /* largest share of a rate demand's load without machines */
};

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static enum err make_offers(struct model *m)
{
    TRY(scenario_offer_request(&m->request, m->scenario, m->book, m->arena, m->diag));
    m->quoted.arena = m->arena;
    TRY(offers_make(&m->quoted, m->book, &m->request, m->arena, m->diag));
    for (size_t i = 0; i < m->quoted.n; i++)
        *ARENA_PUSH(m->arena, m->offers, m->n_offers) = m->quoted.items[i];
    return OK;
}

static enum err make_model(struct model *m)
{
    struct demand_list *demands = ARENA_NEW(m->arena, struct demand_list, 1);
    TRY(demands_make(demands, m->scenario, m->book, m->arena, m->diag));
    order_demands(demands);
    m->demands = demands;
    struct service_list *services = ARENA_NEW(m->arena, struct service_list, 1);
    TRY(services_make(services, m->scenario, m->book, m->arena, m->diag));
    m->services = services;
    m->horizon_us = m->scenario->length_us;
    TRY(make_offers(m));
    TRY(limits_make(m));
    TRY(stores_make(m));
    TRY(options_make(m));
    TRY(served_make(m));
    regions_prune(m);
    return OK;
}

static bool is_whole(double x)
{
    return fabs(x - round(x)) <= WHOLE;
}

static bool all_whole(const struct lp *lp, const double *x)
{
    for (size_t j = 0; j < lp->n_cols; j++)
        if (lp->integer[j] && !is_whole(x[j])) return false;
    return true;
}

static bool is_solved(const struct lp_result *r)
{
    return r->status == LP_OPTIMAL || r->status == LP_FEASIBLE;
}

static void fix_column(struct lp *lp, size_t col, double value)
{
    lp->col_lo[col] = lp->col_hi[col] = value;
}

/* Every dataset that is torn between homes lies where most of it is. */
static void fix_homes(struct planner *p, const double *x)
{
    const struct formulation *f = p->f;
    for (size_t s = 0; s < p->m->n_stores; s++) {
        if (p->m->stores[s].split) continue;
        size_t best = f->first_home[s];
        for (size_t i = best; i < f->first_home[s + 1]; i++)
            if (x[f->home_column[i]] > x[f->home_column[best]] + WHOLE) best = i;
        for (size_t i = f->first_home[s]; i < f->first_home[s + 1]; i++)
            fix_column(f->lp, f->home_column[i], i == best ? 1 : 0);
    }
}

static void fix_counts(struct lp *lp, const double *x, bool up)
{
    for (size_t j = 0; j < lp->n_cols; j++)
        if (lp->integer[j])
            fix_column(lp, j, fmin(floor(lp->col_hi[j]), up ? ceil(x[j] - WHOLE) : round(x[j])));
}

/* Rounds in three LPs: homes, then counts to the nearest whole number, or upwards where that is not enough. */
static enum err round_whole(struct planner *p, bool up_first)
{
    struct lp *lp = p->f->lp;
    const size_t n = lp->n_cols;
    double *lo = ARENA_NEW(p->arena, double, n + 1), *hi = ARENA_NEW(p->arena, double, n + 1);
    memcpy(lo, lp->col_lo, n * sizeof *lo);
    memcpy(hi, lp->col_hi, n * sizeof *hi);
    fix_homes(p, p->relaxed.x);
    enum err e = lp_solve(&p->fixed, lp, &p->settings->lp, p->arena, p->diag);
    for (int up = up_first; e == OK && up < 2; up++) {
        if (!is_solved(&p->fixed)) break;
        const struct lp_result before = p->fixed;
        fix_counts(lp, before.x, up);
        e = lp_solve(&p->fixed, lp, &p->settings->lp, p->arena, p->diag);
        if (is_solved(&p->fixed)) break;
        if (up == 0) p->fixed = before;
    }
    memcpy(lp->col_lo, lo, n * sizeof *lo);
    memcpy(lp->col_hi, hi, n * sizeof *hi);
    return e;
}

/* Hours for which the LP holds machines of option o of a rate demand, and the most at a time. */
static double option_hours(const struct planner *p, size_t served, size_t o, double *most)
{
    const size_t T = p->m->grid.n;
    double hours = 0;
    *most = 0;
    for (size_t t = 0; t < T; t++) {
        const size_t col = p->f->services[served].held[o * T + t];
        if (col == NONE) continue;
        hours += p->fixed.x[col] * period_h(&p->m->grid, t);
        *most = fmax(*most, p->fixed.x[col]);
    }
    return hours;
}

/* Money per hour of a savings plan that pays whole machines of the option that uses it most; the LP's own where no rate
 * demand uses it. */
static double whole_plan(const struct planner *p, size_t limit, double amount)
{
    double longest = 0;
    for (size_t i = 0; i < p->m->n_served; i++)
        for (size_t o = 0; o < p->m->served[i].group.n_options; o++) {
            double most = 0;
            const double units = option_limit_units(&p->m->served[i].group.options[o], limit);
            const double hours = units > 0 ? option_hours(p, i, o, &most) : 0;
            if (hours <= longest) continue;
            longest = hours;
            amount = round(most) * units;
        }
    return amount;
}

static bool has_savings_plan(const struct planner *p)
{
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const size_t col = p->f->subscription_column[l];
        if (p->m->limits[l].kind == LIMIT_SAVINGS_PLAN && col != NONE && p->fixed.x[col] > WHOLE)
            return true;
    }
    return false;
}

/* Once more with the whole counts that were found and savings plans for whole machines. */
static enum err fix_savings_plans(struct planner *p)
{
    struct lp *lp = p->f->lp;
    if (!has_savings_plan(p)) return OK;
    const size_t n = lp->n_cols;
    double *lo = ARENA_NEW(p->arena, double, n + 1), *hi = ARENA_NEW(p->arena, double, n + 1);
    memcpy(lo, lp->col_lo, n * sizeof *lo);
    memcpy(hi, lp->col_hi, n * sizeof *hi);
    const struct lp_result before = p->fixed;
    for (size_t j = 0; j < n; j++)
        if (lp->integer[j]) fix_column(lp, j, round(before.x[j]));
    for (size_t l = 0; l < p->m->n_limits; l++) {
        const size_t col = p->f->subscription_column[l];
        if (p->m->limits[l].kind == LIMIT_SAVINGS_PLAN && col != NONE)
            fix_column(lp, col, whole_plan(p, l, before.x[col]));
    }
    const enum err e = lp_solve(&p->fixed, lp, &p->settings->lp, p->arena, p->diag);
    if (!is_solved(&p->fixed)) p->fixed = before;
    memcpy(lp->col_lo, lo, n * sizeof *lo);
    memcpy(lp->col_hi, hi, n * sizeof *hi);
    return e;
}

/* Whole homes and machine counts: branch and bound where the LP leaves any open, rounding where that takes too long. */
static enum err fix_whole(struct planner *p)
{
    struct lp *lp = p->f->lp;
    p->fixed = p->relaxed;
    if (p->decision.relaxed) return OK;
    if (!all_whole(lp, p->relaxed.x)) {
        struct lp_settings settings = p->settings->lp;
        settings.mip_gap = p->settings->gap;
        if (settings.time_limit_s <= 0) settings.time_limit_s = WHOLE_TIME_S;
        p->fixed.status = LP_LIMIT;
        if (lp->n_rows <= MOST_TREE_ROWS && lp->n_cols <= MOST_TREE_COLUMNS)
            TRY(lp_solve_mip(&p->fixed, lp, &settings, p->arena, p->diag));
        if (p->fixed.status == LP_LIMIT) TRY(round_whole(p, false));
        if (!is_solved(&p->fixed)) return OK;
    }
    TRY(fix_savings_plans(p));
    for (size_t j = 0; j < lp->n_cols; j++)
        if (lp->integer[j]) p->fixed.x[j] = round(p->fixed.x[j]);
    return OK;
}

static void read_decision(struct planner *p)
{
    const struct formulation *f = p->f;
    const size_t n = f->first_home[p->m->n_stores];
    p->home = ARENA_NEW(p->arena, double, n + 1);
    p->extra = ARENA_NEW(p->arena, double, n + 1);
    p->bought = ARENA_NEW(p->arena, double, p->m->n_limits + 1);
    for (size_t i = 0; i < n; i++) {
        p->home[i] = p->fixed.x[f->home_column[i]];
        p->extra[i] = f->extra_column[i] == NONE ? 0 : p->fixed.x[f->extra_column[i]];
    }
    for (size_t l = 0; l < p->m->n_limits; l++)
        if (f->subscription_column[l] != NONE) p->bought[l] = p->fixed.x[f->subscription_column[l]];
    p->decision.home = p->home;
    p->decision.extra = p->extra;
    p->decision.bought = p->bought;
}

/* Capacity bought beyond the size: at least what the timeline reads at its peak, and as it is sold. */
static void size_extras(struct planner *p)
{
    const struct formulation *f = p->f;
    for (size_t i = 0; i < f->n_pools && !p->decision.relaxed; i++) {
        const struct pool *pool = &f->pools[i];
        double peak = 0, size = 0;
        for (size_t k = 0; k < p->schedule.reads[i].n; k++)
            peak = fmax(peak, p->schedule.reads[i].used[k]);
        size_t holder = NONE;
        for (size_t k = 0; k < pool->n; k++) {
            const size_t at = f->first_home[pool->members[k].store] + pool->members[k].home;
            if (p->home[at] > 0.5 && holder == NONE) holder = at;
            size += p->home[at] * p->m->stores[pool->members[k].store].size_gib + p->extra[at];
        }
        const double slope = pool->tariff->slope_mbps_per_gib;
        const double need =
            slope > 0 ? (fmin(peak, pool->tariff->max_mbps) - pool->tariff->base_mbps) / slope : 0;
        if (holder != NONE && need > size * (1 + 1e-9)) p->extra[holder] += need - size;
        for (size_t k = 0; k < pool->n; k++) {
            const size_t at = f->first_home[pool->members[k].store] + pool->members[k].home;
            const double step = pool->tariff->step_gib > 0 ? pool->tariff->step_gib : 1;
            const double own = p->home[at] * p->m->stores[pool->members[k].store].size_gib;
            if (p->extra[at] > 1e-6)
                p->extra[at] = ceil((own + p->extra[at]) / step - 1e-6) * step - own;
        }
    }
}

static void make_outcomes(struct planner *p)
{
    struct plan *plan = p->plan;
    plan->stretches = p->schedule.stretches;
    plan->n_stretches = p->schedule.n_stretches;
    plan->outcomes = ARENA_NEW(p->arena, struct demand_outcome, p->m->demands->n + 1);
    plan->machine_h = 0;
    for (size_t i = 0; i < plan->n_stretches; i++) {
        const struct stretch *s = &plan->stretches[i];
        struct demand_outcome *o = &plan->outcomes[s->demand];
        const double hours = (double)(s->paid_us + s->start_us) / (double)US_PER_H;
        if (o->machine_h <= 0 || s->from_us < o->first_us) o->first_us = s->from_us;
        if (s->to_us > o->finish_us) o->finish_us = s->to_us;
        o->machine_h += hours;
        o->useful += s->useful;
        if (p->m->offers[s->offer].market->interruptible) o->on_spot += s->useful;
        plan->machine_h += hours;
    }
}

/* The bill of the timeline in p->schedule. */
static enum err make_bill(struct planner *p)
{
    read_decision(p); /* capacities are sized anew for each timeline */
    size_extras(p);
    make_outcomes(p);
    services_tell(p->plan, p->m, p->fleets);
    return ledger_make(p->plan, p->f, &p->schedule, &p->decision);
}

static bool within_gap(const struct planner *p, const struct plan *plan)
{
    return plan->unrounded - p->relaxed.bound <= p->settings->gap * plan->unrounded;
}

/* Cheaper by more than the last bits: the choice does not depend on the unit of money. */
static bool better(const struct plan *a, double a_left, const struct plan *b, double b_left)
{
    if ((a_left > 0) != (b_left > 0)) return b_left > 0;
    return a_left > 0 ? a_left < b_left : a->unrounded < b->unrounded * (1 - 1e-12);
}

static void make_fleets(struct planner *p)
{
    p->fleets = ARENA_NEW(p->arena, struct fleet, p->m->n_served + 1);
    fleets_make(p->fleets, p->f, p->fixed.x, p->bought, p->decision.relaxed);
    p->decision.fleets = p->fleets;
    p->missing = 0;
    for (size_t i = 0; i < p->m->n_served; i++) p->missing = fmax(p->missing, p->fleets[i].missing);
}

/* Timelines with few starts first, then closer to the LP; the cheapest that places all work stays. */
static enum err make_timeline(struct planner *p)
{
    read_decision(p);
    make_fleets(p);
    read_decision(p); /* fixed fleets and subscriptions may have grown */
    p->decision.fleets = p->fleets;
    if (p->decision.relaxed) {
        schedule_relaxed(&p->schedule, p->f, p->bought, p->fixed.x);
        return make_bill(p);
    }
    struct plan best = {0};
    struct schedule best_schedule = {0};
    for (enum merging merging = MERGE_STARTS; merging <= MERGE_NOTHING; merging++) {
        struct amounts amounts;
        amounts_make(&amounts, p->f, p->fixed.x, merging);
        schedule_make(&p->schedule, p->f, p->bought, p->fleets, &amounts);
        TRY(make_bill(p));
        const double left = schedule_left(&p->schedule);
        if (merging == MERGE_STARTS ||
            better(p->plan, left, &best, schedule_left(&best_schedule))) {
            best = *p->plan;
            best_schedule = p->schedule;
        }
        if (left <= 0 && within_gap(p, &best)) break;
    }
    p->schedule = best_schedule;
    return make_bill(p);
}

/* Money by which the executable plan passes a budget that its LP keeps; tightens the row by that. */
static bool tighten_budgets(struct planner *p)
{
    bool passed = false;
    for (size_t i = 0; i < p->f->n_budgets; i++) {
        struct budget *b = &p->f->budgets[i];
        const double over = (double)ledger_budget(p->plan, b) / 1e6 - b->limit;
        if (over <= 1e-6) continue;
        p->f->lp->row_hi[b->row] -= over * 1.001 + 1e-6;
        passed = true;
    }
    return passed;
}

/* The LP with whole decisions fixed, after a budget row has changed. */
static enum err solve_again(struct planner *p, bool *feasible)
{
    TRY(lp_solve(&p->relaxed_again, p->f->lp, &p->settings->lp, p->arena, p->diag));
    *feasible = is_solved(&p->relaxed_again);
    if (!*feasible) return OK;
    const struct lp_result relaxed = p->relaxed;
    p->relaxed = p->relaxed_again;
    const enum err e = fix_whole(p);
    p->relaxed = relaxed;
    TRY(e);
    *feasible = is_solved(&p->fixed);
    if (!*feasible) return OK;
    for (size_t j = 0; j < p->f->lp->n_cols; j++)
        if (p->f->lp->integer[j]) p->fixed.x[j] = round(p->fixed.x[j]);
    return make_timeline(p);
}

/* What a timeline rests on, to come back to it. */
struct attempt {
    struct plan plan;
    struct lp_result fixed;
};

static double left_over(const struct planner *p)
{
    return fmax(p->missing, schedule_left(&p->schedule));
}

/* Whole machines matter where they are few: the LP's rates per machine mislead a tree then. Rounded counts, to the nearest
 * and upwards, are tried beside what was found, and the cheapest timeline stays. */
static enum err try_rounding(struct planner *p)
{
    if (p->m->n_served == 0 || p->decision.relaxed || all_whole(p->f->lp, p->relaxed.x)) return OK;
    if (p->f->lp->n_cols > MOST_TREE_COLUMNS) return OK; /* each of them costs a long LP */
    for (int up = 0; up < 2 && !within_gap(p, p->plan); up++) {
        const struct attempt before = {*p->plan, p->fixed};
        const double left = left_over(p);
        TRY(round_whole(p, up));
        bool keep = is_solved(&p->fixed);
        for (size_t j = 0; keep && j < p->f->lp->n_cols; j++)
            if (p->f->lp->integer[j]) p->fixed.x[j] = round(p->fixed.x[j]);
        if (keep) TRY(make_timeline(p));
        keep = keep && better(p->plan, left_over(p), &before.plan, left);
        if (keep) continue;
        p->fixed = before.fixed;
        TRY(make_timeline(p));
    }
    return OK;
}

static enum err execute(struct planner *p)
{
    const size_t n = p->f->lp->n_rows;
    double *row_hi = ARENA_NEW(p->arena, double, n + 1);
    memcpy(row_hi, p->f->lp->row_hi, n * sizeof *row_hi);
    TRY(fix_whole(p));
    if (p->fixed.status != LP_OPTIMAL && p->fixed.status != LP_FEASIBLE) {
        p->plan->status = PLAN_NONE;
        return OK;
    }
    TRY(make_timeline(p));
    TRY(try_rounding(p));
    bool feasible = true, within = p->decision.relaxed;
    for (int round = 0; !within && feasible && round < BUDGET_ROUNDS; round++) {
        within = !tighten_budgets(p);
        if (!within && round + 1 < BUDGET_ROUNDS) TRY(solve_again(p, &feasible));
    }
    memcpy(p->f->lp->row_hi, row_hi, n * sizeof *row_hi);
    const bool done = within && feasible && schedule_left(&p->schedule) <= 0 && p->missing <= 0;
    p->plan->status =
        done ? p->relaxed.status == LP_OPTIMAL ? PLAN_OPTIMAL : PLAN_FEASIBLE : PLAN_NONE;
    return OK;
}

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
            diag_fix(p->diag, _("plan for the whole term, or leave subscription out of purchase"));
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

static void tell_candidates(struct planner *p)
{
    for (size_t i = 0; i < p->plan->n_stretches; i++) {
        const struct stretch *s = &p->plan->stretches[i];
        const size_t shape =
            (size_t)(p->m->demands->items[s->demand].shape - p->m->demands->shapes);
        for (size_t k = 0; k < p->m->n_candidates; k++)
            if (p->m->candidates[k].shape == shape && p->m->candidates[k].offer == s->offer &&
                p->m->candidates[k].placement == s->placement)
                p->m->candidates[k].chosen = true;
    }
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

static void add_shadow(struct planner *p, const char *what, struct place at, double saves,
                       const char *unit)
{
    *ARENA_PUSH(p->arena, p->plan->shadows, p->plan->n_shadows) =
        (struct shadow){what, at, fmax(0, saves), unit};
}

/* What one unit more of each limit of the user would save, with whole decisions fixed. */
static void tell_shadows(struct planner *p)
{
    const struct formulation *f = p->f;
    const struct model *m = p->m;
    const double *y = p->fixed.row_dual;
    for (size_t l = 0; l < m->n_limits; l++) {
        const struct capacity *c = &m->limits[l];
        if (c->kind > LIMIT_STOCK) continue;
        double sum = 0;
        for (size_t t = 0; t < m->grid.n; t++)
            if (f->limit_row[l * m->grid.n + t] != NONE) sum -= y[f->limit_row[l * m->grid.n + t]];
        add_shadow(p, c->key, c->at, sum, c->in_gpus ? _("GPU") : _("machine"));
    }
    for (size_t i = 0; i < f->n_budgets; i++)
        add_shadow(p, f->budgets[i].key, f->budgets[i].at, -y[f->budgets[i].row],
                   _("unit of money"));
    for (size_t i = 0; i < m->demands->n; i++)
        if (f->share_row[i] != NONE)
            add_shadow(p,
                       arena_printf(p->arena, "workloads.%s.spot_max_share",
                                    m->demands->items[i].shape->workload->name),
                       m->demands->items[i].at,
                       -y[f->share_row[i]] * m->demands->items[i].work / 100, _("percent"));
}

static enum err tell(struct planner *p)
{
    struct plan *plan = p->plan;
    plan->relaxed_cost = p->relaxed.objective;
    plan->bound = p->relaxed.bound;
    const double cost = (double)plan->cost / 1e6;
    const double rounding = 1e-8 * fabs(plan->bound) + 1e-6 * (double)(plan->n_ledger + 1);
    if (plan->bound > cost + rounding)
        return diag_error(p->diag, ERR_INTERNAL, (struct place){0},
                          _("the plan costs %.6f, less than its proven lower bound %.6f"), cost,
                          plan->bound);
    plan->gap = cost > 0 ? fmax(0, (cost - plan->bound) / cost) : 0;
    plan->method = all_whole(p->f->lp, p->relaxed.x) ? "lp" : "lp+mip";
    tell_datasets(p);
    tell_subscriptions(p);
    tell_savings_plans(p);
    tell_placements(p);
    tell_candidates(p);
    tell_shadows(p);
    assumptions_tell(plan, p->m);
    return OK;
}

/* The budget that the last bill passes by most; NULL: none. */
static const struct budget *worst_budget(const struct planner *p, double *over)
{
    const struct budget *worst = NULL;
    *over = 1e-6;
    for (size_t i = 0; i < p->f->n_budgets; i++) {
        const struct budget *b = &p->f->budgets[i];
        const double passed = (double)ledger_budget(p->plan, b) / 1e6 - b->limit;
        if (passed <= *over) continue;
        *over = passed;
        worst = b;
    }
    return worst;
}

static enum err no_plan(struct planner *p)
{
    if (!p->schedule.model) return OK; /* stopped before there was a timeline */
    double over;
    const double left = fmax(p->missing, schedule_left(&p->schedule));
    const struct budget *b = left <= 0 ? worst_budget(p, &over) : NULL;
    if (b)
        diag_error(p->diag, ERR_NO_SCHEDULE, b->at,
                   _("no timeline of whole machines keeps %s, although part-used ones would; the "
                     "best one passes it by %.2f"),
                   b->key, over);
    else
        diag_error(p->diag, ERR_NO_SCHEDULE, (struct place){0},
                   _("no timeline of whole machines and gangs was found, although part-used ones "
                     "would do; "
                     "%.2f%% of a job or load is left"),
                   100 * left);
    diag_fix(p->diag, _("relax the limit that is reached (quota, stock, budget or deadline), or "
                        "see integrality: none"));
    return OK;
}

/* Formulates and solves the LP of the model as it is now. */
static enum err solve_relaxed(struct planner *p)
{
    TRY(grid_make(&p->m->grid, p->m));
    TRY(formulate(p->f, p->m, ELASTIC_NONE, 0));
    return lp_solve(&p->relaxed, p->f->lp, &p->settings->lp, p->arena, p->diag);
}

static bool uses_late_work(const struct planner *p)
{
    for (size_t j = 0; j < p->f->lp->n_cols; j++) {
        const struct column c = p->f->columns[j];
        if (c.kind == COLUMN_WORK && p->relaxed.x[j] > 0 &&
            is_late(p->m, &p->m->demands->items[c.a], c.t))
            return true;
    }
    return false;
}

static bool may_be_late(const struct model *m)
{
    for (size_t i = 0; i < m->demands->n; i++)
        if (m->demands->items[i].late_priced) return true;
    return false;
}

/* Late work needs a period per step. First all of it is priced as its first step, which is a relaxation of few periods:
 * where its optimum is never late it is the optimum of the plain formulation too. */
static enum err solve_lp(struct planner *p)
{
    p->m->coarse_late = may_be_late(p->m) && !p->decision.relaxed;
    TRY(solve_relaxed(p));
    if (!p->m->coarse_late) return OK;
    const bool settled = p->relaxed.status == LP_INFEASIBLE ||
                         (p->relaxed.status == LP_OPTIMAL && !uses_late_work(p));
    if (settled) return OK;
    p->m->coarse_late = false;
    return solve_relaxed(p);
}

/* The plain formulation for another solver: with every period and every late column. */
static enum err keep_lp(struct planner *p)
{
    p->plan->lp = p->f->lp;
    if (!p->m->coarse_late || !p->settings->keep_lp) return OK;
    struct model *plain = ARENA_NEW(p->arena, struct model, 1);
    struct formulation *f = ARENA_NEW(p->arena, struct formulation, 1);
    *plain = *p->m;
    plain->coarse_late = false;
    TRY(grid_make(&plain->grid, plain));
    TRY(formulate(f, plain, ELASTIC_NONE, 0));
    p->plan->lp = f->lp;
    return OK;
}

/* Whether a model with one limit changed has an executable plan; its own messages are not the user's. */
static enum err try_model(bool *works, struct model *m, void *context)
{
    const struct planner *p = context;
    struct diag *quiet = ARENA_NEW(p->arena, struct diag, 1);
    quiet->arena = p->arena;
    struct plan *plan = ARENA_NEW(p->arena, struct plan, 1);
    *plan = *p->plan;
    m->diag = quiet;
    struct planner trial = *p;
    trial.plan = plan;
    trial.m = m;
    trial.f = ARENA_NEW(p->arena, struct formulation, 1);
    trial.diag = quiet;
    *works = false;
    TRY(solve_lp(&trial));
    if (trial.relaxed.status != LP_OPTIMAL && trial.relaxed.status != LP_FEASIBLE) return OK;
    TRY(execute(&trial));
    *works = plan->status == PLAN_OPTIMAL || plan->status == PLAN_FEASIBLE;
    return OK;
}

static void show_offers(struct planner *p)
{
    p->plan->demands = p->m->demands;
    p->plan->offers = p->m->offers;
    p->plan->n_offers = p->m->n_offers;
    p->plan->missing = p->m->quoted.missing;
    p->plan->n_missing = p->m->quoted.n_missing;
    p->plan->candidates = p->m->candidates;
    p->plan->n_candidates = p->m->n_candidates;
}

static enum err run(struct planner *p)
{
    TRY(make_model(p->m));
    show_offers(p);
    if (conflict_unusable(p->plan, p->m)) return OK;
    TRY(solve_lp(p));
    TRY(keep_lp(p));
    p->plan->rows = (long)p->f->lp->n_rows;
    p->plan->columns = (long)p->f->lp->n_cols;
    p->plan->iterations = p->relaxed.iterations;
    if (p->relaxed.status == LP_INFEASIBLE)
        return conflict_explain(p->plan, p->m, p->settings, try_model, p);
    if (p->relaxed.status != LP_OPTIMAL && p->relaxed.status != LP_FEASIBLE) {
        p->plan->status = PLAN_NONE;
        p->plan->bound = p->relaxed.bound;
        return OK;
    }
    TRY(execute(p));
    p->plan->bound = p->relaxed.bound;
    if (p->plan->status == PLAN_NONE) return no_plan(p);
    return tell(p);
}

/* Tolerances that were left at 0 are those of LP_SETTINGS. */
static struct plan_settings with_defaults(const struct plan_settings *settings)
{
    struct plan_settings own = *settings;
    if (own.lp.feasibility <= 0) {
        own.lp = LP_SETTINGS;
        if (settings->lp.time_limit_s > 0) own.lp.time_limit_s = settings->lp.time_limit_s;
        own.lp.stop = settings->lp.stop;
    }
    if (own.gap <= 0) own.gap = PLAN_SETTINGS.gap;
    return own;
}

enum err plan_solve(struct plan *out, const struct scenario *s, const struct price_book *b,
                    const struct plan_settings *settings, struct arena *a, struct diag *d)
{
    const double begin = now_s();
    *out = (struct plan){.scenario = s, .book = b, .bound = -INFINITY};
    struct model *m = ARENA_NEW(a, struct model, 1);
    *m = (struct model){.arena = a, .diag = d, .scenario = s, .book = b};
    const struct plan_settings own = with_defaults(settings);
    struct planner p = {.plan = out,
                        .m = m,
                        .f = ARENA_NEW(a, struct formulation, 1),
                        .settings = &own,
                        .arena = a,
                        .diag = d,
                        .decision = {.relaxed = s->relaxed}};
    TRY(run(&p));
    out->seconds = now_s() - begin;
    return OK;
}
