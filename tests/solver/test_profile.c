#include "solver/schedule.h"
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <string.h>

/* Brute force: one value per microsecond of a short time. */
enum { LENGTH = 97, STEPS = 400 };

static void test_against_array(struct arena *a)
{
    gsl_rng *r = gsl_rng_alloc(gsl_rng_mt19937);
    double brute[LENGTH] = {0}, worst = 0;
    struct profile p;
    profile_init(&p, a);
    for (int step = 0; step < STEPS; step++) {
        const int64_t from = (int64_t)gsl_rng_uniform_int(r, LENGTH);
        const int64_t to = from + (int64_t)gsl_rng_uniform_int(r, (unsigned long)(LENGTH - from));
        const double units = 0.125 * (double)gsl_rng_uniform_int(r, 40);
        profile_add(&p, from, to, units);
        for (int64_t t = from; t < to; t++) brute[t] += units;
        for (int64_t t = 0; t < LENGTH; t++)
            worst = fmax(worst, fabs(brute[t] - profile_at(&p, t)));
    }
    gsl_test_abs(worst, 0, 0, "use over time equals an array of %d moments", LENGTH);
    int wrong = 0;
    for (int64_t t = 0; t < LENGTH - 1; t++)
        if (brute[t] != brute[t + 1] && profile_next(&p, t) != t + 1) wrong++;
    gsl_test_int(wrong, 0, "every change is found");
    wrong = 0;
    for (int64_t from = 0; from < LENGTH; from += 13) {
        size_t next = SIZE_MAX;
        for (int64_t t = from; t < LENGTH; t += 1 + from % 3) {
            wrong += profile_walk(&p, &next, t) != profile_at(&p, t);
            wrong += (next < p.n ? p.at[next] : INT64_MAX) != profile_next(&p, t);
        }
    }
    gsl_test_int(wrong, 0, "a walk through time finds the same from any moment on");
    gsl_rng_free(r);
}

static void test_edges(struct arena *a)
{
    struct profile p;
    profile_init(&p, a);
    gsl_test_abs(profile_at(&p, 5), 0, 0, "nothing is used at first");
    gsl_test(profile_next(&p, 5) != INT64_MAX, "an empty profile never changes");
    size_t next = SIZE_MAX;
    gsl_test(profile_walk(&p, &next, 5) != 0 || next != 0, "nor on a walk");
    profile_add(&p, 7, 7, 3);
    gsl_test_int((int)p.n, 0, "an empty span adds nothing");
    profile_add(&p, 10, 20, 2.385);
    gsl_test_abs(profile_at(&p, 9), 0, 0, "before the span");
    gsl_test_abs(profile_at(&p, 10), 2.385, 0, "a span begins with its first moment");
    gsl_test_abs(profile_at(&p, 20), 0, 0, "and does not hold its last");
    gsl_test_int((int)profile_next(&p, 0), 10, "first change");
    gsl_test_int((int)profile_next(&p, 10), 20, "second change");
}

int main(void)
{
    struct arena *a = arena_new();
    test_against_array(a);
    test_edges(a);
    arena_free(a);
    return gsl_test_summary();
}
