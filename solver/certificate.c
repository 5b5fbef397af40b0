/* Duals of rows by period or block become prices per hour of time, so that a certificate does not know periods. */
#include "solver/certificate.h"
#include "solver/formulate.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a price of this size would change is below the rounding of the bound. */
#define NOTHING 1e-13

struct writer {
    struct proof_prices *out;
    const struct formulation *f;
    const struct model *m;
    struct arena *a;
};

/* As printed: 15 digits. */
static double printed(double value)
{
    char text[64];
    snprintf(text, sizeof text, "%.15g", value);
    return strtod(text, NULL);
}

static void put(struct writer *w, enum proof_row kind, const char *name, double value)
{
    if (!proof_row_is_signed(kind)) value = fmax(0, value);
    if (fabs(value) <= NOTHING) return;
    proof_series_push(w->out, proof_prices_add(w->out, kind, name), 0, printed(value));
}

/* A price over [from, to): what comes after is 0 until the next one. */
static void put_during(struct writer *w, enum proof_row kind, const char *name, int64_t from_us,
                       int64_t to_us, double per_h)
{
    if (!proof_row_is_signed(kind)) per_h = fmax(0, per_h);
    if (fabs(per_h) <= NOTHING) return;
    struct proof_series *s = proof_prices_add(w->out, kind, name);
    const size_t n = s->n;
    if (n && s->at_us[n - 1] == from_us && s->value[n - 1] == 0)
        s->n--; /* the end of the last one */
    proof_series_push(w->out, s, from_us, printed(per_h));
    proof_series_push(w->out, s, to_us, 0);
}

static const char *limit_name(const struct writer *w, size_t limit)
{
    const struct capacity *c = &w->m->limits[limit];
    if (c->n_steps) return arena_printf(w->a, "%s list", c->key);
    if (c->kind != LIMIT_SUBSCRIPTION || !c->buys) return c->key;
    const struct offer *o = &w->m->offers[c->offer];
    return arena_printf(w->a, "subscription %s@%s%s%s %.0fh", book_type(w->m->book, o->type)->name,
                        o->region, *o->zone ? "/" : "", o->zone, o->term_h);
}

static const char *pool_name(const struct writer *w, size_t pool)
{
    return arena_printf(w->a, "%s@%s", w->f->pools[pool].class_->name, w->f->pools[pool].region);
}

static const char *store_name(const struct writer *w, size_t store)
{
    return w->m->scenario->datasets[w->m->stores[store].dataset].name;
}

static const char *home_name(const struct writer *w, const char *first, size_t store, size_t home)
{
    const struct home *h = &w->m->stores[store].homes[home];
    return arena_printf(w->a, "%s %s %s@%s", first, store_name(w, store), h->class_->name,
                        h->region);
}

/* Rows of a moment at which a member ends are numbered behind those at which one begins. */
static const char *member_name(const struct writer *w, struct row r)
{
    const struct pool *p = &w->f->pools[r.a];
    return arena_printf(w->a, "%s %s %s%s", store_name(w, p->members[r.b].store), pool_name(w, r.a),
                        store_name(w, p->members[r.t % p->n].store), r.t < p->n ? "" : " end");
}

static const char *budget_name(const struct writer *w, const struct budget *b)
{
    char text[64] = "";
    moment_t at = month_start(w->m->scenario->start);
    if (b->month < 0) return b->key;
    for (int i = 0; i < b->month; i++) at = next_month_start(at);
    moment_print(text, sizeof text, at);
    return arena_printf(w->a, "%s %.7s", b->key, text);
}

static const char *service_name(const struct writer *w, struct row r)
{
    const struct service *s = w->m->served[r.a].service;
    return s->n_classes == 1 ? s->name : arena_printf(w->a, "%s %s", s->name, s->class_names[r.b]);
}

