#include "cli/buys.h"
#include "cli/progress.h"
#include "cli/promises.h"
#include "common/text.h"
#include "sim/parallel.h"
#include <stdlib.h>
#include <string.h>

static const double PRECISION = 1e-3; /* of the part of the last priority */

/* Priorities, highest first. */
struct levels {
    size_t n;
    long *priority;
};

static int descending(const void *left, const void *right)
{
    const long a = *(const long *)left, b = *(const long *)right;
    return (a < b) - (a > b);
}

static struct levels levels_of(const struct plan *p, struct arena *a)
{
    const size_t n_services = p->services ? p->services->n : 0;
    struct levels l = {.priority = ARENA_NEW(a, long, p->demands->n + n_services + 1)};
    size_t n = 0;
    for (size_t i = 0; i < p->demands->n; i++) l.priority[n++] = p->demands->items[i].priority;
    for (size_t i = 0; i < n_services; i++)
        l.priority[n++] = p->services->items[i].shape->workload->priority;
    qsort(l.priority, n, sizeof *l.priority, descending);
    for (size_t i = 0; i < n; i++)
        if (l.n == 0 || l.priority[i] != l.priority[l.n - 1]) l.priority[l.n++] = l.priority[i];
    return l;
}

/* Without the workloads of which nothing is kept; they would still keep their data. */
static void workloads_prune(struct scenario *s, const struct plan *full)
{
    size_t kept = 0;
    for (size_t w = 0; w < s->n_workloads; w++) {
        bool any = false;
        for (size_t i = 0; i < full->demands->n && !any; i++) {
            const struct demand *d = &full->demands->items[i];
            any = strcmp(d->shape->workload->name, s->workloads[w].name) == 0 &&
                  work_kept(s, d->priority) > 0;
        }
        for (size_t i = 0; full->services && i < full->services->n && !any; i++)
            any = strcmp(full->services->items[i].name, s->workloads[w].name) == 0 &&
                  work_kept(s, s->workloads[w].priority) > 0;
        if (any) s->workloads[kept++] = s->workloads[w];
    }
    s->n_workloads = kept;
}

/* Plans part of the work. `full` NULL: all of it. `limits`: the total's own limit stays. */
static enum err part_plan(struct plan *plan, const struct buys *b, bool limits, struct work_cut cut,
                          struct cli *cli, struct diag *d)
{
    struct scenario *s = ARENA_NEW(cli->arena, struct scenario, 1);
    struct price_book *book;
    const struct planning *p = b->planning;
    const struct scenario_options options = {.variant =
                                                 strcmp(b->variant, "base") ? b->variant : NULL,
                                             .n_set = p->n_set,
                                             .set = p->set};
    TRY(scenario_load(s, p->path, &options, cli->arena, d));
    TRY(scenario_book(&book, s, cli, d));
    s->cut = cut;
    if (!limits) s->budget.given = false;
    if (b->full.plan) workloads_prune(s, b->full.plan);
    struct result promised = {.variant = b->variant};
    const struct promise_request request = {s, book, &p->settings};
    return promises_keep(&promised, plan, &request, cli, d);
}

struct hunt {
    const struct buys *buys;
    struct bought *answer;
    struct levels levels;
    struct cli *cli;    /* of its own findings, and of the arena of what is being tried */
    struct arena *kept; /* of the answer's plan and its findings; NULL: none yet */
    enum err code;
};

/* Plans part of the work; whether it stays within the budget, and is then the answer. */
static bool part_try(struct hunt *h, size_t level, double frac)
{
    struct plan *plan = ARENA_NEW(h->cli->arena, struct plan, 1);
    const struct work_cut cut = {true, h->levels.priority[level], frac};
    h->code = part_plan(plan, h->buys, h->answer->limits, cut, h->cli, h->cli->diag);
    if (err_exit_status(h->code) == EXIT_INFEASIBLE) { /* a promise that cannot be kept */
        h->code = OK;
        return false;
    }
    if (h->code != OK) return false;
    const bool planned = plan->status == PLAN_OPTIMAL || plan->status == PLAN_FEASIBLE;
    if (!planned || (!h->answer->limits && plan->cost > h->answer->budget)) return false;
    *h->answer = (struct bought){.limits = h->answer->limits,
                                 .budget = h->answer->budget,
                                 .priority = cut.priority,
                                 .frac = frac,
                                 .plan = plan};
    return true;
}

