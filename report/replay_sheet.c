/* Sheets of replays. */
#include "report/replay_sheet.h"
#include "sim/stats.h"
#include <math.h>
#include <string.h>

static const char *policy_name(const struct policy *p)
{
    return p ? p->name : "hindsight";
}

static const struct replay_outcome *outcome_at(const struct replay_table *t, size_t window,
                                               size_t policy)
{
    return &t->outcomes[window * t->n_policies + policy];
}

/* Figures of one policy over all windows. */
struct policy_figures {
    struct moments cost, finish_h, starts;
    struct proportion missed;
};

static struct policy_figures figures_make(const struct replay_table *t, size_t policy,
                                          struct arena *a)
{
    double *cost = ARENA_NEW(a, double, t->n_windows),
           *finish_h = ARENA_NEW(a, double, t->n_windows);
    double *starts = ARENA_NEW(a, double, t->n_windows);
    size_t missed = 0, n_cost = 0, n_finish = 0;
    for (size_t w = 0; w < t->n_windows; w++) {
        const struct replay_outcome *o = outcome_at(t, w, policy);
        missed += o->missed;
        starts[w] = (double)o->starts;
        if (isfinite(o->cost)) cost[n_cost++] = o->cost;
        if (isfinite(o->finish_h)) finish_h[n_finish++] = o->finish_h;
    }
    return (struct policy_figures){.cost = moments_of(cost, n_cost),
                                   .finish_h = moments_of(finish_h, n_finish),
                                   .starts = moments_of(starts, t->n_windows),
                                   .missed = proportion_of(missed, t->n_windows, t->confidence)};
}

/* Mean cost of a policy by name; NAN when it was not asked for. "hindsight" is one of the names. */
static double mean_of(const struct replay_table *t, const struct policy_figures *f,
                      const char *name)
{
    for (size_t p = 0; p < t->n_policies; p++)
        if (strcmp(policy_name(t->policies[p]), name) == 0 && f[p].cost.n > 0)
            return f[p].cost.mean;
    return NAN;
}

static double room_closed(const struct replay_table *t, const struct policy_figures *f,
                          size_t policy)
{
    const double hindsight = mean_of(t, f, "hindsight");
    const double better = fmin(mean_of(t, f, "greedy_safety"), mean_of(t, f, "uniform_progress"));
    const bool some = better > hindsight; /* false when none of them is known */
    return some && t->policies[policy] ? (better - f[policy].cost.mean) / (better - hindsight)
                                       : (double)NAN;
}

enum {
    POLICY,
    MEAN,
    LOW,
    HIGH,
    SPREAD,
    ABOVE,
    CLOSED,
    FINISH,
    STARTS,
    MISSED,
    MISSED_HIGH,
    WINDOWS,
    N_SUMMARY_COLUMNS
};

static const struct sheet_column summary_columns[N_SUMMARY_COLUMNS] = {
    [POLICY] = {"policy", N_("policy"), 'l', false},
    [MEAN] = {"cost_mean", N_("mean cost"), 'r', true},
    [LOW] = {"cost_mean_low", N_("from"), 'r', true},
    [HIGH] = {"cost_mean_high", N_("to"), 'r', true},
    [SPREAD] = {"cost_sd", N_("spread"), 'r', true},
    [ABOVE] = {"above_hindsight", N_("above hindsight"), 'r', true},
    [CLOSED] = {"room_closed", N_("room closed"), 'r', true},
    [FINISH] = {"finish_h_mean", N_("finish h"), 'r', true},
    [STARTS] = {"starts_mean", N_("starts"), 'r', true},
    [MISSED] = {"missed", N_("late"), 'r', true},
    [MISSED_HIGH] = {"missed_high", "", 'r', true},
    [WINDOWS] = {"windows", "", 'r', true},
};

static struct sheet_cell percent_cell(struct arena *a, double share)
{
    if (!isfinite(share)) return (struct sheet_cell){0};
    return sheet_both(arena_printf(a, "%.1f%%", 100 * share), arena_printf(a, "%.15g", share));
}

static void summary_row(struct sheet *s, const struct replay_table *t,
                        const struct policy_figures *all, size_t policy)
{
    struct arena *a = s->arena;
    const struct policy_figures *f = &all[policy];
    struct sheet_cell *cells = sheet_row(s);
    const bool known = f->cost.n > 1;
    const struct interval mean =
        known ? mean_interval(&f->cost, t->confidence) : (struct interval){NAN, NAN};
    cells[POLICY] = sheet_text(policy_name(t->policies[policy]));
    cells[MEAN] = sheet_number(a, f->cost.n ? f->cost.mean : (double)NAN, 2);
    cells[LOW] = sheet_number(a, mean.low, 2);
    cells[HIGH] = sheet_number(a, mean.high, 2);
    cells[SPREAD] = sheet_number(a, known ? moments_sd(&f->cost) : (double)NAN, 2);
    cells[ABOVE] = percent_cell(a, f->cost.mean / mean_of(t, all, "hindsight") - 1);
    cells[CLOSED] = percent_cell(a, room_closed(t, all, policy));
    cells[WINDOWS] = sheet_number(a, (double)t->n_windows, 0);
    if (!t->policies[policy]) return;
    cells[MISSED] =
        sheet_both(proportion_text(&f->missed, a), arena_printf(a, "%.15g", f->missed.estimate));
    cells[MISSED_HIGH] = sheet_number(a, f->missed.interval.high, 4);
    cells[FINISH] = sheet_number(a, f->finish_h.n ? f->finish_h.mean : (double)NAN, 2);
    cells[STARTS] = sheet_number(a, f->starts.mean, 1);
}

