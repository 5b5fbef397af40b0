#include "report/compare_sheet.h"
#include "common/text.h"
#include "report/cells.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

/* Columns without a label are for programs. */
enum {
    NAME,
    VARIANT,
    STATUS,
    CURRENCY,
    COST,
    CHANGE,
    CHANGE_SHARE,
    BOUND,
    GAP,
    FINISH,
    LATE,
    MACHINES,
    HOURS,
    N_VARIANT_COLUMNS
};

static const char *money_cell(micro_t amount, struct arena *a)
{
    return micro_text(a, amount);
}

static const char *signed_amount(micro_t amount, int decimals, struct arena *a)
{
    return arena_printf(a, "%s%s", amount > 0 ? "+" : "", amount_text(a, amount, decimals));
}

static struct sheet_column *variant_columns(const char *currency, struct arena *a)
{
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, N_VARIANT_COLUMNS);
    c[NAME] = (struct sheet_column){"label", _("Variant"), 'l', false};
    c[VARIANT] = (struct sheet_column){"variant", "", 'l', false};
    c[STATUS] = (struct sheet_column){"status", "", 'l', false};
    c[CURRENCY] = (struct sheet_column){"currency", "", 'l', false};
    c[COST] = (struct sheet_column){"cost", arena_printf(a, _("planned %s"), currency), 'r', true};
    c[CHANGE] = (struct sheet_column){"change", _("change"), 'r', true};
    c[CHANGE_SHARE] = (struct sheet_column){"change_share", "%", 'r', true};
    c[BOUND] = (struct sheet_column){"bound", "", 'r', true};
    c[GAP] = (struct sheet_column){"gap", _("gap"), 'r', true};
    c[FINISH] = (struct sheet_column){"finish", _("done"), 'l', false};
    c[LATE] = (struct sheet_column){"late_hours", _("late"), 'r', true};
    c[MACHINES] = (struct sheet_column){"machines", _("machines"), 'r', true};
    c[HOURS] = (struct sheet_column){"machine_hours", _("machine-h"), 'r', true};
    return c;
}

static const char *state_label(const struct bill *b)
{
    static const char *const states[][2] = {
        {"infeasible", N_("no plan meets every limit")},
        {"none", N_("none found: a limit was reached")},
        {"error", N_("not valid")},
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(b->status, states[i][0]) == 0) return _(states[i][1]);
    return b->status;
}

static void change_cells(struct sheet_cell *cells, const struct bill *b, const struct bill *base,
                         int decimals, struct arena *a)
{
    if (b == base || !base->has_plan) {
        cells[CHANGE] = cells[CHANGE_SHARE] = sheet_both("-", NULL);
        return;
    }
    const micro_t change = b->cost - base->cost;
    /* As printed, the difference of the printed costs. */
    micro_t sum = base->cost;
    const micro_t shown = amount_shown(change, amount_unit(decimals), &sum);
    cells[CHANGE] = sheet_both(signed_amount(shown, decimals, a), money_cell(change, a));
    if (base->cost <= 0) return;
    const double share = (double)change / (double)base->cost;
    cells[CHANGE_SHARE] = sheet_both(arena_printf(a, "%+.1f%%", share * 100), real_text(a, share));
}

