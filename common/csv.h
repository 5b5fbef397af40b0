/* CSV files: header mapping, exact positions, encodings. The only file that sees libcsv is
 * csv.c. */
#ifndef COMMON_CSV_H
#define COMMON_CSV_H

#include "common/arena.h"
#include "common/diag.h"
#include "common/text_stream.h"

/* A column the reader wants. */
struct csv_column {
    const char *name; /* header text, exact */
    bool required;    /* missing header is an error that names the nearest header */
};

/* One data row. `field[c]` belongs to wanted column c: "" when the column is absent or the cell
 * empty. Valid during the callback only. */
struct csv_row {
    const char *const *field; /* [n_columns] */
    const struct csv_file *file;
    size_t line; /* physical line where the row starts, from 1 */
};

struct csv_options {
    size_t max_bytes; /* 0: 256 MiB */
    size_t max_rows;  /* 0: 10 million */
    /* The file is read piece by piece and not kept: places show their lines only in findings made while the row is given. */
    bool passing;
};

typedef enum err csv_row_fn(const struct csv_row *row, void *context);

/* Reads `path` ("-": standard input): UTF-8 with or without byte-order mark, or GB18030
 * (converted; a warning says so); LF or CRLF; strict quotes. Refused with file:line:column: NUL,
 * lone CR, UTF-16, a quote out of place, a row with another number of fields than the header,
 * duplicate headers, ';' or tab separators, fields over 64 KiB, more than 1,024 columns. Lines
 * that start with '#' before the header are comments; blank lines are skipped. Columns nobody
 * wants are ignored, but one named almost like an absent optional column is a warning. `options`
 * may be NULL. Only regular files and pipes are read. Calls `each` for every row; a row function
 * that returns an error stops the reading only if it is ERR_INTERNAL (findings are collected up
 * to DIAG_MAX_ERRORS). Returns the code of the first error. */
MUST_USE enum err csv_read(const char *path, const struct csv_column *columns, size_t n_columns,
                           const struct csv_options *options, csv_row_fn *each, void *context,
                           struct arena *a, struct diag *d);

/* The same from memory, for built-in tables: `name` stands in messages. */
MUST_USE enum err csv_read_text(const char *name, const char *text, size_t bytes,
                                const struct csv_column *columns, size_t n_columns,
                                csv_row_fn *each, void *context, struct arena *a, struct diag *d);

/* The same of a stream whose window stands at the beginning of the text. */
MUST_USE enum err csv_read_stream(struct text_stream *stream, const struct csv_column *columns,
                                  size_t n_columns, size_t max_rows, csv_row_fn *each,
                                  void *context, struct arena *a, struct diag *d);

/* Where column c of this row was written (the place can show the line). */
struct place csv_place(const struct csv_row *row, size_t column);
bool csv_has_column(const struct csv_row *row, size_t column);
/* Every column of the file as the header names it, wanted or not. */
const char *const *csv_header(size_t *n, const struct csv_row *row);

#endif
