/* JSON results: summary first, then inputs and everything behind the numbers. The keys are those of result_schema.c.
 * With simulation_json.c the only file of this module that sees jansson. */
#include "common/node.h"
#include "report/certificate_json.h"
#include "report/facts_json.h"
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

static json_t *text(const char *s, struct arena *a)
{
    if (!s) return json_null();
    json_t *value = json_string(s);
    return value ? value : json_string(safe_text(a, s)); /* not UTF-8: a file name */
}

static void put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static void place_put(json_t *object, struct place at, struct arena *a)
{
    put(object, "file", at.source ? text(at.source->path, a) : json_null());
    put(object, "line", at.line ? json_integer((json_int_t)at.line) : json_null());
}

static json_t *summary_json(const struct result *r, struct arena *a)
{
    json_t *o = json_object();
    const struct summary *s = r->summary;
    put(o, "status", json_string(s ? s->status : "error"));
    if (!s) return o;
    put(o, "currency", json_string(currency_name(r->plan->scenario->currency)));
    if (!s->has_plan) return o;
    put(o, "cost", money(s->cost));
    put(o, "bound", real(s->bound));
    put(o, "gap", real(s->gap));
    if (s->plan->solved_why) put(o, "method", json_string(plan_method_names[s->plan->solved_by]));
    if (s->whole_bound > s->bound) put(o, "whole_bound", real(s->whole_bound));
    put(o, "machine_hours", real(s->machine_h));
    put(o, "estimated_share", real(s->estimated_share));
    put(o, "machines", json_integer(s->machines));
    const bool jobs = r->plan->demands && r->plan->demands->n > 0;
    put(o, "finish", text(jobs ? moment_text(a, r->plan->scenario, s->finish_us) : NULL, a));
    put(o, "late_hours", hours(s->late_us));
    if (r->simulation) simulation_summary_put(o, r->simulation);
    return o;
}

/* Every value of the merged document, by its path. */
static void values_add(json_t *list, const struct node *n, const char *path, struct arena *a)
{
    if (n->type == NODE_TEXT || !n->first) {
        json_t *o = json_object();
        put(o, "path", text(path, a));
        put(o, "value",
            n->type == NODE_TEXT  ? text(n->text, a)
            : n->type == NODE_MAP ? json_object()
                                  : json_array());
        place_put(o, node_place(n), a);
        put(o, "layer", text(n->layer, a));
        json_array_append_new(list, o);
        return;
    }
    size_t i = 0;
    for (const struct node *child = n->first; child; child = child->next, i++) {
        const char *step = child->key ? child->key : arena_printf(a, "%zu", i);
        values_add(list, child, *path ? arena_printf(a, "%s.%s", path, step) : step, a);
    }
}

static json_t *horizon_json(const struct scenario *s, struct arena *a)
{
    json_t *o = json_object();
    put(o, "from", text(moment_text(a, s, 0), a));
    put(o, "to", text(moment_text(a, s, s->length_us), a));
    put(o, "utc_offset_hours", hours(s->utc_offset_us));
    return o;
}

static json_t *inputs_json(const struct result *r, const char *version, bool all, struct arena *a)
{
    json_t *o = json_object(), *files = json_array(), *values = json_array(), *tool = json_object();
    json_t *set = json_array();
    put(tool, "name", json_string("gpumix"));
    put(tool, "version", json_string(version));
    put(o, "tool", tool);
    put(o, "scenario", r->plan ? text(r->plan->scenario->name, a) : json_null());
    put(o, "variant", text(r->variant, a));
    if (r->plan) put(o, "horizon", horizon_json(r->plan->scenario, a));
    for (size_t i = 0; i < r->n_files; i++) {
        json_t *file = json_object();
        put(file, "path", text(r->files[i].path, a));
        put(file, "sha256", text(r->files[i].sha256, a));
        json_array_append_new(files, file);
    }
    put(o, "files", files);
    for (size_t i = 0; i < r->n_set; i++) json_array_append_new(set, text(r->set[i], a));
    put(o, "set", set);
    if (r->plan) {
        json_t *catalogue = json_object();
        put(catalogue, "date", text(book_date(r->plan->book), a));
        put(catalogue, "sha256", text(book_checksum(r->plan->book), a));
        put(o, "catalogue", catalogue);
        if (all && r->plan->scenario->root) values_add(values, r->plan->scenario->root, "", a);
    }
    put(o, "values", values);
    return o;
}

static void offer_put(json_t *o, const struct plan *p, size_t offer, struct arena *a)
{
    if (offer == NO_INDEX) {
        put(o, "instance_type", json_null());
        put(o, "market", json_null());
        put(o, "region", json_null());
        put(o, "zone", json_null());
        return;
    }
    const struct offer *f = &p->offers[offer];
    put(o, "instance_type", text(book_type(p->book, f->type)->name, a));
    put(o, "market", json_string(offer_market_word(f)));
    put(o, "region", text(f->region, a));
    put(o, "zone", f->zone && *f->zone ? text(f->zone, a) : json_null());
}

