/* Load over the horizon as a piecewise linear curve, and what it asks for:
 *   points   straight lines between times of the day, wrapping at midnight
 *   diurnal  base + (peak - base) (1 + cos(2 pi (t - peak_at) / 24 h)) / 2, straight between corners at most a step and
 *            a quarter of an hour apart; every step, midnight and extremum is a corner, so the highest rate inside
 *            a period is exact
 *   office   points 00:00 base, 08:00 base, 10:00 peak, 17:00 peak, 20:00 base
 * Days that begin on a Saturday or Sunday are multiplied by `weekend`; without it an office stays at base. */
#include "common/node.h"
#include "scenarios/serving.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t QUARTER_US = US_PER_H / 4;

/* --- building --- */

struct curve_builder curve_builder_of(struct serve_task *t)
{
    return (struct curve_builder){.curve = &t->service->curve,
                                  .window = t->service->window,
                                  .arena = t->serving->arena,
                                  .horizon_us = t->serving->scenario->length_us};
}

static void piece_push(struct curve_builder *b, struct load_piece piece)
{
    struct load_curve *c = b->curve;
    b->at_us = piece.to_us;
    struct load_piece *last = c->n > 0 ? &c->pieces[c->n - 1] : NULL;
    /* Bit for bit: a step that goes on. */
    const bool flat = last && !(piece.rate_from < piece.rate_to) &&
                      !(piece.rate_from > piece.rate_to) && !(last->rate_from < piece.rate_from) &&
                      !(last->rate_from > piece.rate_from) && !(last->rate_to < piece.rate_to) &&
                      !(last->rate_to > piece.rate_to);
    if (flat)
        last->to_us = piece.to_us;
    else
        *ARENA_PUSH(b->arena, c->pieces, c->n) = piece;
}

static void closed_until(struct curve_builder *b, int64_t us)
{
    if (us > b->at_us) piece_push(b, (struct load_piece){b->at_us, us, 0, 0});
}

void curve_add(struct curve_builder *b, int64_t from_us, int64_t to_us, double rate_from,
               double rate_to)
{
    const double slope = (rate_to - rate_from) / (double)(to_us - from_us);
    while (b->span < b->window->n) {
        const struct span *open = &b->window->spans[b->span];
        const int64_t first = from_us > open->from_us ? from_us : open->from_us;
        const int64_t from = first > b->at_us ? first : b->at_us;
        const int64_t to = to_us < open->to_us ? to_us : open->to_us;
        if (from < to) {
            closed_until(b, from);
            const double start =
                from == from_us ? rate_from : rate_from + slope * (double)(from - from_us);
            const double end = to == to_us ? rate_to : rate_from + slope * (double)(to - from_us);
            piece_push(b, (struct load_piece){from, to, start, end});
        }
        if (open->to_us > to_us) return;
        b->span++;
    }
}

void curve_end(struct curve_builder *b)
{
    closed_until(b, b->horizon_us);
}

void load_curve_flat(struct serve_task *t, double rate)
{
    struct curve_builder b = curve_builder_of(t);
    curve_add(&b, 0, b.horizon_us, rate, rate);
    curve_end(&b);
}

void load_curve_multiply(struct load_curve *c, double factor)
{
    for (size_t i = 0; i < c->n; i++) {
        c->pieces[i].rate_from *= factor;
        c->pieces[i].rate_to *= factor;
    }
}

/* --- days --- */

struct corner {
    int64_t clock_us;
    double per_h;
};

/* A day of straight lines; `flat_weekend`: on Saturday and Sunday the first corner's rate all day. */
struct day_curve {
    size_t n;
    const struct corner *corners; /* [n >= 1] sorted, in [0, 24 h) */
    double weekend_frac;
    bool flat_weekend;
};

static int64_t midnight_before(moment_t m)
{
    const int64_t rest = m % US_PER_DAY;
    return m - (rest < 0 ? rest + US_PER_DAY : rest);
}

static bool is_weekend(moment_t m)
{
    return moment_weekday(m) >= 5;
}

/* Rate at midnight, on the line from the last corner to the first of the next day. */
static double midnight_rate(const struct day_curve *day)
{
    const struct corner *first = &day->corners[0], *last = &day->corners[day->n - 1];
    if (first->clock_us == 0) return first->per_h;
    const double gap = (double)(first->clock_us + US_PER_DAY - last->clock_us);
    const double part = (double)(US_PER_DAY - last->clock_us) / gap;
    return last->per_h + (first->per_h - last->per_h) * part;
}

static void day_add(struct curve_builder *b, const struct day_curve *day, int64_t midnight_us,
                    double factor)
{
    const double midnight = midnight_rate(day);
    struct corner at = {0, midnight};
    for (size_t i = 0; i <= day->n; i++) {
        const struct corner next =
            i < day->n ? day->corners[i] : (struct corner){US_PER_DAY, midnight};
        if (next.clock_us > at.clock_us)
            curve_add(b, midnight_us + at.clock_us, midnight_us + next.clock_us, at.per_h * factor,
                      next.per_h * factor);
        at = next;
    }
}

