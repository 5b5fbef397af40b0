/* Availability: ticks by hand, spells found again from ticks. Power: as in test_price_fit.c. */
#include "pricing/spells.h"
#include "tests/common/findings.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double limit_z = 4.5, found_z = 4.5 + 3.09;

static FILE *opened(char *path)
{
    FILE *out = fdopen(mkstemp(path), "w");
    fputs("tick,available\n", out);
    return out;
}

static void test_by_hand(void)
{
    char path[] = "/tmp/gpumix-ticks-XXXXXX";
    FILE *out = opened(path);
    /* a first spell of unknown begin; 2 gone; 1 there; cut by missing ticks; unknown again; 3 there, cut by the end */
    fputs("3,1\n4,0\n5,0\n6,1\n7,0\n10,0\n11,1\n12,1\n13,2\n", out);
    fclose(out);
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct life_groups g;
    gsl_test(spells_read(&g, path, 0.5, a, &d) != OK, "ticks are read");
    const struct life_group *there = &g.items[0], *gone = &g.items[1];
    gsl_test(there->n != 2 || there->ended != 1 || gone->n != 2 || gone->ended != 1, "four spells");
    gsl_test_rel(gone->lives[0].low_h, 0.75, 1e-12, "between one and a half");
    gsl_test_rel(gone->lives[0].high_h, 1.25, 1e-12, "and two and a half ticks");
    gsl_test_abs(there->lives[0].low_h, 0, 0, "one tick: anything");
    gsl_test_rel(there->lives[0].high_h, 0.75, 1e-12, "up to one and a half");
    gsl_test_rel(there->lives[1].low_h, 1.25, 1e-12, "cut short by the end");
    gsl_test(there->lives[1].ended || gone->lives[1].ended, "did not end");
    gsl_test(gone->lives[0].week_hour != 3, "hours are counted from tick 0");
    unlink(path);
    arena_free(a);
}

/* Two kinds of spells in turn, seen once in 6 minutes: about 3,000 of each. */
static void ticks_draw(const struct life_fit *kinds, size_t ticks, const char *path)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    gsl_rng_set(rng, 23);
    FILE *out = fopen(path, "w");
    fputs("tick,available\n", out);
    double until = 0;
    int kind = 1;
    for (size_t tick = 0; tick < ticks; tick++) {
        while ((double)tick * 0.1 >= until) {
            kind = 1 - kind;
            until +=
                life_quantile(kinds[kind].form, kinds[kind].parameter, gsl_rng_uniform_pos(rng));
        }
        fprintf(out, "%zu,%d\n", tick, kind == 0);
    }
    fclose(out);
    gsl_rng_free(rng);
}

static void test_recovery(void)
{
    static const struct life_fit kinds[] = {
        {.form = LIFE_LOGNORMAL, .n_parameters = 2, .parameter = {9.2, 0.8}},
        {.form = LIFE_WEIBULL, .n_parameters = 2, .parameter = {1.7, 3.4}},
    };
    static const double bias[] = {0.15, 0.13}; /* of either parameter */
    char path[] = "/tmp/gpumix-ticks-XXXXXX";
    fclose(opened(path));
    ticks_draw(kinds, 440000, path);
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct life_groups g;
    gsl_test(spells_read(&g, path, 0.1, a, &d) != OK, "ticks are read");
    for (int k = 0; k < 2; k++) {
        struct life_fit fits[N_FORMS_OF_SPELLS];
        for (size_t i = 0; i < N_FORMS_OF_SPELLS; i++)
            fits[i] = life_fit(forms_of_spells[i], g.items[k].lives, g.items[k].n, a);
        const struct life_fit *f = &fits[life_fit_best(fits, N_FORMS_OF_SPELLS)];
        gsl_test(f->form != kinds[k].form, "%s: chosen is %s", g.items[k].name,
                 life_form_name(f->form));
        for (size_t i = 0; i < f->n_parameters; i++) {
            const double want = kinds[k].parameter[i], z = (f->parameter[i] - want) / f->error[i];
            gsl_test(!(fabs(z) < limit_z), "%s, %s: %g is %g, z %.2f", g.items[k].name,
                     life_parameter_name(f->form, i), want, f->parameter[i], z);
            gsl_test(!(found_z * f->error[i] <= bias[k] * want), "%s: a bias of %g would be found",
                     life_parameter_name(f->form, i), bias[k] * want);
        }
        gsl_test(!(life_fit_distance(f, g.items[k].lives, g.items[k].n, a) < 0.03),
                 "%s: the model fits", g.items[k].name);
    }
    unlink(path);
    arena_free(a);
}

static void refused(const char *rows, const char *expected)
{
    char path[] = "/tmp/gpumix-ticks-XXXXXX";
    FILE *out = opened(path);
    fputs(rows, out);
    fclose(out);
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct life_groups g;
    gsl_test(spells_read(&g, path, 1, a, &d) != ERR_IMPORT_VALUE, "refused: %s", rows);
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
    refused("1,yes\n",
            "E2103 2:3 \"yes\" is no whole number -> write the number of the step, and 1 "
            "or 0 for spot that can be held\n");
    refused("4,1\n3,1\n", "E2103 3:1 tick 3 comes after tick 4 -> give every tick once and in "
                          "order\n");
    return gsl_test_summary();
}
