#include "report/hours_json.h"
#include "report/spot_weeks.h"
#include "report/wording.h"
#include "solver/model.h"
#include "solver/service_waits.h"
#include <math.h>

static void put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *hour(int64_t us)
{
    return json_real((double)us / (double)US_PER_H);
}

json_t *needed_json(const struct plan *p, size_t i)
{
    const double *needed = p->service_outcomes[i].needed;
    if (!needed || !p->model) return NULL;
    const struct grid *g = &p->model->grid;
    json_t *list = json_array();
    for (size_t t = 0, end; t < g->n; t = end) {
        for (end = t + 1; end < g->n && needed[end] == needed[t];) end++;
        json_t *o = json_object();
        put(o, "from_h", hour(g->from_us[t]));
        put(o, "to_h", hour(g->from_us[end]));
        put(o, "machines", json_real(needed[t]));
        json_array_append_new(list, o);
    }
    return list;
}

/* Seconds to the millisecond; shares to nine digits: what is drawn from says no more. */
static json_t *rounded(double value, double steps)
{
    return real(round(value * steps) / steps);
}

void waits_put(json_t *service, const struct plan *p, size_t i, struct arena *a)
{
    struct service_waits *w = ARENA_NEW(a, struct service_waits, 1);
    if (!service_waits_make(w, p, i, a)) return;
    const bool blocks = p->services->items[i].rule == RULE_BLOCKING;
    const double times = blocks ? 1 : 3600, steps = blocks ? 1e9 : 1e3;
    json_t *o = json_object(), *mean = json_array(), *sized = json_array(), *waiting = json_array();
    for (size_t k = 0; k < WAIT_HOURS; k++) {
        const struct service_wait *h = &w->hour[k];
        json_array_append_new(mean, h->open ? rounded(h->mean * times, steps) : json_null());
        json_array_append_new(sized, h->open ? rounded(h->sized * times, steps) : json_null());
        json_array_append_new(waiting, h->open ? rounded(h->waiting, 1e3) : json_null());
    }
    if (!blocks) put(o, "late_share", json_real(w->late_frac));
    put(o, "limit", rounded(w->limit * times, steps));
    put(o, "mean", mean);
    put(o, "sized", sized);
    if (blocks)
        json_decref(waiting);
    else
        put(o, "waiting", waiting);
    put(service, blocks ? "blocked" : "answer_time", o);
}

static json_t *week_json(const struct spot_week *w, const struct plan *p, struct arena *a)
{
    json_t *o = json_object(), *list = json_array();
    const struct offer *offer = w->offer;
    for (size_t i = 0; i < WEEK_HOURS; i++)
        json_array_append_new(list, rounded(w->by_hour[i], 1e6));
    put(o, "instance_type", json_string(safe_text(a, book_type(p->book, offer->type)->name)));
    put(o, "region", json_string(safe_text(a, offer->region)));
    put(o, "zone",
        offer->zone && *offer->zone ? json_string(safe_text(a, offer->zone)) : json_null());
    put(o, "hours", json_integer(w->hours));
    put(o, "by_hour", list);
    return o;
}

json_t *spot_weeks_json(const struct plan *p, struct arena *a)
{
    size_t n = 0;
    const struct spot_week *weeks = spot_weeks(&n, p, a);
    json_t *list = n > 0 ? json_array() : NULL;
    for (size_t i = 0; i < n; i++) json_array_append_new(list, week_json(&weeks[i], p, a));
    return list;
}
