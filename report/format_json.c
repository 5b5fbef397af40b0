/* JSON results: summary first, then inputs and everything behind the numbers. The keys are those of result_schema.c.
 * With simulation_json.c the only file of this module that sees jansson. */
#include "common/node.h"
#include "report/around_json.h"
#include "report/certificate_json.h"
#include "report/exact.h"
#include "report/facts_json.h"
#include "report/hours_json.h"
#include "report/inputs_json.h"
#include "report/result_json.h"
#include "report/rows_json.h"
#include "report/service_facts.h"
#include "report/simulation_json.h"
#include "report/types_json.h"
#include "report/wording.h"
#include <jansson.h>
#include <math.h>
#include <string.h>

static json_t *summary_json(const struct result *r, struct arena *a)
{
    json_t *o = json_object();
    const struct summary *s = r->summary;
    json_put(o, "status", json_string(s ? s->status : "error"));
    if (!s) return o;
    json_put(o, "currency", json_string(currency_name(r->plan->scenario->currency)));
    if (!s->has_plan) return o;
    json_put(o, "cost", money_json(s->cost));
    json_put(o, "bound", real_json(s->bound));
    json_put(o, "gap", real_json(s->gap));
    if (s->plan->solved_why)
        json_put(o, "method", json_string(plan_method_names[s->plan->solved_by]));
    if (s->whole_bound > s->bound) json_put(o, "whole_bound", real_json(s->whole_bound));
    json_put(o, "machine_hours", real_json(s->machine_h));
    json_put(o, "estimated_share", real_json(s->estimated_share));
    json_put(o, "machines", json_integer(s->machines));
    const bool jobs = r->plan->demands && r->plan->demands->n > 0;
    json_put(o, "finish",
             json_words(jobs ? moment_text(a, r->plan->scenario, s->finish_us) : NULL, a));
    json_put(o, "late_hours", time_json(s->late_us));
    if (r->simulation) simulation_summary_put(o, r->simulation);
    return o;
}

