/* The built-in tables: every row has its provenance, and the checked claims hold one by one. */
#include "tests/pricing/fixture.h"
#include <math.h>

static const struct gpu_model *gpu_named(const struct price_book *b, const char *name)
{
    const size_t gpu = book_gpu_find(b, name);
    if (gpu == NO_GPU) gsl_test(1, "GPU %s is in the book", name);
    return book_gpu(b, gpu == NO_GPU ? 0 : gpu);
}

static bool origin_full(const struct origin *o)
{
    return o->source && *o->source && o->date && *o->date && o->day != INT64_MIN && !o->user &&
           o->place.line > 1 && strncmp(o->place.source->path, "built-in ", 9) == 0;
}

static void test_provenance(const struct price_book *b)
{
    size_t bad = 0;
    for (size_t i = 0; i < book_gpu_count(b); i++) bad += !origin_full(&book_gpu(b, i)->origin);
    for (size_t i = 0; i < book_type_count(b); i++) bad += !origin_full(&book_type(b, i)->origin);
    for (size_t i = 0; i < book_price_count(b); i++) bad += !origin_full(&book_price(b, i)->origin);
    for (size_t i = 0; i < book_default_count(b); i++) {
        bad += !origin_full(&book_default(b, i)->origin);
    }
    gsl_test(bad != 0, "every row has source, date and confidence (%zu have not)", bad);
    gsl_test(book_gpu_count(b) != 30, "30 GPU models");
    gsl_test(book_type_count(b) != 370, "370 instance types");
    gsl_test(book_price_count(b) != 1073, "1073 prices: %zu", book_price_count(b));
    gsl_test(book_default_count(b) != 16, "16 default rows");
    gsl_test(book_region_count(b) != 22, "22 regions");
    gsl_test(book_storage_class_count(b) != 16, "16 storage classes");
    gsl_test(strcmp(book_date(b), "2026-09-28") != 0, "the newest price is of 2026-09-28");
}

/* Every type of a family has this GPU; how many types, and how many GPUs at least and at most. */
static const struct family_claim {
    int claim; /* number in the list of checked claims */
    const char *family, *gpu;
    size_t n_types;
    double least, most;
} family_claims[] = {
    {1, "gn7i", "A10-24GB", 13, 1, 8},
    {2, "gn8is", "L20-48GB", 5, 1, 8},
    {2, "gn8ia", "L20-48GB", 4, 1, 2},
    {2, "cgn8i", "Lovelace-24GB", 1, 1, 1},
    {3, "gn7e", "A100-80GB", 4, 1, 8},
    {4, "gn8e", "H20-141GB", 4, 1, 8},
    {5, "gn7", "A100-40GB", 4, 1, 8},
    {5, "gn5", "P100-16GB", 8, 1, 8},
    {5, "gn6v", "V100-16GB", 5, 1, 8},
    {5, "gn6e", "V100-32GB", 3, 1, 8},
    {6, "gn9i", "RTXPRO6000-96GB", 1, 2, 2},
    {8, "gn6i", "T4-16GB", 7, 1, 4},
    {2, "gn8i", "", 0, 0, 0},
    {5, "gn8", "", 0, 0, 0},
};

static void test_families(const struct price_book *b)
{
    for (size_t c = 0; c < sizeof family_claims / sizeof *family_claims; c++) {
        const struct family_claim *claim = &family_claims[c];
        size_t n = 0, wrong = 0;
        double least = INFINITY, most = 0;
        for (size_t i = 0; i < book_type_count(b); i++) {
            const struct instance_type *t = book_type(b, i);
            if (strcmp(t->family, claim->family) != 0) continue;
            n++;
            wrong += strcmp(book_gpu(b, t->gpu)->name, claim->gpu) != 0;
            least = fmin(least, t->gpus);
            most = fmax(most, t->gpus);
        }
        gsl_test(n != claim->n_types, "claim %d: %s has %zu types", claim->claim, claim->family, n);
        gsl_test(wrong != 0, "claim %d: %s is %s", claim->claim, claim->family, claim->gpu);
        if (n == 0) continue;
        gsl_test(least != claim->least || most != claim->most, "claim %d: %s has %g to %g GPUs",
                 claim->claim, claim->family, least, most);
    }
}