static void variant_row(struct sheet *sheet, const struct comparison *c, const struct bill *b,
                        int decimals)
{
    struct arena *a = sheet->arena;
    struct sheet_cell *cells = sheet_row(sheet);
    const struct bill *base = &c->bills[c->baseline];
    const char *name = b == base ? arena_printf(a, "%s *", b->name) : b->name;
    cells[NAME] = sheet_both(name, b->name);
    cells[VARIANT] = sheet_both("", b->variant);
    cells[STATUS] = sheet_both("", b->status);
    cells[CURRENCY] = sheet_both("", b->currency);
    if (!b->has_plan) {
        cells[COST] = sheet_both(state_label(b), NULL);
        return;
    }
    cells[COST] = sheet_both(amount_text(a, b->cost, decimals), money_cell(b->cost, a));
    change_cells(cells, b, base, decimals, a);
    cells[BOUND] = sheet_both("", real_text(a, b->bound));
    cells[GAP] = sheet_both(percent_text(a, b->gap, 2), real_text(a, b->gap));
    cells[FINISH] = sheet_text(b->finish);
    cells[LATE] = sheet_both(b->late_h > 0 ? duration_text(a, llround(b->late_h * (double)US_PER_H))
                             : b->finish   ? _("no")
                                           : "-",
                             real_text(a, b->late_h));
    const char *machines = arena_printf(a, "%ld", b->machines);
    cells[MACHINES] = sheet_both(machines, machines);
    cells[HOURS] = sheet_both(number_text(a, b->machine_h, b->machine_h < 100 ? 1 : 0),
                              real_text(a, b->machine_h));
}

static const struct bill *first_plan(const struct comparison *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->bills[i].has_plan) return &c->bills[i];
    return NULL;
}

/* One number of digits for all amounts, or their differences could not be seen to add up. */
static int decimals_of(const struct comparison *c)
{
    micro_t most = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->bills[i].has_plan && c->bills[i].cost > most) most = c->bills[i].cost;
    return amount_decimals(most);
}

/* An earlier variant whose plan buys the same; NO_INDEX: none. */
static size_t twin_of(const struct comparison *c, size_t i, struct arena *a)
{
    for (size_t j = 0; j < i && c->bills[i].has_plan; j++)
        if (c->bills[j].has_plan && c->bills[j].cost == c->bills[i].cost &&
            changes_find(&c->bills[j], &c->bills[i], a).n == 0)
            return j;
    return NO_INDEX;
}

static struct sheet *variants_table(const struct comparison *c, struct arena *a)
{
    const struct bill *any = first_plan(c);
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, variant_columns(any ? any->currency : "", a), N_VARIANT_COLUMNS);
    sheet->title = c->title;
    for (size_t i = 0; i < c->n; i++) variant_row(sheet, c, &c->bills[i], decimals_of(c));
    sheet_note(sheet, "%s", _("* what the others are set against"));
    for (size_t i = 0; i < c->n; i++) {
        const size_t twin = twin_of(c, i, a);
        if (twin != NO_INDEX)
            sheet_note(sheet, _("%s: the same plan as %s"), c->bills[i].name, c->bills[twin].name);
    }
    return sheet;
}

/* "214 -> 31 machines" */
static const char *amounts_text(const struct change *x, struct arena *a)
{
    if (x->machines) return arena_printf(a, _("%.0f -> %.0f machines"), x->before, x->after);
    if (!x->unit || !*x->unit || x->before == x->after) return "";
    const bool month = strcmp(x->unit, "GiB-h") == 0;
    const double scale = month ? 1.0 / HOURS_PER_MONTH : 1;
    const double most = fmax(x->before, x->after) * scale;
    const int decimals = most < 100 ? 2 : 0;
    return arena_printf(a, "%s -> %s %s", number_text(a, x->before * scale, decimals),
                        number_text(a, x->after * scale, decimals),
                        unit_label(month ? "GiB-month" : x->unit));
}

enum { SIGN, WHAT, AMOUNTS, AMOUNT, N_CHANGE_COLUMNS };

static bool one_workload(const struct change_list *list)
{
    const char *first = NULL;
    for (size_t i = 0; i < list->n; i++) {
        const char *w = list->items[i].workload;
        if (!w) continue;
        if (first && strcmp(first, w) != 0) return false;
        first = w;
    }
    return true;
}

