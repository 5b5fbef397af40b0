#include "demand_support.h"

static struct workload gpu_workload(void)
{
    struct workload w = workload_of("training", "pretrain");
    w.measured_on = "A100-80GB";
    return w;
}

static struct shape shape_of(const struct workload *w, const struct price_book *b)
{
    return (struct shape){.workload = w,
                          .work_class = w->kind->work_class,
                          .gpus_per_worker = w->gpus_per_worker > 0 ? w->gpus_per_worker : 1,
                          .gpu_share = w->gpu_share,
                          .workers = w->workers,
                          .max_workers = w->max_workers,
                          .gpu_memory_gib = w->gpu_memory_gib,
                          .spot_max_frac = 1,
                          .reference_gpu = book_gpu_find(b, w->measured_on)};
}

static struct fit fit_of(const struct workload *w, const char *type, const struct price_book *b,
                         struct arena *a)
{
    const struct shape s = shape_of(w, b);
    const size_t t = book_type_find(b, type);
    gsl_test(t == SIZE_MAX, "%s is in the price book", type);
    return t == SIZE_MAX ? (struct fit){0} : fit_check(&s, book_type(b, t), b, a);
}

static void expect_out(const struct workload *w, const char *type, const char *reason,
                       const struct price_book *b, struct arena *a)
{
    const struct fit f = fit_of(w, type, b, a);
    gsl_test(f.ok, "%s is out", type);
    gsl_test_str(f.reason ? f.reason : "(none)", reason, "reason");
    gsl_test(f.workers != 0 || f.machines != 0 || f.used != 0 || f.speed != 0,
             "nothing else is said");
}

static void expect_in(const struct workload *w, const char *type, const struct fit *want,
                      const struct price_book *b, struct arena *a)
{
    const struct fit f = fit_of(w, type, b, a);
    gsl_test(!f.ok, "%s fits: %s", type, f.ok ? "" : f.reason);
    gsl_test(f.reason != NULL, "%s: no reason", type);
    gsl_test_int((int)f.workers, (int)want->workers, "%s: workers", type);
    gsl_test_int((int)f.machines, (int)want->machines, "%s: machines", type);
    gsl_test_rel(f.used, want->used, 1e-12, "%s: used", type);
    gsl_test_rel(f.speed, want->speed, 1e-12, "%s: speed", type);
}

static void test_memory(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload();
    w.gpu_memory_gib = 80;
    expect_out(&w, "ecs.gn7i-c16g1.4xlarge", "GPU memory 24 GB, needs 80 GB", b, a);
    expect_in(&w, "ecs.gn7e-c16g1.4xlarge",
              &(struct fit){.workers = 1, .machines = 1, .used = 1, .speed = 1}, b, a);
    w.shard = true;
    w.gpus_per_worker = 4;
    expect_in(&w, "ecs.gn7e-c16g1.16xlarge",
              &(struct fit){.workers = 1, .machines = 1, .used = 4, .speed = 1}, b, a);
    w.gpu_memory_gib = 96.5;
    expect_out(&w, "ecs.gn7i-4x.8xlarge",
               "GPU memory 96 GB on the 4 GPUs of a worker, needs 96.5 GB", b, a);
    w.gpu_memory_gib = 96;
    gsl_test(!fit_of(&w, "ecs.gn7i-4x.8xlarge", b, a).ok, "96 GB on 4 x 24 GB");
}

static void test_reason_place(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload();
    struct diag d = diag_of(a);
    node_set(&w, "kind: training\nresources:\n  gpus_per_worker: 1\n  gpu_memory: 80GB\n", a, &d);
    w.gpu_memory_gib = 80;
    const struct fit f = fit_of(&w, "ecs.gn7i-c16g1.4xlarge", b, a);
    gsl_test_int((int)f.reason_at.line, 4, "line of gpu_memory");
    gsl_test_int((int)f.reason_at.column, 15, "column of its value");
}

