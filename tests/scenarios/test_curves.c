/* Load curves against closed forms: highest rate inside a period, mean over it, growth, weekends, closed hours. */
#include "demand_support.h"
#include "scenarios/service.h"
#include <stdlib.h>
#include <unistd.h>

/* 2026-12-01 is a Tuesday, so 12-05 and 12-06 are the weekend. */
static const char *const TUESDAY = "2026-12-01";

struct run {
    struct service_list list;
    struct diag diag;
    enum err e;
};

static struct workload service_of(void)
{
    struct workload w = workload_of("inference_online", "chat");
    w.has_load = true;
    w.service_time_h = 0.2 / 3600;
    w.p99_h = 0.8 / 3600;
    w.measured_on = "A10-24GB";
    return w;
}

static struct run run_of(struct workload *w, const char *start, double length_h, double step_h,
                         const struct price_book *b, struct arena *a)
{
    struct scenario *s = ARENA_NEW(a, struct scenario, 1);
    *s = scenario_of(w, start, length_h);
    s->step_us = HOURS(step_h);
    struct run r = {.diag = diag_of(a)};
    r.e = services_make(&r.list, s, b, a, &r.diag);
    return r;
}

/* The only service; with nothing to complain about. */
static const struct service *made(struct workload *w, const char *start, double length_h,
                                  double step_h, const struct price_book *b, struct arena *a)
{
    struct run *r = ARENA_NEW(a, struct run, 1);
    *r = run_of(w, start, length_h, step_h, b, a);
    gsl_test_int((int)r->e, OK, "%s is lowered", w->name);
    gsl_test_int((int)finding_count(&r->diag), 0, "%s: no findings", w->name);
    if (r->diag.first) diag_print(&r->diag, DIAG_TEXT, stdout);
    return r->e == OK ? &r->list.items[0] : NULL;
}

static void gapless(const struct service *s, double length_h)
{
    const struct load_curve *c = &s->curve;
    gsl_test(c->n == 0 || c->pieces[0].from_us != 0, "the curve begins at 0");
    size_t gaps = 0;
    for (size_t i = 0; i < c->n; i++) {
        gaps += c->pieces[i].to_us <= c->pieces[i].from_us;
        gaps += i > 0 && c->pieces[i].from_us != c->pieces[i - 1].to_us;
    }
    gsl_test_int((int)gaps, 0, "the curve has no gap");
    gsl_test(c->n == 0 || c->pieces[c->n - 1].to_us != HOURS(length_h),
             "the curve ends with the horizon");
}

static void expect_load(const struct service *s, double from_h, double to_h, double most,
                        double mean)
{
    const int64_t from = HOURS(from_h), to = HOURS(to_h);
    gsl_test_abs(service_sizing_load(s, from, to), most, 1e-9 * fabs(most) + 1e-12,
                 "highest in [%g, %g)", from_h, to_h);
    gsl_test_abs(service_mean_load(s, from, to), mean, 1e-9 * fabs(mean) + 1e-12,
                 "mean of [%g, %g)", from_h, to_h);
}

static void test_constant(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    w.load_shape = LOAD_CONSTANT;
    w.has_load_base = true;
    w.load_base_per_h = 7.3;
    const struct service *s = made(&w, TUESDAY, 200.5, 1, b, a);
    if (!s) return;
    gapless(s, 200.5);
    gsl_test_int((int)s->curve.n, 1, "one piece");
    expect_load(s, 0, 200.5, 7.3, 7.3);
    w.has_weekend = true;
    w.weekend_frac = 0.25;
    s = made(&w, TUESDAY, 240, 1, b, a);
    if (!s) return;
    gapless(s, 240);
    expect_load(s, 95, 96, 7.3, 7.3);     /* Friday's last hour */
    expect_load(s, 96, 97, 1.825, 1.825); /* Saturday's first */
    expect_load(s, 95.5, 96.5, 7.3, 4.5625);
    expect_load(s, 143, 144, 1.825, 1.825); /* Sunday's last */
    expect_load(s, 144, 145, 7.3, 7.3);
    expect_load(s, 0, 168, 7.3, 7.3 * (5 + 2 * 0.25) / 7);
}

static void test_without_shape(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    w.has_load_base = true;
    w.load_base_per_h = 3;
    const struct service *s = made(&w, TUESDAY, 24, 1, b, a);
    if (s) expect_load(s, 0, 24, 3, 3);
    static struct load_point points[] = {{"12:00", 5}};
    w = service_of();
    w.n_points = 1;
    w.points = points;
    s = made(&w, TUESDAY, 24, 1, b, a);
    if (s) expect_load(s, 0, 24, 5, 5);
}

