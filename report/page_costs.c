/* Money charts of the report page: cost in many worlds, cost against the deadline, what moves it most. */
#include "report/page.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT_VALUES = 12 }; /* bars of a chart that can be told apart */

/* --- cost in many worlds --- */

struct worlds {
    double from, width;
    size_t n;
    json_t *counts; /* borrowed */
    long most, all;
};

static bool worlds_find(struct worlds *w, const struct page *p)
{
    json_t *simulation = json_object_get(p->document, "simulation");
    json_t *d = json_object_get(simulation, "distribution");
    w->counts = json_object_get(d, "counts");
    w->n = json_array_size(w->counts);
    w->from = json_number_value(json_object_get(d, "from"));
    w->width = json_number_value(json_object_get(d, "width"));
    for (size_t i = 0; i < w->n; i++) {
        const long count = (long)json_integer_value(json_array_get(w->counts, i));
        w->all += count;
        if (count > w->most) w->most = count;
    }
    return w->n > 1 && w->width > 0 && w->all > 0;
}

static const char *between_text(const struct page *p, const struct worlds *w, size_t i)
{
    const double low = w->from + (double)i * w->width;
    return arena_printf(p->arena, "%s – %s", page_amount(p, low), page_amount(p, low + w->width));
}

static long count_at(const struct worlds *w, size_t i)
{
    return (long)json_integer_value(json_array_get(w->counts, i));
}

static void mark_add(const struct page *p, json_t *marks, const char *name, double at, bool hard)
{
    if (!isfinite(at)) return;
    json_t *mark = json_object();
    page_put(mark, "at", json_real(at));
    page_put(mark, "text",
             page_json(p, arena_printf(p->arena, "%s %s", name, page_amount_short(p, at))));
    page_put(mark, "hard", json_boolean(hard));
    json_array_append_new(marks, mark);
}

/* The limit for all of the one month that is planned, or of the whole plan; NAN: none, or several months. */
static double budget_of_plan(const struct page *p)
{
    const struct saved_run *r = p->run;
    for (size_t i = 0; i < r->n_budgets; i++)
        if (!r->budgets[i].owner && r->budgets[i].planned == r->cost)
            return (double)r->budgets[i].limit / 1e6;
    return NAN;
}

/* The same where it can be drawn without making the rest too small to read. */
static double budget_line(const struct page *p, const struct worlds *w)
{
    const double budget = budget_of_plan(p), span = (double)w->n * w->width;
    return budget > w->from + 2.5 * span || budget < w->from - 1.5 * span ? (double)NAN : budget;
}

static json_t *worlds_spec(const struct page *p, const struct worlds *w)
{
    json_t *spec = json_object(), *values = json_array(), *texts = json_array(),
           *edges = json_array(), *marks = json_array(), *x = json_object(), *y = json_object();
    const double to = w->from + (double)w->n * w->width, budget = budget_line(p, w);
    for (size_t i = 0; i < w->n; i++) {
        const long count = count_at(w, i);
        json_array_append_new(edges, json_real(w->from + (double)i * w->width));
        json_array_append_new(values, json_integer(count));
        json_array_append_new(texts, page_json(p, arena_printf(p->arena, _("%s: %ld worlds"),
                                                               between_text(p, w, i), count)));
    }
    json_array_append_new(edges, json_real(to));
    mark_add(p, marks, _("median"), p->run->p50, false);
    mark_add(p, marks, "p90", p->run->p90, false);
    mark_add(p, marks, _("budget"), budget, true);
    page_put(x, "unit", page_money_unit(p));
    page_put(spec, "kind", json_string("histogram"));
    page_put(spec, "name", json_string(_("worlds")));
    page_put(spec, "edges", edges);
    page_put(spec, "values", values);
    page_put(spec, "texts", texts);
    page_put(spec, "marks", marks);
    page_put(spec, "from",
             json_real((isfinite(budget) ? fmin(w->from, budget) : w->from) - w->width));
    page_put(spec, "to", json_real((isfinite(budget) ? fmax(to, budget) : to) + w->width));
    page_put(spec, "x", x);
    page_put(spec, "y", y);
    return spec;
}

