/* Numbers, times and CSV files of a problem as a user would write them. */
#ifndef TESTS_LAWS_WRITE_CSV_H
#define TESTS_LAWS_WRITE_CSV_H

#include "tests/laws/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PATH_BYTES = 512, CELL_BYTES = 64, MAX_CELLS = 16 };

/* --- small texts --- */

struct text {
    char at[PATH_BYTES];
};

static inline __attribute__((format(printf, 1, 2))) struct text text_of(const char *format, ...)
{
    struct text t;
    va_list list;
    va_start(list, format);
    vsnprintf(t.at, sizeof t.at, format, list);
    va_end(list);
    return t;
}

static inline struct text decimal_text(struct decimal d, const struct style *style)
{
    char digits[64];
    int n = snprintf(digits, sizeof digits, "%0*lld", d.places + 1, (long long)d.digits);
    const char *zeros = style->zeros ? d.places ? "0" : ".00" : "";
    if (d.places == 0) return text_of("%s%s", digits, zeros);
    return text_of("%.*s.%s%s", n - d.places, digits, digits + n - d.places, zeros);
}

static inline struct text duration_text(int minutes, const struct style *style)
{
    if (style->duration == 1 && minutes % 60 == 0) return text_of("%dh", minutes / 60);
    if (style->duration == 1) return text_of("%ds", minutes * 60);
    if (style->duration == 2 && minutes % MINUTES_PER_DAY == 0)
        return text_of("%dd", minutes / MINUTES_PER_DAY);
    if (style->duration == 2) return text_of("%lldms", (long long)minutes * 60000);
    return text_of("%dmin", minutes);
}

static inline struct text size_text(int gib, const struct style *style)
{
    if (style->size == 1) return text_of("%lldMB", (long long)gib * 1024);
    if (style->size == 2 && gib % 1024 == 0) return text_of("%dTiB", gib / 1024);
    if (style->size == 2) return text_of("%lldMiB", (long long)gib * 1024);
    return text_of(style->size == 3 ? "%dGiB" : "%dGB", gib);
}

static inline struct text bandwidth_text(int mbps, const struct style *style)
{
    if (style->size && mbps % 1024 == 0) return text_of("%dGB/s", mbps / 1024);
    return text_of("%dMB/s", mbps);
}

/* Local time `minutes` after the start of the horizon. */
static inline struct text moment_text(const struct problem *p, int minutes)
{
    struct tm day = {0};
    struct text t;
    int year = 0;
    sscanf(p->start, "%d-%d-%d", &year, &day.tm_mon, &day.tm_mday);
    day.tm_year = year - 1900;
    day.tm_mon--;
    const time_t at = timegm(&day) + 60 * ((time_t)p->start_clock_min + minutes);
    gmtime_r(&at, &day);
    strftime(t.at, sizeof t.at, "%Y-%m-%d %H:%M", &day);
    return t;
}

static inline struct text zone_text(const struct problem *p, int region, int zone)
{
    return zone < 0 ? text_of("%s", "") : text_of("%s-%c", p->regions[region], 'a' + zone);
}

/* --- a fixed order, or a random one --- */

static inline uint64_t next_number(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline void order_make(int *order, int n, unsigned shuffle, unsigned salt)
{
    uint64_t state = ((uint64_t)shuffle << 32) + salt;
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; shuffle && i > 0; i--) {
        const int k = (int)(next_number(&state) % (uint64_t)(i + 1)), kept = order[i];
        order[i] = order[k];
        order[k] = kept;
    }
}

/* --- CSV --- */

struct table_out {
    const struct style *style;
    int n_columns, n_rows;
    const char *columns[MAX_CELLS];
    struct cells {
        char cell[MAX_CELLS][CELL_BYTES];
    } * rows;
};

/* One row; every argument behind `t` is a string, one per column. */
static inline void row_add(struct table_out *t, ...)
{
    va_list list;
    va_start(list, t);
    t->rows = realloc(t->rows, (size_t)(t->n_rows + 1) * sizeof *t->rows);
    for (int c = 0; c < t->n_columns; c++)
        snprintf(t->rows[t->n_rows].cell[c], CELL_BYTES, "%s", va_arg(list, const char *));
    t->n_rows++;
    va_end(list);
}

static inline void csv_print(struct table_out *t, const char *folder, const char *name)
{
    int columns[MAX_CELLS], *rows = calloc((size_t)t->n_rows + 1, sizeof *rows);
    order_make(columns, t->n_columns, t->style->shuffle, (unsigned)name[0]);
    order_make(rows, t->n_rows, t->style->shuffle, (unsigned)name[1]);
    const char *end = t->style->crlf ? "\r\n" : "\n";
    FILE *out = fopen(text_of("%s/%s", folder, name).at, "w");
    if (t->style->mark) fputs("\xEF\xBB\xBF", out);
    for (int c = 0; c < t->n_columns; c++)
        fprintf(out, "%s%s", c ? "," : "", t->columns[columns[c]]);
    fputs(end, out);
    for (int r = 0; r < t->n_rows; r++) {
        for (int c = 0; c < t->n_columns; c++)
            fprintf(out, "%s%s", c ? "," : "", t->rows[rows[r]].cell[columns[c]]);
        fputs(end, out);
    }
    fclose(out);
    free(rows);
    free(t->rows);
    t->rows = NULL;
    t->n_rows = 0;
}

