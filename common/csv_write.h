/* Rows of CSV files that gpumix writes for itself and for spreadsheets of others. */
#ifndef COMMON_CSV_WRITE_H
#define COMMON_CSV_WRITE_H

#include <stddef.h>
#include <stdio.h>

/* Writes cells[n] (NULL: empty) and a line end. Quotes where CSV asks for them; the text stays as it is, so that
 * reading gives it back. */
void csv_write_row(FILE *out, const char *const *cells, size_t n);

#endif
