#include "pricing/history.h"
#include "common/csv.h"
#include "common/text.h"
#include "pricing/decimal.h"
#include <stdlib.h>
#include <string.h>

enum { H_TYPE, H_ZONE, H_TIME, H_SPOT, H_ON_DEMAND, H_CURRENCY, N_COLUMNS };

static const struct csv_column columns[N_COLUMNS] = {
    {"instance_type", true}, {"zone", true},       {"time", true},
    {"spot", true},          {"on_demand", false}, {"currency", true},
};

struct reader {
    struct history *history;
    struct diag *diag;
};

static bool cell_refuse(struct reader *r, const struct csv_row *row, size_t c, const char *fmt)
{
    /* the format is one of the literals below */
    char what[256];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(what, sizeof what, fmt, row->field[c]);
#pragma GCC diagnostic pop
    diag_error(r->diag, ERR_IMPORT_VALUE, csv_place(row, c), "%s", what);
    return false;
}

static bool currency_cell(struct import_sample *s, struct reader *r, const struct csv_row *row)
{
    s->currency = strcmp(row->field[H_CURRENCY], "USD") == 0 ? CURRENCY_USD : CURRENCY_CNY;
    if (s->currency == CURRENCY_USD || strcmp(row->field[H_CURRENCY], "CNY") == 0) return true;
    return cell_refuse(r, row, H_CURRENCY, _("prices in \"%s\" cannot be used: give CNY or USD"));
}

static bool amount_cells(struct import_sample *s, struct reader *r, const struct csv_row *row)
{
    const bool listed = row->field[H_ON_DEMAND][0];
    if (!ratio_parse(&s->spot, row->field[H_SPOT]) || s->spot.num <= 0)
        return cell_refuse(r, row, H_SPOT, _("\"%s\" is no price"));
    if (listed && (!ratio_parse(&s->on_demand, row->field[H_ON_DEMAND]) || s->on_demand.num <= 0))
        return cell_refuse(r, row, H_ON_DEMAND, _("\"%s\" is no price"));
    return true;
}

static enum err row_read(const struct csv_row *row, void *context)
{
    struct reader *r = context;
    struct history *h = r->history;
    struct import_sample s = {.on_demand = RATIO_ZERO};
    if (!import_time_parse(&s.time, row->field[H_TIME])) {
        cell_refuse(r, row, H_TIME, _("\"%s\" is no time such as 2026-01-31T06:00:00Z"));
        return ERR_IMPORT_VALUE;
    }
    if (!amount_cells(&s, r, row) || !currency_cell(&s, r, row)) return ERR_IMPORT_VALUE;
    s.type = (uint32_t)names_add(&h->texts, row->field[H_TYPE]);
    s.zone = (uint32_t)names_add(&h->texts, row->field[H_ZONE]);
    *ARENA_PUSH(h->arena, h->samples, h->n) = s;
    return OK;
}

