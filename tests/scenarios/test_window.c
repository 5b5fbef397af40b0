#include "demand_support.h"
#include "scenarios/window.h"

/* Open hours over the whole horizon, worked out by hand. 2026-12-01 is a Tuesday. */
static const struct sum_case {
    const char *name, *start, *from, *to;
    double length_h;
    enum days days;
    double open_h;
    size_t n_spans;
} sums[] = {
    {"always", "2026-12-01", NULL, NULL, 720, DAYS_ALL, 720, 1},
    {"office hours", "2026-12-01", "09:30", "20:00", 720, DAYS_ALL, 30 * 10.5, 30},
    {"30 evenings and 30 mornings", "2026-12-01", "22:00", "07:00", 720, DAYS_ALL, 30 * 9, 31},
    {"to 23:59 is to midnight", "2026-12-01", "08:00", "23:59", 48, DAYS_ALL, 32, 2},
    {"to 24:00 is to midnight", "2026-12-01", "08:00", "24:00", 48, DAYS_ALL, 32, 2},
    {"to 00:00 is to midnight", "2026-12-01", "08:00", "00:00", 48, DAYS_ALL, 32, 2},
    {"to 23:58 is not", "2026-12-01", "08:00", "23:58", 48, DAYS_ALL, 2 * (15 + 58.0 / 60), 2},
    {"00:00-23:59 is the whole day", "2026-12-01", "00:00", "23:59", 720, DAYS_ALL, 720, 1},
    {"equal ends are the whole day", "2026-12-01", "09:00", "09:00", 72, DAYS_ALL, 72, 1},
    /* Tue to Fri 18:00-24:00, Mon 18:00-24:00. */
    {"workdays", "2026-12-01", "18:00", "24:00", 168, DAYS_WORKDAYS, 5 * 6, 5},
    /* The rest of Monday's night, four nights, the evening of the second Monday. */
    {"nights of workdays", "2026-12-01", "22:00", "07:00", 168, DAYS_WORKDAYS, 7 + 4 * 9 + 2, 6},
    /* Sunday's night does not belong to Monday, though its hours are Monday's. */
    {"no night of Sunday", "2026-12-06", "22:00", "07:00", 48, DAYS_WORKDAYS, 2, 1},
    /* Saturday 22:00 to Sunday 07:00, Sunday 22:00 to Monday 07:00. */
    {"nights of weekends", "2026-12-04 12:00", "22:00", "07:00", 96, DAYS_WEEKENDS, 18, 2},
    {"weekend", "2026-12-01", NULL, NULL, 168, DAYS_WEEKENDS, 48, 1},
    /* 05:30-07:00, 22:00-07:00, then 22:00 to 08:00 of the third day cut at 07:00. */
    {"horizon off midnight", "2026-12-01 05:30", "22:00", "07:00", 50.5, DAYS_ALL, 1.5 + 9 + 9, 3},
    {"ends inside an hour", "2026-12-01", "10:00", "11:00", 10.25, DAYS_ALL, 0.25, 1},
};

static void test_sums(struct arena *a)
{
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        const struct sum_case *c = &sums[i];
        struct workload w = {.days = c->days};
        if (c->from) hours_set(&w, c->from, c->to);
        const struct scenario s = scenario_of(&w, c->start, c->length_h);
        struct window window;
        window_make(&window, &s, &w, a);
        const int64_t open = window_open_us(&window, 0, s.length_us);
        gsl_test_rel((double)open / (double)US_PER_H, c->open_h, 1e-15, "%s: open hours", c->name);
        gsl_test_int((int)window.n, (int)c->n_spans, "%s: intervals", c->name);
        for (size_t k = 1; k < window.n; k++)
            gsl_test(window.spans[k - 1].to_us >= window.spans[k].from_us, "%s: disjoint %zu",
                     c->name, k);
    }
}

