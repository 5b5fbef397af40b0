/* Rows of the plain formulation (model.md 4), in the order of the model. A row is only made where it can bind. */
#include "common/text.h"
#include "solver/formulate.h"
#include "solver/options.h"
#include <math.h>
#include <string.h>

size_t row_add(struct formulation *f, struct row r, double lo, double hi)
{
    const size_t row = lp_add_row(&f->builder, lo, hi);
    size_t n = row;
    *ARENA_PUSH(f->model->arena, f->rows, n) = r;
    return row;
}

double open_h(const struct model *m, const struct demand *d, size_t t, size_t after)
{
    return (double)demand_open_us(d, m->grid.from_us[t], m->grid.from_us[after], d->late_priced,
                                  m->horizon_us) /
           (double)US_PER_H;
}

bool is_late(const struct model *m, const struct demand *d, size_t t)
{
    return d->late_priced && m->grid.from_us[t] >= d->due_us;
}

double max_gpus(const struct demand *d)
{
    const struct shape *s = d->shape;
    if (s->workers) return INFINITY;
    double workers = s->max_workers ? (double)s->max_workers : (double)INFINITY;
    if (d->items > 0) workers = fmin(workers, d->items);
    const double size = s->cpu             ? (double)(s->workload->vcpu > 0 ? s->workload->vcpu : 1)
                        : s->gpu_share > 0 ? s->gpu_share
                                           : (double)s->gpus_per_worker;
    return workers * size;
}

double most_gpu_hours(const struct group *g, double work)
{
    double most = 0;
    for (size_t i = 0; i < g->n_options; i++)
        most = fmax(most, g->options[i].gpus_per_h / g->options[i].work_per_h);
    return most * work;
}

static void hour_rows(struct formulation *f, size_t demand)
{
    const struct model *m = f->model;
    const struct demand *d = &m->demands->items[demand];
    const double limit = max_gpus(d);
    const bool gang = d->shape->workers > 0;
    if (!gang && isinf(limit)) return;
    const double most = most_gpu_hours(&m->groups[m->group_of[demand]], d->work);
    size_t *rows = ARENA_NEW(m->arena, size_t, m->grid.n);
    for (size_t t = 0; t < m->grid.n; t++) rows[t] = NONE;
    for (size_t t = 0; t < m->grid.n; t = work_after(f, demand, t)) {
        const double open = open_h(m, d, t, work_after(f, demand, t));
        if (open <= 0 || (!gang && most <= limit * open)) continue;
        rows[t] = row_add(f, (struct row){gang ? ROW_GANG : ROW_PARALLEL, demand, 0, t}, -INFINITY,
                          gang ? open : limit * open);
    }
    f->hour_row[demand] = rows;
}

static void demand_rows(struct formulation *f)
{
    const struct model *m = f->model;
    const size_t n = m->demands->n;
    f->work_row = ARENA_NEW(m->arena, size_t, n + 1);
    f->share_row = ARENA_NEW(m->arena, size_t, n + 1);
    f->hour_row = ARENA_NEW(m->arena, size_t *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const struct demand *d = &m->demands->items[i];
        f->share_row[i] = NONE;
        if (!stands_for_itself(f, i)) continue;
        f->work_row[i] = row_add(f, (struct row){ROW_WORK, i, 0, 0}, f->classes[i].work, INFINITY);
        if (d->shape->spot_max_frac < 1)
            f->share_row[i] = row_add(f, (struct row){ROW_SHARE, i, 0, 0}, -INFINITY,
                                      d->shape->spot_max_frac * d->work);
        if (f->next_alike[i] == NONE) hour_rows(f, i);
    }
}

static bool group_uses(const struct group *g, size_t limit)
{
    for (size_t o = 0; o < g->n_options; o++)
        if (option_limit_units(&g->options[o], limit) > 0) return true;
    return false;
}

bool subscription_counts(const struct capacity *c, const struct model *m, const struct offer *o)
{
    if (c->kind != LIMIT_QUOTA || c->owner) return false;
    if (c->gpu != NONE && book_type(m->book, o->type)->gpu != c->gpu) return false;
    if (c->type != NONE && o->type != c->type) return false;
    if (c->region && strcmp(c->region, o->region) != 0) return false;
    return !c->zone || strcmp(c->zone, o->zone) == 0;
}

