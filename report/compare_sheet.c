#include "report/compare_sheet.h"
#include "common/text.h"
#include "report/cells.h"
#include "report/simulation.h"
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
    EXPECTED,
    CHANGE,
    CHANGE_SHARE,
    P90,
    BOUND,
    GAP,
    FINISH,
    DONE,
    LATE,
    CHANCE,
    MACHINES,
    HOURS,
    WORLDS,
    EXPECTED_LOW,
    EXPECTED_HIGH,
    P10,
    P50,
    P95,
    CHANCE_LOW,
    CHANCE_HIGH,
    DIFFERENCE,
    DIFFERENCE_LOW,
    DIFFERENCE_HIGH,
    CHEAPER,
    N_VARIANT_COLUMNS
};

/* Every variant that has a plan was simulated. */
static bool is_simulated(const struct comparison *c)
{
    bool any = false;
    for (size_t i = 0; i < c->n; i++) {
        if (!c->bills[i].has_plan) continue;
        if (!c->bills[i].worlds) return false;
        any = true;
    }
    return any;
}

/* Differences of two variants in the same worlds. */
struct pair {
    size_t n;
    double mean;
    struct interval interval;
    struct proportion cheaper;
};

static struct pair pair_make(const struct bill *base, const struct bill *b, struct arena *a)
{
    const struct bill_luck *x = &base->luck, *y = &b->luck;
    const size_t n = x->n_totals < y->n_totals ? x->n_totals : y->n_totals;
    const bool same = x->seed == y->seed && x->first_world == y->first_world;
    if (n == 0 || b == base || !same) return (struct pair){0};
    double *before = ARENA_NEW(a, double, n + 1), *after = ARENA_NEW(a, double, n + 1);
    size_t cheaper = 0;
    for (size_t i = 0; i < n; i++) {
        before[i] = (double)x->totals[i] / 1e6;
        after[i] = (double)y->totals[i] / 1e6;
        cheaper += y->totals[i] < x->totals[i];
    }
    const struct moments m = paired_differences(before, after, n);
    return (struct pair){n, m.mean, mean_interval(&m, 0.95), proportion_of(cheaper, n, 0.95)};
}

static const char *money_cell(micro_t amount, struct arena *a)
{
    return micro_text(a, amount);
}

static const char *signed_amount(micro_t amount, int decimals, struct arena *a)
{
    return arena_printf(a, "%s%s", amount > 0 ? "+" : "", amount_text(a, amount, decimals));
}

struct heading {
    const char *key, *label;
    bool text;
};

static struct sheet_column *columns_of(const struct heading *headings, size_t n, struct arena *a)
{
    struct sheet_column *c = ARENA_NEW(a, struct sheet_column, n);
    for (size_t i = 0; i < n; i++)
        c[i] = (struct sheet_column){headings[i].key, headings[i].label ? headings[i].label : "",
                                     headings[i].text ? 'l' : 'r', !headings[i].text};
    return c;
}

