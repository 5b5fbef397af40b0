/* List scheduling with exact capacities: demands in order of deadlines; a gang takes the earliest hours in which all its
 * machines are free, divisible work the smallest number of machines that gets it done in its hours. */
#include "solver/openings.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Work below this share is done: a microsecond of a machine rounds it away. */
#define LEFT_SHARE 1e-9

static size_t home_at(const struct schedule *s, const struct group *g, const struct option *o,
                      size_t use)
{
    const struct dataset_use *u = &g->shape->workload->uses[use];
    return s->f->first_home[store_find(s->model, u->use)] + g->sites[o->site].home[use];
}

/* Work that the demand may still do where the option's data lie: in the share of every dataset that is there. */
static double room_at_site(const struct schedule *s, size_t demand, const struct option *o)
{
    const struct demand *d = &s->model->demands->items[demand];
    const struct group *g = &s->model->groups[s->model->group_of[demand]];
    double room = INFINITY;
    for (size_t u = 0; s->home && u < d->shape->workload->n_uses; u++) {
        const size_t at = home_at(s, g, o, u);
        if (s->home[at] >= 1 - SHARE_SLACK) continue;
        const double done = s->at_home[demand] ? s->at_home[demand][at] : 0;
        room = fmin(room, s->home[at] <= SHARE_SLACK ? 0 : s->home[at] * d->work - done);
    }
    return fmax(0, room);
}

static void note_place(const struct job *j, double work)
{
    struct schedule *s = j->s;
    const struct group *g = &s->model->groups[s->model->group_of[j->demand]];
    for (size_t u = 0; s->home && u < j->d->shape->workload->n_uses; u++) {
        const size_t at = home_at(s, g, j->o, u);
        if (s->home[at] >= 1 - SHARE_SLACK) continue;
        if (!s->at_home[j->demand])
            s->at_home[j->demand] =
                ARENA_NEW(s->arena, double, s->f->first_home[s->model->n_stores] + 1);
        s->at_home[j->demand][at] += work;
    }
}

/* Books `machines` for [from, to); paid_us counts all of them. */
static void book(const struct job *j, long machines, int64_t from_us, int64_t to_us,
                 int64_t paid_us)
{
    struct schedule *s = j->s;
    const double paid_h = (double)paid_us / (double)US_PER_H;
    *ARENA_PUSH_ALONE(s->arena, s->option_of, s->n_option_of) = j->option;
    *ARENA_PUSH_ALONE(s->arena, s->stretches, s->n_stretches) =
        (struct stretch){.demand = j->demand,
                         .offer = j->o->offer,
                         .placement = j->o->site,
                         .machines = machines,
                         .from_us = from_us,
                         .to_us = to_us,
                         .paid_us = paid_us,
                         .useful = paid_h * j->o->work_per_h,
                         .used = j->o->fit.used};
    const double own = j->d->shape->workers ? 1 : (double)machines * j->o->fit.used;
    profile_add(&s->own[j->demand], from_us, to_us, own);
    for (size_t i = 0; i < j->o->n_limits; i++)
        profile_add(&s->limits[j->o->limits[i].limit], from_us, to_us,
                    (double)machines * j->o->limits[i].units);
    for (size_t u = 0; u < j->d->shape->workload->n_uses; u++) {
        size_t pool;
        const double mbps = openings_read_mbps(j, u, &pool);
        if (mbps > 0) profile_add(&s->reads[pool], from_us, to_us, (double)machines * mbps);
    }
    s->left[j->demand] -= paid_h * j->o->work_per_h;
    note_place(j, paid_h * j->o->work_per_h);
}

/* Earliest hours in which the whole gang is free. */
static void place_gang(const struct job *j, int64_t need_us)
{
    const long m = j->o->fit.machines;
    const double clock_per_paid = j->o->useful.w / (double)m;
    const struct pieces p = openings_find(j);
    for (size_t i = 0; i < p.n && need_us > 0; i++) {
        if (p.items[i].free < m) continue;
        int64_t to = p.items[i].to_us;
        while (i + 1 < p.n && p.items[i + 1].from_us == to && p.items[i + 1].free >= m)
            to = p.items[++i].to_us;
        int64_t from = p.items[i].from_us;
        for (size_t k = i; k-- > 0 && p.items[k].to_us == from && p.items[k].free >= m;)
            from = p.items[k].from_us;
        const int64_t most_us = (int64_t)floor((double)(to - from) / clock_per_paid);
        const int64_t paid = need_us < most_us ? need_us : most_us;
        if (paid <= 0) continue;
        int64_t until = from + (int64_t)ceil((double)paid * clock_per_paid);
        if (until > to) until = to;
        book(j, m, from, until, paid);
        need_us -= paid;
    }
}

