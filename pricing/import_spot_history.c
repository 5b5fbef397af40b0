/* DescribeSpotPriceHistory: samples per type and zone, with the on-demand price of that moment beside each. */
#include "common/text.h"
#include "pricing/import.h"
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static enum err history_record(struct importing *i, const struct json_record *r)
{
    if (!json_path_ends(r, "SpotPriceType")) return OK;
    struct imported *out = i->out;
    struct import_sample s = {.currency = CURRENCY_CNY, .on_demand = RATIO_ZERO};
    const char *type = import_word(i, r, "InstanceType");
    const char *zone = import_word(i, r, "ZoneId");
    if (!type || !zone || !import_time(&s.time, i, r, "Timestamp") ||
        !import_ratio(&s.spot, i, r, "SpotPrice"))
        return OK;
    if (json_field(r, "OriginPrice") && !import_ratio(&s.on_demand, i, r, "OriginPrice")) return OK;
    const char *network = json_text(r, "NetworkType");
    if (network && strcasecmp(network, "vpc") != 0) {
        import_skip(i, _("prices of the classic network"), type);
        return OK;
    }
    if (s.spot.num == 0) {
        import_refuse(i, import_place(i, r, json_field(r, "SpotPrice")),
                      _("the spot price of %s in %s is zero"), type, zone);
        return OK;
    }
    s.type = (uint32_t)names_add(&out->texts, type);
    s.zone = (uint32_t)names_add(&out->texts, zone);
    *ARENA_PUSH_ALONE(out->arena, out->samples, out->n_samples) = s;
    return OK;
}

static int by_place_and_time(const void *a, const void *b)
{
    const struct import_sample *x = *(const struct import_sample *const *)a;
    const struct import_sample *y = *(const struct import_sample *const *)b;
    if (x->type != y->type) return x->type < y->type ? -1 : 1;
    if (x->zone != y->zone) return x->zone < y->zone ? -1 : 1;
    if (x->time != y->time) return x->time < y->time ? -1 : 1;
    return x < y ? -1 : x > y;
}

static void spot_price(struct importing *i, struct import_price p, const struct import_sample *s)
{
    struct imported *out = i->out;
    p.market = MARKET_SPOT;
    p.price = s->spot;
    p.no_stock = s->on_demand.num > 0 && ratio_cmp(s->spot, s->on_demand) == 0;
    if (p.no_stock) p.note = "equal to on-demand: no stock";
    *ARENA_PUSH(out->arena, out->prices, out->n_prices) = p;
}

/* The newest samples [n] of one type, one a zone. On-demand prices are those of a region where its zones agree. */
static void prices_of_type(struct importing *i, const struct import_sample *const *newest, size_t n)
{
    struct imported *out = i->out;
    const char **regions = ARENA_NEW(out->arena, const char *, n);
    for (size_t k = 0; k < n; k++) regions[k] = import_region(i, out->texts.items[newest[k]->zone]);
    for (size_t k = 0; k < n; k++) {
        const struct import_sample *s = newest[k];
        struct import_price p = {.type = out->texts.items[s->type],
                                 .region = regions[k],
                                 .zone = out->texts.items[s->zone],
                                 .unit = UNIT_HOUR,
                                 .currency = s->currency,
                                 .date = import_day(i, s->time),
                                 .source = "DescribeSpotPriceHistory",
                                 .note = ""};
        spot_price(i, p, s);
        bool agree = true, told = false;
        for (size_t other = 0; other < n; other++) {
            if (strcmp(regions[other], regions[k]) != 0 || newest[other]->on_demand.num == 0)
                continue;
            const bool same = ratio_cmp(newest[other]->on_demand, s->on_demand) == 0;
            agree = agree && same;
            told = told || (same && other < k);
        }
        if (s->on_demand.num == 0 || (agree && told)) continue;
        p.price = s->on_demand;
        if (agree) p.zone = "";
        *ARENA_PUSH(out->arena, out->prices, out->n_prices) = p;
    }
}

/* Of the samples of one type, sorted by zone and time, the last of each zone. Returns how many are left. */
static size_t newest_only(const struct import_sample **sorted, size_t n)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++)
        if (k + 1 == n || sorted[k + 1]->zone != sorted[k]->zone) sorted[kept++] = sorted[k];
    return kept;
}

static enum err history_answer(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    const size_t n = out->n_samples - i->first_sample;
    enum currency currency = CURRENCY_CNY;
    if (!import_currency(&currency, i, r)) {
        out->n_samples = i->first_sample;
        return OK;
    }
    const struct import_sample **sorted =
        ARENA_NEW(out->arena, const struct import_sample *, n + 1);
    for (size_t k = 0; k < n; k++) {
        out->samples[i->first_sample + k].currency = currency;
        sorted[k] = &out->samples[i->first_sample + k];
    }
    size_t in_order = 1;
    while (in_order < n && by_place_and_time(&sorted[in_order - 1], &sorted[in_order]) < 0)
        in_order++;
    if (in_order < n) qsort(sorted, n, sizeof(struct import_sample *), by_place_and_time);
    for (size_t k = 0, end = 0; k < n; k = end) {
        while (end < n && sorted[end]->type == sorted[k]->type) end++;
        const size_t zones = newest_only(sorted + k, end - k);
        prices_of_type(i, sorted + k, zones);
    }
    return OK;
}

const struct import_format import_spot_history = {
    .name = "DescribeSpotPriceHistory",
    .key = "SpotPrices",
    .record = history_record,
    .answer = history_answer,
};
