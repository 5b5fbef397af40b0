/* Markdown for pull requests and step summaries. */
#include "report/plan_sheet.h"
#include "report/wording.h"
#include <string.h>

/* Text as text: what markdown, HTML or a mention would read as a sign is escaped; line ends become spaces. */
static void md_print(FILE *out, const char *text, struct arena *a)
{
    for (const char *s = safe_text(a, text); *s; s++) {
        if (*s == '<')
            fputs("&lt;", out);
        else if (*s == '>')
            fputs("&gt;", out);
        else if (*s == '&')
            fputs("&amp;", out);
        else if (*s == '@')
            fputs("&#64;", out);
        else {
            if (strchr("\\|`*_[]#~!", *s)) fputc('\\', out);
            fputc(*s, out);
        }
    }
}

static void row_print(const struct sheet *s, size_t row, FILE *out, struct arena *a)
{
    fputc('|', out);
    for (size_t c = 0; c < s->n_columns; c++) {
        if (!*s->columns[c].label) continue;
        const char *text = sheet_shown(&s->cells[row * s->n_columns + c]);
        fputc(' ', out);
        for (; *text == ' '; text++) fputs("&nbsp;", out); /* keeps the tree of a plan visible */
        md_print(out, text, a);
        fputs(" |", out);
    }
    fputc('\n', out);
}

static enum err sheet_print(const struct sheet *s, FILE *out, struct arena *a, struct diag *d)
{
    (void)d;
    if (s->title) {
        fputs("### ", out);
        md_print(out, s->title, a);
        fputs("\n\n", out);
    }
    if (s->n_rows) {
        fputc('|', out);
        for (size_t c = 0; c < s->n_columns; c++) {
            if (!*s->columns[c].label) continue;
            fputc(' ', out);
            md_print(out, _(s->columns[c].label), a);
            fputs(" |", out);
        }
        fputs("\n|", out);
        for (size_t c = 0; c < s->n_columns; c++)
            if (*s->columns[c].label) fputs(s->columns[c].align == 'r' ? "---:|" : "---|", out);
        fputc('\n', out);
        for (size_t i = 0; i < s->n_rows; i++) row_print(s, i, out, a);
        fputc('\n', out);
    }
    for (size_t i = 0; i < s->n_notes; i++) {
        fputs("- ", out);
        md_print(out, s->notes[i], a);
        fputc('\n', out);
    }
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

const struct report_format format_md = {
    .name = "md",

    .plans = plans_print,
    .sheet = sheet_print,
};
