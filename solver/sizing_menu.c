/* Menus of crews: every number of hourly machines that could be best beside a fixed fleet, and what each carries. Pools are
 * looked at one by one (r(n) is of a pool) and then added up; what another crew does as well for less is dropped. */
#include "solver/sizing.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Crews of one list before the useless ones are dropped, and after. */
enum { MOST_CREWS = 60000, MOST_KEPT = 2500 };

struct crew {
    double cost, all, steady; /* per hour; load carried by all machines, by those outside spot */
    long total, firm;         /* machines; outside spot */
    size_t a, b;              /* the crews of the two lists that it is the sum of */
};

struct crews {
    size_t n, room;
    struct crew *items;
    int *counts; /* [n][options] */
};

/* One making of a menu. */
struct making {
    struct sizing *z;
    struct arena *arena;
    const long *low, *high;
    const double *left;        /* [tight] after the fixed machines */
    long may, need, need_firm; /* machines: allowed, asked for, asked for outside spot */
    bool may_matters, steady_matters;
    bool last; /* no more pools are added to the list at hand */
    size_t pool;
    size_t n_hourly;
    size_t *hourly; /* options of the pool */
    int *now;       /* [options] */
    bool too_many;
};

static bool keeps_limits(const struct making *k, const int *counts)
{
    const struct sizing *z = k->z;
    for (size_t l = 0; l < z->n_tight; l++) {
        double use = 0;
        for (size_t o = 0; o < z->n; o++) use += counts[o] * z->units[o * z->n_tight + l];
        if (use > k->left[l] + 1e-9 * fmax(1, fabs(k->left[l]))) return false;
    }
    return true;
}

static struct crew *add_crew(struct making *k, struct crews *list)
{
    if (list->n >= MOST_CREWS) k->too_many = true;
    list->items = arena_grow(k->arena, list->items, list->n, sizeof *list->items);
    return &list->items[list->n++];
}

static bool is_allowed(const struct making *k, const struct crew *c)
{
    return !k->may_matters || c->total <= k->may;
}

/* What the machines of the pool carry: as in the sizing of a period, r(n) by the part of the time they serve. */
static struct crew pool_crew(const struct making *k)
{
    const struct sizing *z = k->z;
    struct crew c = {0};
    long machines = 0;
    double all = 0, steady = 0;
    for (size_t o = 0; o < z->n; o++) {
        if (z->v->pool_of[o] != k->pool || z->part[o] == SIZING_OUT) continue;
        const struct option *x = &z->v->group.options[o];
        const long n = z->part[o] == SIZING_FIXED ? k->high[o] : k->now[o];
        machines += n;
        all += (double)n * x->useful.u;
        if (!x->spot) steady += (double)n * x->useful.u;
        if (z->part[o] == SIZING_FIXED) continue;
        c.cost += (double)n * z->price[o];
        c.total += n;
        if (!x->spot) c.firm += n;
    }
    c.all = served_carried(z->v, k->pool, 0, machines, all);
    c.steady = served_carried(z->v, k->pool, 0, machines, steady);
    return c;
}

static void note_counts(struct making *k, struct crews *list)
{
    const size_t width = k->z->n;
    if (list->n == list->room) {
        const int *old = list->counts;
        list->room = list->room ? 2 * list->room : 64;
        list->counts = ARENA_NEW(k->arena, int, list->room *width);
        if (list->n) memcpy(list->counts, old, list->n * width * sizeof *old);
    }
    memcpy(&list->counts[list->n * width], k->now, width * sizeof *k->now);
}

/* Every number of the pool's hourly machines, the options from `depth` on. */
static void list_pool(struct making *k, struct crews *list, size_t depth, long room)
{
    if (k->too_many) return;
    if (depth == k->n_hourly) {
        struct crew c = pool_crew(k);
        if (!is_allowed(k, &c) || !keeps_limits(k, k->now)) return;
        c.a = list->n;
        note_counts(k, list);
        *add_crew(k, list) = c;
        return;
    }
    const size_t o = k->hourly[depth];
    const long most = k->z->most[o] < room ? k->z->most[o] : room;
    for (long n = 0; n <= most && !k->too_many; n++) {
        k->now[o] = (int)n;
        list_pool(k, list, depth + 1, room - n);
    }
    k->now[o] = 0;
}

/* Whether the crews of the pool are more than a list holds, where no limit can forbid any: told without listing them. Ways to
 * choose numbers that sum up to no more than `room`, option by option. */
