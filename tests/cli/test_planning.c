#include "cli/planning.h"
#include "tests/common/printed.h"

static void test_statuses(void)
{
    /* From the mildest to the gravest. */
    static const int order[] = {0, 1, 5, 4, 2, 3, 6, 7, 9, 8};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        for (size_t j = 0; j < sizeof order / sizeof *order; j++)
            gsl_test_int(worse_status(order[i], order[j]), order[i > j ? i : j],
                         "worse of %d and %d", order[i], order[j]);
    struct plan plan = {.status = PLAN_OPTIMAL};
    const struct result planned = {.plan = &plan}, failed = {.code = ERR_YAML};
    gsl_test_int(result_status(&planned), 0, "optimal");
    plan.status = PLAN_INFEASIBLE;
    gsl_test_int(result_status(&planned), 4, "infeasible");
    plan.status = PLAN_FEASIBLE;
    gsl_test_int(result_status(&planned), 5, "a limit with a plan");
    plan.status = PLAN_NONE;
    gsl_test_int(result_status(&planned), 5, "a limit without one");
    gsl_test_int(result_status(&failed), 3, "input rejected");
}

static void test_findings(struct arena *a)
{
    const struct source source = {.path = "a.yaml", .text = "a: 1\nb: 2\n", .bytes = 10};
    const struct place first = {&source, 1, 4, 5}, second = {&source, 2, 4, 5};
    struct diag all = {.arena = a}, base = {.arena = a}, variant = {.arena = a};
    (void)diag_error(&base, ERR_VALUE, first, "one");
    diag_warning(&base, ERR_VALUE, second, "two");
    (void)diag_error(&variant, ERR_VALUE, first, "one");
    (void)diag_error(&variant, ERR_KEY_UNKNOWN, first, "one");
    (void)diag_error(&variant, ERR_VALUE, second, "one");
    findings_collect(&all, &base);
    findings_collect(&all, &variant);
    gsl_test_int((int)all.n_errors, 3, "the same finding counts once");
    gsl_test_int((int)all.n_warnings, 1, "warnings");
    gsl_test_int((int)all.code, (int)ERR_VALUE, "code of the first error");
    gsl_test_str(all.last->what, "one", "order is kept");
    gsl_test(all.last->place.line != 2, "place is kept");
    struct diag none = {.arena = a};
    findings_collect(&none, &(struct diag){.arena = a});
    gsl_test_int((int)none.code, OK, "nothing from nothing");
}

int main(void)
{
    struct arena *a = arena_new();
    test_statuses();
    test_findings(a);
    arena_free(a);
    return gsl_test_summary();
}