/* The same in an arena of its own, which lives as long as it is the answer's or tells what went wrong: a plan takes megabytes, and
 * many are tried. Tried parts grow only. */
static bool part_fits(struct hunt *h, size_t level, double frac)
{
    if (h->code != OK || *h->cli->stop) return false;
    struct arena *arena = arena_new();
    h->cli->arena = arena;
    *h->cli->diag = (struct diag){.arena = arena};
    const bool fits = part_try(h, level, frac);
    struct arena *old = fits || h->code != OK ? h->kept : arena;
    if (fits || h->code != OK) h->kept = arena;
    if (old) arena_free(old);
    return fits;
}

/* Levels that fit in full: by halving, as cost grows with every level. */
static size_t levels_fit(struct hunt *h)
{
    size_t fits = 0, above = h->levels.n + 1;
    while (above - fits > 1) {
        const size_t middle = fits + (above - fits) / 2;
        if (part_fits(h, middle - 1, 1))
            fits = middle;
        else
            above = middle;
    }
    return fits;
}

static void hunt_run(struct hunt *h)
{
    h->answer->nothing = true;
    const size_t fits = levels_fit(h);
    if (fits == h->levels.n) {
        h->answer->all = true;
        return;
    }
    double low = 0, high = 1;
    while (high - low > PRECISION && h->code == OK && !*h->cli->stop) {
        const double middle = low + (high - low) / 2;
        if (part_fits(h, fits, middle))
            low = middle;
        else
            high = middle;
    }
}

struct hunters {
    struct hunt *hunts;
};

static void hunt_do(size_t i, struct arena *scratch, void *context)
{
    (void)scratch;
    const struct hunters *hunters = context;
    hunt_run(&hunters->hunts[i]);
}

static void arena_release(void *arena)
{
    arena_free(arena);
}

/* The command's view of the world with findings of its own: one for each thread. */
static struct cli *cli_own(const struct cli *cli)
{
    struct cli *own = ARENA_NEW(cli->arena, struct cli, 1);
    *own = *cli;
    own->progress = false;
    own->diag = ARENA_NEW(cli->arena, struct diag, 1);
    return own;
}

static enum err full_plan(struct buys *b, struct cli *cli)
{
    struct plan *plan = ARENA_NEW(cli->arena, struct plan, 1);
    struct summary *summary = ARENA_NEW(cli->arena, struct summary, 1);
    b->full = (struct result){.variant = b->variant, .diag = cli->diag};
    TRY(part_plan(plan, b, false, (struct work_cut){0}, cli, cli->diag));
    TRY(summary_make(summary, plan, cli->arena, cli->diag));
    b->full.plan = plan;
    b->full.summary = summary;
    return OK;
}

enum err buys_find(struct buys *b, struct cli *cli)
{
    struct progress *progress = progress_start(cli, _("finding what the budget buys"));
    enum err code = full_plan(b, cli);
    if (code == OK && b->full.summary->has_plan && !*cli->stop) {
        const struct levels levels = levels_of(b->full.plan, cli->arena);
        struct hunters hunters = {ARENA_NEW(cli->arena, struct hunt, b->n + 1)};
        for (size_t i = 0; i < b->n; i++)
            hunters.hunts[i] = (struct hunt){b, &b->answers[i], levels, cli_own(cli), NULL, OK};
        parallel_for(b->n, 0, hunt_do, &hunters);
        for (size_t i = 0; i < b->n; i++) {
            const struct hunt *h = &hunters.hunts[i];
            if (h->kept) arena_defer(cli->arena, arena_release, h->kept);
            if (code != OK || h->code == OK) continue;
            code = h->code;
            findings_collect(cli->diag, h->cli->diag);
        }
    }
    progress_stop(progress);
    return code;
}
