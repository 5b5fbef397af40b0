/* Text for people: ASCII rules, padded by display width, meaning never by colour. */
#include "report/plan_sheet.h"
#include "report/wording.h"

static enum err sheet_print(const struct sheet *s, FILE *out, struct arena *a, struct diag *d)
{
    (void)d;
    char *align = ARENA_NEW(a, char, s->n_columns + 1);
    const char **row = ARENA_NEW(a, const char *, s->n_columns + 1);
    size_t n = 0;
    for (size_t c = 0; c < s->n_columns; c++) {
        if (!*s->columns[c].label) continue;
        align[n] = s->columns[c].align;
        row[n++] = _(s->columns[c].label);
    }
    struct table *t = table_new(a, align);
    table_cells(t, row);
    table_rule(t);
    for (size_t i = 0; i < s->n_rows; i++) {
        n = 0;
        for (size_t c = 0; c < s->n_columns; c++)
            if (*s->columns[c].label)
                row[n++] = safe_text(a, sheet_shown(&s->cells[i * s->n_columns + c]));
        table_cells(t, row);
    }
    if (s->title) fprintf(out, "%s\n\n", safe_text(a, s->title));
    if (s->n_rows) table_print(t, out, " ");
    if (s->n_rows && s->n_notes) fputc('\n', out);
    for (size_t i = 0; i < s->n_notes; i++) fprintf(out, "%s\n", safe_text(a, s->notes[i]));
    return OK;
}

static enum err plans_print(const struct report *r, FILE *out, struct arena *a, struct diag *d)
{
    for (size_t i = 0; i < r->n_results; i++) {
        if (!r->results[i].plan) continue;
        const struct sheet sheet = plan_sheet(&r->results[i], r, a);
        TRY(sheet_print(&sheet, out, a, d));
        if (r->n_results > 1) fputc('\n', out);
    }
    if (r->n_results < 2) return OK;
    const struct sheet variants = variants_sheet(r, a);
    return sheet_print(&variants, out, a, d);
}

const struct report_format format_table = {
    .name = "table",

    .plans = plans_print,
    .sheet = sheet_print,
};