/* Corners given out of order; the line over midnight runs from 40 at 23:00 to 6 at 03:00. */
static void test_points(const struct price_book *b, struct arena *a)
{
    static struct load_point points[] = {{"21:00", 120}, {"03:00", 6}, {"23:00", 40}};
    struct workload w = service_of();
    w.load_shape = LOAD_POINTS;
    w.n_points = 3;
    w.points = points;
    const struct service *s = made(&w, TUESDAY, 72, 1, b, a);
    if (!s) return;
    gapless(s, 72);
    expect_load(s, 0, 3, 31.5, (31.5 + 6) / 2);
    expect_load(s, 23, 27, 40, 23);
    expect_load(s, 3, 21, 120, 63);
    expect_load(s, 12, 13, 6 + 114.0 * 10 / 18, 6 + 114.0 * 9.5 / 18);
    expect_load(s, 20.5, 21.5, 120, (6 + 114 * 17.75 / 18 + 110) / 2);
    expect_load(s, 22, 22.5, 80, 70);
    const double day = ((31.5 + 6) / 2 * 3 + 63 * 18 + 80 * 2 + (40 + 31.5) / 2) / 24;
    expect_load(s, 0, 72, 120, day);
    w.has_weekend = true;
    w.weekend_frac = 1.6;
    s = made(&w, "2026-12-05 18:00", 72, 1, b, a); /* a Saturday evening */
    if (!s) return;
    gapless(s, 72);
    expect_load(s, 0, 3, 192, 1.6 * (6 + 114 * 16.5 / 18));
    expect_load(s, 5, 6, 64, 1.6 * (40 + 31.5) / 2);
    expect_load(s, 27, 29, 192, 1.6 * 80);
    expect_load(s, 30, 33, 31.5, (31.5 + 6) / 2); /* Monday */
}

static double cosine(double base, double peak, double peak_h, double t_h)
{
    return base + (peak - base) * (1 + cos(2 * M_PI * (t_h - peak_h) / 24)) / 2;
}

static void test_diurnal(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    w.load_shape = LOAD_DIURNAL;
    w.has_load_base = w.has_load_peak = w.has_peak_at = true;
    w.load_base_per_h = 30;
    w.load_peak_per_h = 900;
    w.peak_at_us = clock_of("20:50");
    const double peak_h = 20 + 50.0 / 60;
    for (size_t i = 0; i < 4; i++) {
        const double step_h = (const double[]){0.25, 1, 6, 7.3}[i];
        const struct service *s = made(&w, TUESDAY, 168, step_h, b, a);
        if (!s) return;
        gapless(s, 168);
        for (int step = 0; (step + 1) * step_h <= 168; step++) {
            const double t = step * step_h;
            const int64_t step_us = llround(step_h * (double)US_PER_H);
            const double first = cosine(30, 900, peak_h, t),
                         last = cosine(30, 900, peak_h, t + step_h);
            const double day = floor((t - peak_h) / 24) + 1; /* first peak at or after t */
            const double next_peak = peak_h + 24 * day;
            const bool holds_peak = next_peak <= t + step_h;
            const double most = holds_peak ? 900 : fmax(first, last);
            gsl_test_rel(service_sizing_load(s, step * step_us, (step + 1) * step_us), most, 1e-9,
                         "step %g: highest in [%g, %g)", step_h, t, t + step_h);
        }
        gsl_test_rel(service_mean_load(s, 0, HOURS(168)), 465, 1e-3, "step %g: mean", step_h);
    }
    const struct service *s = made(&w, TUESDAY, 168, 1, b, a);
    if (!s) return;
    /* Integral of the cosine over an hour; straight lines of a quarter of an hour are 0.04% off its swing. */
    const double k = 2 * M_PI / 24;
    const double exact = 465 + 435 * (sin(k * (11 - peak_h)) - sin(k * (10 - peak_h))) / k;
    gsl_test_abs(service_mean_load(s, HOURS(10), HOURS(11)), exact, 4e-4 * 435, "mean of an hour");
    w.has_weekend = true;
    w.weekend_frac = 0.5;
    s = made(&w, TUESDAY, 168, 1, b, a);
    if (!s) return;
    expect_load(s, 96, 120, 450, service_mean_load(s, HOURS(120), HOURS(144)));
    gsl_test_rel(service_sizing_load(s, HOURS(0), HOURS(96)), 900, 1e-12, "workdays");
}

