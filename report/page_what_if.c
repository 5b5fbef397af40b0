/* Sliders of the report page over plans that were solved beforehand. */
#include "report/page.h"
#include "report/quote.h"
#include "report/retell.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct axis_words {
    const char *label, *unit;
    double shown; /* times the value */
    int decimals;
};

static struct axis_words words_of(const struct what_if_axis *axis)
{
    static const struct axis_words words[] = {
        [WHAT_IF_SPOT_PRICE] = {N_("spot price"), "%", 100, 0},
        [WHAT_IF_DEADLINE] = {N_("time until the deadlines"), "%", 100, 0},
        [WHAT_IF_LOAD] = {N_("load of the services"), "%", 100, 0},
    };
    return words[axis->kind];
}

static const char *value_text(const struct page *p, const struct what_if_axis *axis, double value)
{
    const struct axis_words w = words_of(axis);
    return arena_printf(p->arena, "%.*g%s", 6, value * w.shown, w.unit);
}

static json_t *settings_json(const struct page *p, const struct what_if_axis *axis)
{
    json_t *list = json_array();
    for (size_t i = 0; i < axis->n_settings; i++) {
        const struct what_if_setting *s = &axis->settings[i];
        json_t *o = json_object();
        page_put(o, "before",
                 page_json(p, quote_shell_word(p->arena, arena_printf(p->arena, "%s=", s->path))));
        page_put(o, "after", page_json(p, s->unit));
        page_put(o, "times", json_real(s->times));
        page_put(o, "digits", json_integer(*s->unit ? 0 : 4));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *axis_json(const struct page *p, const struct what_if_axis *axis)
{
    const struct axis_words w = words_of(axis);
    json_t *o = json_object(), *values = json_array(), *texts = json_array();
    for (size_t i = 0; i < axis->n; i++) {
        json_array_append_new(values, json_real(axis->values[i]));
        json_array_append_new(texts, json_string(value_text(p, axis, axis->values[i])));
    }
    page_put(o, "values", values);
    page_put(o, "texts", texts);
    page_put(o, "now", json_integer((json_int_t)axis->now));
    page_put(o, "shown", json_real(w.shown));
    page_put(o, "decimals", json_integer(w.decimals));
    page_put(o, "unit", json_string(w.unit));
    page_put(o, "set", settings_json(p, axis));
    return o;
}

static json_t *point_json(const struct page *p, const struct sweep_point *at)
{
    json_t *o = json_object();
    if (!at->has_plan) {
        page_put(o, "cost", json_null());
        page_put(o, "text", json_string("-"));
        page_put(o, "note",
                 page_json(p, retell_text(p->retell, at->message, p->chinese, p->arena)));
        return o;
    }
    const char *note = arena_printf(p->arena, _("%ld machines at most, %s machine-hours"),
                                    at->machines, number_text(p->arena, at->machine_h, 0));
    if (at->has_jobs && *at->finish)
        note = arena_printf(p->arena, _("%s, done %s"), note, at->finish);
    page_put(o, "cost", json_real((double)at->cost / 1e6));
    page_put(o, "text", json_string(page_money(p, at->cost)));
    page_put(o, "note", page_json(p, note));
    return o;
}

static json_t *table_json(const struct page *p, const struct what_if_table *t)
{
    json_t *o = json_object(), *axes = json_array(), *set = json_array(), *points = json_array();
    for (size_t i = 0; i < t->n_axes; i++)
        json_array_append_new(axes, json_integer((json_int_t)t->axes[i]));
    for (size_t i = 0; i < t->n_set; i++)
        json_array_append_new(set, page_json(p, quote_shell_word(p->arena, t->set[i])));
    for (size_t i = 0; i < t->n; i++) json_array_append_new(points, point_json(p, &t->points[i]));
    page_put(o, "axes", axes);
    page_put(o, "set", set);
    page_put(o, "points", points);
    page_put(o, "kept", json_boolean(t->kept));
    return o;
}

static const char *command_text(const struct page *p)
{
    const struct dossier *d = p->dossier;
    const char *command = arena_printf(p->arena, "gpumix plan %s",
                                       quote_shell_word(p->arena, d->around.scenario_path));
    if (strcmp(p->run->variant, "base") != 0)
        command = arena_printf(p->arena, "%s --variant %s", command,
                               quote_shell_word(p->arena, p->run->variant));
    for (size_t i = 0; i < d->n_set; i++)
        command =
            arena_printf(p->arena, "%s --set %s", command, quote_shell_word(p->arena, d->set[i]));
    return command;
}

static json_t *what_if_json(const struct page *p, const struct what_if *w)
{
    json_t *spec = json_object(), *axes = json_array(), *tables = json_array(),
           *text = json_object();
    for (size_t i = 0; i < w->n_axes; i++) json_array_append_new(axes, axis_json(p, &w->axes[i]));
    for (size_t i = 0; i < w->n_tables; i++)
        json_array_append_new(tables, table_json(p, &w->tables[i]));
    page_put(text, "solved", json_string(_("solved")));
    page_put(text, "between", json_string(_("interpolated")));
    page_put(text, "none", json_string(_("no plan")));
    page_put(text, "kept", json_string(_("plan kept")));
    page_put(text, "gap", json_string(_("Proven gap")));
    page_put(spec, "axes", axes);
    page_put(spec, "tables", tables);
    page_put(spec, "text", text);
    page_put(spec, "money", page_money_unit(p));
    page_put(spec, "now", json_real((double)p->run->cost / 1e6));
    page_put(spec, "command", page_json(p, command_text(p)));
    return spec;
}

static void knob_print(const struct page *p, const struct what_if *w, size_t i)
{
    const struct what_if_axis *axis = &w->axes[i];
    html_print(p->out, p->arena,
               "<div class=\"knob\"><label for=\"knob-%d-%s\">%s</label><output "
               "for=\"knob-%d-%s\">%s</output>"
               "<input type=\"range\" id=\"knob-%d-%s\" data-axis=\"%d\" min=\"0\" max=\"%d\" "
               "step=\"0.1\" value=\"%d\"></div>\n",
               (int)i, p->id, _(words_of(axis).label), (int)i, p->id,
               value_text(p, axis, axis->values[axis->now]), (int)i, p->id, (int)i,
               (int)axis->n - 1, (int)axis->now);
}

static void ways_print(const struct page *p, const struct what_if *w)
{
    if (w->n_tables < 2) return;
    html_print(p->out, p->arena,
               "<div class=\"knob\"><label for=\"ways-%s\">%s</label><select id=\"ways-%s\">",
               p->id, _("purchase"), p->id);
    for (size_t i = 0; i < w->n_tables; i++)
        html_print(p->out, p->arena, "<option value=\"%d\">%s</option>", (int)i,
                   w->tables[i].no_spot ? _("without spot") : _("as the scenario allows"));
    fputs("</select></div>\n", p->out);
}

/* The same plans as a table, for readers without scripts and for printing. */
static struct sheet solved_table(const struct page *p, const struct what_if *w,
                                 const struct what_if_table *t)
{
    struct sheet_column *columns = ARENA_NEW(p->arena, struct sheet_column, WHAT_IF_MOST_AXES + 2);
    size_t n = 0;
    for (; n < t->n_axes; n++)
        columns[n] =
            (struct sheet_column){"axis", words_of(&w->axes[t->axes[n]]).label, 'l', false};
    columns[n++] = (struct sheet_column){"cost", N_("cost"), 'r', true};
    columns[n++] = (struct sheet_column){"change", N_("against the plan"), 'r', true};
    struct sheet s = sheet_new(p->arena, columns, n);
    if (w->n_tables > 1) s.title = t->no_spot ? _("without spot") : _("as the scenario allows");
    for (size_t at = 0; at < t->n; at++) {
        struct sheet_cell *cells = sheet_row(&s);
        size_t rest = at;
        for (size_t k = t->n_axes; k-- > 0;) {
            const struct what_if_axis *axis = &w->axes[t->axes[k]];
            cells[k] = sheet_text(value_text(p, axis, axis->values[rest % axis->n]));
            rest /= axis->n;
        }
        const struct sweep_point *point = &t->points[at];
        cells[t->n_axes] = sheet_text(point->has_plan ? page_money(p, point->cost) : _("no plan"));
        cells[t->n_axes + 1] =
            sheet_text(point->has_plan ? page_money_signed(p, point->cost - p->run->cost) : NULL);
    }
    return s;
}

static const char *how_text(const struct page *p, const struct what_if *w)
{
    if (w->tables[0].kept)
        return _("No plans were solved for these sliders: they show what this plan would cost. A "
                 "new plan may be cheaper: the command below solves it, and `gpumix report FILE "
                 "--what-if 40` "
                 "makes a page with solved sliders.");
    return arena_printf(p->arena,
                        _("%zu plans were solved for these sliders. Between them costs are "
                          "interpolated; the command "
                          "below solves exactly what is set."),
                        w->n_solved);
}

void page_what_if(const struct page *p)
{
    const struct what_if *w = p->dossier->around.what_if;
    if (!w || w->n_tables == 0) return;
    html_print(p->out, p->arena,
               "<section class=\"panel what-if\"><h2>%s</h2>\n<p class=\"quiet\">", _("What if?"));
    html_prose(p->out, how_text(p, w), p->arena);
    html_print(p->out, p->arena, "%s</p>\n<div class=\"scripted screen\"><div class=\"knobs\">\n",
               w->reduced ? _(" The scenario takes long to solve, so these are few.") : "");
    for (size_t i = 0; i < w->n_axes; i++) knob_print(p, w, i);
    ways_print(p, w);
    html_print(p->out, p->arena,
               "</div>\n<div class=\"answer\" aria-live=\"polite\"><span>%s</span><span "
               "class=\"v\" data-out=\"cost\">%s</span>"
               "<span data-out=\"change\"></span><span class=\"tag solved\" "
               "data-out=\"how\">%s</span><span class=\"quiet\" data-out=\"note\"></span>"
               "<button type=\"button\" data-out=\"reset\">%s</button></div>\n"
               "<code class=\"command\" data-out=\"command\"></code></div>\n<script "
               "type=\"application/json\">",
               _("Planned cost"), page_money(p, p->run->cost), _("solved"), _("Back to the plan"));
    json_t *spec = what_if_json(p, w);
    char *json = json_dumps(spec, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(spec);
    if (json) html_json(p->out, json);
    free(json);
    html_print(p->out, p->arena,
               "</script>\n<details open><summary>%s</summary><div class=\"scroll\" tabindex=\"0\" "
               "role=\"region\" aria-label=\"%s\">\n",
               _("Show as table"), _("What if?"));
    for (size_t i = 0; i < w->n_tables; i++) {
        const struct sheet s = solved_table(p, w, &w->tables[i]);
        page_table(p, &s);
    }
    fputs("</div></details></section>\n", p->out);
}
