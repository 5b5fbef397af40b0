#include "solver/conflict.h"
#include "common/text.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A demand is short when more than this share of its work is left (LP feasibility is 1e-9), a dual counts above it. */
#define SHORT_SHARE 1e-7
#define DUAL_ZERO   1e-12

struct search {
    struct plan *plan;
    const struct model *m;
    const struct plan_settings *settings;
    struct formulation f;
    struct lp_result result;
    bool *in_clash; /* [limits + budgets] */
    conflict_try_fn *try_model;
    void *context;
};

static struct conflict *add(struct search *s, struct conflict c)
{
    struct conflict *new = ARENA_PUSH(s->m->arena, s->plan->conflicts, s->plan->n_conflicts);
    *new = c;
    return new;
}

/* The reason of the offers that came farthest, the most frequent of these. */
static const struct candidate *main_reason(const struct model *m, size_t workload, size_t shape,
                                           size_t *count)
{
    const struct candidate *best = NULL;
    *count = 0;
    for (size_t i = 0; i < m->n_candidates; i++) {
        const struct candidate *c = &m->candidates[i];
        if (c->workload != workload || c->shape != shape || !c->reason ||
            (best && c->checks < best->checks))
            continue;
        size_t same = 0;
        for (size_t k = 0; k < m->n_candidates; k++)
            same += m->candidates[k].workload == workload && m->candidates[k].shape == shape &&
                    m->candidates[k].reason && strcmp(m->candidates[k].reason, c->reason) == 0;
        if (best && c->checks == best->checks && same <= *count) continue;
        *count = same;
        best = c;
    }
    return best;
}

bool conflict_unusable(struct plan *plan, const struct model *m)
{
    struct search s = {.plan = plan, .m = m};
    for (size_t i = 0; i < m->n_groups + m->n_served; i++) {
        const struct group *g = i < m->n_groups ? &m->groups[i] : &m->served[i - m->n_groups].group;
        if (g->n_options || !g->first_of_shape) continue;
        size_t count, all = 0;
        const size_t shape = g->service ? NONE : (size_t)(g->shape - m->demands->shapes);
        const struct candidate *why = main_reason(m, g->workload, shape, &count);
        for (size_t k = 0; k < m->n_candidates; k++)
            all += m->candidates[k].workload == g->workload && m->candidates[k].shape == shape;
        const char *name = g->shape->workload->name;
        const char *what = why ? arena_printf(m->arena,
                                              _("nothing that is sold can run workload %s; of %zu "
                                                "offers %zu are out because: %s"),
                                              name, all, count, why->reason)
                               : arena_printf(m->arena,
                                              _("nothing is sold that workload %s could use in the "
                                                "allowed regions and markets"),
                                              name);
        add(&s, (struct conflict){.what = what,
                                  .at = why && why->reason_at.source ? why->reason_at
                                                                     : g->shape->workload->at});
    }
    if (plan->n_conflicts) plan->status = PLAN_INFEASIBLE;
    return plan->n_conflicts > 0;
}

static enum err solve(struct search *s, const struct model *m, enum elastic elastic, size_t which)
{
    TRY(formulate(&s->f, m, elastic, which));
    return lp_solve(&s->result, s->f.lp, &s->settings->lp, m->arena, m->diag);
}

static double missing(const struct search *s, size_t demand)
{
    for (size_t j = 0; j < s->f.lp->n_cols; j++)
        if (s->f.columns[j].kind == COLUMN_MISSING && s->f.columns[j].a == demand)
            return s->result.x[j];
    return 0;
}

static bool short_of_work(const struct search *s, size_t demand)
{
    return missing(s, demand) > SHORT_SHARE * s->f.model->demands->items[demand].work;
}

static const char *moment_text(const struct model *m, int64_t us)
{
    char text[64];
    return arena_strdup(m->arena, moment_print(text, sizeof text, m->scenario->start + us));
}

static void name_short_demands(struct search *s)
{
    const struct model *m = s->m;
    for (size_t i = 0; i < m->demands->n; i++) {
        if (!short_of_work(s, i)) continue;
        const struct demand *d = &m->demands->items[i];
        const double left = missing(s, i);
        const char *unit = d->shape->cpu ? _("vCPU-hours") : _("GPU-hours");
        add(s, (struct conflict){
                   .what = arena_printf(
                       m->arena, _("%s: %.6g %s by %s, of which %.6g fit"), d->name, d->work, unit,
                       moment_text(m, d->late_priced ? m->horizon_us : d->due_us), d->work - left),
                   .at = d->at,
                   .short_by = left,
                   .unit = unit});
    }
}

