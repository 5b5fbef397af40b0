#include "solver/openings.h"
#include <math.h>

/* A limit on the way through time. */
struct lane {
    const struct capacity *limit;
    const struct profile *used;
    double units;     /* per machine of the job */
    double there;     /* units of the limit, without what is subscribed; */
    int64_t until_us; /* until then */
    size_t next;      /* change of `used` */
};

/* Units of limit c that are there at us, without what is subscribed, and until when. */
static double capacity_there(const struct schedule *s, const struct capacity *c, int64_t us,
                             int64_t *until_us)
{
    const struct model *m = s->model;
    double amount = c->buys ? s->bought[c - m->limits] : capacity_at(c, us, us + 1);
    int64_t until = c->until_us > us ? c->until_us : INT64_MAX;
    for (size_t i = 0; i < c->n_steps; i++)
        if (c->steps[i]->start_us > us && c->steps[i]->start_us < until)
            until = c->steps[i]->start_us;
    for (size_t i = 0; c->kind == LIMIT_QUOTA && i < s->n_terms; i++) {
        const struct capacity *k = &m->limits[s->terms[i]];
        if (us >= k->until_us) continue;
        if (k->until_us < until) until = k->until_us;
        const double held = k->buys ? s->bought[s->terms[i]] : k->amount;
        if (!(held > 0) || !subscription_counts(c, m, &m->offers[k->offer])) continue;
        amount -= held * (c->in_gpus ? book_type(m->book, m->offers[k->offer].type)->gpus : 1);
    }
    *until_us = until;
    return amount;
}

double openings_left(const struct schedule *s, size_t limit, int64_t to_us)
{
    const struct profile *used = &s->limits[limit];
    const struct capacity *c = &s->model->limits[limit];
    double least = INFINITY;
    for (int64_t us = 0, until, change; us < to_us; us = until < change ? until : change) {
        const double there = capacity_there(s, c, us, &until), taken = profile_at(used, us);
        change = profile_next(used, us);
        if (taken > 0 || there < capacity_at(c, us, us + 1)) least = fmin(least, there - taken);
    }
    return least;
}

static long whole(double units, double per_machine)
{
    const double n = floor(units / per_machine + UNIT_SLACK);
    return n <= 0 ? 0 : n > 1e9 ? 1000000000 : (long)n;
}

double openings_read_mbps(const struct job *j, size_t u, size_t *pool)
{
    const struct formulation *f = j->s->f;
    const struct model *m = f->model;
    const struct dataset_use *use = &j->d->shape->workload->uses[u];
    const struct group *g = &m->groups[m->group_of[j->demand]];
    *pool = f->pool_of[f->first_home[store_find(m, use->use)] + g->sites[j->o->site].home[u]];
    if (use->reads <= 0 || *pool == NONE) return 0;
    return j->o->work_per_h / j->o->useful.u * use->reads * use->size_gib * 1024 / 3600 /
           j->d->work;
}

/* MB/s that one running machine of the job reads of a pool in all: two of its datasets may lie there. */
static double pool_read_mbps(const struct job *j, size_t pool)
{
    double sum = 0;
    for (size_t u = 0; u < j->d->shape->workload->n_uses; u++) {
        size_t of;
        const double mbps = openings_read_mbps(j, u, &of);
        if (mbps > 0 && of == pool) sum += mbps;
    }
    return sum;
}

static int64_t kept_until(const struct store *s)
{
    return s->from_us + s->keep_us;
}

/* What a pool can be made to give at us: its cap, bought by capacity where it has a slope and something is kept there. */
static double pool_mbps(const struct schedule *s, size_t pool, int64_t us)
{
    const struct formulation *f = s->f;
    const struct pool *p = &f->pools[pool];
    const struct storage_tariff *t = p->tariff;
    double most = fmin(t->base_mbps, t->max_mbps);
    for (size_t i = 0; i < p->n && t->slope_mbps_per_gib > 0; i++) {
        const struct store *kept = &s->model->stores[p->members[i].store];
        const size_t at = f->first_home[p->members[i].store] + p->members[i].home;
        if (us < kept->from_us || us >= kept_until(kept) || (s->home && s->home[at] <= SHARE_SLACK))
            continue;
        most = t->max_size_gib > 0 && isfinite(t->max_size_gib)
                   ? fmin(t->max_mbps, t->base_mbps + t->slope_mbps_per_gib * t->max_size_gib)
                   : t->max_mbps;
    }
    return most;
}

static int64_t pool_next(const struct schedule *s, size_t pool, int64_t us)
{
    const struct pool *p = &s->f->pools[pool];
    int64_t next = profile_next(&s->reads[pool], us);
    for (size_t i = 0; i < p->n; i++) {
        const struct store *kept = &s->model->stores[p->members[i].store];
        if (kept->from_us > us && kept->from_us < next) next = kept->from_us;
        if (kept_until(kept) > us && kept_until(kept) < next) next = kept_until(kept);
    }
    return next;
}

