/* What the exact optimum says of a plan: bounds above it, costs below it, and impossible plans that are possible are refused; rows that
 * contradict each other in their last digits are not. */
#include "report/exact.h"
#include "solver/lp_internal.h"

#include <gsl/gsl_test.h>
#include <math.h>
#include <string.h>

/* min 5 x with 3 x >= 1, and rows_of 0.1 + 0.2 where asked: a third times 5. */
static struct lp *program(struct arena *a, double second_lo, double second_hi)
{
    struct lp_builder b = {.arena = a};
    lp_add_row(&b, 1, INFINITY);
    lp_add_row(&b, second_lo, second_hi);
    lp_add_col(&b, 0, 4, 5, false, false);
    lp_add_value(&b, 0, 3);
    lp_add_col(&b, 0, 1, 0, false, false);
    lp_add_value(&b, 1, 3);
    return lp_finish(&b);
}

static struct plan plan_of(const struct lp *lp)
{
    return (struct plan){.lp = lp,
                         .status = PLAN_OPTIMAL,
                         .lp_optimum = 5.0 / 3,
                         .lp_bound = 5.0 / 3,
                         .bound = 1.666666,
                         .cost = 1670000,
                         .n_ledger = 1};
}

struct wrong {
    const char *name;
    double lp_bound, bound;
    micro_t cost;
    enum plan_status status;
    const char *what; /* NULL: accepted */
};

static const struct wrong wrongs[] = {
    {"all is well", 5.0 / 3, 1.666666, 1670000, PLAN_OPTIMAL, NULL},
    {"rounding of the bill", 5.0 / 3, 1.666666, 1666666, PLAN_OPTIMAL, NULL},
    {"a millionth too much is proven", 5.0 / 3, 1.666667, 1670000, PLAN_OPTIMAL,
     "the lower bound 1.666667000 lies above the exact optimum 1.666666666, by 2e-07 of it"},
    {"the solver's own bound", 1.67, 1.666666, 1670000, PLAN_FEASIBLE,
     "the lower bound 1.670000000 lies above the exact optimum 1.666666666, by 0.002 of it"},
    {"too cheap", 5.0 / 3, 1.666666, 1666600, PLAN_OPTIMAL,
     "the plan costs 1.666600, less than the exact optimum 1.666666666"},
    {"possible after all", -INFINITY, -INFINITY, 0, PLAN_INFEASIBLE,
     "no plan is said to be possible, but the linear program has an exact optimum, 1.666666666"},
    {"no plan in time", 5.0 / 3, 5.0 / 3, 0, PLAN_NONE, NULL},
};

static void judgements(struct arena *a)
{
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        const struct wrong *w = &wrongs[i];
        struct diag d = {.arena = a};
        struct plan p = plan_of(program(a, 0, 0));
        p.lp_bound = w->lp_bound;
        p.bound = w->bound;
        p.cost = w->cost;
        p.status = w->status;
        const enum err e = plan_exact_find(&p, &LP_EXACT_SETTINGS, a, &d);
        gsl_test(e != (w->what ? ERR_PROOF_EXACT : OK), "%s: %s", w->name, err_code(e));
        const char *said = d.first ? d.first->what : "";
        gsl_test(strcmp(said, w->what ? w->what : "") != 0, "%s: %s", w->name, said);
    }
}

static void words(struct arena *a)
{
    struct diag d = {.arena = a};
    struct plan p = plan_of(program(a, 0, 0));
    gsl_test(exact_text(&p, a) != NULL, "nothing is said unasked");
    gsl_test(plan_exact_find(&p, &LP_EXACT_SETTINGS, a, &d), "solved");
    const char *text = exact_text(&p, a);
    gsl_test(strcmp(text, "Exact optimum of the linear program (2 rows, 2 columns): 1.666666666, "
                          "floating point found it to 1e-15; the proven bound is 4e-07 below it, "
                          "the cost 0.2000% above") != 0,
             "%s", text);
    p = plan_of(program(a, 0, 0));
    p.lp_optimum = 1.7;
    gsl_test(plan_exact_find(&p, &LP_EXACT_SETTINGS, a, &d), "solved");
    text = exact_text(&p, a);
    gsl_test(!strstr(text, ", what floating point found is 2.0e-02 off"), "%s", text);
    json_t *o = exact_json(&p, a);
    gsl_test(strcmp(json_string_value(json_object_get(o, "fraction")), "5/3") != 0, "its fraction");
    gsl_test(strcmp(json_string_value(json_object_get(o, "optimum")), "1.666666666666666") != 0,
             "its digits");
    gsl_test(!json_is_false(json_object_get(o, "equal")), "is not equal");
    json_decref(o);
}

/* 3 y = 1 / 3 holds for a third of a third, and 3 y <= the double below 1/3 then not: a last digit. */
static void last_digits(struct arena *a)
{
    struct diag d = {.arena = a};
    struct lp *lp = program(a, 0, 0);
    struct plan p = plan_of(lp);
    lp->row_lo[1] = nextafter(3, 4); /* y <= 1 allows 3 */
    lp->row_hi[1] = 4;
    gsl_test(plan_exact_find(&p, &LP_EXACT_SETTINGS, a, &d), "short by a last digit: %s",
             d.first ? d.first->what : "");
    gsl_test(p.exact->widened != 0x1p-40 || p.exact->status != EXACT_OPTIMAL, "it was widened");
    const char *text = exact_text(&p, a);
    gsl_test(!text || !strstr(text, "; rows were widened by 9e-13, where doubles contradict each "
                                    "other in their last digits"),
             "%s", text);
    lp->row_lo[1] = 3.001;
    gsl_test(plan_exact_find(&p, &LP_EXACT_SETTINGS, a, &d) != ERR_PROOF_EXACT ||
                 strcmp(d.first->what,
                        "there is a plan, but its linear program has no exact solution") != 0,
             "short by more: %s", d.first ? d.first->what : "");
    p.status = PLAN_INFEASIBLE;
    gsl_test(plan_exact_find(&p, &LP_EXACT_SETTINGS, a, &d), "no plan, and no solution");
    text = exact_text(&p, a);
    gsl_test(strcmp(text, "The linear program has no solution in exact numbers either.") != 0, "%s",
             text);
}

static void say_nothing(const struct lp *lp, FILE *out)
{
    (void)lp;
    (void)out;
}

static void no_answer(struct arena *a)
{
    struct diag d = {.arena = a};
    struct plan p = plan_of(program(a, 0, 0));
    struct lp_exact_settings settings = LP_EXACT_SETTINGS;
    settings.solver = say_nothing;
    gsl_test(plan_exact_find(&p, &settings, a, &d), "the plan stands");
    gsl_test(d.code != ERR_NO_EXACT ||
                 strcmp(d.first->what, "no exact optimum: the exact solver gave no answer") != 0 ||
                 strcmp(d.first->fix,
                        "give more time with --time-limit, make the problem smaller (a longer "
                        "horizon.step, fewer regions or offers), or leave out --exact") != 0,
             "%s", d.first ? d.first->what : "nothing is said");
    gsl_test(exact_text(&p, a) != NULL, "no line in the table");
    p.lp = NULL;
    p.status = PLAN_INFEASIBLE;
    gsl_test(plan_exact_find(&p, &settings, a, &d) || p.exact->rows, "without a program");
}

int main(void)
{
    struct arena *a = arena_new();
    judgements(a);
    words(a);
    last_digits(a);
    no_answer(a);
    arena_free(a);
    return gsl_test_summary();
}
