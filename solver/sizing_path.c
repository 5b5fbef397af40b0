/* The cheapest way through time for given fixed machines. States are numbers of hourly machines; a start costs the same
 * whenever it happens, option by option, so the step from one period to the next is a sweep along each option instead of a
 * comparison of all pairs. Where states are too many only each period's cheapest crew is taken. */
#include "solver/sizing.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

/* States, and states x periods, that are looked at one by one. */
enum { MOST_STATES = 4096, MOST_CELLS = 12000000 };

struct path {
    struct sizing *z;
    struct arena *arena;
    const long *fixed;
    struct menu *menus; /* [regimes] */
    size_t n_axes;
    size_t *axis;     /* hourly options */
    size_t *span;     /* [axes] numbers 0 .. span - 1 */
    size_t n;         /* states */
    double *cost;     /* [n] per hour */
    double *load;     /* [regimes][n] largest load carried; -1: not allowed */
    double *now;      /* [n] money so far */
    uint16_t *from;   /* [T][n] */
    uint16_t *source; /* [n] of the step at hand */
    bool whole;       /* every number that could be of use is a state */
};

static size_t crew_at(const struct menu *menu, double load)
{
    size_t i = 0;
    while (i < menu->n && menu->load[i] < load * (1 - LOAD_ENOUGH)) i++;
    return i;
}

static bool make_menus(struct path *p)
{
    struct sizing *z = p->z;
    p->menus = ARENA_NEW(p->arena, struct menu, z->n_regimes + 1);
    for (size_t r = 0; r < z->n_regimes; r++)
        if (!menu_make(&p->menus[r], z, p->fixed, p->fixed, r, p->arena)) return false;
    for (size_t t = 0; t < z->T; t++) {
        const struct menu *menu = &p->menus[z->regime_of[t]];
        if (crew_at(menu, z->load[t]) == menu->n) return false;
    }
    return true;
}

/* --- each period on its own --- */

double sizing_cost(const struct sizing *z, const long *fixed, const long *machines)
{
    double cost = 0;
    for (size_t o = 0; o < z->n; o++) {
        if (z->part[o] == SIZING_FIXED) cost += (double)fixed[o] * z->price[o] * z->hours;
        if (z->part[o] != SIZING_HOURLY) continue;
        for (size_t t = 0; t < z->T; t++) {
            const long n = machines[o * z->T + t], before = t > 0 ? machines[o * z->T + t - 1] : n;
            cost += (double)n * z->price[o] * period_h(&z->m->grid, t);
            if (n > before) cost += (double)(n - before) * z->start[o];
        }
    }
    return cost;
}

static void take_crews(const struct path *p, long *machines)
{
    const struct sizing *z = p->z;
    for (size_t t = 0; t < z->T; t++) {
        const struct menu *menu = &p->menus[z->regime_of[t]];
        const size_t crew = crew_at(menu, z->load[t]);
        for (size_t o = 0; o < z->n; o++)
            machines[o * z->T + t] =
                z->part[o] == SIZING_FIXED ? p->fixed[o] : menu->counts[crew * z->n + o];
    }
}

/* --- states --- */

static size_t count_states(const struct path *p)
{
    size_t n = 1;
    for (size_t i = 0; i < p->n_axes && n <= MOST_STATES; i++) n *= p->span[i];
    return n;
}

