/* Reading availability traces and windows. */
#include "sim/trace.h"
#include "common/csv.h"
#include "common/quantity.h"
#include "common/text.h"
#include <stdlib.h>
#include <string.h>

/* Prices above this per hour are typing errors; steps and counts above would overflow sums. */
static const double max_price_per_h = 1e6;
static const double max_count = 1e9;

enum { TRACE_TICK, TRACE_NODES, TRACE_PRICE, MAX_TRACE_COLUMNS };

struct trace_reading {
    struct trace *trace;
    const struct trace_request *request;
    const struct csv_column *columns;
    struct arena *arena;
    struct diag *diag;
    long *nodes;
    double *price_per_h;
    size_t n_prices;
    bool broken;
};

static enum err cell_error(struct trace_reading *r, const struct csv_row *row, size_t column,
                           const char *expected)
{
    r->broken = true;
    diag_error(r->diag, ERR_TRACE, csv_place(row, column), _("%s cannot be '%.80s'"),
               r->columns[column].name, row->field[column]);
    diag_fix(r->diag, _("write %s"), expected);
    return ERR_TRACE;
}

/* A whole number from 0 to max_count. */
static bool count_parse(long *count, const char *text)
{
    double value = 0;
    if (!quantity_parse(&value, text, PLAIN) || value < 0 || value > max_count) return false;
    *count = (long)value;
    return (double)*count == value;
}

static enum err tick_check(struct trace_reading *r, const struct csv_row *row)
{
    struct trace *t = r->trace;
    long tick = 0;
    if (!csv_has_column(row, TRACE_TICK)) return OK;
    if (!count_parse(&tick, row->field[TRACE_TICK]))
        return cell_error(r, row, TRACE_TICK, _("a whole number from 0"));
    if (t->n == 0) t->first_tick = tick;
    const long expected = t->first_tick + (long)t->n;
    if (tick == expected) return OK;
    r->broken = true;
    diag_error(r->diag, ERR_TRACE, csv_place(row, TRACE_TICK), _("tick %ld comes where %ld is due"),
               tick, expected);
    diag_fix(r->diag,
             _("give every tick once and in order; what was not observed can not be replayed"));
    return ERR_INTERNAL; /* every later tick would be as wrong */
}

static enum err trace_row(const struct csv_row *row, void *context)
{
    struct trace_reading *r = context;
    long nodes = 0;
    if (tick_check(r, row) != OK) return ERR_INTERNAL;
    if (!count_parse(&nodes, row->field[TRACE_NODES]) || (!r->request->counts && nodes > 1))
        return cell_error(r, row, TRACE_NODES,
                          r->request->counts ? _("a whole number from 0") : _("0 or 1"));
    *ARENA_PUSH(r->arena, r->nodes, r->trace->n) = r->request->ones_are_taken ? 1 - nodes : nodes;
    if (!r->request->price_column) return OK;
    double price_per_h = 0;
    const bool understood = quantity_parse(&price_per_h, row->field[TRACE_PRICE], PLAIN);
    if (!understood || price_per_h <= 0 || price_per_h > max_price_per_h)
        return cell_error(r, row, TRACE_PRICE, _("a price per hour above 0 and up to 1e6"));
    *ARENA_PUSH(r->arena, r->price_per_h, r->n_prices) = price_per_h;
    return OK;
}

static void spells_make(struct trace *t, struct arena *a)
{
    struct spell *spells = NULL;
    size_t *begin = NULL;
    size_t n = 0, n_begin = 0;
    for (size_t k = 0; k < t->n; k++) {
        const bool available = t->nodes[k] > 0;
        if (n == 0 || spells[n - 1].available != available) {
            ARENA_PUSH(a, spells, n)->available = available;
            *ARENA_PUSH(a, begin, n_begin) = k;
        }
        spells[n - 1].length_s = (double)(k + 1 - begin[n - 1]) * t->step_s;
    }
    *ARENA_PUSH(a, begin, n_begin) = t->n;
    t->spells = spells;
    t->spell_begin = begin;
    t->n_spells = n;
}

void trace_make(struct trace *t, size_t n, const long *nodes, const double *price_per_h,
                double step_s, struct arena *a)
{
    *t = (struct trace){
        .path = "", .step_s = step_s, .n = n, .nodes = nodes, .price_per_h = price_per_h};
    spells_make(t, a);
}

enum err trace_read(struct trace *t, const struct trace_request *request, struct arena *a,
                    struct diag *d)
{
    const struct csv_column columns[MAX_TRACE_COLUMNS] = {
        [TRACE_TICK] = {"tick", false},
        [TRACE_NODES] = {request->column ? request->column : "available", true},
        [TRACE_PRICE] = {request->price_column ? request->price_column : "", true},
    };
    struct trace_reading r = {t, request, columns, a, d, NULL, NULL, 0, false};
    *t = (struct trace){.path = request->path, .step_s = request->step_s};
    const size_t n_columns = request->price_column ? MAX_TRACE_COLUMNS : TRACE_PRICE;
    const enum err code = csv_read(request->path, columns, n_columns, NULL, trace_row, &r, a, d);
    if (r.broken) return ERR_TRACE;
    TRY(code);
    if (t->n == 0) {
        diag_error(d, ERR_TRACE, (struct place){0}, _("%s has no rows"), request->path);
        diag_fix(d, _("write one row per tick"));
        return ERR_TRACE;
    }
    t->nodes = r.nodes;
    t->price_per_h = r.price_per_h;
    spells_make(t, a);
    return OK;
}