static void days_add(struct curve_builder *b, const struct day_curve *day, moment_t start)
{
    for (int64_t at = midnight_before(start) - start; at < b->horizon_us; at += US_PER_DAY) {
        const bool weekend = is_weekend(start + at);
        const double flat = day->corners[0].per_h;
        if (weekend && day->flat_weekend)
            curve_add(b, at, at + US_PER_DAY, flat, flat);
        else
            day_add(b, day, at, weekend ? day->weekend_frac : 1);
    }
}

static double weekend_of(const struct workload *w)
{
    return w->has_weekend ? w->weekend_frac : 1;
}

static int by_clock(const void *x, const void *y)
{
    const struct corner *a = x, *b = y;
    return (a->clock_us > b->clock_us) - (a->clock_us < b->clock_us);
}

static enum err point_error(const struct serve_task *t, const struct load_point *p,
                            const char *what, const char *fix)
{
    struct diag *d = t->serving->diag;
    const char *path = arena_printf(t->serving->arena, "load.points.%s", p->clock);
    diag_error(d, ERR_LOAD, workload_place(t->workload, path), "%s", what);
    diag_fix(d, "%s", fix);
    return ERR_LOAD;
}

static enum err points_add(struct serve_task *t, struct curve_builder *b)
{
    const struct workload *w = t->workload;
    struct arena *a = t->serving->arena;
    struct corner *corners = ARENA_NEW(a, struct corner, w->n_points + 1);
    for (size_t i = 0; i < w->n_points; i++) {
        const struct load_point *p = &w->points[i];
        corners[i].per_h = p->per_h;
        if (!clock_parse(&corners[i].clock_us, p->clock) || corners[i].clock_us == US_PER_DAY)
            return point_error(t, p,
                               arena_printf(a, _("load.points of '%s' has no time of the day '%s'"),
                                            w->name, p->clock),
                               _("write times from 00:00 to 23:59; the curve wraps at midnight"));
    }
    if (w->n_points > 1) qsort(corners, w->n_points, sizeof *corners, by_clock);
    days_add(b, &(struct day_curve){w->n_points, corners, weekend_of(w), false},
             t->serving->scenario->start);
    return OK;
}

static void office_add(struct serve_task *t, struct curve_builder *b)
{
    const struct workload *w = t->workload;
    const double base = w->load_base_per_h, peak = w->load_peak_per_h;
    const struct corner corners[] = {{0, base},
                                     {8 * US_PER_H, base},
                                     {10 * US_PER_H, peak},
                                     {17 * US_PER_H, peak},
                                     {20 * US_PER_H, base}};
    days_add(b, &(struct day_curve){5, corners, weekend_of(w), !w->has_weekend},
             t->serving->scenario->start);
}

static void constant_add(struct serve_task *t, struct curve_builder *b)
{
    const struct corner corner = {0, t->workload->load_base_per_h};
    days_add(b, &(struct day_curve){1, &corner, weekend_of(t->workload), false},
             t->serving->scenario->start);
}

/* --- diurnal --- */

static double diurnal_rate(const struct workload *w, int64_t clock_us)
{
    const double phase = 2 * M_PI * (double)(clock_us - w->peak_at_us) / (double)US_PER_DAY;
    return w->load_base_per_h + (w->load_peak_per_h - w->load_base_per_h) * (1 + cos(phase)) / 2;
}

