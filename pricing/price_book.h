/* The price book: what exists, what it can do, what it costs, from where, how old and how sure.
 * Built-in tables (pricing/data) plus the user's own files. Nothing here knows scenarios. */
#ifndef PRICING_PRICE_BOOK_H
#define PRICING_PRICE_BOOK_H

#include "common/arena.h"
#include "common/calendar.h"
#include "common/diag.h"
#include "common/money.h"
#include "pricing/market_list.h"

/* How sure a row is. Prices below CONFIDENCE_DERIVED count as estimated in `estimated_share`. */
enum confidence {
    CONFIDENCE_QUOTED,           /* vendor document, API or bill */
    CONFIDENCE_QUOTED_SECONDARY, /* a third party's copy */
    CONFIDENCE_MEASURED,         /* a published benchmark */
    CONFIDENCE_DERIVED,          /* arithmetic on quoted figures */
    CONFIDENCE_ESTIMATED,        /* judgement: may be wrong by a factor of 1.5 or more */
    CONFIDENCE_UNVERIFIED,       /* stated once, without a source */
};
const char *confidence_name(enum confidence c); /* the word used in the tables */
bool confidence_is_estimate(enum confidence c); /* estimated or unverified */

/* Where a row came from. */
struct origin {
    const char *source, *date; /* date as written: 2024-10-09, 2026, ... */
    moment_t day; /* date as a moment (first day of what it names); INT64_MIN when unreadable */
    enum confidence confidence;
    struct place place; /* file and line of the row */
    bool user;          /* from a file of the user, not built in */
};

/* Features of a GPU model; `unknown` never satisfies a request. */
enum {
    FEATURE_NVENC = 1,
    FEATURE_AV1_ENCODE = 2,
    FEATURE_RT_CORES = 4,
    FEATURE_ECC = 8,
    FEATURE_FP64 = 16,
    FEATURE_GRID_DRIVER = 32,
    FEATURE_NVLINK = 64,
    FEATURE_RDMA = 128
};
unsigned feature_by_name(const char *name); /* 0: no such feature */
const char *feature_name(unsigned bit);

struct gpu_model {
    const char *name;  /* canonical: "A10-24GB" */
    const char *alias; /* vendor's own word for it, or NULL */
    const char *key;   /* in the facts tables: "A10" */
    double memory_gib;
    double nvenc_engines;      /* 0 when none or unknown */
    double fp16_tflops;        /* dense FP16 tensor peak; 0: unknown */
    unsigned features;         /* known to be there */
    unsigned licence_features; /* there with a licence of one's own (grid_driver on whole GPUs) */
    bool sold;                 /* an instance type of the book has it */
    struct origin origin;
};

/* Instance type. CPU types have gpu = NO_GPU and gpus = 0. */
#define NO_GPU SIZE_MAX
struct instance_type {
    const char *name, *family; /* "ecs.gn7i-c16g1.4xlarge", "gn7i" */
    size_t gpu;                /* index into gpu models, or NO_GPU */
    double gpus;               /* fraction for vGPU slices */
    double gpu_mem_gib;        /* per GPU, or of the slice */
    long vcpu;                 /* 0: unknown, no need is met by it; likewise below */
    double ram_gib, net_gbps;
    unsigned
        features; /* of GPU model and family together (nvlink, rdma, grid_driver of vws families) */
    int64_t billing_step_us; /* pay-as-you-go grain where the price row names none; whole seconds */
    struct origin origin;
};

/* Work classes of the speed table (scenarios map kinds to them). */
struct gpu_speed {
    const char
        *work_class; /* "train_mixed", "lora_sft", "infer_small", "render_optix", "cpu_etl", ... */
    size_t gpu;      /* NO_GPU for CPU rows */
    const char *family; /* CPU rows: "c7" */
    double speed;       /* relative, per GPU (or per vCPU); 0: unfit */
    struct origin origin;
};

enum price_unit { UNIT_HOUR, UNIT_MONTH, UNIT_YEAR };

/* One price. Per instance. `price` is in `currency` per hour, month or year as written. */
struct price_row {
    size_t type;       /* instance type; SIZE_MAX for a default row */
    const char *scope; /* default row: "A10", "GPU", "c7", "any" ...; else NULL */
    const char *region,
        *zone; /* zone "": every zone of the region; region "cn-mainland": see price_find */
    enum market_id market;
    struct ratio price;
    bool is_ratio;    /* of the on-demand price (default rows), not an amount */
    bool no_stock;    /* spot price equal to on-demand: not to be had */
    bool not_offered; /* known not to be sold there; no price */
    enum currency currency;
    enum price_unit unit;    /* also the term of a subscription */
    double hazard_per_h;     /* spot: reclaims per machine-hour; NAN: not given */
    int64_t billing_step_us; /* held time is billed in whole steps of it; 0: not given */
    const char *checked;     /* why a price that looks wrong is right, or NULL */
    struct origin origin;
};

