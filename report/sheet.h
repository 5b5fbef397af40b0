/* A sheet: a titled table of cells that every format can tell. For lists that are not plans. */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "common/arena.h"
#include "common/text.h"

struct sheet_column {
    const char *key;   /* name in machine formats, never translated */
    const char *label; /* heading for people, translated; "" hides the column from people */
    char align;        /* 'l' or 'r' */
    bool number;       /* machine formats print `value` as a number */
};

struct sheet_cell {
    const char *text;  /* for people; NULL: the value */
    const char *value; /* for machines; NULL or "": unknown (null) */
};

struct sheet {
    const char *title; /* printed above for people; NULL: none */
    size_t n_columns;
    const struct sheet_column *columns;
    size_t n_rows;
    struct sheet_cell *cells; /* [n_rows][n_columns] row-major */
    size_t n_notes;
    const char **notes; /* lines below, for people only */
    struct arena *arena;
};

struct sheet sheet_new(struct arena *a, const struct sheet_column *columns, size_t n_columns);

/* Adds an empty row and returns its cells [n_columns]. They may move when the next row is added. */
struct sheet_cell *sheet_row(struct sheet *s);

/* Cells of sheet_row: text for both readers, or one for each. NULL means unknown. */
struct sheet_cell sheet_text(const char *text);
struct sheet_cell sheet_both(const char *text, const char *value);
/* A number with `decimals` digits for people and 15 significant digits for machines; NAN: unknown. */
struct sheet_cell sheet_number(struct arena *a, double value, int decimals);

void sheet_note(struct sheet *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What people see of a cell: "-" where nothing is known, which an empty text does not say. */
const char *sheet_shown(const struct sheet_cell *cell);

#endif
