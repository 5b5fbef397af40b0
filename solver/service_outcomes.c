/* What a plan says of its rate demands: machines over time, idle hours, and what a perfect autoscaler would hold. */
#include "solver/service_outcomes.h"
#include "solver/formulate.h"
#include <math.h>

static void add_holdings(struct plan *plan, const struct model *m, size_t i,
                         const struct fleet *fleet)
{
    const struct group *g = &m->served[i].group;
    const size_t T = m->grid.n;
    for (size_t o = 0; o < g->n_options; o++)
        for (size_t t = 0, end; t < T; t = end) {
            const long n = fleet->machines[o * T + t];
            for (end = t + 1; end < T && fleet->machines[o * T + end] == n;) end++;
            if (n == 0) continue;
            *ARENA_PUSH(m->arena, plan->holdings, plan->n_holdings) =
                (struct holding){.service = i,
                                 .offer = g->options[o].offer,
                                 .placement = g->options[o].site,
                                 .machines = n,
                                 .starts = fleet->starts[o * T + t],
                                 .from_us = m->grid.from_us[t],
                                 .to_us = m->grid.from_us[end]};
        }
}

/* Machines of one pool that would just carry this load. */
static double machines_needed(const struct served *v, size_t pool, double load, bool whole)
{
    double sum = 0;
    for (size_t c = 0; c < v->service->n_classes; c++) {
        const double part = load * v->service->class_share[c];
        if (part <= 0) continue;
        const struct rate_table *t = &v->pools[pool].tables[c];
        const double cap = rate_table_cap(t, part);
        if (cap <= 0) return INFINITY;
        const long n = whole && served_single(v) ? rate_table_machines(t, part) : -1;
        sum += n > 0 ? (double)n : part / cap;
    }
    return whole ? ceil(sum - 1e-9) : sum;
}

/* Pools of which the plan holds machines at any time. */
static bool *pools_held(const struct model *m, const struct served *v, const struct fleet *fleet)
{
    bool *held = ARENA_NEW(m->arena, bool, v->n_pools + 1);
    for (size_t o = 0; o < v->group.n_options; o++)
        for (size_t t = 0; t < m->grid.n; t++)
            held[v->pool_of[o]] |= fleet->machines[o * m->grid.n + t] > 0;
    return held;
}

static double least_needed(const struct served *v, const bool *held, double load)
{
    double least = INFINITY;
    for (size_t p = 0; p < v->n_pools; p++)
        if (held[p]) least = fmin(least, machines_needed(v, p, load, true));
    return isfinite(least) ? least : 0;
}

/* Machines of this period that its mean load needs, if every pool is loaded alike. */
static double busy(const struct served *v, const struct fleet *fleet, size_t T, size_t t,
                   double load)
{
    double share =
        0; /* of the load that the fleet could carry: sum over pools of machines / machines needed for all of it */
    long machines = 0;
    for (size_t p = 0; p < v->n_pools; p++) {
        long n = 0;
        for (size_t o = 0; o < v->group.n_options; o++)
            if (v->pool_of[o] == p) n += fleet->machines[o * T + t];
        const double needed = n && load > 0 ? machines_needed(v, p, load, false) : (double)INFINITY;
        machines += n;
        if (n && isfinite(needed) && needed > 0) share += (double)n / needed;
    }
    return share > 0 ? fmin((double)machines, (double)machines / share) : 0;
}

/* Returns the machines that this period's mean load needs. */
static double add_period(struct service_outcome *out, const struct model *m, size_t i,
                         const struct fleet *fleet, const bool *held, size_t t)
{
    const struct served *v = &m->served[i];
    const size_t T = m->grid.n;
    const double h = period_h(&m->grid, t);
    const double mean = service_mean_load(v->service, m->grid.from_us[t], m->grid.from_us[t + 1]);
    long machines = 0;
    double held_h = 0;
    for (size_t o = 0; o < v->group.n_options; o++) {
        machines += fleet->machines[o * T + t];
        held_h += (double)fleet->held_us[o * T + t] / (double)US_PER_H;
        out->start_h += (double)fleet->start_us[o * T + t] / (double)US_PER_H;
        if (v->group.options[o].spot)
            out->spot_frac += (double)fleet->held_us[o * T + t] / (double)US_PER_H;
    }
    out->held_h += held_h;
    out->idle_h += fmax(0, held_h - h * busy(v, fleet, T, t, mean));
    const double needed = mean > 0 ? least_needed(v, held, mean) : 0;
    out->perfect_h += h * needed;
    if (machines > out->peak_machines) out->peak_machines = machines;
    if (t == 0 || machines < out->least_machines) out->least_machines = machines;
    return needed;
}

static double unserved_share(const struct model *m, size_t i, const struct fleet *fleet)
{
    const struct service *s = m->served[i].service;
    double lost = 0, all = 0;
    for (size_t t = 0; t < m->grid.n; t++) {
        const double load = service_mean_load(s, m->grid.from_us[t], m->grid.from_us[t + 1]) *
                            period_h(&m->grid, t);
        all += load;
        for (size_t c = 0; c < s->n_classes; c++)
            lost += load * s->class_share[c] * fleet->unserved[c * m->grid.n + t];
    }
    return all > 0 ? lost / all : 0;
}

void services_tell(struct plan *plan, const struct model *m, const struct fleet *fleets)
{
    plan->services = m->services;
    plan->service_outcomes = ARENA_NEW(m->arena, struct service_outcome, m->n_served + 1);
    plan->holdings = NULL;
    plan->n_holdings = 0;
    for (size_t i = 0; i < m->n_served; i++) {
        struct service_outcome *out = &plan->service_outcomes[i];
        *out = (struct service_outcome){.service = m->served[i].service};
        add_holdings(plan, m, i, &fleets[i]);
        const bool *held = pools_held(m, &m->served[i], &fleets[i]);
        double *needed = ARENA_NEW(m->arena, double, m->grid.n + 1);
        for (size_t t = 0; t < m->grid.n; t++)
            needed[t] = add_period(out, m, i, &fleets[i], held, t);
        out->needed = needed;
        if (out->held_h > 0) out->spot_frac /= out->held_h;
        out->unserved_frac = unserved_share(m, i, &fleets[i]);
        plan->machine_h += out->held_h + out->start_h;
    }
}