static bool is_long(const struct making *k, long room)
{
    long most = 0;
    for (size_t i = 0; i < k->n_hourly; i++) most += k->z->most[k->hourly[i]];
    if (room < most) most = room;
    if (k->may_matters && k->may < most) most = k->may;
    if (k->z->n_tight > 0) return false;
    if (most >= MOST_CREWS) return true; /* each sum can be had */
    const size_t n_sums = (size_t)most + 1;
    double *ways = ARENA_NEW(k->arena, double, n_sums), *next = ARENA_NEW(k->arena, double, n_sums);
    double all = 0;
    ways[0] = 1;
    for (size_t i = 0; i < k->n_hourly; i++) {
        const size_t own = (size_t)k->z->most[k->hourly[i]];
        double sum = 0;
        for (size_t n = 0; n < n_sums; n++) {
            sum += ways[n] - (n > own ? ways[n - own - 1] : 0);
            next[n] = sum;
        }
        memcpy(ways, next, n_sums * sizeof *ways);
    }
    for (size_t n = 0; n < n_sums; n++) all += ways[n];
    return all > MOST_CREWS;
}

static int by_cost(const void *left, const void *right)
{
    const struct crew *a = left, *b = right;
    if (a->cost != b->cost) return a->cost < b->cost ? -1 : 1;
    if (a->all != b->all) return a->all > b->all ? -1 : 1;
    if (a->steady != b->steady) return a->steady > b->steady ? -1 : 1;
    if (a->a != b->a) return a->a < b->a ? -1 : 1;
    return (a->b > b->b) - (a->b < b->b);
}

static bool is_as_good(const struct making *k, const struct crew *a, const int *a_counts,
                       const struct crew *b, const int *b_counts)
{
    const struct sizing *z = k->z;
    if (a->all < b->all || (k->steady_matters && a->steady < b->steady)) return false;
    if (k->may_matters && a->total > b->total) return false;
    if (a->total < k->need && a->total < b->total) return false;
    if (a->firm < k->need_firm && a->firm < b->firm) return false;
    for (size_t l = 0; l < z->n_tight; l++) {
        double more = 0;
        for (size_t o = 0; o < z->n; o++)
            more += (a_counts[o] - b_counts[o]) * z->units[o * z->n_tight + l];
        if (more > 0) return false;
    }
    return true;
}

/* Carries the peak and is as many as are asked for: nothing dearer is of use. */
static bool is_complete(const struct making *k, const struct crew *c)
{
    const struct sizing *z = k->z;
    return c->all >= z->peak && (!k->steady_matters || c->steady >= z->steady * z->peak) &&
           c->total >= k->need && c->firm >= k->need_firm && !k->may_matters && z->n_tight == 0;
}

/* The counts of a crew: of the list it was made in, or of the two that it is the sum of. */
static void read_counts(const struct making *k, const struct crew *c, const int *a, const int *b,
                        int *counts)
{
    const size_t n = k->z->n;
    for (size_t o = 0; o < n; o++) counts[o] = a[c->a * n + o] + (b ? b[c->b * n + o] : 0);
}

static double load_of(const struct making *k, const struct crew *c)
{
    return k->steady_matters ? fmin(c->all, c->steady / k->z->steady) : c->all;
}

/* One number tells which crew is better: the load carried. */
static bool is_plain(const struct making *k)
{
    if (k->may_matters || k->z->n_tight > 0) return false;
    return k->last || (!k->steady_matters && k->need <= 0 && k->need_firm <= 0);
}

/* As many as are asked for, as far as that can be told before the last pool. */
static bool is_many(const struct making *k, const struct crew *c)
{
    return !k->last || (c->total >= k->need && c->firm >= k->need_firm);
}

static bool is_useless(const struct making *k, const struct crews *list, size_t kept,
                       const int *kept_counts, const struct crew *c, const int *counts)
{
    if (is_plain(k)) return kept > 0 && load_of(k, c) <= load_of(k, &list->items[kept - 1]);
    bool useless = false;
    for (size_t j = kept; j-- > 0 && !useless; k->z->work++)
        useless = is_as_good(k, &list->items[j], &kept_counts[j * k->z->n], c, counts);
    return useless;
}