static struct sheet *changes_table(const struct bill *base, const struct bill *b, int decimals,
                                   struct arena *a)
{
    const struct change_list list = changes_find(base, b, a);
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, N_CHANGE_COLUMNS);
    columns[SIGN] = (struct sheet_column){"sign", "+-~", 'l', false};
    columns[WHAT] = (struct sheet_column){"what", _("What changed"), 'l', false};
    columns[AMOUNTS] = (struct sheet_column){"amounts", _("from -> to"), 'r', false};
    columns[AMOUNT] = (struct sheet_column){"amount", b->currency, 'r', true};
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, columns, N_CHANGE_COLUMNS);
    sheet->title = arena_printf(a, "%s -> %s", base->name, b->name);
    if (list.n == 0) {
        sheet_note(sheet, "%s", _("Nothing differs but the inputs."));
        return sheet;
    }
    micro_t sum = base->cost;
    const bool alone = one_workload(&list);
    for (size_t i = 0; i < list.n; i++) {
        const struct change *x = &list.items[i];
        struct sheet_cell *cells = sheet_row(sheet);
        const micro_t shown = amount_shown(x->amount, amount_unit(decimals), &sum);
        cells[SIGN] = sheet_text(change_signs[x->sign]);
        cells[WHAT] = sheet_text(
            alone || !x->workload ? x->what : arena_printf(a, "%s: %s", x->workload, x->what));
        cells[AMOUNTS] = sheet_text(amounts_text(x, a));
        cells[AMOUNT] = sheet_both(signed_amount(shown, decimals, a), money_cell(x->amount, a));
    }
    struct sheet_cell *cells = sheet_row(sheet);
    sum = base->cost;
    const micro_t shown = amount_shown(list.total, amount_unit(decimals), &sum);
    cells[SIGN] = cells[AMOUNTS] = sheet_text("");
    cells[WHAT] = sheet_text(_("Difference"));
    cells[AMOUNT] = sheet_both(signed_amount(shown, decimals, a), money_cell(list.total, a));
    return sheet;
}

/* The same for programs: one list for all variants, each against the baseline. */
static struct sheet *changes_list(const struct comparison *c, struct arena *a)
{
    /* clang-format off */
    static const struct sheet_column columns[] = {
        {"variant", "variant", 'l', false}, {"against", "against", 'l', false}, {"sign", "sign", 'l', false},
        {"workload", "workload", 'l', false}, {"kind", "kind", 'l', false}, {"what", "what", 'l', false},
        {"instance_type", "type", 'l', false}, {"market", "market", 'l', false}, {"place", "place", 'l', false},
        {"before", "before", 'r', true}, {"after", "after", 'r', true}, {"unit", "unit", 'l', false},
        {"amount", "amount", 'r', true},
    };
    /* clang-format on */
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, columns, sizeof columns / sizeof *columns);
    const struct bill *base = &c->bills[c->baseline];
    for (size_t i = 0; i < c->n; i++) {
        const struct bill *b = &c->bills[i];
        if (b == base || !b->has_plan || !base->has_plan) continue;
        const struct change_list list = changes_find(base, b, a);
        for (size_t j = 0; j < list.n; j++) {
            const struct change *x = &list.items[j];
            struct sheet_cell *cells = sheet_row(sheet);
            const char *const values[] = {b->variant ? b->variant : b->name,
                                          base->variant ? base->variant : base->name,
                                          change_words[x->sign],
                                          x->workload,
                                          x->kind,
                                          x->what,
                                          x->type,
                                          x->market,
                                          x->region,
                                          real_text(a, x->before),
                                          real_text(a, x->after),
                                          x->machines ? "machines" : x->unit,
                                          money_cell(x->amount, a)};
            for (size_t k = 0; k < sizeof values / sizeof *values; k++)
                cells[k] = sheet_both(NULL, values[k]);
        }
    }
    return sheet;
}

