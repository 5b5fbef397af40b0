/* Every final value with the place and the layer that set it; defaults of the tables included. */
#include "scenarios/types.h"
#include <string.h>

struct printing {
    FILE *out;
    struct arena *arena;
};

static void print_value(const struct printing *p, const char *path, const struct node *n)
{
    text_print_safe(p->out, path);
    fputs(": ", p->out);
    node_print_flow(n, p->out);
    const struct place at = node_place(n);
    fputs("    # ", p->out);
    const bool is_file = at.source && at.source->path[0] != '-';
    if (is_file) {
        text_print_safe(p->out, at.source->path);
        fprintf(p->out, ":%zu ", at.line);
    }
    fprintf(p->out, "(%s)\n", n->layer ? _(n->layer) : _("scenario"));
}

static void print_fields(const struct printing *p, const struct field *fields, const char *path,
                         const struct node *map);

static const char *path_of(const struct printing *p, const char *path, const char *key)
{
    return arena_printf(p->arena, "%s%s%s", path, *path ? "." : "", key);
}

/* `row` may be NULL below values that have no table of their own. */
static void print_node(const struct printing *p, const struct field *row, const char *path,
                       const struct node *n)
{
    if (n->type != NODE_MAP || n->n == 0) {
        print_value(p, path, n);
        return;
    }
    if (row && row->type == &field_section) {
        print_fields(p, row->fields, path, n);
        return;
    }
    for (const struct node *c = n->first; c; c = c->next)
        print_node(p, row ? row->entry : NULL, path_of(p, path, c->key), c);
}

/* In the order of the table; `map` NULL: a section that was not given. */
static void print_fields(const struct printing *p, const struct field *fields, const char *path,
                         const struct node *map)
{
    for (const struct field *f = fields; f->key; f++) {
        const struct node *n = node_get(map, f->key);
        const char *below = path_of(p, path, f->key);
        if (n)
            print_node(p, f, below, n);
        else if (f->type == &field_section && f->offset != FIELD_CHECK)
            print_fields(p, f->fields, below, NULL);
        else if (f->fallback)
            print_value(p, below, field_fallback_node(f, p->arena));
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

void scenario_print_merged(const struct scenario *s, FILE *out)
{
    const struct printing p = {out, arena_new()};
    for (const struct field *f = root_fields; f->key; f++) {
        const struct field one[] = {*f, FIELDS_END};
        if (is_input(f)) print_fields(&p, one, "", s->root);
    }
    arena_free(p.arena);
}