static void test_gpus(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload();
    w.gpus_per_worker = 8;
    expect_out(&w, "ecs.gn7e-c16g1.16xlarge", "4 GPU in a machine, a worker needs 8", b, a);
    expect_out(&w, "ecs.sgn7i-vws-m8.4xlarge", "a slice of 0.3333 GPU, needs whole GPUs", b, a);
    expect_out(&w, "ecs.c7.8xlarge", "the machine has no GPU", b, a);
    w.gpus_per_worker = 3;
    w.workers = 1;
    expect_in(&w, "ecs.gn7e-c16g1.16xlarge",
              &(struct fit){.workers = 1, .machines = 1, .used = 3, .speed = 1}, b, a);
    w.gpus_per_worker = 2;
    w.workers = 5; /* 4 workers fit on 8 GPUs: two machines, 5 GPUs each on average */
    expect_in(&w, "ecs.gn7e-c16g1.32xlarge",
              &(struct fit){.workers = 4, .machines = 2, .used = 5, .speed = 1}, b, a);
    w.workers = 3; /* never more than the gang */
    expect_in(&w, "ecs.gn7e-c16g1.32xlarge",
              &(struct fit){.workers = 3, .machines = 1, .used = 6, .speed = 1}, b, a);
    w.workers = 0;
    expect_in(&w, "ecs.gn7e-c16g1.32xlarge",
              &(struct fit){.workers = 4, .machines = 1, .used = 8, .speed = 1}, b, a);
    w.max_workers = 3;
    expect_in(&w, "ecs.gn7e-c16g1.32xlarge",
              &(struct fit){.workers = 3, .machines = 1, .used = 6, .speed = 1}, b, a);
}

static void test_cpu_and_ram(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload();
    w.measured_on = "A10-24GB";
    w.vcpu = 12; /* gn7i-4x.8xlarge: 4 GPUs, 32 vCPU, 128 GiB */
    expect_in(&w, "ecs.gn7i-4x.8xlarge",
              &(struct fit){.workers = 2, .machines = 1, .used = 2, .speed = 1}, b, a);
    w.vcpu = 33;
    expect_out(&w, "ecs.gn7i-4x.8xlarge", "32 vCPU, a worker needs 33", b, a);
    w.vcpu = 8;
    w.memory_gib = 43;
    expect_in(&w, "ecs.gn7i-4x.8xlarge",
              &(struct fit){.workers = 2, .machines = 1, .used = 2, .speed = 1}, b, a);
    w.memory_gib = 128.5;
    expect_out(&w, "ecs.gn7i-4x.8xlarge", "memory 128 GB, a worker needs 128.5 GB", b, a);
    struct instance_type unknown = *book_type(b, book_type_find(b, "ecs.gn7i-4x.8xlarge"));
    unknown.vcpu = 0;
    w.memory_gib = 0;
    const struct shape s = shape_of(&w, b);
    gsl_test_str(fit_check(&s, &unknown, b, a).reason, "0 vCPU, a worker needs 8",
                 "an unknown vCPU count meets no need");
}

static void test_shares(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload();
    w.kind = kind_find("inference_batch");
    w.measured_on = "A10-24GB";
    w.gpu_share = 0.5;
    w.gpu_memory_gib = 8;
    expect_in(&w, "ecs.gn6i-c4g1.xlarge",
              &(struct fit){.workers = 2, .machines = 1, .used = 1, .speed = 0.27}, b, a);
    expect_in(&w, "ecs.vgn6i-m8.2xlarge",
              &(struct fit){.workers = 1, .machines = 1, .used = 0.5, .speed = 0.27}, b, a);
    expect_out(&w, "ecs.sgn7i-vws-m8.4xlarge", "a slice of 0.3333 GPU, needs 0.5", b, a);
    w.gpu_share = 1.0 / 3;
    expect_in(&w, "ecs.sgn7i-vws-m8.4xlarge",
              &(struct fit){.workers = 1, .machines = 1, .used = 1.0 / 3, .speed = 1}, b, a);
    w.gpu_memory_gib = 9; /* 24 GB carry two such shares, not three */
    expect_in(&w, "ecs.gn7i-c16g1.4xlarge",
              &(struct fit){.workers = 2, .machines = 1, .used = 2.0 / 3, .speed = 1}, b, a);
    expect_out(&w, "ecs.sgn7i-vws-m8.4xlarge", "GPU memory 8 GB, needs 9 GB", b, a);
    w.gpu_share = 0.3; /* a bigger slice serves one, and only 0.3 of it works */
    w.gpu_memory_gib = 4;
    expect_in(&w, "ecs.vgn6i-m8.2xlarge",
              &(struct fit){.workers = 1, .machines = 1, .used = 0.3, .speed = 0.27}, b, a);
    expect_in(&w, "ecs.gn7i-4x.8xlarge",
              &(struct fit){.workers = 12, .machines = 1, .used = 3.6, .speed = 1}, b, a);
}

