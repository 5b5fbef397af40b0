/* Where the fields of a CSV row are, byte by byte. Internal to the CSV reader. */
#ifndef COMMON_CSV_SCAN_H
#define COMMON_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum { CSV_MAX_FIELDS = 1024, CSV_MAX_FIELD_BYTES = 64 << 10 };

/* Bytes [from, to) of the text: quotes included, blanks around the field left out. */
struct csv_span {
    size_t from, to;
};

struct csv_scan {
    const char *text;    /* NUL-terminated, without NUL inside */
    size_t at, line;     /* next byte, its line from 1 */
    struct csv_span row; /* the row read last, with its line end */
    size_t row_line;
    size_t n_fields;
    struct csv_span fields[CSV_MAX_FIELDS];
    struct csv_span fault; /* what is wrong, for the results that say so */
};

enum csv_scan_result {
    CSV_ROW,
    CSV_END,
    CSV_QUOTE_INSIDE, /* a quote in a field that does not begin with one */
    CSV_TEXT_BEHIND,  /* text behind the closing quote */
    CSV_QUOTE_OPEN,   /* the quote is never closed */
    CSV_FIELD_LONG,
    CSV_FIELDS_MANY,
};

/* Finds the next row that is not blank; with `comments`, lines that begin with '#' are skipped
 * too. After a fault the scan cannot go on. */
enum csv_scan_result csv_scan_row(struct csv_scan *s, bool comments);

#endif
