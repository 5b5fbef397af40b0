/* Text files as sources of findings: read whole, checked as UTF-8, kept for the run. */
#ifndef COMMON_SOURCE_H
#define COMMON_SOURCE_H

#include "common/arena.h"
#include "common/diag.h"

enum { SOURCE_MAX_BYTES = 16 << 20 };

/* Reads a regular file of up to 16 MiB ("-": standard input). A byte-order mark is left out; lines may end in LF
 * or CRLF. Errors: ERR_FILE (not there, not a regular file), ERR_TOO_LARGE, ERR_ENCODING (not UTF-8: GBK and UTF-16
 * are named), ERR_YAML (characters that no text has). */
MUST_USE enum err source_read(const struct source **out, const char *path, struct arena *a,
                              struct diag *d);

/* The same for a file that must lie inside `folder`, whatever `..`, links or absolute paths say; `below` is
 * relative to it and `at` is where the user wrote it. Errors: as above, ERR_INCLUDE when it leaves the folder. */
MUST_USE enum err source_read_below(const struct source **out, const char *folder,
                                    const char *below, struct place at, struct arena *a,
                                    struct diag *d);

/* Opens `below` without leaving `folder_fd`, component by component: for systems without openat2. Links are
 * refused. Returns a descriptor, or -1 with errno set; EXDEV: it would leave the folder. */
int source_walk_below(int folder_fd, const char *below);

/* A source that is no file, such as a setting of the command line: `name` stands in messages. */
const struct source *source_of_text(const char *name, const char *text, struct arena *a);

/* Folder of the file with its last '/', "" for the current one. */
const char *source_folder(const struct source *s, struct arena *a);

#endif
