#include "solver/resize.h"
#include "solver/fleet_classes.h"
#include "solver/fleet_use.h"
#include "solver/formulate.h"
#include "solver/options.h"
#include "solver/sizing.h"
#include <math.h>
#include <string.h>

/* LP values this close below a whole number are that number. */
#define WHOLE  1e-6
#define ENOUGH LOAD_ENOUGH

/* Load per second of the period at hand: all of it, and what spot machines do not count for. */
struct load {
    double all, steady;
};

struct sizer {
    const struct formulation *f;
    const struct model *m;
    const struct served *v;
    struct fleet *fleet;
    double *x;
    const double *bought;
    size_t i, T, t;
    double load, steady;  /* of period t: in all, and outside spot */
    double *sized;        /* [limits][periods] units of all services so far */
    double *use;          /* the same with what subscribed machines hold */
    long *in_pool;        /* [pools] machines of the period at hand */
    struct load *serving; /* [pools] the part of them that serves */
    bool *lies;           /* [options] its datasets are where its machines would stand */
    double *others; /* [limits][periods] what the LP gives to work and to services that follow */
};

static long *at(const struct sizer *s, size_t o)
{
    return &s->fleet->machines[o * s->T + s->t];
}

/* What the machines of period t carry, all of them and those outside spot. */
static struct load carried(const struct sizer *s)
{
    const size_t n_pools = s->v->n_pools;
    memset(s->in_pool, 0, n_pools * sizeof *s->in_pool);
    memset(s->serving, 0, n_pools * sizeof *s->serving);
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        const long n = *at(s, o);
        if (n == 0) continue;
        const double serving = (double)n * s->v->group.options[o].useful.u;
        struct load *pool = &s->serving[s->v->pool_of[o]];
        s->in_pool[s->v->pool_of[o]] += n;
        pool->all += serving;
        if (!s->v->group.options[o].spot) pool->steady += serving;
    }
    struct load sum = {0, 0};
    for (size_t p = 0; p < n_pools; p++) {
        if (s->in_pool[p] == 0) continue;
        sum.all += served_carried(s->v, p, 0, s->in_pool[p], s->serving[p].all);
        sum.steady += served_carried(s->v, p, 0, s->in_pool[p], s->serving[p].steady);
    }
    return sum;
}

static long total(const struct sizer *s, bool with_spot)
{
    long n = 0;
    for (size_t o = 0; o < s->v->group.n_options; o++)
        if (with_spot || !s->v->group.options[o].spot) n += *at(s, o);
    return n;
}

static double limit_left(const struct sizer *s, size_t l)
{
    const struct model *m = s->m;
    const struct capacity *c = &m->limits[l];
    double left =
        c->buys ? s->bought[l] : capacity_at(c, m->grid.from_us[s->t], m->grid.from_us[s->t + 1]);
    left -= s->use[l * s->T + s->t];
    for (size_t o = 0; o < s->v->group.n_options; o++)
        left -= (double)*at(s, o) * option_limit_units(&s->v->group.options[o], l);
    return left;
}

static bool may_add(const struct sizer *s, size_t o)
{
    const struct option *x = &s->v->group.options[o];
    const size_t col = s->f->services[s->i].held[o * s->T + s->t];
    if (col == NONE || !s->lies[o] || option_stays(s->m, x)) return false;
    if (s->v->service->max_machines > 0 && total(s, true) >= s->v->service->max_machines)
        return false;
    for (size_t i = 0; i < x->n_limits; i++)
        if (limit_left(s, x->limits[i].limit) < x->limits[i].units * (1 - ENOUGH)) return false;
    return true;
}

static double shortfall(const struct sizer *s)
{
    const struct load now = carried(s);
    return fmax(s->load - now.all, s->steady - now.steady);
}

/* The option whose next machine costs least for what it adds to what is missing; NONE: nothing may be added. */
static size_t best_addition(struct sizer *s)
{
    size_t best = NONE;
    double best_price = INFINITY;
    const double short_now = shortfall(s);
    const bool steady = s->steady - carried(s).steady > ENOUGH * s->load;
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        const struct option *x = &s->v->group.options[o];
        if ((steady && x->spot) || !may_add(s, o)) continue;
        ++*at(s, o);
        const double gain = short_now - fmax(0, shortfall(s));
        --*at(s, o);
        if (gain <= 0) continue;
        const double price = x->cost_per_h / gain;
        if (price >= best_price) continue;
        best_price = price;
        best = o;
    }
    return best;
}

