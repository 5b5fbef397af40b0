/* The text of a CSV file, checked and decoded. Internal to the CSV reader. */
#ifndef COMMON_CSV_TEXT_H
#define COMMON_CSV_TEXT_H

#include "common/diag.h"

/* Reads `path` ("-": standard input) into a source: UTF-8 without byte-order mark,
 * NUL-terminated, no NUL inside, every carriage return followed by a line feed. GB18030 is
 * converted, with a warning. Errors: ERR_FILE, ERR_CSV_LIMIT (more than max_bytes),
 * ERR_CSV_ENCODING, ERR_CSV_LINE_END. */
MUST_USE enum err csv_text_read(const struct source **source, const char *path, size_t max_bytes,
                                struct arena *a, struct diag *d);

/* The same for bytes in memory, which are copied. */
MUST_USE enum err csv_text_copy(const struct source **source, const char *name, const char *text,
                                size_t bytes, struct arena *a, struct diag *d);

/* The place of bytes [from, to) of the text, cut at the end of the first line. Byte `known` <=
 * from is on line `known_line`. */
struct place csv_text_place(const struct source *source, size_t known, size_t known_line,
                            size_t from, size_t to);

#endif
