/* A result as its JSON document tells it (gpumix schema result): of a run saved earlier, or of a plan just made, which goes the same
 * way, so that a report of either is the same. Texts are NULL and numbers NAN where the document says null or nothing. */
#ifndef REPORT_SAVED_RUN_H
#define REPORT_SAVED_RUN_H

#include "report/formats.h"

struct saved_offer {
    const char *type, *market, *region,
        *zone; /* market: "on_demand", "spot", ...; zone NULL: any */
};

struct saved_line { /* plan[]: what to buy, added over months and owners */
    struct saved_offer offer;
    const char *workload, *part, *dataset, *note, *unit;
    long machines;
    double quantity, price;
    micro_t cost;
    bool estimated;
};

struct saved_stretch { /* timeline[] */
    struct saved_offer offer;
    const char *workload, *job, *from, *to; /* local times; job NULL: of a service */
    long machines, starts;
    double from_h, to_h; /* from the start of the horizon */
    double machine_h, start_h, work;
};

struct saved_job { /* jobs[] */
    const char *workload, *job, *start, *finish, *deadline;
    double work, late_h, machine_h, spot_share;
};

struct saved_pool { /* services[].pools[] */
    struct saved_offer offer;
    long least, most, starts;
    double machine_h;
};

struct saved_scaling { /* services[].scaling[]: one region */
    const char *region;
    long min_size, max_size, base, on_demand_percent, spot_pools, cooldown_s, warm_up_s;
    size_t n_types;
    const char *const *types; /* cheapest machine-hour first */
    double target_load;       /* per machine */
};

struct saved_service { /* services[] */
    const char *workload, *rule, *load_unit;
    long most, least;
    double held_h, start_h, idle_h, perfect_h, unserved_share, spot_share, peak_load;
    size_t n_pools, n_scaling;
    struct saved_pool *pools;
    struct saved_scaling *scaling;
};

struct saved_dataset { /* datasets[] */
    const char *dataset, *class_, *region;
    double share, size_gib, extra_gib, provided_mbps, needed_mbps;
};

struct saved_type {               /* instance_types[] */
    const char *type, *gpu_model; /* gpu_model NULL: no GPU */
    double gpus, gpu_memory_gib, memory_gib;
    long vcpus; /* 0: not known */
};

struct saved_subscription { /* subscriptions[] */
    struct saved_offer offer;
    long count;
    bool existing;
};

struct saved_commitment { /* commitments[] */
    struct saved_offer offer;
    const char *kind;
    bool existing;
    double count, term_h, break_even, used, one_more_used;
};

struct saved_entry { /* ledger[]: amounts add up to the cost exactly */
    struct saved_offer offer;
    const char *workload, *job, *dataset, *owner, *month, *part, *unit, *note;
    double price, quantity;
    micro_t amount;
    bool estimated;
};

struct saved_budget { /* budgets[] */
    const char *owner, *month, *state;
    micro_t planned, limit;
};

struct saved_limit { /* limits[] */
    const char *limit, *unit, *file;
    double saves;
    long line;
};

struct saved_candidate { /* candidates[] */
    struct saved_offer offer;
    const char *workload, *reason;
    bool usable, dominated, chosen;
    double cost, price_part, rework_part, licence_part, disk_part; /* per useful hour */
};

struct saved_conflict { /* conflicts[] */
    const char *what, *change, *set, *unit, *file;
    double short_by;
    long line;
};

struct saved_finding { /* warnings[], errors[] */
    const char *code, *message, *why, *fix, *file;
    long line;
};

struct saved_spread { /* a figure over all worlds; all NAN: not simulated */
    double mean, mean_low, mean_high, least, p10, p50, p90, p95, p99, most, cvar95;
};

struct saved_part { /* simulation.workloads[].parts[] */
    const char *part;
    struct saved_spread cost;
};

struct saved_luck { /* simulation.workloads[] */
    const char *workload;
    micro_t planned;
    struct saved_spread cost, finish_h, late_h, interruptions;
    double missed, missed_low, missed_high, late_jobs, offered, served, late, lost;
    long given_up;
    size_t n_parts;
    struct saved_part *parts;
};

