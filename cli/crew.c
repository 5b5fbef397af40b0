#include "cli/crew.h"
#include "cli/progress.h"
#include "sim/parallel.h"
#include <string.h>

struct crew {
    struct plan_task *tasks;
    struct arena **arenas; /* [n] one each: an arena belongs to one thread at a time */
    const struct cli *cli;
};

static void task_do(size_t i, struct arena *scratch, void *context)
{
    (void)scratch;
    const struct crew *crew = context;
    struct plan_task *task = &crew->tasks[i];
    if (*crew->cli->stop) return;
    struct cli own = *crew->cli;
    own.arena = crew->arenas[i];
    own.progress = false;
    variant_plan(&task->result, &task->planning, task->variant, &own);
}

static void arena_release(void *arena)
{
    arena_free(arena);
}

void tasks_plan(struct plan_task *tasks, size_t n, const char *text, struct cli *cli)
{
    struct crew crew = {tasks, ARENA_NEW(cli->arena, struct arena *, n + 1), cli};
    for (size_t i = 0; i < n; i++) {
        crew.arenas[i] = arena_new();
        arena_defer(cli->arena, arena_release, crew.arenas[i]);
        tasks[i].result = (struct result){.variant = tasks[i].variant};
    }
    struct progress *progress = progress_start(cli, text);
    parallel_for(n, 0, task_do, &crew);
    progress_stop(progress);
}

struct planning planning_with(const struct planning *p, const char *const *more, size_t n_more,
                              struct arena *a)
{
    struct planning with = *p;
    const char **set = ARENA_NEW(a, const char *, p->n_set + n_more + 1);
    if (p->n_set) memcpy(set, p->set, p->n_set * sizeof *set);
    if (n_more) memcpy(set + p->n_set, more, n_more * sizeof *set);
    with.set = set;
    with.n_set = p->n_set + n_more;
    return with;
}