static void test_office(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    w.load_shape = LOAD_OFFICE;
    w.has_load_base = w.has_load_peak = true;
    w.load_base_per_h = 2;
    w.load_peak_per_h = 50;
    const struct service *s = made(&w, TUESDAY, 168, 1, b, a);
    if (!s) return;
    gapless(s, 168);
    const double day = (8 * 2 + 2 * 26 + 7 * 50 + 3 * 26 + 4 * 2) / 24.0;
    expect_load(s, 0, 24, 50, day);
    expect_load(s, 0, 8, 2, 2);
    expect_load(s, 8, 9, 26, 14);
    expect_load(s, 10, 17, 50, 50);
    expect_load(s, 19, 20, 18, 10);
    expect_load(s, 96, 144, 2, 2); /* the weekend stays at base */
    expect_load(s, 0, 168, 50, (5 * day + 2 * 2) / 7);
    w.has_weekend = true;
    w.weekend_frac = 0.1;
    s = made(&w, TUESDAY, 168, 1, b, a);
    if (s) expect_load(s, 96, 120, 5, 0.1 * day);
}

static void test_factors(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    w.has_load_base = true;
    w.load_base_per_h = 10;
    w.load_scale = exactly(2.5);
    w.burst = 1.6;
    w.headroom_frac = 0.2;
    w.growth_per_month = 0.05;
    const struct service *s = made(&w, TUESDAY, 1440, 1, b, a);
    if (!s) return;
    const double now = 10 * 2.5 * 1.6 * 1.2;
    gsl_test_rel(service_sizing_load(s, HOURS(719), HOURS(720)), now * 1.05, 1e-12,
                 "after a month");
    gsl_test_rel(service_sizing_load(s, HOURS(0), HOURS(1)), now * pow(1.05, 1 / 720.0), 1e-12,
                 "growth at the end of the period");
    /* integral of 1.05^(t / 720) over [0, 1440) is 720 (1.05^2 - 1) / ln 1.05 */
    gsl_test_rel(service_mean_load(s, 0, HOURS(1440)), 25 * 0.5 * (1.1025 - 1) / log(1.05), 1e-12,
                 "mean with growth");
    w.growth_per_month = -0.3;
    s = made(&w, TUESDAY, 1440, 1, b, a);
    if (!s) return;
    gsl_test_rel(service_sizing_load(s, HOURS(720), HOURS(1000)), now * 0.7, 1e-12,
                 "a falling load is highest at the start of the period");
    gsl_test_rel(service_mean_load(s, 0, HOURS(1440)), 25 * 0.5 * (0.49 - 1) / log(0.7), 1e-12,
                 "mean with decline");
}

/* integral_0^24 of (96 - 4 t) g^(t/720) dt, by parts */
static void test_ramp_growth(const struct price_book *b, struct arena *a)
{
    static struct load_point points[] = {{"00:00", 96}, {"23:59", 4.0 / 60}};
    struct workload w = service_of();
    w.n_points = 2;
    w.points = points;
    for (size_t i = 0; i < 3; i++) {
        w.growth_per_month = (const double[]){1e-7, 0.8, 1e9}[i];
        const struct service *s = made(&w, TUESDAY, 48, 1, b, a);
        if (!s) return;
        const double k = log1p(w.growth_per_month) / 720, t = 23 + 59.0 / 60;
        const double x = k * t;
        const double level = expm1(x) / k;
        /* series where the closed form would cancel */
        const double ramp = x < 1e-3 ? t * t * (0.5 + x / 3 + x * x / 8) : (t * exp(x) - level) / k;
        gsl_test_rel(service_mean_load(s, 0, HOURS(t)), (96 * level - 4 * ramp) / t, 1e-9,
                     "growth %g", w.growth_per_month);
    }
}

static void test_window(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    static struct load_point points[] = {{"00:00", 0}, {"12:00", 24}};
    w.n_points = 2;
    w.points = points;
    hours_set(&w, "22:00", "03:00");
    w.days = DAYS_WORKDAYS;
    const struct service *s = made(&w, TUESDAY, 168, 1, b, a);
    if (!s) return;
    gapless(s, 168);
    expect_load(s, 0, 3, 6, 3); /* belongs to the evening before, a Monday */
    expect_load(s, 3, 22, 0, 0);
    expect_load(s, 21, 23, 4, 1.5);
    expect_load(s, 24, 27, 6, 3);
    expect_load(s, 96, 99, 6, 3); /* the rest of Friday's night */
    expect_load(s, 99, 166, 0, 0);
    w = service_of();
    w.has_load_base = true;
    w.load_base_per_h = 9;
    w.has_start = true;
    w.start = moment_of("2026-12-02 06:00");
    w.has_deadline = true;
    w.deadline_h = 48;
    s = made(&w, TUESDAY, 168, 1, b, a);
    if (!s) return;
    gapless(s, 168);
    expect_load(s, 0, 30, 0, 0);
    expect_load(s, 0, 168, 9, 9.0 * 48 / 168);
    expect_load(s, 77, 79, 9, 4.5);
    w.has_load_base = true;
    w.deadline_is_moment = true;
    w.deadline = moment_of("2026-12-02 08:00");
    s = made(&w, TUESDAY, 168, 1, b, a);
    if (s) expect_load(s, 0, 168, 9, 9.0 * 2 / 168);
}