/* Rate demands of which a part of the load stays without machines: when that is most. */
static void name_short_services(struct search *s)
{
    const struct model *m = s->m;
    for (size_t i = 0; i < m->n_served; i++) {
        double worst = 0;
        size_t when = 0;
        for (size_t j = 0; j < s->f.lp->n_cols; j++) {
            const struct column c = s->f.columns[j];
            if (c.kind != COLUMN_MISSING || c.a != m->demands->n + i || s->result.x[j] <= worst)
                continue;
            worst = s->result.x[j];
            when = c.t;
        }
        if (worst <= SHORT_SHARE) continue;
        add(s, (struct conflict){.what = arena_printf(
                                     m->arena, _("%s: %.1f%% of the load of %s finds no machines"),
                                     m->served[i].service->name, 100 * worst,
                                     moment_text(m, s->f.model->grid.from_us[when])),
                                 .at = m->served[i].service->at});
    }
}

/* The most machines of a rate demand, where that is what binds it. */
static void name_ranges(struct search *s)
{
    for (size_t i = 0; i < s->m->n_served; i++) {
        const struct service *v = s->m->served[i].service;
        double dual = 0;
        for (size_t r = 0; r < s->f.lp->n_rows; r++)
            if (s->f.rows[r].kind == ROW_RANGE && s->f.rows[r].a == i)
                dual = fmin(dual, s->result.row_dual[r]);
        if (dual >= -DUAL_ZERO || v->max_machines == 0) continue;
        const struct place at =
            scenario_place(s->m->scenario, "workloads.%s.autoscale.max", v->name);
        add(s,
            (struct conflict){.what = arena_printf(s->m->arena, "workloads.%s.autoscale.max  %ld",
                                                   v->name, v->max_machines),
                              .at = at.source ? at : v->at});
    }
}

/* Limits whose rows carry a dual in the elastic problem bind the work that is missing. */
static void find_clash(struct search *s)
{
    s->in_clash = ARENA_NEW(s->m->arena, bool, s->m->n_limits + s->f.n_budgets + 1);
    for (size_t i = 0; i < s->f.lp->n_rows; i++) {
        const struct row r = s->f.rows[i];
        if (fabs(s->result.row_dual[i]) <= DUAL_ZERO) continue;
        if (r.kind == ROW_LIMIT && s->m->limits[r.a].kind <= LIMIT_STOCK) s->in_clash[r.a] = true;
        if (r.kind == ROW_BUDGET) s->in_clash[s->m->n_limits + r.a] = true;
    }
}

static double slack_of(const struct search *s)
{
    for (size_t j = 0; j < s->f.lp->n_cols; j++)
        if (s->f.columns[j].kind == COLUMN_SLACK) return s->result.x[j];
    return 0;
}

/* A change that whole machines need beyond what part-used ones do: tried in growing steps. */
enum { MOST_TRIES = 12 };

/* Smallest amount of the limit, from what the LP needs upwards, with which machines can follow a plan. */
static enum err repair_limit(struct search *s, size_t limit, struct conflict *c)
{
    const struct capacity *k = &s->m->limits[limit];
    const double least = ceil(slack_of(s) - 1e-6);
    c->short_by = slack_of(s);
    c->unit = k->in_gpus ? _("GPU") : _("machine");
    if (!k->n_steps) c->what = arena_printf(s->m->arena, "%s  %.0f", k->key, k->amount);
    struct model wider = *s->m;
    wider.limits = ARENA_NEW(s->m->arena, struct capacity, wider.n_limits + 1);
    memcpy(wider.limits, s->m->limits, wider.n_limits * sizeof *wider.limits);
    wider.limits[limit].more = least;
    bool works = false;
    for (int i = 0; !works && i < MOST_TRIES; i++) {
        if (i) wider.limits[limit].more += 1;
        TRY(s->try_model(&works, &wider, s->context));
    }
    if (!works) return OK;
    c->short_by = wider.limits[limit].more;
    if (k->n_steps) {
        c->change = arena_printf(s->m->arena, _("%.0f more"), c->short_by);
        return OK;
    }
    c->change = arena_printf(s->m->arena, "%.0f", k->amount + c->short_by);
    c->set = arena_printf(s->m->arena, "%s=%s", k->key, c->change);
    return OK;
}