struct sheet replay_summary_sheet(const struct replay_table *t, struct arena *a)
{
    struct sheet s = sheet_new(a, summary_columns, N_SUMMARY_COLUMNS);
    struct policy_figures *figures = ARENA_NEW(a, struct policy_figures, t->n_policies + 1);
    for (size_t p = 0; p < t->n_policies; p++) figures[p] = figures_make(t, p, a);
    for (size_t p = 0; p < t->n_policies; p++) summary_row(&s, t, figures, p);
    s.title = t->title;
    if (t->n_windows > 1)
        sheet_note(&s,
                   _("from, to: %g%% interval of the mean over windows drawn like these from this "
                     "trace; windows that overlap say less than as many apart."),
                   100 * t->confidence);
    return s;
}

enum { W_WINDOW, W_POLICY, W_COST, W_FINISH, W_MISSED, N_WINDOW_COLUMNS };

static const struct sheet_column window_columns[N_WINDOW_COLUMNS] = {
    [W_WINDOW] = {"window_id", N_("window"), 'l', false},
    [W_POLICY] = {"policy", N_("policy"), 'l', false},
    [W_COST] = {"cost", N_("cost"), 'r', true},
    [W_FINISH] = {"finish_h", N_("finish h"), 'r', true},
    [W_MISSED] = {"missed", N_("late"), 'r', true},
};

struct sheet replay_windows_sheet(const struct replay_table *t, struct arena *a)
{
    struct sheet s = sheet_new(a, window_columns, N_WINDOW_COLUMNS);
    for (size_t i = 0; i < t->n_windows * t->n_policies; i++) {
        const struct replay_outcome *o = &t->outcomes[i];
        struct sheet_cell *cells = sheet_row(&s);
        cells[W_WINDOW] = sheet_text(t->windows[i / t->n_policies].id);
        cells[W_POLICY] = sheet_text(policy_name(t->policies[i % t->n_policies]));
        cells[W_COST] = sheet_number(a, o->cost, 2);
        cells[W_FINISH] = sheet_number(a, o->finish_h, 2);
        cells[W_MISSED] = sheet_both(o->missed ? _("yes") : _("no"), o->missed ? "1" : "0");
    }
    return s;
}

enum { T_WINDOW, T_POLICY, T_SPOT, T_ON_DEMAND, T_STARTS, T_RECLAIMS, N_TICK_COLUMNS };

static const struct sheet_column tick_columns[N_TICK_COLUMNS] = {
    [T_WINDOW] = {"window_id", N_("window"), 'l', false},
    [T_POLICY] = {"policy", N_("policy"), 'l', false},
    [T_SPOT] = {"spot_ticks", "", 'r', true},
    [T_ON_DEMAND] = {"on_demand_ticks", "", 'r', true},
    [T_STARTS] = {"starts", N_("starts"), 'r', true},
    [T_RECLAIMS] = {"reclaims", N_("reclaims"), 'r', true},
};

struct sheet replay_ticks_sheet(const struct replay_table *t, struct arena *a)
{
    struct sheet s = sheet_new(a, tick_columns, N_TICK_COLUMNS);
    for (size_t i = 0; i < t->n_windows * t->n_policies; i++) {
        const struct replay_outcome *o = &t->outcomes[i];
        const struct policy *policy = t->policies[i % t->n_policies];
        if (!policy) continue; /* of hindsight only the cost is known */
        struct sheet_cell *cells = sheet_row(&s);
        cells[T_WINDOW] = sheet_text(t->windows[i / t->n_policies].id);
        cells[T_POLICY] = sheet_text(policy->name);
        cells[T_SPOT] = sheet_number(a, (double)o->spot_ticks, 0);
        cells[T_ON_DEMAND] = sheet_number(a, (double)o->on_demand_ticks, 0);
        cells[T_STARTS] = sheet_number(a, (double)o->starts, 0);
        cells[T_RECLAIMS] = sheet_number(a, (double)o->reclaims, 0);
    }
    return s;
}

enum { F_WINDOW, F_COST, F_ALL, F_SAVED, F_SPOT, F_RECLAIMS, N_FLEET_COLUMNS };

static const struct sheet_column fleet_columns[N_FLEET_COLUMNS] = {
    [F_WINDOW] = {"window_id", N_("window"), 'l', false},
    [F_COST] = {"cost", N_("cost"), 'r', true},
    [F_ALL] = {"on_demand_cost", N_("all on-demand"), 'r', true},
    [F_SAVED] = {"saved", N_("saved"), 'r', true},
    [F_SPOT] = {"spot_share", N_("on spot"), 'r', true},
    [F_RECLAIMS] = {"reclaims", N_("reclaims"), 'r', true},
};

struct sheet fleet_windows_sheet(const struct fleet_table *t, struct arena *a)
{
    struct sheet s = sheet_new(a, fleet_columns, N_FLEET_COLUMNS);
    for (size_t w = 0; w < t->n_windows; w++) {
        const struct fleet_outcome *o = &t->outcomes[w];
        struct sheet_cell *cells = sheet_row(&s);
        cells[F_WINDOW] = sheet_text(t->windows[w].id);
        cells[F_COST] = sheet_number(a, o->cost, 2);
        cells[F_ALL] = sheet_number(a, t->on_demand_cost[w], 2);
        cells[F_SAVED] = percent_cell(a, 1 - o->cost / t->on_demand_cost[w]);
        cells[F_SPOT] = percent_cell(a, o->spot_frac);
        cells[F_RECLAIMS] = sheet_number(a, (double)o->reclaims, 0);
    }
    s.title = t->title;
    return s;
}
