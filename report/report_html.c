/* The report as one HTML file: no network at view time, both languages, a table behind every chart, readable without scripts.
 * The sections are in page_*.c; this is the file around them. */
#include "common/text.h"
#include "report/page.h"
#include "report/retell.h"
#include "report/saved_text.h"
#include "report/web_files.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const struct web_file *web_file(const char *name)
{
    const struct web_file *f = web_files;
    while (f->name && strcmp(f->name, name) != 0) f++;
    assert(f->name);
    return f;
}

/* The program's own text: no data in it. */
static void file_print(FILE *out, const char *name)
{
    const struct web_file *f = web_file(name);
    fwrite(f->text, 1, f->bytes, out);
}

static const char *hash_of(const char *name, struct arena *a)
{
    const struct web_file *f = web_file(name);
    return html_hash(a, f->text, f->bytes);
}

/* Nothing may be loaded, and of scripts and styles only those of this file are used. Charts set style attributes. */
static void head_print(const struct page *p)
{
    fprintf(p->out,
            "<!doctype html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; %s"
            "script-src '%s' '%s'; style-src '%s'; style-src-attr 'unsafe-inline'; "
            "img-src data:; base-uri 'none'; form-action 'none'\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n",
            p->chinese ? "zh-CN" : "en", p->dossier->live ? "connect-src 'self'; " : "",
            hash_of("page.js", p->arena), hash_of("charts.js", p->arena),
            hash_of("page.css", p->arena));
    html_print(p->out, p->arena, "<title>%s</title>\n<style>", p->dossier->scenario);
    file_print(p->out, "page.css");
    fprintf(p->out, "</style>\n</head>\n<body%s>\n", p->dossier->live ? " data-live=\"yes\"" : "");
}

static void foot_print(const struct page *p)
{
    html_print(
        p->out, p->arena, "<footer><p>%s</p><p class=\"charts-made\">%s</p></footer>\n",
        p->dossier->live
            ? _("Served by gpumix on this machine: the sliders ask it for plans, and nothing else "
                "is loaded or sent.")
            : _("Made by gpumix. This file loads nothing and sends nothing."),
        web_file("charts.js")->bytes > 0
            ? _("Charts: Apache ECharts, under the Apache License 2.0.")
            : _("This program was built without its chart library: the tables hold every number."));
}

static void language_print(const struct page *of, bool chinese)
{
    struct page p = *of;
    struct dossier told = *of->dossier;
    p.chinese = chinese;
    p.id = chinese ? "zh" : "en";
    text_language(chinese);
    told.runs = saved_runs_retold(told.runs, told.n, p.retell, chinese, p.arena);
    p.dossier = &told;
    p.run = dossier_main(&told);
    html_print(p.out, p.arena, "<div class=\"page\" lang=\"%s\" data-title=\"%s\"",
               chinese ? "zh-CN" : "en", p.dossier->scenario);
    fputs(chinese == p.dossier->chinese ? ">\n" : " hidden>\n", p.out);
    page_head(&p);
    if (p.run->has_plan) {
        page_what_if(&p);
        fputs("<div class=\"charts\">\n", p.out);
        page_variants(&p);
        page_costs(&p);
        page_jobs(&p);
        page_times(&p);
        page_weeks(&p);
        fputs("</div>\n", p.out);
        page_buys(&p);
        page_limits(&p);
    } else {
        page_no_plan(&p);
    }
    page_sources(&p);
    fputs("</main>\n", p.out);
    foot_print(&p);
    fputs("</div>\n", p.out);
}

/* Services without what only the charts look at. */
static json_t *services_of(const struct page *p)
{
    json_t *list = json_deep_copy(json_object_get(p->document, "services")), *one;
    size_t i;
    json_array_foreach(list, i, one)(void) json_object_del(one, "needed");
    return list ? list : json_array();
}

/* What the button for JSON gives: the result without what only a program would look at. */
static json_t *data_of(const struct page *p)
{
    static const char *const keys[] = {"summary",    "plan",      "subscriptions", "commitments",
                                       "budgets",    "limits",    "assumptions",   "promises",
                                       "simulation", "conflicts", "sources",       "warnings",
                                       "errors"};
    json_t *data = json_object(), *inputs = json_object();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(p->document, keys[i]);
        if (value) (void)json_object_set(data, keys[i], value);
    }
    page_put(data, "services", services_of(p));
    (void)json_object_update(inputs, json_object_get(p->document, "inputs"));
    (void)json_object_del(inputs, "values");
    page_put(data, "inputs", inputs);
    return data;
}

static void data_print(const struct page *p)
{
    json_t *data = data_of(p);
    char *json = json_dumps(data, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(data);
    fputs("<script type=\"application/json\" id=\"data\">", p->out);
    if (json) html_json(p->out, json);
    free(json);
    fputs("</script>\n", p->out);
}

static void scripts_print(const struct page *p)
{
    fputs("<script>", p->out);
    file_print(p->out, "page.js");
    fputs("</script>\n<script>", p->out);
    file_print(p->out, "charts.js");
    fputs("</script>\n</body>\n</html>\n", p->out);
}

static enum err html_write(const struct dossier *d, FILE *out, struct arena *a, struct diag *diag)
{
    struct page p = {.out = out,
                     .dossier = d,
                     .run = dossier_main(d),
                     .document = dossier_main(d)->document,
                     .arena = a,
                     .retell = retell_new(a),
                     .chinese = d->chinese};
    (void)diag;
    head_print(&p);
    language_print(&p, d->chinese);
    language_print(&p, !d->chinese);
    text_language(d->chinese);
    data_print(&p);
    scripts_print(&p);
    return OK;
}

const struct dossier_format report_html = {
    .name = "html",
    .around = true,
    .write = html_write,
};