struct named {
    const char *name;
    uint32_t number;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static uint32_t *ranks(const struct history *h)
{
    const size_t n = h->texts.n;
    struct named *sorted = ARENA_NEW(h->arena, struct named, n + 1);
    uint32_t *rank = ARENA_NEW(h->arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) sorted[i] = (struct named){h->texts.items[i], (uint32_t)i};
    qsort(sorted, n, sizeof *sorted, by_name);
    for (size_t i = 0; i < n; i++) rank[sorted[i].number] = (uint32_t)i;
    return rank;
}

/* Numbers the names in the order of their letters, so that samples are sorted by numbers alone. */
static void rename_in_order(struct history *h)
{
    const uint32_t *rank = ranks(h);
    struct names ordered = {.arena = h->arena};
    const char **sorted = ARENA_NEW(h->arena, const char *, h->texts.n + 1);
    for (size_t i = 0; i < h->texts.n; i++) sorted[rank[i]] = h->texts.items[i];
    for (size_t i = 0; i < h->texts.n; i++) names_add(&ordered, sorted[i]);
    for (size_t i = 0; i < h->n; i++) {
        h->samples[i].type = rank[h->samples[i].type];
        h->samples[i].zone = rank[h->samples[i].zone];
    }
    h->texts = ordered;
}

static int series_cmp(const struct import_sample *x, const struct import_sample *y)
{
    if (x->type != y->type) return x->type < y->type ? -1 : 1;
    if (x->zone != y->zone) return x->zone < y->zone ? -1 : 1;
    return x->time < y->time ? -1 : x->time > y->time;
}

/* Of two of one moment the one that came later goes last. */
static int by_series_and_time(const void *a, const void *b, void *context)
{
    const struct import_sample *samples = context;
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const int order = series_cmp(&samples[x], &samples[y]);
    return order ? order : x < y ? -1 : x > y;
}

/* Puts samples[order[i]] at i, cycle by cycle, without a second array of samples. */
static void permute(struct import_sample *samples, uint32_t *order, size_t n)
{
    for (size_t start = 0; start < n; start++) {
        const struct import_sample first = samples[start];
        size_t to = start;
        while (order[to] != start && order[to] != to) {
            const size_t from = order[to];
            samples[to] = samples[from];
            order[to] = (uint32_t)to;
            to = from;
        }
        if (order[to] == to) continue;
        samples[to] = first;
        order[to] = (uint32_t)to;
    }
}

static void sort(struct history *h)
{
    size_t sorted = 1;
    while (sorted < h->n && series_cmp(&h->samples[sorted - 1], &h->samples[sorted]) < 0) sorted++;
    if (sorted >= h->n) return;
    uint32_t *order = ARENA_NEW(h->arena, uint32_t, h->n);
    for (size_t i = 0; i < h->n; i++) order[i] = (uint32_t)i;
    qsort_r(order, h->n, sizeof *order, by_series_and_time, h->samples);
    permute(h->samples, order, h->n);
}

/* Sorts, and keeps the last of those of one moment. */
static void tidy(struct history *h)
{
    rename_in_order(h);
    sort(h);
    size_t n = 0;
    for (size_t i = 0; i < h->n; i++) {
        const bool again = n > 0 && series_cmp(&h->samples[n - 1], &h->samples[i]) == 0;
        h->samples[again ? n - 1 : n++] = h->samples[i];
    }
    h->n = n;
}

enum err history_read(struct history *h, const char *path, struct arena *a, struct diag *d)
{
    *h = (struct history){.arena = a, .texts = {.arena = a}};
    struct reader r = {h, d};
    TRY(csv_read(path, columns, N_COLUMNS, NULL, row_read, &r, a, d));
    tidy(h);
    return OK;
}

size_t history_add(struct history *h, const struct names *texts, struct import_sample *samples,
                   size_t n)
{
    const size_t before = h->n;
    uint32_t *number = ARENA_NEW(h->arena, uint32_t, texts->n + 1);
    for (size_t i = 0; i < texts->n; i++) number[i] = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        uint32_t *const parts[] = {&samples[i].type, &samples[i].zone};
        for (int k = 0; k < 2; k++) {
            uint32_t *known = &number[*parts[k]];
            if (*known == UINT32_MAX)
                *known = (uint32_t)names_add(&h->texts, texts->items[*parts[k]]);
            *parts[k] = *known;
        }
    }
    struct import_sample *all =
        before > 0 ? ARENA_NEW(h->arena, struct import_sample, before + n + 1) : samples;
    if (before > 0) memcpy(all, h->samples, before * sizeof *all);
    if (before > 0 && n > 0) memcpy(all + before, samples, n * sizeof *all);
    h->samples = all;
    h->n = before + n;
    tidy(h);
    return h->n - before;
}

int moment_week_hour(moment_t m)
{
    const int64_t day_us = 24 * US_PER_H, us = (m % day_us + day_us) % day_us;
    return 24 * moment_weekday(m) + (int)(us / US_PER_H) + 1;
}

void history_write(const struct history *h, FILE *out)
{
    fputs("# Spot prices over time in UTC, kept by `gpumix catalog import`.\n"
          "instance_type,zone,time,spot,on_demand,currency\n",
          out);
    for (size_t i = 0; i < h->n; i++) {
        const struct import_sample *s = &h->samples[i];
        char time[32], spot[DECIMAL_BYTES], listed[DECIMAL_BYTES] = "";
        moment_print(time, sizeof time, s->time);
        time[10] = 'T';
        if (s->on_demand.num > 0) decimal_print(listed, s->on_demand);
        fprintf(out, "%s,%s,%s:%02dZ,%s,%s,%s\n", h->texts.items[s->type], h->texts.items[s->zone],
                time, (int)(s->time / 1000000 % 60), decimal_print(spot, s->spot), listed,
                s->currency == CURRENCY_USD ? "USD" : "CNY");
    }
}

bool history_next(const struct history *h, size_t *first, size_t *end)
{
    *first = *end;
    if (*first >= h->n) return false;
    const struct import_sample *s = &h->samples[*first];
    while (*end < h->n && h->samples[*end].type == s->type && h->samples[*end].zone == s->zone)
        ++*end;
    return true;
}