/* A machine outside spot that the base asks for. */
static bool is_of_base(const struct sizer *s, size_t o)
{
    return !s->v->group.options[o].spot && total(s, false) <= s->v->service->on_demand_base;
}

/* Where no more machines are allowed a weaker one gives way to a stronger one; of the base only to one outside spot. */
static bool swap_one(struct sizer *s)
{
    double best = shortfall(s) * (1 - ENOUGH);
    size_t out = NONE, in = NONE;
    for (size_t a = 0; a < s->v->group.n_options; a++) {
        if (*at(s, a) == 0 || option_stays(s->m, &s->v->group.options[a])) continue;
        const bool base = is_of_base(s, a);
        --*at(s, a);
        for (size_t b = 0; b < s->v->group.n_options; b++) {
            if (b == a || (base && s->v->group.options[b].spot) || !may_add(s, b)) continue;
            ++*at(s, b);
            if (shortfall(s) < best) {
                best = shortfall(s);
                out = a;
                in = b;
            }
            --*at(s, b);
        }
        ++*at(s, a);
    }
    if (out == NONE) return false;
    --*at(s, out);
    ++*at(s, in);
    return true;
}

static bool enough(const struct sizer *s)
{
    return shortfall(s) <= ENOUGH * s->load && total(s, false) >= s->v->service->on_demand_base &&
           total(s, true) >= s->v->service->min_machines;
}

/* Takes machines away that are not needed, the dearest first. */
static void trim(struct sizer *s)
{
    for (;;) {
        size_t worst = NONE;
        for (size_t o = 0; o < s->v->group.n_options; o++) {
            const struct option *x = &s->v->group.options[o];
            if (*at(s, o) == 0 || option_stays(s->m, x) || x->cost_per_h <= 0) continue;
            if (worst != NONE && x->cost_per_h <= s->v->group.options[worst].cost_per_h) continue;
            --*at(s, o);
            if (enough(s)) worst = o;
            ++*at(s, o);
        }
        if (worst == NONE) return;
        --*at(s, worst);
    }
}

static size_t cheapest_addition(struct sizer *s, bool steady)
{
    size_t best = NONE;
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        if ((steady && s->v->group.options[o].spot) || !may_add(s, o)) continue;
        if (best == NONE ||
            s->v->group.options[o].cost_per_h < s->v->group.options[best].cost_per_h)
            best = o;
    }
    return best;
}

static void note_missing(struct sizer *s)
{
    const double missing = s->load > 0 ? shortfall(s) / s->load - ENOUGH : 0;
    if (missing <= s->fleet->missing) return;
    s->fleet->missing = missing;
    s->fleet->worst = s->t;
}

static void size_period(struct sizer *s)
{
    const struct service *service = s->v->service;
    const struct service_formulation *r = &s->f->services[s->i];
    const double left_out = s->fleet->unserved[s->t];
    s->load = served_load(s->m, s->v, s->t) * (1 - left_out);
    s->steady = (1 - service->spot_max_frac) * s->load;
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        const size_t col = r->held[o * s->T + s->t];
        *at(s, o) = col == NONE ? 0 : (long)floor(s->x[col] + WHOLE);
    }
    for (size_t o; shortfall(s) > ENOUGH * s->load && (o = best_addition(s)) != NONE;) ++*at(s, o);
    while (shortfall(s) > ENOUGH * s->load && swap_one(s)) continue;
    for (size_t o;
         total(s, false) < service->on_demand_base && (o = cheapest_addition(s, true)) != NONE;)
        ++*at(s, o);
    for (size_t o;
         total(s, true) < service->min_machines && (o = cheapest_addition(s, false)) != NONE;)
        ++*at(s, o);
    if (enough(s)) trim(s);
    note_missing(s);
}

/* Units of limit l that are left in this period: beside all machines, or beside the fixed ones alone. */
static double room_left(const struct sizer *s, size_t l, bool all, bool others)
{
    const struct capacity *c = &s->m->limits[l];
    double left = c->buys ? s->bought[l]
                          : capacity_at(c, s->m->grid.from_us[s->t], s->m->grid.from_us[s->t + 1]);
    left -= s->use[l * s->T + s->t] + (others ? s->others[l * s->T + s->t] : 0);
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        const struct option *x = &s->v->group.options[o];
        if (served_direct(s->m, x)) continue; /* counted as bought */
        if (!all && !option_stays(s->m, x)) continue;
        left -= (double)*at(s, o) * option_limit_units(x, l);
    }
    return left;
}