/* Machine-microseconds that n machines can work in the pieces. */
static double volume(const struct pieces *p, long n)
{
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        const long k = p->items[i].free < n ? p->items[i].free : n;
        sum += (double)k * (double)(p->items[i].to_us - p->items[i].from_us);
    }
    return sum;
}

/* Books levels low < level <= high of the pieces (the machines that are free at that depth), up to need_us. */
static int64_t book_band(const struct job *j, const struct pieces *p, long low, long high,
                         int64_t need_us)
{
    const long k = high - low;
    for (size_t i = 0; i < p->n && need_us > 0; i++) {
        if (p->items[i].free < high) continue;
        const int64_t from = p->items[i].from_us;
        int64_t to = p->items[i].to_us;
        while (i + 1 < p->n && p->items[i + 1].from_us == to && p->items[i + 1].free >= high)
            to = p->items[++i].to_us;
        const int64_t most_us = (to - from) * k;
        const int64_t paid = need_us < most_us ? need_us : most_us;
        const int64_t until = from + (paid + k - 1) / k;
        book(j, k, from, until, paid);
        need_us -= paid;
    }
    return need_us;
}

/* The next number of free machines above `low`, at most n. */
static long next_level(const struct pieces *p, long low, long n)
{
    long next = n;
    for (size_t i = 0; i < p->n; i++)
        if (p->items[i].free > low && p->items[i].free < next) next = p->items[i].free;
    return next;
}

/* Smallest number of machines, all but the last used for all their hours. */
static void place_divisible(const struct job *j, int64_t need_us)
{
    const struct pieces p = openings_find(j);
    long most = 0;
    for (size_t i = 0; i < p.n; i++)
        if (p.items[i].free > most) most = p.items[i].free;
    long low = 0, high = most;
    while (high - low > 1) {
        const long middle = low + (high - low) / 2;
        if (volume(&p, middle) >= (double)need_us)
            high = middle;
        else
            low = middle;
    }
    for (long level = 0; level < high && need_us > 0;) {
        const bool last_alone = level < high - 1;
        const long next = next_level(&p, level, last_alone ? high - 1 : high);
        need_us = book_band(j, &p, level, next, need_us);
        level = next;
    }
}

static void place(const struct job *j, double paid_h)
{
    const double room = room_at_site(j->s, j->demand, j->o);
    const bool all = paid_h * j->o->work_per_h <= room;
    const int64_t need_us = (int64_t)(all ? ceil(paid_h * (double)US_PER_H - 1e-3)
                                          : floor(room / j->o->work_per_h * (double)US_PER_H));
    if (need_us <= 0) return;
    if (j->d->shape->workers)
        place_gang(j, need_us);
    else
        place_divisible(j, need_us);
}

/* The last workers of a capped demand may need a machine that they do not fill: it is paid whole. */
static void place_part_machine(const struct job *j)
{
    const double most = max_gpus(j->d), left = j->s->left[j->demand];
    if (j->d->shape->workers || !isfinite(most) || room_at_site(j->s, j->demand, j->o) < left)
        return;
    const double rest = most - floor(most / j->o->fit.used + UNIT_SLACK) * j->o->fit.used;
    if (rest < j->o->fit.used / (double)j->o->fit.workers - UNIT_SLACK) return;
    struct option part = *j->o;
    part.fit.used = rest;
    part.work_per_h *= rest / j->o->fit.used;
    const struct job smaller = {j->s, j->demand, j->option, j->d, &part, j->from_us, j->to_us};
    place_divisible(&smaller, (int64_t)ceil(left / part.work_per_h * (double)US_PER_H));
}

static const struct group *group_of(const struct schedule *s, size_t demand)
{
    return &s->model->groups[s->model->group_of[demand]];
}

static bool may_use(const struct schedule *s, size_t demand, const struct option *o)
{
    const struct demand *d = &s->model->demands->items[demand];
    const size_t site = s->site_of[group_of(s, demand)->workload];
    const bool here = s->home ? room_at_site(s, demand, o) > 0 : site == NONE || site == o->site;
    return !(o->spot && d->shape->spot_max_frac < 1) && here;
}