static void test_interconnect(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload();
    w.interconnect = INTERCONNECT_NVLINK;
    gsl_test(!fit_of(&w, "ecs.gn8is.2xlarge", b, a).ok, "one GPU needs no NVLink");
    w.gpus_per_worker = 2;
    expect_out(&w, "ecs.gn8is-2x.8xlarge",
               "no NVLink between the GPUs, interconnect nvlink is asked for", b, a);
    gsl_test(!fit_of(&w, "ecs.gn7e-c16g1.8xlarge", b, a).ok, "A100 pairs have NVLink");
    w.interconnect = INTERCONNECT_RDMA;
    w.workers = 2;
    expect_out(&w, "ecs.gn7e-c16g1.8xlarge",
               "no RDMA between the machines, interconnect rdma is asked for", b, a);
    gsl_test(!fit_of(&w, "ecs.gn7e-c16g1.16xlarge", b, a).ok, "a gang inside one machine");
    w.workers = 0;
    expect_out(&w, "ecs.gn7e-c16g1.16xlarge",
               "no RDMA between the machines, interconnect rdma is asked for", b, a);
    struct instance_type rdma = *book_type(b, book_type_find(b, "ecs.gn7e-c16g1.8xlarge"));
    rdma.features |= FEATURE_RDMA;
    const struct shape s = shape_of(&w, b);
    gsl_test(!fit_check(&s, &rdma, b, a).ok, "a machine with RDMA");
}

