#include "scenarios/include.h"
#include "common/calendar.h"
#include "common/source.h"
#include "scenarios/types.h"
#include <string.h>

/* One file on the way down from the main one. */
struct level {
    const struct level *above;
    const char *below;       /* path of the file, relative to the folder of the main file */
    const struct node *main; /* of the main file; NULL while it is being read */
    int depth;
};

struct includer {
    struct document *document;
    const char *folder; /* of the main file; nothing outside it may be included */
    struct arena *arena;
    struct diag *diag;
};

enum err version_check(const struct node *root, struct diag *d)
{
    const struct node *n = node_get(root, "version");
    if (!n) {
        diag_error(d, ERR_VERSION, (struct place){.source = root->source},
                   _("the key 'version' is missing"));
        diag_fix(d, _("start the file with 'version: 1'"));
        return ERR_VERSION;
    }
    if (n->type == NODE_TEXT && !strcmp(n->text, "1")) return OK;
    const bool number = n->type == NODE_TEXT && *n->text &&
                        !n->text[strspn(n->text, "0123456789")] &&
                        strspn(n->text, "0") < strlen(n->text);
    if (number) {
        diag_error(d, ERR_VERSION, node_place(n),
                   _("format version %.20s: the file was made for a newer gpumix"), n->text);
        diag_fix(d, _("update gpumix; this one reads version 1"));
        return ERR_VERSION;
    }
    diag_error(d, ERR_VERSION, node_place(n), _("this is no format version"));
    diag_fix(d, _("write 'version: 1'"));
    return ERR_VERSION;
}

/* What an included file brings; the rest stays behind. */
static bool is_taken(const char *key)
{
    static const char *const taken[] = {"workloads", "templates", "defaults",    "storage",
                                        "catalog",   "fx",        "quota",       "quota_by",
                                        "stock",     "simulate",  "commitments", NULL};
    for (size_t i = 0; taken[i]; i++)
        if (!strcmp(taken[i], key)) return true;
    return false;
}

/* Workloads, templates and defaults get their layers when they are spread. */
static bool is_spread(const char *key)
{
    return !strcmp(key, "workloads") || !strcmp(key, "templates") || !strcmp(key, "defaults");
}

static const char *text_or(const struct node *root, const char *key, const char *fallback)
{
    const struct node *n = node_get(root, key);
    return n && n->type == NODE_TEXT ? n->text : fallback;
}

/* Bare amounts and moments would mean something else under the main file's currency and zone. */
static void check_same_units(const struct includer *in, const struct node *root,
                             const struct node *main, const struct reading *reading)
{
    struct diag *d = in->diag;
    const char *here = text_or(root, "currency", "CNY"), *there = text_or(main, "currency", "CNY");
    for (size_t i = 0; i < reading->n_amounts && strcmp(here, there) != 0; i++) {
        if (reading->amounts[i].currency != CURRENCY_DEFAULT) continue;
        diag_error(
            d, ERR_INCLUDE, reading->amounts[i].at,
            _("the amount has no currency, and this file is in %s, the one that includes it in "
              "%s"),
            here, there);
        diag_fix(d, _("write the currency with the amount, for example ¥5000 or $700"));
        break;
    }
    int64_t offset_us = 0, main_us = 0;
    const struct node *zone = node_get(root, "timezone");
    if (!zone || zone_offset(&offset_us, zone->text) != ZONE_OK) return;
    const char *main_zone = text_or(main, "timezone", "Asia/Shanghai");
    if (zone_offset(&main_us, main_zone) != ZONE_OK || main_us == offset_us) return;
    diag_error(d, ERR_INCLUDE, node_place(zone),
               _("this file is in the time zone %s, the one that includes it in %s"), zone->text,
               main_zone);
    diag_why(d, _("its hours and dates would be shifted"));
    diag_fix(d, _("use one time zone in all files"));
}

/* The file against the tables, by itself. */
static enum err check_file(const struct includer *in, const struct node *root,
                           const struct level *level)
{
    struct reading reading = {0};
    struct field_reader r = {.arena = in->arena, .diag = in->diag, .context = &reading};
    const size_t before = in->diag->n_errors;
    if (level->depth > 0) r.let_off = "workloads";
    fields_read(root_fields, NULL, root, &r);
    if (level->main) check_same_units(in, root, level->main, &reading);
    return in->diag->n_errors > before ? in->diag->code : OK;
}

/* Takes "." and "name/.." out of a relative path, so that two ways to a file are one. */
static const char *path_clean(const char *path, struct arena *a)
{
    char *clean = arena_strdup(a, path);
    size_t n = 0, floor = 0; /* of clean; what may not be taken back */
    while (*path) {
        const size_t length = strcspn(path, "/");
        const bool up = length == 2 && !strncmp(path, "..", 2);
        const bool skip = length == 0 || (length == 1 && *path == '.');
        if (up && n > floor) {
            for (n--; n > floor && clean[n - 1] != '/';) n--;
        } else if (!skip) {
            memcpy(clean + n, path, length);
            n += length;
            clean[n++] = '/';
            if (up) floor = n;
        }
        path += length;
        path += *path == '/';
    }
    clean[n ? n - 1 : 0] = '\0';
    return clean;
}