static json_t *workload_json(const struct plan *p, size_t workload, struct arena *a)
{
    return workload == NO_INDEX ? json_null() : text(p->scenario->workloads[workload].name, a);
}

static json_t *dataset_json(const struct plan *p, size_t dataset, struct arena *a)
{
    return dataset == NO_INDEX ? json_null() : text(p->scenario->datasets[dataset].name, a);
}

static json_t *lines_json(const struct summary *s, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_groups; i++) {
        for (size_t j = 0; j < s->groups[i].n_lines; j++) {
            const struct summary_line *l = &s->groups[i].lines[j];
            json_t *o = json_object();
            put(o, "workload", workload_json(s->plan, s->groups[i].workload, a));
            put(o, "part", json_string(ledger_part_name(l->part)));
            offer_put(o, s->plan, l->offer, a);
            put(o, "dataset", dataset_json(s->plan, l->dataset, a));
            put(o, "note", text(l->note, a));
            put(o, "machines", json_integer(l->machines));
            put(o, "quantity", real(l->quantity));
            put(o, "unit", text(l->unit, a));
            put(o, "price", real(ratio_value(l->price)));
            put(o, "cost", money(l->amount));
            put(o, "estimated", json_boolean(l->estimated));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static void times_put(json_t *o, const struct plan *p, int64_t from_us, int64_t to_us,
                      struct arena *a)
{
    put(o, "from", text(moment_text(a, p->scenario, from_us), a));
    put(o, "to", text(moment_text(a, p->scenario, to_us), a));
    put(o, "from_h", hours(from_us));
    put(o, "to_h", hours(to_us));
}

static void holdings_add(json_t *list, const struct plan *p, struct arena *a)
{
    const double *shares = paid_shares(p, a);
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        json_t *o = json_object();
        put(o, "workload", workload_json(p, service_workload(p, h->service), a));
        put(o, "job", json_null());
        offer_put(o, p, h->offer, a);
        put(o, "machines", json_integer(h->machines));
        put(o, "starts", json_integer(h->starts));
        times_put(o, p, h->from_us, h->to_us, a);
        put(o, "machine_hours", hours(holding_paid_us(h, shares)));
        put(o, "start_hours", hours(holding_start_us(p, h)));
        put(o, "work", json_null());
        put(o, "commitment", commitment_json(p, h->offer, a));
        put(o, "storage", storage_json(p, service_workload(p, h->service), h->placement));
        json_array_append_new(list, o);
    }
}

static json_t *timeline_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_stretches; i++) {
        const struct stretch *s = &p->stretches[i];
        const struct demand *d = &p->demands->items[s->demand];
        json_t *o = json_object();
        put(o, "workload", text(d->shape->workload->name, a));
        put(o, "job", text(d->name, a));
        offer_put(o, p, s->offer, a);
        put(o, "machines", json_integer(s->machines));
        put(o, "starts", json_null());
        times_put(o, p, s->from_us, s->to_us, a);
        put(o, "machine_hours", hours(s->paid_us));
        put(o, "start_hours", hours(s->start_us));
        put(o, "work", real(s->useful));
        put(o, "commitment", commitment_json(p, s->offer, a));
        put(o, "storage",
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
        put(o, "least_machines", json_integer(pool->least));
        put(o, "peak_machines", json_integer(pool->most));
        put(o, "machine_hours", hours(pool->held_us));
        put(o, "starts", json_integer(pool->starts));
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
    put(o, "min_size", json_integer(r->least));
    put(o, "max_size", json_integer(r->most));
    put(o, "on_demand_base_capacity", json_integer(r->base));
    put(o, "on_demand_percentage_above_base", json_integer(r->on_demand_percent));
    put(o, "spot_instance_pools", json_integer((json_int_t)r->n_spot_places));
    for (size_t i = 0; i < r->n_types; i++)
        json_array_append_new(types, text(book_type(p->book, r->types[i])->name, a));
    put(o, "instance_types", types);
    put(o, "cooldown_s", seconds(s->cooldown_h));
    put(o, "warm_up_s", seconds(s->cold_start_h));
    return o;
}

static json_t *eas_json(const struct service_facts *f, const struct scaling_fact *r)
{
    json_t *o = json_object();
    put(o, "min_replica", json_integer(r->least));
    put(o, "max_replica", json_integer(r->most));
    put(o, "target_load_per_replica", real(f->target_load));
    return o;
}

static json_t *scaling_json(const struct plan *p, const struct service *s,
                            const struct service_facts *f, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->n_regions; i++) {
        json_t *o = json_object();
        put(o, "region", text(f->regions[i].region, a));
        put(o, "ess", ess_json(p, s, &f->regions[i], a));
        put(o, "eas", eas_json(f, &f->regions[i]));
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
        put(o, "workload", workload_json(p, f.workload, a));
        put(o, "rule", json_string(service_rule_word(s)));
        put(o, "peak_machines", json_integer(out->peak_machines));
        put(o, "least_machines", json_integer(out->least_machines));
        put(o, "held_hours", real(out->held_h));
        put(o, "start_hours", real(out->start_h));
        put(o, "idle_hours", real(out->idle_h));
        put(o, "perfect_autoscaler_hours", real(out->perfect_h));
        put(o, "unserved_share", real(out->unserved_frac));
        put(o, "spot_share", real(out->spot_frac));
        put(o, "peak_load", real(f.peak_load));
        put(o, "load_unit", json_string(service_load_unit(s)));
        put(o, "load_by_hour", load_by_hour_json(p->scenario, s));
        put(o, "pools", pools_json(p, &f, a));
        put(o, "scaling", scaling_json(p, s, &f, a));
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
        put(o, "workload", text(d->shape->workload->name, a));
        put(o, "job", text(d->name, a));
        put(o, "work", real(d->work));
        put(o, "start", text(moment_text(a, p->scenario, out->first_us), a));
        put(o, "finish", text(moment_text(a, p->scenario, out->finish_us), a));
        put(o, "deadline", text(moment_text(a, p->scenario, d->due_us), a));
        put(o, "late_hours", hours(out->late_us));
        put(o, "machine_hours", real(out->machine_h));
        put(o, "spot_share", real(out->useful > 0 ? out->on_spot / out->useful : 0));
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
        put(o, "dataset", dataset_json(p, c->dataset, a));
        put(o, "class", text(c->class_->name, a));
        put(o, "region", text(c->region, a));
        put(o, "share", real(c->share));
        put(o, "size_gib", real(c->size_gib));
        put(o, "extra_gib", real(c->extra_gib));
        put(o, "provided_mbps", real(c->provided_mbps));
        put(o, "needed_mbps", real(c->needed_mbps));
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
        put(o, "count", json_integer(p->subscriptions[i].count));
        put(o, "relaxed", real(p->subscriptions[i].relaxed));
        put(o, "existing", json_boolean(p->subscriptions[i].existing));
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
        put(o, "kind", json_string(c->offer == NO_INDEX ? "savings_plan" : "subscription"));
        offer_put(o, p, c->offer, a);
        put(o, "commitment", commitment_json(p, c->offer, a));
        put(o, "count", real(c->count));
        put(o, "existing", json_boolean(c->existing));
        put(o, "term_hours", c->term_h > 0 ? real(c->term_h) : json_null());
        put(o, "break_even", real(c->break_even_frac));
        put(o, "break_even_hours",
            c->term_h > 0 ? real(c->break_even_frac * c->term_h) : json_null());
        put(o, "used", real(c->used_frac));
        put(o, "one_more_used", real(c->next_frac));
        put(o, "cheapest_count", c->level >= 0 ? json_integer(c->level) : json_null());
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
        put(o, "part", json_string(ledger_part_name(l->part)));
        put(o, "workload", workload_json(p, l->workload, a));
        put(o, "job",
            l->demand == NO_INDEX ? json_null() : text(p->demands->items[l->demand].name, a));
        put(o, "dataset", dataset_json(p, l->dataset, a));
        offer_put(o, p, l->offer, a);
        put(o, "owner", text(l->owner, a));
        const bool dated = l->month >= 0 && (size_t)l->month < p->n_months;
        put(o, "month", dated ? text(p->months[l->month], a) : json_null());
        put(o, "price", real(ratio_value(l->price)));
        put(o, "unit", text(l->unit, a));
        put(o, "quantity", real((double)l->quantity / (double)l->quantity_den));
        put(o, "amount", money(l->amount));
        put(o, "estimated", json_boolean(l->estimated));
        put(o, "note", text(l->note, a));
        put(o, "exact", fraction_json(l->quantity, l->quantity_den, a));
        put(o, "commitment", commitment_json(p, l->offer, a));
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
        put(o, "workload", text(p->scenario->workloads[c->workload].name, a));
        offer_put(o, p, c->offer, a);
        put(o, "usable", json_boolean(c->usable));
        put(o, "reason", c->usable ? json_null() : text(c->reason, a));
        put(o, "cost_per_useful_hour", c->usable ? real(c->cost_per_useful) : json_null());
        put(o, "price_part", c->usable ? real(c->price_part) : json_null());
        put(o, "rework_part", c->usable ? real(c->rework_part) : json_null());
        put(o, "licence_part", c->usable ? real(c->licence_part) : json_null());
        put(o, "disk_part", c->usable ? real(c->disk_part) : json_null());
        put(o, "enters_below", real(c->enters_below));
        put(o, "dominated", json_boolean(c->dominated));
        put(o, "chosen", json_boolean(c->chosen));
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
        put(o, "owner", text(b->owner, a));
        put(o, "month", text(b->month, a));
        put(o, "planned", money(b->planned));
        put(o, "limit", money(b->limit));
        put(o, "state", json_string(states[b->state]));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *limits_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->n_shadows; i++) {
        json_t *o = json_object();
        put(o, "limit", text(p->shadows[i].what, a));
        put(o, "saves", real(p->shadows[i].saves));
        put(o, "unit", text(p->shadows[i].unit, a));
        put(o, "up_to", real(p->shadows[i].up_to));
        put(o, "then_saves", real(p->shadows[i].then_saves));
        put(o, "costs", real(p->shadows[i].costs));
        put(o, "down_to", real(p->shadows[i].down_to));
        place_put(o, p->shadows[i].at, a);
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
        put(o, "what", text(c->what, a));
        put(o, "change", text(c->change, a));
        put(o, "set", text(c->set, a));
        put(o, "short_by", real(c->short_by));
        put(o, "unit", text(c->unit, a));
        put(o, "limit", text(c->key, a));
        put(o, "clash", json_integer((json_int_t)c->clash));
        put(o, "together", json_boolean(c->together));
        put(o, "cost", real(c->cost));
        place_put(o, c->at, a);
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
        put(o, "code", json_string(err_code(f->code)));
        put(o, "message", text(f->what, a));
        put(o, "why", text(f->why, a));
        put(o, "fix", text(f->fix, a));
        place_put(o, f->place, a);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *assumptions_json(const struct plan *p, struct arena *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->assumptions.n; i++)
        json_array_append_new(list, text(p->assumptions.items[i], a));
    return list;
}

static json_t *result_json(const struct result *r, const struct report *report, struct arena *a)
{
    json_t *o = json_object();
    put(o, "summary", summary_json(r, a));
    put(o, "inputs", inputs_json(r, report->version, true, a));
    if (r->plan && r->summary->has_plan) {
        put(o, "plan", lines_json(r->summary, a));
        put(o, "timeline", timeline_json(r->plan, a));
        put(o, "jobs", jobs_json(r->plan, a));
        put(o, "services", services_json(r->plan, a));
        put(o, "datasets", datasets_json(r->plan, a));
        put(o, "instance_types", instance_types_json(r->plan, a));
        put(o, "subscriptions", subscriptions_json(r->plan, a));
        put(o, "commitments", commitments_json(r->plan, a));
        put(o, "ledger", ledger_json(r->plan, a));
        put(o, "budgets", budgets_json(r->summary, a));
        put(o, "limits", limits_json(r->plan, a));
        put(o, "assumptions", assumptions_json(r->plan, a));
        put(o, "sources", sources_json(r->plan, a));
        put(o, "certificate", certificate_json(r, a));
        if (r->n_promises) put(o, "promises", promises_json(r));
        if (r->simulation) put(o, "simulation", simulation_json(r->simulation));
    }
    if (r->plan && r->plan->status == PLAN_INFEASIBLE)
        put(o, "certificate", certificate_json(r, a));
    if (r->plan) {
        put(o, "candidates", candidates_json(r->plan, a));
        put(o, "conflicts", conflicts_json(r->plan, a));
    }
    put(o, "warnings", findings_json(r->diag, SEVERITY_WARNING, a));
    put(o, "errors", findings_json(r->diag, SEVERITY_ERROR, a));
    return o;
}

json_t *result_core_json(const struct result *r, const char *version, struct arena *a)
{
    json_t *o = json_object();
    put(o, "summary", summary_json(r, a));
    put(o, "inputs", inputs_json(r, version, false, a));
    put(o, "certificate", certificate_json(r, a));
    if (!r->summary->has_plan) return o;
    put(o, "timeline", timeline_json(r->plan, a));
    put(o, "datasets", datasets_json(r->plan, a));
    put(o, "commitments", commitments_json(r->plan, a));
    put(o, "ledger", ledger_json(r->plan, a));
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
    put(root, "variants", list);
    return json_print(root, out, d);
}

static json_t *cell_json(const struct sheet_column *column, const struct sheet_cell *cell,
                         struct arena *a)
{
    if (!cell->value || !*cell->value) return json_null();
    if (!column->number) return text(cell->value, a);
    json_t *number = json_loads(cell->value, JSON_DECODE_ANY, NULL);
    return number ? number : text(cell->value, a);
}

static enum err sheet_print(const struct sheet *s, FILE *out, struct arena *a, struct diag *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->n_rows; i++) {
        json_t *o = json_object();
        for (size_t c = 0; c < s->n_columns; c++)
            put(o, s->columns[c].key,
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
