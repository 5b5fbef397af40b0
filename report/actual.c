#include "report/actual.h"
#include "common/text.h"
#include "report/cells.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t day_us = 24 * US_PER_H;

/* Hours and money of one way of paying for one machine type. */
struct item {
    const char *type, *market;
    double planned_h, actual_h;
    micro_t planned, actual;
};

struct items {
    struct arena *arena;
    struct item *items;
    size_t n;
};

static struct item *item_of(struct items *list, const char *type, const char *market)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].type, type) == 0 && strcmp(list->items[i].market, market) == 0)
            return &list->items[i];
    *ARENA_PUSH(list->arena, list->items, list->n) = (struct item){.type = type, .market = market};
    return &list->items[list->n - 1];
}

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static const char *cell_owner(const struct plan *p, const struct cell *c)
{
    return c->workload == NO_INDEX ? "" : text_or_empty(p->scenario->workloads[c->workload].owner);
}

static micro_t cell_cost(const struct cell *c)
{
    micro_t cost = 0;
    for (size_t k = 0; k < N_PARTS; k++) cost += c->part[k];
    return cost;
}

/* First moment of the plan's month k, within the plan. */
static moment_t month_first(const struct plan *p, int k)
{
    moment_t m = month_start(p->scenario->start);
    for (int i = 0; i < k; i++) m = next_month_start(m);
    return m > p->scenario->start ? m : p->scenario->start;
}

static moment_t month_last(const struct plan *p, int k)
{
    const moment_t end = p->scenario->start + p->scenario->length_us;
    const moment_t next = next_month_start(month_first(p, k));
    return next < end ? next : end;
}

/* Share of a cell that lies before `until`: whole days, or for what has no day the part of the month that is over. */
static double share_over(const struct actual_table *t, const struct cell *c, int month)
{
    const moment_t start = t->result->plan->scenario->start;
    const moment_t midnight = start - ((start % day_us) + day_us) % day_us;
    if (c->day >= 0) return midnight + (c->day + 1) * day_us <= t->until ? 1 : 0;
    const moment_t first = month_first(t->result->plan, month),
                   last = month_last(t->result->plan, month);
    const double over = (double)(t->until - first) / (double)(last - first);
    return fmin(1, fmax(0, over));
}

/* A machine by use; subscriptions and plans are paid whether used or not and count as other money. */
static bool by_use(const struct plan *p, const struct cell *c)
{
    if (c->offer == NO_INDEX || c->paid_us <= 0) return false;
    const enum market_id market = p->offers[c->offer].market->id;
    return market != MARKET_SUBSCRIPTION && market != MARKET_SAVINGS_PLAN;
}

/* Autoscaled machines are billed as on-demand ones. */
static const char *billed_market(const struct offer *o)
{
    return o->market->id == MARKET_SPOT ? "spot" : "on_demand";
}

static void planned_add(struct actual_row *r, struct items *items, const struct actual_table *t,
                        const struct cell *c, int month)
{
    const double over = share_over(t, c, month);
    const micro_t cost = cell_cost(c),
                  to_date = over >= 1 ? cost : (micro_t)llround((double)cost * over);
    r->planned += cost;
    r->planned_to_date += to_date;
    if (!by_use(t->result->plan, c) || over < 1) {
        if (over > 0) r->other -= to_date;
        return;
    }
    const struct offer *o = &t->result->plan->offers[c->offer];
    struct item *i =
        item_of(items, book_type(t->result->plan->book, o->type)->name, billed_market(o));
    i->planned += cost;
    i->planned_h += (double)(c->paid_us + c->start_us) / (double)US_PER_H;
}

static void actual_add(struct actual_row *r, struct items *items, const struct spend_line *l)
{
    const bool machine =
        *l->type && l->hours > 0 && (l->market == SPEND_SPOT || l->market == SPEND_ON_DEMAND);
    r->actual += l->amount;
    if (!machine) {
        r->other += l->amount;
        return;
    }
    struct item *i = item_of(items, l->type, spend_market_name(l->market));
    i->actual += l->amount;
    i->actual_h += l->hours;
}

static void parts_fill(struct actual_row *r, const struct items *items)
{
    micro_t planned = 0, actual = 0;
    double price = 0;
    for (size_t k = 0; k < items->n; k++) {
        const struct item *i = &items->items[k];
        planned += i->planned;
        actual += i->actual;
        r->planned_h += i->planned_h;
        r->actual_h += i->actual_h;
        if (i->planned_h > 0 && i->actual_h > 0)
            price += (double)i->actual - (double)i->planned / i->planned_h * i->actual_h;
    }
    const double mean = r->planned_h > 0 ? (double)planned / r->planned_h : 0;
    r->price = (micro_t)llround(price);
    r->volume = (micro_t)llround((r->actual_h - r->planned_h) * mean);
    r->mix = actual - planned - r->price - r->volume;
}

