/* The parts of a simulated service by hand: how many machines are held, and what they do with a load. */
#include "sim/service_play.h"
#include "solver/queueing.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_test.h>
#include <math.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- machines --- */

enum { SPOT, SCALED, FIXED, OPTIONS };

/* Three choices of one type that carries 10 an hour: 3 on spot, 1 autoscaled, 2 fixed. */
struct scaling {
    const char *what;
    double target, spot_max_frac;
    long min, max, base;
    long expected[OPTIONS];
};

static void check_scaling(const struct scaling *c)
{
    static long planned[OPTIONS] = {3, 1, 2};
    const struct service service = {.rule = RULE_PROFILE,
                                    .min_machines = c->min,
                                    .max_machines = c->max,
                                    .on_demand_base = c->base,
                                    .spot_max_frac = c->spot_max_frac};
    struct play_pool pool = {.per_h = 10};
    struct play_option options[OPTIONS] = {
        [SPOT] = {.scales = true, .spot = true, .price = 1, .useful = 1, .most = 30},
        [SCALED] = {.scales = true, .price = 3, .useful = 1, .most = 40},
        [FIXED] = {.price = 2, .useful = 1, .most = 2}};
    for (size_t o = 0; o < OPTIONS; o++) options[o].planned = &planned[o];
    size_t by_price[] = {SCALED, SPOT};
    const struct service_play play = {.service = &service,
                                      .n_slots = 1,
                                      .n_options = OPTIONS,
                                      .n_pools = 1,
                                      .options = options,
                                      .pools = &pool,
                                      .by_price = by_price,
                                      .n_scaling = 2};
    long n[OPTIONS];
    machines_for(&play, 0, c->target, n);
    for (size_t o = 0; o < OPTIONS; o++)
        gsl_test(n[o] != c->expected[o], "%s: %ld machines of choice %zu, expected %ld", c->what,
                 n[o], o, c->expected[o]);
}

static void test_scaling(void)
{
    static const struct scaling cases[] = {
        {"just what the plan carries", 60, 1, 0, 0, 0, {3, 1, 2}},
        {"less: the dearest goes first", 45, 1, 0, 0, 0, {3, 0, 2}},
        {"less: half must not be on spot", 45, 0.5, 0, 0, 0, {2, 1, 2}},
        {"hardly anything: fixed machines stay", 10, 1, 0, 0, 0, {0, 0, 2}},
        {"hardly anything: no fewer than autoscale.min", 10, 1, 4, 0, 0, {2, 0, 2}},
        {"nothing at all", 0, 1, 0, 0, 0, {0, 0, 2}},
        {"a base outside spot", 45, 1, 0, 0, 3, {2, 1, 2}},
        {"a base that the plan has not", 45, 1, 0, 0, 4, {3, 2, 2}},
        {"more: on demand first", 100, 1, 0, 0, 0, {3, 5, 2}},
        {"more: as many as autoscale.max", 300, 1, 0, 20, 0, {3, 15, 2}},
        {"more: then spot", 480, 1, 0, 0, 0, {6, 40, 2}},
        {"more than there are", 4000, 1, 0, 0, 0, {30, 40, 2}},
        {"a hair more is the same", 60 * (1 + 1e-12), 1, 0, 0, 0, {3, 1, 2}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) check_scaling(&cases[i]);
}

/* u of spot counts: 3 machines at 0.5 carry 15. */
static void test_useful(void)
{
    struct play_pool pool = {.per_h = 10};
    struct play_option options[] = {{.spot = true, .useful = 0.5}, {.useful = 1}};
    const struct service service = {.rule = RULE_PROFILE};
    const struct service_play play = {
        .service = &service, .n_options = 2, .n_pools = 1, .options = options, .pools = &pool};
    const long n[] = {3, 2};
    gsl_test_rel(pools_carry(&play, n, true), 35, 1e-15, "all machines");
    gsl_test_rel(pools_carry(&play, n, false), 20, 1e-15, "those outside spot");
    /* Queues: r(n) of all machines together, shared by what serves. */
    double rate[] = {7, 15, 24, 34, 45};
    pool.table = (struct rate_table){5, rate, rate};
    const struct service waiting = {.rule = RULE_WAIT};
    const struct service_play queues = {
        .service = &waiting, .n_options = 2, .n_pools = 1, .options = options, .pools = &pool};
    gsl_test_rel(pools_carry(&queues, n, true), 45 * 3.5 / 5, 1e-15, "all machines in one queue");
    gsl_test_rel(pools_carry(&queues, n, false), 45 * 2.0 / 5, 1e-15, "their part outside spot");
}

/* --- measured rates --- */

/* Pool 0 serves the first class only. Its load moves to where both pools are as full: with 1 and 2 machines a rate of 100 fills
 * both to 0.55, so 100 / 0.55 is the most that they serve. */
static void test_measured(void)
{
    static const double shares[] = {0.6, 0.4};
    double x[] = {100, 0}, y[] = {50, 40};
    struct play_pool pools[] = {{.class_per_h = x}, {.class_per_h = y}};
    const struct service service = {.rule = RULE_PROFILE, .n_classes = 2, .class_share = shares};
    const struct service_play play = {.service = &service, .n_pools = 2, .pools = pools};
    static const struct {
        long n[2];
        double rate, served;
    } cases[] = {
        {{1, 2}, 100, 100}, {{1, 2}, 181.8, 181.8},   {{1, 2}, 250, 100 / 0.55},
        {{0, 2}, 50, 50},   {{0, 2}, 200, 100 / 1.1}, /* 60 / 100 + 40 / 80 */
        {{5, 2}, 300, 200}, /* the second class alone fills its pool: 0.4 x 200 = 80 */
        {{3, 0}, 10, 0},    /* the second class has no pool */
        {{0, 0}, 10, 0},    {{1, 2}, 0, 0},           {{1, 2}, 0.5, 0.5},
    };
    double route[4];
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct present now = {.hours_h = 1.5, .n = cases[i].n};
        const struct served_part got = pools_serve(&play, &now, cases[i].rate, NULL, route);
        gsl_test_rel(got.served, 1.5 * cases[i].served, 1e-6, "case %zu: served at %g", i,
                     cases[i].rate);
        gsl_test_rel(got.served + got.lost, 1.5 * cases[i].rate, 1e-12, "case %zu: all told", i);
    }
}

