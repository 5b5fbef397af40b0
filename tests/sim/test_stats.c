/* Summaries of worlds: by hand, and by how often 95 % intervals hold the truth over repeated small experiments. The full
 * count of repetitions is GPUMIX_COVERAGE (make coverage-of-intervals: 10,000); without it fewer, with wider limits. */
#include "sim/random.h"
#include "sim/stats.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void test_moments(void)
{
    const double x[] = {2.5, 3.75, -1, 8, 0.25};
    const struct moments m = moments_of(x, COUNT(x));
    gsl_test_rel(m.mean, 2.7, 1e-15, "mean");
    gsl_test_rel(moments_variance(&m), 12.23125, 1e-14, "variance, over n - 1");
    const struct interval i = mean_interval(&m, 0.95);
    /* t(4, 0.975) = 2.776445105 */
    gsl_test_rel(i.high - m.mean, 2.7764451051977987 * sqrt(12.23125 / 5), 1e-12, "half width");
    gsl_test_rel(m.mean - i.low, i.high - m.mean, 1e-12, "symmetric");
    const struct moments one = moments_of(x, 1), none = moments_of(x, 0);
    gsl_test(isfinite(mean_interval(&one, 0.95).high), "one value says nothing of the mean");
    gsl_test(none.n != 0 || moments_variance(&none) != 0 || moments_variance(&one) != 0, "too few");
}

/* Equal values scatter by nothing at all, however awkward and many they are. */
static void test_no_scatter(void)
{
    enum { N = 5000 };
    static double x[N];
    for (int i = 0; i < N; i++) x[i] = 123456.789;
    const struct moments m = moments_of(x, N);
    gsl_test(m.mean != x[0], "mean of equal values");
    gsl_test(m.squares != 0, "scatter of equal values: %g", m.squares);
    const struct moments d = paired_differences(x, x, N);
    gsl_test(d.mean != 0 || d.squares != 0 || d.n != N, "a run differs from itself by nothing");
}

/* Large offsets do not eat the variance. */
static void test_offset(void)
{
    enum { N = 4096 };
    static double x[N];
    for (int i = 0; i < N; i++) x[i] = 1e12 + i % 2;
    const struct moments m = moments_of(x, N);
    gsl_test_rel(m.squares, N / 4.0, 1e-9, "variance beside a large mean");
}

/* --- blocks by any number of threads --- */

enum { PARALLEL_N = 300 * STATS_BLOCK / 7, MOST_BLOCKS = PARALLEL_N / STATS_BLOCK + 1 };
struct share {
    const double *x;
    struct moments *blocks;
    size_t first, step;
};

static void *make_blocks(void *argument)
{
    const struct share *s = (const struct share *)argument;
    for (size_t b = s->first; b * STATS_BLOCK < PARALLEL_N; b += s->step) {
        const size_t from = b * STATS_BLOCK, left = PARALLEL_N - from;
        s->blocks[b] = moments_of_block(s->x + from, left < STATS_BLOCK ? left : STATS_BLOCK);
    }
    return NULL;
}

static void test_threads(struct arena *a)
{
    double *x = ARENA_NEW(a, double, PARALLEL_N);
    struct random_stream s = random_start(random_key(5, "threads", NULL), 0);
    for (size_t i = 0; i < PARALLEL_N; i++) x[i] = lognormal_at(random_uniform(&s), 3, 2);
    const struct moments expected = moments_of(x, PARALLEL_N);
    for (size_t threads = 1; threads <= 7; threads += 2) {
        struct moments blocks[MOST_BLOCKS] = {{0}}, all = {0};
        pthread_t id[8];
        struct share shares[8];
        for (size_t k = 0; k < threads; k++) {
            shares[k] = (struct share){x, blocks, k, threads};
            pthread_create(&id[k], NULL, make_blocks, &shares[k]);
        }
        for (size_t k = 0; k < threads; k++) pthread_join(id[k], NULL);
        for (size_t b = 0; b < MOST_BLOCKS; b++) moments_append(&all, &blocks[b]);
        gsl_test(all.n != expected.n || all.mean != expected.mean ||
                     all.squares != expected.squares,
                 "the same bits by %zu threads", threads);
    }
}

