#include "report/simulation_json.h"
#include "report/facts_json.h"
#include <math.h>

/* More worlds than these are not told one by one. */
enum { MOST_TOLD = 20000 };

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static void chance_put(json_t *o, const char *const keys[3], const struct proportion *p)
{
    put(o, keys[0], real(p->estimate));
    put(o, keys[1], real(p->interval.low));
    put(o, keys[2], real(p->interval.high));
}

/* Money to the micro-unit: a mean has no more than that to say. */
static json_t *amount(double value)
{
    return real(round(value * 1e6) / 1e6);
}

void simulation_summary_put(json_t *o, const struct simulation *s)
{
    static const char *const late[] = {"late", "late_low", "late_high"};
    static const char *const over[] = {"over_budget", "over_budget_low", "over_budget_high"};
    put(o, "worlds", json_integer((json_int_t)s->n));
    put(o, "expected", amount(s->cost.mean));
    put(o, "expected_low", amount(s->cost.mean_interval.low));
    put(o, "expected_high", amount(s->cost.mean_interval.high));
    put(o, "p10", amount(s->cost.p10));
    put(o, "p50", amount(s->cost.p50));
    put(o, "p90", amount(s->cost.p90));
    put(o, "p95", amount(s->cost.p95));
    chance_put(o, late, &s->missed);
    if (s->has_budget) chance_put(o, over, &s->over_budget);
}

static json_t *spread_json(const struct spread *x)
{
    json_t *o = json_object();
    put(o, "mean", amount(x->mean));
    put(o, "mean_low", amount(x->mean_interval.low));
    put(o, "mean_high", amount(x->mean_interval.high));
    put(o, "least", amount(x->least));
    put(o, "p10", amount(x->p10));
    put(o, "p50", amount(x->p50));
    put(o, "p90", amount(x->p90));
    put(o, "p95", amount(x->p95));
    put(o, "p99", amount(x->p99));
    put(o, "most", amount(x->most));
    put(o, "cvar95", amount(x->cvar95));
    return o;
}

static json_t *parts_json(const struct simulated_workload *w)
{
    json_t *list = json_array();
    for (int part = 0; part < N_COST_PARTS; part++) {
        if (w->part[part].most == 0 && w->part[part].least == 0) continue;
        json_t *o = json_object();
        put(o, "part", json_string(cost_part_name(part)));
        put(o, "cost", spread_json(&w->part[part]));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *workload_json(const struct simulation *s, const struct simulated_workload *w)
{
    static const char *const missed[] = {"missed", "missed_low", "missed_high"};
    json_t *o = json_object();
    put(o, "workload", json_string(s->outcomes->plan->scenario->workloads[w->workload].name));
    put(o, "planned", json_real((double)w->planned / 1e6));
    put(o, "cost", spread_json(&w->cost));
    put(o, "parts", parts_json(w));
    put(o, "finish_hours", w->works ? spread_json(&w->finish_h) : json_null());
    put(o, "late_hours", w->works ? spread_json(&w->late_h) : json_null());
    put(o, "interruptions", spread_json(&w->interruptions));
    chance_put(o, missed, &w->missed);
    put(o, "late_jobs", w->works ? real(w->n_late) : json_null());
    put(o, "jobs_given_up", json_integer((json_int_t)w->unfinished));
    put(o, "offered", w->serves ? real(w->offered) : json_null());
    put(o, "served", w->serves ? real(w->served) : json_null());
    put(o, "late", w->serves ? real(w->late) : json_null());
    put(o, "lost", w->serves ? real(w->lost) : json_null());
    return o;
}

json_t *promises_json(const struct result *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_promises; i++) {
        const struct promise *p = &r->promises[i];
        json_t *o = json_object();
        put(o, "workload", json_string(r->plan->scenario->workloads[p->workload].name));
        put(o, "asked", real(p->asked));
        put(o, "kept", real(p->kept));
        put(o, "kept_low", real(p->kept_low));
        put(o, "kept_high", real(p->kept_high));
        put(o, "spot_gamma", real(p->spot_gamma));
        put(o, "worlds", json_integer((json_int_t)p->n_worlds));
        json_array_append_new(list, o);
    }
    return list;
}

/* Costs of single worlds, in their order: for comparing world by world later. */
static json_t *totals_json(const struct outcomes *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(list, json_real((double)r->total[i] / 1e6));
    return list;
}

json_t *simulation_json(const struct simulation *s)
{
    const struct outcomes *r = s->outcomes;
    json_t *o = json_object(), *list = json_array();
    put(o, "worlds", json_integer((json_int_t)s->n));
    put(o, "first_world", json_integer((json_int_t)r->first_world));
    put(o, "seed", json_integer((json_int_t)r->model->settings.seed));
    put(o, "spot_price", json_string(r->model->price->name));
    put(o, "lives", json_string(r->model->life->name));
    put(o, "policy", json_string(r->policy));
    put(o, "converged", json_boolean(r->converged));
    put(o, "interrupted", json_boolean(r->interrupted));
    put(o, "cost", spread_json(&s->cost));
    json_t *distribution = distribution_json(s);
    if (distribution) put(o, "distribution", distribution);
    put(o, "idle", spread_json(&s->nobody));
    for (size_t i = 0; i < s->n_workloads; i++)
        json_array_append_new(list, workload_json(s, &s->workloads[i]));
    put(o, "workloads", list);
    if (r->n <= MOST_TOLD) put(o, "totals", totals_json(r));
    return o;
}
