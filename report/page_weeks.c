/* Hours of the week on the report page: load, answer times, spot prices and machines. */
#include "common/quantity.h"
#include "report/page.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <string.h>

enum { HOURS_PER_WEEK = 168, HOURS_PER_DAY = 24, MOST_SERVICES = 3 };

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

/* 168 numbers of a result; NAN where it says nothing. False: there are not as many. */
static bool hours_read(double value[HOURS_PER_WEEK], const json_t *list)
{
    if (json_array_size(list) != HOURS_PER_WEEK) return false;
    for (size_t k = 0; k < HOURS_PER_WEEK; k++) {
        json_t *one = json_array_get(list, k);
        value[k] = json_is_number(one) ? json_number_value(one) : (double)NAN;
    }
    return true;
}

static double most_of(const double value[HOURS_PER_WEEK])
{
    double most = 0;
    for (size_t k = 0; k < HOURS_PER_WEEK; k++)
        if (value[k] > most) most = value[k];
    return most;
}

static void load_week(const struct page *p, size_t i, const json_t *service)
{
    const struct saved_service *s = &p->run->services[i];
    const char *unit = unit_label(s->load_unit);
    struct week w = {.id = arena_printf(p->arena, "week-load-%zu", i),
                     .title = arena_printf(p->arena, _("Hours of the week: load of %s"),
                                           saved_workload_title(p->run, s->workload, p->arena)),
                     .note = arena_printf(p->arena, _("Mean load, %s."), unit),
                     .name = unit};
    if (!hours_read(w.value, json_object_get(service, "load_by_hour"))) return;
    w.decimals = most_of(w.value) < 20 ? 1 : 0;
    week_chart(p, &w);
}

/* --- answer times --- */

struct waits {
    bool blocks; /* shares of starts that find no place, instead of seconds */
    double limit, late_share;
    double mean[HOURS_PER_WEEK], sized[HOURS_PER_WEEK], waiting[HOURS_PER_WEEK];
};