/* --- quantiles --- */

static void test_quantiles(struct arena *a)
{
    const double x[] = {7, 3, 9, 1, 5, 2, 8, 4, 10, 6};
    const double *s = sorted_copy(x, COUNT(x), a);
    static const struct {
        double p, value;
    } cases[] = {{0.001, 1}, {0.1, 1}, {0.1001, 2}, {0.5, 5},   {0.51, 6},
                 {0.9, 9},   {0.7, 7}, {0.91, 10},  {0.99, 10}, {1, 10}};
    for (size_t i = 0; i < COUNT(cases); i++)
        gsl_test_abs(quantile(s, COUNT(x), cases[i].p), cases[i].value, 0, "quantile %g",
                     cases[i].p);
    /* n = 10, p = 0.5: ranks 2 and 9 hold it with 0.9785, no narrower even pair holds 0.95. */
    const struct interval i = quantile_interval(s, COUNT(x), 0.5, 0.95);
    gsl_test(i.low != 2 || i.high != 9, "median of 10: %g to %g", i.low, i.high);
    const struct interval tail = quantile_interval(s, COUNT(x), 0.99, 0.95);
    gsl_test(!isinf(tail.high) || isinf(tail.low), "10 values do not bound p99: %g to %g", tail.low,
             tail.high);
    const double *one = sorted_copy(x, 1, a);
    const struct interval nothing = quantile_interval(one, 1, 0.5, 0.95);
    gsl_test(!isinf(nothing.low) || !isinf(nothing.high), "one value bounds nothing");
    gsl_test_abs(quantile(one, 1, 0.01), 7, 0, "one value is every quantile");
}

/* Mean of the worst fifth of 1 .. 10, and where the share cuts a value in two. */
static void test_cvar(struct arena *a)
{
    const double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    gsl_test_rel(cvar(x, 10, 0.8), 9.5, 1e-14, "worst fifth");
    gsl_test_rel(cvar(x, 10, 0.75), (10 + 9 + 0.5 * 8) / 2.5, 1e-14, "worst quarter");
    gsl_test_rel(cvar(x, 10, 0.95), 10, 1e-14, "worst twentieth");
    gsl_test_rel(cvar(x, 1, 0.95), 1, 0, "one value");
    struct random_stream s = random_start(random_key(6, "cvar", NULL), 0);
    for (int trial = 0; trial < 300; trial++) {
        double y[97];
        const size_t n = 1 + (size_t)(random_uniform(&s) * 96);
        for (size_t i = 0; i < n; i++) y[i] = floor(lognormal_at(random_uniform(&s), 1, 1));
        const double *sorted = sorted_copy(y, n, a);
        double before = sorted[0];
        for (int percent = 50; percent < 100; percent++) {
            const double p = percent / 100.0, var = quantile(sorted, n, p);
            gsl_test(var < before, "trial %d: p%d falls", trial, percent);
            gsl_test(cvar(sorted, n, p) < var, "trial %d: VaR%d above CVaR", trial, percent);
            const struct interval i = quantile_interval(sorted, n, p, 0.95);
            gsl_test(i.low > var || i.high < var, "trial %d: p%d outside its interval", trial,
                     percent);
            before = var;
        }
    }
}

/* --- probabilities --- */

