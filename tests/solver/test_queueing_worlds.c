/* Queues served customer by customer (Kiefer and Wolfowitz) against the formulas: exponential service exactly, other laws as
 * near as the two-moment wait is known to be; Erlang B whatever the service law; one more server and nobody waits longer. */
#include "solver/queueing.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>

#define MOST_SIGMAS  4.5
#define COUNT(array) (sizeof(array) / sizeof *(array))
enum { MOST_SERVERS = 16, BATCHES = 200, BATCH = 5000, SEED = 20261122 };

static double draw_service(gsl_rng *rng, double mean, double cv2)
{
    return cv2 > 0 ? gsl_ran_gamma(rng, 1 / cv2, mean * cv2) : mean;
}

/* Work ahead on each server, least first. The next customer waits for the least. */
struct servers {
    size_t n;
    double work[MOST_SERVERS];
};

static void let_pass(struct servers *s, double time)
{
    for (size_t i = 0; i < s->n; i++) s->work[i] = fmax(0, s->work[i] - time);
}

/* Waiting time of a customer who brings `service`. */
static double serve(struct servers *s, double service)
{
    const double wait = s->work[0], busy = wait + service;
    size_t i = 0;
    for (; i + 1 < s->n && s->work[i + 1] < busy; i++) s->work[i] = s->work[i + 1];
    s->work[i] = busy;
    return wait;
}

struct estimate {
    double mean, error;
};

static struct estimate estimate_make(const double *batch, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += batch[i];
    const double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) squares += (batch[i] - mean) * (batch[i] - mean);
    return (struct estimate){mean, sqrt(squares / (double)(n - 1) / (double)n)};
}

/* Share of customers later than t; the first batch only warms up. */
static struct estimate simulate_late(const struct queue *q, double rate, double t, gsl_rng *rng)
{
    double share[BATCHES + 1];
    struct servers s = {.n = (size_t)q->servers};
    for (size_t i = 0; i <= BATCHES; i++) {
        int late = 0;
        for (int j = 0; j < BATCH; j++) {
            let_pass(&s, gsl_ran_exponential(rng, 1 / rate));
            const double service = draw_service(rng, q->time_h, q->cv2);
            late += serve(&s, service) + service > t;
        }
        share[i] = (double)late / BATCH;
    }
    return estimate_make(share + 1, BATCHES);
}

static void test_exponential(gsl_rng *rng)
{
    static const struct {
        double c, load, t;
    } cases[] = {{1, 0.71, 3.3}, {4, 3.1, 2.1}, {16, 13.3, 1.7}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct queue q = {cases[i].c, 1.37, 1};
        const double rate = cases[i].load / 1.37, t = cases[i].t * 1.37;
        const struct estimate seen = simulate_late(&q, rate, t, rng);
        const double z = (seen.mean - queue_late(&q, rate, t)) / seen.error;
        gsl_test(!(fabs(z) < MOST_SIGMAS), "S10: %g servers late, z = %.2f", q.servers, z);
        const double wrong = (seen.mean - 1.03 * queue_late(&q, rate, t)) / seen.error;
        gsl_test(!(fabs(wrong - z) > 1), "S10: the test would see 3%%: z moves by %.2f", wrong - z);
    }
}

/* At the largest rate for a target of 1%: what share is really late. The bounds hold what was seen and 3 of its errors. */
static void test_share_at_target(gsl_rng *rng)
{
    static const struct {
        double c, cv2, slack, least, most;
    } cases[] = {
        {2, 0.64, 4, 0.008, 0.012}, {8, 0.64, 4, 0.008, 0.012}, {2, 4, 14, 0.008, 0.0135},
        {8, 4, 14, 0.006, 0.0145},  {1, 0, 3, 0.002, 0.004},    {2, 0, 3, 0.005, 0.007},
        {4, 0, 3, 0.007, 0.012},    {8, 0, 2.1, 0.007, 0.012},
    };
    const double late = 0.01;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct queue q = {cases[i].c, 0.73, cases[i].cv2};
        const double t = 0.73 * cases[i].slack, rate = queue_max_rate(&q, &t, &late, 1);
        const struct estimate seen = simulate_late(&q, rate, t, rng);
        gsl_test(!(seen.mean > cases[i].least && seen.mean < cases[i].most),
                 "%g servers, cv2 %g at %g of their load: %.3f%% late for 1%%", q.servers, q.cv2,
                 rate * 0.73 / q.servers, 100 * seen.mean);
    }
}

/* S13: places without a queue; service hyper-exponential with cv2 of 9. */
static double draw_hyper(gsl_rng *rng)
{
    const bool is_long = gsl_rng_uniform(rng) < 0.1;
    return gsl_ran_exponential(rng, is_long ? 7.0 : 1.0 / 3);
}

static struct estimate simulate_blocked(size_t places, double rate, gsl_rng *rng)
{
    double share[BATCHES + 1], ends[MOST_SERVERS] = {0}, now = 0;
    for (size_t i = 0; i <= BATCHES; i++) {
        int blocked = 0;
        for (int j = 0; j < BATCH; j++) {
            now += gsl_ran_exponential(rng, 1 / rate);
            size_t place = 0;
            while (place < places && ends[place] > now) place++;
            if (place == places)
                blocked++;
            else
                ends[place] = now + draw_hyper(rng);
        }
        share[i] = (double)blocked / BATCH;
    }
    return estimate_make(share + 1, BATCHES);
}

static void test_blocking(gsl_rng *rng)
{
    const double mean = 0.1 * 7.0 + 0.9 * 1.0 / 3;
    gsl_test_abs(mean, 1, 1e-12, "S13: mean service");
    static const struct {
        size_t c;
        double a;
    } cases[] = {{3, 1.1}, {7, 5.3}, {16, 9.7}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const double c = (double)cases[i].c, a = cases[i].a;
        const struct estimate seen = simulate_blocked(cases[i].c, a, rng);
        const double z = (seen.mean - erlang_b(c, a)) / seen.error;
        gsl_test(!(fabs(z) < MOST_SIGMAS), "S13: %g places at %g, z = %.2f", c, a, z);
        const double other = (seen.mean - erlang_b(c - 1, a)) / seen.error;
        gsl_test(!(fabs(other) > 2 * MOST_SIGMAS), "S13: not %g places, z = %.2f", c - 1, other);
    }
}

/* MR37: the same customers with one more server. */
static void test_more_servers(gsl_rng *rng)
{
    static const double cv2s[] = {0, 0.3, 1, 5};
    for (size_t i = 0; i < COUNT(cv2s); i++) {
        for (size_t c = 1; c < MOST_SERVERS; c++) {
            struct servers few = {.n = c}, more = {.n = c + 1};
            int longer = 0, shorter = 0;
            for (int j = 0; j < 3000; j++) {
                const double pause = gsl_ran_exponential(rng, 1.0 / (0.93 * (double)c));
                const double service = draw_service(rng, 1, cv2s[i]);
                let_pass(&few, pause);
                let_pass(&more, pause);
                const double wait = serve(&few, service), wait_more = serve(&more, service);
                longer += wait_more > wait + 1e-9;
                shorter += wait_more < wait - 1e-9;
            }
            gsl_test(longer, "MR37: %zu servers and one more, cv2 %g: %d wait longer", c, cv2s[i],
                     longer);
            gsl_test(!shorter, "MR37: %zu servers and one more: %d wait less", c, shorter);
        }
    }
}

int main(void)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, SEED);
    test_exponential(rng);
    test_share_at_target(rng);
    test_blocking(rng);
    test_more_servers(rng);
    gsl_rng_free(rng);
    return gsl_test_summary();
}
