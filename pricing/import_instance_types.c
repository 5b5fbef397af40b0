/* DescribeInstanceTypes: what machines there are. A slice of a GPU says GPUAmount 1; its part of the card shows in
 * GPUMemorySize only. Networks are in Kbit/s, 1,024,000 of them one Gbit/s. */
#include "common/text.h"
#include "pricing/import.h"
#include <math.h>
#include <string.h>
#include <strings.h>

static const double kbit_per_gbit = 1024000;

static bool numbers(struct import_type *t, struct importing *i, const struct json_record *r)
{
    double vcpu;
    if (!import_number(&vcpu, i, r, "CpuCoreCount") ||
        !import_number(&t->ram_gib, i, r, "MemorySize"))
        return false;
    t->vcpu = (long)vcpu;
    double rx = 0, tx = 0, gpus = 0;
    if (json_field(r, "InstanceBandwidthRx") && !import_number(&rx, i, r, "InstanceBandwidthRx"))
        return false;
    if (json_field(r, "InstanceBandwidthTx") && !import_number(&tx, i, r, "InstanceBandwidthTx"))
        return false;
    t->net_gbps = (rx > 0 ? fmin(rx, tx > 0 ? tx : rx) : tx) / kbit_per_gbit;
    if (json_field(r, "GPUAmount") && !import_number(&gpus, i, r, "GPUAmount")) return false;
    t->gpus = gpus;
    if (gpus > 0 && json_field(r, "GPUMemorySize") &&
        !import_number(&t->gpu_mem_gib, i, r, "GPUMemorySize"))
        return false;
    return true;
}

/* The model of the book with that alias: of several (L20N) the one whose memory it is, then the smallest of which the
 * memory can be a slice. */
static size_t model_of(const struct price_book *b, const char *alias, double memory_gib)
{
    size_t best = NO_GPU;
    for (size_t g = 0; g < book_gpu_count(b); g++) {
        const struct gpu_model *m = book_gpu(b, g);
        const bool named = (m->alias && strcasecmp(m->alias, alias) == 0) ||
                           strcasecmp(m->key, alias) == 0 || strcasecmp(m->name, alias) == 0;
        if (!named || (memory_gib > 0 && memory_gib > m->memory_gib * 1.05)) continue;
        if (best == NO_GPU || m->memory_gib < book_gpu(b, best)->memory_gib) best = g;
    }
    if (best != NO_GPU) return best;
    const size_t found = book_gpu_find(b, alias);
    if (found != NO_GPU) return found;
    const char *space = strchr(alias, ' '); /* "NVIDIA A10" */
    return space ? model_of(b, space + 1, memory_gib) : NO_GPU;
}

/* A GPU of a size the book knows whole, or a slice of it in halves down to a 64th. */
static bool gpu_members(struct import_type *t, struct importing *i, const struct json_record *r)
{
    const char *spec = json_text(r, "GPUSpec");
    t->gpu = "";
    if (t->gpus <= 0) return true;
    const size_t gpu = spec ? model_of(i->book, spec, t->gpu_mem_gib) : NO_GPU;
    if (gpu == NO_GPU) {
        import_refuse(i, import_place(i, r, json_field(r, "GPUSpec")),
                      _("%s has a GPU the book does not know: \"%s\""), t->name, spec ? spec : "");
        return false;
    }
    const struct gpu_model *m = book_gpu(i->book, gpu);
    t->gpu = m->name;
    if (t->gpu_mem_gib <= 0) t->gpu_mem_gib = m->memory_gib;
    const double parts = m->memory_gib / t->gpu_mem_gib;
    if (t->gpus == 1 && parts > 1.5) t->gpus = 1 / round(parts);
    return true;
}

static enum err types_record(struct importing *i, const struct json_record *r)
{
    if (!json_path_ends(r, "InstanceType")) return OK;
    struct imported *out = i->out;
    struct import_type t = {0};
    t.name = import_word(i, r, "InstanceTypeId");
    if (!t.name) return OK;
    t.name = import_keep(i, t.name);
    const char *family = json_text(r, "InstanceTypeFamily");
    if (family && strncmp(family, "ecs.", 4) == 0) family += 4;
    t.family = family ? import_keep(i, family) : "";
    const char *architecture = json_text(r, "CpuArchitecture");
    t.by_arm = architecture && strcasecmp(architecture, "ARM") == 0;
    if (numbers(&t, i, r) && gpu_members(&t, i, r))
        *ARENA_PUSH(out->arena, out->types, out->n_types) = t;
    return OK;
}

const struct import_format import_instance_types = {
    .name = "DescribeInstanceTypes",
    .key = "InstanceTypes",
    .record = types_record,
};
