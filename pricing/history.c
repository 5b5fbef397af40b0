#include "pricing/history.h"
#include "common/csv.h"
#include "common/text.h"
#include "pricing/decimal.h"
#include <math.h>
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
    *ARENA_PUSH_ALONE(h->arena, h->samples, h->n) = s;
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

static void sort(struct import_sample *samples, size_t n, struct arena *a)
{
    size_t sorted = 1;
    while (sorted < n && series_cmp(&samples[sorted - 1], &samples[sorted]) < 0) sorted++;
    if (sorted >= n) return;
    uint32_t *order = ARENA_NEW(a, uint32_t, n);
    for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
    qsort_r(order, n, sizeof *order, by_series_and_time, samples);
    permute(samples, order, n);
}

/* Sorts, and keeps the last of those of one moment. */
static void tidy(struct history *h)
{
    rename_in_order(h);
    sort(h->samples, h->n, h->arena);
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
    const struct csv_options passing = {
        .max_bytes = (size_t)1 << 36, .max_rows = UINT32_MAX - 1, .passing = true};
    const enum err code = csv_read(path, columns, N_COLUMNS, &passing, row_read, &r, a, d);
    if (code != OK) return code;
    tidy(h);
    return OK;
}

/* Gives the samples the numbers that the history has for their names. */
static void renumber(struct history *h, const struct names *texts, struct import_sample *samples,
                     size_t n)
{
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
}

/* Puts samples of moments that are there in their places; the others stand at the front of the array, in order. Returns how
 * many those are. Both are sorted. */
static size_t replace_known(struct history *h, struct import_sample *samples, size_t n)
{
    size_t fresh = 0;
    for (size_t i = 0, at = 0; i < n; i++) {
        const bool again = i + 1 < n && series_cmp(&samples[i], &samples[i + 1]) == 0;
        if (again) continue;
        while (at < h->n && series_cmp(&h->samples[at], &samples[i]) < 0) at++;
        if (at < h->n && series_cmp(&h->samples[at], &samples[i]) == 0)
            h->samples[at] = samples[i];
        else
            samples[fresh++] = samples[i];
    }
    return fresh;
}

size_t history_add(struct history *h, const struct names *texts, struct import_sample *samples,
                   size_t n)
{
    const size_t before = h->n;
    renumber(h, texts, samples, n);
    sort(samples, n, h->arena);
    const size_t fresh = replace_known(h, samples, n);
    if (fresh == 0) return 0;
    struct import_sample *all =
        before > 0 ? ARENA_NEW(h->arena, struct import_sample, before + fresh + 1) : samples;
    if (before > 0) memcpy(all, h->samples, before * sizeof *all);
    if (before > 0) memcpy(all + before, samples, fresh * sizeof *all);
    h->samples = all;
    h->n = before + fresh;
    tidy(h);
    return h->n - before;
}

int moment_week_hour(moment_t m)
{
    const int64_t day_us = 24 * US_PER_H, us = (m % day_us + day_us) % day_us;
    return 24 * moment_weekday(m) + (int)(us / US_PER_H) + 1;
}

int64_t moment_hour(moment_t m)
{
    return m >= 0 ? m / US_PER_H : -((-m + US_PER_H - 1) / US_PER_H);
}

/* A price is known until the next sample, but no longer than this: the vendor writes one an hour. */
#define MOST_GAP_H 24.0

struct history_hours history_hours(const struct history *h, size_t first, size_t end,
                                   int64_t offset_us, struct arena *a)
{
    const struct import_sample *s = h->samples;
    struct history_hours out = {.first_h = moment_hour(s[first].time + offset_us) + 1};
    const int64_t last_h = moment_hour(s[end - 1].time + offset_us);
    out.n = last_h > out.first_h ? (size_t)(last_h - out.first_h) : 0;
    out.price = ARENA_NEW(a, double, out.n + 1);
    for (size_t i = 0, at = first; i < out.n; i++) {
        const moment_t hour = (out.first_h + (int64_t)i) * US_PER_H - offset_us;
        while (at + 1 < end && s[at + 1].time <= hour) at++;
        const double age_h = (double)(hour - s[at].time) / (double)US_PER_H;
        out.price[i] = age_h <= MOST_GAP_H ? ratio_value(s[at].spot) : (double)NAN;
    }
    return out;
}

bool history_covers(const struct history *h, size_t first, const char *type, const char *region,
                    const char *zone)
{
    const struct import_sample *s = &h->samples[first];
    const char *place = h->texts.items[s->zone];
    if (strcmp(h->texts.items[s->type], type) != 0) return false;
    return *zone ? strcmp(place, zone) == 0 : strncmp(place, region, strlen(region)) == 0;
}

/* "2026-01-31T06:05:00Z"; `day` holds the day written last, as dates are dear to work out. */
static void time_write(FILE *out, moment_t time, moment_t *day, char text[32])
{
    enum { DATE_BYTES = 10 };
    const int64_t second_us = 1000000, day_us = 24 * US_PER_H;
    const moment_t midnight = time - (time % day_us + day_us) % day_us;
    if (midnight != *day) moment_print(text, 32, midnight);
    *day = midnight;
    const int seconds = (int)((time - midnight) / second_us);
    const int parts[] = {seconds / 3600, seconds / 60 % 60, seconds % 60};
    fwrite_unlocked(text, 1, DATE_BYTES, out);
    for (int k = 0; k < 3; k++) {
        const char two[] = {k ? ':' : 'T', (char)('0' + parts[k] / 10),
                            (char)('0' + parts[k] % 10)};
        fwrite_unlocked(two, 1, sizeof two, out);
    }
    fputs_unlocked("Z,", out);
}

void history_write(const struct history *h, FILE *out)
{
    char date[32], price[DECIMAL_BYTES];
    moment_t day = INT64_MIN;
    fputs_unlocked("# Spot prices over time in UTC, kept by `gpumix catalog import`.\n"
                   "instance_type,zone,time,spot,on_demand,currency\n",
                   out);
    for (size_t i = 0; i < h->n; i++) {
        const struct import_sample *s = &h->samples[i];
        fputs_unlocked(h->texts.items[s->type], out);
        putc_unlocked(',', out);
        fputs_unlocked(h->texts.items[s->zone], out);
        putc_unlocked(',', out);
        time_write(out, s->time, &day, date);
        fputs_unlocked(decimal_print(price, s->spot), out);
        putc_unlocked(',', out);
        if (s->on_demand.num > 0) fputs_unlocked(decimal_print(price, s->on_demand), out);
        fputs_unlocked(s->currency == CURRENCY_USD ? ",USD\n" : ",CNY\n", out);
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
