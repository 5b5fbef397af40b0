/* Instance types. A row of the user replaces the built-in type of the same name. */
#include "pricing/book.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    I_TYPE,
    I_FAMILY,
    I_GPU,
    I_GPUS,
    I_MEMORY,
    I_NVLINK,
    I_VCPU,
    I_RAM,
    I_NET,
    I_FEATURES,
    I_DATE,
    I_SOURCE,
    I_CONFIDENCE,
    I_COLUMNS
};
/* clang-format off */
static const struct csv_column instance_columns[I_COLUMNS] = {
    {"instance_type", true}, {"family", true}, {"gpu_model", true}, {"gpus", true},
    {"gpu_mem_gb", true}, {"nvlink", false}, {"vcpu", true}, {"ram_gb", true},
    {"net_gbps", false}, {"features", false}, {"date", false}, {"source", true},
    {"confidence", true},
};

/* Pay-as-you-go is billed by 10 minutes with 1 vCPU, by 5 with 2, by 2 with 4, above by the second
 * (the vendor's billing page of 2021). */
static const struct { long vcpu; int64_t minutes; } billing_steps[] = {{1, 10}, {2, 5}, {4, 2}};
/* clang-format on */

static int64_t billing_step_us(long vcpu)
{
    for (size_t i = 0; i < sizeof billing_steps / sizeof *billing_steps; i++) {
        if (vcpu == billing_steps[i].vcpu) return billing_steps[i].minutes * (US_PER_H / 60);
    }
    return US_PER_H / 3600;
}

/* A model named in a file of the user only; what it can do is said by the row's features. */
static size_t gpu_new(struct loader *l, const struct csv_row *row, const struct instance_type *t)
{
    struct price_book *b = l->book;
    const char *name = row->field[I_GPU];
    const char *nearest = l->diag->n_warnings < DIAG_MAX_ERRORS ? book_gpu_nearest(b, name) : NULL;
    diag_warning(l->diag, ERR_BOOK_NEW_GPU, csv_place(row, I_GPU),
                 _("GPU model \"%s\" is new to the book"), name);
    if (nearest) {
        diag_fix(l->diag,
                 _("write \"%s\" if that is meant; a new model has the features and "
                   "speeds you give, no others"),
                 nearest);
    } else {
        diag_fix(l->diag, _("check the spelling; a new model has the features and speeds you give, "
                            "no others"));
    }
    const size_t gpu = names_add(&b->gpu_names, name);
    *ARENA_PUSH(l->arena, b->gpus, b->n_gpus) =
        (struct gpu_model){.name = b->gpu_names.items[gpu],
                           .key = b->gpu_names.items[gpu],
                           .memory_gib = t->gpus < 1 ? t->gpu_mem_gib / t->gpus : t->gpu_mem_gib,
                           .origin = t->origin};
    return gpu;
}

/* One alias may name two models; the memory of a whole GPU tells them apart. */
static size_t gpu_by_memory(const struct price_book *b, size_t gpu, const struct instance_type *t)
{
    const struct gpu_model *first = &b->gpus[gpu];
    if (t->gpus < 1 || !first->alias) return gpu;
    for (size_t i = gpu; i < b->n_gpus; i++) {
        const struct gpu_model *g = &b->gpus[i];
        const bool same = g->alias && strcmp(g->alias, first->alias) == 0;
        if (same && g->memory_gib == t->gpu_mem_gib) return i;
    }
    return gpu;
}

static bool gpu_memory_fits(struct loader *l, const struct csv_row *row, const struct gpu_model *g,
                            const struct instance_type *t)
{
    const bool fits =
        t->gpus < 1 ? t->gpu_mem_gib <= g->memory_gib : t->gpu_mem_gib == g->memory_gib;
    if (fits) return true;
    diag_error(l->diag, ERR_BOOK_MEMORY, csv_place(row, I_MEMORY),
               _("`gpu_mem_gb` is %g, but the %s has %g"), t->gpu_mem_gib, g->name, g->memory_gib);
    diag_fix(l->diag, _("write the memory of one GPU, or the name of the other model"));
    return false;
}

static bool no_gpu(struct instance_type *t, struct loader *l, const struct csv_row *row)
{
    if (!cell_number(&t->gpus, l, row, I_GPUS, 0, 1024)) return false;
    if (t->gpus == 0) return true;
    diag_error(l->diag, ERR_BOOK_NUMBER, csv_place(row, I_GPUS),
               _("`gpus` is %g, but no GPU model is named"), t->gpus);
    diag_fix(l->diag, _("name the model in `gpu_model`, or write 0"));
    return false;
}

