/* Many plans at once, on all cores. */
#ifndef CLI_CREW_H
#define CLI_CREW_H

#include "cli/planning.h"

struct plan_task {
    struct planning planning;
    const char *variant;  /* "base" or a name */
    struct result result; /* filled; lives as long as the cli's arena */
};

/* Plans every task, in any order; results do not depend on it. `text` says what is going on, translated. Ends early, with
 * results left empty, when the user asks to stop. */
void tasks_plan(struct plan_task *tasks, size_t n, const char *text, struct cli *cli);

/* The settings of `p` and further ones behind them. */
struct planning planning_with(const struct planning *p, const char *const *more, size_t n_more,
                              struct arena *a);

#endif