static void test_proportions(struct arena *a)
{
    /* Newcombe, Statistics in Medicine 17 (1998), table I, method 3: Wilson, without continuity correction. */
    static const struct {
        size_t hits, n;
        double low, high;
    } cases[] = {{81, 263, 0.2553, 0.3662},
                 {15, 148, 0.0624, 0.1605},
                 {0, 20, 0, 0.1611},
                 {1, 29, 0.0061, 0.1718}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct proportion p = proportion_of(cases[i].hits, cases[i].n, 0.95);
        gsl_test_abs(p.interval.low, cases[i].low, 5e-5, "%zu of %zu: low", cases[i].hits,
                     cases[i].n);
        gsl_test_abs(p.interval.high, cases[i].high, 5e-5, "%zu of %zu: high", cases[i].hits,
                     cases[i].n);
        const struct proportion not = proportion_of(cases[i].n - cases[i].hits, cases[i].n, 0.95);
        gsl_test_abs(not .interval.low, 1 - p.interval.high, 1e-15, "the opposite");
    }
    static const struct {
        size_t hits, n;
        const char *text;
    } texts[] = {
        {0, 10000, "below 0.039%"},
        {10000, 10000, "above 99.961%"},
        {0, 1, "below 80%"},
        {1, 1, "above 20%"},
        {31, 10000, "0.31% (0.21% to 0.44%)"},
        {1, 1000000, "0.00010% (0.00001% to 0.00057%)"},
        {5000, 10000, "50.0% (49.0% to 51.0%)"},
        {9999, 10000, "99.990% (99.943% to 99.999%)"},
        {1, 2, "50% (9% to 91%)"},
        {1, 500, "0.20% (0.03% to 1.13%)"},
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct proportion p = proportion_of(texts[i].hits, texts[i].n, 0.95);
        const char *got = proportion_text(&p, a);
        gsl_test(strcmp(got, texts[i].text) != 0, "%zu of %zu reads \"%s\", expected \"%s\"",
                 texts[i].hits, texts[i].n, got, texts[i].text);
    }
}

/* Whatever was counted, no text says that something never or always happens. */
static void test_no_certainty(struct arena *a)
{
    for (size_t n = 1; n < 3000000; n = n * 3 + 1)
        for (size_t hits = 0; hits <= n; hits += hits < 3 || hits + 3 >= n ? 1 : n - hits - 3) {
            const struct proportion p = proportion_of(hits, n, 0.95);
            const char *text = proportion_text(&p, a);
            const double first = atof(text + strcspn(text, "0123456789"));
            const char *bracket = strchr(text, '(');
            const double low = bracket ? atof(bracket + 1) : 1;
            const double high = bracket ? atof(strstr(bracket, "to") + 2) : 99;
            gsl_test(first <= 0 || first >= 100 || low <= 0 || high >= 100,
                     "%zu of %zu reads \"%s\"", hits, n, text);
            gsl_test(p.estimate < p.interval.low || p.estimate > p.interval.high,
                     "%zu of %zu lies in its interval", hits, n);
        }
}

static void test_stop(void)
{
    const struct stop_rule rule = {.at_least = 1000, .at_most = 7000, .half_width_frac = 0.01};
    gsl_test(stop_next(&rule, 0) != 1000 || stop_next(&rule, 999) != 1000, "first look");
    gsl_test(stop_next(&rule, 1000) != 2000 || stop_next(&rule, 2000) != 4000, "doublings");
    gsl_test(stop_next(&rule, 4000) != 7000, "the last look");
    gsl_test(stop_reached(&rule, 999, 1, 0.001) != STOP_NOT_YET, "too few, however narrow");
    gsl_test(stop_reached(&rule, 1000, -50, 0.5) != STOP_WIDTH, "narrow");
    gsl_test(stop_reached(&rule, 1000, -50, 0.51) != STOP_NOT_YET, "not narrow");
    gsl_test(stop_reached(&rule, 1000, 50, 0) != STOP_NOT_YET, "alike so far");
    gsl_test(stop_reached(&rule, 7000, 50, 0) != STOP_COUNT, "alike to the end");
    gsl_test(stop_reached(&rule, 7000, 50, 20) != STOP_COUNT, "all worlds that were asked for");
    const struct stop_rule by_count = {.at_least = 10, .at_most = 10};
    gsl_test(stop_reached(&by_count, 10, 0, 1e-300) != STOP_COUNT, "by count");
}

/* --- coverage --- */

static size_t repetitions(void)
{
    const char *asked = getenv("GPUMIX_COVERAGE");
    return asked ? (size_t)atol(asked) : 2500;
}

/* 95 % intervals hold the truth in 94 to 96 of 100 experiments. With fewer than 10,000 repetitions the share itself
 * scatters more: 4.5 of its standard deviations beside that are allowed. */
