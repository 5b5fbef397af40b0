/* libyaml's events, turned into the tree; the only file that sees libyaml. The event interface expands no aliases, and
 * stopping at depth 64 ends the inputs on which libyaml 0.2.5 needs quadratic time. */
#include "common/node.h"
#include "common/yaml_hint.h"
#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t yaml;
    const struct source *source;
    size_t column_shift; /* of the first line, when a part of a line is read */
    struct arena *arena;
    struct diag *diag;
    size_t n_nodes;
};

static struct place mark_place(const struct reader *r, yaml_mark_t from, yaml_mark_t to)
{
    const size_t shift = from.line == 0 ? r->column_shift : 0;
    const size_t width =
        to.line == from.line && to.column > from.column ? to.column - from.column : 1;
    return (struct place){r->source, from.line + 1, from.column + shift + 1,
                          from.column + shift + 1 + width};
}

static enum err next_event(struct reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->yaml, event)) return OK;
    const yaml_parser_t *y = &r->yaml;
    if (y->error == YAML_MEMORY_ERROR)
        return diag_error(r->diag, ERR_TOO_LARGE, (struct place){0},
                          _("no memory is left to read '%s'"), r->source->path);
    const size_t shift = y->problem_mark.line == 0 ? r->column_shift : 0;
    const size_t context_shift = y->context_mark.line == 0 ? r->column_shift : 0;
    const struct yaml_trouble t = {
        .problem = y->problem ? y->problem : "",
        .context = y->context,
        .line = y->problem_mark.line,
        .column = y->problem_mark.column + shift,
        .context_line = y->context_mark.line,
        .context_column = y->context_mark.column + context_shift,
    };
    return yaml_explain(r->source, &t, r->diag);
}

static struct node *node_at(struct reader *r, enum node_type type, const yaml_event_t *e)
{
    const struct place at = mark_place(r, e->start_mark, e->end_mark);
    struct node *n = node_new(type, r->arena);
    n->source = r->source;
    n->line = (uint32_t)at.line;
    n->column = (uint32_t)at.column;
    n->end_column = (uint32_t)at.end_column;
    return n;
}

static void feature_error(struct reader *r, const yaml_event_t *e, const char *what)
{
    diag_error(r->diag, ERR_YAML_FEATURE, mark_place(r, e->start_mark, e->end_mark), "%s", what);
    diag_fix(r->diag, _("write the value out, or share it with `templates:` and `extends:`"));
}

/* Anchors, tags and aliases are refused; reading goes on to find more. */
static void check_features(struct reader *r, const yaml_event_t *e)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (e->type == YAML_ALIAS_EVENT) {
        feature_error(r, e, _("aliases ('*name') are not read"));
    } else if (e->type == YAML_SCALAR_EVENT) {
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
    } else if (e->type == YAML_MAPPING_START_EVENT) {
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
    }
    if (anchor) feature_error(r, e, _("anchors ('&name') are not read"));
    if (tag) feature_error(r, e, _("tags ('!name') are not read"));
}

/* The text of a scalar; a NUL that came in by an escape is refused, it would cut the text short. */
static const char *scalar_text(struct reader *r, const yaml_event_t *e)
{
    const char *text = (const char *)e->data.scalar.value;
    if (memchr(text, 0, e->data.scalar.length)) {
        diag_error(r->diag, ERR_YAML, mark_place(r, e->start_mark, e->end_mark),
                   _("not valid YAML"));
        diag_why(r->diag, _("the text holds the character U+0000"));
        diag_fix(r->diag, _("take the escape out of the text"));
    }
    return arena_strndup(r->arena, text, e->data.scalar.length);
}

static enum err count_node(struct reader *r, const yaml_event_t *e)
{
    if (++r->n_nodes <= NODE_MAX_NODES) return OK;
    diag_error(r->diag, ERR_TOO_LARGE, mark_place(r, e->start_mark, e->end_mark),
               _("the file holds more than %d values"), NODE_MAX_NODES);
    diag_fix(r->diag, _("put long lists into CSV files"));
    return ERR_TOO_LARGE;
}

