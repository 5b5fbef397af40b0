/* Queues played customer by customer against closed forms: oracles S10 to S12, S21, S22 and S26, and laws that hold for every
 * customer. Times are in units of a mean service unless said otherwise. */
#include "sim/queue.h"
#include "tests/sim/oracle.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { BATCH = 20000, LEAST_BATCHES = 100, MOST_BATCHES = 4000 };

/* --- laws of service, mean 1 --- */

typedef double draw_fn(struct random_stream *s);

static double draw_exponential(struct random_stream *s)
{
    return exponential_at(random_uniform(s), 1);
}

static double draw_constant(struct random_stream *s)
{
    (void)s;
    return 1;
}

static double draw_lognormal(struct random_stream *s)
{
    return lognormal_mean_at(random_uniform(s), 1, 0.9);
}

/* Two kinds of request: a fifth takes 3, the others 0.5 on average. E S^2 = 2 (0.2 x 9 + 0.8 x 0.25). */
#define HYPER_SQUARE 4.0
static double draw_hyper(struct random_stream *s)
{
    const double mean = random_uniform(s) < 0.2 ? 3 : 0.5;
    return exponential_at(random_uniform(s), mean);
}

/* S22: a server fails at 0.05 an hour while it works, and takes 0.4 h to come back; the request goes on. mu such that the
 * mean is 1: (1 + x / h) / mu = 1 with h = 1 / 0.4. */
#define FAIL_RATE 0.05
#define REPAIR    0.4
static double draw_failing(struct random_stream *s)
{
    const double work = exponential_at(random_uniform(s), 1 / (1 + FAIL_RATE * REPAIR));
    double left = work, all = work;
    for (;;) {
        left -= exponential_at(random_uniform(s), 1 / FAIL_RATE);
        if (left <= 0) return all;
        all += exponential_at(random_uniform(s), REPAIR);
    }
}

/* --- steady queues --- */

struct steady {
    const char *name;
    size_t servers;
    double rate;
    draw_fn *draw;
    double beyond;                /* P(wait > this) is asked */
    double waiting, wait_h, tail; /* NAN: not asked */
    double set_up;                /* mean of the exponential set-up of an idle server; 0: none */
};

struct sums {
    struct batches waiting, wait_h, tail;
};

static void play(struct sums *sums, const struct steady *c, struct servers *servers,
                 struct random_stream stream[3], double *now)
{
    double gaps = 0, services = 0, wait_sum = 0;
    long waited = 0, beyond = 0;
    for (int i = 0; i < BATCH; i++) {
        const double gap = exponential_at(random_uniform(&stream[0]), 1 / c->rate);
        const double service = c->draw(&stream[1]);
        const double u = c->set_up > 0 ? random_uniform(&stream[2]) : 0;
        const double set_up = c->set_up > 0 ? exponential_at(u, c->set_up) : 0;
        *now += gap;
        const double wait = servers_wait_cold(servers, *now, service, set_up);
        gaps += gap;
        services += service;
        wait_sum += wait;
        waited += wait > 0;
        beyond += wait > c->beyond;
    }
    if (!sums) return;
    const double controls[CONTROLS] = {gaps * c->rate / BATCH - 1, services / BATCH - 1};
    batches_add(&sums->waiting, (double)waited / BATCH, controls);
    batches_add(&sums->wait_h, wait_sum / BATCH, controls);
    batches_add(&sums->tail, (double)beyond / BATCH, controls);
}

static bool is_sharp(const struct batches *b, double expected)
{
    const struct estimate e = batches_estimate(b);
    return isnan(expected) || e.se * POWER_Z <= BIAS_FOUND * expected;
}

static void ask(const struct batches *b, double expected, const char *name, const char *what)
{
    char words[160];
    snprintf(words, sizeof words, "%s: %s", name, what);
    if (!isnan(expected)) oracle_check(batches_estimate(b), expected, words);
}

