#include "solver/conflict.h"
#include "common/text.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A demand is short when more than this share of its work is left (LP feasibility is 1e-9). */
#define SHORT_SHARE 1e-7

struct search {
    struct plan *plan;
    const struct model *m;
    const struct plan_settings *settings;
    struct formulation f;
    struct lp_result result;
};

static void add(const struct search *s, struct conflict c)
{
    c.cost = (double)NAN;
    *ARENA_PUSH(s->m->arena, s->plan->conflicts, s->plan->n_conflicts) = c;
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

/* Something the group asks for is sold in another currency. */
static bool lacks_rate(const struct model *m, const struct group *g)
{
    for (size_t i = 0; i < m->quoted.n_missing; i++) {
        const struct no_offer *x = &m->quoted.missing[i];
        if (x->no_rate && g->shape->workload->markets & 1U << x->market->id &&
            fit_check(g->shape, book_type(m->book, x->type), m->book, m->arena).ok)
            return true;
    }
    return false;
}

const struct workload *conflict_without_rate(const struct model *m)
{
    for (size_t i = 0; i < m->n_groups + m->n_served; i++) {
        const struct group *g = i < m->n_groups ? &m->groups[i] : &m->served[i - m->n_groups].group;
        if (g->n_options == 0 && lacks_rate(m, g)) return g->shape->workload;
    }
    return NULL;
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

enum err conflict_explain(struct plan *plan, const struct model *m,
                          const struct plan_settings *settings)
{
    struct search s = {.plan = plan, .m = m, .settings = settings};
    plan->status = PLAN_INFEASIBLE;
    TRY(solve(&s, m, ELASTIC_WORK, 0));
    if (s.result.status != LP_OPTIMAL && s.result.status != LP_FEASIBLE) return OK;
    name_short_demands(&s);
    name_short_services(&s);
    return OK;
}
