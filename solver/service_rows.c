/* Rows of rate demands (model.md 4: serve, size, range, share). With one request class the split of the load
 * follows from the machines: sum of f = 1 and f load <= cap u n become sum of cap u n >= load, so f is no column. Starts and
 * cooldowns are not in the LP: like those of batch work they are paid by the plan and part of the gap. */
#include "solver/formulate.h"
#include <math.h>

bool served_single(const struct served *v)
{
    return v->service->n_classes == 1;
}

static size_t *indices(const struct model *m, size_t n)
{
    size_t *list = ARENA_NEW(m->arena, size_t, n * m->grid.n + 1);
    for (size_t i = 0; i < n * m->grid.n; i++) list[i] = NONE;
    return list;
}

static bool any_spot(const struct served *v)
{
    for (size_t o = 0; o < v->group.n_options; o++)
        if (v->group.options[o].spot) return true;
    return false;
}

static void serve_rows(struct formulation *f, size_t i, size_t t, double load)
{
    const struct served *v = &f->model->served[i];
    struct service_formulation *r = &f->services[i];
    const size_t T = f->model->grid.n;
    const double steady = 1 - v->service->spot_max_frac;
    for (size_t c = 0; c < v->service->n_classes; c++) {
        const double need = load * v->service->class_share[c];
        if (need <= 0) continue;
        if (served_single(v)) {
            r->serve[c * T + t] = row_add(f, (struct row){ROW_SERVE, i, c, t}, need, INFINITY);
            if (steady > 0 && any_spot(v))
                r->steady[c * T + t] =
                    row_add(f, (struct row){ROW_STEADY, i, c, t}, steady * need, INFINITY);
        } else {
            r->serve[c * T + t] = row_add(f, (struct row){ROW_SERVE, i, c, t}, 1, 1);
            if (steady > 0 && any_spot(v))
                r->steady[c * T + t] = row_add(f, (struct row){ROW_STEADY, i, c, t}, -INFINITY,
                                               v->service->spot_max_frac);
        }
    }
    for (size_t lane = 0; !served_single(v) && lane < r->n_lanes; lane++)
        r->carry[lane * T + t] = row_add(f, (struct row){ROW_CARRY, i, lane, t}, 0, INFINITY);
}

/* Largest number of machines that serves the peak load with any one option: no plan without idle machines has more. */
static double most_needed(const struct served *v)
{
    double most = 0;
    for (size_t o = 0; o < v->group.n_options; o++) {
        double sum = 0;
        for (size_t c = 0; c < v->service->n_classes; c++) {
            const double load = v->peak_load * v->service->class_share[c];
            const double cap = load > 0 ? served_cap(v, o, c, load) : 0;
            sum += cap > 0 ? load / cap : 0;
        }
        most = fmax(most, sum);
    }
    return most;
}

static void machine_rows(struct formulation *f, size_t i, size_t t)
{
    const struct service *s = f->model->served[i].service;
    struct service_formulation *r = &f->services[i];
    const bool capped = s->max_machines > 0 && (double)s->max_machines < r->needed;
    if (s->min_machines > 0 || capped)
        r->range[t] = row_add(f, (struct row){ROW_RANGE, i, 0, t},
                              s->min_machines > 0 ? (double)s->min_machines : -(double)INFINITY,
                              capped ? (double)s->max_machines : (double)INFINITY);
    if (s->on_demand_base > 0)
        r->base[t] =
            row_add(f, (struct row){ROW_BASE, i, 0, t}, (double)s->on_demand_base, INFINITY);
}

static void home_rows(struct formulation *f, size_t i)
{
    const struct model *m = f->model;
    const struct workload *w = m->served[i].service->shape->workload;
    f->services[i].at = ARENA_NEW(m->arena, size_t *, m->n_stores + 1);
    for (size_t j = 0; j < w->n_uses; j++) {
        const size_t s = store_find(m, w->uses[j].use), n = m->stores[s].n_homes;
        if (n == 1) continue;
        f->services[i].at[s] = indices(m, n);
        for (size_t h = 0; h < n; h++)
            for (size_t t = 0; t < m->grid.n; t++)
                f->services[i].at[s][h * m->grid.n + t] =
                    row_add(f, (struct row){ROW_AT, i, h, t}, -INFINITY, 0);
    }
}

void service_rows(struct formulation *f)
{
    const struct model *m = f->model;
    f->services = ARENA_NEW(m->arena, struct service_formulation, m->n_served + 1);
    for (size_t i = 0; i < m->n_served; i++) {
        const struct served *v = &m->served[i];
        struct service_formulation *r = &f->services[i];
        r->n_lanes = 2 * v->n_pools;
        r->needed = most_needed(v);
        r->serve = indices(m, v->service->n_classes);
        r->steady = indices(m, v->service->n_classes);
        r->carry = indices(m, r->n_lanes);
        r->range = indices(m, 1);
        r->base = indices(m, 1);
        r->held = indices(m, v->group.n_options);
        r->unserved = indices(m, v->service->n_classes);
        for (size_t t = 0; t < m->grid.n; t++) {
            serve_rows(f, i, t, served_load(m, v, t));
            machine_rows(f, i, t);
        }
        home_rows(f, i);
    }
}
