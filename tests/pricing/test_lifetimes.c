/* Curves by hand; models find the parameters that lives were drawn with. */
#include "pricing/lifetimes.h"
#include "tests/common/findings.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Five machines: reclaimed at 1 h, stopped at 1 h, two reclaimed at 3 h, one stopped at 5 h. */
static void test_by_hand(void)
{
    static const struct life lives[] = {
        {3, 3, true, 0}, {1, 1, false, 0}, {5, 5, false, 0}, {1, 1, true, 0}, {3, 3, true, 0}};
    struct arena *a = arena_new();
    const struct survival s = survival_estimate(lives, 5, a);
    gsl_test(s.n != 2, "two steps");
    gsl_test_rel(survival_at(&s, 0.99), 1, 0, "nobody is gone");
    gsl_test_rel(survival_at(&s, 1), 0.8, 1e-15, "the reclaimed one goes before the stopped one");
    gsl_test_rel(survival_at(&s, 4), 0.8 / 3, 1e-15, "two of three");
    gsl_test_rel(survival_mean(&s, 5), 1 + 0.8 * 2 + 0.8 / 3 * 2, 1e-15, "the area below");
    const struct life_fit f = life_fit(LIFE_EXPONENTIAL, lives, 5, a);
    gsl_test_rel(f.parameter[0], 3.0 / 13, 1e-6, "reclaims over hours");
    gsl_test_rel(f.error[0], 3.0 / 13 / sqrt(3), 1e-3, "its error");
    static const struct life none[] = {{1, 1, false, 0}};
    gsl_test(life_fit(LIFE_WEIBULL, none, 1, a).converged,
             "nobody was reclaimed: nothing can be told");
    arena_free(a);
}

enum { LIVES = 3000 };

/* Lives of a model by inversion of its survival, cut short at random, some known to 15 minutes only. */
static struct life *draw(const struct life_fit *model, unsigned long seed, struct arena *a)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, seed);
    struct life *lives = ARENA_NEW(a, struct life, LIVES);
    for (size_t i = 0; i < LIVES; i++) {
        const double wanted = gsl_rng_uniform_pos(rng);
        double low = 0, high = 1e5;
        for (int k = 0; k < 100; k++) {
            const double mid = (low + high) / 2;
            if (life_fit_survival(model, mid) > wanted)
                low = mid;
            else
                high = mid;
        }
        const double cut = 40 * gsl_rng_uniform(rng);
        lives[i] = low < cut ? (struct life){.low_h = low, .high_h = low, .ended = true}
                             : (struct life){.low_h = cut, .high_h = cut};
        if (lives[i].ended && i % 2) {
            lives[i].low_h = floor(low * 4) / 4;
            lives[i].high_h = lives[i].low_h + 0.25;
        }
    }
    gsl_rng_free(rng);
    return lives;
}

static void test_recovery(void)
{
    static const struct life_fit models[] = {
        {.form = LIFE_EXPONENTIAL, .n_parameters = 1, .parameter = {0.08}},
        {.form = LIFE_WEIBULL, .n_parameters = 2, .parameter = {0.7, 15}},
        {.form = LIFE_WEIBULL, .n_parameters = 2, .parameter = {1.6, 20}},
        {.form = LIFE_BATHTUB, .n_parameters = 4, .parameter = {0.5, 60, 8, 24}},
        {.form = LIFE_LOGNORMAL, .n_parameters = 2, .parameter = {3.7, 1.3}},
        {.form = LIFE_MIXTURE, .n_parameters = 3, .parameter = {0.6, 0.45, 14}},
    };
    for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
        struct arena *a = arena_new();
        const struct life *lives = draw(&models[k], 11 + k, a);
        struct life_fit fits[LIFE_FIXED];
        /* the simple forms beside the true one; the rich ones take seconds where they have nothing to find */
        for (enum life_form f = 0; f < LIFE_FIXED; f++)
            fits[f] = f <= LIFE_WEIBULL || f == models[k].form ? life_fit(f, lives, LIVES, a)
                                                               : (struct life_fit){.form = f};
        const struct life_fit *f = &fits[models[k].form];
        gsl_test(!f->converged, "%s is fitted", life_form_name(f->form));
        for (size_t i = 0; i < f->n_parameters; i++) {
            const double z = (f->parameter[i] - models[k].parameter[i]) / f->error[i];
            gsl_test(!(fabs(z) < 4.5), "%s, %s: %g is %g, z %.2f", life_form_name(f->form),
                     life_parameter_name(f->form, i), models[k].parameter[i], f->parameter[i], z);
            /* with 3,000 lives a bias of 5 errors, 10 to 60 percent, would be found */
            gsl_test(!(f->error[i] < 0.15 * f->parameter[i]), "%s, %s: the error is small",
                     life_form_name(f->form), life_parameter_name(f->form, i));
        }
        gsl_test(fits[life_fit_best(fits, LIFE_FIXED)].aic > f->aic + 1e-6,
                 "the best is no worse than the truth");
        if (models[k].form == LIFE_BATHTUB)
            gsl_test(life_fit_best(fits, LIFE_FIXED) != LIFE_BATHTUB,
                     "a bathtub is chosen where it is one");
        arena_free(a);
    }
}

static void refused(const char *text, const char *expected)
{
    char path[] = "/tmp/gpumix-lives-XXXXXX";
    FILE *out = fdopen(mkstemp(path), "w");
    fputs(text, out);
    fclose(out);
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct life_groups g;
    gsl_test(lifetimes_read(&g, path, NULL, a, &d) != ERR_IMPORT_VALUE, "refused: %s", text);
    gsl_test(strcmp(findings_text(&d), expected) != 0, "is: %s wanted: %s", findings_text(&d),
             expected);
    unlink(path);
    arena_free(a);
}

int main(void)
{
    gsl_set_error_handler_off();
    test_by_hand();
    test_recovery();
    refused("lifetime_s,end\n3m,preempted\n", "E2103 2:1 \"3m\" is no number of seconds -> write "
                                              "the seconds from the start of the machine\n");
    refused("lifetime_s,end\n3,died\n",
            "E2103 2:3 \"died\" is no end of a life -> write preempted for a machine that was "
            "reclaimed, stopped for one its owner ended\n");
    return gsl_test_summary();
}