/* `a`, `b`: counts that the crews of the list point into. Cheapest first, what does as well for less stays. */
static void drop_useless(struct making *k, struct crews *list, const int *a, const int *b)
{
    const size_t width = k->z->n;
    int *kept = ARENA_NEW(k->arena, int, (MOST_KEPT + 1) * width);
    size_t n = 0;
    if (list->n > 0) qsort(list->items, list->n, sizeof *list->items, by_cost);
    k->z->work += (long)list->n;
    for (size_t i = 0; i < list->n && n < MOST_KEPT; i++) {
        int *counts = &kept[n * width];
        read_counts(k, &list->items[i], a, b, counts);
        if (!is_many(k, &list->items[i]) || !keeps_limits(k, counts) ||
            is_useless(k, list, n, kept, &list->items[i], counts))
            continue;
        list->items[n] = list->items[i];
        list->items[n].a = n;
        if (is_complete(k, &list->items[n++])) break;
    }
    if (n == MOST_KEPT) k->too_many = true;
    list->n = n;
    list->counts = kept;
}

/* Both together; `sum` is empty. */
static void add_up(struct making *k, struct crews *sum, const struct crews *a,
                   const struct crews *b)
{
    double enough = INFINITY;
    for (size_t i = 0; i < a->n && !k->too_many; i++)
        for (size_t j = 0; j < b->n && !k->too_many; j++) {
            const struct crew *x = &a->items[i], *y = &b->items[j];
            const struct crew c = {.cost = x->cost + y->cost,
                                   .all = x->all + y->all,
                                   .steady = x->steady + y->steady,
                                   .total = x->total + y->total,
                                   .firm = x->firm + y->firm,
                                   .a = i,
                                   .b = j};
            if (c.cost > enough) break; /* b is sorted by cost */
            if (!is_allowed(k, &c)) continue;
            *add_crew(k, sum) = c;
            if (is_complete(k, &c)) enough = fmin(enough, c.cost);
        }
    drop_useless(k, sum, a->counts, b->counts);
}

static void begin_pool(struct making *k, size_t pool)
{
    const struct sizing *z = k->z;
    k->pool = pool;
    k->n_hourly = 0;
    for (size_t o = 0; o < z->n; o++)
        if (z->v->pool_of[o] == pool && z->part[o] == SIZING_HOURLY) k->hourly[k->n_hourly++] = o;
}

/* Room for hourly machines of the pool: beyond it they carry nothing more, and no smallest number asks for them. */
static long room_of(const struct making *k)
{
    const struct sizing *z = k->z;
    long fixed = 0, most = 0;
    for (size_t o = 0; o < z->n; o++) {
        if (z->v->pool_of[o] != k->pool || z->part[o] == SIZING_OUT) continue;
        if (z->part[o] == SIZING_FIXED) fixed += k->high[o];
        if (z->most[o] > most) most = z->most[o];
    }
    long room = most - fixed;
    if (k->need > room) room = k->need;
    if (k->need_firm > room) room = k->need_firm;
    return room > 0 ? room : 0;
}

/* Whether crews of use could be more machines than are allowed: each pool carries the peak with `most` of its own. */
static bool may_matters(const struct making *k)
{
    const struct sizing *z = k->z;
    long sum = 0;
    for (size_t p = 0; p < z->v->n_pools; p++) {
        long most = 0;
        for (size_t o = 0; o < z->n; o++)
            if (z->v->pool_of[o] == p && z->part[o] == SIZING_HOURLY && z->most[o] > most)
                most = z->most[o];
        sum += most;
    }
    return z->v->service->max_machines > 0 && sum > k->may;
}

static void read_limits(struct making *k, size_t regime)
{
    struct sizing *z = k->z;
    const struct service *s = z->v->service;
    double *left = ARENA_NEW(k->arena, double, z->n_tight + 1);
    long least = 0, most = 0;
    memcpy(left, &z->left[regime * z->n_tight], z->n_tight * sizeof *left);
    for (size_t o = 0; o < z->n; o++) {
        if (z->part[o] != SIZING_FIXED) continue;
        least += k->low[o];
        most += k->high[o];
        for (size_t l = 0; l < z->n_tight; l++)
            left[l] -= (double)k->low[o] * z->units[o * z->n_tight + l];
    }
    k->left = left;
    k->may = s->max_machines - least;
    k->may_matters = may_matters(k);
    k->need = s->min_machines - most;
    k->need_firm = s->on_demand_base - most;
    for (size_t o = 0; o < z->n; o++)
        k->steady_matters |=
            z->steady > 0 && z->part[o] == SIZING_HOURLY && z->v->group.options[o].spot;
}

static bool limits_allow(const struct making *k)
{
    if (k->may_matters && k->may < 0) return false;
    for (size_t l = 0; l < k->z->n_tight; l++)
        if (k->left[l] < -1e-9 * fmax(1, fabs(k->left[l]))) return false;
    return true;
}

