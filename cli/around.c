#include "cli/around.h"
#include "cli/crew.h"
#include "cli/neighbours.h"
#include "cli/sensitivity.h"
#include "cli/sweep.h"
#include "common/quantity.h"
#include "common/sha256.h"
#include "common/text.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Machine choices looked at tell how long a plan takes: below the first number hundredths of a second, above the second up to a
 * second, above the third more. */
enum { MIDDLE_CANDIDATES = 2000, LARGE_CANDIDATES = 5000, HUGE_CANDIDATES = 20000 };
enum { USUAL_PLANS = 40, MIDDLE_PLANS = 12, LARGE_PLANS = 3 };
enum { N_VALUES = 5, N_FEW = 3, NOW = 2, NOW_FEW = 1, N_DEADLINES = 7, DEADLINE_NOW = 4 };
enum { CURVE_WORLDS = 500, MOST_PLANS = 1000 };

static const double factors[N_VALUES] = {0.5, 0.75, 1, 1.5, 2}, few_factors[N_FEW] = {0.75, 1, 1.5};
static const double time_shares[N_VALUES] = {0.6, 0.8, 1, 1.25, 1.5},
                    few_shares[N_FEW] = {0.8, 1, 1.25};
static const double deadlines[N_DEADLINES] = {0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5};

struct maker {
    struct dossier_around *around;
    const struct dossier_request *request;
    const struct saved_run *run; /* what it is around */
    struct planning planning;    /* of it */
    struct scenario scenario;
    struct sweep sweep;
    struct cli *cli;
    long most; /* plans to solve */
    struct what_if what_if;
    struct solved_around solved;
};

/* Whether the files of a saved run are still there as they were, and it was made without --set: only then is what is solved now
 * about the same plan. */
static bool is_current(const struct saved_run *run, struct cli *cli)
{
    struct diag quiet = {.arena = cli->arena};
    if (run->n_files == 0) return false;
    for (size_t i = 0; i < run->n_values; i++)
        if (run->values[i].layer && strcmp(run->values[i].layer, "--set") == 0) return false;
    for (size_t i = 0; i < run->n_files; i++) {
        char hex[SHA256_HEX_BYTES];
        const struct saved_file *f = &run->files[i];
        if (!f->sha256 || sha256_file(hex, f->path, &quiet) != OK || strcmp(hex, f->sha256) != 0)
            return false;
    }
    return true;
}

/* --- points --- */

/* Adds a point with these settings; returns its index. */
static size_t point_add(struct maker *m, size_t n, const char *const *set)
{
    struct sweep *s = &m->sweep;
    struct arena *a = m->cli->arena;
    s->settings = arena_grow(a, s->settings, s->n, sizeof *s->settings);
    s->settings[s->n] = (struct sweep_setting){n, set};
    return s->n++;
}

static struct sweep sweep_of(const struct maker *m)
{
    struct sweep s = {.planning = m->planning,
                      .variant = m->run->variant,
                      .planned_only = true,
                      .simulating = m->request->simulating};
    s.planning.warns = false;
    return s;
}

static enum err points_solve(struct maker *m)
{
    if (!m->sweep.points)
        m->sweep.points = ARENA_NEW(m->cli->arena, struct sweep_point, m->sweep.n + 1);
    neighbours_find(&m->sweep, m->run);
    TRY(sweep_run(&m->sweep, m->cli));
    neighbours_keep(&m->solved, &m->sweep, m->cli->arena);
    return OK;
}

/* The plan that is there already is one of the points. */
static struct sweep_point own_point(const struct saved_run *run)
{
    return (struct sweep_point){.status = run->status,
                                .has_plan = run->has_plan,
                                .has_jobs = run->finish != NULL,
                                .cost = run->cost,
                                .bound = run->bound,
                                .gap = run->gap,
                                .machine_h = run->machine_h,
                                .machines = run->machines,
                                .finish = run->finish ? run->finish : "",
                                .message = "",
                                .worlds = (size_t)run->worlds,
                                .luck = {.expected = run->expected,
                                         .expected_low = run->expected_low,
                                         .expected_high = run->expected_high,
                                         .p10 = run->p10,
                                         .p50 = run->p50,
                                         .p90 = run->p90,
                                         .p95 = run->p95,
                                         .late = run->late,
                                         .late_low = run->late_low,
                                         .late_high = run->late_high},
                                .now = true};
}

