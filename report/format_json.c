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
#include "report/service_facts.h"
#include "report/simulation_json.h"
#include "report/types_json.h"
#include "report/wording.h"
#include <jansson.h>
#include <math.h>
#include <string.h>

enum { REAL_DIGITS = 15 }; /* 24.99 stays 24.99; jansson's own default prints 24.989999999999998 */

static json_t *real(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *money(micro_t amount)
{
    return json_real((double)amount / 1e6);
}

static json_t *hours(int64_t us)
{
    return json_real((double)us / (double)US_PER_H);
}

static json_t *summary_json(const struct result *r, struct arena *a)
{
    json_t *o = json_object();
    const struct summary *s = r->summary;
    json_put(o, "status", json_string(s ? s->status : "error"));
    if (!s) return o;
    json_put(o, "currency", json_string(currency_name(r->plan->scenario->currency)));
    if (!s->has_plan) return o;
    json_put(o, "cost", money(s->cost));
    json_put(o, "bound", real(s->bound));
    json_put(o, "gap", real(s->gap));
    if (s->plan->solved_why)
        json_put(o, "method", json_string(plan_method_names[s->plan->solved_by]));
    if (s->whole_bound > s->bound) json_put(o, "whole_bound", real(s->whole_bound));
    json_put(o, "machine_hours", real(s->machine_h));
    json_put(o, "estimated_share", real(s->estimated_share));
    json_put(o, "machines", json_integer(s->machines));
    const bool jobs = r->plan->demands && r->plan->demands->n > 0;
    json_put(o, "finish",
             json_words(jobs ? moment_text(a, r->plan->scenario, s->finish_us) : NULL, a));
    json_put(o, "late_hours", hours(s->late_us));
    if (r->simulation) simulation_summary_put(o, r->simulation);
    return o;
}

static void offer_put(json_t *o, const struct plan *p, size_t offer, struct arena *a)
{
    if (offer == NO_INDEX) {
        json_put(o, "instance_type", json_null());
        json_put(o, "market", json_null());
        json_put(o, "region", json_null());
        json_put(o, "zone", json_null());
        return;
    }
    const struct offer *f = &p->offers[offer];
    json_put(o, "instance_type", json_words(book_type(p->book, f->type)->name, a));
    json_put(o, "market", json_string(offer_market_word(f)));
    json_put(o, "region", json_words(f->region, a));
    json_put(o, "zone", f->zone && *f->zone ? json_words(f->zone, a) : json_null());
}

static json_t *workload_json(const struct plan *p, size_t workload, struct arena *a)
{
    return workload == NO_INDEX ? json_null()
                                : json_words(p->scenario->workloads[workload].name, a);
}

static json_t *dataset_json(const struct plan *p, size_t dataset, struct arena *a)
{
    return dataset == NO_INDEX ? json_null() : json_words(p->scenario->datasets[dataset].name, a);
}

static json_t *lines_json(const struct summary *s, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_groups; i++) {
        for (size_t j = 0; j < s->groups[i].n_lines; j++) {
            const struct summary_line *l = &s->groups[i].lines[j];
            json_t *o = json_object();
            json_put(o, "workload", workload_json(s->plan, s->groups[i].workload, a));
            json_put(o, "part", json_string(ledger_part_name(l->part)));
            offer_put(o, s->plan, l->offer, a);
            json_put(o, "dataset", dataset_json(s->plan, l->dataset, a));
            json_put(o, "note", json_words(l->note, a));
            json_put(o, "machines", json_integer(l->machines));
            json_put(o, "quantity", real(l->quantity));
            json_put(o, "unit", json_words(l->unit, a));
            json_put(o, "price", real(ratio_value(l->price)));
            json_put(o, "cost", money(l->amount));
            json_put(o, "estimated", json_boolean(l->estimated));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static void times_put(json_t *o, const struct plan *p, int64_t from_us, int64_t to_us,
                      struct arena *a)
{
    json_put(o, "from", json_words(moment_text(a, p->scenario, from_us), a));
    json_put(o, "to", json_words(moment_text(a, p->scenario, to_us), a));
    json_put(o, "from_h", hours(from_us));
    json_put(o, "to_h", hours(to_us));
}

static void holdings_add(json_t *list, const struct plan *p, struct arena *a)
{
    const double *shares = paid_shares(p, a);
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        json_t *o = json_object();
        json_put(o, "workload", workload_json(p, service_workload(p, h->service), a));
        json_put(o, "job", json_null());
        offer_put(o, p, h->offer, a);
        json_put(o, "machines", json_integer(h->machines));
        json_put(o, "starts", json_integer(h->starts));
        times_put(o, p, h->from_us, h->to_us, a);
        json_put(o, "machine_hours", hours(holding_paid_us(h, shares)));
        json_put(o, "start_hours", hours(holding_start_us(p, h)));
        json_put(o, "work", json_null());
        json_put(o, "commitment", commitment_json(p, h->offer, a));
        json_put(o, "storage", storage_json(p, service_workload(p, h->service), h->placement));
        json_array_append_new(list, o);
    }
}

/* `jobs`: their stretches as well. */
static json_t *timeline_json(const struct plan *p, bool jobs, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; jobs && i < p->n_stretches; i++) {
        const struct stretch *s = &p->stretches[i];
        const struct demand *d = &p->demands->items[s->demand];
        json_t *o = json_object();
        json_put(o, "workload", json_words(d->shape->workload->name, a));
        json_put(o, "job", json_words(d->name, a));
        offer_put(o, p, s->offer, a);
        json_put(o, "machines", json_integer(s->machines));
        json_put(o, "starts", json_null());
        times_put(o, p, s->from_us, s->to_us, a);
        json_put(o, "machine_hours", hours(s->paid_us));
        json_put(o, "start_hours", hours(s->start_us));
        json_put(o, "work", real(s->useful));
        json_put(o, "commitment", commitment_json(p, s->offer, a));
        json_put(
            o, "storage",
            storage_json(p, (size_t)(d->shape->workload - p->scenario->workloads), s->placement));
        json_array_append_new(list, o);
    }
    holdings_add(list, p, a);
    return list;
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
        json_put(o, "machine_hours", hours(pool->held_us));
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
    json_put(o, "target_load_per_replica", real(f->target_load));
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
        json_put(o, "held_hours", real(out->held_h));
        json_put(o, "start_hours", real(out->start_h));
        json_put(o, "idle_hours", real(out->idle_h));
        json_put(o, "perfect_autoscaler_hours", real(out->perfect_h));
        json_put(o, "unserved_share", real(out->unserved_frac));
        json_put(o, "spot_share", real(out->spot_frac));
        json_put(o, "peak_load", real(f.peak_load));
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

static json_t *jobs_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->demands->n; i++) {
        const struct demand *d = &p->demands->items[i];
        const struct demand_outcome *out = &p->outcomes[i];
        json_t *o = json_object();
        json_put(o, "workload", json_words(d->shape->workload->name, a));
        json_put(o, "job", json_words(d->name, a));
        json_put(o, "work", real(d->work));
        json_put(o, "start", json_words(moment_text(a, p->scenario, out->first_us), a));
        json_put(o, "finish", json_words(moment_text(a, p->scenario, out->finish_us), a));
        json_put(o, "deadline", json_words(moment_text(a, p->scenario, d->due_us), a));
        json_put(o, "late_hours", hours(out->late_us));
        json_put(o, "machine_hours", real(out->machine_h));
        json_put(o, "spot_share", real(out->useful > 0 ? out->on_spot / out->useful : 0));
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
        json_put(o, "share", real(c->share));
        json_put(o, "size_gib", real(c->size_gib));
        json_put(o, "extra_gib", real(c->extra_gib));
        json_put(o, "provided_mbps", real(c->provided_mbps));
        json_put(o, "needed_mbps", real(c->needed_mbps));
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
        json_put(o, "relaxed", real(p->subscriptions[i].relaxed));
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
        json_put(o, "count", real(c->count));
        json_put(o, "existing", json_boolean(c->existing));
        json_put(o, "term_hours", c->term_h > 0 ? real(c->term_h) : json_null());
        json_put(o, "break_even", real(c->break_even_frac));
        json_put(o, "break_even_hours",
                 c->term_h > 0 ? real(c->break_even_frac * c->term_h) : json_null());
        json_put(o, "used", real(c->used_frac));
        json_put(o, "one_more_used", real(c->next_frac));
        json_put(o, "cheapest_count", c->level >= 0 ? json_integer(c->level) : json_null());
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *ledger_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        json_t *o = json_object();
        json_put(o, "part", json_string(ledger_part_name(l->part)));
        json_put(o, "workload", workload_json(p, l->workload, a));
        json_put(o, "job",
                 l->demand == NO_INDEX ? json_null()
                                       : json_words(p->demands->items[l->demand].name, a));
        json_put(o, "dataset", dataset_json(p, l->dataset, a));
        offer_put(o, p, l->offer, a);
        json_put(o, "owner", json_words(l->owner, a));
        const bool dated = l->month >= 0 && (size_t)l->month < p->n_months;
        json_put(o, "month", dated ? json_words(p->months[l->month], a) : json_null());
        json_put(o, "price", real(ratio_value(l->price)));
        json_put(o, "unit", json_words(l->unit, a));
        json_put(o, "quantity", real((double)l->quantity / (double)l->quantity_den));
        json_put(o, "amount", money(l->amount));
        json_put(o, "estimated", json_boolean(l->estimated));
        json_put(o, "note", json_words(l->note, a));
        json_put(o, "exact", fraction_json(l->quantity, l->quantity_den, a));
        json_put(o, "commitment", commitment_json(p, l->offer, a));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *candidates_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        json_t *o = json_object();
        json_put(o, "workload", json_words(p->scenario->workloads[c->workload].name, a));
        offer_put(o, p, c->offer, a);
        json_put(o, "usable", json_boolean(c->usable));
        json_put(o, "reason", c->usable ? json_null() : json_words(c->reason, a));
        json_put(o, "cost_per_useful_hour", c->usable ? real(c->cost_per_useful) : json_null());
        json_put(o, "price_part", c->usable ? real(c->price_part) : json_null());
        json_put(o, "rework_part", c->usable ? real(c->rework_part) : json_null());
        json_put(o, "licence_part", c->usable ? real(c->licence_part) : json_null());
        json_put(o, "disk_part", c->usable ? real(c->disk_part) : json_null());
        json_put(o, "enters_below", real(c->enters_below));
        json_put(o, "enters_speed", real(c->enters_speed));
        json_put(o, "dominated", json_boolean(c->dominated));
        json_put(o, "chosen", json_boolean(c->chosen));
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
        json_put(o, "planned", money(b->planned));
        json_put(o, "limit", money(b->limit));
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
        json_put(o, "saves", real(p->shadows[i].saves));
        json_put(o, "unit", json_words(p->shadows[i].unit, a));
        json_put(o, "up_to", real(p->shadows[i].up_to));
        json_put(o, "then_saves", real(p->shadows[i].then_saves));
        json_put(o, "costs", real(p->shadows[i].costs));
        json_put(o, "down_to", real(p->shadows[i].down_to));
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
        json_put(o, "short_by", real(c->short_by));
        json_put(o, "unit", json_words(c->unit, a));
        json_put(o, "limit", json_words(c->key, a));
        json_put(o, "clash", json_integer((json_int_t)c->clash));
        json_put(o, "together", json_boolean(c->together));
        json_put(o, "cost", real(c->cost));
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
    json_put(o, "change_saves", real(k->saves));
    json_put(o, "change_price", real(k->price));
    return o;
}

static json_t *result_json(const struct result *r, const struct report *report, struct arena *a)
{
    json_t *o = json_object();
    json_put(o, "summary", summary_json(r, a));
    json_put(o, "inputs", inputs_json(r, report->version, true, a));
    if (r->plan && r->summary->has_plan) {
        json_put(o, "plan", lines_json(r->summary, a));
        json_put(o, "timeline", timeline_json(r->plan, true, a));
        json_put(o, "jobs", jobs_json(r->plan, a));
        json_put(o, "services", services_json(r->plan, a));
        json_put(o, "datasets", datasets_json(r->plan, a));
        json_put(o, "instance_types", instance_types_json(r->plan, a));
        json_put(o, "subscriptions", subscriptions_json(r->plan, a));
        json_put(o, "commitments", commitments_json(r->plan, a));
        json_put(o, "ledger", ledger_json(r->plan, a));
        json_put(o, "budgets", budgets_json(r->summary, a));
        json_put(o, "limits", limits_json(r->plan, a));
        json_put(o, "assumptions", assumptions_json(r->plan, a));
        json_put(o, "sources", sources_json(r->plan, a));
        json_t *weeks = spot_weeks_json(r->plan, a);
        if (weeks) json_put(o, "spot_weeks", weeks);
        json_put(o, "certificate", certificate_json(r, true, a));
        if (r->kept) json_put(o, "kept", kept_json(r->kept, a));
        if (r->around) json_put(o, "around", around_json(r->around, a));
        if (r->n_promises) json_put(o, "promises", promises_json(r));
        if (r->simulation) json_put(o, "simulation", simulation_json(r->simulation));
    }
    if (r->plan && r->plan->status == PLAN_INFEASIBLE)
        json_put(o, "certificate", certificate_json(r, true, a));
    if (r->plan) {
        json_put(o, "candidates", candidates_json(r->plan, a));
        json_put(o, "conflicts", conflicts_json(r->plan, a));
    }
    if (r->plan && r->plan->exact) json_put(o, "exact", exact_json(r->plan, a));
    json_put(o, "warnings", findings_json(r->diag, SEVERITY_WARNING, a));
    json_put(o, "errors", findings_json(r->diag, SEVERITY_ERROR, a));
    return o;
}

json_t *result_core_json(const struct result *r, const char *version, bool rows, struct arena *a)
{
    json_t *o = json_object();
    json_put(o, "summary", summary_json(r, a));
    json_put(o, "inputs", inputs_json(r, version, false, a));
    json_put(o, "certificate", certificate_json(r, rows, a));
    if (!r->summary->has_plan) return o;
    json_put(o, "timeline", timeline_json(r->plan, rows, a));
    json_put(o, "datasets", datasets_json(r->plan, a));
    json_put(o, "commitments", commitments_json(r->plan, a));
    json_put(o, "ledger", rows ? ledger_json(r->plan, a) : json_array());
    return o;
}

static int stream_write(const char *bytes, size_t n, void *out)
{
    return fwrite(bytes, 1, n, out) == n ? 0 : -1;
}

/* Takes `root`. A write error is noticed again, and reported, when the output is committed. */
static enum err json_print(json_t *root, FILE *out, struct diag *d)
{
    if (!root)
        return diag_error(d, ERR_MEMORY, (struct place){0},
                          _("the JSON text could not be built in memory"));
    (void)json_dump_callback(root, stream_write, out,
                             JSON_INDENT(1) | JSON_REAL_PRECISION(REAL_DIGITS));
    fputc('\n', out);
    json_decref(root);
    return OK;
}

/* One result is the document itself; several are a list in the order asked for. */
static enum err plans_print(const struct report *r, FILE *out, struct arena *a, struct diag *d)
{
    if (r->n_results == 1) return json_print(result_json(&r->results[0], r, a), out, d);
    json_t *root = json_object(), *list = json_array();
    for (size_t i = 0; i < r->n_results; i++)
        json_array_append_new(list, result_json(&r->results[i], r, a));
    json_put(root, "variants", list);
    return json_print(root, out, d);
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
    return json_print(list, out, d);
}

const struct report_format format_json = {
    .name = "json",

    .plans = plans_print,
    .sheet = sheet_print,
};
