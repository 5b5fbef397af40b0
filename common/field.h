/* Field tables: one row per key drives reading, checking, defaults, paths and the JSON Schema, so they cannot drift.
 * What a row is, its field_type says; modules add types of their own with the same two functions. */
#ifndef COMMON_FIELD_H
#define COMMON_FIELD_H

#include "common/node.h"
#include "common/quantity.h"
#include <regex.h>

struct field;

/* One reading of a tree. Findings go to `diag`; reading goes on after each. */
struct field_reader {
    struct arena *arena;
    struct diag *diag;
    void *context;       /* for the types of other modules */
    const char *let_off; /* a required key that is not asked for; NULL: none */
    char path[512];      /* dotted path of the map being read, for messages; cut when longer */
    size_t n_patterns;   /* compiled so far */
    struct field_pattern {
        const char *pattern;
        regex_t *compiled;
    } patterns[16];
};

struct field_type {
    /* Checks the value and stores it in the member; NULL: check only. */
    void (*read)(const struct field *f, void *member, const struct node *n, struct field_reader *r);
    /* Adds what the JSON Schema says about the value to the map `out`. */
    void (*schema)(const struct field *f, struct node *out, struct arena *a);
};

/* Where the elements of a map or a list go: offsets in the target and in an element. */
struct field_array {
    size_t count, items; /* in the target: size_t, pointer */
    size_t size;         /* of an element; its first member is its name (maps only) */
    size_t at, node;     /* in an element: struct place, const struct node *; 0: none */
};

struct field {
    const char *key; /* NULL ends a table */
    const struct field_type *type;
    size_t offset;        /* of the member; FIELD_CHECK: there is none, the value is only checked */
    size_t given;         /* of a bool that is set when the key is there; 0: none */
    const char *help;     /* one sentence; NULL: the key says it all */
    const char *fallback; /* default as the user would write it */
    bool required;
    enum dimension dimension; /* of numbers; they are at least 0 except those of GROWTH */
    double min, max;          /* inclusive, canonical unit; max 0: no limit */
    bool above_min;           /* min itself is not allowed */
    const char *const *words; /* choices, NULL-terminated; choice i stores first_word + i */
    int first_word;
    const char *pattern;  /* of a text, or of the keys of a map */
    const char *expected; /* what the pattern wants, for messages: "a region such as cn-shenzhen" */
    const struct field *fields; /* keys of a section */
    const struct field *entry;  /* what each value of a map or list is */
    const struct field_array *array;
    bool not_empty, unique; /* lists and maps */
    bool open; /* map whose keys are names from elsewhere (a GPU, a currency): a path may add one */
    unsigned mask;          /* for types of other modules */
    const char *definition; /* the schema refers to this name under "definitions" */
};

#define FIELD_CHECK SIZE_MAX
#define FIELDS_END                                                                                 \
    {                                                                                              \
        .key = NULL                                                                                \
    }

/* Types. Members: */
extern const struct field_type field_text;    /* const char * */
extern const struct field_type field_file;    /* const char *: usable from the current folder */
extern const struct field_type field_long;    /* long */
extern const struct field_type field_int64;   /* int64_t; may be negative */
extern const struct field_type field_real;    /* double, by `dimension` */
extern const struct field_type field_flag;    /* bool: true or false */
extern const struct field_type field_choice;  /* enum of int size */
extern const struct field_type field_word;    /* const char *: one of the words */
extern const struct field_type field_choices; /* unsigned: bit i for word i; a list */
extern const struct field_type field_section; /* the struct that holds the members of `fields` */
extern const struct field_type field_map; /* by `array`; names are free, each value is an `entry` */
extern const struct field_type field_list; /* by `array`; each value is an `entry` */

/* Reads a map by its table: unknown and missing keys, forms, values. target NULL: check only, without defaults. */
void fields_read(const struct field *fields, void *target, const struct node *map,
                 struct field_reader *r);

/* Reads one value. */
void field_read(const struct field *f, void *target, const struct node *n, struct field_reader *r);

/* Row of a table by its key, or NULL. */
const struct field *fields_find(const struct field *fields, const char *key);

/* A tree for a default as written in a table: "1h", "[on_demand, spot]"; layer "built-in default". */
struct node *field_fallback_node(const struct field *f, struct arena *a);

/* JSON Schema of one value, and of a table as an object. */
struct node *field_schema(const struct field *f, struct arena *a);
void fields_schema(const struct field *fields, struct node *out, struct arena *a);
/* Dimensions that are defined once under "definitions": the name there, NULL for the others; and the body. */
const char *dimension_definition(enum dimension dimension);
void dimension_schema(enum dimension dimension, struct node *out, struct arena *a);
/* out[key] = text as a JSON string, or as it is (a number, true). */
void schema_put(struct node *out, const char *key, const char *text, struct arena *a);
void schema_put_raw(struct node *out, const char *key, const char *json, struct arena *a);
void schema_put_words(struct node *out, const char *const *words, struct arena *a); /* "enum" */

/* --- for types of other modules --- */

/* False, with a finding, when the node is of another form. */
bool field_is_text(const struct node *n, struct field_reader *r);
bool field_is_map(const struct node *n, struct field_reader *r);
bool field_is_list(const struct node *n, struct field_reader *r);
/* Does the text match the pattern (POSIX extended, anchored)? */
bool field_matches(const char *pattern, const char *text, struct field_reader *r);
/* Finding ERR_VALUE: what was expected. Why and fix may follow with diag_why and diag_fix. */
void field_bad_value(const struct node *n, const char *expected, struct field_reader *r);
/* Finding ERR_VALUE for the key of the node. */
void field_bad_name(const struct node *n, const char *expected, struct field_reader *r);
/* Finding ERR_VALUE_CHOICE with the nearest word; words NULL-terminated. */
void field_bad_choice(const struct node *n, const char *const *words, struct field_reader *r);
/* Reads the number of a row and checks its range; false with a finding. */
bool field_number(const struct field *f, double *value, const struct node *n,
                  struct field_reader *r);
/* The same for a whole number. */
bool field_whole(const struct field *f, int64_t *value, const struct node *n,
                 struct field_reader *r);
/* Is the value in the range of the row? False with a finding. */
bool field_in_range(const struct field *f, double value, const struct node *n,
                    struct field_reader *r);
/* Dotted path of the node below the map being read, for messages. Lives in the arena. */
const char *field_path(const struct node *n, struct field_reader *r);
/* Enter and leave a map; `mark` is what field_enter returned. */
size_t field_enter(struct field_reader *r, const char *key);
void field_leave(struct field_reader *r, size_t mark);
/* "a, b, c" */
const char *words_join(const char *const *words, size_t n, struct arena *a);

#endif
