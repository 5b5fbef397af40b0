/* What prices do to the optimum: MR1, MR2, MR10, MR11 and MR20. */
#include "tests/laws/judge.h"
#include "tests/laws/law.h"

static struct source_of_luck luck_of(const struct problem *p)
{
    return (struct source_of_luck){.state = p->seed * UINT64_C(15485863) + 3, .features = F_ALL};
}

static void shift(struct decimal *d, const void *context)
{
    *d = decimal_shift(*d, *(const int *)context);
}

/* The solution of the linear program itself, to the last bit. */
static bool same_solution(struct solved *a, struct solved *b)
{
    struct lp_result x, y;
    if (lp_solve(&x, a->plan.lp, &LP_SETTINGS, a->arena, &a->diag) != OK) return false;
    if (lp_solve(&y, b->plan.lp, &LP_SETTINGS, b->arena, &b->diag) != OK) return false;
    if (a->plan.lp->n_cols != b->plan.lp->n_cols || x.status != y.status) return false;
    return !x.x || memcmp(x.x, y.x, a->plan.lp->n_cols * sizeof *x.x) == 0;
}

/* Budgets are held by the bill, whose micro-units do not grow with prices: whole machines that stand at one may then be others,
 * which cost nearly the same. */
static bool rounds_apart(const struct solved *a, const struct solved *b, double factor)
{
    const struct scenario *s = a->plan.scenario;
    const bool has_budget = s->budget.given || s->n_owner_budgets > 0;
    const double before = factor * (double)a->plan.cost, after = (double)b->plan.cost;
    return has_budget && fabs(after - before) <= 0.01 * before;
}

/* MR1: all prices times 2^k: the same plan and solution to the bit, bound and ledger times 2^k, the latter within the
 * rounding of its lines. */
static enum verdict powers_of_two(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem q = *p;
    const int k = luck(&l, 2) ? luck_between(&l, 1, 8) : -luck_between(&l, 1, 8);
    problem_amounts(&q, shift, &k);
    struct pair x = solve_both(p, &q);
    enum verdict v = pair_state(p, &x);
    const double factor = ldexp(1, k), lines = (double)x.a.plan.n_ledger;
    const double off = fabs((double)x.b.plan.cost - factor * (double)x.a.plan.cost);
    const bool same = same_words(&x.a, &x.b, false);
    if (v == HOLDS && !same && !rounds_apart(&x.a, &x.b, factor))
        v = broken(p, "prices x 2^%d: another plan", k);
    if (v == HOLDS && x.b.plan.bound != factor * x.a.plan.bound)
        v = broken(p, "prices x 2^%d: another bound", k);
    if (v == HOLDS && x.b.plan.relaxed_cost != factor * x.a.plan.relaxed_cost)
        v = broken(p, "prices x 2^%d: another optimum", k);
    if (v == HOLDS && !same_solution(&x.a, &x.b))
        v = broken(p, "prices x 2^%d: another solution", k);
    if (v == HOLDS && same && has_plan(&x.a) && off > 0.5 * lines * (1 + factor))
        v = broken(p, "prices x 2^%d: the ledger is off by %g", k, off);
    return pair_done(&x, v);
}

static void times(struct decimal *d, const void *context)
{
    const struct decimal *factor = context;
    *d = decimal_times(*d, factor->digits, factor->places);
}

/* MR2: all prices times a rational number. */
static enum verdict any_factor(const struct problem *p)
{
    static const struct decimal factors[] = {{37, 1}, {4625, 3}, {13, 2}, {72, 1}, {997, 3}};
    struct source_of_luck l = luck_of(p);
    struct problem q = *p;
    const struct decimal factor = factors[luck(&l, 5)];
    problem_amounts(&q, times, &factor);
    return pair_equal(p, &q, decimal_value(factor));
}

/* MR10: some prices rise: the optimum does not fall, and the old solution at the new prices is not beaten by more. */
static enum verdict dearer(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem old = *p, new = *p;
    struct judge j = {0};
    old.relaxed = new.relaxed = true;
    for (int i = 0; i < new.n_prices; i++)
        if (luck(&l, 3) == 0)
            new.prices[i].amount.digits =
                new.prices[i].amount.digits *luck_between(&l, 101, 112) / 100;
    struct pair x = solve_both(&old, &new);
    enum verdict v = pair_state(p, &x);
    if (v == HOLDS && !may_be_at_most(bracket_of(&x.a), bracket_of(&x.b), 1))
        v = broken(p, "optimum %.12g falls to %.12g", x.a.plan.bound, x.b.plan.bound);
    if (v == HOLDS) j = judge_of(&new, &x.a);
    const double again = v == HOLDS ? cost_again(&j) : 0;
    const double rounding =
        1e-6 * (double)(x.a.plan.n_ledger + 1) + 1e-5 * (double)x.a.plan.n_datasets;
    if (v == HOLDS && !is_split(&j) &&
        bracket_of(&x.b).low > again * (1 + LP_SETTINGS.feasibility) + rounding)
        v = broken(p, "optimum %.12g, but the old plan costs %.12g now", x.b.plan.bound, again);
    return pair_done(&x, v);
}

