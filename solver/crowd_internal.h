/* Shared by the files that put like things together. */
#ifndef SOLVER_CROWD_INTERNAL_H
#define SOLVER_CROWD_INTERNAL_H

#include "solver/crowd.h"

uint64_t crowd_mix(uint64_t hash, uint64_t value);
uint64_t crowd_bits(double value); /* equal for values that differ in their last bits only */
/* crowd_classes.c: part_of[groups][beside spot, any market], NONE: no such part. False: a job needs one of those. */
bool classes_make(struct crowd *c, const size_t (*part_of)[2]);

#endif
