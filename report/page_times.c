/* Machines over time on the report page. */
#include "common/calendar.h"
#include "common/quantity.h"
#include "report/page.h"
#include "report/saved_text.h"
#include "report/wording.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MS_US = 1000 };
enum { MOST_BINS = 744, MOST_ROWS = 200, MOST_MARKETS = 8 };

/* Most machines at one time in each bin, by market. */
struct timeline {
    double bin_h;
    size_t n_bins, n_markets;
    const char *markets[MOST_MARKETS]; /* words */
    long *held;                        /* [n_markets + 1][n_bins], the last: of all together */
    long *
        needed; /* [n_bins] of all, with no more for services than their load needs; NULL: not known */
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

/* Machines of jobs as the plan holds them; of services what their mean load needs. */
static struct event *needs_of(size_t *n, const struct page *p)
{
    const struct saved_run *r = p->run;
    json_t *services = json_object_get(p->document, "services"), *needed, *one;
    size_t i, k, room = 2 * r->n_stretches + 1;
    bool any = false;
    json_array_foreach(services, i, one) room +=
        2 * json_array_size(json_object_get(one, "needed"));
    struct event *events = ARENA_NEW(p->arena, struct event, room);
    *n = 0;
    for (i = 0; i < r->n_stretches; i++) {
        const struct saved_stretch *s = &r->stretches[i];
        if (!s->job || !(s->from_h >= 0 && s->to_h > s->from_h)) continue;
        events[(*n)++] = (struct event){s->from_h, 0, s->machines};
        events[(*n)++] = (struct event){s->to_h, 0, -s->machines};
    }
    json_array_foreach(services, i, one)
    {
        json_array_foreach(json_object_get(one, "needed"), k, needed)
        {
            const double from = json_number_value(json_object_get(needed, "from_h")),
                         to = json_number_value(json_object_get(needed, "to_h"));
            const long machines = lround(json_number_value(json_object_get(needed, "machines")));
            if (!(from >= 0 && to > from) || machines <= 0) continue;
            any = true;
            events[(*n)++] = (struct event){from, 0, machines};
            events[(*n)++] = (struct event){to, 0, -machines};
        }
    }
    qsort(events, *n, sizeof *events, event_compare);
    return any ? events : NULL;
}

static bool timeline_make(struct timeline *t, const struct page *p)
{
    const double end = page_end_h(p->run);
    if (!(end > 0 && end <= PAGE_MOST_HOURS)) return false;
    size_t n;
    const struct event *events = events_of(&n, t, p);
    t->bin_h = fmax(1, ceil(end / MOST_BINS));
    t->n_bins = (size_t)ceil(end / t->bin_h);
    t->held = ARENA_NEW(p->arena, long, (t->n_markets + 1) * t->n_bins);
    for (size_t market = 0; market <= t->n_markets; market++)
        bins_fill(&t->held[market * t->n_bins], t, market, events, n);
    const struct event *needs = needs_of(&n, p);
    if (!needs) return true;
    t->needed = ARENA_NEW(p->arena, long, t->n_bins);
    bins_fill(t->needed, t, t->n_markets, needs, n);
    return true;
}

static int market_colour(const char *word)
{
    return page_cost_colour(page_cost_group("compute", word));
}

static json_t *series_json(const struct page *p, const char *name, int colour, const long *values,
                           size_t n)
{
    json_t *one = json_object(), *list = json_array();
    for (size_t i = 0; i < n; i++) json_array_append_new(list, json_integer(values[i]));
    page_put(one, "name", page_json(p, name));
    page_put(one, "colour", json_integer(colour));
    page_put(one, "values", list);
    return one;
}

/* Names of times on the axis: days, or hours where there are few; "" in between. */
static const char *tick_text(const struct page *p, const struct timeline *t, size_t bin)
{
    const char *label = page_moment_label(p, (double)bin * t->bin_h);
    const bool midnight = strcmp(label + strlen(label) - 5, "00:00") == 0;
    if (!midnight && t->bin_h <= 1 && t->n_bins > 72) return "";
    return arena_strndup(p->arena, label + 5, midnight || t->n_bins > 72 ? 5 : 11);
}

static json_t *held_spec(const struct page *p, const struct timeline *t)
{
    json_t *spec = json_object(), *ticks = json_array(), *series = json_array(), *y = json_object();
    for (size_t bin = 0; bin < t->n_bins; bin++)
        json_array_append_new(ticks, json_string(tick_text(p, t, bin)));
    for (size_t market = 0; market < t->n_markets; market++)
        json_array_append_new(series, series_json(p, saved_market_label(t->markets[market]),
                                                  market_colour(t->markets[market]),
                                                  &t->held[market * t->n_bins], t->n_bins));
    if (t->needed) {
        json_t *needed = series_json(p, _("needed"), 0, t->needed, t->n_bins);
        page_put(needed, "dashed", json_true());
        json_array_append_new(series, needed);
    }
    page_put(y, "name", json_string(_("machines")));
    page_put(spec, "kind", json_string("steps"));
    page_put(spec, "from", json_integer((json_int_t)(page_moment(p, 0) / MS_US)));
    page_put(spec, "stepHours", json_real(t->bin_h));
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
    if (bin > 0 && t->needed && t->needed[bin] != t->needed[bin - 1]) return true;
    return bin == 0;
}

static struct sheet held_table(const struct page *p, const struct timeline *t)
{
    struct sheet_column *columns = ARENA_NEW(p->arena, struct sheet_column, MOST_MARKETS + 3);
    size_t n = 0, changes = 0;
    columns[n++] = (struct sheet_column){"from", N_("from"), 'l', false};
    for (size_t market = 0; market < t->n_markets; market++)
        columns[n++] =
            (struct sheet_column){"machines", saved_market_label(t->markets[market]), 'r', true};
    columns[n++] = (struct sheet_column){"all", N_("all"), 'r', true};
    if (t->needed) columns[n++] = (struct sheet_column){"needed", N_("needed"), 'r', true};
    struct sheet s = sheet_new(p->arena, columns, n);
    for (size_t bin = 0; bin < t->n_bins; bin++) {
        if (!bin_changes(t, bin)) continue;
        if (changes++ >= MOST_ROWS) continue;
        struct sheet_cell *cells = sheet_row(&s);
        cells[0] = sheet_text(page_moment_label(p, (double)bin * t->bin_h));
        for (size_t market = 0; market <= t->n_markets; market++)
            cells[1 + market] =
                sheet_text(arena_printf(p->arena, "%ld", t->held[market * t->n_bins + bin]));
        if (t->needed)
            cells[2 + t->n_markets] = sheet_text(arena_printf(p->arena, "%ld", t->needed[bin]));
    }
    if (changes > MOST_ROWS)
        sheet_note(&s,
                   _("%zu further changes are in the run: gpumix report RUN --format csv --table "
                     "timeline"),
                   changes - MOST_ROWS);
    return s;
}

static const char *held_note(const struct page *p, const struct timeline *t)
{
    const char *note = arena_printf(p->arena, _("Most held at one time in each %.0f h."), t->bin_h);
    if (!t->needed) return note;
    return arena_printf(
        p->arena, "%s %s", note,
        _("Needed: what jobs hold, and what the mean load of services needs without "
          "headroom, bursts and cold starts."));
}

static void held_chart(const struct page *p)
{
    struct timeline t = {0};
    if (!timeline_make(&t, p)) return;
    const struct sheet table = held_table(p, &t);
    page_chart_print(p, &(struct page_chart){.id = "machines",
                                             .title = _("Machines over time"),
                                             .note = held_note(p, &t),
                                             .wide = true,
                                             .spec = held_spec(p, &t),
                                             .table = &table});
}

void page_times(const struct page *p)
{
    held_chart(p);
}
