/* Simulated figures as a table. */
#include "common/text.h"
#include "report/cells.h"
#include "report/simulation.h"
#include "report/wording.h"
#include <math.h>

enum {
    SCENARIO,
    VARIANT,
    WORKLOAD,
    WHAT,
    PLANNED,
    MEAN,
    MEAN_LOW,
    MEAN_HIGH,
    P10,
    P50,
    P90,
    P95,
    P99,
    CVAR95,
    LEAST,
    MOST,
    UNIT,
    N_COLUMNS
};

static const struct sheet_column *columns_make(struct arena *a)
{
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, N_COLUMNS);
    c[SCENARIO] = (struct sheet_column){"scenario", "", 'l', false};
    c[VARIANT] = (struct sheet_column){"variant", "", 'l', false};
    c[WORKLOAD] = (struct sheet_column){"workload", "", 'l', false};
    c[WHAT] = (struct sheet_column){"what", _("Workload / what"), 'l', false};
    c[PLANNED] = (struct sheet_column){"planned", _("planned"), 'r', true};
    c[MEAN] = (struct sheet_column){"mean", _("mean"), 'r', true};
    c[MEAN_LOW] = (struct sheet_column){"mean_low", "", 'r', true};
    c[MEAN_HIGH] = (struct sheet_column){"mean_high", "", 'r', true};
    c[P10] = (struct sheet_column){"p10", "p10", 'r', true};
    c[P50] = (struct sheet_column){"p50", "p50", 'r', true};
    c[P90] = (struct sheet_column){"p90", "p90", 'r', true};
    c[P95] = (struct sheet_column){"p95", "p95", 'r', true};
    c[P99] = (struct sheet_column){"p99", "p99", 'r', true};
    c[CVAR95] = (struct sheet_column){"cvar95", _("worst 5%"), 'r', true};
    c[LEAST] = (struct sheet_column){"least", "", 'r', true};
    c[MOST] = (struct sheet_column){"most", "", 'r', true};
    c[UNIT] = (struct sheet_column){"unit", "", 'l', false};
    return c;
}

struct table {
    struct sheet sheet;
    const struct simulation *s;
    const char *scenario, *variant, *currency;
    int decimals;
};

static struct sheet_cell figure(struct table *t, double value, int decimals)
{
    struct arena *a = t->sheet.arena;
    return sheet_both(number_text(a, value, decimals), real_text(a, value));
}

static struct sheet_cell *row_add(struct table *t, const char *workload, const char *what,
                                  const char *unit)
{
    struct sheet_cell *cells = sheet_row(&t->sheet);
    cells[SCENARIO] = sheet_text(t->scenario);
    cells[VARIANT] = sheet_text(t->variant);
    cells[WORKLOAD] = sheet_text(workload);
    cells[WHAT] = sheet_text(what);
    cells[UNIT] = sheet_text(unit);
    for (size_t i = PLANNED; i < UNIT; i++) cells[i] = sheet_both("", NULL);
    return cells;
}

