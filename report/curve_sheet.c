#include "report/curve_sheet.h"
#include "report/wording.h"
#include <math.h>

enum { VARIANT, TYPE, MARKET, PLACE, COUNT, COST, SAVES, MARK, N_COLUMNS };

static const struct sheet_column columns[N_COLUMNS] = {
    [VARIANT] = {"variant", N_("variant"), 'l', false},
    [TYPE] = {"instance_type", N_("instance type"), 'l', false},
    [MARKET] = {"market", N_("market"), 'l', false},
    [PLACE] = {"place", N_("place"), 'l', false},
    [COUNT] = {"count", N_("committed"), 'r', true},
    [COST] = {"cost", N_("cost"), 'r', true},
    [SAVES] = {"one_more_saves", N_("one more saves"), 'r', true},
    [MARK] = {"mark", N_("mark"), 'l', false},
};

struct sheet curves_sheet(struct arena *a)
{
    return sheet_new(a, columns, N_COLUMNS);
}

/* Per machine (or unit of money) from point i to the next; NAN at the end or where one of the two has no plan. */
static double saves(const struct commitment_curve *c, size_t i)
{
    if (i + 1 >= c->n) return (double)NAN;
    const struct curve_point *x = &c->points[i], *y = x + 1;
    return (x->cost - y->cost) / (y->count - x->count);
}

/* "least", "plan" or both, for machines; translated for people. */
static struct sheet_cell mark_cell(const struct commitment_curve *c, size_t i)
{
    const bool least = i == c->least, plan = fabs(c->points[i].count - c->chosen) < 1e-6;
    if (least && plan) return sheet_both(_("<- least, and the plan's"), "least+plan");
    if (least) return sheet_both(_("<- least"), "least");
    if (plan) return sheet_both(_("<- the plan's"), "plan");
    return sheet_both("", "");
}

static struct sheet_cell amount_cell(double value, int decimals, struct arena *a)
{
    if (!isfinite(value)) return sheet_text(NULL);
    return sheet_both(number_text(a, value, decimals), arena_printf(a, "%.15g", value));
}

static void point_fill(struct sheet_cell *count, struct sheet_cell *cost, struct sheet_cell *save,
                       const struct commitment_curve *c, size_t i, struct arena *a)
{
    const struct curve_point *x = &c->points[i];
    const bool whole = c->offer != NO_INDEX;
    *count = sheet_number(a, x->count, whole ? 0 : 4);
    *cost = amount_cell(x->cost, 2, a);
    *save = amount_cell(saves(c, i), whole ? 2 : 4, a);
}

void curves_rows(struct sheet *sheet, const struct result *r)
{
    const struct plan *p = r->plan;
    for (size_t k = 0; k < p->n_curves; k++)
        for (size_t i = 0; i < p->curves[k].n; i++) {
            const struct commitment_curve *c = &p->curves[k];
            struct sheet_cell *cells = sheet_row(sheet);
            const struct offer *o = c->offer == NO_INDEX ? NULL : &p->offers[c->offer];
            cells[VARIANT] = sheet_text(r->variant);
            if (o) cells[TYPE] = sheet_text(book_type(p->book, o->type)->name);
            cells[MARKET] = o ? sheet_both(offer_market_label(o), offer_market_word(o))
                              : sheet_both(_("savings plan"), "savings_plan");
            if (o) cells[PLACE] = sheet_text(offer_place(o));
            point_fill(&cells[COUNT], &cells[COST], &cells[SAVES], c, i, sheet->arena);
            cells[MARK] = mark_cell(c, i);
        }
}

static const char *title_text(const struct result *r, const struct commitment_curve *c,
                              struct arena *a)
{
    const struct plan *p = r->plan;
    const char *currency = currency_name(p->scenario->currency);
    if (c->offer == NO_INDEX)
        return arena_printf(a, _("%s: savings plan, in %s an hour"), result_title(r, a), currency);
    const struct offer *o = &p->offers[c->offer];
    return arena_printf(a, _("%s: %s, %s, %s"), result_title(r, a),
                        book_type(p->book, o->type)->name, offer_market_label(o), offer_place(o));
}

static void notes_add(struct sheet *sheet, const struct result *r, const struct commitment_curve *c)
{
    struct arena *a = sheet->arena;
    const struct plan *p = r->plan;
    const struct curve_point *least = &c->points[c->least];
    const int decimals = c->offer == NO_INDEX ? 4 : 0;
    if (isfinite(least->cost))
        sheet_note(sheet, _("Least at %s. The plan has %s and costs %s %s."),
                   number_text(a, least->count, decimals), number_text(a, c->chosen, decimals),
                   number_text(a, (double)p->cost / 1e6, 2), currency_name(p->scenario->currency));
    sheet_note(
        sheet, "%s",
        _("Cost over the horizon by the linear program, everything else decided anew: no plan "
          "with that number costs less; whole machines cost more (the gap)."));
}

struct sheet curve_sheet(const struct result *r, const struct commitment_curve *c, struct arena *a)
{
    static const struct sheet_column shown[] = {{"count", N_("committed"), 'r', true},
                                                {"cost", N_("cost"), 'r', true},
                                                {"one_more_saves", N_("one more saves"), 'r', true},
                                                {"mark", " ", 'l', false}};
    struct sheet sheet = sheet_new(a, shown, sizeof shown / sizeof *shown);
    sheet.title = title_text(r, c, a);
    for (size_t i = 0; i < c->n; i++) {
        struct sheet_cell *cells = sheet_row(&sheet);
        point_fill(&cells[0], &cells[1], &cells[2], c, i, a);
        cells[3] = mark_cell(c, i);
    }
    notes_add(&sheet, r, c);
    return sheet;
}