static struct sheet worlds_table(const struct page *p, const struct worlds *w)
{
    static const struct sheet_column columns[] = {{"cost", N_("cost between"), 'l', false},
                                                  {"worlds", N_("worlds"), 'r', true},
                                                  {"share", N_("share"), 'r', true},
                                                  {"below", N_("up to here"), 'r', true}};
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    long sum = 0;
    for (size_t i = 0; i < w->n; i++) {
        struct sheet_cell *cells = sheet_row(&s);
        const long count = count_at(w, i);
        sum += count;
        cells[0] = sheet_text(between_text(p, w, i));
        cells[1] = sheet_text(arena_printf(p->arena, "%ld", count));
        cells[2] = sheet_text(percent_text(p->arena, (double)count / (double)w->all, 1));
        cells[3] = sheet_text(percent_text(p->arena, (double)sum / (double)w->all, 1));
    }
    return s;
}

static void worlds_chart(const struct page *p)
{
    struct worlds w = {0};
    if (!worlds_find(&w, p)) return;
    const struct sheet table = worlds_table(p, &w);
    const struct saved_spread *s = &p->run->spread;
    const double budget = budget_of_plan(p);
    const char *note = arena_printf(
        p->arena, _("Mean %s (%s to %s); worst 5 in 100 on average %s."), page_amount(p, s->mean),
        page_amount(p, s->mean_low), page_amount(p, s->mean_high), page_amount(p, s->cvar95));
    if (isfinite(budget) && !isfinite(budget_line(p, &w)))
        note = arena_printf(p->arena, _("%s The budget of %s lies outside the picture."), note,
                            page_amount(p, budget));
    page_chart_print(p, &(struct page_chart){.id = "worlds",
                                             .title = _("How much luck costs"),
                                             .note = note,
                                             .spec = worlds_spec(p, &w),
                                             .table = &table});
}

/* --- cost against the deadline --- */

struct curve {
    const char *name;
    bool dashed, labelled;
    int colour;
    double (*value)(const struct sweep_point *p);
};

static double planned_of(const struct sweep_point *p)
{
    return p->has_plan ? (double)p->cost / 1e6 : (double)NAN;
}

static double p50_of(const struct sweep_point *p)
{
    return p->has_plan && p->worlds ? p->luck.p50 : (double)NAN;
}

static double p90_of(const struct sweep_point *p)
{
    return p->has_plan && p->worlds ? p->luck.p90 : (double)NAN;
}

static json_t *curve_json(const struct page *p, const struct sweep_table *t, const struct curve *c)
{
    json_t *one = json_object(), *values = json_array(), *texts = json_array();
    bool any = false;
    for (size_t i = 0; i < t->n; i++) {
        const double value = c->value(&t->points[i]);
        any = any || isfinite(value);
        json_array_append_new(values, isfinite(value) ? json_real(value) : json_null());
        json_array_append_new(texts, json_string(page_amount(p, value)));
    }
    page_put(one, "name", json_string(_(c->name)));
    page_put(one, "colour", json_integer(c->colour));
    page_put(one, "dashed", json_boolean(c->dashed));
    page_put(one, "labelled", json_boolean(c->labelled));
    page_put(one, "values", values);
    page_put(one, "texts", texts);
    if (any) return one;
    json_decref(one);
    return NULL;
}

static json_t *deadlines_spec(const struct page *p, const struct sweep_table *t)
{
    static const struct curve curves[] = {{N_("planned"), false, false, 2, planned_of},
                                          {N_("median"), false, true, 0, p50_of},
                                          {N_("p90"), true, false, 4, p90_of}};
    json_t *spec = json_object(), *series = json_array(), *at = json_array(),
           *labels = json_array(), *x = json_object(), *y = json_object();
    for (size_t i = 0; i < t->n; i++) {
        json_array_append_new(at, json_real(t->axes[0].numbers[i] / 24));
        json_array_append_new(labels, page_json(p, t->axes[0].values[i]));
    }
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        json_t *one = curve_json(p, t, &curves[i]);
        if (one) json_array_append_new(series, one);
    }
    page_put(x, "name", json_string(_("deadline, days")));
    page_put(y, "unit", page_money_unit(p));
    for (size_t i = 0; i < t->n; i++)
        if (t->points[i].now) page_put(spec, "now", json_integer((json_int_t)i));
    page_put(spec, "kind", json_string("lines"));
    page_put(spec, "at", at);
    page_put(spec, "labels", labels);
    page_put(spec, "series", series);
    page_put(spec, "x", x);
    page_put(spec, "y", y);
    return spec;
}

