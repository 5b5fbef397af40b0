/* MR30: however the bill is grouped, the groups add up to the total; and integrality none is the linear program itself. */
#include "report/summary.h"
#include "tests/laws/law.h"

/* Sum of all groups, each summed first; `group` gives the number of a line's group. */
static micro_t sum_by(const struct solved *s,
                      size_t (*group)(const struct solved *, const struct ledger_line *))
{
    micro_t *sums = ARENA_NEW(s->arena, micro_t, s->plan.n_ledger + 1), all = 0;
    for (size_t i = 0; i < s->plan.n_ledger; i++)
        sums[group(s, &s->plan.ledger[i]) % (s->plan.n_ledger + 1)] += s->plan.ledger[i].amount;
    for (size_t i = 0; i <= s->plan.n_ledger; i++) all += sums[i];
    return all;
}

static size_t by_part(const struct solved *s, const struct ledger_line *l)
{
    (void)s;
    return (size_t)l->part;
}

static size_t by_month(const struct solved *s, const struct ledger_line *l)
{
    (void)s;
    return (size_t)l->month;
}

static size_t by_owner(const struct solved *s, const struct ledger_line *l)
{
    size_t i = 0;
    while (l->owner && i < s->scenario->n_workloads &&
           (!s->scenario->workloads[i].owner ||
            strcmp(s->scenario->workloads[i].owner, l->owner) != 0))
        i++;
    return l->owner ? i + 1 : 0;
}

static size_t by_pool(const struct solved *s, const struct ledger_line *l)
{
    (void)s;
    return l->offer == SIZE_MAX ? 0 : l->offer + 1;
}

static enum verdict groups_add_up(const struct problem *p)
{
    static size_t (*const groupings[])(const struct solved *, const struct ledger_line *) = {
        by_part, by_month, by_owner, by_pool};
    struct solved s = solve_plainly(p);
    struct summary summary;
    enum verdict v = has_plan(&s) ? HOLDS : NO_MATTER;
    for (size_t i = 0; v == HOLDS && i < sizeof groupings / sizeof *groupings; i++)
        if (sum_by(&s, groupings[i]) != s.plan.cost)
            v = broken(p, "grouping %zu is not the total", i);
    if (v == HOLDS && summary_make(&summary, &s.plan, s.arena, &s.diag) != OK)
        v = broken(p, "no summary: %s", first_error(&s));
    micro_t total = 0, estimated = 0;
    for (size_t g = 0; v == HOLDS && g < summary.n_groups; g++) {
        micro_t sum = 0;
        for (size_t i = 0; i < summary.groups[g].n_lines; i++) {
            sum += summary.groups[g].lines[i].amount;
            estimated +=
                summary.groups[g].lines[i].estimated ? summary.groups[g].lines[i].amount : 0;
        }
        if (sum != summary.groups[g].amount) v = broken(p, "lines of group %zu do not add up", g);
        total += sum;
    }
    if (v == HOLDS && total != s.plan.cost)
        v = broken(p, "the groups add up to %lld, not %lld", (long long)total,
                   (long long)s.plan.cost);
    if (v == HOLDS && estimated != s.plan.estimated)
        v = broken(p, "estimated lines add up to %lld, not %lld", (long long)estimated,
                   (long long)s.plan.estimated);
    solved_free(&s);
    return v;
}

/* With integrality none the plan is the solution of the linear program: cost = bound, gap = 0; and no plan of whole
 * machines is cheaper. */
static enum verdict relaxed_is_the_program(const struct problem *p)
{
    struct problem parts = *p, whole = *p;
    parts.relaxed = true;
    whole.relaxed = false;
    struct pair x = solve_both(&parts, &whole);
    enum verdict v = pair_state(p, &x);
    const double cost = (double)x.a.plan.cost / 1e6,
                 rounding = 1e-6 * (double)(x.a.plan.n_ledger + 1);
    const struct bracket b = bracket_of(&x.a);
    if (v == HOLDS && !has_plan(&x.a))
        v = broken(p, "the linear program has a solution, but no plan is given");
    if (v == HOLDS && (cost < b.low - rounding || cost > b.high + rounding))
        v = broken(p, "cost %.9f, bound %.9f", cost, x.a.plan.bound);
    if (v == HOLDS && x.a.plan.gap > (b.high - b.low + 2 * rounding) / cost)
        v = broken(p, "the gap is %g", x.a.plan.gap);
    if (v == HOLDS && has_bound(&x.b) && !may_be_equal(b, bracket_of(&x.b), 1))
        v = broken(p, "bound %.12g with whole machines, %.12g without", x.b.plan.bound,
                   x.a.plan.bound);
    if (v == HOLDS && has_plan(&x.b) && (double)x.b.plan.cost / 1e6 < b.low - rounding)
        v = broken(p, "whole machines are cheaper");
    return pair_done(&x, v);
}

int main(void)
{
    static const struct law laws[] = {
        {"MR30 groups", groups_add_up, F_ALL, 200},
        {"integrality none", relaxed_is_the_program, F_ALL, 150},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    return gsl_test_summary();
}
