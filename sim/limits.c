#include "sim/limits.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct counted counted_by(const struct plan *plan, const char *name, const char *place)
{
    struct counted c = {.gpu = book_gpu_find(plan->book, name), .type = SIZE_MAX};
    if (c.gpu == SIZE_MAX) c.type = book_type_find(plan->book, name);
    if (!place || !*place) return c;
    c.region = book_region(plan->book, book_region_find(plan->book, place))->name;
    c.zone = strcmp(c.region, place) != 0 ? place : NULL;
    return c;
}

double counted_units(const struct plan *plan, const struct counted *c, size_t offer,
                     const struct workload *user)
{
    const struct offer *o = &plan->offers[offer];
    const struct instance_type *t = book_type(plan->book, o->type);
    const bool held = o->market->id == MARKET_SUBSCRIPTION;
    if (held != !user || (held && (!c->quota || c->owner))) return 0;
    if (c->owner && (!user->owner || strcmp(c->owner, user->owner) != 0)) return 0;
    if (c->gpu != SIZE_MAX ? t->gpu != c->gpu : o->type != c->type) return 0;
    if (c->region && strcmp(c->region, o->region) != 0) return 0;
    if (c->zone && strcmp(c->zone, o->zone) != 0) return 0;
    return c->gpu != SIZE_MAX ? (double)t->gpus : 1;
}

static bool same_stock(const struct stock_step *a, const struct stock_step *b)
{
    const char *here = a->place_name ? a->place_name : "", *there = b->place_name;
    return strcmp(a->name, b->name) == 0 && strcmp(here, there ? there : "") == 0;
}

bool is_first_step(const struct scenario *s, size_t step)
{
    for (size_t i = 0; i < step; i++)
        if (same_stock(&s->stock_steps[i], &s->stock_steps[step])) return false;
    return true;
}

double stock_at_step(const struct scenario *s, size_t first, int64_t us)
{
    int64_t since = INT64_MIN;
    double stock = HUGE_VAL;
    for (size_t i = first; i < s->n_stock_steps; i++) {
        const struct stock_step *x = &s->stock_steps[i];
        if (!same_stock(x, &s->stock_steps[first]) || x->start_us > us || x->start_us < since)
            continue;
        since = x->start_us;
        stock = x->available;
    }
    return stock;
}

/* --- what is left over time --- */

struct change {
    int64_t at_us;
    double units, stock; /* NAN: the stock stays */
    size_t order;        /* of changes at the same time the later counts */
};
struct changes {
    size_t n;
    struct change *items;
    struct arena *arena;
};

static void change_add(struct changes *c, int64_t from_us, int64_t to_us, double units)
{
    if (units <= 0 || from_us >= to_us) return;
    *ARENA_PUSH(c->arena, c->items, c->n) = (struct change){from_us, units, NAN, c->n - 1};
    *ARENA_PUSH(c->arena, c->items, c->n) = (struct change){to_us, -units, NAN, c->n - 1};
}

static int by_time(const void *x, const void *y)
{
    const struct change *a = x, *b = y;
    if (a->at_us != b->at_us) return a->at_us < b->at_us ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

/* All that the plan uses of it, services, batch work and subscriptions. */
static void planned_add(struct changes *out, const struct plan *p, const struct counted *c)
{
    for (size_t i = 0; i < p->n_holdings; i++) {
        const struct holding *h = &p->holdings[i];
        const struct workload *user = p->services->items[h->service].shape->workload;
        change_add(out, h->from_us, h->to_us,
                   counted_units(p, c, h->offer, user) * (double)h->machines);
    }
    for (size_t i = 0; i < p->n_stretches; i++) {
        const struct stretch *x = &p->stretches[i];
        const struct workload *user = p->demands->items[x->demand].shape->workload;
        change_add(out, x->from_us, x->to_us,
                   counted_units(p, c, x->offer, user) * (double)x->machines);
    }
    for (size_t i = 0; i < p->n_subscriptions; i++) {
        const struct subscription_choice *s = &p->subscriptions[i];
        change_add(out, INT64_MIN, INT64_MAX,
                   counted_units(p, c, s->offer, NULL) * (double)s->count);
    }
}

static void room_push(struct room *r, int64_t at_us, double left, struct arena *a)
{
    if (r->n > 0 && r->at_us[r->n - 1] == at_us) {
        r->left[r->n - 1] = left;
        return;
    }
    r->at_us = arena_grow(a, r->at_us, r->n, sizeof *r->at_us);
    r->left = arena_grow(a, r->left, r->n, sizeof *r->left);
    r->at_us[r->n] = at_us;
    r->left[r->n++] = left;
}

/* The steps of one stock over time. */
static void steps_add(struct changes *out, const struct scenario *s, size_t first)
{
    for (size_t i = first; i < s->n_stock_steps; i++)
        if (same_stock(&s->stock_steps[i], &s->stock_steps[first]))
            *ARENA_PUSH(out->arena, out->items, out->n) = (struct change){
                s->stock_steps[i].start_us, 0, s->stock_steps[i].available, out->n - 1};
}

/* steps: index of the first step of stock over time; SIZE_MAX: `amount` all the time. */
static void room_add(struct rooms *rooms, const struct plan *p, const struct counted *c,
                     double amount, size_t steps, struct arena *a)
{
    struct changes changes = {.arena = a};
    planned_add(&changes, p, c);
    if (steps != SIZE_MAX) steps_add(&changes, p->scenario, steps);
    if (changes.n) qsort(changes.items, changes.n, sizeof *changes.items, by_time);
    struct room *r = ARENA_PUSH(a, rooms->items, rooms->n);
    *r = (struct room){.counted = *c};
    double used = 0;
    room_push(r, INT64_MIN, amount, a);
    for (size_t i = 0; i < changes.n; i++) {
        const struct change *x = &changes.items[i];
        if (!isnan(x->stock)) amount = x->stock;
        used += x->units;
        room_push(r, x->at_us, amount - used, a);
    }
}

static void limits_add(struct rooms *rooms, const struct plan *p, const struct limit *limits,
                       size_t n, bool quota, struct arena *a)
{
    for (size_t i = 0; i < n; i++) {
        struct counted c = counted_by(p, limits[i].name, limits[i].place_name);
        c.owner = limits[i].owner;
        c.quota = quota;
        room_add(rooms, p, &c, (double)limits[i].count, SIZE_MAX, a);
    }
}

struct rooms rooms_make(const struct plan *plan, struct arena *a)
{
    const struct scenario *s = plan->scenario;
    struct rooms rooms = {0};
    limits_add(&rooms, plan, s->quota, s->n_limits, true, a);
    limits_add(&rooms, plan, s->stock, s->n_stock, false, a);
    for (size_t i = 0; i < s->n_stock_steps; i++) {
        if (!is_first_step(s, i)) continue;
        const struct counted c =
            counted_by(plan, s->stock_steps[i].name, s->stock_steps[i].place_name);
        room_add(&rooms, plan, &c, HUGE_VAL, i, a);
    }
    return rooms;
}

double room_least(const struct room *r, int64_t from_us, int64_t to_us,
                  double (*own)(const void *context, const struct room *r, int64_t us),
                  const void *context)
{
    size_t low = 0, high = r->n;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (r->at_us[middle] <= from_us)
            low = middle;
        else
            high = middle;
    }
    double least = HUGE_VAL;
    for (size_t i = low; i < r->n && (i == low || r->at_us[i] < to_us); i++) {
        const int64_t at = i == low ? from_us : r->at_us[i];
        least = fmin(least, r->left[i] + (own ? own(context, r, at) : 0));
    }
    return least;
}