static enum err repair_budget(struct search *s, size_t budget, size_t n_budgets, struct conflict *c)
{
    const struct budget b = s->f.budgets[budget];
    const char *currency = s->m->request.currency == CURRENCY_USD ? "USD" : "CNY";
    const char *per = b.month >= 0 ? "/month" : "";
    double *more = ARENA_NEW(s->m->arena, double, n_budgets + 1);
    struct model richer = *s->m;
    richer.budget_more = more;
    c->short_by = slack_of(s);
    c->unit = currency;
    c->what = arena_printf(s->m->arena, "%s  %s %.2f%s", b.key, currency, b.limit, per);
    const double least = ceil((b.limit + slack_of(s)) * 100 - 1e-6) / 100;
    bool works = false;
    for (int i = 0; !works && i < MOST_TRIES; i++) {
        /* Starts and whole machines cost a little more than the LP: 1/1024, 2/1024, ... of the limit. */
        const double limit = i ? ceil(least * (1 + ldexp(1, i - 11)) * 100) / 100 : least;
        more[budget] = limit - b.limit;
        TRY(s->try_model(&works, &richer, s->context));
    }
    if (!works) return OK;
    c->short_by = more[budget];
    c->change = arena_printf(s->m->arena, "%s %.2f%s", currency, b.limit + more[budget], per);
    c->set = arena_printf(s->m->arena, "%s=\"%s\"", b.key, c->change);
    return OK;
}

/* For each limit of the clash: how far it alone must give way. */
static enum err repair_limits(struct search *s, size_t n_budgets)
{
    for (size_t i = 0; i < s->m->n_limits + n_budgets; i++) {
        if (!s->in_clash[i]) continue;
        TRY(solve(s, s->m, ELASTIC_ONE_LIMIT, i));
        const bool is_limit = i < s->m->n_limits;
        const struct budget *b = is_limit ? NULL : &s->f.budgets[i - s->m->n_limits];
        struct conflict *c =
            add(s, (struct conflict){.what = is_limit ? s->m->limits[i].key : b->key,
                                     .at = is_limit ? s->m->limits[i].at : b->at});
        if (s->result.status != LP_OPTIMAL && s->result.status != LP_FEASIBLE) continue;
        if (is_limit)
            TRY(repair_limit(s, i, c));
        else
            TRY(repair_budget(s, i - s->m->n_limits, n_budgets, c));
    }
    return OK;
}

/* The model in which the jobs that are short may end `more_us` later. */
static struct model later_model(const struct search *s, const bool *is_short, int64_t more_us)
{
    struct model later = *s->m;
    struct demand_list *list = ARENA_NEW(s->m->arena, struct demand_list, 1);
    *list = *s->m->demands;
    list->items = ARENA_NEW(s->m->arena, struct demand, list->n + 1);
    memcpy(list->items, s->m->demands->items, list->n * sizeof *list->items);
    for (size_t i = 0; i < list->n; i++) {
        if (!is_short[i]) continue;
        const int64_t due = list->items[i].due_us + more_us;
        list->items[i].due_us = due < s->m->horizon_us ? due : s->m->horizon_us;
    }
    later.demands = list;
    later.grid = (struct grid){0};
    return later;
}

/* Whether part-used machines could do everything then. */
static enum err fits_later(struct search *s, const bool *is_short, int64_t more_us, bool *fits)
{
    struct model *later = ARENA_NEW(s->m->arena, struct model, 1);
    *later = later_model(s, is_short, more_us);
    TRY(grid_make(&later->grid, later));
    TRY(solve(s, later, ELASTIC_WORK, 0));
    *fits = s->result.status == LP_OPTIMAL || s->result.status == LP_FEASIBLE;
    for (size_t i = 0; *fits && i < later->demands->n; i++) *fits = !short_of_work(s, i);
    return OK;
}

static const char *duration_text(const struct model *m, int64_t us)
{
    const long hours = (long)(us / US_PER_H), minutes = (long)(us % US_PER_H / (US_PER_H / 60));
    if (minutes) return arena_printf(m->arena, "%ldmin", 60 * hours + minutes);
    return hours % 24 ? arena_printf(m->arena, "%ldh", hours)
                      : arena_printf(m->arena, "%ldd", hours / 24);
}

/* The deadline as its user wrote it (a moment or a length of time), more_us later. */
static const char *deadline_text(const struct model *m, const struct demand *d, int64_t more_us)
{
    const struct workload *w = d->shape->workload;
    if (w->deadline_is_moment || !w->has_deadline) return moment_text(m, d->due_us + more_us);
    return duration_text(m, llround(w->deadline_h * (double)US_PER_H) + more_us);
}

