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

/* Machines of an offer that work at a time, at most. */
static long most_held(const struct plan *plan, size_t offer)
{
    long most = 0;
    for (size_t i = 0; i < plan->n_stretches; i++) {
        long held = 0;
        for (size_t k = 0; plan->stretches[i].offer == offer && k < plan->n_stretches; k++) {
            const struct stretch *x = &plan->stretches[k];
            if (x->offer == offer && x->from_us <= plan->stretches[i].from_us &&
                plan->stretches[i].from_us < x->to_us)
                held += x->machines;
        }
        most = held > most ? held : most;
    }
    return most;
}

/* No machine is subscribed that no work is ever given to. */
static enum verdict purchases_are_used(const struct problem *p)
{
    struct problem q = *p;
    q.relaxed = false;
    struct solved s = solve_plainly(&q);
    enum verdict v = has_plan(&s) ? HOLDS : NO_MATTER;
    for (size_t i = 0; v == HOLDS && i < s.plan.n_subscriptions; i++) {
        const struct subscription_choice *x = &s.plan.subscriptions[i];
        if (x->existing || x->count == 0) continue;
        const long held = most_held(&s.plan, x->offer);
        if (held < x->count) v = broken(p, "%ld bought, %ld held", x->count, held);
    }
    solved_free(&s);
    return v;
}

int main(void)
{
    static const struct law laws[] = {
        {"plans are executable and add up", plan_is_executable, F_ALL, 400},
        {"solutions keep every limit", solution_keeps_limits, F_ALL, 800},
        {"what is bought is used", purchases_are_used, F_GANG | F_BUY | F_CAPPED | F_SPOT | F_DATA,
         60},
    };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) law_run(&laws[i]);
    return gsl_test_summary();
}