static inline void write_types(const struct problem *p, const struct style *style,
                               const char *folder)
{
    struct table_out t = {style,
                          12,
                          0,
                          {"instance_type", "family", "gpu_model", "gpus", "gpu_mem_gb", "nvlink",
                           "vcpu", "ram_gb", "net_gbps", "features", "source", "confidence"},
                          NULL};
    for (int i = 0; i < p->n_types; i++) {
        const struct machine_type *m = &p->types[i];
        const bool gpu = m->gpu >= 0;
        row_add(&t, m->name, m->family, gpu ? p->gpus[m->gpu] : "none", text_of("%d", m->gpus).at,
                gpu ? text_of("%d", m->memory_gb).at : "", gpu ? "no" : "n/a",
                text_of("%d", m->vcpu).at, text_of("%d", m->ram_gb).at,
                m->net_gbps ? text_of("%d", m->net_gbps).at : "", "", "test", "quoted");
    }
    csv_print(&t, folder, "instances.csv");
}

static inline void write_prices(const struct problem *p, const struct style *style,
                                const char *folder)
{
    static const char *const words[] = {"on_demand", "spot", "subscription"};
    struct table_out t = {style,
                          12,
                          0,
                          {"instance_type", "region", "zone", "market", "price", "currency", "unit",
                           "date", "source", "confidence", "hazard_per_h", "checked"},
                          NULL};
    for (int i = 0; i < p->n_prices; i++) {
        const struct price *r = &p->prices[i];
        row_add(&t, p->types[r->type].name, p->regions[r->region],
                zone_text(p, r->region, r->zone).at, words[r->way],
                decimal_text(r->amount, style).at, "CNY", r->way == WAY_MONTH ? "month" : "h",
                "2026-11-20", "test", "quoted",
                r->way == WAY_SPOT ? decimal_text(r->hazard, style).at : "", "made up");
    }
    csv_print(&t, folder, "prices.csv");
}

static inline void tariff_row(struct table_out *t, const struct tariff *s, const char *item,
                              struct decimal value, const char *unit)
{
    if (value.digits == 0) return;
    row_add(t, s->name, item, decimal_text(value, t->style).at, unit, "any", "2026-11-20", "test",
            "quoted");
}

static inline void write_tariffs(const struct problem *p, const struct style *style,
                                 const char *folder)
{
    struct table_out t = {
        style,
        8,
        0,
        {"class", "item", "value", "unit", "region", "date", "source", "confidence"},
        NULL};
    for (int i = 0; i < p->n_tariffs; i++) {
        const struct tariff *s = &p->tariffs[i];
        tariff_row(&t, s, "price_month", s->price_month, "CNY/GB-month");
        tariff_row(&t, s, "egress", s->egress, "CNY/GB");
        tariff_row(&t, s, "retrieval", s->retrieval, "CNY/GB");
        tariff_row(&t, s, "min_size", (struct decimal){s->min_size_gib, 0}, "GiB");
        tariff_row(&t, s, "throughput_base", (struct decimal){s->base_mbps, 0}, "MB/s");
        tariff_row(&t, s, "throughput_slope", (struct decimal){s->slope_mbps_per_tib, 0},
                   "MB/s/TiB");
        tariff_row(&t, s, "throughput_max", (struct decimal){s->max_mbps, 0}, "MB/s");
        tariff_row(&t, s, "client_max", (struct decimal){s->client_mbps, 0}, "MB/s");
        row_add(&t, s->name, "per_machine", s->per_machine ? "1" : "0", "", "any", "2026-11-20",
                "test", "quoted");
    }
    if (p->n_tariffs) csv_print(&t, folder, "storage.csv");
}

static inline const char *kind_class(enum kind k)
{
    static const char *const classes[] = {"train_mixed", "lora_sft", "infer_small", "render_optix",
                                          "cpu_etl"};
    return classes[k];
}

static inline void write_speeds(const struct problem *p, const struct style *style,
                                const char *folder)
{
    struct table_out t = {
        style,
        5,
        0,
        {"gpu_model", "workload_class", "relative_throughput", "source", "confidence"},
        NULL};
    for (int i = 0; i < p->n_speeds; i++) {
        const struct speed_problem *s = &p->speeds[i];
        const struct text cpu = text_of("CPU-%s", s->family);
        row_add(&t, s->gpu < 0 ? cpu.at : p->gpus[s->gpu], kind_class(s->kind),
                decimal_text(s->speed, style).at, "test", "measured");
    }
    csv_print(&t, folder, "gpu_speed.csv");
}

static inline void write_steps(const struct problem *p, const struct style *style,
                               const char *folder)
{
    struct table_out t = {style, 4, 0, {"start", "name", "place", "available"}, NULL};
    for (int i = 0; i < p->n_steps; i++) {
        const struct step_problem *s = &p->steps[i];
        row_add(&t, moment_text(p, s->start_min).at, p->types[s->type].name, p->regions[s->region],
                text_of("%d", s->available).at);
    }
    if (p->n_steps) csv_print(&t, folder, "stock.csv");
}

static inline const char *work_key(enum work_form form)
{
    static const char *const keys[] = {"gpu_hours", "vcpu_hours", "items"};
    return keys[form];
}

static inline void write_jobs(const struct problem *p, const struct workload_problem *w,
                              const struct style *style, const char *folder)
{
    struct table_out t = {style, 4, 0, {"id", work_key(w->form), "start", "deadline"}, NULL};
    for (int i = 0; i < w->n_jobs; i++) {
        const struct job *j = &w->jobs[i];
        const struct text amount = w->form == WORK_ITEMS ? text_of("%lld", (long long)j->items)
                                                         : decimal_text(j->work, style);
        row_add(&t, j->id, amount.at, j->start_min < 0 ? "" : moment_text(p, j->start_min).at,
                j->due_min < 0 ? "" : moment_text(p, j->due_min).at);
    }
    if (w->n_jobs) csv_print(&t, folder, text_of("jobs-%s.csv", w->name).at);
}

#endif
