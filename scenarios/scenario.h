/* A scenario as written, after merging: every struct here is filled by the field tables of load.c. */
#ifndef SCENARIOS_SCENARIO_H
#define SCENARIOS_SCENARIO_H

#include "common/calendar.h"
#include "common/diag.h"
#include "common/quantity.h"
#include "pricing/offer.h"

struct node; /* common/node.h */

/* A number that may be {low, base, high, why}; without a triple low = base = high. */
struct uncertain {
    double low, base, high;
    bool given, triple; /* written at all; written as a triple */
    const char *why;
    struct place at;
};

struct optional_money {
    struct money money;
    bool given;
    struct place at;
};

enum repeat { REPEAT_ONCE, REPEAT_DAILY, REPEAT_WORKDAYS, REPEAT_WEEKLY, REPEAT_MONTHLY };
enum days { DAYS_ALL, DAYS_WORKDAYS, DAYS_WEEKENDS };
enum protection { PROTECTION_BEST, PROTECTION_HOUR, PROTECTION_NONE };
enum licence_per { LICENCE_NONE, LICENCE_SEAT, LICENCE_GPU, LICENCE_INSTANCE, LICENCE_NODE };
enum interconnect { INTERCONNECT_ANY, INTERCONNECT_NVLINK, INTERCONNECT_RDMA };
/* LOAD_UNSET: load.shape is not written. */
enum load_shape { LOAD_UNSET, LOAD_CONSTANT, LOAD_DIURNAL, LOAD_OFFICE, LOAD_POINTS, LOAD_CSV };

struct named_number {
    const char *name;
    struct uncertain value;
};
struct named_text {
    const char *name, *text;
};
struct load_point {
    const char *clock;
    double per_h;
}; /* "21:30" */
struct text_list {
    size_t n;
    const char *const *items;
    const struct place *places;
};

struct dataset_use {         /* an entry of workload.storage */
    const char *use;         /* name of a dataset */
    double size_gib, keep_h; /* keep NAN: to the end of the horizon */
    double throughput_mbps;  /* needed in all while running at full width; 0: none */
    double reads;            /* times the whole is read per occurrence; 0 */
    double egress_gib;
    struct place at;
};

struct workload {
    const char *name; /* its key under workloads */
    const struct workload_kind *kind;
    const char *label, *label_zh, *owner; /* owner NULL: nobody */
    size_t n_tags;
    struct named_text *tags;
    long priority;
    struct place at;
    /* work */
    struct uncertain gpu_hours, vcpu_hours, seconds_per_item;
    double items; /* 0: not given */
    double tokens, parameters, utilization;
    long seats;
    double hours_per_day;
    const char *measured_on; /* GPU name as written, NULL: not given */
    const char *from_csv;
    size_t n_columns;
    struct named_text *columns;
    enum repeat repeat;
    size_t n_speeds;
    struct named_number *speeds;
    /* resources */
    struct text_list gpus, instance_types;
    long gpus_per_worker, workers, max_workers; /* 0: not given */
    double gpu_memory_gib;
    bool shard;
    double gpu_share, encoder_share; /* 0: not given */
    enum interconnect interconnect;
    long vcpu;
    double memory_gib;
    unsigned features;
    /* window */
    bool has_start;
    moment_t start;
    bool has_deadline, deadline_is_moment;
    moment_t deadline;
    double deadline_h;
    bool has_hours;
    int64_t hours_from_us, hours_to_us;
    enum days days;
    double confidence; /* 0: not asked for */
    struct optional_money late_cost, unserved_cost;
    /* purchase */
    unsigned markets;      /* bit per enum market_id */
    double spot_max_share; /* 1 when not given */
    enum protection protection;
    struct optional_money max_price;
    double min_discount;
    struct uncertain hazard_per_h;
    long on_demand_base;
    /* interruption */
    bool tolerant;
    bool checkpoint_auto;
    double checkpoint_every_h; /* 0 and not auto: no checkpoints */
    double checkpoint_size_gib;
    struct uncertain restart; /* hours */
    double restart_cv;        /* of one restart about the world's; 0: all alike */
    double notice_h;          /* of a reclaim, put to use; 0: not */
    double lost_per_hit_h;
    bool has_lost_per_hit;
    size_t n_uses;
    struct dataset_use *uses;
    bool has_licence;
    const char *licence_name;
    struct optional_money licence_price;
    enum licence_per licence_per;
    /* services; a length of time that is not given is 0 */
    bool has_load;
    enum load_shape load_shape;
    bool has_load_base, has_load_peak, has_peak_at;
    double load_base_per_h, load_peak_per_h;
    int64_t peak_at_us;
    bool has_weekend;
    double weekend_frac;
    double growth_per_month, burst; /* burst 0: not given */
    size_t n_points;
    struct load_point *points;
    struct uncertain load_scale;
    double p50_h, p95_h, p99_h;
    double met_frac; /* 0: not given */
    bool has_blocked;
    double blocked_frac;
    double service_time_h;
    bool has_service_cv;
    double service_cv;
    long batch, concurrency; /* 0: not given */
    double frame_h;
    const char *profile;               /* NULL: not given */
    long autoscale_min, autoscale_max; /* max 0: no cap */
    struct uncertain cold_start;       /* hours */
    double cold_start_cv;              /* as restart_cv */
    double cooldown_h, headroom_frac;
    const struct node *node; /* its merged map, for places */
    /* Not of the file, set after loading, rows of job lists included: what if it had no such limit? */
    struct loosening {
        double later_h; /* deadlines are so much later; INFINITY: none */
        bool any_width; /* no max_workers */
        bool any_share; /* no spot_max_share */
    } loose;
};

