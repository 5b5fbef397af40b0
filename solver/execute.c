/* From whole decisions to a timeline that machines can follow, and its bill. */
#include "solver/crowd_solve.h"
#include "solver/formulate.h"
#include "solver/service_outcomes.h"
#include <math.h>
#include <string.h>

/* Rounds in which a budget that the executable plan passes is tightened by what it is passed. */
enum { BUDGET_ROUNDS = 12, TRIAL_ROUNDS = 3 };
/* Purchases for gangs that are repaired, each with two LPs. */
enum { GANG_ROUNDS = 12 };
/* What the bound of a tree is trusted to: it is counted in floating point, like its limits. */
#define TREE_DIGITS 1e-6
/* A budget that no plan reaches: amounts are counted up to 9.2e12. */
#define MOST_MONEY 1e13
/* What amounts are rounded to. */
#define LEAST_MONEY 1e-6

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
    bought_read(p->bought, f, p->fixed.x);
    p->decision.home = p->home;
    p->decision.extra = p->extra;
    p->decision.bought = p->bought;
}

static bool kept_at(const struct store *s, int64_t us)
{
    return s->from_us <= us && us < s->from_us + s->keep_us;
}

/* Capacity bought at us beyond what is there: what the timeline reads then, and at least what the class is sold from, where a
 * part of a split dataset is less; of a member that is kept then. */
static void raise_extra(const struct planner *p, size_t pool, int64_t us)
{
    const struct formulation *f = p->f;
    const struct pool *x = &f->pools[pool];
    const struct storage_tariff *t = x->tariff;
    double size = 0;
    size_t holder = NONE;
    for (size_t k = 0; k < x->n; k++) {
        const size_t at = f->first_home[x->members[k].store] + x->members[k].home;
        const struct store *s = &p->m->stores[x->members[k].store];
        if (!kept_at(s, us)) continue;
        size += p->home[at] * s->size_gib + p->extra[at];
        if (p->home[at] <= WHOLE) continue;
        if (holder == NONE || p->extra[at] > p->extra[holder]) holder = at;
    }
    double need = t->min_size_gib;
    if (t->slope_mbps_per_gib > 0) {
        const double reads = fmin(profile_at(&p->schedule.reads[pool], us), t->max_mbps);
        need = fmax(need, (reads - t->base_mbps) / t->slope_mbps_per_gib);
    }
    if (holder != NONE && need > size * (1 + 1e-9)) p->extra[holder] += need - size;
}

