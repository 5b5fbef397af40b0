/* Spot in a world: prices hour by hour, shocks, spells without stock, reclaims of single machines. */
#include "sim/spot_fit.h"
#include "sim/world.h"
#include <assert.h>
#include <math.h>

static void *grow(struct arena *a, const void *old, size_t n, size_t room, size_t size)
{
    char *fresh = arena_alloc(a, room, size);
    for (size_t i = 0; i < n * size; i++) fresh[i] = ((const char *)old)[i];
    return fresh;
}

/* The path of a pool, at least `hours` long. */
static struct price_path *path_until(struct world *w, size_t pool, size_t hours)
{
    struct price_path *p = &w->paths[pool];
    if (p->n >= hours) return p;
    if (p->room < hours) {
        size_t room = p->room ? p->room : 256;
        while (room < hours) room *= 2;
        p->factor = grow(w->arena, p->factor, p->n, room, sizeof *p->factor);
        p->sum = grow(w->arena, p->sum, p->room ? p->n + 1 : 0, room + 1, sizeof *p->sum);
        p->room = room;
    }
    const size_t first = p->n;
    w->model->price->extend(p, hours);
    p->n = hours;
    p->sum[0] = 0;
    for (size_t h = first; h < hours; h++) {
        p->factor[h] = fmin(p->factor[h] * w->price_factor, fmax(p->most_factor, 1));
        p->sum[h + 1] = p->sum[h] + p->factor[h];
    }
    return p;
}

/* Prices before the horizon (machines that boot for its start) are those of its first hour. */
static size_t hour_of(int64_t us)
{
    return us > 0 ? (size_t)(us / US_PER_H) : 0;
}

static bool is_steady(const struct world *w)
{
    return w->model->price == &price_fixed && w->price_factor == 1;
}

double world_price(struct world *w, size_t offer, int64_t us)
{
    const size_t pool = w->model->pool_of[offer];
    if (pool == SIZE_MAX || is_steady(w)) return 1;
    const size_t hour = hour_of(us);
    return path_until(w, pool, hour + 1)->factor[hour];
}

/* Integral from 0 in hours. */
static double sum_until(const struct price_path *p, int64_t us)
{
    if (us <= 0) return (double)us / (double)US_PER_H * p->factor[0];
    const size_t hour = hour_of(us);
    const double rest = (double)(us - (int64_t)hour * US_PER_H) / (double)US_PER_H;
    return p->sum[hour] + (rest > 0 ? rest * p->factor[hour] : 0);
}

double world_price_integral(struct world *w, size_t offer, int64_t from_us, int64_t to_us)
{
    const size_t pool = w->model->pool_of[offer];
    if (pool == SIZE_MAX || is_steady(w)) return (double)(to_us - from_us);
    const struct price_path *p = path_until(w, pool, hour_of(to_us) + 1);
    return (sum_until(p, to_us) - sum_until(p, from_us)) * (double)US_PER_H;
}

int64_t world_price_crossing(struct world *w, size_t offer, int64_t us, int64_t until_us,
                             double most, bool above)
{
    for (int64_t at = us; at < until_us; at = ((int64_t)hour_of(at) + 1) * US_PER_H)
        if ((world_price(w, offer, at) > most) == above) return at;
    return INT64_MAX;
}

bool pool_has_spells(const struct spot_pool *k)
{
    return k->fit->available.there && k->fit->gone.there;
}

double pool_shock_frac(const struct world_model *m, const struct spot_pool *k)
{
    return k->fit->shocks && m->shock_frac > 0 ? k->fit->shock_frac : m->shock_frac;
}

/* The n-th shock of a pool. */
static void shock_draw(struct world *w, size_t pool)
{
    struct shock_path *s = &w->shocks[pool];
    const struct spot_pool *k = &w->model->pools[pool];
    if (s->n == s->room) {
        const size_t room = s->room ? 2 * s->room : 16;
        s->at_us = grow(w->arena, s->at_us, s->n, room, sizeof *s->at_us);
        s->back_us = grow(w->arena, s->back_us, s->n, room, sizeof *s->back_us);
        s->room = room;
    }
    const double u = random_uniform_at(k->shock_key, w->index, s->n),
                 v = random_uniform_at(k->spell_key, w->index, s->n);
    const double spell = k->fit->gone.there ? fitted_life_at(&k->fit->gone, v)
                                            : exponential_at(v, w->model->spell_h);
    if (pool_has_spells(k)) {
        /* one spell after the other */
        const double back_h = s->n ? (double)s->back_us[s->n - 1] / (double)US_PER_H : 0;
        s->drawn_h = back_h + fitted_life_at(&k->fit->available, u);
    } else {
        s->drawn_h += exponential_at(u, 1 / s->per_h);
    }
    s->at_us[s->n] = llround(s->drawn_h * (double)US_PER_H);
    s->back_us[s->n] = s->at_us[s->n] + llround(spell * (double)US_PER_H);
    s->n++;
}

