#include "cli/promises.h"
#include "common/text.h"
#include "sim/run.h"
#include "sim/stats.h"

/* Worlds that gamma is chosen by, and others that the promise is checked on. */
enum { CHOOSING_WORLDS = 1000, CHECKING_WORLDS = 2000, FIRST_CHECKING_WORLD = 1000000 };
/* gamma is found to 1/64. */
enum { BISECTIONS = 6 };
#define CONFIDENCE 0.95

struct chooser {
    const struct scenario *scenario;
    const struct price_book *book;
    struct plan_settings settings;
    struct cli *cli;
    double *gamma; /* [n_workloads] */
};

static bool is_usable(const struct plan *p)
{
    return p->status != PLAN_INFEASIBLE && p->status != PLAN_NONE;
}

/* Worlds in which no job of the workload is late. */
static enum err worlds_kept(struct proportion *kept, const struct chooser *c,
                            const struct plan *plan, size_t workload, bool checking, struct diag *d)
{
    const struct run_settings run = {
        .runs = checking ? CHECKING_WORLDS : CHOOSING_WORLDS,
        .first_world = checking ? FIRST_CHECKING_WORLD : 0,
        .worlds = {.seed = (uint64_t)c->scenario->seed},
        .stop = c->cli->stop,
    };
    struct outcomes o;
    size_t hits = 0;
    TRY(run_worlds(&o, plan, &run, c->cli->arena, d));
    for (size_t i = 0; i < o.n; i++) hits += !o.workloads[i * o.n_workloads + workload].missed;
    *kept = (struct proportion){0};
    if (o.n > 0) *kept = proportion_of(hits, o.n, CONFIDENCE);
    return OK;
}

/* Whether the plan with these gammas keeps the promise of a workload on the choosing worlds; false where there is none. */
static enum err is_kept(bool *kept, const struct chooser *c, size_t workload)
{
    struct diag quiet = {.arena = c->cli->arena};
    struct plan plan;
    struct proportion share;
    *kept = false;
    struct plan_settings settings = c->settings;
    settings.brief = true; /* what would repair it is not asked here */
    TRY(plan_solve(&plan, c->scenario, c->book, &settings, c->cli->arena, &quiet));
    if (!is_usable(&plan)) return OK;
    TRY(worlds_kept(&share, c, &plan, workload, false, &quiet));
    *kept = share.n > 0 && share.estimate >= c->scenario->workloads[workload].confidence;
    return OK;
}

/* Sets gamma of one workload. *found is false where no gamma keeps it. */
static enum err gamma_choose(bool *found, struct chooser *c, size_t workload)
{
    double *gamma = &c->gamma[workload];
    *gamma = 1;
    TRY(is_kept(found, c, workload));
    if (*found) return OK;
    double low = 0, high = 1, best = 0;
    *gamma = 0;
    TRY(is_kept(found, c, workload));
    for (int i = 0; i < BISECTIONS && !*c->cli->stop; i++) {
        bool kept;
        *gamma = (low + high) / 2;
        TRY(is_kept(&kept, c, workload));
        if (kept) best = *gamma;
        *found = *found || kept;
        /* A plan that is not there at all needs more of spot; one that is late, less. */
        if (kept || !*found)
            low = *gamma;
        else
            high = *gamma;
    }
    *gamma = best;
    return OK;
}

static enum err not_kept(const struct chooser *c, size_t workload, struct diag *d)
{
    const struct workload *w = &c->scenario->workloads[workload];
    const enum err code = diag_error(
        d, ERR_CONFIDENCE, scenario_place(c->scenario, "workloads.%s.window.confidence", w->name),
        _("'%s' is late in more than %.4g%% of the worlds, whatever it buys"), w->name,
        100 * (1 - w->confidence));
    diag_fix(d, "%s", _("allow on_demand in purchase, move the deadline, or ask for less"));
    return code;
}

static enum err promise_count(struct promise *out, const struct chooser *c, const struct plan *plan,
                              size_t workload, struct diag *d)
{
    struct proportion kept;
    TRY(worlds_kept(&kept, c, plan, workload, true, d));
    *out = (struct promise){.workload = workload,
                            .asked = c->scenario->workloads[workload].confidence,
                            .kept = kept.estimate,
                            .kept_low = kept.interval.low,
                            .kept_high = kept.interval.high,
                            .spot_gamma = c->gamma[workload],
                            .n_kept = kept.hits,
                            .n_worlds = kept.n};
    return OK;
}

static bool is_asked(const struct scenario *s, size_t workload)
{
    return s->workloads[workload].confidence > 0 && !s->workloads[workload].has_load &&
           s->workloads[workload].seats == 0;
}

enum err promises_keep(struct result *result, struct plan *plan, const struct promise_request *r,
                       struct cli *cli, struct diag *d)
{
    const struct scenario *s = r->scenario;
    struct chooser c = {.scenario = s, .book = r->book, .settings = *r->settings, .cli = cli};
    size_t n = 0;
    for (size_t i = 0; i < s->n_workloads; i++) n += is_asked(s, i);
    if (n == 0 || s->relaxed) return plan_solve(plan, s, r->book, r->settings, cli->arena, d);
    c.gamma = ARENA_NEW(cli->arena, double, s->n_workloads);
    c.settings.spot_gamma = c.gamma;
    for (size_t i = 0; i < s->n_workloads; i++) c.gamma[i] = 1;
    for (size_t i = 0; i < s->n_workloads; i++) {
        bool found = true;
        if (is_asked(s, i)) TRY(gamma_choose(&found, &c, i));
        if (found) continue;
        /* Where there is no plan at all, that is what is wrong. */
        c.gamma[i] = 1;
        TRY(plan_solve(plan, s, r->book, &c.settings, cli->arena, d));
        return is_usable(plan) ? not_kept(&c, i, d) : OK;
    }
    TRY(plan_solve(plan, s, r->book, &c.settings, cli->arena, d));
    struct promise *promises = ARENA_NEW(cli->arena, struct promise, n);
    result->promises = promises;
    for (size_t i = 0; i < s->n_workloads && is_usable(plan); i++)
        if (is_asked(s, i)) TRY(promise_count(&promises[result->n_promises++], &c, plan, i, d));
    return OK;
}
