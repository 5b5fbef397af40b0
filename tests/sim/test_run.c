/* Whole runs: when they stop, what they refuse, and the words for what they tell. Their laws: tests/laws/test_laws_luck.c. */
#include "report/simulation.h"
#include "tests/sim/trial.h"

#include <signal.h>

static void test_stops(void)
{
    const volatile sig_atomic_t raised = 15;
    struct trial t;
    trial_open(&t, MIXED, NULL, &(struct run_settings){.runs = 100, .stop = &raised});
    gsl_test(t.code != OK || t.outcomes.n != 0 || !t.outcomes.interrupted,
             "a run that is stopped at once has no worlds");
    trial_close(&t);
    trial_open(&t, MIXED, NULL, &(struct run_settings){.runs = 20000, .precision = 0.01});
    gsl_test(!t.outcomes.converged || t.outcomes.n >= 20000 || t.outcomes.n < 1000,
             "a mean known to 1%% needs %zu worlds", t.outcomes.n);
    trial_close(&t);
}

/* What cannot be run is refused in so many words. */
static void test_refusals(void)
{
    static const struct {
        const char *what, *set, *text;
        long runs;
    } cases[] = {
        {"fractional machines", "integrality=none",
         "a plan of fractional machines (integrality: none) cannot be executed", 10},
        {"too many worlds", "simulate.seed=1",
         "100000000 worlds of 3 workloads would need 59 GB of memory", 100000000},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const set[] = {cases[i].set, NULL};
        struct trial t;
        trial_open(&t, MIXED, set, &(struct run_settings){.runs = cases[i].runs});
        const struct finding *f = t.diag.last;
        gsl_test(t.code == OK || !f, "%s: refused", cases[i].what);
        if (f) gsl_test(strcmp(f->what, cases[i].text) != 0, "%s: %s", cases[i].what, f->what);
        trial_close(&t);
    }
}

static void text_test(const char *got, const char *wanted, const char *what)
{
    gsl_test(strcmp(got, wanted) != 0, "%s: \"%s\", expected \"%s\"", what, got, wanted);
}

static void test_words(void)
{
    static const char *const labels[N_COST_PARTS] = {
        "on-demand machines", "spot machines", "autoscaled machines",  "use of commitments",
        "lost to reclaims",   "starts",        "commitments not used", "storage",
        "licences",           "late work",     "load left out"};
    for (int i = 0; i < N_COST_PARTS; i++)
        text_test(cost_part_label(i), labels[i], cost_part_name(i));
    text_test(price_fixed.label, "as planned, all the time", "fixed prices");
    text_test(price_mean_reverting.label, "mean-reverting with jumps, as planned on average",
              "modelled prices");
    text_test(price_history.label, "days of the imported history, hour of the week kept",
              "prices of the past");
    text_test(life_exponential.label, "exponential lives: a reclaim is as likely in every hour",
              "exponential lives");
    text_test(life_weibull.label, "Weibull lives: most reclaims come early", "Weibull lives");
}

/* A run that was stopped says so, and a policy that does not exist is refused. */
static void test_stopped(void)
{
    struct trial t;
    trial_open(&t, GANG, NULL, &(struct run_settings){.runs = 40});
    struct simulation s;
    t.outcomes.interrupted = true;
    simulation_make(&s, &t.outcomes, t.arena);
    const struct sheet sheet = simulation_sheet(&s, "gang", "base", t.arena);
    const char *last = sheet.notes[sheet.n_notes - 1];
    gsl_test(strncmp(last, "40 worlds (stopped), seed 0", 27) != 0,
             "\"%s\" says that it was stopped", last);
    trial_close(&t);
    trial_open(&t, GANG, NULL, &(struct run_settings){.runs = 40, .policy = "best"});
    text_test(t.diag.last ? t.diag.last->what : "", "there is no policy \"best\"",
              "a policy that does not exist");
    trial_close(&t);
}

int main(void)
{
    test_stops();
    test_refusals();
    test_words();
    test_stopped();
    return gsl_test_summary();
}
