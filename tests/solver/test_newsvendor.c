/* S23: how much to reserve, against every level tried and against a published load. The public file is read from the folder
 * GPUMIX_LP_DATA, or the one beside the tree; skipped when it is absent. */
#include "solver/newsvendor.h"

#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_small(struct arena *a)
{
    /* 10 h at 3, 6 h at 7, 4 h at 5: 20 h. */
    const double load[] = {3, 7, 5, 2}, hours[] = {10, 6, 4, 0};
    const struct step_load steps = {4, load, hours};
    static const struct {
        double ratio, level, cost;
    } cases[] = {
        {0, 7, 0},       {0.01, 7, 1.4},  {0.299, 7, 41.86}, {0.31, 5, 43}, {0.499, 5, 61.9},
        {0.51, 3, 62.6}, {0.97, 3, 90.2}, {1, 0, 92},        {1.3, 0, 92},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const double level = newsvendor_level(&steps, cases[i].ratio, a);
        gsl_test_abs(level, cases[i].level, 0, "level at %g", cases[i].ratio);
        gsl_test_rel(newsvendor_cost(&steps, level, cases[i].ratio), cases[i].cost, 1e-12,
                     "cost at %g", cases[i].ratio);
    }
    const double busy = 11, all = 24;
    const struct step_load constant = {1, &busy, &all};
    gsl_test_abs(newsvendor_level(&constant, 0.999, a), 11, 0, "a constant load");
    gsl_test_abs(newsvendor_level(&constant, 1, a), 0, 0, "reserving gains nothing");
}

static void test_every_level(struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 23);
    double load[40], hours[40];
    for (int trial = 0; trial < 200; trial++) {
        const size_t n = 1 + gsl_rng_uniform_int(rng, COUNT(load));
        for (size_t i = 0; i < n; i++) {
            load[i] = (double)gsl_rng_uniform_int(rng, 30);
            hours[i] = gsl_rng_uniform(rng) * 3;
        }
        const struct step_load steps = {n, load, hours};
        const double ratio = gsl_rng_uniform(rng);
        const double level = newsvendor_level(&steps, ratio, a);
        const double cost = newsvendor_cost(&steps, level, ratio);
        for (int i = 0; i <= 60; i++)
            gsl_test(newsvendor_cost(&steps, 0.5 * i, ratio) < cost - 1e-9,
                     "trial %d: level %g is not cheaper than %g at %g", trial, 0.5 * i, level,
                     ratio);
    }
    gsl_rng_free(rng);
}

/* --- the published load: active nodes by the minute --- */

enum { MOST_MINUTES = 100000 };

static FILE *open_public(const char *name)
{
    char path[512];
    const char *folder = getenv("GPUMIX_LP_DATA");
    snprintf(path, sizeof path, "%s/%s", folder ? folder : "../shared/data", name);
    FILE *in = fopen(path, "r");
    if (!in) printf("skipped: %s is absent\n", path);
    return in;
}

static size_t read_load(FILE *in, double *load, double *hours)
{
    size_t n = 0;
    char line[256];
    while (n < MOST_MINUTES && fgets(line, sizeof line, in)) {
        const char *comma = strchr(line, ',');
        char *end = NULL;
        if (!comma || strncmp(line, "time,", 5) == 0) continue;
        load[n] = strtod(comma + 1, &end);
        gsl_test(*end != ',' || load[n] < 0, "published load: line %zu", n + 2);
        hours[n++] = 1.0 / 60;
    }
    return n;
}

struct published {
    double all_hours, ratio, peak, mean, level, cost, on_demand, peak_cost;
};

static void check_published(const struct published *p, const struct step_load *steps,
                            struct arena *a)
{
    gsl_test_abs((double)steps->n / 60, p->all_hours, 5e-4, "published: hours");
    const double level = newsvendor_level(steps, p->ratio, a);
    gsl_test_abs(level, p->level, 0, "published: level at %g", p->ratio);
    gsl_test_abs(newsvendor_cost(steps, level, p->ratio), p->cost, 1e-6, "published: cost at %g",
                 p->ratio);
    gsl_test_abs(newsvendor_cost(steps, 0, p->ratio), p->on_demand, 1e-6,
                 "published: all on demand");
    gsl_test_abs(newsvendor_cost(steps, p->peak, p->ratio), p->peak_cost, 1e-6,
                 "published: peak reserved at %g", p->ratio);
    gsl_test_abs(newsvendor_cost(steps, 0, p->ratio) / p->all_hours, p->mean, 1e-3,
                 "published: mean load");
}

static void test_published(struct arena *a)
{
    FILE *in = open_public("workload/philly_active_nodes_part1.csv");
    if (!in) return;
    double *load = ARENA_NEW(a, double, MOST_MINUTES), *hours = ARENA_NEW(a, double, MOST_MINUTES);
    const struct step_load steps = {read_load(in, load, hours), load, hours};
    fclose(in);
    FILE *expected = open_public("expected/reserved_vs_on_demand.csv");
    if (!expected) return;
    char line[512];
    int n = 0;
    while (fgets(line, sizeof line, expected)) {
        struct published p;
        if (sscanf(line, "philly_part1,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &p.all_hours, &p.ratio,
                   &p.peak, &p.mean, &p.level, &p.cost, &p.on_demand, &p.peak_cost) != 8)
            continue;
        check_published(&p, &steps, a);
        n++;
    }
    fclose(expected);
    gsl_test(n < 1, "published rows: %d", n);
}

int main(void)
{
    struct arena *a = arena_new();
    test_small(a);
    test_every_level(a);
    test_published(a);
    arena_free(a);
    return gsl_test_summary();
}
