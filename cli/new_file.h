/* Files of the user that are written once and never overwritten. */
#ifndef CLI_NEW_FILE_H
#define CLI_NEW_FILE_H

#include "common/arena.h"
#include "common/diag.h"

/* ERR_EXISTS when something of this name is there already. */
MUST_USE enum err new_file_check(const char *path, struct diag *d);

/* Writes `bytes` bytes into a file that did not exist, with the folders above it; a file that could not be written whole
 * is removed. Errors: ERR_EXISTS, ERR_CREATE. */
MUST_USE enum err new_file_write(const char *path, const char *text, size_t bytes, struct arena *a,
                                 struct diag *d);

/* A text in double quotes, as the scenario reader takes it back. */
const char *yaml_quoted(const char *text, struct arena *a);

#endif