/* People see luck where there is some, else what the plan says; a saved run does not tell its median world. */
static struct sheet_column *variant_columns(const char *currency, bool luck, bool saved,
                                            struct arena *a)
{
    /* clang-format off */
    const struct heading headings[N_VARIANT_COLUMNS] = {
        [NAME] = {"label", _("Variant"), true}, [VARIANT] = {"variant", NULL, true},
        [STATUS] = {"status", NULL, true}, [CURRENCY] = {"currency", NULL, true},
        [COST] = {"cost", arena_printf(a, _("planned %s"), currency), false},
        [EXPECTED] = {"expected", luck ? _("expected") : NULL, false},
        [CHANGE] = {"change", _("change"), false}, [CHANGE_SHARE] = {"change_share", "%", false},
        [P90] = {"p90", luck ? "p90" : NULL, false}, [BOUND] = {"bound", NULL, false},
        [GAP] = {"gap", luck ? NULL : _("gap"), false},
        [FINISH] = {"finish", luck && !saved ? NULL : _("done"), true},
        [DONE] = {"finish_p50", luck && !saved ? _("done, median") : NULL, true},
        [LATE] = {"late_hours", luck ? NULL : _("late"), false},
        [CHANCE] = {"late", luck ? _("late") : NULL, false}, [MACHINES] = {"machines", _("machines"), false},
        [HOURS] = {"machine_hours", luck ? NULL : _("machine-h"), false}, [WORLDS] = {"worlds", NULL, false},
        [EXPECTED_LOW] = {"expected_low", NULL, false}, [EXPECTED_HIGH] = {"expected_high", NULL, false},
        [P10] = {"p10", NULL, false}, [P50] = {"p50", NULL, false}, [P95] = {"p95", NULL, false},
        [CHANCE_LOW] = {"late_low", NULL, false}, [CHANCE_HIGH] = {"late_high", NULL, false},
        [DIFFERENCE] = {"difference", NULL, false}, [DIFFERENCE_LOW] = {"difference_low", NULL, false},
        [DIFFERENCE_HIGH] = {"difference_high", NULL, false}, [CHEAPER] = {"cheaper", NULL, false},
    };
    /* clang-format on */
    return columns_of(headings, N_VARIANT_COLUMNS, a);
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

/* What is compared: expected cost where all are simulated, else planned cost. */
static micro_t compared_cost(const struct bill *b, bool luck)
{
    return luck ? (micro_t)llround(b->luck.expected * 1e6) : b->cost;
}

static void change_cells(struct sheet_cell *cells, const struct bill *b, const struct bill *base,
                         int decimals, bool luck, struct arena *a)
{
    if (b == base || !base->has_plan) {
        cells[CHANGE] = cells[CHANGE_SHARE] = sheet_both("-", NULL);
        return;
    }
    const micro_t before = compared_cost(base, luck);
    const micro_t change = compared_cost(b, luck) - before;
    /* As printed, the difference of the printed costs. */
    micro_t sum = before;
    const micro_t shown = amount_shown(change, amount_unit(decimals), &sum);
    cells[CHANGE] = sheet_both(signed_amount(shown, decimals, a), money_cell(change, a));
    if (before <= 0) return;
    const double share = (double)change / (double)before;
    cells[CHANGE_SHARE] = sheet_both(arena_printf(a, "%+.1f%%", share * 100), real_text(a, share));
}

static struct sheet_cell luck_cell(double value, int decimals, struct arena *a)
{
    if (!isfinite(value)) return sheet_both("-", NULL);
    const micro_t amount = (micro_t)llround(value * 1e6);
    return sheet_both(amount_text(a, amount, decimals), money_cell(amount, a));
}

static struct sheet_cell hidden(double value, struct arena *a)
{
    return sheet_both("", real_text(a, value));
}

static void luck_cells(struct sheet_cell *cells, const struct bill *b, const struct bill *base,
                       int decimals, struct arena *a)
{
    const struct bill_luck *l = &b->luck;
    if (!b->worlds) return;
    cells[EXPECTED] = luck_cell(l->expected, decimals, a);
    cells[EXPECTED_LOW] = luck_cell(l->expected_low, decimals, a);
    cells[EXPECTED_HIGH] = luck_cell(l->expected_high, decimals, a);
    cells[P10] = luck_cell(l->p10, decimals, a);
    cells[P50] = luck_cell(l->p50, decimals, a);
    cells[P90] = luck_cell(l->p90, decimals, a);
    cells[P95] = luck_cell(l->p95, decimals, a);
    cells[DONE] = sheet_text(l->finish);
    cells[CHANCE] =
        sheet_both(chance_text(l->late, l->late_low, l->late_high, a), real_text(a, l->late));
    cells[CHANCE_LOW] = hidden(l->late_low, a);
    cells[CHANCE_HIGH] = hidden(l->late_high, a);
    cells[WORLDS] = sheet_text(arena_printf(a, "%zu", b->worlds));
    const struct pair pair = pair_make(base, b, a);
    if (!pair.n) return;
    cells[DIFFERENCE] = luck_cell(pair.mean, decimals, a);
    cells[DIFFERENCE_LOW] = luck_cell(pair.interval.low, decimals, a);
    cells[DIFFERENCE_HIGH] = luck_cell(pair.interval.high, decimals, a);
    cells[CHEAPER] = hidden(pair.cheaper.estimate, a);
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
    change_cells(cells, b, base, decimals, is_simulated(c), a);
    luck_cells(cells, b, base, decimals, a);
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

/* What the difference is on the same worlds, and how sure. */
static void pair_note(struct sheet *sheet, const struct bill *base, const struct bill *b,
                      int decimals)
{
    struct arena *a = sheet->arena;
    const struct pair p = pair_make(base, b, a);
    if (p.n == 0 && b != base && base->worlds && b->worlds)
        sheet_note(
            sheet,
            base->luck.n_totals && b->luck.n_totals
                ? _("%s and %s met other worlds (another seed): nothing is told world by world")
                : _("%s or %s was saved without the costs of single worlds: nothing is told world "
                    "by world"),
            b->name, base->name);
    if (p.n < 2) return; /* no interval */
    /* The mean as the table rounds it: the difference of two printed amounts. */
    micro_t sum = compared_cost(base, true);
    const micro_t mean = amount_shown((micro_t)llround(p.mean * 1e6), amount_unit(decimals), &sum);
    const micro_t low = (micro_t)llround(p.interval.low * 1e6);
    const micro_t high = (micro_t)llround(p.interval.high * 1e6);
    sheet_note(
        sheet,
        _("%s against %s in the same %zu worlds: %s (95%% sure: %s to %s), cheaper in %zu of them"),
        b->name, base->name, p.n, signed_amount(mean, decimals, a), signed_amount(low, decimals, a),
        signed_amount(high, decimals, a), p.cheaper.hits);
}

/* A gap that comes of part-used machines alone is no room for a better plan. */
#define GAP_WORTH 0.01

static void gap_note(struct sheet *sheet, const struct bill *b)
{
    if (b->has_plan && b->gap - b->whole_gap >= GAP_WORTH)
        sheet_note(sheet, _("%s: gap %s to the bound of whole machines"), b->name,
                   percent_text(sheet->arena, b->whole_gap, 2));
}

static struct sheet *variants_table(const struct comparison *c, struct arena *a)
{
    const struct bill *any = first_plan(c);
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, variant_columns(any ? any->currency : "", is_simulated(c), c->saved, a),
                       N_VARIANT_COLUMNS);
    sheet->title = c->title;
    for (size_t i = 0; i < c->n; i++) variant_row(sheet, c, &c->bills[i], decimals_of(c));
    sheet_note(sheet, "%s", _("* what the others are set against"));
    if (c->note) sheet_note(sheet, "%s", c->note);
    for (size_t i = 0; i < c->n; i++) {
        const size_t twin = twin_of(c, i, a);
        if (twin != NO_INDEX)
            sheet_note(sheet, _("%s: the same plan as %s"), c->bills[i].name, c->bills[twin].name);
        pair_note(sheet, &c->bills[c->baseline], &c->bills[i], decimals_of(c));
        if (!is_simulated(c)) gap_note(sheet, &c->bills[i]);
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
                                   bool luck, struct arena *a)
{
    const struct change_list list = changes_find(base, b, a);
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, N_CHANGE_COLUMNS);
    columns[SIGN] = (struct sheet_column){"sign", "+-~", 'l', false};
    columns[WHAT] = (struct sheet_column){"what", _("What changed"), 'l', false};
    columns[AMOUNTS] = (struct sheet_column){"amounts", _("from -> to"), 'r', false};
    columns[AMOUNT] = (struct sheet_column){"amount", b->currency, 'r', true};
    struct sheet *sheet = ARENA_NEW(a, struct sheet, 1);
    *sheet = sheet_new(a, columns, N_CHANGE_COLUMNS);
    sheet->title =
        arena_printf(a, luck ? _("%s -> %s, as planned") : "%s -> %s", base->name, b->name);
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
    const char *label = _("Break-even: ");
    const int indent = (int)text_width(label);
    for (size_t i = 0; i < c->n_break_evens; i++)
        if (i == 0)
            sheet_note(sheet, "%s%s", label, c->break_evens[i].text);
        else
            sheet_note(sheet, "%*s%s", indent, "", c->break_evens[i].text);
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
        const struct sheet *table = changes_table(base, b, decimals_of(c), is_simulated(c), a);
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