struct saved_file { /* inputs.files[] */
    const char *path, *sha256;
};

struct saved_value { /* inputs.values[] */
    const char *path, *value, *file, *layer;
    long line;
};

struct saved_neighbour { /* around.points[] */
    size_t n_set;
    const char **set;
    const char *status, *finish, *message;
    bool has_jobs;
    micro_t cost;
    double bound, gap, machine_h;
    double expected, expected_low, expected_high, p10, p50, p90, p95, late, late_low, late_high;
    long machines, worlds;
};

struct saved_run {
    const char *name;     /* for people: the variant's label in their language, else `variant` */
    const char *variant;  /* "base" or the variant's name */
    const void *document; /* for saved_run_json */
    /* summary */
    const char *status; /* "optimal", "within_gap", "feasible", "infeasible", "none", "error" */
    bool has_plan;      /* the first three: what follows to `finish` means something */
    const char *currency;
    micro_t cost;
    double bound, gap, whole_bound, machine_h, estimated_share, late_h;
    long machines;
    const char *finish; /* local time of the last job; NULL: no jobs */
    long worlds;        /* simulated; 0: none, and NAN below */
    double expected, expected_low, expected_high, p10, p50, p90, p95;
    double late, late_low, late_high; /* probability */
    double over_budget, over_budget_low, over_budget_high;
    /* inputs */
    const char *scenario, *version, *book_date, *book_sha256;
    const char *start, *end; /* of the horizon, local: "2026-12-01 00:00"; NULL: an older file */
    double offset_h;         /* of local time from UTC; NAN likewise */
    int64_t offset_us;       /* the same; 0 where it is not known */
    size_t n_files, n_values;
    struct saved_file *files;
    struct saved_value *values; /* in the order of the merged document */
    /* lists, in the order of the document */
    size_t n_lines, n_stretches, n_jobs, n_services, n_datasets, n_types, n_subscriptions,
        n_commitments, n_entries, n_budgets, n_limits, n_candidates, n_conflicts, n_warnings,
        n_errors, n_assumptions;
    struct saved_line *lines;
    struct saved_stretch *stretches;
    struct saved_job *jobs;
    struct saved_service *services;
    struct saved_dataset *datasets;
    struct saved_type *types;
    struct saved_subscription *subscriptions;
    struct saved_commitment *commitments;
    struct saved_entry *entries;
    struct saved_budget *budgets;
    struct saved_limit *limits;
    struct saved_candidate *candidates;
    struct saved_conflict *conflicts;
    struct saved_finding *warnings, *errors;
    const char **assumptions;
    /* simulation */
    const char *spot_model, *life_model, *policy;
    long seed, first_world;
    size_t n_totals;
    micro_t *totals;                  /* of single worlds; none in older files, and of very many */
    struct saved_spread spread, idle; /* in all; commitments that nobody uses */
    size_t n_lucks;
    struct saved_luck *lucks; /* by workload */
    long most_around;         /* around: plans that might be solved */
    size_t n_neighbours;
    struct saved_neighbour *neighbours;
    const struct result *result; /* behind it, of a plan just made; NULL: read from a file */
};

/* All results of a file written by `plan --save`, `plan --json` and the like; "-": standard input. Errors: ERR_FILE; ERR_RUN_FILE
 * with the place where it is no such file, or when its lines or its ledger do not add up to its cost. */
MUST_USE enum err saved_runs_read(struct saved_run **runs, size_t *n, const char *path,
                                  struct arena *a, struct diag *d);

/* The same of results just made: written as JSON, and read back. */
MUST_USE enum err saved_runs_make(struct saved_run **runs, const struct report *report,
                                  struct arena *a, struct diag *d);

/* Whether a result of this status has a plan. */
bool saved_has_plan(const char *status);

/* The document of this one result as text. */
const char *saved_run_json(const struct saved_run *run, struct arena *a);

/* The value at a path of the merged scenario, "" when it is an empty list or map, NULL when it is not there. */
const char *saved_value(const struct saved_run *run, const char *path);

#endif
