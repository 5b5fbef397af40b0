/* Charts over time of the report page: machines held, and the hours of the week. */
#include "common/calendar.h"
#include "common/quantity.h"
#include "report/page.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A horizon beyond twenty-five years is no plan, whatever a file says. */
enum { MOST_HOURS = 219000 };
enum {
    MOST_BINS = 744,
    MOST_ROWS = 200,
    HOURS_PER_WEEK = 168,
    HOURS_PER_DAY = 24,
    MOST_MARKETS = 8
};

/* Most machines at one time in each bin, by market. */
struct timeline {
    double bin_h;
    size_t n_bins, n_markets;
    const char *markets[MOST_MARKETS]; /* words */
    long *held;                        /* [n_markets + 1][n_bins], the last: of all together */
};

static size_t market_at(struct timeline *t, const char *word)
{
    size_t i = 0;
    while (i < t->n_markets && strcmp(t->markets[i], word) != 0) i++;
    if (i == t->n_markets && i < MOST_MARKETS) t->markets[t->n_markets++] = word;
    return i < MOST_MARKETS ? i : MOST_MARKETS - 1;
}

struct event {
    double at_h;
    size_t market;
    long change;
};

/* Ends before beginnings at the same time: what follows on is not counted twice. */
static int event_compare(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    if (x->at_h != y->at_h) return x->at_h < y->at_h ? -1 : 1;
    return (x->change > y->change) - (x->change < y->change);
}

static double end_of(const struct saved_run *r)
{
    double end = 0;
    for (size_t i = 0; i < r->n_stretches; i++)
        if (r->stretches[i].to_h > end) end = r->stretches[i].to_h;
    return end;
}

static struct event *events_of(size_t *n, struct timeline *t, const struct page *p)
{
    const struct saved_run *r = p->run;
    struct event *events = ARENA_NEW(p->arena, struct event, 2 * r->n_stretches + 1);
    *n = 0;
    for (size_t i = 0; i < r->n_stretches; i++) {
        const struct saved_stretch *s = &r->stretches[i];
        const size_t market = market_at(t, s->offer.market ? s->offer.market : "-");
        if (!(s->from_h >= 0 && s->to_h > s->from_h)) continue;
        events[(*n)++] = (struct event){s->from_h, market, s->machines};
        events[(*n)++] = (struct event){s->to_h, market, -s->machines};
    }
    qsort(events, *n, sizeof *events, event_compare);
    return events;
}

/* Most machines of one market, or of all (n_markets), in each bin. */
static void bins_fill(long *held, const struct timeline *t, size_t market,
                      const struct event *events, size_t n)
{
    long now = 0;
    size_t e = 0;
    for (size_t bin = 0; bin < t->n_bins; bin++) {
        const double from = (double)bin * t->bin_h, to = from + t->bin_h;
        held[bin] = now;
        for (; e < n && events[e].at_h < to; e++) {
            if (events[e].market == market || market == t->n_markets) now += events[e].change;
            /* What changes as the bin begins was not held in it before. */
            if (events[e].at_h <= from || now > held[bin]) held[bin] = now;
        }
    }
}

static bool timeline_make(struct timeline *t, const struct page *p)
{
    const double end = end_of(p->run);
    if (!(end > 0 && end <= MOST_HOURS)) return false;
    size_t n;
    const struct event *events = events_of(&n, t, p);
    t->bin_h = fmax(1, ceil(end / MOST_BINS));
    t->n_bins = (size_t)ceil(end / t->bin_h);
    t->held = ARENA_NEW(p->arena, long, (t->n_markets + 1) * t->n_bins);
    for (size_t market = 0; market <= t->n_markets; market++)
        bins_fill(&t->held[market * t->n_bins], t, market, events, n);
    return true;
}

/* Local moment at an hour of the horizon: as printed, "2026-12-01 00:00". */
static moment_t moment_at(const struct page *p, double h)
{
    moment_t start = 0;
    const struct saved_run *r = p->run;
    if (r->start) (void)moment_parse(&start, r->start);
    return start + (moment_t)llround(h * (double)US_PER_H);
}

static const char *moment_label(const struct page *p, double h)
{
    char text[64];
    return arena_strdup(p->arena, moment_print(text, sizeof text, moment_at(p, h)));
}

static int market_colour(const char *word)
{
    return page_cost_colour(page_cost_group("compute", word));
}

