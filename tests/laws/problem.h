/* A small planning problem as data: laws transform it by changing fields, write.h prints it as the files a user would
 * write, check.h judges plans by it. Nothing here knows the program under test. Times are whole minutes. */
#ifndef TESTS_LAWS_PROBLEM_H
#define TESTS_LAWS_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NAME_BYTES = 48,
    MAX_TYPES = 16,
    MAX_PRICES = 192,
    MAX_SPEEDS = 48,
    MAX_TARIFFS = 8,
    MAX_WORKLOADS = 12,
    MAX_JOBS = 8,
    MAX_USES = 3,
    MAX_DATASETS = 8,
    MAX_LIMITS = 16,
    MAX_STEPS = 16,
    MAX_COMMITMENTS = 6,
    MAX_OWNERS = 6,
    MINUTES_PER_DAY = 1440,
};

/* digits x 10^-places: an exact number as it is written. */
struct decimal {
    int64_t digits;
    int places;
};

struct machine_type {
    char name[NAME_BYTES], family[NAME_BYTES];
    int gpu;             /* index of GPU_NAMES of the problem; -1: CPU machine */
    int gpus, memory_gb; /* memory of one GPU */
    int vcpu, ram_gb;
    int net_gbps; /* 0: not given */
};

enum way {
    WAY_ON_DEMAND,
    WAY_SPOT,
    WAY_MONTH,
    N_WAYS
}; /* markets with rows: subscription by the month */

struct price {
    int type, region, zone; /* zone -1: the whole region, else a letter 0 = a */
    enum way way;
    struct decimal amount; /* per hour; WAY_MONTH: per month */
    struct decimal hazard; /* spot: reclaims per hour */
};

/* A storage class, the same everywhere. Zero where an item has no row. */
struct tariff {
    char name[NAME_BYTES];
    struct decimal price_month, egress, retrieval;
    int min_size_gib, base_mbps, slope_mbps_per_tib, max_mbps, client_mbps;
    bool per_machine;
};

enum kind { KIND_TRAINING, KIND_FINETUNE, KIND_INFERENCE, KIND_RENDER, KIND_ETL };
enum work_form { WORK_GPU_HOURS, WORK_VCPU_HOURS, WORK_ITEMS };
enum saving { SAVING_NONE, SAVING_AUTO, SAVING_EVERY, SAVING_LOST };
enum owner_day { ANY_DAY, WORK_DAY, FREE_DAY };

struct job {
    char id[NAME_BYTES];
    struct decimal work; /* hours */
    int64_t items;
    int start_min, due_min; /* from the start of the horizon; -1: as the workload says */
};

struct use {
    int dataset, size_gib;
    int keep_min; /* -1: to the end of the horizon */
    int throughput_mbps, egress_gib;
    struct decimal reads;
};

struct workload_problem {
    char name[NAME_BYTES];
    int owner; /* -1: nobody */
    enum kind kind;
    enum work_form form;
    int reference; /* GPU the work was measured on */
    struct decimal work, seconds_per_item;
    int64_t items;
    int n_jobs; /* 0: the workload itself is the job */
    struct job jobs[MAX_JOBS];
    bool daily;
    int gpus_per_worker, workers, max_workers; /* 0: not given */
    int memory_gb, vcpu, ram_gb;
    unsigned types;         /* bit per type that may be used; 0: any */
    int start_min, due_min; /* -1: not given; due from start, for `daily` from the release */
    bool due_is_moment;
    int hours_from, hours_to; /* minutes of the day; both -1: all day */
    enum owner_day days;
    struct decimal late_per_h; /* 0: hard deadline */
    bool may_buy[N_WAYS];
    int spot_percent;      /* 100: no cap */
    int protection;        /* 0 best, 1 hour, 2 none */
    struct decimal hazard; /* digits < 0: the book's */
    bool tolerant;
    enum saving saving;
    int every_min, checkpoint_gb, restart_min, lost_min;
    int n_uses;
    struct use uses[MAX_USES];
    struct decimal licence_per_h; /* 0: none */
    bool licence_per_gpu;
};

struct dataset_problem {
    char name[NAME_BYTES];
    unsigned classes; /* bit per tariff; 0: any */
    int region;       /* -1: free */
    bool split;
};

