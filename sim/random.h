/* Random numbers of worlds: independent streams named by (seed, world, purpose, entity), so that a draw depends on nothing else:
 * not on threads, not on which other streams exist (model.md 5). Every distribution is the inverse transform of one
 * uniform number and rises with it: a parameter moved a little moves the same world a little (common random numbers).
 * The generator is Philox4x32-10: J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11. */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include "common/arena.h"

#include <gsl/gsl_rng.h>
#include <stdint.h>

/* Philox4x32 with 10 rounds: a bijection of 128-bit counters for each 64-bit key. Counter and result are four words, lowest
 * first. */
struct philox_block {
    uint32_t word[4];
};
struct philox_block philox4x32_10(struct philox_block counter, uint64_t key);

/* Key of what is drawn: "reclaim", of whom: "gn7i/cn-beijing-h"; entity NULL: of nobody in particular. 64 bits of hash: FNV-1a
 * with a finalizer over the seed and both names, so that ("a", "bc") is not ("ab", "c"). Make keys once, not in loops. */
uint64_t random_key(uint64_t seed, const char *purpose, const char *entity);
/* Key of the index-th of many alike: machine 17 of an entity. Differs from the key it is made of. */
uint64_t random_key_of(uint64_t key, uint64_t index);

/* A stream. Its counter is (draw, world): streams of one key never overlap over worlds. Copy it to draw the same again. */
struct random_stream {
    uint64_t key, world;
    uint64_t drawn;   /* 64-bit numbers taken so far */
    uint64_t next[2]; /* the block that holds number `drawn`, where that is odd */
};
struct random_stream random_start(uint64_t key, uint64_t world);

uint64_t random_bits(struct random_stream *s);
/* In (0, 1), never an end: multiples of 2^-53, and 2^-54 in the place of 0. 1 - u is exact. */
double random_uniform(struct random_stream *s);
/* The i-th uniform of a stream without drawing those before it: noise of hour i, whoever asks first. */
double random_uniform_at(uint64_t key, uint64_t world, uint64_t i);

/* Inverse distribution functions at u in (0, 1). They rise with u. Parameters are finite, and in the ranges given
 * (asserted): values from users are checked where they are read. */
double exponential_at(double u, double mean);                  /* mean >= 0; 0 gives 0 */
double normal_at(double u, double mean, double sd);            /* sd >= 0 */
double lognormal_at(double u, double log_mean, double log_sd); /* exp of a normal */
double lognormal_mean_at(double u, double mean, double cv);    /* by its own mean > 0 and cv >= 0 */
double weibull_at(double u, double scale, double shape);       /* both > 0 */
/* By mean >= 0 and squared coefficient of variation: shape 1 / cv2. cv2 = 0 gives the mean. cv2 in [0, 100]. GSL's
 * inverse, with a bisection where that does not converge; a draw takes microseconds (see random_gsl for many). Values below
 * the smallest double (cv2 of 25 and more) come as it. */
double gamma_at(double u, double mean, double cv2);
/* Least k with P(X <= k) >= u. mean in [0, 1e12]. Also rises with the mean (above 1e4 within one). A double:
 * counts are added. */
double poisson_at(double u, double mean);
/* low <= mode <= high. Triangular; PERT is beta on [low, high] with mean (low + 4 mode + high) / 6 (Malcolm, Roseboom, Clark,
 * Fazar 1959). low = high gives it. */
double triangular_at(double u, double low, double mode, double high);
double pert_at(double u, double low, double mode, double high);

/* The stream as a generator of GSL, in the arena; for gsl_ran_* where a draw may take any number of uniforms, which is nowhere
 * that feeds a comparison. Starts where s stands and does not move s. Never gsl_rng_free. */
gsl_rng *random_gsl(const struct random_stream *s, struct arena *a);

#endif