/* The cheapest option per unit of work that was not tried yet; NONE: all were. */
static size_t cheapest(const struct schedule *s, size_t demand, const bool *tried)
{
    const struct group *g = group_of(s, demand);
    size_t best = NONE;
    for (size_t i = 0; i < g->n_options; i++) {
        const struct option *o = &g->options[i], *b = best == NONE ? o : &g->options[best];
        if (tried[i] || !may_use(s, demand, o)) continue;
        if (best == NONE || o->cost_per_h * b->work_per_h < b->cost_per_h * o->work_per_h) best = i;
    }
    return best;
}

/* What found no place goes to any option, cheapest first: in time before late, machines that are filled before others. */
static void place_anywhere(struct schedule *s, size_t demand)
{
    const struct group *g = group_of(s, demand);
    const struct demand *d = &s->model->demands->items[demand];
    bool *tried = ARENA_NEW(s->arena, bool, g->n_options + 1);
    for (int round = 0; round < 4; round++) {
        const bool late = round % 2, part = round / 2;
        if (late && !d->late_priced) continue;
        memset(tried, 0, g->n_options * sizeof *tried);
        for (size_t best; (best = cheapest(s, demand, tried)) != NONE; tried[best] = true) {
            if (s->left[demand] <= LEFT_SHARE * d->work) return;
            const struct option *o = &g->options[best];
            const struct job j = {
                s, demand, best, d, o, 0, late ? s->model->horizon_us : d->due_us};
            if (part)
                place_part_machine(&j);
            else
                place(&j, s->left[demand] / o->work_per_h);
        }
    }
}

static int by_due(const void *x, const void *y, void *context)
{
    const struct demand_list *list = context;
    const size_t i = *(const size_t *)x, k = *(const size_t *)y;
    const struct demand *a = &list->items[i], *b = &list->items[k];
    if (a->due_us != b->due_us) return a->due_us < b->due_us ? -1 : 1;
    if (!a->shape->workers != !b->shape->workers) return a->shape->workers ? -1 : 1;
    return i < k ? -1 : i > k;
}

static void start(struct schedule *s, const struct formulation *f, const struct decided *decided)
{
    const struct model *m = f->model;
    *s = (struct schedule){
        .arena = m->arena, .model = m, .f = f, .bought = decided->bought, .home = decided->home};
    s->at_home = ARENA_NEW(m->arena, double *, m->demands->n + 1);
    s->reads = ARENA_NEW(m->arena, struct profile, f->n_pools + 1);
    for (size_t i = 0; i < f->n_pools; i++) profile_init(&s->reads[i], m->arena);
    s->limits = ARENA_NEW(m->arena, struct profile, m->n_limits + 1);
    s->left = ARENA_NEW(m->arena, double, m->demands->n + 1);
    s->site_of = ARENA_NEW(m->arena, size_t, m->scenario->n_workloads + 1);
    for (size_t i = 0; i < m->n_limits; i++) {
        profile_init(&s->limits[i], m->arena);
        if (m->limits[i].kind == LIMIT_SUBSCRIPTION)
            *ARENA_PUSH(m->arena, s->terms, s->n_terms) = i;
    }
    for (size_t i = 0; i < m->demands->n; i++) s->left[i] = m->demands->items[i].work;
    for (size_t i = 0; i < m->scenario->n_workloads; i++) s->site_of[i] = NONE;
}

/* Starts: machines of the same offer that worked for the demand until this very moment go on, the others boot. */
static void count_starts(struct schedule *s)
{
    long *ending = ARENA_NEW(s->arena, long, s->n_stretches + 1);
    for (size_t i = 0; i < s->n_stretches; i++) ending[i] = s->stretches[i].machines;
    for (size_t i = 0; i < s->n_stretches; i++) {
        struct stretch *a = &s->stretches[i];
        long boot = a->machines;
        for (size_t k = i; k-- > 0 && s->stretches[k].demand == a->demand && boot > 0;) {
            const struct stretch *b = &s->stretches[k];
            if (b->offer != a->offer || b->placement != a->placement || b->to_us != a->from_us)
                continue;
            const long goes_on = ending[k] < boot ? ending[k] : boot;
            if (goes_on == 0) continue;
            ending[k] -= goes_on;
            boot -= goes_on;
            *ARENA_PUSH(s->arena, s->passings, s->n_passings) = (struct passing){k, i, goes_on};
        }
        const double rs_h = group_of(s, a->demand)->options[s->option_of[i]].rs_h;
        a->start_us = boot * llround(rs_h * (double)US_PER_H);
    }
}