static const struct type_claim {
    int claim;
    const char *name, *gpu; /* gpu "": a CPU machine */
    double gpus;
    long vcpu;
    double ram_gib;
} type_claims[] = {
    {7, "ecs.c7.4xlarge", "", 0, 16, 32},
    {7, "ecs.c8i.4xlarge", "", 0, 16, 32},
    {7, "ecs.g7.4xlarge", "", 0, 16, 64},
    {7, "ecs.g8i.4xlarge", "", 0, 16, 64},
    {8, "ecs.gn6i-c4g1.xlarge", "T4-16GB", 1, 4, 15},
    {9, "ecs.gn7i-4x.8xlarge", "A10-24GB", 4, 32, 128},
    {9, "ecs.gn7i-4x.16xlarge", "A10-24GB", 4, 64, 256},
    {9, "ecs.gn7i-c32g1.32xlarge", "A10-24GB", 4, 128, 752},
    {9, "ecs.gn6i-c24g1.24xlarge", "T4-16GB", 4, 96, 372},
    {10, "ecs.gn7e-c16g1.32xlarge", "A100-80GB", 8, 128, 1000},
    {10, "ecs.gn7e-c16g1.16xlarge", "A100-80GB", 4, 64, 500},
    {12, "ecs.gn6v-c8g1.2xlarge", "V100-16GB", 1, 8, 32},
    {12, "ecs.gn6v-c8g1.4xlarge", "V100-16GB", 2, 16, 64},
};

static void test_types(const struct price_book *b)
{
    for (size_t c = 0; c < sizeof type_claims / sizeof *type_claims; c++) {
        const struct type_claim *claim = &type_claims[c];
        const struct instance_type *t = book_type(b, type_named(b, claim->name));
        const char *gpu = t->gpu == NO_GPU ? "" : book_gpu(b, t->gpu)->name;
        gsl_test(strcmp(gpu, claim->gpu) != 0 || t->gpus != claim->gpus, "claim %d: %s has %g %s",
                 claim->claim, claim->name, t->gpus, gpu);
        gsl_test(t->vcpu != claim->vcpu || t->ram_gib != claim->ram_gib,
                 "claim %d: %s has %ld vCPU, %g GiB", claim->claim, claim->name, t->vcpu,
                 t->ram_gib);
    }
}

/* has, lacks: features; licence: with a licence of one's own */
static const struct gpu_claim {
    int claim;
    const char *gpu;
    double memory_gib;
    unsigned has, lacks;
} gpu_claims[] = {
    {14, "A10-24GB", 24, FEATURE_NVENC | FEATURE_RT_CORES, FEATURE_AV1_ENCODE | FEATURE_NVLINK},
    {17, "L20-48GB", 48, FEATURE_AV1_ENCODE | FEATURE_RT_CORES | FEATURE_NVENC, FEATURE_NVLINK},
    {17, "RTX4090-24GB", 24, FEATURE_AV1_ENCODE, FEATURE_ECC},
    {17, "RTX5090-32GB", 32, FEATURE_AV1_ENCODE, FEATURE_FP64},
    {17, "RTXPRO6000-96GB", 96, FEATURE_AV1_ENCODE | FEATURE_NVENC, 0},
    {21, "A100-80GB", 80, FEATURE_NVLINK | FEATURE_FP64 | FEATURE_ECC,
     FEATURE_NVENC | FEATURE_RT_CORES | FEATURE_AV1_ENCODE | FEATURE_GRID_DRIVER},
    {13, "A100-40GB", 40, FEATURE_NVLINK, FEATURE_NVENC | FEATURE_RT_CORES},
    {19, "H100-80GB", 80, FEATURE_NVLINK, FEATURE_NVENC | FEATURE_RT_CORES},
    {22, "V100-16GB", 16, FEATURE_NVENC | FEATURE_FP64, FEATURE_RT_CORES | FEATURE_AV1_ENCODE},
    {4, "H20-141GB", 141, FEATURE_NVLINK, FEATURE_NVENC | FEATURE_FP64},
    {22, "T4-16GB", 16, FEATURE_NVENC | FEATURE_RT_CORES, FEATURE_AV1_ENCODE},
    {15, "P4-8GB", 8, 0, FEATURE_NVENC | FEATURE_RT_CORES}, /* encoders not sourced: unknown */
};

