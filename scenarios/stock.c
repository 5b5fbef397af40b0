#include "scenarios/stock.h"
#include "common/csv.h"
#include "common/node.h"
#include <stdlib.h>
#include <string.h>

enum stock_column { STOCK_START, STOCK_NAME, STOCK_PLACE, STOCK_AVAILABLE, N_STOCK_COLUMNS };

static const struct csv_column columns[N_STOCK_COLUMNS] = {
    [STOCK_START] = {"start", true},
    [STOCK_NAME] = {"name", true},
    [STOCK_PLACE] = {"place", false},
    [STOCK_AVAILABLE] = {"available", true},
};

struct stock_reading {
    struct scenario *scenario;
    struct arena *arena;
    struct diag *diag;
};

/* A moment, or a length of time from the start of the horizon. */
static bool start_parse(int64_t *start_us, const char *text, const struct scenario *s)
{
    moment_t moment;
    if (duration_us_parse(start_us, text)) return true;
    if (!moment_parse(&moment, text)) return false;
    *start_us = moment - s->start;
    return true;
}

static enum err cell_error(struct stock_reading *reading, const struct csv_row *row,
                           enum stock_column column, const char *expected)
{
    diag_error(reading->diag, ERR_VALUE, csv_place(row, column), _("%s cannot be '%.80s'"),
               columns[column].name, row->field[column]);
    diag_fix(reading->diag, _("write %s"), expected);
    return ERR_VALUE;
}

static enum err row_read(const struct csv_row *row, void *context)
{
    struct stock_reading *reading = context;
    struct scenario *s = reading->scenario;
    struct stock_step step = {.at = csv_place(row, STOCK_START)};
    if (!start_parse(&step.start_us, row->field[STOCK_START], s))
        return cell_error(reading, row, STOCK_START,
                          _("a moment such as 2026-12-08 18:00, or a length of time from the start "
                            "of the horizon"));
    if (!*row->field[STOCK_NAME])
        return cell_error(reading, row, STOCK_NAME, _("a GPU model or an instance type"));
    if (!quantity_parse(&step.available, row->field[STOCK_AVAILABLE], PLAIN))
        return cell_error(reading, row, STOCK_AVAILABLE, quantity_expected(PLAIN));
    step.name = arena_strdup(reading->arena, row->field[STOCK_NAME]);
    step.place_name = arena_strdup(reading->arena, row->field[STOCK_PLACE]);
    *ARENA_PUSH(reading->arena, s->stock_steps, s->n_stock_steps) = step;
    return OK;
}

static int by_name_and_start(const void *a, const void *b)
{
    const struct stock_step *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    if (order == 0) order = strcmp(x->place_name, y->place_name);
    return order ? order : (x->start_us > y->start_us) - (x->start_us < y->start_us);
}

static enum err check_twice(const struct scenario *s, struct diag *d)
{
    for (size_t i = 1; i < s->n_stock_steps; i++) {
        const struct stock_step *first = &s->stock_steps[i - 1], *second = &s->stock_steps[i];
        if (by_name_and_start(first, second) != 0) continue;
        diag_error(d, ERR_DUPLICATE_KEY, second->at,
                   _("the stock of '%s' is given twice for one start"), second->name);
        diag_fix(d, _("delete line %zu or line %zu"), first->at.line, second->at.line);
        return ERR_DUPLICATE_KEY;
    }
    return OK;
}

enum err stock_read(struct scenario *s, struct arena *a, struct diag *d)
{
    const struct node *file = node_find(s->root, "stock.from_csv");
    struct stock_reading reading = {s, a, d};
    if (!file) return OK;
    TRY(csv_read(node_file_path(file, a), columns, N_STOCK_COLUMNS, NULL, row_read, &reading, a,
                 d));
    if (s->n_stock_steps > 1)
        qsort(s->stock_steps, s->n_stock_steps, sizeof *s->stock_steps, by_name_and_start);
    return check_twice(s, d);
}
