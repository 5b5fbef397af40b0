/* Worlds on all cores: blocks of worlds are the pieces, each writes to its own rows, so that nothing depends on the threads. */
#include "sim/run.h"
#include "common/text.h"
#include "sim/parallel.h"
#include "sim/run_bill.h"
#include "sim/stats.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Worlds per piece: small enough to spread and to stop soon, large enough that its working memory does not matter. */
enum { BLOCK = 32 };
/* Outcomes beyond this many bytes are refused. */
#define MOST_BYTES ((size_t)4 << 30)
/* 95 % intervals decide when to stop. */
#define CONFIDENCE 0.95

const char *cost_part_name(enum cost_part part)
{
    static const char *const names[N_COST_PARTS] = {"on_demand", "spot",  "autoscaled", "committed",
                                                    "lost",      "start", "idle",       "storage",
                                                    "licence",   "late",  "unserved"};
    return names[part];
}

const char *cost_part_label(enum cost_part part)
{
    static const char *const labels[N_COST_PARTS] = {N_("on-demand machines"),
                                                     N_("spot machines"),
                                                     N_("autoscaled machines"),
                                                     N_("use of commitments"),
                                                     N_("lost to reclaims"),
                                                     N_("starts"),
                                                     N_("commitments not used"),
                                                     N_("storage"),
                                                     N_("licences"),
                                                     N_("late work"),
                                                     N_("load left out")};
    return _(labels[part]);
}

micro_t workload_cost(const struct workload_outcome *o)
{
    micro_t sum = 0;
    for (size_t i = 0; i < N_COST_PARTS; i++) sum += o->part[i];
    return sum;
}

struct run {
    struct outcomes *out;
    const struct run_settings *settings;
    struct run_play play;
    bool *done;            /* [blocks] */
    enum run_fault *fault; /* [blocks] */
    size_t first, last;    /* worlds of this round */
};

static void block_play(size_t i, struct arena *a, void *context)
{
    struct run *r = context;
    struct outcomes *o = r->out;
    if (r->settings->stop && *r->settings->stop) return;
    const size_t begin = r->first + i * BLOCK;
    const size_t end = begin + BLOCK < r->last ? begin + BLOCK : r->last;
    struct run_scratch *s = run_scratch_new(&r->play, a);
    for (size_t w = begin; w < end; w++) {
        const struct world_row row = {
            .workloads = &o->workloads[w * o->n_workloads],
            .nobody = &o->nobody[w],
            .total = &o->total[w],
            .by_owner = &o->by_owner[w * o->n_owners * o->n_months],
        };
        const enum run_fault fault =
            run_world(&row, s, (uint64_t)r->settings->first_world + (uint64_t)w);
        if (fault != RUN_SOUND) r->fault[begin / BLOCK] = fault;
    }
    r->done[begin / BLOCK] = true;
}

/* Worlds first .. last. Returns how many are done from the first world of the run on. */
static size_t round_play(struct run *r, size_t first, size_t last)
{
    r->first = first;
    r->last = last;
    const size_t n = (last - first + BLOCK - 1) / BLOCK;
    parallel_for(n, (size_t)r->settings->threads, block_play, r);
    for (size_t i = 0; i < n; i++)
        if (!r->done[first / BLOCK + i]) return first + i * BLOCK;
    return last;
}

static double half_width(double *mean, const struct outcomes *o, size_t n, struct arena *a)
{
    double *x = ARENA_NEW(a, double, n);
    for (size_t i = 0; i < n; i++) x[i] = (double)o->total[i];
    const struct moments m = moments_of(x, n);
    const struct interval interval = mean_interval(&m, CONFIDENCE);
    *mean = m.mean;
    return (interval.high - interval.low) / 2;
}

