#include "common/source.h"
#include "scenarios/merge.h"
#include "scenarios/paths.h"
#include "scenarios/types.h"
#include <string.h>

static const char BASE[] = "base"; /* the file without any variant */

static const char **keys_of(const struct node *map, struct arena *a)
{
    size_t n = 0;
    const char **keys = NULL;
    for (const struct node *c = map ? map->first : NULL; c; c = c->next)
        *ARENA_PUSH(a, keys, n) = c->key;
    *ARENA_PUSH(a, keys, n) = NULL;
    return keys;
}

static enum err unknown_variant(const struct node *variants, const char *name, struct place at,
                                struct arena *a, struct diag *d)
{
    const char **keys = keys_of(variants, a);
    const size_t n = variants ? variants->n : 0;
    diag_error(d, ERR_NAME_UNDEFINED, at, _("there is no variant '%s'"), name);
    const char *near = nearest_name(name, keys, n);
    if (near)
        diag_fix(d, _("did you mean '%s'?"), near);
    else if (n > 0)
        diag_fix(d, _("the variants are: %s"), words_join(keys, n < 40 ? n : 40, a));
    else
        diag_fix(d, _("the file has no variants; add it under 'variants:'"));
    return ERR_NAME_UNDEFINED;
}

static const struct node *from_of(const struct node *variant)
{
    const struct node *from = node_get(variant, "from");
    return from && strcmp(from->text, BASE) != 0 ? from : NULL;
}

/* The variant and those it starts from, nearest first. */
static enum err chain_of(const struct node **chain, size_t *n, const struct node *variants,
                         const struct node *variant, struct arena *a, struct diag *d)
{
    *n = 0;
    while (variant) {
        for (size_t i = 0; i < *n; i++) {
            if (chain[i] != variant) continue;
            diag_error(d, ERR_CYCLE, node_key_place(variant),
                       _("the variant '%s' starts from itself"), variant->key);
            diag_fix(d, _("take one `from` out of the chain"));
            return ERR_CYCLE;
        }
        if (*n == MAX_CHAIN) {
            diag_error(d, ERR_TOO_LARGE, node_key_place(variant),
                       _("more than %d variants start from each other"), MAX_CHAIN);
            diag_fix(d, _("shorten the chain of `from`"));
            return ERR_TOO_LARGE;
        }
        chain[(*n)++] = variant;
        const struct node *from = from_of(variant);
        variant = from ? node_get(variants, from->text) : NULL;
        if (from && !variant) return unknown_variant(variants, from->text, node_place(from), a, d);
    }
    return OK;
}

/* The settings of one variant, checked only or applied. */
static void variant_change(struct document *document, const struct node *variant, bool apply,
                           struct arena *a, struct diag *d)
{
    const struct node *removed = node_get(variant, "remove"), *set = node_get(variant, "set");
    struct path_change change = {.action = apply ? PATH_REMOVE : PATH_CHECK};
    enum err ignored = OK; /* the findings are in d */
    for (const struct node *c = removed ? removed->first : NULL; c; c = c->next) {
        change.path = c->text;
        change.at = node_place(c);
        ignored = path_apply(document->root, &change, a, d);
    }
    change.action = apply ? PATH_SET : PATH_CHECK;
    change.nodes_left = &document->nodes_left;
    change.layer = arena_printf(a, _("variant %s"), variant->key);
    for (const struct node *c = set ? set->first : NULL; c; c = c->next) {
        change.path = c->key;
        change.at = node_key_place(c);
        change.value = c;
        ignored = path_apply(document->root, &change, a, d);
    }
    (void)ignored;
}

static void check_variant(struct document *document, const struct node *variants,
                          const struct node *variant, struct arena *a, struct diag *d)
{
    const struct node *chain[MAX_CHAIN];
    size_t n;
    if (!strcmp(variant->key, BASE)) {
        diag_error(d, ERR_CONTRADICTION, node_key_place(variant),
                   _("a variant cannot have the name 'base'"));
        diag_why(d, _("it is the name of the file without any variant"));
        diag_fix(d, _("choose another name"));
    }
    const enum err said = chain_of(chain, &n, variants, variant, a, d);
    (void)said;
    variant_change(document, variant, false, a, d);
}

