/* Lateness of requests that wait: stationary probabilities of M/M/c, the exact law of M/D/1, quadrature, values computed with
 * 60 digits, limits and order. Simulations are in test_queueing_worlds.c. */
#include "solver/queueing.h"
#include "solver/queueing_tail.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdbool.h>

#define CLOSE        1e-9
#define TIGHT        1e-12
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- S10: M/M/c from its stationary probabilities --- */

struct stationary {
    double c, a;
    double none, full; /* probability of nobody, of exactly c in the system */
};

static struct stationary stationary_make(double c, double a)
{
    const int servers = (int)c;
    double sum = 0, term = 1;
    for (int n = 0; n < servers; n++) {
        sum += term;
        term *= a / (n + 1);
    }
    sum += term * c / (c - a);
    return (struct stationary){c, a, 1 / sum, term / sum};
}

/* Who finds c + j in the system waits for j + 1 ends of service at rate c mu. */
static double wait_tail(const struct stationary *s, double mu, double t)
{
    double tail = 0, share = s->full;
    for (int j = 0; j < 4000; j++) {
        tail += share * gsl_sf_gamma_inc_Q(j + 1, s->c * mu * t);
        share *= s->a / s->c;
    }
    return tail;
}

static double mean_waiting(const struct stationary *s)
{
    double mean = 0, share = s->full;
    for (int j = 0; j < 4000; j++) {
        mean += j * share;
        share *= s->a / s->c;
    }
    return mean;
}

static void test_exponential(void)
{
    static const struct {
        double c, a;
    } cases[] = {{1, 0.37}, {1, 0.93}, {3, 2.71}, {8, 5.3}, {31, 29.9}};
    const double mu = 17.3;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const double c = cases[i].c, a = cases[i].a;
        const struct stationary s = stationary_make(c, a);
        const struct queue q = {c, 1 / mu, 1};
        gsl_test_rel(erlang_c(c, a), s.full * c / (c - a), TIGHT, "S10: P(wait), %g at %g", c, a);
        gsl_test_rel(queue_mean_wait_h(&q, a * mu), mean_waiting(&s) / (a * mu), CLOSE,
                     "S10: Wq of %g servers at %g by Little's law", c, a);
        for (int j = 0; j < 6; j++) {
            const double t = 0.007 * pow(2.3, j);
            gsl_test_rel(erlang_c(c, a) * exp(-(c - a) * mu * t), wait_tail(&s, mu, t), CLOSE,
                         "S10: P(wait > %g), %g servers at %g", t, c, a);
        }
    }
    /* M/M/1: the time in the system is exponential with mu - lambda. */
    const struct queue one = {1, 1 / mu, 1};
    for (int j = 0; j < 9; j++) {
        const double t = 0.01 * pow(1.9, j);
        gsl_test_rel(queue_late(&one, 11.1, t), exp(-(mu - 11.1) * t), CLOSE,
                     "S10: M/M/1 late after %g", t);
    }
    /* theta = mu: two stages of the same rate. */
    const struct queue two = {2, 1 / mu, 1};
    const double c = erlang_c(2, 1), x = mu * 0.113;
    gsl_test_rel(queue_late(&two, mu, 0.113), exp(-x) * (1 + c * x), TIGHT, "S10: equal rates");
    const double near = queue_late(&two, mu * (1 + 1e-9), 0.113);
    gsl_test_rel(near, exp(-x) * (1 + c * x), 1e-8, "S10: almost equal rates");
}

/* --- lateness --- */