static void fill_menu(struct menu *menu, const struct making *k, const struct crews *list,
                      struct arena *a)
{
    const struct sizing *z = k->z;
    menu->cost = ARENA_NEW(a, double, list->n + 1);
    menu->load = ARENA_NEW(a, double, list->n + 1);
    menu->counts = ARENA_NEW(a, int, list->n * z->n + 1);
    for (size_t i = 0; i < list->n; i++) {
        const struct crew *c = &list->items[i];
        const double load = load_of(k, c);
        if (menu->n > 0 && load <= menu->load[menu->n - 1]) continue;
        menu->cost[menu->n] = c->cost;
        menu->load[menu->n] = load;
        memcpy(&menu->counts[menu->n * z->n], &list->counts[i * z->n], z->n * sizeof *list->counts);
        menu->n++;
    }
}

static bool has_machines(const struct sizing *z, size_t pool)
{
    for (size_t o = 0; o < z->n; o++)
        if (z->v->pool_of[o] == pool && z->part[o] != SIZING_OUT && z->most[o] > 0) return true;
    return false;
}

/* The first pool from `pool` on that has machines; NONE. */
static size_t next_pool(const struct sizing *z, size_t pool)
{
    while (pool < z->v->n_pools && !has_machines(z, pool)) pool++;
    return pool < z->v->n_pools ? pool : NONE;
}

static size_t last_pool(const struct sizing *z)
{
    size_t last = NONE;
    for (size_t p = 0; (p = next_pool(z, p)) != NONE; p++) last = p;
    return last;
}

bool menu_make(struct menu *menu, struct sizing *z, const long *low, const long *high,
               size_t regime, struct arena *a)
{
    struct making k = {.z = z,
                       .arena = a,
                       .low = low,
                       .high = high,
                       .hourly = ARENA_NEW(a, size_t, z->n),
                       .now = ARENA_NEW(a, int, z->n)};
    *menu = (struct menu){0};
    read_limits(&k, regime);
    if (!limits_allow(&k)) return true;
    struct crews all = {0};
    const size_t last = last_pool(z);
    for (size_t p = 0; (p = next_pool(z, p)) != NONE && !k.too_many; p++) {
        struct crews one = {0}, sum = {0};
        begin_pool(&k, p);
        k.last = p == last && all.n == 0;
        k.too_many = is_long(&k, room_of(&k));
        list_pool(&k, &one, 0, room_of(&k));
        if (!k.too_many) drop_useless(&k, &one, one.counts, NULL);
        k.last = p == last;
        if (all.n > 0 && !k.too_many) add_up(&k, &sum, &all, &one);
        all = all.n > 0 ? sum : one;
    }
    if (!k.too_many) fill_menu(menu, &k, &all, a);
    return !k.too_many;
}

/* Hours of a regime whose load is no more than this; from `first` on. */
static double hours_up_to(const struct sizing *z, size_t first, size_t end, double load)
{
    size_t low = first, high = end;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (load >= z->groups[middle].load * (1 - LOAD_ENOUGH))
            low = middle + 1;
        else
            high = middle;
    }
    return low > first ? z->groups[low - 1].hours_so_far : 0;
}

/* Money of a regime: crews from cheap to dear, each for the loads that those before it cannot carry. */
static double regime_cost(const struct sizing *z, const struct menu *menu, size_t first, size_t end)
{
    double sum = 0, done = 0;
    for (size_t i = 0; i < menu->n; i++) {
        const double hours = hours_up_to(z, first, end, menu->load[i]);
        sum += (hours - done) * menu->cost[i];
        done = hours;
    }
    return done < z->groups[end - 1].hours_so_far ? HUGE_VAL : sum;
}

double sizing_value(struct sizing *z, const long *low, const long *high)
{
    struct arena *scratch = arena_new();
    double sum = 0;
    for (size_t o = 0; o < z->n; o++)
        if (z->part[o] == SIZING_FIXED) sum += (double)low[o] * z->price[o] * z->hours;
    for (size_t first = 0, end; first < z->n_groups && isfinite(sum); first = end) {
        struct menu menu;
        for (end = first; end < z->n_groups && z->groups[end].regime == z->groups[first].regime;)
            end++;
        const bool made = menu_make(&menu, z, low, high, z->groups[first].regime, scratch);
        sum += made ? regime_cost(z, &menu, first, end) : (double)NAN;
    }
    z->work += 100;
    arena_free(scratch);
    return sum;
}
