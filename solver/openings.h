/* When machines are free for a job, whatever runs already. */
#ifndef SOLVER_OPENINGS_H
#define SOLVER_OPENINGS_H

#include "solver/schedule.h"

/* Machines are counted with this much slack, so that 3 x (1/3) of a GPU fits on one. */
#define UNIT_SLACK 1e-9
/* A share of a dataset is known to the feasibility of the linear program. */
#define SHARE_SLACK 1e-6

/* A piece of a demand's open time in which the number of free machines does not change. */
struct piece {
    int64_t from_us, to_us;
    long free;
};

struct pieces {
    size_t n;
    struct piece *items;
};

/* What is placed where: work of a demand on machines of an option, in [from_us, to_us) of its open time. */
struct job {
    struct schedule *s;
    size_t demand, option;
    const struct demand *d;
    const struct option *o;
    int64_t from_us, to_us;
};

/* Its open time by free machines, in order; a gang that works already elsewhere has none. Lives until the next call for
 * the same schedule. */
struct pieces openings_find(const struct job *j);

/* MB/s that one running machine of the job reads of use u of its workload, and of which pool of the formulation; 0 when that is
 * not shared or not limited. */
double openings_read_mbps(const struct job *j, size_t u, size_t *pool);

/* By how many units a limit of the model could be lower in [0, to_us) for all that is placed and subscribed; INFINITY: nothing is. */
double openings_left(const struct schedule *s, size_t limit, int64_t to_us);

#endif
