/* The types of values that every table may use. */
#include "common/field.h"
#include <stdint.h>
#include <string.h>

/* --- text --- */

static bool text_fits(const struct field *f, const struct node *n, struct field_reader *r)
{
    if (!field_is_text(n, r)) return false;
    if (!f->pattern || field_matches(f->pattern, n->text, r)) return true;
    field_bad_value(n, _(f->expected), r);
    return false;
}

static void text_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    if (text_fits(f, n, r) && member) *(const char **)member = n->text;
}

static void text_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "string", a);
    if (f->pattern) schema_put(out, "pattern", f->pattern, a);
}

const struct field_type field_text = {text_read, text_schema};

static void file_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    if (text_fits(f, n, r) && member) *(const char **)member = node_file_path(n, r->arena);
}

const struct field_type field_file = {file_read, text_schema};

/* --- numbers --- */

static void limits_schema(const struct field *f, struct node *out, struct arena *a)
{
    char text[32];
    snprintf(text, sizeof text, "%.10g", f->min);
    schema_put_raw(out, f->above_min ? "exclusiveMinimum" : "minimum", text, a);
    if (f->max <= 0) return;
    snprintf(text, sizeof text, "%.10g", f->max);
    schema_put_raw(out, "maximum", text, a);
}

static void long_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    int64_t value;
    if (field_whole(f, &value, n, r) && member) *(long *)member = (long)value;
}

static void long_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "integer", a);
    limits_schema(f, out, a);
}

const struct field_type field_long = {long_read, long_schema};

static void int64_read(const struct field *f, void *member, const struct node *n,
                       struct field_reader *r)
{
    int64_t value;
    if (field_whole(f, &value, n, r) && member) *(int64_t *)member = value;
}

static void int64_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put(out, "type", "integer", a);
}

const struct field_type field_int64 = {int64_read, int64_schema};

static void real_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    double value;
    if (field_number(f, &value, n, r) && member) *(double *)member = value;
}

static void real_schema(const struct field *f, struct node *out, struct arena *a)
{
    const char *definition = dimension_definition(f->dimension);
    if (definition) {
        schema_put(out, "$ref", arena_printf(a, "#/definitions/%s", definition), a);
    } else if (f->dimension == PLAIN) {
        schema_put(out, "type", "number", a);
        limits_schema(f, out, a);
    } else {
        dimension_schema(f->dimension, out, a);
    }
}

const struct field_type field_real = {real_read, real_schema};

/* --- words --- */

static void flag_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    static const char *const words[] = {"true", "false", NULL};
    (void)f;
    if (!field_is_text(n, r)) return;
    const bool yes = !strcmp(n->text, words[0]);
    if (!yes && strcmp(n->text, words[1]) != 0)
        field_bad_choice(n, words, r);
    else if (member)
        *(bool *)member = yes;
}

static void flag_schema(const struct field *f, struct node *out, struct arena *a)
{
    (void)f;
    schema_put(out, "type", "boolean", a);
}

const struct field_type field_flag = {flag_read, flag_schema};

/* Number of the word, -1 with a finding when it is none of them. */
static int word_number(const struct field *f, const struct node *n, struct field_reader *r)
{
    if (!field_is_text(n, r)) return -1;
    for (int i = 0; f->words[i]; i++)
        if (!strcmp(f->words[i], n->text)) return i;
    field_bad_choice(n, f->words, r);
    return -1;
}

static void choice_read(const struct field *f, void *member, const struct node *n,
                        struct field_reader *r)
{
    const int word = word_number(f, n, r);
    if (word >= 0 && member) *(int *)member = f->first_word + word;
}

static void choice_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put_words(out, f->words, a);
}

const struct field_type field_choice = {choice_read, choice_schema};

static void word_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    const int word = word_number(f, n, r);
    if (word >= 0 && member) *(const char **)member = f->words[word];
}

const struct field_type field_word = {word_read, choice_schema};

/* Lists that must hold something, with or without doubles. */
static void empty_error(const struct node *n, struct field_reader *r)
{
    diag_error(r->diag, ERR_VALUE_FORM, node_key_place(n), _("%s is empty"), field_path(n, r));
    diag_fix(r->diag, _("write at least one entry"));
}

