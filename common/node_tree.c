/* The tree itself: looking up, changing, merging, printing. Maps keep their children sorted by key beside the order of
 * the file, so that large maps cost O(n log n) whatever their keys are. */
#include "common/node.h"
#include "common/source.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Where `key` is in map->sorted, or where it belongs. */
static size_t sorted_place(const struct node *map, const char *key)
{
    size_t low = 0, high = map->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(map->sorted[middle]->key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct node *node_get(const struct node *map, const char *key)
{
    if (!map || map->type != NODE_MAP) return NULL;
    const size_t at = sorted_place(map, key);
    return at < map->n && !strcmp(map->sorted[at]->key, key) ? map->sorted[at] : NULL;
}

static const struct node *list_entry(const struct node *list, const char *number)
{
    char *end;
    if (!isdigit((unsigned char)*number)) return NULL;
    const unsigned long wanted = strtoul(number, &end, 10);
    if (*end || wanted >= list->n) return NULL;
    const struct node *n = list->first;
    for (unsigned long i = 0; i < wanted; i++) n = n->next;
    return n;
}

/* The child that the first `length` bytes of `path` name. */
static const struct node *child_named(const struct node *n, const char *path, size_t length)
{
    char name[512];
    if (length >= sizeof name) return NULL;
    memcpy(name, path, length);
    name[length] = '\0';
    return n->type == NODE_LIST ? list_entry(n, name) : node_get(n, name);
}

const struct node *node_find(const struct node *n, const char *path)
{
    while (n && *path) {
        const struct node *child = NULL;
        size_t length = strlen(path);
        for (;;) {
            child = child_named(n, path, length);
            if (child) break;
            while (length > 0 && path[length - 1] != '.') length--;
            if (length == 0) return NULL;
            length--;
        }
        path += length;
        path += *path == '.';
        n = child;
    }
    return n;
}

struct place node_place(const struct node *n)
{
    if (n->line == 0) return (struct place){0};
    return (struct place){n->source, n->line, n->column, n->end_column};
}

struct place node_key_place(const struct node *n)
{
    if (n->key_line == 0) return node_place(n);
    return (struct place){n->source, n->key_line, n->key_column, n->key_end_column};
}

const char *node_file_path(const struct node *n, struct arena *a)
{
    if (!n->source || *n->text == '/') return n->text;
    return arena_printf(a, "%s%s", source_folder(n->source, a), n->text);
}

struct node *node_new(enum node_type type, struct arena *a)
{
    struct node *n = ARENA_NEW(a, struct node, 1);
    n->type = type;
    return n;
}

struct node *node_text(const char *text, bool quoted, struct arena *a)
{
    struct node *n = node_new(NODE_TEXT, a);
    n->text = arena_strdup(a, text);
    n->quoted = quoted;
    return n;
}

struct node *node_append(struct node *list, struct node *child)
{
    child->next = NULL;
    child->prev = list->last;
    if (list->last)
        list->last->next = child;
    else
        list->first = child;
    list->last = child;
    list->n++;
    return child;
}

static void take_over(struct node *map, struct node *old, struct node *child)
{
    child->prev = old->prev;
    child->next = old->next;
    if (child->prev)
        child->prev->next = child;
    else
        map->first = child;
    if (child->next)
        child->next->prev = child;
    else
        map->last = child;
}

struct node *node_put(struct node *map, const char *key, struct node *child, struct arena *a)
{
    const size_t at = sorted_place(map, key);
    child->key = arena_strdup(a, key);
    if (at < map->n && !strcmp(map->sorted[at]->key, key)) {
        take_over(map, map->sorted[at], child);
        map->sorted[at] = child;
        return child;
    }
    map->sorted = arena_grow(a, map->sorted, map->n, NODE_POINTER_BYTES);
    memmove(map->sorted + at + 1, map->sorted + at, (map->n - at) * NODE_POINTER_BYTES);
    map->sorted[at] = child;
    return node_append(map, child);
}

void node_remove(struct node *map, struct node *child)
{
    const size_t at = sorted_place(map, child->key);
    memmove(map->sorted + at, map->sorted + at + 1, (map->n - at - 1) * NODE_POINTER_BYTES);
    map->n--;
    if (child->prev)
        child->prev->next = child->next;
    else
        map->first = child->next;
    if (child->next)
        child->next->prev = child->prev;
    else
        map->last = child->prev;
}

struct node *node_share(const struct node *n, struct arena *a)
{
    struct node *copy = ARENA_NEW(a, struct node, 1);
    *copy = *n;
    copy->next = copy->prev = NULL;
    return copy;
}

struct node *node_copy(const struct node *n, struct arena *a)
{
    struct node *copy = node_share(n, a);
    copy->first = copy->last = NULL;
    copy->sorted = NULL;
    copy->n = 0;
    for (const struct node *c = n->first; c; c = c->next) {
        struct node *child = node_copy(c, a);
        if (n->type == NODE_MAP)
            node_put(copy, c->key, child, a);
        else
            node_append(copy, child);
    }
    return copy;
}

void node_set_layer(struct node *n, const char *layer)
{
    if (!n->layer) n->layer = layer;
    for (struct node *c = n->first; c; c = c->next) node_set_layer(c, layer);
}

size_t node_count(const struct node *n)
{
    size_t count = 1;
    for (const struct node *c = n->first; c; c = c->next) count += node_count(c);
    return count;
}

/* A copy of the node that shares its children, put at the end of the map being merged. */
static void share(struct node *map, const struct node *n, struct arena *a, size_t *left)
{
    if (*left == 0) return;
    --*left;
    node_append(map, node_share(n, a));
}

static int by_key(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;
    return strcmp((*x)->key, (*y)->key);
}

static void sort_children(struct node *map, struct arena *a)
{
    size_t capacity = 8; /* a power of two, as arena_grow expects */
    while (capacity < map->n) capacity *= 2;
    map->sorted = arena_alloc(a, capacity, NODE_POINTER_BYTES);
    size_t i = 0;
    for (struct node *c = map->first; c; c = c->next) map->sorted[i++] = c;
    qsort(map->sorted, map->n, NODE_POINTER_BYTES, by_key);
}

struct node *node_merge(const struct node *base, const struct node *over, struct arena *a,
                        size_t *left)
{
    struct node *merged = node_share(over, a);
    if (base->type != NODE_MAP || over->type != NODE_MAP || over->n == 0) {
        if (base->type == NODE_MAP && over->type == NODE_MAP) {
            merged->first = base->first;
            merged->last = base->last;
            merged->sorted = base->sorted;
            merged->n = base->n;
        }
        return merged;
    }
    merged->first = merged->last = NULL;
    merged->n = 0;
    for (const struct node *c = base->first; c && *left > 0; c = c->next) {
        const struct node *above = node_get(over, c->key);
        if (!above) {
            share(merged, c, a, left);
            continue;
        }
        --*left;
        node_append(merged, node_merge(c, above, a, left));
    }
    for (const struct node *c = over->first; c && *left > 0; c = c->next)
        if (!node_get(base, c->key)) share(merged, c, a, left);
    sort_children(merged, a);
    return merged;
}

static void print_json_text(const char *s, FILE *out)
{
    fputc('"', out);
    for (; *s; s++) {
        const unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

static bool is_leaf_map(const struct node *n)
{
    for (const struct node *c = n->first; c; c = c->next)
        if (c->type != NODE_TEXT) return false;
    return true;
}

/* Maps and lists of plain values take one line, the others one line an entry. */
static void print_json(const struct node *n, int indent, FILE *out)
{
    if (n->type == NODE_TEXT) {
        if (n->quoted)
            print_json_text(n->text, out);
        else
            fputs(n->text, out);
        return;
    }
    const bool flat = is_leaf_map(n);
    fputc(n->type == NODE_MAP ? '{' : '[', out);
    for (const struct node *c = n->first; c; c = c->next) {
        if (!flat) fprintf(out, "\n%*s", indent + 2, "");
        if (c->key) {
            print_json_text(c->key, out);
            fputs(": ", out);
        }
        print_json(c, indent + 2, out);
        if (c->next) fputs(flat ? ", " : ",", out);
    }
    if (!flat) fprintf(out, "\n%*s", indent, "");
    fputc(n->type == NODE_MAP ? '}' : ']', out);
}

void node_print_json(const struct node *n, FILE *out)
{
    print_json(n, 0, out);
    fputc('\n', out);
}

/* Text that YAML would read as something else without quotes. */
static bool needs_quotes(const struct node *n)
{
    const char *s = n->text;
    if (!*s || strchr(" -?:,[]{}#&*!|>'\"%@`", *s)) return true;
    if (s[strlen(s) - 1] == ' ' || s[strlen(s) - 1] == ':') return true;
    return strpbrk(s, ",[]{}\n\t\"\\") || strstr(s, ": ") || strstr(s, " #");
}

static void print_flow_text(const struct node *n, FILE *out)
{
    if (!needs_quotes(n)) {
        text_print_safe(out, n->text);
        return;
    }
    char shown[TEXT_SAFE_CHAR_BYTES];
    fputc('"', out);
    for (const char *s = n->text; *s;) {
        if (*s == '"' || *s == '\\') fputc('\\', out);
        s += text_safe_char(shown, s, strlen(s));
        fputs(shown, out);
    }
    fputc('"', out);
}

void node_print_flow(const struct node *n, FILE *out)
{
    if (n->type == NODE_TEXT) {
        print_flow_text(n, out);
        return;
    }
    fputc(n->type == NODE_MAP ? '{' : '[', out);
    for (const struct node *c = n->first; c; c = c->next) {
        if (c->key) {
            text_print_safe(out, c->key);
            fputs(": ", out);
        }
        node_print_flow(c, out);
        if (c->next) fputs(", ", out);
    }
    fputc(n->type == NODE_MAP ? '}' : ']', out);
}