static void check_coverage(size_t held, size_t of, const char *what, const char *name)
{
    const double share = (double)held / (double)of;
    const double slack = of >= 10000 ? 0 : 4.5 * sqrt(0.95 * 0.05 / (double)of) - 0.005;
    if (getenv("GPUMIX_COVERAGE")) printf("%-22s %-34s %.2f%%\n", what, name, 100 * share);
    gsl_test(share < 0.94 - slack || share > 0.96 + slack, "%s of %s holds in %.2f%% of %zu", what,
             name, 100 * share, of);
}

struct law {
    const char *name;
    double (*draw)(double u); /* rises, so its p-quantile is draw(p) */
    double mean;
};
static double draw_normal(double u)
{
    return normal_at(u, 40, 3);
}
static double draw_uniform(double u)
{
    return u;
}
static double draw_exponential(double u)
{
    return exponential_at(u, 2.385);
}
static double draw_lognormal(double u)
{
    return lognormal_mean_at(u, 2.385, 0.3);
}
static const struct law laws[] = {
    {"a normal", draw_normal, 40},
    {"a uniform", draw_uniform, 0.5},
    {"an exponential", draw_exponential, 2.385},
    {"a lognormal, cv 0.3", draw_lognormal, 2.385},
};

/* Experiments of 200 worlds each: mean, p50, p90 of every law. */
static void test_coverage_of_laws(struct arena *arena)
{
    enum { N = 200 };
    double *x = ARENA_NEW(arena, double, N);
    const size_t of = repetitions();
    for (size_t l = 0; l < COUNT(laws); l++) {
        size_t mean = 0, p50 = 0, p90 = 0;
        const uint64_t key = random_key(17, "coverage", laws[l].name);
        for (uint64_t r = 0; r < of; r++) {
            struct arena *a = arena_new();
            struct random_stream s = random_start(key, r);
            for (int i = 0; i < N; i++) x[i] = laws[l].draw(random_uniform(&s));
            const struct moments m = moments_of(x, N);
            const struct interval i = mean_interval(&m, 0.95);
            mean += i.low <= laws[l].mean && laws[l].mean <= i.high;
            const double *sorted = sorted_copy(x, N, a);
            const struct interval half = quantile_interval(sorted, N, 0.5, 0.95);
            const struct interval tail = quantile_interval(sorted, N, 0.9, 0.95);
            p50 += half.low <= laws[l].draw(0.5) && laws[l].draw(0.5) <= half.high;
            p90 += tail.low <= laws[l].draw(0.9) && laws[l].draw(0.9) <= tail.high;
            arena_free(a);
        }
        check_coverage(mean, of, "interval of the mean", laws[l].name);
        check_coverage(p50, of, "interval of p50", laws[l].name);
        check_coverage(p90, of, "interval of p90", laws[l].name);
    }
}

/* p95 and p99 need more worlds than 200. */
static void test_coverage_of_tails(struct arena *arena)
{
    enum { N = 1500 };
    double *x = ARENA_NEW(arena, double, N);
    const size_t of = repetitions();
    size_t p95 = 0, p99 = 0;
    const uint64_t key = random_key(18, "coverage of tails", NULL);
    for (uint64_t r = 0; r < of; r++) {
        struct arena *a = arena_new();
        struct random_stream s = random_start(key, r);
        for (int i = 0; i < N; i++) x[i] = random_uniform(&s);
        const double *sorted = sorted_copy(x, N, a);
        const struct interval far = quantile_interval(sorted, N, 0.95, 0.95);
        const struct interval farther = quantile_interval(sorted, N, 0.99, 0.95);
        p95 += far.low <= 0.95 && 0.95 <= far.high;
        p99 += farther.low <= 0.99 && 0.99 <= farther.high;
        arena_free(a);
    }
    check_coverage(p95, of, "interval of p95", "1,500 worlds");
    check_coverage(p99, of, "interval of p99", "1,500 worlds");
}

