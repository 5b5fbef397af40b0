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

static void cell_print(const struct plan *p, const char *variant, const struct cell *c, FILE *out,
                       struct arena *a)
{
    const struct scenario *s = p->scenario;
    const struct offer *o = c->offer == NO_INDEX ? NULL : &p->offers[c->offer];
    const int64_t day_us = 24 * US_PER_H;
    const moment_t midnight = s->start - ((s->start % day_us) + day_us) % day_us;
    const char *day =
        c->day < 0
            ? ""
            : arena_printf(a, "%.10s", moment_text(a, s, midnight + c->day * day_us - s->start));
    const char *const texts[] = {
        s->name,
        variant,
        c->workload == NO_INDEX ? "" : s->workloads[c->workload].name,
        c->demand == NO_INDEX ? "" : p->demands->items[c->demand].id,
        o ? book_type(p->book, o->type)->name : "",
        o ? offer_market_word(o) : "",
        o ? o->region : "",
        o ? o->zone : "",
        c->dataset == NO_INDEX ? "" : s->datasets[c->dataset].name,
        c->month >= 0 && (size_t)c->month < p->n_months ? p->months[c->month] : "",
        day,
        currency_name(s->currency),
    };
    texts_print(out, texts, sizeof texts / sizeof *texts);
    micro_t cost = 0;
    for (size_t i = 0; i < N_PARTS; i++) cost += c->part[i];
    fprintf(out, "%s,%s,%s,%s", real_text(a, (double)c->paid_us / (double)US_PER_H),
            real_text(a, (double)c->start_us / (double)US_PER_H), real_text(a, c->useful),
            micro_text(a, cost));
    for (size_t i = 0; i < N_PARTS; i++) fprintf(out, ",%s", micro_text(a, c->part[i]));
    fputc('\n', out);
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
        size_t n;
        const struct cell *cells = cells_make(&n, v->plan, a);
        for (size_t j = 0; j < n; j++) cell_print(v->plan, v->variant, &cells[j], out, a);
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