static void test_steady(const struct steady *c, struct arena *a)
{
    struct servers servers = servers_new(c->servers, a);
    const uint64_t key = random_key(20261201, "steady queue", c->name);
    struct random_stream stream[3] = {random_start(key, 0), random_start(random_key_of(key, 1), 0),
                                      random_start(random_key_of(key, 2), 0)};
    struct sums sums;
    memset(&sums, 0, sizeof sums);
    double now = 0;
    for (int warm = 0; warm < 2; warm++) play(NULL, c, &servers, stream, &now);
    for (int b = 0; b < MOST_BATCHES; b++) {
        play(&sums, c, &servers, stream, &now);
        if (b >= LEAST_BATCHES && b % 20 == 0 && is_sharp(&sums.waiting, c->waiting) &&
            is_sharp(&sums.wait_h, c->wait_h) && is_sharp(&sums.tail, c->tail))
            break;
    }
    ask(&sums.waiting, c->waiting, c->name, "share that waits");
    ask(&sums.wait_h, c->wait_h, c->name, "mean wait");
    ask(&sums.tail, c->tail, c->name, "share that waits long");
}

/* S11: P(W <= t) of M/D/1. */
static double constant_within(double rate, double t)
{
    double sum = 0;
    for (int k = 0; k <= (int)t; k++)
        sum += gsl_pow_int(-rate * (t - k), k) / gsl_sf_fact((unsigned)k) * exp(rate * (t - k));
    return (1 - rate) * sum;
}

static double pollaczek_khinchine(double rate, double square)
{
    return rate * square / (2 * (1 - rate));
}

/* S10 with the product's own formula; wait = C e^(-(c mu - rate) t). */
static struct steady mmc(const char *name, size_t servers, double rate, double beyond)
{
    const struct queue q = {(double)servers, 1, 1};
    const double waiting = erlang_c(q.servers, rate), left = q.servers - rate;
    return (struct steady){name,   servers, rate,           draw_exponential,
                           beyond, waiting, waiting / left, waiting * exp(-left * beyond),
                           0};
}

/* S21: of M/M/1 where every start from idle takes Exp(al), the wait is that of M/M/1 and an independent Exp(al) (Welch 1964):
 * E T = 1 / (mu - rate) + 1 / al. */
static struct steady cold(const char *name, double rate, double set_up, double beyond)
{
    const double a = 1 - rate, al = 1 / set_up;
    const double both = (al * exp(-a * beyond) - a * exp(-al * beyond)) / (al - a);
    return (struct steady){.name = name,
                           .servers = 1,
                           .rate = rate,
                           .draw = draw_exponential,
                           .beyond = beyond,
                           .waiting = NAN,
                           .wait_h = 1 / a + set_up - 1,
                           .tail = (1 - rate) * exp(-al * beyond) + rate * both,
                           .set_up = set_up};
}

static void test_waits(struct arena *a)
{
    const double lognormal_square = 1 + 0.9 * 0.9;
    /* S22: E G = 1, E G^2 = 2 (1 + x / h)^2 / mu^2 + 2 x / (mu h^2). */
    const double mu = 1 + FAIL_RATE * REPAIR;
    const double failing_square = 2 + 2 * FAIL_RATE * REPAIR * REPAIR / mu;
    const struct steady cases[] = {
        mmc("S10, M/M/1", 1, 0.5, 0.4),
        mmc("S10, M/M/2", 2, 0.9, 0.2),
        {"S11, M/D/1", 1, 0.5, draw_constant, 0.7, 0.5, pollaczek_khinchine(0.5, 1),
         1 - constant_within(0.5, 0.7), 0},
        {"S12, lognormal service", 1, 0.4, draw_lognormal, 0, 0.4,
         pollaczek_khinchine(0.4, lognormal_square), NAN, 0},
        {"S12, two kinds of request", 1, 0.3, draw_hyper, 0, 0.3,
         pollaczek_khinchine(0.3, HYPER_SQUARE), NAN, 0},
        {"S22, servers that fail", 1, 0.5, draw_failing, 0, 0.5,
         pollaczek_khinchine(0.5, failing_square), NAN, 0},
        cold("S21, short cold starts", 0.5, 0.3, 0.8),
        cold("S21, long cold starts", 0.4, 4, 3),
    };
    for (size_t i = 0; i < COUNT(cases); i++) test_steady(&cases[i], a);
}

int main(void)
{
    gsl_set_error_handler_off();
    struct arena *a = arena_new();
    test_waits(a);
    arena_free(a);
    return gsl_test_summary();
}
