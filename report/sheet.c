#include "report/sheet.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

struct sheet sheet_new(struct arena *a, const struct sheet_column *columns, size_t n_columns)
{
    return (struct sheet){.arena = a, .columns = columns, .n_columns = n_columns};
}

struct sheet_cell *sheet_row(struct sheet *s)
{
    for (size_t i = 0, n = s->n_rows * s->n_columns; i < s->n_columns; i++)
        *ARENA_PUSH(s->arena, s->cells, n) = (struct sheet_cell){0};
    return &s->cells[s->n_rows++ * s->n_columns];
}

struct sheet_cell sheet_text(const char *text)
{
    return (struct sheet_cell){text, text};
}

struct sheet_cell sheet_both(const char *text, const char *value)
{
    return (struct sheet_cell){text, value};
}

struct sheet_cell sheet_number(struct arena *a, double value, int decimals)
{
    if (!isfinite(value)) return (struct sheet_cell){0};
    return (struct sheet_cell){arena_printf(a, "%.*f", decimals, value),
                               arena_printf(a, "%.15g", value)};
}

void sheet_note(struct sheet *s, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    *ARENA_PUSH(s->arena, s->notes, s->n_notes) = arena_strdup(s->arena, text);
}

const char *sheet_shown(const struct sheet_cell *cell)
{
    if (cell->text) return cell->text;
    return cell->value ? cell->value : "-";
}
