/* Which limits clash is found by trying: QuickXplain (Junker 2004) over plans of scenarios in which all other limits are left
 * out, then the least change by doubling and halving. */
#include "solver/clash.h"
#include "common/text.h"
#include "solver/lever.h"
#include "solver/model.h"
#include <math.h>
#include <string.h>

enum {
    MOST_CLASHES = 4,
    MOST_TRIES = 12, /* steps beyond what part-used machines need, until whole ones do */
    MOST_DOUBLINGS = 24
};
/* Parts by which a budget is raised above the bill of the plan without it, which may round otherwise within it. */
static const double bill_margins[] = {0, 1e-4, 1e-3, 1e-2};
/* The same above what part-used machines need: whole ones may need far more. */
static const double money_margins[] = {0, 1e-3, 5e-3, 2e-2, 8e-2, 0.3, 1};

struct search {
    struct plan *plan;
    const struct plan_settings *settings;
    struct arena *arena;
    size_t n;
    const struct lever *levers;
    bool *held;                   /* [n] in a trial of the filter: every other one is left out */
    struct lever_change *changes; /* [n] in a trial of a repair */
    size_t *clash;                /* [n] number of the clash it is a member of; 0: none */
    size_t n_clashes;
};

/* --- trials --- */

struct trial {
    bool works;
    double cost; /* of the whole plan */
};

/* Plans the scenario with s->changes; of the linear program alone, or whole. Its messages are not the user's. */
static struct trial try_changes(const struct search *s, bool whole)
{
    struct arena *scratch = arena_new();
    struct diag quiet = {.arena = scratch};
    struct plan_settings settings = *s->settings;
    const struct changed_scenario own =
        levers_apply(s->plan->scenario, settings.spot_gamma, s->levers, s->changes, s->n, scratch);
    settings.spot_gamma = own.gamma;
    settings.depth = whole ? PLAN_TRIAL : PLAN_RELAXED;
    settings.curve = NULL;
    settings.keep_lp = false;
    struct plan plan;
    const enum err e = plan_solve(&plan, own.scenario, s->plan->book, &settings, scratch, &quiet);
    const struct trial result = {e == OK &&
                                     (plan.status == PLAN_OPTIMAL || plan.status == PLAN_FEASIBLE),
                                 (double)plan.cost / 1e6};
    arena_free(scratch);
    return result;
}

static bool is_stopped(const struct search *s)
{
    return s->settings->lp.stop && *s->settings->lp.stop;
}

/* Whether the limits that are held leave no solution, all others left out. */
static bool clashes(const struct search *s)
{
    for (size_t i = 0; i < s->n; i++)
        s->changes[i] = (struct lever_change){s->held[i] ? LEVER_KEPT : LEVER_DROPPED, 0};
    return !try_changes(s, false).works;
}

/* --- the filter --- */

/* Holds, of the `n` limits in list, a smallest set that clashes with those held already. `more`: something was held since that
 * was last tried. */
static void explain(struct search *s, const size_t *list, size_t n, bool more)
{
    if (n == 0 || is_stopped(s) || (more && clashes(s))) return;
    if (n == 1) {
        s->held[list[0]] = true;
        return;
    }
    const size_t half = n / 2;
    for (size_t i = 0; i < half; i++) s->held[list[i]] = true;
    explain(s, list + half, n - half, true);
    bool any = false;
    for (size_t i = half; i < n; i++) any = any || s->held[list[i]];
    for (size_t i = 0; i < half; i++) s->held[list[i]] = false;
    explain(s, list, half, any);
}

/* One clash among the limits that are in none so far. False: there is none. */
static bool next_clash(struct search *s)
{
    size_t *list = ARENA_NEW(s->arena, size_t, s->n + 1), n = 0;
    for (size_t i = 0; i < s->n; i++) {
        s->held[i] = s->clash[i] == 0;
        if (s->held[i]) list[n++] = i;
    }
    if (!clashes(s)) return false;
    memset(s->held, 0, s->n * sizeof *s->held);
    explain(s, list, n, false);
    s->n_clashes++;
    for (size_t i = 0; i < s->n; i++)
        if (s->held[i]) s->clash[i] = s->n_clashes;
    return true;
}

/* --- repairs --- */

static void keep_all(const struct search *s)
{
    memset(s->changes, 0, s->n * sizeof *s->changes);
}

static bool works_with(const struct search *s, size_t lever, double by, bool whole, double *cost)
{
    s->changes[lever] = (struct lever_change){LEVER_RAISED, by};
    const struct trial t = try_changes(s, whole);
    *cost = t.cost;
    return t.works;
}

