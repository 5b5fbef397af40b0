/* Lowering: what the kinds share when they turn workloads into demands (model.md 3). Private to scenarios. */
#ifndef SCENARIOS_LOWER_H
#define SCENARIOS_LOWER_H

#include "scenarios/kinds.h"
#include "scenarios/window.h"

/* Context of one run; demands and shapes grow here and become the demand_list at the end. */
struct lowering {
    const struct scenario *scenario;
    const struct price_book *book;
    struct arena *arena;
    struct diag *diag;
    size_t n_demands, n_shapes;
    struct demand *demands;
    struct shape *shapes;
};

/* What a kind of batch work decides. */
struct work_rules {
    bool gang;   /* GPU work without workers and max_workers is a gang of one; else divisible */
    bool tokens; /* work may be given as tokens, parameters and utilization */
};

/* Adds the demands of a batch workload: one, one per occurrence, or one per row of its job list. */
enum err lower_work(const struct workload *w, struct lowering *l, struct work_rules rules);

/* Keys of a job: columns of a job list and, below the workload, where the same value is written. */
/* clang-format off */
enum job_key {
    JOB_ID, JOB_GPU_HOURS, JOB_VCPU_HOURS, JOB_ITEMS, JOB_SECONDS, JOB_START, JOB_DEADLINE,
    JOB_LATE_COST, JOB_PRIORITY, JOB_WORKERS, JOB_GPUS_PER_WORKER, JOB_MAX_WORKERS, JOB_GPU_MEMORY,
    JOB_SPOT_SHARE, N_JOB_KEYS
};
/* clang-format on */

/* One job: the workload's own values, or those under a row of its list. Absent numbers are NAN, absent
 * counts 0. */
struct job {
    const char *id;   /* of the row; "" for the workload itself */
    const char *name; /* "workload/id" where the row has an id of its own, else NULL */
    double gpu_hours, vcpu_hours, items, seconds_per_item;
    double tokens, parameters, utilization;
    bool has_start;
    moment_t start;
    bool has_deadline, deadline_is_moment;
    moment_t deadline;
    int64_t deadline_us;
    struct optional_money late_cost;
    long priority, workers, gpus_per_worker, max_workers;
    double gpu_memory_gib, spot_max_frac;
    const struct csv_row *row; /* NULL for the workload itself */
    const size_t *column_of;   /* [N_JOB_KEYS] column of the row; SIZE_MAX: none */
};

/* Constants of one workload while its jobs are added. */
struct task {
    struct lowering *lowering;
    const struct workload *workload;
    struct work_rules rules;
    const struct window *window;
    size_t reference_gpu; /* of measured_on, or NO_GPU */
    bool repeated;
    struct occurrences occurrences;
    size_t n_slots;                /* open addressing over shapes; a power of two */
    size_t *slots;                 /* index of a shape + 1; 0: free */
    size_t first_shape;            /* shapes before it belong to other workloads */
    size_t n_due_cut, n_start_cut; /* jobs whose window was cut at the horizon */
    struct place due_cut_at, start_cut_at;
    bool said_measured_on;         /* once, not once per row */
    const struct service *service; /* NULL: batch work */
};

struct job job_of_workload(const struct workload *w);
enum err job_add(struct task *t, const struct job *j);
enum err jobs_read(struct task *t); /* jobs.c: adds every row of the job list */

/* Shape of a job (shapes.c), made when no job of the workload had the like. */
MUST_USE enum err shape_find(size_t *index, struct task *t, const struct job *j, bool cpu);

/* Release and deadline of a job that runs once, cut to the horizon; occurrences of a repeated workload with
 * their warnings; a demand without an open hour is an error; what was cut is said once per workload. */
MUST_USE enum err job_window(struct demand *d, struct task *t, const struct job *j); /* release.c */
/* A deadline as late as workload.loose says, at most the horizon's end where it lies before it. */
int64_t deadline_loosened(const struct task *t, int64_t due_us);
MUST_USE enum err demand_open_check(const struct task *t, const struct job *j,
                                    const struct demand *demand);
MUST_USE enum err occurrences_find(struct task *t);
void cuts_warn(const struct task *t);

/* Work of a job (work.c): in GPU-hours of the reference GPU, or in vCPU-hours when *cpu. */
MUST_USE enum err job_work(double *work, bool *cpu, struct task *t, const struct job *j);

/* Checks that need no job (checks.c): names of GPUs and instance types, keys that are of no use here. */
enum err workload_check(struct task *t);
void unused_keys_warn(const struct task *t, bool cpu);

/* Place of "resources.gpu_memory" and the like; of the workload when it is not written. */
struct place workload_place(const struct workload *w, const char *path);
bool workload_has(const struct workload *w, const char *path);
struct place job_place(const struct task *t, const struct job *j, enum job_key key);
const char *job_name(const struct task *t, const struct job *j); /* "pretrain", "shots/sc01" */
extern const struct job_column {
    const char *name, *path;
} job_columns[N_JOB_KEYS];

#endif
