/* Every final value with the place and the layer that set it; defaults of the tables included. */
#include "scenarios/types.h"
#include "scenarios/values.h"
#include <string.h>

struct walk {
    scenario_value_fn *each;
    void *context;
    struct arena *arena;
};

static void walk_fields(const struct walk *p, const struct field *fields, const char *path,
                        const struct node *map);

static const char *path_of(const struct walk *p, const char *path, const char *key)
{
    return arena_printf(p->arena, "%s%s%s", path, *path ? "." : "", key);
}

/* `row` may be NULL below values that have no table of their own. */
static void walk_node(const struct walk *p, const struct field *row, const char *path,
                      const struct node *n)
{
    if (n->type != NODE_MAP || n->n == 0) {
        p->each(path, n, p->context);
        return;
    }
    if (row && row->type == &field_section) {
        walk_fields(p, row->fields, path, n);
        return;
    }
    for (const struct node *c = n->first; c; c = c->next)
        walk_node(p, row ? row->entry : NULL, path_of(p, path, c->key), c);
}

/* In the order of the table; `map` NULL: a section that was not given. */
static void walk_fields(const struct walk *p, const struct field *fields, const char *path,
                        const struct node *map)
{
    for (const struct field *f = fields; f->key; f++) {
        const struct node *n = node_get(map, f->key);
        const char *below = path_of(p, path, f->key);
        if (n)
            walk_node(p, f, below, n);
        else if (f->type == &field_section && f->offset != FIELD_CHECK)
            walk_fields(p, f->fields, below, NULL);
        else if (f->fallback)
            p->each(below, field_fallback_node(f, p->arena), p->context);
    }
}

/* Settings of other runs are no values of this one. */
static bool is_input(const struct field *f)
{
    static const char *const others[] = {"variants", "compare", "sweep"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcmp(others[i], f->key)) return false;
    return true;
}

void scenario_each_value(const struct scenario *s, scenario_value_fn *each, void *context,
                         struct arena *a)
{
    const struct walk p = {each, context, a};
    for (const struct field *f = root_fields; f->key; f++) {
        const struct field one[] = {*f, FIELDS_END};
        if (is_input(f)) walk_fields(&p, one, "", s->root);
    }
}

static void print_value(const char *path, const struct node *n, void *context)
{
    FILE *out = context;
    text_print_safe(out, path);
    fputs(": ", out);
    node_print_flow(n, out);
    const struct place at = node_place(n);
    fputs("    # ", out);
    const bool is_file = at.source && at.source->path[0] != '-';
    if (is_file) {
        text_print_safe(out, at.source->path);
        fprintf(out, ":%zu ", at.line);
    }
    fprintf(out, "(%s)\n", n->layer ? _(n->layer) : _("scenario"));
}

void scenario_print_merged(const struct scenario *s, FILE *out)
{
    struct arena *a = arena_new();
    scenario_each_value(s, print_value, out, a);
    arena_free(a);
}
