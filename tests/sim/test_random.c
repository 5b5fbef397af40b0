/* Streams against the published vectors of Philox, distributions against their closed forms. */
#include "sim/random.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Random123 1.14, tests/kat_vectors: philox4x32 with 10 rounds. */
static void test_known_answers(void)
{
    static const struct {
        struct philox_block counter;
        uint32_t key[2];
        struct philox_block expected;
    } cases[] = {
        {{{0, 0, 0, 0}}, {0, 0}, {{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}}},
        {{{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}},
         {0xffffffff, 0xffffffff},
         {{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}}},
        {{{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}},
         {0xa4093822, 0x299f31d0},
         {{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const uint64_t key = cases[i].key[0] | (uint64_t)cases[i].key[1] << 32;
        const struct philox_block got = philox4x32_10(cases[i].counter, key);
        for (int w = 0; w < 4; w++)
            gsl_test(got.word[w] != cases[i].expected.word[w],
                     "known answer %zu, word %d: %08x, expected %08x", i, w, got.word[w],
                     cases[i].expected.word[w]);
    }
}

static void test_keys(void)
{
    const uint64_t keys[] = {
        random_key(1, "reclaim", "a"),
        random_key(1, "reclaim", "b"),
        random_key(1, "reclaim", NULL),
        random_key(1, "reclaim", ""),
        random_key(1, "reclaima", ""),
        random_key(1, "reclaima", NULL),
        random_key(2, "reclaim", "a"),
        random_key(1 + (1ull << 32), "reclaim", "a"),
        random_key(1, "ab", "c"),
        random_key(1, "a", "bc"),
        random_key(0, "", NULL),
        random_key_of(random_key(1, "reclaim", "a"), 0),
        random_key_of(random_key(1, "reclaim", "a"), 1),
        random_key_of(random_key(1, "reclaim", "b"), 0),
    };
    for (size_t i = 0; i < COUNT(keys); i++)
        for (size_t j = 0; j < i; j++)
            gsl_test(keys[i] == keys[j], "keys %zu and %zu are alike", i, j);
    char name[] = "reclaim";
    gsl_test(random_key(1, name, "a") != keys[0], "a key depends on what the name says");
}

/* A stream is a function of (key, world, draw): any order of asking gives the same. */
static void test_streams(void)
{
    const uint64_t key = random_key(20261122, "test", "stream");
    struct random_stream s = random_start(key, 5);
    double first[7];
    for (size_t i = 0; i < COUNT(first); i++) first[i] = random_uniform(&s);
    for (size_t i = COUNT(first); i-- > 0;)
        gsl_test(random_uniform_at(key, 5, i) != first[i], "draw %zu by its number", i);
    const struct random_stream copy = s;
    struct random_stream again = copy;
    gsl_test(random_uniform(&s) != random_uniform(&again), "a copy draws the same");
    gsl_test(random_uniform_at(key, 6, 0) == first[0], "another world, another draw");
    gsl_test(random_uniform_at(key, 5ull << 32, 0) == first[0], "high bits of a world count");
    /* No block is used twice: neighbouring worlds and draws are all different. */
    enum { WORLDS = 64, DRAWS = 64 };
    uint64_t seen[WORLDS * DRAWS];
    for (uint64_t w = 0; w < WORLDS; w++) {
        struct random_stream r = random_start(key, w);
        for (uint64_t d = 0; d < DRAWS; d++) seen[w * DRAWS + d] = random_bits(&r);
    }
    for (size_t i = 0; i < COUNT(seen); i++)
        for (size_t j = 0; j < i; j++)
            if (seen[i] == seen[j]) gsl_test(1, "numbers %zu and %zu are alike", i, j);
}

/* Correlation of two streams' first n draws, times sqrt(n): normal where they are independent. */
static double correlation_z(uint64_t a, uint64_t b, uint64_t wa, uint64_t wb)
{
    enum { N = 256 };
    struct random_stream x = random_start(a, wa), y = random_start(b, wb);
    double sum = 0;
    for (int i = 0; i < N; i++) sum += (random_uniform(&x) - 0.5) * (random_uniform(&y) - 0.5);
    return sum * 12 / sqrt(N);
}

static void test_independence(void)
{
    enum { STREAMS = 1000 };
    double squares = 0, worst = 0;
    long pairs = 0;
    const uint64_t key = random_key(1, "pairs", NULL);
    for (uint64_t i = 0; i < STREAMS; i++) {
        const uint64_t mine = random_key_of(key, i);
        const double z[] = {
            correlation_z(mine, random_key_of(key, i + 1), 0, 0), /* neighbouring entities */
            correlation_z(mine, mine, 0, 1),                      /* neighbouring worlds */
            correlation_z(random_key(i, "p", NULL), random_key(i + 1, "p", NULL), 3, 3), /* seeds */
            correlation_z(random_key(i, "p", NULL), random_key(i, "q", NULL), 3, 3),
        };
        for (size_t k = 0; k < COUNT(z); k++, pairs++) {
            squares += z[k] * z[k];
            worst = fmax(worst, fabs(z[k]));
        }
    }
    gsl_test(worst > 5, "largest correlation of %ld pairs: %.2f sigma", pairs, worst);
    gsl_test_abs((squares / (double)pairs - 1) * sqrt((double)pairs / 2), 0, 4.5,
                 "correlations scatter as those of independent streams");
}

static void test_uniform(void)
{
    enum { N = 1 << 20, CELLS = 256 };
    struct random_stream s = random_start(random_key(3, "uniform", NULL), 0);
    double sum = 0, low = 1, high = 0, lag = 0, before = 0.5;
    long cell[CELLS] = {0}, odd = 0;
    for (int i = 0; i < N; i++) {
        const double u = random_uniform(&s);
        sum += u;
        low = fmin(low, u);
        high = fmax(high, u);
        lag += (u - 0.5) * (before - 0.5);
        before = u;
        cell[(int)(u * CELLS)]++;
        odd += (long)((uint64_t)ldexp(u, 53) & 1);
    }
    double chi2 = 0;
    for (int c = 0; c < CELLS; c++)
        chi2 += gsl_pow_2((double)cell[c] - (double)N / CELLS) / ((double)N / CELLS);
    gsl_test(low <= 0 || high >= 1, "inside (0, 1): %g to %g", low, high);
    gsl_test_abs((sum / N - 0.5) * sqrt(12.0 * N), 0, 4.5, "mean of uniforms");
    gsl_test_abs(lag * 12 / sqrt(N), 0, 4.5, "neighbouring draws");
    gsl_test_abs((chi2 - (CELLS - 1)) / sqrt(2.0 * (CELLS - 1)), 0, 4.5, "256 cells");
    gsl_test_abs(((double)odd / N - 0.5) * 2 * sqrt(N), 0, 4.5, "the last of 53 bits is used");
}

/* --- distributions --- */

static const double levels[] = {0x1p-54, 1e-12, 1e-6, 0.001, 0.05,     0.25,     0.5,
                                0.731,   0.9,   0.99, 0.999, 1 - 1e-9, 1 - 1e-14};

static void test_continuous(void)
{
    for (size_t i = 0; i < COUNT(levels); i++) {
        const double u = levels[i];
        gsl_test_rel(exponential_at(u, 2.385), -2.385 * log1p(-u), 1e-15, "exponential at %g", u);
        gsl_test_rel(gsl_cdf_ugaussian_P(normal_at(u, 0, 1)), u, 1e-12, "normal at %g", u);
        gsl_test_rel(normal_at(u, 3, 2), 3 + 2 * gsl_cdf_ugaussian_Pinv(u), 1e-15, "moved normal");
        gsl_test_rel(log(lognormal_at(u, -0.7, 0.4)), normal_at(u, -0.7, 0.4), 1e-12, "lognormal");
        gsl_test_rel(gsl_cdf_weibull_P(weibull_at(u, 7.1, 0.63), 7.1, 0.63), u, 1e-11,
                     "Weibull at %g", u);
        gsl_test_rel(gsl_cdf_flat_P(triangular_at(u, 4, 4, 4), 3, 5), 0.5, 0, "one point");
    }
    gsl_test_abs(triangular_at(0.25, 0, 1, 2), sqrt(0.5), 1e-15, "triangle, below the mode");
    gsl_test_abs(triangular_at(0.75, 0, 1, 2), 2 - sqrt(0.5), 1e-15, "triangle, above the mode");
    gsl_test_abs(triangular_at(0.36, 0, 0, 1), 1 - 0.8, 1e-15, "triangle, mode at its low end");
    gsl_test_abs(triangular_at(0.36, 0, 1, 1), 0.6, 1e-15, "triangle, mode at its high end");
    gsl_test_abs(pert_at(0.5, 2, 4, 6), 4, 1e-14, "PERT is symmetric where its points are");
}

/* Edgeworth's series to order 1 / shape is an oracle where GSL's function is none. */
static double edgeworth(double x, double shape)
{
    const double z = (x - shape) / sqrt(shape), skew = 2 / sqrt(shape), excess = 6 / shape;
    return gsl_cdf_ugaussian_P(z) -
           gsl_ran_ugaussian_pdf(z) * (skew / 6 * (z * z - 1) + excess / 24 * z * (z * z - 3) +
                                       skew * skew / 72 * z * (gsl_pow_4(z) - 10 * z * z + 15));
}

static void test_gamma(void)
{
    static const double cv2s[] = {1e-9, 1e-6, 9.9e-5, 1.01e-4, 0.01, 0.04, 0.3,
                                  0.5,  1,    1.7,    4,       25,   100};
    for (size_t c = 0; c < COUNT(cv2s); c++) {
        const double shape = 1 / cv2s[c], mean = 2.385;
        double before = 0;
        for (size_t i = 0; i < COUNT(levels); i++) {
            const double x = gamma_at(levels[i], mean, cv2s[c]);
            gsl_test(x < before, "gamma with cv2 %g rises at %g", cv2s[c], levels[i]);
            before = x;
            if (x < 1e-300) continue;
            if (shape < 1e5)
                gsl_test_rel(gsl_cdf_gamma_P(x, shape, mean * cv2s[c]), levels[i],
                             shape > 1e4 ? 2e-6 : 1e-8, "gamma with cv2 %g at %g", cv2s[c],
                             levels[i]);
            else
                gsl_test_abs(edgeworth(x / (mean * cv2s[c]), shape), levels[i], 1 / shape,
                             "gamma with cv2 %g at %g", cv2s[c], levels[i]);
        }
    }
    gsl_test_abs(gamma_at(0.123, 2.385, 0), 2.385, 0, "no scatter");
    gsl_test_abs(gamma_at(0.123, 0, 4), 0, 0, "no mean");
}

static void test_poisson(void)
{
    static const double means[] = {0,     1e-9, 0.3,    2.385,  17.2,    29.99,
                                   30.01, 99.5, 1234.5, 9999.5, 10000.5, 1e6};
    for (size_t m = 0; m < COUNT(means); m++)
        for (size_t i = 0; i < COUNT(levels); i++) {
            const double u = levels[i], mean = means[m], k = poisson_at(u, mean);
            if (mean == 0) {
                gsl_test_abs(k, 0, 0, "Poisson of nothing");
                continue;
            }
            const double slack = 1e-9 * fmin(u, 1 - u) + 3e-17;
            gsl_test(gsl_sf_gamma_inc_P(k + 1, mean) > 1 - u + slack, "P(X <= %g) of mean %g at %g",
                     k, mean, u);
            gsl_test(k > 0 && gsl_sf_gamma_inc_P(k, mean) < 1 - u - slack,
                     "least k: P(X < %g) of mean %g at %g", k, mean, u);
        }
    /* Random levels: the shortcut of large means is exact. */
    struct random_stream s = random_start(random_key(4, "levels", NULL), 0);
    for (int i = 0; i < 30000; i++) {
        const double mean = 30 * pow(300, random_uniform(&s)), u = random_uniform(&s);
        const double k = poisson_at(u, mean);
        gsl_test(gsl_sf_gamma_inc_Q(k + 1, mean) < u * (1 - 1e-12) ||
                     (k > 0 && gsl_sf_gamma_inc_Q(k, mean) >= u * (1 + 1e-12)),
                 "Poisson of mean %g at %g: %g", mean, u, k);
    }
    double before = 0;
    for (int i = 0; i < 200; i++) {
        const double mean = 0.37 * i, k = poisson_at(0.8765, mean);
        gsl_test(k < before, "Poisson rises with its mean at %g", mean);
        before = k;
    }
}

/* Mean and variance of each sampler over a million draws. */
struct sample {
    const char *name;
    double (*draw)(double u);
    double mean, variance, fourth; /* fourth: central moment over variance squared */
};
static double draw_exponential(double u)
{
    return exponential_at(u, 2.385);
}
static double draw_lognormal(double u)
{
    return lognormal_mean_at(u, 2.385, 0.4);
}
static double draw_weibull(double u)
{
    return weibull_at(u, 2.385, 1.7);
}
static double draw_gamma(double u)
{
    return gamma_at(u, 2.385, 0.64);
}
static double draw_poisson_few(double u)
{
    return poisson_at(u, 2.385);
}
static double draw_poisson_many(double u)
{
    return poisson_at(u, 238.5);
}
static double draw_triangular(double u)
{
    return triangular_at(u, 1, 2, 4.155);
}
static double draw_pert(double u)
{
    return pert_at(u, 1, 2, 4);
}

static void test_moments(void)
{
    const double weibull_1 = gsl_sf_gamma(1 + 1 / 1.7), weibull_2 = gsl_sf_gamma(1 + 2 / 1.7);
    const double triangle = (1 + 4 + gsl_pow_2(4.155) - 2 - 4.155 - 2 * 4.155) / 18;
    const double pert_a = 1 + 4.0 / 3, pert_b = 1 + 8.0 / 3;
    const struct sample samples[] = {
        {"exponential", draw_exponential, 2.385, gsl_pow_2(2.385), 9},
        {"lognormal", draw_lognormal, 2.385, gsl_pow_2(0.4 * 2.385), 6.3},
        {"Weibull", draw_weibull, 2.385 * weibull_1,
         gsl_pow_2(2.385) * (weibull_2 - weibull_1 * weibull_1), 3.9},
        {"gamma", draw_gamma, 2.385, 0.64 * gsl_pow_2(2.385), 3 + 6 * 0.64},
        {"Poisson, few", draw_poisson_few, 2.385, 2.385, 3.5},
        {"Poisson, many", draw_poisson_many, 238.5, 238.5, 3.1},
        {"triangular", draw_triangular, (1 + 2 + 4.155) / 3, triangle, 2.4},
        {"PERT", draw_pert, 13.0 / 6, 9 * pert_a * pert_b / (36 * 7), 2.4},
    };
    for (size_t k = 0; k < COUNT(samples); k++) {
        const struct sample *c = &samples[k];
        struct random_stream s = random_start(random_key(11, "moments", c->name), 0);
        const int n = k == 7 ? 60000 : 400000; /* a draw of PERT is a bisection */
        double sum = 0, squares = 0;
        for (int i = 0; i < n; i++) {
            const double x = c->draw(random_uniform(&s)) - c->mean;
            sum += x;
            squares += x * x;
        }
        gsl_test_abs(sum / sqrt(n * c->variance), 0, 4.5, "mean of %s", c->name);
        gsl_test_abs((squares / n / c->variance - 1) * sqrt(n / (c->fourth - 1)), 0, 4.5,
                     "variance of %s", c->name);
    }
}

static void test_gsl(struct arena *a)
{
    struct random_stream s = random_start(random_key(1, "gsl", "x"), 9);
    random_uniform(&s);
    gsl_rng *rng = random_gsl(&s, a);
    const double first = gsl_rng_uniform(rng);
    gsl_test(first != random_uniform(&s), "GSL draws what the stream draws");
    enum { N = 200000 };
    double sum = 0;
    for (int i = 0; i < N; i++) sum += gsl_ran_gamma(rng, 1 / 0.64, 0.64);
    gsl_test_abs((sum / N - 1) * sqrt(N / 0.64), 0, 4.5, "gsl_ran_gamma");
}

int main(void)
{
    gsl_set_error_handler_off();
    struct arena *a = arena_new();
    test_known_answers();
    test_keys();
    test_streams();
    test_independence();
    test_uniform();
    test_continuous();
    test_gamma();
    test_poisson();
    test_moments();
    test_gsl(a);
    arena_free(a);
    return gsl_test_summary();
}
