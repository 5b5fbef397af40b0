/* What reclaims make of a paid hour, from docs/model.md 3.1: computed anew, to compare with what a certificate states. */
#ifndef PROOF_PROGRESS_H
#define PROOF_PROGRESS_H

#include <stdbool.h>

enum proof_loss {
    LOSS_CHECKPOINTS, /* since the last checkpoint */
    LOSS_HOURS,       /* lost_h of work per hit */
    LOSS_ALL,         /* a gang begins anew: work_h of work */
};

struct proof_progress {
    enum proof_loss loss;
    double lambda;                     /* reclaims per machine-hour */
    double protected_h;                /* 0 or 1 */
    long machines;                     /* of the gang */
    double write_h, restart_h, gone_h; /* checkpoint, restart, no replacement yet */
    double every_h;                    /* between checkpoints; NAN: the best */
    double lost_h;
    double
        work_h; /* uninterrupted hours of the whole job; INFINITY: not known, or divisible work */
};

/* Useful hours per paid hour, clock hours per paid hour of one machine. */
struct proof_useful {
    double u, w;
};

struct proof_useful proof_useful(const struct proof_progress *p);

/* Part of its paid time that a machine of a service on spot serves. */
double proof_serving(double lambda, double protected_h, double restart_h);

#endif
