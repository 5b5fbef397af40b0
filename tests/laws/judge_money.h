/* The judge's look at money: the bill by the problem's own prices, its lines, budgets, bound and gap. */
#ifndef TESTS_LAWS_JUDGE_MONEY_H
#define TESTS_LAWS_JUDGE_MONEY_H

#include "tests/laws/judge_limits.h"

/* --- money --- */

static inline double machine_price(const struct judge *j, size_t offer)
{
    const struct offer *o = &j->plan->offers[offer];
    const double left = 1 - j->p->discount_percent / 100.0;
    if (o->market->id == MARKET_ON_DEMAND) return left * list_price(j, offer, WAY_ON_DEMAND);
    if (o->market->id == MARKET_SPOT)
        return list_price(j, offer, WAY_SPOT) * (o->protected_h > 0 ? 1 : 0.9);
    return 0;
}

/* What a savings plan does not cover is paid as one goes. */
static inline double go_price(const struct judge *j, size_t offer)
{
    return j->plan->offers[offer].market->id == MARKET_SAVINGS_PLAN
               ? (1 - j->p->discount_percent / 100.0) * list_price(j, offer, WAY_ON_DEMAND)
               : machine_price(j, offer);
}

/* Machine-hours and starts of a stretch; a subscribed machine is there anyway. `other_per_h`: licences and disks. */
static inline double stretch_cost(const struct judge *j, const struct stretch *x,
                                  double other_per_h)
{
    const enum market_id market = j->plan->offers[x->offer].market->id;
    const double paid_h = (double)x->paid_us / 3.6e9;
    const double start_h = market == MARKET_SUBSCRIPTION ? 0 : (double)x->start_us / 3.6e9;
    return paid_h * machine_price(j, x->offer) + start_h * go_price(j, x->offer) +
           (paid_h + start_h) * other_per_h;
}

static inline double storage_cost(const struct judge *j)
{
    double sum = 0;
    for (int d = 0; d < j->p->n_datasets; d++) {
        double from = INFINITY, to = 0, egress = 0, read = 0;
        for (int i = 0; i < j->p->n_workloads; i++) {
            const struct workload_problem *w = &j->p->workloads[i];
            for (int k = 0; k < w->n_uses; k++) {
                const struct use *u = &w->uses[k];
                const double start = w->start_min > 0 ? w->start_min : 0;
                if (u->dataset != d) continue;
                from = fmin(from, start);
                to = fmax(to, u->keep_min >= 0 ? start + u->keep_min : j->p->length_min);
                egress += u->egress_gib;
                for (size_t n = 0; n < j->plan->demands->n; n++)
                    if (!strcmp(j->plan->demands->items[n].shape->workload->name, w->name))
                        read += decimal_value(u->reads) * u->size_gib;
            }
        }
        for (size_t i = 0; i < j->plan->n_datasets; i++) {
            const struct dataset_choice *c = &j->plan->datasets[i];
            if (strcmp(j->s->scenario->datasets[c->dataset].name, j->p->datasets[d].name) != 0)
                continue;
            const struct tariff *t = tariff_of(j, c);
            if (!t->per_machine)
                sum += (c->size_gib + c->extra_gib) * decimal_value(t->price_month) / 720 *
                       (to - from) / 60;
            sum +=
                c->share * (egress * decimal_value(t->egress) + read * decimal_value(t->retrieval));
        }
    }
    return sum;
}

static inline double disk_per_h(const struct judge *j, const struct workload_problem *w)
{
    double sum = 0;
    for (int i = 0; i < w->n_uses; i++) {
        const struct dataset_choice *c = home_of(j, w->uses[i].dataset);
        if (c && tariff_of(j, c)->per_machine)
            sum += largest_use(j, w->uses[i].dataset) *
                   decimal_value(tariff_of(j, c)->price_month) / 720;
    }
    return sum;
}

/* Machines are billed by the second and for a minute at least: what that adds at most, when no stretch goes on where
 * another ends. */
static inline double billing_most(const struct judge *j)
{
    double sum = 0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        const double held_s = (double)(x->paid_us + x->start_us) / 1e6 / (double)x->machines;
        const double more_s = fmax(ceil(held_s), 60) - held_s;
        sum += (double)x->machines * (more_s + 1) / 3600 * go_price(j, x->offer);
    }
    return sum;
}

/* What the plan costs by the problem's own prices, by the microsecond. */
static inline double cost_again(struct judge *j)
{
    double sum = storage_cost(j);
    const double length_h = j->p->length_min / 60.0;
    for (size_t i = 0; i < j->plan->n_stretches; i++) {
        const struct stretch *x = &j->plan->stretches[i];
        const struct asked a = j->asked[x->demand];
        const int gpus = j->p->types[type_of(j, x->offer)].gpus;
        const double licence =
            decimal_value(a.w->licence_per_h) * (a.w->licence_per_gpu ? gpus : 1);
        sum += stretch_cost(j, x, licence + disk_per_h(j, a.w));
    }
    for (size_t i = 0; i < j->plan->n_subscriptions; i++) {
        const struct subscription_choice *c = &j->plan->subscriptions[i];
        double hours = length_h;
        for (int k = 0; c->existing && k < j->p->n_commitments; k++)
            if (j->p->commitments[k].type == type_of(j, c->offer) &&
                j->p->commitments[k].until_min >= 0)
                hours = fmin(hours, j->p->commitments[k].until_min / 60.0);
        const double count = j->s->scenario->relaxed ? c->relaxed : (double)c->count;
        sum += count * hours * list_price(j, c->offer, WAY_MONTH) *
               (1 - j->p->discount_percent / 100.0);
    }
    for (int i = 0; i < j->p->n_commitments; i++) {
        const struct commitment_problem *c = &j->p->commitments[i];
        if (c->type < 0)
            sum += decimal_value(c->spend_per_h) *
                   (c->until_min >= 0 ? fmin(length_h, c->until_min / 60.0) : length_h);
    }
    return sum;
}

