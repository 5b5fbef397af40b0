#include "cli/axis.h"
#include "tests/common/printed.h"
#include <math.h>
#include <string.h>

/* clang-format off */
static const struct {
    const char *text, *path, *values; /* values joined by | */
    enum axis_unit unit;
    double first, last;
} right[] = {
    {"a.b=8d..20d/4d", "a.b", "8d|12d|16d|20d", AXIS_DURATION, 192, 480},
    {"a.b=8d..21d/4d", "a.b", "8d|12d|16d|20d", AXIS_DURATION, 192, 480},
    {"d=90min..3h/30min", "d", "90min|2h|150min|3h", AXIS_DURATION, 1.5, 3},
    {"d=36h..3d/18h", "d", "36h|54h|3d", AXIS_DURATION, 36, 72},
    {"x=0.1..0.4/0.1", "x", "0.1|0.2|0.3|0.4", AXIS_NUMBER, 0.1, 0.4},
    {"x=-0.5..1/0.75", "x", "-0.5|0.25|1", AXIS_OTHER, NAN, NAN},
    {"x=2.385..2.4/0.0075", "x", "2.385|2.3925|2.4", AXIS_NUMBER, 2.385, 2.4},
    {"s=0%..100%/25%", "s", "0%|25%|50%|75%|100%", AXIS_NUMBER, 0, 1},
    {"m=¥100..¥300/¥100", "m", "¥100|¥200|¥300", AXIS_OTHER, NAN, NAN},
    {"m=¥100..¥300/100", "m", "¥100|¥200|¥300", AXIS_OTHER, NAN, NAN},
    {"m=¥10/h..¥20/h/¥5/h", "m", "¥10/h|¥15/h|¥20/h", AXIS_OTHER, NAN, NAN},
    {"r=40/s..80/s/20/s", "r", "40/s|60/s|80/s", AXIS_OTHER, NAN, NAN},
    {"g=40GB..80GB/20GB", "g", "40GB|60GB|80GB", AXIS_OTHER, NAN, NAN},
    {"w=2026-12-08 18:00..2026-12-10 06:00/12h", "w",
     "2026-12-08 18:00|2026-12-09 06:00|2026-12-09 18:00|2026-12-10 06:00", AXIS_MOMENT, 499098, 499134},
    {"p=[spot],[spot, on_demand]", "p", "[spot]|[spot, on_demand]", AXIS_OTHER, NAN, NAN},
    {"n=\"a,b\",c", "n", "\"a,b\"|c", AXIS_OTHER, NAN, NAN},
    {"n=5", "n", "5", AXIS_NUMBER, 5, 5},
    {"n=8d,10d,many", "n", "8d|10d|many", AXIS_OTHER, NAN, NAN},
    {"n=7..7/3", "n", "7", AXIS_NUMBER, 7, 7},
};

#define WHY "  why: other points than the ones you meant would be computed\n"
#define FIX "  fix: write PATH=FROM..TO/STEP in one unit, such as workloads.train.window.deadline=8d..20d/2d, or " \
            "PATH=VALUE,VALUE,...   (see `gpumix help E1030`)\n"
#define WRONG(text, what) {text, "gpumix: error[E1030]: \"" text "\": " what "\n" WHY FIX}
static const struct {
    const char *text, *printed;
} wrong[] = {
    WRONG("=5", "it is not a path, an equals sign and values"),
    WRONG("a", "it is not a path, an equals sign and values"),
    WRONG("a=", "it is not a path, an equals sign and values"),
    WRONG("a=1,", "a value between its commas is empty"),
    WRONG("a=1..5", "its range has no start, end and step in one unit"),
    WRONG("a=1..5/", "its range has no start, end and step in one unit"),
    WRONG("a=../1", "its range has no start, end and step in one unit"),
    WRONG("a=1..5/0", "its range has no start, end and step in one unit"),
    WRONG("a=1..5/-1", "its range has no start, end and step in one unit"),
    WRONG("a=1..5d/1", "its range has no start, end and step in one unit"),
    WRONG("a=1%..5/1", "its range has no start, end and step in one unit"),
    WRONG("a=2026-12-08..2026-12-10/1", "its range has no start, end and step in one unit"),
    WRONG("a=9223372036854775806..9223372036854775807/1000", "its range has no start, end and step in one unit"),
    WRONG("a=5..1/1", "its range ends before it starts"),
    WRONG("a=2d..1d/1h", "its range ends before it starts"),
    WRONG("a=0..1/0.0001", "it has more than 10000 values"),
};
/* clang-format on */

static const char *joined(const struct axis *axis, struct arena *a)
{
    const char *text = "";
    for (size_t i = 0; i < axis->n; i++)
        text = arena_printf(a, "%s%s%s", text, i ? "|" : "", axis->values[i]);
    return text;
}

static void test_right(struct arena *a)
{
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct diag d = {.arena = a};
        struct axis axis = {0};
        gsl_test(axis_parse(&axis, right[i].text, a, &d), "%s is read", right[i].text);
        if (axis.n == 0) continue;
        gsl_test_str(axis.path, right[i].path, "path of %s", right[i].text);
        gsl_test_str(joined(&axis, a), right[i].values, "values of %s", right[i].text);
        gsl_test_int((int)axis.unit, (int)right[i].unit, "unit of %s", right[i].text);
        if (axis.unit == AXIS_OTHER) {
            gsl_test(!isnan(axis.numbers[0]), "%s has no common measure", right[i].text);
            continue;
        }
        gsl_test_rel(axis.numbers[0], right[i].first, 1e-15, "first of %s", right[i].text);
        gsl_test_rel(axis.numbers[axis.n - 1], right[i].last, 1e-15, "last of %s", right[i].text);
    }
}

int main(void)
{
    struct arena *a = arena_new();
    test_right(a);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct diag d = {.arena = a};
        struct axis axis;
        gsl_test(axis_parse(&axis, wrong[i].text, a, &d) != ERR_AXIS, "code of %s", wrong[i].text);
        expect_printed(&d, wrong[i].printed, wrong[i].text);
    }
    gsl_test(!axis_same("8d", "192h"), "one length in two units");
    gsl_test(!axis_same("50%", "0.5"), "one share in two forms");
    gsl_test(!axis_same("2026-12-08", "2026-12-08 00:00"), "one moment in two forms");
    gsl_test(axis_same("8d", "8"), "a length is no number");
    gsl_test(axis_same("8d", "9d"), "two lengths");
    arena_free(a);
    return gsl_test_summary();
}