/* Index of the first shock at or after us; SIZE_MAX: never one. */
static size_t shock_after(struct world *w, size_t pool, int64_t us)
{
    struct shock_path *s = &w->shocks[pool];
    if (s->per_h <= 0) return SIZE_MAX;
    while (s->n == 0 || s->at_us[s->n - 1] < us) shock_draw(w, pool);
    size_t low = 0, high = s->n - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (s->at_us[middle] < us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int64_t world_stock(struct world *w, size_t offer, int64_t us)
{
    const size_t pool = w->model->pool_of[offer];
    if (pool == SIZE_MAX) return us;
    const size_t next = shock_after(w, pool, us + 1);
    for (size_t i = 0; next != SIZE_MAX && i < w->shocks[pool].n; i++) {
        if (w->shocks[pool].at_us[i] > us) break;
        if (w->shocks[pool].back_us[i] > us) us = w->shocks[pool].back_us[i];
        if (i + 1 == w->shocks[pool].n) shock_draw(w, pool);
    }
    return us;
}

void reclaims_start(struct reclaims *r, struct world *w, size_t offer, uint64_t entity_key,
                    size_t place, double per_h)
{
    const size_t pool = w->model->pool_of[offer];
    *r = (struct reclaims){.pool = pool, .protected_h = w->model->plan->offers[offer].protected_h};
    if (pool == SIZE_MAX || per_h <= 0) {
        r->pool = SIZE_MAX;
        return;
    }
    const uint64_t key = random_key_of(entity_key, place);
    const double shocks = w->shocks[pool].per_h;
    const struct spot_pool *k = &w->model->pools[pool];
    r->hit = shocks <= 0          ? 0
             : pool_has_spells(k) ? 1
                                  : fmin(1, pool_shock_frac(w->model, k) * per_h / shocks);
    r->own_per_h = fmax(0, per_h - r->hit * shocks);
    r->hit_key = random_key_of(key, 1);
    r->stream = random_start(key, w->index);
    r->next_us = INT64_MIN;
}

/* Hours as a moment; what lies beyond all plans is never. */
static int64_t after_hours(int64_t us, double hours)
{
    const double more = hours * (double)US_PER_H;
    return more < 4e18 ? us + llround(more) : INT64_MAX;
}

static int64_t own_reclaim(struct reclaims *r, const struct world *w, int64_t us)
{
    const struct life_model *life = w->model->life;
    const struct spot_fit *fit = w->model->pools[r->pool].fit;
    const int64_t safe_us = after_hours(us, r->protected_h);
    if (r->own_per_h <= 0) return INT64_MAX;
    if (!life->forgets)
        return after_hours(safe_us, life->at(random_uniform(&r->stream), r->own_per_h, fit));
    if (r->next_us == INT64_MIN)
        r->next_us = after_hours(0, life->at(random_uniform(&r->stream), r->own_per_h, fit));
    while (r->next_us <= safe_us)
        r->next_us =
            after_hours(r->next_us, life->at(random_uniform(&r->stream), r->own_per_h, fit));
    return r->next_us;
}

int64_t reclaims_next(struct reclaims *r, struct world *w, int64_t us)
{
    if (r->pool == SIZE_MAX) return INT64_MAX;
    int64_t next = own_reclaim(r, w, us);
    if (r->hit <= 0) return next;
    for (int64_t from = after_hours(us, r->protected_h) + 1;;) {
        const size_t shock = shock_after(w, r->pool, from);
        if (shock == SIZE_MAX || w->shocks[r->pool].at_us[shock] >= next) return next;
        const int64_t at = w->shocks[r->pool].at_us[shock];
        if (r->hit >= 1 || random_uniform_at(r->hit_key, w->index, shock) < r->hit) return at;
        from = at + 1;
    }
}