static struct sheet deadlines_table(const struct page *p, const struct sweep_table *t)
{
    static const struct sheet_column columns[] = {{"deadline", N_("deadline"), 'l', false},
                                                  {"planned", N_("planned"), 'r', true},
                                                  {"p50", N_("median"), 'r', true},
                                                  {"p90", N_("p90"), 'r', true},
                                                  {"late", N_("chance of being late"), 'r', true}};
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < t->n; i++) {
        const struct sweep_point *at = &t->points[i];
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(t->axes[0].values[i]);
        cells[1] = sheet_text(at->has_plan ? page_money(p, at->cost) : _("no plan"));
        cells[2] = sheet_text(page_amount(p, p50_of(at)));
        cells[3] = sheet_text(page_amount(p, p90_of(at)));
        cells[4] = sheet_text(
            at->worlds ? chance_text(at->luck.late, at->luck.late_low, at->luck.late_high, p->arena)
                       : NULL);
    }
    return s;
}

static void deadlines_chart(const struct page *p)
{
    const struct sweep_table *t = p->dossier->around.deadlines;
    if (!t || t->n < 2) return;
    const struct sheet table = deadlines_table(p, t);
    page_chart_print(
        p, &(struct page_chart){
               .id = "deadline",
               .title = arena_printf(p->arena, _("Cost against the deadline: %s"), t->title),
               .note = _("Each point is a plan of its own."),
               .spec = deadlines_spec(p, t),
               .table = &table});
}

/* --- what moves the total most --- */

static micro_t swing_of(const struct page *p, const struct sweep_point *end)
{
    return end->has_plan ? end->cost - p->run->cost : 0;
}

static json_t *swing_series(const struct page *p, const char *name, int colour, bool high)
{
    const struct dossier_around *around = &p->dossier->around;
    json_t *one = json_object(), *values = json_array(), *texts = json_array();
    for (size_t i = 0; i < around->n_swings && i < SHORT_VALUES; i++) {
        const struct swing *s = &around->swings[i];
        const struct sweep_point *end = high ? s->high : s->low;
        json_array_append_new(values, json_real((double)swing_of(p, end) / 1e6));
        json_array_append_new(
            texts,
            json_string(end->has_plan ? page_money_signed(p, swing_of(p, end)) : _("no plan")));
    }
    page_put(one, "name", json_string(name));
    page_put(one, "colour", json_integer(colour));
    page_put(one, "values", values);
    page_put(one, "texts", texts);
    return one;
}

static json_t *swings_spec(const struct page *p)
{
    const struct dossier_around *around = &p->dossier->around;
    json_t *spec = json_object(), *series = json_array(), *labels = json_array(),
           *x = json_object();
    size_t n = 0;
    for (; n < around->n_swings && n < SHORT_VALUES; n++)
        json_array_append_new(labels, page_json(p, around->swings[n].path));
    json_array_append_new(series, swing_series(p, _("at its low end"), 1, false));
    json_array_append_new(series, swing_series(p, _("at its high end"), 2, true));
    page_put(x, "unit", page_money_unit(p));
    page_put(spec, "kind", json_string("tornado"));
    page_put(spec, "rows", json_integer((json_int_t)n));
    page_put(spec, "labels", labels);
    page_put(spec, "series", series);
    page_put(spec, "x", x);
    page_put(spec, "y", json_object());
    return spec;
}

static const char *end_text(const struct page *p, const char *value, const struct sweep_point *end)
{
    return end->has_plan
               ? arena_printf(p->arena, "%s: %s", value, page_money_signed(p, swing_of(p, end)))
               : arena_printf(p->arena, "%s: %s", value, _("no plan"));
}

static void swings_chart(const struct page *p)
{
    static const struct sheet_column columns[] = {{"input", N_("number"), 'l', false},
                                                  {"base", N_("counted with"), 'r', true},
                                                  {"low", N_("at its low end"), 'r', true},
                                                  {"high", N_("at its high end"), 'r', true}};
    const struct dossier_around *around = &p->dossier->around;
    if (around->n_swings == 0) return;
    struct sheet table = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < around->n_swings; i++) {
        const struct swing *s = &around->swings[i];
        struct sheet_cell *cells = sheet_row(&table);
        cells[0] = sheet_text(s->path);
        cells[1] = sheet_text(s->base_value);
        cells[2] = sheet_text(end_text(p, s->low_value, s->low));
        cells[3] = sheet_text(end_text(p, s->high_value, s->high));
    }
    page_chart_print(p,
                     &(struct page_chart){.id = "swings",
                                          .title = _("What moves the total most"),
                                          .note = _("Each number of the scenario with a low and a "
                                                    "high end, all else as it is: planned anew."),
                                          .spec = swings_spec(p),
                                          .table = &table});
}

void page_costs(const struct page *p)
{
    worlds_chart(p);
    deadlines_chart(p);
    swings_chart(p);
}