static void spread_cells(struct table *t, struct sheet_cell *cells, const struct spread *x,
                         int decimals)
{
    const struct {
        size_t column;
        double value;
    } all[] = {{MEAN, x->mean},
               {MEAN_LOW, x->mean_interval.low},
               {MEAN_HIGH, x->mean_interval.high},
               {P10, x->p10},
               {P50, x->p50},
               {P90, x->p90},
               {P95, x->p95},
               {P99, x->p99},
               {CVAR95, x->cvar95},
               {LEAST, x->least},
               {MOST, x->most}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        cells[all[i].column] = figure(t, all[i].value, decimals);
}

static const struct workload *workload_of(const struct simulation *s,
                                          const struct simulated_workload *w)
{
    return &s->outcomes->plan->scenario->workloads[w->workload];
}

/* What a row of a workload is called: to people below its name, to programs by its key. */
static void what_cell(struct table *t, struct sheet_cell *cells, const char *key, const char *label)
{
    cells[WHAT] = sheet_both(arena_printf(t->sheet.arena, "  %s", label), key);
}

static void time_rows(struct table *t, const struct simulated_workload *w, const char *name)
{
    const struct {
        const char *key, *label;
        const struct spread *spread;
    } rows[] = {{"finish_h", _("done, hours after the start"), &w->finish_h},
                {"late_h", _("late, hours"), &w->late_h},
                {"interruptions", _("interruptions"), &w->interruptions}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (i < 2 && !w->works) continue;
        if (i > 0 && rows[i].spread->most <= 0) continue;
        struct sheet_cell *cells = row_add(t, name, "", i < 2 ? "h" : "");
        what_cell(t, cells, rows[i].key, rows[i].label);
        spread_cells(t, cells, rows[i].spread, 1);
    }
}

static void workload_rows(struct table *t, const struct simulated_workload *w)
{
    const char *name = workload_of(t->s, w)->name;
    struct sheet_cell *cells = row_add(t, name, "", t->currency);
    cells[WHAT] = sheet_both(workload_title(workload_of(t->s, w), t->sheet.arena), "cost");
    cells[PLANNED] = figure(t, (double)w->planned / 1e6, t->decimals);
    spread_cells(t, cells, &w->cost, t->decimals);
    for (int part = 0; part < N_COST_PARTS; part++) {
        if (w->part[part].most == 0 && w->part[part].least == 0) continue;
        cells = row_add(t, name, "", t->currency);
        what_cell(t, cells, cost_part_name(part), cost_part_label(part));
        spread_cells(t, cells, &w->part[part], t->decimals);
    }
    time_rows(t, w, name);
}

static void total_row(struct table *t)
{
    const struct simulation *s = t->s;
    if (s->nobody.most > 0) {
        struct sheet_cell *cells = row_add(t, "", "", t->currency);
        cells[WHAT] = sheet_both(cost_part_label(COST_IDLE), cost_part_name(COST_IDLE));
        spread_cells(t, cells, &s->nobody, t->decimals);
    }
    struct sheet_cell *cells = row_add(t, "", "", t->currency);
    cells[WHAT] = sheet_both(_("Total"), "total");
    cells[PLANNED] = figure(t, (double)s->outcomes->plan->cost / 1e6, t->decimals);
    spread_cells(t, cells, &s->cost, t->decimals);
}

static const char *chance(const struct proportion *p, struct arena *a)
{
    return proportion_text(p, a);
}

static void workload_notes(struct table *t, const struct simulated_workload *w)
{
    struct arena *a = t->sheet.arena;
    const char *name = workload_title(workload_of(t->s, w), a);
    if (w->works)
        sheet_note(&t->sheet, _("%s: late in %s of the worlds"), name, chance(&w->missed, a));
    if (w->unfinished > 0)
        sheet_note(&t->sheet,
                   _("%s: %.0f jobs were given up, not done five horizons after the end"), name,
                   w->unfinished);
    if (!w->serves || w->offered <= 0) return;
    sheet_note(&t->sheet, _("%s: target missed in %s of the worlds; %s of the load late, %s lost"),
               name, chance(&w->missed, a), percent_text(a, w->late / w->offered, 3),
               percent_text(a, w->lost / w->offered, 3));
}

const char *simulation_line(const struct simulation *s, struct arena *a)
{
    const int decimals = amount_decimals(llround(s->cost.mean * 1e6));
    return arena_printf(
        a, _("80 in 100 worlds fall between %s and %s; mean %s, worst 5 in 100 on average %s"),
        number_text(a, s->cost.p10, decimals), number_text(a, s->cost.p90, decimals),
        number_text(a, s->cost.mean, decimals), number_text(a, s->cost.cvar95, decimals));
}

static void notes_add(struct table *t)
{
    struct arena *a = t->sheet.arena;
    const struct simulation *s = t->s;
    const struct outcomes *o = s->outcomes;
    sheet_note(&t->sheet, "%s", simulation_line(s, a));
    sheet_note(&t->sheet, _("The mean lies between %s and %s (95 in 100)"),
               number_text(a, s->cost.mean_interval.low, t->decimals),
               number_text(a, s->cost.mean_interval.high, t->decimals));
    for (size_t i = 0; i < s->n_workloads; i++) workload_notes(t, &s->workloads[i]);
    if (s->has_budget)
        sheet_note(&t->sheet, _("Chance of passing the budget: %s"), chance(&s->over_budget, a));
    if (simulation_fails(s))
        sheet_note(&t->sheet, _("The budget was to hold in %s of the worlds.   OVER"),
                   percent_text(a, s->confidence, 1));
    sheet_note(&t->sheet, _("%zu worlds%s, seed %llu. Spot prices: %s. Reclaims: %s."), s->n,
               o->interrupted ? _(" (stopped)")
               : o->converged ? _(" (precise enough)")
                              : "",
               (unsigned long long)o->model->settings.seed, _(o->model->price->label),
               _(o->model->life->label));
}

struct sheet simulation_sheet(const struct simulation *s, const char *title, const char *variant,
                              struct arena *a)
{
    const struct plan *p = s->outcomes->plan;
    struct table t = {.sheet = sheet_new(a, columns_make(a), N_COLUMNS),
                      .s = s,
                      .scenario = p->scenario->name,
                      .variant = variant,
                      .currency = currency_name(p->scenario->currency),
                      .decimals = amount_decimals(p->cost)};
    t.sheet.title = arena_printf(a, "%s   %s", title, t.currency);
    for (size_t i = 0; i < s->n_workloads; i++) workload_rows(&t, &s->workloads[i]);
    total_row(&t);
    notes_add(&t);
    return t.sheet;
}