static const char *join(const char *below, const char *text, struct arena *a)
{
    const char *slash = strrchr(below, '/');
    if (*text == '/' || !slash) return *text == '/' ? text : path_clean(text, a);
    return path_clean(arena_printf(a, "%.*s%s", (int)(slash - below + 1), below, text), a);
}

static enum err check_level(const struct includer *in, const char *below, const struct level *level,
                            struct place at)
{
    struct diag *d = in->diag;
    for (const struct level *l = level; l; l = l->above) {
        if (strcmp(l->below, below) != 0) continue;
        diag_error(d, ERR_CYCLE, at, _("'%s' includes itself"), below);
        diag_why(d, _("the chain of includes would never end"));
        diag_fix(d, _("take one of the includes away"));
        return ERR_CYCLE;
    }
    if (level->depth < MAX_INCLUDE_DEPTH && in->document->n_files < MAX_INCLUDE_FILES) return OK;
    if (level->depth >= MAX_INCLUDE_DEPTH)
        diag_error(d, ERR_TOO_LARGE, at, _("files include each other more than %d deep"),
                   MAX_INCLUDE_DEPTH);
    else
        diag_error(d, ERR_TOO_LARGE, at, _("more than %d files are included"), MAX_INCLUDE_FILES);
    diag_fix(d, _("put what belongs together into one file"));
    return ERR_TOO_LARGE;
}

static enum err read_file(struct node **merged, const struct includer *in, const struct source *s,
                          const struct level *level);

static enum err include_one(struct node **merged, const struct includer *in,
                            const struct node *entry, const struct level *level)
{
    const char *below = join(level->below, entry->text, in->arena);
    TRY(check_level(in, below, level, node_place(entry)));
    const struct source *s = NULL;
    TRY(source_read_below(&s, in->folder, below, node_place(entry), in->arena, in->diag));
    const struct level next = {level, below, level->main, level->depth + 1};
    struct node *root = NULL;
    TRY(read_file(&root, in, s, &next));
    for (struct node *c = root->first, *following; c; c = following) {
        following = c->next;
        if (!is_taken(c->key))
            node_remove(root, c);
        else if (!is_spread(c->key))
            node_set_layer(c, N_("include"));
    }
    *merged = *merged ? node_merge(*merged, root, in->arena, &in->document->nodes_left) : root;
    return OK;
}

/* All files together are limited like one. */
static enum err count_values(const struct includer *in, const struct node *root)
{
    size_t *left = &in->document->nodes_left, n = node_count(root);
    *left -= *left < n ? *left : n;
    return merge_limit(in->document, in->diag);
}

/* The file on top of what it includes, in order. */
static enum err read_file(struct node **merged, const struct includer *in, const struct source *s,
                          const struct level *level)
{
    struct document *document = in->document;
    struct node *root = NULL, *included = NULL;
    document->files = arena_grow(in->arena, document->files, document->n_files, NODE_POINTER_BYTES);
    document->files[document->n_files++] = s;
    TRY(node_read(&root, s, in->arena, in->diag));
    TRY(count_values(in, root));
    TRY(version_check(root, in->diag));
    TRY(check_file(in, root, level));
    struct level here = *level;
    if (!here.main) here.main = root;
    const struct node *list = node_get(root, "include");
    for (const struct node *c = list ? list->first : NULL; c; c = c->next)
        TRY(include_one(&included, in, c, &here));
    *merged = included ? node_merge(included, root, in->arena, &document->nodes_left) : root;
    return OK;
}

enum err document_read(struct document *out, const char *path, struct arena *a, struct diag *d)
{
    *out = (struct document){.nodes_left = MAX_MERGED_NODES};
    const struct source *s = NULL;
    TRY(source_read(&s, path, a, d));
    const struct includer in = {out, source_folder(s, a), a, d};
    const char *slash = strrchr(s->path, '/');
    const struct level top = {.below = slash ? slash + 1 : s->path};
    TRY(read_file(&out->root, &in, s, &top));
    return merge_limit(out, d);
}

enum err merge_limit(const struct document *document, struct diag *d)
{
    if (document->nodes_left > 0) return OK;
    diag_error(d, ERR_TOO_LARGE, (struct place){.source = document->files[0]},
               _("the scenario holds more than %d values once it is merged"), MAX_MERGED_NODES);
    diag_fix(d, _("put long lists into CSV files"));
    return ERR_TOO_LARGE;
}