static bool keeps_limits(const struct sizer *s)
{
    const long most = s->v->service->max_machines;
    if (most > 0 && total(s, true) > most) return false;
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        const struct option *x = &s->v->group.options[o];
        if (*at(s, o) == 0 || served_direct(s->m, x)) continue;
        for (size_t i = 0; i < x->n_limits; i++)
            if (room_left(s, x->limits[i].limit, true, true) < -ENOUGH * x->limits[i].units)
                return false;
    }
    return true;
}

/* Several classes: the columns are whole, or are rounded up. */
static void round_up(struct sizer *s)
{
    const struct service_formulation *r = &s->f->services[s->i];
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        const size_t col = r->held[o * s->T + s->t];
        *at(s, o) = col == NONE ? 0 : (long)ceil(s->x[col] - WHOLE);
    }
}

/* The cheapest whole machines of the period beside fixed ones, where parts rounded up pass a limit. False: not in the room
 * given; the load is then carried as far as it goes. */
static bool choose_crew(struct sizer *s, bool others)
{
    struct arena *scratch = arena_new();
    const size_t n = s->v->group.n_options, C = s->v->service->n_classes;
    double *left = ARENA_NEW(scratch, double, s->m->n_limits + 1);
    double *need = ARENA_NEW(scratch, double, C + 1);
    long *machines = ARENA_NEW(scratch, long, n + 1);
    for (size_t l = 0; l < s->m->n_limits; l++) left[l] = room_left(s, l, false, others);
    for (size_t c = 0; c < C; c++) {
        const bool asked = s->f->services[s->i].serve[c * s->T + s->t] != NONE;
        need[c] = asked ? 1 - s->fleet->unserved[c * s->T + s->t] : 0;
    }
    for (size_t o = 0; o < n; o++) machines[o] = *at(s, o);
    const struct crew_room room = {s->f, s->x, s->i, s->t, left, need};
    const double missing = crew_choose(machines, &room);
    for (size_t o = 0; o < n; o++) *at(s, o) = machines[o];
    arena_free(scratch);
    if (missing > 0 && others) return false;
    if (missing <= s->fleet->missing) return true;
    s->fleet->missing = missing;
    s->fleet->worst = s->t;
    return true;
}

static void size_classes(struct sizer *s)
{
    round_up(s);
    if (!keeps_limits(s) && !choose_crew(s, true)) (void)choose_crew(s, false);
}

static bool boots(const struct sizer *s, size_t o)
{
    const enum market_id market = s->m->offers[s->v->group.options[o].offer].market->id;
    return market == MARKET_AUTOSCALED || market == MARKET_SPOT;
}

/* As many machines as limits allow, at most `count`. */
static void raise_to(struct sizer *s, size_t o, size_t t, long count)
{
    const size_t before = s->t;
    s->t = t;
    while (*at(s, o) < count && may_add(s, o)) ++*at(s, o);
    s->t = before;
}

/* A machine that would be away for less than it takes to boot stays. */
static void fill_dips(struct sizer *s, size_t o)
{
    const struct grid *g = &s->m->grid;
    const int64_t cold_us = llround(s->v->service->cold_start_h * (double)US_PER_H);
    long *n = &s->fleet->machines[o * s->T];
    for (size_t t = 1; t < s->T; t++) {
        if (n[t] >= n[t - 1]) continue;
        const long high = n[t - 1];
        size_t end = t;
        while (end < s->T && n[end] < high && g->from_us[end] - g->from_us[t] <= cold_us) end++;
        if (end == s->T || n[end] < high || g->from_us[end] - g->from_us[t] > cold_us) continue;
        for (size_t k = t; k < end; k++) raise_to(s, o, k, high);
    }
}

/* Machines that were booted stay for the cooldown (ESS: no scale-in before it). */
static void keep_cooldown(struct sizer *s, size_t o)
{
    const struct grid *g = &s->m->grid;
    const int64_t step = s->m->scenario->step_us;
    const int64_t cooldown = llround(s->v->service->cooldown_h * (double)US_PER_H);
    const int64_t hold = cooldown > step ? (cooldown + step - 1) / step * step : 0;
    long *n = &s->fleet->machines[o * s->T], *v = &s->fleet->starts[o * s->T];
    for (size_t t = 1; t < s->T; t++) {
        long held = 0;
        for (size_t k = t; k-- > 1 && g->from_us[k] + hold > g->from_us[t];) held += v[k];
        if (hold > 0) raise_to(s, o, t, held);
        v[t] = n[t] > n[t - 1] ? n[t] - n[t - 1] : 0;
    }
}

