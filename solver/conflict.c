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
};

static struct conflict *add(struct search *s, struct conflict c)
{
    struct conflict *new = ARENA_PUSH(s->m->arena, s->plan->conflicts, s->plan->n_conflicts);
    *new = c;
    return new;
}

/* The most frequent reason among the candidates of a shape. */
static const struct candidate *main_reason(const struct model *m, size_t shape, size_t *count)
{
    const struct candidate *best = NULL;
    *count = 0;
    for (size_t i = 0; i < m->n_candidates; i++) {
        const struct candidate *c = &m->candidates[i];
        if (c->shape != shape || !c->reason) continue;
        const bool by_market = strcmp(c->reason, _("market not in purchase")) == 0;
        size_t same = 0;
        for (size_t k = 0; k < m->n_candidates; k++)
            same += m->candidates[k].shape == shape && m->candidates[k].reason &&
                    strcmp(m->candidates[k].reason, c->reason) == 0;
        if (by_market) same = 1; /* says nothing when another market fails too */
        if (same > *count) {
            *count = same;
            best = c;
        }
    }
    return best;
}

bool conflict_unusable(struct plan *plan, const struct model *m)
{
    struct search s = {.plan = plan, .m = m};
    for (size_t i = 0; i < m->n_groups; i++) {
        const struct group *g = &m->groups[i];
        if (g->n_options || !g->first_of_shape) continue;
        size_t count, all = 0;
        const size_t shape = (size_t)(g->shape - m->demands->shapes);
        const struct candidate *why = main_reason(m, shape, &count);
        for (size_t k = 0; k < m->n_candidates; k++) all += m->candidates[k].shape == shape;
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
                       m->arena, _("job %s needs %.6g %s by %s; the limits leave at most %.6g"),
                       d->name, d->work, unit,
                       moment_text(m, d->late_priced ? m->horizon_us : d->due_us), d->work - left),
                   .at = d->at,
                   .short_by = left,
                   .unit = unit});
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

static void repair_limit(struct search *s, size_t limit, struct conflict *c)
{
    const struct capacity *k = &s->m->limits[limit];
    const double now = k->amount, more = ceil(now + slack_of(s) - 1e-6);
    c->short_by = slack_of(s);
    c->unit = k->in_gpus ? _("GPU") : _("machine");
    c->change =
        k->n_steps ? arena_printf(s->m->arena, _("raise it by %.0f"), ceil(slack_of(s) - 1e-6))
                   : arena_printf(s->m->arena, _("%.0f -> %.0f alone is enough; try --set %s=%.0f"),
                                  now, more, k->key, more);
}

static void repair_budget(struct search *s, const struct budget *b, struct conflict *c)
{
    const double more = ceil((b->limit + slack_of(s)) * 100 - 1e-6) / 100;
    const char *per = b->month >= 0 ? "/month" : "";
    c->short_by = slack_of(s);
    c->unit = s->m->scenario->currency == CURRENCY_USD ? "USD" : "CNY";
    c->change = arena_printf(s->m->arena,
                             _("%.2f -> %.2f%s alone is enough (before starts and whole machines)"),
                             b->limit, more, per);
}

/* For each limit of the clash: how far it alone must give way. */
static enum err repair_limits(struct search *s, size_t n_budgets)
{
    for (size_t i = 0; i < s->m->n_limits + n_budgets; i++) {
        if (!s->in_clash[i]) continue;
        TRY(solve(s, s->m, ELASTIC_ONE_LIMIT, i));
        const bool is_limit = i < s->m->n_limits;
        const struct budget *b = is_limit ? NULL : &s->f.budgets[i - s->m->n_limits];
        const char *key = is_limit ? s->m->limits[i].key
                          : b->month >= 0
                              ? arena_printf(s->m->arena, "%s (%d)", b->key, b->month + 1)
                              : b->key;
        struct conflict *c =
            add(s, (struct conflict){.what = arena_printf(s->m->arena, _("%s is reached"), key),
                                     .at = is_limit ? s->m->limits[i].at : b->at});
        if (s->result.status != LP_OPTIMAL && s->result.status != LP_FEASIBLE) continue;
        if (is_limit)
            repair_limit(s, i, c);
        else
            repair_budget(s, b, c);
    }
    return OK;
}

