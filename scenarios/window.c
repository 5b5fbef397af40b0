#include "scenarios/window.h"

static int64_t clock_of_day(moment_t m)
{
    const int64_t rest = m % US_PER_DAY;
    return rest < 0 ? rest + US_PER_DAY : rest;
}

/* Midnight at or before a time counted from the start of the horizon, counted likewise. */
static int64_t midnight_before(const struct scenario *s, int64_t t_us)
{
    return t_us - clock_of_day(s->start + t_us);
}

static bool day_allowed(enum days days, moment_t day)
{
    const bool weekend = moment_weekday(day) >= 5;
    return days == DAYS_ALL || weekend == (days == DAYS_WEEKENDS);
}

/* Allowed hours that begin on the day starting at `midnight_us`; empty when the day is not allowed. */
static struct span day_span(const struct scenario *s, const struct workload *w, int64_t midnight_us)
{
    if (!day_allowed(w->days, s->start + midnight_us))
        return (struct span){midnight_us, midnight_us};
    if (!w->has_hours || w->hours_from_us == w->hours_to_us)
        return (struct span){midnight_us, midnight_us + US_PER_DAY};
    const int64_t last_minute = US_PER_DAY - US_PER_H / 60;
    const int64_t end = w->hours_to_us >= last_minute ? US_PER_DAY : w->hours_to_us;
    const bool over_midnight = end <= w->hours_from_us;
    return (struct span){midnight_us + w->hours_from_us,
                         midnight_us + end + (over_midnight ? US_PER_DAY : 0)};
}

void window_make(struct window *out, const struct scenario *s, const struct workload *w,
                 struct arena *a)
{
    *out = (struct window){0};
    for (int64_t day = midnight_before(s, 0) - US_PER_DAY; day < s->length_us; day += US_PER_DAY) {
        struct span open = day_span(s, w, day);
        if (open.from_us < 0) open.from_us = 0;
        if (open.to_us > s->length_us) open.to_us = s->length_us;
        if (open.from_us >= open.to_us) continue;
        if (out->n > 0 && out->spans[out->n - 1].to_us >= open.from_us)
            out->spans[out->n - 1].to_us = open.to_us;
        else
            *ARENA_PUSH(a, out->spans, out->n) = open;
    }
}

/* Index of the first span that ends after t; n when there is none. */
static size_t first_span_after(const struct window *window, int64_t t_us)
{
    size_t low = 0;
    size_t high = window->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (window->spans[middle].to_us > t_us)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int64_t window_open_us(const struct window *window, int64_t from_us, int64_t to_us)
{
    int64_t open = 0;
    for (size_t i = first_span_after(window, from_us); i < window->n; i++) {
        const struct span *span = &window->spans[i];
        if (span->from_us >= to_us) break;
        const int64_t from = span->from_us > from_us ? span->from_us : from_us;
        const int64_t to = span->to_us < to_us ? span->to_us : to_us;
        if (to > from) open += to - from;
    }
    return open;
}

int64_t demand_open_us(const struct demand *d, int64_t from_us, int64_t to_us, bool late,
                       int64_t horizon_us)
{
    const int64_t end = late && d->late_priced ? horizon_us : d->due_us;
    const int64_t from = from_us > d->release_us ? from_us : d->release_us;
    const int64_t to = to_us < end ? to_us : end;
    return from < to ? window_open_us(d->window, from, to) : 0;
}

int64_t window_first_open(const struct scenario *s, const struct workload *w, int64_t from_us,
                          int64_t to_us)
{
    for (int64_t day = midnight_before(s, from_us); day < to_us; day += US_PER_DAY) {
        const struct span open = day_span(s, w, day);
        const int64_t first = open.from_us > from_us ? open.from_us : from_us;
        if (first < open.to_us) return first < to_us ? first : NEVER;
    }
    return NEVER;
}

static int64_t slot_length_us(enum repeat repeat)
{
    switch (repeat) {
    case REPEAT_WEEKLY:
        return 7 * US_PER_DAY;
    case REPEAT_MONTHLY:
        return HOURS_PER_MONTH * US_PER_H;
    case REPEAT_ONCE:
    case REPEAT_DAILY:
    case REPEAT_WORKDAYS:
    default:
        return US_PER_DAY;
    }
}

void occurrences_make(struct occurrences *out, const struct scenario *s, const struct workload *w,
                      int64_t start_us, int64_t due_after_us, struct arena *a)
{
    *out = (struct occurrences){0};
    const int64_t slot_us = slot_length_us(w->repeat);
    const int64_t skipped = start_us <= -slot_us ? -start_us / slot_us : 0;
    long number = 0;
    for (int64_t slot = start_us + skipped * slot_us; slot < s->length_us; slot += slot_us) {
        if (w->repeat == REPEAT_WORKDAYS && !day_allowed(DAYS_WORKDAYS, s->start + slot)) continue;
        number++;
        const int64_t release = window_first_open(s, w, slot, slot + slot_us);
        const int64_t room_us = due_after_us < 0 ? 1 : due_after_us;
        if (release == NEVER)
            out->n_closed++;
        else if (release < 0)
            out->n_early++;
        else if (release > s->length_us - room_us)
            out->n_past++;
        else
            *ARENA_PUSH(a, out->items, out->n) = (struct occurrence){number, release};
    }
}