static bool any_uses(const struct model *m, size_t limit)
{
    for (size_t v = 0; v < m->n_served; v++)
        if (group_uses(&m->served[v].group, limit)) return true;
    for (size_t g = 0; g < m->n_groups; g++)
        if (group_uses(&m->groups[g], limit)) return true;
    return false;
}

/* Use by the hour, or subscriptions that may be bought and count in it. */
static bool limit_used(const struct model *m, const bool *uses, size_t limit)
{
    if (uses[limit]) return true;
    for (size_t k = 0; k < m->n_limits; k++) {
        const struct capacity *c = &m->limits[k];
        if (c->kind == LIMIT_SUBSCRIPTION && c->buys && uses[k] &&
            subscription_counts(&m->limits[limit], m, &m->offers[c->offer]))
            return true;
    }
    return false;
}

/* Subscribed machines that exist already are held, so they take their part of a quota. */
double limit_held(const struct model *m, const struct capacity *c, size_t t)
{
    double held = 0;
    for (size_t i = 0; c->kind == LIMIT_QUOTA && !c->owner && i < m->n_limits; i++) {
        const struct capacity *k = &m->limits[i];
        if (k->kind != LIMIT_SUBSCRIPTION || k->buys || m->grid.from_us[t] >= k->until_us) continue;
        const struct offer *o = &m->offers[k->offer];
        if (subscription_counts(c, m, o))
            held += k->amount * (c->in_gpus ? book_type(m->book, o->type)->gpus : 1);
    }
    return held;
}

static bool bought_directly(const struct model *m, const struct capacity *c)
{
    if (c->kind != LIMIT_SUBSCRIPTION || !c->buys) return false;
    const struct option o = {.offer = c->offer};
    return served_direct(m, &o);
}

void limit_rows_make(struct formulation *f)
{
    const struct model *m = f->model;
    f->limit_row = ARENA_NEW(m->arena, size_t, m->n_limits * m->grid.n + 1);
    bool *uses = ARENA_NEW(m->arena, bool, m->n_limits + 1);
    for (size_t l = 0; l < m->n_limits; l++) uses[l] = any_uses(m, l);
    for (size_t l = 0; l < m->n_limits; l++) {
        const struct capacity *c = &m->limits[l];
        const bool used = limit_used(m, uses, l) && !bought_directly(m, c) && !f->replaced[l];
        for (size_t t = 0; t < m->grid.n; t++) {
            size_t *row = &f->limit_row[l * m->grid.n + t];
            *row = NONE;
            if (m->grid.first[t] != t && !f->blocks.limit_by_period[l]) continue;
            const double amount =
                c->buys ? 0 : capacity_at(c, m->grid.from_us[t], m->grid.from_us[t + 1]);
            if (used && isfinite(amount))
                *row = row_add(f, (struct row){ROW_LIMIT, l, 0, t}, -INFINITY,
                               fmax(0, amount - limit_held(m, c, t)));
        }
    }
}

/* A limit in the currency of the run. Where the exact fraction does not fit (a rate with very many decimals) the nearest
 * double does: a limit is never left out for that. False without an exchange rate, which was told when the file was read. */
static bool budget_limit(double *limit, const struct money *money, const struct offer_request *r)
{
    struct ratio exact;
    const bool fits = price_convert(&exact, money->amount, money->currency, r);
    const double amount = ratio_value(money->amount), rate = ratio_value(r->fx_usd);
    *limit = fits                          ? ratio_value(exact)
             : r->currency == CURRENCY_USD ? amount / rate
                                           : amount * rate;
    return fits || rate > 0;
}

