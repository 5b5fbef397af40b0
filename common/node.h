/* YAML as a tree in which every node knows where it was written and which layer of the scenario set it. Scalars stay text
 * until the type of their field is known. JSON is read by the same code. node.c alone sees libyaml. */
#ifndef COMMON_NODE_H
#define COMMON_NODE_H

#include "common/arena.h"
#include "common/diag.h"
#include <stdint.h>

enum node_type { NODE_TEXT, NODE_MAP, NODE_LIST };

struct node {
    enum node_type type;
    bool quoted;                                   /* NODE_TEXT: written in quotes */
    uint32_t line, column, end_column;             /* of the value, from 1; 0: written nowhere */
    uint32_t key_line, key_column, key_end_column; /* of the key of this entry; 0: none */
    const struct source *source;
    const char *key;           /* of this entry in its map; NULL in lists and at the root */
    const char *text;          /* NODE_TEXT: the scalar as written, without quotes */
    const char *layer;         /* who set it: "template small-tune"; NULL: not said yet */
    struct node *first, *last; /* children of NODE_MAP and NODE_LIST */
    struct node *next, *prev;  /* siblings */
    size_t n;                  /* children */
    struct node **sorted;      /* NODE_MAP: [n] children in the order of their keys */
};

enum {
    NODE_MAX_DEPTH = 64,                 /* of maps and lists, counted while reading */
    NODE_POINTER_BYTES = sizeof(void *), /* of an entry of an array of nodes */
    NODE_MAX_NODES = 500000,             /* of one file */
};

/* Reads one document. Everything wrong is added to `d` as far as reading can go on; the root is a map.
 * Errors: ERR_YAML, ERR_YAML_FEATURE, ERR_DUPLICATE_KEY, ERR_TOO_LARGE, ERR_VALUE_FORM. */
MUST_USE enum err node_read(struct node **root, const struct source *s, struct arena *a,
                            struct diag *d);

/* Reads the value that starts at byte `from` of a one-line source such as "path=value". */
MUST_USE enum err node_read_value(struct node **value, const struct source *s, size_t from,
                                  struct arena *a, struct diag *d);

/* Child of a map by key, in O(log n); NULL when there is none or `map` is no map. */
struct node *node_get(const struct node *map, const char *key);

/* What lies at a dotted path below `n`; where keys hold dots the longest fitting key is taken, and the step
 * into a list is the number of the entry from 0. NULL when nothing is there. */
const struct node *node_find(const struct node *n, const char *path);

/* Place of the value, and of the key (of the value where there is no key). All zero when written nowhere. */
struct place node_place(const struct node *n);
struct place node_key_place(const struct node *n);

/* The path of a file that `n` names, usable from the current folder: relative paths are relative to the file
 * in which they are written; those of the command line to the current folder. */
const char *node_file_path(const struct node *n, struct arena *a);

/* Making and changing. Change only trees that you made or read yourself: node_merge shares children. */
struct node *node_new(enum node_type type, struct arena *a);
struct node *node_text(const char *text, bool quoted, struct arena *a);
/* Puts `child` into the map under `key`, at the end or in place of what has this key. Returns child. */
struct node *node_put(struct node *map, const char *key, struct node *child, struct arena *a);
struct node *node_append(struct node *list, struct node *child);
void node_remove(struct node *map, struct node *child);
struct node *node_copy(const struct node *n, struct arena *a); /* deep; without siblings */
struct node *node_share(const struct node *n,
                        struct arena *a);               /* a copy that has the same children */
void node_set_layer(struct node *n, const char *layer); /* deep; leaves nodes that have a layer */

/* `over` on top of `base`: maps merge key by key, everything else is replaced. The result shares what is not
 * merged with both. `left` counts down the nodes that may still be made; at 0 the result is not complete. */
struct node *node_merge(const struct node *base, const struct node *over, struct arena *a,
                        size_t *left);

size_t node_count(const struct node *n); /* itself and everything below */

/* Prints as JSON: quoted text as a string, other text as it is. Ends with a line end. */
void node_print_json(const struct node *n, FILE *out);
/* Prints on one line in YAML flow form. */
void node_print_flow(const struct node *n, FILE *out);

#endif
