/* Tables of r(n): every entry is the formula's, tables that grow are those made at once, and cap is a bound: no number of
 * machines carries more than n times it. */
#include "solver/queueing.h"
#include "solver/rate_table.h"

#include <gsl/gsl_test.h>
#include <math.h>

#define TIGHT        1e-11
#define COUNT(array) (sizeof(array) / sizeof *(array))

static const double LIMITS[] = {0.11, 0.37, 0.93}, LATE[] = {0.5, 0.05, 0.01};

static void check_order(const struct rate_table *t, const char *name)
{
    double best = 0;
    for (size_t i = 0; i < t->n; i++) {
        gsl_test(i > 0 && t->rate[i] < t->rate[i - 1], "%s: r(%zu) does not fall", name, i + 1);
        const double each = t->rate[i] / (double)(i + 1);
        if (isfinite(each)) best = fmax(best, each);
        gsl_test_abs(t->best[i], best, 0, "%s: most per machine up to %zu", name, i + 1);
    }
}

/* Least n and cap against a plain search; cap bounds what any n machines carry of the load. */
static void check_answers(const struct rate_table *t, double load, const char *name)
{
    long least = -1;
    for (size_t i = 0; i < t->n && least < 0; i++)
        if (t->rate[i] >= load) least = (long)i + 1;
    gsl_test_int((int)rate_table_machines(t, load), (int)least, "%s: machines for %g", name, load);
    const double cap = rate_table_cap(t, load);
    for (size_t i = 0; i < t->n; i++) {
        const double carried = fmin(t->rate[i], load), n = (double)(i + 1);
        gsl_test(carried > n * cap * (1 + 1e-15), "%s: %g machines carry %g of %g, cap %g", name, n,
                 carried, load, cap);
    }
    double reached = 0;
    const size_t last = least > 0 ? (size_t)least : t->n;
    for (size_t i = 0; i < last; i++)
        reached = fmax(reached, (isinf(t->rate[i]) ? load : t->rate[i]) / (double)(i + 1));
    gsl_test_rel(cap, reached, 1e-15, "%s: cap for %g is reached", name, load);
}

static void check_loads(const struct rate_table *t, const char *name)
{
    static const double shares[] = {1e-6, 0.13, 0.5, 0.77, 0.999, 1, 1.0001, 3};
    check_order(t, name);
    size_t last = t->n - 1;
    while (last > 0 && isinf(t->rate[last])) last--;
    for (size_t i = 0; i < COUNT(shares); i++)
        if (t->rate[last] > 0) check_answers(t, shares[i] * t->rate[last], name);
    for (size_t i = 0; i <= last; i += 7)
        if (t->rate[i] > 0) check_answers(t, t->rate[i], name);
    gsl_test_int((int)rate_table_machines(t, 0), 0, "%s: no load, no machines", name);
    gsl_test_abs(rate_table_cap(t, 0), t->best[0], 0, "%s: cap without load", name);
}

static void test_wait(struct arena *a)
{
    static const double cv2s[] = {0, 0.31, 1, 2.7};
    for (size_t i = 0; i < COUNT(cv2s); i++) {
        for (long slots = 1; slots < 20; slots += 6) {
            const struct wait_rule rule = {slots, 1, 0.053, cv2s[i], 3, LIMITS, LATE};
            struct rate_table t = {0}, grown = {0};
            rate_table_wait(&t, &rule, (struct rate_need){1e15, 300}, a);
            gsl_test_int((int)t.n, 300, "waits: as many machines as allowed");
            for (size_t n = 1; n <= t.n; n++) {
                const struct queue q = {(double)n * (double)slots, 0.053, cv2s[i]};
                gsl_test_rel(t.rate[n - 1], queue_max_rate(&q, LIMITS, LATE, 3), TIGHT,
                             "waits: r(%zu), %ld slots, cv2 %g", n, slots, cv2s[i]);
            }
            check_loads(&t, "waits");
            for (double load = 1; grown.n < t.n; load *= 1.9) {
                rate_table_wait(&grown, &rule, (struct rate_need){load, 300}, a);
                const size_t n = grown.n;
                gsl_test(n < 300 &&
                             (grown.rate[n - 1] < load || (n > 1 && grown.rate[n - 2] >= load)),
                         "waits: no further than %g", load);
            }
            for (size_t n = 0; n < t.n; n++)
                gsl_test_abs(grown.rate[n], t.rate[n], 0, "waits: grown r(%zu)", n + 1);
        }
    }
}

/* One request per slot, or the batch as one service of all its requests: the same capacity, another wait. */
static void test_batch(struct arena *a)
{
    const struct wait_rule one = {6, 1, 0.053, 1, 3, LIMITS, LATE};
    const struct wait_rule four = {6, 4, 0.053, 1, 3, LIMITS, LATE};
    struct rate_table single = {0}, batched = {0};
    rate_table_wait(&single, &one, (struct rate_need){1e15, 50}, a);
    rate_table_wait(&batched, &four, (struct rate_need){1e15, 50}, a);
    for (size_t i = 0; i < 50; i++)
        gsl_test_rel(batched.rate[i], 4 * single.rate[i], TIGHT, "batch: r(%zu)", i + 1);
}