/* MR11: the optimum is concave in the prices. */
static enum verdict concave(const struct problem *p)
{
    struct source_of_luck l = luck_of(p);
    struct problem q = *p, middle = *p;
    for (int i = 0; i < p->n_prices; i++) {
        struct decimal *b = &q.prices[i].amount, *m = &middle.prices[i].amount;
        b->digits = b->digits * luck_between(&l, 90, 112) / 100;
        *m = (struct decimal){5 * (m->digits + b->digits), m->places + 1};
    }
    struct pair x = solve_both(p, &q);
    struct solved between = solve_plainly(&middle);
    enum verdict v = pair_state(p, &x);
    const double ends = bracket_of(&x.a).low + bracket_of(&x.b).low,
                 twice = 2 * bracket_of(&between).high;
    if (v == HOLDS && twice < ends)
        v = broken(p, "%.12g in the middle, %.12g at the ends", twice, ends);
    solved_free(&between);
    return pair_done(&x, v);
}

/* MR20: spot that is never reclaimed, without any overhead, is on-demand at the same price. */
static enum verdict harmless_spot(const struct problem *p)
{
    struct problem od = *p, spot = *p;
    for (int i = 0; i < p->n_workloads; i++)
        for (int q = 0; q < 2; q++) {
            struct workload_problem *w = q ? &spot.workloads[i] : &od.workloads[i];
            for (int way = 0; way < N_WAYS; way++)
                w->may_buy[way] = way == (q ? WAY_SPOT : WAY_ON_DEMAND);
            w->tolerant = true;
            w->spot_percent = 100;
            w->protection = 1;
            w->hazard = (struct decimal){-1, 0};
            w->restart_min = w->checkpoint_gb = 0;
        }
    int n = 0;
    for (int i = 0; i < p->n_prices; i++) {
        if (p->prices[i].way != WAY_ON_DEMAND) continue;
        od.prices[n] = spot.prices[n] = p->prices[i];
        spot.prices[n].amount.digits *=
            3; /* so that spot is not the price of what is out of stock */
        spot.prices[n + 1] = p->prices[i];
        spot.prices[n + 1].way = WAY_SPOT;
        spot.prices[n + 1].hazard = (struct decimal){0, 0};
        od.prices[n + 1] = spot.prices[n + 1];
        od.prices[n + 1].amount.digits /= 2;
        n += 2;
    }
    od.n_prices = spot.n_prices = n;
    struct pair x = solve_both(&od, &spot);
    enum verdict v = pair_state(p, &x);
    if (v == HOLDS && !may_be_equal(bracket_of(&x.a), bracket_of(&x.b), 1))
        v = broken(p, "on-demand %.12g, harmless spot %.12g", x.a.plan.bound, x.b.plan.bound);
    if (v == HOLDS && has_plan(&x.a) != has_plan(&x.b))
        v = broken(p, "only one of the two has a timeline");
    if (v == HOLDS && has_plan(&x.a) && x.a.plan.cost != x.b.plan.cost)
        v = broken(p, "on-demand costs %lld, harmless spot %lld", (long long)x.a.plan.cost,
                   (long long)x.b.plan.cost);
    return pair_done(&x, v);
}

int main(void)
{
    static const unsigned no_limit_on_money = F_ALL & ~(unsigned)F_BUDGET;
    static const struct law laws[] = {
        {"MR1 powers of two", powers_of_two, F_ALL, 150},
        {"MR2 any factor", any_factor, F_ALL, 150},
        {"MR10 dearer", dearer, no_limit_on_money & ~(unsigned)(F_LATE | F_COMMITTED | F_TIGHT),
         100},
        {"MR11 concave", concave, no_limit_on_money & ~(unsigned)(F_COMMITTED | F_TIGHT), 100},
        {"MR20 harmless spot", harmless_spot,
         F_ALL & ~(unsigned)(F_BUY | F_COMMITTED | F_SAVINGS | F_DISCOUNT | F_CHECKPOINTS), 100},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    return gsl_test_summary();
}
