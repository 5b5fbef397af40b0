#include "report/summary.h"
#include "tests/report/sample_plan.h"
#include <math.h>

static const struct summary_group *group_of(const struct summary *s, enum group_kind kind,
                                            size_t workload)
{
    for (size_t i = 0; i < s->n_groups; i++)
        if (s->groups[i].kind == kind && s->groups[i].workload == workload) return &s->groups[i];
    return NULL;
}

static void test_groups(struct sample *s)
{
    const struct summary *m = &s->summary;
    gsl_test_int((int)m->n_groups, 3, "two workloads and storage");
    micro_t total = 0;
    for (size_t i = 0; i < m->n_groups; i++) {
        micro_t group = 0;
        for (size_t j = 0; j < m->groups[i].n_lines; j++) group += m->groups[i].lines[j].amount;
        gsl_test(group != m->groups[i].amount, "group %zu is the sum of its lines", i);
        total += m->groups[i].amount;
    }
    gsl_test(total != s->plan.cost, "groups add up to the cost exactly");
    const struct summary_group *train = group_of(m, GROUP_WORKLOAD, 0);
    gsl_test(!train, "group of train");
    gsl_test_int((int)train->n_lines, 3,
                 "train: machines of both months in one line, start, discount");
    gsl_test_abs(train->lines[0].quantity, 11, 1e-12, "machine-hours of both months");
    gsl_test_int((int)train->lines[0].machines, 2, "machines of train");
    const struct summary_group *shots = group_of(m, GROUP_WORKLOAD, 1);
    gsl_test_int((int)shots->lines[0].machines, 3, "both shots at once");
    gsl_test(!shots->lines[0].estimated, "estimated line");
    const struct summary_group *storage = group_of(m, GROUP_STORAGE, NO_INDEX);
    gsl_test(!storage || storage->lines[0].dataset != 0, "storage group");
}

static void test_figures(struct sample *s)
{
    const struct summary *m = &s->summary;
    gsl_test_int((int)m->machines, 3, "peak over all, train begins when shot b has ended");
    gsl_test(m->finish_us != HOURS(59.7), "finish of the last job");
    gsl_test(m->late_us != HOURS(6.25), "largest lateness");
    gsl_test_rel(m->estimated_share, (double)s->plan.estimated / (double)s->plan.cost, 1e-15,
                 "share");
    const double wanted[] = {(double)s->plan.cost / 1e6, 2300.125, s->plan.gap, 110.4,
                             m->estimated_share};
    double value;
    for (size_t i = 0; summary_figures[i]; i++) {
        gsl_test(!summary_figure(&value, m, summary_figures[i]), "figure %s", summary_figures[i]);
        gsl_test_rel(value, wanted[i], 1e-15, "value of %s", summary_figures[i]);
    }
    gsl_test(summary_figure(&value, m, "p90"), "no such figure without simulation");
    const struct summary none = {0};
    gsl_test(summary_figure(&value, &none, "cost"), "no plan, no figure");
}

static void test_finishes(struct sample *s)
{
    const struct summary_finish *f = &s->summary.finishes[1];
    gsl_test_int((int)f->n_jobs, 2, "shots");
    gsl_test_int((int)f->n_late, 1, "late shots");
    gsl_test(f->finish_us != HOURS(59.7) || f->due_us != HOURS(60), "the shot that ends last");
    gsl_test_int((int)s->summary.finishes[0].n_late, 0, "train is in time");
}

static enum budget_state state_at(struct sample *s, long limit, enum money_per per,
                                  const char **month)
{
    struct summary m;
    s->scenario.budget = (struct optional_money){{{limit, 1}, CURRENCY_DEFAULT, per}, true, {0}};
    gsl_test(summary_make(&m, &s->plan, s->arena, &s->diag), "summary");
    *month = m.budgets[0].month;
    return m.budgets[0].state;
}

static void test_budgets(struct sample *s)
{
    const char *month;
    const long cost = s->plan.cost / 1000000; /* rounded down */
    gsl_test_int((int)state_at(s, cost, PER_NONE, &month), BUDGET_OVER, "a unit below the cost");
    gsl_test_int((int)state_at(s, cost + 1, PER_NONE, &month), BUDGET_WARN, "a unit above it");
    gsl_test_int((int)state_at(s, 2 * cost, PER_NONE, &month), BUDGET_OK, "twice the cost");
    gsl_test(month != NULL, "a limit on the whole plan has no month");
    (void)state_at(s, cost, PER_MONTH, &month);
    gsl_test_str(month, "2027-01", "the dearer month (with the lateness) is shown");
    s->scenario.fx_usd = (struct ratio){72, 10};
    s->scenario.has_fx = true;
    s->scenario.budget.money = (struct money){{100, 1}, CURRENCY_USD, PER_NONE};
    struct summary m;
    gsl_test(summary_make(&m, &s->plan, s->arena, &s->diag), "summary in dollars");
    gsl_test(m.budgets[0].limit != INT64_C(720000000), "a limit in dollars is converted");
    static const struct owner_budget owners[] = {
        {"film", {{{500, 1}, CURRENCY_DEFAULT, PER_MONTH}, true, {0}}}};
    struct owner_budget *by = ARENA_NEW(s->arena, struct owner_budget, 1);
    *by = owners[0];
    s->scenario.owner_budgets = by;
    s->scenario.n_owner_budgets = 1;
    gsl_test(summary_make(&m, &s->plan, s->arena, &s->diag), "summary by owner");
    gsl_test_str(m.budgets[1].owner, "film", "owner");
    gsl_test_int((int)m.budgets[1].state, BUDGET_OVER, "film passes 500 in January");
}

static void test_wrong_ledger(struct sample *s)
{
    struct plan wrong = s->plan;
    struct summary m;
    struct diag d = {.arena = s->arena};
    wrong.cost += 1;
    gsl_test(summary_make(&m, &wrong, s->arena, &d) != ERR_INTERNAL,
             "a millionth too much is noticed");
    gsl_test_str(d.first->what, "the ledger does not add up to the cost of the plan", "message");
}

int main(void)
{
    struct sample s;
    sample_make(&s);
    test_groups(&s);
    test_figures(&s);
    test_finishes(&s);
    test_wrong_ledger(&s);
    test_budgets(&s);
    const struct plan near = {.gap = 0.001, .asked_gap = 0.001};
    const struct plan far = {.gap = 0.0011, .asked_gap = 0.001};
    gsl_test_str(plan_status_word(plan_told(&near)), "optimal", "a gap as asked");
    gsl_test_str(plan_status_word(plan_told(&far)), "within_gap", "a gap above");
    gsl_test_str(plan_status_word(PLAN_INFEASIBLE), "infeasible", "word");
    gsl_test_str(plan_status_word(PLAN_NONE), "none", "word");
    arena_free(s.arena);
    return gsl_test_summary();
}
