#include "common/source.h"
#include "scenarios/cross.h"
#include "scenarios/merge.h"
#include "scenarios/stock.h"
#include "scenarios/types.h"
#include <math.h>
#include <stdarg.h>
#include <string.h>

/* What the tables cannot say: a length that was not given is not 0. */
static void finish_uses(struct workload *w)
{
    const struct node *list = node_get(w->node, "storage"), *n = list ? list->first : NULL;
    for (size_t i = 0; i < w->n_uses && n; i++, n = n->next)
        if (!node_get(n, "keep")) w->uses[i].keep_h = NAN;
}

static void finish_files(struct scenario *s, const struct document *document, struct arena *a)
{
    const char **items = ARENA_NEW(a, const char *, document->n_files);
    for (size_t i = 0; i < document->n_files; i++) items[i] = document->files[i]->path;
    s->files = (struct text_list){document->n_files, items, NULL};
}

/* Reads the merged document into the structs. */
static enum err read_merged(struct scenario *s, const struct node *merged, struct arena *a,
                            struct diag *d)
{
    struct reading reading = {.scenario = s};
    struct field_reader r = {.arena = a, .diag = d, .context = &reading};
    const size_t before = d->n_errors;
    fields_read(root_fields, s, merged, &r);
    s->root = merged;
    if (d->n_errors > before) return d->code;
    for (size_t i = 0; i < s->n_workloads; i++) finish_uses(&s->workloads[i]);
    return cross_check(s, &reading, a, d);
}

/* A scenario without a name is called as its file is, without folder and ending. */
static const char *file_name(const char *path, struct arena *a)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    return arena_strndup(a, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

enum err scenario_load(struct scenario *s, const char *path, const struct scenario_options *options,
                       struct arena *a, struct diag *d)
{
    static const struct scenario_options none = {0};
    struct document document;
    struct node *merged = NULL;
    if (!options) options = &none;
    *s = (struct scenario){0};
    TRY(document_read(&document, path, a, d));
    TRY(variants_check(&document, a, d));
    TRY(variants_apply(&document, options, a, d));
    TRY(layers_spread(&merged, &document, a, d));
    s->path = document.files[0]->path;
    const bool base = !options->variant || !strcmp(options->variant, "base");
    s->variant = base ? NULL : arena_strdup(a, options->variant);
    finish_files(s, &document, a);
    TRY(read_merged(s, merged, a, d));
    if (!s->name) s->name = file_name(s->path, a);
    return stock_read(s, a, d);
}

enum err scenario_variants(struct text_list *names, const char *path, struct arena *a,
                           struct diag *d)
{
    const struct source *source = NULL;
    struct node *root = NULL;
    *names = (struct text_list){0};
    TRY(source_read(&source, path, a, d));
    TRY(node_read(&root, source, a, d));
    TRY(version_check(root, d));
    const struct node *variants = node_get(root, "variants");
    struct field_reader r = {.arena = a, .diag = d};
    if (!variants) return OK;
    if (!field_is_map(variants, &r)) return ERR_VALUE_FORM;
    const char **items = ARENA_NEW(a, const char *, variants->n + 1);
    struct place *places = ARENA_NEW(a, struct place, variants->n + 1);
    size_t n = 0;
    for (const struct node *c = variants->first; c; c = c->next, n++) {
        items[n] = c->key;
        places[n] = node_key_place(c);
    }
    *names = (struct text_list){n, items, places};
    return OK;
}

struct place scenario_place(const struct scenario *s, const char *fmt, ...)
{
    char path[1024];
    va_list arguments;
    va_start(arguments, fmt);
    vsnprintf(path, sizeof path, fmt, arguments);
    va_end(arguments);
    const struct node *n = s->root ? node_find(s->root, path) : NULL;
    return n ? node_place(n) : (struct place){0};
}
