/* Cost by variant on the report page; of one variant alone, what its money is for. */
#include "report/page.h"
#include "report/wording.h"
#include <string.h>

enum { MOST_VARIANTS = 12 }; /* bars that can be told apart */

static void costs_of(micro_t cost[N_COST_GROUPS], const struct saved_run *r)
{
    memset(cost, 0, N_COST_GROUPS * sizeof *cost);
    for (size_t i = 0; i < r->n_lines; i++)
        cost[page_cost_group(r->lines[i].part, r->lines[i].offer.market)] += r->lines[i].cost;
}

/* Runs that can be compared: with a plan, in the same currency. */
static const struct saved_run **runs_shown(size_t *n, const struct page *p)
{
    const struct dossier *d = p->dossier;
    const struct saved_run **runs = ARENA_NEW(p->arena, const struct saved_run *, d->n);
    *n = 0;
    for (size_t i = 0; i < d->n && *n < MOST_VARIANTS; i++)
        if (d->runs[i].has_plan && strcmp(d->runs[i].currency, p->run->currency) == 0)
            runs[(*n)++] = &d->runs[i];
    return runs;
}

struct variants {
    size_t n;
    const struct saved_run **runs;
    micro_t (*cost)[N_COST_GROUPS];
    const char *(*text)[N_COST_GROUPS]; /* rounded so that they add up to the printed total */
    bool used[N_COST_GROUPS];
};

static json_t *variants_spec(const struct page *p, const struct variants *v)
{
    json_t *spec = json_object(), *labels = json_array(), *totals = json_array(),
           *series = json_array(), *x = json_object();
    for (size_t i = 0; i < v->n; i++) {
        json_array_append_new(labels, page_json(p, v->runs[i]->name));
        json_array_append_new(totals, json_string(page_money(p, v->runs[i]->cost)));
    }
    for (int g = 0; g < N_COST_GROUPS; g++) {
        if (!v->used[g]) continue;
        json_t *one = json_object(), *values = json_array(), *texts = json_array();
        for (size_t i = 0; i < v->n; i++) {
            json_array_append_new(values, json_real((double)v->cost[i][g] / 1e6));
            json_array_append_new(texts, json_string(v->text[i][g]));
        }
        page_put(one, "name", json_string(page_cost_label((enum cost_group)g)));
        page_put(one, "colour", json_integer(page_cost_colour((enum cost_group)g)));
        page_put(one, "values", values);
        page_put(one, "texts", texts);
        json_array_append_new(series, one);
    }
    page_put(x, "unit", page_money_unit(p));
    page_put(spec, "kind", json_string("bars"));
    page_put(spec, "rows", json_integer((json_int_t)v->n));
    page_put(spec, "labels", labels);
    page_put(spec, "totals", totals);
    page_put(spec, "series", series);
    page_put(spec, "x", x);
    page_put(spec, "y", json_object());
    return spec;
}

static struct sheet variants_table(const struct page *p, const struct variants *v)
{
    struct sheet_column *columns = ARENA_NEW(p->arena, struct sheet_column, N_COST_GROUPS + 2);
    size_t n = 0;
    columns[n++] = (struct sheet_column){"variant", N_("variant"), 'l', false};
    for (int g = 0; g < N_COST_GROUPS; g++)
        if (v->used[g])
            columns[n++] =
                (struct sheet_column){"cost", page_cost_label((enum cost_group)g), 'r', true};
    columns[n++] = (struct sheet_column){"total", N_("total"), 'r', true};
    struct sheet s = sheet_new(p->arena, columns, n);
    for (size_t i = 0; i < v->n; i++) {
        struct sheet_cell *cells = sheet_row(&s);
        size_t c = 0;
        cells[c++] = sheet_text(v->runs[i]->name);
        for (int g = 0; g < N_COST_GROUPS; g++)
            if (v->used[g]) cells[c++] = sheet_text(v->text[i][g]);
        cells[c] = sheet_text(page_money(p, v->runs[i]->cost));
    }
    return s;
}
/* Of one plan: a bar for each kind of cost. */
static json_t *groups_spec(const struct page *p, const struct variants *v)
{
    json_t *spec = json_object(), *labels = json_array(), *totals = json_array(),
           *series = json_array(), *x = json_object(), *one = json_object(), *values = json_array();
    for (int g = 0; g < N_COST_GROUPS; g++) {
        if (!v->used[g]) continue;
        json_array_append_new(labels, json_string(page_cost_label((enum cost_group)g)));
        json_array_append_new(totals, json_string(v->text[0][g]));
        json_array_append_new(values, json_real((double)v->cost[0][g] / 1e6));
    }
    page_put(one, "name", json_string(_("cost")));
    page_put(one, "colour", json_integer(page_cost_colour(COST_ON_DEMAND)));
    page_put(one, "values", values);
    json_array_append_new(series, one);
    page_put(x, "unit", page_money_unit(p));
    page_put(spec, "kind", json_string("bars"));
    page_put(spec, "rows", json_integer((json_int_t)json_array_size(labels)));
    page_put(spec, "labels", labels);
    page_put(spec, "totals", totals);
    page_put(spec, "series", series);
    page_put(spec, "x", x);
    page_put(spec, "y", json_object());
    return spec;
}

static struct sheet groups_table(const struct page *p, const struct variants *v)
{
    static const struct sheet_column columns[] = {{"part", N_("part"), 'l', false},
                                                  {"cost", N_("cost"), 'r', true},
                                                  {"share", N_("share"), 'r', true}};
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    const micro_t total = v->runs[0]->cost;
    for (int g = 0; g < N_COST_GROUPS; g++) {
        if (!v->used[g]) continue;
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(page_cost_label((enum cost_group)g));
        cells[1] = sheet_text(v->text[0][g]);
        cells[2] = total ? percent_cell(p->arena, (double)v->cost[0][g] / (double)total)
                         : sheet_text(NULL);
    }
    struct sheet_cell *cells = sheet_row(&s);
    cells[0] = sheet_text(_("total"));
    cells[1] = sheet_text(page_money(p, total));
    return s;
}

void page_variants(const struct page *p)
{
    struct variants v = {0};
    v.runs = runs_shown(&v.n, p);
    v.cost = arena_alloc(p->arena, v.n + 1, sizeof *v.cost);
    v.text = arena_alloc(p->arena, v.n + 1, sizeof *v.text);
    for (size_t i = 0; i < v.n; i++) {
        micro_t sum = 0;
        costs_of(v.cost[i], v.runs[i]);
        for (int g = 0; g < N_COST_GROUPS; g++) {
            v.used[g] = v.used[g] || v.cost[i][g] != 0;
            v.text[i][g] = page_money_linked(p, v.cost[i][g], &sum);
        }
    }
    if (v.n == 0) return;
    const bool one = v.n == 1;
    const struct sheet table = one ? groups_table(p, &v) : variants_table(p, &v);
    page_chart_print(
        p, &(struct page_chart){.id = "variants",
                                .title = one ? _("What the money is for") : _("Cost by variant"),
                                .spec = one ? groups_spec(p, &v) : variants_spec(p, &v),
                                .table = &table});
}
