/* Loading in order of dependence, and reading what was loaded. */
#include "pricing/price_book.h"
#include "pricing/book.h"
#include "pricing/data.h"
#include <assert.h>
#include <string.h>

static const double default_max_age_days = 400;

static enum err table_load_builtin(struct loader *l, const struct table *t)
{
    const struct price_table_file *file = price_table_files;
    while (file->name && strcmp(file->name, t->file) != 0) file++;
    assert(file->name);
    l->user = false;
    l->columns = t->columns;
    const char *shown = arena_printf(l->arena, "built-in %s", file->name);
    return csv_read_text(shown, file->text, file->bytes, t->columns, t->n_columns, t->read, l,
                         l->arena, l->diag);
}

/* Every file is read even after one that is wrong, so that all findings are shown at once. */
static void table_load_user(struct loader *l, const struct table *t, const char *const *files)
{
    static const struct csv_options options = {0};
    l->user = true;
    l->columns = t->columns;
    for (; files && *files; files++) {
        const enum err e =
            csv_read(*files, t->columns, t->n_columns, &options, t->read, l, l->arena, l->diag);
        (void)e; /* the finding counts */
        lint_ages(l);
    }
}

static enum err tables_load(struct loader *l, const struct book_sources *s)
{
    const size_t errors_before = l->diag->n_errors;
    const struct {
        const struct table *table;
        bool always; /* names that the user's files refer to */
        const char *const *files;
    } order[] = {
        {&table_gpus, true, NULL},           {&table_regions, true, NULL},
        {&table_licences, false, NULL},      {&table_instances, false, s->instances},
        {&table_speed, false, s->gpu_speed}, {&table_storage, false, s->storage},
        {&table_prices, false, s->prices},
    };
    const size_t n = sizeof order / sizeof *order;
    for (size_t i = 0; i < n; i++) {
        SHA256Update(&l->digest, (const uint8_t *)order[i].table->file,
                     strlen(order[i].table->file) + 1);
        if (s->builtin || order[i].always) TRY(table_load_builtin(l, order[i].table));
    }
    lint_ages(l);
    for (size_t i = 0; i < n; i++) table_load_user(l, order[i].table, order[i].files);
    return l->diag->n_errors > errors_before ? l->diag->code : OK;
}

static void digest_print(struct loader *l)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    char hex[2 * SHA256_DIGEST_LENGTH + 1];
    SHA256Final(digest, &l->digest);
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        snprintf(hex + 2 * i, 3, "%02x", (unsigned)digest[i]);
    }
    l->book->checksum = arena_strdup(l->arena, hex);
}

static enum err book_is_empty(const struct loader *l)
{
    const struct price_book *b = l->book;
    if (b->n_types > 0 && b->n_prices > 0) return OK;
    diag_error(l->diag, ERR_BOOK_NOTHING, (struct place){0},
               b->n_types == 0 ? _("the price book has no instance types")
                               : _("the price book has no prices"));
    diag_fix(l->diag, _("take `builtin: false` out, or name files in `catalog.instances` and "
                        "`catalog.prices`"));
    return l->diag->code;
}

enum err price_book_load(struct price_book **book, const struct book_sources *sources,
                         moment_t today, double max_age_days, struct arena *a, struct diag *d)
{
    struct price_book *b = ARENA_NEW(a, struct price_book, 1);
    const size_t errors_before = d->n_errors;
    struct loader l = {.book = b, .arena = a, .diag = d, .today = today};
    l.max_age_days = max_age_days < 0 ? default_max_age_days : max_age_days;
    b->arena = a;
    b->builtin = sources->builtin;
    enum { N_SETS = 9 };
    struct names *const sets[N_SETS] = {&b->texts,        &b->gpu_names,   &b->type_names,
                                        &b->region_names, &b->zone_names,  &b->places,
                                        &b->speed_keys,   &b->class_names, &b->storage_keys};
    for (size_t i = 0; i < N_SETS; i++) sets[i]->arena = a;
    names_add(&b->places, ""); /* PLACE_REGION */
    *book = b;
    SHA256Init(&l.digest);
    TRY(tables_load(&l, sources));
    digest_print(&l);
    price_index(b);
    TRY(book_is_empty(&l));
    lint_prices(&l);
    lint_peers(&l);
    lint_storage(&l);
    lint_tables(&l);
    return d->n_errors > errors_before ? d->code : OK;
}

size_t book_gpu_count(const struct price_book *b)
{
    return b->n_gpus;
}

const struct gpu_model *book_gpu(const struct price_book *b, size_t gpu)
{
    assert(gpu < b->n_gpus);
    return &b->gpus[gpu];
}

size_t book_gpu_find(const struct price_book *b, const char *name)
{
    const size_t canonical = names_find(&b->gpu_names, name);
    if (canonical != SIZE_MAX) return canonical;
    for (size_t i = 0; i < b->n_gpus; i++) {
        const struct gpu_model *g = &b->gpus[i];
        if (strcmp(g->key, name) == 0 || (g->alias && strcmp(g->alias, name) == 0)) return i;
    }
    return NO_GPU;
}

const char *book_gpu_nearest(const struct price_book *b, const char *name)
{
    const char *canonical = nearest_name(name, b->gpu_names.items, b->gpu_names.n);
    if (canonical) return canonical;
    const char **others = ARENA_NEW(b->arena, const char *, 2 * b->n_gpus);
    for (size_t i = 0; i < b->n_gpus; i++) {
        const struct gpu_model *g = &b->gpus[i];
        others[2 * i] = g->key;
        others[2 * i + 1] = g->alias ? g->alias : g->key;
    }
    const char *other = nearest_name(name, others, 2 * b->n_gpus);
    return other ? b->gpus[book_gpu_find(b, other)].name : NULL;
}

size_t book_type_count(const struct price_book *b)
{
    return b->n_types;
}

const struct instance_type *book_type(const struct price_book *b, size_t type)
{
    assert(type < b->n_types);
    return &b->types[type];
}

size_t book_type_find(const struct price_book *b, const char *name)
{
    return names_find(&b->type_names, name);
}

const char *book_type_nearest(const struct price_book *b, const char *name)
{
    return nearest_name(name, b->type_names.items, b->type_names.n);
}

size_t book_price_count(const struct price_book *b)
{
    return b->n_prices;
}

const struct price_row *book_price(const struct price_book *b, size_t row)
{
    return price_row_at(b, row);
}

size_t book_default_count(const struct price_book *b)
{
    return b->n_defaults;
}

const struct price_row *book_default(const struct price_book *b, size_t row)
{
    assert(row < b->n_defaults);
    return &b->defaults[row].row;
}

const struct licence_price *book_licence(const struct price_book *b, const char *name)
{
    for (size_t i = 0; i < b->n_licences; i++) {
        if (strcmp(b->licences[i].name, name) == 0) return &b->licences[i];
    }
    return NULL;
}

const char *book_date(const struct price_book *b)
{
    return b->date ? b->date : "";
}

const char *book_checksum(const struct price_book *b)
{
    return b->checksum;
}