static inline void judge_lateness(struct judge *j, double *cost)
{
    for (size_t d = 0; d < j->plan->demands->n; d++) {
        const struct asked a = j->asked[d];
        int64_t finish = 0;
        if (!a.late) continue;
        for (size_t i = 0; i < j->plan->n_stretches; i++)
            if (j->plan->stretches[i].demand == d && j->plan->stretches[i].to_us > finish)
                finish = j->plan->stretches[i].to_us;
        const int64_t least = finish - a.due_min * US_PER_MIN, late = j->plan->outcomes[d].late_us;
        if (late < 0 || late < least || (least <= 0 && late > 0) ||
            late > (least > 0 ? least : 0) + j->p->step_min * US_PER_MIN)
            complain(j, "%s is %lld us late, not %lld", j->plan->demands->items[d].name,
                     (long long)late, (long long)least);
        *cost += decimal_value(a.w->late_per_h) * (double)late / 3.6e9;
    }
}

static inline void judge_ledger(struct judge *j)
{
    micro_t sum = 0;
    for (size_t i = 0; i < j->plan->n_ledger; i++) {
        const struct ledger_line *l = &j->plan->ledger[i];
        const long double exact =
            1e6L * l->price.num / l->price.den * l->quantity / l->quantity_den;
        if (fabsl(exact - (long double)l->amount) > 0.5L + fabsl(exact) * 1e-15L)
            complain(j, "a line of the ledger is not its price x quantity");
        if (l->quantity < 0 || (l->amount < 0 && l->part != PART_DISCOUNT))
            complain(j, "a line of the ledger is negative: %s", ledger_part_name(l->part));
        sum += l->amount;
    }
    if (sum != j->plan->cost) complain(j, "the lines of the ledger do not add up");
}

/* Does the horizon touch calendar month number m, counted from the one it starts in? */
static inline bool touches_month(const struct problem *p, int m)
{
    int first, last, year;
    sscanf(moment_text(p, 0).at, "%d-%d", &year, &first);
    sscanf(moment_text(p, p->length_min - 1).at, "%d-%d", &year, &last);
    return m <= (last - first + 12) % 12;
}

/* Lines of an owner (-1: all) in a month (-1: all) against a limit. */
static inline void judge_budget(struct judge *j, struct decimal limit, int owner, int month)
{
    micro_t sum = 0;
    for (size_t i = 0; i < j->plan->n_ledger; i++) {
        const struct ledger_line *l = &j->plan->ledger[i];
        if (owner >= 0 && (!l->owner || strcmp(l->owner, j->p->owners[owner]) != 0)) continue;
        if (month < 0 || l->month == month) sum += l->amount;
    }
    if (!at_most((double)sum, decimal_value(limit) * 1e6 + 1, 0))
        complain(j, "budget of owner %d in month %d is passed: %lld of %.12g", owner, month,
                 (long long)sum, decimal_value(limit));
}

static inline void judge_budgets(struct judge *j)
{
    for (int owner = -1; owner < j->p->n_owners; owner++) {
        const struct decimal limit = owner < 0 ? j->p->budget : j->p->owner_budget[owner];
        if (limit.digits && !j->p->budget_monthly) judge_budget(j, limit, owner, -1);
        for (int m = 0; limit.digits && j->p->budget_monthly && touches_month(j->p, m); m++)
            judge_budget(j, limit, owner, m);
    }
}

static inline void judge_money(struct judge *j)
{
    double again = cost_again(j);
    const double cost = (double)j->plan->cost / 1e6;
    judge_lateness(j, &again);
    judge_ledger(j);
    judge_budgets(j);
    /* Sizes are kept in millionths of a GiB, so a little more than the rounding of the lines. */
    const double open =
        1e-9 * again + 1e-6 * (double)(j->plan->n_ledger + 1) + 1e-5 * (double)j->plan->n_datasets;
    const bool comparable = !j->s->scenario->relaxed && !is_split(j);
    if (comparable && (cost < again - open || cost > again + billing_most(j) + open))
        complain(j, "the plan costs %.6f, not %.6f", again, cost);
    if (cost < bracket_of(j->s).low - 1e-6 * (double)(j->plan->n_ledger + 1))
        complain(j, "the plan is cheaper than its bound: %.9f < %.9f", cost, j->plan->bound);
    const double gap = cost > 0 ? (cost - j->plan->bound) / cost : 0;
    if (fabs(fmax(gap, 0) - j->plan->gap) > 1e-12) complain(j, "the gap is not what it says");
}

#endif
