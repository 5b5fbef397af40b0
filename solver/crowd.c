/* Offers into suppliers and buses, machine choices into parts. */
#include "solver/crowd.h"
#include "common/text.h"
#include "solver/crowd_internal.h"
#include "solver/formulate.h"
#include <math.h>
#include <string.h>

uint64_t crowd_mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 31);
}

/* Its value to 40 bits: the same quotient by two ways is the same. */
uint64_t crowd_bits(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    return (bits + 0x800) >> 12;
}

/* ---- what can be put together -------------------------------------------------------------------- */

/* A job that is open in a part of a period would count its limits by that part. */
static bool opens_inside(const struct model *m, const struct demand *d)
{
    const struct grid *g = &m->grid;
    const size_t first = grid_find(g, d->release_us), last = grid_find(g, d->due_us - 1);
    if (g->from_us[first] != d->release_us || g->from_us[last + 1] != d->due_us) return true;
    for (size_t i = 0; i < d->window->n; i++) {
        const struct span *s = &d->window->spans[i];
        if (s->to_us <= d->release_us || s->from_us >= d->due_us) continue;
        if (s->from_us > d->release_us && g->from_us[grid_find(g, s->from_us)] != s->from_us)
            return true;
        if (s->to_us < d->due_us && g->from_us[grid_find(g, s->to_us)] != s->to_us) return true;
    }
    return false;
}

/* The job's own limit could bind in a period as short as `shortest_h`. */
static bool own_limit_binds(const struct model *m, size_t demand, double shortest_h)
{
    const struct demand *d = &m->demands->items[demand];
    if (d->shape->workers) return true;
    const double most = max_gpus(d);
    return isfinite(most) &&
           most_gpu_hours(&m->groups[m->group_of[demand]], d->work) > most * shortest_h;
}

static const char *refuses_demand(const struct model *m, size_t demand, double shortest_h)
{
    const struct demand *d = &m->demands->items[demand];
    const double share = d->shape->spot_max_frac;
    if (d->late_priced) return _("late work is priced");
    if (share > 0 && share < 1 && own_limit_binds(m, demand, shortest_h))
        return _("a job has a share of spot together with gangs or a parallel limit");
    if (opens_inside(m, d)) return _("the windows of jobs begin or end within a step");
    return NULL;
}

const char *crowd_refuses(const struct model *m)
{
    const struct scenario *s = m->scenario;
    if (m->demands->n == 0) return _("there are no jobs");
    if (m->n_served > 0) return _("services are planned");
    if (m->n_stores > 0) return _("jobs use datasets");
    if (s->budget.given || s->n_owner_budgets > 0) return _("a budget is given");
    double shortest_h = INFINITY;
    for (size_t t = 0; t < m->grid.n; t++) shortest_h = fmin(shortest_h, period_h(&m->grid, t));
    for (size_t i = 0; i < m->demands->n; i++) {
        const char *reason = refuses_demand(m, i, shortest_h);
        if (reason) return reason;
    }
    return NULL;
}

/* ---- suppliers and buses --------------------------------------------------------------------------- */

/* What a supplier is to each group that uses it; equal lists make one bus. */
struct view {
    uint64_t group, work, extra, own;
};
struct draft {
    struct supplier supplier;
    size_t n_views;
    struct view *views;
    uint64_t hash;
    size_t next; /* of the same offer; NONE */
};
struct drafts {
    size_t n;
    struct draft *items;
    size_t *of_offer; /* [offers] NONE */
};

static double machine_size(const struct model *m, const struct offer *o)
{
    const struct instance_type *t = book_type(m->book, o->type);
    return t->gpus > 0 ? t->gpus : (double)t->vcpu;
}

static bool same_limits(const struct supplier *s, const struct option *o)
{
    if (s->n_limits != o->n_limits) return false;
    for (size_t i = 0; i < o->n_limits; i++)
        if (s->limits[i].limit != o->limits[i].limit ||
            crowd_bits(s->limits[i].units) != crowd_bits(o->limits[i].units))
            return false;
    return true;
}

/* What a machine-hour takes of the job's own limit. */
static double own_use(const struct group *g, const struct option *o)
{
    return g->shape->workers ? o->clock_per_h : g->capped ? o->gpus_per_h : 0;
}

