/* DescribeAvailableResource: which machines a zone has today. A withdrawn or sold-out one is bought at no price. */
#include "common/text.h"
#include "pricing/import.h"
#include <string.h>
#include <strings.h>

struct stock_state {
    size_t first_of_kind, first_of_zone; /* values without a kind, without a zone yet */
};

static struct stock_state *state_of(struct importing *i)
{
    if (!i->state) {
        struct stock_state *s = ARENA_NEW(i->out->arena, struct stock_state, 1);
        s->first_of_kind = s->first_of_zone = i->out->n_stocks;
        i->state = s;
    }
    return i->state;
}

/* StatusCategory tells more than Status, and is not always there. */
static bool status(enum stock *out, struct importing *i, const struct json_record *r)
{
    static const struct {
        const char *word;
        enum stock stock;
    } words[] = {{"WithStock", STOCK_YES},     {"ClosedWithStock", STOCK_LOW},
                 {"WithoutStock", STOCK_NONE}, {"ClosedWithoutStock", STOCK_WITHDRAWN},
                 {"Available", STOCK_YES},     {"SoldOut", STOCK_NONE}};
    const struct json_field *f = json_field(r, "StatusCategory");
    if (!f) f = json_field(r, "Status");
    for (size_t k = 0; f && k < sizeof words / sizeof *words; k++) {
        if (strcasecmp(words[k].word, f->text) != 0) continue;
        *out = words[k].stock;
        return true;
    }
    import_refuse(i, import_place(i, r, f), _("\"%s\" is no state of a stock"), f ? f->text : "");
    return false;
}

static void value(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    struct import_stock s = {0};
    s.type = import_word(i, r, "Value");
    if (!s.type || !status(&s.stock, i, r)) return;
    s.type = import_keep(i, s.type);
    *ARENA_PUSH(out->arena, out->stocks, out->n_stocks) = s;
}

static void kind_end(struct importing *i, const struct json_record *r)
{
    struct stock_state *s = state_of(i);
    const char *kind = json_text(r, "Type");
    if (kind && strcasecmp(kind, "InstanceType") != 0) {
        import_skip(i, _("stock of something that is no machine"), kind);
        i->out->n_stocks = s->first_of_kind;
    }
    s->first_of_kind = i->out->n_stocks;
}

static void zone_end(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    struct stock_state *s = state_of(i);
    const char *zone = import_word(i, r, "ZoneId");
    if (!zone) out->n_stocks = s->first_of_zone;
    if (zone) zone = import_keep(i, zone);
    const char *region = json_text(r, "RegionId");
    for (size_t k = s->first_of_zone; k < out->n_stocks; k++) {
        out->stocks[k].zone = zone;
        out->stocks[k].region = region ? import_keep(i, region) : import_region(i, zone);
    }
    s->first_of_zone = s->first_of_kind = out->n_stocks;
}

static enum err stock_record(struct importing *i, const struct json_record *r)
{
    state_of(i);
    if (json_path_ends(r, "SupportedResource")) value(i, r);
    if (json_path_ends(r, "AvailableResource")) kind_end(i, r);
    if (json_path_ends(r, "AvailableZone")) zone_end(i, r);
    return OK;
}

static enum err stock_answer(struct importing *i, const struct json_record *r)
{
    (void)r;
    i->state = NULL;
    return OK;
}

const struct import_format import_stock = {
    .name = "DescribeAvailableResource",
    .key = "AvailableZones",
    .record = stock_record,
    .answer = stock_answer,
};
