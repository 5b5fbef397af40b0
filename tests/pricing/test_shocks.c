/* Machines under watch: tables by hand, parameters found again, wrong tables refused. Power: as in test_price_fit.c. */
#include "pricing/shocks.h"
#include "tests/common/findings.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double limit_z = 4.5, found_z = 4.5 + 3.09;

static const char *written(const char *text, struct arena *a)
{
    char *path = arena_strdup(a, "/tmp/gpumix-watch-XXXXXX");
    FILE *out = fdopen(mkstemp(path), "w");
    fputs(text, out);
    fclose(out);
    return path;
}

static void test_events_by_hand(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct watch w;
    struct life_groups g;
    const char *path =
        written("time_ms,event,node\n0,add,a\n0,add,b\n60000,add,c\n180000,remove,a\n"
                "180000,remove,c\n3600000,add,d\n3660000,remove,b\n",
                a);
    gsl_test(watch_read_events(&w, &g, path, a, &d) != OK, "events are read");
    gsl_test(w.n != 62 || w.there[1] != 2 || w.there[3] != 3 || w.gone[3] != 2 || w.gone[61] != 1,
             "minute by minute");
    const struct life_group *all = &g.items[0];
    gsl_test(all->n != 4 || all->ended != 3, "four lives, one of them cut short");
    gsl_test_rel(all->lives[0].low_h, 0.05, 1e-12, "a lived three minutes");
    gsl_test_rel(all->lives[2].low_h, 2.0 / 60, 1e-12, "c lived two");
    unlink(path);
    arena_free(a);
}

static void test_counts_by_hand(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct watch w;
    const char *path =
        written("timestamp,instances\n2021-12-10T13:00:00,8\n2021-12-10T13:02:00,5\n"
                "2021-12-10T13:01:00,8\n2021-12-10T13:30:00,2\n2021-12-10T13:31:00,4\n",
                a);
    gsl_test(watch_read_counts(&w, path, a, &d) != OK, "counts are read");
    gsl_test(w.n != 4 || w.gone[0] != 0 || w.gone[1] != 3 || w.there[2] != 0 || w.gone[3] != 0,
             "in the order of time; what happens in a gap is not counted");
    gsl_test(w.first_hour != 4 * 24 + 13, "Friday at one, %d", w.first_hour);
    unlink(path);
    arena_free(a);
}

static struct watch draw(double own, double event, double hit, size_t n, unsigned long seed,
                         struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    struct watch w = {.step_h = 1.0 / 60,
                      .n = n,
                      .there = ARENA_NEW(a, long, n),
                      .gone = ARENA_NEW(a, long, n),
                      .first_hour = -1};
    for (size_t i = 0; i < n; i++) {
        const unsigned events = gsl_ran_poisson(rng, event * w.step_h);
        const double taken = 1 - pow(1 - hit, events) * exp(-own * w.step_h);
        w.there[i] = 20 + (long)(i % 17);
        w.gone[i] = (long)gsl_ran_binomial(rng, taken, (unsigned)w.there[i]);
    }
    gsl_rng_free(rng);
    return w;
}

static void test_recovery(void)
{
    struct arena *a = arena_new();
    const double want[] = {0.031, 0.72, 0.23}, bias[] = {0.5, 0.5, 0.25}; /* of the value */
    const struct watch w = draw(want[0], want[1], want[2], 30000, 3, a);
    const struct shock_fit f = shock_fit(SHOCK_COMMON, &w, w.n, a),
                           none = shock_fit(SHOCK_NONE, &w, w.n, a);
    gsl_test(!f.converged || !(f.aic < none.aic), "shocks are seen where they are");
    for (size_t i = 0; i < 3; i++) {
        const double z = (f.parameter[i] - want[i]) / f.error[i];
        gsl_test(!(fabs(z) < limit_z), "%s: %g is %g, z %.2f", shock_parameter_name(i), want[i],
                 f.parameter[i], z);
        gsl_test(!(found_z * f.error[i] <= bias[i] * want[i]), "%s: a bias of %g would be found",
                 shock_parameter_name(i), bias[i] * want[i]);
    }
    gsl_test(!(f.distance < 0.01) || !(none.distance > 2 * f.distance),
             "counts are as the model says, %g, and not as without shocks, %g", f.distance,
             none.distance);
    gsl_test_rel(none.parameter[0], want[0] + want[1] * -log(1 - want[2]), 0.2,
                 "without shocks: about all of the hazard");
    gsl_test_abs(shock_cumulative(&f, 20, 1, 20), 1, 1e-12, "no more than all");
    gsl_test_rel(shock_cumulative(&none, 20, 2, 0), exp(-none.parameter[0] * 40), 1e-9,
                 "nobody is taken");
    const struct watch alone = draw(0.3, 0, 0.1, 20000, 4, a);
    const struct shock_fit own = shock_fit(SHOCK_NONE, &alone, alone.n, a);
    gsl_test(!(fabs(own.parameter[0] - 0.3) < limit_z * own.error[0]), "reclaims one by one");
    gsl_test(!(found_z * own.error[0] < 0.15 * 0.3), "a bias of 15%% would be found");
    const struct shock_fit both = shock_fit(SHOCK_COMMON, &alone, alone.n, a);
    gsl_test(both.converged && both.aic < own.aic - 4, "no shocks are seen where there are none");
    arena_free(a);
}

static void refused(bool events, const char *text, const char *expected)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct watch w;
    struct life_groups g;
    const char *path = written(text, a);
    const enum err code =
        events ? watch_read_events(&w, &g, path, a, &d) : watch_read_counts(&w, path, a, &d);
    gsl_test(code != ERR_IMPORT_VALUE, "refused: %s", text);
    gsl_test(strcmp(findings_text(&d), expected) != 0, "is: %s wanted: %s", findings_text(&d),
             expected);
    unlink(path);
    arena_free(a);
}

int main(void)
{
    gsl_set_error_handler_off();
    test_events_by_hand();
    test_counts_by_hand();
    test_recovery();
    refused(true, "time_ms,event,node\n5s,add,a\n",
            "E2103 2:1 \"5s\" is no number of milliseconds -> write the milliseconds since the "
            "watch began\n");
    refused(true, "time_ms,event,node\n5,added,a\n",
            "E2103 2:3 \"added\" is no event -> write add for a machine that came, remove for one "
            "that was taken\n");
    refused(true, "time_ms,event,node\n5,add,a\n4,add,b\n",
            "E2103 3:1 the time lies before that of the row above -> give the rows in the order of "
            "time\n");
    refused(false, "timestamp,instances\nnoon,4\n",
            "E2103 2:1 \"noon\" is no time such as 2026-01-31T06:00:00Z -> write the moment at "
            "which the machines were counted\n");
    refused(false, "timestamp,instances\n2021-12-10T13:00:00Z,4.5\n",
            "E2103 2:22 \"4.5\" is no whole number -> write how many machines were there\n");
    return gsl_test_summary();
}