/* Capacity beyond the size: enough for what is read at any time, and as it is sold. */
static void size_extras(struct planner *p)
{
    const struct formulation *f = p->f;
    for (size_t i = 0; i < f->n_pools && !p->decision.relaxed; i++) {
        const struct pool *pool = &f->pools[i];
        const struct profile *reads = &p->schedule.reads[i];
        const bool reads_grow = pool->tariff->slope_mbps_per_gib > 0;
        const bool grows = reads_grow || pool->tariff->min_size_gib > 0;
        for (size_t k = 0; reads_grow && k < reads->n; k++) raise_extra(p, i, reads->at[k]);
        for (size_t k = 0; k < pool->n; k++) {
            const struct store *s = &p->m->stores[pool->members[k].store];
            const size_t at = f->first_home[pool->members[k].store] + pool->members[k].home;
            const double step = pool->tariff->step_gib > 0 ? pool->tariff->step_gib : 1;
            const double own = p->home[at] * s->size_gib;
            if (grows) raise_extra(p, i, s->from_us);
            if (grows) raise_extra(p, i, s->from_us + s->keep_us);
            if (p->extra[at] > WHOLE)
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

/* What the program bought and the timeline never holds at a time is not bought: a gang of which a part was subscribed may have
 * gone elsewhere whole. */
static void drop_unused(struct planner *p)
{
    for (size_t l = 0; l < p->m->n_limits && !p->decision.relaxed; l++) {
        const struct profile *use = &p->schedule.limits[l];
        double most = 0;
        if (p->f->subscription_column[l] == NONE || p->bought[l] <= WHOLE) continue;
        for (size_t k = 0; k < use->n; k++) most = fmax(most, use->used[k]);
        if (p->m->limits[l].kind == LIMIT_SUBSCRIPTION) most = ceil(most - WHOLE);
        p->bought[l] = fmin(p->bought[l], most);
    }
}

/* The bill of the timeline in p->schedule. */
static enum err make_bill(struct planner *p)
{
    read_decision(p); /* capacities are sized anew for each timeline */
    drop_unused(p);
    size_extras(p);
    make_outcomes(p);
    services_tell(p->plan, p->m, p->fleets);
    return ledger_make(p->plan, p->f, &p->schedule, &p->decision);
}

static bool within_gap(const struct planner *p, const struct plan *plan)
{
    const double bound = fmax(p->relaxed.bound, p->whole_bound);
    return plan->unrounded - bound <= p->settings->gap * plan->unrounded;
}

/* Money by which a plan passes its budgets. */
static double over_budget(const struct planner *p, const struct plan *plan)
{
    double sum = 0;
    for (size_t i = 0; i < p->f->n_budgets; i++) {
        const struct budget *b = &p->f->budgets[i];
        const double over = (double)ledger_budget(plan, b) / 1e6 - b->limit;
        if (over > LEAST_MONEY) sum += over;
    }
    return sum;
}

/* Less left, then less over budget, then cheaper by more than the last bits: the choice does not depend on the unit of money. */
static bool better(const struct planner *p, const struct plan *a, double a_left,
                   const struct plan *b, double b_left)
{
    if ((a_left > 0) != (b_left > 0)) return b_left > 0;
    if (a_left > 0) return a_left < b_left;
    const double a_over = over_budget(p, a), b_over = over_budget(p, b);
    if (a_over < b_over || b_over < a_over) return a_over < b_over;
    return a->unrounded < b->unrounded * (1 - 1e-12);
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
    alike_pour(p->f, p->fixed.x);
    struct plan best = {0};
    struct schedule best_schedule = {0};
    const double *homes = p->m->n_stores ? p->home : NULL, *bought = p->bought;
    for (enum merging merging = MERGE_STARTS; merging <= MERGE_NOTHING; merging++) {
        struct amounts amounts;
        amounts_make(&amounts, p->f, p->fixed.x, merging);
        schedule_make(&p->schedule, p->f, &(struct decided){bought, homes, p->fleets}, &amounts);
        TRY(make_bill(p));
        const double left = schedule_left(&p->schedule);
        if (merging == MERGE_STARTS ||
            better(p, p->plan, left, &best, schedule_left(&best_schedule))) {
            best = *p->plan;
            best_schedule = p->schedule;
        }
        if (left <= 0 && within_gap(p, &best) && over_budget(p, &best) <= 0) break;
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
        if (over <= LEAST_MONEY) continue;
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
    settle_counts(p);
    return make_timeline(p);
}

/* A timeline, its bill and what they rest on, to come back to. */
struct attempt {
    struct plan plan;
    struct lp_result fixed;
    struct schedule schedule;
    struct decision decision;
    struct fleet *fleets;
    double *home, *extra, *bought, missing;
};

static struct attempt attempt_keep(const struct planner *p)
{
    return (struct attempt){*p->plan, p->fixed, p->schedule, p->decision, p->fleets,
                            p->home,  p->extra, p->bought,   p->missing};
}

static void attempt_restore(struct planner *p, const struct attempt *kept)
{
    *p->plan = kept->plan;
    p->fixed = kept->fixed;
    p->schedule = kept->schedule;
    p->decision = kept->decision;
    p->fleets = kept->fleets;
    p->home = kept->home;
    p->extra = kept->extra;
    p->bought = kept->bought;
    p->missing = kept->missing;
}

struct gang_trial {
    struct attempt kept;
    double left;
    void (*change)(const struct planner *, const struct gang_purchase *); /* NULL: as it was */
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
    if (columns_apart(p->f) > MOST_TREE_COLUMNS) return OK; /* each of them costs a long LP */
    for (int up = 0; up < 2 && !within_gap(p, p->plan); up++) {
        const struct attempt before = attempt_keep(p);
        const double left = left_over(p);
        TRY(round_whole(p, up));
        bool keep = is_solved(&p->fixed);
        if (keep) settle_counts(p);
        if (keep) TRY(make_timeline(p));
        keep = keep && better(p, p->plan, left_over(p), &before.plan, left);
        if (!keep) attempt_restore(p, &before);
    }
    return OK;
}

static double *copy_columns(const struct planner *p, const double *from)
{
    double *to = ARENA_NEW(p->arena, double, p->f->lp->n_cols + 1);
    if (p->f->lp->n_cols > 0) memcpy(to, from, p->f->lp->n_cols * sizeof *to);
    return to;
}

static void bounds_put(struct lp *lp, const double *lo, const double *hi)
{
    if (lp->n_cols == 0) return;
    memcpy(lp->col_lo, lo, lp->n_cols * sizeof *lo);
    memcpy(lp->col_hi, hi, lp->n_cols * sizeof *hi);
}

/* Whole numbers with the bounds that a search has put on columns; the LP's own are as before afterwards. */
static enum err fix_within(struct planner *p, const double *low, const double *high)
{
    struct lp *lp = p->f->lp;
    const double *lo = copy_columns(p, lp->col_lo), *hi = copy_columns(p, lp->col_hi);
    const struct lp_result relaxed = p->relaxed;
    bounds_put(lp, low, high);
    enum err e = lp_solve(&p->relaxed, lp, &p->settings->lp, p->arena, p->diag);
    p->fixed = p->relaxed;
    if (e == OK && is_solved(&p->relaxed)) e = fix_whole(p);
    p->relaxed = relaxed;
    bounds_put(lp, lo, hi);
    return e;
}

/* Services alone, no limit that could be reached: the relaxation with the numbers found is a solution, and limits have no
 * price. */
static void take_numbers(struct planner *p, double *x)
{
    p->fixed = p->relaxed;
    p->fixed.x = x;
    p->fixed.row_dual = ARENA_NEW(p->arena, double, p->f->lp->n_rows + 1);
}

/* The plan with the machines that a search found for services. *found: it places everything. */
static enum err try_search(struct planner *p, bool *found)
{
    const struct lp *lp = p->f->lp;
    double *low = copy_columns(p, lp->col_lo), *high = copy_columns(p, lp->col_hi);
    double *x = copy_columns(p, p->relaxed.x);
    bool again;
    *found = !p->decision.relaxed && p->m->n_served > 0 &&
             fleets_search(p, p->relaxed.x, low, high, &again) > 0;
    if (!*found) return OK;
    for (size_t j = 0; j < lp->n_cols; j++)
        if (low[j] == high[j]) x[j] = low[j];
    if (again || !all_whole(lp, x))
        TRY(fix_within(p, low, high));
    else
        take_numbers(p, x);
    if (!is_solved(&p->fixed)) return OK;
    TRY(make_timeline(p));
    *found = left_over(p) <= 0;
    return OK;
}

/* Work and services: the machines that a search finds for services beside the whole numbers in p->fixed, kept where cheaper. */
static enum err improve_services(struct planner *p)
{
    if (p->m->n_served == 0 || p->decision.relaxed || within_gap(p, p->plan)) return OK;
    const struct attempt before = attempt_keep(p);
    const double left = left_over(p);
    double *x = copy_columns(p, p->fixed.x);
    bool again;
    if (fleets_search(p, p->fixed.x, x, x, &again) == 0) return OK;
    p->fixed.x = x;
    TRY(make_timeline(p));
    if (better(p, p->plan, left_over(p), &before.plan, left)) return OK;
    attempt_restore(p, &before);
    return OK;
}

/* Whole numbers of the whole program, services and work together. */
static enum err try_tree(struct planner *p)
{
    TRY(fix_whole(p));
    if (!is_solved(&p->fixed)) return OK;
    TRY(make_timeline(p));
    TRY(improve_services(p));
    return try_rounding(p);
}

/* The same rounded upwards, kept where it is cheaper. */
static enum err try_up(struct planner *p, const struct lp_result *start)
{
    if (within_gap(p, p->plan) || all_whole(p->f->lp, start->x)) return OK;
    const struct attempt before = attempt_keep(p);
    const struct lp_result relaxed = p->relaxed;
    const double left = left_over(p);
    p->relaxed = *start;
    const enum err e = round_whole(p, true);
    p->relaxed = relaxed;
    TRY(e);
    if (is_solved(&p->fixed)) {
        settle_counts(p);
        TRY(make_timeline(p));
        if (better(p, p->plan, left_over(p), &before.plan, left)) return OK;
    }
    attempt_restore(p, &before);
    return OK;
}

/* Services of many machines: counts rounded, where a tree would take long for less than a machine of many. */
static enum err round_counts(struct planner *p)
{
    const struct lp_result relaxed = p->relaxed;
    TRY(fleets_choose_sites(p));
    const enum err e = round_whole(p, false);
    const struct lp_result chosen = p->relaxed;
    p->relaxed = relaxed;
    TRY(e);
    if (!is_solved(&p->fixed)) return OK;
    settle_counts(p);
    TRY(make_timeline(p));
    return try_up(p, &chosen);
}

static enum err try_counts(struct planner *p)
{
    struct lp *lp = p->f->lp;
    const double *lo = copy_columns(p, lp->col_lo), *hi = copy_columns(p, lp->col_hi);
    const enum err e = round_counts(p);
    bounds_put(lp, lo, hi);
    TRY(e);
    return is_solved(&p->fixed) && left_over(p) <= 0 ? OK : try_tree(p);
}

/* Services alone are searched one by one; where that is not enough, or work is beside them, the whole is made whole. */
static enum err find_plan(struct planner *p)
{
    bool found = false;
    if (p->crowd) {
        TRY(crowd_whole(p));
        return is_solved(&p->fixed) ? make_timeline(p) : OK;
    }
    if (p->m->demands->n > 0 || p->decision.relaxed) {
        TRY(try_tree(p));
        p->whole_bound = fmax(p->whole_bound, p->tree_bound * (1 - TREE_DIGITS));
        return OK;
    }
    TRY(try_search(p, &found));
    return found ? OK : try_counts(p);
}

/* The LP with the columns that a change of one gang has left; the timeline stays where it is better than `best`. */
static enum err try_gang(struct planner *p, const struct gang_purchase *g,
                         void (*change)(const struct planner *, const struct gang_purchase *),
                         struct gang_trial *best)
{
    struct lp *lp = p->f->lp;
    const double *lo = copy_columns(p, lp->col_lo), *hi = copy_columns(p, lp->col_hi);
    bool feasible;
    change(p, g);
    const enum err e = solve_again(p, &feasible);
    if (e == OK && feasible && better(p, p->plan, left_over(p), &best->kept.plan, best->left)) {
        *best = (struct gang_trial){attempt_keep(p), left_over(p), change};
    }
    bounds_put(lp, lo, hi);
    return e;
}

/* A gang that found no place on the few machines bought for it: more are bought, or it goes elsewhere, whatever leaves less,
 * and then costs less. The columns stay changed: the caller has their bounds. */
static enum err place_gangs(struct planner *p)
{
    struct gang_purchase g;
    for (int i = 0; i < GANG_ROUNDS && !p->crowd && !p->decision.relaxed && gang_find(&g, p); i++) {
        struct gang_trial best = {attempt_keep(p), left_over(p), NULL};
        TRY(try_gang(p, &g, gang_raise, &best));
        TRY(try_gang(p, &g, gang_forbid, &best));
        if (best.change) best.change(p, &g);
        attempt_restore(p, &best.kept);
        if (!best.change) return OK;
    }
    return OK;
}

static bool all_done(const struct planner *p)
{
    return is_solved(&p->fixed) && left_over(p) <= 0;
}

/* Prices of a budget bend the LP towards part-used machines that whole ones cannot follow. The plan without them may keep the
 * budget all the same. */
static enum err try_unbudgeted(struct planner *p, bool *within)
{
    bool feasible;
    for (size_t i = 0; i < p->f->n_budgets; i++)
        p->f->lp->row_hi[p->f->budgets[i].row] = MOST_MONEY;
    TRY(solve_again(p, &feasible));
    if (feasible) TRY(place_gangs(p));
    *within = feasible && all_done(p) && !tighten_budgets(p);
    return OK;
}

enum err execute(struct planner *p)
{
    const size_t n = p->f->lp->n_rows;
    double *row_hi = ARENA_NEW(p->arena, double, n + 1);
    if (n > 0) memcpy(row_hi, p->f->lp->row_hi, n * sizeof *row_hi);
    const double *lo = copy_columns(p, p->f->lp->col_lo), *hi = copy_columns(p, p->f->lp->col_hi);
    p->whole_bound = p->relaxed.bound;
    TRY(find_plan(p));
    bool feasible = is_solved(&p->fixed), within = p->decision.relaxed;
    const int rounds = p->settings->depth == PLAN_TRIAL ? TRIAL_ROUNDS : BUDGET_ROUNDS;
    if (feasible) TRY(place_gangs(p));
    for (int round = 0; !within && feasible && round < rounds; round++) {
        within = !tighten_budgets(p);
        if (!within && round + 1 < rounds) TRY(solve_again(p, &feasible));
    }
    bool done = within && feasible && all_done(p);
    if (n > 0) memcpy(p->f->lp->row_hi, row_hi, n * sizeof *row_hi);
    bounds_put(p->f->lp, lo, hi);
    if (!done && p->f->n_budgets > 0 && !p->decision.relaxed) {
        TRY(try_unbudgeted(p, &done));
        memcpy(p->f->lp->row_hi, row_hi, n * sizeof *row_hi);
        bounds_put(p->f->lp, lo, hi);
    }
    p->plan->status =
        done ? p->relaxed.status == LP_OPTIMAL ? PLAN_OPTIMAL : PLAN_FEASIBLE : PLAN_NONE;
    return OK;
}
