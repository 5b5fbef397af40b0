/* DescribePrice: the price of one request. The answer does not say of what, so the question must stand beside it. */
#include "common/text.h"
#include "pricing/import.h"
#include <string.h>
#include <strings.h>

/* What was read of the answer. */
struct answer {
    bool has_detail, has_total, discounted;
    struct ratio detail, total, list;
    enum currency currency;
    struct place at; /* kept */
};

static struct answer *answer_of(struct importing *i)
{
    if (!i->state) i->state = ARENA_NEW(i->out->arena, struct answer, 1);
    return i->state;
}

/* TradePrice is what is paid; older answers give only what it is made of. */
static bool paid(struct ratio *price, struct ratio *list, struct importing *i,
                 const struct json_record *r)
{
    struct ratio off = RATIO_ZERO;
    if (json_field(r, "OriginalPrice") && !import_ratio(list, i, r, "OriginalPrice")) return false;
    if (json_field(r, "TradePrice")) return import_ratio(price, i, r, "TradePrice");
    if (json_field(r, "DiscountPrice") && !import_ratio(&off, i, r, "DiscountPrice")) return false;
    if (!json_field(r, "OriginalPrice")) return import_ratio(price, i, r, "TradePrice");
    off.num = -off.num;
    return ratio_add(price, *list, off);
}

static enum err price_record(struct importing *i, const struct json_record *r)
{
    struct answer *v = answer_of(i);
    if (json_path_ends(r, "DetailInfos/DetailInfo")) {
        const char *resource = json_text(r, "Resource");
        if (!resource || strcasecmp(resource, "instanceType") != 0) return OK;
        v->has_detail = paid(&v->detail, &v->list, i, r);
        v->discounted = v->has_detail && v->list.num > 0 && ratio_cmp(v->detail, v->list) < 0;
        return OK;
    }
    if (!json_path_ends(r, "PriceInfo/Price")) return OK;
    v->at = place_keep(json_place(r, NULL), i->out->arena);
    struct ratio list = RATIO_ZERO;
    v->has_total = import_currency(&v->currency, i, r) && paid(&v->total, &list, i, r);
    return OK;
}

static const char *member(const char *first, const char *second)
{
    return first ? first : second;
}

/* The question, put together from the envelope and from the name of the file. */
static struct import_request question(const struct importing *i)
{
    const struct import_request *a = &i->request, *b = &i->named;
    return (struct import_request){.type = member(a->type, b->type),
                                   .region = member(a->region, b->region),
                                   .zone = member(a->zone, b->zone),
                                   .unit = member(a->unit, b->unit),
                                   .period = member(a->period, b->period),
                                   .amount = member(a->amount, b->amount),
                                   .spot = member(a->spot, b->spot),
                                   .resource = member(a->resource, b->resource)};
}

static enum err no_question(struct importing *i, struct place at, const char *missing)
{
    const enum err code = diag_error(
        i->out->diag, ERR_IMPORT_REQUEST, at,
        _("the answer of DescribePrice does not say what it is the price of: %s is missing"),
        missing);
    diag_fix(i->out->diag,
             _("name the file REGION_TYPE_UNIT.json (cn-shanghai_ecs.gn7i-c8g1.2xlarge_hour.json), "
               "put the question beside "
               "the answer as {\"request\": {...}, \"response\": {...}}, or give --request "
               "RegionId=cn-shanghai and so on"));
    return code;
}

/* Market and unit of the question; false with the reason why the book has no place for such a price. */
static bool unit_and_market(struct import_price *p, const struct import_request *q,
                            struct importing *i, long period, struct place at)
{
    const bool spot = q->spot && strcasecmp(q->spot, "NoSpot") != 0;
    p->unit = UNIT_HOUR;
    p->market = spot ? MARKET_SPOT : MARKET_ON_DEMAND;
    if (strcasecmp(q->unit, "hour") == 0) return true;
    p->market = MARKET_SUBSCRIPTION;
    p->unit = strcasecmp(q->unit, "year") == 0 ? UNIT_YEAR : UNIT_MONTH;
    const bool known = p->unit == UNIT_YEAR || strcasecmp(q->unit, "month") == 0;
    if (known && p->unit == UNIT_MONTH && period == 12) return true;
    if (known && period == 1) return true;
    import_refuse(
        i, at, _("a term of %ld %s has no place in a price book, which knows a month and a year"),
        period, q->unit);
    return false;
}

static long count_of(const char *text)
{
    struct ratio r;
    if (!text) return 1;
    return ratio_parse(&r, text) && r.den == 1 && r.num > 0 && r.num <= 1000 ? (long)r.num : 0;
}

static enum err question_check(struct importing *i, const struct import_request *q, struct place at)
{
    if (!q->type) return no_question(i, at, "InstanceType");
    if (!q->region && !q->zone) return no_question(i, at, "RegionId");
    return q->unit ? OK : no_question(i, at, "PriceUnit");
}

/* Price of one machine for one unit; an answer is for Amount machines over Period units. */
static bool price_of_one(struct import_price *p, const struct answer *v, long amount, long period)
{
    const struct ratio whole = v->has_detail ? v->detail : v->total;
    const bool year_in_months = p->unit == UNIT_MONTH && period == 12;
    if (year_in_months) p->unit = UNIT_YEAR;
    const struct ratio parts = {year_in_months ? amount : amount * period, 1};
    return ratio_div(&p->price, whole, parts) && p->price.num > 0;
}

static enum err price_add(struct importing *i, const struct answer *v,
                          const struct import_request *q)
{
    struct imported *out = i->out;
    TRY(question_check(i, q, v->at));
    struct import_price p = {.type = import_keep(i, q->type),
                             .zone = q->zone ? import_keep(i, q->zone) : "",
                             .source = "DescribePrice",
                             .currency = v->currency,
                             .date = out->date};
    p.region = q->region ? import_keep(i, q->region) : import_region(i, p.zone);
    const long amount = count_of(q->amount), period = count_of(q->period);
    if (amount == 0 || period == 0) {
        import_refuse(i, v->at, _("\"%s\" is no number of machines or of periods"),
                      amount == 0 ? q->amount : q->period);
        return OK;
    }
    if (!unit_and_market(&p, q, i, period, v->at)) return OK;
    if (p.market != MARKET_SPOT) p.zone = "";
    if (!price_of_one(&p, v, amount, period)) {
        import_refuse(i, v->at, _("the price of %s is zero"), p.type);
        return OK;
    }
    p.note = v->has_detail ? "" : "whole request; disk and bandwidth may be in it";
    if (v->discounted) p.note = "after the account's discount";
    *ARENA_PUSH(out->arena, out->prices, out->n_prices) = p;
    return OK;
}

static enum err price_finish(struct importing *i)
{
    const struct answer v = *answer_of(i);
    i->state = NULL;
    if (!v.has_total) return OK; /* warned of */
    const struct import_request q = question(i);
    if (q.resource && strcasecmp(q.resource, "instance") != 0) {
        import_skip(i, _("prices of something that is no machine"), q.resource);
        return OK;
    }
    return price_add(i, &v, &q);
}

const struct import_format import_price = {
    .name = "DescribePrice",
    .key = "PriceInfo",
    .record = price_record,
    .finish = price_finish,
};