static enum err depth_error(struct reader *r, const yaml_event_t *e)
{
    diag_error(r->diag, ERR_TOO_LARGE, mark_place(r, e->start_mark, e->end_mark),
               _("maps and lists are nested more than %d deep"), NODE_MAX_DEPTH);
    diag_fix(r->diag, _("no key of a scenario lies that deep; look for brackets too many"));
    return ERR_TOO_LARGE;
}

/* A key is a text node whose text is the key. */
static enum err read_key(struct reader *r, const yaml_event_t *e, struct node **key)
{
    TRY(count_node(r, e));
    check_features(r, e);
    if (e->type != YAML_SCALAR_EVENT && e->type != YAML_ALIAS_EVENT) {
        diag_error(r->diag, ERR_YAML, mark_place(r, e->start_mark, e->end_mark),
                   _("not valid YAML"));
        diag_why(r->diag, _("a key must be plain text, not a map or a list"));
        diag_fix(r->diag, _("write 'key: value'; text with brackets needs quotes"));
        return ERR_YAML;
    }
    *key = node_at(r, NODE_TEXT, e);
    (*key)->text = "";
    if (e->type == YAML_ALIAS_EVENT) return OK;
    (*key)->text = scalar_text(r, e);
    (*key)->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (!(*key)->quoted && !strcmp((*key)->text, "<<"))
        feature_error(r, e, _("merge keys ('<<') are not read"));
    return OK;
}

static void set_key(struct node *n, const struct node *key)
{
    n->key = key->text;
    n->key_line = key->line;
    n->key_column = key->column;
    n->key_end_column = key->end_column;
}

static int by_key_and_place(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
    const int order = strcmp(x->key, y->key);
    if (order != 0) return order;
    if (x->key_line != y->key_line) return x->key_line < y->key_line ? -1 : 1;
    return x->key_column < y->key_column ? -1 : x->key_column > y->key_column;
}

static void check_duplicates(struct reader *r, struct node *const *sorted, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const struct node *first = sorted[i - 1], *second = sorted[i];
        if (strcmp(first->key, second->key) != 0) continue;
        diag_error(r->diag, ERR_DUPLICATE_KEY, node_key_place(second), _("key '%s' is set twice"),
                   second->key);
        diag_fix(r->diag, _("it is set first at %s:%u:%u; delete one of the two"), r->source->path,
                 first->key_line, first->key_column);
    }
}

/* Builds the index of a map that has been read. */
static void finish_map(struct reader *r, struct node *map)
{
    struct node **sorted = NULL;
    size_t n = 0;
    for (struct node *c = map->first; c; c = c->next) {
        sorted = arena_grow(r->arena, sorted, n, NODE_POINTER_BYTES);
        sorted[n++] = c;
    }
    map->sorted = sorted;
    if (!sorted) return;
    qsort(sorted, n, NODE_POINTER_BYTES, by_key_and_place);
    check_duplicates(r, sorted, n);
}

static enum err read_event(struct reader *r, const yaml_event_t *e, int depth, struct node **out);

/* Reads the next event as a value (or, with `key`, as a key). `end` is set at the end of the collection. */
static enum err read_next(struct reader *r, int depth, struct node **out, bool key, bool *end)
{
    yaml_event_t e;
    TRY(next_event(r, &e));
    *end = e.type == YAML_MAPPING_END_EVENT || e.type == YAML_SEQUENCE_END_EVENT;
    enum err result = OK;
    if (!*end) result = key ? read_key(r, &e, out) : read_event(r, &e, depth, out);
    yaml_event_delete(&e);
    return result;
}

static enum err read_children(struct reader *r, struct node *parent, int depth)
{
    for (;;) {
        struct node *key = NULL, *child = NULL;
        bool end = false;
        if (parent->type == NODE_MAP) TRY(read_next(r, depth, &key, true, &end));
        if (!end) TRY(read_next(r, depth, &child, false, &end));
        if (end) break;
        if (key) set_key(child, key);
        node_append(parent, child);
    }
    if (parent->type == NODE_MAP) finish_map(r, parent);
    return OK;
}