/* Numbers up to those that carry the peak; where that is too much, up to what the cheapest crews use. */
static bool span_axes(struct path *p)
{
    const struct sizing *z = p->z;
    p->axis = ARENA_NEW(p->arena, size_t, z->n);
    p->span = ARENA_NEW(p->arena, size_t, z->n);
    for (size_t o = 0; o < z->n; o++) {
        if (z->part[o] != SIZING_HOURLY) continue;
        p->axis[p->n_axes] = o;
        p->span[p->n_axes++] = (size_t)z->most[o] + 1;
    }
    p->n = count_states(p);
    p->whole = p->n <= MOST_STATES && p->n * z->T <= MOST_CELLS;
    if (p->whole) return true;
    for (size_t i = 0; i < p->n_axes; i++) p->span[i] = 1;
    for (size_t t = 0; t < z->T; t++) {
        const struct menu *menu = &p->menus[z->regime_of[t]];
        const int *counts = &menu->counts[crew_at(menu, z->load[t]) * z->n];
        for (size_t i = 0; i < p->n_axes; i++)
            if ((size_t)counts[p->axis[i]] >= p->span[i])
                p->span[i] = (size_t)counts[p->axis[i]] + 1;
    }
    p->n = count_states(p);
    return p->n <= MOST_STATES && p->n * z->T <= MOST_CELLS;
}

static void read_state(const struct path *p, size_t state, long *counts)
{
    for (size_t i = 0; i < p->n_axes; i++) {
        const size_t span = p->span[i] > 0 ? p->span[i] : 1;
        counts[p->axis[i]] = (long)(state % span);
        state /= span;
    }
}

static double pool_load(const struct sizing *z, const long *counts, size_t pool, bool with_spot)
{
    long machines = 0;
    double serving = 0;
    for (size_t o = 0; o < z->n; o++) {
        if (z->v->pool_of[o] != pool || z->part[o] == SIZING_OUT) continue;
        machines += counts[o];
        if (with_spot || !z->v->group.options[o].spot)
            serving += (double)counts[o] * z->v->group.options[o].useful.u;
    }
    return served_carried(z->v, pool, 0, machines, serving);
}

double sizing_load(const struct sizing *z, const long *counts)
{
    const struct service *s = z->v->service;
    long total = 0, firm = 0;
    double all = 0, steady = 0;
    for (size_t o = 0; o < z->n; o++) {
        if (z->part[o] == SIZING_OUT) continue;
        total += counts[o];
        if (!z->v->group.options[o].spot) firm += counts[o];
    }
    if (total < s->min_machines || firm < s->on_demand_base ||
        (s->max_machines > 0 && total > s->max_machines))
        return -1;
    for (size_t pool = 0; pool < z->v->n_pools; pool++) {
        all += pool_load(z, counts, pool, true);
        steady += pool_load(z, counts, pool, false);
    }
    return z->steady > 0 ? fmin(all, steady / z->steady) : all;
}

bool sizing_allows(const struct sizing *z, const long *counts, size_t regime)
{
    for (size_t l = 0; l < z->n_tight; l++) {
        const double left = z->left[regime * z->n_tight + l];
        double use = 0;
        for (size_t o = 0; o < z->n; o++)
            if (z->part[o] != SIZING_OUT) use += (double)counts[o] * z->units[o * z->n_tight + l];
        if (use > left + 1e-9 * fmax(1, fabs(left))) return false;
    }
    return true;
}

static void fill_states(struct path *p)
{
    const struct sizing *z = p->z;
    long *counts = ARENA_NEW(p->arena, long, z->n);
    p->cost = ARENA_NEW(p->arena, double, p->n);
    p->load = ARENA_NEW(p->arena, double, p->n * z->n_regimes);
    memcpy(counts, p->fixed, z->n * sizeof *counts);
    for (size_t s = 0; s < p->n; s++) {
        read_state(p, s, counts);
        for (size_t i = 0; i < p->n_axes; i++)
            p->cost[s] += (double)counts[p->axis[i]] * z->price[p->axis[i]];
        const double load = sizing_load(z, counts);
        for (size_t r = 0; r < z->n_regimes; r++)
            p->load[r * p->n + s] = sizing_allows(z, counts, r) ? load : -1;
    }
}

/* --- time --- */

static void pass(struct path *p, size_t to, size_t from, double more)
{
    if (p->now[from] + more >= p->now[to]) return;
    p->now[to] = p->now[from] + more;
    p->source[to] = p->source[from];
}

