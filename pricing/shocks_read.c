/* Tables of machines under watch. */
#include "common/csv.h"
#include "common/text.h"
#include "pricing/history.h"
#include "pricing/shocks.h"
#include <stdlib.h>
#include <string.h>

static const int64_t minute_us = 60 * INT64_C(1000000);
enum { MOST_STEPS = 10 * 1000 * 1000 };

struct reader {
    struct diag *diag;
    struct arena *arena;
    struct change { /* one row, in the order of the file */
        int64_t us;
        long count;       /* machines that are there; +1 and -1 for events */
        const char *node; /* of an event */
    } * changes;
    size_t n;
};

static enum err refuse(struct reader *r, const struct csv_row *row, size_t c, const char *what,
                       const char *fix)
{
    diag_error(r->diag, ERR_IMPORT_VALUE, csv_place(row, c), "%s", what);
    diag_fix(r->diag, "%s", fix);
    return ERR_IMPORT_VALUE;
}

static bool whole_parse(int64_t *out, const char *text)
{
    char *end;
    *out = strtoll(text, &end, 10);
    return end != text && !*end && *out >= 0 && *out < INT64_C(1000000000000000);
}

static enum err change_add(struct reader *r, const struct csv_row *row, struct change c)
{
    if (c.node && r->n > 0 && c.us < r->changes[r->n - 1].us)
        return refuse(r, row, 0, _("the time lies before that of the row above"),
                      _("give the rows in the order of time"));
    *ARENA_PUSH(r->arena, r->changes, r->n) = c;
    return OK;
}

static enum err event_read(const struct csv_row *row, void *context)
{
    struct reader *r = context;
    int64_t ms;
    if (!whole_parse(&ms, row->field[0]))
        return refuse(
            r, row, 0,
            arena_printf(r->arena, _("\"%s\" is no number of milliseconds"), row->field[0]),
            _("write the milliseconds since the watch began"));
    const bool add = strcmp(row->field[1], "add") == 0;
    if (!add && strcmp(row->field[1], "remove") != 0)
        return refuse(r, row, 1, arena_printf(r->arena, _("\"%s\" is no event"), row->field[1]),
                      _("write add for a machine that came, remove for one that was taken"));
    return change_add(r, row,
                      (struct change){.us = ms * 1000,
                                      .count = add ? 1 : -1,
                                      .node = arena_strdup(r->arena, row->field[2])});
}

static enum err count_read(const struct csv_row *row, void *context)
{
    struct reader *r = context;
    int64_t count;
    moment_t at;
    const size_t bytes = strlen(row->field[0]);
    const bool zoned = bytes > 0 && row->field[0][bytes - 1] == 'Z';
    const char *text = arena_printf(r->arena, "%s%s", row->field[0], zoned ? "" : "Z");
    if (!import_time_parse(&at, text))
        return refuse(r, row, 0,
                      arena_printf(r->arena, _("\"%s\" is no time such as 2026-01-31T06:00:00Z"),
                                   row->field[0]),
                      _("write the moment at which the machines were counted"));
    if (!whole_parse(&count, row->field[1]) || count > 1000000)
        return refuse(r, row, 1,
                      arena_printf(r->arena, _("\"%s\" is no whole number"), row->field[1]),
                      _("write how many machines were there"));
    return change_add(r, row, (struct change){.us = at, .count = (long)count});
}

static void watch_room(struct watch *w, size_t n, struct arena *a)
{
    w->there = ARENA_NEW(a, long, n + 1);
    w->gone = ARENA_NEW(a, long, n + 1);
}

/* --- events --- */