/* Least number of steps with which the linear program has a solution, the other changes as they are; 0: none has. */
static double least_steps(const struct search *s, size_t lever, double step, double room)
{
    double low = 0, high = 1, cost;
    const double last = ceil(room / step - 1e-9);
    for (int i = 0; !works_with(s, lever, fmin(high, last) * step, false, &cost); i++) {
        if (high >= last || i == MOST_DOUBLINGS || is_stopped(s)) return 0;
        low = high;
        high *= 2;
    }
    high = fmin(high, last);
    while (high - low > 1) {
        const double middle = floor((low + high) / 2);
        if (works_with(s, lever, middle * step, false, &cost))
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* Money that a budget lacks, from the linear program in which it alone gives way: every month of it by the same amount. */
static double least_money(const struct search *s, size_t lever)
{
    struct arena *scratch = arena_new();
    struct diag quiet = {.arena = scratch};
    struct plan_settings settings = *s->settings;
    s->changes[lever] = (struct lever_change){LEVER_KEPT, 0};
    const struct changed_scenario own =
        levers_apply(s->plan->scenario, settings.spot_gamma, s->levers, s->changes, s->n, scratch);
    settings.spot_gamma = own.gamma;
    settings.depth = PLAN_RELAXED;
    struct plan plan;
    struct formulation f;
    struct lp_result r = {.status = LP_INFEASIBLE};
    double more = NAN;
    enum err e = plan_solve(&plan, own.scenario, s->plan->book, &settings, scratch, &quiet);
    if (e == OK && plan.model->grid.n > 0) {
        e = formulate(&f, plan.model, ELASTIC_NONE, 0);
        size_t which = plan.model->n_limits;
        for (size_t i = f.n_budgets; e == OK && i-- > 0;)
            if (strcmp(f.budgets[i].key, s->levers[lever].key) == 0)
                which = plan.model->n_limits + i;
        if (e == OK) e = formulate(&f, plan.model, ELASTIC_ONE_LIMIT, which);
        if (e == OK) e = lp_solve(&r, f.lp, &settings.lp, scratch, &quiet);
    }
    if (e == OK && (r.status == LP_OPTIMAL || r.status == LP_FEASIBLE)) more = r.objective;
    arena_free(scratch);
    return more;
}

/* The whole plan without the budget costs as little as any that was found: its bill is the least limit that is sure to do. */
static bool raise_to_bill(const struct search *s, size_t lever, double *cost)
{
    s->changes[lever] = (struct lever_change){LEVER_DROPPED, 0};
    const struct trial t = try_changes(s, true);
    if (!t.works) return false;
    const double limit = lever_money(s->plan->scenario, &s->levers[lever]);
    for (size_t i = 0; i < sizeof bill_margins / sizeof *bill_margins; i++)
        if (works_with(s, lever, t.cost * (1 + bill_margins[i]) - limit, true, cost)) return true;
    return false;
}

/* What a whole plan takes of a budget, from what part-used machines do upwards. */
static bool raise_budget(const struct search *s, size_t lever, double *cost)
{
    const struct lever *l = &s->levers[lever];
    if (l->kind == LEVER_BUDGET && raise_to_bill(s, lever, cost)) return true;
    const double least = least_money(s, lever);
    const double sum = fabs(least) + lever_money(s->plan->scenario, l);
    const size_t n = sizeof money_margins / sizeof *money_margins;
    for (size_t i = 0; isfinite(least) && i < n && !is_stopped(s); i++)
        if (works_with(s, lever, least + money_margins[i] * sum, true, cost)) return true;
    return false;
}

static bool raise_steps(const struct search *s, size_t lever, double *cost)
{
    const struct lever *l = &s->levers[lever];
    const double step = lever_step(s->plan->scenario, l);
    const double room = lever_room(s->plan->scenario, l);
    const double least = least_steps(s, lever, step, room);
    if (least <= 0) return false;
    double more = 0;
    for (int i = 0; i < MOST_TRIES && !is_stopped(s); i++) {
        if (works_with(s, lever, fmin((least + more) * step, room), true, cost)) return true;
        if ((least + more) * step >= room) return false;
        more += i < MOST_TRIES / 2 ? 1 : more;
    }
    return false;
}

/* The smallest change of a limit that makes a whole plan, the other changes as they are; left in s->changes. */
static bool repair(const struct search *s, size_t lever, double *cost)
{
    const struct lever *l = &s->levers[lever];
    if (l->kind == LEVER_BUDGET || l->kind == LEVER_OWNER_BUDGET)
        return raise_budget(s, lever, cost);
    if (l->stepped) return raise_steps(s, lever, cost);
    s->changes[lever] = (struct lever_change){LEVER_DROPPED, 0};
    const struct trial t = try_changes(s, true);
    *cost = t.cost;
    return t.works;
}

/* --- what is told --- */

static const char *what_text(const struct search *s, const struct lever *l)
{
    const char *value = lever_text(s->plan->scenario, l, 0, s->arena);
    if (l->listed && l->kind == LEVER_DEADLINE)
        return arena_printf(s->arena, _("deadlines of the jobs of %s"),
                            s->plan->scenario->workloads[l->index].name);
    return value ? arena_printf(s->arena, "%s  %s", l->key, value) : l->key;
}

/* What the change says: a value, "3 more" for those of a list. */
static const char *change_text(const struct search *s, const struct lever *l, struct lever_change c)
{
    if (c.how == LEVER_DROPPED) {
        const char *option = lever_option(s->plan->scenario, l, c, s->arena);
        return option ? arena_strdup(s->arena, strchr(option, '=') + 1) : _("leave it out");
    }
    const char *value = lever_text(s->plan->scenario, l, c.by, s->arena);
    if (value) return value;
    return arena_printf(s->arena, _("%.15g %s more"), c.by,
                        lever_unit(s->plan->scenario, l, s->plan->book));
}

static void add_member(const struct search *s, size_t lever, const struct lever_change *c,
                       double cost, bool together)
{
    const struct scenario *sc = s->plan->scenario;
    const struct lever *l = &s->levers[lever];
    struct conflict *new = ARENA_PUSH(s->arena, s->plan->conflicts, s->plan->n_conflicts);
    *new = (struct conflict){.what = what_text(s, l),
                             .key = l->key,
                             .at = l->at,
                             .clash = s->clash[lever],
                             .together = together,
                             .cost = c ? cost : (double)NAN};
    if (!c) return;
    new->change = change_text(s, l, *c);
    new->set = lever_option(sc, l, *c, s->arena);
    new->short_by = c->how == LEVER_RAISED ? c->by : 0;
    new->unit = c->how == LEVER_RAISED ? lever_unit(sc, l, s->plan->book) : NULL;
}

/* --- more than one change --- */

/* A smallest set of members whose limits must give way together: the rest are put back one by one. */
static bool needed_together(const struct search *s, bool *needed)
{
    keep_all(s);
    for (size_t i = 0; i < s->n; i++) {
        needed[i] = s->clash[i] > 0;
        if (needed[i]) s->changes[i].how = LEVER_DROPPED;
    }
    if (!try_changes(s, false).works) return false;
    for (size_t i = 0; i < s->n; i++) {
        if (!needed[i]) continue;
        s->changes[i].how = LEVER_KEPT;
        needed[i] = !try_changes(s, false).works;
        if (needed[i]) s->changes[i].how = LEVER_DROPPED;
    }
    return true;
}

/* The least of each, one after the other, those not yet found left out. */
static bool repair_together(const struct search *s, const bool *needed, double *cost)
{
    for (size_t i = 0; i < s->n; i++)
        if (needed[i] && !repair(s, i, cost)) return false;
    return true;
}

static void tell_together(const struct search *s)
{
    bool *needed = ARENA_NEW(s->arena, bool, s->n + 1);
    double cost = NAN;
    const bool found =
        !s->settings->brief && needed_together(s, needed) && repair_together(s, needed, &cost);
    for (size_t i = 0; i < s->n; i++)
        if (s->clash[i]) add_member(s, i, found && needed[i] ? &s->changes[i] : NULL, cost, true);
}

/* Whether the scenario has a solution without this limit, all others as they are. */
static bool enough_alone(const struct search *s, size_t lever)
{
    keep_all(s);
    s->changes[lever].how = LEVER_DROPPED;
    return try_changes(s, false).works;
}

static bool tell_alone(const struct search *s)
{
    const size_t before = s->plan->n_conflicts;
    bool any = false;
    for (size_t i = 0; i < s->n; i++) {
        if (!s->clash[i]) continue;
        double cost = NAN;
        const bool found = !s->settings->brief && enough_alone(s, i) && repair(s, i, &cost);
        const struct lever_change change = s->changes[i];
        add_member(s, i, found ? &change : NULL, cost, false);
        keep_all(s);
        any = any || found;
    }
    if (any || s->settings->brief) return true;
    s->plan->n_conflicts = before;
    return false;
}

enum err clash_find(struct plan *plan, const struct plan_settings *settings, struct arena *a)
{
    struct search s = {.plan = plan, .settings = settings, .arena = a};
    s.levers = levers_of(&s.n, plan->scenario, settings->spot_gamma, a);
    s.held = ARENA_NEW(a, bool, s.n + 1);
    s.changes = ARENA_NEW(a, struct lever_change, s.n + 1);
    s.clash = ARENA_NEW(a, size_t, s.n + 1);
    plan->status = PLAN_INFEASIBLE;
    /* Other storage classes make a far larger program: they are tried only where nothing else is enough. */
    const size_t n = s.n;
    while (s.n > 0 && s.levers[s.n - 1].kind == LEVER_CLASS) s.n--;
    if (clashes(&s)) s.n = n;
    if (s.n == n && clashes(&s)) return OK; /* with every limit left out: none is at fault */
    const size_t most = settings->brief ? 1 : MOST_CLASHES;
    while (s.n_clashes < most && next_clash(&s)) {
    }
    if (s.n_clashes > 1 || !tell_alone(&s)) tell_together(&s);
    return OK;
}
