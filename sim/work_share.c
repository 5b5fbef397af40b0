/* What the policy prepares before jobs are played: jobs that are alike share it, and it is made on all threads. */
#include "sim/parallel.h"
#include "sim/work.h"

/* Terms to prepare for, each different from the others, and the arena that what is prepared lives in. */
struct shares {
    const struct policy *policy;
    size_t n;
    struct policy_terms *terms;
    struct arena **arenas;
    const void **prepared;
};

static bool same_terms(const struct policy_terms *a, const struct policy_terms *b)
{
    return a->step_s == b->step_s && a->work_s == b->work_s && a->deadline_s == b->deadline_s &&
           a->restart_s == b->restart_s && a->on_demand_price_per_h == b->on_demand_price_per_h &&
           a->spot_price_per_h == b->spot_price_per_h;
}

static size_t share_of(struct shares *s, const struct policy_terms *terms)
{
    const struct policy_terms rounded = policy_terms_rounded(terms);
    for (size_t i = 0; i < s->n; i++)
        if (same_terms(&s->terms[i], &rounded)) return i;
    s->terms[s->n] = rounded;
    return s->n++;
}

static void share_prepare(size_t i, struct arena *a, void *context)
{
    (void)a;
    const struct shares *s = context;
    s->prepared[i] = s->policy->prepare(&s->terms[i], s->arenas[i]);
}

static void arena_release(void *arena)
{
    arena_free(arena);
}

void work_share(struct work_play *play, size_t threads, struct arena *a)
{
    if (!play->policy->prepare) return;
    const size_t n = play->n_jobs;
    size_t *share = ARENA_NEW(a, size_t, n + 1);
    struct shares s = {.policy = play->policy, .terms = ARENA_NEW(a, struct policy_terms, n + 1)};
    for (size_t i = 0; i < n; i++)
        share[i] =
            work_has_choice(&play->jobs[i]) ? share_of(&s, &play->policy_terms[i]) : SIZE_MAX;
    s.prepared = ARENA_NEW(a, const void *, s.n + 1);
    s.arenas = ARENA_NEW(a, struct arena *, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        s.arenas[i] = arena_new();
        arena_defer(a, arena_release, s.arenas[i]);
    }
    parallel_for(s.n, threads, share_prepare, &s);
    for (size_t i = 0; i < n; i++)
        if (share[i] != SIZE_MAX) play->prepared[i] = s.prepared[share[i]];
}
