/* instancePrice.json, the file behind the public price page: region::type::network::system::optimised to prices per hour,
 * month and year. Every number is a string. */
#include "common/text.h"
#include "pricing/import.h"
#include <string.h>

enum { N_PARTS = 5, PART_BYTES = 64 };

struct list_state {
    size_t first; /* prices of this list */
};

static struct list_state *state_of(struct importing *i)
{
    if (!i->state) {
        struct list_state *s = ARENA_NEW(i->out->arena, struct list_state, 1);
        s->first = i->out->n_prices;
        i->state = s;
    }
    return i->state;
}

/* "cn-beijing::ecs.gn7i-c8g1.2xlarge::vpc::linux::optimized" into its parts. */
static bool key_split(char parts[N_PARTS][PART_BYTES], const char *key)
{
    for (int k = 0; k < N_PARTS; k++) {
        const char *end = strstr(key, "::");
        const size_t bytes = end ? (size_t)(end - key) : strlen(key);
        if (bytes == 0 || bytes >= PART_BYTES || (!end && k + 1 < N_PARTS)) return false;
        memcpy(parts[k], key, bytes);
        parts[k][bytes] = '\0';
        key = end ? end + 2 : key + bytes;
    }
    return *key == '\0';
}

static bool unit_of(struct import_price *p, const char *word)
{
    p->market = strcmp(word, "hours") == 0 ? MARKET_ON_DEMAND : MARKET_SUBSCRIPTION;
    p->unit = strcmp(word, "hours") == 0   ? UNIT_HOUR
              : strcmp(word, "years") == 0 ? UNIT_YEAR
                                           : UNIT_MONTH;
    return p->unit != UNIT_MONTH || strcmp(word, "months") == 0;
}

static enum err list_record(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    state_of(i);
    if (r->depth < 2 || !json_field(r, "price")) return OK;
    const char *key = r->path[r->depth - 2];
    char parts[N_PARTS][PART_BYTES];
    struct import_price p = {.zone = "", .source = "instancePrice.json", .note = ""};
    if (!key_split(parts, key)) {
        import_refuse(i, import_place(i, r, NULL),
                      _("\"%s\" is not region::type::network::system::optimised"), key);
        return OK;
    }
    if (strcmp(parts[2], "vpc") != 0 || strcmp(parts[3], "linux") != 0 ||
        strcmp(parts[4], "optimized") != 0) {
        import_skip(i, _("prices of other systems and networks"), key);
        return OK;
    }
    const char *period = json_text(r, "period");
    if (!unit_of(&p, r->path[r->depth - 1]) || (period && strcmp(period, "1") != 0)) {
        import_skip(i, _("prices of terms other than a month and a year"), key);
        return OK;
    }
    p.region = import_keep(i, parts[0]);
    p.type = import_keep(i, parts[1]);
    if (book_type_find(i->book, p.type) == SIZE_MAX) {
        import_skip(i, _("prices of types the book does not know"), p.type);
        return OK;
    }
    if (!import_ratio(&p.price, i, r, "price")) return OK;
    if (p.price.num == 0) {
        import_skip(i, _("prices of zero"), key);
        return OK;
    }
    *ARENA_PUSH(out->arena, out->prices, out->n_prices) = p;
    return OK;
}

/* Currency and day stand around the list, before or behind it. */
static enum err list_answer(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    const size_t first = state_of(i)->first;
    i->state = NULL;
    enum currency currency = CURRENCY_CNY;
    if (!import_currency(&currency, i, r)) {
        out->n_prices = first;
        return OK;
    }
    const char *day = json_text(r, "publicationDate");
    moment_t moment;
    if (day && !moment_parse(&moment, day)) {
        import_refuse(i, import_place(i, r, json_field(r, "publicationDate")),
                      _("\"%s\" is no day such as 2026-01-31"), day);
        out->n_prices = first;
        return OK;
    }
    day = day ? import_keep(i, day) : out->date;
    for (size_t k = first; k < out->n_prices; k++) {
        out->prices[k].currency = currency;
        out->prices[k].date = day;
    }
    return OK;
}

const struct import_format import_price_list = {
    .name = "instancePrice.json",
    .key = "pricingInfo",
    .record = list_record,
    .answer = list_answer,
};
