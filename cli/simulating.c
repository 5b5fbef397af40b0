#include "cli/simulating.h"
#include "cli/planning.h"
#include "cli/progress.h"
#include "common/text.h"
#include "report/simulation.h"
#include "sim/policy.h"
#include <errno.h>
#include <stdlib.h>

enum { MOST_RUNS = 10000000, MOST_THREADS = 256 };

static enum err wrong(const char *name, const char *value, const char *fix, struct diag *d)
{
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("\"%s\" is not a value of --%s"), value, name);
    diag_fix(d, "%s", fix);
    return code;
}

static bool whole_read(int64_t *out, const char *text, int64_t least, int64_t most)
{
    char *end;
    errno = 0;
    const bool digits = (*text >= '0' && *text <= '9') || (*text == '-' && least < 0);
    const long long value = strtoll(text, &end, 10);
    *out = value;
    return digits && errno == 0 && *end == '\0' && value >= least && value <= most;
}

static enum err policy_check(const char *name, struct diag *d)
{
    const char *names[32];
    size_t n = 0;
    if (policy_find(name)) return OK;
    while (n < sizeof names / sizeof *names && policies[n]) {
        names[n] = policies[n]->name;
        n++;
    }
    const char *near = nearest_name(name, names, n);
    return wrong("policy", name,
                 near ? arena_printf(d->arena, _("did you mean %s?"), near)
                      : _("policies are on_demand, greedy_safety, uniform_progress, hedge"),
                 d);
}

enum err runs_read(long *runs, const char *text, long least, struct diag *d)
{
    int64_t value;
    if (!whole_read(&value, text, least, MOST_RUNS))
        return wrong("runs", text,
                     arena_printf(d->arena, _("write a whole number from %ld to 10000000"), least),
                     d);
    *runs = (long)value;
    return OK;
}

enum err simulating_read(struct simulating *s, const struct options *o, struct cli *cli)
{
    const char *runs = option_value(o, "runs"), *seed = option_value(o, "seed"),
               *threads = option_value(o, "threads"), *precision = option_value(o, "precision");
    int64_t value;
    *s = (struct simulating){.policy = option_value(o, "policy")};
    if (runs) TRY(runs_read(&s->runs, runs, 1, cli->diag));
    if (seed && !whole_read(&s->seed, seed, INT64_MIN, INT64_MAX))
        return wrong("seed", seed, _("write a whole number of at most 64 bits"), cli->diag);
    s->has_seed = seed;
    if (threads && !whole_read(&value, threads, 1, MOST_THREADS))
        return wrong("threads", threads, _("write a whole number from 1 to 256"), cli->diag);
    if (threads) s->threads = (long)value;
    if (precision && (!quantity_parse(&s->precision, precision, NUMBER_FRAC) || s->precision <= 0 ||
                      s->precision >= 1))
        return wrong("precision", precision, _("write a share such as 0.5% or 0.005"), cli->diag);
    return s->policy ? policy_check(s->policy, cli->diag) : OK;
}

static enum err simulate(struct result *r, const struct simulating *s, struct cli *cli,
                         struct diag *d)
{
    const struct scenario *sc = r->plan->scenario;
    const struct run_settings settings = {
        .runs = s->runs > 0    ? s->runs
                : sc->runs > 0 ? sc->runs
                               : 2000,
        .worlds = {.seed = (uint64_t)(s->has_seed ? s->seed : sc->seed)},
        .threads = (int)s->threads,
        .precision = s->precision > 0 ? s->precision : sc->precision,
        .policy = s->policy,
        .stop = cli->stop,
    };
    struct outcomes *o = ARENA_NEW(cli->arena, struct outcomes, 1);
    TRY(run_worlds(o, r->plan, &settings, cli->arena, d));
    if (o->n == 0) return OK;
    struct simulation *out = ARENA_NEW(cli->arena, struct simulation, 1);
    simulation_make(out, o, cli->arena);
    r->simulation = out;
    return OK;
}

void variant_simulate(struct result *r, const struct simulating *s, struct cli *cli)
{
    if (!r->plan || !r->summary || !r->summary->has_plan) return;
    struct diag *d = ARENA_NEW(cli->arena, struct diag, 1);
    d->arena = cli->arena;
    struct progress *progress =
        progress_start(cli, arena_printf(cli->arena, _("simulating %s"), r->variant));
    const enum err code = simulate(r, s, cli, d);
    progress_stop(progress);
    struct diag *all = ARENA_NEW(cli->arena, struct diag, 1);
    all->arena = cli->arena;
    findings_collect(all, r->diag);
    findings_collect(all, d);
    r->diag = all;
    if (code != OK) r->code = code;
}