/* A zone has a fixed offset, so every day has 24 hours, also on the dates on which others change their clocks. */
static void test_no_summer_time(const struct price_book *b, struct arena *a)
{
    static struct load_point points[] = {{"00:00", 10}, {"12:00", 20}};
    struct workload w = service_of();
    w.n_points = 2;
    w.points = points;
    const struct service *s = made(&w, "2027-03-28", 72, 1, b, a);
    if (!s) return;
    for (int day = 0; day < 3; day++) {
        const double midnight_h = 24.0 * day;
        expect_load(s, midnight_h + 11, midnight_h + 13, 20, 20 - 10.0 / 24);
        expect_load(s, midnight_h, midnight_h + 2, 10 + 10.0 / 6, 10 + 10.0 / 12);
    }
}

/* --- CSV --- */

static char folder[] = "/tmp/gpumix-curves-XXXXXX";

static const char *file_of(const char *name, const char *text, struct arena *a)
{
    const char *path = arena_printf(a, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    gsl_test(!f, "%s is written", path);
    if (!f) return path;
    fputs(text, f);
    fclose(f);
    return path;
}

static struct run csv_run(const char *text, const char *start, double length_h,
                          const struct price_book *b, struct arena *a)
{
    struct workload *w = ARENA_NEW(a, struct workload, 1);
    struct diag d = diag_of(a);
    *w = service_of();
    w->load_shape = LOAD_CSV;
    node_set(w, arena_printf(a, "load:\n  csv: %s\n", file_of("load.csv", text, a)), a, &d);
    return run_of(w, start, length_h, 1, b, a);
}

static void test_csv(const struct price_book *b, struct arena *a)
{
    struct run r = csv_run("rate_per_s,time\n0.5,2026-11-30\n1,2026-12-01 06:30\n2,9\n0,26h\n",
                           TUESDAY, 30, b, a);
    gsl_test_int((int)r.e, OK, "a curve in a file");
    gsl_test_int((int)finding_count(&r.diag), 0, "nothing to say");
    if (r.e != OK) return;
    const struct service *s = &r.list.items[0];
    gapless(s, 30);
    expect_load(s, 0, 6, 1800, 1800);
    expect_load(s, 6, 7, 3600, 2700);
    expect_load(s, 9, 26, 7200, 7200);
    expect_load(s, 26, 30, 0, 0);
    expect_load(s, 0, 30, 7200, (6.5 * 1800 + 2.5 * 3600 + 17 * 7200) / 30);
    r = csv_run("time,rate_per_s\n0,1\n1,2\n2,1\n", TUESDAY, 30, b, a);
    gsl_test_int((int)r.e, OK, "a curve that ends early");
    expect_finding(&r.diag, 0, WARN_CURVE_HELD,
                   "the last rate of the load of 'chat' holds for 28 h, to the end of the horizon",
                   "add rows for the rest of the horizon, or make horizon.length shorter");
}

static void test_csv_errors(const struct price_book *b, struct arena *a)
{
    static const struct {
        const char *text, *what, *fix;
    } cases[] = {
        {"time,rate_per_s\nnoon,1\n", "time cannot be 'noon'",
         "write a moment such as 2026-12-08 18:00, or hours from the start of the horizon such as "
         "1.5"},
        {"time,rate_per_s\n0,-1\n", "rate_per_s cannot be '-1'", "write a number from 0 to 1e9"},
        {"time,rate_per_s\n0,5/s\n", "rate_per_s cannot be '5/s'", "write a number from 0 to 1e9"},
        {"time,rate_per_s\n0,1\n2,1\n2,3\n", "time '2' is not after the time of the row before",
         "sort the rows by time and give each time once"},
        {"time,rate_per_s\n1.5,1\n", "the load of 'chat' begins only 1.5 h after it is needed",
         "add a row for the start of the horizon"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct run r = csv_run(cases[i].text, TUESDAY, 30, b, a);
        gsl_test_int((int)r.e, ERR_CURVE, "refused: %s", cases[i].what);
        expect_finding(&r.diag, 0, ERR_CURVE, cases[i].what, cases[i].fix);
    }
    const struct run r = csv_run("time,rate_per_s\n", TUESDAY, 30, b, a);
    gsl_test_int((int)r.e, ERR_CURVE, "an empty curve is refused");
    expect_finding(&r.diag, 0, ERR_CURVE, "the load of 'chat' has no rows",
                   arena_printf(a, "add a row per change of the rate to %s/load.csv", folder));
}

/* --- what a load lacks --- */

static void expect_refused(struct workload *w, const char *what, const char *fix,
                           const struct price_book *b, struct arena *a)
{
    const struct run r = run_of(w, TUESDAY, 24, 1, b, a);
    gsl_test_int((int)r.e, ERR_LOAD, "refused: %s", what);
    expect_finding(&r.diag, 0, ERR_LOAD, what, fix);
}

static void test_errors(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    const char *whole =
        "write for example load: {shape: diurnal, base: 2/s, peak: 40/s, peak_at: \"21:00\"}";
    w.has_load = false;
    expect_refused(&w, "'chat' says no load", whole, b, a);
    w.has_load = true;
    expect_refused(&w, "the load of 'chat' has no shape", whole, b, a);
    w.load_shape = LOAD_DIURNAL;
    w.has_load_base = w.has_load_peak = true;
    w.load_peak_per_h = 5;
    expect_refused(&w, "the load of 'chat' has the shape diurnal, but no peak_at",
                   "write for example peak_at: \"21:00\"", b, a);
    w.has_peak_at = true;
    w.load_base_per_h = 6;
    expect_refused(&w, "load.peak of 'chat' is below load.base",
                   "write the highest rate of the day as peak", b, a);
    w = service_of();
    w.load_shape = LOAD_OFFICE;
    w.has_load_base = true;
    expect_refused(&w, "the load of 'chat' has the shape office, but no peak",
                   "write for example peak: 40/s", b, a);
    w.load_shape = LOAD_CONSTANT;
    w.has_load_base = false;
    expect_refused(&w, "the load of 'chat' has the shape constant, but no base",
                   "write for example base: 2/s", b, a);
    w.load_shape = LOAD_POINTS;
    expect_refused(&w, "the load of 'chat' has the shape points, but no points",
                   "write for example points: {\"03:00\": 1/s, \"20:00\": 30/s}", b, a);
    w.load_shape = LOAD_CSV;
    expect_refused(&w, "the load of 'chat' has the shape csv, but no csv",
                   "write for example csv: load.csv", b, a);
    w = service_of();
    static struct load_point points[] = {{"06:00", 1}, {"24:00", 2}};
    w.points = points;
    w.n_points = 2;
    expect_refused(&w, "load.points of 'chat' has no time of the day '24:00'",
                   "write times from 00:00 to 23:59; the curve wraps at midnight", b, a);
    w = service_of();
    w.has_load_base = true;
    w.growth_per_month = -1;
    expect_refused(&w, "load.growth of 'chat' leaves no load after a month",
                   "write a growth above -100%/month", b, a);
}

static void test_unused(const struct price_book *b, struct arena *a)
{
    struct workload w = service_of();
    w.load_shape = LOAD_CONSTANT;
    w.has_load_base = w.has_peak_at = true;
    const struct run r = run_of(&w, TUESDAY, 24, 1, b, a);
    gsl_test_int((int)r.e, OK, "a key of another shape is no error");
    expect_finding(&r.diag, 0, WARN_KEY_UNUSED, "load.peak_at of 'chat' is not used",
                   "remove the key, or choose the shape that uses it");
    gsl_test_str(r.diag.first ? r.diag.first->why : "", "the load has the shape constant", "why");
}

int main(void)
{
    struct arena *a = arena_new();
    const struct price_book *b = book_of(a);
    gsl_test(!mkdtemp(folder), "a folder for files");
    if (b) {
        test_constant(b, a);
        test_without_shape(b, a);
        test_points(b, a);
        test_diurnal(b, a);
        test_office(b, a);
        test_factors(b, a);
        test_ramp_growth(b, a);
        test_window(b, a);
        test_no_summer_time(b, a);
        test_csv(b, a);
        test_csv_errors(b, a);
        test_errors(b, a);
        test_unused(b, a);
    }
    unlink(arena_printf(a, "%s/load.csv", folder));
    rmdir(folder);
    arena_free(a);
    return gsl_test_summary();
}
