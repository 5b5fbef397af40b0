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