struct dataset { /* an entry of the top-level storage */
    const char *name;
    struct text_list classes; /* class or classes; n = 0: any */
    const char *region;       /* NULL: the program chooses */
    bool split;
    struct optional_money price; /* per GB-month */
    double min_size_gib, throughput_mbps;
    struct place at;
};

struct limit {
    const char *name, *place_name;
    long count;
    const char *owner;
    struct place at;
}; /* quota, stock */
struct stock_step {
    int64_t start_us;
    const char *name, *place_name;
    double available;
    struct place at;
}; /* from CSV */
struct commitment {
    const char *subscription;
    const char *region;
    long count; /* or */
    struct optional_money savings_plan;
    double discount;
    bool has_until;
    moment_t until;
    struct place at;
};
struct owner_budget {
    const char *owner;
    struct optional_money limit;
};
struct variant {
    const char *name, *label, *label_zh, *from;
    const struct node *node;
    struct place at;
};

/* Part of the work, by priority: all above `priority`, `frac` of what has it, nothing below. For the question what a budget buys. */
struct work_cut {
    bool on;
    long priority;
    double frac; /* of the work of batch jobs, of the load of services */
};

struct scenario {
    const char *path, *name, *description;
    const char *variant; /* NULL: base */
    enum currency currency;
    struct ratio fx_usd;
    bool has_fx; /* CNY per USD */
    const char *timezone;
    int64_t utc_offset_us;
    moment_t start;
    int64_t length_us, step_us;
    struct book_sources catalog;
    struct text_list regions, spot_history, spot_models;
    struct ratio discount;
    size_t n_family_discounts;
    struct family_discount *family_discounts;
    double max_age_h;  /* 0: not given */
    double max_term_h; /* longest term that may be bought; 0: any */
    size_t n_overrides;
    struct named_override {
        const char *key;
        struct money price;
        struct place at;
    } * overrides;
    size_t n_limits, n_stock;
    struct limit *quota, *stock;
    struct stock_step *stock_steps;
    size_t n_stock_steps;
    size_t n_commitments;
    struct commitment *commitments;
    bool relaxed; /* integrality: none */
    size_t n_workloads;
    struct workload *workloads;
    size_t n_datasets;
    struct dataset *datasets;
    struct optional_money budget;
    double warn_at, budget_confidence;
    size_t n_owner_budgets;
    struct owner_budget *owner_budgets;
    long runs;
    int64_t seed;
    const char *spot_price, *lives; /* names of models (sim/model_list.h); NULL: not given */
    struct uncertain spot_price_factor, interruptions_per_day;
    double precision;
    size_t n_variants;
    struct variant *variants;
    const char *compare_baseline;
    struct text_list compare_order;
    struct work_cut cut;     /* not of the file: set after loading */
    const struct node *root; /* the merged document, with provenance */
    struct text_list files;  /* every file read, in order, for checksums */
};

/* Settings from the command line, applied last. */
struct scenario_options {
    const char *variant; /* NULL: base */
    size_t n_set;
    const char *const *set; /* "path=value" */
};

/* Reads, merges (interface.md 3.2) and checks. All findings go to `d`. Memory lives in `a`. */
MUST_USE enum err scenario_load(struct scenario *s, const char *path,
                                const struct scenario_options *options, struct arena *a,
                                struct diag *d);

/* Names of the variants of a file, in file order, without loading the rest. */
MUST_USE enum err scenario_variants(struct text_list *names, const char *path, struct arena *a,
                                    struct diag *d);

/* Part of the work or load of this priority that is planned: 1 without a cut. */
double work_kept(const struct scenario *s, long priority);

/* Where the value at a dotted path of the merged document was written; zero when it was not. */
struct place scenario_place(const struct scenario *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints every final value as "path: value    # file:line (layer)". */
void scenario_print_merged(const struct scenario *s, FILE *out);

/* JSON Schema of the format, from the same field tables. */
MUST_USE enum err scenario_print_schema(FILE *out);

#endif
