/* What changed in the inputs of two runs. */
#include "common/text.h"
#include "report/changes.h"
#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Whether `path` fits a pattern in which `*` stands for one step. Steps are divided by dots; a name that holds dots is taken as
 * several, which only matters for where a change is listed. */
static bool path_fits(const char *path, const char *pattern)
{
    for (;;) {
        if (*pattern == '*') {
            path += strcspn(path, ".");
            pattern++;
        } else if (*pattern == '\0') {
            return *path == '\0' || *path == '.';
        } else if (*path++ != *pattern++) {
            return false;
        }
        if (*pattern == '\0') return *path == '\0' || *path == '.';
    }
}

/* Kinds in the order in which they are told; the first pattern that fits decides. */
static const struct {
    const char *kind, *pattern;
} kinds[] = {
    {"", "variants"},
    {"", "compare"},
    {"", "sweep"},
    {"", "name"},
    {"", "description"},
    {"", "workloads.*.label"},
    {"", "workloads.*.label_zh"},
    {"seed", "simulate.seed"},
    {"seed", "simulate.runs"},
    {"prices", "catalog"},
    {"prices", "fx"},
    {"prices", "simulate.spot_price"},
    {"prices", "simulate.spot_price_factor"},
    {"prices", "storage.*.price"},
    {"prices", "workloads.*.licence"},
    {"prices", "workloads.*.late_cost"},
    {"prices", "workloads.*.unserved_cost"},
    {"load", "workloads.*.work"},
    {"load", "workloads.*.load"},
    {"load", "workloads.*.seats"},
    {"limits", "quota"},
    {"limits", "quota_by"},
    {"limits", "stock"},
    {"limits", "budget"},
    {"limits", "commitments"},
    {"limits", "workloads.*.window"},
    {"limits", "workloads.*.latency"},
    {"limits", "workloads.*.autoscale"},
    {"limits", "workloads.*.spot_max_share"},
};

static const char *kind_of(const char *path)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (path_fits(path, kinds[i].pattern)) return kinds[i].kind;
    return "setting";
}

static int rank_of(const char *kind)
{
    static const char *const order[] = {"prices", "load", "limits", "setting",
                                        "file",   "seed", "program"};
    int rank = 0;
    while (rank < 6 && !same(kind, order[rank])) rank++;
    return rank;
}

struct inputs {
    size_t n;
    struct input_change *items;
    struct arena *arena;
};

static void input_add(struct inputs *in, struct input_change change)
{
    if (*change.kind) *ARENA_PUSH(in->arena, in->items, in->n) = change;
}

struct indexed {
    const struct bill_value *value;
    size_t at;
};

static int indexed_cmp(const void *left, const void *right)
{
    const struct indexed *a = left, *b = right;
    const int order = strcmp(a->value->path, b->value->path);
    return order ? order : (a->at > b->at) - (a->at < b->at);
}

static struct indexed *values_sort(const struct bill *b, struct arena *a)
{
    struct indexed *list = ARENA_NEW(a, struct indexed, b->n_values + 1);
    for (size_t i = 0; i < b->n_values; i++) list[i] = (struct indexed){&b->values[i], i};
    qsort(list, b->n_values, sizeof *list, indexed_cmp);
    return list;
}

static const struct bill_value *value_find(const struct indexed *list, size_t n, const char *path)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(path, list[middle].value->path);
        if (order == 0) return list[middle].value;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static const char *written_at(const struct bill_value *v, struct arena *a)
{
    if (!v || !v->file) return "";
    return v->line ? arena_printf(a, "%s:%ld", v->file, v->line) : v->file;
}

static void values_compare(struct inputs *in, const struct bill *before, const struct bill *after)
{
    const struct indexed *old = values_sort(before, in->arena);
    const struct indexed *new = values_sort(after, in->arena);
    for (size_t i = 0; i < after->n_values; i++) {
        const struct bill_value *v = &after->values[i];
        const struct bill_value *was = value_find(old, before->n_values, v->path);
        if (was && same(was->value, v->value)) continue;
        input_add(in, (struct input_change){.kind = kind_of(v->path),
                                            .what = v->path,
                                            .before = was ? was->value : NULL,
                                            .after = v->value,
                                            .at = written_at(v, in->arena)});
    }
    for (size_t i = 0; i < before->n_values; i++) {
        const struct bill_value *v = &before->values[i];
        if (value_find(new, after->n_values, v->path)) continue;
        input_add(in, (struct input_change){.kind = kind_of(v->path),
                                            .what = v->path,
                                            .before = v->value,
                                            .at = written_at(v, in->arena)});
    }
}

static const struct input_file *file_find(const struct bill *b, const char *path)
{
    for (size_t i = 0; i < b->n_files; i++)
        if (same(b->files[i].path, path)) return &b->files[i];
    return NULL;
}

/* The first digits of a checksum tell two files apart as well as all of them. */
static const char *checksum_text(const char *sha256, struct arena *a)
{
    return sha256 ? arena_printf(a, "%.12s", sha256) : NULL;
}

static void files_compare(struct inputs *in, const struct bill *before, const struct bill *after)
{
    struct arena *a = in->arena;
    for (size_t i = 0; i < after->n_files; i++) {
        const struct input_file *f = &after->files[i], *was = file_find(before, f->path);
        if (was && same(was->sha256, f->sha256)) continue;
        input_add(in,
                  (struct input_change){"file", f->path, was ? checksum_text(was->sha256, a) : NULL,
                                        checksum_text(f->sha256, a), ""});
    }
    for (size_t i = 0; i < before->n_files; i++)
        if (!file_find(after, before->files[i].path))
            input_add(in,
                      (struct input_change){"file", before->files[i].path,
                                            checksum_text(before->files[i].sha256, a), NULL, ""});
}

static int input_cmp(const void *left, const void *right)
{
    const struct input_change *const *a = left, *const *b = right;
    const int x = rank_of((*a)->kind), y = rank_of((*b)->kind);
    return x != y ? x - y : (*a > *b) - (*a < *b);
}

/* Prices, load and limits first; within a kind in the order found. */
static struct input_change *inputs_sort(const struct inputs *in)
{
    const struct input_change **order =
        ARENA_NEW(in->arena, const struct input_change *, in->n + 1);
    struct input_change *sorted = ARENA_NEW(in->arena, struct input_change, in->n + 1);
    for (size_t i = 0; i < in->n; i++) order[i] = &in->items[i];
    qsort(order, in->n, sizeof(const struct input_change *), input_cmp);
    for (size_t i = 0; i < in->n; i++) sorted[i] = *order[i];
    return sorted;
}

struct input_change *inputs_compare(size_t *n, const struct bill *before, const struct bill *after,
                                    struct arena *a)
{
    struct inputs in = {.arena = a};
    if (!same(before->book_sha256, after->book_sha256))
        input_add(&in, (struct input_change){"prices", _("price book, newest price"),
                                             before->book_date, after->book_date, ""});
    values_compare(&in, before, after);
    files_compare(&in, before, after);
    if (!same(before->version, after->version))
        input_add(&in,
                  (struct input_change){"program", "gpumix", before->version, after->version, ""});
    *n = in.n;
    return inputs_sort(&in);
}
