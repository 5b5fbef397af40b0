#include "scenarios/paths.h"
#include "scenarios/types.h"
#include <string.h>

enum { MAX_CANDIDATES = 512 };

struct walk {
    const struct path_change *change;
    struct arena *arena;
    struct diag *diag;
    struct field_reader reader;
    size_t n_matches;
    size_t value_nodes;      /* of the value that is set */
    bool checked;            /* the value, against the table */
    bool said;               /* a finding tells why */
    const char *stuck;       /* rest of the path where it led nowhere, the first time */
    const struct field *row; /* of the map in which it led nowhere */
    const struct node *map;
};

static const struct field root_row = {.key = "", .type = &field_section, .fields = root_fields};

static void walk_on(struct walk *w, const struct field *row, struct node *map, const char *rest);

/* Bytes of the next step when names hold no dots. */
static size_t step_bytes(const char *rest)
{
    return strcspn(rest, ".");
}

static const char *behind(const char *rest, size_t bytes)
{
    return rest + bytes + (rest[bytes] == '.');
}

static void check_value(struct walk *w, const struct field *row)
{
    const struct node *value = w->change->value;
    if (!value || w->checked) return;
    const size_t before = w->diag->n_errors;
    w->checked = true;
    if (!w->change->each) {
        field_read(row, NULL, value, &w->reader);
    } else {
        const size_t mark = field_enter(&w->reader, w->change->path);
        for (const struct node *c = value->first; c; c = c->next)
            field_read(row, NULL, c, &w->reader);
        field_leave(&w->reader, mark);
    }
    if (w->diag->n_errors > before) w->said = true;
}

static void set_value(struct walk *w, struct node *map, const char *key)
{
    size_t *left = w->change->nodes_left;
    *left -= *left < w->value_nodes ? *left : w->value_nodes;
    if (*left == 0) return;
    struct node *value = node_copy(w->change->value, w->arena);
    node_set_layer(value, w->change->layer);
    const struct node *old = node_get(map, key);
    if (old && old->type == NODE_MAP && value->type == NODE_MAP)
        value = node_merge(old, value, w->arena, left);
    node_put(map, key, value, w->arena);
}

/* The path ends here. */
static void leaf(struct walk *w, const struct field *row, struct node *map, const char *key)
{
    if (w->change->action == PATH_REMOVE) {
        struct node *old = node_get(map, key);
        if (!old) return;
        node_remove(map, old);
    } else {
        check_value(w, row);
        if (w->change->action == PATH_SET && !w->said) set_value(w, map, key);
    }
    w->n_matches++;
}

/* A number that becomes a triple when one of its parts is set. */
static struct node *triple_of(struct node *map, struct node *number, struct arena *a)
{
    struct node *triple = node_share(number, a);
    struct node *base = node_share(number, a);
    triple->type = NODE_MAP;
    triple->text = NULL;
    node_put(triple, "base", base, a);
    return node_put(map, number->key, triple, a);
}

static void single_value_error(struct walk *w, const struct node *n)
{
    if (w->said) return;
    w->said = true;
    diag_error(w->diag, ERR_PATH_UNKNOWN, w->change->at, _("nothing matches the path '%s'"),
               w->change->path);
    diag_why(w->diag, _("'%s' is a single value at %s and has no keys"), n->key,
             place_text(node_place(n), w->arena));
    diag_fix(w->diag, _("shorten the path to that value"));
}

/* A map that the setting makes on its way; it stands where the setting stands. */
static struct node *map_at(const struct walk *w)
{
    const struct place at = w->change->at;
    struct node *map = node_new(NODE_MAP, w->arena);
    map->layer = w->change->layer;
    map->source = at.source;
    map->line = map->key_line = (uint32_t)at.line;
    map->column = map->key_column = (uint32_t)at.column;
    map->end_column = map->key_end_column = (uint32_t)at.end_column;
    return map;
}

