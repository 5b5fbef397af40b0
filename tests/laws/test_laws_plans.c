/* Plans that machines can follow: an independent judge looks at every plan; bound and cost keep their order. */
#include "tests/laws/judge.h"
#include "tests/laws/law.h"

static enum verdict plan_is_executable(const struct problem *p)
{
    struct judge j = {0};
    struct solved s = solve_plainly(p);
    enum verdict v = NO_MATTER;
    if (s.code != OK && !is_asked_wrongly(s.code)) {
        v = REFUSED;
        snprintf(j.why, sizeof j.why, "not read: %s", first_error(&s));
    } else if (has_plan(&s)) {
        v = plan_is_right(&j, p, &s) ? HOLDS : BROKEN;
    }
    if ((v == BROKEN || v == REFUSED) && getenv("LAW_SEED"))
        fprintf(stderr, "problem %u: %s\n", p->seed, j.why);
    solved_free(&s);
    return v;
}

/* The solution of the linear program keeps every limit with its parts of machines. */
static enum verdict solution_keeps_limits(const struct problem *p)
{
    struct problem q = *p;
    q.relaxed = true;
    return plan_is_executable(&q);
}

int main(void)
{
    static const struct law laws[] = {
        {"plans are executable and add up", plan_is_executable, F_ALL, 400},
        {"solutions keep every limit", solution_keeps_limits, F_ALL, 800},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    return gsl_test_summary();
}
