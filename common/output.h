/* Files are written whole or not at all: temporary file in the same folder, fsync, rename, fsync
 * folder. */
#ifndef COMMON_OUTPUT_H
#define COMMON_OUTPUT_H

#include "common/diag.h"

/* Write to `stream`, then call output_commit; without a commit nothing appears. */
struct output {
    FILE *stream;
    char *path, *temporary; /* NULL for standard output */
};

/* `path` NULL or "-": standard output. Errors: ERR_OUTPUT (exit 7), previous file intact. */
MUST_USE enum err output_open(struct output *o, const char *path, struct arena *a, struct diag *d);
MUST_USE enum err output_commit(struct output *o,
                                struct diag *d); /* every write error is reported */
void output_discard(struct output *o);           /* safe after commit */

/* Where temporary files go: TMPDIR, else /tmp. */
const char *temporary_folder(void);

#endif