static void choices_read(const struct field *f, void *member, const struct node *n,
                         struct field_reader *r)
{
    unsigned set = 0;
    if (!field_is_list(n, r)) return;
    if (f->not_empty && n->n == 0) empty_error(n, r);
    const size_t mark = field_enter(r, n->key ? n->key : "");
    for (const struct node *c = n->first; c; c = c->next) {
        const int word = word_number(f, c, r);
        if (word < 0) continue;
        if (f->unique && set & (1U << word)) {
            diag_error(r->diag, ERR_DUPLICATE_KEY, node_place(c), _("%s holds '%s' twice"), r->path,
                       c->text);
            diag_fix(r->diag, _("delete one of the two"));
        }
        set |= 1U << word;
    }
    field_leave(r, mark);
    if (member) *(unsigned *)member = set;
}

static void list_rules_schema(const struct field *f, struct node *out, struct arena *a)
{
    if (f->unique) schema_put_raw(out, "uniqueItems", "true", a);
    if (f->not_empty) schema_put_raw(out, "minItems", "1", a);
}

static void choices_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "array", a);
    list_rules_schema(f, out, a);
    schema_put_words(node_put(out, "items", node_new(NODE_MAP, a), a), f->words, a);
}

const struct field_type field_choices = {choices_read, choices_schema};

/* --- collections --- */

static void section_read(const struct field *f, void *member, const struct node *n,
                         struct field_reader *r)
{
    if (!field_is_map(n, r)) return;
    const size_t mark = field_enter(r, n->key ? n->key : "");
    fields_read(f->fields, member, n, r);
    field_leave(r, mark);
}

static void section_schema(const struct field *f, struct node *out, struct arena *a)
{
    fields_schema(f->fields, out, a);
}

const struct field_type field_section = {section_read, section_schema};

/* Room for the elements of `n`; NULL when they are only checked. */
static char *array_new(const struct field *f, void *target, const struct node *n, struct arena *a)
{
    if (!target || !f->array) return NULL;
    char *items = n->n ? arena_alloc(a, n->n, f->array->size) : NULL;
    memcpy((char *)target + f->array->items, &items, sizeof items);
    memcpy((char *)target + f->array->count, &n->n, sizeof n->n);
    return items;
}

/* Fills in what the element says about itself, then reads its value. */
static void element_read(const struct field *f, char *element, const struct node *n,
                         struct field_reader *r)
{
    if (element && n->key) memcpy(element, &n->key, sizeof n->key);
    if (element && f->array->at) {
        const struct place at = node_key_place(n);
        memcpy(element + f->array->at, &at, sizeof at);
    }
    if (element && f->array->node) memcpy(element + f->array->node, &n, NODE_POINTER_BYTES);
    field_read(f->entry, element, n, r);
}

static void map_read(const struct field *f, void *member, const struct node *n,
                     struct field_reader *r)
{
    if (!field_is_map(n, r)) return;
    if (f->not_empty && n->n == 0) empty_error(n, r);
    char *element = array_new(f, member, n, r->arena);
    const size_t mark = field_enter(r, n->key ? n->key : "");
    for (const struct node *c = n->first; c; c = c->next) {
        if (f->pattern && !field_matches(f->pattern, c->key, r))
            field_bad_name(c, _(f->expected), r);
        element_read(f, element, c, r);
        if (element) element += f->array->size;
    }
    field_leave(r, mark);
}

static void map_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "object", a);
    if (f->not_empty) schema_put_raw(out, "minProperties", "1", a);
    if (f->pattern)
        schema_put(node_put(out, "propertyNames", node_new(NODE_MAP, a), a), "pattern", f->pattern,
                   a);
    node_put(out, "additionalProperties", field_schema(f->entry, a), a);
}

const struct field_type field_map = {map_read, map_schema};

static void list_read(const struct field *f, void *member, const struct node *n,
                      struct field_reader *r)
{
    if (!field_is_list(n, r)) return;
    if (f->not_empty && n->n == 0) empty_error(n, r);
    char *element = array_new(f, member, n, r->arena);
    const size_t mark = field_enter(r, n->key ? n->key : "");
    size_t i = 0;
    for (const struct node *c = n->first; c; c = c->next) {
        char number[24];
        snprintf(number, sizeof number, "%zu", i++);
        const size_t inner = field_enter(r, number);
        element_read(f, element, c, r);
        field_leave(r, inner);
        if (element) element += f->array->size;
    }
    field_leave(r, mark);
}

static void list_schema(const struct field *f, struct node *out, struct arena *a)
{
    schema_put(out, "type", "array", a);
    list_rules_schema(f, out, a);
    node_put(out, "items", field_schema(f->entry, a), a);
}

const struct field_type field_list = {list_read, list_schema};
