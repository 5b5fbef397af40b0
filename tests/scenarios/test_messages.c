#include "scenarios/scenario.h"
#include "scenarios/types.h"
#include "tests/common/findings.h"
#include "tests/scenarios/message_table.h"
#include <gsl/gsl_test.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
/* A file for the settings below. */
static const char plan[] =
    "version: 1\n"
    "horizon: {start: 2026-12-01, length: 30d}\n"
    "workloads:\n"
    "  a:\n"
    "    kind: training\n"
    "    work: {gpu_hours: 100}\n"
    "variants:\n"
    "  r: {remove: [workloads.a.work.measured_on]}\n"
    "  s: {set: {workloads.a.work.gpu_hours.high: 700, workloads.a.tags.x: y}}\n"
    "  t: {from: s, set: {\"workloads.*.work\": {gpu_hours: 7}}}\n"
    "  u: {remove: [\"workloads.*\"]}\n"
    "fx: {USD: 7.25}\n";

static const struct setting {
    const char *variant, *set;
    const char *findings;
} settings[] = {
    {"x", NULL,
     "E3040 0:0 there is no variant 'x' -> the variants are: r, s, t, u\n"},
    {"r", NULL,
     "E3041 8:16 there is nothing to remove at 'workloads.a.work.measured_on' -> remove it where it is written; what comes from a template or from defaults is removed there\n"},
    {"u", NULL,
     "E3022 3:1 workloads is empty -> write at least one entry\n"},
    {NULL, "workloads.a.work.gpu_hours={low: 1, base: 2, high: [}",
     "E3002 1:53 not valid YAML (a value or a closing bracket is missing before this) -> write the value, or close the inner bracket first\n"},
    {NULL, "workloads.a.window.deadlin=5d",
     "E3041 1:1 nothing matches the path 'workloads.a.window.deadlin' -> did you mean 'workloads.a.window.deadline'?\n"},
    {NULL, "workloads.a.tags.k=",
     "E3022 1:1 workloads.a.tags.k has no value -> give it a value, or remove the key\n"},
    {NULL, "=5",
     "E1001 1:1 --set needs 'path=value' -> write for example --set workloads.NAME.window.deadline=14d\n"},
    {NULL, "horizon.length=0h",
     "E3053 1:16 horizon.length is zero -> write a length such as 30d\n"},
    {NULL, "name.x=1",
     "E3041 1:1 nothing matches the path 'name.x' -> the path can go no further than 'name'\n"},
    {NULL, "workloads.a.work.gpu_hours={base: 2, low: 3}",
     "E3050 1:43 workloads.a.work.gpu_hours.low is 3, above base 2 -> write low <= base <= high; base is set at --set:1\n"},
    {NULL, "workloads.a.work.gpu_hours.low=300",
     "E3050 1:32 workloads.a.work.gpu_hours.low is 300, above base 100 -> write low <= base <= high; base is set at plan.yaml:6\n"},
    {NULL, "workloads.*.speed.*=2",
     "E3041 1:1 nothing matches the path 'workloads.*.speed.*' -> '*' stands for every entry of a map, and there is none\n"},
    {NULL, "version=2",
     "E3041 1:1 'version' cannot be changed by a setting (it is read before settings are applied) -> change it in the file\n"},
    {NULL, "storage.x.class=oss-ia",
     "E3041 1:1 nothing matches the path 'storage.x.class' -> 'storage' has no entries\n"},
    {NULL, "\"workloads\".a.kind=etl",
     "E3041 1:1 nothing matches the path '\"workloads\".a.kind' -> did you mean 'workloads.a.kind'?\n"},
    {NULL, "workloads.\"a\".kind=etI",
     "E3032 1:20 workloads.\"a\".kind cannot be 'etI' -> did you mean 'etl'?\n"},
    {NULL, "catalog.overrides.foo=¥5/h",
     "E3041 1:1 nothing matches the path 'catalog.overrides.foo' ('foo' cannot be a name there) -> write TYPE/market or TYPE/market@region, for example ecs.gn7i-c16g1.4xlarge/on_demand\n"},
    {NULL, "quota.A10-24GB=-5",
     "E3031 1:16 quota.A10-24GB is -5, less than 0 -> write a value from 0 to 10000000\n"},
    {NULL, "quota.A10 24GB=5",
     "E3041 1:1 nothing matches the path 'quota.A10 24GB' ('A10 24GB' cannot be a name there) -> write a GPU model or an instance type, with @region or @zone behind it if wanted\n"},
    {NULL, "workloads=5",
     "E3022 1:11 workloads must hold keys and values -> write {key: value}, or one 'key: value' a line, indented below it\n"},
    {NULL, "budget.limit=$700",
     ""},
    {"t", "fx.USD=0.1",
     "warning E3051 1:8 fx.USD is 0.1 CNY per dollar (it has been between 6 and 9 for decades; the other way round it would be 10) -> write what one dollar costs in CNY\n"},
    {NULL, "nonsense",
     "E1001 1:1 --set needs 'path=value' -> write for example --set workloads.NAME.window.deadline=14d\n"},
};
/* clang-format on */

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    if (f) fputs(text, f);
    if (!f || fclose(f) != 0) gsl_test(1, "cannot write %s", path);
}

