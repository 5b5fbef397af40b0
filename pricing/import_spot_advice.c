/* DescribeSpotAdvice: how often machines were reclaimed in 30 days, as a band, and what part of the on-demand price was
 * paid. The vendor's own example has a zone and its machines in two neighbours of the list: a zone without machines is
 * taken as that of the next machines without a zone. */
#include "common/text.h"
#include "pricing/import.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct advice_state {
    size_t first;     /* machines without a zone yet */
    const char *zone; /* a zone that had no machines; or NULL */
};

/* "5-10%": shares of machines. */
static bool band(double *low, double *high, const char *text)
{
    char *end;
    *low = strtod(text, &end) / 100;
    if (end == text || *end != '-') return false;
    const char *second = end + 1;
    *high = strtod(second, &end) / 100;
    return end != second && strcmp(end, "%") == 0 && *low >= 0 && *low <= *high && *high <= 1;
}

static bool band_member(struct import_advice *v, struct importing *i, const struct json_record *r)
{
    const struct json_field *f = json_field(r, "InterruptRateDesc");
    if (f && band(&v->low, &v->high, f->text)) return true;
    if (f) {
        import_refuse(i, import_place(i, r, f),
                      _("\"%s\" is no band of interruptions, such as 3-5%%"), f->text);
        return false;
    }
    if (!json_field(r, "InterruptionRate")) return true;
    double share;
    if (!import_number(&share, i, r, "InterruptionRate")) return false;
    v->low = v->high = share / 100;
    return true;
}

static bool share_member(struct import_advice *v, struct importing *i, const struct json_record *r)
{
    const struct json_field *f = json_field(r, "AverageSpotDiscount");
    if (!f) return true;
    double percent;
    if (!import_number(&percent, i, r, "AverageSpotDiscount")) return false;
    if (percent > 0 && percent <= 100) {
        v->paid_share = percent / 100;
        return true;
    }
    import_refuse(i, import_place(i, r, f), _("AverageSpotDiscount %s is no percentage of a price"),
                  f->text);
    return false;
}

static struct advice_state *state_of(struct importing *i)
{
    if (!i->state) {
        struct advice_state *s = ARENA_NEW(i->out->arena, struct advice_state, 1);
        s->first = i->first_advice;
        i->state = s;
    }
    return i->state;
}

static void machine(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    struct import_advice v = {.low = NAN, .high = NAN, .paid_share = NAN};
    v.type = import_word(i, r, "InstanceType");
    if (!v.type || !band_member(&v, i, r) || !share_member(&v, i, r)) return;
    v.type = import_keep(i, v.type);
    *ARENA_PUSH(out->arena, out->advices, out->n_advices) = v;
}

/* Gives the machines read since the last zone theirs. */
static void zone_end(struct importing *i, const struct json_record *r)
{
    struct imported *out = i->out;
    struct advice_state *s = state_of(i);
    const char *zone = json_text(r, "ZoneId");
    const bool machines = s->first < out->n_advices;
    if (zone && !machines) {
        s->zone = import_keep(i, zone);
        return;
    }
    if (!zone) zone = s->zone;
    if (zone) {
        for (size_t k = s->first; k < out->n_advices; k++)
            out->advices[k].zone = import_keep(i, zone);
    } else if (machines) {
        import_refuse(i, import_place(i, r, NULL), _("machines without a zone"));
        out->n_advices = s->first;
    }
    s->first = out->n_advices;
    s->zone = NULL;
}

static enum err advice_record(struct importing *i, const struct json_record *r)
{
    state_of(i);
    if (json_path_ends(r, "AvailableSpotResource")) machine(i, r);
    if (json_path_ends(r, "AvailableSpotZone")) zone_end(i, r);
    return OK;
}

static enum err advice_answer(struct importing *i, const struct json_record *r)
{
    (void)r;
    i->state = NULL;
    return OK;
}

const struct import_format import_spot_advice = {
    .name = "DescribeSpotAdvice",
    .key = "AvailableSpotZones",
    .record = advice_record,
    .answer = advice_answer,
};