/* From when a machine was added to when it was taken; those that are left were cut short by the end of the watch. */
static void lives_make(struct life_groups *g, const struct reader *r)
{
    struct life_group all = {.name = "all"};
    const int64_t end_us = r->n ? r->changes[r->n - 1].us : 0;
    for (size_t i = 0; i < r->n; i++) {
        if (r->changes[i].count < 0) continue;
        size_t j = i + 1;
        while (j < r->n &&
               !(r->changes[j].count < 0 && strcmp(r->changes[j].node, r->changes[i].node) == 0))
            j++;
        const int64_t to_us = j < r->n ? r->changes[j].us : end_us;
        const double hours = (double)(to_us - r->changes[i].us) / (double)US_PER_H;
        *ARENA_PUSH(g->arena, all.lives, all.n) =
            (struct life){.low_h = hours, .high_h = hours, .ended = j < r->n};
        all.ended += j < r->n;
    }
    *ARENA_PUSH(g->arena, g->items, g->n) = all;
}

/* Minute by minute; a machine that comes and goes within one is not seen. */
static void minutes_fill(struct watch *w, const struct reader *r, struct arena *a)
{
    w->step_h = (double)minute_us / (double)US_PER_H;
    const int64_t first = r->n ? r->changes[0].us / minute_us : 0;
    const int64_t last = r->n ? r->changes[r->n - 1].us / minute_us : -1;
    w->n = last >= first && last - first < MOST_STEPS ? (size_t)(last - first + 1) : 0;
    watch_room(w, w->n, a);
    long there = 0;
    for (size_t i = 0, k = 0; i < w->n; i++) {
        w->there[i] = there;
        for (; k < r->n && r->changes[k].us / minute_us == first + (int64_t)i; k++) {
            there += r->changes[k].count;
            w->gone[i] += r->changes[k].count < 0;
        }
        if (w->gone[i] > w->there[i]) w->gone[i] = w->there[i];
    }
}

enum err watch_read_events(struct watch *w, struct life_groups *lives, const char *path,
                           struct arena *a, struct diag *d)
{
    static const struct csv_column columns[] = {{"time_ms", true}, {"event", true}, {"node", true}};
    struct reader r = {.diag = d, .arena = a};
    *w = (struct watch){.first_hour = -1};
    *lives = (struct life_groups){.arena = a};
    TRY(csv_read(path, columns, 3, NULL, event_read, &r, a, d));
    lives_make(lives, &r);
    minutes_fill(w, &r, a);
    return OK;
}

/* --- counts --- */

static int by_time(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    return (x->us > y->us) - (x->us < y->us);
}

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t usual_step(const struct reader *r)
{
    int64_t *steps = ARENA_NEW(r->arena, int64_t, r->n + 1);
    for (size_t i = 0; i + 1 < r->n; i++) steps[i] = r->changes[i + 1].us - r->changes[i].us;
    if (r->n < 2) return minute_us;
    qsort(steps, r->n - 1, sizeof *steps, ascending);
    return steps[(r->n - 1) / 2] > 0 ? steps[(r->n - 1) / 2] : minute_us;
}

enum err watch_read_counts(struct watch *w, const char *path, struct arena *a, struct diag *d)
{
    enum { GAP_STEPS = 3 };
    static const struct csv_column columns[] = {{"timestamp", true}, {"instances", true}};
    struct reader r = {.diag = d, .arena = a};
    *w = (struct watch){.first_hour = -1};
    TRY(csv_read(path, columns, 2, NULL, count_read, &r, a, d));
    if (r.n > 1) qsort(r.changes, r.n, sizeof *r.changes, by_time);
    const int64_t step = usual_step(&r);
    w->step_h = (double)step / (double)US_PER_H;
    w->first_hour = r.n ? moment_week_hour(r.changes[0].us) - 1 : -1;
    watch_room(w, r.n, a);
    for (size_t i = 0; i + 1 < r.n; i++) {
        const bool gap = r.changes[i + 1].us - r.changes[i].us > GAP_STEPS * step;
        const long lost = r.changes[i].count - r.changes[i + 1].count;
        w->there[w->n] = gap ? 0 : r.changes[i].count;
        w->gone[w->n++] = !gap && lost > 0 ? lost : 0;
    }
    return OK;
}
