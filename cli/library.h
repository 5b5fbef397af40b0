/* The ready-made scenarios, carried inside the program by tools/embed.sh. */
#ifndef CLI_LIBRARY_H
#define CLI_LIBRARY_H

#include "common/arena.h"
#include "common/diag.h"

struct library_file {
    const char *name; /* "01-train-llm-spot.yaml", "data/shots.csv" */
    const char *text; /* NUL-terminated; the NUL is not counted in bytes */
    size_t bytes;
};
extern const struct library_file library_files[]; /* ends with a NULL name */

const struct library_file *library_find(const char *name); /* NULL when unknown */

/* Writes all of them into a new temporary folder, so that scenarios find their CSV files, and returns the folder;
 * it goes with the arena. Errors: ERR_OUTPUT. */
MUST_USE enum err library_unpack(const char **folder, struct arena *a, struct diag *d);

#endif
