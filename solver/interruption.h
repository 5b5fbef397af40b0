/* What reclaims do to an hour of spot: model.md 3.1. Notation of the model: tau, ck, rs, dn, lambda, Lambda, S, M, G. */
#ifndef SOLVER_INTERRUPTION_H
#define SOLVER_INTERRUPTION_H

#include <stdbool.h>

enum progress_kind {
    PROGRESS_CHECKPOINTS, /* work since the last checkpoint is lost */
    PROGRESS_FIXED_LOSS,  /* lost_h of work per hit, no checkpoints */
    PROGRESS_RESTART, /* a gang without checkpoints and without a given loss starts from nothing */
    PROGRESS_HALF_ITEM, /* divisible work loses half an item: lost_h is that */
};

struct interruption {
    enum progress_kind kind;
    double lambda;      /* reclaims per hour of one machine, >= 0 */
    double protected_h; /* P: 0 or 1 */
    long n;             /* machines of the gang; 1 for divisible work */
    double ck_h, rs_h,
        dn_h; /* checkpoint cost, restart (paid, interruptible), no replacement yet (not interruptible) */
    double tau_h;  /* checkpoint interval; NAN: choose the best ("auto") */
    double lost_h; /* FIXED_LOSS, HALF_ITEM */
    double
        work_h; /* > 0. W: uninterrupted hours of the whole job; needed by RESTART and for equal segments of a gang with
                          tau chosen here; INFINITY: not known, or divisible work */
};

struct useful {
    double u; /* useful hours per paid machine-hour, in (0, 1] */
    double w; /* clock hours per paid hour of one machine */
    double
        tau_h; /* interval used; INFINITY when nothing is written, 0 for free checkpoints all the time (ck = 0) */
    long segments;                   /* equal segments of a gang of known work; 0: not used */
    double interruptions_per_paid_h; /* gang interruptions per paid machine-hour */
    double lost_share, restart_share,
        checkpoint_share; /* of the paid hours; with u they add up to 1. restart_share holds
                                                           the others' waiting for a replacement as well */
};

/* Computes u and w exactly as model.md 3.1 says, including lambda = 0, ck = 0, P = 1, n > 1. Returns false when the work
 * would in effect never finish (u < 0.05); *out is filled all the same. Arguments are finite where not said otherwise
 * (asserted). */
bool interruption_useful(struct useful *out, const struct interruption *in);

/* S(x): probability that the gang lives longer than x hours after a restart, and its integral from 0 to x. */
double gang_survival(const struct interruption *in, double x);
double gang_survival_integral(const struct interruption *in, double from,
                              double to); /* to may be INFINITY */

/* Services on spot (n = 1): served share of the paid time, (integral of S from rs) / M. */
double service_useful(double lambda, double protected_h, double rs_h);

/* Best checkpoint interval: Lambda tau = 1 + W0(-exp(-Lambda ck - 1)) for P = 0, one-dimensional search otherwise. */
double best_checkpoint_interval(const struct interruption *in);

#endif
