/* Saved runs as files: read piece by piece, because their lists may have millions of entries. Every piece is parsed by jansson, and
 * what is between pieces is checked here: a file is refused wherever a parser of the whole would refuse it. */
#ifndef PROOF_RUN_FILE_H
#define PROOF_RUN_FILE_H

#include "common/diag.h"
#include <jansson.h>

struct run_file;

/* Opens the file and reads it once, to its end. `root` gets its members; of long lists (see run_file_holds) it gets empty ones. It
 * belongs to the arena. Pipes are copied to a temporary file. Errors: ERR_FILE; ERR_PROOF_RUN with line and column where the file is
 * no JSON, has a key twice, is too deep or is cut off. */
MUST_USE enum err run_file_open(struct run_file **f, json_t **root, const char *path,
                                struct arena *a, struct diag *d);

/* Is that member a list whose entries are in the file only? */
bool run_file_holds(const struct run_file *f, const char *list);

/* The entry is valid during the call only. */
typedef enum err run_entry_fn(void *context, const json_t *entry, size_t number);

/* Reads such a list again, and calls `each` for its entries. Stops at the first error of `each` and returns it. Errors: as of opening,
 * for entries whose text is parsed only now. */
MUST_USE enum err run_file_each(struct run_file *f, const char *list, run_entry_fn *each,
                                void *context, struct diag *d);

#endif
