#include "scenarios/merge.h"
#include "common/source.h"
#include "scenarios/kinds.h"
#include "scenarios/types.h"
#include <assert.h>
#include <string.h>

struct spreading {
    struct document *document;
    const struct node *templates, *defaults;
    struct node *resolved; /* templates with all they extend, by name */
    struct node *broken;   /* names of templates whose chain is wrong; said once */
    struct node *kinds;    /* trees of the kind defaults, by name */
    struct arena *arena;
    struct diag *diag;
};

/* `over` on `base`, either of which may be NULL. */
static const struct node *put_on(struct spreading *s, const struct node *base,
                                 const struct node *over)
{
    if (!base || !over) return base ? base : over;
    return node_merge(base, over, s->arena, &s->document->nodes_left);
}

/* --- templates --- */

static enum err unknown_template(const struct spreading *s, const struct node *extends)
{
    size_t n = 0;
    const char **names = NULL;
    for (const struct node *c = s->templates ? s->templates->first : NULL; c; c = c->next)
        *ARENA_PUSH(s->arena, names, n) = c->key;
    diag_error(s->diag, ERR_NAME_UNDEFINED, node_place(extends), _("there is no template '%s'"),
               extends->text);
    const char *near = nearest_name(extends->text, names, n);
    if (near)
        diag_fix(s->diag, _("did you mean '%s'?"), near);
    else if (n > 0)
        diag_fix(s->diag, _("the templates are: %s"), words_join(names, n < 40 ? n : 40, s->arena));
    else
        diag_fix(s->diag, _("define it under 'templates:'"));
    return ERR_NAME_UNDEFINED;
}

static enum err chain_error(const struct spreading *s, const struct node *template, bool cycle)
{
    if (cycle) {
        diag_error(s->diag, ERR_CYCLE, node_key_place(template),
                   _("the template '%s' extends itself"), template->key);
        diag_fix(s->diag, _("take one `extends` out of the chain"));
        return ERR_CYCLE;
    }
    diag_error(s->diag, ERR_TOO_LARGE, node_key_place(template),
               _("more than %d templates extend each other"), MAX_CHAIN);
    diag_fix(s->diag, _("shorten the chain of `extends`"));
    return ERR_TOO_LARGE;
}

/* The template with everything it extends below it; each is merged once. */
static enum err template_resolve(struct spreading *s, const struct node *extends,
                                 const struct node **out)
{
    struct node *chain[MAX_CHAIN];
    const struct node *below = NULL;
    size_t n = 0;
    for (; extends && !below; extends = node_get(chain[n - 1], "extends")) {
        below = node_get(s->resolved, extends->text);
        if (below) break;
        struct node *template = node_get(s->templates, extends->text);
        if (!template) return unknown_template(s, extends);
        for (size_t i = 0; i < n; i++)
            if (chain[i] == template) return chain_error(s, template, true);
        if (n == MAX_CHAIN) return chain_error(s, template, false);
        chain[n++] = template;
    }
    while (n-- > 0) {
        node_set_layer(chain[n], arena_printf(s->arena, _("template %s"), chain[n]->key));
        below = put_on(s, below, chain[n]);
        node_put(s->resolved, chain[n]->key, node_share(below, s->arena), s->arena);
    }
    *out = below;
    return OK;
}

/* Every template is resolved, used or not, so that a wrong one does not wait for its first use. */
static void check_templates(struct spreading *s)
{
    for (const struct node *c = s->templates ? s->templates->first : NULL; c; c = c->next) {
        const struct node *extends = node_get(c, "extends"), *resolved;
        if (!extends) continue;
        if (template_resolve(s, extends, &resolved) != OK)
            node_put(s->broken, c->key, node_new(NODE_TEXT, s->arena), s->arena);
    }
}

/* --- kind defaults --- */

/* Built-in values were written nowhere. */
static void forget_places(struct node *n)
{
    n->source = NULL;
    n->line = n->key_line = 0;
    for (struct node *c = n->first; c; c = c->next) forget_places(c);
}

