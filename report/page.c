/* What the sections of the report page share. */
#include "report/page.h"
#include "common/calendar.h"
#include "common/quantity.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *symbol_of(const struct page *p)
{
    return p->run->currency && strcmp(p->run->currency, "USD") == 0 ? "$" : "¥";
}

static const char *money_text(const struct page *p, micro_t amount, const char *plus)
{
    const micro_t size = llabs(amount);
    return arena_printf(p->arena, "%s%s%s", amount < 0 ? "-" : plus, symbol_of(p),
                        amount_text(p->arena, size, amount_decimals(p->run->cost)));
}

const char *page_money(const struct page *p, micro_t amount)
{
    return money_text(p, amount, "");
}

const char *page_money_signed(const struct page *p, micro_t amount)
{
    return money_text(p, amount, amount > 0 ? "+" : "");
}

const char *page_money_short(const struct page *p, micro_t amount)
{
    const double size = fabs((double)amount) / 1e6;
    if (!p->chinese || size < 1e4) return page_money(p, amount);
    const bool large = size >= 1e8;
    return arena_printf(p->arena, "%s%s%s%s", amount < 0 ? "-" : "", symbol_of(p),
                        number_text(p->arena, size / (large ? 1e8 : 1e4), 2), large ? "亿" : "万");
}

const char *page_amount(const struct page *p, double amount)
{
    return isfinite(amount) ? page_money(p, (micro_t)llround(amount * 1e6)) : "-";
}

const char *page_amount_short(const struct page *p, double amount)
{
    return isfinite(amount) ? page_money_short(p, (micro_t)llround(amount * 1e6)) : "-";
}

const char *page_price(const struct page *p, double price)
{
    if (!isfinite(price)) return "-";
    const int decimals = price != 0 && fabs(price) < 0.1 ? 4 : 2;
    return arena_printf(p->arena, "%s%s%s", price < 0 ? "-" : "", symbol_of(p),
                        number_text(p->arena, fabs(price), decimals));
}

const char *page_money_linked(const struct page *p, micro_t amount, micro_t *sum)
{
    return page_money(p, amount_shown(amount, amount_unit(amount_decimals(p->run->cost)), sum));
}

json_t *page_money_unit(const struct page *p)
{
    json_t *o = json_object();
    page_put(o, "kind", json_string("money"));
    page_put(o, "symbol", json_string(symbol_of(p)));
    page_put(o, "wan", json_boolean(p->chinese));
    page_put(o, "decimals", json_integer(amount_decimals(p->run->cost)));
    return o;
}

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0) return true;
    return false;
}

enum cost_group page_cost_group(const char *part, const char *market)
{
    static const char *const committed[] = {"committed", "commitment_new", NULL};
    static const char *const storage[] = {"disk", "storage", "egress", "retrieval", NULL};
    static const char *const late[] = {"late", "unserved", NULL};
    if (is_one_of(part, committed)) return COST_COMMITTED;
    if (is_one_of(part, storage)) return COST_STORAGE;
    if (is_one_of(part, late)) return COST_LATE;
    if (strcmp(part, "licence") == 0) return COST_LICENCE;
    if (market && strncmp(market, "spot", 4) == 0) return COST_SPOT;
    if (market && strcmp(market, "autoscaled") == 0) return COST_AUTOSCALED;
    if (market && (strcmp(market, "subscription") == 0 || strcmp(market, "savings_plan") == 0))
        return COST_COMMITTED;
    return COST_ON_DEMAND;
}

/* clang-format off */
static const struct { const char *label; int colour; } cost_groups[N_COST_GROUPS] = {
    [COST_ON_DEMAND]  = {N_("on-demand machines"), 0},
    [COST_AUTOSCALED] = {N_("autoscaled machines"), 5},
    [COST_SPOT]       = {N_("spot machines"), 1},
    [COST_COMMITTED]  = {N_("commitments"), 3},
    [COST_STORAGE]    = {N_("storage and traffic"), 2},
    [COST_LICENCE]    = {N_("licences"), 4},
    [COST_LATE]       = {N_("late or unserved work"), 7},
};
/* clang-format on */

