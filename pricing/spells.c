#include "pricing/spells.h"
#include "common/csv.h"
#include "common/text.h"
#include <stdlib.h>

enum { TICK, AVAILABLE, N_COLUMNS };
static const struct csv_column columns[N_COLUMNS] = {{"tick", true}, {"available", true}};

struct reader {
    struct life_groups *groups;
    struct diag *diag;
    double step_h;
    bool any, whole; /* a tick was read; the spell that runs was seen to begin */
    bool now;
    long last, ticks; /* number of the last tick; length of the spell that runs */
    long began;
};

static void spell_end(struct reader *r, bool ended)
{
    if (!r->any || !r->whole) return;
    struct life_group *g = &r->groups->items[r->now ? 0 : 1];
    const double low = ((double)r->ticks - 0.5) * r->step_h;
    const struct life l = {.low_h = ended && r->ticks == 1 ? 0 : low,
                           .high_h = ended ? low + r->step_h : low,
                           .ended = ended,
                           .week_hour = (int)((double)r->began * r->step_h) % (7 * 24) + 1};
    *ARENA_PUSH(r->groups->arena, g->lives, g->n) = l;
    g->ended += ended;
}

static bool whole_cell(long *out, struct reader *r, const struct csv_row *row, size_t c)
{
    char *end;
    *out = strtol(row->field[c], &end, 10);
    if (end != row->field[c] && !*end && *out >= 0 && *out < 1000000000) return true;
    diag_error(r->diag, ERR_IMPORT_VALUE, csv_place(row, c), _("\"%s\" is no whole number"),
               row->field[c]);
    diag_fix(r->diag, "%s",
             _("write the number of the step, and 1 or 0 for spot that can be held"));
    return false;
}

static enum err row_read(const struct csv_row *row, void *context)
{
    struct reader *r = context;
    long tick, available;
    if (!whole_cell(&tick, r, row, TICK) || !whole_cell(&available, r, row, AVAILABLE))
        return ERR_IMPORT_VALUE;
    if (r->any && tick <= r->last) {
        diag_error(r->diag, ERR_IMPORT_VALUE, csv_place(row, TICK),
                   _("tick %ld comes after tick %ld"), tick, r->last);
        diag_fix(r->diag, "%s", _("give every tick once and in order"));
        return ERR_IMPORT_VALUE;
    }
    const bool gap = r->any && tick > r->last + 1;
    if (gap || !r->any || r->now != (available > 0)) {
        spell_end(r, !gap);
        r->whole = r->any && !gap;
        r->now = available > 0;
        r->ticks = 0;
        r->began = tick;
    }
    r->any = true;
    r->last = tick;
    r->ticks++;
    return OK;
}

enum err spells_read(struct life_groups *g, const char *path, double step_h, struct arena *a,
                     struct diag *d)
{
    *g = (struct life_groups){.arena = a};
    *ARENA_PUSH(a, g->items, g->n) = (struct life_group){.name = "available", .spells = true};
    *ARENA_PUSH(a, g->items, g->n) = (struct life_group){.name = "gone", .spells = true};
    struct reader r = {.groups = g, .diag = d, .step_h = step_h};
    TRY(csv_read(path, columns, N_COLUMNS, NULL, row_read, &r, a, d));
    spell_end(&r, false);
    return OK;
}
