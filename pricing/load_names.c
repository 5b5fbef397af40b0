/* Tables gpus.csv, regions.csv and licences.csv: built in only. */
#include "pricing/book.h"
#include <string.h>

enum {
    G_MODEL,
    G_KEY,
    G_ALIAS,
    G_MEMORY,
    G_NVENC,
    G_AV1,
    G_RT,
    G_NVLINK,
    G_FP64,
    G_ECC,
    G_GRID,
    G_TFLOPS,
    G_DATE,
    G_SOURCE,
    G_CONFIDENCE,
    G_COLUMNS
};
/* clang-format off */
static const struct csv_column gpu_columns[G_COLUMNS] = {
    {"gpu_model", true}, {"key", true}, {"alias", true}, {"memory_gib", true},
    {"nvenc_engines", true}, {"av1_encode", true}, {"rt_cores", true}, {"nvlink", true},
    {"fp64", true}, {"ecc", true}, {"grid_driver", true}, {"fp16_tflops", true},
    {"date", true}, {"source", true}, {"confidence", true},
};
static const struct { size_t column; const char *word; unsigned feature; } gpu_features[] = {
    {G_AV1, "yes", FEATURE_AV1_ENCODE}, {G_RT, "yes", FEATURE_RT_CORES},
    {G_ECC, "yes", FEATURE_ECC}, {G_NVLINK, "yes", FEATURE_NVLINK}, {G_FP64, "full", FEATURE_FP64},
};
/* clang-format on */

static enum err gpu_read(const struct csv_row *row, void *context)
{
    struct loader *l = context;
    struct price_book *b = l->book;
    row_digest(l, row, G_COLUMNS);
    struct gpu_model g = {.name = cell_text(l, row, G_MODEL), .key = cell_text(l, row, G_KEY)};
    const bool good = g.name && g.key && cell_number(&g.memory_gib, l, row, G_MEMORY, 0.5, 4096) &&
                      cell_number_or_unknown(&g.nvenc_engines, l, row, G_NVENC) &&
                      cell_number_or_unknown(&g.fp16_tflops, l, row, G_TFLOPS) &&
                      cell_origin(&g.origin, l, row, G_DATE);
    if (!good) return OK;
    g.origin.place = csv_place(row, G_MODEL);
    if (*row->field[G_ALIAS]) g.alias = names_keep(&b->texts, row->field[G_ALIAS]);
    if (g.nvenc_engines > 0) g.features |= FEATURE_NVENC;
    for (size_t i = 0; i < sizeof gpu_features / sizeof *gpu_features; i++) {
        const bool has = strcmp(row->field[gpu_features[i].column], gpu_features[i].word) == 0;
        if (has) g.features |= gpu_features[i].feature;
    }
    if (strstr(row->field[G_GRID], "licence")) g.licence_features |= FEATURE_GRID_DRIVER;
    names_add(&b->gpu_names, g.name);
    *ARENA_PUSH(l->arena, b->gpus, b->n_gpus) = g;
    return OK;
}

const struct table table_gpus = {"gpus.csv", gpu_columns, G_COLUMNS, gpu_read};

enum { R_REGION, R_ZONE, R_DATE, R_SOURCE, R_CONFIDENCE, R_COLUMNS };
static const struct csv_column region_columns[R_COLUMNS] = {
    {"region", true}, {"zone", true}, {"date", true}, {"source", true}, {"confidence", true}};

static enum err region_read(const struct csv_row *row, void *context)
{
    struct loader *l = context;
    struct origin origin;
    const char *zone = NULL;
    row_digest(l, row, R_COLUMNS);
    const char *region = cell_text(l, row, R_REGION);
    if (!region || !cell_origin(&origin, l, row, R_DATE)) return OK;
    region_add(l, region);
    cell_zone(&zone, l, row, R_ZONE, region);
    return OK;
}

const struct table table_regions = {"regions.csv", region_columns, R_COLUMNS, region_read};

enum { L_NAME, L_PRICE, L_CURRENCY, L_UNIT, L_DATE, L_SOURCE, L_CONFIDENCE, L_COLUMNS };
/* clang-format off */
static const struct csv_column licence_columns[L_COLUMNS] = {
    {"licence", true}, {"price", true}, {"currency", true}, {"unit", true},
    {"date", true}, {"source", true}, {"confidence", true},
};
/* clang-format on */

static enum err licence_read(const struct csv_row *row, void *context)
{
    struct loader *l = context;
    struct price_book *b = l->book;
    row_digest(l, row, L_COLUMNS);
    struct licence_price p = {.name = cell_text(l, row, L_NAME)};
    if (!p.name || !cell_amount(&p.price, l, row, L_PRICE) ||
        !cell_currency(&p.currency, l, row, L_CURRENCY) || !cell_unit(&p.unit, l, row, L_UNIT) ||
        !cell_origin(&p.origin, l, row, L_DATE))
        return OK;
    p.origin.place = csv_place(row, L_PRICE);
    *ARENA_PUSH(l->arena, b->licences, b->n_licences) = p;
    return OK;
}

const struct table table_licences = {"licences.csv", licence_columns, L_COLUMNS, licence_read};
