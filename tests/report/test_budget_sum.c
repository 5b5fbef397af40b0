/* The rows of a budget hold every amount of the plan once, and a plan that says otherwise is a fault of ours. */
#include "report/budget.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>

int main(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct scenario s = {0};
    struct price_book *book = NULL;
    struct plan plan = {0};
    const struct scenario_options options = {0};
    moment_t today = 0;
    moment_parse(&today, "2026-11-22");
    enum err e = scenario_load(&s, "tests/solver/data/hand/base.yaml", &options, a, &d);
    if (e == OK) e = price_book_load(&book, &s.catalog, today, -1, a, &d);
    if (e == OK) e = plan_solve(&plan, &s, book, &PLAN_SETTINGS, a, &d);
    gsl_test_int((int)e, OK, "a plan");
    struct summary summary;
    gsl_test_int((int)summary_make(&summary, &plan, a, &d), OK, "a summary");
    const struct result result = {.plan = &plan, .summary = &summary};
    struct budget_table t = {.by = BY_OWNER, .result = &result, .confidence = 0.9};
    gsl_test_int((int)budget_fill(&t, a, &d), OK, "the rows add up");
    gsl_test_int((int)t.n, 2, "nobody's row and the total");
    plan.cost += 1;
    gsl_test_int((int)budget_fill(&t, a, &d), ERR_INTERNAL, "a millionth too much");
    gsl_test_str(d.last ? d.last->what : "",
                 "the rows of the budget do not add up to the cost of the plan",
                 "a millionth too much");
    arena_free(a);
    return gsl_test_summary();
}
