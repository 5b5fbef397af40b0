/* Reading a scenario file with the files it includes into one document, still without variants and templates. */
#ifndef SCENARIOS_INCLUDE_H
#define SCENARIOS_INCLUDE_H

#include "common/node.h"

enum { MAX_INCLUDE_DEPTH = 8, MAX_INCLUDE_FILES = 64, MAX_MERGED_NODES = 2000000, MAX_CHAIN = 64 };

struct document {
    struct node *root; /* the main file on top of what it includes */
    size_t n_files;
    const struct source **files; /* the main file first, then as they were read */
    size_t nodes_left;           /* that merging may still make */
};

/* Every file is checked in itself against the tables. Errors: as of source_read and node_read; ERR_VERSION,
 * ERR_INCLUDE, ERR_TOO_LARGE and what the tables find. */
MUST_USE enum err document_read(struct document *out, const char *path, struct arena *a,
                                struct diag *d);

/* ERR_TOO_LARGE once reading and merging have made too many nodes. */
MUST_USE enum err merge_limit(const struct document *document, struct diag *d);

/* `version` of a document; ERR_VERSION when it is missing or another than 1. */
MUST_USE enum err version_check(const struct node *root, struct diag *d);

#endif