static const char *lane_name(const struct writer *w, struct row r)
{
    const struct served *v = &w->m->served[r.a];
    return arena_printf(w->a, "%s %s%s", v->service->name,
                        book_type(w->m->book, v->pools[r.b / 2].type)->name,
                        r.b % 2 ? " spot" : "");
}

/* The store that a row of ROW_AT is of: its home is r.b. */
static const char *at_name(const struct writer *w, struct row r, size_t row)
{
    const struct service_formulation *s = &w->f->services[r.a];
    for (size_t i = 0; i < w->m->n_stores; i++)
        if (s->at[i] && r.b < w->m->stores[i].n_homes && s->at[i][r.b * w->m->grid.n + r.t] == row)
            return home_name(w, w->m->served[r.a].service->name, i, r.b);
    return NULL;
}

static void put_service_row(struct writer *w, size_t row, double y)
{
    const struct row r = w->f->rows[row];
    const struct grid *g = &w->m->grid;
    const int64_t from = g->from_us[r.t], to = g->from_us[r.t + 1];
    const double per_h = y / period_h(g, r.t);
    const char *name = w->m->served[r.a].service->name;
    switch (r.kind) {
    case ROW_SERVE:
        put_during(w, PRICE_SERVE, service_name(w, r), from, to, per_h);
        return;
    case ROW_STEADY:
        put_during(w, PRICE_STEADY, service_name(w, r), from, to,
                   served_single(&w->m->served[r.a]) ? per_h : -per_h);
        return;
    case ROW_CARRY:
        put_during(w, PRICE_CARRY, lane_name(w, r), from, to, per_h);
        return;
    case ROW_RANGE:
        put_during(w, PRICE_MIN, name, from, to, per_h);
        put_during(w, PRICE_MAX, name, from, to, -per_h);
        return;
    case ROW_BASE:
        put_during(w, PRICE_BASE, name, from, to, per_h);
        return;
    case ROW_AT:
        put_during(w, PRICE_AT, at_name(w, r, row), from, to, -per_h);
        return;
    default:
        return;
    }
}

/* Named even where it is 0: places that are not named were not looked at, and their prices follow from the others. */
static void put_link(struct writer *w, const char *name, double value)
{
    struct proof_series *s = proof_prices_add(w->out, PRICE_LINK, name);
    if (s->n) return;
    s->at_us = ARENA_NEW(w->a, int64_t, 1);
    s->value = ARENA_NEW(w->a, double, 1);
    s->value[0] = value > NOTHING ? printed(value) : 0;
    s->n = 1;
}

static void put_store_row(struct writer *w, size_t row, double y)
{
    const struct row r = w->f->rows[row];
    const struct grid *g = &w->m->grid;
    switch (r.kind) {
    case ROW_PLACE:
        return; /* the cheapest home */
    case ROW_LINK:
        put_link(w, home_name(w, w->m->demands->items[r.a].name, r.b, r.t), -y);
        return;
    case ROW_SIZE:
        put(w, PRICE_SIZE, member_name(w, r), -y);
        return;
    case ROW_FLOOR:
        put(w, PRICE_FLOOR, member_name(w, r), -y);
        return;
    case ROW_MOST:
        put(w, PRICE_MOST, pool_name(w, r.a), -y);
        return;
    case ROW_CLASS:
        put(w, PRICE_CLASS, pool_name(w, r.a), -y);
        return;
    case ROW_READS:
    case ROW_READS_MOST: {
        const int64_t from = g->from_us[r.t];
        const int64_t to = g->from_us[w->f->blocks.reads_by_period ? r.t + 1 : g->after[r.t]];
        put_during(w, r.kind == ROW_READS ? PRICE_READS : PRICE_READS_MOST, pool_name(w, r.a), from,
                   to, -y / ((double)(to - from) / (double)US_PER_H));
        return;
    }
    default:
        put_service_row(w, row, y);
    }
}