static void read_unserved(struct sizer *s)
{
    const size_t *column = s->f->services[s->i].unserved;
    for (size_t i = 0; i < s->v->service->n_classes * s->T; i++)
        s->fleet->unserved[i] = column[i] == NONE ? 0 : fmin(1, fmax(0, s->x[column[i]]));
}

static void book_hours(struct sizer *s, bool relaxed)
{
    const struct grid *g = &s->m->grid;
    const double cold_us = s->v->service->cold_start_h * (double)US_PER_H;
    for (size_t o = 0; o < s->v->group.n_options; o++)
        for (size_t t = 0; t < s->T; t++) {
            const size_t i = o * s->T + t, col = s->f->services[s->i].held[i];
            const int64_t length = g->from_us[t + 1] - g->from_us[t];
            s->fleet->held_us[i] = s->fleet->machines[i] * length;
            s->fleet->start_us[i] = llround((double)s->fleet->starts[i] * cold_us);
            if (relaxed)
                s->fleet->held_us[i] = col == NONE ? 0 : llround(s->x[col] * (double)length);
        }
}

static void note_use(struct sizer *s)
{
    for (size_t o = 0; o < s->v->group.n_options; o++)
        for (size_t i = 0; i < s->v->group.options[o].n_limits; i++)
            for (size_t t = 0; t < s->T; t++) {
                const size_t at = s->v->group.options[o].limits[i].limit * s->T + t;
                const double units = (double)s->fleet->machines[o * s->T + t] *
                                     s->v->group.options[o].limits[i].units;
                s->use[at] += units;
                s->sized[at] += units;
            }
}

static void size_periods(struct sizer *s, bool relaxed)
{
    s->fleet->missing = 0;
    for (s->t = 0; s->t < s->T; s->t++) {
        if (relaxed)
            round_up(s);
        else if (served_single(s->v))
            size_period(s);
        else
            size_classes(s);
    }
}

/* Whether a fixed fleet may have one machine more in every period: no limit and no quota is passed. */
static bool may_grow(struct sizer *s, size_t o)
{
    const struct option *x = &s->v->group.options[o];
    const struct model *m = s->m;
    const size_t before = s->t;
    const bool direct = served_direct(m, x);
    bool may = true;
    for (size_t l = 0; direct && l < m->n_limits; l++)
        if (subscription_counts(&m->limits[l], m, &m->offers[x->offer])) return false;
    for (s->t = 0; may && s->t < s->T; s->t++) {
        const long most = s->v->service->max_machines;
        may = most == 0 || total(s, true) < most;
        for (size_t i = 0; may && !direct && i < x->n_limits; i++)
            may = limit_left(s, x->limits[i].limit) >= x->limits[i].units * (1 - ENOUGH);
    }
    s->t = before;
    return may;
}

/* The fixed fleet or subscription whose next machine helps most for its money in the worst period; NONE. */
static size_t best_fixed(struct sizer *s)
{
    size_t best = NONE;
    double best_price = INFINITY;
    s->t = s->fleet->worst;
    s->load = served_load(s->m, s->v, s->t) * (1 - s->fleet->unserved[s->t]);
    s->steady = (1 - s->v->service->spot_max_frac) * s->load;
    const double short_now = shortfall(s);
    for (size_t o = 0; o < s->v->group.n_options; o++) {
        const struct option *x = &s->v->group.options[o];
        const bool direct = served_direct(s->m, x);
        if (served_follows(s->m, x) && !direct) continue;
        if (s->f->services[s->i].held[o * s->T + s->t] == NONE || !s->lies[o] || !may_grow(s, o))
            continue;
        ++*at(s, o);
        const double gain = short_now - fmax(0, shortfall(s));
        --*at(s, o);
        const double price = (x->cost_per_h + (direct ? s->m->offers[x->offer].price : 0)) / gain;
        if (gain <= 0 || price >= best_price) continue;
        best_price = price;
        best = o;
    }
    return best;
}

