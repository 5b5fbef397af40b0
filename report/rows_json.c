/* The long lists of a result: what a plan of many jobs has hundreds of thousands of. */
#include "report/rows_json.h"
#include "report/certificate_json.h"
#include "report/inputs_json.h"
#include "report/service_facts.h"
#include "report/wording.h"
#include <math.h>

json_t *real_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *money_json(micro_t amount)
{
    return json_real((double)amount / 1e6);
}

json_t *time_json(int64_t us)
{
    return json_real((double)us / (double)US_PER_H);
}

void offer_put(json_t *o, const struct plan *p, size_t offer, struct arena *a)
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

json_t *workload_json(const struct plan *p, size_t workload, struct arena *a)
{
    return workload == NO_INDEX ? json_null()
                                : json_words(p->scenario->workloads[workload].name, a);
}

json_t *dataset_json(const struct plan *p, size_t dataset, struct arena *a)
{
    return dataset == NO_INDEX ? json_null() : json_words(p->scenario->datasets[dataset].name, a);
}

void rows_lines(struct json_rows *rows, const struct result *r)
{
    const struct summary *s = r->summary;
    for (size_t i = 0; i < s->n_groups; i++) {
        for (size_t j = 0; j < s->groups[i].n_lines; j++) {
            const struct summary_line *l = &s->groups[i].lines[j];
            json_t *o = json_object();
            struct arena *a = rows->arena;
            json_put(o, "workload", workload_json(s->plan, s->groups[i].workload, a));
            json_put(o, "part", json_string(ledger_part_name(l->part)));
            offer_put(o, s->plan, l->offer, a);
            json_put(o, "dataset", dataset_json(s->plan, l->dataset, a));
            json_put(o, "note", json_words(l->note, a));
            json_put(o, "machines", json_integer(l->machines));
            json_put(o, "quantity", real_json(l->quantity));
            json_put(o, "unit", json_words(l->unit, a));
            json_put(o, "price", real_json(ratio_value(l->price)));
            json_put(o, "cost", money_json(l->amount));
            json_put(o, "estimated", json_boolean(l->estimated));
            json_rows_add(rows, o);
        }
    }
}

static void times_put(json_t *o, const struct plan *p, int64_t from_us, int64_t to_us,
                      struct arena *a)
{
    json_put(o, "from", json_words(moment_text(a, p->scenario, from_us), a));
    json_put(o, "to", json_words(moment_text(a, p->scenario, to_us), a));
    json_put(o, "from_h", time_json(from_us));
    json_put(o, "to_h", time_json(to_us));
}

static void holdings_add(struct json_rows *rows, const struct plan *p, struct arena *kept)
{
    const double *shares = paid_shares(p, kept);
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        json_t *o = json_object();
        struct arena *a = rows->arena;
        json_put(o, "workload", workload_json(p, service_workload(p, h->service), a));
        json_put(o, "job", json_null());
        offer_put(o, p, h->offer, a);
        json_put(o, "machines", json_integer(h->machines));
        json_put(o, "starts", json_integer(h->starts));
        times_put(o, p, h->from_us, h->to_us, a);
        json_put(o, "machine_hours", time_json(holding_paid_us(h, shares)));
        json_put(o, "start_hours", time_json(holding_start_us(p, h)));
        json_put(o, "work", json_null());
        json_put(o, "commitment", commitment_json(p, h->offer, a));
        json_put(o, "storage", storage_json(p, service_workload(p, h->service), h->placement));
        json_rows_add(rows, o);
    }
}

static void stretches_add(struct json_rows *rows, const struct plan *p)
{
    for (size_t i = 0; i < p->n_stretches; i++) {
        const struct stretch *s = &p->stretches[i];
        const struct demand *d = &p->demands->items[s->demand];
        json_t *o = json_object();
        struct arena *a = rows->arena;
        json_put(o, "workload", json_words(d->shape->workload->name, a));
        json_put(o, "job", json_words(d->name, a));
        offer_put(o, p, s->offer, a);
        json_put(o, "machines", json_integer(s->machines));
        json_put(o, "starts", json_null());
        times_put(o, p, s->from_us, s->to_us, a);
        json_put(o, "machine_hours", time_json(s->paid_us));
        json_put(o, "start_hours", time_json(s->start_us));
        json_put(o, "work", real_json(s->useful));
        json_put(o, "commitment", commitment_json(p, s->offer, a));
        json_put(
            o, "storage",
            storage_json(p, (size_t)(d->shape->workload - p->scenario->workloads), s->placement));
        json_rows_add(rows, o);
    }
}