const char *page_cost_label(enum cost_group g)
{
    return _(cost_groups[g].label);
}

int page_cost_colour(enum cost_group g)
{
    return cost_groups[g].colour;
}

json_t *page_json(const struct page *p, const char *text)
{
    return text ? json_string(safe_text(p->arena, text)) : json_null();
}

void page_put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

enum { SHORT_BYTES = 16 }; /* kept on one line: days, hours, places */

static void row_print(const struct page *p, const struct sheet *s, size_t row)
{
    fputs("<tr>", p->out);
    for (size_t c = 0; c < s->n_columns; c++) {
        const bool head = c == 0;
        const char *text = sheet_shown(&s->cells[row * s->n_columns + c]);
        html_print(p->out, p->arena, head ? "<th scope=\"row\"" : "<td");
        if (s->columns[c].align == 'r')
            fputs(" class=\"r\"", p->out);
        else if (text && *text && strlen(text) <= SHORT_BYTES)
            fputs(" class=\"one\"", p->out);
        html_print(p->out, p->arena, head ? ">%s</th>" : ">%s</td>", text);
    }
    fputs("</tr>\n", p->out);
}

void page_table(const struct page *p, const struct sheet *s)
{
    fputs("<table>", p->out);
    if (s->title) html_print(p->out, p->arena, "<caption>%s</caption>", s->title);
    fputs("<thead><tr>", p->out);
    for (size_t c = 0; c < s->n_columns; c++)
        html_print(p->out, p->arena,
                   s->columns[c].align == 'r' ? "<th scope=\"col\" class=\"r\">%s</th>"
                                              : "<th scope=\"col\">%s</th>",
                   _(s->columns[c].label));
    fputs("</tr></thead>\n<tbody>", p->out);
    for (size_t i = 0; i < s->n_rows; i++) row_print(p, s, i);
    fputs("</tbody></table>\n", p->out);
    for (size_t i = 0; i < s->n_notes; i++)
        html_print(p->out, p->arena, "<p class=\"quiet\">%s</p>\n", s->notes[i]);
}

void page_chart_print(const struct page *p, const struct page_chart *c)
{
    page_put(c->spec, "description", page_json(p, c->title));
    char *json = json_dumps(c->spec, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(c->spec);
    html_print(p->out, p->arena,
               "<figure class=\"panel chart%s%s\" id=\"%s-%s\" aria-labelledby=\"%s-h-%s\">"
               "<h2 id=\"%s-h-%s\">%s</h2>\n",
               c->wide ? " wide" : "", c->heat ? " heat" : "", c->id, p->id, c->id, p->id, c->id,
               p->id, c->title);
    if (c->note) html_print(p->out, p->arena, "<p class=\"quiet\">%s</p>\n", c->note);
    fputs("<div class=\"plot screen-plot\"></div>\n<script type=\"application/json\">", p->out);
    if (json) html_json(p->out, json);
    free(json);
    html_print(p->out, p->arena,
               "</script>\n<details open><summary>%s</summary>"
               "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n",
               _("Show as table"), c->title);
    page_table(p, c->table);
    fputs("</div></details></figure>\n", p->out);
}

double page_end_h(const struct saved_run *r)
{
    double end = 0;
    for (size_t i = 0; i < r->n_stretches; i++)
        if (r->stretches[i].to_h > end) end = r->stretches[i].to_h;
    return end;
}

/* Local moment at an hour of the horizon: as printed, "2026-12-01 00:00". */
moment_t page_moment(const struct page *p, double h)
{
    moment_t start = 0;
    const struct saved_run *r = p->run;
    if (r->start) (void)moment_parse(&start, r->start);
    return start + (moment_t)llround(h * (double)US_PER_H);
}

const char *page_moment_label(const struct page *p, double h)
{
    char text[64];
    return arena_strdup(p->arena, moment_print(text, sizeof text, page_moment(p, h)));
}
