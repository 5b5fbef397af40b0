/* What the line of progress says while plans are made and played. It is shown on terminals after half a second only. */
#include "cli/planning.h"
#include "cli/progress.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WORDS = 24 };

static char told[4096]; /* each text between bars */

/* In the place of those of the program. */
struct progress *progress_start(const struct cli *cli, const char *text)
{
    (void)cli;
    const size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s|", text);
    return NULL;
}

void progress_stop(struct progress *p)
{
    gsl_test(p != NULL, "nothing was started");
}

static const struct {
    const char *words[MOST_WORDS];
    const char *told;
} cases[] = {
    {{"plan", "tests/solver/data/hand/base.yaml"}, "planning base"},
    {{"compare", "tests/golden/data/small.yaml", "--planned"}, "planning what is compared"},
    {{"sweep", "tests/golden/data/small.yaml", "--over", "quota.A10-24GB=2,3,4", "--planned"},
     "planning 3 points"},
    {{"budget", "tests/golden/data/small.yaml", "--buys", "200"}, "finding what the budget buys"},
    {{"simulate", "tests/golden/data/small.yaml", "--runs", "16"}, "simulating base"},
    {{"report", "tests/golden/data/small.yaml", "--planned", "--variant", "base"},
     "planning what is reported"},
    {{"replay", "--trace", "tests/golden/data/replay/trace.csv", "--meaning", "available", "--step",
      "1h", "--work", "4h", "--deadline", "8h", "--restart", "30min", "--on-demand-price", "3",
      "--spot-price", "1"},
     "replaying"},
};

static void test_command(size_t i)
{
    static const volatile sig_atomic_t no_signal;
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct cli cli = {.arena = a, .diag = &d, .version = "0", .quiet = true, .stop = &no_signal};
    moment_parse(&cli.today, "2026-11-22");
    char *argv[MOST_WORDS + 3] = {NULL};
    int n = 0;
    while (cases[i].words[n]) {
        argv[n] = arena_strdup(a, cases[i].words[n]);
        n++;
    }
    argv[n++] = arena_strdup(a, "--out");
    argv[n++] = arena_strdup(a, "/dev/null");
    const struct command *c = command_find(argv[0]);
    gsl_test(!c, "there is a command %s", argv[0]);
    if (!c) return;
    struct options o = {0};
    options_add(&o, c->options);
    options_add(&o, output_options);
    options_add(&o, global_options);
    gsl_test_int((int)options_parse(&o, n, argv, false, a, &d), OK, "%s: options", c->name);
    told[0] = '\0';
    gsl_test_int(c->run(&o, &cli), 0, "%s: status", c->name);
    gsl_test(!strstr(told, arena_printf(a, "%s|", cases[i].told)), "%s tells \"%s\": %s", c->name,
             cases[i].told, told);
    arena_free(a);
}

int main(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) test_command(i);
    return gsl_test_summary();
}
