/* Limits of the report page in words: what one unit more would save, commitments, budgets. */
#include "report/page.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

static const char *where_text(const struct page *p, const char *file, long line)
{
    if (!file) return "";
    return line > 0 ? arena_printf(p->arena, "%s:%ld", file, line) : file;
}

/* Nothing is saved at first, but something later. */
static bool saves_later(const json_t *limit)
{
    return json_number_value(json_object_get(limit, "then_saves")) > 0 &&
           json_is_number(json_object_get(limit, "up_to"));
}

static const char *later_text(const struct page *p, const struct saved_limit *l,
                              const json_t *limit)
{
    const double up_to = json_number_value(json_object_get(limit, "up_to"));
    const double then = json_number_value(json_object_get(limit, "then_saves"));
    return arena_printf(p->arena,
                        _("%s: the next %s more save nothing, beyond which one saves %s."),
                        l->limit, number_text(p->arena, up_to, 2), page_price(p, then));
}

static const char *limit_text(const struct page *p, const struct saved_limit *l,
                              const json_t *limit)
{
    struct arena *a = p->arena;
    const char *unit = l->unit && *l->unit ? _(l->unit) : "";
    const char *reason = json_string_value(json_object_get(limit, "reason"));
    if (!isfinite(l->saves) && reason)
        return arena_printf(a, _("%s: what more of it would save is not known (%s)."), l->limit,
                            reason);
    if (!isfinite(l->saves))
        return arena_printf(
            a, _("%s allows nothing, so nothing is known of what more of it would save."),
            l->limit);
    if (l->saves <= 0 && saves_later(limit)) return later_text(p, l, limit);
    if (l->saves <= 0)
        return arena_printf(a, _("%s is not used up: more of it saves nothing."), l->limit);
    return arena_printf(a, _("One %s more of %s would save about %s."), unit, l->limit,
                        page_price(p, l->saves));
}

/* Rounded down: what is said of a range is true within it. */
static const char *units_text(const struct page *p, double units)
{
    return number_text(p->arena, floor(units * 100 + 1e-7) / 100, 2);
}

/* How far that holds, or why that is not known; "" where it was not asked. */
static const char *range_text(const struct page *p, const json_t *limit)
{
    json_t *up_to = json_object_get(limit, "up_to"), *then = json_object_get(limit, "then_saves");
    const char *reason = json_string_value(json_object_get(limit, "reason"));
    if (!json_is_number(up_to)) return reason ? arena_printf(p->arena, "(%s)", reason) : "";
    const char *more = units_text(p, json_number_value(up_to));
    if (!json_is_number(then)) return arena_printf(p->arena, _("That holds for %s more."), more);
    return arena_printf(p->arena, _("That holds for %s more, beyond which one saves %s."), more,
                        page_price(p, json_number_value(then)));
}

static const char *less_text(const struct page *p, const json_t *limit)
{
    json_t *costs = json_object_get(limit, "costs");
    if (!json_is_number(costs) || json_number_value(costs) <= 0) return "";
    return arena_printf(p->arena, _("One less costs %s."), page_price(p, json_number_value(costs)));
}

static void limit_print(const struct page *p, size_t i)
{
    const struct saved_limit *l = &p->run->limits[i];
    const json_t *limit = json_array_get(json_object_get(p->document, "limits"), i);
    html_print(p->out, p->arena,
               "<li>%s <span>%s</span> <span>%s</span> <span class=\"quiet\">%s</span></li>\n",
               limit_text(p, l, limit), l->saves > 0 ? range_text(p, limit) : "",
               less_text(p, limit), where_text(p, l->file, l->line));
}

static void limits_print(const struct page *p)
{
    const struct saved_run *r = p->run;
    if (r->n_limits == 0) return;
    html_print(p->out, p->arena, "<section class=\"panel\"><h2>%s</h2>\n<ul>\n",
               _("What the limits cost"));
    for (size_t i = 0; i < r->n_limits; i++)
        if (!(r->limits[i].saves <= 0)) limit_print(p, i);
    for (size_t i = 0; i < r->n_limits; i++)
        if (r->limits[i].saves <= 0) limit_print(p, i);
    fputs("</ul></section>\n", p->out);
}