/* The first short job with a hard deadline, how much later the short ones could end at most, and whether they are all of
 * one workload that states its deadline itself. */
static const struct demand *first_short(const struct search *s, const bool *is_short,
                                        int64_t *room_us, bool *one)
{
    const struct demand *first = NULL;
    *room_us = 0;
    *one = true;
    for (size_t i = 0; i < s->m->demands->n; i++) {
        const struct demand *d = &s->m->demands->items[i];
        if (!is_short[i] || d->late_priced) continue;
        if (!first) first = d;
        if (d->shape->workload != first->shape->workload || d->shape->workload->from_csv)
            *one = false;
        if (s->m->horizon_us - d->due_us > *room_us) *room_us = s->m->horizon_us - d->due_us;
    }
    return first;
}

/* The least number of steps by which all short jobs must end later, found by bisection; 0: not even the horizon helps. */
static enum err steps_later(struct search *s, const bool *is_short, int64_t room_us, int64_t *steps)
{
    const int64_t step = s->m->scenario->step_us;
    int64_t low = 0, high = (room_us + step - 1) / step;
    bool fits = false;
    *steps = 0;
    if (high > 0) TRY(fits_later(s, is_short, high * step, &fits));
    if (!fits) return OK;
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        TRY(fits_later(s, is_short, middle * step, &fits));
        if (fits)
            high = middle;
        else
            low = middle;
    }
    bool works = false;
    for (int i = 0; i < MOST_TRIES && high * step < room_us + step; i++, high++) {
        struct model *later = ARENA_NEW(s->m->arena, struct model, 1);
        *later = later_model(s, is_short, high * step);
        TRY(s->try_model(&works, later, s->context));
        if (works) break;
    }
    *steps = works ? high : 0;
    return OK;
}

static enum err repair_deadline(struct search *s, const bool *is_short)
{
    int64_t room_us, steps;
    bool one;
    const struct demand *first = first_short(s, is_short, &room_us, &one);
    if (!first) return OK;
    const char *name = first->shape->workload->name;
    const struct place at = scenario_place(s->m->scenario, "workloads.%s.window.deadline", name);
    TRY(steps_later(s, is_short, room_us, &steps));
    struct conflict *c = add(
        s, (struct conflict){
               .what = one ? arena_printf(s->m->arena, "workloads.%s.window.deadline  %s", name,
                                          deadline_text(s->m, first, 0))
                           : arena_printf(s->m->arena, _("deadlines of the jobs above, from %s"),
                                          moment_text(s->m, first->due_us)),
               .at = at.source && one ? at : first->at});
    if (steps == 0) return OK;
    const int64_t more_us = steps * s->m->scenario->step_us;
    c->short_by = (double)more_us / (double)US_PER_H;
    c->unit = _("hours");
    c->change = one ? deadline_text(s->m, first, more_us)
                    : arena_printf(s->m->arena, _("%s later"), duration_text(s->m, more_us));
    if (one)
        c->set = arena_printf(s->m->arena, "workloads.%s.window.deadline=\"%s\"", name, c->change);
    return OK;
}

enum err conflict_explain(struct plan *plan, const struct model *m,
                          const struct plan_settings *settings, conflict_try_fn *try_model,
                          void *context)
{
    struct search s = {
        .plan = plan, .m = m, .settings = settings, .try_model = try_model, .context = context};
    plan->status = PLAN_INFEASIBLE;
    TRY(solve(&s, m, ELASTIC_WORK, 0));
    const size_t n_budgets = s.f.n_budgets;
    bool *is_short = ARENA_NEW(m->arena, bool, m->demands->n + 1);
    if (s.result.status == LP_OPTIMAL || s.result.status == LP_FEASIBLE) {
        for (size_t i = 0; i < m->demands->n; i++) is_short[i] = short_of_work(&s, i);
        name_short_demands(&s);
        name_short_services(&s);
        name_ranges(&s);
        find_clash(&s);
    } else {
        /* Even no work at all breaks a limit: storage or commitments alone pass a budget. */
        s.in_clash = ARENA_NEW(m->arena, bool, m->n_limits + n_budgets + 1);
        for (size_t i = 0; i < n_budgets; i++) s.in_clash[m->n_limits + i] = true;
    }
    TRY(repair_limits(&s, n_budgets));
    return repair_deadline(&s, is_short);
}