/* Rounds of whole blocks until the interval is narrow enough or all worlds are done. */
static void rounds_play(struct run *r, struct arena *a)
{
    struct outcomes *o = r->out;
    const size_t runs = (size_t)r->settings->runs;
    const bool narrows = r->settings->precision > 0;
    struct stop_rule rule = {.at_least = narrows && runs > 1024 ? 1024 : runs,
                             .at_most = runs,
                             .half_width_frac = r->settings->precision};
    while (o->n < runs) {
        size_t next = narrows ? stop_next(&rule, o->n) : runs;
        if (next < runs) next = (next + BLOCK - 1) / BLOCK * BLOCK;
        const size_t done = round_play(r, o->n, next < runs ? next : runs);
        o->interrupted = done < next && done < runs;
        o->n = done;
        if (o->interrupted || o->n == 0) return;
        double mean;
        const double width = narrows ? half_width(&mean, o, o->n, a) : 0;
        if (!narrows || o->n >= runs) return;
        o->converged = stop_reached(&rule, o->n, mean, width) == STOP_WIDTH;
        if (o->converged) return;
    }
}

static enum err faults_tell(const struct run *r, struct diag *d)
{
    const size_t n = (r->out->n + BLOCK - 1) / BLOCK;
    for (size_t i = 0; i < n; i++) {
        if (r->fault[i] == RUN_SOUND) continue;
        if (r->fault[i] == RUN_AMOUNT)
            return diag_error(d, ERR_AMOUNT, (struct place){0}, "%s",
                              _("the cost of a simulated world does not fit into 64 bits"));
        return diag_error(d, ERR_INTERNAL, (struct place){0},
                          _("a %s ledger does not close in worlds %zu to %zu"),
                          r->fault[i] == RUN_TIME ? "time" : "money", i * BLOCK,
                          i * BLOCK + BLOCK - 1);
    }
    return OK;
}

static enum err room_check(const struct outcomes *o, size_t runs, struct diag *d)
{
    const size_t each =
        o->n_workloads * sizeof *o->workloads + (2 + o->n_owners * o->n_months) * sizeof *o->total;
    if (runs <= MOST_BYTES / each) return OK;
    const enum err code = diag_error(d, ERR_RUN_SIZE, (struct place){0},
                                     _("%zu worlds of %zu workloads would need %.0f GB of memory"),
                                     runs, o->n_workloads, (double)runs * (double)each / 1e9);
    diag_fix(d, _("run at most %zu"), MOST_BYTES / each);
    return code;
}

static enum err plan_check(const struct plan *p, struct diag *d)
{
    if (!p->scenario->relaxed) return OK;
    const enum err code =
        diag_error(d, ERR_RELAXED, scenario_place(p->scenario, "integrality"), "%s",
                   _("a plan of fractional machines (integrality: none) cannot be executed"));
    diag_fix(d, "%s", _("leave integrality out"));
    return code;
}

static void outcomes_start(struct outcomes *o, const struct run *r, struct arena *a)
{
    const size_t runs = (size_t)r->settings->runs;
    o->n_workloads = o->plan->scenario->n_workloads;
    o->owners = r->play.owners;
    o->n_owners = r->play.n_owners;
    o->n_months = r->play.work.n_months;
    o->n_asked = runs;
    o->first_world = r->settings->first_world;
    (void)a;
}

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

enum err run_worlds(struct outcomes *out, const struct plan *plan,
                    const struct run_settings *settings, struct arena *a, struct diag *d)
{
    const double begin = now_s();
    struct world_model *model = ARENA_NEW(a, struct world_model, 1);
    struct run r = {.out = out, .settings = settings};
    TRY(plan_check(plan, d));
    TRY(world_model_make(model, plan, &settings->worlds, a, d));
    *out = (struct outcomes){.plan = plan, .model = model};
    TRY(run_prepare(&r.play, model, settings->policy, (size_t)settings->threads, a, d));
    out->policy = r.play.work.policy->name;
    outcomes_start(out, &r, a);
    const size_t runs = out->n_asked, blocks = (runs + BLOCK - 1) / BLOCK;
    TRY(room_check(out, runs, d));
    out->workloads = ARENA_NEW(a, struct workload_outcome, runs * out->n_workloads + 1);
    out->nobody = ARENA_NEW(a, micro_t, runs + 1);
    out->total = ARENA_NEW(a, micro_t, runs + 1);
    out->by_owner = ARENA_NEW(a, micro_t, runs * out->n_owners * out->n_months + 1);
    r.done = ARENA_NEW(a, bool, blocks + 1);
    r.fault = ARENA_NEW(a, enum run_fault, blocks + 1);
    rounds_play(&r, a);
    out->threads = settings->threads;
    out->seconds = now_s() - begin;
    return faults_tell(&r, d);
}
