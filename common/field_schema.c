/* JSON Schema, draft 7, from the tables. */
#include "common/field.h"
#include <string.h>

void schema_put(struct node *out, const char *key, const char *text, struct arena *a)
{
    node_put(out, key, node_text(text, true, a), a);
}

void schema_put_raw(struct node *out, const char *key, const char *json, struct arena *a)
{
    node_put(out, key, node_text(json, false, a), a);
}

void schema_put_words(struct node *out, const char *const *words, struct arena *a)
{
    struct node *list = node_put(out, "enum", node_new(NODE_LIST, a), a);
    for (; *words; words++) node_append(list, node_text(*words, true, a));
}

const char *dimension_definition(enum dimension dimension)
{
    static const char *const names[] = {
        [COUNT_SI] = "count",           [DURATION_H] = "duration", [SIZE_GIB] = "size",
        [BANDWIDTH_MBPS] = "bandwidth", [RATE_PER_H] = "rate",     [PERCENT_FRAC] = "percent",
        [NUMBER_FRAC] = "number"};
    return dimension < sizeof names / sizeof *names ? names[dimension] : NULL;
}

void dimension_schema(enum dimension dimension, struct node *out, struct arena *a)
{
    const bool number = dimension == PLAIN || dimension == NUMBER_FRAC || dimension == COUNT_SI;
    if (number) {
        struct node *types = node_put(out, "type", node_new(NODE_LIST, a), a);
        node_append(types, node_text(dimension == COUNT_SI ? "integer" : "number", true, a));
        node_append(types, node_text("string", true, a));
        schema_put_raw(out, "minimum", "0", a);
    } else {
        schema_put(out, "type", "string", a);
    }
    schema_put(out, "pattern", quantity_pattern(dimension), a);
    schema_put(out, "patternErrorMessage",
               arena_printf(a, _("Write %s."), quantity_expected(dimension)), a);
}

struct node *field_schema(const struct field *f, struct arena *a)
{
    struct node *out = node_new(NODE_MAP, a);
    if (f->definition)
        schema_put(out, "$ref", arena_printf(a, "#/definitions/%s", f->definition), a);
    else
        f->type->schema(f, out, a);
    if (f->help) schema_put(out, "description", _(f->help), a);
    if (!f->fallback) return out;
    struct node *fallback = field_fallback_node(f, a);
    fallback->quoted = f->type != &field_long && f->type != &field_int64 &&
                       f->type != &field_flag && !(f->type == &field_real && f->dimension == PLAIN);
    for (struct node *c = fallback->first; c; c = c->next) c->quoted = true;
    node_put(out, "default", fallback, a);
    return out;
}

void fields_schema(const struct field *fields, struct node *out, struct arena *a)
{
    struct node *required = NULL;
    schema_put(out, "type", "object", a);
    schema_put_raw(out, "additionalProperties", "false", a);
    struct node *properties = node_new(NODE_MAP, a);
    for (; fields->key; fields++) {
        node_put(properties, fields->key, field_schema(fields, a), a);
        if (!fields->required) continue;
        if (!required) required = node_put(out, "required", node_new(NODE_LIST, a), a);
        node_append(required, node_text(fields->key, true, a));
    }
    node_put(out, "properties", properties, a);
}
