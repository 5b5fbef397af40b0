/* The registry of policies, and what several of them ask. */
#include "sim/policy.h"
#include <math.h>
#include <string.h>

const struct policy *const policies[] = {
#define X(name) &policy_##name,
    POLICY_LIST(X)
#undef X
        NULL,
};

const struct policy *policy_find(const char *name)
{
    for (size_t i = 0; policies[i]; i++)
        if (strcmp(policies[i]->name, name) == 0) return policies[i];
    return NULL;
}

/* To the next eighth of the power of two above. */
static double rounded_up(double x)
{
    if (x <= 0) return x;
    int exponent;
    const double part = frexp(x, &exponent);
    return ldexp(ceil(8 * part) / 8, exponent);
}

struct policy_terms policy_terms_rounded(const struct policy_terms *terms)
{
    struct policy_terms t = *terms;
    t.work_s = rounded_up(terms->work_s);
    t.deadline_s = t.work_s + rounded_up(terms->deadline_s - terms->work_s);
    return t;
}

double policy_steps_needed(const struct policy_view *v, int starts)
{
    return ceil((v->left_s + starts * v->terms->restart_s) / v->terms->step_s);
}

double policy_steps_left(const struct policy_view *v)
{
    return floor((v->terms->deadline_s - v->now_s) / v->terms->step_s);
}

bool policy_must_buy(const struct policy_view *v)
{
    return policy_steps_needed(v, 1) >= policy_steps_left(v);
}