static void check(const char *name, const char *text, const struct scenario_options *options,
                  const char *findings)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    struct scenario s;
    write_file("plan.yaml", text);
    const enum err e = scenario_load(&s, "plan.yaml", options, a, &d);
    gsl_test(e != d.code, "%s: the code of the first error is returned", name);
    gsl_test(strcmp(findings_text(&d), findings) != 0, "%s: got %s", name, findings_text(&d));
    arena_free(a);
}

/* More names in a chain than it may have. */
static void test_chains(void)
{
    struct arena *a = arena_new();
    const char *templates = "", *variants = "";
    for (int i = 0; i < 65; i++) {
        templates = arena_printf(a, "%s  t%d: {extends: t%d}\n", templates, i, i + 1);
        variants = arena_printf(a, "%s  v%d: {from: v%d}\n", variants, i, i + 1);
    }
    static const char head[] = "version: 1\nhorizon: {start: 2026-12-01, length: 30d}\n"
                               "workloads: {a: {kind: etl, work: {vcpu_hours: 1}}}\n";
    check(
        "templates", arena_printf(a, "%stemplates:\n%s  t65: {}\n", head, templates), NULL,
        "E3005 70:3 more than 64 templates extend each other -> shorten the chain of `extends`\n");
    check(
        "variants", arena_printf(a, "%svariants:\n%s  v65: {}\n", head, variants), NULL,
        "E3005 69:3 more than 64 variants start from each other -> shorten the chain of `from`\n"
        "E3005 70:3 more than 64 variants start from each other -> shorten the chain of `from`\n");
    arena_free(a);
}

static void test_long_path(void)
{
    char setting[1200] = "";
    memset(setting, 'x', 1100);
    memcpy(setting + 1100, "=1", 3);
    const char *set[] = {setting};
    const struct scenario_options options = {.n_set = 1, .set = set};
    check("long path", plan, &options,
          "E3005 1:1 a path is longer than 1024 bytes -> no path of the format is that long\n");
}

/* Where the other of two values stands that exclude each other. */
static void test_place_text(void)
{
    struct arena *a = arena_new();
    const struct source file = {.path = "plan.yaml"};
    gsl_test_str(place_text((struct place){&file, 7, 3, 9}, a), "plan.yaml:7", "in a file");
    gsl_test_str(place_text((struct place){0}, a), "a built-in default", "nowhere");
    arena_free(a);
}

int main(void)
{
    char folder[] = "/tmp/gpumix-messages-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0) return 1;
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
        check(messages[i].name, messages[i].text, NULL, messages[i].findings);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct setting *c = &settings[i];
        const struct scenario_options options = {
            .variant = c->variant, .n_set = c->set ? 1 : 0, .set = &c->set};
        check(c->set ? c->set : c->variant, plan, &options, c->findings);
    }
    test_chains();
    test_long_path();
    test_place_text();
    remove("plan.yaml");
    gsl_test(chdir("/") != 0 || rmdir(folder) != 0, "leaves nothing behind");
    return gsl_test_summary();
}