/* GPU cells; CPU types have `none` (or nothing) and 0 GPUs. */
static bool gpu_cells(struct instance_type *t, struct loader *l, const struct csv_row *row)
{
    const char *name = row->field[I_GPU];
    t->gpu = NO_GPU;
    if (!*name || strcmp(name, "none") == 0) return no_gpu(t, l, row);
    if (!cell_number(&t->gpus, l, row, I_GPUS, 0.001, 1024)) return false;
    if (!cell_number(&t->gpu_mem_gib, l, row, I_MEMORY, 0.1, 4096)) return false;
    if (t->gpus > 1 && t->gpus != floor(t->gpus)) {
        diag_error(l->diag, ERR_BOOK_NUMBER, csv_place(row, I_GPUS),
                   _("`gpus` is %g: only a part of one GPU can be a fraction"), t->gpus);
        diag_fix(l->diag, _("write whole GPUs, or the fraction of one that a slice is"));
        return false;
    }
    t->gpu = book_gpu_find(l->book, name);
    if (t->gpu == NO_GPU)
        t->gpu = gpu_new(l, row, t);
    else if (strcmp(l->book->gpus[t->gpu].name, name) != 0)
        t->gpu = gpu_by_memory(l->book, t->gpu, t);
    return gpu_memory_fits(l, row, &l->book->gpus[t->gpu], t);
}

static bool machine_cells(struct instance_type *t, struct loader *l, const struct csv_row *row)
{
    double vcpu = 0;
    if (!cell_number_or_unknown(&vcpu, l, row, I_VCPU)) return false;
    if (!cell_number_or_unknown(&t->ram_gib, l, row, I_RAM)) return false;
    const bool no_net = !*row->field[I_NET];
    if (!no_net && !cell_number_or_unknown(&t->net_gbps, l, row, I_NET)) return false;
    if (vcpu != floor(vcpu)) {
        diag_error(l->diag, ERR_BOOK_NUMBER, csv_place(row, I_VCPU), _("`vcpu` is %g, not whole"),
                   vcpu);
        diag_fix(l->diag, _("write the number of vCPU, or unknown"));
        return false;
    }
    t->vcpu = (long)vcpu;
    t->billing_step_us = billing_step_us(t->vcpu);
    return true;
}

/* NVLink depends on the machine (one GPU has nobody to talk to), the rest comes with the GPU. */
static bool feature_cells(struct instance_type *t, struct loader *l, const struct csv_row *row)
{
    static const char *const answers[] = {"yes", "no", "n/a", "unknown", ""};
    const char *nvlink = row->field[I_NVLINK];
    if (!cell_features(&t->features, l, row, I_FEATURES)) return false;
    size_t answer = 0;
    while (answer < 5 && strcmp(nvlink, answers[answer]) != 0) answer++;
    if (answer == 5) {
        diag_error(l->diag, ERR_BOOK_WORD, csv_place(row, I_NVLINK),
                   _("`nvlink` is \"%s\", not yes, no, n/a or unknown"), nvlink);
        diag_fix(l->diag, _("write yes if the GPUs of the machine are linked, else no"));
        return false;
    }
    if (t->gpu != NO_GPU) {
        t->features |= l->book->gpus[t->gpu].features & ~(unsigned)FEATURE_NVLINK;
    }
    if (answer == 0) t->features |= FEATURE_NVLINK;
    return true;
}

static bool same_type(const struct instance_type *a, const struct instance_type *b)
{
    return strcmp(a->family, b->family) == 0 && a->gpu == b->gpu && a->gpus == b->gpus &&
           a->gpu_mem_gib == b->gpu_mem_gib && a->vcpu == b->vcpu && a->ram_gib == b->ram_gib &&
           a->net_gbps == b->net_gbps && a->features == b->features;
}

static void type_again(struct loader *l, const struct instance_type *was,
                       const struct instance_type *t)
{
    if (same_type(was, t)) {
        diag_warning(l->diag, ERR_BOOK_DUPLICATE, t->origin.place, _("%s is given twice"), t->name);
        diag_fix(l->diag, _("take one of the two rows out"));
        return;
    }
    diag_error(l->diag, ERR_BOOK_DUPLICATE, t->origin.place,
               _("%s is described differently in line %zu of %s"), t->name, was->origin.place.line,
               was->origin.place.source->path);
    diag_fix(l->diag, _("take one of the two rows out"));
}

static void type_keep(struct loader *l, const struct instance_type *t)
{
    struct price_book *b = l->book;
    const size_t known = names_find(&b->type_names, t->name);
    if (t->gpu != NO_GPU) b->gpus[t->gpu].sold = true;
    if (known == SIZE_MAX) {
        names_add(&b->type_names, t->name);
        *ARENA_PUSH(l->arena, b->types, b->n_types) = *t;
    } else if (b->types[known].origin.user == t->origin.user) {
        type_again(l, &b->types[known], t);
    } else {
        b->types[known] = *t;
    }
}

static enum err instance_read(const struct csv_row *row, void *context)
{
    struct loader *l = context;
    struct instance_type t = {.name = cell_text(l, row, I_TYPE),
                              .family = cell_text(l, row, I_FAMILY)};
    row_digest(l, row, I_COLUMNS);
    struct origin origin;
    const bool dated = csv_has_column(row, I_DATE);
    const bool known = dated ? cell_origin(&origin, l, row, I_DATE)
                             : cell_origin_undated(&origin, l, row, I_SOURCE);
    if (!t.name || !t.family || !known) return OK;
    t.origin = origin;
    t.origin.place = csv_place(row, I_TYPE);
    if (!gpu_cells(&t, l, row) || !machine_cells(&t, l, row) || !feature_cells(&t, l, row))
        return OK;
    type_keep(l, &t);
    return OK;
}

const struct table table_instances = {"instances.csv", instance_columns, I_COLUMNS, instance_read};