/* --- axes --- */

static const char *workload_path(const struct workload *w, const char *key, struct arena *a)
{
    const char *quote = strpbrk(w->name, ". \"") ? "\"" : "";
    return arena_printf(a, "workloads.%s%s%s.%s", quote, w->name, quote, key);
}

static void setting_add(struct what_if_axis *axis, const char *path, double times, const char *unit,
                        struct arena *a)
{
    *ARENA_PUSH(a, axis->settings, axis->n_settings) =
        (struct what_if_setting){.path = path, .times = times, .unit = unit};
}

/* From the start of its work, as written. */
static double deadline_h(const struct scenario *s, const struct workload *w)
{
    const moment_t start = w->has_start ? w->start : s->start;
    if (w->deadline_is_moment) return (double)(w->deadline - start) / (double)US_PER_H;
    return w->deadline_h;
}

static struct what_if_axis deadline_axis(const struct maker *m)
{
    struct what_if_axis axis = {.kind = WHAT_IF_DEADLINE};
    const struct scenario *s = &m->scenario;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        if (!w->has_deadline || w->repeat != REPEAT_ONCE || deadline_h(s, w) <= 0) continue;
        setting_add(&axis, workload_path(w, "window.deadline", m->cli->arena),
                    deadline_h(s, w) * 3600, "s", m->cli->arena);
    }
    return axis;
}

static struct what_if_axis load_axis(const struct maker *m)
{
    struct what_if_axis axis = {.kind = WHAT_IF_LOAD};
    const struct scenario *s = &m->scenario;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        if (w->has_load)
            setting_add(&axis, workload_path(w, "load.scale", m->cli->arena),
                        w->load_scale.given ? w->load_scale.base : 1, "", m->cli->arena);
    }
    return axis;
}

static struct what_if_axis spot_axis(const struct maker *m)
{
    struct what_if_axis axis = {.kind = WHAT_IF_SPOT_PRICE};
    const struct uncertain *now = &m->scenario.spot_price_factor;
    setting_add(&axis, "simulate.spot_price_factor", now->given ? now->base : 1, "", m->cli->arena);
    return axis;
}

static void axis_fill(struct what_if_axis *axis, bool few)
{
    const bool times = axis->kind == WHAT_IF_DEADLINE;
    axis->n = few ? N_FEW : N_VALUES;
    axis->now = few ? NOW_FEW : NOW;
    axis->values = times ? (few ? few_shares : time_shares) : few ? few_factors : factors;
}

static bool may_buy_spot(const struct scenario *s)
{
    for (size_t i = 0; i < s->n_workloads; i++)
        if (s->workloads[i].markets & (1U << MARKET_SPOT)) return true;
    return false;
}

/* --- the grid --- */

/* One setting per workload that may buy spot: everything else it may buy. */
static const char *const *no_spot_settings(size_t *n, const struct maker *m)
{
    struct arena *a = m->cli->arena;
    const char **set = NULL;
    *n = 0;
    for (size_t i = 0; i < m->scenario.n_workloads; i++) {
        const struct workload *w = &m->scenario.workloads[i];
        const char *list = "";
        if (!(w->markets & (1U << MARKET_SPOT))) continue;
        for (size_t k = 0; markets[k]; k++)
            if (!markets[k]->interruptible && (w->markets & (1U << markets[k]->id)))
                list = arena_printf(a, "%s%s%s", list, *list ? ", " : "", markets[k]->name);
        *ARENA_PUSH(a, set, *n) =
            arena_printf(a, "%s=[%s]", workload_path(w, "purchase", a), *list ? list : "on_demand");
    }
    return set;
}