static void test_tails(void)
{
    static const struct {
        double k, x, upper;
    } tails[] = {
        {.0371, .61, 0.016917835772559082},     {2.7, .13, 0.99911610861446618},
        {2.7, 19.1, 5.3976127070765507e-7},     {811.3, 790.1, 0.77009202076777842},
        {811.3, 1013., 2.3730634220709868e-11}, {15.1, 15.1, 0.46576768600100072},
    };
    for (size_t i = 0; i < COUNT(tails); i++) {
        const double k = tails[i].k, x = tails[i].x;
        gsl_test_rel(gamma_upper(k, x), tails[i].upper, TIGHT, "60 digits: tail %zu", i);
        gsl_test_rel(gamma_upper(k, x), gsl_sf_gamma_inc_Q(k, x), CLOSE, "GSL's tail %zu", i);
        gsl_test_rel(service_tail(0.31, 1 / k, 0.31 * x / k), tails[i].upper, 1e-11,
                     "service tail %zu", i);
    }
    static const struct {
        double k, w, sum;
    } sums[] = {
        {0.37, -0.011, 0.99200794790004144},     {0.37, -16.3, 0.02368325580137349},
        {0.0171, -41.0, 0.00042759438950108183}, {2.9, -7.7, 0.29471816717879108},
        {730.0, -1919.0, 0.27565108425633521},   {730.0, 711.0, 21.158549593317168},
        {3.3, 1.7, 1.5663344395994281},
    };
    for (size_t i = 0; i < COUNT(sums); i++)
        gsl_test_rel(kummer_sum(sums[i].k, sums[i].w), sums[i].sum, TIGHT, "60 digits: sum %zu", i);
    gsl_test_abs(service_tail(2, 0, 2), 0, 0, "constant service is in time at its own length");
    gsl_test_abs(service_tail(2, 0, 1.999), 1, 0, "constant service is late before");
    gsl_test_abs(service_tail(2, 0.3, 0), 1, 0, "nothing is done at once");
    gsl_test_rel(service_tail(2, 1, 3.1), exp(-1.55), TIGHT, "exponential service");
}

static void test_late_digits(void)
{
    static const struct {
        struct queue q;
        double rate, t, late;
    } known[] = {
        {{1, 0.0131, 0.37}, 61.3, 0.0417, 0.43621555948622112},
        {{3, 0.217, 2.9}, 11.17, 1.313, 0.17236335390730077},
        {{47, 1.07, 0.0625}, 41.9, 1.51, 0.20392820402559523},
        {{811, 0.0031, 0.51}, 255000.0, 0.0073, 0.053872540347918044},
        {{2, 0.41, 0.013}, 4.7, 0.377, 0.9845752482545666},
        {{5, 0.029, 13.7}, 151.0, 0.41, 0.24252001705141202},
    };
    for (size_t i = 0; i < COUNT(known); i++)
        gsl_test_rel(queue_late(&known[i].q, known[i].rate, known[i].t), known[i].late, TIGHT,
                     "60 digits: late %zu", i);
}

struct convolution {
    double shape, scale, theta, t;
};

/* x = t u^p takes the pole of the density at 0 away. */
static double convolved(double u, void *context)
{
    const struct convolution *v = context;
    const double p = fmax(1, 2 / v->shape), x = v->t * pow(u, p);
    return gsl_ran_gamma_pdf(x, v->shape, v->scale) * exp(-v->theta * (v->t - x)) * v->t * p *
           pow(u, p - 1);
}

static void test_late_quadrature(void)
{
    static const double shapes[] = {0.21, 0.73, 0.999, 1.31, 2, 9.7, 64, 411};
    static const double loads[] = {0.31, 0.87, 0.991};
    static const double limits[] = {0.43, 1.01, 2.3, 6.1};
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(2000);
    for (size_t i = 0; i < COUNT(shapes) * COUNT(loads) * COUNT(limits) * 2; i++) {
        const double k = shapes[i % COUNT(shapes)], time = 0.0713, c = i % 2 ? 19 : 2;
        const double a = c * loads[i / COUNT(shapes) % COUNT(loads)];
        const double t = time * limits[i / COUNT(shapes) / COUNT(loads) % COUNT(limits)];
        const struct queue q = {c, time, 1 / k};
        struct convolution v = {k, time / k, 2 * (c - a) / time / (1 + 1 / k), t};
        const gsl_function f = {convolved, &v};
        double integral, error;
        gsl_integration_qag(&f, 0, 1, 0, 1e-11, 2000, GSL_INTEG_GAUSS61, space, &integral, &error);
        gsl_test_rel(queue_late(&q, a / time, t),
                     gsl_cdf_gamma_Q(t, k, time / k) + erlang_c(c, a) * integral, CLOSE,
                     "quadrature: shape %g, %g servers at %g, %g services", k, c, a, t / time);
    }
    gsl_integration_workspace_free(space);
}