/* One step down to `key`, whose row is `row`. */
static void step(struct walk *w, const struct field *row, struct node *map, const char *key,
                 const char *rest)
{
    if (!*rest) {
        leaf(w, row, map, key);
        return;
    }
    struct node *child = map ? node_get(map, key) : NULL;
    const bool set = w->change->action == PATH_SET;
    if (child && child->type == NODE_TEXT && set && row->type == &type_uncertain)
        child = triple_of(map, child, w->arena);
    if (child && child->type == NODE_TEXT && row->type != &type_uncertain) {
        single_value_error(w, child);
        return;
    }
    if (!child && set) {
        child = node_put(map, key, map_at(w), w->arena);
    }
    walk_on(w, row, child, rest);
}

/* The name at the start of `rest` that exists in the map, the longest that fits; 0 when there is none. */
static size_t existing_bytes(const struct node *map, const char *rest, struct arena *a)
{
    for (size_t bytes = strlen(rest); bytes > 0; bytes--) {
        if (rest[bytes] && rest[bytes] != '.') continue;
        if (node_get(map, arena_strndup(a, rest, bytes))) return bytes;
    }
    return 0;
}

/* A name that is not there yet: all the rest, less the keys that may follow it. */
static size_t new_bytes(const struct field *entry, const char *rest)
{
    if (entry->entry) return step_bytes(rest);
    const char *dot = strrchr(rest, '.');
    if (entry->fields && dot && fields_find(entry->fields, dot + 1)) return (size_t)(dot - rest);
    return strlen(rest);
}

static bool has_free_names(const struct field *row, const struct node *map)
{
    return row->open && (!map || map->type == NODE_MAP);
}

static void bad_name(struct walk *w, const struct field *row, const char *name)
{
    if (w->said) return;
    w->said = true;
    diag_error(w->diag, ERR_PATH_UNKNOWN, w->change->at, _("nothing matches the path '%s'"),
               w->change->path);
    diag_why(w->diag, _("'%s' cannot be a name there"), name);
    diag_fix(w->diag, _("write %s"), _(row->expected));
}

/* Steps into the entry at the start of `rest`; false when there is none. */
static bool step_entry(struct walk *w, const struct field *row, struct node *map, const char *rest)
{
    size_t bytes = 0;
    const char *name = NULL, *after = NULL;
    if (*rest == '"') {
        const char *end = strchr(rest + 1, '"');
        if (!end || (end[1] && end[1] != '.')) return false;
        name = arena_strndup(w->arena, rest + 1, (size_t)(end - rest - 1));
        after = behind(rest, (size_t)(end - rest) + 1);
        if (!node_get(map, name) && !has_free_names(row, map)) return false;
    } else {
        bytes = existing_bytes(map, rest, w->arena);
        if (bytes == 0 && has_free_names(row, map)) bytes = new_bytes(row->entry, rest);
        if (bytes == 0) return false;
        name = arena_strndup(w->arena, rest, bytes);
        after = behind(rest, bytes);
    }
    if (row->pattern && !field_matches(row->pattern, name, &w->reader)) {
        bad_name(w, row, name);
        return true;
    }
    step(w, row->entry, map, name, after);
    return true;
}

static void step_all(struct walk *w, const struct field *row, struct node *map, const char *rest)
{
    const char *after = behind(rest, 1);
    for (struct node *c = map ? map->first : NULL, *next; c; c = next) {
        next = c->next;
        step(w, row->entry, map, c->key, after);
    }
}

static void walk_on(struct walk *w, const struct field *row, struct node *map, const char *rest)
{
    const size_t bytes = step_bytes(rest);
    const char *key = arena_strndup(w->arena, rest, bytes);
    const struct field *child = row->fields ? fields_find(row->fields, key) : NULL;
    if (child) {
        step(w, child, map, child->key, behind(rest, bytes));
        return;
    }
    if (row->entry && row->type != &field_list) {
        if (!strcmp(key, "*")) {
            step_all(w, row, map, rest);
            return;
        }
        if (step_entry(w, row, map, rest)) return;
    }
    if (w->stuck) return;
    w->stuck = rest;
    w->row = row;
    w->map = map;
}