static double number_of(const json_t *o, const char *key)
{
    json_t *value = json_object_get(o, key);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* False where nothing is known, or nobody ever waits. */
static bool waits_read(struct waits *w, const json_t *service)
{
    const json_t *o = json_object_get(service, "answer_time");
    w->blocks = !o;
    if (!o) o = json_object_get(service, "blocked");
    w->limit = number_of(o, "limit");
    w->late_share = number_of(o, "late_share");
    if (!hours_read(w->mean, json_object_get(o, "mean")) ||
        !hours_read(w->sized, json_object_get(o, "sized")))
        return false;
    if (!w->blocks && (!hours_read(w->waiting, json_object_get(o, "waiting")) ||
                       !(w->late_share > 0 && w->late_share < 1)))
        return false;
    return most_of(w->sized) > 0;
}

static const char *wait_text(const struct page *p, const struct waits *w, double value)
{
    if (!isfinite(value)) return "-";
    if (w->blocks) return percent_text(p->arena, value, 2);
    return arena_printf(p->arena, _("%s s"), arena_printf(p->arena, "%.3g", value));
}

static const char *hour_label(const struct page *p, size_t k)
{
    return arena_printf(p->arena, "%s %02zu:00", _(day_names[k / HOURS_PER_DAY]),
                        k % HOURS_PER_DAY);
}

static json_t *values_json(const double value[HOURS_PER_WEEK])
{
    json_t *list = json_array();
    for (size_t k = 0; k < HOURS_PER_WEEK; k++)
        json_array_append_new(list, isfinite(value[k]) ? json_real(value[k]) : json_null());
    return list;
}

static json_t *waits_spec(const struct page *p, const struct waits *w)
{
    json_t *spec = json_object(), *labels = json_array(), *ticks = json_array(), *y = json_object(),
           *unit = json_object();
    for (size_t k = 0; k < HOURS_PER_WEEK; k++) {
        json_array_append_new(labels, page_json(p, hour_label(p, k)));
        json_array_append_new(
            ticks, json_string(k % HOURS_PER_DAY == 0 ? _(day_names[k / HOURS_PER_DAY]) : ""));
    }
    page_put(unit, "kind", json_string(w->blocks ? "percent" : "seconds"));
    page_put(y, "unit", unit);
    page_put(y, "name", json_string(w->blocks ? "" : _("seconds")));
    page_put(spec, "kind", json_string("band"));
    page_put(spec, "labels", labels);
    page_put(spec, "ticks", ticks);
    page_put(spec, "low", values_json(w->mean));
    page_put(spec, "high", values_json(w->sized));
    page_put(spec, "lowName", json_string(_("at the mean load")));
    page_put(spec, "highName", json_string(_("at the load planned for")));
    page_put(spec, "limit", isfinite(w->limit) ? json_real(w->limit) : json_null());
    page_put(spec, "limitText",
             page_json(p, arena_printf(p->arena, _("limit %s"), wait_text(p, w, w->limit))));
    page_put(spec, "x", json_object());
    page_put(spec, "y", y);
    return spec;
}

static struct sheet waits_table(const struct page *p, const struct waits *w)
{
    static const struct sheet_column columns[] = {
        {"hour", N_("hour"), 'l', false},
        {"mean", N_("at the mean load"), 'r', true},
        {"sized", N_("at the load planned for"), 'r', true},
        {"waiting", N_("requests waiting, mean"), 'r', true}};
    struct sheet s = sheet_new(p->arena, columns, w->blocks ? 3 : 4);
    for (size_t k = 0; k < HOURS_PER_WEEK; k++) {
        if (!isfinite(w->mean[k]) && !isfinite(w->sized[k])) continue;
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(hour_label(p, k));
        cells[1] = sheet_text(wait_text(p, w, w->mean[k]));
        cells[2] = sheet_text(wait_text(p, w, w->sized[k]));
        if (!w->blocks) cells[3] = sheet_number(p->arena, w->waiting[k], 3);
    }
    return s;
}

static void waits_chart(const struct page *p, size_t i, const json_t *service)
{
    struct waits w = {0};
    const char *name = saved_workload_title(p->run, p->run->services[i].workload, p->arena);
    if (!waits_read(&w, service)) return;
    const struct sheet table = waits_table(p, &w);
    const char *title =
        w.blocks
            ? arena_printf(p->arena, _("Starts that find no place: %s"), name)
            : arena_printf(p->arena, _("Answer time that %s of the requests keep: %s"),
                           percent_text(p->arena, 1 - w.late_share, w.late_share < 0.01 ? 1 : 0),
                           name);
    page_chart_print(p, &(struct page_chart){
                            .id = arena_printf(p->arena, "waits-%zu", i),
                            .title = title,
                            .note = _("The fullest of each hour of the week, with every planned "
                                      "machine at work: from the mean load to the load that "
                                      "the plan is made for, with bursts and headroom."),
                            .wide = true,
                            .spec = waits_spec(p, &w),
                            .table = &table});
}

/* --- spot prices --- */

static void price_week(const struct page *p, size_t i, const json_t *row)
{
    const char *type = json_string_value(json_object_get(row, "instance_type")),
               *region = json_string_value(json_object_get(row, "region")),
               *zone = json_string_value(json_object_get(row, "zone"));
    struct week w = {
        .id = arena_printf(p->arena, "week-price-%zu", i),
        .title =
            arena_printf(p->arena, _("Hours of the week: spot price of %s, %s"), type ? type : "-",
                         zone     ? zone
                         : region ? region
                                  : "-"),
        .note = arena_printf(p->arena,
                             _("Percent of its mean, over %ld hours of the price history. The plan "
                               "counts with one price for all hours, the worlds with days of this "
                               "history where the scenario says so."),
                             (long)json_integer_value(json_object_get(row, "hours"))),
        .name = _("spot price")};
    if (!hours_read(w.value, json_object_get(row, "by_hour"))) return;
    for (size_t k = 0; k < HOURS_PER_WEEK; k++) w.value[k] *= 100;
    w.decimals = 1;
    week_chart(p, &w);
}

static bool buys_spot(const struct saved_run *r)
{
    for (size_t i = 0; i < r->n_lines; i++)
        if (r->lines[i].offer.market && strncmp(r->lines[i].offer.market, "spot", 4) == 0)
            return true;
    return false;
}

/* Mean machines at work in each hour of the week, over the hours from the first to the last that any is held. */
static void held_week(const struct page *p, bool priced)
{
    const struct saved_run *r = p->run;
    const double end = ceil(page_end_h(r));
    struct week w = {.id = "week-machines",
                     .title = _("Hours of the week: machines"),
                     .name = _("machines"),
                     .note = _("Machines held, mean of each hour of the week."),
                     .decimals = 1};
    double hours[HOURS_PER_WEEK] = {0};
    if (!(end >= HOURS_PER_DAY && end <= PAGE_MOST_HOURS) || !r->start) return;
    if (!priced && buys_spot(r))
        w.note = arena_printf(p->arena, "%s %s", w.note,
                              _("Spot prices have no hours here: name a price history under "
                                "catalog.spot_history to see how they go by the hour."));
    for (long h = 0; h < (long)end; h++) hours[week_hour(page_moment(p, (double)h))]++;
    for (size_t i = 0; i < r->n_stretches; i++) {
        const struct saved_stretch *s = &r->stretches[i];
        if (!(s->from_h >= 0 && s->to_h > s->from_h)) continue;
        for (long h = (long)floor(s->from_h); (double)h < s->to_h; h++) {
            const double inside = fmin((double)h + 1, s->to_h) - fmax((double)h, s->from_h);
            w.value[week_hour(page_moment(p, (double)h))] += inside * (double)s->machines;
        }
    }
    for (size_t i = 0; i < HOURS_PER_WEEK; i++)
        w.value[i] = hours[i] > 0 ? w.value[i] / hours[i] : (double)NAN;
    week_chart(p, &w);
}

void page_weeks(const struct page *p)
{
    const json_t *services = json_object_get(p->document, "services"),
                 *prices = json_object_get(p->document, "spot_weeks");
    const size_t n = json_array_size(services) < p->run->n_services ? json_array_size(services)
                                                                    : p->run->n_services;
    for (size_t i = 0; i < n && i < MOST_SERVICES; i++)
        waits_chart(p, i, json_array_get(services, i));
    for (size_t i = 0; i < n && i < MOST_SERVICES; i++)
        load_week(p, i, json_array_get(services, i));
    for (size_t i = 0; i < json_array_size(prices); i++)
        price_week(p, i, json_array_get(prices, i));
    held_week(p, json_array_size(prices) > 0);
}