/* Probabilities; late rises with the load, falls with servers and with the limit. */
static void check_order(double cv2, double t)
{
    const double time = 0.83;
    const struct queue q = {7, time, cv2}, more = {8, time, cv2};
    double before = -1;
    for (int i = 0; i < 24; i++) {
        const double load = 0.31 * i, rate = load / time, late = queue_late(&q, rate, t);
        gsl_test(!(late >= 0 && late <= 1), "cv2 %g: %g is a probability", cv2, late);
        gsl_test(late < before - 1e-14, "cv2 %g: late rises with load %g", cv2, load);
        gsl_test(queue_late(&more, rate, t) > late + 1e-14, "cv2 %g: servers help at load %g", cv2,
                 load);
        gsl_test(queue_late(&q, rate, t * 1.1) > late + 1e-14,
                 "cv2 %g: late falls with the limit at load %g", cv2, load);
        before = late;
    }
    gsl_test_abs(queue_late(&q, 7 / time, t), 1, 0, "no steady state: all late");
    gsl_test_rel(queue_late(&q, 7 / time * (1 - 1e-12), t), 1, 1e-9, "hardly a steady state");
    gsl_test_rel(queue_late(&q, 0, t), service_tail(time, cv2, t), 1e-14, "no arrivals: service");
}

static void test_late_order(void)
{
    static const double cv2s[] = {0, 1e-4, 0.31, 1, 1.7, 25};
    for (size_t i = 0; i < COUNT(cv2s); i++)
        for (int j = 0; j < 11; j++) check_order(cv2s[i], 0.0311 * pow(1.7, j));
}

/* Next to the closed forms the general one gives the same; far on either side of the constant length for cv2 -> 0. */
static void check_continuity(double load, double t)
{
    const double rate = load / 0.83, off = 1e-8;
    const struct queue one = {5, 0.83, 1}, below = {5, 0.83, 1 - off}, above = {5, 0.83, 1 + off};
    const double late = queue_late(&one, rate, t);
    gsl_test_rel(queue_late(&below, rate, t), late, 1e-6, "cv2 -> 1: load %g, %g", load, t);
    gsl_test_rel(queue_late(&above, rate, t), late, 1e-6, "cv2 -> 1: load %g, %g", load, t);
    const struct queue constant = {5, 0.83, 0}, almost = {5, 0.83, 2e-9};
    gsl_test_abs(queue_late(&almost, rate, t), queue_late(&constant, rate, t), 1e-7,
                 "cv2 -> 0: load %g, %g", load, t);
}

static void test_late_continuity(void)
{
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 9; j++) check_continuity(0.5 + 0.81 * i, 0.1 * pow(1.6, j));
    /* At theta = beta the two forms of the general case meet. */
    const double cv2 = 0.4, time = 0.83, c = 3, beta = 1 / (cv2 * time);
    const double rate = c / time - beta * (1 + cv2) / 2, t = 2.7;
    const struct queue q = {c, time, cv2};
    const double same = queue_late(&q, rate, t);
    gsl_test_rel(queue_late(&q, rate * (1 + 1e-10), t), same, 1e-9, "equal rates from above");
    gsl_test_rel(queue_late(&q, rate * (1 - 1e-10), t), same, 1e-9, "equal rates from below");
}

/* --- S11: how far the two-moment law is from exact for constant service and one server --- */

/* P(wait <= t) of M/D/1; alternating terms, good to 1e-9 for the few services asked for here. */
static double constant_wait_cdf(double rho, double services)
{
    const int most = (int)services;
    double sum = 0, factorial = 1;
    for (int k = 0; k <= most; k++) {
        if (k > 0) factorial *= k;
        const double x = rho * (services - k);
        sum += pow(-x, k) / factorial * exp(x);
    }
    return (1 - rho) * sum;
}

/* The mean is exact, the law is not. Over loads of 0.1 to 0.95 the share late is never more than 0.019 too large or
 * 0.058 too small; where it says 1%, the exact share is 0.27% to 0.78%. */
static void test_constant_service(void)
{
    double above = 0, below = 0, least = 1, most = 0;
    for (int i = 0; i < 18; i++) {
        const double rho = 0.1 + 0.05 * i;
        const struct queue q = {1, 1, 0};
        gsl_test_rel(queue_mean_wait_h(&q, rho), rho / (2 * (1 - rho)), TIGHT,
                     "S11: mean wait at %g", rho);
        for (int j = 0; j < 1200; j++) {
            const double t = 0.01 * j, exact = 1 - constant_wait_cdf(rho, t);
            const double ours = queue_late(&q, rho, t + 1);
            above = fmax(above, ours - exact);
            below = fmax(below, exact - ours);
            if (ours > 0.0095 && ours < 0.0105) {
                least = fmin(least, exact / ours);
                most = fmax(most, exact / ours);
            }
        }
    }
    gsl_test_abs(above, 0.0189, 2e-4, "S11: too large by at most %g", above);
    gsl_test_abs(below, 0.0579, 2e-4, "S11: too small by at most %g", below);
    gsl_test_abs(least, 0.27, 0.01, "S11: exact over 1%%, least %g", least);
    gsl_test_abs(most, 0.775, 0.01, "S11: exact over 1%%, most %g", most);
}

