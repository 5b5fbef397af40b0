#include "report/simulation.h"
#include <math.h>

#define CONFIDENCE 0.95

static struct spread spread_of(const double *x, size_t n, struct arena *a)
{
    const double *sorted = sorted_copy(x, n, a);
    const struct moments m = moments_of(x, n);
    return (struct spread){
        .mean = m.mean,
        .least = sorted[0],
        .most = sorted[n - 1],
        .p10 = quantile(sorted, n, 0.1),
        .p50 = quantile(sorted, n, 0.5),
        .p90 = quantile(sorted, n, 0.9),
        .p95 = quantile(sorted, n, 0.95),
        .p99 = quantile(sorted, n, 0.99),
        .cvar95 = cvar(sorted, n, 0.95),
        .mean_interval = mean_interval(&m, CONFIDENCE),
        .p50_interval = quantile_interval(sorted, n, 0.5, CONFIDENCE),
        .p90_interval = quantile_interval(sorted, n, 0.9, CONFIDENCE),
        .p95_interval = quantile_interval(sorted, n, 0.95, CONFIDENCE),
    };
}

/* What is looked at of one workload in one world. */
enum figure { FIGURE_COST = N_COST_PARTS, FIGURE_FINISH, FIGURE_LATE, FIGURE_INTERRUPTIONS };

static double figure_of(const struct workload_outcome *o, int figure)
{
    if (figure < N_COST_PARTS) return (double)o->part[figure] / 1e6;
    if (figure == FIGURE_COST) return (double)workload_cost(o) / 1e6;
    if (figure == FIGURE_FINISH) return (double)o->finish_us / (double)US_PER_H;
    if (figure == FIGURE_LATE) return (double)o->late_us / (double)US_PER_H;
    return (double)o->interruptions;
}

static const struct workload_outcome *outcome_at(const struct outcomes *o, size_t world,
                                                 size_t workload)
{
    return &o->workloads[world * o->n_workloads + workload];
}

static struct spread figure_spread(const struct outcomes *o, size_t workload, int figure, double *x,
                                   struct arena *a)
{
    for (size_t i = 0; i < o->n; i++) x[i] = figure_of(outcome_at(o, i, workload), figure);
    return spread_of(x, o->n, a);
}

static micro_t planned_cost(const struct plan *p, size_t workload)
{
    micro_t sum = 0;
    for (size_t i = 0; i < p->n_ledger; i++)
        if (p->ledger[i].workload == workload) sum += p->ledger[i].amount;
    return sum;
}

static bool has_jobs(const struct plan *p, size_t workload)
{
    const struct workload *w = &p->scenario->workloads[workload];
    for (size_t i = 0; i < p->demands->n; i++)
        if (p->demands->items[i].shape->workload == w) return true;
    return false;
}

static void workload_fill(struct simulated_workload *s, const struct outcomes *o, double *x,
                          struct arena *a)
{
    const size_t w = s->workload;
    size_t missed = 0;
    s->planned = planned_cost(o->plan, w);
    s->cost = figure_spread(o, w, FIGURE_COST, x, a);
    for (int part = 0; part < N_COST_PARTS; part++) s->part[part] = figure_spread(o, w, part, x, a);
    s->works = has_jobs(o->plan, w);
    s->serves = !s->works;
    s->finish_h = figure_spread(o, w, FIGURE_FINISH, x, a);
    s->late_h = figure_spread(o, w, FIGURE_LATE, x, a);
    s->interruptions = figure_spread(o, w, FIGURE_INTERRUPTIONS, x, a);
    for (size_t i = 0; i < o->n; i++) {
        const struct workload_outcome *l = outcome_at(o, i, w);
        missed += l->missed;
        s->n_late += l->n_late;
        s->unfinished += l->n_unfinished;
        s->offered += l->offered / (double)o->n;
        s->served += l->served / (double)o->n;
        s->late += l->late / (double)o->n;
        s->lost += l->lost / (double)o->n;
    }
    s->n_late /= (double)o->n;
    s->missed = proportion_of(missed, o->n, CONFIDENCE);
}

struct proportion budget_chance(const struct outcomes *o, size_t owner, micro_t limit,
                                bool per_month)
{
    size_t over = 0;
    for (size_t i = 0; i < o->n; i++) {
        micro_t most = INT64_MIN, all = 0;
        for (size_t month = 0; month < o->n_months; month++) {
            micro_t sum = 0;
            for (size_t k = 0; k < o->n_owners; k++)
                if (owner == SIZE_MAX || k == owner)
                    sum += o->by_owner[(i * o->n_owners + k) * o->n_months + month];
            if (sum > most) most = sum;
            all += sum;
        }
        over += (per_month ? most : all) > limit;
    }
    return proportion_of(over, o->n, CONFIDENCE);
}

static void budget_fill_in(struct simulation *s)
{
    const struct scenario *sc = s->outcomes->plan->scenario;
    const struct money *m = &sc->budget.money;
    struct ratio amount = m->amount;
    micro_t limit;
    if (!sc->budget.given) return;
    const bool converts = m->currency != CURRENCY_DEFAULT && m->currency != sc->currency;
    if (converts && !(m->currency == CURRENCY_USD ? ratio_mul(&amount, amount, sc->fx_usd)
                                                  : ratio_div(&amount, amount, sc->fx_usd)))
        return;
    if (!money_amount(&limit, amount, 1, 1)) return;
    s->has_budget = true;
    s->confidence = sc->budget_confidence;
    s->over_budget = budget_chance(s->outcomes, SIZE_MAX, limit, m->per == PER_MONTH);
}

static void total_fill(struct simulation *s, double *x, struct arena *a)
{
    const struct outcomes *o = s->outcomes;
    size_t missed = 0;
    for (size_t i = 0; i < o->n; i++) x[i] = (double)o->total[i] / 1e6;
    s->cost = spread_of(x, o->n, a);
    for (size_t i = 0; i < o->n; i++) x[i] = (double)o->nobody[i] / 1e6;
    s->nobody = spread_of(x, o->n, a);
    for (size_t i = 0; i < o->n; i++) {
        int64_t last = 0;
        bool miss = false;
        for (size_t w = 0; w < o->n_workloads; w++) {
            const struct workload_outcome *l = outcome_at(o, i, w);
            if (l->finish_us > last) last = l->finish_us;
            miss = miss || l->missed;
        }
        x[i] = (double)last / (double)US_PER_H;
        missed += miss;
    }
    s->finish_h = spread_of(x, o->n, a);
    s->missed = proportion_of(missed, o->n, CONFIDENCE);
}

void simulation_make(struct simulation *s, const struct outcomes *o, struct arena *a)
{
    *s = (struct simulation){.outcomes = o, .n = o->n};
    double *x = ARENA_NEW(a, double, o->n + 1);
    s->workloads = ARENA_NEW(a, struct simulated_workload, o->n_workloads + 1);
    if (o->n == 0) return;
    for (size_t w = 0; w < o->n_workloads; w++) {
        struct simulated_workload *one = &s->workloads[s->n_workloads++];
        one->workload = w;
        workload_fill(one, o, x, a);
        s->works = s->works || one->works;
    }
    total_fill(s, x, a);
    budget_fill_in(s);
}

bool simulation_fails(const struct simulation *s)
{
    return s->has_budget && s->confidence > 0 && 1 - s->over_budget.estimate < s->confidence;
}
