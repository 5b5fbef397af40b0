/* Columns of commitments: a constant for what is paid in any case, one column for each that may be bought. */
#include "solver/formulate.h"
#include <math.h>
#include <string.h>

static double hours_before(const struct model *m, int64_t until_us)
{
    return (double)(until_us < m->horizon_us ? until_us : m->horizon_us) / (double)US_PER_H;
}

/* Hours of [from, from + keep) that fall into calendar month q of the plan. */
double kept_in_month_h(const struct model *m, const struct store *s, double keep_h, int q)
{
    const moment_t from = m->scenario->start + s->from_us;
    const moment_t to = from + (int64_t)(keep_h * (double)US_PER_H);
    moment_t start = month_start(m->scenario->start);
    for (int i = 0; i < q; i++) start = next_month_start(start);
    const moment_t end = next_month_start(start);
    const moment_t a = from > start ? from : start, b = to < end ? to : end;
    return b > a ? (double)(b - a) / (double)US_PER_H : 0;
}

void bound_commitment(struct formulation *f, size_t l, double units)
{
    if (f->model->limits[l].buys) f->subscription_bound[l] = fmax(f->subscription_bound[l], units);
}

/* The cost of holding something from the start until until_us, spread over the months. */
void budgets_put_held(struct formulation *f, const char *owner, double per_h, int64_t until_us)
{
    const struct model *m = f->model;
    const struct store whole = {.keep_us = until_us < m->horizon_us ? until_us : m->horizon_us};
    for (size_t i = 0; i < f->n_budgets; i++) {
        const struct budget *b = &f->budgets[i];
        if (b->owner && (!owner || strcmp(b->owner, owner) != 0)) continue;
        const double hours = hours_before(m, until_us);
        value_put(f, b->row,
                  per_h * (b->month < 0 ? hours : kept_in_month_h(m, &whole, hours, b->month)));
    }
}

static void subscription_columns(struct formulation *f)
{
    const struct model *m = f->model;
    for (size_t l = 0; l < m->n_limits; l++) {
        const struct capacity *c = &m->limits[l];
        if (!c->buys || f->subscription_column[l] != NONE || f->subscription_bound[l] <= 0)
            continue;
        const struct offer *o = c->offer == NONE ? NULL : &m->offers[c->offer];
        const double price = o ? o->price : 1; /* a savings plan is bought in money per hour */
        f->subscription_column[l] = f->builder.lp.n_cols;
        column_add(f, (struct column){COLUMN_SUBSCRIPTION, f->many_rows, l, 0, 0},
                   o ? ceil(f->subscription_bound[l]) : f->subscription_bound[l],
                   price * hours_before(m, INT64_MAX));
        budgets_put_held(f, NULL, price, INT64_MAX);
        for (size_t t = 0; t < m->grid.n; t++) {
            value_put(f, f->limit_row[l * m->grid.n + t], -1);
            for (size_t k = 0; k < m->n_limits; k++)
                if (o && subscription_counts(&m->limits[k], m, o))
                    value_put(f, f->limit_row[k * m->grid.n + t],
                              m->limits[k].in_gpus ? book_type(m->book, o->type)->gpus : 1);
        }
    }
}

double sunk_per_h(const struct model *m, const struct capacity *c)
{
    if (c->buys) return 0;
    if (c->kind == LIMIT_SUBSCRIPTION) return m->offers[c->offer].price * c->amount;
    return c->kind == LIMIT_SAVINGS_PLAN ? c->amount : 0;
}

static void constant_column(struct formulation *f)
{
    const struct model *m = f->model;
    double cost = 0;
    for (size_t l = 0; l < m->n_limits; l++)
        cost += sunk_per_h(m, &m->limits[l]) * hours_before(m, m->limits[l].until_us);
    for (size_t v = 0; v < m->n_served; v++)
        cost += m->served[v].seat_price_per_h * hours_before(m, INT64_MAX);
    if (cost <= 0) return;
    column_add(f, (struct column){COLUMN_CONSTANT, false, 0, 0, 0}, 1, cost);
    for (size_t l = 0; l < m->n_limits; l++)
        if (sunk_per_h(m, &m->limits[l]) > 0)
            budgets_put_held(f, NULL, sunk_per_h(m, &m->limits[l]), m->limits[l].until_us);
    for (size_t v = 0; v < m->n_served; v++)
        if (m->served[v].seat_price_per_h > 0)
            budgets_put_held(f, m->scenario->workloads[m->served[v].group.workload].owner,
                             m->served[v].seat_price_per_h, INT64_MAX);
}

void commitment_columns(struct formulation *f)
{
    subscription_columns(f);
    constant_column(f);
}

void bought_read(double *bought, const struct formulation *f, const double *x)
{
    for (size_t j = 0; j < f->lp->n_cols; j++)
        if (f->columns[j].kind == COLUMN_SUBSCRIPTION) bought[f->columns[j].a] += x[j];
}

bool bought_apart(const struct formulation *f, size_t limit)
{
    size_t n = 0;
    for (size_t j = 0; j < f->lp->n_cols; j++)
        n += f->columns[j].kind == COLUMN_SUBSCRIPTION && f->columns[j].a == limit;
    return n > 1;
}
