#include "report/facts_json.h"
#include "common/quantity.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum { STEPS = 24, HOURS_A_DAY = 24, HOURS_A_WEEK = 168 };

static void put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

/* 1, 2 or 5 times a power of ten, at least `least`. */
static double round_width(double least)
{
    const double power = pow(10, floor(log10(least)));
    const double factors[] = {1, 2, 5, 10};
    size_t i = 0;
    while (i < 3 && factors[i] * power < least) i++;
    return factors[i] * power;
}

json_t *distribution_json(const struct simulation *s)
{
    const double span = s->cost.most - s->cost.least;
    if (!(span > 0)) return NULL;
    const double width = round_width(span / STEPS), from = floor(s->cost.least / width) * width;
    const size_t n = (size_t)floor((s->cost.most - from) / width) + 1;
    long counts[2 * STEPS + 4] = {0};
    for (size_t i = 0; i < s->n; i++) {
        const double cost = (double)s->outcomes->total[i] / 1e6;
        const size_t step = (size_t)fmax(0, floor((cost - from) / width));
        counts[step < n ? step : n - 1]++;
    }
    json_t *o = json_object(), *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, json_integer(counts[i]));
    put(o, "from", json_real(from));
    put(o, "width", json_real(width));
    put(o, "counts", list);
    return o;
}

json_t *load_by_hour_json(const struct scenario *s, const struct service *service)
{
    double sum[HOURS_A_WEEK] = {0};
    long n[HOURS_A_WEEK] = {0};
    for (int64_t from_us = 0; from_us + US_PER_H <= s->length_us; from_us += US_PER_H) {
        const moment_t at = s->start + from_us;
        const int64_t hour = at / US_PER_H % HOURS_A_DAY;
        const size_t i = (size_t)moment_weekday(at) * HOURS_A_DAY + (size_t)hour;
        sum[i] += service_mean_load(service, from_us, from_us + US_PER_H);
        n[i]++;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < HOURS_A_WEEK; i++)
        json_array_append_new(list, n[i] ? json_real(sum[i] / (double)n[i]) : json_null());
    return list;
}

/* --- prices --- */

static json_t *text(const char *s, struct arena *a)
{
    return s && *s ? json_string(safe_text(a, s)) : json_null();
}

static bool is_listed(const json_t *list, const json_t *one)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), one)) return true;
    return false;
}

static void source_add(json_t *list, const char *what, const char *market, const char *place,
                       const struct origin *origin, struct arena *a)
{
    json_t *o = json_object();
    put(o, "what", text(what, a));
    put(o, "market", text(market, a));
    put(o, "region", text(place, a));
    put(o, "source", text(origin->source, a));
    put(o, "date", text(origin->date, a));
    put(o, "confidence", json_string(confidence_name(origin->confidence)));
    put(o, "user", json_boolean(origin->user));
    if (is_listed(list, o))
        json_decref(o);
    else
        json_array_append_new(list, o);
}

static void row_add(json_t *list, const struct plan *p, const struct price_row *row,
                    const char *market, struct arena *a)
{
    const char *what = row->type == SIZE_MAX ? row->scope : book_type(p->book, row->type)->name;
    const char *place = row->zone && *row->zone ? row->zone : row->region;
    source_add(list, what, market, place, &row->origin, a);
}

json_t *sources_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    bool *done = ARENA_NEW(a, bool, p->n_offers + 1);
    for (size_t i = 0; i < p->n_ledger; i++) {
        const size_t offer = p->ledger[i].offer;
        if (offer == NO_INDEX || done[offer]) continue;
        const struct offer *o = &p->offers[offer];
        done[offer] = true;
        if (o->row) row_add(list, p, o->row, offer_market_word(o), a);
        if (o->base) row_add(list, p, o->base, "on_demand", a);
    }
    for (size_t i = 0; i < p->n_datasets; i++) {
        const struct dataset_choice *c = &p->datasets[i];
        const struct storage_tariff t =
            book_storage(p->book, book_storage_find(p->book, c->class_->name), c->region);
        if (t.has_price) source_add(list, c->class_->name, NULL, c->region, &t.origin, a);
    }
    return list;
}
