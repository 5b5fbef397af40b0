#include "scenarios/lower.h"
#include "common/csv.h"
#include "common/node.h"
#include <math.h>
#include <string.h>

/* clang-format off */
const struct job_column job_columns[N_JOB_KEYS] = {
    [JOB_ID]              = {"id",               ""},
    [JOB_GPU_HOURS]       = {"gpu_hours",        "work.gpu_hours"},
    [JOB_VCPU_HOURS]      = {"vcpu_hours",       "work.vcpu_hours"},
    [JOB_ITEMS]           = {"items",            "work.items"},
    [JOB_SECONDS]         = {"seconds_per_item", "work.seconds_per_item"},
    [JOB_START]           = {"start",            "window.start"},
    [JOB_DEADLINE]        = {"deadline",         "window.deadline"},
    [JOB_LATE_COST]       = {"late_cost",        "late_cost"},
    [JOB_PRIORITY]        = {"priority",         "priority"},
    [JOB_WORKERS]         = {"workers",          "resources.workers"},
    [JOB_GPUS_PER_WORKER] = {"gpus_per_worker",  "resources.gpus_per_worker"},
    [JOB_MAX_WORKERS]     = {"max_workers",      "resources.max_workers"},
    [JOB_GPU_MEMORY]      = {"gpu_memory",       "resources.gpu_memory"},
    [JOB_SPOT_SHARE]      = {"spot_max_share",   "spot_max_share"},
};
/* clang-format on */

static const struct node *workload_node(const struct workload *w, const char *path)
{
    return w->node ? node_find(w->node, path) : NULL;
}

struct place workload_place(const struct workload *w, const char *path)
{
    const struct node *n = workload_node(w, path);
    return n && n->line ? node_place(n) : w->at;
}

bool workload_has(const struct workload *w, const char *path)
{
    return workload_node(w, path);
}

struct place job_place(const struct task *t, const struct job *j, enum job_key key)
{
    if (j->row && j->column_of[key] != SIZE_MAX && *j->row->field[j->column_of[key]])
        return csv_place(j->row, j->column_of[key]);
    if (workload_has(t->workload, job_columns[key].path))
        return workload_place(t->workload, job_columns[key].path);
    return j->row ? csv_place(j->row, 0) : t->workload->at;
}

const char *job_name(const struct task *t, const struct job *j)
{
    if (!*j->id) return t->workload->name;
    return arena_printf(t->lowering->arena, "%s/%s", t->workload->name, j->id);
}

static double given_or_nan(double value)
{
    return value > 0 ? value : (double)NAN;
}

struct job job_of_workload(const struct workload *w)
{
    return (struct job){
        .id = "",
        .gpu_hours = w->gpu_hours.given ? w->gpu_hours.base : (double)NAN,
        .vcpu_hours = w->vcpu_hours.given ? w->vcpu_hours.base : (double)NAN,
        .seconds_per_item = w->seconds_per_item.given ? w->seconds_per_item.base : (double)NAN,
        .items = workload_has(w, "work.items") ? w->items : given_or_nan(w->items),
        .tokens = given_or_nan(w->tokens),
        .parameters = given_or_nan(w->parameters),
        .utilization = given_or_nan(w->utilization),
        .has_start = w->has_start,
        .start = w->start,
        .has_deadline = w->has_deadline,
        .deadline_is_moment = w->deadline_is_moment,
        .deadline = w->deadline,
        .deadline_us = w->has_deadline && !w->deadline_is_moment
                           ? llround(w->deadline_h * (double)US_PER_H)
                           : 0,
        .late_cost = w->late_cost,
        .priority = w->priority,
        .workers = w->workers,
        .gpus_per_worker = w->gpus_per_worker,
        .max_workers = w->max_workers,
        .gpu_memory_gib = w->gpu_memory_gib,
        .spot_max_frac = w->spot_max_share,
    };
}

/* Price of an hour of lateness in the run's currency, exact. */
static enum err late_cost_convert(struct ratio *per_h, const struct task *t, const struct job *j)
{
    const struct scenario *s = t->lowering->scenario;
    struct diag *d = t->lowering->diag;
    const struct money *m = &j->late_cost.money;
    const struct place at = job_place(t, j, JOB_LATE_COST);
    if (m->per != PER_HOUR && m->per != PER_DAY) {
        diag_error(d, ERR_LATE_COST, at, _("late_cost of '%s' must be per h or per d"),
                   job_name(t, j));
        diag_fix(d, _("write for example late_cost: ¥20000/d"));
        return ERR_LATE_COST;
    }
    const enum currency run = s->currency == CURRENCY_DEFAULT ? CURRENCY_CNY : s->currency;
    const enum currency own = m->currency == CURRENCY_DEFAULT ? run : m->currency;
    if (own != run && !s->has_fx) {
        diag_error(
            d, ERR_LATE_COST, at,
            _("late_cost of '%s' is in another currency than the plan, and no rate is given"),
            job_name(t, j));
        diag_fix(d, _("write fx: {USD: ...}, the price of a dollar in CNY"));
        return ERR_LATE_COST;
    }
    *per_h = m->amount;
    bool fits = true;
    if (m->per == PER_DAY) fits = ratio_div(per_h, *per_h, (struct ratio){24, 1});
    if (fits && own == CURRENCY_USD && run == CURRENCY_CNY)
        fits = ratio_mul(per_h, *per_h, s->fx_usd);
    if (fits && own == CURRENCY_CNY && run == CURRENCY_USD)
        fits = ratio_div(per_h, *per_h, s->fx_usd);
    if (fits) return OK;
    diag_error(d, ERR_LATE_COST, at, _("late_cost of '%s' is too large to be computed with"),
               job_name(t, j));
    diag_fix(d, _("write a smaller amount, or one with fewer decimals"));
    return ERR_LATE_COST;
}