/* A row of a block stands for all its periods. */
static void put_limit_row(struct writer *w, struct row r, double y)
{
    const struct grid *g = &w->m->grid;
    const size_t after = w->f->blocks.limit_by_period[r.a] ? r.t + 1 : g->after[r.t];
    const int64_t from = g->from_us[r.t], to = g->from_us[after];
    put_during(w, PRICE_LIMIT, limit_name(w, r.a), from, to,
               -y / ((double)(to - from) / (double)US_PER_H));
}

/* Work that nothing limits in an hour gets its price from the others. */
static bool needs_price(const struct writer *w, size_t demand)
{
    const struct demand *d = &w->m->demands->items[demand];
    return d->shape->workers || isfinite(max_gpus(d)) || w->f->link_row[demand];
}

static void put_row(struct writer *w, size_t row, double y)
{
    const struct row r = w->f->rows[row];
    switch (r.kind) {
    case ROW_WORK:
        if (needs_price(w, r.a)) put(w, PRICE_WORK, w->m->demands->items[r.a].name, y);
        return;
    case ROW_SHARE:
        put(w, PRICE_SHARE, w->m->demands->items[r.a].name, -y);
        return;
    case ROW_GANG:
    case ROW_PARALLEL:
    case ROW_BUS:
        return;
    case ROW_LIMIT:
        put_limit_row(w, r, y);
        return;
    case ROW_BUDGET:
        put(w, PRICE_BUDGET, budget_name(w, &w->f->budgets[r.a]), -y);
        return;
    default:
        put_store_row(w, row, y);
    }
}

/* The row of a home that was dropped takes the price of the same row where the dataset may lie instead. */
static void copy_price(struct writer *w, enum proof_row kind, const char *from, const char *to)
{
    const struct proof_series *s = proof_prices_find(w->out, kind, from);
    if (!s || proof_prices_find(w->out, kind, to)) return;
    struct proof_series *copy = proof_prices_add(w->out, kind, to);
    copy->n = s->n;
    copy->at_us = s->at_us;
    copy->value = s->value;
}

static const struct home *home_instead(const struct model *m, const struct dropped_home *x)
{
    const struct store *s = &m->stores[x->store];
    for (size_t h = 0; h < s->n_homes; h++)
        if (s->homes[h].class_ == x->home.class_ && strcmp(s->homes[h].region, x->instead) == 0)
            return &s->homes[h];
    return NULL;
}

/* What is asked of a class is asked of it alike in both places. */
static bool same_class(const struct storage_tariff *x, const struct storage_tariff *y)
{
    return x->base_mbps == y->base_mbps && x->slope_mbps_per_gib == y->slope_mbps_per_gib &&
           x->max_mbps == y->max_mbps && x->min_size_gib == y->min_size_gib &&
           x->max_size_gib == y->max_size_gib;
}

static void copy_pool(struct writer *w, const struct dropped_home *x, const struct home *h)
{
    static const enum proof_row of_class[] = {PRICE_MOST, PRICE_CLASS, PRICE_READS,
                                              PRICE_READS_MOST},
                                of_member[] = {PRICE_SIZE, PRICE_FLOOR};
    const char *from = arena_printf(w->a, "%s@%s", h->class_->name, h->region);
    const char *to = arena_printf(w->a, "%s@%s", h->class_->name, x->home.region);
    const char *dataset = store_name(w, x->store);
    for (size_t k = 0; k < sizeof of_class / sizeof *of_class; k++)
        copy_price(w, of_class[k], from, to);
    for (size_t i = 0; i < w->m->n_stores; i++)
        for (size_t k = 0; k < 4; k++) {
            const char *other = store_name(w, i), *end = k % 2 ? " end" : "";
            copy_price(w, of_member[k / 2],
                       arena_printf(w->a, "%s %s %s%s", dataset, from, other, end),
                       arena_printf(w->a, "%s %s %s%s", dataset, to, other, end));
        }
}

