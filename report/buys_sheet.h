/* What a budget buys: the work in order of priority, as far as the money goes. */
#ifndef REPORT_BUYS_SHEET_H
#define REPORT_BUYS_SHEET_H

#include "report/formats.h"

/* One answer. */
struct bought {
    bool limits;    /* within the limits of the scenario, and no other */
    micro_t budget; /* else within this */
    bool all, nothing;
    long priority;           /* the last that is bought, in full when frac is 1 */
    double frac;             /* of the work or load of that priority */
    const struct plan *plan; /* of what is bought; NULL: nothing */
};

/* Of everything wanted, and of one answer. */
struct bought_work {
    double gpu_h, vcpu_h; /* of the reference GPU; batch work */
    double load_frac;     /* services: share of their load, each counted the same; NAN: none */
    size_t n_jobs;        /* whole jobs */
};
struct bought_work bought_work_of(const struct plan *p);

/* One row per workload of `full` (the plan of everything), for one answer. */
struct sheet bought_sheet(const struct plan *full, const struct bought *b, struct arena *a);

/* One row per answer: work against budget. */
struct sheet bought_frontier(const struct plan *full, const struct bought *b, size_t n,
                             struct arena *a);

#endif