/* Machines may be added for a start each, or let go. */
static void sweep(struct path *p)
{
    size_t stride = 1;
    for (size_t i = 0; i < p->n_axes; i++) {
        const double start = p->z->start[p->axis[i]];
        const size_t block = stride * p->span[i];
        for (size_t first = 0; first < p->n; first += block) {
            for (size_t s = first + stride; s < first + block; s++) pass(p, s, s - stride, start);
            for (size_t s = first + block - stride; s-- > first;) pass(p, s, s + stride, 0);
        }
        stride = block;
    }
}

static void enter_period(struct path *p, size_t t)
{
    const struct sizing *z = p->z;
    const double h = period_h(&z->m->grid, t), needed = z->load[t] * (1 - LOAD_ENOUGH);
    const double *load = &p->load[z->regime_of[t] * p->n];
    for (size_t s = 0; s < p->n; s++) p->source[s] = (uint16_t)s;
    if (t > 0) sweep(p);
    memcpy(&p->from[t * p->n], p->source, p->n * sizeof *p->source);
    for (size_t s = 0; s < p->n; s++)
        p->now[s] = load[s] >= needed ? p->now[s] + h * p->cost[s] : (double)INFINITY;
}

static bool walk(struct path *p, long *machines)
{
    const struct sizing *z = p->z;
    p->now = ARENA_NEW(p->arena, double, p->n);
    p->source = ARENA_NEW(p->arena, uint16_t, p->n);
    p->from = ARENA_NEW(p->arena, uint16_t, p->n * z->T);
    for (size_t t = 0; t < z->T; t++) enter_period(p, t);
    p->z->work += (long)(p->n * z->T) / 16;
    size_t state = 0;
    for (size_t s = 1; s < p->n; s++)
        if (p->now[s] < p->now[state]) state = s;
    if (!isfinite(p->now[state])) return false;
    long *counts = ARENA_NEW(p->arena, long, z->n);
    memcpy(counts, p->fixed, z->n * sizeof *counts);
    for (size_t t = z->T; t-- > 0;) {
        read_state(p, state, counts);
        for (size_t o = 0; o < z->n; o++)
            machines[o * z->T + t] = z->part[o] == SIZING_OUT ? 0 : counts[o];
        state = p->from[t * p->n + state]; /* where this state of t came from */
    }
    return true;
}

/* Machines of one option alone, which need no change of option with the load; kept where that is cheaper. */
static void try_single(struct path *p, size_t option, long *machines)
{
    struct sizing *z = p->z;
    struct path single = {.z = z, .arena = p->arena, .fixed = p->fixed, .n_axes = 1};
    single.axis = &option;
    single.n = (size_t)z->most[option] + 1;
    single.span = &single.n;
    if (single.n > MOST_STATES || single.n * z->T > MOST_CELLS) return;
    long *own = ARENA_NEW(p->arena, long, z->n * z->T + 1);
    fill_states(&single);
    if (walk(&single, own) &&
        sizing_cost(z, p->fixed, own) < sizing_cost(z, p->fixed, machines) * (1 - 1e-12))
        memcpy(machines, own, z->n * z->T * sizeof *own);
}

bool sizing_path(struct sizing *z, const long *fixed, long *machines, double *cost, bool *exact)
{
    struct arena *scratch = arena_new();
    struct path p = {.z = z, .arena = scratch, .fixed = fixed};
    bool found = make_menus(&p);
    *exact = false;
    if (found) {
        take_crews(&p, machines);
        if (span_axes(&p)) {
            fill_states(&p);
            *exact = walk(&p, machines) && p.whole;
        }
        for (size_t o = 0; !p.whole && o < z->n; o++)
            if (z->part[o] == SIZING_HOURLY) try_single(&p, o, machines);
        found = sizing_hold(z, fixed, machines, exact);
        *cost = sizing_cost(z, fixed, machines);
    }
    arena_free(scratch);
    return found;
}
