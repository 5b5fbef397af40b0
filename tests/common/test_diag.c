#include "common/diag.h"
#include <gsl/gsl_test.h>
#include <string.h>

static const struct place nowhere;

static void test_collect(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    gsl_test_int(d.code, OK, "no code before the first error");
    diag_warning(&d, ERR_USAGE, nowhere, "an odd %s", "thing");
    gsl_test_int(d.code, OK, "a warning is no error");
    gsl_test_int(diag_error(&d, ERR_FILE, nowhere, "first %d", 1), ERR_FILE, "code returned");
    diag_why(&d, "because of %s", "this");
    diag_fix(&d, "do %s", "that");
    gsl_test_int(diag_error(&d, ERR_YAML, nowhere, "second"), ERR_YAML, "code returned");
    gsl_test_int(d.code, ERR_FILE, "the code of the first error is kept");
    gsl_test_int((int)d.n_errors, 2, "errors");
    gsl_test_int((int)d.n_warnings, 1, "warnings");
    const struct finding *f = d.first;
    gsl_test_int(f->severity, SEVERITY_WARNING, "in order: the warning");
    gsl_test_str(f->what, "an odd thing", "its text");
    f = f->next;
    gsl_test_str(f->what, "first 1", "in order: the first error");
    gsl_test_str(f->why, "because of this", "its reason");
    gsl_test_str(f->fix, "do that", "its remedy");
    f = f->next;
    gsl_test_str(f->what, "second", "in order: the second error");
    gsl_test(f->why || f->fix || f->next, "reason and remedy belong to the finding before");
    arena_free(a);
}

/* Beyond the cap only the number grows, and a later remedy does not land on a kept finding. */
static void test_cap(void)
{
    struct arena *a = arena_new();
    struct diag d = {.arena = a};
    for (int i = 0; i < DIAG_MAX_ERRORS + 12; i++) {
        diag_error(&d, ERR_YAML, nowhere, "error %d", i);
        diag_fix(&d, "remedy %d", i);
    }
    gsl_test_int((int)d.n_errors, DIAG_MAX_ERRORS + 12, "all errors are counted");
    size_t kept = 0;
    for (const struct finding *f = d.first; f; f = f->next) kept++;
    gsl_test_int((int)kept, DIAG_MAX_ERRORS, "so many are kept");
    gsl_test_str(d.last->what, "error 49", "the last one kept");
    gsl_test_str(d.last->fix, "remedy 49", "its remedy");
    diag_warning(&d, ERR_USAGE, nowhere, "a warning");
    diag_fix(&d, "its remedy");
    gsl_test_str(d.last->what, "a warning", "a warning behind too many errors is kept");
    gsl_test_str(d.last->fix, "its remedy", "with its remedy");
    diag_error(&d, ERR_YAML, nowhere, "one more");
    diag_why(&d, "no reason");
    gsl_test(d.last->why != NULL, "a dropped error does not change the warning");
    arena_free(a);
}

static void test_nearest(void)
{
    static const char *const names[] = {
        "gpu_hours",
        "vcpu_hours",
        "items",
        "deadline",
        "late_cost",
        "id",
        "\u663e\u5361\u578b\u53f7",
        "h",
    };
    static const struct {
        const char *name, *nearest;
    } cases[] = {
        {"gpu_hour", "gpu_hours"},
        {"gpu-hours", "gpu_hours"},
        {"gup_hours", "gpu_hours"}, /* a swap is one edit */
        {"GPU_Hours", "gpu_hours"},
        {"cpu_hours", "gpu_hours"},
        {"vpu_hours", "gpu_hours"},
        {"deadlien", "deadline"},
        {"daedlien", "deadline"},
        {"dxxxline", NULL}, /* three edits */
        {"itme", "items"},
        {"it", "id"},
        {"xy", NULL}, /* two letters, two edits: not near */
        {"x", NULL},
        {"", NULL},
        {"\u663e\u5361\u578b", "\u663e\u5361\u578b\u53f7"}, /* letters count, not bytes */
        {"\u663e\u5361", NULL},
        {"gpu_hours_gpu_hours_gpu_hours_gpu_hours_gpu_hours_gpu_hours_gpu_hours", NULL},
        {"item\xff", NULL},
    };
    const size_t n = sizeof names / sizeof *names;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *nearest = nearest_name(cases[i].name, names, n);
        const char *expected = cases[i].nearest;
        const bool same =
            nearest && expected ? strcmp(nearest, expected) == 0 : nearest == expected;
        gsl_test(!same, "nearest to \"%s\": %s", cases[i].name, nearest ? nearest : "none");
    }
    gsl_test(nearest_name("items", names, 0) != NULL, "nothing is near among no names");
}

int main(void)
{
    test_collect();
    test_cap();
    test_nearest();
    return gsl_test_summary();
}
