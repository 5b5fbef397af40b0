/* What the line of progress says while plans are made. It is shown on terminals after half a second only. */
#include "cli/planning.h"
#include "cli/progress.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

static char told[256];

/* In the place of those of the program. */
struct progress *progress_start(const struct cli *cli, const char *text)
{
    (void)cli;
    snprintf(told, sizeof told, "%s", text);
    return NULL;
}

void progress_stop(struct progress *p)
{
    gsl_test(p != NULL, "nothing was started");
}

int main(void)
{
    static const volatile sig_atomic_t no_signal;
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct cli cli = {.arena = a, .diag = &d, .version = "0", .quiet = true, .stop = &no_signal};
    moment_parse(&cli.today, "2026-11-22");
    const struct planning p = {.path = "tests/solver/data/hand/base.yaml"};
    struct result r;
    variant_plan(&r, &p, "base", &cli);
    gsl_test_int((int)r.code, OK, "planned");
    gsl_test_str(told, "planning base", "told");
    arena_free(a);
    return gsl_test_summary();
}