static void add_budget(struct formulation *f, const struct optional_money *money, const char *owner,
                       int month)
{
    const struct model *m = f->model;
    double limit;
    if (!budget_limit(&limit, &money->money, &m->request)) return;
    struct budget *b = ARENA_PUSH(m->arena, f->budgets, f->n_budgets);
    *b = (struct budget){.owner = owner,
                         .month = month,
                         .limit = limit,
                         .at = money->at,
                         .key = owner ? arena_printf(m->arena, "budget.by.%s", owner)
                                      : "budget.limit"};
    if (m->budget_more) b->limit += m->budget_more[f->n_budgets - 1];
    b->row = row_add(f, (struct row){ROW_BUDGET, f->n_budgets - 1, 0, 0}, -INFINITY, b->limit);
}

static void budget_rows(struct formulation *f)
{
    const struct model *m = f->model;
    const struct scenario *s = m->scenario;
    for (size_t i = 0; i <= s->n_owner_budgets; i++) {
        const bool all = i == s->n_owner_budgets;
        const struct optional_money *money = all ? &s->budget : &s->owner_budgets[i].limit;
        const char *owner = all ? NULL : s->owner_budgets[i].owner;
        if (!money->given) continue;
        if (money->money.per != PER_MONTH)
            add_budget(f, money, owner, -1);
        else
            for (int month = 0; month < m->grid.n_months; month++)
                add_budget(f, money, owner, month);
    }
}

static void store_rows(struct formulation *f)
{
    const struct model *m = f->model;
    f->place_row = ARENA_NEW(m->arena, size_t, m->n_stores + 1);
    for (size_t s = 0; s < m->n_stores; s++)
        f->place_row[s] =
            m->stores[s].n_homes == 1 ? NONE : row_add(f, (struct row){ROW_PLACE, s, 0, 0}, 1, 1);
    f->link_row = ARENA_NEW(m->arena, size_t *, m->demands->n + 1);
    for (size_t i = 0; i < m->demands->n; i++) {
        const struct workload *w = m->demands->items[i].shape->workload;
        if (w->n_uses == 0 || !stands_for_itself(f, i)) continue;
        f->link_row[i] = ARENA_NEW(m->arena, size_t, f->first_home[m->n_stores]);
        for (size_t j = 0; j < w->n_uses; j++) {
            const size_t s = store_find(m, w->uses[j].use);
            for (size_t h = 0; h < m->stores[s].n_homes; h++) {
                size_t *row = &f->link_row[i][f->first_home[s] + h];
                *row = NONE;
                if (m->stores[s].n_homes > 1)
                    *row = row_add(f, (struct row){ROW_LINK, i, s, h}, -INFINITY, 0);
            }
        }
    }
}

static void add_member(struct formulation *f, size_t store, size_t home)
{
    const struct model *m = f->model;
    const struct home *h = &m->stores[store].homes[home];
    if (h->class_->per_machine) return;
    size_t p = 0;
    while (p < f->n_pools &&
           (f->pools[p].class_ != h->class_ || strcmp(f->pools[p].region, h->region) != 0))
        p++;
    if (p == f->n_pools)
        *ARENA_PUSH(m->arena, f->pools, f->n_pools) = (struct pool){
            .class_ = h->class_, .region = h->region, .tariff = &h->tariff, .class_column = NONE};
    struct pool *pool = &f->pools[p];
    *ARENA_PUSH(m->arena, pool->members, pool->n) = (struct member){store, home};
    f->pool_of[f->first_home[store] + home] = p;
    if (m->stores[store].n_homes == 1) pool->always = true;
    if (h->tariff.min_size_gib > pool->tariff->min_size_gib) pool->tariff = &h->tariff;
}

static bool alive(const struct store *s, int64_t at_us)
{
    return s->from_us <= at_us && at_us < s->from_us + s->keep_us;
}

static void add_link(struct formulation *f, struct pool *p, struct row r, struct pool_link l)
{
    l.row = row_add(f, r, -INFINITY, 0);
    *ARENA_PUSH(f->model->arena, p->links, p->n_links) = l;
}

