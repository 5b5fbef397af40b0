/* JSON read as a stream of records, for long answers of an API. json_read.c is the only file that sees YAJL. */
#ifndef COMMON_JSON_READ_H
#define COMMON_JSON_READ_H

#include "common/diag.h"
#include "common/text_stream.h"

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING };

/* A member of an object that is neither object nor array. Numbers stand as they are written. */
struct json_field {
    const char *key, *text; /* "" for null, "true" or "false" */
    enum json_kind kind;
    size_t from, to;        /* bytes of the value in the whole text */
    const struct place *at; /* where it stood, when that text has passed; else NULL */
};

/* An object with its plain members. `path` are the keys that lead to it from the top; arrays add nothing to it, and
 * arrays or documents side by side at the top are taken one after the other. */
struct json_record {
    const char *const *path; /* [depth] */
    size_t depth;
    const struct json_field *fields; /* [n] in the order of the file */
    size_t n;
    const struct source *source;
    size_t from;            /* byte of its '{' */
    const struct place *at; /* as of a field */
};

typedef enum err json_record_fn(const struct json_record *r, void *context);

/* Calls `each` for every object of the text at its closing brace, so inner objects come before the one that holds
 * them; what a record points to is valid during the call only. Stops at the first error of `each` and returns it.
 * ERR_JSON with the place where the text stops being JSON (it may be cut off). Objects nest 64 deep at most. */
MUST_USE enum err json_read(const struct source *s, json_record_fn *each, void *context,
                            struct arena *a, struct diag *d);

/* The same of a stream whose window stands at the beginning of the text; memory does not grow with it. */
MUST_USE enum err json_read_stream(struct text_stream *stream, json_record_fn *each, void *context,
                                   struct arena *a, struct diag *d);

/* NULL when there is no such member, or it is null or empty; letter case of keys does not count. */
const struct json_field *json_field(const struct json_record *r, const char *key);
bool json_key_is(const char *key, const char *name);                 /* but for letter case */
const char *json_text(const struct json_record *r, const char *key); /* its text, or NULL */
/* Does the path end in `tail`, e.g. "SpotPrices/SpotPriceType"? Letter case does not count. */
bool json_path_ends(const struct json_record *r, const char *tail);
struct place json_place(const struct json_record *r,
                        const struct json_field *f); /* f NULL: the record */

#endif