/* --- places and queues --- */

static void test_places(void)
{
    struct play_pool pools[] = {{.servers = 4}, {.servers = 10}};
    struct service service = {.rule = RULE_BLOCKING, .n_classes = 1};
    const struct service_play play = {.service = &service, .n_pools = 2, .pools = pools};
    const long n[] = {3, 2}, none[] = {0, 0};
    const struct present now = {.hours_h = 0.25, .n = n}, nobody = {.hours_h = 0.25, .n = none};
    const struct served_part got = pools_serve(&play, &now, 25, NULL, NULL);
    gsl_test_rel(got.lost, 0.25 * 25 * erlang_b(32, 25), 1e-12, "any free place will do");
    gsl_test_rel(got.served + got.lost, 6.25, 1e-14, "all told");
    gsl_test_abs(pools_serve(&play, &nobody, 25, NULL, NULL).served, 0, 0, "no machines");
    gsl_test_abs(pools_serve(&play, &now, 0, NULL, NULL).lost, 0, 0, "no load");
    service.seats = 32;
    gsl_test_abs(pools_serve(&play, &now, 25, NULL, NULL).lost, 0, 0, "a place for every seat");
    service.seats = 33;
    gsl_test(pools_serve(&play, &now, 25, NULL, NULL).lost <= 0, "one place too few");
}

/* Two pools share the load by what they carry; each is a queue of its own. */
static void test_queues(struct arena *a)
{
    double rate_a[] = {5000, 12000, 20000}, rate_b[] = {9000, 20000, 33000};
    struct play_pool pools[] = {
        {.servers = 2, .time_h = 1e-4, .table = {3, rate_a, rate_a}},
        {.servers = 4, .time_h = 1e-4, .table = {3, rate_b, rate_b}},
    };
    struct late_table tables[2][2];
    const double limits[] = {3e-4, 6e-4};
    for (size_t p = 0; p < 2; p++) {
        for (size_t l = 0; l < 2; l++)
            late_table_make(&tables[p][l], &pools[p], 0.7, limits[l], 3, a);
        pools[p].late = tables[p];
    }
    const struct service service = {.rule = RULE_WAIT, .n_classes = 1, .cv2 = 0.7};
    const struct service_play play = {
        .service = &service, .n_pools = 2, .pools = pools, .n_limits = 2};
    const long n[] = {2, 1};
    const struct present now = {.hours_h = 0.5, .n = n};
    double late[2] = {1, 2}; /* added to */
    const double rate = 21000 * 0.9, first = rate * 12 / 21, second = rate * 9 / 21;
    const struct served_part got = pools_serve(&play, &now, rate, late, NULL);
    gsl_test_rel(got.served, 0.5 * rate, 1e-13, "all are served");
    gsl_test_abs(got.lost, 0, 1e-9, "none are lost");
    const struct queue x = {4, 1e-4, 0.7}, y = {4, 1e-4, 0.7};
    for (size_t l = 0; l < 2; l++)
        gsl_test_rel(late[l] - (double)(l + 1),
                     0.5 * (first * queue_late(&x, first, limits[l]) +
                            second * queue_late(&y, second, limits[l])),
                     0.01, "late by limit %zu", l);
    /* Full use is 40,000 an hour in each: beyond it all are late and the rest is lost. */
    late[0] = 0;
    const struct served_part full = pools_serve(&play, &now, 210000, late, NULL);
    gsl_test_rel(full.served, 0.5 * 80000, 1e-13, "full use");
    gsl_test_rel(full.lost, 0.5 * 130000, 1e-13, "beyond it");
    gsl_test_rel(late[0], 0.5 * 80000, 1e-13, "all late");
    const long none[] = {0, 0};
    const struct present nobody = {.hours_h = 0.5, .n = none};
    gsl_test_rel(pools_serve(&play, &nobody, 100, late, NULL).lost, 50, 1e-14, "no machines");
}

/* --- events --- */

static void test_sort(void)
{
    struct spot_event events[] = {{5, 0, 1}, {3, 1, -1}, {5, 2, -1}, {1, 3, 1}, {3, 4, 1}};
    struct spot_slot slot = {.n_events = COUNT(events), .events = events};
    spot_sort(&slot);
    static const size_t order[] = {3, 1, 4, 0, 2}; /* equal moments as they came */
    for (size_t i = 0; i < COUNT(order); i++)
        gsl_test(events[i].pool != order[i], "event %zu is %zu", i, events[i].pool);
}

int main(void)
{
    gsl_set_error_handler_off();
    struct arena *a = arena_new();
    test_scaling();
    test_useful();
    test_measured();
    test_places();
    test_queues(a);
    test_sort();
    arena_free(a);
    return gsl_test_summary();
}