/* `h` is where the dataset of the dropped home may lie instead. */
static void copy_user(struct writer *w, enum proof_row kind, const char *user,
                      const struct dropped_home *x, const struct home *h)
{
    const char *dataset = store_name(w, x->store), *class_ = h->class_->name;
    copy_price(w, kind, arena_printf(w->a, "%s %s %s@%s", user, dataset, class_, h->region),
               arena_printf(w->a, "%s %s %s@%s", user, dataset, class_, x->home.region));
}

static bool uses_store(const struct model *m, const struct workload *w, size_t store)
{
    for (size_t j = 0; j < w->n_uses; j++)
        if (store_find(m, w->uses[j].use) == store) return true;
    return false;
}

/* The program knows no homes in regions that another one stands in for; whoever checks it does. */
static void copy_dropped(struct writer *w)
{
    const struct demand_list *list = w->m->demands;
    for (size_t i = 0; i < w->m->n_dropped; i++) {
        const struct dropped_home *x = &w->m->dropped[i];
        const struct home *h = x->instead ? home_instead(w->m, x) : NULL;
        if (!h) continue;
        for (size_t d = 0; d < list->n; d++)
            if (uses_store(w->m, list->items[d].shape->workload, x->store))
                copy_user(w, PRICE_LINK, list->items[d].name, x, h);
        for (size_t v = 0; v < w->m->n_served; v++)
            copy_user(w, PRICE_AT, w->m->served[v].service->name, x, h);
        if (same_class(&h->tariff, &x->home.tariff)) copy_pool(w, x, h);
    }
}

void certificate_make(struct proof_prices *out, const struct formulation *f, const double *row_dual,
                      struct arena *a)
{
    struct writer w = {out, f, f->model, a};
    *out = (struct proof_prices){.arena = a};
    for (size_t i = 0; i < f->lp->n_rows; i++)
        if (row_dual[i] < 0 || row_dual[i] > 0 || f->rows[i].kind == ROW_LINK)
            put_row(&w, i, row_dual[i]);
    copy_dropped(&w);
}

void certificate_unserved(struct proof_prices *out, const struct model *m,
                          const struct fleet *fleets)
{
    struct writer w = {.out = out, .m = m, .a = out->arena};
    for (size_t i = 0; i < m->n_served; i++)
        for (size_t c = 0; c < m->served[i].service->n_classes; c++)
            for (size_t t = 0; m->served[i].service->unserved_priced && t < m->grid.n; t++)
                put_during(&w, PRICE_UNSERVED, service_name(&w, (struct row){ROW_SERVE, i, c, t}),
                           m->grid.from_us[t], m->grid.from_us[t + 1],
                           fleets[i].unserved[c * m->grid.n + t]);
}

const char *certificate_commitment(const struct plan *p, size_t offer, struct arena *a)
{
    const struct model *m = p->model;
    const struct writer w = {.m = m, .a = a};
    for (size_t l = 0; m && l < m->n_limits; l++) {
        const struct capacity *c = &m->limits[l];
        if (c->kind == LIMIT_SUBSCRIPTION && c->offer == offer) return limit_name(&w, l);
        if (c->kind == LIMIT_SAVINGS_PLAN && !c->buys && offer >= m->quoted.n &&
            m->offers[offer].market->id == MARKET_SAVINGS_PLAN)
            return c->key;
    }
    return NULL;
}

struct proof_inputs certificate_inputs(const struct plan *p)
{
    const struct model *m = p->model;
    return (struct proof_inputs){.scenario = p->scenario,
                                 .book = p->book,
                                 .demands = m->demands,
                                 .services = m->services,
                                 .request = &m->request,
                                 .offers = m->offers,
                                 .n_offers = m->quoted.n,
                                 .spot_gamma = m->spot_gamma};
}

void certificate_put_job(struct proof_prices *out, enum proof_row kind, const char *job,
                         double price)
{
    struct writer w = {.out = out};
    put(&w, kind, job, price);
}