/* First corner of the grid of steps, each cut into equal parts, after `us`. */
static int64_t grid_after(int64_t us, int64_t step_us)
{
    const int64_t parts = (step_us + QUARTER_US - 1) / QUARTER_US, part_us = step_us / parts;
    const int64_t step = us / step_us, part = (us - step * step_us) / part_us + 1;
    return part >= parts ? (step + 1) * step_us : step * step_us + part * part_us;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* First extremum after a clock time, as a clock time. */
static int64_t extremum_after(int64_t clock_us, int64_t peak_at_us)
{
    int64_t at = peak_at_us % (US_PER_DAY / 2);
    while (at <= clock_us) at += US_PER_DAY / 2;
    return at;
}

static void diurnal_add(struct serve_task *t, struct curve_builder *b)
{
    const struct workload *w = t->workload;
    const struct scenario *s = t->serving->scenario;
    for (int64_t at = 0; at < b->horizon_us;) {
        const int64_t midnight = midnight_before(s->start + at) - s->start;
        const int64_t extremum = midnight + extremum_after(at - midnight, w->peak_at_us);
        const int64_t to = earlier(earlier(grid_after(at, s->step_us), midnight + US_PER_DAY),
                                   earlier(extremum, b->horizon_us));
        const double factor = is_weekend(s->start + midnight) ? weekend_of(w) : 1;
        curve_add(b, at, to, factor * diurnal_rate(w, at - midnight),
                  factor * diurnal_rate(w, to - midnight));
        at = to;
    }
}

/* --- which shape, and is it whole? --- */

/* Keys that a shape needs; the others are of no use to it. */
static const struct shape_keys {
    const char *name;
    bool base, peak, peak_at, weekend, points, csv;
} shape_keys[] = {
    /* clang-format off */
    [LOAD_CONSTANT] = {"constant", .base = true, .weekend = true},
    [LOAD_DIURNAL]  = {"diurnal", .base = true, .peak = true, .peak_at = true, .weekend = true},
    [LOAD_OFFICE]   = {"office", .base = true, .peak = true, .weekend = true},
    [LOAD_POINTS]   = {"points", .points = true, .weekend = true},
    [LOAD_CSV]      = {"csv", .csv = true},
    /* clang-format on */
};

struct load_key {
    const char *key, *example;
    bool given, used, needed;
};

static enum err key_check(const struct serve_task *t, const struct load_key *k, const char *shape)
{
    const struct workload *w = t->workload;
    struct diag *d = t->serving->diag;
    if (k->needed && !k->given) {
        diag_error(d, ERR_LOAD, workload_place(w, "load"),
                   _("the load of '%s' has the shape %s, but no %s"), w->name, shape, k->key);
        diag_fix(d, _("write for example %s"), k->example);
        return ERR_LOAD;
    }
    if (!k->given || k->used) return OK;
    diag_warning(d, WARN_KEY_UNUSED,
                 workload_place(w, arena_printf(t->serving->arena, "load.%s", k->key)),
                 _("load.%s of '%s' is not used"), k->key, w->name);
    diag_why(d, _("the load has the shape %s"), shape);
    diag_fix(d, _("remove the key, or choose the shape that uses it"));
    return OK;
}

static enum err shape_check(const struct serve_task *t, enum load_shape shape)
{
    const struct workload *w = t->workload;
    const struct shape_keys *k = &shape_keys[shape];
    const struct load_key keys[] = {
        {"base", "base: 2/s", w->has_load_base, k->base, k->base},
        {"peak", "peak: 40/s", w->has_load_peak, k->peak, k->peak},
        {"peak_at", "peak_at: \"21:00\"", w->has_peak_at, k->peak_at, k->peak_at},
        {"weekend", "weekend: 70%", w->has_weekend, k->weekend, false},
        {"points", "points: {\"03:00\": 1/s, \"20:00\": 30/s}", w->n_points > 0, k->points,
         k->points},
        {"csv", "csv: load.csv", workload_has(w, "load.csv"), k->csv, k->csv},
    };
    enum err e = OK;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (key_check(t, &keys[i], k->name) != OK) e = ERR_LOAD;
    if (e != OK || !k->peak || w->load_peak_per_h >= w->load_base_per_h) return e;
    diag_error(t->serving->diag, ERR_LOAD, workload_place(w, "load.peak"),
               _("load.peak of '%s' is below load.base"), w->name);
    diag_fix(t->serving->diag, _("write the highest rate of the day as peak"));
    return ERR_LOAD;
}

/* Without `shape` the key that only one shape has says it. */
static enum load_shape shape_of_load(const struct workload *w)
{
    if (w->load_shape != LOAD_UNSET) return w->load_shape;
    if (w->n_points > 0) return LOAD_POINTS;
    if (workload_has(w, "load.csv")) return LOAD_CSV;
    return w->has_load_peak || !w->has_load_base ? LOAD_UNSET : LOAD_CONSTANT;
}

static enum err load_missing(const struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct diag *d = t->serving->diag;
    if (w->has_load)
        diag_error(d, ERR_LOAD, workload_place(w, "load"), _("the load of '%s' has no shape"),
                   w->name);
    else
        diag_error(d, ERR_LOAD, w->at, _("'%s' says no load"), w->name);
    diag_fix(d, _("write for example load: {shape: diurnal, base: 2/s, peak: 40/s, peak_at: "
                  "\"21:00\"}"));
    return ERR_LOAD;
}

enum err load_curve_make(struct serve_task *t)
{
    const struct workload *w = t->workload;
    struct curve_builder b = curve_builder_of(t);
    const enum load_shape shape = shape_of_load(w);
    if (shape == LOAD_UNSET) return load_missing(t);
    TRY(shape_check(t, shape));
    if (w->growth_per_month <= -1) {
        diag_error(t->serving->diag, ERR_LOAD, workload_place(w, "load.growth"),
                   _("load.growth of '%s' leaves no load after a month"), w->name);
        diag_fix(t->serving->diag, _("write a growth above -100%%/month"));
        return ERR_LOAD;
    }
    if (shape == LOAD_POINTS) TRY(points_add(t, &b));
    if (shape == LOAD_CSV) TRY(load_csv_read(t, &b));
    if (shape == LOAD_CONSTANT) constant_add(t, &b);
    if (shape == LOAD_OFFICE) office_add(t, &b);
    if (shape == LOAD_DIURNAL) diurnal_add(t, &b);
    curve_end(&b);
    return OK;
}