static json_t *held_spec(const struct page *p, const struct timeline *t)
{
    json_t *spec = json_object(), *labels = json_array(), *ticks = json_array(),
           *series = json_array(), *y = json_object();
    for (size_t bin = 0; bin < t->n_bins; bin++) {
        const char *label = moment_label(p, (double)bin * t->bin_h);
        const bool midnight = strcmp(label + strlen(label) - 5, "00:00") == 0;
        json_array_append_new(labels, json_string(label));
        json_array_append_new(ticks,
                              midnight || t->bin_h > 1 || t->n_bins <= 72
                                  ? json_string(arena_strndup(p->arena, label + 5,
                                                              midnight || t->n_bins > 72 ? 5 : 11))
                                  : json_string(""));
    }
    for (size_t market = 0; market < t->n_markets; market++) {
        json_t *one = json_object(), *values = json_array();
        for (size_t bin = 0; bin < t->n_bins; bin++)
            json_array_append_new(values, json_integer(t->held[market * t->n_bins + bin]));
        page_put(one, "name", page_json(p, saved_market_label(t->markets[market])));
        page_put(one, "colour", json_integer(market_colour(t->markets[market])));
        page_put(one, "values", values);
        json_array_append_new(series, one);
    }
    page_put(y, "name", json_string(_("machines")));
    page_put(spec, "kind", json_string("steps"));
    page_put(spec, "labels", labels);
    page_put(spec, "ticks", ticks);
    page_put(spec, "series", series);
    page_put(spec, "x", json_object());
    page_put(spec, "y", y);
    return spec;
}

static bool bin_changes(const struct timeline *t, size_t bin)
{
    for (size_t market = 0; market < t->n_markets && bin > 0; market++) {
        const long *held = &t->held[market * t->n_bins];
        if (held[bin] != held[bin - 1]) return true;
    }
    return bin == 0;
}

static struct sheet held_table(const struct page *p, const struct timeline *t)
{
    struct sheet_column *columns = ARENA_NEW(p->arena, struct sheet_column, MOST_MARKETS + 2);
    size_t n = 0, changes = 0;
    columns[n++] = (struct sheet_column){"from", N_("from"), 'l', false};
    for (size_t market = 0; market < t->n_markets; market++)
        columns[n++] =
            (struct sheet_column){"machines", saved_market_label(t->markets[market]), 'r', true};
    columns[n++] = (struct sheet_column){"all", N_("all"), 'r', true};
    struct sheet s = sheet_new(p->arena, columns, n);
    for (size_t bin = 0; bin < t->n_bins; bin++) {
        if (!bin_changes(t, bin)) continue;
        if (changes++ >= MOST_ROWS) continue;
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(moment_label(p, (double)bin * t->bin_h));
        for (size_t market = 0; market <= t->n_markets; market++)
            cells[1 + market] =
                sheet_text(arena_printf(p->arena, "%ld", t->held[market * t->n_bins + bin]));
    }
    if (changes > MOST_ROWS)
        sheet_note(&s,
                   _("%zu further changes are in the run: gpumix report RUN --format csv --table "
                     "timeline"),
                   changes - MOST_ROWS);
    return s;
}

static void held_chart(const struct page *p)
{
    struct timeline t = {0};
    if (!timeline_make(&t, p)) return;
    const struct sheet table = held_table(p, &t);
    page_chart_print(
        p, &(struct page_chart){
               .id = "machines",
               .title = _("Machines over time"),
               .note = arena_printf(p->arena, _("Most held at one time in each %.0f h."), t.bin_h),
               .wide = true,
               .spec = held_spec(p, &t),
               .table = &table});
}

/* --- hours of the week --- */

static const char *const day_names[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                        N_("Fri"), N_("Sat"), N_("Sun")};

struct week {
    const char *id, *title, *note, *name;
    int decimals;
    double value[HOURS_PER_WEEK]; /* Monday 0:00 first; NAN: no such hour */
};

static const char *cell_text(const struct page *p, const struct week *w, size_t i)
{
    return isfinite(w->value[i]) ? number_text(p->arena, w->value[i], w->decimals) : "-";
}

static json_t *week_spec(const struct page *p, const struct week *w)
{
    json_t *spec = json_object(), *values = json_array(), *texts = json_array(),
           *days = json_array(), *hours = json_array();
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < HOURS_PER_WEEK; i++) {
        const double v = w->value[i];
        if (isfinite(v)) low = fmin(low, v), high = fmax(high, v);
        json_array_append_new(values, isfinite(v) ? json_real(v) : json_null());
        json_array_append_new(
            texts,
            page_json(p, arena_printf(p->arena, "%s %02zu:00  %s", _(day_names[i / HOURS_PER_DAY]),
                                      i % HOURS_PER_DAY, cell_text(p, w, i))));
    }
    for (size_t i = 0; i < 7; i++) json_array_append_new(days, json_string(_(day_names[i])));
    for (size_t i = 0; i < HOURS_PER_DAY; i++)
        json_array_append_new(hours, json_string(arena_printf(p->arena, "%zu", i)));
    page_put(spec, "kind", json_string("heat"));
    page_put(spec, "name", page_json(p, w->name));
    page_put(spec, "days", days);
    page_put(spec, "hours", hours);
    page_put(spec, "values", values);
    page_put(spec, "texts", texts);
    page_put(spec, "low", json_real(low));
    page_put(spec, "high", json_real(high > low ? high : low + 1));
    page_put(spec, "lowText", json_string(number_text(p->arena, low, w->decimals)));
    page_put(spec, "highText", json_string(number_text(p->arena, high, w->decimals)));
    page_put(spec, "x", json_object());
    page_put(spec, "y", json_object());
    return spec;
}

