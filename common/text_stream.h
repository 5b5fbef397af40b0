/* Text files read piece by piece: checked, decoded, and kept in a window that moves on, so that memory does not grow with the
 * file; whole files are read by the same code into a window that holds everything. */
#ifndef COMMON_TEXT_STREAM_H
#define COMMON_TEXT_STREAM_H

#include "common/diag.h"

/* What may be read: a text in UTF-8, with or without byte-order mark, or in GB18030 (converted, with a warning); without NUL,
 * every carriage return followed by a line feed. */
struct text_stream {
    struct source
        source; /* the window: NUL-terminated UTF-8 that changes and moves with text_stream_more */
    bool ended; /* nothing comes behind the window */
    struct text_input *input;
};

/* Opens `path` ("-": standard input) to be read in pieces of `piece` bytes (0: 1 MiB; at least 4); nothing is in the window yet.
 * Errors: ERR_FILE, ERR_CSV_LIMIT where the size is known and larger than max_bytes. */
MUST_USE enum err text_stream_open(struct text_stream **stream, const char *path, size_t max_bytes,
                                   size_t piece, struct arena *a, struct diag *d);

/* Drops the first `used` bytes of the window and reads another piece behind the rest. Whether a text is GB18030 is
 * decided by the first piece that is not ASCII, or the first that is not UTF-8, by the whole characters seen so far.
 * Errors, with their places: ERR_FILE, ERR_CSV_LIMIT, ERR_CSV_ENCODING, ERR_CSV_LINE_END. */
MUST_USE enum err text_stream_more(struct text_stream *stream, size_t used);

/* The whole file in the window, which stays. Errors: of both functions above. */
MUST_USE enum err text_stream_whole(struct text_stream **stream, const char *path, size_t max_bytes,
                                    struct arena *a, struct diag *d);

/* The same for bytes in memory, which are copied; `name` stands in messages. */
MUST_USE enum err text_stream_copy(struct text_stream **stream, const char *name, const char *text,
                                   size_t bytes, struct arena *a, struct diag *d);

/* The place of bytes [from, to) of the text, cut at the end of the first line. Byte `known` <= from is on line `known_line`;
 * 0 and 0: count from the beginning of the text. */
struct place text_place(const struct source *source, size_t known, size_t known_line, size_t from,
                        size_t to);

#endif