size_t trace_spell_at(const struct trace *t, size_t tick)
{
    size_t low = 0, high = t->n_spells;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (t->spell_begin[middle] <= tick)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* --- windows --- */

enum { WINDOW_ID, WINDOW_START, WINDOW_TICKS, N_WINDOW_COLUMNS };

static const struct csv_column window_columns[N_WINDOW_COLUMNS] = {
    [WINDOW_ID] = {"window_id", true},
    [WINDOW_START] = {"start_tick", true},
    [WINDOW_TICKS] = {"ticks", true},
};

struct window_reading {
    const struct trace *trace;
    struct trace_window *windows;
    size_t n, ticks_needed;
    struct arena *arena;
    struct diag *diag;
    bool broken;
};

static enum err window_error(struct window_reading *r, struct place at, const char *what,
                             const char *fix)
{
    r->broken = true;
    diag_error(r->diag, ERR_WINDOWS, at, "%s", what);
    diag_fix(r->diag, "%s", fix);
    return ERR_WINDOWS;
}

static enum err window_cell(struct window_reading *r, struct place at, size_t column,
                            const char *text)
{
    return window_error(
        r, at, arena_printf(r->arena, _("%s cannot be '%.80s'"), window_columns[column].name, text),
        column == WINDOW_ID ? _("give every window a name of its own")
                            : _("write a whole number from 0"));
}

/* A window in the order of names; of equal names the first in the file first. */
struct named_window {
    const struct trace_window *window;
};

static int window_cmp(const void *a, const void *b)
{
    const struct trace_window *x = ((const struct named_window *)a)->window;
    const struct trace_window *y = ((const struct named_window *)b)->window;
    const int order = strcmp(x->id, y->id);
    return order ? order : (x > y) - (x < y);
}

/* Every name once. */
static void windows_check(struct window_reading *r)
{
    struct named_window *sorted = ARENA_NEW(r->arena, struct named_window, r->n);
    for (size_t i = 0; i < r->n; i++) sorted[i].window = &r->windows[i];
    qsort(sorted, r->n, sizeof *sorted, window_cmp);
    for (size_t i = 1; i < r->n; i++) {
        const struct trace_window *w = sorted[i].window;
        if (strcmp(sorted[i - 1].window->id, w->id) == 0)
            (void)window_cell(r, w->id_place, WINDOW_ID, w->id);
    }
}

/* The window must lie within the trace and hold the deadline. */
static enum err window_check(struct window_reading *r, const struct trace_window *w, long start)
{
    const struct trace *t = r->trace;
    struct arena *a = r->arena;
    if (start < t->first_tick || w->start > t->n || w->ticks > t->n - w->start)
        return window_error(
            r, w->place,
            arena_printf(a,
                         _("window '%.80s' reaches outside the trace, which has ticks %ld to %ld"),
                         w->id, t->first_tick, t->first_tick + (long)t->n - 1),
            _("let it begin later or end sooner, or give a longer trace"));
    if (w->ticks < r->ticks_needed)
        return window_error(r, w->place,
                            arena_printf(a,
                                         _("window '%.80s' has %zu ticks, the deadline needs %zu"),
                                         w->id, w->ticks, r->ticks_needed),
                            _("give longer windows or a sooner deadline"));
    return OK;
}

static enum err window_row(const struct csv_row *row, void *context)
{
    struct window_reading *r = context;
    long start = 0, ticks = 0;
    const char *id = row->field[WINDOW_ID];
    if (!*id) return window_cell(r, csv_place(row, WINDOW_ID), WINDOW_ID, id);
    if (!count_parse(&start, row->field[WINDOW_START]))
        return window_cell(r, csv_place(row, WINDOW_START), WINDOW_START, row->field[WINDOW_START]);
    if (!count_parse(&ticks, row->field[WINDOW_TICKS]))
        return window_cell(r, csv_place(row, WINDOW_TICKS), WINDOW_TICKS, row->field[WINDOW_TICKS]);
    const struct trace_window w = {
        .id = arena_strdup(r->arena, id),
        .start = (size_t)(start - r->trace->first_tick),
        .ticks = (size_t)ticks,
        .place = csv_place(row, WINDOW_START),
        .id_place = csv_place(row, WINDOW_ID),
    };
    TRY(window_check(r, &w, start));
    *ARENA_PUSH(r->arena, r->windows, r->n) = w;
    return OK;
}

enum err trace_windows_read(struct trace_windows *out, const char *path, const struct trace *t,
                            size_t ticks_needed, struct arena *a, struct diag *d)
{
    struct window_reading r = {.trace = t, .ticks_needed = ticks_needed, .arena = a, .diag = d};
    if (!path) {
        const struct trace_window all = {.id = "all", .ticks = t->n};
        TRY(window_check(&r, &all, t->first_tick));
        *ARENA_PUSH(a, r.windows, r.n) = all;
    } else {
        TRY(csv_read(path, window_columns, N_WINDOW_COLUMNS, NULL, window_row, &r, a, d));
        if (r.n > 0) windows_check(&r);
        if (r.broken) return ERR_WINDOWS;
        if (r.n == 0)
            return window_error(&r, (struct place){0}, arena_printf(a, _("%s has no rows"), path),
                                _("write one row per window"));
    }
    *out = (struct trace_windows){r.n, r.windows};
    return OK;
}
