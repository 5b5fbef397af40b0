#include "solver/fleet_use.h"

static bool bought_by(const struct model *m, size_t offer, size_t service)
{
    if (service == NONE) return false;
    const struct group *g = &m->served[service].group;
    for (size_t o = 0; o < g->n_options; o++)
        if (g->options[o].offer == offer) return served_direct(m, &g->options[o]);
    return false;
}

/* Units of limit l that machines of subscription k hold all the time. */
static void add_held(double *use, const struct model *m, size_t l, size_t k, double machines)
{
    const struct capacity *c = &m->limits[k];
    const double units =
        m->limits[l].in_gpus ? book_type(m->book, m->offers[c->offer].type)->gpus : 1;
    for (size_t t = 0; t < m->grid.n; t++)
        if (m->grid.from_us[t] < c->until_us) use[l * m->grid.n + t] += units * machines;
}

void use_add_subscribed(double *use, const struct model *m, const double *bought, size_t but)
{
    for (size_t l = 0; l < m->n_limits; l++)
        for (size_t k = 0; m->limits[l].kind == LIMIT_QUOTA && k < m->n_limits; k++) {
            const struct capacity *c = &m->limits[k];
            if (c->kind != LIMIT_SUBSCRIPTION ||
                !subscription_counts(&m->limits[l], m, &m->offers[c->offer]) ||
                (c->buys && bought_by(m, c->offer, but)))
                continue;
            add_held(use, m, l, k, c->buys ? bought[k] : c->amount);
        }
}

void use_add_lp(double *use, const struct formulation *f, const double *x, size_t first, size_t but)
{
    const struct lp *lp = f->lp;
    const size_t T = f->model->grid.n;
    for (size_t j = 0; j < lp->n_cols; j++) {
        const struct column c = f->columns[j];
        const bool service = c.kind == COLUMN_HELD || c.kind == COLUMN_FIXED;
        if ((c.kind != COLUMN_WORK && !service) || x[j] <= 0) continue;
        if (service && (c.a == but || c.a < first)) continue;
        for (size_t i = lp->start[j]; i < lp->start[j + 1]; i++) {
            const struct row r = f->rows[lp->row[i]];
            if (r.kind == ROW_LIMIT) use[r.a * T + r.t] += lp->value[i] * x[j];
        }
    }
}

bool option_lies(const struct formulation *f, const struct served *v, const struct option *o,
                 const double *x)
{
    const double part = 1e-6; /* shares below are rounding */
    const struct workload *w = v->service->shape->workload;
    const struct site *site = &v->group.sites[o->site];
    for (size_t j = 0; j < w->n_uses; j++) {
        const size_t s = store_find(f->model, w->uses[j].use);
        const struct store *store = &f->model->stores[s];
        const double share =
            store->n_homes > 1 ? x[f->home_column[f->first_home[s] + site->home[j]]] : 1;
        if (share < (store->split ? part : 0.5)) return false;
    }
    return true;
}
