/* The exported linear program has the same optimum in CBC and CLP as the bound that is printed, and their optimum lies between the bound
 * that is proven and the cost: on random problems in both file formats (GPUMIX_PROBLEMS=10000 on that many), and on every scenario of the library with all its variants (of the company month the reduced program, which
 * is what is exported). Infeasible means infeasible there. */
#include "tests/laws/generate.h"
#include "tests/proof/certified.h"

#include <gsl/gsl_test.h>

enum { N_PROBLEMS = 250, SKIPPED = 77 };

/* The printed bound agrees with the optimum to this, relative (docs/model.md, "Bound and plan"). */
static const double AGREEMENT = 1e-7;

enum answer { SAYS_OPTIMAL, SAYS_INFEASIBLE, SAYS_NOTHING };

/* Tolerances below the agreement asked for; the defaults are 1e-7 absolute. */
static enum answer ask(const char *command, const char *path, double *optimum)
{
    const struct text line =
        text_of("%s %s -primalTolerance 1e-9 -dualTolerance 1e-9 -solve 2>&1", command, path);
    static const char mark[] = "Optimal objective ";
    enum answer answer = SAYS_NOTHING;
    char *said = NULL;
    size_t bytes = 0;
    FILE *out = popen(line.at, "r");
    while (out && getline(&said, &bytes, out) >= 0) {
        if (strstr(said, "infeasible") && answer == SAYS_NOTHING) answer = SAYS_INFEASIBLE;
        if (strncmp(said, mark, sizeof mark - 1) != 0) continue;
        *optimum = strtod(said + sizeof mark - 1, NULL);
        answer = SAYS_OPTIMAL;
    }
    free(said);
    if (out) pclose(out);
    return answer;
}

/* Their tolerances and the rounding of the bill are added to both ends. */
static void bracket_check(struct solved *s, const char *name, double optimum)
{
    struct certified c;
    if (!has_plan(s) || certify(&c, s) != OK) return;
    const double open = AGREEMENT * fmax(1, fabs(optimum)) + 1e-6 * (double)(s->plan.n_ledger + 1),
                 cost = (double)s->plan.cost / 1e6;
    if (s->plan.bound <= optimum + open && optimum <= cost + open) return;
    gsl_test(1, "%s: %.12g is not in %.12g to %.12g", name, optimum, s->plan.bound, cost);
}

static void compare(struct solved *s, const char *name, const char *folder, const char *ending,
                    const char *command)
{
    const struct text path = text_of("%s/program%s", folder, ending);
    double optimum = NAN;
    const enum err e = lp_export(s->plan.lp, path.at, s->arena, &s->diag);
    gsl_test(e != OK, "%s: export to %s", name, ending);
    const enum answer answer = e == OK ? ask(command, path.at, &optimum) : SAYS_NOTHING;
    unlink(path.at);
    if (s->plan.status == PLAN_INFEASIBLE) {
        if (answer != SAYS_INFEASIBLE)
            gsl_test(1, "%s: infeasible here, %.10g by %s", name, optimum, command);
        return;
    }
    const double scale = fmax(fabs(optimum), fabs(s->plan.lp_bound));
    if (answer == SAYS_OPTIMAL && fabs(optimum - s->plan.lp_bound) <= AGREEMENT * scale) {
        bracket_check(s, name, optimum);
        return;
    }
    gsl_test(1, "%s: bound %.12g, %s says %s %.12g", name, s->plan.lp_bound, command,
             answer == SAYS_OPTIMAL      ? "optimal"
             : answer == SAYS_INFEASIBLE ? "infeasible"
                                         : "nothing",
             optimum);
}

static void random_problems(const char *folder)
{
    const char *wanted = getenv("GPUMIX_PROBLEMS");
    const size_t problems = wanted ? strtoul(wanted, NULL, 10) : N_PROBLEMS;
    size_t n = 0, infeasible = 0;
    for (unsigned seed = 1; n < problems && seed <= 2 * problems; seed++) {
        const struct problem p = generate(seed + 50000, F_ALL);
        struct solved s = solve_plainly(&p);
        const struct text name = text_of("problem %u", seed + 50000);
        if (s.code == OK && s.plan.lp) {
            n++;
            infeasible += s.plan.status == PLAN_INFEASIBLE;
            compare(&s, name.at, folder, ".mps", "clp");
            compare(&s, name.at, folder, ".lp", "cbc");
        }
        solved_free(&s);
    }
    gsl_test(n < problems, "%zu random problems compared", n);
    gsl_test(infeasible < 3, "%zu of them infeasible", infeasible);
}

static void library_variant(const char *path, const char *variant, const char *folder)
{
    struct solved s = {.arena = arena_new()};
    s.diag.arena = s.arena;
    const struct text name = text_of("%s, variant %s", path, variant ? variant : "base");
    const struct scenario_options options = {.variant = variant};
    s.code = solve_with(&s, path, &options);
    gsl_test(s.code != OK || !s.plan.lp, "%s is planned", name.at);
    if (s.code == OK && s.plan.lp) compare(&s, name.at, folder, ".mps", "clp");
    solved_free(&s);
}

static void library_file(const char *path, const char *folder)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct text_list variants = {0};
    const enum err e = scenario_variants(&variants, path, a, &d);
    gsl_test(e != OK, "%s: its variants", path);
    library_variant(path, NULL, folder);
    for (size_t i = 0; i < variants.n; i++) library_variant(path, variants.items[i], folder);
    arena_free(a);
}

static void library(const char *folder)
{
    size_t n = 0;
    struct dirent **entries = NULL;
    const int found = scandir("scenarios/library", &entries, NULL, alphasort);
    for (int i = 0; i < found; i++) {
        const char *end = strrchr(entries[i]->d_name, '.');
        if (end && !strcmp(end, ".yaml")) {
            n++;
            library_file(text_of("scenarios/library/%s", entries[i]->d_name).at, folder);
        }
        free(entries[i]);
    }
    free(entries);
    gsl_test(n < 5, "%zu scenarios of the library", n);
}

int main(void)
{
    if (system("command -v clp >/dev/null && command -v cbc >/dev/null") != 0) {
        puts("CBC and CLP are not installed (coinor-cbc, coinor-clp): nothing to compare with");
        return SKIPPED;
    }
    const struct text folder = folder_make();
    random_problems(folder.at);
    library(folder.at);
    folder_remove(folder.at);
    return gsl_test_summary();
}
