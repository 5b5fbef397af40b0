/* Cost by job of a list on the report page: shots of a film, rows of a batch. */
#include "report/page.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <stdlib.h>
#include <string.h>

enum { FEWEST_JOBS = 3, MOST_JOBS = 15 };

struct job_cost {
    const char *workload, *job;
    micro_t cost;
};

static int by_workload_and_job(const void *left, const void *right)
{
    const struct job_cost *a = left, *b = right;
    const int order = strcmp(a->workload, b->workload);
    return order ? order : strcmp(a->job, b->job);
}

static int by_cost(const void *left, const void *right)
{
    const struct job_cost *a = left, *b = right;
    if (a->cost != b->cost) return a->cost < b->cost ? 1 : -1;
    return strcmp(a->job, b->job);
}

/* Lines of the ledger by workload and job, added up. */
static struct job_cost *jobs_of(size_t *n, const struct page *p)
{
    const struct saved_run *r = p->run;
    struct job_cost *all = ARENA_NEW(p->arena, struct job_cost, r->n_entries + 1);
    size_t m = 0;
    for (size_t i = 0; i < r->n_entries; i++) {
        const struct saved_entry *e = &r->entries[i];
        if (e->workload && e->job) all[m++] = (struct job_cost){e->workload, e->job, e->amount};
    }
    qsort(all, m, sizeof *all, by_workload_and_job);
    *n = 0;
    for (size_t i = 0; i < m; i++) {
        struct job_cost *last = *n > 0 ? &all[*n - 1] : NULL;
        if (last && by_workload_and_job(last, &all[i]) == 0)
            last->cost += all[i].cost;
        else
            all[(*n)++] = all[i];
    }
    return all;
}

static bool is_render(const struct page *p, const char *workload)
{
    const char *kind = saved_value(p->run, arena_printf(p->arena, "workloads.%s.kind", workload));
    return kind && strncmp(kind, "render", 6) == 0;
}

struct job_list {
    const struct job_cost *jobs; /* [n] dearest first */
    size_t n;
    micro_t total;
};

/* The workload with several jobs that costs most; one that renders before all others. */
static struct job_list list_find(const struct page *p)
{
    size_t n;
    struct job_cost *all = jobs_of(&n, p);
    struct job_list best = {0};
    bool renders = false;
    for (size_t from = 0, to; from < n; from = to) {
        micro_t sum = 0;
        for (to = from; to < n && strcmp(all[to].workload, all[from].workload) == 0; to++)
            sum += all[to].cost;
        const bool render = is_render(p, all[from].workload);
        if (to - from < FEWEST_JOBS || (renders && !render)) continue;
        if (best.n > 0 && renders == render && sum <= best.total) continue;
        best = (struct job_list){&all[from], to - from, sum};
        renders = render;
    }
    if (best.n > 0) qsort(all + (best.jobs - all), best.n, sizeof *all, by_cost);
    return best;
}

/* Name of a job without that of its workload in front. */
static const char *job_name(const struct job_cost *j)
{
    const size_t n = strlen(j->workload);
    const bool inside = strncmp(j->job, j->workload, n) == 0 && j->job[n] == '/' && j->job[n + 1];
    return inside ? j->job + n + 1 : j->job;
}

static json_t *jobs_spec(const struct page *p, const struct job_list *list)
{
    json_t *spec = json_object(), *labels = json_array(), *totals = json_array(),
           *values = json_array(), *series = json_array(), *one = json_object(), *x = json_object();
    for (size_t i = 0; i < list->n && i < MOST_JOBS; i++) {
        const struct job_cost *j = &list->jobs[i];
        json_array_append_new(labels, page_json(p, job_name(j)));
        json_array_append_new(totals, json_string(page_money(p, j->cost)));
        json_array_append_new(values, json_real((double)j->cost / 1e6));
    }
    page_put(one, "name", json_string(_("cost")));
    page_put(one, "colour", json_integer(page_cost_colour(COST_ON_DEMAND)));
    page_put(one, "values", values);
    json_array_append_new(series, one);
    page_put(x, "unit", page_money_unit(p));
    page_put(spec, "kind", json_string("bars"));
    page_put(spec, "rows", json_integer((json_int_t)json_array_size(labels)));
    page_put(spec, "rowHeight", json_integer(26));
    page_put(spec, "labels", labels);
    page_put(spec, "totals", totals);
    page_put(spec, "series", series);
    page_put(spec, "x", x);
    page_put(spec, "y", json_object());
    return spec;
}

static struct sheet jobs_table(const struct page *p, const struct job_list *list)
{
    static const struct sheet_column columns[] = {{"job", N_("job"), 'l', false},
                                                  {"cost", N_("cost"), 'r', true},
                                                  {"share", N_("share"), 'r', true}};
    enum { MOST_ROWS = 200 };
    struct sheet s = sheet_new(p->arena, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < list->n && i < MOST_ROWS; i++) {
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(job_name(&list->jobs[i]));
        cells[1] = sheet_text(page_money(p, list->jobs[i].cost));
        cells[2] = list->total
                       ? percent_cell(p->arena, (double)list->jobs[i].cost / (double)list->total)
                       : sheet_text(NULL);
    }
    if (list->n > MOST_ROWS)
        sheet_note(&s,
                   _("%zu further jobs are in the run: gpumix report RUN --format csv --table "
                     "ledger"),
                   list->n - MOST_ROWS);
    return s;
}

static const char *jobs_note(const struct page *p, const struct job_list *list)
{
    const char *note = arena_printf(
        p->arena,
        _("%zu jobs, %s in all: machines, starts, licences and delay. Shared data are not in it."),
        list->n, page_money(p, list->total));
    if (list->n <= MOST_JOBS) return note;
    micro_t others = 0;
    for (size_t i = MOST_JOBS; i < list->n; i++) others += list->jobs[i].cost;
    return arena_printf(p->arena, _("%s The %d dearest are drawn; the others cost %s."), note,
                        (int)MOST_JOBS, page_money(p, others));
}

void page_jobs(const struct page *p)
{
    const struct job_list list = list_find(p);
    if (list.n == 0) return;
    const struct sheet table = jobs_table(p, &list);
    page_chart_print(
        p, &(struct page_chart){
               .id = "jobs",
               .title = arena_printf(p->arena, _("Cost by job: %s"),
                                     saved_workload_title(p->run, list.jobs[0].workload, p->arena)),
               .note = jobs_note(p, &list),
               .spec = jobs_spec(p, &list),
               .table = &table});
}
