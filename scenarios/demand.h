/* Demands: what must be done, in one form for every kind of batch work. Kinds translate once (kinds.h). */
#ifndef SCENARIOS_DEMAND_H
#define SCENARIOS_DEMAND_H

#include "scenarios/scenario.h"

/* Open intervals of a workload's hours and days over the whole horizon, sorted, disjoint, half-open, in microseconds
 * from the start of the horizon. Shared by all demands of a workload. */
struct window {
    size_t n;
    struct span {
        int64_t from_us, to_us;
    } * spans;
};

struct service; /* service.h */

/* What decides on which machine a worker fits; equal for most demands of a workload, so shared. */
struct shape {
    const struct workload *workload;
    const char *work_class; /* of the speed table */
    bool cpu;               /* work is in vCPU-hours and runs on machines without GPU; a worker is
                                    resources.vcpu vCPUs, one when that is not given */
    long gpus_per_worker;   /* >= 1; 0 for CPU work */
    double gpu_share;       /* part of a GPU per worker; 0: whole GPUs */
    long workers;           /* gang size; 0: divisible */
    long max_workers;       /* divisible only; 0: no cap */
    double gpu_memory_gib;
    double spot_max_frac;
    size_t reference_gpu;          /* of measured_on; NO_GPU for CPU work or when not given */
    const struct service *service; /* whose load it serves; NULL: batch work */
};

struct demand {
    const struct shape *shape;
    const char *name; /* unique: "pretrain", "tag-images#3", "shots/sc01_0040" */
    const char *id;   /* row id of a job list, occurrence number, or "" */
    double work;      /* W: GPU-hours on the reference GPU, or vCPU-hours */
    double
        items; /* frames, images; 0: not counted. A divisible demand never uses more workers than items */
    int64_t release_us,
        due_us; /* from the start of the horizon; due <= T; clipped windows are said in warnings */
    bool late_priced; /* work may go on until T at late_cost_per_h */
    struct ratio late_cost_per_h;
    long priority;
    const struct window *window;
    struct place at; /* of the workload or of the row */
};

struct demand_list {
    size_t n;
    struct demand *items;
    size_t n_shapes;
    struct shape *shapes;
};

/* Lowers every workload of the scenario (model.md 3). Job lists are read here. Errors carry file:line:col. */
MUST_USE enum err demands_make(struct demand_list *out, const struct scenario *s,
                               const struct price_book *b, struct arena *a, struct diag *d);

/* Hours in microseconds of [from, to) inside release .. end of d and its window; end is due_us, or T when late work is
 * allowed and `late` is true. */
int64_t demand_open_us(const struct demand *d, int64_t from_us, int64_t to_us, bool late,
                       int64_t horizon_us);

/* How a demand's workers sit on an instance type. */
struct fit {
    bool ok;
    const char *
        reason; /* why not, a whole sentence in the user's language: "GPU memory 24 GB, needs 80 GB" */
    struct place reason_at; /* the scenario value behind it */
    long workers;           /* whole workers on one machine */
    double used;            /* g: GPUs (vCPUs for CPU work) of one machine that are really used */
    long machines;          /* m: machines of a gang; 1 for divisible work */
    double speed;           /* useful work per GPU-hour (vCPU-hour) relative to the reference */
    bool speed_estimated;
};
struct fit fit_check(const struct shape *s, const struct instance_type *t,
                     const struct price_book *b, struct arena *a);

#endif
