/* Markdown for pull requests: the answer, cost by variant, what changed, and the rest folded away. */
#include "common/text.h"
#include "report/compare_sheet.h"
#include "report/dossier.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

static enum err sheet_write(const struct sheet *s, FILE *out, struct arena *a, struct diag *diag)
{
    TRY(format_md.sheet(s, out, a, diag));
    fputc('\n', out);
    return OK;
}

/* A sheet with a line of notes only. */
static struct sheet notes_sheet(const char *title, struct arena *a)
{
    struct sheet s = sheet_new(a, NULL, 0);
    s.title = title;
    return s;
}

static const char *money_text(const struct saved_run *r, micro_t amount, struct arena *a)
{
    return arena_printf(a, "%s %s", r->currency, amount_text(a, amount, amount_decimals(r->cost)));
}

static micro_t micro_of(double value)
{
    return (micro_t)llround(value * 1e6);
}

static void luck_note(struct sheet *s, const struct saved_run *r)
{
    struct arena *a = s->arena;
    if (r->worlds == 0) return;
    sheet_note(
        s, _("In %ld worlds: %s expected, 80 in 100 between %s and %s; chance of being late: %s"),
        r->worlds, money_text(r, micro_of(r->expected), a), money_text(r, micro_of(r->p10), a),
        money_text(r, micro_of(r->p90), a), chance_text(r->late, r->late_low, r->late_high, a));
}

static void budget_notes(struct sheet *s, const struct saved_run *r)
{
    struct arena *a = s->arena;
    for (size_t i = 0; i < r->n_budgets; i++) {
        const struct saved_budget *b = &r->budgets[i];
        const char *whose = b->owner ? arena_printf(a, _("Budget of %s"), b->owner) : _("Budget");
        if (b->month) whose = arena_printf(a, "%s, %s", whose, b->month);
        const char *used =
            b->limit > 0 ? percent_text(a, (double)b->planned / (double)b->limit, 0) : "-";
        sheet_note(s, _("%s: %s of %s planned, %s: %s"), whose, money_text(r, b->planned, a),
                   money_text(r, b->limit, a), used, saved_state_label(b->state));
    }
    if (r->worlds && isfinite(r->over_budget))
        sheet_note(s, _("Chance of passing the budget: %s"),
                   chance_text(r->over_budget, r->over_budget_low, r->over_budget_high, a));
}

static struct sheet answer_sheet(const struct dossier *d, struct arena *a)
{
    const struct saved_run *r = &d->runs[0];
    struct sheet s = notes_sheet(d->scenario, a);
    if (!r->has_plan) {
        sheet_note(&s, "%s", saved_status_label(r->status));
        return s;
    }
    sheet_note(&s, _("Plan: %ld machines, %s machine-hours, %s.   Gap %s"), r->machines,
               number_text(a, r->machine_h, r->machine_h < 100 ? 1 : 0), money_text(r, r->cost, a),
               percent_text(a, r->gap, 2));
    luck_note(&s, r);
    budget_notes(&s, r);
    if (r->estimated_share > 0)
        sheet_note(&s, _("%s of the total rests on estimated prices; the newest price is of %s"),
                   percent_text(a, r->estimated_share, 1), r->book_date ? r->book_date : "-");
    return s;
}

/* The sheets of a comparison but its inputs, which are told apart. */
static enum err comparison_write(const struct comparison *c, FILE *out, struct arena *a,
                                 struct diag *diag)
{
    size_t n;
    const struct keyed_sheet *sheets = comparison_sheets(&n, c, a);
    for (size_t i = 0; i < n; i++) {
        const struct sheet *s = sheets[i].sheet;
        const bool empty = s->n_rows == 0 && s->n_notes == 0;
        if (sheets[i].machines_only || empty || strcmp(sheets[i].key, "inputs") == 0) continue;
        TRY(sheet_write(s, out, a, diag));
    }
    return OK;
}

static enum err variants_write(const struct dossier *d, FILE *out, struct arena *a,
                               struct diag *diag)
{
    struct bill *bills = ARENA_NEW(a, struct bill, d->n);
    for (size_t i = 0; i < d->n; i++) {
        if (d->runs[i].result)
            bill_of_result(&bills[i], d->runs[i].result, a);
        else
            bill_of_saved(&bills[i], &d->runs[i], a);
    }
    const struct comparison c = {
        .n = d->n, .bills = bills, .saved = d->saved, .title = _("Cost by variant")};
    return comparison_write(&c, out, a, diag);
}

/* What the plan at hand changes against a saved run. */
static enum err baseline_write(const struct dossier *d, FILE *out, struct arena *a,
                               struct diag *diag)
{
    struct bill bills[2] = {*d->baseline};
    bill_of_saved(&bills[1], &d->runs[0], a);
    struct comparison c = {.n = 2,
                           .bills = bills,
                           .saved = true,
                           .title = arena_printf(a, _("What changes against %s"), bills[0].name)};
    TRY(comparison_write(&c, out, a, diag));
    c.inputs = inputs_compare(&c.n_inputs, &bills[0], &bills[1], a);
    size_t n;
    const struct keyed_sheet *sheets = comparison_sheets(&n, &c, a);
    return sheet_write(sheets[0].sheet, out, a, diag); /* inputs come first */
}

/* Without columns that say the same in every row. */
static struct sheet narrowed(const struct dossier *d, const struct sheet *s, struct arena *a)
{
    struct sheet copy = *s;
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, s->n_columns);
    memcpy(columns, s->columns, s->n_columns * sizeof *columns);
    columns[0].label = "";
    if (d->n == 1) columns[1].label = "";
    copy.columns = columns;
    return copy;
}

struct detail {
    const char *key;
    bool open; /* not folded away */
};

/* The lists that a reviewer may want to open; what clashes is seen at once. */
static enum err details_write(const struct dossier *d, FILE *out, struct arena *a,
                              struct diag *diag)
{
    static const struct detail details[] = {
        {"conflicts", true},   {"errors", true},       {"plan", false},        {"budgets", false},
        {"simulation", false}, {"services", false},    {"commitments", false}, {"datasets", false},
        {"limits", false},     {"assumptions", false}, {"warnings", false},    {"files", false}};
    size_t n;
    const struct dossier_sheet *sheets = dossier_sheets(&n, d, a);
    for (size_t k = 0; k < sizeof details / sizeof *details; k++) {
        for (size_t i = 0; i < n; i++) {
            if (strcmp(sheets[i].key, details[k].key) != 0) continue;
            struct sheet sheet = narrowed(d, &sheets[i].sheet, a);
            if (details[k].open) {
                sheet.title = sheets[i].title;
            } else {
                fprintf(out, "<details><summary>%s (%zu)</summary>\n\n", sheets[i].title,
                        sheet.n_rows);
            }
            TRY(format_md.sheet(&sheet, out, a, diag));
            if (!details[k].open) fputs("</details>\n\n", out);
        }
    }
    return OK;
}

static enum err md_write(const struct dossier *d, FILE *out, struct arena *a, struct diag *diag)
{
    const struct sheet answer = answer_sheet(d, a);
    TRY(sheet_write(&answer, out, a, diag));
    if (d->n > 1) TRY(variants_write(d, out, a, diag));
    if (d->baseline && d->runs[0].has_plan) TRY(baseline_write(d, out, a, diag));
    return details_write(d, out, a, diag);
}

const struct dossier_format report_md = {
    .name = "md",
    .write = md_write,
};