/* What a point sets: of each axis that is not where the scenario has it. */
static const char **point_settings(size_t *n, const struct maker *m, const struct what_if_table *t,
                                   size_t at)
{
    struct arena *a = m->cli->arena;
    const char **set = NULL;
    *n = 0;
    for (size_t i = 0; i < t->n_set; i++) *ARENA_PUSH(a, set, *n) = t->set[i];
    for (size_t k = t->n_axes; k-- > 0;) {
        const struct what_if_axis *axis = &m->what_if.axes[t->axes[k]];
        const size_t value = at % axis->n;
        at /= axis->n;
        for (size_t i = 0; value != axis->now && i < axis->n_settings; i++) {
            const struct what_if_setting *s = &axis->settings[i];
            *ARENA_PUSH(a, set, *n) = arena_printf(a, *s->unit ? "%s=%.0f%s" : "%s=%.6g%s", s->path,
                                                   s->times * axis->values[value], s->unit);
        }
    }
    return set;
}

static void table_add(struct maker *m, struct what_if_table t)
{
    struct what_if *w = &m->what_if;
    t.n = 1;
    for (size_t k = 0; k < t.n_axes; k++) t.n *= w->axes[t.axes[k]].n;
    t.points = ARENA_NEW(m->cli->arena, struct sweep_point, t.n);
    *ARENA_PUSH(m->cli->arena, w->tables, w->n_tables) = t;
}

/* Every axis of the plan as it is; then without spot, whose price does not matter then. */
static void tables_make(struct maker *m, bool spot)
{
    struct what_if *w = &m->what_if;
    struct what_if_table own = {.n_axes = w->n_axes}, without = {.no_spot = true};
    for (size_t i = 0; i < w->n_axes; i++) own.axes[i] = i;
    table_add(m, own);
    if (!spot) return;
    for (size_t i = 1; i < w->n_axes; i++) without.axes[without.n_axes++] = i;
    without.set = no_spot_settings(&without.n_set, m);
    table_add(m, without);
}

static size_t plans_of(const struct what_if *w)
{
    size_t n = 0;
    for (size_t i = 0; i < w->n_tables; i++) n += w->tables[i].n;
    return n - 1; /* one is there */
}

/* The finest grid that does not need more plans than it may. False: none does. */
static bool grid_choose(struct maker *m, bool spot)
{
    enum { LEVELS = 3 };
    struct what_if *w = &m->what_if;
    for (int level = 0; level < LEVELS; level++) {
        if (level == LEVELS - 1 && w->n_axes > 1) w->n_axes = 1;
        for (size_t i = 0; i < w->n_axes; i++) axis_fill(&w->axes[i], level > 0);
        w->n_tables = 0;
        w->tables = NULL;
        tables_make(m, spot);
        w->reduced = level > 0;
        if ((long)plans_of(w) <= m->most) return true;
    }
    return false;
}

static bool is_now(const struct what_if *w, const struct what_if_table *t, size_t at)
{
    for (size_t k = t->n_axes; k-- > 0; at /= w->axes[t->axes[k]].n)
        if (at % w->axes[t->axes[k]].n != w->axes[t->axes[k]].now) return false;
    return !t->no_spot;
}

static enum err grid_solve(struct maker *m)
{
    struct what_if *w = &m->what_if;
    m->sweep = sweep_of(m);
    for (size_t i = 0; i < w->n_tables; i++) {
        for (size_t at = 0; at < w->tables[i].n; at++) {
            size_t n;
            if (is_now(w, &w->tables[i], at)) continue;
            const char **set = point_settings(&n, m, &w->tables[i], at);
            point_add(m, n, set);
        }
    }
    TRY(points_solve(m));
    w->n_solved = m->sweep.n + 1;
    for (size_t i = 0, next = 0; i < w->n_tables; i++)
        for (size_t at = 0; at < w->tables[i].n; at++)
            w->tables[i].points[at] =
                is_now(w, &w->tables[i], at) ? own_point(m->run) : m->sweep.points[next++];
    return OK;
}

