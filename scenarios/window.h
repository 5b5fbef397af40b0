/* Allowed time: hours and days of a workload, and the occurrences of repeated work (model.md 1). */
#ifndef SCENARIOS_WINDOW_H
#define SCENARIOS_WINDOW_H

#include "scenarios/demand.h"

#define US_PER_DAY (24 * US_PER_H)

/* Open intervals of w's hours and days over [0, T). Hours over midnight belong to the day on which they
 * begin, so the early hours of the first day belong to the evening before the horizon. Equal ends mean
 * the calendar day; an end of 23:59 or 24:00 means midnight. */
void window_make(struct window *out, const struct scenario *s, const struct workload *w,
                 struct arena *a);

/* Open microseconds of [from, to). */
int64_t window_open_us(const struct window *window, int64_t from_us, int64_t to_us);

/* First allowed moment of the slot [from, to) of repeated work, from the start of the horizon; NEVER
 * when the slot has none. Hours that began on a day before the slot's first day do not count: a nightly job
 * starts in the evening, not in the rest of last night. */
#define NEVER INT64_MIN
int64_t window_first_open(const struct scenario *s, const struct workload *w, int64_t from_us,
                          int64_t to_us);

/* One occurrence of repeated work. */
struct occurrence {
    long number; /* of its slot, from 1 for the first one that reaches into the horizon */
    int64_t release_us;
};

struct occurrences {
    size_t n;
    struct occurrence *items;
    size_t n_early;  /* left out: released before the horizon starts */
    size_t n_closed; /* left out: no allowed hour in their slot */
    size_t n_past;   /* left out: released, or due, after the horizon's end */
};

/* Slots each day, workday, week or month (720 h) from `start_us`; `due_after_us` is the deadline counted
 * from the release, or -1 for none. Slots that end before the horizon are not counted anywhere. */
void occurrences_make(struct occurrences *out, const struct scenario *s, const struct workload *w,
                      int64_t start_us, int64_t due_after_us, struct arena *a);

#endif