/* Whether everything fits when the jobs that are short may end `more` microseconds later. */
static enum err fits_later(struct search *s, const bool *is_short, int64_t more_us, bool *fits)
{
    struct model later = *s->m;
    struct demand_list list = *s->m->demands;
    list.items = ARENA_NEW(s->m->arena, struct demand, list.n + 1);
    memcpy(list.items, s->m->demands->items, list.n * sizeof *list.items);
    for (size_t i = 0; i < list.n; i++) {
        if (!is_short[i]) continue;
        const int64_t due = list.items[i].due_us + more_us;
        list.items[i].due_us = due < s->m->horizon_us ? due : s->m->horizon_us;
    }
    later.demands = &list;
    later.grid = (struct grid){0};
    TRY(grid_make(&later.grid, &later));
    TRY(solve(s, &later, ELASTIC_WORK, 0));
    *fits = s->result.status == LP_OPTIMAL || s->result.status == LP_FEASIBLE;
    for (size_t i = 0; *fits && i < list.n; i++) *fits = !short_of_work(s, i);
    return OK;
}

static const char *duration_text(const struct model *m, int64_t us)
{
    const long hours = (long)(us / US_PER_H), minutes = (long)(us % US_PER_H / (US_PER_H / 60));
    if (minutes) return arena_printf(m->arena, "%ldh %02ldmin", hours, minutes);
    return hours >= 24 ? arena_printf(m->arena, "%ldd %02ldh", hours / 24, hours % 24)
                       : arena_printf(m->arena, "%ldh", hours);
}

/* The least number of steps by which all short jobs must end later, found by bisection. */
static enum err repair_deadline(struct search *s, const bool *is_short)
{
    const int64_t step = s->m->scenario->step_us;
    const struct demand *first = NULL;
    int64_t room = 0;
    for (size_t i = 0; i < s->m->demands->n; i++) {
        const struct demand *d = &s->m->demands->items[i];
        if (!is_short[i] || d->late_priced) continue;
        if (!first) first = d;
        if (s->m->horizon_us - d->due_us > room) room = s->m->horizon_us - d->due_us;
    }
    if (!first || room <= 0) return OK;
    const struct place at = scenario_place(s->m->scenario, "workloads.%s.window.deadline",
                                           first->shape->workload->name);
    const char *key =
        arena_printf(s->m->arena, "workloads.%s.window.deadline", first->shape->workload->name);
    int64_t low = 0, high = (room + step - 1) / step;
    bool fits;
    TRY(fits_later(s, is_short, high * step, &fits));
    struct conflict *c =
        add(s, (struct conflict){.what = arena_printf(s->m->arena, _("%s is reached (%s)"), key,
                                                      moment_text(s->m, first->due_us)),
                                 .at = at.source ? at : first->at});
    if (!fits) {
        c->change = _("even the end of the horizon is too early; a longer horizon.length would be "
                      "needed too");
        return OK;
    }
    while (high - low > 1) {
        const int64_t middle = low + (high - low) / 2;
        TRY(fits_later(s, is_short, middle * step, &fits));
        if (fits)
            high = middle;
        else
            low = middle;
    }
    c->short_by = (double)(high * step) / (double)US_PER_H;
    c->unit = _("hours");
    c->change = arena_printf(s->m->arena, _("%s later alone is enough: \"%s\""),
                             duration_text(s->m, high * step),
                             moment_text(s->m, first->due_us + high * step));
    return OK;
}

enum err conflict_explain(struct plan *plan, const struct model *m,
                          const struct plan_settings *settings)
{
    struct search s = {.plan = plan, .m = m, .settings = settings};
    plan->status = PLAN_INFEASIBLE;
    TRY(solve(&s, m, ELASTIC_WORK, 0));
    const size_t n_budgets = s.f.n_budgets;
    bool *is_short = ARENA_NEW(m->arena, bool, m->demands->n + 1);
    if (s.result.status == LP_OPTIMAL || s.result.status == LP_FEASIBLE) {
        for (size_t i = 0; i < m->demands->n; i++) is_short[i] = short_of_work(&s, i);
        name_short_demands(&s);
        find_clash(&s);
    } else {
        /* Even no work at all breaks a limit: storage or commitments alone pass a budget. */
        s.in_clash = ARENA_NEW(m->arena, bool, m->n_limits + n_budgets + 1);
        for (size_t i = 0; i < n_budgets; i++) s.in_clash[m->n_limits + i] = true;
    }
    TRY(repair_limits(&s, n_budgets));
    return repair_deadline(&s, is_short);
}