static size_t draft_find(struct drafts *d, const struct model *m, const struct option *o)
{
    for (size_t i = d->of_offer[o->offer]; i != NONE; i = d->items[i].next)
        if (same_limits(&d->items[i].supplier, o)) return i;
    const struct offer *offer = &m->offers[o->offer];
    const struct supplier s = {.offer = o->offer,
                               .n_limits = o->n_limits,
                               .limits = o->limits,
                               .size = machine_size(m, offer),
                               .price = o->cost_per_h - o->licence_per_h - o->disk_per_h,
                               .spot = o->spot,
                               .bought = NONE};
    const size_t before = d->of_offer[o->offer];
    d->of_offer[o->offer] = d->n;
    *ARENA_PUSH(m->arena, d->items, d->n) = (struct draft){.supplier = s, .next = before};
    return d->n - 1;
}

static void view_add(struct draft *d, const struct model *m, size_t group, const struct option *o)
{
    const double size = d->supplier.size;
    const struct group *g = &m->groups[group];
    const double own = own_use(g, o) / size;
    const struct view v = {group, crowd_bits(o->work_per_h / size),
                           crowd_bits((o->licence_per_h + o->disk_per_h) / size), crowd_bits(own)};
    *ARENA_PUSH(m->arena, d->views, d->n_views) = v;
    uint64_t hash = crowd_mix(d->hash, v.group);
    hash = crowd_mix(hash, v.work);
    hash = crowd_mix(hash, v.extra);
    d->hash = crowd_mix(hash, v.own);
}

/* A limit allows nothing at any time. */
static bool is_needless(const struct model *m, const struct option *o)
{
    for (size_t i = 0; i < o->n_limits; i++) {
        const struct capacity *c = &m->limits[o->limits[i].limit];
        if (!c->buys && capacity_most(c) <= 0) return true;
    }
    return false;
}

static void drafts_make(struct drafts *d, struct crowd *c)
{
    const struct model *m = c->model;
    d->of_offer = ARENA_NEW(m->arena, size_t, m->n_offers + 1);
    for (size_t i = 0; i < m->n_offers; i++) d->of_offer[i] = NONE;
    c->supplier_of = ARENA_NEW(m->arena, size_t *, m->n_groups + 1);
    for (size_t g = 0; g < m->n_groups; g++) {
        const struct group *group = &m->groups[g];
        c->supplier_of[g] = ARENA_NEW(m->arena, size_t, group->n_options + 1);
        for (size_t o = 0; o < group->n_options; o++) {
            c->supplier_of[g][o] = NONE;
            if (is_needless(m, &group->options[o])) continue;
            const size_t i = draft_find(d, m, &group->options[o]);
            c->supplier_of[g][o] = i;
            view_add(&d->items[i], m, g, &group->options[o]);
        }
    }
}

static bool same_bus(const struct draft *a, const struct draft *b)
{
    return a->hash == b->hash && a->n_views == b->n_views && a->supplier.spot == b->supplier.spot &&
           memcmp(a->views, b->views, a->n_views * sizeof *a->views) == 0;
}

/* Suppliers by bus; supplier_of follows them. */
static void buses_make(struct crowd *c, const struct drafts *d)
{
    const struct model *m = c->model;
    size_t *bus = ARENA_NEW(m->arena, size_t, d->n + 1),
           *moved = ARENA_NEW(m->arena, size_t, d->n + 1);
    for (size_t i = 0; i < d->n; i++) {
        size_t k = 0;
        while (k < i && !same_bus(&d->items[k], &d->items[i])) k++;
        bus[i] = k < i ? bus[k] : c->n_buses++;
    }
    c->first_supplier = ARENA_NEW(m->arena, size_t, c->n_buses + 2);
    c->suppliers = ARENA_NEW(m->arena, struct supplier, d->n + 1);
    for (size_t b = 0; b < c->n_buses; b++) {
        c->first_supplier[b] = c->n_suppliers;
        for (size_t i = 0; i < d->n; i++) {
            if (bus[i] != b) continue;
            moved[i] = c->n_suppliers;
            c->suppliers[c->n_suppliers] = d->items[i].supplier;
            c->suppliers[c->n_suppliers++].bus = b;
        }
    }
    c->first_supplier[c->n_buses] = c->n_suppliers;
    for (size_t g = 0; g < m->n_groups; g++)
        for (size_t o = 0; o < m->groups[g].n_options; o++)
            if (c->supplier_of[g][o] != NONE) c->supplier_of[g][o] = moved[c->supplier_of[g][o]];
}