/* Smallest size, and throughput asked for, of member i at a moment; `number` tells the moments apart. */
static void size_rows_at(struct formulation *f, size_t pool, size_t i, size_t number, int64_t at)
{
    struct pool *p = &f->pools[pool];
    const struct storage_tariff *t = p->tariff;
    const double floor = fmin(f->model->stores[p->members[i].store].floor_mbps, t->max_mbps);
    if (t->min_size_gib > 0)
        add_link(f, p, (struct row){ROW_SIZE, pool, i, number},
                 (struct pool_link){.member = i, .at_us = at, .base = t->min_size_gib, .slope = 1});
    if (floor > t->base_mbps)
        add_link(f, p, (struct row){ROW_FLOOR, pool, i, number},
                 (struct pool_link){.member = i,
                                    .at_us = at,
                                    .base = floor - t->base_mbps,
                                    .slope = t->slope_mbps_per_gib});
}

/* At every moment at which something begins or ends while member i is kept: then the class holds more or less than before. */
static void size_rows(struct formulation *f, size_t pool, size_t i)
{
    const struct model *m = f->model;
    const struct pool *p = &f->pools[pool];
    const struct store *mine = &m->stores[p->members[i].store];
    for (size_t k = 0; k < p->n; k++) {
        const struct store *other = &m->stores[p->members[k].store];
        const int64_t begin = other->from_us, end = other->from_us + other->keep_us;
        if (k == i || (alive(mine, begin) && begin != mine->from_us))
            size_rows_at(f, pool, i, k, begin);
        if (k != i && alive(mine, end) && end != mine->from_us)
            size_rows_at(f, pool, i, p->n + k, end);
    }
}

static bool pool_read(const struct model *m, const struct pool *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (m->stores[p->members[i].store].read_gib > 0) return true;
    return false;
}

static void read_rows(struct formulation *f, size_t pool)
{
    const struct model *m = f->model;
    struct pool *p = &f->pools[pool];
    if (!pool_read(m, p)) return;
    const bool sloped = p->tariff->slope_mbps_per_gib > 0, most = isfinite(p->tariff->max_mbps);
    p->read_row = ARENA_NEW(m->arena, size_t, m->grid.n);
    p->most_row = ARENA_NEW(m->arena, size_t, m->grid.n);
    for (size_t t = 0; t < m->grid.n; t++) {
        p->read_row[t] = p->most_row[t] = NONE;
        if (!f->blocks.reads_by_period && m->grid.first[t] != t) continue;
        if (sloped || !most)
            p->read_row[t] = row_add(f, (struct row){ROW_READS, pool, 0, t}, -INFINITY, 0);
        if (most)
            p->most_row[t] = row_add(f, (struct row){ROW_READS_MOST, pool, 0, t}, -INFINITY, 0);
    }
}

static void pool_rows(struct formulation *f)
{
    const struct model *m = f->model;
    for (size_t s = 0; s < m->n_stores; s++)
        for (size_t h = 0; h < m->stores[s].n_homes; h++) add_member(f, s, h);
    for (size_t p = 0; p < f->n_pools; p++) {
        for (size_t i = 0; i < f->pools[p].n; i++) size_rows(f, p, i);
        const double most = f->pools[p].tariff->max_size_gib;
        if (most > 0 && isfinite(most)) {
            add_link(f, &f->pools[p], (struct row){ROW_MOST, p, 0, 0},
                     (struct pool_link){.member = NONE, .all = true, .slope = -1});
            f->builder.lp.row_hi[f->pools[p].links[f->pools[p].n_links - 1].row] = most;
        }
        if (!f->pools[p].always && f->pools[p].n > 1)
            add_link(f, &f->pools[p], (struct row){ROW_CLASS, p, 0, 0},
                     (struct pool_link){.member = NONE, .of_class = true});
        read_rows(f, p);
    }
}

void rows_make(struct formulation *f)
{
    const struct model *m = f->model;
    f->first_home = ARENA_NEW(m->arena, size_t, m->n_stores + 1);
    for (size_t s = 0; s < m->n_stores; s++)
        f->first_home[s + 1] = f->first_home[s] + m->stores[s].n_homes;
    f->pool_of = ARENA_NEW(m->arena, size_t, f->first_home[m->n_stores] + 1);
    for (size_t i = 0; i < f->first_home[m->n_stores]; i++) f->pool_of[i] = NONE;
    blocks_make(f);
    demand_rows(f);
    limit_rows_make(f);
    budget_rows(f);
    store_rows(f);
    pool_rows(f);
    service_rows(f);
}