/* The same plan at other spot prices: what it pays for spot, times the factor. */
static void kept_make(struct maker *m)
{
    struct what_if *w = &m->what_if;
    const struct saved_run *run = m->run;
    micro_t spot = 0;
    for (size_t i = 0; i < run->n_lines; i++) {
        const struct saved_line *l = &run->lines[i];
        const bool machine = strcmp(l->part, "compute") == 0 || strcmp(l->part, "start") == 0;
        if (machine && l->offer.market && strncmp(l->offer.market, "spot", 4) == 0) spot += l->cost;
    }
    *w = (struct what_if){.n_axes = spot ? 1 : 0, .axes = w->axes};
    if (!spot) return;
    axis_fill(&w->axes[0], false);
    table_add(m, (struct what_if_table){.n_axes = 1, .kept = true});
    struct what_if_table *t = &w->tables[0];
    for (size_t at = 0; at < t->n; at++) {
        t->points[at] = own_point(run);
        t->points[at].cost += (micro_t)llround((double)spot * (w->axes[0].values[at] - 1));
    }
}

static enum err what_if_make(struct maker *m)
{
    struct what_if *w = &m->what_if;
    struct arena *a = m->cli->arena;
    const bool spot = may_buy_spot(&m->scenario);
    const struct what_if_axis due = deadline_axis(m), load = load_axis(m);
    if (spot) *ARENA_PUSH(a, w->axes, w->n_axes) = spot_axis(m);
    if (due.n_settings) *ARENA_PUSH(a, w->axes, w->n_axes) = due;
    if (load.n_settings && w->n_axes < WHAT_IF_MOST_AXES) *ARENA_PUSH(a, w->axes, w->n_axes) = load;
    if (w->n_axes == 0) return OK;
    if (grid_choose(m, spot))
        TRY(grid_solve(m));
    else if (spot)
        kept_make(m);
    if (w->n_tables) m->around->what_if = w;
    return OK;
}

/* --- cost against the deadline --- */

static micro_t cost_of(const struct saved_run *run, const char *workload)
{
    micro_t sum = 0;
    for (size_t i = 0; i < run->n_lines; i++)
        if (run->lines[i].workload && strcmp(run->lines[i].workload, workload) == 0)
            sum += run->lines[i].cost;
    return sum;
}

/* The dearest one with a deadline of its own. */
static const struct workload *deadline_workload(const struct maker *m)
{
    const struct scenario *s = &m->scenario;
    const struct workload *best = NULL;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        if (!w->has_deadline || w->repeat != REPEAT_ONCE || deadline_h(s, w) <= 0) continue;
        if (!best || cost_of(m->run, w->name) > cost_of(m->run, best->name)) best = w;
    }
    return best;
}

static enum err deadlines_make(struct maker *m)
{
    struct arena *a = m->cli->arena;
    const struct workload *w = deadline_workload(m);
    if (!w) return OK;
    const double now_h = deadline_h(&m->scenario, w);
    m->sweep = sweep_of(m);
    m->sweep.planned_only = m->request->planned_only;
    if (m->sweep.simulating.runs == 0) m->sweep.simulating.runs = CURVE_WORLDS;
    for (size_t i = 0; i < N_DEADLINES; i++) {
        const char **set = ARENA_NEW(a, const char *, 1);
        set[0] = arena_printf(a, "%s=%.0fs", workload_path(w, "window.deadline", a),
                              deadlines[i] * now_h * 3600);
        if (i != DEADLINE_NOW) point_add(m, 1, set);
    }
    TRY(points_solve(m));
    struct sweep_table *t = ARENA_NEW(a, struct sweep_table, 1);
    struct sweep_axis *axis = ARENA_NEW(a, struct sweep_axis, 1);
    double *numbers = ARENA_NEW(a, double, N_DEADLINES);
    const char **values = ARENA_NEW(a, const char *, N_DEADLINES);
    *t = (struct sweep_table){
        .title = w->name, .currency = m->run->currency, .n_axes = 1, .axes = axis};
    t->points = ARENA_NEW(a, struct sweep_point, N_DEADLINES);
    for (size_t i = 0, next = 0; i < N_DEADLINES; i++) {
        const struct sweep_point at =
            i == DEADLINE_NOW ? own_point(m->run) : m->sweep.points[next++];
        if (strcmp(at.status, "error") == 0) continue; /* beyond the horizon */
        numbers[t->n] = deadlines[i] * now_h;
        values[t->n] = duration_text(a, llround(deadlines[i] * now_h * (double)US_PER_H));
        t->points[t->n++] = at;
    }
    *axis = (struct sweep_axis){"window.deadline", values, numbers, t->n, true};
    m->around->deadlines = t;
    return OK;
}

