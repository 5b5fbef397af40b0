#include "report/inputs_json.h"
#include "common/node.h"
#include "report/wording.h"

json_t *json_words(const char *s, struct arena *a)
{
    if (!s) return json_null();
    json_t *value = json_string(s);
    return value ? value : json_string(safe_text(a, s)); /* not UTF-8: a file name */
}

void json_put(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

void json_place_put(json_t *object, struct place at, struct arena *a)
{
    json_put(object, "file", at.source ? json_words(at.source->path, a) : json_null());
    json_put(object, "line", at.line ? json_integer((json_int_t)at.line) : json_null());
}

/* Every value of the merged document, by its path. */
static void values_add(json_t *list, const struct node *n, const char *path, struct arena *a)
{
    if (n->type == NODE_TEXT || !n->first) {
        json_t *o = json_object();
        json_put(o, "path", json_words(path, a));
        json_put(o, "value",
                 n->type == NODE_TEXT  ? json_words(n->text, a)
                 : n->type == NODE_MAP ? json_object()
                                       : json_array());
        json_place_put(o, node_place(n), a);
        json_put(o, "layer", json_words(n->layer, a));
        json_array_append_new(list, o);
        return;
    }
    size_t i = 0;
    for (const struct node *child = n->first; child; child = child->next, i++) {
        const char *step = child->key ? child->key : arena_printf(a, "%zu", i);
        values_add(list, child, *path ? arena_printf(a, "%s.%s", path, step) : step, a);
    }
}

static json_t *horizon_json(const struct scenario *s, struct arena *a)
{
    json_t *o = json_object();
    json_put(o, "from", json_words(moment_text(a, s, 0), a));
    json_put(o, "to", json_words(moment_text(a, s, s->length_us), a));
    json_put(o, "utc_offset_hours", json_real((double)s->utc_offset_us / (double)US_PER_H));
    return o;
}

json_t *inputs_json(const struct result *r, const char *version, bool all, struct arena *a)
{
    json_t *o = json_object(), *files = json_array(), *values = json_array(), *tool = json_object();
    json_t *set = json_array();
    json_put(tool, "name", json_string("gpumix"));
    json_put(tool, "version", json_string(version));
    json_put(o, "tool", tool);
    json_put(o, "scenario", r->plan ? json_words(r->plan->scenario->name, a) : json_null());
    json_put(o, "variant", json_words(r->variant, a));
    if (r->plan) json_put(o, "horizon", horizon_json(r->plan->scenario, a));
    for (size_t i = 0; i < r->n_files; i++) {
        json_t *file = json_object();
        json_put(file, "path", json_words(r->files[i].path, a));
        json_put(file, "sha256", json_words(r->files[i].sha256, a));
        json_array_append_new(files, file);
    }
    json_put(o, "files", files);
    for (size_t i = 0; i < r->n_set; i++) json_array_append_new(set, json_words(r->set[i], a));
    json_put(o, "set", set);
    if (r->plan) {
        json_t *catalogue = json_object();
        json_put(catalogue, "date", json_words(book_date(r->plan->book), a));
        json_put(catalogue, "sha256", json_words(book_checksum(r->plan->book), a));
        json_put(o, "catalogue", catalogue);
        if (all && r->plan->scenario->root) values_add(values, r->plan->scenario->root, "", a);
    }
    json_put(o, "values", values);
    return o;
}