/* A quota or stock of a GPU model (counted in GPUs) or of an instance type. */
struct limit_problem {
    bool is_stock;
    int gpu, type;    /* one of them is -1 */
    int region, zone; /* -1: anywhere, the whole region */
    int owner;        /* -1: everybody */
    int count;
};

struct step_problem { /* stock over time, by instance type and region */
    int type, region, start_min, available;
};

struct commitment_problem {
    int type, region, count; /* type -1: a savings plan */
    struct decimal spend_per_h;
    int discount_percent;
    int until_min; /* -1: no end */
};

struct speed_problem {
    int gpu; /* -1: a family of CPU machines */
    char family[NAME_BYTES];
    enum kind kind;
    struct decimal speed;
};

struct problem {
    unsigned seed;
    char start[16]; /* day on which the horizon starts */
    int start_clock_min, length_min, step_min;
    int n_regions, n_gpus, n_owners;
    char regions[4][NAME_BYTES], gpus[6][NAME_BYTES], owners[MAX_OWNERS][NAME_BYTES];
    int n_types;
    struct machine_type types[MAX_TYPES];
    int n_prices;
    struct price prices[MAX_PRICES];
    int n_speeds;
    struct speed_problem speeds[MAX_SPEEDS];
    int n_tariffs;
    struct tariff tariffs[MAX_TARIFFS];
    int n_workloads;
    struct workload_problem workloads[MAX_WORKLOADS];
    int n_datasets;
    struct dataset_problem datasets[MAX_DATASETS];
    int n_limits, n_steps, n_commitments;
    struct limit_problem limits[MAX_LIMITS];
    struct step_problem steps[MAX_STEPS];
    struct commitment_problem commitments[MAX_COMMITMENTS];
    struct decimal budget, owner_budget[MAX_OWNERS]; /* 0: none */
    bool budget_monthly;
    int discount_percent;
    bool relaxed; /* integrality: none */
    char timezone[NAME_BYTES];
};

/* How the same problem is written down. */
struct style {
    int duration, size;           /* 0 plain; other numbers choose other units */
    bool json, crlf, mark, zeros; /* mark: byte-order mark in CSV files; zeros: 1.5 as 1.50 */
    unsigned shuffle; /* 0: as it is; else the seed of the order of jobs, rows and columns */
};

static inline double decimal_value(struct decimal d)
{
    double power = 1;
    for (int i = 0; i < d.places; i++) power *= 10;
    return (double)d.digits / power;
}

static inline struct decimal decimal_times(struct decimal d, int64_t digits, int places)
{
    return (struct decimal){d.digits * digits, d.places + places};
}

/* d x 2^k, exactly. */
static inline struct decimal decimal_shift(struct decimal d, int k)
{
    for (; k > 0; k--) d.digits *= 2;
    for (; k < 0 && d.digits; k++) {
        if (d.digits % 2 == 0) {
            d.digits /= 2;
        } else {
            d.digits *= 5;
            d.places++;
        }
    }
    return d;
}

/* Calls `each` for every amount of money in the problem. */
static inline void problem_amounts(struct problem *p, void (*each)(struct decimal *, const void *),
                                   const void *context)
{
    for (int i = 0; i < p->n_prices; i++) each(&p->prices[i].amount, context);
    for (int i = 0; i < p->n_tariffs; i++) {
        each(&p->tariffs[i].price_month, context);
        each(&p->tariffs[i].egress, context);
        each(&p->tariffs[i].retrieval, context);
    }
    for (int i = 0; i < p->n_workloads; i++) {
        each(&p->workloads[i].late_per_h, context);
        each(&p->workloads[i].licence_per_h, context);
    }
    for (int i = 0; i < p->n_commitments; i++) each(&p->commitments[i].spend_per_h, context);
    each(&p->budget, context);
    for (int i = 0; i < p->n_owners; i++) each(&p->owner_budget[i], context);
}

static inline bool kind_is_gang(enum kind k)
{
    return k == KIND_TRAINING || k == KIND_FINETUNE;
}

/* A gang runs together or not at all. */
static inline bool workload_is_gang(const struct workload_problem *w)
{
    if (w->form == WORK_VCPU_HOURS || w->max_workers) return false;
    return w->workers > 0 || kind_is_gang(w->kind);
}

#endif
