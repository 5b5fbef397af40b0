#include "report/around_json.h"
#include "report/inputs_json.h"
#include <math.h>

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void luck_put(json_t *o, const struct sweep_point *p)
{
    const struct bill_luck *l = &p->luck;
    json_put(o, "worlds", json_integer((json_int_t)p->worlds));
    json_put(o, "expected", real(l->expected));
    json_put(o, "expected_low", real(l->expected_low));
    json_put(o, "expected_high", real(l->expected_high));
    json_put(o, "p10", real(l->p10));
    json_put(o, "p50", real(l->p50));
    json_put(o, "p90", real(l->p90));
    json_put(o, "p95", real(l->p95));
    json_put(o, "late", real(l->late));
    json_put(o, "late_low", real(l->late_low));
    json_put(o, "late_high", real(l->late_high));
}

static json_t *point_json(const struct solved_point *s, struct arena *a)
{
    const struct sweep_point *p = &s->point;
    json_t *o = json_object(), *set = json_array();
    for (size_t i = 0; i < s->n_set; i++) json_array_append_new(set, json_words(s->set[i], a));
    json_put(o, "set", set);
    json_put(o, "status", json_string(p->status));
    if (*p->message) json_put(o, "message", json_words(p->message, a));
    if (!p->has_plan) return o;
    json_put(o, "cost", json_real((double)p->cost / 1e6));
    json_put(o, "bound", real(p->bound));
    json_put(o, "gap", real(p->gap));
    json_put(o, "machine_hours", real(p->machine_h));
    json_put(o, "machines", json_integer(p->machines));
    json_put(o, "has_jobs", json_boolean(p->has_jobs));
    json_put(o, "finish", *p->finish ? json_words(p->finish, a) : json_null());
    if (p->worlds) luck_put(o, p);
    return o;
}

json_t *around_json(const struct solved_around *s, struct arena *a)
{
    json_t *o = json_object(), *points = json_array();
    for (size_t i = 0; i < s->n; i++) json_array_append_new(points, point_json(&s->points[i], a));
    json_put(o, "plans", json_integer(s->most));
    json_put(o, "points", points);
    return o;
}