/* ---- subscriptions ------------------------------------------------------------------------------- */

static size_t count_users(const struct crowd *c, size_t limit)
{
    size_t n = 0;
    for (size_t s = 0; s < c->n_suppliers; s++)
        for (size_t i = 0; i < c->suppliers[s].n_limits; i++)
            n += c->suppliers[s].limits[i].limit == limit;
    return n;
}

/* Bought machines whose use costs nothing more and takes nothing else are used all the time, for all the program cares. */
static void find_bought(struct crowd *c)
{
    for (size_t s = 0; s < c->n_suppliers; s++) {
        struct supplier *o = &c->suppliers[s];
        const size_t l = o->n_limits == 1 ? o->limits[0].limit : NONE;
        if (l == NONE || o->price > 0) continue;
        const struct capacity *k = &c->model->limits[l];
        if (k->kind == LIMIT_SUBSCRIPTION && k->buys && count_users(c, l) == 1) o->bought = l;
    }
}

/* Per unit of the bus a costs no more than b and takes no more of any limit. */
static bool serves_for(const struct crowd *c, const struct supplier *a, const struct supplier *b)
{
    if (crowd_purchase(c, a->bought) * b->size > crowd_purchase(c, b->bought) * a->size)
        return false;
    for (size_t k = 0; k < c->model->n_limits; k++)
        if (crowd_taken(c, k, a->bought) * b->size > crowd_taken(c, k, b->bought) * a->size)
            return false;
    return true;
}

/* One of several that do the same stays: the first of the best. */
static bool is_spare(const struct crowd *c, size_t supplier)
{
    const struct supplier *s = &c->suppliers[supplier];
    for (size_t k = c->first_supplier[s->bus]; s->bought != NONE && k < supplier; k++)
        if (c->suppliers[k].bought != NONE && serves_for(c, &c->suppliers[k], s)) return true;
    for (size_t k = supplier + 1; s->bought != NONE && k < c->first_supplier[s->bus + 1]; k++)
        if (c->suppliers[k].bought != NONE && serves_for(c, &c->suppliers[k], s) &&
            !serves_for(c, s, &c->suppliers[k]))
            return true;
    return false;
}

static void drop_spares(struct crowd *c)
{
    const struct model *m = c->model;
    size_t *to = ARENA_NEW(m->arena, size_t, c->n_suppliers + 1), kept = 0;
    bool *spare = ARENA_NEW(m->arena, bool, c->n_suppliers + 1);
    for (size_t s = 0; s < c->n_suppliers; s++) spare[s] = is_spare(c, s);
    for (size_t b = 0, s = 0; b < c->n_buses; b++) {
        const size_t after = c->first_supplier[b + 1];
        c->first_supplier[b] = kept;
        for (; s < after; s++) {
            to[s] = spare[s] ? NONE : kept;
            if (!spare[s])
                c->suppliers[kept++] = c->suppliers[s];
            else
                *ARENA_PUSH(m->arena, c->spares, c->n_spares) = (struct spare){
                    c->suppliers[s].bought, c->suppliers[s].bus, c->suppliers[s].size};
        }
    }
    c->first_supplier[c->n_buses] = c->n_suppliers = kept;
    for (size_t g = 0; g < m->n_groups; g++)
        for (size_t o = 0; o < m->groups[g].n_options; o++)
            if (c->supplier_of[g][o] != NONE) c->supplier_of[g][o] = to[c->supplier_of[g][o]];
}

/* ---- parts --------------------------------------------------------------------------------------- */

static bool same_arcs(const struct part *a, const struct part *b)
{
    if (a->n_arcs != b->n_arcs) return false;
    for (size_t i = 0; i < a->n_arcs; i++) {
        const struct arc *x = &a->arcs[i], *y = &b->arcs[i];
        if (x->bus != y->bus || crowd_bits(x->work) != crowd_bits(y->work) ||
            crowd_bits(x->extra) != crowd_bits(y->extra) ||
            crowd_bits(x->clock) != crowd_bits(y->clock))
            return false;
    }
    return true;
}

static struct arc arc_of(const struct group *g, const struct option *o, const struct supplier *s)
{
    return (struct arc){s->bus, o->work_per_h / s->size,
                        (o->licence_per_h + o->disk_per_h) / s->size, own_use(g, o) / s->size};
}