static void forecast_fill(struct actual_row *r)
{
    const double factor = r->planned_to_date > 0 && r->actual > 0
                              ? (double)r->actual / (double)r->planned_to_date
                              : 1;
    r->forecast = r->actual + (micro_t)llround((double)(r->planned - r->planned_to_date) * factor);
}

/* --- owners --- */

struct owners {
    const char **items;
    size_t n;
};

static void owner_note(struct owners *owners, const char *owner, struct arena *a)
{
    for (size_t i = 0; i < owners->n; i++)
        if (strcmp(owners->items[i], owner) == 0) return;
    *ARENA_PUSH(a, owners->items, owners->n) = owner;
}

/* Owners in the order of the file, then those that only the bill has; "" last. */
static struct owners owners_of(const struct actual_table *t, struct arena *a)
{
    struct owners owners = {0};
    const struct scenario *s = t->result->plan->scenario;
    for (size_t w = 0; w < s->n_workloads; w++)
        if (s->workloads[w].owner) owner_note(&owners, s->workloads[w].owner, a);
    for (size_t i = 0; i < t->spend->n_lines; i++)
        if (*t->spend->lines[i].owner) owner_note(&owners, t->spend->lines[i].owner, a);
    owner_note(&owners, "", a);
    return owners;
}

static int month_number(const char *month)
{
    return 12 * atoi(month) + atoi(month + 5) - 1;
}

static struct actual_row row_make(const struct actual_table *t, const char *owner, int month,
                                  const struct cell *cells, size_t n, struct arena *a)
{
    struct actual_row r = {.owner = owner, .month = t->result->plan->months[month]};
    struct items items = {.arena = a};
    for (size_t k = 0; k < n; k++)
        if (cells[k].month == month && strcmp(cell_owner(t->result->plan, &cells[k]), owner) == 0)
            planned_add(&r, &items, t, &cells[k], month);
    for (size_t k = 0; k < t->spend->n_lines; k++) {
        const struct spend_line *l = &t->spend->lines[k];
        if (l->month == month_number(r.month) && strcmp(l->owner, owner) == 0)
            actual_add(&r, &items, l);
    }
    parts_fill(&r, &items);
    forecast_fill(&r);
    return r;
}

static void total_add(struct actual_row *total, const struct actual_row *r)
{
    total->planned += r->planned;
    total->planned_to_date += r->planned_to_date;
    total->actual += r->actual;
    total->price += r->price;
    total->volume += r->volume;
    total->mix += r->mix;
    total->other += r->other;
    total->planned_h += r->planned_h;
    total->actual_h += r->actual_h;
    total->forecast += r->forecast;
}

static enum err month_fill(struct actual_table *t, int month, const struct cell *cells, size_t n,
                           struct arena *a, struct diag *d)
{
    const struct owners owners = owners_of(t, a);
    struct actual_row total = {.owner = "", .month = t->result->plan->months[month], .total = true};
    for (size_t k = 0; k < owners.n; k++) {
        const struct actual_row r = row_make(t, owners.items[k], month, cells, n, a);
        if (r.price + r.volume + r.mix + r.other != r.actual - r.planned_to_date)
            return diag_error(d, ERR_INTERNAL, (struct place){0},
                              _("the parts of the difference to the bill do not add up"));
        total_add(&total, &r);
        if (r.planned || r.actual) *ARENA_PUSH(a, t->rows, t->n) = r;
    }
    *ARENA_PUSH(a, t->rows, t->n) = total;
    return OK;
}

enum err actual_fill(struct actual_table *t, struct arena *a, struct diag *d)
{
    const struct plan *p = t->result->plan;
    const char *currency = currency_name(p->scenario->currency);
    if (t->spend->currency && strcmp(t->spend->currency, currency) != 0) {
        const enum err code =
            diag_error(d, ERR_SPEND_CURRENCY, (struct place){0},
                       _("the bill is in %s and the plan in %s"), t->spend->currency, currency);
        diag_fix(d, _("set `currency: %s` in the scenario, with fx where prices need it"),
                 t->spend->currency);
        return code;
    }
    size_t n;
    const struct cell *cells = cells_make(&n, p, a);
    const moment_t next_day = t->spend->to - ((t->spend->to % day_us) + day_us) % day_us + day_us;
    if (t->spend->n_lines) t->until = next_day;
    for (size_t month = 0; month < p->n_months; month++) {
        bool billed = false;
        for (size_t k = 0; k < t->spend->n_lines; k++)
            billed = billed || t->spend->lines[k].month == month_number(p->months[month]);
        if (billed) TRY(month_fill(t, (int)month, cells, n, a, d));
    }
    t->outside = t->spend->total;
    for (size_t k = 0; k < t->n; k++)
        if (t->rows[k].total) t->outside -= t->rows[k].actual;
    return OK;
}