static enum err read_event(struct reader *r, const yaml_event_t *e, int depth, struct node **out)
{
    TRY(count_node(r, e));
    check_features(r, e);
    if (e->type == YAML_MAPPING_START_EVENT || e->type == YAML_SEQUENCE_START_EVENT) {
        if (depth >= NODE_MAX_DEPTH) return depth_error(r, e);
        *out = node_at(r, e->type == YAML_MAPPING_START_EVENT ? NODE_MAP : NODE_LIST, e);
        return read_children(r, *out, depth + 1);
    }
    *out = node_at(r, NODE_TEXT, e);
    (*out)->text = "";
    if (e->type != YAML_SCALAR_EVENT) return OK; /* an alias: reported already */
    (*out)->text = scalar_text(r, e);
    (*out)->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return OK;
}

/* The first document of the stream into `root`, which stays NULL when there is none; a second one is refused. */
static enum err read_stream(struct reader *r, struct node **root)
{
    for (;;) {
        yaml_event_t e;
        TRY(next_event(r, &e));
        const yaml_event_type_t type = e.type;
        const bool mark = type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
                          type == YAML_DOCUMENT_END_EVENT || type == YAML_STREAM_END_EVENT;
        enum err result = OK;
        if (type == YAML_DOCUMENT_START_EVENT && *root) {
            result = diag_error(r->diag, ERR_YAML, mark_place(r, e.start_mark, e.end_mark),
                                _("not valid YAML"));
            diag_why(r->diag, _("a second document starts here; a scenario is one document"));
            diag_fix(r->diag, _("put it into a file of its own"));
        } else if (!mark) {
            result = read_event(r, &e, 0, root);
        }
        yaml_event_delete(&e);
        if (result != OK || type == YAML_STREAM_END_EVENT) return result;
    }
}

static enum err read_text(struct node **root, const struct source *s, size_t from, struct arena *a,
                          struct diag *d)
{
    struct reader r = {.source = s, .arena = a, .diag = d};
    const size_t before = d->n_errors;
    for (size_t i = 0; i < from; i++) r.column_shift += ((unsigned char)s->text[i] & 0xc0) != 0x80;
    *root = NULL;
    if (!yaml_parser_initialize(&r.yaml))
        return diag_error(d, ERR_TOO_LARGE, (struct place){0}, _("no memory is left to read '%s'"),
                          s->path);
    yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.yaml, (const unsigned char *)s->text + from, s->bytes - from);
    const enum err result = read_stream(&r, root);
    yaml_parser_delete(&r.yaml);
    if (result != OK) return result;
    return d->n_errors > before ? d->code : OK;
}

enum err node_read(struct node **root, const struct source *s, struct arena *a, struct diag *d)
{
    TRY(read_text(root, s, 0, a, d));
    if (*root && (*root)->type == NODE_MAP) return OK;
    if (!*root) {
        diag_error(d, ERR_VALUE_FORM, (struct place){.source = s}, _("the file is empty"));
    } else {
        if ((*root)->type == NODE_TEXT && yaml_explain_colon((*root)->text, node_place(*root), d))
            return ERR_YAML;
        diag_error(d, ERR_VALUE_FORM, node_place(*root), _("the file holds no keys and values"));
    }
    diag_fix(d, _("a scenario starts with 'version: 1' and has 'workloads:'"));
    return ERR_VALUE_FORM;
}

enum err node_read_value(struct node **value, const struct source *s, size_t from, struct arena *a,
                         struct diag *d)
{
    TRY(read_text(value, s, from, a, d));
    if (*value) return OK;
    *value = node_text("", false, a);
    (*value)->source = s;
    (*value)->line = 1;
    (*value)->column = (uint32_t)s->bytes + 1;
    (*value)->end_column = (*value)->column + 1;
    return OK;
}