static void check_variant_name(const struct node *variants, const struct node *n, struct arena *a,
                               struct diag *d)
{
    if (strcmp(n->text, BASE) != 0 && !node_get(variants, n->text)) {
        const enum err said = unknown_variant(variants, n->text, node_place(n), a, d);
        (void)said;
    }
}

static void check_sweep(const struct document *document, const struct node *axis, struct arena *a,
                        struct diag *d)
{
    const struct path_change change = {.action = PATH_CHECK,
                                       .path = axis->key,
                                       .at = node_key_place(axis),
                                       .value = axis,
                                       .each = true};
    const enum err said = path_apply(document->root, &change, a, d);
    (void)said;
}

enum err variants_check(struct document *document, struct arena *a, struct diag *d)
{
    const struct node *root = document->root, *variants = node_get(root, "variants");
    const size_t before = d->n_errors;
    for (const struct node *c = variants ? variants->first : NULL; c; c = c->next)
        check_variant(document, variants, c, a, d);
    const struct node *compare = node_get(root, "compare");
    const struct node *baseline = node_get(compare, "baseline"),
                      *order = node_get(compare, "order");
    if (baseline) check_variant_name(variants, baseline, a, d);
    for (const struct node *c = order ? order->first : NULL; c; c = c->next)
        check_variant_name(variants, c, a, d);
    const struct node *sweep = node_get(root, "sweep");
    for (const struct node *c = sweep ? sweep->first : NULL; c; c = c->next)
        check_sweep(document, c, a, d);
    return d->n_errors > before ? d->code : OK;
}

/* One "path=value" of the command line. */
static enum err setting_apply(struct document *document, const char *setting, struct arena *a,
                              struct diag *d)
{
    const struct source *s = source_of_text("--set", setting, a);
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting) {
        diag_error(d, ERR_USAGE, (struct place){s, 1, 1, 2}, _("--set needs 'path=value'"));
        diag_fix(d, _("write for example --set workloads.NAME.window.deadline=14d"));
        return ERR_USAGE;
    }
    const size_t bytes = (size_t)(equals - setting);
    struct node *value = NULL;
    TRY(node_read_value(&value, s, bytes + 1, a, d));
    value->key = arena_strndup(a, setting, bytes);
    value->key_line = 1;
    value->key_column = 1;
    for (size_t i = 0; i < bytes; i++)
        value->key_end_column += ((unsigned char)setting[i] & 0xc0) != 0x80;
    value->key_end_column++;
    const struct path_change change = {.action = PATH_SET,
                                       .path = value->key,
                                       .at = node_key_place(value),
                                       .value = value,
                                       .layer = "--set",
                                       .nodes_left = &document->nodes_left};
    return path_apply(document->root, &change, a, d);
}

enum err variants_apply(struct document *document, const struct scenario_options *options,
                        struct arena *a, struct diag *d)
{
    const struct node *variants = node_get(document->root, "variants");
    const size_t before = d->n_errors;
    if (options->variant && strcmp(options->variant, BASE) != 0) {
        const struct node *chain[MAX_CHAIN], *variant = node_get(variants, options->variant);
        size_t n;
        if (!variant) return unknown_variant(variants, options->variant, (struct place){0}, a, d);
        TRY(chain_of(chain, &n, variants, variant, a, d));
        while (n-- > 0) variant_change(document, chain[n], true, a, d);
    }
    for (size_t i = 0; i < options->n_set; i++) {
        const enum err said = setting_apply(document, options->set[i], a, d);
        (void)said;
    }
    TRY(merge_limit(document, d));
    return d->n_errors > before ? d->code : OK;
}