static struct sheet *break_evens_table(const struct comparison *c, struct arena *a)
{
    static const struct sheet_column columns[] = {
        {"variant", "variant", 'l', false},
        {"kind", "kind", 'l', false},
        {"workload", "workload", 'l', false},
        {"value", "value", 'r', true},
        {"low", "low", 'r', true},
        {"high", "high", 'r', true},
        {"text", "text", 'l', false},
    };
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < c->n_break_evens; i++) {
        const struct break_even *b = &c->break_evens[i];
        struct sheet_cell *cells = sheet_row(sheet);
        const char *const values[] = {b->variant,
                                      b->kind,
                                      b->workload,
                                      real_text(a, b->value),
                                      real_text(a, b->low),
                                      real_text(a, b->high),
                                      b->text};
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            cells[k] = sheet_both(NULL, values[k]);
    }
    return sheet;
}

static struct sheet *break_evens_notes(const struct comparison *c, struct arena *a)
{
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, NULL, 0);
    for (size_t i = 0; i < c->n_break_evens; i++)
        sheet_note(sheet, "%s%s", i ? "            " : _("Break-even: "), c->break_evens[i].text);
    return sheet;
}

static struct sheet *inputs_table(const struct comparison *c, struct arena *a)
{
    /* clang-format off */
    static const struct sheet_column columns[] = {
        {"kind", N_("Inputs"), 'l', false}, {"what", N_("what changed"), 'l', false},
        {"before", N_("before"), 'l', false}, {"after", N_("after"), 'l', false}, {"at", N_("written at"), 'l', false},
    };
    /* clang-format on */
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, columns, sizeof columns / sizeof *columns);
    bool luck = c->n_inputs > 0;
    for (size_t i = 0; i < c->n_inputs; i++) {
        const struct input_change *x = &c->inputs[i];
        const char *const values[] = {x->kind, x->what, x->before, x->after, x->at};
        struct sheet_cell *cells = sheet_row(sheet);
        for (size_t k = 0; k < sizeof values / sizeof *values; k++)
            cells[k] = sheet_both(values[k] ? values[k] : "-", values[k]);
        cells[0] = sheet_both(_(x->kind), x->kind);
        luck = luck && strcmp(x->kind, "seed") == 0;
    }
    if (c->n_inputs == 0) sheet_note(sheet, "%s", _("Inputs: none changed."));
    if (luck)
        sheet_note(sheet, "%s",
                   _("Only the seed or the number of runs changed: what differs below is luck."));
    return sheet;
}

static void sheet_add(struct keyed_sheet **list, size_t *n, struct keyed_sheet sheet,
                      struct arena *a)
{
    *ARENA_PUSH(a, *list, *n) = sheet;
}

struct keyed_sheet *comparison_sheets(size_t *n, const struct comparison *c, struct arena *a)
{
    struct keyed_sheet *list = NULL;
    const struct bill *base = &c->bills[c->baseline];
    *n = 0;
    if (c->saved) sheet_add(&list, n, (struct keyed_sheet){"inputs", inputs_table(c, a), 0, 0}, a);
    sheet_add(&list, n, (struct keyed_sheet){"variants", variants_table(c, a), 0, 0}, a);
    for (size_t i = 0; i < c->n; i++) {
        const struct bill *b = &c->bills[i];
        if (b == base || !b->has_plan || !base->has_plan || twin_of(c, i, a) != NO_INDEX) continue;
        const struct sheet *table = changes_table(base, b, decimals_of(c), a);
        sheet_add(&list, n, (struct keyed_sheet){.key = "", .sheet = table, .people_only = true},
                  a);
    }
    sheet_add(
        &list, n,
        (struct keyed_sheet){.key = "changes", .sheet = changes_list(c, a), .machines_only = true},
        a);
    sheet_add(&list, n,
              (struct keyed_sheet){
                  .key = "break_even", .sheet = break_evens_table(c, a), .machines_only = true},
              a);
    sheet_add(
        &list, n,
        (struct keyed_sheet){.key = "", .sheet = break_evens_notes(c, a), .people_only = true}, a);
    return list;
}
