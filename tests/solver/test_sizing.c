/* Whole machines of a service: the search against every possibility, on instances so small that all can be tried. */
#include "solver/sizing.h"

#include <gsl/gsl_math.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <string.h>

enum { T = 4, OPTIONS = 3, MOST = 3, N_INSTANCES = 150 };

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 16;
}

static int between(unsigned *state, int low, int high)
{
    return low + (int)(next_random(state) % (unsigned)(high - low + 1));
}

/* One service: a subscription and autoscaled machines of one type, spot machines of another. */
struct instance {
    struct arena *arena;
    struct scenario scenario;
    struct service service;
    struct model model;
    struct served served;
    struct sizing z;
};

static void make_pools(struct instance *n, unsigned *random)
{
    struct served *v = &n->served;
    v->n_pools = 2;
    v->pools = ARENA_NEW(n->arena, struct served_pool, v->n_pools);
    for (size_t p = 0; p < v->n_pools; p++) {
        v->pools[p].tables = ARENA_NEW(n->arena, struct rate_table, 1);
        const double rate = between(random, 5, 12);
        rate_table_linear(v->pools[p].tables, rate,
                          (struct rate_need){.load = 1e6, .machines = MOST}, n->arena);
        /* a pool of more machines carries a little more each, as queues do */
        for (size_t i = 0; i < v->pools[p].tables[0].n; i++)
            v->pools[p].tables[0].rate[i] *= 1 + 0.07 * (double)i;
    }
}

static void make_options(struct instance *n, unsigned *random)
{
    struct sizing *z = &n->z;
    static const size_t pools[] = {0, 0, 1};
    n->served.group.options = ARENA_NEW(n->arena, struct option, OPTIONS);
    n->served.group.n_options = OPTIONS;
    n->served.pool_of = ARENA_NEW(n->arena, size_t, OPTIONS);
    z->part = ARENA_NEW(n->arena, enum sizing_part, OPTIONS);
    z->boots = ARENA_NEW(n->arena, bool, OPTIONS);
    z->price = ARENA_NEW(n->arena, double, OPTIONS);
    z->start = ARENA_NEW(n->arena, double, OPTIONS);
    z->most = ARENA_NEW(n->arena, long, OPTIONS);
    for (size_t o = 0; o < OPTIONS; o++) {
        n->served.pool_of[o] = pools[o];
        n->served.group.options[o].spot = o == 2;
        n->served.group.options[o].useful.u = o == 2 ? 0.9 : 1;
        z->part[o] = o == 0 ? SIZING_FIXED : SIZING_HOURLY;
        z->boots[o] = o > 0;
        z->price[o] = between(random, 20, 60) / (o == 0 ? 10.0 : 5.0);
        z->start[o] = o > 0 ? z->price[o] * between(random, 0, 9) / 10.0 : 0;
        z->most[o] = MOST;
    }
}

static void make_time(struct instance *n, unsigned *random)
{
    struct sizing *z = &n->z;
    n->scenario.step_us = US_PER_H;
    n->model.grid.n = T;
    n->model.grid.from_us = ARENA_NEW(n->arena, int64_t, T + 1);
    z->load = ARENA_NEW(n->arena, double, T);
    z->regime_of = ARENA_NEW(n->arena, size_t, T);
    z->groups = ARENA_NEW(n->arena, struct sizing_group, T);
    for (size_t t = 0; t <= T; t++) n->model.grid.from_us[t] = (int64_t)t * US_PER_H;
    for (size_t t = 0; t < T; t++) {
        z->load[t] = between(random, 0, 25);
        z->peak = fmax(z->peak, z->load[t]);
    }
    double least = -1;
    for (size_t done = 0; done < T;) { /* ascending, equal ones together */
        double next = INFINITY;
        for (size_t t = 0; t < T; t++)
            if (z->load[t] > least) next = fmin(next, z->load[t]);
        double hours = 0;
        for (size_t t = 0; t < T; t++) hours += z->load[t] == next ? 1 : 0;
        done += (size_t)hours;
        z->groups[z->n_groups++] = (struct sizing_group){0, next, hours, (double)done};
        least = next;
    }
}