static void budgets_print(const struct page *p)
{
    static const struct sheet_column columns[] = {
        {"owner", N_("owner"), 'l', false},    {"month", N_("month"), 'l', false},
        {"planned", N_("planned"), 'r', true}, {"limit", N_("limit"), 'r', true},
        {"share", N_("share"), 'r', true},     {"state", N_("state"), 'l', false}};
    const struct saved_run *r = p->run;
    if (r->n_budgets == 0) return;
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->n_budgets; i++) {
        const struct saved_budget *b = &r->budgets[i];
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(b->owner ? b->owner : _("all"));
        cells[1] = sheet_text(b->month ? b->month : _("the whole plan"));
        cells[2] = sheet_text(page_money(p, b->planned));
        cells[3] = sheet_text(page_money(p, b->limit));
        cells[4] = sheet_text(
            b->limit > 0 ? percent_text(p->arena, (double)b->planned / (double)b->limit, 1) : NULL);
        cells[5] = sheet_text(saved_state_label(b->state));
    }
    html_print(p->out, p->arena,
               "<section class=\"panel\"><h2>%s</h2>\n<div class=\"scroll\" tabindex=\"0\" "
               "role=\"region\" aria-label=\"%s\">\n",
               _("Budgets"), _("Budgets"));
    page_table(p, &s);
    fputs("</div></section>\n", p->out);
}

static const char *finish_hours(const struct page *p, const struct saved_spread *s)
{
    return isfinite(s->p90) ? arena_printf(p->arena, "%s / %s", number_text(p->arena, s->p50, 1),
                                           number_text(p->arena, s->p90, 1))
                            : NULL;
}

static void lucks_print(const struct page *p)
{
    static const struct sheet_column columns[] = {
        {"workload", N_("workload"), 'l', false},
        {"planned", N_("planned"), 'r', true},
        {"mean", N_("mean"), 'r', true},
        {"p10", N_("p10"), 'r', true},
        {"p50", N_("p50"), 'r', true},
        {"p90", N_("p90"), 'r', true},
        {"finish", N_("done after hours, p50 / p90"), 'r', true},
        {"interruptions", N_("interruptions, mean"), 'r', true},
        {"missed", N_("late or target missed"), 'r', true}};
    const struct saved_run *r = p->run;
    if (r->n_lucks == 0) return;
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->n_lucks; i++) {
        const struct saved_luck *l = &r->lucks[i];
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(saved_workload_title(r, l->workload, p->arena));
        cells[1] = sheet_text(page_money(p, l->planned));
        cells[2] = sheet_text(page_amount(p, l->cost.mean));
        cells[3] = sheet_text(page_amount(p, l->cost.p10));
        cells[4] = sheet_text(page_amount(p, l->cost.p50));
        cells[5] = sheet_text(page_amount(p, l->cost.p90));
        cells[6] = sheet_text(finish_hours(p, &l->finish_h));
        cells[7] = sheet_number(p->arena, l->interruptions.mean, 1);
        cells[8] = sheet_text(chance_text(l->missed, l->missed_low, l->missed_high, p->arena));
    }
    html_print(p->out, p->arena,
               "<section class=\"panel\"><h2>%s</h2>\n<div class=\"scroll\" tabindex=\"0\" "
               "role=\"region\" aria-label=\"%s\">\n",
               _("Luck, by workload"), _("Luck, by workload"));
    page_table(p, &s);
    fputs("</div></section>\n", p->out);
}

void page_limits(const struct page *p)
{
    lucks_print(p);
    budgets_print(p);
    limits_print(p);
}

void page_no_plan(const struct page *p)
{
    const struct saved_run *r = p->run;
    html_print(p->out, p->arena, "<section class=\"panel\"><h2>%s</h2>\n<ul>\n",
               saved_status_label(r->status));
    for (size_t i = 0; i < r->n_conflicts; i++) {
        const struct saved_conflict *c = &r->conflicts[i];
        html_print(p->out, p->arena, "<li>%s", c->what ? c->what : "-");
        if (c->change) html_print(p->out, p->arena, " → %s", c->change);
        html_print(p->out, p->arena, " <span class=\"quiet\">%s</span></li>\n",
                   where_text(p, c->file, c->line));
    }
    fputs("</ul></section>\n", p->out);
}