static struct sheet week_table(const struct page *p, const struct week *w)
{
    struct sheet_column *columns = ARENA_NEW(p->arena, struct sheet_column, 8);
    columns[0] = (struct sheet_column){"hour", N_("hour"), 'l', false};
    for (size_t i = 0; i < 7; i++)
        columns[1 + i] = (struct sheet_column){"value", day_names[i], 'r', true};
    struct sheet s = sheet_new(p->arena, columns, 8);
    for (size_t hour = 0; hour < HOURS_PER_DAY; hour++) {
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(arena_printf(p->arena, "%02zu:00", hour));
        for (size_t day = 0; day < 7; day++)
            cells[1 + day] = sheet_text(cell_text(p, w, day * HOURS_PER_DAY + hour));
    }
    return s;
}

static void week_chart(const struct page *p, const struct week *w)
{
    const struct sheet table = week_table(p, w);
    page_chart_print(p, &(struct page_chart){.id = w->id,
                                             .title = w->title,
                                             .note = w->note,
                                             .heat = true,
                                             .spec = week_spec(p, w),
                                             .table = &table});
}

/* Hour of the week of a local moment, Monday 0:00 first. */
static size_t week_hour(moment_t m)
{
    const int64_t hour = m / US_PER_H;
    return (size_t)moment_weekday(m) * HOURS_PER_DAY +
           (size_t)(((hour % HOURS_PER_DAY) + HOURS_PER_DAY) % HOURS_PER_DAY);
}

/* Mean machines at work in each hour of the week, over the hours from the first to the last that any is held. */
static void held_week(const struct page *p)
{
    const struct saved_run *r = p->run;
    const double end = ceil(end_of(r));
    struct week w = {.id = "week-machines",
                     .title = _("Hours of the week: machines"),
                     .name = _("machines"),
                     .note = _("Machines held, mean of each hour of the week."),
                     .decimals = 1};
    double hours[HOURS_PER_WEEK] = {0};
    if (!(end >= HOURS_PER_DAY && end <= MOST_HOURS) || !r->start) return;
    for (long h = 0; h < (long)end; h++) hours[week_hour(moment_at(p, (double)h))]++;
    for (size_t i = 0; i < r->n_stretches; i++) {
        const struct saved_stretch *s = &r->stretches[i];
        if (!(s->from_h >= 0 && s->to_h > s->from_h)) continue;
        for (long h = (long)floor(s->from_h); (double)h < s->to_h; h++) {
            const double inside = fmin((double)h + 1, s->to_h) - fmax((double)h, s->from_h);
            w.value[week_hour(moment_at(p, (double)h))] += inside * (double)s->machines;
        }
    }
    for (size_t i = 0; i < HOURS_PER_WEEK; i++)
        w.value[i] = hours[i] > 0 ? w.value[i] / hours[i] : (double)NAN;
    week_chart(p, &w);
}

static void load_week(const struct page *p)
{
    json_t *services = json_object_get(p->document, "services");
    for (size_t i = 0; i < json_array_size(services); i++) {
        json_t *loads = json_object_get(json_array_get(services, i), "load_by_hour");
        if (json_array_size(loads) != HOURS_PER_WEEK || i >= p->run->n_services) continue;
        const struct saved_service *s = &p->run->services[i];
        struct week w = {
            .id = arena_printf(p->arena, "week-load-%zu", i),
            .title = arena_printf(p->arena, _("Hours of the week: load of %s"), s->workload),
            .note = arena_printf(p->arena, _("Mean load, %s."), s->load_unit),
            .name = s->load_unit};
        double most = 0;
        for (size_t k = 0; k < HOURS_PER_WEEK; k++) {
            json_t *value = json_array_get(loads, k);
            w.value[k] = json_is_number(value) ? json_number_value(value) : (double)NAN;
            if (w.value[k] > most) most = w.value[k];
        }
        w.decimals = most < 20 ? 1 : 0;
        week_chart(p, &w);
        return;
    }
}

void page_times(const struct page *p)
{
    held_chart(p);
    load_week(p);
    held_week(p);
}
