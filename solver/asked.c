/* Neither deadlines nor numbers of machines give a convex function: an hour more may be a dear one, and the next one cheap. So
 * every step is asked for, up to a few. What is known is that relaxing a limit costs nothing: where the optimum without it is
 * the same, so is every one between. */
#include "solver/asked.h"
#include "common/text.h"
#include "solver/crowd_solve.h"
#include "solver/lever.h"
#include <math.h>
#include <string.h>

/* Optima are the same up to this share. */
#define SAME 4e-9
/* Columns that are solved in all, and what reading a job counts for. */
#define MOST_WORK   4e6
#define PER_JOB     30.0
#define LEAST_COUNT 2000.0
enum { MOST_UP = 8, MOST_DOWN = 4, MOST_DOUBLINGS = 12 };

enum asked_kind { ASKED_DEADLINE, ASKED_WIDTH, ASKED_MOST, ASKED_LEAST, ASKED_BASE };

struct asked {
    enum asked_kind kind;
    size_t workload;
    const char *what, *unit;
    struct place at;
    double step;       /* units of a question */
    double room, less; /* units by which it can be relaxed and tightened */
    double spare;      /* units less that the plan as it is would not notice */
};

struct asking {
    const struct planner *p;
    struct plan_settings settings;
    double base;       /* the optimum */
    double left, here; /* columns that may still be solved, in all and for the limit in hand */
    double columns;    /* of one question */
    size_t n;
    struct asked *list;
};

/* --- one question --- */

static void change(struct workload *w, const struct asked *l, double by)
{
    switch (l->kind) {
    case ASKED_DEADLINE:
        w->loose.later_h += by;
        break;
    case ASKED_WIDTH:
        w->loose.any_width = !isfinite(by);
        if (isfinite(by)) w->max_workers += lround(by);
        break;
    case ASKED_MOST:
        w->autoscale_max = isfinite(by) ? w->autoscale_max + lround(by) : 0;
        break;
    case ASKED_LEAST:
        w->autoscale_min -= lround(by);
        break;
    case ASKED_BASE:
        w->on_demand_base -= lround(by);
        break;
    }
}

/* The windows or numbers that come of it leave nothing to plan. */
static bool is_refused(enum err e)
{
    return e == ERR_WINDOW || e == ERR_WINDOW_CLOSED || e == ERR_AUTOSCALE;
}

static bool may_ask(const struct asking *q)
{
    const volatile sig_atomic_t *stop = q->settings.lp.stop;
    return q->here >= q->columns && !(stop && *stop);
}

/* The optimum with the limit relaxed by so many units (negative: tightened); INFINITY: no plan. NAN: not known. */
static double optimum(struct asking *q, const struct asked *l, double by)
{
    if (!may_ask(q)) return (double)NAN;
    q->left -= q->columns;
    q->here -= q->columns;
    struct arena *scratch = arena_new();
    struct diag quiet = {.arena = scratch};
    const struct plan *plan = q->p->plan;
    const struct changed_scenario own =
        levers_apply(plan->scenario, q->settings.spot_gamma, NULL, NULL, 0, scratch);
    change(&own.scenario->workloads[l->workload], l, by);
    struct plan tried;
    const enum err e = plan_solve(&tried, own.scenario, plan->book, &q->settings, scratch, &quiet);
    double value = (double)NAN;
    if (is_refused(e) || (e == OK && tried.status == PLAN_INFEASIBLE)) value = INFINITY;
    if (e == OK && tried.status == PLAN_OPTIMAL && tried.solved_by != PLAN_BY_PRICES)
        value = tried.relaxed_cost;
    arena_free(scratch);
    return value;
}

static bool is_same(const struct asking *q, double a, double b, double times)
{
    return fabs(a - b) <= times * SAME * fabs(q->base) + 1e-12;
}

/* --- relaxing --- */

/* The last of the first steps in which nothing changes, by doubling and halving: it can only fall. The first one is known to be
 * among them. */
