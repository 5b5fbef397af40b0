/* What one demand costs in a world. A job that went as planned is billed by the plan's own lines, spot at the prices of this world;
 * any other by its machines' runs. */
#include "sim/work_units.h"
#include "solver/model.h"
#include <math.h>

static micro_t amount(struct ratio price, double machine_us)
{
    micro_t out;
    if (!(fabs(machine_us) < 9e18) || !money_amount(&out, price, llround(machine_us), US_PER_H))
        return INT64_MAX / 4;
    return out;
}

/* Mean price factor of the planned stretches on these terms in a month. */
static double mean_price(const struct work_job *job, size_t terms, size_t month,
                         struct work_scratch *s)
{
    const int64_t begin = month > 0 ? s->play->month_end_us[month - 1] : INT64_MIN;
    const int64_t end = month + 1 < s->play->n_months ? s->play->month_end_us[month] : INT64_MAX;
    double paid = 0, held = 0;
    for (size_t i = 0; i < job->n_stretches; i++) {
        const struct played *p = &job->stretches[i];
        const struct stretch *x = p->stretch;
        const int64_t from = x->from_us > begin ? x->from_us : begin;
        const int64_t to = x->to_us < end ? x->to_us : end;
        if (p->terms != terms || from >= to) continue;
        paid +=
            (double)x->machines * world_price_integral(s->world, job->terms[terms].offer, from, to);
        held += (double)x->machines * (double)(to - from);
    }
    return held > 0 ? paid / held : 1;
}

static void bill_as_planned(micro_t *bill, const struct work_job *job, struct work_scratch *s)
{
    for (size_t i = 0; i < job->n_bills; i++) {
        const struct planned_bill *b = &job->bills[i];
        micro_t *out = &bill[b->month * N_COST_PARTS];
        const bool spot = b->terms != SIZE_MAX && job->terms[b->terms].spot;
        const double factor = spot ? mean_price(job, b->terms, b->month, s) : 1;
        for (size_t part = 0; part < N_COST_PARTS; part++) {
            const bool moves = spot && (part == COST_SPOT || part == COST_START);
            out[part] +=
                moves && factor != 1 ? llround((double)b->part[part] * factor) : b->part[part];
        }
    }
}

static enum cost_part machine_part(const struct work_scratch *s, const struct terms *t)
{
    if (t->spot) return COST_SPOT;
    if (t->prepaid) return COST_COMMITTED;
    return s->play->plan->offers[t->offer].market->id == MARKET_AUTOSCALED ? COST_AUTOSCALED
                                                                           : COST_ON_DEMAND;
}

static void bill_use(micro_t *out, const struct work_scratch *s, size_t terms, size_t month)
{
    const struct terms *t = &s->job->terms[terms];
    const struct use_month *use = &s->uses[terms * s->play->n_months + month];
    const double lost = s->lost[terms * s->play->n_months + month];
    if (use->held == 0) return;
    const micro_t machines = amount(t->price_per_h, use->machines);
    const micro_t wasted = llround((double)machines * fmin(1, lost / (double)use->held));
    out[machine_part(s, t)] += machines - wasted;
    out[COST_LOST] += wasted;
    out[COST_START] += amount(t->beside_per_h, use->start);
    out[COST_ON_DEMAND] += amount(t->beside_per_h, use->beside);
    out[COST_LICENCE] += amount(t->licence, (double)use->held);
    out[COST_STORAGE] += amount(t->disk, (double)use->held);
    if (t->prepaid) out[COST_IDLE] -= machines;
}

/* The plan's lateness rule: until the end of the step in which it ends. */
static int64_t late_us(const struct work_job *job, const struct work_scratch *s, int64_t finish_us)
{
    const int64_t step = s->play->plan->scenario->step_us;
    if (finish_us <= job->d->due_us) return 0;
    if (finish_us <= s->play->plan->scenario->length_us)
        return step_end(s->play->plan->model, finish_us - 1) - job->d->due_us;
    return (finish_us + step - 1) / step * step - job->d->due_us;
}

static size_t month_at(const struct work_scratch *s, int64_t us)
{
    size_t month = 0;
    while (month + 1 < s->play->n_months && us >= s->play->month_end_us[month]) month++;
    return month;
}

void work_job_bill(micro_t *bill, const struct work_job *job, const struct job_luck *luck,
                   struct work_scratch *s)
{
    if (luck->as_planned) {
        bill_as_planned(bill, job, s);
        return;
    }
    for (size_t month = 0; month < s->play->n_months; month++)
        for (size_t i = 0; i < job->n_terms; i++)
            bill_use(&bill[month * N_COST_PARTS], s, i, month);
    /* What a commitment is not used by this job is idle; what all pay for it is fixed. */
    for (size_t i = 0; i < job->n_bills; i++)
        bill[job->bills[i].month * N_COST_PARTS + COST_IDLE] += job->bills[i].part[COST_COMMITTED];
    if (!job->d->late_priced || luck->finish_us <= job->d->due_us) return;
    bill[month_at(s, job->d->due_us) * N_COST_PARTS + COST_LATE] +=
        amount(job->d->late_cost_per_h, (double)late_us(job, s, luck->finish_us));
}