static void test_blocking(struct arena *a)
{
    struct rate_table t = {0};
    const struct block_rule rule = {7, 0.01, 0};
    rate_table_blocking(&t, &rule, (struct rate_need){1e15, 200}, a);
    for (size_t n = 1; n <= t.n; n++) {
        gsl_test_rel(t.rate[n - 1], erlang_b_load(7 * (double)n, 0.01), TIGHT, "blocks: r(%zu)", n);
        const double load = t.rate[n - 1] * 0.9999, places = erlang_b_places(load, 0.01);
        gsl_test_int((int)rate_table_machines(&t, load), (int)ceil(places / 7),
                     "blocks: machines for %g Erlangs", load);
    }
    check_loads(&t, "blocks");
}

/* 40 seats at 7 places a machine: six machines seat everybody. */
static void test_seats(struct arena *a)
{
    struct rate_table t = {0};
    const struct block_rule rule = {7, 0.01, 40};
    rate_table_blocking(&t, &rule, (struct rate_need){39.9, 200}, a);
    gsl_test_int((int)t.n, 6, "seats: machines for all of them");
    gsl_test(!isinf(t.rate[5]), "seats: nobody is blocked");
    gsl_test_int((int)rate_table_machines(&t, 39.9), 6, "seats: almost all at work");
    gsl_test_int((int)rate_table_machines(&t, 400), 6, "seats: any load");
    gsl_test_rel(rate_table_cap(&t, 39.9), 39.9 / 6, 1e-15, "seats: the whole load on six");
    gsl_test_int((int)rate_table_machines(&t, erlang_b_load(14, 0.01) * 0.99), 2, "seats: few");
    check_loads(&t, "seats");
    struct rate_table even = {0};
    const struct block_rule full = {7, 0.01, 42};
    rate_table_blocking(&even, &full, (struct rate_need){41.9, 200}, a);
    gsl_test_int((int)even.n, 6, "seats: as many as places");
    struct rate_table none_blocked = {0};
    const struct block_rule strict = {7, 0, 40};
    rate_table_blocking(&none_blocked, &strict, (struct rate_need){3, 200}, a);
    gsl_test_int((int)rate_table_machines(&none_blocked, 3), 6, "seats: nobody may be blocked");
    gsl_test_rel(rate_table_cap(&none_blocked, 3), 0.5, 1e-15, "seats: cap if nobody may be");
}

static void test_linear(struct arena *a)
{
    struct rate_table t = {0};
    rate_table_linear(&t, 0.3, (struct rate_need){29.99, 1000}, a);
    gsl_test_int((int)t.n, 100, "measured: as far as the load");
    gsl_test_int((int)rate_table_machines(&t, 0.3 * 7), 7, "measured: seven carry seven times one");
    gsl_test_rel(rate_table_cap(&t, 12.3), 0.3, 1e-15, "measured: cap");
    check_loads(&t, "measured");
    rate_table_linear(&t, 0.3, (struct rate_need){1e9, 150}, a);
    gsl_test_int((int)t.n, 150, "measured: no more than allowed");
    gsl_test_int((int)rate_table_machines(&t, 46), -1, "measured: too much");
    gsl_test_rel(rate_table_cap(&t, 46), 0.3, 1e-15, "measured: cap of what is allowed");
}

/* Types that carry nothing end at once, whatever the load and however many machines. */
static void test_nothing(struct arena *a)
{
    const struct rate_need need = {1e9, 1000000000};
    const double limit = 0.05, late = 0.01;
    const struct wait_rule slow = {8, 1, 0.053, 0, 1, &limit, &late};
    const struct wait_rule tail = {8, 1, 0.02, 1, 1, &limit, &late};
    const struct wait_rule unfit = {0, 1, 0.001, 1, 1, &limit, &late};
    const struct block_rule no_place = {0, 0.01, 40}, strict = {7, 0, 0};
    struct rate_table t[6] = {{0}};
    rate_table_wait(&t[0], &slow, need, a);
    rate_table_wait(&t[1], &tail, need, a);
    rate_table_wait(&t[2], &unfit, need, a);
    rate_table_blocking(&t[3], &no_place, need, a);
    rate_table_blocking(&t[4], &strict, need, a);
    rate_table_linear(&t[5], 0, need, a);
    for (size_t i = 0; i < COUNT(t); i++) {
        gsl_test_int((int)t[i].n, 1, "nothing %zu: one entry", i);
        gsl_test_int((int)rate_table_machines(&t[i], 0.001), -1, "nothing %zu: never enough", i);
        gsl_test_abs(rate_table_cap(&t[i], 0.001), 0, 0, "nothing %zu: cap", i);
    }
    const struct rate_table empty = {0};
    gsl_test_int((int)rate_table_machines(&empty, 1), -1, "empty: never enough");
    gsl_test_abs(rate_table_cap(&empty, 1), 0, 0, "empty: cap");
}

int main(void)
{
    struct arena *a = arena_new();
    test_wait(a);
    test_batch(a);
    test_blocking(a);
    test_seats(a);
    test_linear(a);
    test_nothing(a);
    arena_free(a);
    return gsl_test_summary();
}
