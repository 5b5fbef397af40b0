#include "report/sweep_sheet.h"
#include "tests/common/printed.h"
#include <math.h>
#include <string.h>

enum { MOST = 8 };

static struct sweep_point point_of(double cost, double finish_h)
{
    return (struct sweep_point){.status = "optimal",
                                .has_plan = true,
                                .has_jobs = true,
                                .cost = (micro_t)llround(cost * 1e6),
                                .finish_us = llround(finish_h * (double)US_PER_H),
                                .finish = "2026-12-01 00:00",
                                .message = ""};
}

/* Cell of a column by its key. */
static const struct sheet_cell *cell_of(const struct sheet *s, size_t row, const char *key)
{
    for (size_t c = 0; c < s->n_columns; c++)
        if (s->columns[c].key && strcmp(s->columns[c].key, key) == 0)
            return &s->cells[row * s->n_columns + c];
    return NULL;
}

static const char *texts[MOST] = {"1", "2", "3", "4", "5", "6", "7", "8"};

/* Knees by hand: the curve (x, y) scaled to a unit square, depth below its diagonal. */
static const struct {
    const char *what;
    size_t n;
    double x[MOST], y[MOST];
    int knee; /* -1: none */
} curves[] = {
    {"a falling curve", 5, {8, 10, 12, 16, 20}, {143.1, 112.9, 97.7, 84.3, 80.02}, 2},
    {"a straight line", 4, {1, 2, 3, 4}, {40, 30, 20, 10}, -1},
    {"above its diagonal", 3, {1, 2, 3}, {40, 38, 10}, -1},
    {"a rising curve is read from its end", 4, {1, 2, 3, 4}, {10, 11, 12, 40}, 2},
    {"two points", 2, {1, 2}, {40, 10}, -1},
    {"flat", 4, {1, 2, 3, 4}, {10, 10, 10, 10}, -1},
    {"flat from the second on", 4, {1, 2, 3, 4}, {90, 10, 10, 10}, 1},
    {"out of order", 4, {1, 3, 2, 4}, {90, 30, 10, 5}, -1},
    {"no measure", 3, {NAN, NAN, NAN}, {90, 30, 10}, -1},
};

static void test_knees(struct arena *a)
{
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++) {
        struct sweep_point points[MOST];
        for (size_t j = 0; j < curves[i].n; j++) points[j] = point_of(curves[i].y[j], 1);
        const struct sweep_axis axis = {"a.b", texts, curves[i].x, curves[i].n, false};
        const struct sweep_table t = {
            .currency = "CNY", .n_axes = 1, .axes = &axis, .n = curves[i].n, .points = points};
        const struct sheet s = sweep_sheet(&t, a);
        for (size_t j = 0; j < curves[i].n; j++)
            gsl_test_int(points[j].knee, (int)j == curves[i].knee, "%s: point %zu", curves[i].what,
                         j);
        gsl_test_int((int)s.n_rows, (int)curves[i].n, "%s: rows", curves[i].what);
    }
}

static void test_knee_text(struct arena *a)
{
    struct sweep_point points[4];
    const double hours[4] = {192, 240, 288, 384}, costs[4] = {143.1, 112.9, 97.7, 84.3};
    for (size_t i = 0; i < 4; i++) points[i] = point_of(costs[i], 1);
    const struct sweep_axis axis = {"a.deadline", texts, hours, 4, true};
    const struct sweep_table t = {
        .currency = "CNY", .n_axes = 1, .axes = &axis, .n = 4, .points = points};
    const struct sheet s = sweep_sheet(&t, a);
    /* Depths 0.26 at 10 d and 0.27 at 12 d; behind 12 d: (97.7 - 84.3) / 4 d = 3.35. */
    const size_t note = s.n_columns - 5;
    gsl_test_str(s.cells[2 * s.n_columns + note].text,
                 "<- knee: beyond it a day saves at most 3.35",
                 "the most that a day saves behind the knee");

    /* The same curve over 24 h, 2.4 h, 2.4 min and 14.4 s: what a unit that fits saves. */
    static const struct {
        double span_h;
        const char *text;
    } spans[] = {{24, "<- knee: beyond it a day saves at most 26.80"},
                 {2.4, "<- knee: beyond it an hour saves at most 11.17"},
                 {0.04, "<- knee: beyond it a minute saves at most 11.17"},
                 {0.004, "<- knee: beyond it a second saves at most 1.86"}};
    for (size_t k = 0; k < sizeof spans / sizeof *spans; k++) {
        double scaled[4];
        for (size_t i = 0; i < 4; i++) scaled[i] = hours[i] * spans[k].span_h / 192;
        const struct sweep_axis short_axis = {"a.p99", texts, scaled, 4, true};
        struct sweep_table other = t;
        other.axes = &short_axis;
        for (size_t i = 0; i < 4; i++) points[i] = point_of(costs[i], 1);
        const struct sheet told = sweep_sheet(&other, a);
        gsl_test_str(told.cells[2 * told.n_columns + note].text, spans[k].text, "a span of %g h",
                     spans[k].span_h);
    }
}

