/* What the report page rests on: findings, assumptions, prices with their age, files with their checksums. */
#include "common/calendar.h"
#include "common/quantity.h"
#include "report/page.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum { DAY_US_PER_HOUR = 24 };

static void finding_print(const struct page *p, const struct saved_finding *f)
{
    html_print(p->out, p->arena, "<div class=\"found\"><p><strong>%s</strong> ", f->code);
    html_prose(p->out, f->message, p->arena);
    if (f->file)
        html_print(p->out, p->arena, " <span class=\"quiet\">%s</span>",
                   f->line > 0 ? arena_printf(p->arena, "%s:%ld", f->file, f->line) : f->file);
    fputs("</p>", p->out);
    if (f->fix) {
        fputs("<p class=\"quiet\">", p->out);
        html_prose(p->out, f->fix, p->arena);
        fputs("</p>", p->out);
    }
    fputs("</div>\n", p->out);
}

static void findings_print(const struct page *p)
{
    const struct saved_run *r = p->run;
    if (r->n_warnings + r->n_errors == 0) return;
    html_print(p->out, p->arena, "<section class=\"panel\"><h2>%s</h2>\n", _("What to look at"));
    for (size_t i = 0; i < r->n_errors; i++) finding_print(p, &r->errors[i]);
    for (size_t i = 0; i < r->n_warnings; i++) finding_print(p, &r->warnings[i]);
    fputs("</section>\n", p->out);
}

static void assumptions_print(const struct page *p)
{
    const struct saved_run *r = p->run;
    if (r->n_assumptions == 0) return;
    html_print(p->out, p->arena, "<h3>%s</h3>\n<ul>\n", _("Assumptions"));
    for (size_t i = 0; i < r->n_assumptions; i++)
        html_print(p->out, p->arena, "<li>%s</li>\n", r->assumptions[i]);
    fputs("</ul>\n", p->out);
}

/* Days since the day of a row, to the day of the report. NAN: not known. */
static double age_days(const struct page *p, const char *date)
{
    moment_t day;
    char text[16];
    if (!date) return NAN;
    (void)snprintf(text, sizeof text, "%s%s", date,
                   strlen(date) == 4   ? "-01-01"
                   : strlen(date) == 7 ? "-01"
                                       : "");
    if (!moment_parse(&day, text)) return NAN;
    return floor((double)(p->dossier->today - day) / (double)(US_PER_H * DAY_US_PER_HOUR));
}

static const char *confidence_label(const char *word)
{
    static const struct {
        const char *word, *label;
    } words[] = {
        {"quoted", N_("quoted by the vendor")}, {"quoted_secondary", N_("quoted by a third party")},
        {"measured", N_("measured")},           {"derived", N_("derived from quoted figures")},
        {"estimated", N_("estimated")},         {"unverified", N_("not verified")},
    };
    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0) return _(words[i].label);
    return word ? word : "-";
}

static const char *member(json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static void prices_print(const struct page *p)
{
    static const struct sheet_column columns[] = {{"price", N_("price of"), 'l', false},
                                                  {"place", N_("place"), 'l', false},
                                                  {"date", N_("of"), 'l', false},
                                                  {"age", N_("age, days"), 'r', true},
                                                  {"confidence", N_("how sure"), 'l', false},
                                                  {"source", N_("source"), 'l', false}};
    json_t *sources = json_object_get(p->document, "sources");
    if (json_array_size(sources) == 0) return;
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < json_array_size(sources); i++) {
        json_t *row = json_array_get(sources, i);
        const char *date = member(row, "date"), *market = member(row, "market"),
                   *place = member(row, "region"), *what = member(row, "what");
        const double age = age_days(p, date);
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(
            market ? arena_printf(p->arena, "%s, %s", what, saved_market_label(market)) : what);
        cells[1] = sheet_text(place && strcmp(place, "any") == 0 ? _("any") : place);
        cells[2] = sheet_text(date);
        cells[3] = sheet_number(p->arena, age, 0);
        cells[4] = sheet_text(confidence_label(member(row, "confidence")));
        cells[5] = sheet_text(member(row, "source"));
    }
    html_print(
        p->out, p->arena,
        "<h3>%s</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n",
        _("Prices"), _("Prices"));
    page_table(p, &s);
    fputs("</div>\n", p->out);
}

static void files_print(const struct page *p)
{
    static const struct sheet_column columns[] = {{"file", N_("file"), 'l', false},
                                                  {"sha256", "SHA-256", 'l', false}};
    const struct saved_run *r = p->run;
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < r->n_files; i++) {
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(r->files[i].path);
        cells[1] = sheet_text(r->files[i].sha256);
    }
    struct sheet_cell *book = sheet_row(&s);
    book[0] = sheet_text(r->book_date ? arena_printf(p->arena, _("price book of %s"), r->book_date)
                                      : _("price book"));
    book[1] = sheet_text(r->book_sha256);
    html_print(
        p->out, p->arena,
        "<h3>%s</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n",
        _("Files"), _("Files"));
    page_table(p, &s);
    fputs("</div>\n", p->out);
}

static void model_print(const struct page *p)
{
    const struct saved_run *r = p->run;
    html_print(p->out, p->arena, "<p class=\"quiet\">gpumix %s · %s",
               r->version ? r->version : p->dossier->version, saved_status_label(r->status));
    if (r->worlds > 0)
        html_print(
            p->out, p->arena, " · %s",
            arena_printf(p->arena,
                         _("%ld worlds, seed %ld; spot prices: %s; reclaims: %s; policy: %s"),
                         r->worlds, r->seed, r->spot_model ? r->spot_model : "-",
                         r->life_model ? r->life_model : "-", r->policy ? r->policy : "-"));
    fputs("</p>\n", p->out);
}

void page_sources(const struct page *p)
{
    findings_print(p);
    html_print(p->out, p->arena, "<section class=\"panel\"><h2>%s</h2>\n",
               _("Assumptions and sources"));
    model_print(p);
    assumptions_print(p);
    prices_print(p);
    files_print(p);
    fputs("</section>\n", p->out);
}
