/* A third party's copy of the price list: region -> instanceTypePrices -> type -> onDemandPricePerHour. Zero means
 * unknown there. */
#include "common/text.h"
#include "pricing/import.h"
#include <string.h>

static enum err server_record(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    if (r->depth < 3 || strcmp(r->path[r->depth - 2], "instanceTypePrices") != 0) return OK;
    const char *type = r->path[r->depth - 1];
    if (book_type_find(i->book, type) == SIZE_MAX) {
        import_skip(i, _("prices of types the book does not know"), type);
        return OK;
    }
    struct import_price p = {.type = import_keep(i, type),
                             .region = import_keep(i, r->path[r->depth - 3]),
                             .zone = "",
                             .market = MARKET_ON_DEMAND,
                             .unit = UNIT_HOUR,
                             .currency = CURRENCY_CNY,
                             .date = out->date,
                             .source = "priceserver",
                             .note = "a third party's copy"};
    if (!import_ratio(&p.price, i, r, "onDemandPricePerHour")) return OK;
    if (p.price.num == 0) {
        import_skip(i, _("prices that are unknown (0)"), type);
        return OK;
    }
    *ARENA_PUSH(out->arena, out->prices, out->n_prices) = p;
    return OK;
}

const struct import_format import_price_server = {
    .name = "priceserver",
    .key = "instanceTypePrices",
    .record = server_record,
};