static void make_instance(struct instance *n, struct arena *a, unsigned seed)
{
    unsigned random = seed;
    *n = (struct instance){.arena = a};
    n->service =
        (struct service){.n_classes = 1,
                         .spot_max_frac = between(&random, 0, 10) / 10.0,
                         .min_machines = between(&random, 0, 2),
                         .max_machines = between(&random, 0, 1) ? between(&random, 3, 6) : 0,
                         .on_demand_base = between(&random, 0, 1)};
    if (seed % 5 == 0) n->service.cooldown_h = 2;
    n->model.scenario = &n->scenario;
    n->served.service = &n->service;
    n->z = (struct sizing){.arena = a,
                           .m = &n->model,
                           .v = &n->served,
                           .T = T,
                           .n = OPTIONS,
                           .steady = 1 - n->service.spot_max_frac,
                           .hours = T,
                           .n_regimes = 1,
                           .left = ARENA_NEW(a, double, 1)};
    make_pools(n, &random);
    make_options(n, &random);
    make_time(n, &random);
}

/* --- every possibility --- */

struct trial {
    const struct instance *n;
    long counts[T][OPTIONS];
    double best;
};

static double carried(const struct instance *n, const long *counts, bool with_spot)
{
    const struct rate_table *a = n->served.pools[0].tables, *b = n->served.pools[1].tables;
    const long firm = counts[0] + counts[1];
    double sum = 0;
    if (firm > 0) sum += a->rate[firm > (long)a->n ? a->n - 1 : (size_t)firm - 1];
    if (with_spot && counts[2] > 0) sum += 0.9 * b->rate[counts[2] - 1];
    return sum;
}

static bool is_enough(const struct instance *n, const long *counts, double load)
{
    const struct service *s = &n->service;
    const long firm = counts[0] + counts[1], all = firm + counts[2];
    return all >= s->min_machines && firm >= s->on_demand_base &&
           (s->max_machines == 0 || all <= s->max_machines) &&
           carried(n, counts, true) >= load * (1 - LOAD_ENOUGH) &&
           carried(n, counts, false) >= n->z.steady * load * (1 - LOAD_ENOUGH);
}

/* What was booted in the period before is still there: a cooldown of two hours. */
static bool keeps_booted(const struct trial *k, size_t t)
{
    for (size_t o = 1; k->n->service.cooldown_h > 0 && o < OPTIONS && t >= 2; o++) {
        const long booted = k->counts[t - 1][o] - k->counts[t - 2][o];
        if (booted > k->counts[t][o]) return false;
    }
    return true;
}

static void try_period(struct trial *k, size_t t, double cost)
{
    const struct sizing *z = &k->n->z;
    if (cost >= k->best) return;
    if (t == T) {
        k->best = cost;
        return;
    }
    for (long a = 0; a <= MOST; a++)
        for (long b = 0; b <= MOST; b++) {
            long *now = k->counts[t];
            double more = (double)a * z->price[1] + (double)b * z->price[2];
            now[0] = k->counts[0][0];
            now[1] = a;
            now[2] = b;
            for (size_t o = 1; t > 0 && o < OPTIONS; o++)
                more += fmax(0, (double)(now[o] - k->counts[t - 1][o])) * z->start[o];
            if (is_enough(k->n, now, z->load[t]) && keeps_booted(k, t))
                try_period(k, t + 1, cost + more);
        }
}

static double least_cost(const struct instance *n)
{
    struct trial k = {.n = n, .best = INFINITY};
    for (long fixed = 0; fixed <= MOST; fixed++) {
        k.counts[0][0] = fixed;
        try_period(&k, 0, (double)fixed * n->z.price[0] * T);
    }
    return k.best;
}

int main(void)
{
    int solved = 0;
    for (unsigned seed = 1; seed <= N_INSTANCES; seed++) {
        struct arena *a = arena_new();
        struct instance n;
        struct sizing_answer answer;
        const long from[OPTIONS] = {0};
        make_instance(&n, a, seed);
        const double least = least_cost(&n);
        const bool found = sizing_search(&answer, &n.z, from);
        gsl_test(found != isfinite(least), "instance %u: machines are found where there are any",
                 seed);
        if (found && n.service.cooldown_h > 0) {
            gsl_test(answer.cost < least * (1 - 1e-12), "instance %u: cost %g, least %g", seed,
                     answer.cost, least);
            gsl_test(answer.bound > least * (1 + 1e-12), "instance %u: bound %g, least %g", seed,
                     answer.bound, least);
        } else if (found) {
            gsl_test_rel(answer.cost, least, 1e-12, "instance %u: the least cost", seed);
            gsl_test_rel(answer.bound, least, 1e-12, "instance %u: and its proof", seed);
        }
        solved += found;
        arena_free(a);
    }
    gsl_test(solved < N_INSTANCES / 2, "most instances have an answer: %d", solved);
    return gsl_test_summary();
}