static enum err demand_push(struct task *t, const struct job *j, const struct demand *d)
{
    struct lowering *l = t->lowering;
    TRY(demand_open_check(t, j, d));
    *ARENA_PUSH_ALONE(l->arena, l->demands, l->n_demands) = *d;
    return OK;
}

/* Gives d its name; the id is the end of it, so both share their bytes. */
static void demand_name(struct demand *d, const struct task *t, const struct job *j, long number)
{
    struct arena *a = t->lowering->arena;
    const char *workload = t->workload->name;
    const size_t length = strlen(workload);
    d->id = "";
    if (j->name && !number)
        d->name = j->name;
    else if (*j->id && number)
        d->name = arena_printf(a, "%s/%s#%ld", workload, j->id, number);
    else if (*j->id)
        d->name = arena_printf(a, "%s/%s", workload, j->id);
    else if (number)
        d->name = arena_printf(a, "%s#%ld", workload, number);
    else
        d->name = workload;
    if (*j->id || number) d->id = d->name + length + 1;
}

static enum err repeated_add(struct task *t, const struct job *j, struct demand d)
{
    const struct scenario *s = t->lowering->scenario;
    for (size_t i = 0; i < t->occurrences.n; i++) {
        const struct occurrence *o = &t->occurrences.items[i];
        d.release_us = o->release_us;
        d.due_us =
            j->has_deadline ? deadline_loosened(t, o->release_us + j->deadline_us) : s->length_us;
        demand_name(&d, t, j, o->number);
        TRY(demand_push(t, j, &d));
    }
    return OK;
}

double work_kept(const struct scenario *s, long priority)
{
    if (!s->cut.on || priority > s->cut.priority) return 1;
    return priority == s->cut.priority ? s->cut.frac : 0;
}

enum err job_add(struct task *t, const struct job *j)
{
    const double kept = work_kept(t->lowering->scenario, j->priority);
    double work = 0;
    bool cpu = false;
    TRY(job_work(&work, &cpu, t, j));
    if (!(kept > 0)) return OK;
    size_t shape = 0;
    TRY(shape_find(&shape, t, j, cpu));
    struct demand d = {.shape = &t->lowering->shapes[shape],
                       .work = work * kept,
                       .items = isnan(j->items) ? 0 : j->items,
                       .late_cost_per_h = RATIO_ZERO,
                       .priority = j->priority,
                       .window = t->window,
                       .at = j->row ? csv_place(j->row, 0) : t->workload->at};
    if (j->late_cost.given) {
        TRY(late_cost_convert(&d.late_cost_per_h, t, j));
        d.late_priced = true;
    }
    if (!t->repeated) TRY(job_window(&d, t, j));
    if (t->repeated) return repeated_add(t, j, d);
    demand_name(&d, t, j, 0);
    return demand_push(t, j, &d);
}

/* Every shape of the workload may be CPU work only when its single form of work is. */
static bool all_cpu(const struct task *t)
{
    const struct lowering *l = t->lowering;
    for (size_t i = t->first_shape; i < l->n_shapes; i++)
        if (!l->shapes[i].cpu) return false;
    return l->n_shapes > t->first_shape;
}

enum err lower_work(const struct workload *w, struct lowering *l, struct work_rules rules)
{
    struct window *window = ARENA_NEW(l->arena, struct window, 1);
    window_make(window, l->scenario, w, l->arena);
    struct task t = {.lowering = l,
                     .workload = w,
                     .rules = rules,
                     .window = window,
                     .reference_gpu =
                         w->measured_on ? book_gpu_find(l->book, w->measured_on) : NO_GPU,
                     .repeated = w->repeat != REPEAT_ONCE,
                     .first_shape = l->n_shapes};
    const enum err checked = workload_check(&t);
    if (t.repeated) TRY(occurrences_find(&t));
    enum err e = OK;
    if (w->from_csv) {
        e = jobs_read(&t);
    } else {
        const struct job job = job_of_workload(w);
        e = job_add(&t, &job);
    }
    cuts_warn(&t);
    unused_keys_warn(&t, all_cpu(&t));
    return checked != OK ? checked : e;
}

enum err demands_make(struct demand_list *out, const struct scenario *s, const struct price_book *b,
                      struct arena *a, struct diag *d)
{
    *out = (struct demand_list){0};
    struct lowering l = {.scenario = s, .book = b, .arena = a, .diag = d};
    enum err first = OK;
    for (size_t i = 0; i < s->n_workloads; i++) {
        const struct workload *w = &s->workloads[i];
        const enum err e = w->kind->lower ? w->kind->lower(w, &l) : OK;
        if (first == OK) first = e;
    }
    TRY(first);
    *out = (struct demand_list){l.n_demands, l.demands, l.n_shapes, l.shapes};
    return OK;
}
