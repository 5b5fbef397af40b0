/* Tidy CSV: one row per scenario, variant, workload (and job of a list), offer and day. */
#include "report/cells.h"
#include "report/csv_safe.h"
#include "report/wording.h"

static void texts_print(FILE *out, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        csv_safe_text(out, texts[i] ? texts[i] : "");
        fputc(',', out);
    }
}

/* Where the cells of a variant go. */
struct csv_rows {
    const struct plan *plan;
    const char *variant;
    FILE *out;
    const char **days; /* [days of the horizon + 1] dates */
};

static void cell_print(void *context, const struct cell *c)
{
    const struct csv_rows *rows = context;
    const struct plan *p = rows->plan;
    const struct scenario *s = p->scenario;
    const struct offer *o = c->offer == NO_INDEX ? NULL : &p->offers[c->offer];
    const char *const texts[] = {
        s->name,
        rows->variant,
        c->workload == NO_INDEX ? "" : s->workloads[c->workload].name,
        c->demand == NO_INDEX ? "" : p->demands->items[c->demand].id,
        o ? book_type(p->book, o->type)->name : "",
        o ? offer_market_word(o) : "",
        o ? o->region : "",
        o ? o->zone : "",
        c->dataset == NO_INDEX ? "" : s->datasets[c->dataset].name,
        c->month >= 0 && (size_t)c->month < p->n_months ? p->months[c->month] : "",
        c->day < 0 ? "" : rows->days[c->day],
        currency_name(s->currency),
    };
    texts_print(rows->out, texts, sizeof texts / sizeof *texts);
    micro_t cost = 0;
    for (size_t i = 0; i < N_PARTS; i++) cost += c->part[i];
    real_put(rows->out, (double)c->paid_us / (double)US_PER_H);
    fputc(',', rows->out);
    real_put(rows->out, (double)c->start_us / (double)US_PER_H);
    fputc(',', rows->out);
    real_put(rows->out, c->useful);
    fputc(',', rows->out);
    micro_put(rows->out, cost);
    for (size_t i = 0; i < N_PARTS; i++) {
        fputc(',', rows->out);
        micro_put(rows->out, c->part[i]);
    }
    fputc('\n', rows->out);
}

/* Dates of the days from that of the start to that of the last stretch. */
static const char **days_make(const struct plan *p, struct arena *a)
{
    const struct scenario *s = p->scenario;
    const int64_t day_us = 24 * US_PER_H;
    const int64_t since_us = ((s->start % day_us) + day_us) % day_us;
    int64_t until_us = s->length_us;
    for (size_t i = 0; i < p->n_stretches; i++)
        if (p->stretches[i].to_us > until_us) until_us = p->stretches[i].to_us;
    const size_t n = (size_t)((until_us + since_us) / day_us) + 1;
    const char **days = ARENA_NEW(a, const char *, n);
    for (size_t i = 0; i < n; i++)
        days[i] = arena_printf(a, "%.10s", moment_text(a, s, (int64_t)i * day_us - since_us));
    return days;
}

static enum err plans_print(const struct report *r, FILE *out, struct arena *a, struct diag *d)
{
    (void)d;
    fputs(
        "scenario,variant,workload,job,instance_type,market,region,zone,dataset,month,day,currency,"
        "machine_hours,start_hours,work,cost",
        out);
    for (int part = 0; part < N_PARTS; part++)
        fprintf(out, ",cost_%s", ledger_part_name((enum ledger_part)part));
    fputc('\n', out);
    for (size_t i = 0; i < r->n_results; i++) {
        const struct result *v = &r->results[i];
        if (!v->plan || !v->summary->has_plan) continue;
        struct csv_rows rows = {v->plan, v->variant, out, days_make(v->plan, a)};
        cells_each(v->plan, cell_print, &rows);
    }
    return OK;
}

static enum err sheet_print(const struct sheet *s, FILE *out, struct arena *a, struct diag *d)
{
    (void)a;
    (void)d;
    csv_safe_sheet(out, s, "\n");
    return OK;
}

const struct report_format format_csv = {
    .name = "csv",

    .plans = plans_print,
    .sheet = sheet_print,
};