/* Cut anywhere, the parts add up to the whole, in whole microseconds. */
static void test_parts(struct arena *a)
{
    struct workload w = {.days = DAYS_WORKDAYS};
    hours_set(&w, "21:17", "06:43");
    const struct scenario s = scenario_of(&w, "2026-11-27 03:11", 1000.5);
    struct window window;
    window_make(&window, &s, &w, a);
    int64_t sum = 0;
    const int64_t step = INT64_C(4999999937);
    for (int64_t t = 0; t < s.length_us; t += step)
        sum += window_open_us(&window, t, t + step < s.length_us ? t + step : s.length_us);
    gsl_test(sum != window_open_us(&window, 0, s.length_us), "parts add up exactly");
    gsl_test(window_open_us(&window, 0, s.length_us) <= 0, "something is open");
    gsl_test(window_open_us(&window, HOURS(5), HOURS(5)) != 0, "nothing in no time");
}

static void test_demand_open(struct arena *a)
{
    struct workload w = {.days = DAYS_ALL};
    hours_set(&w, "22:00", "07:00");
    const struct scenario s = scenario_of(&w, "2026-12-01", 96);
    struct window window;
    window_make(&window, &s, &w, a);
    struct demand d = {.window = &window, .release_us = HOURS(23.5), .due_us = HOURS(30.25)};
    const int64_t T = s.length_us;
    gsl_test(demand_open_us(&d, 0, T, false, T) != HOURS(6.75), "release to deadline");
    gsl_test(demand_open_us(&d, 0, T, true, T) != HOURS(6.75), "late is not priced: hard");
    d.late_priced = true;
    gsl_test(demand_open_us(&d, 0, T, false, T) != HOURS(6.75), "the part in time");
    gsl_test(demand_open_us(&d, 0, T, true, T) != HOURS(0.5 + 7 + 9 + 9 + 2), "late, until T");
    gsl_test(demand_open_us(&d, HOURS(24), HOURS(25), false, T) != HOURS(1), "one period");
    gsl_test(demand_open_us(&d, HOURS(0), HOURS(23.5), true, T) != 0, "before the release");
    const int64_t before = demand_open_us(&d, HOURS(24), HOURS(31), false, T);
    d.due_us = HOURS(40);
    gsl_test(demand_open_us(&d, HOURS(24), HOURS(31), false, T) < before,
             "a later deadline makes no period smaller");
}

/* First allowed moment of a slot, in hours from the start; -1: none. */
static const struct first_case {
    const char *name, *start, *from, *to;
    enum days days;
    double slot_from_h, slot_to_h, first_h;
} firsts[] = {
    {"whole day", "2026-12-01", NULL, NULL, DAYS_ALL, 24, 48, 24},
    {"evening, not the rest of last night", "2026-12-01", "22:00", "07:00", DAYS_ALL, 0, 24, 22},
    {"at 02:00 last night is over too", "2026-12-01", "22:00", "07:00", DAYS_ALL, 26, 50, 46},
    {"at 23:00 the night of this day runs", "2026-12-01", "22:00", "07:00", DAYS_ALL, 23, 47, 23},
    {"Saturday is closed", "2026-12-05", NULL, NULL, DAYS_WORKDAYS, 0, 24, -1},
    {"week from Saturday opens on Monday", "2026-12-05", "08:30", "10:00", DAYS_WORKDAYS, 0, 168,
     56.5},
    {"hours of the day are over", "2026-12-01", "08:00", "10:00", DAYS_ALL, 10, 12, -1},
    {"hours that begin after the slot", "2026-12-01", "20:00", "22:00", DAYS_ALL, 0, 20, -1},
};

static void test_first_open(void)
{
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        const struct first_case *c = &firsts[i];
        struct workload w = {.days = c->days};
        if (c->from) hours_set(&w, c->from, c->to);
        const struct scenario s = scenario_of(&w, c->start, 720);
        const int64_t first = window_first_open(&s, &w, HOURS(c->slot_from_h), HOURS(c->slot_to_h));
        gsl_test(first != (c->first_h < 0 ? NEVER : HOURS(c->first_h)), "%s", c->name);
    }
}