static void test_gpus(const struct price_book *b)
{
    for (size_t c = 0; c < sizeof gpu_claims / sizeof *gpu_claims; c++) {
        const struct gpu_claim *claim = &gpu_claims[c];
        const struct gpu_model *g = gpu_named(b, claim->gpu);
        gsl_test(g->memory_gib != claim->memory_gib, "claim %d: %s has %g GiB", claim->claim,
                 claim->gpu, g->memory_gib);
        gsl_test((g->features & claim->has) != claim->has || (g->features & claim->lacks) != 0,
                 "claim %d: features of %s", claim->claim, claim->gpu);
    }
    gsl_test(gpu_named(b, "H100-80GB")->sold, "claim 6: no H100 is sold");
    for (size_t i = 0; i < book_gpu_count(b); i++) {
        const struct gpu_model *g = book_gpu(b, i);
        const bool h100 = strcmp(g->name, "H100-80GB") == 0;
        gsl_test(g->sold == h100, "%s is %s", g->name, h100 ? "not sold" : "sold");
    }
    gsl_test(gpu_named(b, "A10-24GB")->licence_features != FEATURE_GRID_DRIVER,
             "claim 23: a plain A10 can have GRID with a licence");
    gsl_test(gpu_named(b, "A100-80GB")->licence_features != 0, "claim 24: an A100 cannot");
    gsl_test_abs(gpu_named(b, "L20-48GB")->nvenc_engines, 3, 0, "L20 has three encoders");
    gsl_test_abs(gpu_named(b, "A100-80GB")->fp16_tflops, 312, 0, "peak of the A100");
    gsl_test_abs(gpu_named(b, "P4-8GB")->fp16_tflops, 0, 0, "the P4's peak is not known");
}

static void test_machine_features(const struct price_book *b)
{
    static const struct {
        const char *name;
        unsigned has, lacks;
    } machines[] = {
        {"ecs.gn7e-c16g1.32xlarge", FEATURE_NVLINK, FEATURE_RDMA},
        {"ecs.gn7e-c16g1.4xlarge", 0, FEATURE_NVLINK}, /* one GPU */
        {"ecs.sccgn7ex.32xlarge", FEATURE_NVLINK | FEATURE_RDMA, 0},
        {"ecs.gn7i-c16g1.4xlarge", FEATURE_RT_CORES, FEATURE_GRID_DRIVER},
        {"ecs.sgn7i-vws-m4.2xlarge", FEATURE_GRID_DRIVER | FEATURE_NVENC, FEATURE_AV1_ENCODE},
        {"ecs.vgn6i-m4-vws.xlarge", FEATURE_GRID_DRIVER, 0},
        {"ecs.vgn6i-m4.xlarge", 0, FEATURE_GRID_DRIVER},
        {"ecs.sgn8ia-m8.4xlarge", FEATURE_GRID_DRIVER | FEATURE_AV1_ENCODE, FEATURE_NVENC},
        {"ecs.c7.large", 0, ~0U},
    };
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        const struct instance_type *t = book_type(b, type_named(b, machines[i].name));
        gsl_test((t->features & machines[i].has) != machines[i].has ||
                     (t->features & machines[i].lacks) != 0,
                 "features of %s", machines[i].name);
    }
    static const struct {
        const char *name;
        int64_t step_s;
    } grains[] = {
        {"ecs.c8y.small", 600},       {"ecs.c7.large", 300}, {"ecs.gn6i-c4g1.xlarge", 120},
        {"ecs.gn7i-c8g1.2xlarge", 1}, {"ecs.gn9i-2x", 1},
    };
    for (size_t i = 0; i < sizeof grains / sizeof *grains; i++) {
        const int64_t step_us = book_type(b, type_named(b, grains[i].name))->billing_step_us;
        gsl_test(step_us != grains[i].step_s * (US_PER_H / 3600), "billing grain of %s",
                 grains[i].name);
    }
    const struct instance_type *gn9i = book_type(b, type_named(b, "ecs.gn9i-2x"));
    gsl_test(gn9i->vcpu != 0 || gn9i->ram_gib != 0, "what is not stated about gn9i is 0");
}