/* Storage class; k of the model is such a class in one region. */
struct storage_class {
    const char *name; /* "oss-standard" */
    bool per_machine; /* ESSD: a disk of one machine */
};

struct storage_tariff { /* of one class in one region, assembled from rows; prices exact */
    const struct storage_class *class_;
    const char *region;
    bool has_price;
    /* Capacity, per GiB and hour: the hourly price of disks of machines held by the hour (ESSD),
     * else the month's price / 720. */
    struct ratio price_gib_h;
    struct ratio egress_gib, retrieval_gib; /* per GiB; same currency */
    struct ratio requests_10k;              /* per 10,000 requests; same currency */
    enum currency currency;
    double min_size_gib, step_gib, max_size_gib;    /* step 0: any size; max INFINITY */
    double base_mbps, slope_mbps_per_gib, max_mbps; /* read throughput = min(base + slope C, max) */
    double client_mbps;                             /* what one machine can get; INFINITY */
    double write_mbps; /* what a checkpoint writer gets of it at most; INFINITY: as reading */
    double min_days;
    struct origin origin; /* of the price (or of the row that is missing) */
};

struct licence_price {
    const char *name;
    struct ratio price;
    enum currency currency;
    enum price_unit unit;
    struct origin origin;
};

struct region {
    const char *name;
    size_t n_zones;
    const char *const *zones;
    bool mainland;
    bool user;
};

struct price_book; /* opaque; read with the functions below */

/* Files of the user, added to the built-in tables, or instead of them with builtin = false (names
 * of GPUs and regions are always known). NULL-terminated. */
struct book_sources {
    bool builtin;
    const char *const *instances, *const *prices, *const *storage, *const *gpu_speed;
};

/* Loads and checks everything; the checks of docs/prices.md run on every load (errors or warnings).
 * `today` is the day ages are counted to; max_age_days < 0: the default of 400 days. Old prices
 * give one warning per file of the user, one for all built-in tables. Errors: E2001 to E2156. */
MUST_USE enum err price_book_load(struct price_book **book, const struct book_sources *sources,
                                  moment_t today, double max_age_days, struct arena *a,
                                  struct diag *d);

size_t book_gpu_count(const struct price_book *b);
const struct gpu_model *book_gpu(const struct price_book *b, size_t gpu);
size_t book_gpu_find(const struct price_book *b,
                     const char *name); /* canonical, key or alias; NO_GPU */
const char *book_gpu_nearest(const struct price_book *b, const char *name); /* or NULL */
size_t book_type_count(const struct price_book *b);
const struct instance_type *book_type(const struct price_book *b, size_t type);
size_t book_type_find(const struct price_book *b, const char *name); /* SIZE_MAX when unknown */
const char *book_type_nearest(const struct price_book *b, const char *name);
size_t book_region_count(const struct price_book *b);
const struct region *book_region(const struct price_book *b, size_t region);
size_t book_region_find(const struct price_book *b,
                        const char *region_or_zone); /* SIZE_MAX when unknown */
const char *book_place_nearest(const struct price_book *b, const char *name);
size_t book_price_count(const struct price_book *b); /* rows of instance types */
const struct price_row *book_price(const struct price_book *b, size_t row);
size_t book_default_count(
    const struct price_book *b); /* default rows, used where nothing better is known */
const struct price_row *book_default(const struct price_book *b, size_t row);
/* Relative speed of (class, gpu) or of (class, CPU family); NULL when the book has none. */
const struct gpu_speed *book_speed(const struct price_book *b, const char *work_class, size_t gpu,
                                   const char *family);
size_t book_storage_class_count(const struct price_book *b);
const struct storage_class *book_storage_class(const struct price_book *b, size_t i);
size_t book_storage_find(const struct price_book *b, const char *name); /* SIZE_MAX when unknown */
/* Tariff of a class in a region (the cn-mainland rule holds here too). */
struct storage_tariff book_storage(const struct price_book *b, size_t storage_class,
                                   const char *region);
const struct licence_price *book_licence(const struct price_book *b,
                                         const char *name); /* or NULL */
const char *book_date(const struct price_book *b); /* of the newest price row: "2026-09-24" */
const char *
book_checksum(const struct price_book *b); /* SHA-256 in hex over all tables as loaded */

#endif