/* What is read before any setting can act, or holds the settings themselves. */
static bool is_fixed(const char *path)
{
    static const char *const fixed[] = {"version", "include", "variants"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strlen(fixed[i]) == step_bytes(path) && !strncmp(path, fixed[i], step_bytes(path)))
            return true;
    return false;
}

/* What could stand where the path led nowhere. */
static size_t candidates(const struct walk *w, const char **names)
{
    size_t n = 0;
    for (const struct field *f = w->row->fields; f && f->key && n < MAX_CANDIDATES; f++)
        if (w->row != &root_row || !is_fixed(f->key)) names[n++] = f->key;
    const bool entries = w->row->entry && w->row->type != &field_list && w->map;
    for (const struct node *c = entries ? w->map->first : NULL; c && n < MAX_CANDIDATES;
         c = c->next)
        names[n++] = c->key;
    return n;
}

static void suggest(struct walk *w)
{
    const char *names[MAX_CANDIDATES], *path = w->change->path;
    const size_t n = candidates(w, names), bytes = step_bytes(w->stuck);
    const char *name = arena_strndup(w->arena, w->stuck, bytes);
    const char *near = nearest_name(name, names, n);
    const int before = (int)(w->stuck - path);
    if (near)
        diag_fix(w->diag, _("did you mean '%.*s%s%s'?"), before, path, near, w->stuck + bytes);
    else if (n == 0 && w->row->entry && w->row->type != &field_list)
        diag_fix(w->diag, _("'%.*s' has no entries"), before ? before - 1 : 0, path);
    else if (n == 0)
        diag_fix(w->diag, _("the path can go no further than '%.*s'"), before ? before - 1 : 0,
                 path);
    else if (before == 0)
        diag_fix(w->diag, _("the path may start with: %s"), words_join(names, n, w->arena));
    else
        diag_fix(w->diag, _("behind '%.*s' may stand: %s"), before, path,
                 words_join(names, n < 40 ? n : 40, w->arena));
}

static enum err nothing_matched(struct walk *w)
{
    const struct path_change *c = w->change;
    if (c->action == PATH_REMOVE && !w->stuck) {
        diag_error(w->diag, ERR_PATH_UNKNOWN, c->at, _("there is nothing to remove at '%s'"),
                   c->path);
        diag_fix(w->diag, _("remove it where it is written; what comes from a template or from "
                            "defaults is removed there"));
        return ERR_PATH_UNKNOWN;
    }
    diag_error(w->diag, ERR_PATH_UNKNOWN, c->at, _("nothing matches the path '%s'"), c->path);
    if (w->stuck)
        suggest(w);
    else
        diag_fix(w->diag, _("'*' stands for every entry of a map, and there is none"));
    return ERR_PATH_UNKNOWN;
}

enum err path_apply(struct node *root, const struct path_change *change, struct arena *a,
                    struct diag *d)
{
    struct walk w = {.change = change, .arena = a, .diag = d, .reader = {.arena = a, .diag = d}};
    if (is_fixed(change->path)) {
        diag_error(d, ERR_PATH_UNKNOWN, change->at, _("'%s' cannot be changed by a setting"),
                   change->path);
        diag_why(d, _("it is read before settings are applied"));
        diag_fix(d, _("change it in the file"));
        return ERR_PATH_UNKNOWN;
    }
    if (strlen(change->path) > MAX_PATH_BYTES) {
        diag_error(d, ERR_TOO_LARGE, change->at, _("a path is longer than %d bytes"),
                   MAX_PATH_BYTES);
        diag_fix(d, _("no path of the format is that long"));
        return ERR_TOO_LARGE;
    }
    if (change->action == PATH_SET) w.value_nodes = node_count(change->value);
    walk_on(&w, &root_row, root, change->path);
    if (w.said) return d->code;
    return w.n_matches > 0 ? OK : nothing_matched(&w);
}