/* --- what moves the total most --- */

/* An end without a plan counts most. */
static double width_of(const struct swing *s)
{
    if (!s->low->has_plan || !s->high->has_plan) return INFINITY;
    return fabs((double)(s->high->cost - s->low->cost));
}

static int swing_compare(const void *a, const void *b)
{
    const double x = width_of(a), y = width_of(b);
    return (x < y) - (x > y);
}

static enum err swings_make(struct maker *m)
{
    struct swing *swings;
    size_t n;
    struct diag quiet = {.arena = m->cli->arena};
    struct cli own = *m->cli;
    own.diag = &quiet;
    if (swings_find(&swings, &n, &m->scenario, &own) != OK) return OK; /* every number is sure */
    m->sweep = sweep_of(m);
    swings_points(&m->sweep, swings, n, m->cli->arena);
    m->sweep.points[0] = own_point(m->run);
    TRY(points_solve(m));
    for (size_t i = 0; i < n; i++) {
        swings[i].low = &m->sweep.points[1 + 2 * i];
        swings[i].high = &m->sweep.points[2 + 2 * i];
    }
    qsort(swings, n, sizeof *swings, swing_compare);
    m->around->swings = swings;
    m->around->n_swings = n;
    return OK;
}

enum err around_option(long *most, const struct options *o, struct diag *d)
{
    const char *text = option_value(o, "what-if");
    double value = -1;
    *most = -1;
    if (!text) return OK;
    if (quantity_parse(&value, text, PLAIN) && value >= 0 && value <= MOST_PLANS &&
        value == floor(value)) {
        *most = (long)value;
        return OK;
    }
    const enum err code = diag_error(d, ERR_OPTION_VALUE, (struct place){0},
                                     _("--what-if \"%s\" is no number of plans"), text);
    diag_fix(d, _("write a whole number from 0 to %d"), (int)MOST_PLANS);
    return code;
}

/* The scenario file that the run comes from, and its settings. False: not known, or not the same any more. */
static bool planning_find(struct maker *m, const struct dossier *d)
{
    m->planning = m->request->planning;
    if (d->saved && !is_current(m->run, m->cli)) return false;
    if (d->saved) m->planning.path = m->run->files[0].path;
    if (strcmp(m->planning.path, "-") == 0) return false; /* read once only */
    struct diag quiet = {.arena = m->cli->arena};         /* warnings come with the plans */
    const struct scenario_options options = {
        .variant = strcmp(m->run->variant, "base") ? m->run->variant : NULL,
        .n_set = m->planning.n_set,
        .set = m->planning.set};
    return scenario_load(&m->scenario, m->planning.path, &options, m->cli->arena, &quiet) == OK;
}

/* As many as were solved when it was saved, else so many that a report keeps people waiting for a second or two. */
static long usual_plans(const struct saved_run *run, bool saved)
{
    if (run->n_neighbours) return run->most_around;
    if (saved && run->n_candidates > HUGE_CANDIDATES) return 0;
    if (run->n_candidates > LARGE_CANDIDATES) return LARGE_PLANS;
    return run->n_candidates > MIDDLE_CANDIDATES ? MIDDLE_PLANS : USUAL_PLANS;
}

enum err around_make(struct dossier *d, const struct dossier_request *q, long most, struct cli *cli)
{
    struct maker *m = ARENA_NEW(cli->arena, struct maker, 1);
    *m = (struct maker){.around = &d->around, .request = q, .run = dossier_main(d), .cli = cli};
    if (!m->run->has_plan || !planning_find(m, d)) return OK;
    m->most = most < 0 ? usual_plans(m->run, d->saved) : most;
    m->solved.most = m->most;
    d->around.solved = &m->solved;
    d->around.scenario_path = m->planning.path;
    TRY(what_if_make(m));
    if (m->most < MIDDLE_PLANS) return OK;
    TRY(deadlines_make(m));
    return swings_make(m);
}
