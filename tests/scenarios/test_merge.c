#include "scenarios/scenario.h"
#include "tests/common/findings.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>

static const char plan[] = "tests/scenarios/data/merge/plan.yaml";

static const char *merged_text(const struct scenario *s, struct arena *a)
{
    char *text = NULL;
    size_t bytes;
    FILE *f = open_memstream(&text, &bytes);
    scenario_print_merged(s, f);
    fclose(f);
    const char *copy = arena_strdup(a, text);
    free(text);
    return copy;
}

static const char *merged_of(struct arena *a, const struct scenario_options *options)
{
    struct diag d = {.arena = a};
    struct scenario s;
    const enum err e = scenario_load(&s, plan, options, a, &d);
    gsl_test(e != OK, "loads: %s", findings_text(&d));
    return e == OK ? merged_text(&s, a) : "";
}

static const char *file_text(const char *path, struct arena *a)
{
    char *text = ARENA_NEW(a, char, 1 << 16);
    FILE *f = fopen(path, "rb");
    if (!f) return "";
    const size_t n = fread(text, 1, (1 << 16) - 1, f);
    fclose(f);
    text[n] = '\0';
    return text;
}

/* Every layer at once: included files below the main file, a chain of templates, defaults, a chain of variants
 * with removal, and the command line; each line with the layer that won. */
static void test_all_layers(void)
{
    struct arena *a = arena_new();
    const char *set[] = {"workloads.shop.owner=set"};
    const struct scenario_options options = {.variant = "cheap", .n_set = 1, .set = set};
    const char *got = merged_of(a, &options);
    const char *wanted = file_text("tests/scenarios/data/merge/cheap.txt", a);
    gsl_test(strcmp(got, wanted) != 0, "merged with every layer: %s", got);
    arena_free(a);
}

/* Which lines other runs of the same file must have, and which not. */
static const struct line {
    const char *variant, *set, *has, *has_not;
} lines[] = {
    {NULL, NULL,
     "workloads.shop.owner: defaults    # tests/scenarios/data/merge/plan.yaml:9 (defaults)\n",
     "owner: template"},
    {NULL, NULL,
     "workloads.bank.owner: own    # tests/scenarios/data/merge/plan.yaml:12 (workload)\n", NULL},
    {NULL, NULL,
     "workloads.bank.work.gpu_hours: 3.5    # tests/scenarios/data/merge/plan.yaml:7 (template "
     "tiny)\n",
     "gpu_hours: 22"},
    {NULL, NULL,
     "workloads.bank.speed.A10-24GB: 1    # tests/scenarios/data/merge/plan.yaml:12 (workload)\n",
     "T4-16GB:"},
    {NULL, "defaults.owner=x", "workloads.shop.owner: x    # (--set)\n", "workloads.bank.owner: x"},
    {NULL, "templates.small.owner=x", "workloads.shop.owner: defaults", "owner: x"},
    {"nights", NULL, "workloads.bank.speed.A10-24GB: 1", "gpu_hours.low"},
    {"nights", "workloads.*.purchase=[on_demand]",
     "workloads.lists.purchase: [on_demand]    # (--set)\n", "[spot]"},
    {"nights", "workloads.*.window.hours=08:00-09:00",
     "workloads.shop.window.hours: 08:00-09:00    # (--set)\n", "20:00-08:00"},
    {"base", NULL, "workloads.shop.owner: defaults", NULL},
    {NULL, "workloads.bank.speed={T4-16GB: 50%}", "workloads.bank.speed.A10-24GB: 1", NULL},
    {NULL, "workloads.bank.speed={T4-16GB: 50%}",
     "workloads.bank.speed.T4-16GB: 50%    # (--set)\n", NULL},
    {NULL, "workloads.bank.resources.gpu=[a, b]",
     "workloads.bank.resources.gpu: [a, b]    # (--set)\n", NULL},
    {NULL, "workloads.bank.tags.a.b=c d", "workloads.bank.tags.a.b: c d    # (--set)\n", NULL},
    {NULL, "catalog.overrides.ecs.gn7i-c16g1.4xlarge/on_demand=¥9.8/h",
     "catalog.overrides.ecs.gn7i-c16g1.4xlarge/on_demand: ¥9.8/h    # (--set)\n", NULL},
    {NULL, "workloads.bank.speed.A10-24GB.high=1.5",
     "workloads.bank.speed.A10-24GB.base: 1    # tests/", NULL},
    {NULL, "workloads.\"bank\".label='a # b'", "workloads.bank.label: \"a # b\"    # (--set)\n",
     NULL},
};

static void test_lines(void)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct arena *a = arena_new();
        const struct line *l = &lines[i];
        const struct scenario_options options = {l->variant, l->set ? 1 : 0, &l->set};
        const char *got = merged_of(a, &options);
        gsl_test(!strstr(got, l->has), "%s %s: has %s", l->variant ? l->variant : "base",
                 l->set ? l->set : "", l->has);
        if (l->has_not) gsl_test(strstr(got, l->has_not) != NULL, "has not %s", l->has_not);
        arena_free(a);
    }
}

/* The order of settings counts: the last one wins. */
static void test_order(void)
{
    struct arena *a = arena_new();
    const char *set[] = {"workloads.bank.priority=7", "workloads.*.priority=9",
                         "workloads.shop.priority=11"};
    const struct scenario_options options = {.n_set = 3, .set = set};
    const char *got = merged_of(a, &options);
    gsl_test(!strstr(got, "workloads.bank.priority: 9    # (--set)\n"),
             "the second setting wins over the first");
    gsl_test(!strstr(got, "workloads.shop.priority: 11    # (--set)\n"),
             "the third over the second");
    arena_free(a);
}

int main(void)
{
    test_all_layers();
    test_lines();
    test_order();
    return gsl_test_summary();
}
