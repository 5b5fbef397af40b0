#include "scenarios/types.h"

static struct node *define(struct node *definitions, const char *name, struct arena *a)
{
    return node_put(definitions, name, node_new(NODE_MAP, a), a);
}

static void define_text(struct node *definitions, const char *name, const char *pattern,
                        const char *help, struct arena *a)
{
    struct node *out = define(definitions, name, a);
    schema_put(out, "type", "string", a);
    schema_put(out, "pattern", pattern, a);
    if (help) schema_put(out, "description", help, a);
}

static void define_limits(struct node *definitions, struct arena *a)
{
    struct node *out = define(definitions, "limits", a);
    schema_put(out, "type", "object", a);
    schema_put(
        out, "description",
        _("Keys: a GPU model (limit in GPUs) or an instance type (limit in machines), optionally "
          "@region or @zone behind it."),
        a);
    schema_put(node_put(out, "propertyNames", node_new(NODE_MAP, a), a), "pattern", LIMIT_PATTERN,
               a);
    struct node *value = node_put(out, "additionalProperties", node_new(NODE_MAP, a), a);
    schema_put(value, "type", "integer", a);
    schema_put_raw(value, "minimum", "0", a);
}

/* clang-format off */
static const struct { enum dimension dimension; const char *help; } dimensions[] = {
    {DURATION_H, N_("A length of time with its unit: 500ms, 90s, 30min, 2h, 10d, 1w, 1month (= 720h).")},
    {SIZE_GIB, N_("Memory or storage with its unit: 80GB, 2TB.")},
    {BANDWIDTH_MBPS, N_("Throughput with its unit: 700MB/s, 10GB/s.")},
    {COUNT_SI, N_("A whole number, or one with k, M, B or T: 4000000, 1.5T, 7B.")},
    {RATE_PER_H, N_("Something per unit of time: 40/s.")},
    {PERCENT_FRAC, N_("A share with its sign: 30%.")},
    {NUMBER_FRAC, N_("A plain number or a percentage: 0.3, 30%.")},
};
/* clang-format on */

static void define_all(struct node *definitions, struct arena *a)
{
    for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; i++) {
        const char *name = dimension_definition(dimensions[i].dimension);
        struct node *out = define(definitions, name, a);
        dimension_schema(dimensions[i].dimension, out, a);
        schema_put(out, "description", _(dimensions[i].help), a);
    }
    dimension_schema(PLAIN, define(definitions, "amount", a), a);
    define_text(definitions, "place", PLACE_PATTERN,
                _("A region (cn-shenzhen) or a zone (cn-shenzhen-d)."), a);
    define_limits(definitions, a);
    money_definition(define(definitions, "money", a), a);
    define_text(definitions, "clock", CLOCK_PATTERN, NULL, a);
    define_text(definitions, "moment", MOMENT_PATTERN, NULL, a);
    uncertain_definition(NUMBER_FRAC, define(definitions, "uncertain", a), a);
    uncertain_definition(PLAIN, define(definitions, "uncertain_amount", a), a);
    uncertain_definition(DURATION_H, define(definitions, "uncertain_duration", a), a);
    fields_schema(workload_fields, define(definitions, "workload", a), a);
    struct node *settings = define(definitions, "settings", a);
    schema_put(settings, "type", "object", a);
    schema_put(settings, "description",
               _("Dotted paths into this file and the value to put there; * stands for every name "
                 "of a map."),
               a);
    schema_put_raw(settings, "additionalProperties", "true", a);
}

enum err scenario_print_schema(FILE *out)
{
    struct arena *a = arena_new();
    struct node *schema = node_new(NODE_MAP, a);
    schema_put(schema, "$schema", "http://json-schema.org/draft-07/schema#", a);
    schema_put(schema, "$id", "scenario.schema.json", a);
    schema_put(schema, "title", _("GPU cost scenario, format version 1"), a);
    schema_put(schema, "description",
               _("Editors that read JSON Schema offer completion, hover help and validation from "
                 "this file."),
               a);
    define_all(node_put(schema, "definitions", node_new(NODE_MAP, a), a), a);
    fields_schema(root_fields, schema, a);
    node_print_json(schema, out);
    arena_free(a);
    return ferror(out) ? ERR_OUTPUT : OK;
}
