/* An independent judge of plans, written from docs/model.md: it knows the problem as it was made up, looks at the plan
 * as the program hands it out, and shares no code with the solver. All checks leave their first complaint in `why`. */
#ifndef TESTS_LAWS_JUDGE_H
#define TESTS_LAWS_JUDGE_H

#include "tests/laws/judge_money.h"

static inline void look_up(struct judge *j)
{
    for (size_t i = 0; i < j->plan->n_offers; i++) j->type[i] = find_type(j, i);
    for (size_t d = 0; d < j->plan->demands->n; d++) {
        struct asked *a = &j->asked[d];
        const char *name = j->plan->demands->items[d].name;
        if (!find_asked(j, name, a)) complain(j, "nobody asked for %s", name);
        if (a->due_min > j->p->length_min) a->due_min = j->p->length_min;
    }
    for (size_t i = 0; i < j->plan->n_stretches && !j->bad; i++)
        j->machines[i] = find_running(j, &j->plan->stretches[i]);
    if (j->plan->demands->n != count_asked(j))
        complain(j, "%zu demands, not %zu", j->plan->demands->n, count_asked(j));
}

static inline struct judge judge_of(const struct problem *p, const struct solved *s)
{
    struct judge j = {.p = p, .s = s, .plan = &s->plan};
    j.open = ARENA_NEW(s->arena, bool, (size_t)p->length_min + 1);
    j.asked = ARENA_NEW(s->arena, struct asked, s->plan.demands->n + 1);
    j.type = ARENA_NEW(s->arena, int, s->plan.n_offers + 1);
    j.machines = ARENA_NEW(s->arena, double, s->plan.n_stretches + 1);
    look_up(&j);
    return j;
}

/* True when the plan keeps everything the problem asks for. */
static inline bool plan_is_right(struct judge *j, const struct problem *p, const struct solved *s)
{
    *j = judge_of(p, s);
    for (size_t d = 0; d < s->plan.demands->n && !j->bad; d++) judge_demand(j, d);
    if (!j->bad) judge_limits(j);
    if (!j->bad) judge_money(j);
    return !j->bad;
}

#endif