/* Repeats: how many fit, and when the first and the last are released. due_h < 0: no deadline. */
static const struct repeat_case {
    const char *name, *start, *from, *to;
    enum repeat repeat;
    enum days days;
    double length_h, start_h, due_h;
    size_t n, n_past, n_early, n_closed;
    double first_h, last_h;
} repeats[] = {
    {"nightly, the last one ends past T", "2026-12-01", "22:00", "07:00", REPEAT_DAILY, DAYS_ALL,
     720, 0, 9, 29, 1, 0, 0, 22, 28 * 24 + 22},
    {"all day, the last one ends with T", "2026-12-01", "00:00", "23:59", REPEAT_DAILY, DAYS_ALL,
     720, 0, 24, 30, 0, 0, 0, 0, 29 * 24},
    {"weekly evenings", "2026-12-01", "20:00", "08:00", REPEAT_WEEKLY, DAYS_ALL, 672, 0, 48, 4, 0,
     0, 0, 20, 21 * 24 + 20},
    {"a week each, the last is cut off", "2026-12-01", "20:00", "08:00", REPEAT_WEEKLY, DAYS_ALL,
     672, 0, 168, 3, 1, 0, 0, 20, 14 * 24 + 20},
    {"148 h fit four times", "2026-12-01", "20:00", "08:00", REPEAT_WEEKLY, DAYS_ALL, 672, 0, 148,
     4, 0, 0, 0, 20, 21 * 24 + 20},
    {"workdays of December", "2026-12-01", NULL, NULL, REPEAT_WORKDAYS, DAYS_ALL, 744, 0, 8, 23, 0,
     0, 0, 0, 30 * 24},
    {"a month is 720 h", "2026-12-01", NULL, NULL, REPEAT_MONTHLY, DAYS_ALL, 2160, 0, 100, 3, 0, 0,
     0, 0, 1440},
    {"no deadline: all of them", "2026-12-01", NULL, NULL, REPEAT_DAILY, DAYS_ALL, 100, 0, -1, 5, 0,
     0, 0, 0, 96},
    {"starts in the horizon", "2026-12-01", NULL, NULL, REPEAT_WEEKLY, DAYS_ALL, 672, 50.5, 24, 4,
     0, 0, 0, 50.5, 554.5},
    {"began before the horizon", "2026-12-01", NULL, NULL, REPEAT_WEEKLY, DAYS_ALL, 672, -100, 24,
     4, 0, 1, 0, 68, 572},
    {"long before: only slots that reach in", "2026-12-01", NULL, NULL, REPEAT_DAILY, DAYS_ALL, 48,
     -1006, 1, 2, 0, 1, 0, 2, 26},
    {"its slot began before, its hours not", "2026-12-01", "06:00", "07:00", REPEAT_DAILY, DAYS_ALL,
     48, -30, 1, 2, 1, 0, 0, 6, 30},
    {"daily, but weekends are closed", "2026-12-04", NULL, NULL, REPEAT_DAILY, DAYS_WORKDAYS, 96, 0,
     5, 2, 0, 0, 2, 0, 72},
    {"released after T", "2026-12-01", "22:00", "07:00", REPEAT_DAILY, DAYS_ALL, 45, 0, 2, 1, 1, 0,
     0, 22, 22},
};

static void test_repeats(struct arena *a)
{
    for (size_t i = 0; i < sizeof repeats / sizeof repeats[0]; i++) {
        const struct repeat_case *c = &repeats[i];
        struct workload w = {.days = c->days, .repeat = c->repeat};
        if (c->from) hours_set(&w, c->from, c->to);
        const struct scenario s = scenario_of(&w, c->start, c->length_h);
        struct occurrences o;
        occurrences_make(&o, &s, &w, HOURS(c->start_h), c->due_h < 0 ? -1 : HOURS(c->due_h), a);
        gsl_test_int((int)o.n, (int)c->n, "%s: occurrences", c->name);
        gsl_test_int((int)o.n_past, (int)c->n_past, "%s: past the horizon", c->name);
        gsl_test_int((int)o.n_early, (int)c->n_early, "%s: before the horizon", c->name);
        gsl_test_int((int)o.n_closed, (int)c->n_closed, "%s: closed", c->name);
        if (o.n == 0) continue;
        gsl_test(o.items[0].release_us != HOURS(c->first_h), "%s: first release", c->name);
        gsl_test(o.items[o.n - 1].release_us != HOURS(c->last_h), "%s: last release", c->name);
    }
}

int main(void)
{
    struct arena *a = arena_new();
    test_sums(a);
    test_parts(a);
    test_demand_open(a);
    test_first_open();
    test_repeats(a);
    arena_free(a);
    return gsl_test_summary();
}