static void test_features(const struct price_book *b, struct arena *a)
{
    static const struct feature_case {
        unsigned feature;
        const char *type, *reason; /* NULL: it has it */
    } cases[] = {
        {FEATURE_RT_CORES, "ecs.gn7i-c16g1.4xlarge", NULL},
        {FEATURE_RT_CORES, "ecs.gn6v-c8g1.2xlarge", "V100-16GB is not known to have rt_cores"},
        {FEATURE_AV1_ENCODE, "ecs.gn7i-c16g1.4xlarge", "A10-24GB is not known to have av1_encode"},
        {FEATURE_AV1_ENCODE, "ecs.gn8is.2xlarge", NULL},
        {FEATURE_NVENC, "ecs.gn7e-c16g1.4xlarge", "A100-80GB is not known to have nvenc"},
        {FEATURE_FP64, "ecs.gn7e-c16g1.4xlarge", NULL},
        {FEATURE_FP64, "ecs.gn7i-c16g1.4xlarge", "A10-24GB is not known to have fp64"},
        {FEATURE_ECC, "ecs.gn9g.8xlarge", "L20N-48GB is not known to have ecc"},
        {FEATURE_GRID_DRIVER, "ecs.gn7e-c16g1.4xlarge",
         "A100-80GB is not known to have grid_driver"},
        {FEATURE_GRID_DRIVER, "ecs.gn7i-c16g1.4xlarge",
         "A10-24GB has grid_driver only with a licence of one's own"},
        {FEATURE_GRID_DRIVER, "ecs.vgn7i-vws-m12.3xlarge", NULL},
        {FEATURE_NVENC | FEATURE_RT_CORES, "ecs.gn6v-c8g1.2xlarge",
         "V100-16GB is not known to have rt_cores"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct feature_case *c = &cases[i];
        struct workload w = gpu_workload();
        w.kind = kind_find("render_offline");
        w.measured_on = "A10-24GB";
        w.features = c->feature;
        if (strstr(c->type, "vws")) w.gpu_share = 0.5;
        if (c->reason)
            expect_out(&w, c->type, c->reason, b, a);
        else
            gsl_test(!fit_of(&w, c->type, b, a).ok, "%s has feature %u", c->type, c->feature);
    }
}

static void test_lists(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload();
    static const char *const gpus[] = {"NVIDIA A10", "GPU H"}; /* the vendor's words */
    w.gpus = (struct text_list){2, gpus, NULL};
    expect_out(&w, "ecs.gn7e-c16g1.4xlarge",
               "A100-80GB is not among the GPU models of resources.gpu", b, a);
    gsl_test(!fit_of(&w, "ecs.gn7i-c16g1.4xlarge", b, a).ok, "NVIDIA A10 is the A10-24GB");
    gsl_test(!fit_of(&w, "ecs.gn8v.4xlarge", b, a).ok, "GPU H is the H20-96GB");
    static const char *const types[] = {"ecs.gn7i-c16g1.4xlarge"};
    w.instance_types = (struct text_list){1, types, NULL};
    expect_out(&w, "ecs.gn7i-c8g1.2xlarge",
               "ecs.gn7i-c8g1.2xlarge is not among resources.instance_types", b, a);
    w.gpu_memory_gib = 30; /* what cannot work is said before what is not listed */
    expect_out(&w, "ecs.gn7i-c8g1.2xlarge", "GPU memory 24 GB, needs 30 GB", b, a);
}

static void test_cpu_work(const struct price_book *b, struct arena *a)
{
    struct workload w = workload_of("etl", "nightly");
    w.vcpu = 32;
    w.memory_gib = 64;
    const struct shape s = {
        .workload = &w, .work_class = "cpu_etl", .cpu = true, .reference_gpu = NO_GPU};
    static const struct cpu_case {
        const char *type;
        long workers;
        double speed;
    } cases[] = {{"ecs.c7.8xlarge", 1, 1}, {"ecs.c8i.8xlarge", 1, 1.15}, {"ecs.g7.16xlarge", 2, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct fit f = fit_check(&s, book_type(b, book_type_find(b, cases[i].type)), b, a);
        gsl_test(!f.ok, "%s fits: %s", cases[i].type, f.ok ? "" : f.reason);
        gsl_test_int((int)f.workers, (int)cases[i].workers, "%s: workers", cases[i].type);
        gsl_test_rel(f.used, 32 * (double)cases[i].workers, 1e-15, "%s: vCPU", cases[i].type);
        gsl_test_rel(f.speed, cases[i].speed, 1e-15, "%s: speed", cases[i].type);
        gsl_test_int((int)f.machines, 1, "%s: divisible", cases[i].type);
    }
    gsl_test_str(
        fit_check(&s, book_type(b, book_type_find(b, "ecs.gn7i-c16g1.4xlarge")), b, a).reason,
        "work in vCPU-hours runs on machines without a GPU", "CPU work never on GPU machines");
    gsl_test_str(fit_check(&s, book_type(b, book_type_find(b, "ecs.c7.4xlarge")), b, a).reason,
                 "16 vCPU, a worker needs 32", "too small");
    gsl_test_str(fit_check(&s, book_type(b, book_type_find(b, "ecs.hfc8i.8xlarge")), b, a).reason,
                 "no speed of hfc8i is known for class cpu_etl", "never invented");
    static struct named_number speeds[] = {{"hfc8i", {.base = 1.31, .given = true}}};
    w.n_speeds = 1;
    w.speeds = speeds;
    gsl_test_rel(fit_check(&s, book_type(b, book_type_find(b, "ecs.hfc8i.8xlarge")), b, a).speed,
                 1.31, 1e-15, "a speed by family");
    w.vcpu = 0;
    w.memory_gib = 0;
    const struct fit f = fit_check(&s, book_type(b, book_type_find(b, "ecs.c7.4xlarge")), b, a);
    gsl_test(f.workers != 16 || f.used != 16, "without vcpu a worker is one vCPU");
}

static void test_speed(const struct price_book *b, struct arena *a)
{
    struct workload w = gpu_workload(); /* class train_mixed, measured on A100-80GB (3.08) */
    struct fit f = fit_of(&w, "ecs.gn6v-c8g1.2xlarge", b, a);
    gsl_test_rel(f.speed, 1.08 / 3.08, 1e-15, "the book's speed, relative to the reference");
    gsl_test(f.speed_estimated, "both measured");
    f = fit_of(&w, "ecs.gn8is.2xlarge", b, a);
    gsl_test(!f.speed_estimated, "L20 is an estimate");
    f = fit_of(&w, "ecs.gn7e-c16g1.4xlarge", b, a);
    gsl_test(f.speed != 1 || f.speed_estimated, "the reference itself is 1");
    static struct named_number speeds[] = {{"V100-16", {.base = 0.4242, .given = true}},
                                           {"L20-48GB", {.base = 0, .given = true}}};
    w.n_speeds = 2;
    w.speeds = speeds;
    f = fit_of(&w, "ecs.gn6v-c8g1.2xlarge", b, a);
    gsl_test_rel(f.speed, 0.4242, 1e-15,
                 "the workload's own speed goes first, by any name of the card");
    expect_out(&w, "ecs.gn8is.2xlarge", "L20-48GB is unfit for this work: its speed is 0", b, a);
    w.n_speeds = 0;
    w.kind = kind_find("cad");
    w.measured_on = "A10-24GB";
    expect_out(&w, "ecs.gn7e-c16g1.4xlarge", "A100-80GB is unfit for this work: its speed is 0", b,
               a);
    w.kind = kind_find("etl");
    expect_out(&w, "ecs.gn7e-c16g1.4xlarge",
               "no speed of A100-80GB relative to A10-24GB is known for class cpu_etl", b, a);
    gsl_test(!fit_of(&w, "ecs.gn7i-c16g1.4xlarge", b, a).ok, "the reference needs no table");
}

int main(void)
{
    struct arena *a = arena_new();
    const struct price_book *b = book_of(a);
    if (b) {
        test_memory(b, a);
        test_reason_place(b, a);
        test_gpus(b, a);
        test_cpu_and_ram(b, a);
        test_shares(b, a);
        test_interconnect(b, a);
        test_features(b, a);
        test_lists(b, a);
        test_cpu_work(b, a);
        test_speed(b, a);
    }
    arena_free(a);
    return gsl_test_summary();
}
