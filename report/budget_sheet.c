#include "common/text.h"
#include "report/budget.h"
#include "report/cells.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum {
    NAME,
    MONTH,
    PLANNED,
    EXPECTED,
    P50,
    P90,
    QUANTILE,
    LIMIT,
    USED,
    CHANCE,
    CHANCE_LOW,
    CHANCE_HIGH,
    STATE,
    STATE_TEXT,
    CURRENCY,
    N_COLUMNS
};

static const char *heading(enum budget_by by)
{
    static const char *const headings[] = {N_("Owner"), N_("Month"), N_("Tag")};
    return _(headings[by]);
}

/* "p90" for 90 %, "p97.5" for 97.5 %. */
static const char *quantile_name(double confidence, struct arena *a)
{
    return arena_printf(a, "p%.6g", confidence * 100);
}

static bool any_month(const struct budget_table *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->rows[i].month) return true;
    return false;
}

static struct sheet_column *columns_make(const struct budget_table *t, struct arena *a)
{
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, N_COLUMNS);
    const bool months = t->by == BY_OWNER && any_month(t);
    const char *at = quantile_name(t->confidence, a);
    const char *used = t->luck ? arena_printf(a, _("used at %s"), at) : _("used");
    c[NAME] = (struct sheet_column){"name", heading(t->by), 'l', false};
    c[MONTH] = (struct sheet_column){"month", months ? _("month") : "", 'l', false};
    c[PLANNED] = (struct sheet_column){"planned", _("planned"), 'r', true};
    c[EXPECTED] = (struct sheet_column){"expected", t->luck ? _("expected") : "", 'r', true};
    c[P50] = (struct sheet_column){"p50", "", 'r', true};
    c[P90] = (struct sheet_column){"p90", "", 'r', true};
    c[QUANTILE] = (struct sheet_column){"at_confidence", t->luck ? at : "", 'r', true};
    c[LIMIT] = (struct sheet_column){"limit", _("budget"), 'r', true};
    c[USED] = (struct sheet_column){"used", used, 'r', true};
    c[CHANCE] = (struct sheet_column){"over_budget", "", 'r', true};
    c[CHANCE_LOW] = (struct sheet_column){"over_budget_low", "", 'r', true};
    c[CHANCE_HIGH] = (struct sheet_column){"over_budget_high", "", 'r', true};
    c[STATE] = (struct sheet_column){"state", "", 'l', false};
    c[STATE_TEXT] = (struct sheet_column){NULL, _("state"), 'l', false};
    c[CURRENCY] = (struct sheet_column){"currency", "", 'l', false};
    return c;
}

static const char *row_name(const struct budget_table *t, const struct budget_row *r)
{
    if (r->total) return _("Total");
    if (t->by == BY_MONTH) return r->month;
    return r->name ? r->name : _("(no owner)");
}

static const char *list_text(const char *const *names, size_t n, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++) text = arena_printf(a, "%s%s%s", text, i ? ", " : "", names[i]);
    return text;
}

static const char *state_text(const struct budget_table *t, const struct budget_row *r,
                              struct arena *a)
{
    if (!r->total && !r->name && t->by == BY_OWNER)
        return t->n_unowned
                   ? arena_printf(a, _("add owner: to %s"), list_text(t->unowned, t->n_unowned, a))
                   : _("unused commitments");
    if (!r->has_limit) return "";
    if (r->state == BUDGET_OVER) return _("OVER");
    if (r->state == BUDGET_WARN)
        return arena_printf(a, _("WARN above %s"), percent_text(a, t->warn_at, 0));
    return _("ok");
}

/* Money of a simulated figure, which is a double. */
static struct sheet_cell luck_cell(double value, int decimals, struct arena *a)
{
    return sheet_both(amount_text(a, (micro_t)llround(value * 1e6), decimals), real_text(a, value));
}

static void row_put(struct sheet *sheet, const struct budget_table *t, const struct budget_row *r,
                    int decimals, micro_t *shown)
{
    static const char *const words[] = {"ok", "warn", "over"};
    struct arena *a = sheet->arena;
    struct sheet_cell *c = sheet_row(sheet);
    c[NAME] = sheet_both(row_name(t, r), r->total ? "total" : r->name);
    c[MONTH] = sheet_both(r->month ? r->month : "", r->month);
    /* Rows are rounded so that they add up to the total as it is printed. */
    micro_t own = r->planned;
    if (!r->total && t->by != BY_TAG) own = amount_shown(r->planned, amount_unit(decimals), shown);
    c[PLANNED] = sheet_both(amount_text(a, own, decimals), micro_text(a, r->planned));
    if (t->luck) {
        c[EXPECTED] = luck_cell(r->expected, decimals, a);
        c[P50] = luck_cell(r->p50, decimals, a);
        c[P90] = luck_cell(r->p90, decimals, a);
        c[QUANTILE] = luck_cell(r->at_confidence, decimals, a);
    }
    c[STATE_TEXT] = sheet_text(state_text(t, r, a));
    c[CURRENCY] = sheet_text(currency_name(t->result->plan->scenario->currency));
    if (!r->has_limit) return;
    c[STATE] = sheet_text(words[r->state]);
    c[LIMIT] = sheet_both(amount_text(a, r->limit, decimals), micro_text(a, r->limit));
    const double counted = t->luck ? r->at_confidence : (double)r->planned / 1e6;
    if (r->limit > 0) {
        const double used = counted / ((double)r->limit / 1e6);
        c[USED] = sheet_both(percent_text(a, used, 0), real_text(a, used));
    }
    if (!t->luck) return;
    c[CHANCE] = sheet_both("", real_text(a, r->over.estimate));
    c[CHANCE_LOW] = sheet_both("", real_text(a, r->over.interval.low));
    c[CHANCE_HIGH] = sheet_both("", real_text(a, r->over.interval.high));
}

static void chance_notes(struct sheet *sheet, const struct budget_table *t, int decimals)
{
    struct arena *a = sheet->arena;
    for (size_t i = 0; i < t->n; i++) {
        const struct budget_row *r = &t->rows[i];
        if (!r->has_limit || !(r->total || r->state != BUDGET_OK)) continue;
        const char *who = row_name(t, r);
        if (r->month && t->by != BY_MONTH) who = arena_printf(a, "%s %s", who, r->month);
        sheet_note(sheet, _("Chance of passing %s, %s: %s"), amount_text(a, r->limit, decimals),
                   who, proportion_text(&r->over, a));
    }
}

struct sheet *budget_sheet(const struct budget_table *t, struct arena *a)
{
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, columns_make(t, a), N_COLUMNS);
    sheet->title = arena_printf(a, "%s, %s", result_title(t->result, a),
                                currency_name(t->result->plan->scenario->currency));
    const int decimals = amount_decimals(t->result->plan->cost);
    micro_t shown = 0;
    for (size_t i = 0; i < t->n; i++) row_put(sheet, t, &t->rows[i], decimals, &shown);
    if (t->luck)
        chance_notes(sheet, t, decimals);
    else if (t->result->plan->scenario->budget.given)
        sheet_note(sheet, "%s", _("Planned cost only: chances need simulation."));
    return sheet;
}
