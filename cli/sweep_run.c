/* The points of a sweep, one after the other on each core. */
#include "cli/progress.h"
#include "cli/sweep.h"
#include "common/text.h"
#include "report/wording.h"
#include "sim/parallel.h"
#include <pthread.h>
#include <string.h>

struct sweep_crew {
    struct sweep *sweep;
    struct cli *cli;
    struct checkpoint *file; /* NULL: none */
    size_t *pending;
    pthread_mutex_t mutex; /* of all below, and of the arena of `cli` */
    bool written;          /* the checkpoint so far */
};

/* Why there is no plan: the first limit that clashes, or the first error. */
static const char *why_not(const struct result *r, struct arena *a)
{
    if (!r->plan || r->code != OK) {
        const struct finding *f = r->diag->first;
        while (f && f->severity != SEVERITY_ERROR) f = f->next;
        return f ? arena_printf(a, "%s: %s", err_code(f->code), f->what) : "";
    }
    const struct plan *p = r->plan;
    if (p->n_conflicts == 0 || !p->conflicts[0].what) return "";
    const struct conflict *c = &p->conflicts[0];
    if (c->change) return arena_printf(a, "%s -> %s", c->what, c->change);
    return c->what;
}

/* Copied into `a`: the result goes with the arena of its thread. */
static struct sweep_point point_of(const struct result *r, struct arena *a)
{
    const struct summary *s = r->summary;
    const char *status = s ? s->status : "error";
    if (!s && err_exit_status(r->code) == EXIT_INFEASIBLE)
        status = "infeasible"; /* a promise that cannot be kept */
    struct sweep_point p = {.status = arena_strdup(a, status),
                            .finish = "",
                            .message = arena_strdup(a, s && s->has_plan ? "" : why_not(r, a))};
    if (!s || !r->plan || !s->has_plan) return p;
    p.has_plan = true;
    p.has_jobs = r->plan->demands && r->plan->demands->n > 0;
    p.cost = s->cost;
    p.bound = s->bound;
    p.gap = s->gap;
    p.machine_h = s->machine_h;
    p.machines = s->machines;
    p.finish_us = s->finish_us;
    p.late_us = s->late_us;
    if (p.has_jobs) p.finish = arena_strdup(a, moment_text(a, r->plan->scenario, s->finish_us));
    struct bill bill;
    bill_of_result(&bill, r, a);
    p.worlds = bill.worlds;
    p.luck = bill.luck;
    p.luck.totals = NULL;
    p.luck.n_totals = 0;
    return p;
}

static void point_do(size_t i, struct arena *scratch, void *context)
{
    struct sweep_crew *crew = context;
    struct sweep *s = crew->sweep;
    const size_t at = crew->pending[i];
    if (*crew->cli->stop || !crew->written) return;
    struct cli own = *crew->cli;
    own.arena = scratch;
    own.progress = false;
    const struct planning planning =
        planning_with(&s->planning, s->settings[at].set, s->settings[at].n, scratch);
    struct result result;
    struct simulating alone = s->simulating;
    alone.threads = 1;
    variant_plan(&result, &planning, s->variant, &own);
    const bool followed = result.plan && !result.plan->scenario->relaxed; /* event by event */
    if (!s->planned_only && followed) variant_simulate(&result, &alone, &own);
    pthread_mutex_lock(&crew->mutex);
    if (!*crew->cli->stop) { /* else it may be unfinished */
        s->points[at] = point_of(&result, crew->cli->arena);
        if (crew->file) crew->written = checkpoint_add(crew->file, at, &s->points[at]);
    }
    pthread_mutex_unlock(&crew->mutex);
}

static enum err written_check(const struct sweep_crew *crew)
{
    if (crew->written) return OK;
    struct diag *d = crew->cli->diag;
    diag_error(d, ERR_OUTPUT, (struct place){0}, _("\"%s\" cannot be written"),
               crew->sweep->checkpoint);
    diag_fix(d, "%s", _("check the folder, the rights and the free space, then run again"));
    return ERR_OUTPUT;
}

/* Where the plan of the first point ended, which is planned by itself: what the others find does not depend on their order, nor
 * on what a checkpoint has. */
static const struct warm *first_end(const struct sweep *s, struct cli *cli)
{
    struct cli own = *cli;
    struct diag quiet = {.arena = cli->arena};
    struct result result;
    const struct planning planning =
        planning_with(&s->planning, s->settings[0].set, s->settings[0].n, cli->arena);
    own.diag = &quiet;
    own.progress = false;
    variant_plan(&result, &planning, s->variant, &own);
    return result.plan ? result.plan->warm : NULL;
}

enum err sweep_run(struct sweep *s, struct cli *cli)
{
    struct sweep_crew crew = {.sweep = s, .cli = cli, .written = true};
    if (s->checkpoint) TRY(checkpoint_open(&crew.file, s, cli));
    crew.pending = ARENA_NEW(cli->arena, size_t, s->n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (!s->points[i].status) crew.pending[n++] = i;
    pthread_mutex_init(&crew.mutex, NULL);
    struct progress *progress =
        progress_start(cli, arena_printf(cli->arena, _("planning %zu points"), n));
    if (s->from_first && s->n > 1 && n > 0) s->planning.settings.warm = first_end(s, cli);
    parallel_for(n, (size_t)s->simulating.threads, point_do, &crew);
    progress_stop(progress);
    pthread_mutex_destroy(&crew.mutex);
    if (crew.file) checkpoint_close(crew.file);
    return written_check(&crew);
}