/* The part of a group's work with or without spot; NONE: nothing could run it. */
static size_t part_make(struct crowd *c, size_t group, bool spot)
{
    const struct model *m = c->model;
    const struct group *g = &m->groups[group];
    struct arc *arcs = ARENA_NEW(m->arena, struct arc, g->n_options + 1);
    struct part p = {.arcs = arcs};
    bool *seen = ARENA_NEW(m->arena, bool, c->n_buses + 1);
    for (size_t b = 0; b < c->n_buses; b++)
        for (size_t o = 0; o < g->n_options && !seen[b]; o++) {
            const size_t s = c->supplier_of[group][o];
            if (s == NONE || c->suppliers[s].bus != b || (c->suppliers[s].spot && !spot)) continue;
            seen[b] = true;
            arcs[p.n_arcs++] = arc_of(g, &g->options[o], &c->suppliers[s]);
        }
    if (p.n_arcs == 0) return NONE;
    for (size_t i = 0; i < c->n_parts; i++)
        if (same_arcs(&c->parts[i], &p)) return i;
    *ARENA_PUSH(m->arena, c->parts, c->n_parts) = p;
    return c->n_parts - 1;
}

/* ---- limits -------------------------------------------------------------------------------------- */

double crowd_purchase(const struct crowd *c, size_t limit)
{
    const struct capacity *k = &c->model->limits[limit];
    const double hours = (double)c->model->horizon_us / (double)US_PER_H;
    return (k->offer == NONE ? 1 : c->model->offers[k->offer].price) * hours;
}

double crowd_taken(const struct crowd *c, size_t k, size_t bought)
{
    const struct model *m = c->model;
    if (m->limits[bought].offer == NONE) return 0;
    const struct offer *o = &m->offers[m->limits[bought].offer];
    if (!subscription_counts(&m->limits[k], m, o)) return 0;
    return m->limits[k].in_gpus ? book_type(m->book, o->type)->gpus : 1;
}

static void limits_read(struct crowd *c)
{
    const struct model *m = c->model;
    const size_t T = c->n_periods;
    c->used = ARENA_NEW(m->arena, bool, m->n_limits + 1);
    c->amount = ARENA_NEW(m->arena, double, m->n_limits *T + 1);
    for (size_t s = 0; s < c->n_suppliers; s++)
        for (size_t i = 0; i < c->suppliers[s].n_limits; i++)
            c->used[c->suppliers[s].limits[i].limit] = true;
    for (size_t l = 0; l < m->n_limits; l++)
        for (size_t k = 0; k < m->n_limits && !c->used[l]; k++)
            c->used[l] = m->limits[k].buys && c->used[k] && crowd_taken(c, l, k) > 0;
    for (size_t l = 0; l < m->n_limits; l++)
        for (size_t t = 0; t < T; t++) {
            const double most = m->limits[l].buys ? 0
                                                  : capacity_at(&m->limits[l], m->grid.from_us[t],
                                                                m->grid.from_us[t + 1]);
            c->amount[l * T + t] = fmax(0, most - limit_held(m, &m->limits[l], t));
        }
}

/* What exists already is paid until it ends. */
static double sunk_cost(const struct model *m)
{
    double cost = 0;
    for (size_t l = 0; l < m->n_limits; l++) {
        const int64_t until = m->limits[l].until_us;
        cost += sunk_per_h(m, &m->limits[l]) *
                (double)(until < m->horizon_us ? until : m->horizon_us) / (double)US_PER_H;
    }
    return cost;
}

bool crowd_make(struct crowd *out, const struct model *m)
{
    *out = (struct crowd){.model = m, .n_periods = m->grid.n, .constant = sunk_cost(m)};
    double *hours = ARENA_NEW(m->arena, double, m->grid.n + 1);
    for (size_t t = 0; t < m->grid.n; t++) hours[t] = period_h(&m->grid, t);
    out->hours = hours;
    struct drafts d = {0};
    drafts_make(&d, out);
    buses_make(out, &d);
    find_bought(out);
    drop_spares(out);
    size_t(*part_of)[2] = arena_alloc(m->arena, m->n_groups + 1, sizeof *part_of);
    for (size_t g = 0; g < m->n_groups; g++)
        for (int spot = 0; spot < 2; spot++) part_of[g][spot] = part_make(out, g, spot);
    limits_read(out);
    return classes_make(out, (const size_t(*)[2])part_of);
}
