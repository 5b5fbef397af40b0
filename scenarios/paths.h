/* Dotted paths into a scenario, as `set`, `remove`, `sweep` and --set use them. Every step is a key of the format, the name
 * of an existing entry, or `*` for every entry; a name in quotes may hold dots, one without is taken as long as fits. */
#ifndef SCENARIOS_PATHS_H
#define SCENARIOS_PATHS_H

#include "common/node.h"

enum path_action {
    PATH_CHECK, /* only see that it leads somewhere, and check the values against the table */
    PATH_SET,
    PATH_REMOVE,
};

enum { MAX_PATH_BYTES = 1024 };

struct path_change {
    enum path_action action;
    const char *path;
    struct place at;          /* where the path is written */
    const struct node *value; /* PATH_SET, PATH_CHECK: what is put there (NULL: nothing); copied */
    bool each;         /* PATH_CHECK: `value` is a list of values that are tried one by one */
    const char *layer; /* of the nodes that are set */
    size_t
        *nodes_left; /* PATH_SET: how many nodes may still be made; ERR_TOO_LARGE when that ends */
};

/* Does it to the document. Maps merge into maps, everything else is replaced.
 * Errors: ERR_PATH_UNKNOWN with the nearest path; what the tables find wrong with the value. */
MUST_USE enum err path_apply(struct node *root, const struct path_change *change, struct arena *a,
                             struct diag *d);

#endif