void rows_holdings(struct json_rows *rows, const struct result *r)
{
    struct arena *kept = arena_new();
    holdings_add(rows, r->plan, kept);
    arena_free(kept);
}

void rows_timeline(struct json_rows *rows, const struct result *r)
{
    stretches_add(rows, r->plan);
    rows_holdings(rows, r);
}

void rows_jobs(struct json_rows *rows, const struct result *r)
{
    const struct plan *p = r->plan;
    for (size_t i = 0; i < p->demands->n; i++) {
        const struct demand *d = &p->demands->items[i];
        const struct demand_outcome *out = &p->outcomes[i];
        json_t *o = json_object();
        struct arena *a = rows->arena;
        json_put(o, "workload", json_words(d->shape->workload->name, a));
        json_put(o, "job", json_words(d->name, a));
        json_put(o, "work", real_json(d->work));
        json_put(o, "start", json_words(moment_text(a, p->scenario, out->first_us), a));
        json_put(o, "finish", json_words(moment_text(a, p->scenario, out->finish_us), a));
        json_put(o, "deadline", json_words(moment_text(a, p->scenario, d->due_us), a));
        json_put(o, "late_hours", time_json(out->late_us));
        json_put(o, "machine_hours", real_json(out->machine_h));
        json_put(o, "spot_share", real_json(out->useful > 0 ? out->on_spot / out->useful : 0));
        json_rows_add(rows, o);
    }
}

void rows_ledger(struct json_rows *rows, const struct result *r)
{
    const struct plan *p = r->plan;
    for (size_t i = 0; i < p->n_ledger; i++) {
        const struct ledger_line *l = &p->ledger[i];
        json_t *o = json_object();
        struct arena *a = rows->arena;
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
        json_put(o, "price", real_json(ratio_value(l->price)));
        json_put(o, "unit", json_words(l->unit, a));
        json_put(o, "quantity", real_json((double)l->quantity / (double)l->quantity_den));
        json_put(o, "amount", money_json(l->amount));
        json_put(o, "estimated", json_boolean(l->estimated));
        json_put(o, "note", json_words(l->note, a));
        json_put(o, "exact", fraction_json(l->quantity, l->quantity_den, a));
        json_put(o, "commitment", commitment_json(p, l->offer, a));
        json_rows_add(rows, o);
    }
}

void rows_candidates(struct json_rows *rows, const struct result *r)
{
    const struct plan *p = r->plan;
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        json_t *o = json_object();
        struct arena *a = rows->arena;
        json_put(o, "workload", json_words(p->scenario->workloads[c->workload].name, a));
        offer_put(o, p, c->offer, a);
        json_put(o, "usable", json_boolean(c->usable));
        json_put(o, "reason", c->usable ? json_null() : json_words(c->reason, a));
        json_put(o, "cost_per_useful_hour",
                 c->usable ? real_json(c->cost_per_useful) : json_null());
        json_put(o, "price_part", c->usable ? real_json(c->price_part) : json_null());
        json_put(o, "rework_part", c->usable ? real_json(c->rework_part) : json_null());
        json_put(o, "licence_part", c->usable ? real_json(c->licence_part) : json_null());
        json_put(o, "disk_part", c->usable ? real_json(c->disk_part) : json_null());
        json_put(o, "enters_below", real_json(c->enters_below));
        json_put(o, "enters_speed", real_json(c->enters_speed));
        json_put(o, "dominated", json_boolean(c->dominated));
        json_put(o, "chosen", json_boolean(c->chosen));
        json_rows_add(rows, o);
    }
}

json_t *rows_tree(rows_fn *add, const struct result *r, struct arena *a)
{
    struct json_rows rows = {.list = json_array(), .arena = a};
    add(&rows, r);
    return rows.list;
}

void rows_put(struct json_out *o, const char *key, rows_fn *add, const struct result *r)
{
    struct json_rows rows = {.out = o, .arena = arena_new()};
    json_out_open(o, key, '[');
    add(&rows, r);
    json_out_close(o);
    arena_free(rows.arena);
}