/* --- largest rate --- */

static void check_max_rate(const struct queue *q, const double *limit, const double *late, size_t n)
{
    const double rate = queue_max_rate(q, limit, late, n);
    bool holds = true, breaks = false;
    for (size_t i = 0; i < n; i++) {
        holds = holds && queue_late(q, rate, limit[i]) <= late[i] * (1 + 1e-11);
        breaks = breaks || queue_late(q, rate * (1 + 1e-9), limit[i]) > late[i];
    }
    gsl_test(!holds, "%g servers, cv2 %g: targets hold at %.12g", q->servers, q->cv2, rate);
    gsl_test(!breaks, "%g servers, cv2 %g: not beyond %.12g", q->servers, q->cv2, rate);
    const struct expected near[] = {{rate, 0}, {rate * 1.001, rate * 1e-6}, {rate * 0.9, 1e-9}};
    for (size_t i = 0; i < COUNT(near); i++)
        gsl_test_rel(queue_max_rate_near(q, limit, late, n, near[i]), rate, TIGHT,
                     "%g servers, cv2 %g: expected %zu", q->servers, q->cv2, i);
}

static void test_max_rate(void)
{
    static const double cv2s[] = {0, 0.01, 0.37, 1, 2.9};
    static const double limit[] = {0.9, 1.7, 4.1}, late[] = {0.7, 0.2, 0.05};
    const double time = 0.61;
    for (size_t i = 0; i < COUNT(cv2s); i++) {
        double before = 0, c = 1;
        while (c < 3000) {
            const struct queue q = {c, time, cv2s[i]};
            check_max_rate(&q, limit, late, 3);
            const double rate = queue_max_rate(&q, limit, late, 3);
            gsl_test(!(rate / c > before && rate < c / time), "%g servers gain by size", c);
            before = rate / c;
            double least = INFINITY;
            for (size_t j = 0; j < 3; j++)
                least = fmin(least, queue_max_rate(&q, limit + j, late + j, 1));
            gsl_test_rel(rate, least, TIGHT, "%g servers: the tightest target counts", c);
            c = ceil(c * 1.37);
        }
    }
}

static void test_max_rate_edges(void)
{
    const double limit[] = {0.5, 2.0}, late[] = {0.01, 0.5};
    const struct queue constant = {9, 0.51, 0}, gamma = {9, 0.31, 0.5}, quick = {9, 0.013, 0.5};
    gsl_test_abs(queue_max_rate(&constant, limit, late, 1), 0, 0, "a constant service too long");
    gsl_test_abs(queue_max_rate(&gamma, limit, late, 1), 0, 0, "its tail too long");
    gsl_test(!(queue_max_rate(&quick, limit, late, 2) > 0), "short enough");
    gsl_test_rel(queue_max_rate(&gamma, limit, late, 0), 9 / 0.31, 1e-15, "no target: stability");
    const double all = 1;
    gsl_test_rel(queue_max_rate(&gamma, limit, &all, 1), 9 / 0.31, 1e-12, "all may be late");
    const struct queue exact = {1, 0.5, 0};
    gsl_test_rel(queue_max_rate(&exact, limit, late, 1), 0.01 / 0.5, TIGHT,
                 "no slack: only those who find it free");
    /* M/M/1: exp(-(mu - r) t) = p. */
    const struct queue one = {1, 0.05, 1};
    gsl_test_rel(queue_max_rate(&one, limit, late, 1), 20 + log(0.01) / 0.5, TIGHT, "M/M/1");
}

int main(void)
{
    test_exponential();
    test_tails();
    test_late_digits();
    test_late_quadrature();
    test_late_order();
    test_late_continuity();
    test_constant_service();
    test_max_rate();
    test_max_rate_edges();
    return gsl_test_summary();
}