static double last_flat(struct asking *q, const struct asked *l)
{
    double low = 1, high = 2;
    const double last = ceil(l->room / l->step - 1e-9);
    for (int i = 0; i < MOST_DOUBLINGS && high < last; i++, high *= 2) {
        const double value = optimum(q, l, high * l->step);
        if (!is_same(q, value, q->base, 1)) break;
        low = high;
    }
    high = fmin(high, last);
    while (high - low > 1) {
        const double middle = floor((low + high) / 2);
        if (is_same(q, optimum(q, l, middle * l->step), q->base, 1))
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* From the step after `done` ones of the same price on: how far it holds, and what comes then. */
static void find_end(struct asking *q, const struct asked *l, struct shadow *s, double done,
                     double value)
{
    double at = fmin(done * l->step, l->room);
    s->up_to = at;
    for (int i = 0; i < MOST_UP && at < l->room * (1 - 1e-9); i++) {
        const double next = fmin(at + l->step, l->room), then = optimum(q, l, next);
        if (!isfinite(then)) return;
        if (!is_same(q, value - then, s->saves * (next - at), 2)) {
            s->then_saves = is_same(q, value, then, 1) ? 0 : (value - then) / (next - at);
            return;
        }
        at = s->up_to = next;
        value = then;
    }
}

static void ask_more(struct asking *q, const struct asked *l, struct shadow *s)
{
    const double first = fmin(l->step, l->room), value = optimum(q, l, first);
    if (!isfinite(value)) return;
    const bool flat = is_same(q, value, q->base, 1);
    s->saves = flat ? 0 : fmax(0, (q->base - value) / first);
    if (!flat) {
        find_end(q, l, s, 1, value);
        return;
    }
    s->up_to = first;
    const double without = optimum(q, l, l->room);
    if (is_same(q, without, q->base, 1)) {
        s->up_to = l->room;
        s->then_saves = isfinite(l->room) ? (double)NAN : 0;
    } else if (isfinite(without)) {
        find_end(q, l, s, last_flat(q, l), value);
    } else {
        s->note = _("how far was not looked for");
    }
}

/* --- tightening --- */

static void ask_less(struct asking *q, const struct asked *l, struct shadow *s)
{
    const double spare = floor(fmin(l->spare, l->less) / l->step + 1e-9) * l->step;
    if (spare >= l->step && is_same(q, optimum(q, l, -spare), q->base, 1)) {
        s->costs = 0;
        s->down_to = spare;
        return;
    }
    if (l->less < l->step) return;
    double value = optimum(q, l, -l->step), at = l->step;
    if (isnan(value)) return;
    const bool flat = is_same(q, value, q->base, 1);
    s->costs = flat ? 0 : (value - q->base) / l->step;
    if (!isfinite(value)) return;
    s->down_to = at;
    for (int i = 1; i < MOST_DOWN && at + l->step <= l->less; i++) {
        const double next = optimum(q, l, -(at + l->step));
        if (!isfinite(next) || !is_same(q, next - value, s->costs * l->step, 2)) return;
        at = s->down_to = at + l->step;
        value = next;
    }
}

/* --- the limits --- */

static struct shadow *shadow_add(const struct planner *p, const struct asked *l)
{
    struct shadow *s = ARENA_PUSH(p->arena, p->plan->shadows, p->plan->n_shadows);
    *s = (struct shadow){.what = l->what,
                         .at = l->at,
                         .unit = l->unit,
                         .saves = (double)NAN,
                         .up_to = (double)NAN,
                         .then_saves = (double)NAN,
                         .costs = (double)NAN,
                         .down_to = (double)NAN,
                         .at_once = l->kind == ASKED_DEADLINE};
    return s;
}

/* Prices of a search are no optima, and a plan cut off by a limit has none. */
static const char *cannot_ask(const struct asking *q)
{
    if (q->p->plan->solved_by == PLAN_BY_PRICES) return _("the price search proves no optimum");
    const bool solved = q->p->relaxed.status == LP_OPTIMAL;
    return solved && may_ask(q) ? NULL : _("planning again would take too long");
}

static void tell_asked(struct asking *q, const struct asked *l)
{
    struct shadow *s = shadow_add(q->p, l);
    s->note = cannot_ask(q);
    if (s->note) return;
    if (l->room > 0)
        ask_more(q, l, s);
    else
        s->note = _("the horizon ends there");
    if (isnan(s->saves) && !s->note) s->note = _("planning again would take too long");
    /* Of what is to be lowered more is no limit's price. */
    if (l->kind < ASKED_LEAST) ask_less(q, l, s);
}

static struct place place_of(const struct planner *p, const struct workload *w, const char *key)
{
    const struct place at = scenario_place(p->m->scenario, "workloads.%s.%s", w->name, key);
    return at.source ? at : w->at;
}

/* An hour; jobs that were put together must begin and end with steps. */
static double deadline_step(const struct planner *p)
{
    const double step_h = (double)p->m->scenario->step_us / (double)US_PER_H;
    return p->crowd ? step_h * ceil(1 / step_h - 1e-9) : 1;
}

static void add_deadline(struct asking *q, size_t workload)
{
    const struct planner *p = q->p;
    const struct workload *w = &p->m->scenario->workloads[workload];
    double room = 0, less = 0, spare = INFINITY;
    for (size_t i = 0; i < p->m->demands->n; i++) {
        const struct demand *d = &p->m->demands->items[i];
        if (d->shape->workload != w) continue;
        const double due = (double)d->due_us, release = (double)d->release_us;
        room = fmax(room, (double)(p->m->horizon_us - d->due_us));
        less = fmax(less, due - release);
        spare = fmin(spare, due - fmax(release, (double)p->plan->outcomes[i].finish_us));
    }
    if (!(less > 0) || (!w->has_deadline && !(w->from_csv && room > 0))) return;
    const struct asked l = {
        .kind = ASKED_DEADLINE,
        .workload = workload,
        .what = w->from_csv ? arena_printf(p->arena, _("deadlines of the jobs of %s"), w->name)
                            : arena_printf(p->arena, "workloads.%s.window.deadline", w->name),
        .unit = _("hour"),
        .at = place_of(p, w, "window.deadline"),
        .step = deadline_step(p),
        .room = room / (double)US_PER_H,
        .less = less / (double)US_PER_H,
        .spare = fmax(0, spare) / (double)US_PER_H};
    *ARENA_PUSH(p->arena, q->list, q->n) = l;
}

/* Workers side by side, where they stand in no rows that a walk along limits sees (priced.h). */
static void add_width(struct asking *q, size_t workload)
{
    const struct planner *p = q->p;
    const struct workload *w = &p->m->scenario->workloads[workload];
    if (!p->crowd || w->max_workers <= 0 || w->from_csv) return;
    const struct asked l = {
        .kind = ASKED_WIDTH,
        .workload = workload,
        .what = arena_printf(p->arena, "workloads.%s.resources.max_workers", w->name),
        .unit = _("worker"),
        .at = place_of(p, w, "resources.max_workers"),
        .step = 1,
        .room = INFINITY,
        .less = (double)(w->max_workers - 1)};
    *ARENA_PUSH(p->arena, q->list, q->n) = l;
}

static void add_machines(struct asking *q, size_t service, enum asked_kind kind, const char *key)
{
    const struct planner *p = q->p;
    const struct service *s = &p->m->services->items[service];
    const struct workload *w = s->shape->workload;
    const long now = kind == ASKED_MOST    ? s->max_machines
                     : kind == ASKED_LEAST ? s->min_machines
                                           : s->on_demand_base;
    if (now <= 0) return;
    const char *path = arena_printf(p->arena, "workloads.%s.%s", w->name, key);
    const struct asked l = {
        .kind = kind,
        .workload = (size_t)(w - p->m->scenario->workloads),
        .what = kind == ASKED_MOST ? path : arena_printf(p->arena, _("less %s"), path),
        .unit = _("machine"),
        .at = place_of(p, w, key),
        .step = 1,
        .room = kind == ASKED_MOST ? (double)INFINITY : (double)now,
        .less = (double)(now - 1),
        .spare = (double)(now - p->plan->service_outcomes[service].peak_machines)};
    *ARENA_PUSH(p->arena, q->list, q->n) = l;
}

/* Columns of a question, and what it takes to write them. */
static double size_of(const struct planner *p)
{
    const size_t columns = p->crowd ? crowd_columns(&p->crowd->crowd) : p->f->lp->n_cols;
    return LEAST_COUNT + (double)columns + PER_JOB * (double)p->m->demands->n;
}

void asked_tell(const struct planner *p)
{
    struct asking q = {.p = p,
                       .settings = *p->settings,
                       .base = p->plan->lp_optimum,
                       .left = MOST_WORK,
                       .columns = size_of(p)};
    q.settings.depth = PLAN_RELAXED;
    q.settings.ranges = false;
    q.settings.keep_lp = false;
    q.settings.curve = NULL;
    q.settings.warm = p->plan->warm;
    for (size_t i = 0; i < p->m->scenario->n_workloads; i++) {
        add_width(&q, i);
        add_deadline(&q, i);
    }
    for (size_t i = 0; i < p->m->services->n; i++) {
        add_machines(&q, i, ASKED_MOST, "autoscale.max");
        add_machines(&q, i, ASKED_LEAST, "autoscale.min");
        add_machines(&q, i, ASKED_BASE, "spot.on_demand_base");
    }
    /* Each its part of what is left, so that all have a first step. */
    for (size_t i = 0; i < q.n; i++) {
        q.here = fmax(q.left / (double)(q.n - i), fmin(q.left, q.columns));
        tell_asked(&q, &q.list[i]);
    }
}
