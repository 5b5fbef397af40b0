/* Blocking and waiting against Erlang's recursion in long double, his tables, values computed with 60 digits, the truncated
 * Poisson law of places for all (S14), and the limit of many servers (S26, Halfin and Whitt). */
#include "solver/queueing.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_test.h>
#include <math.h>

#define CLOSE        1e-9
#define TIGHT        1e-12
#define COUNT(array) (sizeof(array) / sizeof *(array))

static long double recursion(double c, double a)
{
    const int places = (int)c;
    long double b = 1;
    for (int n = 1; n <= places; n++) b = (long double)a * b / (n + (long double)a * b);
    return b;
}

static void test_erlang_recursion(void)
{
    static const double places[] = {1, 2, 3, 17, 63, 64, 65, 66, 257, 1999, 20011};
    static const double loads[] = {0.013, 0.37, 0.811, 0.9731, 0.9999, 1, 1.0001, 1.0317, 1.77, 31};
    for (size_t i = 0; i < COUNT(places); i++) {
        for (size_t j = 0; j < COUNT(loads); j++) {
            const double c = places[i], a = c * loads[j];
            const long double b = recursion(c, a);
            if (b < 1e-300L) continue;
            const long double wait = (long double)c * b / ((long double)c - a * (1 - b));
            gsl_test_rel(erlang_b(c, a), (double)b, b > 1e-30L ? 2e-13 : 1e-11,
                         "B of %g places at %g", c, a);
            gsl_test_rel(erlang_c(c, a), a < c ? (double)wait : 1, b > 1e-30L ? 2e-13 : 1e-11,
                         "C of %g servers at %g", c, a);
        }
    }
}

static void test_erlang_digits(void)
{
    static const struct {
        double c, a, b, wait;
    } known[] = {
        {7, 3.1, 0.024946241660630886, 0.043904716123888627},
        {65, 64.7, 0.090160381527538333, 0.95549728973653858},
        {99991, 99700.0, 0.0010040743176540254, 0.25670365917373007},
        {99991, 120011.3, 0.16686171630401884, 1},
        {1000003, 999001.7, 0.00028694033484396398, 0.22278840850328563},
    };
    for (size_t i = 0; i < COUNT(known); i++) {
        gsl_test_rel(erlang_b(known[i].c, known[i].a), known[i].b, TIGHT, "60 digits: B %zu", i);
        gsl_test_rel(erlang_c(known[i].c, known[i].a), known[i].wait, TIGHT, "60 digits: C %zu", i);
    }
}

static void test_erlang_edges(void)
{
    gsl_test_abs(erlang_b(0, 3.7), 1, 0, "no places: all blocked");
    gsl_test_abs(erlang_b(0, 0), 1, 0, "no places, no load");
    gsl_test_abs(erlang_b(5, 0), 0, 0, "no load: none blocked");
    gsl_test_abs(erlang_c(5, 0), 0, 0, "no load: none waits");
    gsl_test_abs(erlang_c(5, 5), 1, 0, "full load: all wait");
    gsl_test_abs(erlang_c(5, 7.1), 1, 0, "overload: all wait");
    gsl_test_abs(erlang_b(1, 0.37), 0.37 / 1.37, 1e-16, "one place");
    gsl_test_abs(erlang_c(1, 0.37), 0.37, 1e-16, "one server");
    gsl_test_abs(erlang_b(90000, 0.5), 0, 0, "far too many places");
    gsl_test_abs(erlang_c(90000, 0.5), 0, 0, "far too many servers");
    gsl_test_rel(erlang_b(100000, 1e9), 1 - 1e5 / 1e9, 1e-9, "hopeless overload");
    /* Erlang's tables of 1917: 10 lines at 4.461 Erlangs lose 1%, 20 at 12.031. */
    gsl_test_abs(erlang_b_load(10, 0.01), 4.461, 5e-4, "Erlang's table: 10 lines");
    gsl_test_abs(erlang_b_load(20, 0.01), 12.031, 5e-4, "Erlang's table: 20 lines");
}

static void test_erlang_inverse(void)
{
    static const double places[] = {1, 2, 7, 64, 65, 333, 80000};
    static const double blocked[] = {1e-9, 0.001, 0.01, 0.27, 0.9, 0.99};
    for (size_t i = 0; i < COUNT(places); i++) {
        for (size_t j = 0; j < COUNT(blocked); j++) {
            const double c = places[i], p = blocked[j], a = erlang_b_load(c, p);
            gsl_test(!(erlang_b(c, a * (1 + 1e-11)) > p && erlang_b(c, a * (1 - 1e-11)) < p),
                     "%g places lose %g at %.15g Erlangs", c, p, a);
            const struct expected near = {a * 1.0003, a * 1e-5};
            gsl_test_rel(erlang_b_load_near(c, p, near), a, TIGHT, "%g places lose %g, near", c, p);
            gsl_test_abs(erlang_b_places(a * (1 - 1e-9), p), c, 0, "%g places for %g", c, a);
            gsl_test_abs(erlang_b_places(a * (1 + 1e-9), p), c + 1, 0, "more for %g", a);
        }
    }
    gsl_test_rel(erlang_b_load(1, 0.01), 0.01 / 0.99, TIGHT, "one place: p / (1 - p)");
    gsl_test_abs(erlang_b_load(9, 0), 0, 0, "none blocked: no load");
    gsl_test_abs(erlang_b_load(0, 0.01), 0, 0, "no places: no load");
    gsl_test(!isinf(erlang_b_load(9, 1)), "all blocked: any load");
    gsl_test_abs(erlang_b_places(0, 0.01), 0, 0, "no load: no places");
    gsl_test_abs(erlang_b_places(3.3, 1), 0, 0, "all blocked: no places");
    gsl_test(!isinf(erlang_b_places(3.3, 0)), "none blocked: never enough");
}

/* S14: with places for all the number in service is Poisson(lambda E S); B is that law cut off at c. */
static void test_unbounded(void)
{
    const double rate = 71.3, time = 0.417, a = rate * time;
    for (unsigned c = 20; c <= 60; c += 4)
        gsl_test_rel(erlang_b(c, a), gsl_ran_poisson_pdf(c, a) / gsl_cdf_poisson_P(c, a), CLOSE,
                     "S14: Poisson law cut off at %u", c);
    gsl_test_rel(a * (1 - erlang_b(200, a)), rate * time, CLOSE, "S14: machines busy in the mean");
}

/* S26: C -> 1 / (1 + b Phi(b) / phi(b)) for c = a + b sqrt(a); b = 0.7. */
static void test_many_servers(void)
{
    const double b = 0.7, limit = 1 / (1 + b * gsl_cdf_ugaussian_P(b) / gsl_ran_ugaussian_pdf(b));
    gsl_test_abs(limit, 0.3705, 5e-5, "S26: the limit");
    gsl_test_abs(erlang_c(107, 100), 0.384, 5e-4, "S26: 100 Erlangs");
    gsl_test_abs(erlang_c(10070, 10000), 0.3718, 5e-5, "S26: 10,000 Erlangs");
    gsl_test_abs(erlang_c(1000700, 1000000), limit, 2e-4, "S26: a million Erlangs");
    const double off = erlang_c(10070, 10000) - limit, less = erlang_c(1000700, 1000000) - limit;
    gsl_test_rel(off / less, 10, 0.02, "S26: the difference falls as 1 / sqrt(a)");
}

int main(void)
{
    test_erlang_recursion();
    test_erlang_digits();
    test_erlang_edges();
    test_erlang_inverse();
    test_unbounded();
    test_many_servers();
    return gsl_test_summary();
}