/* The tree of a kind's "path=value" pairs; paths there are plain keys. */
static enum err kind_tree(struct spreading *s, const struct workload_kind *kind,
                          const struct node **out)
{
    *out = node_get(s->kinds, kind->name);
    if (*out || !kind->defaults) return OK;
    struct node *tree = node_put(s->kinds, kind->name, node_new(NODE_MAP, s->arena), s->arena);
    for (const char *const *pair = kind->defaults; *pair; pair++) {
        const struct source *source = source_of_text(kind->name, *pair, s->arena);
        const char *at = *pair, *equals = strchr(at, '=');
        assert(equals);
        struct node *map = tree, *value = NULL;
        for (const char *dot = strchr(at, '.'); dot && dot < equals; dot = strchr(at, '.')) {
            const char *key = arena_strndup(s->arena, at, (size_t)(dot - at));
            struct node *inner = node_get(map, key);
            map = inner ? inner : node_put(map, key, node_new(NODE_MAP, s->arena), s->arena);
            at = dot + 1;
        }
        TRY(node_read_value(&value, source, (size_t)(equals - *pair) + 1, s->arena, s->diag));
        node_put(map, arena_strndup(s->arena, at, (size_t)(equals - at)), value, s->arena);
    }
    node_set_layer(tree, N_("kind default"));
    forget_places(tree);
    *out = tree;
    return OK;
}

/* --- workloads --- */

static enum err kind_error(const struct spreading *s, const struct node *workload)
{
    diag_error(s->diag, ERR_KEY_MISSING, node_key_place(workload), _("workloads.%s has no kind"),
               workload->key);
    diag_why(s->diag, _("the kind says what the work is and which defaults hold"));
    diag_fix(s->diag, _("add for example 'kind: training'"));
    return ERR_KEY_MISSING;
}

static enum err workload_spread(struct spreading *s, const struct node *workload, struct node **out)
{
    const struct node *extends = node_get(workload, "extends"), *below = NULL,
                      *kind_defaults = NULL;
    if (!extends) extends = node_get(s->defaults, "extends");
    if (extends && node_get(s->broken, extends->text)) return ERR_NAME_UNDEFINED;
    TRY(template_resolve(s, extends, &below));
    below = put_on(s, put_on(s, below, s->defaults), workload);
    const struct node *kind = node_get(below, "kind");
    if (!kind) return kind_error(s, workload);
    const struct workload_kind *found = kind_find(kind->text);
    assert(found); /* the tables let no other name pass */
    TRY(kind_tree(s, found, &kind_defaults));
    below = put_on(s, kind_defaults, below);
    *out = node_share(below, s->arena);
    return merge_limit(s->document, s->diag);
}

static enum err workloads_spread(struct spreading *s, struct node *workloads, struct node **out)
{
    const size_t before = s->diag->n_errors;
    *out = node_new(NODE_MAP, s->arena);
    for (struct node *c = workloads->first; c; c = c->next) {
        struct node *complete = NULL;
        node_set_layer(c, N_("workload"));
        const enum err e = workload_spread(s, c, &complete);
        if (e == ERR_TOO_LARGE) return e;
        if (e == OK) node_put(*out, c->key, complete, s->arena);
    }
    return s->diag->n_errors > before ? s->diag->code : OK;
}

static bool is_done(const char *key)
{
    return !strcmp(key, "templates") || !strcmp(key, "defaults") || !strcmp(key, "include");
}

enum err layers_spread(struct node **merged, struct document *document, struct arena *a,
                       struct diag *d)
{
    struct node *root = document->root, *defaults = node_get(root, "defaults");
    struct node *workloads = node_get(root, "workloads"), *complete = NULL;
    struct spreading s = {.document = document,
                          .templates = node_get(root, "templates"),
                          .defaults = defaults,
                          .resolved = node_new(NODE_MAP, a),
                          .broken = node_new(NODE_MAP, a),
                          .kinds = node_new(NODE_MAP, a),
                          .arena = a,
                          .diag = d};
    const size_t before = d->n_errors;
    if (defaults) node_set_layer(defaults, N_("defaults"));
    check_templates(&s);
    if (workloads) TRY(workloads_spread(&s, workloads, &complete));
    if (d->n_errors > before) return d->code;
    *merged = node_new(NODE_MAP, a);
    (*merged)->source = root->source;
    for (const struct node *c = root->first; c; c = c->next) {
        if (is_done(c->key)) continue;
        struct node *section = node_share(c, a);
        if (c == workloads) {
            section->first = complete->first;
            section->last = complete->last;
            section->sorted = complete->sorted;
            section->n = complete->n;
        }
        node_put(*merged, c->key, section, a);
        node_set_layer(section, N_("scenario"));
    }
    return OK;
}
