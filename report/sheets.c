#include "report/sheets.h"
#include <string.h>

/* Without the columns that are for people only. */
static struct sheet for_machines(const struct sheet *s, struct arena *a)
{
    struct sheet_column *columns = ARENA_NEW(a, struct sheet_column, s->n_columns + 1);
    size_t n = 0;
    for (size_t c = 0; c < s->n_columns; c++)
        if (s->columns[c].key) columns[n++] = s->columns[c];
    struct sheet copy = sheet_new(a, columns, n);
    for (size_t i = 0; i < s->n_rows; i++) {
        struct sheet_cell *cells = sheet_row(&copy);
        size_t to = 0;
        for (size_t c = 0; c < s->n_columns; c++)
            if (s->columns[c].key) cells[to++] = s->cells[i * s->n_columns + c];
    }
    return copy;
}

/* Each list is printed by the JSON format itself; the lines around it make them one object. */
static enum err json_print(const struct keyed_sheet *sheets, size_t n, FILE *out, struct arena *a,
                           struct diag *d)
{
    const char *separator = "{\n";
    for (size_t i = 0; i < n; i++) {
        if (sheets[i].people_only) continue;
        fprintf(out, "%s\"%s\": ", separator, sheets[i].key);
        const struct sheet own = for_machines(sheets[i].sheet, a);
        TRY(format_json.sheet(&own, out, a, d));
        separator = ",\n";
    }
    fputs("}\n", out);
    return OK;
}

static enum err csv_print(const struct sheet_list *list, FILE *out, struct arena *a, struct diag *d)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct keyed_sheet *s = &list->items[i];
        if (s->people_only || (list->table && strcmp(list->table, s->key) != 0)) continue;
        const struct sheet own = for_machines(s->sheet, a);
        return format_csv.sheet(&own, out, a, d);
    }
    return OK;
}

enum err sheets_print(const struct sheet_list *list, const struct report_format *format, FILE *out,
                      struct arena *a, struct diag *d)
{
    if (format == &format_json) return json_print(list->items, list->n, out, a, d);
    if (format == &format_csv) return csv_print(list, out, a, d);
    bool any = false;
    for (size_t i = 0; i < list->n; i++) {
        const struct sheet *s = list->items[i].sheet;
        if (list->items[i].machines_only || (s->n_rows == 0 && s->n_notes == 0)) continue;
        if (any) fputc('\n', out);
        TRY(format->sheet(s, out, a, d));
        any = true;
    }
    return OK;
}