/* A canonical name, the key and the vendor's alias all find the model. */
static void test_names(const struct price_book *b)
{
    static const char *const same[][3] = {
        {"A10-24GB", "A10", "NVIDIA A10"},      {"H20-96GB", "H20-96", "GPU H"},
        {"RTX4090-48GB", "RTX4090-48", "G49E"}, {"H100-80GB", "H100-80-SXM", "H100-80GB"},
        {"L20N-48GB", "L20N-48", "L20N"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const size_t gpu = book_gpu_find(b, same[i][0]);
        gsl_test(gpu == NO_GPU || book_gpu_find(b, same[i][1]) != gpu ||
                     book_gpu_find(b, same[i][2]) != gpu,
                 "names of %s", same[i][0]);
    }
    gsl_test(book_gpu_find(b, "A10G") != NO_GPU, "A10G is no GPU of this cloud");
    gsl_test(strcmp(book_gpu_nearest(b, "A100-80G"), "A100-80GB") != 0, "nearest canonical name");
    gsl_test(strcmp(book_gpu_nearest(b, "G49F"), "RTX4090-24GB") != 0,
             "an alias leads to the canonical name: %s", book_gpu_nearest(b, "G49F"));
    gsl_test(book_gpu_nearest(b, "abacus") != NULL, "nothing is near an abacus");
}

static void test_speeds(const struct price_book *b)
{
    static const struct {
        const char *work_class, *gpu;
        double speed;
    } speeds[] = {
        {"train_mixed", "A10-24GB", 1},
        {"train_mixed", "A100-80GB", 3.08},
        {"render_optix", "V100-16GB", 0.55},
        {"realtime_3d", "A100-80GB", 0},
        {"infer_llm_70b_per_gpu", "L20-48GB", 1.8},
        {"encode_h264", "RTXPRO6000-96GB", 3.59},
        {"train_mixed", "H100-80GB", 5.75},
    };
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
        const struct gpu_speed *s =
            book_speed(b, speeds[i].work_class, book_gpu_find(b, speeds[i].gpu), NULL);
        gsl_test_abs(s ? s->speed : -1, speeds[i].speed, 1e-12, "%s on %s", speeds[i].work_class,
                     speeds[i].gpu);
    }
    static const struct {
        const char *work_class, *family;
        double speed;
    } cpus[] = {
        {"cpu_etl", "c7", 1},
        {"cpu_etl", "g8i", 1.15},
        {"cpu_etl", "c9i", 1.3},
        {"train_mixed", "c7", 0.02 / 16},
        {"encode_h264", "c7", 0.3 / 16},
    };
    for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
        const struct gpu_speed *s = book_speed(b, cpus[i].work_class, NO_GPU, cpus[i].family);
        gsl_test_abs(s ? s->speed : -1, cpus[i].speed, 1e-12, "%s on a vCPU of %s",
                     cpus[i].work_class, cpus[i].family);
    }
    gsl_test(book_speed(b, "cpu_etl", NO_GPU, "c7a") != NULL, "no evidence about c7a, so no row");
    gsl_test(book_speed(b, "cad_viz", book_gpu_find(b, "G39-24GB"), NULL) != NULL,
             "nor about unknown silicon");
}

static void test_known_prices(const struct price_book *b)
{
    static const struct {
        const char *type, *region, *price;
    } known[] = {
        {"ecs.gn7i-c8g1.2xlarge", "cn-shanghai", "9.53"},
        {"ecs.gn6i-c4g1.xlarge", "cn-shanghai", "11.63"},
        {"ecs.gn8is.2xlarge", "cn-shanghai", "14.42"},
        {"ecs.gn7e-c16g1.32xlarge", "cn-shenzhen", "277.933"},
        {"ecs.gn7e-c16g1.4xlarge", "cn-shenzhen", "34.742"},
        {"ecs.gn6v-c8g1.2xlarge", "cn-beijing", "26.46"},
        {"ecs.gn6v-c8g1.2xlarge", "cn-zhangjiakou", "19.84"},
        {"ecs.gn7i-4x.8xlarge", "cn-beijing", "38.1305"},
        {"ecs.c7.16xlarge", "cn-wulanchabu", "11.74173"},
        {"ecs.gn8v.4xlarge", "cn-hangzhou", "36"},
    };
    bool stand_in = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        const struct price_row *row = price_find(b, type_named(b, known[i].type), known[i].region,
                                                 "", MARKET_ON_DEMAND, &stand_in);
        gsl_test(!row || !ratio_is(row->price, known[i].price), "%s in %s costs %s", known[i].type,
                 known[i].region, known[i].price);
    }
    size_t n_spot = 0, n_no_stock = 0, n_not_offered = 0, n_checked = 0;
    for (size_t i = 0; i < book_price_count(b); i++) {
        const struct price_row *row = book_price(b, i);
        n_spot += row->market == MARKET_SPOT && !row->not_offered;
        n_no_stock += row->no_stock;
        n_not_offered += row->not_offered;
        n_checked += row->checked != NULL;
    }
    gsl_test(n_spot != 151, "151 spot prices: %zu", n_spot);
    gsl_test(n_no_stock != 65, "65 of them equal to on-demand: %zu", n_no_stock);
    gsl_test(n_not_offered != 26, "26 types not offered in a region: %zu", n_not_offered);
    gsl_test(n_checked != 6, "6 odd prices are explained: %zu", n_checked);
}

int main(void)
{
    struct fixture f;
    fixture_load(&f, &(struct texts){0});
    gsl_test(f.code != OK, "the built-in book loads");
    test_provenance(f.book);
    test_families(f.book);
    test_types(f.book);
    test_gpus(f.book);
    test_machine_features(f.book);
    test_names(f.book);
    test_speeds(f.book);
    test_known_prices(f.book);
    fixture_free(&f);
    return gsl_test_summary();
}