/* Machines of rate demands are there first. */
static void book_fleets(struct schedule *s, const struct fleet *fleets)
{
    const struct model *m = s->model;
    const struct grid *g = &m->grid;
    for (size_t i = 0; i < m->n_served; i++) {
        const struct group *v = &m->served[i].group;
        for (size_t o = 0; o < v->n_options; o++)
            for (size_t t = 0; v->options[o].n_limits && t < g->n; t++)
                for (size_t l = 0; l < v->options[o].n_limits; l++)
                    profile_add(
                        &s->limits[v->options[o].limits[l].limit], g->from_us[t], g->from_us[t + 1],
                        (double)fleets[i].machines[o * g->n + t] * v->options[o].limits[l].units);
    }
}

void schedule_make(struct schedule *s, const struct formulation *f, const struct decided *decided,
                   const struct amounts *amounts)
{
    const struct model *m = f->model;
    start(s, f, decided);
    s->own = ARENA_NEW(m->arena, struct profile, m->demands->n + 1);
    for (size_t i = 0; i < m->demands->n; i++) profile_init(&s->own[i], m->arena);
    book_fleets(s, decided->fleets);
    size_t *order = ARENA_NEW(m->arena, size_t, m->demands->n + 1);
    size_t *first = ARENA_NEW(m->arena, size_t, m->demands->n + 2);
    for (size_t i = 0; i < m->demands->n; i++) order[i] = i;
    for (size_t i = 0; i < amounts->n; i++) first[amounts->items[i].demand + 1]++;
    for (size_t i = 0; i < m->demands->n; i++) first[i + 1] += first[i];
    for (size_t i = 0; i < amounts->n; i++) {
        const struct amount *a = &amounts->items[i];
        const struct group *g = group_of(s, a->demand);
        if (a->paid_h > 0) s->site_of[g->workload] = g->options[a->option].site;
    }
    qsort_r(order, m->demands->n, sizeof *order, by_due, (void *)m->demands);
    for (size_t i = 0; i < m->demands->n; i++) {
        const size_t demand = order[i];
        for (size_t k = first[demand]; k < first[demand + 1]; k++) {
            const struct amount *a = &amounts->items[k];
            const struct job j = {s,
                                  demand,
                                  a->option,
                                  &m->demands->items[demand],
                                  &group_of(s, demand)->options[a->option],
                                  a->from_us,
                                  a->to_us};
            place(&j, a->paid_h);
        }
    }
    for (size_t i = 0; i < m->demands->n; i++) place_anywhere(s, order[i]);
    schedule_sort(s);
    count_starts(s);
}

double schedule_left(const struct schedule *s)
{
    double worst = 0;
    for (size_t i = 0; i < s->model->demands->n; i++)
        worst = fmax(worst, s->left[i] / s->model->demands->items[i].work);
    return worst > LEFT_SHARE ? worst : 0;
}

void schedule_relaxed(struct schedule *s, const struct formulation *f, const double *bought,
                      const double *x)
{
    const struct model *m = f->model;
    start(s, f, &(struct decided){.bought = bought});
    struct column col;
    double paid_h;
    for (size_t at = 0; work_next(&col, &paid_h, f, x, &at);) {
        const struct option *o = &group_of(s, col.a)->options[col.b];
        const int64_t from = m->grid.from_us[col.t], to = m->grid.from_us[col.t + 1];
        *ARENA_PUSH_ALONE(s->arena, s->option_of, s->n_option_of) = col.b;
        *ARENA_PUSH_ALONE(s->arena, s->stretches, s->n_stretches) = (struct stretch){
            .demand = col.a,
            .offer = o->offer,
            .placement = o->site,
            .from_us = from,
            .to_us = to,
            .machines =
                (long)fmax(1, ceil(paid_h / open_h(m, &m->demands->items[col.a], col.t, col.t + 1) -
                                   UNIT_SLACK)),
            .paid_us = llround(paid_h * (double)US_PER_H),
            .useful = paid_h * o->work_per_h,
            .used = o->fit.used};
        s->left[col.a] -= paid_h * o->work_per_h;
    }
    schedule_sort(s);
}