/* Machines that the limit leaves at us, which does not lie before the moment asked for last; lowers *until_us to its next
 * change. */
static long lane_free(const struct schedule *s, struct lane *l, int64_t us, int64_t *until_us)
{
    if (us >= l->until_us) l->there = capacity_there(s, l->limit, us, &l->until_us);
    const double used = profile_walk(l->used, &l->next, us);
    const int64_t change = l->next < l->used->n ? l->used->at[l->next] : INT64_MAX;
    if (l->until_us < *until_us) *until_us = l->until_us;
    if (change < *until_us) *until_us = change;
    return whole(l->there - used, l->units);
}

/* Of the demand itself: a gang works once at a time, other work on as many machines as it may. */
static long own_free(const struct job *j, struct lane *own, int64_t us, int64_t *until_us)
{
    const double busy = profile_walk(own->used, &own->next, us);
    const double most = max_gpus(j->d);
    if (own->next < own->used->n && own->used->at[own->next] < *until_us)
        *until_us = own->used->at[own->next];
    if (j->d->shape->workers) return busy > 0 ? 0 : 1000000000;
    return isfinite(most) ? whole(most - busy, j->o->fit.used) : 1000000000;
}

static long pools_free(const struct job *j, int64_t us, int64_t *until_us)
{
    const struct schedule *s = j->s;
    long free = 1000000000;
    for (size_t u = 0; u < j->d->shape->workload->n_uses; u++) {
        size_t pool;
        if (openings_read_mbps(j, u, &pool) <= 0) continue;
        const long n = whole(pool_mbps(s, pool, us) - profile_at(&s->reads[pool], us),
                             pool_read_mbps(j, pool));
        const int64_t next = pool_next(s, pool, us);
        if (n < free) free = n;
        if (next < *until_us) *until_us = next;
    }
    return free;
}

/* The limits of the option, then the demand itself, from any moment on. */
static struct lane *lanes_start(const struct job *j)
{
    struct schedule *s = j->s;
    const size_t n = j->o->n_limits;
    if (n + 1 > s->n_lanes) {
        s->n_lanes = n + 1;
        s->lanes = ARENA_NEW(s->arena, struct lane, s->n_lanes);
    }
    for (size_t i = 0; i < n; i++) {
        const size_t limit = j->o->limits[i].limit;
        s->lanes[i] = (struct lane){.limit = &s->model->limits[limit],
                                    .used = &s->limits[limit],
                                    .units = j->o->limits[i].units,
                                    .until_us = INT64_MIN,
                                    .next = SIZE_MAX};
    }
    s->lanes[n] = (struct lane){.used = &s->own[j->demand], .next = SIZE_MAX};
    return s->lanes;
}

static long free_at(const struct job *j, struct lane *lanes, int64_t us, int64_t *until_us)
{
    const size_t n = j->o->n_limits;
    long free = own_free(j, &lanes[n], us, until_us);
    for (size_t i = 0; i < n; i++) {
        const long left = lane_free(j->s, &lanes[i], us, until_us);
        if (left < free) free = left;
    }
    const long left = pools_free(j, us, until_us);
    return left < free ? left : free;
}

static struct piece *piece_add(struct schedule *s, struct pieces *p)
{
    if (p->n == s->n_room) {
        s->n_room = 2 * s->n_room + 64;
        struct piece *room = ARENA_NEW(s->arena, struct piece, s->n_room);
        for (size_t i = 0; i < p->n; i++) room[i] = p->items[i];
        p->items = s->room = room;
    }
    return &p->items[p->n++];
}

struct pieces openings_find(const struct job *j)
{
    struct pieces p = {0, j->s->room};
    const struct demand *d = j->d;
    const int64_t end = d->late_priced ? j->s->model->horizon_us : d->due_us;
    struct lane *lanes = lanes_start(j);
    for (size_t i = 0; i < d->window->n; i++) {
        const struct span w = d->window->spans[i];
        int64_t from = w.from_us > j->from_us ? w.from_us : j->from_us;
        int64_t to = w.to_us < j->to_us ? w.to_us : j->to_us;
        if (from < d->release_us) from = d->release_us;
        if (to > end) to = end;
        while (from < to) {
            int64_t next = to;
            const long free = free_at(j, lanes, from, &next);
            struct piece *last = p.n ? &p.items[p.n - 1] : NULL;
            if (last && last->to_us == from && last->free == free)
                last->to_us = next;
            else
                *piece_add(j->s, &p) = (struct piece){from, next, free};
            from = next;
        }
    }
    return p;
}