/* Cost and finish: each point is beaten by another or is on the frontier; ties do not beat. */
static void test_frontier(struct arena *a)
{
    static const char *const figures[] = {"cost", "finish"};
    const double cost[6] = {100, 90, 80, 80, 85, 70}, finish[6] = {10, 12, 14, 14, 15, 14.5};
    const bool dominated[6] = {false, false, false, false, true, false};
    struct sweep_point points[7];
    for (size_t i = 0; i < 6; i++) points[i] = point_of(cost[i], finish[i]);
    points[6] = (struct sweep_point){.status = "infeasible", .finish = "", .message = "why"};
    const double x[7] = {1, 2, 3, 4, 5, 6, 7};
    const struct sweep_axis axis = {"b", texts, x, 7, false};
    const struct sweep_table t = {.currency = "CNY",
                                  .n_axes = 1,
                                  .axes = &axis,
                                  .n = 7,
                                  .points = points,
                                  .n_figures = 2,
                                  .figures = figures};
    const struct sheet s = sweep_sheet(&t, a);
    for (size_t i = 0; i < 6; i++) {
        gsl_test_int(points[i].dominated, dominated[i], "frontier, point %zu", i);
        gsl_test_str(cell_of(&s, i, "frontier")->value, dominated[i] ? "false" : "true", "told");
    }
    gsl_test(cell_of(&s, 6, "frontier")->value || cell_of(&s, 6, "cost")->value,
             "nothing is told of a point without a plan");
    gsl_test_str(cell_of(&s, 6, "message")->value, "why", "but why");
}

static void test_swings(struct arena *a)
{
    const struct sweep_point low = point_of(70, 1), high = point_of(95, 1), near = point_of(81, 1);
    const struct sweep_point none = {.status = "infeasible"};
    const struct swing swings[] = {
        {"little", "1", "2", "3", &near, &near},
        {"most", "1", "2", "3", &low, &high},
        {"one side", "1", "2", "3", &low, &none},
    };
    const struct sweep_point base = point_of(80, 1);
    const struct sheet s = sensitivity_sheet("t", "CNY", &base, swings, 3, a);
    const char *const order[] = {"most", "one side", "little"};
    const char *const widths[] = {"25.00", "10.00", "1.00"};
    for (size_t i = 0; i < 3; i++) {
        gsl_test_str(cell_of(&s, i, "path")->value, order[i], "widest swing first");
        gsl_test_str(cell_of(&s, i, "swing")->value, widths[i], "from the lowest to the highest");
    }
    gsl_test(cell_of(&s, 1, "cost_high")->value != NULL, "a side without a plan is not known");
    gsl_test(cell_of(&s, 0, "expected_swing")->value != NULL, "nothing was simulated");
}

/* Simulated: the order is that of expected costs, and the planned ones are told as well. */
static void test_lucky_swings(struct arena *a)
{
    struct sweep_point base = point_of(80, 1), low = point_of(70, 1), high = point_of(95, 1),
                       near = point_of(81, 1), far = point_of(82, 1);
    struct sweep_point *const all[] = {&base, &low, &high, &near, &far};
    static const double expected[] = {90, 88, 91, 60, 120.5};
    for (size_t i = 0; i < 5; i++) {
        all[i]->worlds = 500;
        all[i]->luck.expected = expected[i];
    }
    const struct swing swings[] = {{"planned", "1", "2", "3", &low, &high},
                                   {"expected", "1", "2", "3", &near, &far}};
    const struct sheet s = sensitivity_sheet("t", "CNY", &base, swings, 2, a);
    gsl_test_str(cell_of(&s, 0, "path")->value, "expected", "what moves the expected cost most");
    gsl_test_str(cell_of(&s, 0, "expected_swing")->value, "60.50", "from 60 to 120.5");
    gsl_test_str(cell_of(&s, 0, "swing")->value, "2.00", "as planned");
    gsl_test_str(cell_of(&s, 1, "expected_low")->value, "88.00", "expected at low");
    gsl_test_str(cell_of(&s, 1, "cost_low")->value, "70.00", "planned at low");
    gsl_test_str(s.notes[0], "All else drawn anew in each of 500 worlds: expected CNY 90.00.",
                 "what stays random");
}

int main(void)
{
    struct arena *a = arena_new();
    test_knees(a);
    test_knee_text(a);
    test_frontier(a);
    test_swings(a);
    test_lucky_swings(a);
    arena_free(a);
    return gsl_test_summary();
}
