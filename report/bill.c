#include "report/bill.h"
#include "report/simulation.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

void bill_add(struct bill *b, struct bill_item item, double rework_share, struct arena *a)
{
    if (rework_share > 0 && rework_share < 1) {
        struct bill_item rework = item;
        rework.part = BILL_REWORK;
        rework.machines = 0;
        rework.quantity = item.quantity * rework_share;
        rework.amount = (micro_t)llround((double)item.amount * rework_share);
        item.quantity -= rework.quantity;
        item.amount -= rework.amount;
        *ARENA_PUSH(a, b->items, b->n_items) = rework;
    }
    *ARENA_PUSH(a, b->items, b->n_items) = item;
}

/* Share of the paid hours without useful work, of the first chosen candidate of this workload and offer. */
static double rework_share(const struct plan *p, size_t workload, size_t offer)
{
    for (size_t i = 0; i < p->n_candidates; i++) {
        const struct candidate *c = &p->candidates[i];
        if (!c->chosen || c->workload != workload || c->offer != offer) continue;
        const double paid = c->price_part + c->rework_part;
        return paid > 0 ? c->rework_part / paid : 0;
    }
    return 0;
}

static void line_add(struct bill *b, const struct plan *p, const struct summary_group *g,
                     const struct summary_line *l, struct arena *a)
{
    struct bill_item item = {.part = ledger_part_name(l->part),
                             .note = l->note,
                             .unit = l->unit,
                             .machines = l->machines,
                             .quantity = l->quantity,
                             .amount = l->amount};
    double share = 0;
    if (g->workload != NO_INDEX) item.workload = p->scenario->workloads[g->workload].name;
    if (l->dataset != NO_INDEX) item.dataset = p->scenario->datasets[l->dataset].name;
    if (l->offer != NO_INDEX) {
        const struct offer *o = &p->offers[l->offer];
        item.type = book_type(p->book, o->type)->name;
        item.market = offer_market_word(o);
        item.region = o->region;
        item.place = offer_place(o);
        if (l->part == PART_COMPUTE) share = rework_share(p, g->workload, l->offer);
    }
    bill_add(b, item, share, a);
}

static void luck_fill(struct bill *b, const struct result *r, struct arena *a)
{
    const struct simulation *s = r->simulation;
    b->worlds = s->n;
    b->luck = (struct bill_luck){
        .expected = s->cost.mean,
        .expected_low = s->cost.mean_interval.low,
        .expected_high = s->cost.mean_interval.high,
        .p10 = s->cost.p10,
        .p50 = s->cost.p50,
        .p90 = s->cost.p90,
        .p95 = s->cost.p95,
        .late = s->missed.estimate,
        .late_low = s->missed.interval.low,
        .late_high = s->missed.interval.high,
        .n_totals = s->n,
        .totals = s->outcomes->total,
        .seed = (long)s->outcomes->model->settings.seed,
        .first_world = s->outcomes->first_world,
    };
    const double median_us = s->finish_h.p50 * (double)US_PER_H;
    if (s->works) b->luck.finish = moment_text(a, r->plan->scenario, llround(median_us));
}

void bill_of_result(struct bill *b, const struct result *r, struct arena *a)
{
    const struct summary *s = r->summary;
    *b = (struct bill){.name = r->label ? r->label : r->variant,
                       .variant = r->variant,
                       .status = s ? s->status : "error",
                       .result = r};
    if (!s) return;
    b->currency = currency_name(r->plan->scenario->currency);
    b->has_plan = s->has_plan;
    if (!s->has_plan) return;
    b->cost = s->cost;
    b->bound = s->bound;
    b->gap = s->gap;
    b->whole_gap = s->whole_gap;
    b->machine_h = s->machine_h;
    b->machines = s->machines;
    b->late_h = (double)s->late_us / (double)US_PER_H;
    const bool jobs = r->plan->demands && r->plan->demands->n > 0;
    b->finish = jobs ? moment_text(a, r->plan->scenario, s->finish_us) : NULL;
    if (r->simulation) luck_fill(b, r, a);
    for (size_t i = 0; i < s->n_groups; i++)
        for (size_t j = 0; j < s->groups[i].n_lines; j++)
            line_add(b, r->plan, &s->groups[i], &s->groups[i].lines[j], a);
}