static json_t *pools_json(const struct plan *p, const struct service_facts *f, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->n_pools; i++) {
        const struct pool_fact *pool = &f->pools[i];
        json_t *o = json_object();
        offer_put(o, p, pool->offer, a);
        json_put(o, "least_machines", json_integer(pool->least));
        json_put(o, "peak_machines", json_integer(pool->most));
        json_put(o, "machine_hours", time_json(pool->held_us));
        json_put(o, "starts", json_integer(pool->starts));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *seconds(double h)
{
    return json_integer((json_int_t)ceil(h * 3600 - 1e-6));
}

static json_t *ess_json(const struct plan *p, const struct service *s, const struct scaling_fact *r,
                        struct arena *a)
{
    json_t *o = json_object(), *types = json_array();
    json_put(o, "min_size", json_integer(r->least));
    json_put(o, "max_size", json_integer(r->most));
    json_put(o, "on_demand_base_capacity", json_integer(r->base));
    json_put(o, "on_demand_percentage_above_base", json_integer(r->on_demand_percent));
    json_put(o, "spot_instance_pools", json_integer((json_int_t)r->n_spot_places));
    for (size_t i = 0; i < r->n_types; i++)
        json_array_append_new(types, json_words(book_type(p->book, r->types[i])->name, a));
    json_put(o, "instance_types", types);
    json_put(o, "cooldown_s", seconds(s->cooldown_h));
    json_put(o, "warm_up_s", seconds(s->cold_start_h));
    return o;
}

static json_t *eas_json(const struct service_facts *f, const struct scaling_fact *r)
{
    json_t *o = json_object();
    json_put(o, "min_replica", json_integer(r->least));
    json_put(o, "max_replica", json_integer(r->most));
    json_put(o, "target_load_per_replica", real_json(f->target_load));
    return o;
}

static json_t *scaling_json(const struct plan *p, const struct service *s,
                            const struct service_facts *f, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->n_regions; i++) {
        json_t *o = json_object();
        json_put(o, "region", json_words(f->regions[i].region, a));
        json_put(o, "ess", ess_json(p, s, &f->regions[i], a));
        json_put(o, "eas", eas_json(f, &f->regions[i]));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *services_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; p->services && i < p->services->n; i++) {
        const struct service *s = &p->services->items[i];
        const struct service_outcome *out = &p->service_outcomes[i];
        const struct service_facts f = service_facts(p, i, a);
        json_t *o = json_object();
        json_put(o, "workload", workload_json(p, f.workload, a));
        json_put(o, "rule", json_string(service_rule_word(s)));
        json_put(o, "peak_machines", json_integer(out->peak_machines));
        json_put(o, "least_machines", json_integer(out->least_machines));
        json_put(o, "held_hours", real_json(out->held_h));
        json_put(o, "start_hours", real_json(out->start_h));
        json_put(o, "idle_hours", real_json(out->idle_h));
        json_put(o, "perfect_autoscaler_hours", real_json(out->perfect_h));
        json_put(o, "unserved_share", real_json(out->unserved_frac));
        json_put(o, "spot_share", real_json(out->spot_frac));
        json_put(o, "peak_load", real_json(f.peak_load));
        json_put(o, "load_unit", json_string(service_load_unit(s)));
        json_put(o, "load_by_hour", load_by_hour_json(p->scenario, s));
        json_t *needed = needed_json(p, i);
        if (needed) json_put(o, "needed", needed);
        waits_put(o, p, i, a);
        json_put(o, "pools", pools_json(p, &f, a));
        json_put(o, "scaling", scaling_json(p, s, &f, a));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *datasets_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_datasets; i++) {
        const struct dataset_choice *c = &p->datasets[i];
        json_t *o = json_object();
        json_put(o, "dataset", dataset_json(p, c->dataset, a));
        json_put(o, "class", json_words(c->class_->name, a));
        json_put(o, "region", json_words(c->region, a));
        json_put(o, "share", real_json(c->share));
        json_put(o, "size_gib", real_json(c->size_gib));
        json_put(o, "extra_gib", real_json(c->extra_gib));
        json_put(o, "provided_mbps", real_json(c->provided_mbps));
        json_put(o, "needed_mbps", real_json(c->needed_mbps));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *subscriptions_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_subscriptions; i++) {
        json_t *o = json_object();
        offer_put(o, p, p->subscriptions[i].offer, a);
        json_put(o, "count", json_integer(p->subscriptions[i].count));
        json_put(o, "relaxed", real_json(p->subscriptions[i].relaxed));
        json_put(o, "existing", json_boolean(p->subscriptions[i].existing));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *commitments_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_commitments; i++) {
        const struct commitment_outcome *c = &p->commitments[i];
        json_t *o = json_object();
        json_put(o, "kind", json_string(c->offer == NO_INDEX ? "savings_plan" : "subscription"));
        offer_put(o, p, c->offer, a);
        json_put(o, "commitment", commitment_json(p, c->offer, a));
        json_put(o, "count", real_json(c->count));
        json_put(o, "existing", json_boolean(c->existing));
        json_put(o, "term_hours", c->term_h > 0 ? real_json(c->term_h) : json_null());
        json_put(o, "break_even", real_json(c->break_even_frac));
        json_put(o, "break_even_hours",
                 c->term_h > 0 ? real_json(c->break_even_frac * c->term_h) : json_null());
        json_put(o, "used", real_json(c->used_frac));
        json_put(o, "one_more_used", real_json(c->next_frac));
        json_put(o, "cheapest_count", c->level >= 0 ? json_integer(c->level) : json_null());
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *budgets_json(const struct summary *s, struct arena *a)
{
    static const char *const states[] = {"ok", "warn", "over"};
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_budgets; i++) {
        const struct summary_budget *b = &s->budgets[i];
        json_t *o = json_object();
        json_put(o, "owner", json_words(b->owner, a));
        json_put(o, "month", json_words(b->month, a));
        json_put(o, "planned", money_json(b->planned));
        json_put(o, "limit", money_json(b->limit));
        json_put(o, "state", json_string(states[b->state]));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *limits_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_shadows; i++) {
        json_t *o = json_object();
        json_put(o, "limit", json_words(p->shadows[i].what, a));
        json_put(o, "saves", real_json(p->shadows[i].saves));
        json_put(o, "unit", json_words(p->shadows[i].unit, a));
        json_put(o, "up_to", real_json(p->shadows[i].up_to));
        json_put(o, "then_saves", real_json(p->shadows[i].then_saves));
        json_put(o, "costs", real_json(p->shadows[i].costs));
        json_put(o, "down_to", real_json(p->shadows[i].down_to));
        json_put(o, "reason", json_words(p->shadows[i].note, a));
        json_place_put(o, p->shadows[i].at, a);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *conflicts_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_conflicts; i++) {
        const struct conflict *c = &p->conflicts[i];
        json_t *o = json_object();
        json_put(o, "what", json_words(c->what, a));
        json_put(o, "change", json_words(c->change, a));
        json_put(o, "set", json_words(c->set, a));
        json_put(o, "short_by", real_json(c->short_by));
        json_put(o, "unit", json_words(c->unit, a));
        json_put(o, "limit", json_words(c->key, a));
        json_put(o, "clash", json_integer((json_int_t)c->clash));
        json_put(o, "together", json_boolean(c->together));
        json_put(o, "cost", real_json(c->cost));
        json_place_put(o, c->at, a);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *findings_json(const struct diag *d, enum severity severity, struct arena *a)
{
    json_t *list = json_array();
    for (const struct finding *f = d ? d->first : NULL; f; f = f->next) {
        if (f->severity != severity) continue;
        json_t *o = json_object();
        json_put(o, "code", json_string(err_code(f->code)));
        json_put(o, "message", json_words(f->what, a));
        json_put(o, "why", json_words(f->why, a));
        json_put(o, "fix", json_words(f->fix, a));
        json_place_put(o, f->place, a);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *assumptions_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->assumptions.n; i++)
        json_array_append_new(list, json_words(p->assumptions.items[i], a));
    return list;
}

static json_t *kept_json(const struct kept_plan *k, struct arena *a)
{
    json_t *o = json_object();
    json_put(o, "from", json_words(k->from, a));
    json_put(o, "state", json_string(k->keeps ? "kept" : k->works ? "changed" : "new"));
    json_put(o, "change_saves", real_json(k->saves));
    json_put(o, "change_price", real_json(k->price));
    return o;
}

static void plan_put(struct json_out *o, const struct result *r, struct arena *a)
{
    rows_put(o, "plan", rows_lines, r);
    rows_put(o, "timeline", rows_timeline, r);
    rows_put(o, "jobs", rows_jobs, r);
    json_out_put(o, "services", services_json(r->plan, a));
    json_out_put(o, "datasets", datasets_json(r->plan, a));
    json_out_put(o, "instance_types", instance_types_json(r->plan, a));
    json_out_put(o, "subscriptions", subscriptions_json(r->plan, a));
    json_out_put(o, "commitments", commitments_json(r->plan, a));
    rows_put(o, "ledger", rows_ledger, r);
    json_out_put(o, "budgets", budgets_json(r->summary, a));
    json_out_put(o, "limits", limits_json(r->plan, a));
    json_out_put(o, "assumptions", assumptions_json(r->plan, a));
    json_out_put(o, "sources", sources_json(r->plan, a));
    json_t *weeks = spot_weeks_json(r->plan, a);
    if (weeks) json_out_put(o, "spot_weeks", weeks);
    json_out_put(o, "certificate", certificate_json(r, true, a));
    if (r->kept) json_out_put(o, "kept", kept_json(r->kept, a));
    if (r->around) json_out_put(o, "around", around_json(r->around, a));
    if (r->n_promises) json_out_put(o, "promises", promises_json(r));
    if (r->simulation) json_out_put(o, "simulation", simulation_json(r->simulation));
}

static void result_put(struct json_out *o, const struct result *r, const struct report *report,
                       struct arena *a)
{
    json_out_open(o, NULL, '{');
    json_out_put(o, "summary", summary_json(r, a));
    json_out_put(o, "inputs", inputs_json(r, report->version, true, a));
    if (r->plan && r->summary->has_plan) plan_put(o, r, a);
    if (r->plan && r->plan->status == PLAN_INFEASIBLE)
        json_out_put(o, "certificate", certificate_json(r, true, a));
    if (r->plan) {
        rows_put(o, "candidates", rows_candidates, r);
        json_out_put(o, "conflicts", conflicts_json(r->plan, a));
    }
    if (r->plan && r->plan->exact) json_out_put(o, "exact", exact_json(r->plan, a));
    json_out_put(o, "warnings", findings_json(r->diag, SEVERITY_WARNING, a));
    json_out_put(o, "errors", findings_json(r->diag, SEVERITY_ERROR, a));
    json_out_close(o);
}

json_t *result_core_json(const struct result *r, const char *version, bool rows, struct arena *a)
{
    json_t *o = json_object();
    json_put(o, "summary", summary_json(r, a));
    json_put(o, "inputs", inputs_json(r, version, false, a));
    json_put(o, "certificate", certificate_json(r, rows, a));
    if (!r->summary->has_plan) return o;
    json_put(o, "timeline", rows_tree(rows ? rows_timeline : rows_holdings, r, a));
    json_put(o, "datasets", datasets_json(r->plan, a));
    json_put(o, "commitments", commitments_json(r->plan, a));
    json_put(o, "ledger", rows ? rows_tree(rows_ledger, r, a) : json_array());
    return o;
}

/* One result is the document itself; several are a list in the order asked for. */
static enum err plans_print(const struct report *r, FILE *out, struct arena *a, struct diag *d)
{
    struct json_out o = {.file = out};
    if (r->n_results == 1) {
        result_put(&o, &r->results[0], r, a);
        return json_out_end(&o, d);
    }
    json_out_open(&o, NULL, '{');
    json_out_open(&o, "variants", '[');
    for (size_t i = 0; i < r->n_results; i++) result_put(&o, &r->results[i], r, a);
    json_out_close(&o);
    json_out_close(&o);
    return json_out_end(&o, d);
}

static json_t *cell_json(const struct sheet_column *column, const struct sheet_cell *cell,
                         struct arena *a)
{
    if (!cell->value || !*cell->value) return json_null();
    if (!column->number) return json_words(cell->value, a);
    json_t *number = json_loads(cell->value, JSON_DECODE_ANY, NULL);
    return number ? number : json_words(cell->value, a);
}

static enum err sheet_print(const struct sheet *s, FILE *out, struct arena *a, struct diag *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_rows; i++) {
        json_t *o = json_object();
        for (size_t c = 0; c < s->n_columns; c++)
            json_put(o, s->columns[c].key,
                     cell_json(&s->columns[c], &s->cells[i * s->n_columns + c], a));
        json_array_append_new(list, o);
    }
    struct json_out o = {.file = out};
    json_out_put(&o, NULL, list);
    return json_out_end(&o, d);
}

const struct report_format format_json = {
    .name = "json",

    .plans = plans_print,
    .sheet = sheet_print,
};