/* --- as a table --- */

enum {
    OWNER,
    MONTH,
    PLANNED,
    TO_DATE,
    ACTUAL,
    DIFFERENCE,
    PRICE,
    VOLUME,
    MIX,
    OTHER,
    FORECAST,
    PLANNED_H,
    ACTUAL_H,
    CURRENCY,
    N_COLUMNS
};

static const struct sheet_column columns[N_COLUMNS] = {
    [OWNER] = {"owner", N_("Owner"), 'l', false},
    [MONTH] = {"month", N_("month"), 'l', false},
    [PLANNED] = {"planned", N_("planned"), 'r', true},
    [TO_DATE] = {"planned_to_date", N_("to date"), 'r', true},
    [ACTUAL] = {"actual", N_("actual"), 'r', true},
    [DIFFERENCE] = {"difference", N_("difference"), 'r', true},
    [PRICE] = {"price", N_("price"), 'r', true},
    [VOLUME] = {"volume", N_("volume"), 'r', true},
    [MIX] = {"mix", N_("mix"), 'r', true},
    [OTHER] = {"other", N_("other"), 'r', true},
    [FORECAST] = {"forecast", N_("month's end"), 'r', true},
    [PLANNED_H] = {"planned_machine_hours", "", 'r', true},
    [ACTUAL_H] = {"actual_machine_hours", "", 'r', true},
    [CURRENCY] = {"currency", "", 'l', false},
};

static struct sheet_cell money_cell(struct arena *a, micro_t amount)
{
    char text[64];
    return sheet_both(arena_strdup(a, money_print(text, sizeof text, amount, 0, true)),
                      micro_text(a, amount));
}

static void row_write(struct sheet *s, const struct actual_table *t, const struct actual_row *r)
{
    struct arena *a = s->arena;
    struct sheet_cell *cells = sheet_row(s);
    cells[OWNER] = r->total ? sheet_both(_("Total"), "total")
                            : sheet_both(*r->owner ? r->owner : _("(no owner)"), r->owner);
    cells[MONTH] = sheet_text(r->month);
    const micro_t amounts[] = {
        r->planned, r->planned_to_date, r->actual, r->actual - r->planned_to_date,
        r->price,   r->volume,          r->mix,    r->other,
        r->forecast};
    for (size_t k = 0; k < sizeof amounts / sizeof *amounts; k++)
        cells[PLANNED + k] = money_cell(a, amounts[k]);
    cells[PLANNED_H] = sheet_number(a, r->planned_h, 2);
    cells[ACTUAL_H] = sheet_number(a, r->actual_h, 2);
    cells[CURRENCY] = sheet_text(currency_name(t->result->plan->scenario->currency));
}

static void notes_write(struct sheet *s, const struct actual_table *t)
{
    char day[32], money[64];
    if (!t->n) {
        sheet_note(s, "%s", _("No month of the plan is in the bill."));
        return;
    }
    moment_print(day, sizeof day, t->until);
    sheet_note(s,
               _("The bill (%s, column %s) is taken as whole before %.10s; \"to date\" is the plan "
                 "up to then."),
               t->spend->form, t->spend->cost, day);
    sheet_note(s, "%s",
               _("difference = price (other prices) + volume (more or fewer machine-hours) + mix "
                 "(other machines or "
                 "markets) + other (storage, terms, what is no machine)."));
    sheet_note(s, "%s",
               _("month's end: what was spent, then the plan times actual / planned so far."));
    if (t->spend->currency_assumed)
        sheet_note(s, _("The bill does not name its currency: %s is assumed."), t->spend->currency);
    if (t->outside)
        sheet_note(s, _("%s of the bill lie in months the plan does not have."),
                   money_print(money, sizeof money, t->outside, 2, true));
    if (t->spend->n_empty)
        sheet_note(s,
                   ngettext("%zu row of the bill has no amount.",
                            "%zu rows of the bill have no amount.", t->spend->n_empty),
                   t->spend->n_empty);
}

struct sheet *actual_sheet(const struct actual_table *t, struct arena *a)
{
    struct sheet *s = ARENA_NEW(a, struct sheet, 1);
    *s = sheet_new(a, columns, N_COLUMNS);
    s->title = arena_printf(a, "%s, %s", result_title(t->result, a),
                            currency_name(t->result->plan->scenario->currency));
    for (size_t k = 0; k < t->n; k++) row_write(s, t, &t->rows[k]);
    notes_write(s, t);
    return s;
}