/* Rounds in which a fixed fleet may grow beyond what the LP's rates per machine ask for. */
enum { MOST_GROWTH = 1000 };

/* The cheapest whole machines of every period beside the fixed numbers in x; false: not of that form, or not to be had.
 * `lp`: what the LP gives to those that are not yet made whole is left to them. */
static bool size_best(struct sizer *s, bool lp)
{
    struct arena *scratch = arena_new();
    const size_t n = s->v->group.n_options;
    double *use = ARENA_NEW(scratch, double, s->m->n_limits * s->T + 1);
    use_add_subscribed(use, s->m, s->bought, s->i);
    for (size_t k = 0; s->i > 0 && k < s->m->n_limits * s->T; k++) use[k] += s->sized[k];
    if (lp) use_add_lp(use, s->f, s->x, s->i + 1, s->i);
    struct sizing z;
    double cost;
    bool exact,
        found = sizing_make(&z, s->f, s->i,
                            &(struct sizing_view){s->x, s->bought, use, NONE, false}, scratch);
    if (found) {
        long *fixed = ARENA_NEW(scratch, long, n + 1);
        for (size_t o = 0; o < n; o++)
            if (z.part[o] == SIZING_FIXED)
                fixed[o] = lround(s->x[s->f->services[s->i].held[o * s->T]]);
        found = sizing_path(&z, fixed, s->fleet->machines, &cost, &exact);
    }
    arena_free(scratch);
    return found;
}

static void size_all(struct sizer *s, bool relaxed)
{
    s->fleet->missing = 0;
    const bool last =
        s->m->demands->n == 0 && s->i + 1 == s->m->n_served; /* nothing is left to others */
    if (!relaxed && (size_best(s, true) || (!last && size_best(s, false)))) return;
    if (!relaxed && !served_single(s->v)) {
        s->others = ARENA_NEW(s->m->arena, double, s->m->n_limits * s->T + 1);
        use_add_lp(s->others, s->f, s->x, s->i + 1, s->i);
    }
    size_periods(s, relaxed);
    for (int i = 0; !relaxed && served_single(s->v) && s->fleet->missing > 0 && i < MOST_GROWTH;
         i++) {
        const size_t o = best_fixed(s);
        if (o == NONE) return;
        s->x[s->f->services[s->i].held[o * s->T]] += 1;
        size_periods(s, relaxed);
    }
}

/* NOLINTNEXTLINE(readability-non-const-parameter): columns of fixed fleets grow in it */
void fleets_make(struct fleet *fleets, const struct formulation *f, double *x, const double *bought,
                 bool relaxed)
{
    const struct model *m = f->model;
    struct sizer s = {.f = f, .m = m, .x = x, .bought = bought, .T = m->grid.n};
    s.use = ARENA_NEW(m->arena, double, m->n_limits *s.T + 1);
    s.sized = ARENA_NEW(m->arena, double, m->n_limits *s.T + 1);
    use_add_subscribed(s.use, m, bought, NONE);
    for (s.i = 0; s.i < m->n_served; s.i++) {
        s.v = &m->served[s.i];
        s.fleet = &fleets[s.i];
        s.in_pool = ARENA_NEW(m->arena, long, s.v->n_pools + 1);
        s.serving = ARENA_NEW(m->arena, struct load, s.v->n_pools + 1);
        *s.fleet = (struct fleet){
            .machines = ARENA_NEW(m->arena, long, s.v->group.n_options *s.T + 1),
            .starts = ARENA_NEW(m->arena, long, s.v->group.n_options *s.T + 1),
            .held_us = ARENA_NEW(m->arena, int64_t, s.v->group.n_options * s.T + 1),
            .start_us = ARENA_NEW(m->arena, int64_t, s.v->group.n_options * s.T + 1),
            .unserved = ARENA_NEW(m->arena, double, s.v->service->n_classes *s.T + 1)};
        s.lies = ARENA_NEW(m->arena, bool, s.v->group.n_options + 1);
        for (size_t o = 0; o < s.v->group.n_options; o++)
            s.lies[o] = option_lies(f, s.v, &s.v->group.options[o], x);
        read_unserved(&s);
        size_all(&s, relaxed);
        for (size_t o = 0; o < s.v->group.n_options; o++) {
            if (relaxed || !boots(&s, o)) continue;
            fill_dips(&s, o);
            keep_cooldown(&s, o);
        }
        book_hours(&s, relaxed);
        note_use(&s);
    }
}
