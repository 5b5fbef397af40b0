/* The registry of policies, in the order of reports: one line per file policy_<name>.c. */
#ifndef SIM_POLICY_LIST_H
#define SIM_POLICY_LIST_H

/* clang-format off */
#define POLICY_LIST(X) \
    X(on_demand) \
    X(greedy_safety) \
    X(uniform_progress) \
    X(hedge)
/* clang-format on */

struct policy;
#define X(name) extern const struct policy policy_##name;
POLICY_LIST(X)
#undef X

#endif