static void test_coverage_of_proportions(void)
{
    static const struct {
        double p;
        int n;
        const char *name;
    } cases[] = {{0.5, 200, "p = 0.5, 200 worlds"},
                 {0.2, 300, "p = 0.2, 300 worlds"},
                 {0.05, 1000, "p = 0.05, 1,000 worlds"},
                 {0.01, 5000, "p = 0.01, 5,000 worlds"},
                 {0.995, 10000, "p = 0.995, 10,000 worlds"}};
    const size_t of = repetitions();
    for (size_t c = 0; c < COUNT(cases); c++) {
        size_t held = 0;
        const uint64_t key = random_key(19, "coverage of shares", cases[c].name);
        for (uint64_t r = 0; r < of; r++) {
            struct random_stream s = random_start(key, r);
            size_t hits = 0;
            for (int i = 0; i < cases[c].n; i++) hits += random_uniform(&s) < cases[c].p;
            const struct interval i = proportion_of(hits, (size_t)cases[c].n, 0.95).interval;
            held += i.low <= cases[c].p && cases[c].p <= i.high;
        }
        check_coverage(held, of, "interval of a share", cases[c].name);
    }
}

/* Stopping when the interval is narrow enough must not spoil it. */
static void test_coverage_of_stopping(void)
{
    const struct stop_rule rule = {.at_least = 250, .at_most = 4000, .half_width_frac = 0.035};
    static double x[4000];
    const size_t of = repetitions();
    size_t held = 0, stopped[3] = {0};
    const uint64_t key = random_key(20, "coverage of stopping", NULL);
    for (uint64_t r = 0; r < of; r++) {
        struct random_stream s = random_start(key, r);
        struct interval i = {0};
        enum stop_reason reason = STOP_NOT_YET;
        for (size_t n = 0; reason == STOP_NOT_YET;) {
            for (const size_t next = stop_next(&rule, n); n < next; n++)
                x[n] = draw_exponential(random_uniform(&s));
            const struct moments m = moments_of(x, n);
            i = mean_interval(&m, 0.95);
            reason = stop_reached(&rule, n, m.mean, (i.high - i.low) / 2);
        }
        stopped[reason]++;
        held += i.low <= 2.385 && 2.385 <= i.high;
    }
    gsl_test(stopped[STOP_WIDTH] < of / 10, "the rule stops runs before their end");
    check_coverage(held, of, "interval of the mean", "runs that stop by its width");
}

/* Differences on the same draws: sharper than the runs themselves, and they cover. */
static void test_coverage_of_pairs(void)
{
    enum { N = 150 };
    static double a[N], b[N];
    const size_t of = repetitions();
    size_t held = 0;
    double paired = 0, apart = 0;
    const uint64_t key = random_key(21, "coverage of pairs", NULL);
    for (uint64_t r = 0; r < of; r++) {
        struct random_stream s = random_start(key, r);
        for (int i = 0; i < N; i++) {
            const double u = random_uniform(&s);
            a[i] = gamma_at(u, 10, 0.25);
            b[i] = gamma_at(u, 10.2, 0.16) + random_uniform(&s) - 0.5;
        }
        const struct moments d = paired_differences(a, b, N), ma = moments_of(a, N);
        const struct interval i = mean_interval(&d, 0.95);
        held += i.low <= 0.2 && 0.2 <= i.high;
        paired += moments_variance(&d);
        apart += moments_variance(&ma);
    }
    gsl_test(paired > apart / 10, "pairs scatter less: %g, %g apart", paired, apart);
    check_coverage(held, of, "interval of a paired", "difference");
}

int main(void)
{
    struct arena *a = arena_new();
    test_moments();
    test_no_scatter();
    test_offset();
    test_threads(a);
    test_quantiles(a);
    test_cvar(a);
    test_proportions(a);
    test_no_certainty(a);
    test_stop();
    test_coverage_of_laws(a);
    test_coverage_of_tails(a);
    test_coverage_of_proportions();
    test_coverage_of_stopping();
    test_coverage_of_pairs();
    arena_free(a);
    return gsl_test_summary();
}
