/* JSON documents written piece by piece, with the bytes that jansson gives a whole tree: memory does not grow with them. */
#ifndef REPORT_JSON_OUT_H
#define REPORT_JSON_OUT_H

#include "common/diag.h"
#include <jansson.h>
#include <stdio.h>

enum { JSON_OUT_DEPTH = 8 };

/* Begin with {.file = out}. */
struct json_out {
    FILE *file;
    size_t depth;               /* objects and arrays that are open, JSON_OUT_DEPTH at most */
    char close[JSON_OUT_DEPTH]; /* what ends each of them */
    bool any[JSON_OUT_DEPTH];   /* whether something stands in it */
    bool no_memory;
};

/* An object '{' or an array '[' as the next value; `key` NULL: in an array, or the document itself. Keys are words of our own,
 * without anything to be escaped. */
void json_out_open(struct json_out *o, const char *key, char bracket);
void json_out_close(struct json_out *o);

/* The next value, which is taken over; `key` likewise. */
void json_out_put(struct json_out *o, const char *key, json_t *value);

/* Ends the document. A write error is noticed again, and reported, when the output is committed. Errors: ERR_MEMORY. */
MUST_USE enum err json_out_end(struct json_out *o, struct diag *d);

/* Entries of one list: into a tree, or written at once. */
struct json_rows {
    json_t *list;         /* of a tree */
    struct json_out *out; /* they are written here; NULL: kept in the list */
    struct arena *
        arena; /* of what is needed for one entry; its memory is used again where entries are written */
    size_t n;
};

/* Takes the entry over. What it was made with in rows->arena is gone afterwards. */
void json_rows_add(struct json_rows *rows, json_t *entry);

#endif
