/* Kaplan-Meier curves of public lifetimes equal the published figures. Skipped, saying so, where the data are absent. */
#include "pricing/lifetimes.h"
#include <gsl/gsl_errno.h>
#include <gsl/gsl_test.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char lives_path[] = "../shared/data/spot_lifetimes/gcp_2019_lifetimes.csv";
static const char expected_path[] = "../shared/data/expected/lifetimes.csv";

static const struct life_group *group_named(const struct life_groups *g, const char *name)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(g->items[i].name, name) == 0) return &g->items[i];
    return NULL;
}

static void row_test(const struct life_groups *const sets[3], char *line)
{
    double want[12] = {0};
    size_t n = 0;
    char *state, *name = strtok_r(line, ",", &state);
    for (char *cell = strtok_r(NULL, ",", &state); cell && n < 12;
         cell = strtok_r(NULL, ",", &state))
        want[n++] = strtod(cell, NULL);
    const struct life_group *g = NULL;
    for (size_t k = 0; k < 3 && !g; k++) g = group_named(sets[k], name);
    gsl_test(!g || n < 11, "%s is a group", name);
    if (!g) return;
    static const double hours[] = {1, 3, 6, 12, 18, 23};
    struct arena *a = arena_new();
    const struct survival s = survival_estimate(g->lives, g->n, a);
    gsl_test(g->n != (size_t)want[0] || g->ended != (size_t)want[1], "%s: %zu lives, %zu reclaimed",
             name, g->n, g->ended);
    for (size_t k = 0; k < 6; k++)
        gsl_test_abs(survival_at(&s, hours[k]), want[4 + k], 5.1e-9, "%s: alive after %g h", name,
                     hours[k]);
    gsl_test_abs(survival_mean(&s, 24), want[10], 5.1e-7, "%s: mean life within 24 h", name);
    const struct life_fit f = life_fit(LIFE_EXPONENTIAL, g->lives, g->n, a);
    gsl_test_rel(f.parameter[0], want[3], 1e-6, "%s: rate", name);
    arena_free(a);
}

int main(void)
{
    gsl_set_error_handler_off();
    if (access(lives_path, R_OK) != 0 || access(expected_path, R_OK) != 0) {
        puts("SKIP: the public lifetimes are not there");
        return 0;
    }
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    static const char *const bys[3][3] = {{NULL}, {"zone", NULL}, {"zone", "machine_type", NULL}};
    struct life_groups sets[3];
    for (size_t k = 0; k < 3; k++)
        gsl_test(lifetimes_read(&sets[k], lives_path, bys[k], a, &d) != OK, "the table is read");
    const struct life_groups *const all[] = {&sets[0], &sets[1], &sets[2]};
    FILE *in = fopen(expected_path, "r");
    char line[1024];
    for (int k = 0; fgets(line, sizeof line, in); k++)
        if (k > 0) row_test(all, line);
    fclose(in);
    arena_free(a);
    return gsl_test_summary();
}
